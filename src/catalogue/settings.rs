//! What the catalogue is told: which providers, where they are, with which keys, and how patiently.

use std::time::Duration;

use secrecy::SecretString;

use crate::domain::film::Source;

/// The settings of the chain. [`Default`] is the providers' real addresses and no keys.
#[derive(Debug, Clone)]
pub struct CatalogueSettings {
    /// The chain's order by id. A provider that needs a key and has none is passed over.
    pub providers: Vec<Source>,
    /// TMDB.
    pub tmdb: TmdbSettings,
    /// OMDb.
    pub omdb: OmdbSettings,
    /// Cinemeta.
    pub cinemeta: CinemetaSettings,
    /// Wikidata.
    pub wikidata: WikidataSettings,
    /// How long one look-up may keep an asker waiting, all providers together.
    pub fetch_timeout: Duration,
    /// Origins from which posters are taken besides the providers' own: `https://img.example.org`, or
    /// `http://127.0.0.1:8080` on a loopback address.
    pub poster_hosts: Vec<String>,
}

/// Where TMDB is and who asks. Base URLs are https, or http on a loopback address.
#[derive(Debug, Clone)]
pub struct TmdbSettings {
    /// Base of the API, version included.
    pub base_url: String,
    /// The read access token (v4 style).
    pub access_token: Option<SecretString>,
}

/// Where OMDb is and who asks.
#[derive(Debug, Clone)]
pub struct OmdbSettings {
    /// Base of the API.
    pub base_url: String,
    /// The key.
    pub api_key: Option<SecretString>,
    /// Requests a day in UTC at most, this process's own and those that others are known to have sent;
    /// `None` leaves it to OMDb to say when it is enough.
    pub daily_limit: Option<u64>,
}

/// What OMDb's free key allows: requests a day.
pub const OMDB_DAILY_LIMIT: u64 = 1_000;

/// Where Cinemeta is; it needs no key.
#[derive(Debug, Clone)]
pub struct CinemetaSettings {
    /// Base of the add-on.
    pub base_url: String,
}

/// Where Wikidata's query service is, which finds out what links mean; it needs no key.
#[derive(Debug, Clone)]
pub struct WikidataSettings {
    /// Base of the service; `None` switches it off.
    pub base_url: Option<String>,
}

impl Default for CatalogueSettings {
    fn default() -> Self {
        Self {
            providers: vec![Source::Tmdb, Source::Omdb, Source::Cinemeta],
            tmdb: TmdbSettings::default(),
            omdb: OmdbSettings::default(),
            cinemeta: CinemetaSettings::default(),
            wikidata: WikidataSettings::default(),
            fetch_timeout: Duration::from_secs(3),
            poster_hosts: Vec::new(),
        }
    }
}

impl Default for TmdbSettings {
    fn default() -> Self {
        Self {
            base_url: "https://api.themoviedb.org/3".to_owned(),
            access_token: None,
        }
    }
}

impl Default for OmdbSettings {
    fn default() -> Self {
        Self {
            base_url: "https://www.omdbapi.com".to_owned(),
            api_key: None,
            daily_limit: Some(OMDB_DAILY_LIMIT),
        }
    }
}

impl Default for CinemetaSettings {
    fn default() -> Self {
        Self {
            base_url: "https://v3-cinemeta.strem.io".to_owned(),
        }
    }
}

impl Default for WikidataSettings {
    fn default() -> Self {
        Self {
            base_url: Some("https://query.wikidata.org".to_owned()),
        }
    }
}

/// The settings cannot be used. Names no key.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A base URL that is not one.
    #[error("the base URL of {} cannot be used: {reason}", .source_name.label())]
    BaseUrl {
        /// Whose.
        source_name: Source,
        /// Why, in a few words.
        reason: &'static str,
    },
    /// A poster host that is not an origin.
    #[error("{origin:?} is no origin that posters can come from: {reason}")]
    PosterHost {
        /// As configured.
        origin: String,
        /// Why, in a few words.
        reason: &'static str,
    },
    /// A key with characters that no key has.
    #[error("the key of {} has characters that cannot be sent", .0.label())]
    Key(Source),
    /// The HTTP client could not be built.
    #[error("the HTTP client could not be set up: {0}")]
    Client(#[source] reqwest::Error),
}
