//! The operator's endpoints, over HTTP.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use marquee::domain::film::Source;
use marquee::domain::provider_health::Condition;
use marquee::lifecycle::Tasks;
use marquee::metrics::{CacheRead, Metrics, ProviderFigures, VoteChange};
use marquee::ops::{Subject, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::evening::{Evening, PATIENCE, Setting};
use crate::harness::providers::{Behaviour, FakeFilms};

/// Something that is ready when it is told to be.
#[derive(Clone, Default)]
struct Told(Arc<AtomicBool>);

impl Subject for Told {
    async fn ready(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    async fn figures(&self) -> String {
        "figures\n".to_owned()
    }
}

/// Any free port of this machine.
const ANY_PORT: &str = "127.0.0.1:0";

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn status(address: SocketAddr, path: &str) -> String {
    get(address, path).await.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn readiness_follows_the_bot_and_health_the_process() {
    let (bot, tasks) = (Told::default(), Tasks::new());
    let address = serve(ANY_PORT.parse().unwrap(), bot.clone(), &tasks).await;
    let address = address.expect("a free port");

    assert_eq!(status(address, "/healthz").await, "200");
    assert_eq!(status(address, "/readyz").await, "503");
    bot.0.store(true, Ordering::SeqCst);
    assert_eq!(status(address, "/readyz").await, "200");
    assert_eq!(status(address, "/secrets").await, "404");
    let figures = get(address, "/metrics").await;
    assert!(figures.ends_with("\r\n\r\nfigures\n"), "{figures}");
    assert!(figures.contains("application/openmetrics-text"), "{figures}");

    assert_eq!(tasks.stop(Duration::from_secs(5)).await, 0);
    assert!(
        TcpStream::connect(address).await.is_err(),
        "the port is free again"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_stops_nothing() {
    let taken = TcpListener::bind(ANY_PORT).await.unwrap();
    let tasks = Tasks::new();
    let served = serve(taken.local_addr().unwrap(), Told::default(), &tasks).await;
    assert_eq!(served, None);
    assert_eq!(tasks.running(), 0);
}

/// A scrape as Prometheus reads it.
struct Scrape(Vec<Sample>);

struct Sample {
    name: String,
    labels: BTreeSet<(String, String)>,
    value: f64,
}

impl Scrape {
    fn parse(answer: &str) -> Self {
        let body = answer.split_once("\r\n\r\n").map_or(answer, |(_, body)| body);
        let samples = body.lines().filter(|line| !line.starts_with('#'));
        Self(samples.map(sample).collect())
    }

    /// The sum of the samples with this name and these labels.
    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let matching = self.0.iter().filter(|sample| {
            let mut wanted = labels
                .iter()
                .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()));
            sample.name == name && wanted.all(|label| sample.labels.contains(&label))
        });
        matching.map(|sample| sample.value).sum()
    }
}

fn sample(line: &str) -> Sample {
    let (series, value) = line
        .rsplit_once(' ')
        .unwrap_or_else(|| panic!("no sample: {line}"));
    let value = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let labels = labels.strip_suffix('}').expect("labels end");
    let labels = labels.split(',').filter(|label| !label.is_empty()).map(|label| {
        let (label, value) = label.split_once('=').expect("a label has a value");
        (label.to_owned(), value.trim_matches('"').to_owned())
    });
    Sample {
        name: name.to_owned(),
        labels: labels.collect(),
        value,
    }
}

/// A figure: its name, labels of it, and its value.
type Figure<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

/// The figures once they are what they should come to; else those of the last look.
async fn settled_figures(address: SocketAddr, wanted: &[Figure<'_>]) -> (String, Scrape) {
    let begun = Instant::now();
    loop {
        let text = get(address, "/metrics").await;
        let scrape = Scrape::parse(&text);
        let right = |(name, labels, wanted): &Figure<'_>| (scrape.sum(name, labels) - wanted).abs() < 0.5;
        if wanted.iter().all(right) || begun.elapsed() > PATIENCE {
            return (text, scrape);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn an_evening_is_told_in_figures() {
    let setting = Setting::new(FakeFilms::with_films(2))
        .asking(&[Source::Omdb, Source::Cinemeta])
        .with("MARQUEE_OPS__LISTEN", ANY_PORT);
    let evening = Evening::begin(setting).await;
    let address = evening.ops_address();
    evening
        .films
        .behave_for(Source::Omdb, Behaviour::too_many("3600"));
    evening.propose(&evening.ada, "tt9000001").await;
    evening.propose(&evening.ada, "tt9000002").await;
    let poll = evening.poll(&evening.ada).await;
    evening.vote(&evening.ben, &poll, "Film 1").await;

    let wanted = [
        (
            "marquee_build_info",
            &[("version", env!("CARGO_PKG_VERSION"))][..],
            1.0,
        ),
        ("marquee_gateway_connected", &[], 1.0),
        ("marquee_polls_rendered_total", &[], 1.0),
        ("marquee_films_shown_total", &[("details", "fresh")], 2.0),
        ("marquee_film_cache_reads_total", &[("outcome", "hit")], 2.0),
        ("marquee_votes_recorded_total", &[("change", "given")], 1.0),
        (
            "marquee_provider_answers_total",
            &[("provider", "omdb"), ("class", "quota")],
            1.0,
        ),
        (
            "marquee_provider_answers_total",
            &[("provider", "cinemeta"), ("class", "found")],
            2.0,
        ),
        (
            "marquee_provider_call_duration_seconds_count",
            &[("provider", "cinemeta")],
            2.0,
        ),
        (
            "marquee_provider_state",
            &[("provider", "omdb"), ("state", "quota")],
            1.0,
        ),
        (
            "marquee_provider_state",
            &[("provider", "cinemeta"), ("state", "up")],
            1.0,
        ),
        ("marquee_provider_requests_today", &[("provider", "omdb")], 1.0),
        ("marquee_provider_daily_limit", &[("provider", "omdb")], 1_000.0),
        (
            "marquee_interactions_total",
            &[("kind", "command"), ("outcome", "shown")],
            3.0,
        ),
        (
            "marquee_interactions_total",
            &[("kind", "component"), ("outcome", "shown")],
            1.0,
        ),
        ("marquee_discord_requests_total", &[("status", "429")], 0.0),
    ];
    // An answer is counted once Discord has taken it, a moment after its member sees it.
    let (text, scrape) = settled_figures(address, &wanted).await;
    for (name, labels, wanted) in wanted {
        let found = scrape.sum(name, labels);
        assert!(
            (found - wanted).abs() < 0.5,
            "{name} {labels:?} is {found}\n{text}"
        );
    }
    for (name, labels) in [
        ("marquee_store_statements_total", &[("work", "foreground")][..]),
        (
            "marquee_discord_requests_total",
            &[("route", "first_answer"), ("status", "2xx")],
        ),
        ("marquee_provider_rest_seconds", &[("provider", "omdb")]),
    ] {
        assert!(scrape.sum(name, labels) > 0.0, "{name}\n{text}");
    }
    // Labels are kept for ever by whoever collects them: no id of anybody or anything is one.
    for sample in &scrape.0 {
        for (label, value) in &sample.labels {
            let id = value.len() > 15 && value.bytes().all(|byte| byte.is_ascii_digit());
            assert!(!id && !value.contains("tt9"), "{} {label}={value}", sample.name);
        }
    }
    evening.end().await;
}

/// Figures in which everything was counted once.
fn every_figure() -> String {
    let metrics = Metrics::new();
    metrics.provider_answered(Source::Omdb, "found");
    metrics.provider_took(Source::Omdb, Duration::from_millis(1));
    metrics.set_providers(&[ProviderFigures {
        source: Source::Omdb,
        condition: Condition::Up,
        rest: Duration::ZERO,
        requests_today: 1,
        daily_limit: Some(2),
    }]);
    metrics.film_read(CacheRead::Hit);
    metrics.film_shown("fresh");
    metrics.poll_rendered();
    metrics.vote_recorded(VoteChange::Given);
    metrics.interaction_handled("command", "shown", Duration::from_millis(1));
    metrics.discord_answered("message", Some(200));
    metrics.set_connected(true);
    metrics.set_store(1, 1, 1);
    metrics.render()
}

#[test]
fn every_metric_is_described_and_every_description_is_of_a_metric() {
    let served: BTreeSet<String> = every_figure()
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|line| line.replace(' ', " | "))
        .collect();
    // | `marquee_polls_rendered` | counter | … |
    let described: BTreeSet<String> = include_str!("../../docs/metrics.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `marquee_"))
        .map(|line| {
            let mut cells = line.split('|').map(|cell| cell.trim().trim_matches('`'));
            let (name, kind) = (cells.next().unwrap(), cells.next().unwrap());
            format!("marquee_{name} | {kind}")
        })
        .collect();
    assert_eq!(served, described);
    assert!(served.len() > 15, "{served:?}");
}
