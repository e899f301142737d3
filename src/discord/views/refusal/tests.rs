//! Every refusal's wording, and for hostile data.

use std::fmt::Write as _;

use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::discord::screen::Press;
use crate::discord::views::testing::{ROUND, any_text, assert_within_limits};
use crate::domain::round::TransitionRefusal;
use crate::domain::schedule::ScheduleError;
use crate::domain::schedule::past::PastDayError;
use crate::domain::watched::FilmPast;

fn already_proposed(title: &str, voted: bool) -> Refusal {
    Refusal::AlreadyProposed {
        proposal: ProposalId(11),
        round: ROUND,
        title: title.into(),
        proposed_by: MemberId(80_351_110_224_678_912),
        voted,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn watched_day(why: PastDayError) -> Refusal {
    let zone = "Europe/Berlin".parse().expect("a zone");
    Refusal::WatchedDay { why, zone }
}

fn no_double_feature(timed: u32, untimed: u32) -> Refusal {
    Refusal::NoDoubleFeature {
        budget: 270,
        timed,
        untimed,
    }
}

fn every_refusal() -> Vec<Refusal> {
    vec![
        already_proposed("The Matrix", false),
        already_proposed("The Matrix", true),
        Refusal::ProposalLimit { limit: 10 },
        Refusal::ProposalLimit { limit: 1 },
        Refusal::ProposalLimit { limit: 0 },
        Refusal::ServerFull { proposals: 1_000 },
        Refusal::UnknownFilm {
            imdb_id: "tt99999999".parse().expect("an id"),
        },
        Refusal::SeriesNotAllowed {
            title: "Breaking Bad".into(),
        },
        Refusal::NotAFilmPage,
        Refusal::ForeignLink,
        Refusal::UnresolvedLink,
        Refusal::EmptyTitle,
        Refusal::UnknownTitle,
        Refusal::TitlesUnasked,
        Refusal::NotProposed,
        Refusal::NotYours {
            proposed_by: MemberId(80_351_110_224_678_912),
        },
        Refusal::NotOrganizer,
        Refusal::NothingProposed,
        Refusal::RoundOver,
        Refusal::NoResultYet,
        Refusal::UnknownRound,
        Refusal::ProposalGone,
        Refusal::SeenBefore {
            title: "The Matrix".into(),
            again: "tt0133093".into(),
            past: FilmPast {
                times: 1,
                last_on: Some(day("2026-11-20")),
                ..FilmPast::default()
            },
        },
        Refusal::AlreadyWatched {
            title: "The Matrix".into(),
            on: day("2026-11-20"),
        },
        Refusal::NotWatched,
        watched_day(PastDayError::Unreadable),
        watched_day(PastDayError::Ambiguous {
            readings: vec![day("2026-04-03"), day("2026-03-04")],
        }),
        watched_day(PastDayError::Ambiguous { readings: vec![] }),
        watched_day(PastDayError::NoSuchDay),
        watched_day(PastDayError::Future),
        Refusal::VotesHidden,
        no_double_feature(0, 1),
        no_double_feature(1, 0),
        no_double_feature(4, 3),
        Refusal::NumberUnknown,
        Refusal::ReactionIsOpen,
        Refusal::ForeignControl,
        Refusal::NoOpenRound,
        Refusal::NothingToReopen,
        Refusal::StillCounting,
    ]
    .into_iter()
    .chain(round_refusals())
    .collect()
}

/// What speaks against a step of a round, and closing times that are none.
fn round_refusals() -> Vec<Refusal> {
    let steps = [
        TransitionRefusal::NotOpen,
        TransitionRefusal::NotClosed,
        TransitionRefusal::TooLate,
        TransitionRefusal::BallotsCut,
        TransitionRefusal::NextUnderWay,
        TransitionRefusal::DropsVotes { voters: 1 },
        TransitionRefusal::DropsVotes { voters: 7 },
    ];
    let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
    let times = [
        ScheduleError::Unreadable,
        ScheduleError::Ambiguous { readings: vec![] },
        ScheduleError::Ambiguous {
            readings: vec![date(3, 4), date(4, 3)],
        },
        ScheduleError::NoSuchDate,
        ScheduleError::Past {
            at_unix_secs: 1_790_000_000,
        },
        ScheduleError::TooFar,
    ];
    let times = times.into_iter().map(|why| Refusal::ClosingTime {
        why,
        zone: Tz::Europe__Berlin,
    });
    steps.into_iter().map(Refusal::Round).chain(times).collect()
}

/// What is refused about a ballot.
fn ballot_refusals() -> Vec<Refusal> {
    let left = |limit, left| Refusal::BallotLimit { limit, left };
    vec![
        Refusal::VoteLimit { limit: 1 },
        Refusal::VoteLimit { limit: 3 },
        left(1, 0),
        left(3, 0),
        left(3, 1),
        left(5, 2),
        Refusal::NeedsBallot { round: ROUND },
        Refusal::RulesChanged { round: ROUND },
        Refusal::ProposalWaits,
    ]
}

#[test]
fn every_refusal_of_a_ballot_says_what_to_do_next() {
    let mut texts = String::new();
    for refusal in ballot_refusals() {
        let screen = screen(&refusal);
        assert_within_limits(&screen);
        writeln!(texts, "{refusal:?}\n    {}\n", screen.content).expect("a string takes text");
    }
    insta::assert_snapshot!("ballot_refusals", texts);
}

#[test]
fn every_refusal_says_what_to_do_next() {
    let mut texts = String::new();
    for refusal in every_refusal() {
        let screen = screen(&refusal);
        assert_within_limits(&screen);
        writeln!(texts, "{refusal:?}\n    {}\n", screen.content).expect("a string takes text");
    }
    for fault in [
        unavailable(),
        unconfirmed(),
        internal("7f3a"),
        choice_expired(),
        change_expired(),
        server_only(),
        no_link_in_message(),
        cannot_post(&["Send Messages", "Embed Links"]),
        cannot_post(&[]),
    ] {
        assert_within_limits(&fault);
        writeln!(texts, "{}\n", fault.content).expect("a string takes text");
    }
    insta::assert_snapshot!("refusals", texts);
}

#[test]
fn no_refusal_falls_back_on_the_general_sentence() {
    for refusal in every_refusal() {
        assert!(
            !screen(&refusal).content.contains("That is not possible"),
            "{refusal:?}"
        );
    }
}

#[test]
fn a_film_that_is_proposed_already_can_be_voted_for_with_one_click() {
    let press = |refusal: &Refusal| {
        let screen = screen(refusal);
        let Some(Row::Buttons(buttons)) = screen.rows.first() else {
            panic!("a button")
        };
        buttons[0].press.clone()
    };
    let vote = Control::VoteFor {
        round: ROUND,
        proposal: ProposalId(11),
    };
    assert_eq!(
        press(&already_proposed("The Matrix", false)),
        Press::Control(vote)
    );
    assert_eq!(
        press(&already_proposed("The Matrix", true)),
        Press::Control(Control::MyBallot { round: ROUND })
    );
}

proptest! {
    #[test]
    fn any_title_fits(title in any_text(400), voted in any::<bool>()) {
        assert_within_limits(&screen(&already_proposed(&title, voted)));
        assert_within_limits(&internal(&title));
    }
}
