//! The program as a process on a local Discord: starting, being told to stop, and ending.
#![cfg(unix)]

use std::process::Stdio;
use std::time::{Duration, Instant};

use discord_sim::{Sim, SimConfig};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The promise: a stop takes five seconds at most, and so does a start that fails.
const PROMISED: Duration = Duration::from_secs(5);
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
async fn a_wrong_token_ends_the_start_with_a_sentence_in_time() {
    let (sim, dir) = (
        Sim::start(SimConfig::default()).await.unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let begun = Instant::now();
    let environment = [
        ("DISCORD_TOKEN", "not-the-t0ken"),
        ("MARQUEE_DISCORD__API_URL", sim.base_url()),
        ("MARQUEE_OPS__LISTEN", "off"),
    ];
    let mut child = marquee(&dir, &["run"], &environment);
    let told = timeout(PATIENCE, told(&mut child)).await.unwrap();
    let status = child.wait().await.unwrap();
    assert!(begun.elapsed() < PROMISED, "{:?}", begun.elapsed());
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
