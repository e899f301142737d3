//! `/vote`: the member's own ballot, private.

use crate::discord::desk::{Context, Desk, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::ballot as view;
use crate::domain::policy::Actor;
use crate::service::ballot::Ballot;

/// See and change your own votes; only you see them.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn vote(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Private, async |actor| reply(desk, actor, 1).await).await;
    Ok(())
}

/// The member's ballot at this page.
pub async fn reply(desk: &Desk, actor: Actor, page: u32) -> Reply {
    let ballot = desk.service().read_ballot(actor).await;
    desk.reply(ballot, |ballot| show(desk, actor, &ballot, page))
}

/// A ballot at this page, with a way to the live poll when it is known.
pub fn show(desk: &Desk, actor: Actor, ballot: &Ballot, page: u32) -> Reply {
    let live = desk.live().live(actor.guild);
    Reply::Shown(view::screen(ballot, page, actor.guild, live))
}
