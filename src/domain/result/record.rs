//! The record of a count in the format that `marquee export` writes and `marquee recount` reads.

use serde_json::{Map, Value, json};

use crate::domain::tally::{Ballot, Election, Marks};

/// The election as JSON: everything that its result depends on, and nothing that tells who voted.
pub fn record(election: &Election) -> Value {
    let mut record = Map::new();
    record.insert("method".into(), json!(election.method));
    record.insert("picks".into(), json!(election.picks));
    record.insert("ties".into(), json!(election.ties));
    if let Some(seed) = &election.draw_seed {
        record.insert("draw_seed".into(), json!(seed));
    }
    let proposals = election.candidates.iter();
    let proposals: Vec<Value> = proposals
        .map(|candidate| json!({"id": candidate.id, "proposed_at": candidate.proposed_at}))
        .collect();
    record.insert("proposals".into(), Value::Array(proposals));
    let ballots = election
        .ballots
        .iter()
        .map(|ballot| write_ballot(election, ballot));
    record.insert("ballots".into(), ballots.collect());
    Value::Object(record)
}

fn write_ballot(election: &Election, ballot: &Ballot) -> Value {
    let id = |place: &usize| {
        election
            .candidates
            .get(*place)
            .map(|candidate| candidate.id.as_str())
    };
    match &ballot.marks {
        Marks::Set(films) | Marks::Ranking(films) => {
            let choices: Vec<&str> = films.iter().filter_map(id).collect();
            json!({"weight": ballot.weight, "choices": choices})
        }
        Marks::Scores(films) => {
            let scores: Map<String, Value> = films
                .iter()
                .filter_map(|(place, stars)| Some((id(place)?.to_owned(), json!(stars))))
                .collect();
            json!({"weight": ballot.weight, "scores": scores})
        }
    }
}
