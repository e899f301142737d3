//! A message as a plain value, and its translation into serenity's builders.
//!
//! Views make screens, tests look into them; only this file knows how Discord wants them. Whatever
//! the builder, no screen pings anybody: mentions render and notify no one (but see
//! [`Screen::into_announcement`]). Every update states
//! content, embeds and components, so that what is gone from the screen is gone from the message.

use serde_json::Value;
use serenity::builder::{
    CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed, CreateEmbedAuthor, CreateEmbedFooter,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage, CreateSelectMenu,
    CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, EditMessage,
};
use serenity::model::application::ButtonStyle;
use serenity::model::channel::ChannelType;

use super::components::Control;
use crate::domain::ids::{ChannelId, RoleId};

/// A message: text, embeds, rows of components.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screen {
    /// The text above the embeds; may be empty when there are embeds.
    pub content: String,
    /// The embeds, in order.
    pub embeds: Vec<Embed>,
    /// The rows of buttons and menus, in order.
    pub rows: Vec<Row>,
}

/// A card in a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embed {
    /// Its title; Discord renders some Markdown in it.
    pub title: Option<String>,
    /// What the title links to.
    pub url: Option<String>,
    /// Its text, in Markdown.
    pub description: Option<String>,
    /// The stripe on its left, `0xRRGGBB`.
    pub colour: Option<u32>,
    /// A small picture on its right.
    pub thumbnail: Option<String>,
    /// A large picture below the text.
    pub image: Option<String>,
    /// A line above the title, plain text.
    pub author: Option<String>,
    /// A line at the bottom, plain text.
    pub footer: Option<String>,
    /// Named values below the text.
    pub fields: Vec<Field>,
}

/// A named value in an embed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value, in Markdown.
    pub value: String,
    /// Whether it may stand beside others.
    pub inline: bool,
}

/// A row of components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Up to five buttons.
    Buttons(Vec<Button>),
    /// One menu.
    Select(Select),
    /// A menu of the server's channels that hold text, or of its roles; none may be chosen.
    Pick(Pick),
}

/// A menu of what the server has; Discord fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// What choosing asks the bot for.
    pub control: Control,
    /// What stands in it while nothing is chosen; plain text.
    pub placeholder: String,
    /// What there is to choose from, and what is chosen already.
    pub of: PickOf,
}

/// What a [`Pick`] offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickOf {
    /// Channels that hold text.
    Channels(Option<ChannelId>),
    /// Roles.
    Roles(Option<RoleId>),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it; plain text.
    pub label: String,
    /// How it looks; a link looks like a link whatever is said here.
    pub style: Style,
    /// What it does.
    pub press: Press,
    /// Whether it can be pressed.
    pub enabled: bool,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The one that most people want.
    Primary,
    /// One of several.
    Secondary,
    /// It confirms.
    Success,
    /// It takes something away.
    Danger,
}

/// What pressing a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Asks the bot for something.
    Control(Control),
    /// Opens a page.
    Link(String),
}

/// A menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// What choosing asks the bot for.
    pub control: Control,
    /// What stands in it while nothing is chosen; plain text.
    pub placeholder: String,
    /// How many options must be chosen at least.
    pub min: u8,
    /// How many may be chosen at most.
    pub max: u8,
    /// What can be chosen, 1 to 25.
    pub options: Vec<Choice>,
}

/// An option of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is called; plain text.
    pub label: String,
    /// What comes back when it is chosen; unique in its menu.
    pub value: String,
    /// A line below the label; plain text.
    pub description: Option<String>,
    /// Whether it is chosen already.
    pub chosen: bool,
}

impl Screen {
    /// A screen of text alone.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// The first answer to an interaction, or the update of a component's message by it.
    pub fn into_response_message(self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .allowed_mentions(nobody())
            .content(self.content)
            .embeds(self.embeds.into_iter().map(embed).collect())
            .components(self.rows.into_iter().map(row).collect())
    }

    /// The edit of an interaction's first answer.
    pub fn into_edit_response(self) -> EditInteractionResponse {
        EditInteractionResponse::new()
            .allowed_mentions(nobody())
            .content(self.content)
            .embeds(self.embeds.into_iter().map(embed).collect())
            .components(self.rows.into_iter().map(row).collect())
    }

    /// The edit of a message in a channel.
    pub fn into_edit_message(self) -> EditMessage {
        EditMessage::new()
            .allowed_mentions(nobody())
            .content(self.content)
            .embeds(self.embeds.into_iter().map(embed).collect())
            .components(self.rows.into_iter().map(row).collect())
    }

    /// A further answer to an interaction.
    pub fn into_followup(self) -> CreateInteractionResponseFollowup {
        CreateInteractionResponseFollowup::new()
            .allowed_mentions(nobody())
            .content(self.content)
            .embeds(self.embeds.into_iter().map(embed).collect())
            .components(self.rows.into_iter().map(row).collect())
    }

    /// A new message in a channel.
    pub fn into_message(self) -> CreateMessage {
        CreateMessage::new()
            .allowed_mentions(nobody())
            .content(self.content)
            .embeds(self.embeds.into_iter().map(embed).collect())
            .components(self.rows.into_iter().map(row).collect())
    }

    /// A new message in a channel that pings this role, if there is one, and nobody else: the announcement of a
    /// result, where a server asked for that. The one exception from the rule above.
    pub fn into_announcement(self, ping: Option<RoleId>) -> CreateMessage {
        let roles = ping.map(|role| serenity::model::id::RoleId::new(role.0));
        self.into_message().allowed_mentions(nobody().roles(roles))
    }

    /// What goes over the wire, for snapshots and comparisons.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self.clone().into_response_message()).unwrap_or_default()
    }
}

impl Button {
    /// A button that asks the bot for something.
    pub fn new(label: impl Into<String>, style: Style, control: Control) -> Self {
        Self {
            label: label.into(),
            style,
            press: Press::Control(control),
            enabled: true,
        }
    }

    /// A button that opens a page.
    pub fn link(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            style: Style::Secondary,
            press: Press::Link(url.into()),
            enabled: true,
        }
    }

    /// The same button, which can be pressed only if this is so.
    pub fn enabled_if(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }
}

/// `{"parse": []}`: mentions are shown and notify nobody.
fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

fn embed(from: Embed) -> CreateEmbed {
    let mut to = CreateEmbed::new();
    if let Some(title) = from.title {
        to = to.title(title);
    }
    if let Some(url) = from.url {
        to = to.url(url);
    }
    if let Some(description) = from.description {
        to = to.description(description);
    }
    if let Some(colour) = from.colour {
        to = to.colour(colour);
    }
    if let Some(thumbnail) = from.thumbnail {
        to = to.thumbnail(thumbnail);
    }
    if let Some(image) = from.image {
        to = to.image(image);
    }
    if let Some(author) = from.author {
        to = to.author(CreateEmbedAuthor::new(author));
    }
    if let Some(footer) = from.footer {
        to = to.footer(CreateEmbedFooter::new(footer));
    }
    to.fields(
        from.fields
            .into_iter()
            .map(|field| (field.name, field.value, field.inline)),
    )
}

fn row(from: Row) -> CreateActionRow {
    match from {
        Row::Buttons(buttons) => CreateActionRow::Buttons(buttons.into_iter().map(button).collect()),
        Row::Select(menu) => CreateActionRow::SelectMenu(select(menu)),
        Row::Pick(menu) => CreateActionRow::SelectMenu(pick(menu)),
    }
}

fn button(from: Button) -> CreateButton {
    let to = match from.press {
        Press::Link(url) => CreateButton::new_link(url),
        Press::Control(control) => CreateButton::new(control.encode()).style(match from.style {
            Style::Primary => ButtonStyle::Primary,
            Style::Secondary => ButtonStyle::Secondary,
            Style::Success => ButtonStyle::Success,
            Style::Danger => ButtonStyle::Danger,
        }),
    };
    to.label(from.label).disabled(!from.enabled)
}

fn select(from: Select) -> CreateSelectMenu {
    let options = from.options.into_iter().map(|choice| {
        let option = CreateSelectMenuOption::new(choice.label, choice.value).default_selection(choice.chosen);
        match choice.description {
            Some(description) => option.description(description),
            None => option,
        }
    });
    let kind = CreateSelectMenuKind::String {
        options: options.collect(),
    };
    CreateSelectMenu::new(from.control.encode(), kind)
        .placeholder(from.placeholder)
        .min_values(from.min)
        .max_values(from.max)
}

fn pick(from: Pick) -> CreateSelectMenu {
    let kind = match from.of {
        PickOf::Channels(chosen) => CreateSelectMenuKind::Channel {
            channel_types: Some(vec![ChannelType::Text, ChannelType::News]),
            default_channels: chosen.map(|channel| vec![channel.0.into()]),
        },
        PickOf::Roles(chosen) => CreateSelectMenuKind::Role {
            default_roles: chosen.map(|role| vec![role.0.into()]),
        },
    };
    CreateSelectMenu::new(from.control.encode(), kind)
        .placeholder(from.placeholder)
        .min_values(0)
        .max_values(1)
}

#[cfg(test)]
mod tests;
