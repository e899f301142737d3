//! The human: does what a person can do in Discord's client, and refuses what the client would refuse.

mod component;
mod messages;
mod modal;
mod reacting;
pub(crate) mod slash;

pub use slash::Slash;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::{Answer, Choice};
use crate::error::{Result, SimError};
use crate::id::Id;
use crate::place::Channel;
use crate::rules::permission::bits;
use crate::sim::Sim;
use crate::view::Message;
use crate::world::draft::Draft;
use crate::world::interaction::InteractionKind;
use crate::world::json as write;
use crate::world::posting::Posting;
use crate::world::sending::Sending;
use crate::world::{DeletedBy, World};

/// A person.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(crate) sim: Sim,
    pub(crate) id: Id,
}

fn refuse<T>(why: impl Into<String>) -> Result<T> {
    Err(SimError::Refused(why.into()))
}

impl Actor {
    /// The user's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The name as shown.
    pub fn name(&self) -> String {
        self.sim.core.look(|world| world.name_of(self.id))
    }

    /// Sets the language of this person's client, such as `de`.
    pub fn set_locale(&self, locale: &str) {
        self.sim.core.act(|world| {
            if let Some(user) = world.users.get_mut(&self.id) {
                locale.clone_into(&mut user.locale);
            }
        });
    }

    /// Starts a slash command; sub-commands follow with spaces, as in `round start`.
    pub fn slash(&self, channel: &Channel, command: &str) -> Slash {
        Slash::new(self.clone(), channel.id, command)
    }

    /// Types `partial` into an option that completes itself; what is offered.
    pub async fn autocomplete(
        &self,
        channel: &Channel,
        command: &str,
        option: &str,
        partial: &str,
    ) -> Result<Vec<Choice>> {
        self.slash(channel, command).autocomplete(option, partial).await
    }

    /// Uses a command of a message's menu.
    pub async fn message_command(&self, message: &Message, command: &str) -> Result<Answer> {
        let id = self.sim.core.act(|world| {
            let data = seen(world, self.id, message)?;
            let definition = slash::find(world, data.guild_id, self.id, command, 3)?;
            let target = write::message(world, &data, self.id);
            let sent = json!({
                "id": definition["id"], "name": command, "type": 3, "target_id": data.id,
                "resolved": {"messages": {data.id.to_string(): target}},
            });
            world.send_interaction(Sending {
                kind: InteractionKind::Command,
                label: format!("message command {command:?}"),
                command: Some(command.to_owned()),
                user_id: self.id,
                channel_id: data.channel_id,
                data: sent,
                source: None,
            })
        })?;
        Ok(self.answer(id).delivered().await)
    }

    /// Writes a message.
    pub fn say(&self, channel: &Channel, text: &str) -> Result<Message> {
        let payload = json!({ "content": text });
        let data = self.sim.core.act(|world| {
            if world.permissions(channel.id, self.id) & bits::SEND_MESSAGES == 0 {
                return refuse(format!("{} may not write here", world.name_of(self.id)));
            }
            if crate::rules::message::check(&payload, 0).is_err() || text.trim().is_empty() {
                return refuse("the message is empty or too long");
            }
            let who = world.name_of(self.id);
            world.note(format!("{who}: says {text:?}"));
            let draft = Draft {
                payload: &payload,
                uploads: &[],
            };
            let id = world.insert_message(Posting::plain(channel.id, self.id), draft);
            world
                .message(channel.id, id)
                .cloned()
                .ok_or_else(|| SimError::Refused("gone at once".into()))
        })?;
        Ok(Message {
            sim: self.sim.clone(),
            data: Arc::new(data),
        })
    }

    /// Deletes a message: one's own, or any with the permission to manage messages. An ephemeral one is
    /// dismissed by its viewer.
    pub fn delete_message(&self, message: &Message) -> Result<()> {
        self.sim.core.act(|world| {
            let data = seen(world, self.id, message)?;
            let manages = world.permissions(data.channel_id, self.id) & bits::MANAGE_MESSAGES != 0;
            if data.author_id != self.id && !manages && data.viewer_id.is_none() {
                return refuse("only its author and moderators may delete a message");
            }
            let who = world.name_of(self.id);
            world.note(format!("{who}: deletes message {}", data.id));
            world.delete_message(data.channel_id, data.id, DeletedBy::Person);
            Ok(())
        })
    }

    fn answer(&self, id: Id) -> Answer {
        Answer {
            sim: self.sim.clone(),
            id,
        }
    }
}

/// The message as it is now, if this person sees it.
fn seen(world: &World, user_id: Id, message: &Message) -> Result<crate::world::message::MessageData> {
    let Some(data) = world.message(message.data.channel_id, message.data.id) else {
        return refuse(format!("message {} is gone", message.data.id));
    };
    let in_channel = world.permissions(data.channel_id, user_id) & bits::VIEW_CHANNEL != 0;
    if !in_channel || !data.visible_to(user_id) {
        return refuse(format!(
            "message {} is not visible to {}",
            data.id,
            world.name_of(user_id)
        ));
    }
    Ok(data.clone())
}

/// The text under a key, or nothing.
fn text<'v>(json: &'v Value, key: &str) -> &'v str {
    json[key].as_str().unwrap_or_default()
}
