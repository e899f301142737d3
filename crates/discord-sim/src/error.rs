//! What may go wrong on the human's side of the simulator: a real client would have refused, or the
//! bot did not answer. What the *bot* does wrong is a [`crate::Violation`].

use std::time::Duration;

use crate::id::Id;

/// Why an act of a person, or a wait of a test, failed.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// A real client would not have let this person do it; nothing was sent.
    #[error("the client refuses: {0}")]
    Refused(String),
    /// No gateway session serves the guild, so nobody could hear the interaction.
    #[error("the bot is offline: no gateway session serves guild {0}")]
    BotOffline(Id),
    /// The bot let the interaction's deadline pass: "The application did not respond".
    #[error("the application did not respond to {what} within {deadline:?}\n{transcript}")]
    NoResponse {
        /// The interaction, in words.
        what: String,
        /// How long Discord waits.
        deadline: Duration,
        /// What happened last.
        transcript: String,
    },
    /// The bot answered, but with another kind of answer than the caller asked for.
    #[error("{what} was answered with {got}, not with {wanted}\n{transcript}")]
    OtherAnswer {
        /// The interaction, in words.
        what: String,
        /// The kind of the answer that came.
        got: String,
        /// What the caller wanted.
        wanted: &'static str,
        /// What happened last.
        transcript: String,
    },
    /// A condition did not come true in time.
    #[error("waited {waited:?} in vain for {what}\n{transcript}")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// For how long.
        waited: Duration,
        /// What happened last.
        transcript: String,
    },
    /// The bot broke rules; see [`crate::Sim::finish`].
    #[error("{} violation(s):\n{}\n{transcript}", .violations.len(), list(.violations))]
    Violations {
        /// Every one of them.
        violations: Vec<crate::Violation>,
        /// Everything that happened.
        transcript: String,
    },
    /// The simulator itself could not be set up.
    #[error("{0}")]
    Setup(String),
}

fn list(violations: &[crate::Violation]) -> String {
    violations
        .iter()
        .map(|v| format!("  - {v}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A result of the human's side.
pub type Result<T, E = SimError> = std::result::Result<T, E>;
