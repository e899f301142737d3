//! The file that `marquee recount` counts: from anyone, of any shape.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use marquee::domain::record::Record;
use marquee::domain::tally::{Election, count};

/// More than this is read, but not counted: the counts' own tests are about time.
const FILMS_COUNTED: usize = 12;
const BALLOTS_COUNTED: usize = 40;

fuzz_target!(|data: &[u8]| {
    let Ok(record) = Record::parse(data) else {
        return;
    };
    let json = serde_json::to_vec(&record).expect("a record is JSON");
    let again = Record::parse(&json);
    assert_eq!(again.as_ref(), Ok(&record), "what is written is read");
    let Ok(election) = record.election() else {
        return;
    };
    assert_eq!(
        Record::of(&election).election().as_ref(),
        Ok(&election),
        "an election survives its record"
    );
    if election.candidates.len() <= FILMS_COUNTED && election.ballots.len() <= BALLOTS_COUNTED {
        check_count(election);
    }
});

fn check_count(mut election: Election) {
    let outcome = count(&election);
    let films: BTreeSet<&str> = election.candidates.iter().map(|film| film.id.as_str()).collect();
    let order: BTreeSet<&str> = outcome.order.iter().map(String::as_str).collect();
    assert_eq!(order, films, "every film has its place");
    assert_eq!(outcome.order.len(), films.len(), "and only one");
    let winners = outcome.winners.len();
    assert!(winners + outcome.open_picks as usize <= election.picks as usize);
    assert_eq!(
        outcome.winners,
        outcome.order[..winners],
        "winners are the first in order"
    );
    election.ballots.reverse();
    assert_eq!(count(&election), outcome, "the order of the ballots is nothing");
}
