//! Handles on guilds and channels, as a test or a page uses them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::actor::Actor;
use crate::error::{Result, SimError};
use crate::id::Id;
use crate::rules::permission::{Overwrite, bits};
use crate::sim::Sim;
use crate::view::Message;
use crate::world::{APPLICATION_ID, json as write};

/// A server with the bot in it.
#[derive(Clone, Debug)]
pub struct Guild {
    pub(crate) sim: Sim,
    pub(crate) id: Id,
}

impl Guild {
    /// Its id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.sim.core.look(|world| {
            world
                .guilds
                .get(&self.id)
                .map(|g| g.name.clone())
                .unwrap_or_default()
        })
    }

    /// Adds a text channel that everyone may use.
    pub fn add_channel(&self, name: &str) -> Channel {
        let id = self.sim.core.act(|world| world.add_channel(self.id, name));
        Channel {
            sim: self.sim.clone(),
            id,
        }
    }

    /// Adds a new person.
    pub fn add_member(&self, name: &str) -> Actor {
        self.add_member_with(name, 0)
    }

    /// Adds a new person with permissions beside everyone's, see [`crate::permissions`].
    pub fn add_member_with(&self, name: &str, permissions: u64) -> Actor {
        let id = self.sim.core.act(|world| {
            let id = world.add_user(name);
            world.join_guild(self.id, id, permissions);
            id
        });
        Actor {
            sim: self.sim.clone(),
            id,
        }
    }

    /// Adds another bot, which is not the one under test.
    pub fn add_other_bot(&self, name: &str) -> Actor {
        let actor = self.add_member(name);
        self.sim.core.act(|world| {
            if let Some(user) = world.users.get_mut(&actor.id) {
                user.bot = true;
            }
        });
        actor
    }

    /// Lets a person of another server join this one too.
    pub fn join(&self, actor: &Actor) {
        self.sim.core.act(|world| world.join_guild(self.id, actor.id, 0));
    }

    /// A member leaves, or is kicked.
    pub fn leave(&self, actor: &Actor) {
        self.sim
            .core
            .act(|world| world.leave_guild(self.id, actor.id, false));
    }

    /// Bans a person, who is taken out of the server if they are in it.
    pub fn ban(&self, actor: &Actor) {
        self.sim
            .core
            .act(|world| world.leave_guild(self.id, actor.id, true));
    }

    /// Grants the bot permissions beside everyone's, as its invite link does; see [`crate::permissions`].
    pub fn permit_bot(&self, permissions: u64) {
        self.sim.core.act(|world| {
            let guild = world.guilds.get_mut(&self.id);
            let roles = guild.into_iter().flat_map(|guild| guild.roles.values_mut());
            for role in roles.filter(|role| role.bot_id == Some(APPLICATION_ID)) {
                role.permissions |= permissions;
            }
        });
    }

    /// Adds a role; give it with [`Self::give_role`].
    pub fn add_role(&self, name: &str, permissions: u64, mentionable: bool) -> Id {
        self.sim
            .core
            .act(|world| world.add_role(self.id, name, permissions, mentionable))
    }

    /// Gives a member a role.
    pub fn give_role(&self, actor: &Actor, role_id: Id) {
        self.sim.core.act(|world| {
            if let Some(m) = world
                .guilds
                .get_mut(&self.id)
                .and_then(|g| g.members.get_mut(&actor.id))
            {
                m.roles.push(role_id);
            }
        });
    }

    /// Takes a role away from a member.
    pub fn take_role(&self, actor: &Actor, role_id: Id) {
        self.sim.core.act(|world| {
            if let Some(m) = world
                .guilds
                .get_mut(&self.id)
                .and_then(|g| g.members.get_mut(&actor.id))
            {
                m.roles.retain(|role| *role != role_id);
            }
        });
    }

    /// Sets the language that the server prefers, such as `de`.
    pub fn set_locale(&self, locale: &str) {
        self.sim.core.act(|world| {
            if let Some(guild) = world.guilds.get_mut(&self.id) {
                locale.clone_into(&mut guild.locale);
            }
        });
    }

    /// The channels, in their order.
    pub fn channels(&self) -> Vec<Channel> {
        let ids = self
            .sim
            .core
            .look(|world| world.guilds.get(&self.id).map(|g| g.channels.clone()));
        ids.unwrap_or_default()
            .into_iter()
            .map(|id| Channel {
                sim: self.sim.clone(),
                id,
            })
            .collect()
    }

    /// The people in it, without the bot.
    pub fn members(&self) -> Vec<Actor> {
        let ids = self.sim.core.look(|world| {
            let guild = world.guilds.get(&self.id)?;
            Some(
                guild
                    .members
                    .keys()
                    .copied()
                    .filter(|id| *id != APPLICATION_ID)
                    .collect::<Vec<_>>(),
            )
        });
        ids.unwrap_or_default()
            .into_iter()
            .map(|id| Actor {
                sim: self.sim.clone(),
                id,
            })
            .collect()
    }
}

/// A text channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(crate) sim: Sim,
    pub(crate) id: Id,
}

impl Channel {
    /// Its id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The id of its guild; 0 if the channel does not exist.
    pub fn guild_id(&self) -> Id {
        self.sim
            .core
            .look(|world| world.channels.get(&self.id).map_or(Id(0), |c| c.guild_id))
    }

    /// Its name, without `#`.
    pub fn name(&self) -> String {
        self.sim.core.look(|world| {
            world
                .channels
                .get(&self.id)
                .map(|c| c.name.clone())
                .unwrap_or_default()
        })
    }

    /// Takes permissions from the bot in this channel, see [`crate::permissions`].
    pub fn deny_bot(&self, permissions: u64) {
        let overwrite = Overwrite {
            target: APPLICATION_ID,
            is_member: true,
            allow: 0,
            deny: permissions,
        };
        self.sim.core.act(|world| world.set_overwrite(self.id, overwrite));
    }

    /// Takes permissions from a person in this channel.
    pub fn deny(&self, actor: &Actor, permissions: u64) {
        let overwrite = Overwrite {
            target: actor.id,
            is_member: true,
            allow: 0,
            deny: permissions,
        };
        self.sim.core.act(|world| world.set_overwrite(self.id, overwrite));
    }

    /// Deletes it with its messages, as a moderator does.
    pub fn delete(&self) {
        let id = self.id;
        self.sim.core.act(|world| world.delete_channel(id));
    }

    /// The messages that this person sees, ephemeral ones included, oldest first.
    pub fn messages_as(&self, actor: &Actor) -> Vec<Message> {
        self.messages_where(|m| m.visible_to(actor.id))
    }

    /// The messages that everyone sees, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.messages_where(|m| m.viewer_id.is_none())
    }

    fn messages_where(&self, keep: impl Fn(&crate::world::message::MessageData) -> bool) -> Vec<Message> {
        let found: Vec<_> = self.sim.core.look(|world| {
            world
                .messages(self.id)
                .filter(|m| keep(m))
                .cloned()
                .map(Arc::new)
                .collect()
        });
        found
            .into_iter()
            .map(|data| Message {
                sim: self.sim.clone(),
                data,
            })
            .collect()
    }

    /// The message with this id as it is now, whoever may see it; `None` once it is deleted.
    pub fn message(&self, id: Id) -> Option<Message> {
        let data = self.sim.core.look(|world| world.message(self.id, id).cloned())?;
        Some(Message {
            sim: self.sim.clone(),
            data: Arc::new(data),
        })
    }

    /// The messages as a person's client gets them, as Discord's JSON; nothing, if they may not see the
    /// channel. `flags` has bit 6 for ephemeral and bit 7 for "is thinking…".
    pub fn snapshot(&self, viewer_id: Id) -> Vec<Value> {
        self.sim.core.look(|world| {
            if world.permissions(self.id, viewer_id) & bits::VIEW_CHANNEL == 0 {
                return vec![];
            }
            let visible = world.messages(self.id).filter(|m| m.visible_to(viewer_id));
            visible.map(|m| write::message(world, m, viewer_id)).collect()
        })
    }

    /// Waits until the messages that everyone sees fulfil a condition; those messages then.
    pub async fn wait_until(
        &self,
        condition: impl Fn(&[Message]) -> bool,
        timeout: Duration,
    ) -> Result<Vec<Message>> {
        let check = |world: &crate::world::World| {
            let visible = world.messages(self.id).filter(|m| m.viewer_id.is_none());
            let messages: Vec<_> = visible
                .map(|m| Message {
                    sim: self.sim.clone(),
                    data: Arc::new(m.clone()),
                })
                .collect();
            condition(&messages).then_some(messages)
        };
        self.sim
            .core
            .wait_for(timeout, check)
            .await
            .ok_or_else(|| SimError::TimedOut {
                what: format!("a condition on #{}", self.name()),
                waited: timeout,
                transcript: self.sim.core.recent(),
            })
    }
}
