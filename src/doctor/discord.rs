//! Discord: does it take the token, and is its gateway reachable.

use std::time::Duration;

use super::{Finding, origin_of, token_alone};
use crate::app::discord_proxy;
use crate::config::{Config, Setting};
use crate::discord::check::{Identity, check};
use crate::discord::client::ConnectError;

const ABOUT: &str = "discord token";
const GATEWAY: &str = "gateway";

/// How long the questions may take together.
const WITHIN: Duration = Duration::from_secs(5);

/// So few sessions left today are worth a word.
const FEW_SESSIONS: u64 = 50;

pub(super) async fn examine(config: &Config, settings: &[Setting]) -> Vec<Finding> {
    if let Some(missing) = token_alone(config) {
        return vec![missing];
    }
    let Some(token) = config.discord.token.clone() else {
        return Vec::new();
    };
    match check(token, discord_proxy(config), WITHIN).await {
        Ok(identity) => told(&identity),
        Err(error) => {
            let advice = match &error {
                ConnectError::WrongToken => format!(
                    "copy it again from the developer portal (Bot, Reset Token); it was set by {}",
                    origin_of(settings, "discord.token")
                ),
                ConnectError::NotDiscord(_) => format!(
                    "look at discord.api_url, set by {}",
                    origin_of(settings, "discord.api_url")
                ),
                ConnectError::Unreachable(_) | ConnectError::SetUp(_) => {
                    "look at the network, the proxy and https://discordstatus.com".to_owned()
                }
            };
            vec![Finding::fail(ABOUT, error.to_string(), advice)]
        }
    }
}

fn told(identity: &Identity) -> Vec<Finding> {
    let Identity {
        name,
        shards,
        sessions_left,
        took,
        gateway,
    } = identity;
    let token = Finding::ok(
        ABOUT,
        format!("is that of {name}; answered in {} ms", took.as_millis()),
    );
    let gateway = match (gateway, sessions_left) {
        (Err(why), _) => Finding::fail(
            GATEWAY,
            format!("cannot be reached: {why}"),
            "let connections out to it; the bot needs WebSockets on port 443",
        ),
        (Ok(()), Some(left)) if *left < FEW_SESSIONS => Finding::warn(
            GATEWAY,
            format!("is reachable, but {left} sessions are left today"),
            "find out what starts the bot so often: Discord allows 1,000 a day",
        ),
        (Ok(()), _) => Finding::ok(GATEWAY, format!("is reachable; shards wanted: {shards}")),
    };
    vec![token, gateway]
}
