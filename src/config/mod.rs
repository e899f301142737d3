//! The operator's settings: defaults, then the file, then the environment, then flags.
//!
//! Owns their names, their bounds and the sentences for wrong ones. Opens nothing but the files it is
//! told of, and never prints a secret.

mod keys;
mod layers;
mod problem;
mod read;
mod report;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::domain::film::Source;

pub use keys::{KEYS, Key, Shown};
pub use layers::{DEFAULT_FILE, Sources};
pub use problem::{ConfigError, Problem};
pub use report::Setting;

/// The example configuration, which sets everything to its default and says what it means.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// How long a member may be made to wait for film data. The least leaves a provider nearby a chance;
/// the most is what a person bears.
const FETCH_TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(30);
/// How long film data may live: TMDB's terms allow six months.
const CACHE_TTL: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(180 * 24);

/// All settings, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// Discord.
    pub discord: Discord,
    /// The database.
    pub database: Database,
    /// Film data.
    pub metadata: Metadata,
    /// The operator's own endpoints.
    pub ops: Ops,
    /// The log.
    pub log: Log,
}

/// `[discord]`
#[derive(Debug, Clone)]
pub struct Discord {
    /// The bot's token. Commands that do not speak to Discord need none.
    pub token: Option<SecretString>,
    /// Where Discord's HTTP API is.
    pub api_url: Url,
    /// Whether the application has the privileged intent for members.
    pub member_events: bool,
    /// The page that says what this instance does with its members' data, for `/about`.
    pub privacy_url: Option<String>,
}

/// `[database]`
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://…`; may hold a password.
    pub url: SecretString,
}

/// `[metadata]`
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Which providers are asked, in this order; each is configured.
    pub providers: Vec<Source>,
    /// How long a member waits for film data at most.
    pub fetch_timeout: Duration,
    /// How long film data is fresh.
    pub cache_ttl: Duration,
    /// Whether film data of active proposals is renewed before it expires.
    pub renew_ahead: bool,
    /// Origins (`https://img.example.org`) beyond the known ones whose posters may be shown.
    pub poster_hosts: Vec<String>,
    /// TMDB's access token, when there is one.
    pub tmdb_access_token: Option<SecretString>,
    /// Where TMDB's API is, with its version in the path.
    pub tmdb_base_url: Url,
    /// OMDb's key, when there is one.
    pub omdb_api_key: Option<SecretString>,
    /// Where OMDb is.
    pub omdb_base_url: Url,
    /// Requests to OMDb a day at most, if the bot is to keep a limit.
    pub omdb_daily_limit: Option<u64>,
    /// Where Cinemeta is.
    pub cinemeta_base_url: Url,
    /// Where Wikidata's query service is, unless it is switched off.
    pub wikidata_base_url: Option<Url>,
}

/// `[ops]`
#[derive(Debug, Clone)]
pub struct Ops {
    /// Where the operator's endpoints listen, if they do.
    pub listen: Option<SocketAddr>,
}

/// `[log]`
#[derive(Debug, Clone)]
pub struct Log {
    /// What is logged, in the words of `tracing_subscriber`'s `EnvFilter`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, with colours on a terminal.
    Auto,
    /// For people, without colours.
    Plain,
    /// For machines: a JSON object a line.
    Json,
}

/// What [`load`] found: the settings with their origins, and the configuration if it is valid.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Every setting as it stands and where it was set, fit to be shown.
    pub settings: Vec<Setting>,
    /// The configuration, or everything that is wrong with it.
    pub config: Result<Config, ConfigError>,
}

/// Reads the configuration from these sources.
pub fn load(sources: &Sources) -> Loaded {
    let (figment, problems) = layers::stack(sources);
    let settings = report::settings(&figment);
    let mut reader = read::Reader::new(&figment, problems);
    let config = assemble(&mut reader);
    let problems = reader.into_problems();
    Loaded {
        settings,
        config: match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(ConfigError { problems }),
        },
    }
}

impl Config {
    /// The defaults, untouched by files and the environment.
    ///
    /// # Panics
    /// Never: the defaults are valid, which a test holds.
    pub fn defaults() -> Self {
        let figment = layers::defaults();
        assemble(&mut read::Reader::new(&figment, Vec::new())).expect("the defaults are valid")
    }

    /// The token that speaking to Discord needs.
    ///
    /// # Errors
    /// Says how to get one and where to put it.
    pub fn token(&self) -> Result<&SecretString, ConfigError> {
        self.discord.token.as_ref().ok_or_else(|| ConfigError {
            problems: vec![Problem::new(NO_TOKEN)],
        })
    }
}

const NO_TOKEN: &str = "There is no bot token. Create an application at https://discord.com/developers/applications, \
     copy the token from its Bot page, and put it into the environment variable DISCORD_TOKEN, \
     into a file named by DISCORD_TOKEN_FILE, or as `token` under [discord] into config.toml. \
     To look at Marquee without Discord, start `marquee demo`.";

fn assemble(reader: &mut read::Reader<'_>) -> Option<Config> {
    // Everything is read before anything is given up, so that one run tells every mistake.
    let token = reader.one("discord.token", read::token);
    let api_url = reader.one("discord.api_url", read::base_url);
    let member_events = reader.flag("discord.member_events");
    let privacy_url = reader.one("discord.privacy_url", read::page);
    let database_url = reader.one("database.url", read::database_url);
    let metadata = assemble_metadata(reader);
    let listen = reader.one("ops.listen", read::listen);
    let filter = reader.one("log.filter", read::log_filter);
    let format = reader.one("log.format", |text| match text {
        "auto" => Ok(LogFormat::Auto),
        "plain" => Ok(LogFormat::Plain),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("is {other:?}, but must be auto, plain or json.")),
    });
    Some(Config {
        discord: Discord {
            token,
            api_url: api_url?,
            member_events: member_events?,
            privacy_url,
        },
        database: Database { url: database_url? },
        metadata: metadata?,
        ops: Ops { listen: listen? },
        log: Log {
            filter: filter?,
            format: format?,
        },
    })
}

fn assemble_metadata(reader: &mut read::Reader<'_>) -> Option<Metadata> {
    let tmdb_access_token = reader.one("metadata.tmdb.access_token", read::secret);
    let tmdb_base_url = reader.one("metadata.tmdb.base_url", read::base_url);
    let omdb_api_key = reader.one("metadata.omdb.api_key", read::secret);
    let omdb_base_url = reader.one("metadata.omdb.base_url", read::base_url);
    let omdb_daily_limit = reader.one("metadata.omdb.daily_limit", read::daily_limit);
    let cinemeta_base_url = reader.one("metadata.cinemeta.base_url", read::base_url);
    let wikidata_base_url = reader.one("metadata.wikidata.base_url", read::base_url_or_off);
    let fetch_timeout = reader.one("metadata.fetch_timeout", |text| {
        read::duration(text, &FETCH_TIMEOUT)
    });
    let cache_ttl = reader.one("metadata.cache_ttl", |text| read::duration(text, &CACHE_TTL));
    let renew_ahead = reader.flag("metadata.renew_ahead");
    let poster_hosts = reader.list("metadata.poster_hosts", read::origin);
    let named = reader.list("metadata.providers", read::provider);

    let missing = |source| match source {
        Source::Tmdb if tmdb_access_token.is_none() => Some("metadata.tmdb.access_token"),
        Source::Omdb if omdb_api_key.is_none() => Some("metadata.omdb.api_key"),
        Source::Tmdb | Source::Omdb | Source::Cinemeta | Source::Wikidata => None,
    };
    let providers = named.unwrap_or_else(|| {
        [Source::Tmdb, Source::Omdb, Source::Cinemeta]
            .into_iter()
            .filter(|source| missing(*source).is_none())
            .collect()
    });
    for (at, source) in providers.iter().enumerate() {
        let name = source.as_str();
        if providers[..at].contains(source) {
            reader.refuse("metadata.providers", &format!("names {name} twice."));
        } else if let Some(needed) = missing(*source) {
            reader.refuse(
                "metadata.providers",
                &format!("names {name}, which needs `{needed}`: set that, or take {name} out."),
            );
        }
    }
    Some(Metadata {
        providers,
        fetch_timeout: fetch_timeout?,
        cache_ttl: cache_ttl?,
        renew_ahead: renew_ahead?,
        poster_hosts: poster_hosts.unwrap_or_default(),
        tmdb_access_token,
        tmdb_base_url: tmdb_base_url?,
        omdb_api_key,
        omdb_base_url: omdb_base_url?,
        omdb_daily_limit: omdb_daily_limit?,
        cinemeta_base_url: cinemeta_base_url?,
        wikidata_base_url: wikidata_base_url?,
    })
}
