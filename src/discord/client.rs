//! Connecting to Discord, running, and stopping in good order.
//!
//! Owns the gateway's life: the token is checked first, commands are registered, fatal close codes
//! end the run with a sentence that says what to do, and a stop waits for what is being handled.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serenity::all::{ConnectionStage, GatewayError, GatewayIntents, ShardManager};
use serenity::client::ClientBuilder;
use serenity::http::{Http, HttpBuilder, Route};
use serenity::model::id::{ApplicationId, UserId};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::announce::ResultAnnouncer;
use super::commands;
use super::desk::Desk;
use super::intake::Intake;
use super::membership::Members;
use super::rest::{self, CallError, Patience, Rest};
use super::unread::Unread;
use crate::lifecycle::Tasks;
use crate::metrics::Metrics;
use crate::service::Service;
use crate::service::announce::Announcer;

/// How long checking the token may take, retries included.
const VERIFY_WITHIN: Duration = Duration::from_secs(4);

/// How long the registration of the commands is tried.
const REGISTER_WITHIN: Duration = Duration::from_mins(5);

/// How long the shards may take to say good-bye.
const CLOSE_WITHIN: Duration = Duration::from_millis(1500);

/// How long what is being handled may take to end, once the shards are closed. Together with the
/// rest of a stop it stays below five seconds.
const DRAIN_WITHIN: Duration = Duration::from_millis(2800);

/// How often the shards are looked after.
const WATCH_EVERY: Duration = Duration::from_secs(5);

/// A shard that is not connected for so long makes the watch ask Discord whether there are too few.
const SUSPICIOUS_AFTER: Duration = Duration::from_secs(15);

/// What the bot needs to know to connect.
#[derive(Debug, Clone)]
pub struct BotSettings {
    /// The bot's token.
    pub token: SecretString,
    /// Base of Discord's HTTP API (`discord.api_url`); `None` is Discord itself.
    pub api_url: Option<Url>,
    /// Where the privacy text is, for `/about`.
    pub privacy_url: Option<String>,
    /// Where the bot counts what it does.
    pub metrics: Metrics,
    /// Whether the application has the privileged intent for members (`discord.member_events`).
    pub member_events: bool,
}

/// Why the bot could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Discord does not know the token.
    #[error(
        "Discord does not accept the bot token; copy it again from the developer portal (Bot, Reset Token)"
    )]
    WrongToken,
    /// No answer, or none that helps.
    #[error("Discord cannot be reached: {0}")]
    Unreachable(String),
    /// Something answered that is not Discord's HTTP API.
    #[error("the answer is not Discord's; check discord.api_url: {0}")]
    NotDiscord(String),
    /// TLS or the client could not be set up.
    #[error("the connection to Discord could not be set up: {0}")]
    SetUp(String),
}

/// Why the run ended by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Close code 4004.
    #[error("Discord does not accept the bot token any more; put the new one in place and start again")]
    WrongToken,
    /// Close code 4013.
    #[error(
        "Discord does not know the gateway intents that were asked for (GUILDS, GUILD_MODERATION, GUILD_MESSAGE_REACTIONS, and GUILD_MEMBERS if discord.member_events is on)"
    )]
    InvalidIntents,
    /// Close code 4014.
    #[error(
        "Discord does not allow the gateway intents that were asked for: turn the Server Members Intent on in the developer portal (Bot, Privileged Gateway Intents), or discord.member_events off"
    )]
    DisallowedIntents,
    /// Close code 4011, or about to be.
    #[error("Discord wants {wanted} shards and {running} are running; start again to get them")]
    ShardingRequired {
        /// How many Discord asks for.
        wanted: u32,
        /// How many there are.
        running: u32,
    },
    /// The gateway gave up for another reason.
    #[error("the connection to Discord ended: {0}")]
    Gateway(String),
}

/// The bot, set up and not yet running.
pub struct Bot {
    client: serenity::Client,
    rest: Arc<Rest>,
    tasks: Tasks,
    application: Application,
    shards: u32,
}

/// The application that the token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Application {
    id: ApplicationId,
    name: String,
    bot: Option<BotUser>,
}

impl Application {
    /// The bot's own user.
    fn user(&self) -> UserId {
        let own = self.bot.as_ref().map(|bot| bot.id);
        own.unwrap_or_else(|| UserId::new(self.id.get()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct BotUser {
    id: UserId,
}

/// What Discord says about connecting.
#[derive(Debug, Deserialize)]
pub(super) struct Gateway {
    pub(super) url: String,
    pub(super) shards: u32,
    pub(super) session_start_limit: Option<SessionStarts>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SessionStarts {
    pub(super) remaining: u64,
    reset_after: u64,
}

/// Tells whether the bot is connected, for health checks. Clones ask the same bot.
#[derive(Debug, Clone)]
pub struct Connection {
    shards: Arc<ShardManager>,
    wanted: u32,
}

impl Connection {
    /// Whether every shard is connected.
    pub async fn is_up(&self) -> bool {
        let runners = self.shards.runners.lock().await;
        u32::try_from(runners.len()).is_ok_and(|running| running >= self.wanted)
            && runners
                .values()
                .all(|runner| runner.stage == ConnectionStage::Connected)
    }
}

impl Bot {
    /// Checks the token and sets the bot up; no event comes before [`Bot::run`]. Within 4 s. Whatever
    /// the bot does beside runs in `tasks`, which [`Bot::run`] stops at its end.
    ///
    /// # Errors
    /// When the token is wrong, or Discord is not to be had.
    pub async fn connect(
        settings: BotSettings,
        service: Service,
        tasks: Tasks,
    ) -> Result<Self, ConnectError> {
        let set_up = |error: &dyn std::error::Error| ConnectError::SetUp(error.to_string());
        let client = rest::client().map_err(|error| set_up(&error))?;
        let http = Arc::new(http(&settings, client.clone()));
        let rest = Arc::new(Rest::new(
            Arc::clone(&http),
            client.clone(),
            settings.metrics.clone(),
        ));

        let patience = Patience::until(Instant::now() + VERIFY_WITHIN);
        let (application, gateway) = tokio::try_join!(
            rest.get::<Application>(Route::Oauth2ApplicationCurrent, patience),
            rest.get::<Gateway>(Route::GatewayBot, patience),
        )
        .map_err(connect_error)?;
        http.set_application_id(application.id);
        if let Some(SessionStarts {
            remaining: 0,
            reset_after,
        }) = gateway.session_start_limit
        {
            tracing::warn!(
                minutes = reset_after.div_ceil(60_000),
                "Discord allows no further session for now"
            );
        }

        let members = Members::new(Arc::clone(&rest), settings.member_events);
        service.set_membership(Arc::new(members));
        let desk = Arc::new(Desk::new(
            service,
            Arc::clone(&rest),
            &tasks,
            settings.privacy_url.clone(),
        ));
        let unread = Unread::new(Arc::clone(&desk), tasks.clone());
        let intake = Intake::new(desk, tasks.clone(), application.user());
        // serenity wants an Http of its own.
        let own = self::http(&settings, client);
        own.set_application_id(application.id);
        let client = ClientBuilder::new_with_http(own, intents(settings.member_events))
            .framework(intake)
            .raw_event_handler(unread)
            .await
            .map_err(|error| set_up(&error))?;
        // serenity asks for the address again and, if that fails, takes Discord's own, whatever the
        // base of the HTTP API: the answer from above stands.
        *client.ws_url.lock().await = gateway.url;
        Ok(Self {
            client,
            rest,
            tasks,
            application,
            shards: gateway.shards.max(1),
        })
    }

    /// The application's id: what an invite link names.
    pub fn application_id(&self) -> u64 {
        self.application.id.get()
    }

    /// The application's name.
    pub fn name(&self) -> &str {
        &self.application.name
    }

    /// The bot's way to announce results.
    pub fn announcer(&self) -> Arc<dyn Announcer> {
        Arc::new(ResultAnnouncer::new(
            Arc::clone(&self.rest),
            self.application.user(),
        ))
    }

    /// Tells whether the bot is connected.
    pub fn connection(&self) -> Connection {
        Connection {
            shards: Arc::clone(&self.client.shard_manager),
            wanted: self.shards,
        }
    }

    /// Runs until `shutdown` is cancelled, then ends what is being handled, within 4.5 s.
    ///
    /// # Errors
    /// When Discord ended the connection for good.
    pub async fn run(mut self, shutdown: CancellationToken) -> Result<(), RunError> {
        self.register_commands();
        let shards = Arc::clone(&self.client.shard_manager);
        let watch = watch(Arc::clone(&self.rest), Arc::clone(&shards), self.shards);
        let ended = tokio::select! {
            ended = self.client.start_shards(self.shards) => ended.map_err(run_error),
            too_few = watch => Err(too_few),
            () = shutdown.cancelled() => Ok(()),
        };
        if tokio::time::timeout(CLOSE_WITHIN, shards.shutdown_all())
            .await
            .is_err()
        {
            tracing::warn!("the connection to Discord was not closed in time");
        }
        let dropped = self.tasks.stop(DRAIN_WITHIN).await;
        tracing::info!(dropped, "stopped");
        ended
    }

    /// Registers the commands in the background: those that are there already go on working.
    fn register_commands(&self) {
        let rest = Arc::clone(&self.rest);
        let application = self.application.id;
        let stopping = self.tasks.stopping().clone();
        self.tasks.spawn("command registration", async move {
            let commands = commands::manifest();
            let patience = Patience::until(Instant::now() + REGISTER_WITHIN);
            let register = rest.put_commands(application, &commands, patience);
            let registered = tokio::select! {
                registered = register => registered,
                () = stopping.cancelled() => return,
            };
            match registered {
                Ok(()) => tracing::info!(commands = commands.len(), "commands are registered"),
                Err(error) => tracing::error!(%error, "the commands could not be registered"),
            }
        });
    }
}

/// What the bot hears of: its servers, bans, and reactions under messages, none of which is privileged;
/// and of members who come and leave, if the operator has that privilege.
const fn intents(member_events: bool) -> GatewayIntents {
    let always = GatewayIntents::GUILDS
        .union(GatewayIntents::GUILD_MODERATION)
        .union(GatewayIntents::GUILD_MESSAGE_REACTIONS);
    if member_events {
        always.union(GatewayIntents::GUILD_MEMBERS)
    } else {
        always
    }
}

/// serenity's HTTP, for the few calls that it makes by itself. Its rate limiter is off: with it on, a
/// proxy is ignored, and it keeps an entry for every interaction.
pub(super) fn http(settings: &BotSettings, client: reqwest::Client) -> Http {
    let builder = HttpBuilder::new(settings.token.expose_secret())
        .client(client)
        .ratelimiter_disabled(true);
    match &settings.api_url {
        Some(url) => builder.proxy(url.as_str().trim_end_matches('/')).build(),
        None => builder.build(),
    }
}

pub(super) fn connect_error(error: CallError) -> ConnectError {
    match error {
        // A token that no header can hold is no token.
        error if error.is_unauthorized() => ConnectError::WrongToken,
        CallError::Unsendable(_) => ConnectError::WrongToken,
        CallError::Refused { status: 400..500, .. } => ConnectError::NotDiscord(error.to_string()),
        CallError::Unreachable(why) | CallError::Unanswered(why) => ConnectError::Unreachable(why),
        error => ConnectError::Unreachable(error.to_string()),
    }
}

fn run_error(error: serenity::Error) -> RunError {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => RunError::WrongToken,
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => RunError::InvalidIntents,
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => RunError::DisallowedIntents,
        error => RunError::Gateway(error.to_string()),
    }
}

/// Looks after the shards, and returns when Discord wants more of them: serenity goes on trying for
/// ever after close code 4011.
async fn watch(rest: Arc<Rest>, shards: Arc<ShardManager>, running: u32) -> RunError {
    let mut down_since: Option<Instant> = None;
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        let all_up = shards
            .runners
            .lock()
            .await
            .values()
            .all(|runner| runner.stage == ConnectionStage::Connected);
        if all_up {
            down_since = None;
            continue;
        }
        let since = *down_since.get_or_insert_with(Instant::now);
        if since.elapsed() < SUSPICIOUS_AFTER {
            continue;
        }
        down_since = Some(Instant::now());
        tracing::warn!("not connected to Discord");
        let patience = Patience::until(Instant::now() + VERIFY_WITHIN);
        // No answer: the network is down, and serenity goes on trying.
        if let Ok(gateway) = rest.get::<Gateway>(Route::GatewayBot, patience).await
            && gateway.shards > running
        {
            return RunError::ShardingRequired {
                wanted: gateway.shards,
                running,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> CallError {
        CallError::Refused {
            status,
            code: 0,
            message: String::new(),
        }
    }

    #[test]
    fn a_wrong_token_is_told_from_a_wrong_address_and_from_an_outage() {
        assert!(matches!(connect_error(refused(401)), ConnectError::WrongToken));
        assert!(matches!(connect_error(refused(404)), ConnectError::NotDiscord(_)));
        assert!(matches!(
            connect_error(refused(503)),
            ConnectError::Unreachable(_)
        ));
        let nobody = CallError::Unreachable("refused".into());
        assert!(matches!(connect_error(nobody), ConnectError::Unreachable(_)));
    }

    #[test]
    fn fatal_close_codes_are_told_apart() {
        for (error, told) in [
            (GatewayError::InvalidAuthentication, RunError::WrongToken),
            (GatewayError::InvalidGatewayIntents, RunError::InvalidIntents),
            (
                GatewayError::DisallowedGatewayIntents,
                RunError::DisallowedIntents,
            ),
        ] {
            assert_eq!(run_error(serenity::Error::Gateway(error)), told);
        }
    }
}
