//! Results of every method as drawn, and for hostile data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::discord::components::Control;
use crate::discord::screen::{Press, Row, Screen};
use crate::discord::views::testing::{GUILD, LIVE, ROUND, any_film, any_text, assert_within_limits, matrix};
use crate::domain::film::Film;
use crate::domain::ids::{FilmId, MemberId, ProposalId, RoleId, RoundId};
use crate::domain::method::{BallotKind, Method};
use crate::domain::poll::PollHead;
use crate::domain::reaction::VoteInput;
use crate::domain::result::{BallotMark, Contender, EndedRound, VotesCast};
use crate::domain::round::{Round, Rules, Secrecy, Transition};
use crate::domain::ties::TieRule;
use crate::domain::voter::VoterId;
use crate::service::announce::Announcement;

const NOW: i64 = 1_790_000_000;

/// Films by their first letters, proposed in this order.
fn contenders(titles: &[&str]) -> Vec<Contender> {
    (1..)
        .zip(titles)
        .map(|(number, title)| Contender {
            proposal: ProposalId(100 + number),
            film: FilmId(number),
            imdb_id: Some(format!("tt{number:07}").parse().expect("an id")),
            title: (*title).to_owned(),
            year: Some(1979),
            proposed_by: MemberId(80_351_110_224_678_912),
            proposed_at: NOW + number,
        })
        .collect()
}

fn rules(method: Method) -> Rules {
    Rules {
        method,
        ..Rules::default()
    }
}

/// What comes of ballots such as `42 MNCK`: films by first letter, in order, or with `M5 N3` by their stars.
fn closed(rules: Rules, titles: &[&str], ballots: &[&str]) -> RoundResult {
    let films = contenders(titles);
    let place = |letter: char| {
        let place = titles.iter().position(|title| title.starts_with(letter));
        FilmId(i64::try_from(place.expect("a film") + 1).expect("few"))
    };
    let mut votes = VotesCast::new(rules.method, &films);
    let mut number = 0;
    for ballot in ballots {
        let (weight, marks) = ballot.split_once(' ').expect("a weight and marks");
        let marks: Vec<(FilmId, u32)> = if marks.contains(|mark: char| mark.is_ascii_digit()) {
            let marks = marks.split(' ').map(|mark| mark.split_at(1));
            marks
                .map(|(film, stars)| {
                    (
                        place(film.chars().next().expect("a letter")),
                        stars.parse().expect("stars"),
                    )
                })
                .collect()
        } else {
            marks.chars().map(place).zip(1..).collect()
        };
        for _ in 0..weight.parse::<u32>().expect("a weight") {
            number += 1;
            for (film, value) in &marks {
                votes.push(BallotMark {
                    voter: VoterId::from_db(number),
                    film: *film,
                    value: *value,
                });
            }
        }
    }
    RoundResult::count(ended(rules), films, votes).0
}

fn ended(rules: Rules) -> EndedRound {
    let mut round = Round::opened(ROUND, GUILD, NOW - 100);
    round.number = 3;
    round.rules = rules;
    round.draw_seed = Some("00f1e2d3c4b5a697".to_owned());
    EndedRound {
        round: round.after(Transition::Close { now: NOW }).expect("closed"),
        ended_by: None,
        departed_unknown: false,
    }
}

/// What a screen says, in the order in which it is read.
fn said(screen: &Screen) -> String {
    let mut text = format!("{}\n", screen.content);
    for embed in &screen.embeds {
        text.push_str("----\n");
        let parts = [
            &embed.title,
            &embed.url,
            &embed.description,
            &embed.image,
            &embed.thumbnail,
        ];
        for part in parts.into_iter().flatten() {
            writeln!(text, "{part}").expect("a string takes text");
        }
        for field in &embed.fields {
            writeln!(text, "[{}]\n{}", field.name, field.value).expect("a string takes text");
        }
        if let Some(footer) = &embed.footer {
            writeln!(text, "({footer})").expect("a string takes text");
        }
    }
    let buttons = buttons(screen);
    let labels: Vec<&str> = buttons.iter().map(|(label, ..)| label.as_str()).collect();
    writeln!(text, "<{}>", labels.join("> <")).expect("a string takes text");
    text
}

fn buttons(screen: &Screen) -> Vec<(String, Control, bool)> {
    let rows = screen.rows.iter().filter_map(|row| match row {
        Row::Buttons(buttons) => Some(buttons),
        _ => None,
    });
    rows.flatten()
        .filter_map(|button| match button.press {
            Press::Control(control) => Some((button.label.clone(), control, button.enabled)),
            Press::Link(_) => None,
        })
        .collect()
}

/// Every page of a result, held to the limits, as one text.
fn every_page(closed: &RoundResult) -> String {
    let mut text = String::new();
    for page in 1..=pages::page_count(closed) {
        let screen = result(closed, page);
        assert_within_limits(&screen);
        writeln!(text, "{}", said(&screen)).expect("a string takes text");
    }
    text
}

fn announced(result: RoundResult) -> Announcement {
    let picks = result.picked().map(|entry| film(entry, matrix())).collect();
    Announcement {
        key: 1,
        again: false,
        decided_at: NOW,
        channel: LIVE.channel,
        result,
        picks,
        next: Some(next_round(3)),
        ping: None,
    }
}

/// The data of one film as another one's.
fn film(entry: &ResultEntry, data: Film) -> Film {
    Film {
        id: entry.film,
        imdb_id: entry.imdb_id.clone(),
        ..data
    }
}

fn next_round(proposals: u32) -> PollHead {
    let mut round = Round::opened(RoundId(8), GUILD, NOW);
    round.number = 4;
    round.closes_at = Some(NOW + 86_400);
    PollHead {
        round,
        live: None,
        proposals,
        voters: 0,
        input: VoteInput::Buttons,
    }
}

const CITIES: &[&str] = &["Memphis", "Nashville", "Chattanooga", "Knoxville"];
const TENNESSEE: &[&str] = &["42 MNCK", "26 NCKM", "15 CKNM", "17 KCNM"];

const LETTERS: &[&str] = &["Alien", "Brazil", "Casino", "Dune", "Eraserhead"];
const SCHULZE_1: &[&str] = &[
    "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC",
];

#[test]
fn every_method_tells_its_count_step_by_step() {
    let three = Rules {
        picks: 3,
        ..rules(Method::Stv)
    };
    let limited = Rules {
        votes_each: 2,
        ..rules(Method::Limited)
    };
    let elections: [(&str, RoundResult); 9] = [
        (
            "approval",
            closed(
                rules(Method::Approval),
                CITIES,
                &["42 MN", "26 NC", "15 CK", "17 KC"],
            ),
        ),
        (
            "single",
            closed(rules(Method::Single), CITIES, &["42 M", "26 N", "15 C", "17 K"]),
        ),
        ("limited", closed(limited, CITIES, &["2 MN", "1 N"])),
        (
            "star",
            closed(
                rules(Method::Star),
                CITIES,
                &["42 M5 N2 C1", "26 N5 C2 K1", "15 C5 K4 N2", "17 K5 C4 N2"],
            ),
        ),
        ("irv", closed(rules(Method::Irv), CITIES, TENNESSEE)),
        ("irv_ties", closed(rules(Method::Irv), LETTERS, SCHULZE_1)),
        ("schulze", closed(rules(Method::Schulze), CITIES, TENNESSEE)),
        (
            "schulze_paths",
            closed(rules(Method::Schulze), LETTERS, SCHULZE_1),
        ),
        (
            "stv",
            closed(
                three,
                &["Oldboy", "Paprika", "Casablanca", "Scream", "Wall-E"],
                &["4 O", "2 PO", "8 CS", "4 CW", "1 S", "1 W"],
            ),
        ),
    ];
    for (name, result) in elections {
        insta::assert_snapshot!(format!("result_{name}"), every_page(&result));
    }
}

#[test]
fn a_centre_that_beats_all_others_wins_by_schulze() {
    // Burlington 2009, as pairs of ballots that bring about its matrix.
    let result = closed(
        rules(Method::Schulze),
        &["Montroll", "Kiss", "Wright"],
        &["40 KMW", "25 MKW", "35 WMK"],
    );
    insta::assert_snapshot!("result_centre", every_page(&result));
}

#[test]
fn every_tie_rule_is_told_with_what_it_took() {
    let mut text = String::new();
    for ties in TieRule::ALL {
        let rules = Rules {
            ties,
            ..Rules::default()
        };
        let result = closed(rules, &["Alien", "Heat", "Up"], &["2 A", "2 H", "1 U"]);
        let screen = super::announcement(&announced(result.clone()));
        assert_within_limits(&screen);
        writeln!(text, "{ties:?}\n{}\n{}", said(&screen), every_page(&result)).expect("a string takes text");
    }
    let more = closed(
        rules(Method::Schulze),
        &["Alien", "Brazil", "Casino"],
        &["1 ABC", "1 BCA", "1 CAB"],
    );
    writeln!(text, "{}", every_page(&more)).expect("a string takes text");
    insta::assert_snapshot!("ties", text);
}

#[test]
fn an_announcement_shows_the_pick_the_standings_and_the_decision() {
    let titles = [
        "Alien", "Heat", "Up", "Big", "Se7en", "Cube", "Drive", "Fargo", "Gattaca", "Jaws", "Knives",
        "Lolita",
    ];
    let mut announcement = announced(closed(
        Rules {
            quorum: Some(3),
            ..Rules::default()
        },
        &titles,
        &["4 AH", "2 U", "1 L"],
    ));
    announcement.ping = Some(RoleId(77));
    announcement.next = Some(next_round(11));
    let screen = super::announcement(&announcement);
    assert_within_limits(&screen);
    insta::assert_snapshot!("announcement", said(&screen));
    assert_eq!(
        buttons(&screen),
        [(
            "How it was counted".to_owned(),
            Control::HowCounted { round: ROUND },
            true
        )]
    );
    assert!(screen.content.contains(&announcement_mark(&announcement.result)));
}

#[test]
fn votes_of_members_who_left_are_told_of_wherever_the_result_is() {
    let mut result = closed(Rules::default(), &["Alien", "Heat"], &["4 A"]);
    (result.withheld, result.departed_unknown) = (3, true);
    let screens = [
        super::announcement(&announced(result.clone())),
        super::result(&result, 1),
    ];
    for screen in screens {
        assert_within_limits(&screen);
        for told in [
            "The votes of 3 members who left do not count.",
            "could not be found out",
        ] {
            assert!(screen.content.contains(told), "{}", screen.content);
        }
    }
}

#[test]
fn a_result_without_a_pick_says_why_and_what_to_do() {
    let quorum = Rules {
        quorum: Some(5),
        ..Rules::default()
    };
    let hidden = Rules {
        secrecy: Secrecy::Anonymous,
        ..Rules::default()
    };
    let mut text = String::new();
    for (result, next) in [
        (
            closed(Rules::default(), &["Alien", "Heat", "Up"], &[]),
            Some(next_round(3)),
        ),
        (
            closed(quorum, &["Alien", "Heat", "Up"], &["1 AH"]),
            Some(next_round(3)),
        ),
        (closed(Rules::default(), &[], &[]), None),
        (closed(hidden, &["Alien"], &["3 A"]), None),
    ] {
        let screen = super::announcement(&Announcement {
            next,
            ..announced(result.clone())
        });
        assert_within_limits(&screen);
        writeln!(text, "{}\n{}", said(&screen), every_page(&result)).expect("a string takes text");
    }
    insta::assert_snapshot!("nothing_picked", text);
}

#[test]
fn rounds_that_were_cancelled_or_opened_again_say_so() {
    let mut round = Round::opened(ROUND, GUILD, NOW);
    round.title = Some("Halloween *night*".to_owned());
    round.ended_at = Some(NOW + 60);
    for screen in [cancelled(&round), withdrawn(&round)] {
        assert_within_limits(&screen);
        assert!(screen.rows.is_empty());
    }
    insta::assert_snapshot!(
        "cancelled_withdrawn",
        format!("{}\n\n{}", cancelled(&round).content, withdrawn(&round).content)
    );
}

#[test]
fn the_pages_can_be_walked_from_the_first_to_the_last_and_back() {
    let titles: Vec<String> = (0..200)
        .map(|number| format!("{} film {number}", letter(number)))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let films = contenders(&titles);
    let mut votes = VotesCast::new(Method::Irv, &films);
    for voter in 0..5_000_i64 {
        for rank in 0..3_u32 {
            votes.push(BallotMark {
                voter: VoterId::from_db(voter),
                film: FilmId((voter * 7 + i64::from(rank) * 13) % 200 + 1),
                value: rank + 1,
            });
        }
    }
    let closed = RoundResult::count(ended(rules(Method::Irv)), films, votes).0;
    let last = pages::page_count(&closed);
    assert!(last > 10, "{last} pages");
    let mut page = 1;
    loop {
        let screen = result(&closed, page);
        assert_within_limits(&screen);
        let next = buttons(&screen).into_iter().find(|(label, ..)| label == "▶");
        let Some((_, Control::ResultPage { page: next, .. }, enabled)) = next else {
            panic!("no way on from page {page}")
        };
        assert_eq!(enabled, page < last);
        if !enabled {
            break;
        }
        assert_eq!(next, page + 1);
        page = next;
    }
    assert_eq!(page, last);
    for far in [0, last + 1, u32::MAX] {
        assert_within_limits(&result(&closed, far));
    }
    assert_eq!(counted(&closed), result(&closed, 11));
    let pressed: BTreeSet<String> = buttons(&result(&closed, 5))
        .iter()
        .map(|(_, control, _)| control.encode())
        .collect();
    assert_eq!(pressed.len(), buttons(&result(&closed, 5)).len());
}

fn letter(number: u8) -> char {
    char::from(b'A' + number % 26)
}

/// Any election over up to 200 films with hostile titles.
fn any_result() -> impl Strategy<Value = RoundResult> {
    let ballot = proptest::collection::vec((0..200_usize, 0..7_u32), 0..12);
    (
        proptest::sample::select(&Method::ALL),
        proptest::sample::select(&TieRule::ALL),
        1..=10_u32,
        proptest::collection::vec(any_text(400), 0..8),
        prop_oneof![0..8_usize, Just(60)],
        proptest::collection::vec(ballot, 0..12),
        proptest::option::of(any_text(100)),
    )
        .prop_map(|(method, ties, picks, titles, films, ballots, title)| {
            let titles: Vec<&str> = titles
                .iter()
                .map(String::as_str)
                .cycle()
                .take(if titles.is_empty() { 0 } else { films })
                .collect();
            let films = contenders(&titles);
            let mut votes = VotesCast::new(method, &films);
            for (voter, ballot) in (1..).zip(ballots) {
                for (rank, (film, value)) in (1..).zip(ballot) {
                    let film = FilmId(i64::try_from(film % titles.len().max(1) + 1).expect("few"));
                    let value = if method.ballot_kind() == BallotKind::Ranking {
                        rank
                    } else {
                        value
                    };
                    votes.push(BallotMark {
                        voter: VoterId::from_db(voter),
                        film,
                        value,
                    });
                }
            }
            let mut ended = ended(Rules {
                method,
                ties,
                picks,
                quorum: (picks == 3).then_some(5),
                ..Rules::default()
            });
            ended.round.title = title;
            RoundResult::count(ended, films, votes).0
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_result_fits(closed in any_result(), data in any_film(), left in 0..=200_u32, ping in proptest::option::of(1..u64::MAX)) {
        every_page(&closed);
        assert_within_limits(&counted(&closed));
        let picks = closed.picked().map(|entry| film(entry, data.clone())).collect();
        let screen = super::announcement(&Announcement {
            picks,
            next: (left > 0).then(|| next_round(left)),
            ping: ping.map(RoleId),
            ..announced(closed)
        });
        assert_within_limits(&screen);
        prop_assert!(screen.embeds.iter().all(|embed| embed.fields.iter().all(|field| !field.value.ends_with('…'))), "{:?}", screen.embeds);
    }
}
