//! Sending interactions to the bot: the event in full, its token, and its place in the books.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::interaction::{InteractionData, InteractionKind};
use super::message::MessageData;
use super::{APPLICATION_ID, World, json as write};
use crate::error::SimError;
use crate::event::Event;
use crate::id::Id;
use crate::rules::attachment::MAX_FILE_BYTES;
use crate::rules::permission::bits;

/// An interaction before it has an id and a token.
#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) kind: InteractionKind,
    /// What the person did, in words.
    pub(crate) label: String,
    /// The command's full name, for commands.
    pub(crate) command: Option<String>,
    pub(crate) user_id: Id,
    pub(crate) channel_id: Id,
    /// The event's `data`.
    pub(crate) data: Value,
    /// The message whose component was used, or from whose component the modal was opened.
    pub(crate) source: Option<MessageData>,
}

impl World {
    /// Sends an interaction to the bot; its id. Refused when the person may not see the channel, or no
    /// session of the bot serves the guild.
    pub(crate) fn send_interaction(&mut self, sending: Sending) -> Result<Id, SimError> {
        let Sending {
            kind,
            label,
            command,
            user_id,
            channel_id,
            data,
            source,
        } = sending;
        let id = self.next_id();
        let token = URL_SAFE_NO_PAD.encode(format!("interaction:{id}:{user_id}"));
        let may = self.permissions(channel_id, user_id);
        let Some((channel, guild)) = self.place(channel_id) else {
            return Err(SimError::Refused(format!("there is no channel {channel_id}")));
        };
        let Some(member) = guild
            .members
            .get(&user_id)
            .filter(|_| may & bits::VIEW_CHANNEL != 0)
        else {
            return Err(SimError::Refused(format!(
                "#{} is not visible to them",
                channel.name
            )));
        };
        let guild_id = guild.id;
        if !self.sessions.values().any(|s| s.serves(guild_id)) {
            return Err(SimError::BotOffline(guild_id));
        }
        let mut member = write::member(self, member);
        member["permissions"] = json!(may.to_string());
        let mut on_channel = write::channel(channel);
        on_channel["permissions"] = json!(may.to_string());
        let locale = self.users.get(&user_id).map_or("en-US", |u| u.locale.as_str());
        let mut payload = json!({
            "id": id, "application_id": APPLICATION_ID, "type": kind.code(), "token": token, "version": 1,
            "data": data, "guild_id": guild_id, "channel_id": channel_id, "channel": on_channel,
            "guild": {"id": guild_id, "locale": guild.locale, "features": []}, "member": member,
            "app_permissions": self.permissions(channel_id, APPLICATION_ID).to_string(),
            "locale": locale, "guild_locale": guild.locale, "entitlements": [], "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": guild_id}, "context": 0,
            "attachment_size_limit": MAX_FILE_BYTES,
        });
        if let Some(source) = &source {
            payload["message"] = write::message(self, source, APPLICATION_ID);
        }
        let who = self.name_of(user_id);
        self.note(format!("{who}: {label} (interaction {id})"));
        self.insert_interaction(InteractionData {
            id,
            token,
            kind,
            label,
            command,
            user_id,
            guild_id,
            channel_id,
            source_id: source.map(|m| m.id),
            sent_at: self.clock.elapsed(),
            delivered_at: None,
            deliveries: 0,
            first: None,
            original_id: None,
            fulfilled: false,
            followup_ids: vec![],
            modal: None,
            choices: vec![],
            calls: vec![],
            event: payload.to_string().into(),
            data: payload["data"].take(),
            changed: watch::channel(()).0,
        });
        self.events.push(Event::InteractionSent {
            interaction_id: id,
            user_id,
        });
        self.deliver_interaction(id);
        Ok(id)
    }

    /// Gives the interaction's event to the gateway: once when it is sent, again on a test's wish.
    pub(crate) fn deliver_interaction(&mut self, id: Id) {
        let Some(interaction) = self.interactions.get_mut(&id) else {
            return;
        };
        interaction.deliveries += 1;
        let (guild_id, event) = (interaction.guild_id, Arc::clone(&interaction.event));
        self.dispatch(guild_id, 0, "INTERACTION_CREATE", Some(id), |_| &event);
    }

    /// Notes that an interaction's event has been written to a socket.
    pub(crate) fn interaction_was_delivered(&mut self, id: Id) {
        let now = self.clock.elapsed();
        if let Some(interaction) = self.interactions.get_mut(&id) {
            interaction.delivered_at.get_or_insert(now);
            interaction.touch();
        }
    }
}
