//! The bot's own calls of Discord's HTTP API: time-outs, 429, pacing; one way for all of them.
//!
//! serenity's client has no time-outs, its rate limiter ignores a proxy and keeps an entry for every
//! interaction it ever answered, and its errors lose `retry_after`. So calls are built by serenity's
//! [`Request`] and sent here, the same way in production, behind `discord.api_url` and in tests.
//! Knows nothing of what is said: bodies come ready. Its errors never show an address, since those
//! of interactions hold their tokens.

mod direct;
mod error;
mod history;
mod reactions;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::http::{Http, LightMethod, Request, Route};
use serenity::model::id::{ApplicationId, InteractionId};
use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::pace::Pace;
use crate::domain::ids::{ChannelId, MessageId};
use crate::metrics::Metrics;

use error::BREATHER;
pub use error::CallError;
pub use reactions::Whose;

/// How long one attempt may take, headers and body together.
const ATTEMPT: Duration = Duration::from_secs(5);

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(2);

/// An answer's body is not read beyond this; a message with ten embeds has about 30 KiB.
const LONGEST_BODY: usize = 512 * 1024;

/// Channels whose bucket is remembered at most.
const BUCKETS: usize = 1024;

/// Discord's HTTP API, as the bot uses it.
#[derive(Debug)]
pub struct Rest {
    http: Arc<Http>,
    client: reqwest::Client,
    pace: Pace,
    metrics: Metrics,
    /// Those of edits.
    buckets: Buckets,
    /// Those of reactions.
    reaction_buckets: Buckets,
}

/// Calls of one kind in one channel: one after the other, so that each knows what the one before it was
/// told. Holds when the next may be made, if not at once.
type Bucket = tokio::sync::Mutex<Option<Instant>>;

/// The buckets of all channels.
type Buckets = Mutex<HashMap<ChannelId, Arc<Bucket>>>;

/// How long a call may go on, and whether it may be made twice.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// No attempt begins, and no wait ends, after this.
    pub until: Instant,
    /// Whether making the call twice does no harm.
    pub repeatable: bool,
}

impl Patience {
    /// For a call that may be made again until then.
    pub const fn until(until: Instant) -> Self {
        Self {
            until,
            repeatable: true,
        }
    }

    /// For a call that must not take effect twice: it is repeated only when it cannot have arrived.
    pub const fn once_until(until: Instant) -> Self {
        Self {
            until,
            repeatable: false,
        }
    }
}

/// A message that a call made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Where it stands.
    pub channel: ChannelId,
    /// Its id.
    pub message: MessageId,
}

/// A successful answer.
struct Answer {
    body: Vec<u8>,
    /// When the bucket is used up: how long until it is not.
    used_up_for: Option<Duration>,
}

/// What is read of a message.
#[derive(Deserialize)]
struct WireMessage {
    id: serenity::model::id::MessageId,
    channel_id: serenity::model::id::ChannelId,
}

impl From<WireMessage> for Posted {
    fn from(wire: WireMessage) -> Self {
        Self {
            channel: ChannelId(wire.channel_id.get()),
            message: MessageId(wire.id.get()),
        }
    }
}

/// What is read of the answer to a first answer (`?with_response=true`).
#[derive(Deserialize)]
struct WireCallback {
    resource: Option<WireResource>,
}

#[derive(Deserialize)]
struct WireResource {
    message: Option<WireMessage>,
}

/// What is read of a refusal.
#[derive(Deserialize, Default)]
#[serde(default)]
struct WireError {
    code: i64,
    message: String,
    retry_after: Option<f64>,
    global: bool,
}

/// The HTTP client for Discord: bounded in time, and following no redirects with the token.
///
/// # Errors
/// When TLS cannot be set up.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .use_rustls_tls()
        .connect_timeout(CONNECT)
        .timeout(ATTEMPT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

impl Rest {
    /// Calls with this client, to where and with whose token `http` says, counted in these figures.
    pub fn new(http: Arc<Http>, client: reqwest::Client, metrics: Metrics) -> Self {
        Self {
            http,
            client,
            pace: Pace::new(Instant::now()),
            metrics,
            buckets: Buckets::default(),
            reaction_buckets: Buckets::default(),
        }
    }

    /// The bot's figures.
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Makes the call and reads its answer's JSON.
    pub async fn get<T: for<'de> Deserialize<'de>>(
        &self,
        route: Route<'_>,
        patience: Patience,
    ) -> Result<T, CallError> {
        let answer = self.send(Request::new(route, LightMethod::Get), patience).await?;
        serde_json::from_slice(&answer.body).map_err(|error| CallError::Unanswered(error.to_string()))
    }

    /// Replaces the application's global commands.
    pub async fn put_commands(
        &self,
        application: ApplicationId,
        commands: &impl Serialize,
        patience: Patience,
    ) -> Result<(), CallError> {
        let route = Route::Commands {
            application_id: application,
        };
        let request = with_body(Request::new(route, LightMethod::Put), commands)?;
        self.pace.turn().await;
        self.send(request, patience).await.map(drop)
    }

    /// Gives an interaction its first answer. With `wants_message`, the message that it made, unless
    /// Discord's word on it was lost.
    pub async fn first_answer(
        &self,
        interaction: InteractionId,
        token: &str,
        answer: &impl Serialize,
        wants_message: bool,
        until: Instant,
    ) -> Result<Option<Posted>, CallError> {
        let route = Route::InteractionResponse {
            interaction_id: interaction,
            token,
        };
        let mut request = with_body(Request::new(route, LightMethod::Post), answer)?;
        if wants_message {
            request = request.params(Some(vec![("with_response", "true".to_owned())]));
        }
        let mut sent = self.send(request.clone(), Patience::once_until(until)).await;
        if sent.as_ref().is_err_and(CallError::may_have_arrived) {
            // Discord takes one first answer, so making the call again does no harm; if it is refused
            // as the second, the first has arrived.
            tokio::time::sleep(BREATHER).await;
            sent = self.send(request, Patience::until(until)).await;
            if sent.as_ref().is_err_and(CallError::is_answered_already) {
                return Ok(None);
            }
        }
        let answer = sent?;
        // The message is there whether or not its id can be read.
        Ok(serde_json::from_slice::<WireCallback>(&answer.body)
            .ok()
            .and_then(|callback| callback.resource?.message)
            .map(Posted::from))
    }

    /// Edits the first answer of an interaction.
    pub async fn edit_original(
        &self,
        token: &str,
        edit: &impl Serialize,
        patience: Patience,
    ) -> Result<Option<Posted>, CallError> {
        let request = with_body(Request::new(self.original(token)?, LightMethod::Patch), edit)?;
        let answer = self.send(request, patience).await?;
        Ok(serde_json::from_slice::<WireMessage>(&answer.body)
            .ok()
            .map(Posted::from))
    }

    /// The message that the first answer of an interaction made.
    pub async fn find_original(&self, token: &str, patience: Patience) -> Result<Posted, CallError> {
        let wire: WireMessage = self.get(self.original(token)?, patience).await?;
        Ok(wire.into())
    }

    /// Takes the first answer of an interaction away.
    pub async fn delete_original(&self, token: &str, patience: Patience) -> Result<(), CallError> {
        let request = Request::new(self.original(token)?, LightMethod::Delete);
        match self.send(request, patience).await {
            Err(error) if !error.is_gone() => Err(error),
            _ => Ok(()),
        }
    }

    /// Says something further in answer to an interaction.
    pub async fn follow_up(
        &self,
        token: &str,
        message: &impl Serialize,
        until: Instant,
    ) -> Result<(), CallError> {
        let route = Route::WebhookFollowupMessages {
            application_id: self.application()?,
            token,
        };
        let request = with_body(Request::new(route, LightMethod::Post), message)?;
        self.send(request, Patience::once_until(until)).await.map(drop)
    }

    /// Posts a message in a channel. `message` brings a nonce that Discord enforces, so that making the
    /// call twice posts once.
    pub async fn create_message(
        &self,
        channel: ChannelId,
        message: &impl Serialize,
        patience: Patience,
    ) -> Result<Posted, CallError> {
        self.pace.turn().await;
        let route = Route::ChannelMessages {
            channel_id: channel.0.into(),
        };
        let request = with_body(Request::new(route, LightMethod::Post), message)?;
        let answer = self.send(request, patience).await?;
        serde_json::from_slice::<WireMessage>(&answer.body)
            .map(Posted::from)
            .map_err(|error| CallError::Unanswered(error.to_string()))
    }

    /// Edits a message in a channel, keeping to the channel's bucket and to the bot's share a second.
    pub async fn edit_message(
        &self,
        at: Posted,
        edit: &impl Serialize,
        patience: Patience,
    ) -> Result<(), CallError> {
        let bucket = bucket(&self.buckets, at.channel);
        let mut free_at = my_turn(&bucket, patience).await?;
        self.pace.turn().await;
        let route = Route::ChannelMessage {
            channel_id: at.channel.0.into(),
            message_id: at.message.0.into(),
        };
        let request = with_body(Request::new(route, LightMethod::Patch), edit)?;
        let sent = self.send(request, patience).await;
        let used_up_for = match &sent {
            Ok(answer) => answer.used_up_for,
            Err(CallError::RateLimited(wait)) => Some(*wait),
            Err(_) => None,
        };
        *free_at = used_up_for.map(|wait| Instant::now() + wait);
        sent.map(drop)
    }

    /// Attempts the call until it ends well, ends for good, or patience does.
    async fn send(&self, request: Request<'_>, patience: Patience) -> Result<Answer, CallError> {
        let route = route_class(request.route_ref());
        loop {
            let left = patience.until.saturating_duration_since(Instant::now());
            let attempt = tokio::time::timeout(left.min(ATTEMPT), self.attempt(request.clone()));
            let attempted = attempt
                .await
                .unwrap_or_else(|_elapsed| Err(CallError::Unanswered("it took too long".to_owned())));
            self.metrics
                .discord_answered(route, status_of(attempted.as_ref()));
            let error = match attempted {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let again_at = error
                .retry_after(patience.repeatable)
                .map(|wait| Instant::now() + wait)
                .filter(|again_at| *again_at < patience.until);
            match again_at {
                Some(again_at) => tokio::time::sleep_until(again_at).await,
                None => return Err(error),
            }
        }
    }

    async fn attempt(&self, request: Request<'_>) -> Result<Answer, CallError> {
        let request = request
            .build(&self.client, self.http.token(), self.http.proxy.as_deref())
            .map_err(|error| CallError::Unsendable(error.to_string()))?
            .build()
            .map_err(|error| CallError::Unsendable(error.without_url().to_string()))?;
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(CallError::of_transport)?;
        let status = response.status();
        let header = |name: &str| {
            let text = response.headers().get(name)?.to_str().ok()?;
            text.parse::<f64>().ok()
        };
        let used_up_for = (header("x-ratelimit-remaining") == Some(0.0))
            .then(|| header("x-ratelimit-reset-after").and_then(seconds))
            .flatten();
        let retry_after = header("retry-after");
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(CallError::of_transport)? {
            if body.len() + chunk.len() > LONGEST_BODY {
                return Err(CallError::Unanswered("the answer is too long".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(Answer { body, used_up_for });
        }
        let error: WireError = serde_json::from_slice(&body).unwrap_or_default();
        if status.as_u16() == 429 {
            let wait = error
                .retry_after
                .or(retry_after)
                .and_then(seconds)
                .unwrap_or(Duration::from_secs(1));
            if error.global {
                self.pace.rest_until(Instant::now() + wait);
            }
            return Err(CallError::RateLimited(wait));
        }
        Err(CallError::Refused {
            status: status.as_u16(),
            code: error.code,
            message: error.message,
        })
    }

    fn application(&self) -> Result<ApplicationId, CallError> {
        self.http
            .application_id()
            .ok_or_else(|| CallError::Unsendable("the application's id is not known".to_owned()))
    }

    fn original<'a>(&self, token: &'a str) -> Result<Route<'a>, CallError> {
        Ok(Route::WebhookOriginalInteractionResponse {
            application_id: self.application()?,
            token,
        })
    }
}

/// The channel's bucket.
fn bucket(buckets: &Buckets, channel: ChannelId) -> Arc<Bucket> {
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    if buckets.len() >= BUCKETS && !buckets.contains_key(&channel) {
        let now = Instant::now();
        buckets.retain(|_, bucket| {
            let at_rest = |free_at: Option<Instant>| free_at.is_none_or(|free_at| free_at <= now);
            Arc::strong_count(bucket) > 1 || bucket.try_lock().is_ok_and(|free_at| !at_rest(*free_at))
        });
    }
    Arc::clone(buckets.entry(channel).or_default())
}

/// Waits until the bucket lets the next call pass, if that is before patience ends. The caller says when
/// the one after it may be made.
async fn my_turn(bucket: &Bucket, patience: Patience) -> Result<MutexGuard<'_, Option<Instant>>, CallError> {
    let Ok(free_at) = tokio::time::timeout_at(patience.until, bucket.lock()).await else {
        return Err(CallError::RateLimited(BREATHER));
    };
    if let Some(free_at) = *free_at {
        if free_at >= patience.until {
            let wait = free_at.saturating_duration_since(Instant::now());
            return Err(CallError::RateLimited(wait));
        }
        tokio::time::sleep_until(free_at).await;
    }
    Ok(free_at)
}

/// What a route is for, in few words: ids are no part of it.
const fn route_class(route: &Route<'_>) -> &'static str {
    match route {
        Route::InteractionResponse { .. } => "first_answer",
        Route::WebhookOriginalInteractionResponse { .. } => "later_answer",
        Route::WebhookFollowupMessages { .. } => "follow_up",
        Route::ChannelMessages { .. } | Route::ChannelMessage { .. } => "message",
        Route::ChannelMessageReaction { .. }
        | Route::ChannelMessageReactions { .. }
        | Route::ChannelMessageReactionEmoji { .. }
        | Route::ChannelMessageReactionMe { .. } => "reaction",
        Route::Commands { .. } => "commands",
        Route::Gateway | Route::GatewayBot | Route::Oauth2ApplicationCurrent => "start",
        _ => "other",
    }
}

/// The status that came back, if one did.
const fn status_of(attempted: Result<&Answer, &CallError>) -> Option<u16> {
    match attempted {
        Ok(_) => Some(200),
        Err(CallError::RateLimited(_)) => Some(429),
        Err(CallError::Refused { status, .. }) => Some(*status),
        Err(CallError::Unreachable(_) | CallError::Unanswered(_) | CallError::Unsendable(_)) => None,
    }
}

fn with_body<'a>(request: Request<'a>, body: &impl Serialize) -> Result<Request<'a>, CallError> {
    let unsendable = |error: serde_json::Error| CallError::Unsendable(error.to_string());
    let mut body = serde_json::to_value(body).map_err(unsendable)?;
    write_chosen_as_text(&mut body);
    Ok(request.body(Some(serde_json::to_vec(&body).map_err(unsendable)?)))
}

/// Ids are text for Discord; serenity writes those that are chosen already in a menu of channels or roles
/// (`default_values`) as numbers.
fn write_chosen_as_text(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "default_values" {
                    for id in value
                        .as_array_mut()
                        .into_iter()
                        .flatten()
                        .filter_map(|one| one.get_mut("id"))
                    {
                        if id.is_u64() {
                            *id = Value::String(id.to_string());
                        }
                    }
                } else {
                    write_chosen_as_text(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(write_chosen_as_text),
        _ => {}
    }
}

/// A time that Discord names in seconds, when it is one: not negative, an hour at most.
fn seconds(secs: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(secs.min(3600.0)).ok()
}
