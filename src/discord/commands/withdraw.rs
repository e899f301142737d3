//! `/withdraw`: takes a proposal out.

use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::withdrawn;
use crate::discord::{actor, autocomplete};

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
    let roles = actor::roles(ctx.interaction.member.as_deref());
    handle(ctx, Place::Public, async |actor| {
        let outcome = match desk.service().organizer_if_one(actor, &roles).await {
            Ok(organizer) => desk.service().withdraw(actor, organizer, &movie).await,
            Err(error) => Err(error),
        };
        desk.reply(outcome, |taken| {
            desk.live().refresh(actor.guild);
            Reply::Shown(withdrawn::screen(&taken))
        })
    })
    .await;
    Ok(())
}
