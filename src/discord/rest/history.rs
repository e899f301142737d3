//! Discord's calls about what was said in a channel.

use serde::Deserialize;
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::UserId;

use super::{CallError, Patience, Rest};
use crate::domain::ids::{ChannelId, MessageId};

/// The most messages that Discord tells at once.
const PAGE: usize = 100;

/// The instant from which Discord's ids count, Unix milliseconds.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// What is read of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its id.
    pub id: MessageId,
    /// Who said it.
    pub author: UserId,
    /// Its text; the bot reads that of its own messages.
    pub content: String,
}

#[derive(Debug, Deserialize)]
struct WireMessage {
    id: serenity::model::id::MessageId,
    author: WireAuthor,
    #[serde(default)]
    content: String,
}

#[derive(Debug, Deserialize)]
struct WireAuthor {
    id: UserId,
}

impl Rest {
    /// The first hundred messages after an instant (Unix seconds), or the last hundred, the latest first.
    pub async fn list_messages(
        &self,
        channel: ChannelId,
        since: Option<i64>,
        patience: Patience,
    ) -> Result<Vec<Said>, CallError> {
        let route = Route::ChannelMessages {
            channel_id: channel.0.into(),
        };
        let mut params = vec![("limit", PAGE.to_string())];
        params.extend(since.map(|since| ("after", snowflake(since).to_string())));
        self.pace.turn().await;
        let request = Request::new(route, LightMethod::Get).params(Some(params));
        let answer = self.send(request, patience).await?;
        let messages: Vec<WireMessage> =
            serde_json::from_slice(&answer.body).map_err(|error| CallError::Unanswered(error.to_string()))?;
        Ok(messages
            .into_iter()
            .map(|message| Said {
                id: MessageId(message.id.get()),
                author: message.author.id,
                content: message.content,
            })
            .collect())
    }
}

/// An id that is lower than those of messages of this second, and higher than earlier ones.
const fn snowflake(unix_secs: i64) -> i64 {
    let since = unix_secs.saturating_mul(1000).saturating_sub(DISCORD_EPOCH_MS);
    if since < 0 { 0 } else { since << 22 }
}

#[cfg(test)]
mod tests {
    use super::snowflake;

    #[test]
    fn an_instant_lies_between_the_ids_of_before_and_after() {
        // Discord's own example, of 2016-04-30 11:18:25.796 UTC.
        let example = 175_928_847_299_117_063;
        assert!(snowflake(1_462_015_105) < example && example < snowflake(1_462_015_106));
        assert_eq!(snowflake(0), 0);
    }
}
