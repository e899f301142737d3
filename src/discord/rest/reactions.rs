//! Discord's calls about reactions.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::UserId;

use super::{CallError, Patience, Posted, Rest};
use crate::domain::ids::MemberId;
use crate::domain::reaction::Number;

/// The most of those who reacted that Discord tells at once.
const PAGE: usize = 100;

/// What is read of a message.
#[derive(Debug, Deserialize)]
struct WireMessage {
    #[serde(default)]
    reactions: Vec<WireReaction>,
}

#[derive(Debug, Deserialize)]
struct WireReaction {
    emoji: WireEmoji,
    count: u64,
    me: bool,
}

#[derive(Debug, Deserialize)]
struct WireEmoji {
    name: Option<String>,
}

/// What is read of somebody who reacted.
#[derive(Debug, Deserialize)]
struct Reactor {
    id: UserId,
    #[serde(default)]
    bot: bool,
}

impl Rest {
    /// Puts the bot's own reaction under a message; one that is there stays. Discord takes one each
    /// 250 ms in a channel: the caller's business.
    pub async fn add_reaction(
        &self,
        at: Posted,
        number: Number,
        patience: Patience,
    ) -> Result<(), CallError> {
        let emoji = encoded(number);
        let route = Route::ChannelMessageReactionMe {
            channel_id: at.channel.0.into(),
            message_id: at.message.0.into(),
            reaction: &emoji,
        };
        self.pace.turn().await;
        self.send(Request::new(route, LightMethod::Put), patience)
            .await
            .map(drop)
    }

    /// The numbers under a message with which anybody but the bot reacted.
    pub async fn list_reacted(&self, at: Posted, patience: Patience) -> Result<Vec<Number>, CallError> {
        let route = Route::ChannelMessage {
            channel_id: at.channel.0.into(),
            message_id: at.message.0.into(),
        };
        self.pace.turn().await;
        let message: WireMessage = self.get(route, patience).await?;
        let others = message
            .reactions
            .into_iter()
            .filter(|reaction| reaction.count > u64::from(reaction.me));
        Ok(others
            .filter_map(|reaction| Number::from_emoji(&reaction.emoji.name?))
            .collect())
    }

    /// Everybody but bots who reacted with this number, page by page.
    pub async fn list_reactors(
        &self,
        at: Posted,
        number: Number,
        patience: Patience,
    ) -> Result<Vec<MemberId>, CallError> {
        let emoji = encoded(number);
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let route = Route::ChannelMessageReactionEmoji {
                channel_id: at.channel.0.into(),
                message_id: at.message.0.into(),
                reaction: &emoji,
            };
            let mut params = vec![("limit", PAGE.to_string())];
            params.extend(after.map(|after: UserId| ("after", after.to_string())));
            self.pace.turn().await;
            let request = Request::new(route, LightMethod::Get).params(Some(params));
            let answer = match self.send(request, patience).await {
                Ok(answer) => answer,
                // Nobody reacted with it.
                Err(error) if error.is_unknown_emoji() => return Ok(members),
                Err(error) => return Err(error),
            };
            let page: Vec<Reactor> = serde_json::from_slice(&answer.body)
                .map_err(|error| CallError::Unanswered(error.to_string()))?;
            let people = page.iter().filter(|reactor| !reactor.bot);
            members.extend(people.map(|reactor| MemberId(reactor.id.get())));
            if page.len() < PAGE {
                return Ok(members);
            }
            after = page.last().map(|reactor| reactor.id);
        }
    }
}

/// The emoji as it stands in a path.
fn encoded(number: Number) -> String {
    utf8_percent_encode(number.emoji(), NON_ALPHANUMERIC).to_string()
}
