//! What holds for any election.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::domain::method::{BallotKind, Method};
use crate::domain::tally::step::Step;
use crate::domain::tally::{Ballot, Candidate, DecidedBy, Election, Marks, Outcome, count};
use crate::domain::ties::TieRule;

const RANKED: [Method; 3] = [Method::Irv, Method::Schulze, Method::Stv];

fn candidates(films: usize) -> Vec<Candidate> {
    // As many films are proposed at the same time as not.
    (0..films)
        .map(|film| Candidate {
            id: format!("f{film}"),
            proposed_at: i64::try_from(film / 2).unwrap(),
        })
        .collect()
}

/// Some of the films, in any order.
fn ranking(films: usize, least: usize) -> impl Strategy<Value = Vec<usize>> {
    let all: Vec<usize> = (0..films).collect();
    (Just(all).prop_shuffle(), least..=films).prop_map(|(mut films, length)| {
        films.truncate(length);
        films
    })
}

/// A ballot of the method's kind.
fn marks(method: Method, films: usize) -> BoxedStrategy<Marks> {
    match method.ballot_kind() {
        BallotKind::Set => ranking(films, 0).prop_map(Marks::Set).boxed(),
        BallotKind::Ranking => ranking(films, 0).prop_map(Marks::Ranking).boxed(),
        BallotKind::Scores => (ranking(films, 0), vec(0..=5_u8, films))
            .prop_map(|(films, scores)| Marks::Scores(films.into_iter().zip(scores).collect()))
            .boxed(),
    }
}

fn any_method() -> impl Strategy<Value = Method> {
    proptest::sample::select(&Method::ALL[..])
}

fn any_election(method: impl Strategy<Value = Method>) -> impl Strategy<Value = Election> {
    (method, 0..7_usize).prop_flat_map(|(method, films)| {
        let ballot = (1..4_u64, marks(method, films)).prop_map(|(weight, marks)| Ballot { weight, marks });
        let ties = proptest::sample::select(&TieRule::ALL[..]);
        (vec(ballot, 0..9), 1..4_u32, ties).prop_map(move |(ballots, picks, ties)| Election {
            method,
            picks,
            ties,
            draw_seed: Some("seed".to_owned()),
            candidates: candidates(films),
            ballots,
        })
    })
}

/// Ranked ballots that leave nothing out, one pick.
fn full_rankings(films: std::ops::Range<usize>) -> impl Strategy<Value = (usize, Vec<Ballot>)> {
    films.prop_flat_map(|films| {
        let ballot = (1..6_u64, ranking(films, films)).prop_map(|(weight, films)| Ballot {
            weight,
            marks: Marks::Ranking(films),
        });
        (Just(films), vec(ballot, 1..9))
    })
}

fn of_rankings(method: Method, films: usize, ballots: &[Ballot]) -> Election {
    Election {
        method,
        picks: 1,
        ties: TieRule::Chain,
        draw_seed: None,
        candidates: candidates(films),
        ballots: ballots.to_vec(),
    }
}

fn films_of(ballot: &Ballot) -> &[usize] {
    match &ballot.marks {
        Marks::Ranking(films) | Marks::Set(films) => films,
        Marks::Scores(_) => &[],
    }
}

fn first_choice_majority(films: usize, ballots: &[Ballot]) -> Option<usize> {
    let all: u64 = ballots.iter().map(|ballot| ballot.weight).sum();
    (0..films).find(|film| {
        let for_it = ballots
            .iter()
            .filter(|ballot| films_of(ballot).first() == Some(film));
        for_it.map(|ballot| ballot.weight).sum::<u64>() * 2 > all
    })
}

/// How many ballots of full rankings prefer a film to another.
fn preferring(ballots: &[Ballot], film: usize, other: usize) -> u64 {
    let place = |ballot: &Ballot, film| films_of(ballot).iter().position(|&at| at == film);
    let for_it = ballots
        .iter()
        .filter(|ballot| place(ballot, film) < place(ballot, other));
    for_it.map(|ballot| ballot.weight).sum()
}

/// Every ballot with a twin of `film`, by the number `films`, right above or below it.
fn with_clone(ballots: &[Ballot], film: usize, films: usize, above: &[bool]) -> Vec<Ballot> {
    let with_twin = |(ballot, &above): (&Ballot, &bool)| {
        let mut ranking = films_of(ballot).to_vec();
        let at = ranking.iter().position(|&at| at == film).unwrap();
        ranking.insert(if above { at } else { at + 1 }, films);
        Ballot {
            weight: ballot.weight,
            marks: Marks::Ranking(ranking),
        }
    };
    ballots.iter().zip(above.iter().cycle()).map(with_twin).collect()
}

/// Whether a count had to choose among several films with the fewest votes.
fn had_tied_last(outcome: &Outcome) -> bool {
    outcome
        .steps
        .iter()
        .any(|step| matches!(step, Step::Out { tie: Some(_), .. }))
}

fn set(films: &[String]) -> BTreeSet<&String> {
    films.iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn an_outcome_is_sound(election in any_election(any_method())) {
        let outcome = count(&election);
        let all: BTreeSet<String> = election.candidates.iter().map(|film| film.id.clone()).collect();
        prop_assert_eq!(outcome.order.iter().cloned().collect::<BTreeSet<_>>(), all);
        prop_assert_eq!(outcome.order.len(), election.candidates.len());
        prop_assert_eq!(&outcome.winners[..], &outcome.order[..outcome.winners.len()]);
        prop_assert_eq!(outcome.decided_by == DecidedBy::RunOff, outcome.open_picks > 0);
        if outcome.open_picks > 0 {
            prop_assert!(election.ties == TieRule::RunOff);
            prop_assert!(outcome.tied.len() > outcome.open_picks as usize);
            prop_assert!(set(&outcome.tied).is_disjoint(&set(&outcome.winners)));
        }
        prop_assert_eq!(outcome.decided_by == DecidedBy::Method, outcome.tied.is_empty());
        let picked = outcome.winners.len() + outcome.open_picks as usize;
        prop_assert!(picked <= election.picks as usize);
        let json = serde_json::to_string(&outcome).unwrap();
        prop_assert_eq!(serde_json::from_str::<Outcome>(&json).unwrap(), outcome);
    }

    #[test]
    fn the_order_of_ballots_and_films_changes_nothing(
        election in any_election(any_method()),
        ballots in any::<proptest::sample::Index>(),
        films in any::<proptest::sample::Index>(),
    ) {
        let before = count(&election);
        let mut turned = election.clone();
        if !turned.ballots.is_empty() {
            let by = ballots.index(turned.ballots.len());
            turned.ballots.rotate_left(by);
            turned.ballots.reverse();
        }
        // One ballot of weight n is n ballots of weight 1.
        turned.ballots = turned.ballots.iter().flat_map(|ballot| {
            let one = Ballot { weight: 1, marks: ballot.marks.clone() };
            std::iter::repeat_n(one, usize::try_from(ballot.weight).unwrap())
        }).collect();
        let number = turned.candidates.len();
        if number > 0 {
            let by = films.index(number);
            turned.candidates.rotate_left(by);
            let moved = |film: usize| (film + number - by) % number;
            for ballot in &mut turned.ballots {
                match &mut ballot.marks {
                    Marks::Set(films) | Marks::Ranking(films) => {
                        for film in films {
                            *film = moved(*film);
                        }
                    }
                    Marks::Scores(scores) => {
                        for (film, _) in scores {
                            *film = moved(*film);
                        }
                    }
                }
            }
        }
        prop_assert_eq!(count(&turned), before);
    }

    #[test]
    fn ids_and_times_change_nothing_that_the_votes_decide(election in any_election(any_method())) {
        let before = count(&election);
        prop_assume!(matches!(before.decided_by, DecidedBy::Method | DecidedBy::FirstChoices));
        let mut renamed = election.clone();
        for (place, film) in (0..).zip(&mut renamed.candidates) {
            film.proposed_at = -place;
            film.id = format!("{}", 100 - place);
        }
        let after = count(&renamed);
        let name = |id: &String| {
            let at = renamed.candidates.iter().position(|film| film.id == *id).unwrap();
            election.candidates[at].id.clone()
        };
        let winners: BTreeSet<String> = after.winners.iter().map(name).collect();
        prop_assert_eq!(winners, before.winners.iter().cloned().collect::<BTreeSet<_>>());
        prop_assert_eq!(after.decided_by, before.decided_by);
    }

    #[test]
    fn a_ballot_taken_out_and_put_back_changes_nothing(
        election in any_election(any_method()),
        which in any::<proptest::sample::Index>(),
    ) {
        prop_assume!(!election.ballots.is_empty());
        let before = count(&election);
        let mut changed = election.clone();
        let taken = changed.ballots.remove(which.index(changed.ballots.len()));
        count(&changed);
        changed.ballots.push(taken);
        prop_assert_eq!(count(&changed), before);
    }

    #[test]
    fn blank_ballots_change_nothing(election in any_election(any_method()), weight in 1..9_u64) {
        let before = count(&election);
        let mut more = election.clone();
        for marks in [Marks::Set(vec![]), Marks::Ranking(vec![]), Marks::Scores(vec![])] {
            more.ballots.push(Ballot { weight, marks });
        }
        prop_assert_eq!(count(&more), before);
    }

    #[test]
    fn a_majoritys_first_choice_wins((films, ballots) in full_rankings(1..6)) {
        let Some(majority) = first_choice_majority(films, &ballots) else { return Ok(()) };
        for method in RANKED {
            let outcome = count(&of_rankings(method, films, &ballots));
            prop_assert_eq!(&outcome.winners, &[format!("f{majority}")], "{:?}", method);
            prop_assert_eq!(outcome.decided_by, DecidedBy::Method, "{:?}", method);
        }
        let mut single = of_rankings(Method::Single, films, &ballots);
        for ballot in &mut single.ballots {
            ballot.marks = Marks::Set(films_of(ballot)[..1].to_vec());
        }
        prop_assert_eq!(&count(&single).winners, &[format!("f{majority}")]);
    }

    #[test]
    fn a_film_that_beats_every_other_wins_schulze((films, ballots) in full_rankings(1..6)) {
        let beats_all = |&film: &usize| {
            (0..films).all(|other| {
                other == film || preferring(&ballots, film, other) > preferring(&ballots, other, film)
            })
        };
        let Some(best) = (0..films).find(beats_all) else { return Ok(()) };
        let outcome = count(&of_rankings(Method::Schulze, films, &ballots));
        prop_assert_eq!(&outcome.winners, &[format!("f{best}")]);
        prop_assert_eq!(outcome.decided_by, DecidedBy::Method);
    }

    #[test]
    fn reversed_ballots_reverse_a_strict_schulze_order((films, ballots) in full_rankings(1..6)) {
        let forward = count(&of_rankings(Method::Schulze, films, &ballots));
        let strict = forward.steps.iter().any(|step| match step {
            Step::Ranks { ranks } => ranks.iter().all(|rank| rank.len() == 1),
            _ => false,
        });
        prop_assume!(strict);
        let mut turned = of_rankings(Method::Schulze, films, &ballots);
        for ballot in &mut turned.ballots {
            let mut films = films_of(ballot).to_vec();
            films.reverse();
            ballot.marks = Marks::Ranking(films);
        }
        let mut backward = count(&turned).order;
        backward.reverse();
        prop_assert_eq!(backward, forward.order);
    }

    #[test]
    fn a_clone_does_not_change_who_else_wins(
        (films, ballots) in full_rankings(2..6),
        film in any::<proptest::sample::Index>(),
        above in vec(any::<bool>(), 1..9),
    ) {
        let film = film.index(films);
        let cloned = with_clone(&ballots, film, films, &above);
        for method in [Method::Irv, Method::Schulze] {
            let before = count(&of_rankings(method, films, &ballots));
            let after = count(&of_rankings(method, films + 1, &cloned));
            // Where something else than the method's own rule has a say, a clone may well matter to it.
            if before.decided_by != DecidedBy::Method
                || had_tied_last(&before)
                || (method == Method::Irv && (after.decided_by != DecidedBy::Method || had_tied_last(&after)))
            {
                continue;
            }
            let twin = format!("f{films}");
            let winner = &after.winners[0];
            let winner = if *winner == twin { format!("f{film}") } else { winner.clone() };
            prop_assert_eq!(&[winner][..], &before.winners[..], "{:?}", method);
        }
    }

    #[test]
    fn one_pick_by_stv_is_instant_run_off(election in any_election(Just(Method::Irv))) {
        let mut irv = election;
        irv.picks = 1;
        let mut stv = irv.clone();
        stv.method = Method::Stv;
        let (irv, stv) = (count(&irv), count(&stv));
        prop_assert_eq!(irv.winners, stv.winners);
        prop_assert_eq!(irv.order, stv.order);
        prop_assert_eq!(irv.decided_by, stv.decided_by);
        prop_assert_eq!(irv.tied, stv.tied);
    }

    #[test]
    fn a_run_off_is_called_exactly_where_the_last_step_would_decide(
        election in any_election(any_method()),
    ) {
        let by = |ties| {
            let mut election = election.clone();
            election.ties = ties;
            count(&election)
        };
        let (chain, draw, run_off) = (by(TieRule::Chain), by(TieRule::Draw), by(TieRule::RunOff));
        let last = chain.decided_by == DecidedBy::EarlierProposal;
        prop_assert_eq!(draw.decided_by == DecidedBy::Draw, last);
        prop_assert_eq!(run_off.decided_by == DecidedBy::RunOff, last);
        if last {
            for settled in [&chain, &draw] {
                prop_assert!(set(&run_off.winners).is_subset(&set(&settled.winners)));
                let others = settled.winners.iter().filter(|film| !run_off.winners.contains(film));
                prop_assert!(others.clone().all(|film| run_off.tied.contains(film)));
                prop_assert_eq!(others.count(), run_off.open_picks as usize);
            }
        } else {
            prop_assert_eq!(&run_off.winners, &chain.winners);
            prop_assert_eq!(set(&draw.winners), set(&chain.winners));
        }
    }
}
