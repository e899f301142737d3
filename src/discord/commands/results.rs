//! `/results`: what came of the last round, or of a named one.

use crate::discord::autocomplete;
use crate::discord::desk::{Context, Desk, Done, handle};
use crate::discord::errors;
use crate::discord::interactions::standings_so_far;
use crate::discord::respond::{Place, Reply};
use crate::discord::views::closed;
use crate::domain::ids::GuildId;
use crate::service::results::AskedRound;

/// See the result of the last round, or of an earlier one, and how it was counted.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn results(
    ctx: Context<'_>,
    #[description = "A round from the list, or its number; the last one that was closed if left out"]
    #[autocomplete = "autocomplete::rounds"]
    #[max_length = 120]
    round: Option<String>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Public, async |actor| {
        reply(desk, actor.guild, round.as_deref()).await
    })
    .await;
    Ok(())
}

async fn reply(desk: &Desk, guild: GuildId, named: Option<&str>) -> Reply {
    match desk.service().read_results(guild, named).await {
        Ok(AskedRound::Closed(result)) => Reply::Shown(closed::result(&result, 1)),
        Ok(AskedRound::Cancelled(round)) => Reply::Shown(closed::cancelled(&round)),
        Ok(AskedRound::Open(_)) => standings_so_far(desk, guild).await,
        Err(error) => errors::reply(&error, desk.clock()),
    }
}
