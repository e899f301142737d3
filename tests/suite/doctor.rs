//! `marquee doctor`, through the real program: a line for each thing, a status, and no secret.

use std::process::Output;
use std::time::{Duration, Instant};

use discord_sim::{Sim, SimConfig};
use marquee::domain::film::Source;
use marquee::domain::provider_health::{Condition, Rest, Sighting};
use tempfile::TempDir;
use tokio::process::Command;

use crate::harness::database::TestDatabase;
use crate::harness::providers::{Behaviour, FakeFilms, Film, OMDB_KEY, TMDB_TOKEN};

/// The promise is about ten seconds; the rest is for a busy machine.
const PROMISED: Duration = Duration::from_mins(1);

/// A bot's surroundings, all well.
struct World {
    sim: Sim,
    films: FakeFilms,
    database: TestDatabase,
    dir: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl World {
    async fn new() -> Self {
        let sim = Sim::start(SimConfig::default()).await.expect("a local Discord");
        let films = FakeFilms::start();
        films.add(Film::new("tt0111161", "The Shawshank Redemption", 1994));
        let database = TestDatabase::sqlite();
        database.store().await.close().await;
        let environment = vec![
            ("DISCORD_TOKEN", sim.token().to_owned()),
            ("DATABASE_URL", database.options().url),
            ("MARQUEE_DISCORD__API_URL", sim.base_url().to_owned()),
            ("MARQUEE_METADATA__OMDB__API_KEY", OMDB_KEY.to_owned()),
            ("MARQUEE_METADATA__OMDB__BASE_URL", films.base_url(Source::Omdb)),
            ("MARQUEE_METADATA__TMDB__ACCESS_TOKEN", TMDB_TOKEN.to_owned()),
            ("MARQUEE_METADATA__TMDB__BASE_URL", films.base_url(Source::Tmdb)),
            (
                "MARQUEE_METADATA__CINEMETA__BASE_URL",
                films.base_url(Source::Cinemeta),
            ),
        ];
        Self {
            sim,
            films,
            database,
            dir: tempfile::tempdir().expect("a directory"),
            environment,
        }
    }

    /// The same with another value for a variable; an empty one unsets it.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.retain(|(other, _)| *other != name);
        self.environment.push((name, value.into()));
        self
    }

    /// Runs it: its status and its lines, in which no secret may be.
    async fn doctor(&self, arguments: &[&str]) -> (bool, String) {
        let begun = Instant::now();
        let output: Output = Command::new(env!("CARGO_BIN_EXE_marquee"))
            .arg("doctor")
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .current_dir(&self.dir)
            .output()
            .await
            .expect("it runs");
        assert!(begun.elapsed() < PROMISED, "{:?}", begun.elapsed());
        let told = String::from_utf8(output.stdout).expect("text");
        let aside = String::from_utf8(output.stderr).expect("text");
        for secret in [OMDB_KEY, TMDB_TOKEN, self.sim.token()] {
            assert!(!told.contains(secret) && !aside.contains(secret), "{told}{aside}");
        }
        (output.status.success(), told)
    }
}

/// The verdict on a thing, and its line.
fn line<'a>(told: &'a str, about: &str) -> (&'a str, &'a str) {
    let line = told
        .lines()
        .find(|line| line.get(6..).is_some_and(|rest| rest.starts_with(about)))
        .unwrap_or_else(|| panic!("nothing on {about}:\n{told}"));
    (line[..4].trim(), line)
}

#[tokio::test]
async fn where_all_is_well_every_line_says_ok() {
    let world = World::new().await;
    let (passed, told) = world.doctor(&[]).await;
    assert!(passed, "{told}");
    for about in [
        "configuration",
        "clock",
        "database",
        "schema",
        "discord token",
        "gateway",
        "TMDB",
        "OMDb",
        "Cinemeta",
    ] {
        assert_eq!(line(&told, about).0, "ok", "{told}");
    }
    assert!(told.contains("environment, DISCORD_TOKEN"), "{told}");
    assert_eq!(told.lines().count(), 9, "{told}");
    world.sim.stop().await;
}

#[tokio::test]
async fn offline_asks_nobody() {
    let world = World::new().await;
    let (passed, told) = world.doctor(&["--offline"]).await;
    assert!(passed, "{told}");
    assert_eq!(world.films.calls(), []);
    assert_eq!(world.sim.requests().len(), 0);
    assert_eq!(line(&told, "database").0, "ok");
    assert!(!told.contains("gateway"), "{told}");
    world.sim.stop().await;
}

#[tokio::test]
async fn a_token_that_is_missing_or_wrong_fails_and_says_where_to_get_one() {
    let world = World::new().await.with("DISCORD_TOKEN", "");
    for arguments in [&[][..], &["--offline"]] {
        let (passed, told) = world.doctor(arguments).await;
        assert!(!passed, "{told}");
        let (verdict, line) = line(&told, "discord token");
        assert_eq!(verdict, "fail");
        assert!(
            line.contains("https://discord.com/developers/applications"),
            "{line}"
        );
    }
    let world = world.with("DISCORD_TOKEN", "not-the-t0ken");
    let (passed, told) = world.doctor(&[]).await;
    assert!(!passed && !told.contains("t0ken"), "{told}");
    let (verdict, line) = line(&told, "discord token");
    assert_eq!(verdict, "fail");
    assert!(line.contains("environment, DISCORD_TOKEN"), "{line}");
    world.sim.stop().await;
}

#[tokio::test]
async fn a_discord_and_a_database_that_are_not_there_fail_in_time() {
    let world = World::new()
        .await
        .with("MARQUEE_DISCORD__API_URL", "http://127.0.0.1:1")
        .with("DATABASE_URL", "postgres://me:s3cret@127.0.0.1:1/x");
    let (passed, told) = world.doctor(&[]).await;
    assert!(!passed, "{told}");
    assert_eq!(line(&told, "discord token").0, "fail");
    assert_eq!(line(&told, "database").0, "fail");
    assert!(!told.contains("s3cret"), "{told}");
    world.sim.stop().await;
}

#[tokio::test]
async fn each_film_database_is_told_by_class_with_what_to_do() {
    let world = World::new().await;
    world
        .films
        .behave_for(Source::Omdb, Behaviour::omdb_error(401, "Invalid API key!"));
    world.films.behave_for(Source::Tmdb, Behaviour::web_page(503));
    let (passed, told) = world.doctor(&[]).await;
    assert!(!passed, "a key that is refused has to be mended: {told}");
    let (verdict, omdb) = line(&told, "OMDb");
    assert_eq!(verdict, "fail");
    assert!(
        omdb.contains("bad_key") && omdb.contains("metadata.omdb.api_key"),
        "{omdb}"
    );
    let (verdict, tmdb) = line(&told, "TMDB");
    assert_eq!(verdict, "warn");
    assert!(tmdb.contains("transient") && tmdb.contains("→"), "{tmdb}");
    assert_eq!(line(&told, "Cinemeta").0, "ok");

    world.films.behave(&Behaviour::Hang);
    let (passed, told) = world.doctor(&[]).await;
    assert!(!passed, "{told}");
    assert_eq!(line(&told, "film databases").0, "fail", "none is left");
    world.sim.stop().await;
}

#[tokio::test]
async fn what_earlier_runs_learnt_is_told() {
    let world = World::new().await;
    let store = world.database.store().await;
    let now = marquee::clock::Clock::machine().unix_secs();
    let seen = Sighting {
        condition: Condition::QuotaUsedUp,
        rest: Some(Rest {
            from: now - 60,
            until: now + 3_600,
        }),
        at: now - 60,
    };
    let day = now / 86_400;
    store
        .upsert_provider_condition(Source::Omdb, seen, day)
        .await
        .expect("noted");
    let added = store.add_provider_requests(Source::Omdb, day, 1_000, now).await;
    assert_eq!(added.expect("counted"), 1_000);
    store.close().await;
    let (passed, told) = world.doctor(&["--offline"]).await;
    assert!(passed, "a warning is no failure: {told}");
    let (verdict, line) = line(&told, "OMDb, kept");
    assert_eq!(verdict, "warn");
    assert!(line.contains("left alone until"), "{line}");
    assert!(line.contains("1000 of 1000 requests today"), "{line}");
    world.sim.stop().await;
}

#[tokio::test]
async fn a_database_that_is_not_made_yet_is_not_made_by_looking() {
    let world = World::new().await.with("DATABASE_URL", "");
    let (passed, told) = world.doctor(&["--offline"]).await;
    assert!(passed, "{told}");
    let (verdict, line) = line(&told, "database");
    assert_eq!(verdict, "warn");
    assert!(
        line.contains("marquee.db") && line.contains("marquee run"),
        "{line}"
    );
    let mut left = std::fs::read_dir(&world.dir).expect("a directory");
    assert!(left.next().is_none(), "nothing is made");
    world.sim.stop().await;
}

#[tokio::test]
async fn a_wrong_configuration_fails_with_a_line_for_each_mistake() {
    let world = World::new()
        .await
        .with("MARQUEE_OPS__LISTEN", "here")
        .with("MARQUEE_METADATA__OMDB__DAILY_LIMIT", "many");
    let (passed, told) = world.doctor(&[]).await;
    assert!(!passed, "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
    assert_eq!(line(&told, "configuration").0, "fail");
    assert_eq!(world.films.calls(), []);
    world.sim.stop().await;
}
