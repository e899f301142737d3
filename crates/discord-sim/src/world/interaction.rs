//! An interaction from its sending to its end: who started it, how it was answered, what came after.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::id::Id;

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    /// Used a slash command or a command of a message's menu.
    Command,
    /// Clicked a button or chose from a select menu.
    Component,
    /// Typed into an option that completes itself.
    Autocomplete,
    /// Submitted a modal.
    Modal,
}

impl InteractionKind {
    /// Discord's number for it.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// The kind of the bot's first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// 4: a message at once.
    Message,
    /// 5: "is thinking…", a message later.
    DeferredMessage,
    /// 6: nothing to see, an update later.
    DeferredUpdate,
    /// 7: the component's message is changed at once.
    Update,
    /// 8: choices of an autocomplete.
    Choices,
    /// 9: a form to fill in.
    Modal,
}

impl AnswerKind {
    pub(crate) const fn from_code(code: u64) -> Option<Self> {
        Some(match code {
            4 => Self::Message,
            5 => Self::DeferredMessage,
            6 => Self::DeferredUpdate,
            7 => Self::Update,
            8 => Self::Choices,
            9 => Self::Modal,
            _ => return None,
        })
    }

    /// Discord's number for it.
    pub const fn code(self) -> u8 {
        match self {
            Self::Message => 4,
            Self::DeferredMessage => 5,
            Self::DeferredUpdate => 6,
            Self::Update => 7,
            Self::Choices => 8,
            Self::Modal => 9,
        }
    }
}

/// The bot's first answer: its kind, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FirstAnswer {
    /// The kind.
    pub kind: AnswerKind,
    /// The time between the interaction and the answer.
    pub after: Duration,
    /// Whether the answer is for its receiver only.
    pub ephemeral: bool,
}

impl FirstAnswer {
    /// The time between the interaction and the answer, in milliseconds.
    pub fn after_ms(&self) -> f64 {
        crate::clock::as_ms(self.after)
    }
}

/// One interaction as stored.
#[derive(Debug)]
pub(crate) struct InteractionData {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) kind: InteractionKind,
    /// What the person did, in words, for transcripts and errors.
    pub(crate) label: String,
    /// The command's full name, for commands.
    pub(crate) command: Option<String>,
    pub(crate) user_id: Id,
    pub(crate) guild_id: Id,
    pub(crate) channel_id: Id,
    /// The message whose component was used, or from whose component the modal was opened.
    pub(crate) source_id: Option<Id>,
    /// When it was sent, since the simulator's start.
    pub(crate) sent_at: Duration,
    /// When it was first written to a socket of the bot.
    pub(crate) delivered_at: Option<Duration>,
    /// How often it was given to the gateway; more than once only on a test's wish.
    pub(crate) deliveries: u32,
    pub(crate) first: Option<FirstAnswer>,
    /// The message that `@original` means.
    pub(crate) original_id: Option<Id>,
    /// Whether what the first answer promised has come: a deferred message its content, a deferred
    /// update its edit.
    pub(crate) fulfilled: bool,
    pub(crate) followup_ids: Vec<Id>,
    pub(crate) modal: Option<Value>,
    pub(crate) choices: Vec<Value>,
    /// Positions of its requests in the log.
    pub(crate) calls: Vec<usize>,
    /// The event as dispatched.
    pub(crate) event: Arc<str>,
    /// What the person entered: the event's `data`.
    pub(crate) data: Value,
    /// Told of every change of this interaction, so that a thousand waiting people do not wake each other.
    pub(crate) changed: watch::Sender<()>,
}

impl InteractionData {
    pub(crate) fn touch(&self) {
        self.changed.send_replace(());
    }
}
