//! `/round`: the life of the open round. For organizers, but for its status.

use std::sync::Arc;

use crate::discord::catch_up::{self, Missed};
use crate::discord::commands::choices::{MethodChoice, SecrecyChoice};
use crate::discord::desk::{Context, Desk, Done, handle, handle_organizer};
use crate::discord::errors;
use crate::discord::pending::PendingChange;
use crate::discord::respond::{Place, Reply};
use crate::discord::screen::Screen;
use crate::discord::views::round as view;
use crate::domain::ids::ChannelId;
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::round::TransitionRefusal;
use crate::domain::schedule::Adjustment;
use crate::service::ServiceError;
use crate::service::rounds::change::{Closes, RoundChange, Started};

/// See how the vote stands; organizers open, change and end it.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    subcommands("start", "end", "extend", "cancel", "reopen", "status"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn round(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// Give the open round its rules, name and closing time, or open one. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn start(
    ctx: Context<'_>,
    #[description = "When it closes: friday 20:00, in 3 days, 2026-12-24 18:00; never for no closing time"]
    #[max_length = 100]
    closes: Option<String>,
    #[description = "How votes are counted"] method: Option<MethodChoice>,
    #[description = "How many films are picked"]
    #[min = 1]
    #[max = 10]
    picks: Option<u32>,
    #[description = "How many votes each member has, where they are limited"]
    #[min = 1]
    #[max = 25]
    votes: Option<u32>,
    #[description = "Who sees what of the votes"] secrecy: Option<SecrecyChoice>,
    #[description = "The round's name"]
    #[max_length = 100]
    title: Option<String>,
) -> Done {
    let desk = ctx.framework.user_data;
    let mut change = RoundChange {
        method: method.map(Into::into),
        picks,
        votes_each: votes,
        secrecy: secrecy.map(Into::into),
        title,
        closes: None,
        asked_in: Some(here(ctx)),
    };
    handle_organizer(ctx, Place::Public, async |organizer| {
        let adjusted = match read_closing(desk, organizer, closes.as_deref()).await {
            Ok(Some((closes, adjusted))) => {
                change.closes = Some(closes);
                adjusted
            }
            Ok(None) => None,
            Err(error) => return errors::reply(&error, desk.clock()),
        };
        match desk.service().start_round(organizer, &change, false).await {
            Err(ServiceError::Refused(Refusal::Round(TransitionRefusal::DropsVotes { voters }))) => {
                let pending = PendingChange { change, adjusted };
                let token = desk.changes().remember(organizer.actor(), pending).await;
                Reply::Aside(view::confirm(voters, token))
            }
            Err(ServiceError::Refused(Refusal::NothingToChange)) => {
                let head = desk.service().round_status(organizer.actor().guild).await;
                desk.reply(head, |head| Reply::Aside(view::unchanged(&head)))
            }
            outcome => desk.reply(outcome, |started| Reply::Shown(changed(desk, &started, adjusted))),
        }
    })
    .await;
    Ok(())
}

/// Close the open round now and count it. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn end(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    let here = here(ctx);
    handle_organizer(ctx, Place::Private, async |organizer| {
        let outcome = desk.service().end_round(organizer, here).await;
        desk.reply(outcome, |result| {
            desk.live().refresh(organizer.actor().guild);
            Reply::Shown(view::ended(&result))
        })
    })
    .await;
    Ok(())
}

/// Have the open round close at another time. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn extend(
    ctx: Context<'_>,
    #[description = "When it closes: friday 20:00, in 3 days, 2026-12-24 18:00; never for no closing time"]
    #[max_length = 100]
    closes: String,
) -> Done {
    let desk = ctx.framework.user_data;
    let here = here(ctx);
    handle_organizer(ctx, Place::Public, async |organizer| {
        let guild = organizer.actor().guild;
        let (closes, adjusted) = match desk.service().read_closing(guild, &closes).await {
            Ok(read) => read,
            Err(error) => return errors::reply(&error, desk.clock()),
        };
        let outcome = desk.service().reschedule_round(organizer, closes, here).await;
        desk.reply(outcome, |round| {
            desk.live().refresh(guild);
            Reply::Shown(view::rescheduled(&round, adjusted))
        })
    })
    .await;
    Ok(())
}

/// End the open round without a result; its films stay up. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn cancel(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Public, async |organizer| {
        let outcome = desk.service().cancel_round(organizer).await;
        desk.reply(outcome, |cancelled| {
            desk.live().refresh(organizer.actor().guild);
            Reply::Shown(view::cancelled(&cancelled))
        })
    })
    .await;
    Ok(())
}

/// Undo a close made by mistake, within a day and while the next round has no votes. For organizers.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn reopen(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Public, async |organizer| {
        let outcome = desk.service().reopen_round(organizer).await;
        desk.reply(outcome, |round| {
            desk.live().refresh(round.guild);
            // Reactions that came or went while it was closed.
            catch_up::begin(desk, desk.tasks(), Missed::ReactionsIn(round.guild));
            Reply::Shown(view::reopened(&round))
        })
    })
    .await;
    Ok(())
}

/// See how the open round is counted, when it closes and how many have voted.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn status(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Private, async |actor| {
        let outcome = desk.service().round_status(actor.guild).await;
        desk.reply(outcome, |head| Reply::Shown(view::status(&head)))
    })
    .await;
    Ok(())
}

/// The channel in which the command was given.
fn here(ctx: Context<'_>) -> ChannelId {
    ChannelId(ctx.interaction.channel_id.get())
}

/// The closing time that was typed, if any was.
async fn read_closing(
    desk: &Desk,
    organizer: Organizer,
    closes: Option<&str>,
) -> Result<Option<(Closes, Option<Adjustment>)>, ServiceError> {
    let Some(text) = closes else { return Ok(None) };
    let guild = organizer.actor().guild;
    desk.service().read_closing(guild, text).await.map(Some)
}

/// What everybody is told of a round that was opened or changed; its poll shows it too. Where votes were dropped, the
/// reactions that stand under the poll are votes anew: what stands there counts, always.
pub fn changed(desk: &Arc<Desk>, started: &Started, adjusted: Option<Adjustment>) -> Screen {
    let guild = started.round.guild;
    desk.live().refresh(guild);
    if !started.opened {
        catch_up::begin(desk, desk.tasks(), Missed::ReactionsIn(guild));
    }
    view::started(started, adjusted)
}
