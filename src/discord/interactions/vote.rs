//! Votes by button. The answer goes out after the vote is committed, and not before.

use std::pin::pin;
use std::time::Duration;

use super::{Click, foreign_reply};
use crate::discord::commands::vote as command;
use crate::discord::live::{NewLive, canvas};
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::views::{poll, voted};
use crate::domain::ids::{ProposalId, RoundId};
use crate::domain::poll::LiveMessage;
use crate::domain::refusal::Refusal;
use crate::service::ServiceError;
use crate::service::ballot::Voted;
use crate::service::poll::PollDraft;

/// A vote that is not committed by then is announced as being worked on, privately.
const COMMIT_WITHIN: Duration = Duration::from_millis(1800);

/// A page for the answer to a click that is not read by then is left to the next redraw.
const READ_WITHIN: Duration = Duration::from_millis(600);

/// A click on a film's button in the poll: votes for it or takes the vote back.
pub async fn toggle(click: &Click, round: RoundId, proposal: ProposalId) -> Delivery {
    let desk = &click.desk;
    let mut vote = pin!(desk.service().toggle_vote(click.actor, round, proposal));
    let Ok(outcome) = tokio::time::timeout(COMMIT_WITHIN, vote.as_mut()).await else {
        let work = async {
            match vote.await {
                Ok(voted) => {
                    desk.live().refresh(click.actor.guild);
                    Reply::Shown(voted::screen(&voted, round))
                }
                Err(error) => command::instead(desk, click.actor, proposal, &error).await,
            }
        };
        return click.responder.answer_within(Place::Private, work).await;
    };
    match outcome {
        // Where the message cannot tell it, the member is told: a vote that moved takes one away elsewhere, and
        // hidden counts show nothing. The message follows with the next redraw.
        Ok(voted) if click.private || !click.genuine || tells_more(&voted) => {
            desk.live().refresh(click.actor.guild);
            let confirmation = Reply::Shown(voted::screen(&voted, round));
            click.responder.answer(Place::Private, confirmation).await
        }
        Ok(_voted) => show(click).await,
        Err(error) => {
            if !is_up_to_date(&error) {
                // The message offers what is no more.
                desk.live().refresh(click.actor.guild);
            }
            let instead = command::instead(desk, click.actor, proposal, &error);
            if matches!(error, ServiceError::Refused(Refusal::NeedsBallot { .. })) {
                // The ballot has to be read first.
                return click.responder.answer_within(Place::Private, instead).await;
            }
            click.responder.answer(Place::Private, instead.await).await
        }
    }
}

/// Whether the member is to be told of what the poll's message does not show.
const fn tells_more(voted: &Voted) -> bool {
    voted.hidden || voted.moved_from.is_some()
}

/// Whether the message with the button was right to offer what was refused.
const fn is_up_to_date(error: &ServiceError) -> bool {
    matches!(
        error,
        ServiceError::Refused(Refusal::VoteLimit { .. } | Refusal::NeedsBallot { .. })
    )
}

/// Answers a click whose vote is committed: the live message by its new state or, when it was just
/// drawn, by nothing but an acknowledgement; any other message by what became of it.
async fn show(click: &Click) -> Delivery {
    let desk = &click.desk;
    let guild = click.actor.guild;
    let known = desk.live().live(guild);
    let is_live = |live: Option<LiveMessage>| live.is_some_and(|live| live.message == click.message.message);
    let Some(inline) = desk.live().try_inline(guild) else {
        if is_live(known) {
            return acknowledge(click).await;
        }
        return match read(click).await {
            Some(draft) if !is_live(draft.page.head.live) => show_elsewhere(click, &draft).await,
            _ => acknowledge(click).await,
        };
    };
    let Some(draft) = read(click).await else {
        inline.unused();
        return acknowledge(click).await;
    };
    let Some(live) = draft.page.head.live.filter(|live| is_live(Some(*live))) else {
        inline.unused();
        return show_elsewhere(click, &draft).await;
    };
    desk.live().await_late(guild, draft.promised());
    let screen = poll::screen(&draft.page, poll::Audience::Channel);
    let delivery = click.responder.answer(Place::InPlace, Reply::Shown(screen)).await;
    if delivery == Delivery::Lost {
        inline.unused();
        desk.live().refresh(guild);
    } else {
        inline.drawn(live);
    }
    delivery
}

/// Takes the click and leaves the picture to the next redraw.
async fn acknowledge(click: &Click) -> Delivery {
    click.desk.live().refresh(click.actor.guild);
    click.responder.take_click().await
}

/// The live page, if it can be read soon.
async fn read(click: &Click) -> Option<PollDraft> {
    let guild = click.actor.guild;
    let known = click.desk.live().live(guild);
    let read = canvas::read_live(click.desk.service(), guild, known);
    match tokio::time::timeout(READ_WITHIN, read).await {
        Ok(Ok(draft)) => Some(draft),
        Ok(Err(error)) => {
            tracing::warn!(%guild, %error, "the poll could not be read after a vote");
            None
        }
        Err(_elapsed) => None,
    }
}

/// Answers a click on a poll's message that is not the live one: it becomes the live one if there is
/// none (its posting was not recorded), else it says where the poll is.
async fn show_elsewhere(click: &Click, draft: &PollDraft) -> Delivery {
    let live = click.desk.live();
    let guild = click.actor.guild;
    let page = &draft.page;
    if page.head.live.is_none() {
        let new = NewLive {
            posted: click.message,
            token: None,
            page,
            seen: live.changes(guild),
        };
        match tokio::time::timeout(READ_WITHIN, live.post(guild, page.head.round.id, new)).await {
            Ok(Ok(())) => {
                let screen = poll::screen(page, poll::Audience::Channel);
                return click.responder.answer(Place::InPlace, Reply::Shown(screen)).await;
            }
            Ok(Err(error)) => tracing::warn!(%guild, %error, "a poll could not be made the live one"),
            // Whoever is drawing takes long; the next click tries again.
            Err(_elapsed) => return acknowledge(click).await,
        }
    }
    live.refresh(guild);
    let screen = canvas::retired(page, guild, page.head.live);
    click.responder.answer(Place::InPlace, Reply::Shown(screen)).await
}

/// The same on a private page, which is redrawn.
pub async fn toggle_on_page(click: &Click, round: RoundId, proposal: ProposalId, page: u32) -> Delivery {
    let desk = &click.desk;
    let Some(place) = click.place_in_private() else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    let work = async {
        let voted = desk.service().toggle_vote(click.actor, round, proposal).await;
        let voted = match voted {
            Ok(voted) => voted,
            Err(error) => return command::instead(desk, click.actor, proposal, &error).await,
        };
        desk.live().refresh(click.actor.guild);
        match desk.service().read_poll(click.actor.guild, page).await {
            Ok(draft) => {
                let page = poll::screen(&draft.page, poll::Audience::Private);
                Reply::Shown(if tells_more(&voted) {
                    voted::above(page, &voted)
                } else {
                    page
                })
            }
            Err(error) => {
                // The vote is counted, whatever the page says.
                tracing::warn!(%error, "a page could not be redrawn after a vote");
                Reply::Aside(voted::screen(&voted, round))
            }
        }
    };
    click.responder.answer_within(place, work).await
}

/// Votes for a film from its card or from a refusal; a vote that is there stays.
pub async fn vote_for(click: &Click, round: RoundId, proposal: ProposalId) -> Delivery {
    let desk = &click.desk;
    let work = async {
        match desk.service().add_vote(click.actor, round, proposal).await {
            Ok(voted) => {
                desk.live().refresh(click.actor.guild);
                Reply::Shown(voted::screen(&voted, round))
            }
            Err(error) => command::instead(desk, click.actor, proposal, &error).await,
        }
    };
    click.responder.answer_within(Place::Private, work).await
}
