//! `/poll`: posts the open round's poll, which becomes the live message.

use serenity::model::permissions::Permissions;

use crate::discord::desk::{Context, Desk, Done, Turn, handle};
use crate::discord::errors;
use crate::discord::live::NewLive;
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::rest::Posted;
use crate::discord::views::{poll as view, refusal};
use crate::domain::ids::ImdbId;
use crate::domain::policy::Actor;
use crate::domain::poll::PollPage;
use crate::service::poll::CompletedPoll;

/// What was drawn, and what is to be done once it is posted.
struct Drawn {
    page: PollPage,
    late: Vec<ImdbId>,
    /// The server's changes before the page was read.
    seen: u64,
}

/// Post the poll here: see what is proposed and vote.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn poll(
    ctx: Context<'_>,
    #[description = "Which page, ten films each; the first if left out"]
    #[min = 1]
    #[max = 1000]
    page: Option<u32>,
) -> Done {
    let desk = ctx.framework.user_data;
    // The live message is edited as a message of the channel, which takes seeing the channel.
    let may_edit = ctx.interaction.app_permissions.is_none_or(|permissions| {
        permissions.intersects(Permissions::VIEW_CHANNEL | Permissions::ADMINISTRATOR)
    });
    let mut drawn = None;
    let turn = handle(ctx, Place::Public, async |actor| {
        if !may_edit {
            return Reply::Aside(refusal::cannot_post());
        }
        let (reply, done) = reply(desk, actor, page.unwrap_or(1)).await;
        drawn = done;
        reply
    })
    .await;
    if let (Some((turn, Delivery::Shown(posted))), Some(drawn)) = (turn, drawn) {
        go_live(desk, &turn, posted, drawn).await;
    }
    Ok(())
}

/// Reads the page (2 statements) and, if films are missing, waits for them as long as members do.
async fn reply(desk: &Desk, actor: Actor, page: u32) -> (Reply, Option<Drawn>) {
    let seen = desk.live().changes(actor.guild);
    let draft = match desk.service().read_poll(actor.guild, page).await {
        Ok(draft) => draft,
        Err(error) => return (errors::reply(&error, desk.clock()), None),
    };
    desk.service().count_read(&draft);
    let CompletedPoll { page, late } = if draft.wanted.is_empty() {
        CompletedPoll {
            page: draft.page,
            late: Vec::new(),
        }
    } else {
        desk.service().complete_poll(draft).await
    };
    desk.service().count_shown(&page);
    // The numbers are those of the message before this one.
    let page = page.without_numbers();
    let reply = Reply::Shown(view::screen(&page, view::Audience::Channel));
    (reply, Some(Drawn { page, late, seen }))
}

/// Makes the posted message the live one (1 statement).
async fn go_live(desk: &Desk, turn: &Turn, posted: Option<Posted>, drawn: Drawn) {
    let guild = turn.actor.guild;
    let posted = match posted {
        Some(posted) => Some(posted),
        // A server that does not tell the message in its answer is asked for it.
        None => turn.responder.first_answer_posted().await,
    };
    let Some(posted) = posted else {
        tracing::warn!(%guild, "the poll was posted, and Discord does not tell where");
        return;
    };
    let new = NewLive {
        posted,
        token: Some(turn.responder.token()),
        page: &drawn.page,
        seen: drawn.seen,
    };
    match desk.live().post(guild, drawn.page.head.round.id, new).await {
        Ok(()) => desk.live().await_late(guild, drawn.late),
        // The message stands all the same; the first click on it makes it the live one.
        Err(error) => tracing::warn!(%guild, %error, "the live poll could not be recorded"),
    }
}
