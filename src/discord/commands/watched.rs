//! `/watched`: the history of films seen. Organizers write it, all read it and rate.

use std::sync::Arc;

use super::choices::OrderChoice;
use crate::discord::autocomplete;
use crate::discord::desk::{Context, Desk, Done, handle, handle_organizer};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::{refusal, watched as view};
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::watched::{HistoryOrder, Stars};
use crate::service::ServiceError;
use crate::service::watched::MarkOutcome;

/// The films watched here: mark, rate, and look back.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    subcommands("add", "remove", "list", "rate"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn watched(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// Mark a film as watched. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn add(
    ctx: Context<'_>,
    #[description = "The film: those that a round picked are offered first"]
    #[autocomplete = "autocomplete::nights"]
    #[max_length = 400]
    movie: String,
    #[description = "The day, such as yesterday, last friday or 2026-11-20; today if left out"]
    #[max_length = 60]
    date: Option<String>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Public, async |organizer| {
        let outcome = desk
            .service()
            .mark_watched(organizer, &movie, date.as_deref())
            .await;
        marked(desk, organizer.actor(), outcome)
    })
    .await;
    Ok(())
}

/// Take a film out of the history again. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn remove(
    ctx: Context<'_>,
    #[description = "The film, with its day"]
    #[autocomplete = "autocomplete::viewings"]
    #[max_length = 400]
    movie: String,
) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Public, async |organizer| {
        let outcome = desk.service().remove_watched(organizer, &movie).await;
        desk.reply(outcome, |unmarked| {
            desk.live().refresh(organizer.actor().guild);
            Reply::Shown(view::unmarked(&unmarked))
        })
    })
    .await;
    Ok(())
}

/// See what was watched here, and how it was rated; only you see the answer.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn list(
    ctx: Context<'_>,
    #[description = "Which page, ten films each; the first if left out"]
    #[min = 1]
    #[max = 100_000]
    page: Option<u32>,
    #[description = "The latest first, or the best"] order: Option<OrderChoice>,
) -> Done {
    let desk = ctx.framework.user_data;
    let order = order.map_or_else(HistoryOrder::default, HistoryOrder::from);
    handle(ctx, Place::Private, async |actor| {
        history(desk, actor, page.unwrap_or(1), order).await
    })
    .await;
    Ok(())
}

/// Rate a film that was watched here, or change your rating.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn rate(
    ctx: Context<'_>,
    #[description = "The film"]
    #[autocomplete = "autocomplete::watched_films"]
    #[max_length = 400]
    movie: String,
    #[description = "1: never again, 5: a delight"]
    #[min = 1]
    #[max = 5]
    stars: u32,
) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Private, async |actor| match Stars::new(stars) {
        Some(stars) => {
            let rated = desk.service().rate_film(actor, &movie, stars).await;
            desk.reply(rated, |rated| Reply::Shown(view::rated(&rated)))
        }
        // Discord itself takes no other number.
        None => Reply::Aside(refusal::screen(&Refusal::ForeignControl)),
    })
    .await;
    Ok(())
}

/// The reply to an attempt to mark a film, whose proposal leaves the poll by it.
pub fn marked(desk: &Arc<Desk>, actor: Actor, outcome: Result<MarkOutcome, ServiceError>) -> Reply {
    desk.reply(outcome, |outcome| match outcome {
        MarkOutcome::Marked(marked) => {
            desk.live().refresh(actor.guild);
            Reply::Shown(view::marked(&marked))
        }
        MarkOutcome::Choose { hits, on } => Reply::Aside(view::choose(&hits, on)),
    })
}

/// A page of the history.
pub async fn history(desk: &Desk, actor: Actor, page: u32, order: HistoryOrder) -> Reply {
    let history = desk.service().read_history(actor.guild, page, order).await;
    desk.reply(history, |history| Reply::Shown(view::history(&history)))
}
