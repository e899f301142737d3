//! Looking whether Discord can be reached and takes the token, without connecting as the bot.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serenity::http::Route;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use url::Url;

use super::client::{BotSettings, ConnectError, Gateway, connect_error, http};
use super::rest::{self, Patience, Rest};
use crate::metrics::Metrics;

/// How long a connection to the gateway may take to come about.
const GATEWAY_WITHIN: Duration = Duration::from_secs(3);

/// What Discord says of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The bot's user name.
    pub name: String,
    /// How many shards Discord wants.
    pub shards: u32,
    /// How many more times the bot may connect today, when Discord tells.
    pub sessions_left: Option<u64>,
    /// How long Discord took to say who the bot is.
    pub took: Duration,
    /// Whether the gateway takes connections; otherwise why not.
    pub gateway: Result<(), String>,
}

#[derive(Deserialize)]
struct Me {
    username: String,
}

/// Asks Discord who the token belongs to, and tries the gateway's address. `within` bounds the questions; the
/// gateway may take 3 s more.
///
/// # Errors
/// When the token is wrong, or Discord is not to be had.
pub async fn check(
    token: SecretString,
    api_url: Option<Url>,
    within: Duration,
) -> Result<Identity, ConnectError> {
    let settings = BotSettings {
        token,
        api_url,
        privacy_url: None,
        metrics: Metrics::new(),
        member_events: false,
    };
    let client = rest::client().map_err(|error| ConnectError::SetUp(error.to_string()))?;
    let http = std::sync::Arc::new(http(&settings, client.clone()));
    let rest = Rest::new(http, client, settings.metrics);
    let begun = Instant::now();
    let patience = Patience::until(begun + within);
    let me: Me = rest.get(Route::UserMe, patience).await.map_err(connect_error)?;
    let took = begun.elapsed();
    let gateway: Gateway = rest
        .get(Route::GatewayBot, patience)
        .await
        .map_err(connect_error)?;
    Ok(Identity {
        name: me.username,
        shards: gateway.shards.max(1),
        sessions_left: gateway.session_start_limit.map(|limit| limit.remaining),
        took,
        gateway: reach(&gateway.url).await,
    })
}

async fn reach(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|_| "Discord's answer names no address".to_owned())?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("Discord's answer names no address".to_owned());
    };
    match timeout(GATEWAY_WITHIN, TcpStream::connect((host, port))).await {
        Ok(Ok(_connection)) => Ok(()),
        Ok(Err(error)) => Err(format!("{host}:{port}: {error}")),
        Err(_elapsed) => Err(format!("{host}:{port} does not answer")),
    }
}
