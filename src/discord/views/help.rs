//! `/help`: what a newcomer needs.

use crate::discord::screen::Screen;

/// The commands that `/help` can explain, without the slash.
pub const COMMANDS: [&str; 7] = ["propose", "poll", "vote", "withdraw", "movie", "about", "help"];

/// `/help` without a command.
pub fn overview() -> Screen {
    todo!()
}

/// `/help` for one command, with or without its slash; the overview when there is none of that name.
pub fn command(_name: &str) -> Screen {
    todo!()
}
