//! What a click did, said privately where the click has no poll in front of it.

use crate::discord::screen::Screen;
use crate::domain::ids::RoundId;
use crate::service::ballot::Voted;

/// The answer to [`VoteFor`](crate::discord::components::Control::VoteFor).
pub fn screen(_voted: &Voted, _round: RoundId) -> Screen {
    todo!()
}
