//! Discord's calls about single people: direct messages, and whether they are members.

use serde::{Deserialize, Serialize};
use serenity::http::{LightMethod, Request, Route};
use serenity::model::id::UserId;

use super::{CallError, Patience, Rest, with_body};
use crate::domain::ids::{ChannelId, GuildId, MemberId};

/// The most members that Discord lists at once.
const PAGE: usize = 1_000;

/// What opens a channel of direct messages.
#[derive(Debug, Serialize)]
struct Opening {
    recipient_id: UserId,
}

/// What is read of a channel.
#[derive(Debug, Deserialize)]
struct WireChannel {
    id: serenity::model::id::ChannelId,
}

/// What is read of a member.
#[derive(Debug, Deserialize)]
struct WireMember {
    user: WireUser,
}

#[derive(Debug, Deserialize)]
struct WireUser {
    id: UserId,
}

impl Rest {
    /// The channel of direct messages to a user. Whether they take any is known only by sending one.
    pub async fn open_direct(&self, member: MemberId, patience: Patience) -> Result<ChannelId, CallError> {
        self.pace.turn().await;
        let opening = Opening {
            recipient_id: UserId::new(member.0),
        };
        let request = with_body(Request::new(Route::UserMeDmChannels, LightMethod::Post), &opening)?;
        let answer = self.send(request, patience).await?;
        serde_json::from_slice::<WireChannel>(&answer.body)
            .map(|channel| ChannelId(channel.id.get()))
            .map_err(|error| CallError::Unanswered(error.to_string()))
    }

    /// Whether the user is a member of the server.
    pub async fn is_member(
        &self,
        guild: GuildId,
        member: MemberId,
        patience: Patience,
    ) -> Result<bool, CallError> {
        self.pace.turn().await;
        let route = Route::GuildMember {
            guild_id: guild.0.into(),
            user_id: UserId::new(member.0),
        };
        match self.get::<WireMember>(route, patience).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_unknown_member() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Everybody in the server, page by page. Discord allows it only to bots with the privileged intent
    /// for members.
    pub async fn list_members(&self, guild: GuildId, patience: Patience) -> Result<Vec<MemberId>, CallError> {
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let mut params = vec![("limit", PAGE.to_string())];
            params.extend(after.map(|after: UserId| ("after", after.to_string())));
            let route = Route::GuildMembers {
                guild_id: guild.0.into(),
            };
            self.pace.turn().await;
            let request = Request::new(route, LightMethod::Get).params(Some(params));
            let answer = self.send(request, patience).await?;
            let page: Vec<WireMember> = serde_json::from_slice(&answer.body)
                .map_err(|error| CallError::Unanswered(error.to_string()))?;
            members.extend(page.iter().map(|member| MemberId(member.user.id.get())));
            if page.len() < PAGE {
                return Ok(members);
            }
            after = page.last().map(|member| member.user.id);
        }
    }
}
