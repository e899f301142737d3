//! The composition root: from a configuration to a running bot, and back to nothing in good order.
//!
//! The only place where the layers meet. Decides no rule of theirs.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::catalogue::{
    Catalogue, CatalogueSettings, CinemetaSettings, OmdbSettings, TmdbSettings, WikidataSettings,
};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::discord::client::{Bot, BotSettings, Connection};
use crate::jobs::{self, Job};
use crate::lifecycle::Tasks;
use crate::metrics::Metrics;
use crate::ops;
use crate::service::{Service, ServiceSettings};
use crate::store::{Store, StoreOptions};

/// Discord's own address, for which nothing has to be redirected.
const DISCORD: &str = "https://discord.com/";

/// Enough for a bot of one process: PostgreSQL's default allows 100 in all.
const MAX_CONNECTIONS: u32 = 8;
/// How long a writer waits for another one. Discord's three seconds do not end it: whoever waits longer has been
/// answered by an acknowledgement.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement waits for a free connection (SQLite's writers for the one there is), or a command for
/// an unreachable server.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long tasks, and all that is left, may take to end once the bot has stopped, which takes 4.6 s at
/// most: a stop stays under five seconds.
const TASKS_WITHIN: Duration = Duration::from_millis(100);
const END_WITHIN: Duration = Duration::from_millis(250);

/// How long the database may take to answer whether it is there.
const PING_WITHIN: Duration = Duration::from_secs(1);

/// How often it is looked whether the bot is online yet.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What the bot must be allowed to do in a server: View Channel, Send Messages, Embed Links, Read Message
/// History; where members vote by reaction, Add Reactions and, to take away those that do not count, Manage
/// Messages.
const PERMISSIONS: u64 = (1 << 6) | (1 << 10) | (1 << 11) | (1 << 13) | (1 << 14) | (1 << 16);

/// The bot with everything it stands on, ready to run.
pub struct App {
    bot: Bot,
    service: Service,
    store: Store,
    tasks: Tasks,
    renew_ahead: bool,
    ops_address: Option<SocketAddr>,
}

impl App {
    /// Opens the database and brings its schema up, sets the providers up, checks the token with Discord
    /// and serves the operator's endpoints. Members notice nothing before [`App::run`].
    ///
    /// # Errors
    /// One sentence on what is missing or wrong and what to do about it.
    pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let token = config.token()?.clone();
        let store = open_store(&config.database).await?;
        store.migrate_up().await?;

        let (tasks, metrics) = (Tasks::new(), Metrics::new());
        let service = use_cases(config, store.clone(), clock, &tasks, metrics.clone())?;
        // For the credit that `/about` owes: it asks no database itself.
        service.titles().look().await?;
        service.resume_provider_health().await;
        let (keeper, stopping) = (service.clone(), tasks.stopping().clone());
        tasks.spawn("health of film databases", async move {
            keeper.keep_provider_health(stopping).await;
        });

        let settings = BotSettings {
            token,
            api_url: discord_proxy(config),
            privacy_url: config.discord.privacy_url.clone(),
            metrics: metrics.clone(),
            member_events: config.discord.member_events,
        };
        let bot = Bot::connect(settings, service.clone(), tasks.clone()).await?;
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            bot = bot.name(),
            "the token is good; invite the bot with {}",
            invite_link(bot.application_id())
        );

        let mut ops_address = None;
        if let Some(listen) = config.ops.listen {
            let running = Running {
                connection: bot.connection(),
                service: service.clone(),
                store: store.clone(),
                metrics,
            };
            ops_address = ops::serve(listen, running, &tasks).await;
        }
        Ok(Self {
            bot,
            service,
            store,
            tasks,
            renew_ahead: config.metadata.renew_ahead,
            ops_address,
        })
    }

    /// Where the operator's endpoints are served, if they are.
    pub const fn ops_address(&self) -> Option<SocketAddr> {
        self.ops_address
    }

    /// The use cases.
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Tells whether the bot is connected.
    pub fn connection(&self) -> Connection {
        self.bot.connection()
    }

    /// Ends when the bot is connected for the first time; for use beside [`App::run`].
    pub fn online(&self) -> impl Future<Output = ()> + Send + use<> {
        let connection = self.connection();
        async move {
            let mut look = tokio::time::interval(LOOK_EVERY);
            while !connection.is_up().await {
                look.tick().await;
            }
        }
    }

    /// Runs until told to stop, then ends within five seconds with nothing that was acknowledged lost.
    ///
    /// # Errors
    /// When Discord ended the connection for good.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        // Told to stop together with the bot, and also when Discord ends the connection by itself.
        let jobs_stop = stop.child_token();
        for job in self.jobs() {
            job.start(&self.tasks, jobs_stop.clone());
        }
        let ended = self.bot.run(stop).await;
        jobs_stop.cancel();
        let rest = async {
            self.tasks.stop(TASKS_WITHIN).await;
            self.store.close().await;
        };
        if tokio::time::timeout(END_WITHIN, rest).await.is_err() {
            tracing::warn!("the database was not closed in time");
        }
        Ok(ended?)
    }

    /// What goes on beside the bot for as long as it runs.
    fn jobs(&self) -> Vec<Job> {
        let mut jobs = vec![
            jobs::close_rounds(self.service.clone()),
            jobs::announce(self.service.clone(), self.bot.announcer()),
            jobs::forget_films(self.service.clone()),
        ];
        if self.renew_ahead {
            jobs.push(jobs::renew_films(self.service.clone()));
        }
        jobs
    }
}

/// What the operator's endpoints report on.
struct Running {
    connection: Connection,
    service: Service,
    store: Store,
    metrics: Metrics,
}

impl ops::Subject for Running {
    /// Members are served: connected to Discord, and the database answers.
    async fn ready(&self) -> bool {
        self.connection.is_up().await
            && tokio::time::timeout(PING_WITHIN, self.service.behind().ping())
                .await
                .is_ok_and(|answer| answer.is_ok())
    }

    async fn figures(&self) -> String {
        let metrics = &self.metrics;
        metrics.set_connected(self.connection.is_up().await);
        let (store, behind) = (&self.store, self.service.behind());
        metrics.set_store(store.statements(), behind.statements(), store.transactions());
        metrics.set_providers(&self.service.catalogue().figures());
        metrics.render()
    }
}

/// The use cases over this database, for the bot and for commands that do without it.
///
/// # Errors
/// Says which setting of the providers cannot be used.
pub fn use_cases(
    config: &Config,
    store: Store,
    clock: Clock,
    tasks: &Tasks,
    metrics: Metrics,
) -> anyhow::Result<Service> {
    let catalogue = Catalogue::measured(
        catalogue_settings(&config.metadata),
        clock.clone(),
        // No stop waits for a fetch: what is dropped is fetched again by the next view.
        TaskTracker::new(),
        metrics.clone(),
    )?;
    let settings = ServiceSettings {
        cache_ttl: config.metadata.cache_ttl,
        fetch_timeout: config.metadata.fetch_timeout,
    };
    Ok(Service::new(store, catalogue, clock, settings, tasks.tracker().clone()).measured(metrics))
}

/// Opens the database that the configuration names.
///
/// # Errors
/// Says which setting to look at.
pub async fn open_store(database: &config::Database) -> anyhow::Result<Store> {
    let options = StoreOptions {
        url: database.url.expose_secret().to_owned(),
        max_connections: MAX_CONNECTIONS,
        busy_timeout: BUSY_TIMEOUT,
        acquire_timeout: ACQUIRE_TIMEOUT,
    };
    Store::connect(&options)
        .await
        .context("can't use the database of `database.url` (DATABASE_URL)")
}

/// Where Discord's HTTP API is to be asked instead of at Discord, if anywhere.
pub fn discord_proxy(config: &Config) -> Option<url::Url> {
    let api_url = &config.discord.api_url;
    (api_url.as_str() != DISCORD).then(|| api_url.clone())
}

/// Where somebody who manages a server goes to have the bot in it.
pub fn invite_link(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )
}

/// The catalogue's part of the configuration.
pub fn catalogue_settings(metadata: &config::Metadata) -> CatalogueSettings {
    CatalogueSettings {
        providers: metadata.providers.clone(),
        tmdb: TmdbSettings {
            base_url: metadata.tmdb_base_url.to_string(),
            access_token: metadata.tmdb_access_token.clone(),
        },
        omdb: OmdbSettings {
            base_url: metadata.omdb_base_url.to_string(),
            api_key: metadata.omdb_api_key.clone(),
            daily_limit: metadata.omdb_daily_limit,
        },
        cinemeta: CinemetaSettings {
            base_url: metadata.cinemeta_base_url.to_string(),
        },
        wikidata: WikidataSettings {
            base_url: metadata.wikidata_base_url.as_ref().map(ToString::to_string),
        },
        fetch_timeout: metadata.fetch_timeout,
        poster_hosts: metadata.poster_hosts.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serenity::all::Permissions;

    use super::*;

    #[test]
    fn the_invite_link_asks_for_what_the_bot_needs_and_no_more() {
        let needed = Permissions::VIEW_CHANNEL
            | Permissions::SEND_MESSAGES
            | Permissions::EMBED_LINKS
            | Permissions::READ_MESSAGE_HISTORY
            | Permissions::ADD_REACTIONS
            | Permissions::MANAGE_MESSAGES;
        assert_eq!(PERMISSIONS, needed.bits());
        assert_eq!(
            invite_link(7),
            "https://discord.com/oauth2/authorize?client_id=7&scope=bot+applications.commands&permissions=93248"
        );
    }
}
