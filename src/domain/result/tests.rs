//! Results of rounds of every kind, and the ballots they are counted from.

use super::*;
use crate::domain::ids::GuildId;
use crate::domain::method::Method;
use crate::domain::round::{RoundState, Transition};
use crate::domain::tally::{Ballot, DecidedBy, Marks};
use crate::domain::voter::VoterId;

const NOW: i64 = 1_790_000_000;

/// Films A, B, C …, proposed in this order; every second one without an IMDb id.
fn films(number: i64) -> Vec<Contender> {
    (1..=number)
        .map(|film| Contender {
            proposal: ProposalId(100 + film),
            film: FilmId(film),
            imdb_id: (film % 2 == 1).then(|| format!("tt{film:07}").parse().expect("an id")),
            title: format!("Film {film}"),
            year: Some(1999),
            proposed_by: MemberId(9),
            proposed_at: NOW,
        })
        .collect()
}

fn ended(rules: Rules) -> EndedRound {
    let mut round = Round::opened(RoundId(1), GuildId(1), NOW - 100);
    round.rules = rules;
    round.draw_seed = Some("seed".to_owned());
    EndedRound {
        round: round.after(Transition::Close { now: NOW }).expect("closed"),
        ended_by: None,
        departed_unknown: false,
    }
}

/// What comes of these ballots, a list of films with their values for each voter.
fn counted(rules: Rules, films: Vec<Contender>, ballots: &[Filled]) -> (RoundResult, Election) {
    let mut votes = VotesCast::new(rules.method, &films);
    for (voter, ballot) in (1..).zip(ballots) {
        for (film, value) in *ballot {
            votes.push(BallotMark {
                voter: VoterId::from_db(voter),
                film: FilmId(*film),
                value: *value,
            });
        }
    }
    RoundResult::count(ended(rules), films, votes)
}

/// A voter's films with their values.
type Filled<'a> = &'a [(i64, u32)];

/// The record as it is written.
fn json(result: &RoundResult, election: &Election) -> serde_json::Value {
    serde_json::to_value(result.record(election)).expect("JSON")
}

fn picked(result: &RoundResult) -> Vec<i64> {
    result.picked().map(|entry| entry.film.0).collect()
}

#[test]
fn the_film_with_most_votes_is_picked_and_the_others_follow() {
    let (result, _) = counted(
        Rules::default(),
        films(3),
        &[&[(2, 1)], &[(2, 1), (3, 1)], &[(3, 1), (2, 1)]],
    );
    assert_eq!(
        (picked(&result), result.verdict, result.voters),
        (vec![2], Verdict::Picked, 3)
    );
    let order: Vec<_> = result
        .entries
        .iter()
        .map(|entry| (entry.film.0, entry.votes, entry.picked))
        .collect();
    assert_eq!(order, [(2, 3, true), (3, 2, false), (1, 0, false)]);
    assert_eq!((result.ended_at, result.draw_seed.as_deref()), (NOW, None));
}

#[test]
fn without_votes_a_quorum_or_films_nothing_is_picked_and_the_result_says_why() {
    let quorum = Rules {
        quorum: Some(2),
        ..Rules::default()
    };
    let cases: [(Rules, i64, &[Filled], Verdict); 4] = [
        (Rules::default(), 2, &[], Verdict::NoVotes),
        (Rules::default(), 0, &[], Verdict::NoProposals),
        (quorum, 2, &[&[(1, 1)]], Verdict::NoQuorum),
        // A vote for a film that was withdrawn is none.
        (quorum, 2, &[&[(1, 1)], &[(7, 1)]], Verdict::NoQuorum),
    ];
    for (rules, number, ballots, verdict) in cases {
        let (result, _) = counted(rules, films(number), ballots);
        assert_eq!((result.verdict, picked(&result)), (verdict, vec![]));
        assert!(result.entries.iter().all(|entry| !entry.picked), "{verdict:?}");
    }
}

#[test]
fn of_two_films_proposed_in_one_second_the_first_in_the_poll_wins_a_tie() {
    let mut same_second = films(2);
    same_second.reverse();
    let (result, _) = counted(Rules::default(), same_second, &[&[(1, 1)], &[(2, 1)]]);
    assert_eq!(
        (picked(&result), result.outcome.decided_by),
        (vec![2], DecidedBy::EarlierProposal)
    );
}

#[test]
fn a_tie_that_is_to_run_off_picks_what_is_settled_and_names_the_rest() {
    let rules = Rules {
        ties: TieRule::RunOff,
        picks: 2,
        ..Rules::default()
    };
    let (result, _) = counted(rules, films(3), &[&[(1, 1), (2, 1)], &[(1, 1), (3, 1)]]);
    let tied: Vec<_> = result.runs_off().map(|entry| entry.film.0).collect();
    assert_eq!(
        (result.verdict, picked(&result), tied),
        (Verdict::RunOff, vec![1], vec![2, 3])
    );
    let next = run_off_rules(&result);
    assert_eq!((next.picks, next.ties, next.votes_each), (1, TieRule::Chain, 1));
}

#[test]
fn a_quorum_is_reached_with_its_last_voter() {
    let rules = Rules {
        quorum: Some(2),
        ..Rules::default()
    };
    let ballots: [&[_]; 2] = [&[(1, 1)], &[(1, 1)]];
    for (cast, verdict) in [(1, Verdict::NoQuorum), (2, Verdict::Picked)] {
        let (result, _) = counted(rules, films(2), &ballots[..cast]);
        assert_eq!(result.verdict, verdict, "{cast} voted");
    }
}

#[test]
fn the_seed_is_part_of_the_result_only_where_ties_are_drawn() {
    let rules = Rules {
        ties: TieRule::Draw,
        ..Rules::default()
    };
    let (result, election) = counted(rules, films(2), &[&[(1, 1)], &[(2, 1)]]);
    assert_eq!(result.draw_seed.as_deref(), Some("seed"));
    assert_eq!(json(&result, &election)["draw_seed"], "seed");
    assert_eq!(result.outcome.decided_by, DecidedBy::Draw);
}

#[test]
fn alike_ballots_are_merged_and_sorted_whatever_order_they_came_in() {
    let rules = Rules {
        method: Method::Irv,
        ..Rules::default()
    };
    let (_, one) = counted(
        rules,
        films(3),
        &[&[(2, 1), (1, 2)], &[(3, 1)], &[(1, 2), (2, 1)]],
    );
    let (_, two) = counted(
        rules,
        films(3),
        &[&[(3, 4)], &[(1, 3), (2, 1)], &[(9, 1), (2, 2), (1, 3)]],
    );
    assert_eq!(
        one, two,
        "ranks close up, and films that stand no more leave no gap"
    );
    assert_eq!(
        one.ballots,
        [
            Ballot {
                weight: 2,
                marks: Marks::Ranking(vec![1, 0])
            },
            Ballot {
                weight: 1,
                marks: Marks::Ranking(vec![2])
            },
        ]
    );
}

#[test]
fn stars_are_summed_and_those_that_no_ballot_can_have_are_passed_over() {
    let rules = Rules {
        method: Method::Star,
        ..Rules::default()
    };
    let (result, election) = counted(rules, films(2), &[&[(1, 5), (2, 3)], &[(1, 9), (2, 4)]]);
    let figures: Vec<_> = result
        .entries
        .iter()
        .map(|entry| (entry.film.0, entry.votes))
        .collect();
    assert_eq!(figures, [(2, 7), (1, 5)]);
    assert_eq!(
        json(&result, &election)["ballots"],
        serde_json::json!([
            {"scores": {"tt0000001": 5, "p102": 3}},
            {"scores": {"p102": 4}},
        ])
    );
}

#[test]
fn a_result_is_read_again_as_it_was_written() {
    let rules = Rules {
        method: Method::Schulze,
        quorum: Some(1),
        ..Rules::default()
    };
    let (result, election) = counted(rules, films(3), &[&[(2, 1), (1, 2)], &[(3, 1)]]);
    let written = serde_json::to_string(&result).expect("JSON");
    assert_eq!(
        serde_json::from_str::<RoundResult>(&written).expect("a result"),
        result
    );
    assert_eq!(
        json(&result, &election)["proposals"],
        serde_json::json!([
            {"id": "tt0000001", "proposed_at": 1, "title": "Film 1"},
            {"id": "p102", "proposed_at": 2, "title": "Film 2"},
            {"id": "tt0000003", "proposed_at": 3, "title": "Film 3"},
        ])
    );
    let again = result.record(&election).election().expect("an election");
    assert_eq!(again, election, "what is exported is what was counted");
    assert_eq!(ended(rules).round.state, RoundState::Closed);
}
