//! What one simulator is told at its start.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// The settings of one simulator; [`Default`] is Discord as it is, on a free loopback port.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Where to listen; only loopback addresses are accepted.
    pub listen: SocketAddr,
    /// The one bot token that is accepted; made up when absent, see [`crate::Sim::token`].
    pub token: Option<String>,
    /// The name of the application and of its bot user.
    pub bot_name: String,
    /// Discord's `OpenAPI` document, against which every request is validated. The default is what the
    /// environment variable `DISCORD_OPENAPI` names.
    pub openapi: Option<PathBuf>,
    /// Whether rate limits are kept; if not, requests are still counted.
    pub rate_limits: bool,
    /// How long the first answer to an interaction may take.
    pub interaction_deadline: Duration,
    /// How long an interaction's token works after the interaction.
    pub token_life: Duration,
    /// How long the waits of the actor's side last unless told otherwise.
    pub patience: Duration,
    /// The heartbeat interval told in HELLO; a session without a beat for one and a half is dropped.
    pub heartbeat_interval: Duration,
    /// The privileged intents that the application was granted.
    pub privileged_intents: u64,
    /// The least time between two IDENTIFYs of one concurrency bucket. Discord's is 5 s; the default
    /// is zero, so that tests may restart a bot at once.
    pub identify_interval: Duration,
    /// How many shards may identify at once, as told by `GET /gateway/bot`.
    pub max_concurrency: u64,
    /// First steps that the page suggests, in the Markdown of messages; a command in `code` that starts
    /// with a slash opens when it is clicked.
    pub hints: Vec<String>,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: None,
            bot_name: "Bot".to_owned(),
            openapi: std::env::var_os("DISCORD_OPENAPI")
                .filter(|v| !v.is_empty())
                .map(PathBuf::from),
            rate_limits: true,
            interaction_deadline: Duration::from_secs(3),
            token_life: Duration::from_mins(15),
            patience: Duration::from_secs(10),
            heartbeat_interval: Duration::from_millis(41_250),
            privileged_intents: 0,
            identify_interval: Duration::ZERO,
            hints: Vec::new(),
            max_concurrency: 1,
        }
    }
}
