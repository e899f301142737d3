//! `/pick`: leaving the choice to chance, or to the clock.

use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::pick as view;
use crate::domain::pick::BUDGET;

/// A film by chance, or two that fill an evening.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    subcommands("random", "double_feature"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn pick(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// One of the proposed films by chance; the vote goes on as it was.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn random(
    ctx: Context<'_>,
    #[description = "A film with more votes comes more often; if left out, all are as likely"]
    weighted: Option<bool>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Public, async |actor| {
        let by_votes = weighted.unwrap_or(false);
        let picked = desk.service().pick_random(actor.guild, by_votes).await;
        desk.reply(picked, |picked| Reply::Shown(view::random(&picked)))
    })
    .await;
    Ok(())
}

/// The two proposed films that fill an evening best; the vote goes on as it was.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    rename = "double-feature"
)]
async fn double_feature(
    ctx: Context<'_>,
    #[description = "How long the evening is, in minutes; 270 if left out"]
    #[min = 60]
    #[max = 1440]
    budget: Option<u32>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Public, async |actor| {
        let budget = budget.unwrap_or(BUDGET);
        let picked = desk.service().pick_double_feature(actor.guild, budget).await;
        desk.reply(picked, |picked| Reply::Shown(view::double_feature(&picked)))
    })
    .await;
    Ok(())
}
