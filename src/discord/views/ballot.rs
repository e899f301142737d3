//! `/vote`: a member's own ballot, private.

use crate::discord::screen::Screen;
use crate::domain::ids::GuildId;
use crate::domain::poll::LiveMessage;
use crate::service::ballot::{Ballot, BallotLine};

/// Films in the ballot's menu: Discord allows so many options.
pub const PAGE_SIZE: usize = 25;

/// The lines that the ballot's menu shows on this page (from 1, clamped).
pub fn lines(_ballot: &Ballot, _page: u32) -> &[BallotLine] {
    todo!()
}

/// The ballot at this page (from 1, clamped), with a way to the live poll if there is one.
pub fn screen(_ballot: &Ballot, _page: u32, _guild: GuildId, _live: Option<LiveMessage>) -> Screen {
    todo!()
}
