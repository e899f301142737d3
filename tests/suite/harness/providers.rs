//! A local film database that speaks as TMDB, OMDb, Cinemeta and Wikidata do, counts who asks for what, and
//! misbehaves on command.
//!
//! Each provider has its own port on the loopback address. The films are one list for all of them; the
//! behaviour is each one's own.

mod behaviour;
mod dialects;
mod server;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use marquee::catalogue::{
    CatalogueSettings, CinemetaSettings, OMDB_DAILY_LIMIT, OmdbSettings, TmdbSettings, WikidataSettings,
};
use marquee::domain::film::Source;
use marquee::domain::ids::ImdbId;

pub use behaviour::Behaviour;
use server::Server;

/// The key with which OMDb must be asked; any other is refused.
pub const OMDB_KEY: &str = "omdb-key-5f0c9a";

/// The token with which TMDB must be asked.
pub const TMDB_TOKEN: &str = "tmdb-token-77b1e2";

const SOURCES: [Source; 4] = [Source::Tmdb, Source::Omdb, Source::Cinemeta, Source::Wikidata];

/// A film that the databases know.
#[derive(Debug, Clone)]
pub struct Film {
    /// Its IMDb id.
    pub imdb_id: String,
    /// Its number on TMDB.
    pub tmdb_id: u64,
    /// Its slug on Letterboxd.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its year of release.
    pub year: u16,
    /// Its rating, as text.
    pub rating: String,
    /// Its plot.
    pub plot: String,
    /// Its poster; on TMDB a path is made of it.
    pub poster: String,
    /// Whether it is a series: of two seasons with three episodes each, a year apart, ended five years on.
    pub series: bool,
    /// How many people TMDB names besides its director.
    pub crew: usize,
}

impl Film {
    /// A film with everything that a film has.
    pub fn new(imdb_id: &str, title: &str, year: u16) -> Self {
        let digits: String = imdb_id.chars().filter(char::is_ascii_digit).collect();
        Self {
            imdb_id: imdb_id.to_owned(),
            tmdb_id: digits.parse().expect("an IMDb id has digits"),
            slug: title.to_lowercase().replace(' ', "-"),
            title: title.to_owned(),
            year,
            rating: "8.1".to_owned(),
            plot: format!("What happens in {title}."),
            poster: format!("https://m.media-amazon.com/images/M/{imdb_id}._V1_SX300.jpg"),
            series: false,
            crew: 1,
        }
    }

    /// Its id as the bot has it.
    pub fn id(&self) -> ImdbId {
        self.imdb_id.parse().expect("a fake film has an IMDb id")
    }
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Of whom.
    pub source: Source,
    /// Path and query, as sent.
    pub path: String,
}

/// What the servers share.
#[derive(Debug, Default)]
struct Shelf {
    films: Mutex<Vec<Film>>,
    calls: Mutex<Vec<Call>>,
    /// Bytes of bodies that the other side's system took.
    bytes_sent: AtomicU64,
}

/// The databases. They stop when this is dropped.
#[derive(Debug)]
pub struct FakeFilms {
    shelf: Arc<Shelf>,
    servers: [Server; 4],
}

impl FakeFilms {
    /// Starts the databases, well-behaved and without films.
    pub fn start() -> Self {
        let shelf = Arc::new(Shelf::default());
        let servers = SOURCES.map(|source| Server::start(source, Arc::clone(&shelf)));
        Self { shelf, servers }
    }

    /// Starts them with so many films, `tt9000001` and on.
    pub fn with_films(count: u32) -> Self {
        let films = Self::start();
        for n in 1..=count {
            films.add(Film::new(
                &format!("tt{}", 9_000_000 + n),
                &format!("Film {n}"),
                1990,
            ));
        }
        films
    }

    /// Adds a film to all of them.
    pub fn add(&self, film: Film) {
        lock(&self.shelf.films).push(film);
    }

    /// The ids of all films, in the order in which they were added.
    pub fn ids(&self) -> Vec<ImdbId> {
        lock(&self.shelf.films).iter().map(Film::id).collect()
    }

    /// Has all of them behave like this from the next request on.
    pub fn behave(&self, behaviour: &Behaviour) {
        for server in &self.servers {
            server.behave(behaviour.clone());
        }
    }

    /// Has one of them behave like this from the next request on.
    pub fn behave_for(&self, source: Source, behaviour: Behaviour) {
        self.server(source).behave(behaviour);
    }

    /// Every request that was made, in order.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.shelf.calls).clone()
    }

    /// The requests of one of them.
    pub fn calls_of(&self, source: Source) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.source == source);
        calls
    }

    /// How many bytes of bodies the askers' systems took.
    pub fn bytes_sent(&self) -> u64 {
        self.shelf.bytes_sent.load(Ordering::Relaxed)
    }

    /// How many requests named this IMDb id.
    pub fn calls_for(&self, id: &ImdbId) -> usize {
        self.calls()
            .iter()
            .filter(|call| call.path.contains(id.as_str()))
            .count()
    }

    /// Where one of them listens: what an operator would set as its base URL.
    pub fn base_url(&self, source: Source) -> String {
        let address = self.server(source).address();
        match source {
            Source::Tmdb => format!("http://{address}/3"),
            Source::Omdb | Source::Cinemeta | Source::Wikidata => format!("http://{address}"),
        }
    }

    /// Settings with which a catalogue asks these providers, in this order, with the right keys.
    pub fn settings(&self, providers: &[Source], fetch_timeout: Duration) -> CatalogueSettings {
        CatalogueSettings {
            providers: providers.to_vec(),
            tmdb: TmdbSettings {
                base_url: self.base_url(Source::Tmdb),
                access_token: Some(TMDB_TOKEN.into()),
            },
            omdb: OmdbSettings {
                base_url: self.base_url(Source::Omdb),
                api_key: Some(OMDB_KEY.into()),
                daily_limit: Some(OMDB_DAILY_LIMIT),
            },
            cinemeta: CinemetaSettings {
                base_url: self.base_url(Source::Cinemeta),
            },
            wikidata: WikidataSettings {
                base_url: Some(self.base_url(Source::Wikidata)),
            },
            fetch_timeout,
            poster_hosts: Vec::new(),
        }
    }

    fn server(&self, source: Source) -> &Server {
        self.servers
            .iter()
            .find(|server| server.source() == source)
            .expect("there is a server for every source")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
