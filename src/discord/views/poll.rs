//! The poll: the open round as everybody sees it.

use crate::discord::screen::Screen;
use crate::domain::ids::GuildId;
use crate::domain::poll::{LiveMessage, PollPage};

/// Whom a poll's page is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The channel: the live message.
    Channel,
    /// One member, privately: votes and paging redraw it in place.
    Private,
    /// A message that was live until another one took over; its buttons still count.
    Retired {
        /// Where the poll lives now.
        live: Option<LiveMessage>,
        /// The server of both.
        guild: GuildId,
    },
}

/// One page of a poll.
pub fn screen(_page: &PollPage, _audience: Audience) -> Screen {
    todo!()
}
