//! Elections with known results, with all their numbers.

use super::kit::{election, order, outcome, rounds, told, winners};
use crate::domain::method::Method;
use crate::domain::tally::step::{HeadToHeadBy, LastBy, Step, TieBreak};
use crate::domain::tally::{Amount, DecidedBy, Outcome, count};
use crate::domain::ties::TieRule;

const TENNESSEE: [&str; 4] = ["42 MNCK", "26 NCKM", "15 CKNM", "17 KCNM"];

const SCHULZE_1: [&str; 8] = [
    "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC",
];

/// The lines with only so many first letters of each ballot.
fn first_choices(ballots: &[&str], number: usize) -> Vec<String> {
    let cut = |line: &&str| {
        let (weight, marks) = line.split_once(' ').unwrap();
        format!("{weight} {}", &marks[..number])
    };
    ballots.iter().map(cut).collect()
}

fn by_votes(method: Method, films: &str, ballots: &[&str], number: usize) -> (Outcome, String) {
    let ballots = first_choices(ballots, number);
    let ballots: Vec<&str> = ballots.iter().map(String::as_str).collect();
    let outcome = outcome(method, films, &ballots);
    let standings = match &outcome.steps[0] {
        Step::Votes { standings, .. } => told(standings),
        step => panic!("{step:?}"),
    };
    (outcome, standings)
}

/// `AB 28` for every pair of films in one of Schulze's tables.
fn table(outcome: &Outcome, of_paths: bool) -> Vec<String> {
    let pairs = outcome.steps.iter().find_map(|step| match step {
        Step::Pairs {
            films,
            preferred,
            strongest,
        } => Some((films, if of_paths { strongest } else { preferred })),
        _ => None,
    });
    let (films, numbers) = pairs.unwrap();
    let mut table = Vec::new();
    for (film, row) in films.iter().zip(numbers) {
        for (other, number) in films.iter().zip(row).filter(|(other, _)| *other != film) {
            table.push(format!("{film}{other} {number}"));
        }
    }
    table
}

fn preferred(outcome: &Outcome, pair: &str) -> u64 {
    let table = table(outcome, false);
    let entry = table.iter().find_map(|entry| entry.strip_prefix(pair));
    entry.unwrap().trim().parse().unwrap()
}

fn who_went(outcome: &Outcome) -> String {
    let out = outcome.steps.iter().filter_map(|step| match step {
        Step::Out { film, .. } => Some(film.as_str()),
        _ => None,
    });
    out.collect()
}

#[test]
fn tennessee_by_single_choice() {
    let (outcome, standings) = by_votes(Method::Single, "CKMN", &TENNESSEE, 1);
    assert_eq!(winners(&outcome), "M");
    assert_eq!(standings, "M 42, N 26, K 17, C 15");
    assert_eq!(outcome.decided_by, DecidedBy::Method);
}

#[test]
fn tennessee_by_approval_of_two() {
    let (outcome, standings) = by_votes(Method::Approval, "CKMN", &TENNESSEE, 2);
    assert_eq!(winners(&outcome), "N");
    assert_eq!(standings, "N 68, C 58, M 42, K 32");
}

#[test]
fn tennessee_by_instant_run_off() {
    let outcome = outcome(Method::Irv, "CKMN", &TENNESSEE);
    assert_eq!(
        (order(&outcome), outcome.decided_by),
        ("KMNC".to_owned(), DecidedBy::Method)
    );
    assert_eq!(
        rounds(&outcome),
        ["M 42, N 26, K 17, C 15", "M 42, K 32, N 26", "K 58, M 42"]
    );
    assert_eq!(who_went(&outcome), "CN");
    assert_eq!(
        outcome.steps.last().unwrap(),
        &Step::Majority {
            round: 3,
            film: "K".to_owned(),
            votes: Amount::Whole(58),
            in_play: Amount::Whole(100),
        }
    );
}

#[test]
fn tennessee_by_schulze() {
    let outcome = outcome(Method::Schulze, "CKMN", &TENNESSEE);
    assert_eq!(order(&outcome), "NCKM");
    for (pair, votes, against) in [
        ("NM", 58, 42),
        ("NC", 68, 32),
        ("NK", 68, 32),
        ("CK", 83, 17),
        ("CM", 58, 42),
        ("KM", 58, 42),
    ] {
        let back: String = pair.chars().rev().collect();
        assert_eq!(
            (preferred(&outcome, pair), preferred(&outcome, &back)),
            (votes, against),
            "{pair}"
        );
    }
}

#[test]
fn schulze_1_with_every_strongest_path() {
    let outcome = outcome(Method::Schulze, "ABCDE", &SCHULZE_1);
    assert_eq!(order(&outcome), "EACBD");
    assert_eq!(outcome.decided_by, DecidedBy::Method);
    let paths = "AB 28, AC 28, AD 30, AE 24, BA 25, BC 28, BD 33, BE 24, CA 25, CB 29, CD 29, CE 24, \
                 DA 25, DB 28, DC 28, DE 24, EA 25, EB 28, EC 28, ED 31";
    assert_eq!(table(&outcome, true).join(", "), paths);
}

#[test]
fn schulze_1_by_single_choice_and_by_instant_run_off() {
    let (single, standings) = by_votes(Method::Single, "ABCDE", &SCHULZE_1, 1);
    assert_eq!(winners(&single), "C");
    assert_eq!(standings, "C 12, A 10, B 8, E 8, D 7");

    let outcome = outcome(Method::Irv, "ABCDE", &SCHULZE_1);
    assert_eq!(winners(&outcome), "C");
    // B and E share the last place in both rounds; the later proposal goes, and either would have done.
    assert_eq!(outcome.decided_by, DecidedBy::Method);
    assert_eq!(
        rounds(&outcome),
        [
            "C 12, A 10, B 8, E 8, D 7",
            "C 19, A 10, B 8, E 8",
            "C 19, B 16, A 10",
            "C 29, B 16"
        ]
    );
    let tie = outcome.steps.iter().find_map(|step| match step {
        Step::Out { film, tie, .. } if film == "E" => tie.as_ref(),
        _ => None,
    });
    let tie = tie.unwrap();
    assert_eq!(
        (tie.films.concat(), tie.by),
        ("BE".to_owned(), LastBy::Chain(TieBreak::EarlierProposal))
    );
}

#[test]
fn schulze_1_by_instant_run_off_when_the_other_one_goes() {
    let mut election = election(Method::Irv, "ABCDE", &SCHULZE_1);
    election.candidates[1].proposed_at = 1_000;
    let outcome = count(&election);
    assert_eq!(winners(&outcome), "C");
    assert_eq!(
        rounds(&outcome)[2..],
        ["C 19, E 16, A 10", "C 24, E 21"],
        "B, proposed last, goes"
    );
}

#[test]
fn a_paradox_is_for_the_chain_to_decide() {
    for method in [Method::Irv, Method::Schulze, Method::Stv] {
        let outcome = outcome(method, "ABC", &["1 ABC", "1 BCA", "1 CAB"]);
        assert_eq!(order(&outcome), "ABC", "{method:?}");
        assert_eq!(winners(&outcome), "A", "{method:?}");
        assert_eq!(outcome.decided_by, DecidedBy::EarlierProposal, "{method:?}");
        assert_eq!(outcome.tied.concat(), "ABC", "{method:?}");
    }
}

#[test]
fn a_condorcet_loser_leads_in_first_choices_only() {
    let ballots = ["35 DABC", "32 CABD", "20 BCAD", "13 DBCA"];
    let schulze = outcome(Method::Schulze, "ABCD", &ballots);
    assert_eq!(winners(&schulze), "A");
    let irv = outcome(Method::Irv, "ABCD", &ballots);
    assert_eq!(winners(&irv), "C");
    assert_eq!(rounds(&irv).last().unwrap(), "C 52, D 48");
    let (single, _) = by_votes(Method::Single, "ABCD", &ballots, 1);
    assert_eq!(winners(&single), "D");
    for pair in ["DA", "DB", "DC"] {
        assert_eq!(preferred(&schulze, pair), 48, "{pair}");
    }
}

#[test]
fn burlington_is_montrolls() {
    // Ballots that add up to the published pairs: each ranks two of the four.
    let pairs = [
        ("MK", 4067, 3477),
        ("MW", 4597, 3668),
        ("MS", 4573, 2998),
        ("KW", 4314, 4064),
    ];
    // A ballot `AB` and one of each other film reversed cancel out everywhere but between A and B.
    let mut ballots = Vec::new();
    for (pair, votes, against) in pairs {
        let rest: String = "MKWS".chars().filter(|film| !pair.contains(*film)).collect();
        let back: String = pair.chars().rev().collect();
        let tser: String = rest.chars().rev().collect();
        for (pair, weight) in [(pair.to_owned(), votes), (back, against)] {
            ballots.push(format!("{weight} {pair}{rest}"));
            ballots.push(format!("{weight} {tser}{pair}"));
        }
    }
    let ballots: Vec<&str> = ballots.iter().map(String::as_str).collect();
    let outcome = outcome(Method::Schulze, "KMSW", &ballots);
    assert_eq!(winners(&outcome), "M");
    assert_eq!(outcome.decided_by, DecidedBy::Method);
    for (pair, votes, against) in pairs {
        let back: String = pair.chars().rev().collect();
        // Each line counts twice in its own pair, and the other three pairs add as much to both sides.
        let margin = preferred(&outcome, pair) - preferred(&outcome, &back);
        assert_eq!(margin, 2 * (votes - against), "{pair}");
    }
}

#[test]
fn a_centre_squeeze() {
    let ballots = ["40 ABC", "25 BAC", "35 CBA"];
    let (single, _) = by_votes(Method::Single, "ABC", &ballots, 1);
    assert_eq!(winners(&single), "A");
    let irv = outcome(Method::Irv, "ABC", &ballots);
    assert_eq!(winners(&irv), "A");
    assert_eq!(rounds(&irv).last().unwrap(), "A 65, C 35");
    assert_eq!(winners(&outcome(Method::Schulze, "ABC", &ballots)), "B");
}

#[test]
fn half_of_the_ballots_is_no_majority() {
    let ballots = ["5 AB", "3 BA", "2 CB"];
    let irv = outcome(Method::Irv, "ABC", &ballots);
    assert_eq!(rounds(&irv), ["A 5, B 3, C 2", "A 5, B 5"]);
    // The last two are tied; A has more first choices.
    assert_eq!(order(&irv), "ABC");
    assert_eq!(irv.decided_by, DecidedBy::FirstChoices);
    assert_eq!(irv.tied.concat(), "AB");
}

#[test]
fn films_left_out_are_below_all_others_and_equal() {
    let outcome = outcome(Method::Schulze, "ABC", &["6 A", "5 BC"]);
    assert_eq!(
        table(&outcome, false),
        ["AB 6", "AC 6", "BA 5", "BC 5", "CA 5", "CB 0"]
    );
    assert_eq!(order(&outcome), "ABC");
}

#[test]
fn three_picks_of_twenty_ballots() {
    let mut election = election(
        Method::Stv,
        "OPCSW",
        &["4 O", "2 PO", "8 CS", "4 CW", "1 S", "1 W"],
    );
    election.picks = 3;
    let outcome = count(&election);
    assert_eq!(winners(&outcome), "COS");
    assert_eq!(outcome.decided_by, DecidedBy::Method);
    assert_eq!(
        outcome.steps[0],
        Step::Quota {
            ballots: 20,
            picks: 3,
            quota: 6
        }
    );
    assert_eq!(
        rounds(&outcome),
        [
            "C 12, O 4, P 2, S 1, W 1",
            "S 5, O 4, W 3, P 2",
            "O 6, S 5, W 3",
            "S 5",
        ]
    );
    assert_eq!(who_went(&outcome), "PW");
}

#[test]
fn scores_that_add_up_to_the_same_are_the_same() {
    // In floating point such sums drift apart with the order of their parts.
    let ballots = ["1 A1 B5", "1 A5 B2", "1 A2 B1", "1 A3 B4", "1 A4 B3"];
    let outcome = outcome(Method::Star, "AB", &ballots);
    assert_eq!(winners(&outcome), "A");
    let Step::Sums { standings, .. } = &outcome.steps[0] else {
        panic!("{outcome:?}")
    };
    assert_eq!(told(standings), "A 15, B 15");
}

#[test]
fn tennessee_by_scores() {
    let ballots = ["42 M5 N2 C1", "26 N5 C2 K2", "15 C5 K4 N2", "17 K5 C4 N2"];
    let outcome = outcome(Method::Star, "CKMN", &ballots);
    // Sums: M 210, N 84+130+30+34 = 278, C 42+52+75+68 = 237, K 52+60+85 = 197.
    let Step::Sums { standings, .. } = &outcome.steps[0] else {
        panic!("{outcome:?}")
    };
    assert_eq!(told(standings), "N 278, C 237, M 210, K 197");
    assert_eq!(
        outcome.steps[1],
        Step::HeadToHead {
            pick: 1,
            films: ["N".to_owned(), "C".to_owned()],
            preferred: [68, 32],
            by: HeadToHeadBy::Preference,
        }
    );
    assert_eq!(winners(&outcome), "N");
}

#[test]
fn limited_votes_are_counted_like_any_other() {
    let mut election = election(Method::Limited, "ABCD", &["3 AB", "2 BC", "2 CD", "1 D"]);
    election.picks = 2;
    election.ties = TieRule::Chain;
    let outcome = count(&election);
    assert_eq!(order(&outcome), "BCAD");
    assert_eq!(winners(&outcome), "BC");
}
