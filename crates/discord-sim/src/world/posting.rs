//! Messages and reactions coming, changing and going, with the events that follow.

use serde_json::{Value, json};

use super::draft::Draft;
use super::message::{Emoji, FLAG_EPHEMERAL, FLAG_LOADING, MessageData, Origin, Reaction};
use super::session::intent;
use super::{APPLICATION_ID, DeletedBy, World, json as write};
use crate::event::Event;
use crate::id::Id;
use crate::rules::permission::bits;
use crate::rules::{attachment, mention};
use crate::violation::Rule;

/// Who posts a new message where, and how it may be seen.
#[derive(Clone, Debug)]
pub(crate) struct Posting {
    pub(crate) channel_id: Id,
    pub(crate) author_id: Id,
    pub(crate) viewer_id: Option<Id>,
    pub(crate) origin: Option<Origin>,
    pub(crate) replies_to: Option<Id>,
    /// "Is thinking…": to be filled later.
    pub(crate) loading: bool,
}

impl Posting {
    /// A plain message by somebody.
    pub(crate) fn plain(channel_id: Id, author_id: Id) -> Self {
        Self {
            channel_id,
            author_id,
            viewer_id: None,
            origin: None,
            replies_to: None,
            loading: false,
        }
    }
}

impl World {
    /// Stores a new message and tells everybody who sees it; its id.
    pub(crate) fn insert_message(&mut self, posting: Posting, draft: Draft<'_>) -> Id {
        let id = self.next_id();
        let Posting {
            channel_id,
            author_id,
            viewer_id,
            origin,
            replies_to,
            loading,
        } = posting;
        let guild_id = self.channels.get(&channel_id).map_or(Id(0), |c| c.guild_id);
        let mut message = MessageData {
            id,
            channel_id,
            guild_id,
            author_id,
            content: String::new(),
            embeds: vec![],
            components: vec![],
            attachments: vec![],
            flags: if viewer_id.is_some() { FLAG_EPHEMERAL } else { 0 }
                | if loading { FLAG_LOADING } else { 0 },
            tts: false,
            created_at: self.clock.now(),
            edited_at: None,
            viewer_id,
            origin,
            reactions: vec![],
            replies_to,
            pings: vec![],
        };
        draft.write_over(self, &mut message);
        message.pings = self.pings_of(&message, draft.payload);
        self.blame_dangling_attachments(&message);
        self.messages.entry(channel_id).or_default().insert(id, message);
        if let Some(channel) = self.channels.get_mut(&channel_id).filter(|_| viewer_id.is_none()) {
            channel.last_message_id = Some(id);
        }
        self.note_message("new message", channel_id, id);
        self.announce_message("MESSAGE_CREATE", channel_id, id);
        self.events.push(Event::MessageCreated {
            channel_id,
            message_id: id,
            viewer_id,
        });
        id
    }

    /// Writes a draft over a message. Filling a deferred message counts as its creation: it pings.
    pub(crate) fn edit_message(&mut self, channel_id: Id, message_id: Id, draft: Draft<'_>) {
        let Some(mut message) = self.message(channel_id, message_id).cloned() else {
            return;
        };
        draft.write_over(self, &mut message);
        if message.is_loading() {
            message.flags &= !FLAG_LOADING;
            message.pings = self.pings_of(&message, draft.payload);
        } else {
            message.edited_at = Some(self.clock.now());
        }
        self.blame_dangling_attachments(&message);
        let viewer_id = message.viewer_id;
        if let Some(stored) = self.message_mut(channel_id, message_id) {
            *stored = message;
        }
        self.note_message("changed message", channel_id, message_id);
        self.announce_message("MESSAGE_UPDATE", channel_id, message_id);
        self.events.push(Event::MessageChanged {
            channel_id,
            message_id,
            viewer_id,
        });
    }

    /// Removes a message; whether it was there.
    pub(crate) fn delete_message(&mut self, channel_id: Id, message_id: Id, by: DeletedBy) -> bool {
        let Some(message) = self
            .messages
            .get_mut(&channel_id)
            .and_then(|m| m.remove(&message_id))
        else {
            return false;
        };
        self.deleted.insert(message_id, by);
        for file in &message.attachments {
            self.files.remove(&file.id);
        }
        let (guild_id, viewer_id) = (message.guild_id, message.viewer_id);
        if viewer_id.is_none() {
            let data = json!({"id": message_id, "channel_id": channel_id, "guild_id": guild_id}).to_string();
            self.dispatch(guild_id, intent::GUILD_MESSAGES, "MESSAGE_DELETE", None, |_| {
                &data
            });
        }
        self.events.push(Event::MessageDeleted {
            channel_id,
            message_id,
            viewer_id,
        });
        true
    }

    /// A line of the transcript for a message of the bot.
    fn note_message(&mut self, what: &str, channel_id: Id, message_id: Id) {
        let Some(m) = self
            .message(channel_id, message_id)
            .filter(|m| m.author_id == APPLICATION_ID)
        else {
            return;
        };
        let text: String = m.content.chars().take(80).collect();
        let (embeds, components, files) = (m.embeds.len(), m.flat_components().count(), m.attachments.len());
        let seen_by = m
            .viewer_id
            .map(|id| format!(", for {} only", self.name_of(id)))
            .unwrap_or_default();
        let thinking = if m.is_loading() { ", is thinking" } else { "" };
        self.note(format!(
            "     {what} {message_id}: {text:?}, {embeds} embeds, {components} components, {files} files{seen_by}{thinking}"
        ));
    }

    fn announce_message(&mut self, event: &str, channel_id: Id, message_id: Id) {
        let Some(message) = self.message(channel_id, message_id) else {
            return;
        };
        // What one person alone sees never comes over the gateway; direct messages have an intent of
        // their own, which is not modelled.
        if message.viewer_id.is_some() || self.direct_channels.contains_key(&channel_id) {
            return;
        }
        let listeners = self
            .sessions
            .values()
            .any(|s| s.intents & intent::GUILD_MESSAGES != 0);
        if !listeners {
            return;
        }
        let guild_id = message.guild_id;
        let full = write::gateway_message(self, message, true).to_string();
        let anyone_reads = message.author_id == APPLICATION_ID;
        let hidden = if anyone_reads {
            None
        } else {
            Some(write::gateway_message(self, message, false).to_string())
        };
        self.dispatch(
            guild_id,
            intent::GUILD_MESSAGES,
            event,
            None,
            |session| match &hidden {
                Some(hidden) if session.intents & intent::MESSAGE_CONTENT == 0 => hidden,
                _ => &full,
            },
        );
    }

    fn pings_of(&self, message: &MessageData, payload: &Value) -> Vec<super::message::Ping> {
        let may = self.permissions(message.channel_id, message.author_id);
        let Some(guild) = self.guilds.get(&message.guild_id) else {
            return vec![];
        };
        let rights = mention::Rights {
            everyone: may & bits::MENTION_EVERYONE != 0,
            mentionable_roles: guild
                .roles
                .values()
                .filter(|r| r.mentionable)
                .map(|r| r.id)
                .collect(),
        };
        let replied_to = message
            .replies_to
            .and_then(|id| self.message(message.channel_id, id));
        let mut pings = mention::pings(
            &message.content,
            payload.get("allowed_mentions"),
            &rights,
            replied_to.map(|m| m.author_id),
        );
        pings.retain(|ping| match ping {
            super::message::Ping::User(id) => guild.members.contains_key(id) && message.visible_to(*id),
            super::message::Ping::Role(id) => guild.roles.contains_key(id) && message.viewer_id.is_none(),
            super::message::Ping::Everyone => message.viewer_id.is_none(),
        });
        pings
    }

    fn blame_dangling_attachments(&mut self, message: &MessageData) {
        if message.author_id != APPLICATION_ID {
            return;
        }
        for embed in &message.embeds {
            for name in attachment::dangling(embed, &message.attachments) {
                let detail = format!(
                    "an embed of message {} names {name:?}, which was not uploaded",
                    message.id
                );
                self.violate(
                    Rule::DanglingAttachment,
                    detail,
                    message.origin.as_ref().map(|o| o.interaction_id),
                );
            }
        }
    }

    /// Adds or removes a user's reaction; whether that changed anything.
    pub(crate) fn set_reaction(
        &mut self,
        channel_id: Id,
        message_id: Id,
        user_id: Id,
        emoji: &Emoji,
        on: bool,
    ) -> bool {
        let Some(message) = self.message_mut(channel_id, message_id) else {
            return false;
        };
        let position = message.reactions.iter().position(|r| r.emoji == *emoji);
        let changed = match (position, on) {
            (Some(at), true) => message.reactions[at].user_ids.insert(user_id),
            (Some(at), false) => {
                let removed = message.reactions[at].user_ids.remove(&user_id);
                if message.reactions[at].user_ids.is_empty() {
                    message.reactions.remove(at);
                }
                removed
            }
            (None, true) => {
                message.reactions.push(Reaction {
                    emoji: emoji.clone(),
                    user_ids: [user_id].into(),
                });
                true
            }
            (None, false) => false,
        };
        if changed {
            self.announce_reaction(channel_id, message_id, user_id, emoji, on);
        }
        changed
    }

    /// Tells that a reaction appeared (`on`) or went away.
    pub(crate) fn announce_reaction(
        &mut self,
        channel_id: Id,
        message_id: Id,
        user_id: Id,
        emoji: &Emoji,
        on: bool,
    ) {
        let Some(message) = self.message(channel_id, message_id) else {
            return;
        };
        let (guild_id, author_id) = (message.guild_id, message.author_id);
        let mut data = json!({
            "user_id": user_id, "channel_id": channel_id, "message_id": message_id, "guild_id": guild_id,
            "emoji": write::emoji(emoji), "burst": false, "type": 0, "burst_colors": [],
        });
        if on {
            data["message_author_id"] = json!(author_id);
            let member = self.guilds.get(&guild_id).and_then(|g| g.members.get(&user_id));
            data["member"] = json!(member.map(|m| write::member(self, m)));
        }
        let name = if on {
            "MESSAGE_REACTION_ADD"
        } else {
            "MESSAGE_REACTION_REMOVE"
        };
        let data = data.to_string();
        self.dispatch(guild_id, intent::GUILD_MESSAGE_REACTIONS, name, None, |_| &data);
        self.events.push(Event::MessageChanged {
            channel_id,
            message_id,
            viewer_id: None,
        });
    }

    /// Removes every reaction, or every one with an emoji.
    pub(crate) fn clear_reactions(&mut self, channel_id: Id, message_id: Id, only: Option<&Emoji>) {
        let Some(message) = self.message_mut(channel_id, message_id) else {
            return;
        };
        message.reactions.retain(|r| only.is_some_and(|e| *e != r.emoji));
        let guild_id = message.guild_id;
        let mut data = json!({"channel_id": channel_id, "message_id": message_id, "guild_id": guild_id});
        let name = if let Some(emoji) = only {
            data["emoji"] = write::emoji(emoji);
            "MESSAGE_REACTION_REMOVE_EMOJI"
        } else {
            "MESSAGE_REACTION_REMOVE_ALL"
        };
        let data = data.to_string();
        self.dispatch(guild_id, intent::GUILD_MESSAGE_REACTIONS, name, None, |_| &data);
        self.events.push(Event::MessageChanged {
            channel_id,
            message_id,
            viewer_id: None,
        });
    }
}
