//! Discord's calls about reactions.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::UserId;
use tokio::time::Instant;

use super::{CallError, Patience, Posted, Rest, bucket, my_turn};
use crate::domain::ids::MemberId;
use crate::domain::reaction::Number;

/// Between two changes of reactions in a channel: Discord takes one each 250 ms.
const GAP: Duration = Duration::from_millis(260);

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

/// A number under a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberThere {
    /// The number.
    pub number: Number,
    /// Whether the bot itself reacted with it.
    pub mine: bool,
    /// Whether anybody else did.
    pub others: bool,
}

/// What is read of somebody who reacted.
#[derive(Debug, Deserialize)]
struct Reactor {
    id: UserId,
    #[serde(default)]
    bot: bool,
}

/// Whose reactions are taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The bot's own.
    Own,
    /// One member's.
    Members(MemberId),
    /// All there are.
    Everybodys,
}

impl Rest {
    /// Puts the bot's own reaction under a message; one that is there stays.
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
        self.change(at, route, LightMethod::Put, patience).await
    }

    /// Takes reactions with a number away: the bot's own, or with Manage Messages a member's or everybody's.
    /// Those that are gone are no error.
    pub async fn remove_reactions(
        &self,
        at: Posted,
        number: Number,
        whose: Whose,
        patience: Patience,
    ) -> Result<(), CallError> {
        let emoji = encoded(number);
        let (channel_id, message_id) = (at.channel.0.into(), at.message.0.into());
        let reaction = emoji.as_str();
        let route = match whose {
            Whose::Own => Route::ChannelMessageReactionMe {
                channel_id,
                message_id,
                reaction,
            },
            Whose::Members(member) => Route::ChannelMessageReaction {
                channel_id,
                message_id,
                user_id: UserId::new(member.0),
                reaction,
            },
            Whose::Everybodys => Route::ChannelMessageReactionEmoji {
                channel_id,
                message_id,
                reaction,
            },
        };
        gone_is_well(self.change(at, route, LightMethod::Delete, patience).await)
    }

    /// Makes a call that changes reactions, when it is the channel's turn.
    async fn change(
        &self,
        at: Posted,
        route: Route<'_>,
        method: LightMethod,
        patience: Patience,
    ) -> Result<(), CallError> {
        let bucket = bucket(&self.reaction_buckets, at.channel);
        let mut free_at = my_turn(&bucket, patience).await?;
        self.pace.turn().await;
        let sent = self.send(Request::new(route, method), patience).await;
        // Counted from the end: from the beginning, a slow call and a quick one would be too close.
        *free_at = Some(Instant::now() + GAP);
        sent.map(drop)
    }

    /// The numbers that stand under a message.
    pub async fn list_reacted(&self, at: Posted, patience: Patience) -> Result<Vec<NumberThere>, CallError> {
        let route = Route::ChannelMessage {
            channel_id: at.channel.0.into(),
            message_id: at.message.0.into(),
        };
        self.pace.turn().await;
        let message: WireMessage = self.get(route, patience).await?;
        let there = message.reactions.into_iter().filter_map(|reaction| {
            Some(NumberThere {
                number: Number::from_emoji(&reaction.emoji.name?)?,
                mine: reaction.me,
                others: reaction.count > u64::from(reaction.me),
            })
        });
        Ok(there.collect())
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

/// What is to go and is gone already went well.
fn gone_is_well(outcome: Result<(), CallError>) -> Result<(), CallError> {
    match outcome {
        Err(error) if error.is_unknown_emoji() => Ok(()),
        outcome => outcome,
    }
}

/// The emoji as it stands in a path.
fn encoded(number: Number) -> String {
    utf8_percent_encode(number.emoji(), NON_ALPHANUMERIC).to_string()
}
