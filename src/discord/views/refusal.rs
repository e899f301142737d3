//! The wording of every refusal and fault: what happened, and what to do next. Always private.

use crate::discord::screen::Screen;
use crate::domain::refusal::Refusal;

/// What the member is told when the rules say no.
pub fn screen(_refusal: &Refusal) -> Screen {
    todo!()
}

/// The database is out of reach: nothing was changed, try again.
pub fn unavailable() -> Screen {
    todo!()
}

/// A fault: nothing but a reference that the log has too.
pub fn internal(_reference: &str) -> Screen {
    todo!()
}

/// A choice among films that is no longer remembered (a restart, or too long ago).
pub fn choice_expired() -> Screen {
    todo!()
}

/// A command that works in a server only.
pub fn server_only() -> Screen {
    todo!()
}

/// "Propose this movie" on a message that has no film's link.
pub fn no_link_in_message() -> Screen {
    todo!()
}

/// The bot may not post in this channel; `missing` names Discord's permissions.
pub fn cannot_post(_missing: &[&str]) -> Screen {
    todo!()
}
