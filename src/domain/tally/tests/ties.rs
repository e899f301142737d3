//! Ties: the chain, the draw, the run-off, and ties that do not matter.

use super::kit::{election, order, outcome, winners};
use crate::domain::method::Method;
use crate::domain::tally::step::{HeadToHeadBy, LastBy, Step, SumsBy, TieBreak};
use crate::domain::tally::{DecidedBy, Outcome, count, draw_digest};
use crate::domain::ties::TieRule;

fn with(rule: TieRule, method: Method, picks: u32, films: &str, ballots: &[&str]) -> Outcome {
    let mut election = election(method, films, ballots);
    election.picks = picks;
    election.ties = rule;
    if rule == TieRule::Draw {
        election.draw_seed = Some("popcorn".to_owned());
    }
    count(&election)
}

fn tied_last(outcome: &Outcome) -> Vec<(&str, LastBy)> {
    outcome
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Out {
                film, tie: Some(tie), ..
            } => Some((film.as_str(), tie.by)),
            _ => None,
        })
        .collect()
}

#[test]
fn the_earlier_proposal_wins_a_tie() {
    let outcome = with(TieRule::Chain, Method::Approval, 1, "ABC", &["2 BC", "1 A"]);
    assert_eq!(order(&outcome), "BCA");
    assert_eq!(outcome.decided_by, DecidedBy::EarlierProposal);
    assert_eq!(outcome.tied.concat(), "BC");
    let Some(Step::Tie { chosen, by, .. }) = outcome.steps.last() else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (chosen.concat(), *by),
        ("B".to_owned(), TieBreak::EarlierProposal)
    );
}

#[test]
fn of_films_proposed_at_the_same_time_the_lesser_id_is_the_earlier() {
    let mut election = election(Method::Single, "BA", &["1 A", "1 B"]);
    for candidate in &mut election.candidates {
        candidate.proposed_at = 7;
    }
    assert_eq!(order(&count(&election)), "AB");
}

#[test]
fn a_tie_above_or_below_the_last_pick_decides_nothing() {
    let above = with(TieRule::RunOff, Method::Single, 2, "ABC", &["2 A", "2 B", "1 C"]);
    assert_eq!(
        (winners(&above).as_str(), above.decided_by),
        ("AB", DecidedBy::Method)
    );
    let below = with(TieRule::RunOff, Method::Single, 1, "ABC", &["2 A", "1 B", "1 C"]);
    assert_eq!(
        (winners(&below).as_str(), below.decided_by),
        ("A", DecidedBy::Method)
    );
}

#[test]
fn the_draw_is_what_anyone_can_draw_again() {
    // printf 'popcorn\nA' | sha256sum, and so on.
    let digests = [
        (
            "A",
            "ee285010bf9aa86e1f4ee6dc718928bc6aa23956ce243dc338adbff3692307a8",
        ),
        (
            "B",
            "e4857773321cfe79b13660697cfb82acd8741b3de8905a7ef782fa9147b30d1f",
        ),
        (
            "C",
            "ba657b1f34dac85c70c42c85f6cb49dc8cc5e236a68a6fb15090de823c6f7f39",
        ),
    ];
    for (film, digest) in digests {
        assert_eq!(draw_digest("popcorn", film), digest, "{film}");
    }
    let outcome = with(TieRule::Draw, Method::Single, 1, "ABC", &["1 A", "1 B", "1 C"]);
    assert_eq!(order(&outcome), "CBA");
    assert_eq!(outcome.decided_by, DecidedBy::Draw);
}

#[test]
fn more_first_choices_come_before_the_draw() {
    let outcome = with(TieRule::Draw, Method::Irv, 1, "ABC", &["5 CB", "3 BC", "2 AB"]);
    assert_eq!(
        (winners(&outcome).as_str(), outcome.decided_by),
        ("C", DecidedBy::FirstChoices)
    );
}

#[test]
fn equal_sums_that_are_level_head_to_head_go_to_the_top_scores() {
    let outcome = outcome(Method::Star, "ABC", &["1 A5 C5 B3", "1 A5 B4 C2"]);
    let tied: Vec<_> = outcome
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::TiedSums { chosen, by, .. } => Some((chosen.as_str(), *by)),
            _ => None,
        })
        .collect();
    assert_eq!(tied, [("C", SumsBy::TopScores)]);
}

#[test]
fn of_two_that_reach_the_quota_together_the_one_that_had_more_before_comes_first() {
    let ballots = ["4 A", "5 B", "2 CA", "1 CB", "2 D", "1 E"];
    let outcome = with(TieRule::Chain, Method::Stv, 2, "ABCDE", &ballots);
    assert_eq!(winners(&outcome), "BA");
}

#[test]
fn a_draw_without_a_seed_falls_to_the_earlier_proposal() {
    let mut election = election(Method::Single, "AB", &["1 A", "1 B"]);
    election.ties = TieRule::Draw;
    assert_eq!(count(&election).decided_by, DecidedBy::EarlierProposal);
}

#[test]
fn a_run_off_is_called_for_what_is_tied_and_no_more() {
    let outcome = with(
        TieRule::RunOff,
        Method::Approval,
        2,
        "ABCD",
        &["3 D", "2 B", "2 C", "1 A"],
    );
    assert_eq!(winners(&outcome), "D");
    assert_eq!(outcome.decided_by, DecidedBy::RunOff);
    assert_eq!((outcome.tied.concat(), outcome.open_picks), ("BC".to_owned(), 1));
    assert_eq!(order(&outcome), "DBCA");
    let last = outcome.steps.last().unwrap();
    let films = vec!["B".to_owned(), "C".to_owned()];
    assert_eq!(last, &Step::RunOff { films, picks: 1 });
}

#[test]
fn first_choices_spare_a_run_off() {
    let outcome = with(TieRule::RunOff, Method::Irv, 1, "ABC", &["5 AB", "3 BA", "2 CB"]);
    assert_eq!(
        (winners(&outcome).as_str(), outcome.decided_by),
        ("A", DecidedBy::FirstChoices)
    );
}

#[test]
fn the_latest_earlier_round_in_which_they_differed_says_who_goes() {
    // Round 2: A 6, B 5, C 5. In round 1 B had fewer, so B goes, though C was proposed later.
    let ballots = ["6 A", "5 C", "4 B", "1 DB"];
    let outcome = with(TieRule::Chain, Method::Irv, 1, "ABCD", &ballots);
    assert_eq!(tied_last(&outcome), [("B", LastBy::FewerInRound(1))]);
}

#[test]
fn of_three_that_share_the_last_place_the_look_back_finds_one() {
    // Round 1: A 9, B 4, C 3, D 3, E 1, F 1. F goes, then E, each leaving its vote to C or D.
    // Round 3: A 9, B 4, C 4, D 4. In round 2 D still had 3.
    let ballots = ["9 A", "4 B", "3 C", "3 D", "1 ED", "1 FC"];
    let outcome = with(TieRule::Chain, Method::Irv, 1, "ABCDEF", &ballots);
    assert_eq!(
        tied_last(&outcome),
        [
            ("F", LastBy::Chain(TieBreak::EarlierProposal)),
            ("D", LastBy::FewerInRound(2))
        ]
    );
}

#[test]
fn a_tie_for_the_last_place_that_matters_is_owned_up_to() {
    // B and C never differ. If C goes, B gets its votes and wins 6 to 4; if B goes, A wins 7 to 3.
    let ballots = ["4 A", "3 BA", "3 CB"];
    let chain = with(TieRule::Chain, Method::Irv, 1, "ABC", &ballots);
    assert_eq!(winners(&chain), "B");
    assert_eq!(chain.decided_by, DecidedBy::EarlierProposal);
    assert_eq!(chain.tied.concat(), "AB");

    let run_off = with(TieRule::RunOff, Method::Irv, 1, "ABC", &ballots);
    assert_eq!(winners(&run_off), "");
    assert_eq!(run_off.decided_by, DecidedBy::RunOff);
    assert_eq!((run_off.tied.concat(), run_off.open_picks), ("AB".to_owned(), 1));
    let kinds: Vec<_> = run_off
        .steps
        .iter()
        .map(|step| matches!(step, Step::Round { .. } | Step::RunOff { .. }))
        .collect();
    assert_eq!(kinds, [true, true], "nobody is sent out before the run-off");
}

#[test]
fn a_run_off_that_is_tied_again_ends_by_the_chain() {
    let ballots = ["1 A", "1 B"];
    let first = with(TieRule::RunOff, Method::Single, 1, "AB", &ballots);
    assert_eq!(first.decided_by, DecidedBy::RunOff);
    let second = with(TieRule::Chain, Method::Single, 1, "AB", &ballots);
    assert_eq!(winners(&second), "A");
}

#[test]
fn equal_sums_go_to_the_head_to_head_for_a_place_in_it() {
    // A 10; B, C and D 8 each: C beats both others.
    let ballots = ["1 A5 C4 B3 D3", "1 A5 C3 B2 D2", "1 B3 D3 C1"];
    let outcome = outcome(Method::Star, "ABCD", &ballots);
    let Step::TiedSums {
        films, chosen, by, ..
    } = &outcome.steps[1]
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (films.concat().as_str(), chosen.as_str(), *by),
        ("BCD", "C", SumsBy::HeadToHead)
    );
}

#[test]
fn a_drawn_head_to_head_goes_to_the_sum_then_to_top_scores_then_to_the_chain() {
    let by = |ballots: &[&str]| {
        let outcome = outcome(Method::Star, "AB", ballots);
        match outcome.steps.last() {
            Some(Step::HeadToHead { by, .. }) => (winners(&outcome), *by, outcome.decided_by),
            step => panic!("{step:?}"),
        }
    };
    assert_eq!(
        by(&["1 A3 B5", "1 A4 B3"]),
        ("B".to_owned(), HeadToHeadBy::HigherSum, DecidedBy::Method)
    );
    assert_eq!(
        by(&["1 A2 B5", "1 A4 B1"]),
        ("B".to_owned(), HeadToHeadBy::TopScores, DecidedBy::Method)
    );
    assert_eq!(
        by(&["1 A3 B4", "1 A4 B3"]),
        (
            "A".to_owned(),
            HeadToHeadBy::Chain(TieBreak::EarlierProposal),
            DecidedBy::EarlierProposal
        )
    );
}

#[test]
fn first_choices_decide_a_head_to_head_that_is_level_in_all_else() {
    // A and B: sums 7 and 7, one ballot each, no top score; but B alone is the best of a ballot.
    let outcome = outcome(Method::Star, "ABC", &["1 C5 A4 B3", "1 B4 A3"]);
    assert_eq!(winners(&outcome), "B");
    assert_eq!(outcome.decided_by, DecidedBy::FirstChoices);
    assert_eq!(outcome.tied.concat(), "BA");
}
