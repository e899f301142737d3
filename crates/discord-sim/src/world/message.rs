//! A message as stored, with its reactions and attachments.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::interaction::InteractionKind;
use crate::id::Id;

/// Only its viewer sees it.
pub(crate) const FLAG_EPHEMERAL: u64 = 1 << 6;
/// The bot has deferred it and not filled it yet.
pub(crate) const FLAG_LOADING: u64 = 1 << 7;
/// No previews of links.
pub(crate) const FLAG_SUPPRESS_EMBEDS: u64 = 1 << 2;
/// No push notification.
pub(crate) const FLAG_SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// Components version 2, which this simulator does not model.
pub(crate) const FLAG_COMPONENTS_V2: u64 = 1 << 15;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attachment {
    /// Its id, unique everywhere.
    pub id: Id,
    /// Its name, cleaned as Discord does.
    pub filename: String,
    /// The alternative text.
    pub description: Option<String>,
    /// As declared by the uploader.
    pub content_type: Option<String>,
    /// Its length in bytes.
    pub size_bytes: usize,
    /// Where the simulator serves it.
    pub url: String,
}

/// An emoji: a Unicode one, or a server's own with an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Emoji {
    /// The id of a server's own emoji.
    pub id: Option<Id>,
    /// The emoji itself, or the name of a server's own.
    pub name: String,
}

/// One emoji under a message and who put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reaction {
    /// The emoji.
    pub emoji: Emoji,
    /// Everyone who reacted with it.
    pub user_ids: BTreeSet<Id>,
}

/// Somebody who was notified by a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ping {
    /// `@everyone` or `@here`.
    Everyone,
    /// A role with all who have it.
    Role(Id),
    /// One user.
    User(Id),
}

/// The interaction that a message answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) interaction_id: Id,
    pub(crate) kind: InteractionKind,
    pub(crate) user_id: Id,
    /// The command's name, for commands.
    pub(crate) name: Option<String>,
    /// The message whose component was used.
    pub(crate) interacted_message_id: Option<Id>,
    /// The first answer, when this message is a follow-up.
    pub(crate) original_id: Option<Id>,
}

/// A message with everything that Discord keeps of it.
#[derive(Clone, Debug)]
pub(crate) struct MessageData {
    pub(crate) id: Id,
    pub(crate) channel_id: Id,
    pub(crate) guild_id: Id,
    pub(crate) author_id: Id,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) flags: u64,
    pub(crate) tts: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) edited_at: Option<DateTime<Utc>>,
    /// The only person who sees it, when it is ephemeral.
    pub(crate) viewer_id: Option<Id>,
    pub(crate) origin: Option<Origin>,
    pub(crate) reactions: Vec<Reaction>,
    /// The message it replies to.
    pub(crate) replies_to: Option<Id>,
    /// Who was notified when it appeared; edits notify nobody.
    pub(crate) pings: Vec<Ping>,
}

impl MessageData {
    /// Whether `user_id` sees it at all.
    pub(crate) fn visible_to(&self, user_id: Id) -> bool {
        self.viewer_id.is_none_or(|viewer| viewer == user_id)
    }

    pub(crate) fn is_loading(&self) -> bool {
        self.flags & FLAG_LOADING != 0
    }

    /// The components in their rows, one after the other.
    pub(crate) fn flat_components(&self) -> impl Iterator<Item = &Value> {
        self.components
            .iter()
            .filter_map(|row| row.get("components")?.as_array())
            .flatten()
    }

    /// The component with this `custom_id`.
    pub(crate) fn component(&self, custom_id: &str) -> Option<&Value> {
        self.flat_components()
            .find(|c| c.get("custom_id").and_then(Value::as_str) == Some(custom_id))
    }
}
