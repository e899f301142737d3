//! Users, guilds, members, roles and channels, as plain data.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::id::Id;
use crate::rules::permission::{self, Overwrite};

/// A person or the bot.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: Id,
    /// The name as shown.
    pub(crate) name: String,
    pub(crate) bot: bool,
    /// The client's language.
    pub(crate) locale: String,
}

/// A role; the `@everyone` role has the id of its guild.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    pub(crate) position: usize,
    pub(crate) mentionable: bool,
    /// The bot that this role came with.
    pub(crate) bot_id: Option<Id>,
}

/// A user's membership of one guild.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) user_id: Id,
    pub(crate) roles: Vec<Id>,
    pub(crate) joined_at: DateTime<Utc>,
}

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) owner_id: Id,
    pub(crate) locale: String,
    pub(crate) roles: BTreeMap<Id, Role>,
    pub(crate) members: BTreeMap<Id, Member>,
    pub(crate) channels: Vec<Id>,
}

impl Guild {
    /// What the member may do in the guild, before any channel has its say.
    pub(crate) fn base_permissions(&self, user_id: Id) -> u64 {
        let Some(member) = self.members.get(&user_id) else {
            return 0;
        };
        if self.owner_id == user_id {
            return permission::bits::ALL;
        }
        let everyone = self.roles.get(&self.id).map_or(0, |role| role.permissions);
        let sum = member
            .roles
            .iter()
            .filter_map(|id| self.roles.get(id))
            .fold(everyone, |sum, role| sum | role.permissions);
        if sum & permission::bits::ADMINISTRATOR == 0 {
            sum
        } else {
            permission::bits::ALL
        }
    }
}

/// A text channel of a guild.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: Id,
    pub(crate) guild_id: Id,
    pub(crate) name: String,
    pub(crate) position: usize,
    pub(crate) overwrites: Vec<Overwrite>,
    pub(crate) last_message_id: Option<Id>,
}
