//! Records: what is read, what is refused, and that nothing gets lost on the way.

use serde_json::{Value, json};

use super::*;
use crate::domain::tally::count;

fn record(change: impl FnOnce(&mut Value)) -> Value {
    let mut record = json!({
        "method": "irv",
        "picks": 1,
        "proposals": [{"id": "A", "proposed_at": 1}, {"id": "B", "proposed_at": 2}],
        "ballots": [{"weight": 42, "choices": ["A", "B"]}, {"choices": ["B"]}],
    });
    change(&mut record);
    record
}

fn read(record: &Value) -> Result<Election, RecordError> {
    Record::parse(record.to_string().as_bytes())?.election()
}

#[test]
fn a_record_becomes_an_election() {
    let election = read(&record(|_| {})).unwrap();
    assert_eq!((election.method, election.picks), (Method::Irv, 1));
    assert_eq!(
        (election.ties, election.draw_seed.as_deref()),
        (TieRule::Chain, None)
    );
    let weights: Vec<_> = election.ballots.iter().map(|ballot| ballot.weight).collect();
    assert_eq!(weights, [42, 1]);
    assert_eq!(election.ballots[0].marks, Marks::Ranking(vec![0, 1]));
    assert_eq!(count(&election).winners, ["A"]);
}

#[test]
fn a_seed_alone_means_a_draw() {
    let draw = read(&record(|record| record["draw_seed"] = json!("popcorn"))).unwrap();
    assert_eq!(draw.ties, TieRule::Draw);
    let earlier = read(&record(|record| {
        record["draw_seed"] = json!("popcorn");
        record["ties"] = json!("earlier");
    }));
    assert_eq!(earlier.unwrap().ties, TieRule::Chain);
}

/// What is done to a record.
type Change = fn(&mut Value);

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let refused = |change: Change| read(&record(change)).unwrap_err().to_string();
    let cases: [(Change, &str); 17] = [
        (
            |r| r["method"] = json!("coin"),
            "unknown method `coin`; it is one of approval, single, limited, star, irv, schulze, stv",
        ),
        (
            |r| r["ties"] = json!("fight"),
            "unknown rule for ties `fight`; it is one of earlier, draw, runoff",
        ),
        (
            |r| r["ties"] = json!("draw"),
            "`ties` is draw, but there is no `draw_seed` to draw from",
        ),
        (
            |r| r["picks"] = json!(0),
            "`picks` is 0; at least one film has to be picked",
        ),
        (
            |r| {
                r["method"] = json!("stv");
                r["picks"] = json!(11);
            },
            "`picks` is 11; stv picks 10 at most",
        ),
        (
            |r| r["proposals"][1]["id"] = json!("A"),
            "proposal `A` is listed twice",
        ),
        (
            |r| r["ballots"][1]["choices"] = json!(["C"]),
            "ballot 2 names `C`, which is not among the proposals",
        ),
        (
            |r| r["ballots"][0]["choices"] = json!(["A", "B", "A"]),
            "ballot 1 names `A` twice",
        ),
        (
            |r| r["ballots"][0] = json!({"scores": {"A": 1}}),
            "ballot 1 must have `choices`, and no `scores`",
        ),
        (
            |r| r["ballots"][1] = json!({"weight": 1}),
            "ballot 2 must have `choices`, and no `scores`",
        ),
        (
            |r| r["method"] = json!("star"),
            "ballot 1 must have `scores`, and no `choices`",
        ),
        (
            |r| r["method"] = json!("single"),
            "ballot 1 has 2 choices, where one is allowed",
        ),
        (
            |r| {
                r["method"] = json!("star");
                r["ballots"] = json!([{"scores": {"A": 6}}]);
            },
            "ballot 1 gives `A` a score of 6; scores go from 0 to 5",
        ),
        (
            |r| {
                r["method"] = json!("star");
                r["ballots"] = json!([{"scores": {"A": -1}}]);
            },
            "ballot 1 gives `A` a score of -1; scores go from 0 to 5",
        ),
        (
            |r| {
                r["method"] = json!("star");
                r["ballots"] = json!([{"scores": {"C": 1}}]);
            },
            "ballot 1 names `C`, which is not among the proposals",
        ),
        (
            |r| r["ballots"][0]["weight"] = json!(u64::MAX),
            "the ballots' weights add up to more than 1801439850948198",
        ),
        (
            |r| r["ballots"][0]["weigth"] = json!(2),
            "this is not the record of a vote: unknown field `weigth`, expected one of `weight`, `choices`, `scores`",
        ),
    ];
    for (change, expected) in cases {
        let refused = refused(change);
        // Without the place in the file.
        assert_eq!(refused.split(" at line").next(), Some(expected));
    }
}

#[test]
fn a_film_scored_twice_is_refused() {
    let json = br#"{"method": "star", "proposals": [{"id": "A", "proposed_at": 1}],
        "ballots": [{"scores": {"A": 5, "A": 0}}]}"#;
    let refused = Record::parse(json).unwrap().election().unwrap_err();
    assert_eq!(refused.to_string(), "ballot 1 names `A` twice");
}

#[test]
fn what_is_no_record_is_refused() {
    for json in ["", "[]", "{}", "null", "{\"method\": \"irv\"", "\u{0}"] {
        let refused = Record::parse(json.as_bytes());
        assert!(matches!(refused, Err(RecordError::Unreadable(_))), "{json}");
    }
    for (field, value) in [
        ("picks", json!(-1)),
        ("picks", json!(1.5)),
        ("ballots", json!({})),
        ("method", json!(1)),
    ] {
        let refused = read(&record(|record| record[field] = value));
        assert!(matches!(refused, Err(RecordError::Unreadable(_))), "{field}");
    }
}

#[test]
fn more_proposals_than_a_count_takes_are_refused() {
    let many: Vec<_> = (0..=Record::MAX_PROPOSALS)
        .map(|id| json!({"id": id.to_string(), "proposed_at": 0}))
        .collect();
    let refused = read(&record(|record| record["proposals"] = json!(many)));
    assert_eq!(refused, Err(RecordError::TooManyProposals(1_001)));
}

#[test]
fn the_record_of_an_election_is_that_election() {
    for method in Method::ALL {
        let marks = match method.ballot_kind() {
            BallotKind::Set => Marks::Set(vec![1]),
            BallotKind::Ranking => Marks::Ranking(vec![1, 0]),
            BallotKind::Scores => Marks::Scores(vec![(0, 5), (1, 0)]),
        };
        let election = Election {
            method,
            picks: 2,
            ties: TieRule::Draw,
            draw_seed: Some("popcorn".to_owned()),
            candidates: ["B", "A"]
                .map(|id| Candidate {
                    id: id.to_owned(),
                    proposed_at: 7,
                })
                .to_vec(),
            ballots: vec![Ballot { weight: 3, marks }],
        };
        let json = serde_json::to_vec(&Record::of(&election)).unwrap();
        assert_eq!(Record::parse(&json).unwrap().election(), Ok(election));
    }
}
