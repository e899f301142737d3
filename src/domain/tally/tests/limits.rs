//! Elections at and beyond the edge: nothing to count, nonsense, and a great deal of it.

use super::kit::{election, order, outcome, winners};
use crate::domain::method::{BallotKind, Method};
use crate::domain::tally::step::Step;
use crate::domain::tally::{Amount, Ballot, Candidate, DecidedBy, Election, Marks, Outcome, count};
use crate::domain::ties::TieRule;

#[test]
fn without_votes_nothing_is_picked() {
    for method in Method::ALL {
        for (films, ballots) in [("", &[][..]), ("BA", &[]), ("BA", &["3 "]), ("BA", &["0 A"])] {
            if method == Method::Star && !ballots.is_empty() {
                continue;
            }
            let outcome = outcome(method, films, ballots);
            assert_eq!(winners(&outcome), "", "{method:?}");
            assert_eq!(outcome.order.len(), films.len(), "{method:?}");
            assert_eq!(outcome.steps, [Step::NoVotes], "{method:?}");
            assert_eq!(outcome.decided_by, DecidedBy::Method);
        }
    }
    let zeroes = outcome(Method::Star, "AB", &["3 A0 B0"]);
    assert_eq!(zeroes.steps, [Step::NoVotes]);
}

#[test]
fn one_film_with_one_vote_is_picked() {
    for method in Method::ALL {
        let ballot = if method == Method::Star { "1 A1" } else { "1 A" };
        for picks in [1, 2, 9] {
            let mut election = election(method, "A", &[ballot]);
            election.picks = picks;
            let outcome = count(&election);
            assert_eq!(
                (winners(&outcome).as_str(), outcome.decided_by),
                ("A", DecidedBy::Method),
                "{method:?}"
            );
        }
    }
}

#[test]
fn a_film_without_a_vote_is_never_picked() {
    for method in Method::ALL {
        let ballots: &[&str] = if method == Method::Star {
            &["2 B5 A0", "1 C1"]
        } else {
            &["2 B", "1 C"]
        };
        let mut election = election(method, "ABC", ballots);
        election.picks = 3;
        let outcome = count(&election);
        assert_eq!(winners(&outcome), "BC", "{method:?}");
        assert_eq!(order(&outcome), "BCA", "{method:?}");
        assert_eq!(outcome.open_picks, 0);
    }
}

#[test]
fn several_picks_are_the_first_of_the_order() {
    for (method, ballots, expected) in [
        (Method::Approval, &["3 AB", "2 CB", "1 D"][..], "BA"),
        (Method::Irv, &["4 A", "3 B", "2 CB"], "BA"),
        (Method::Schulze, &["4 ABC", "3 BCA", "2 CAB"], "AB"),
        (Method::Star, &["4 A5 B4", "3 C5", "1 B1"], "AB"),
    ] {
        let mut election = election(method, "ABCD", ballots);
        election.picks = 2;
        let outcome = count(&election);
        assert_eq!(winners(&outcome), expected, "{method:?}");
        assert!(order(&outcome).starts_with(expected), "{method:?}");
    }
}

#[test]
fn nonsense_is_passed_over() {
    let ballots = vec![
        Ballot {
            weight: 1,
            marks: Marks::Ranking(vec![99, 1, 1, 0, 1]),
        },
        Ballot {
            weight: 1,
            marks: Marks::Set(vec![0]),
        },
        Ballot {
            weight: 1,
            marks: Marks::Scores(vec![(0, 255)]),
        },
    ];
    for method in Method::ALL {
        let mut election = election(method, "AB", &[]);
        election.ballots.clone_from(&ballots);
        election.picks = 0;
        let expected = match method.ballot_kind() {
            BallotKind::Ranking => "B",
            BallotKind::Set | BallotKind::Scores => "A",
        };
        assert_eq!(winners(&count(&election)), expected, "{method:?}");
    }
}

#[test]
fn weights_beyond_any_number_of_members_do_not_overflow() {
    for method in Method::ALL {
        let mut election = election(method, "ABC", &[]);
        for film in 0..3 {
            for _ in 0..3 {
                election.ballots.push(Ballot {
                    weight: u64::MAX,
                    marks: match method.ballot_kind() {
                        BallotKind::Set => Marks::Set(vec![film]),
                        BallotKind::Ranking => Marks::Ranking(vec![film, (film + 1) % 3]),
                        BallotKind::Scores => Marks::Scores(vec![(film, 5)]),
                    },
                });
            }
        }
        assert_eq!(count(&election).winners.len(), 1, "{method:?}");
    }
}

/// A small generator, so that the large election is the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn large(method: Method, picks: u32, films: usize, ballots: usize, marks: usize) -> Election {
    let mut numbers = Numbers(42);
    let ballots = (0..ballots).map(|_| {
        let mut left: Vec<usize> = (0..films).collect();
        let mut chosen = Vec::new();
        for _ in 0..marks.min(films) {
            // Early films are liked more.
            let at = numbers.below(left.len()).min(numbers.below(left.len()));
            chosen.push(left.remove(at));
        }
        let marks = match method.ballot_kind() {
            BallotKind::Set => Marks::Set(chosen),
            BallotKind::Ranking => Marks::Ranking(chosen),
            BallotKind::Scores => Marks::Scores(chosen.into_iter().zip((1..=5).cycle()).collect()),
        };
        Ballot { weight: 1, marks }
    });
    Election {
        method,
        picks,
        ties: TieRule::RunOff,
        draw_seed: None,
        ballots: ballots.collect(),
        candidates: (0..films)
            .map(|film| Candidate {
                id: format!("film {film}"),
                proposed_at: 0,
            })
            .collect(),
    }
}

#[test]
fn two_hundred_films_and_five_thousand_ballots_are_counted() {
    for (method, picks) in [
        (Method::Approval, 3),
        (Method::Star, 3),
        (Method::Irv, 1),
        (Method::Schulze, 1),
        (Method::Stv, Method::MAX_STV_PICKS),
    ] {
        let outcome = count(&large(method, picks, 200, 5_000, 12));
        assert_eq!(outcome.order.len(), 200, "{method:?}");
        assert_eq!(
            outcome.winners.len() + usize::try_from(outcome.open_picks).unwrap(),
            usize::try_from(picks).unwrap(),
            "{method:?}"
        );
    }
}

#[test]
fn fractions_of_votes_stay_exact_through_many_transfers() {
    // While every ballot has somewhere to go, the votes in play and the quotas of the films picked make up
    // all ballots, to the last fraction.
    let outcome = count(&large(Method::Stv, 5, 8, 300, 8));
    let (mut quota, mut kept, mut pending, mut rounds) = (0, 0, 0, 0);
    for step in &outcome.steps {
        match step {
            Step::Quota { quota: of, .. } => quota = *of,
            Step::Elected { votes, .. } if *votes == Amount::Whole(quota) => kept += quota,
            Step::Elected { .. } => pending += 1,
            Step::Surplus { .. } => {
                pending -= 1;
                kept += quota;
            }
            Step::Round {
                standings,
                in_play,
                exhausted,
                ..
            } if pending == 0 && *exhausted == Amount::Whole(0) => {
                assert_eq!(*in_play, Amount::Whole(300 - kept), "{standings:?}");
                let fractions = standings
                    .iter()
                    .filter(|film| !matches!(film.votes, Amount::Whole(_)));
                rounds += usize::from(fractions.count() > 0);
            }
            _ => {}
        }
    }
    assert!(rounds > 2, "{outcome:?}");
}

#[test]
fn an_outcome_comes_back_from_json_as_it_was() {
    for method in Method::ALL {
        let outcome = count(&large(method, 2, 6, 40, 4));
        let json = serde_json::to_string(&outcome).unwrap();
        let back: Outcome = serde_json::from_str(&json).unwrap();
        assert_eq!(back, outcome, "{method:?}");
    }
}
