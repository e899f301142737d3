//! The program as a process on a local Discord: starting, being told to stop, and ending.
#![cfg(unix)]

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use discord_sim::{Sim, SimConfig};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::harness::titles::Datasets;

/// The promise is that a stop takes five seconds at most; the rest is for a busy machine.
const PROMISED: Duration = Duration::from_secs(20);
/// For what is not promised: more than a slow machine takes.
const PATIENCE: Duration = Duration::from_mins(1);

fn marquee(dir: &TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn told(child: &mut Child) -> String {
    let mut told = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    stderr.read_to_string(&mut told).await.unwrap();
    told
}

async fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-s", name, &id]).status().await;
    assert!(sent.unwrap().success());
}

/// Sends the signal, and holds the process to its promise and to status 0.
async fn stops(child: &mut Child, name: &str) {
    signal(child, name).await;
    let status = timeout(PROMISED, child.wait()).await;
    assert_eq!(status.expect("it stops in time").unwrap().code(), Some(0));
}

async fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_wrong_token_ends_the_start_with_a_sentence() {
    let (sim, dir) = (
        Sim::start(SimConfig::default()).await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let environment = [
        ("DISCORD_TOKEN", "not-the-t0ken"),
        ("MARQUEE_DISCORD__API_URL", sim.base_url()),
        ("MARQUEE_OPS__LISTEN", "off"),
    ];
    let mut child = marquee(&dir, &["run"], &environment);
    let told = timeout(PATIENCE, told(&mut child)).await.unwrap();
    let status = child.wait().await.unwrap();
    assert_eq!(status.code(), Some(1), "{told}");
    let last = told.lines().last().unwrap();
    assert!(
        last.starts_with("error: Discord does not accept the bot token"),
        "{told}"
    );
    assert!(!told.contains("not-the-t0ken"), "{told}");
    sim.stop().await;
}

#[tokio::test]
async fn the_bot_connects_tells_that_it_is_ready_and_stops_when_told() {
    let (sim, dir) = (
        Sim::start(SimConfig::default()).await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    sim.add_guild("Club");
    let environment = [
        ("DISCORD_TOKEN", sim.token()),
        ("MARQUEE_DISCORD__API_URL", sim.base_url()),
        ("MARQUEE_OPS__LISTEN", "127.0.0.1:0"),
        ("MARQUEE_LOG", "info"),
    ];
    // Plain `marquee` is `marquee run`.
    let mut child = marquee(&dir, &[], &environment);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = timeout(PATIENCE, async {
        loop {
            let line = log.next_line().await.unwrap().expect("the bot goes on running");
            assert!(!line.contains(sim.token()), "{line}");
            if line.contains("ops endpoints are served") {
                return line.rsplit("address=").next().unwrap().trim().to_owned();
            }
        }
    });
    let address = address.await.expect("the endpoints are served");
    timeout(PATIENCE, sim.wait_for_bot()).await.unwrap().unwrap();
    let ready = timeout(PATIENCE, async {
        while !get(&address, "/readyz").await.starts_with("HTTP/1.1 200") {
            tokio::task::yield_now().await;
        }
    });
    ready.await.expect("the bot is ready once it is connected");
    assert!(
        dir.path().join("marquee.db").is_file(),
        "the database is made by itself"
    );

    stops(&mut child, "TERM").await;
    sim.finish().await.unwrap();
}

#[tokio::test]
async fn the_demo_prints_an_address_that_answers_and_leaves_nothing_behind() {
    let (dir, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let environment = [("TMPDIR", temporary.path().to_str().unwrap())];
    let mut child = marquee(&dir, &["demo", "--port", "0"], &environment);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = timeout(PATIENCE, async {
        loop {
            let line = lines
                .next_line()
                .await
                .unwrap()
                .expect("the demo goes on running");
            if let Some(rest) = line.trim().strip_prefix("http://") {
                return rest.trim_end_matches('/').to_owned();
            }
        }
    });
    let address = address.await.expect("the demo prints its address");
    let page = get(&address, "/").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("<html"), "{page}");

    stops(&mut child, "INT").await;
    for left in [&dir, &temporary] {
        let mut entries = std::fs::read_dir(left).unwrap();
        assert!(entries.next().is_none(), "nothing is left behind");
    }
}

#[tokio::test]
async fn an_import_of_titles_that_is_killed_leaves_the_index_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let files = Datasets::well_known().write();
    let import = |basics: &Path| {
        let arguments = [basics, &files.ratings].map(|file| file.to_str().unwrap().to_owned());
        let arguments = [
            "import-titles",
            &arguments[0],
            &arguments[1],
            "--accept-imdb-terms",
        ];
        marquee(&dir, &arguments, &[])
    };
    let status = timeout(PATIENCE, import(&files.basics).wait()).await.unwrap();
    assert!(status.unwrap().success());

    // The next import reads from a pipe that dries up in the middle: it has begun to write by then.
    let more = Datasets::generated(5_000, 4).write();
    let pipe = dir.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .await
            .unwrap()
            .success()
    );
    let arguments = [&pipe, &more.ratings].map(|file| file.to_str().unwrap().to_owned());
    let arguments = [
        "import-titles",
        &arguments[0],
        &arguments[1],
        "--accept-imdb-terms",
    ];
    let mut child = marquee(&dir, &arguments, &[]);
    let mut basics = timeout(PATIENCE, tokio::fs::OpenOptions::new().write(true).open(&pipe)).await;
    let half = std::fs::read(&more.basics).unwrap();
    let half = &half[..half.len() * 9 / 10];
    basics
        .as_mut()
        .unwrap()
        .as_mut()
        .unwrap()
        .write_all(half)
        .await
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let database = SqliteConnectOptions::new().filename(dir.path().join("marquee.db"));
    let mut database = database.connect().await.unwrap();
    let building = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'new_titles'";
    let written = timeout(PATIENCE, async {
        loop {
            let begun: i64 = sqlx::query_scalar(building)
                .fetch_one(&mut database)
                .await
                .unwrap();
            if begun == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    written.await.expect("the import begins to write");
    child.kill().await.unwrap();
    drop(log.next_line().await);

    let matching = "SELECT COUNT(*) FROM titles JOIN title_search ON title_search.rowid = titles.place
                 WHERE title_search MATCH 'matrix'";
    let found: i64 = sqlx::query_scalar(matching)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(found, 2, "the index in use is whole");
    let status = timeout(PATIENCE, import(&files.basics).wait()).await.unwrap();
    assert!(status.unwrap().success(), "what was left does no harm");
    let left: i64 = sqlx::query_scalar(building)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(left, 0);
}
