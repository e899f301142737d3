//! `/vote`: the member's own ballot, private.

use crate::discord::desk::{Context, Desk, Done, handle};
use crate::discord::errors;
use crate::discord::respond::{Place, Reply};
use crate::discord::views::ballot::{self as view, Look};
use crate::domain::ids::ProposalId;
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::service::ServiceError;
use crate::service::ballot::Ballot;

/// See and change your own votes; only you see them.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn vote(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Private, async |actor| {
        reply(desk, actor, Look::default()).await
    })
    .await;
    Ok(())
}

/// The member's ballot.
pub async fn reply(desk: &Desk, actor: Actor, look: Look<'_>) -> Reply {
    let ballot = desk.service().read_ballot(actor).await;
    desk.reply(ballot, |ballot| show(desk, actor, &ballot, look))
}

/// A ballot, with a way to the live poll when it is known.
pub fn show(desk: &Desk, actor: Actor, ballot: &Ballot, look: Look<'_>) -> Reply {
    let live = desk.live().live(actor.guild);
    Reply::Shown(view::screen(ballot, look, actor.guild, live))
}

/// The answer to a click on a film that was no vote: where films are ranked or given stars the member's
/// ballot at that film, else what is to be said of the error. In a message of its own.
pub async fn instead(desk: &Desk, actor: Actor, film: ProposalId, error: &ServiceError) -> Reply {
    if !matches!(error, ServiceError::Refused(Refusal::NeedsBallot { .. })) {
        return errors::reply(error, desk.clock());
    }
    let look = Look {
        film: Some(film),
        ..Look::default()
    };
    match reply(desk, actor, look).await {
        Reply::Shown(screen) | Reply::Aside(screen) => Reply::Aside(screen),
    }
}
