//! `marquee refresh-cache` as a process: what it asks for, what it says, and how it ends.
#![cfg(unix)]

use std::process::Stdio;
use std::time::Duration;

use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::ids::ImdbId;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Evening, PATIENCE, Setting};
use crate::harness::providers::{Behaviour, FakeFilms, OMDB_KEY};
use crate::harness::stock::Stock;
use crate::harness::viewing::posters;
use crate::store::scene::{GUILD, Scene, fetched, member};

const HOUR: i64 = 3600;

/// A database and film databases.
struct World {
    scene: Scene,
    films: FakeFilms,
    /// When it began, Unix seconds.
    now: i64,
}

/// How a run ended.
struct Ended {
    status: i32,
    out: String,
    err: String,
}

impl World {
    /// So many films put up, with no data.
    async fn with_films(count: u32) -> Self {
        let world = Self {
            scene: Scene::open(TestDatabase::sqlite()).await,
            films: FakeFilms::with_films(count),
            now: Clock::machine().unix_secs(),
        };
        for id in world.films.ids() {
            world
                .scene
                .propose(GUILD, member(1), id.as_str(), world.now)
                .await;
        }
        world
    }

    /// Gives films data of an age, whether they are put up or not.
    async fn cache(&self, films: &[ImdbId], age_secs: i64) {
        let data: Vec<_> = films
            .iter()
            .map(|id| fetched(id.as_str(), "Before", self.now - age_secs))
            .collect();
        let saved = self.scene.store.save_films(&data, || self.scene.key()).await;
        saved.expect("saved");
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.start_asking(Source::Cinemeta, arguments)
    }

    fn start_asking(&self, provider: Source, arguments: &[&str]) -> Child {
        let environment = [
            ("DATABASE_URL", self.scene.database.options().url),
            ("MARQUEE_METADATA__PROVIDERS", provider.as_str().to_owned()),
            ("MARQUEE_METADATA__OMDB__API_KEY", OMDB_KEY.to_owned()),
            (
                "MARQUEE_METADATA__OMDB__BASE_URL",
                self.films.base_url(Source::Omdb),
            ),
            (
                "MARQUEE_METADATA__CINEMETA__BASE_URL",
                self.films.base_url(Source::Cinemeta),
            ),
        ];
        refresh_cache(environment, arguments)
    }

    async fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.start(arguments)).await
    }

    /// How many films have data that is no older than this story.
    async fn renewed(&self) -> usize {
        let films = self.films.ids();
        let known = self.scene.store.find_films(&films).await.expect("films");
        known
            .iter()
            .filter_map(|film| film.cached.as_ref())
            .filter(|cached| cached.cached_at >= self.now)
            .count()
    }

    async fn until_calls(&self, wanted: usize) {
        let counting = async {
            while self.films.calls().len() < wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, counting).await.expect("so many calls");
    }

    fn calls_each(&self) -> Vec<usize> {
        let films = self.films.ids();
        films.iter().map(|id| self.films.calls_for(id)).collect()
    }
}

fn refresh_cache(environment: impl IntoIterator<Item = (&'static str, String)>, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_marquee"))
        .arg("refresh-cache")
        .args(arguments)
        .env_clear()
        .envs(environment)
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn ended(child: Child) -> Ended {
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    let output = output.expect("it ends").unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ended = Ended {
        status: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    for text in [&ended.out, &ended.err] {
        let plain = text.chars().all(|char| char == '\n' || !char.is_control());
        assert!(plain, "plain lines only: {text:?}");
        assert!(!text.contains(OMDB_KEY), "{text}");
    }
    ended
}

async fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-s", name, &id]).status().await;
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn what_is_missing_or_expired_is_renewed_and_a_second_run_has_nothing_to_do() {
    let world = World::with_films(4).await;
    let films = world.films.ids();
    world.cache(&films[..1], 25 * HOUR).await;
    world.cache(&films[1..2], 23 * HOUR).await;

    let first = world.run(&[]).await;
    assert_eq!(first.status, 0, "{}", first.err);
    assert_eq!(
        first.out,
        "3 films: 3 changed, 0 unchanged, 0 not found, 0 failed.\nCinemeta answered: 3 found.\n"
    );
    assert!(
        first.err.starts_with("Asking for 3 films.\n3 of 3 films, "),
        "{}",
        first.err
    );
    assert_eq!(world.calls_each(), [1, 0, 1, 1]);
    assert_eq!(world.renewed().await, 3);

    let second = world.run(&[]).await;
    assert_eq!((second.status, second.err.as_str()), (0, ""));
    assert_eq!(
        second.out,
        "Nothing to do: no film is without data or has data older than 1day.\n"
    );
    assert_eq!(world.films.calls().len(), 3);
}

#[tokio::test]
async fn each_option_says_which_films() {
    let world = World::with_films(3).await;
    let films = world.films.ids();
    world.cache(&films, 13 * HOUR).await;
    let looked_at: Vec<ImdbId> = vec!["tt0000123".parse().unwrap()];
    world.cache(&looked_at, 40 * HOUR).await;

    let dry = world
        .run(&["--dry-run", "--older-than", "12h", "--all", "--limit", "2"])
        .await;
    assert_eq!(
        (dry.status, dry.out.as_str()),
        (
            0,
            "0 without data, 4 with data older than 12h: 2 would be asked for. Nothing was asked or written.\n"
        )
    );
    assert_eq!((world.films.calls().len(), world.renewed().await), (0, 0));

    let limited = world.run(&["--older-than", "12h", "--limit", "2"]).await;
    assert_eq!(limited.status, 0, "{}", limited.err);
    assert!(limited.out.starts_with("2 films: 2 changed"), "{}", limited.out);
    assert_eq!(world.renewed().await, 2);

    let all = world.run(&["--older-than", "12h", "--all"]).await;
    assert_eq!(
        all.status, 0,
        "a film that nobody knows is no failure: {}",
        all.err
    );
    assert!(
        all.out
            .starts_with("2 films: 1 changed, 0 unchanged, 1 not found, 0 failed."),
        "{}",
        all.out
    );
    let everything = world.run(&["--older-than", "0s", "--limit", "1"]).await;
    assert_eq!(everything.status, 0, "{}", everything.err);
}

#[tokio::test]
async fn what_failed_is_told_by_class_and_by_the_status() {
    let world = World::with_films(3).await;
    world.films.behave(&Behaviour::status(500, "{}"));
    let ended = world.run(&[]).await;
    assert_eq!(ended.status, 3);
    assert_eq!(
        ended.out,
        "3 films: 0 changed, 0 unchanged, 0 not found, 3 failed.\nCinemeta answered: 3 transient.\n"
    );

    world.films.behave(&Behaviour::Fine);
    assert_eq!(world.run(&[]).await.status, 0, "the next run takes them up");
}

#[tokio::test]
async fn a_used_up_quota_ends_the_run_with_a_clear_line() {
    let world = World::with_films(30).await;
    world
        .films
        .behave(&Behaviour::omdb_error(401, "Request limit reached!"));
    let run = ended(world.start_asking(Source::Omdb, &[])).await;
    assert_eq!(run.status, 3);
    let last = run.out.lines().last().unwrap();
    assert!(
        last.starts_with("Ended early: the quota of OMDb is used up for "),
        "{last}"
    );
    assert!(last.ends_with("Left for the next run: 30 films."), "{last}");
    assert_eq!(world.films.calls().len(), 1);
}

#[tokio::test]
async fn a_run_that_is_interrupted_saves_what_came_and_the_next_one_goes_on_from_there() {
    let world = World::with_films(120).await;
    world.films.behave(&Behaviour::Delay(Duration::from_millis(150)));
    let child = world.start(&[]);
    world.until_calls(20).await;
    signal(&child, "INT").await;
    let first = ended(child).await;
    assert_eq!(first.status, 3, "{}", first.err);
    let last = first.out.lines().last().unwrap();
    let calls = world.films.calls().len();
    assert_eq!(
        last,
        format!("Stopped. Left for the next run: {} films.", 120 - calls)
    );
    assert!((20..120).contains(&calls), "{calls}");
    assert_eq!(world.renewed().await, calls, "every answer is saved");

    let second = world.run(&[]).await;
    assert_eq!(second.status, 0, "{}", second.err);
    assert_eq!(world.calls_each(), [1; 120], "nothing is asked for twice");
    assert_eq!(world.renewed().await, 120);
}

#[tokio::test]
async fn a_run_that_is_killed_loses_one_write_at_most() {
    let world = World::with_films(200).await;
    world.films.behave(&Behaviour::Delay(Duration::from_millis(100)));
    let child = world.start(&[]);
    world.until_calls(90).await;
    signal(&child, "KILL").await;
    assert_eq!(ended(child).await.status, -1);
    let calls = world.films.calls().len();
    let saved = world.renewed().await;
    // Fifty that wait to be saved, and eight that are being asked for.
    assert!(saved > 0 && calls - saved <= 58, "{saved} of {calls}");
    assert_eq!(world.run(&[]).await.status, 0);
    assert_eq!(world.renewed().await, 200);
    assert_eq!(world.films.calls().len(), calls + 200 - saved);
}

#[tokio::test]
async fn it_runs_beside_the_bot_whose_next_poll_has_everything() {
    let setting = Setting {
        clock: Clock::machine(),
        ..Setting::new(FakeFilms::with_films(10))
    };
    let evening = Evening::begin(setting).await;
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    let now = evening.clock.unix_secs();
    stock.propose(&evening.guild, &films, now).await;
    let environment = [
        ("DATABASE_URL", evening.database.options().url),
        (
            "MARQUEE_METADATA__CINEMETA__BASE_URL",
            evening.films.base_url(Source::Cinemeta),
        ),
    ];
    let run = ended(refresh_cache(environment, &[])).await;
    assert_eq!(run.status, 0, "{}", run.err);
    let view = evening.view(&evening.ada).await;
    assert_eq!((view.cost.film_calls, posters(&view.poll)), (0, 10));
    evening.end().await;
}

#[tokio::test]
async fn without_a_schema_or_a_provider_it_says_what_to_do() {
    let empty = TestDatabase::sqlite();
    let run = ended(refresh_cache([("DATABASE_URL", empty.options().url)], &[])).await;
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.err.contains("marquee migrate up"), "{}", run.err);

    let world = World::with_films(1).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, "[metadata]\nproviders = []\n").unwrap();
    let url = world.scene.database.options().url;
    let arguments = ["--config", file.to_str().unwrap()];
    let run = ended(refresh_cache([("DATABASE_URL", url)], &arguments)).await;
    assert_eq!(run.status, 1);
    assert!(run.err.contains("metadata.providers"), "{}", run.err);
}

#[tokio::test]
async fn options_that_make_no_sense_are_a_usage_error() {
    for arguments in [
        &["--limit", "0"][..],
        &["--limit", "many"],
        &["--older-than", "soon"],
        &["everything"],
    ] {
        assert_eq!(
            ended(refresh_cache([], arguments)).await.status,
            2,
            "{arguments:?}"
        );
    }
}
