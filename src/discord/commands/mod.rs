//! The commands, a file each: what they are called, what they ask for, and which use case and view
//! answer them.

mod about;
mod audit;
pub(super) mod choices;
mod help;
mod limit;
pub(super) mod movie;
mod pick;
mod poll;
pub(super) mod propose;
mod propose_message;
mod results;
pub(super) mod round;
pub(super) mod settings;
pub(super) mod vote;
pub(super) mod watched;
mod withdraw;

use std::convert::Infallible;
use std::sync::Arc;

use serenity::builder::CreateCommand;

use super::desk::Desk;

/// All commands.
pub fn all() -> Vec<poise::Command<Arc<Desk>, Infallible>> {
    let mut commands = vec![
        propose::propose(),
        poll::poll(),
        vote::vote(),
        withdraw::withdraw(),
        movie::movie(),
        round::round(),
        results::results(),
        watched::watched(),
        pick::pick(),
        limit::limit(),
        settings::settings(),
        audit::audit(),
        about::about(),
        help::help(),
        propose_message::propose_message(),
    ];
    poise::set_qualified_names(&mut commands);
    commands
}

/// The commands as they are registered with Discord.
pub fn manifest() -> Vec<CreateCommand> {
    poise::builtins::create_application_commands(&all())
}

#[cfg(test)]
mod tests;
