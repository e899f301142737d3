//! A message as seen at one moment, with what a test or a page asks of it. Read only.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Result, SimError};
use crate::id::Id;
use crate::sim::Sim;
use crate::world::json as write;
use crate::world::message::{Attachment, MessageData, Ping, Reaction};

/// A message as it was when it was looked up; [`Message::refresh`] looks again.
#[derive(Clone)]
pub struct Message {
    pub(crate) sim: Sim,
    pub(crate) data: Arc<MessageData>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.data, f)
    }
}

impl Message {
    /// Its id.
    pub fn id(&self) -> Id {
        self.data.id
    }

    /// Where it is.
    pub fn channel_id(&self) -> Id {
        self.data.channel_id
    }

    /// Whose it is.
    pub fn author_id(&self) -> Id {
        self.data.author_id
    }

    /// Its text, as sent.
    pub fn content(&self) -> &str {
        &self.data.content
    }

    /// Its embeds, as sent.
    pub fn embeds(&self) -> &[Value] {
        &self.data.embeds
    }

    /// One embed; one that is not there has nothing in it.
    pub fn embed(&self, at: usize) -> Embed<'_> {
        Embed {
            json: self.data.embeds.get(at).unwrap_or(&Value::Null),
        }
    }

    /// Its rows of components, as sent.
    pub fn components(&self) -> &[Value] {
        &self.data.components
    }

    /// Its buttons, row by row.
    pub fn buttons(&self) -> Vec<Button> {
        self.data
            .flat_components()
            .filter(|c| c["type"] == 2)
            .map(Button::from_json)
            .collect()
    }

    /// Its menus, row by row.
    pub fn selects(&self) -> Vec<Select> {
        let is_menu = |c: &&Value| matches!(c["type"].as_u64(), Some(3 | 5..=8));
        self.data
            .flat_components()
            .filter(is_menu)
            .map(Select::from_json)
            .collect()
    }

    /// The first button whose label is this.
    pub fn button_labelled(&self, label: &str) -> Option<Button> {
        self.buttons().into_iter().find(|b| b.label == label)
    }

    /// Discord's flags.
    pub fn flags(&self) -> u64 {
        self.data.flags
    }

    /// Whether only one person sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.data.viewer_id.is_some()
    }

    /// Whether it still says "is thinking…".
    pub fn is_loading(&self) -> bool {
        self.data.is_loading()
    }

    /// Whether it was edited after it had its content.
    pub fn is_edited(&self) -> bool {
        self.data.edited_at.is_some()
    }

    /// Its files.
    pub fn attachments(&self) -> &[Attachment] {
        &self.data.attachments
    }

    /// The reactions under it.
    pub fn reactions(&self) -> &[Reaction] {
        &self.data.reactions
    }

    /// How many reacted with this emoji.
    pub fn reaction_count(&self, emoji: &str) -> usize {
        self.data
            .reactions
            .iter()
            .find(|r| r.emoji.name == emoji)
            .map_or(0, |r| r.user_ids.len())
    }

    /// Who was notified when it appeared.
    pub fn pings(&self) -> &[Ping] {
        &self.data.pings
    }

    /// Discord's JSON for it, as a person's client gets it.
    pub fn to_json(&self, viewer_id: Id) -> Value {
        self.sim
            .core
            .look(|world| write::message(world, &self.data, viewer_id))
    }

    /// The message as it is now; `None` once it is deleted.
    pub fn refresh(&self) -> Option<Self> {
        let data = self
            .sim
            .core
            .look(|world| world.message(self.data.channel_id, self.data.id).cloned())?;
        Some(Self {
            sim: self.sim.clone(),
            data: Arc::new(data),
        })
    }

    /// Waits until this message fulfils a condition; the message then. Fails at once if it is deleted.
    pub async fn wait_until(&self, condition: impl Fn(&Self) -> bool, timeout: Duration) -> Result<Self> {
        let check = |world: &crate::world::World| {
            let Some(data) = world.message(self.data.channel_id, self.data.id) else {
                return Some(None);
            };
            let message = Self {
                sim: self.sim.clone(),
                data: Arc::new(data.clone()),
            };
            condition(&message).then_some(Some(message))
        };
        self.sim
            .core
            .wait_for(timeout, check)
            .await
            .flatten()
            .ok_or_else(|| SimError::TimedOut {
                what: format!(
                    "a condition on message {}, last seen as {:?}",
                    self.data.id,
                    self.refresh()
                ),
                waited: timeout,
                transcript: self.sim.core.recent(),
            })
    }
}

/// One embed of a message.
#[derive(Clone, Copy, Debug)]
pub struct Embed<'m> {
    json: &'m Value,
}

impl<'m> Embed<'m> {
    /// The embed as sent; null if there is none.
    pub fn json(&self) -> &'m Value {
        self.json
    }

    /// The title.
    pub fn title(&self) -> Option<&'m str> {
        self.json["title"].as_str()
    }

    /// The text.
    pub fn description(&self) -> Option<&'m str> {
        self.json["description"].as_str()
    }

    /// Where the title links to.
    pub fn url(&self) -> Option<&'m str> {
        self.json["url"].as_str()
    }

    /// The address of the small picture.
    pub fn thumbnail(&self) -> Option<&'m str> {
        self.json["thumbnail"]["url"].as_str()
    }

    /// The address of the large picture.
    pub fn image(&self) -> Option<&'m str> {
        self.json["image"]["url"].as_str()
    }

    /// The text at the foot.
    pub fn footer(&self) -> Option<&'m str> {
        self.json["footer"]["text"].as_str()
    }

    /// The colour of the edge, as `0xRRGGBB`.
    pub fn color(&self) -> Option<u64> {
        self.json["color"].as_u64()
    }

    /// Every field, as name and value.
    pub fn fields(&self) -> Vec<(&'m str, &'m str)> {
        let text = |field: &'m Value, key: &str| field[key].as_str().unwrap_or_default();
        let fields = self.json["fields"].as_array().map_or(&[][..], Vec::as_slice);
        fields
            .iter()
            .map(|f| (text(f, "name"), text(f, "value")))
            .collect()
    }
}

fn text(json: &Value, key: &str) -> String {
    json[key].as_str().unwrap_or_default().to_owned()
}

/// A button of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Button {
    /// What it says; empty if it has an emoji only.
    pub label: String,
    /// What the bot gets; empty for links.
    pub custom_id: String,
    /// Where a link goes.
    pub url: Option<String>,
    /// Discord's number of its style.
    pub style: u64,
    /// The emoji before the label.
    pub emoji: Option<String>,
    /// Whether it cannot be clicked.
    pub disabled: bool,
}

impl Button {
    fn from_json(json: &Value) -> Self {
        Self {
            label: text(json, "label"),
            custom_id: text(json, "custom_id"),
            url: json["url"].as_str().map(str::to_owned),
            style: json["style"].as_u64().unwrap_or_default(),
            emoji: json["emoji"]["name"].as_str().map(str::to_owned),
            disabled: json["disabled"] == true,
        }
    }
}

/// A menu of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Select {
    /// What the bot gets.
    pub custom_id: String,
    /// What it says while nothing is chosen.
    pub placeholder: String,
    /// What there is to choose from; empty for menus of users, roles and channels.
    pub options: Vec<SelectOption>,
    /// The fewest that may be chosen.
    pub min_values: u64,
    /// The most that may be chosen.
    pub max_values: u64,
    /// Whether it cannot be used.
    pub disabled: bool,
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SelectOption {
    /// What it says.
    pub label: String,
    /// What the bot gets.
    pub value: String,
    /// The smaller text below.
    pub description: String,
    /// Whether it is chosen to begin with.
    pub default: bool,
}

impl Select {
    fn from_json(json: &Value) -> Self {
        let options = json["options"].as_array().map_or(&[][..], Vec::as_slice);
        Self {
            custom_id: text(json, "custom_id"),
            placeholder: text(json, "placeholder"),
            options: options
                .iter()
                .map(|o| SelectOption {
                    label: text(o, "label"),
                    value: text(o, "value"),
                    description: text(o, "description"),
                    default: o["default"] == true,
                })
                .collect(),
            min_values: json["min_values"].as_u64().unwrap_or(1),
            max_values: json["max_values"].as_u64().unwrap_or(1),
            disabled: json["disabled"] == true,
        }
    }
}
