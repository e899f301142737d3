//! What the tests of all views share.

mod examples;
mod hostile;
mod rules;

pub use examples::{GUILD, LIVE, ROUND, bare, matrix, page, proposal, round};
pub use hostile::{any_details, any_film, any_hit, any_page, any_proposal, any_text, any_watch};
pub use rules::{assert_discord_takes, assert_within_limits};
