//! From failures to what a member sees: refusals are worded, faults get a reference, and no error's
//! own text ever reaches a channel.

use std::convert::Infallible;

use poise::{CommandInteractionType, FrameworkError};
use serenity::builder::CreateAutocompleteResponse;
use serenity::builder::CreateInteractionResponse;

use super::desk::Desk;
use super::respond::{Reply, Responder};
use super::screen::Screen;
use super::views::{help, refusal};
use crate::clock::Clock;
use crate::service::ServiceError;

/// Characters of a reference: 8 of 32 each are 40 bits, of which 22 are random.
const REFERENCE_CHARS: u32 = 8;

/// What the member is told when a use case did not do what it was asked.
pub fn reply(error: &ServiceError, clock: &Clock) -> Reply {
    Reply::Aside(match error {
        ServiceError::Refused(refused) => refusal::screen(refused),
        ServiceError::Unavailable(cause) => {
            tracing::warn!(error = format!("{cause:#}"), "the database is not available");
            refusal::unavailable()
        }
        ServiceError::Unconfirmed(cause) => {
            tracing::error!(error = format!("{cause:#}"), "a commit was not confirmed");
            refusal::unconfirmed()
        }
        ServiceError::Internal(cause) => internal(&format!("{cause:#}"), clock),
    })
}

/// What the member is told of a fault; the log gets `what` under the same reference.
pub fn internal(what: &str, clock: &Clock) -> Screen {
    let reference = reference(clock.key());
    tracing::error!(reference, error = what, "an internal error");
    refusal::internal(&reference)
}

/// A short text to find a fault in the log by, without letters that look like digits.
fn reference(key: i64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..REFERENCE_CHARS)
        .rev()
        .map(|place| {
            let digit = usize::try_from((key >> (place * 5)) & 31).unwrap_or_default();
            char::from(DIGITS[digit])
        })
        .collect()
}

/// Everything that poise can report, each on purpose.
pub async fn on_framework_error(error: FrameworkError<'_, std::sync::Arc<Desk>, Infallible>) {
    let ctx = match &error {
        // The handlers' error is one that cannot be.
        FrameworkError::Command { error, .. }
        | FrameworkError::EventHandler { error, .. }
        | FrameworkError::Setup { error, .. }
        | FrameworkError::DynamicPrefix { error, .. }
        | FrameworkError::NonCommandMessage { error, .. } => match *error {},
        FrameworkError::UnknownInteraction {
            framework,
            interaction,
            ..
        } => {
            // A command of another version that Discord still offers.
            tracing::warn!(command = interaction.data.name, "an unknown command");
            let rest = framework.user_data.rest().clone();
            Responder::new(rest, interaction.id, interaction.token.clone())
                .say_aside(help::overview())
                .await;
            return;
        }
        FrameworkError::UnknownCommand { .. } => {
            tracing::debug!("a text command, which this bot has none of");
            return;
        }
        _ => {
            let Some(poise::Context::Application(ctx)) = error.ctx() else {
                tracing::error!(%error, "an error outside of any command");
                return;
            };
            ctx
        }
    };
    let desk = ctx.framework.user_data;
    if ctx.interaction_type == CommandInteractionType::Autocomplete {
        tracing::warn!(%error, "no suggestions could be made");
        let nothing = CreateInteractionResponse::Autocomplete(CreateAutocompleteResponse::new());
        let sent = ctx
            .interaction
            .create_response(ctx.serenity_context(), nothing)
            .await;
        if let Err(error) = sent {
            tracing::debug!(%error, "no answer to an autocomplete");
        }
        return;
    }
    let screen = match &error {
        FrameworkError::GuildOnly { .. } => refusal::server_only(),
        FrameworkError::CommandPanic { payload, .. } => {
            let text = payload.as_deref().unwrap_or("(no text)");
            internal(&format!("{error}: {text}"), desk.clock())
        }
        FrameworkError::ArgumentParse { error: cause, .. } => {
            internal(&format!("{error}: {cause}"), desk.clock())
        }
        // None of these can come of the commands as they are declared: no cooldowns, no checks, no
        // owners, no permissions demanded, no subcommands.
        FrameworkError::SubcommandRequired { .. }
        | FrameworkError::CommandStructureMismatch { .. }
        | FrameworkError::CooldownHit { .. }
        | FrameworkError::MissingBotPermissions { .. }
        | FrameworkError::MissingUserPermissions { .. }
        | FrameworkError::PermissionFetchFailed { .. }
        | FrameworkError::NotAnOwner { .. }
        | FrameworkError::DmOnly { .. }
        | FrameworkError::NsfwOnly { .. }
        | FrameworkError::CommandCheckFailed { .. } => internal(&error.to_string(), desk.clock()),
        _ => internal("an error of a kind that is not known", desk.clock()),
    };
    Responder::new(
        desk.rest().clone(),
        ctx.interaction.id,
        ctx.interaction.token.clone(),
    )
    .say_aside(screen)
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_short_and_differ_by_their_random_bits() {
        assert_eq!(reference(0), "00000000");
        assert_eq!(reference(-1), "ZZZZZZZZ");
        let clock = Clock::manual(1_790_000_000_000);
        let one = reference(clock.key());
        assert_eq!(one.len(), 8);
        assert!((0..8).any(|_| reference(clock.key()) != one));
    }
}
