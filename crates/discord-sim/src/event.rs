//! What the simulator tells its watchers (pages, tests) when something changed. Not the bot's gateway.

use serde::Serialize;

use crate::id::Id;

/// A change of the world, small: look up the rest through [`crate::Sim`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A gateway session of the bot became ready or was resumed.
    BotOnline,
    /// The last connected gateway session of the bot went away.
    BotOffline,
    /// The bot replaced or changed its commands.
    CommandsChanged,
    /// A guild, a channel or a member was added or changed.
    GuildChanged {
        /// The guild.
        guild_id: Id,
    },
    /// A message was created.
    MessageCreated {
        /// Where.
        channel_id: Id,
        /// Which.
        message_id: Id,
        /// The only person who sees it, when it is ephemeral.
        viewer_id: Option<Id>,
    },
    /// A message was edited, or its reactions changed.
    MessageChanged {
        /// Where.
        channel_id: Id,
        /// Which.
        message_id: Id,
        /// The only person who sees it, when it is ephemeral.
        viewer_id: Option<Id>,
    },
    /// A message was deleted.
    MessageDeleted {
        /// Where.
        channel_id: Id,
        /// Which.
        message_id: Id,
        /// The only person who saw it, when it was ephemeral.
        viewer_id: Option<Id>,
    },
    /// An interaction was sent to the bot.
    InteractionSent {
        /// Which.
        interaction_id: Id,
        /// By whom.
        user_id: Id,
    },
    /// The bot gave an interaction its first answer.
    InteractionAnswered {
        /// Which.
        interaction_id: Id,
        /// By whom it was started.
        user_id: Id,
    },
    /// The bot broke a rule.
    Violated {
        /// In words.
        text: String,
    },
}
