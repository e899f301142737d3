//! How an evening is set up: its database, its film databases, and what the operator configured.

use std::time::Duration;

use discord_sim::Sim;
use marquee::clock::Clock;
use marquee::config::{self, Config, Sources};
use marquee::domain::film::Source;

use super::database::TestDatabase;
use super::providers::{FakeFilms, OMDB_KEY, TMDB_TOKEN};

/// How an evening is set up.
pub struct Setting {
    /// The database.
    pub database: TestDatabase,
    /// The film databases.
    pub films: FakeFilms,
    /// Which of them the bot asks, in this order.
    pub providers: Vec<Source>,
    /// `metadata.fetch_timeout`.
    pub fetch_timeout: Duration,
    /// `metadata.renew_ahead`; off but where a story is about it, since it calls film databases and the
    /// database when the story does not expect it.
    pub renew_ahead: bool,
    /// The clock that the bot goes by.
    pub clock: Clock,
    /// What else the operator sets: variables and their values.
    pub also: Vec<(&'static str, String)>,
    /// Whether the application has the privileged intent for members, and the bot uses it.
    pub member_events: bool,
}

impl Setting {
    /// SQLite, Cinemeta alone, the product's own figures.
    pub fn new(films: FakeFilms) -> Self {
        Self {
            database: TestDatabase::sqlite(),
            films,
            providers: vec![Source::Cinemeta],
            fetch_timeout: Duration::from_secs(3),
            renew_ahead: false,
            clock: Clock::manual(1_790_000_000_000),
            also: Vec::new(),
            member_events: false,
        }
    }

    /// The same, with this variable set too.
    pub fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.also.push((variable, value.into()));
        self
    }

    /// The same, on this database.
    pub fn on(self, database: TestDatabase) -> Self {
        Self { database, ..self }
    }

    /// The same, asking these film databases, in this order.
    pub fn asking(self, providers: &[Source]) -> Self {
        Self {
            providers: providers.to_vec(),
            ..self
        }
    }

    /// The same, with this much time for film data.
    pub fn fetch_timeout(self, fetch_timeout: Duration) -> Self {
        Self {
            fetch_timeout,
            ..self
        }
    }

    /// The same, renewing film data before it expires, as the product does by itself.
    pub fn renewing_ahead(self) -> Self {
        Self {
            renew_ahead: true,
            ..self
        }
    }

    /// The environment that an operator would set for this.
    pub fn environment(&self, sim: &Sim) -> Vec<(String, String)> {
        let providers: Vec<&str> = self.providers.iter().map(|source| source.as_str()).collect();
        let timeout = format!("{}ms", self.fetch_timeout.as_millis());
        let environment = [
            ("DISCORD_TOKEN", sim.token().to_owned()),
            ("DATABASE_URL", self.database.options().url),
            ("MARQUEE_DISCORD__API_URL", sim.base_url().to_owned()),
            ("MARQUEE_METADATA__PROVIDERS", providers.join(",")),
            ("MARQUEE_METADATA__FETCH_TIMEOUT", timeout),
            (
                "MARQUEE_METADATA__RENEW_AHEAD",
                if self.renew_ahead { "on" } else { "off" }.to_owned(),
            ),
            ("MARQUEE_METADATA__OMDB__API_KEY", OMDB_KEY.to_owned()),
            (
                "MARQUEE_METADATA__OMDB__BASE_URL",
                self.films.base_url(Source::Omdb),
            ),
            ("MARQUEE_METADATA__TMDB__ACCESS_TOKEN", TMDB_TOKEN.to_owned()),
            (
                "MARQUEE_METADATA__TMDB__BASE_URL",
                self.films.base_url(Source::Tmdb),
            ),
            (
                "MARQUEE_METADATA__CINEMETA__BASE_URL",
                self.films.base_url(Source::Cinemeta),
            ),
            ("MARQUEE_DISCORD__MEMBER_EVENTS", self.member_events.to_string()),
            (
                "MARQUEE_METADATA__WIKIDATA__BASE_URL",
                self.films.base_url(Source::Wikidata),
            ),
            // Two bots of two stories would meet on the default port.
            ("MARQUEE_OPS__LISTEN", "off".to_owned()),
        ];
        // What comes later wins.
        environment
            .into_iter()
            .chain(self.also.clone())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// The configuration that comes of it.
    pub fn config(&self, sim: &Sim) -> Config {
        let sources = Sources {
            environment: self.environment(sim),
            ..Sources::default()
        };
        config::load(&sources).config.expect("a valid configuration")
    }
}
