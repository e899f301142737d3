//! `/withdraw`: takes a proposal out.

use crate::discord::autocomplete;
use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::withdrawn;

/// Take a film out of the vote: your own, or any if you organize.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn withdraw(
    ctx: Context<'_>,
    #[description = "The film to take out"]
    #[autocomplete = "autocomplete::withdrawable"]
    #[max_length = 400]
    movie: String,
) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Public, async |actor| {
        let outcome = desk.service().withdraw(actor, &movie).await;
        desk.reply(outcome, |taken| {
            desk.live().refresh(actor.guild);
            Reply::Shown(withdrawn::screen(&taken))
        })
    })
    .await;
    Ok(())
}
