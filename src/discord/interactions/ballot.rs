//! The private ballot: a menu of films, its pages, and taking everything back.

use super::{Click, foreign_reply};
use crate::discord::commands::vote;
use crate::discord::components::read_proposal_value;
use crate::discord::respond::{Delivery, Place};
use crate::domain::ids::{ProposalId, RoundId};
use crate::service::ServiceError;
use crate::service::ballot::Ballot;

/// Votes for what is chosen in the menu, of what it shows.
pub async fn select(click: &Click, round: RoundId, page: u32) -> Delivery {
    let read = |values: &[String]| -> Option<Vec<ProposalId>> {
        values.iter().map(|value| read_proposal_value(value)).collect()
    };
    // What was not in the menu that the member saw can neither be chosen in it nor be left out.
    let (Some(shown), Some(chosen)) = (read(&click.options), read(&click.values)) else {
        return refuse(click).await;
    };
    if shown.is_empty() || !chosen.iter().all(|proposal| shown.contains(proposal)) {
        return refuse(click).await;
    }
    let set = click
        .desk
        .service()
        .set_ballot(click.actor, round, &shown, &chosen);
    redraw(click, page, set, true).await
}

/// Turns to another page.
pub async fn turn(click: &Click, page: u32) -> Delivery {
    let read = click.desk.service().read_ballot(click.actor);
    redraw(click, page, read, false).await
}

/// Takes all votes back.
pub async fn clear(click: &Click, round: RoundId) -> Delivery {
    let clear = click.desk.service().clear_ballot(click.actor, round);
    redraw(click, 1, clear, true).await
}

/// Redraws the private ballot in place with what `work` brings.
async fn redraw(
    click: &Click,
    page: u32,
    work: impl Future<Output = Result<Ballot, ServiceError>>,
    changes: bool,
) -> Delivery {
    let Some(place) = click.place_in_private() else {
        return refuse(click).await;
    };
    let desk = &click.desk;
    let work = async {
        let outcome = work.await;
        if changes {
            desk.live().refresh(click.actor.guild);
        }
        desk.reply(outcome, |ballot| vote::show(desk, click.actor, &ballot, page))
    };
    click.responder.answer_within(place, work).await
}

async fn refuse(click: &Click) -> Delivery {
    click.responder.answer(Place::Private, foreign_reply()).await
}
