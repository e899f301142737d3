//! Every screen of a round's life, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::closed::verdict;
use crate::discord::views::testing::{GUILD, LIVE, ROUND, any_text, assert_within_limits, round};
use crate::domain::ids::{FilmId, MemberId, ProposalId, RoundId};
use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::result::{BallotMark, Contender, EndedRound, RoundResult, VotesCast};
use crate::domain::round::{Rules, Secrecy, Transition};
use crate::domain::voter::VoterId;

const NOW: i64 = 1_790_000_000;

fn head(round: Round, voters: u32) -> PollHead {
    PollHead {
        round,
        live: Some(LIVE),
        proposals: 3,
        voters,
        input: VoteInput::Buttons,
    }
}

fn horror() -> Round {
    Round {
        number: 3,
        title: Some("Horror *night*".to_owned()),
        closes_at: Some(NOW + 86_400),
        draw_seed: Some("00c0ffee00c0ffee".to_owned()),
        rules: Rules {
            method: Method::Limited,
            picks: 2,
            votes_each: 3,
            secrecy: Secrecy::Hidden,
            ties: TieRule::Draw,
            quorum: Some(5),
        },
        ..round()
    }
}

/// The result of votes for films by their places, a list for each member.
fn result(rules: Rules, titles: &[&str], votes: &[&[usize]]) -> RoundResult {
    let mut contenders: Vec<Contender> = Vec::new();
    for (number, title) in (1..).zip(titles) {
        contenders.push(Contender {
            proposal: ProposalId(number),
            film: FilmId(number),
            imdb_id: (number % 3 != 0).then(|| format!("tt{number:07}").parse().expect("an id")),
            title: (*title).to_owned(),
            year: Some(1979),
            proposed_by: MemberId(5),
            proposed_at: NOW,
        });
    }
    let mut cast = VotesCast::new(rules.method, &contenders);
    for (voter, films) in (1..).zip(votes) {
        for film in *films {
            cast.push(BallotMark {
                voter: VoterId::from_db(voter),
                film: contenders[*film].film,
                value: 1,
            });
        }
    }
    let open = Round { rules, ..round() };
    let ended = EndedRound {
        round: open.after(Transition::Close { now: NOW + 60 }).expect("closed"),
        ended_by: None,
        departed_unknown: false,
    };
    RoundResult::count(ended, contenders, cast).0
}

fn content(screen: &Screen) -> &str {
    assert_within_limits(screen);
    &screen.content
}

#[test]
fn a_round_that_was_opened_says_how_it_is_held() {
    let opened = Started {
        round: horror(),
        opened: true,
        dropped: 0,
    };
    insta::assert_snapshot!(content(&started(&opened, Some(Adjustment::Doubled))));
}

#[test]
fn a_round_that_was_changed_says_what_was_dropped() {
    let changed = Started {
        round: round(),
        opened: false,
        dropped: 7,
    };
    insta::assert_snapshot!(content(&started(&changed, None)));
}

#[test]
fn a_new_closing_time_is_told() {
    insta::assert_snapshot!(content(&rescheduled(&horror(), Some(Adjustment::Skipped))));
    let open_ended = rescheduled(&round(), None);
    assert!(content(&open_ended).contains("No closing time"));
}

#[test]
fn the_status_tells_rules_time_turnout_quorum_and_seed() {
    insta::assert_snapshot!(content(&status(&head(horror(), 4))));
}

#[test]
fn the_status_of_a_plain_run_off_is_short() {
    let run_off = Round {
        runoff_of: Some(RoundId(9)),
        ..round()
    };
    let mut head = head(run_off, 0);
    head.live = None;
    insta::assert_snapshot!(content(&status(&head)));
}

#[test]
fn a_change_that_drops_votes_is_asked_for() {
    insta::assert_debug_snapshot!(confirm(7, 36));
    assert_within_limits(&confirm(1, i64::MIN));
    assert_within_limits(&kept());
    assert_within_limits(&changed());
}

#[test]
fn a_change_that_changes_nothing_says_so_and_how_the_round_stands() {
    insta::assert_snapshot!(content(&unchanged(&head(horror(), 4))));
}

#[test]
fn what_was_cancelled_and_reopened_says_what_comes_next() {
    let gone = Cancelled {
        round: horror(),
        voters: 4,
        next: Some(Round { number: 4, ..round() }),
    };
    insta::assert_snapshot!(content(&cancelled(&gone)));
    let nothing_left = Cancelled {
        voters: 0,
        next: None,
        ..gone
    };
    insta::assert_snapshot!(content(&cancelled(&nothing_left)));
    insta::assert_snapshot!(content(&reopened(&horror())));
    insta::assert_snapshot!(content(&cancelled_poll(&horror())));
}

#[test]
fn a_closed_poll_shows_what_won_and_the_final_standings() {
    let result = result(Rules::default(), &["Alien", "Heat", "Stalker"], &[&[1, 2], &[1]]);
    insta::assert_snapshot!(content(&ended(&result)));
    insta::assert_debug_snapshot!(closed_poll(&result));
    assert!(closed_poll(&result).rows.is_empty());
    let left = RoundResult {
        withheld: 2,
        departed_unknown: true,
        ..result
    };
    insta::assert_snapshot!(content(&closed_poll(&left)));
}

#[test]
fn every_way_to_end_is_told_plainly() {
    let run_off = Rules {
        ties: TieRule::RunOff,
        picks: 2,
        ..Rules::default()
    };
    let quorum = Rules {
        quorum: Some(3),
        ..Rules::default()
    };
    let two = Rules {
        picks: 2,
        ..Rules::default()
    };
    let titles = &["Alien", "Heat", "Stalker"][..];
    let told = [
        result(Rules::default(), titles, &[&[1]]),
        result(two, titles, &[&[1, 0]]),
        result(run_off, titles, &[&[0, 1], &[0, 2]]),
        result(quorum, titles, &[&[1]]),
        result(Rules::default(), titles, &[]),
        result(Rules::default(), &[], &[]),
    ];
    let told: Vec<String> = told.iter().map(verdict).collect();
    insta::assert_debug_snapshot!(told);
}

proptest! {
    #[test]
    fn any_round_fits(
        title in proptest::option::of(any_text(400)), seed in "[0-9a-f]{16}", closes in any::<Option<i64>>(),
        numbers in any::<(u32, u32, u32)>(), titles in proptest::collection::vec(any_text(400), 0..40),
    ) {
        let (number, voters, quorum) = numbers;
        let any = Round {
            number,
            title: title.clone(),
            closes_at: closes,
            draw_seed: Some(seed),
            rules: Rules { ties: TieRule::Draw, quorum: Some(quorum), ..Rules::default() },
            ..Round::opened(ROUND, GUILD, NOW)
        };
        let mut known = result(
            Rules { picks: 10, ..Rules::default() },
            &titles.iter().map(String::as_str).collect::<Vec<_>>(),
            &[&(0..titles.len()).collect::<Vec<_>>()],
        );
        known.title = title;
        let change = Started { round: any.clone(), opened: true, dropped: voters };
        let gone = Cancelled { round: any.clone(), voters, next: Some(any.clone()) };
        for screen in [
            status(&head(any.clone(), voters)),
            started(&change, Some(Adjustment::Skipped)),
            rescheduled(&any, Some(Adjustment::Doubled)),
            cancelled(&gone),
            reopened(&any),
            cancelled_poll(&any),
            closed_poll(&known),
            ended(&known),
            confirm(voters, i64::MAX),
        ] {
            assert_within_limits(&screen);
        }
    }
}
