//! What is counted while the bot runs, and how it is written out for Prometheus.
//!
//! Owns the figures and their form; knows nothing of who counts and decides nothing. A handle is passed along
//! and there is no global one: several bots run in one process of the tests, each with its own figures.

pub mod names;

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use crate::domain::film::Source;
use crate::domain::provider_health::Condition;
use names::Figure;

/// The content type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds in seconds: from a local answer to the longest that anybody waits.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.7, 1.5, 3.0, 5.0, 10.0];

/// What the cache had of a film that somebody looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheRead {
    /// Data that is fresh.
    Hit,
    /// Nothing, or nothing that could be used.
    Miss,
    /// Data past its time: renewed, or shown all the same.
    Expired,
}

/// What became of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteChange {
    /// It was given.
    Given,
    /// It was taken back.
    TakenBack,
    /// A private ballot was saved as a whole.
    Ballot,
}

/// How a film database is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderFigures {
    /// Which.
    pub source: Source,
    /// What it is doing.
    pub condition: Condition,
    /// How much longer it is left alone.
    pub rest: Duration,
    /// Requests since midnight in UTC.
    pub requests_today: u64,
    /// How many there may be.
    pub daily_limit: Option<u64>,
}

/// The figures. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

type Word = &'static str;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfProvider {
    provider: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAnswer {
    provider: Word,
    class: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    provider: Word,
    state: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOutcome {
    outcome: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfDetails {
    details: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfChange {
    change: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfInteraction {
    kind: Word,
    outcome: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfWork {
    work: Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    route: Word,
    status: Word,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

struct Inner {
    registry: Registry,
    provider_answers: Family<OfAnswer, Counter>,
    provider_call: Histograms<OfProvider>,
    provider_state: Family<OfState, Gauge>,
    provider_rest: Family<OfProvider, Gauge>,
    provider_requests_today: Family<OfProvider, Gauge>,
    provider_daily_limit: Family<OfProvider, Gauge>,
    film_cache_reads: Family<OfOutcome, Counter>,
    films_shown: Family<OfDetails, Counter>,
    polls_rendered: Counter,
    votes_recorded: Family<OfChange, Counter>,
    interactions: Family<OfInteraction, Counter>,
    interaction: Histograms<OfKind>,
    discord_requests: Family<OfRequest, Counter>,
    gateway_connected: Gauge,
    store_statements: Family<OfWork, Counter>,
    store_transactions: Counter,
}

impl Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Registers a metric and hands it back.
fn registered<M: Metric + Clone>(registry: &mut Registry, figure: Figure, metric: M) -> M {
    registry.register(figure.name, figure.help, metric.clone());
    metric
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

fn histograms<L: Clone + Hash + Eq>() -> Histograms<L> {
    Family::new_with_constructor(histogram)
}

impl Metrics {
    /// Figures of their own, all zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix(names::PREFIX);
        let all = &mut registry;
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        all.register(names::BUILD.name, names::BUILD.help, build);
        let inner = Inner {
            provider_answers: registered(all, names::PROVIDER_ANSWERS, Family::default()),
            provider_call: registered(all, names::PROVIDER_CALL, histograms()),
            provider_state: registered(all, names::PROVIDER_STATE, Family::default()),
            provider_rest: registered(all, names::PROVIDER_REST, Family::default()),
            provider_requests_today: registered(all, names::PROVIDER_REQUESTS_TODAY, Family::default()),
            provider_daily_limit: registered(all, names::PROVIDER_DAILY_LIMIT, Family::default()),
            film_cache_reads: registered(all, names::FILM_CACHE_READS, Family::default()),
            films_shown: registered(all, names::FILMS_SHOWN, Family::default()),
            polls_rendered: registered(all, names::POLLS_RENDERED, Counter::default()),
            votes_recorded: registered(all, names::VOTES_RECORDED, Family::default()),
            interactions: registered(all, names::INTERACTIONS, Family::default()),
            interaction: registered(all, names::INTERACTION, histograms()),
            discord_requests: registered(all, names::DISCORD_REQUESTS, Family::default()),
            gateway_connected: registered(all, names::GATEWAY_CONNECTED, Gauge::default()),
            store_statements: registered(all, names::STORE_STATEMENTS, Family::default()),
            store_transactions: registered(all, names::STORE_TRANSACTIONS, Counter::default()),
            registry,
        };
        Self(Arc::new(inner))
    }

    /// Counts a film database's answer.
    pub fn provider_answered(&self, source: Source, class: &'static str) {
        let of = OfAnswer {
            provider: source.as_str(),
            class,
        };
        self.0.provider_answers.get_or_create(&of).inc();
    }

    /// Notes how long a film database took.
    pub fn provider_took(&self, source: Source, took: Duration) {
        let of = of_provider(source);
        self.0
            .provider_call
            .get_or_create(&of)
            .observe(took.as_secs_f64());
    }

    /// Notes how the film databases are now.
    pub fn set_providers(&self, providers: &[ProviderFigures]) {
        for figures in providers {
            for condition in Condition::ALL {
                let of = OfState {
                    provider: figures.source.as_str(),
                    state: condition.as_str(),
                };
                let gauge = self.0.provider_state.get_or_create(&of);
                gauge.set(i64::from(condition == figures.condition));
            }
            let of = of_provider(figures.source);
            let set = |family: &Family<OfProvider, Gauge>, value: u64| {
                family
                    .get_or_create(&of)
                    .set(i64::try_from(value).unwrap_or(i64::MAX));
            };
            set(&self.0.provider_rest, figures.rest.as_secs());
            set(&self.0.provider_requests_today, figures.requests_today);
            if let Some(limit) = figures.daily_limit {
                set(&self.0.provider_daily_limit, limit);
            }
        }
    }

    /// Counts a film that somebody looked at.
    pub fn film_read(&self, read: CacheRead) {
        let outcome = match read {
            CacheRead::Hit => "hit",
            CacheRead::Miss => "miss",
            CacheRead::Expired => "expired",
        };
        self.0
            .film_cache_reads
            .get_or_create(&OfOutcome { outcome })
            .inc();
    }

    /// Counts a film as it was shown in somebody's poll: `fresh`, `old`, `on_the_way` or `none`.
    pub fn film_shown(&self, details: &'static str) {
        self.0.films_shown.get_or_create(&OfDetails { details }).inc();
    }

    /// Counts a poll that was drawn for somebody.
    pub fn poll_rendered(&self) {
        self.0.polls_rendered.inc();
    }

    /// Counts a change of somebody's vote.
    pub fn vote_recorded(&self, change: VoteChange) {
        let change = match change {
            VoteChange::Given => "given",
            VoteChange::TakenBack => "taken_back",
            VoteChange::Ballot => "ballot",
        };
        self.0.votes_recorded.get_or_create(&OfChange { change }).inc();
    }

    /// Counts an interaction that was handled, and how long that took.
    pub fn interaction_handled(&self, kind: &'static str, outcome: &'static str, took: Duration) {
        let of = OfInteraction { kind, outcome };
        self.0.interactions.get_or_create(&of).inc();
        let latency = self.0.interaction.get_or_create(&OfKind { kind });
        latency.observe(took.as_secs_f64());
    }

    /// Counts a request to Discord; without a status, none came back.
    pub fn discord_answered(&self, route: &'static str, status: Option<u16>) {
        let status = match status {
            Some(429) => "429",
            Some(200..300) => "2xx",
            Some(300..400) => "3xx",
            Some(400..500) => "4xx",
            Some(500..600) => "5xx",
            Some(_) | None => "none",
        };
        let of = OfRequest { route, status };
        self.0.discord_requests.get_or_create(&of).inc();
    }

    /// Notes whether the bot is connected.
    pub fn set_connected(&self, connected: bool) {
        self.0.gateway_connected.set(i64::from(connected));
    }

    /// Notes what was sent to the database since the start: `behind` are the statements that the bot made for
    /// itself, the others those that somebody waited for.
    pub fn set_store(&self, statements: u64, behind: u64, transactions: u64) {
        for (work, statements) in [("foreground", statements), ("behind", behind)] {
            let of = OfWork { work };
            raise(&self.0.store_statements.get_or_create(&of), statements);
        }
        raise(&self.0.store_transactions, transactions);
    }

    /// All of them, in the text format of `OpenMetrics`.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = text::encode(&mut text, &self.0.registry);
        text
    }
}

const fn of_provider(source: Source) -> OfProvider {
    OfProvider {
        provider: source.as_str(),
    }
}

/// Brings a counter that somebody else keeps up to date; it never goes back.
fn raise(counter: &Counter, to: u64) {
    counter
        .inner()
        .fetch_max(to, std::sync::atomic::Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_under_their_names() {
        let metrics = Metrics::new();
        metrics.provider_answered(Source::Omdb, "quota");
        metrics.discord_answered("message", Some(429));
        metrics.discord_answered("message", None);
        metrics.interaction_handled("command", "shown", Duration::from_millis(20));
        metrics.set_store(12, 5, 3);
        metrics.set_store(11, 5, 3);
        metrics.set_providers(&[ProviderFigures {
            source: Source::Omdb,
            condition: Condition::QuotaUsedUp,
            rest: Duration::from_mins(2),
            requests_today: 1_000,
            daily_limit: Some(1_000),
        }]);
        let text = metrics.render();
        for line in [
            "marquee_provider_answers_total{provider=\"omdb\",class=\"quota\"} 1",
            "marquee_discord_requests_total{route=\"message\",status=\"429\"} 1",
            "marquee_discord_requests_total{route=\"message\",status=\"none\"} 1",
            "marquee_interaction_duration_seconds_bucket{le=\"0.025\",kind=\"command\"} 1",
            "marquee_store_statements_total{work=\"foreground\"} 12",
            "marquee_store_statements_total{work=\"behind\"} 5",
            "marquee_provider_state{provider=\"omdb\",state=\"quota\"} 1",
            "marquee_provider_state{provider=\"omdb\",state=\"up\"} 0",
            "marquee_provider_rest_seconds{provider=\"omdb\"} 120",
            "marquee_provider_daily_limit{provider=\"omdb\"} 1000",
        ] {
            assert!(text.lines().any(|written| written == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn two_bots_of_one_process_count_apart() {
        let (one, other) = (Metrics::new(), Metrics::new());
        one.clone().poll_rendered();
        assert!(one.render().contains("marquee_polls_rendered_total 1"));
        assert!(other.render().contains("marquee_polls_rendered_total 0"));
    }
}
