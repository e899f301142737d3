//! Any election, held by the rules, exported and counted again, comes out as it was announced.

use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use marquee::clock::Clock;
use marquee::domain::ids::{ChannelId, GuildId, MemberId, RoundId};
use marquee::domain::method::{BallotKind, Method};
use marquee::domain::record::Record;
use marquee::domain::result::RoundResult;
use marquee::domain::round::Secrecy;
use marquee::domain::settings::Change;
use marquee::domain::tally::{Outcome, count};
use marquee::domain::ties::TieRule;
use marquee::domain::voter::VoterId;
use marquee::service::Service;
use marquee::service::export::{export_round, list_exportable};
use marquee::service::rounds::change::RoundChange;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio_util::task::TaskTracker;

use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::harness::service::service_with_cinemeta;
use crate::store::scene::{GUILD, NOW, Scene, member, organizer};

/// Elections held; over all of them every method, tie rule and secrecy comes up.
const ELECTIONS: u32 = 84;

/// The films, of which each election has the first few.
const FILMS: [&str; 6] = [
    "tt0000001",
    "tt0000002",
    "tt0000003",
    "tt0000004",
    "tt0000005",
    "tt0000006",
];

#[derive(Debug, Clone)]
struct Vote {
    picks: u32,
    films: usize,
    /// For each voter the films with their values: a set, stars, or an order.
    ballots: Vec<Vec<(usize, i32)>>,
}

fn vote() -> impl Strategy<Value = Vote> {
    let ballot = proptest::collection::vec((0..FILMS.len(), 1..=5_i32), 0..4);
    (
        1..=3_u32,
        1..=FILMS.len(),
        proptest::collection::vec(ballot, 0..7),
    )
        .prop_map(|(picks, films, ballots)| Vote {
            picks,
            films,
            ballots,
        })
}

/// A voter's marks as the ballot of this method has them: each film once, in an order that counts.
fn marks(method: Method, films: usize, ballot: &[(usize, i32)]) -> Vec<(usize, i32)> {
    let mut marks: Vec<(usize, i32)> = Vec::new();
    for &(film, stars) in ballot {
        let film = film % films;
        if marks.iter().any(|(marked, _)| *marked == film) {
            continue;
        }
        let rank = i32::try_from(marks.len() + 1).expect("few");
        marks.push((
            film,
            match method.ballot_kind() {
                BallotKind::Set => 1,
                BallotKind::Scores => stars,
                BallotKind::Ranking => rank,
            },
        ));
    }
    match method {
        Method::Single => marks.truncate(1),
        Method::Limited => marks.truncate(3),
        _ => {}
    }
    marks
}

/// A closed round: its key and its result.
struct Held {
    round: RoundId,
    result: RoundResult,
}

struct Hall {
    scene: Scene,
    service: Service,
    servers: AtomicU64,
    voters: AtomicI64,
}

impl Hall {
    async fn open() -> Self {
        let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
        let clock = Clock::manual(NOW * 1000);
        Self {
            service: service_with_cinemeta(&scene.store, &films, &clock, &TaskTracker::new()),
            scene,
            servers: AtomicU64::new(1),
            voters: AtomicI64::new(1),
        }
    }

    /// Holds an election in a server of its own.
    async fn hold(&self, method: Method, ties: TieRule, secrecy: Secrecy, vote: &Vote) -> Held {
        let guild = GuildId(GUILD.0 + self.servers.fetch_add(1, Ordering::Relaxed));
        let organizer = organizer(guild);
        let changes = [
            Change::Method(method),
            Change::Ties(ties),
            Change::Secrecy(secrecy),
            Change::Picks(vote.picks),
        ];
        self.service
            .change_settings(organizer, &changes)
            .await
            .expect("settings");
        let started = self
            .service
            .start_round(organizer, &RoundChange::default(), false)
            .await;
        let round = started.expect("a round").round;
        let mut films = Vec::new();
        for film in &FILMS[..vote.films] {
            let (in_round, proposal) = self.scene.propose(guild, member(0), film, NOW).await;
            assert_eq!(in_round, round.id);
            films.push(proposal.film.id);
        }
        let mut marked = Vec::new();
        for ballot in &vote.ballots {
            let number = self.voters.fetch_add(1, Ordering::Relaxed);
            let owner = round.voter(MemberId(number.cast_unsigned())).map(VoterId::to_db);
            for (film, value) in marks(method, vote.films, ballot) {
                marked.push((round.id.0, owner.expect("an owner"), films[film].0, value));
            }
        }
        self.scene.database.cast(&marked).await;
        let result = self.service.end_round(organizer, ChannelId(5)).await;
        Held {
            round: round.id,
            result: result.expect("a result"),
        }
    }
}

/// The record as it is written to a file and read again.
fn written(record: &Record) -> Record {
    let json = serde_json::to_vec_pretty(record).expect("JSON");
    Record::parse(&json).expect("a record")
}

#[test]
fn every_exported_round_counts_again_to_what_was_announced() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let _inside = runtime.enter();
    let hall = runtime.block_on(Hall::open());
    let number = AtomicU64::new(0);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: ELECTIONS,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..ProptestConfig::default()
    });
    let held = runner.run(&vote(), |vote| {
        // Every combination in turn; 7, 3 and 4 have no common factor.
        let turn = usize::try_from(number.fetch_add(1, Ordering::Relaxed)).expect("few");
        let (method, ties) = (Method::ALL[turn % 7], TieRule::ALL[turn % 3]);
        let secrecy = Secrecy::ALL[turn / 7 % 3];
        runtime.block_on(async {
            let Held { round, result } = hall.hold(method, ties, secrecy, &vote).await;
            let record = export_round(&hall.scene.store, &round.to_string())
                .await
                .expect("a record");
            let record = written(&record);
            let recounted = count(&record.election().expect("an election"));
            assert_eq!(recounted, result.outcome);
            let json = serde_json::to_string(&record).expect("JSON");
            assert!(!json.contains("member") && !json.contains("voter") && !json.contains("cast_at"));
            let mut ballots: Vec<String> = record
                .ballots
                .iter()
                .map(|ballot| format!("{:?} {:?}", ballot.choices, ballot.scores))
                .collect();
            ballots.sort_unstable();
            ballots.dedup();
            assert_eq!(
                ballots.len(),
                record.ballots.len(),
                "who voted alike is not told apart"
            );
        });
        Ok(())
    });
    held.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The program with these arguments on this database.
fn program(database: &TestDatabase, arguments: &[&str]) -> std::process::Output {
    let dir = tempfile::tempdir().expect("a directory");
    Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", database.options().url)
        .current_dir(&dir)
        .output()
        .expect("the program runs")
}

#[tokio::test]
async fn the_program_exports_a_round_by_key_or_number_and_recounts_it() {
    let hall = Hall::open().await;
    let vote = Vote {
        picks: 2,
        films: 4,
        ballots: vec![
            vec![(0, 1), (1, 1)],
            vec![(1, 1), (2, 1)],
            vec![(2, 1)],
            vec![(3, 1), (0, 1)],
        ],
    };
    let Held { round, result } = hall
        .hold(Method::Stv, TieRule::Draw, Secrecy::Anonymous, &vote)
        .await;
    let database = &hall.scene.database;
    let listed = list_exportable(&hall.scene.store, 10).await.expect("a list");
    let guild = listed[0].guild;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("round.json");
    let file = file.to_str().expect("a path");
    let key = round.to_string();
    let exported = program(database, &["export", "--round", &key, "--output", file]);
    assert!(
        exported.status.success(),
        "{}",
        String::from_utf8_lossy(&exported.stderr)
    );
    let recounted = program(database, &["recount", file]);
    let outcome: Outcome = serde_json::from_slice(&recounted.stdout).expect("an outcome");
    assert_eq!(outcome, result.outcome);

    let numbered = program(database, &["export", "--round", &format!("{guild}/1")]);
    assert_eq!(numbered.stdout, std::fs::read(file).expect("the file"));
    let list = program(database, &["export", "--list"]);
    let list = String::from_utf8(list.stdout).expect("text");
    assert!(
        list.starts_with(&format!("{key}\t{guild}/1\t")) && list.contains("\tstv\t"),
        "{list}"
    );

    for (named, told) in [
        ("seven", "is no round"),
        ("1/2/3", "is no round"),
        ("42", "there is no round `42`"),
        (&format!("{guild}/2"), "still open"),
    ] {
        let refused = program(database, &["export", "--round", named]);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{named}: {error}");
        assert!(error.contains(told), "{named}: {error}");
    }
}
