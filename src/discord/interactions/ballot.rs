//! The private ballot: its menu of films, its pages, and taking everything back. Filling in stars or ranks is
//! [`super::draft`]'s.

use super::{Click, foreign_reply};
use crate::discord::commands::vote;
use crate::discord::components::read_proposal_value;
use crate::discord::errors;
use crate::discord::respond::{Delivery, Place};
use crate::discord::views::ballot::Look;
use crate::discord::views::refusal;
use crate::domain::ids::{ProposalId, RoundId};
use crate::domain::refusal::Refusal;
use crate::service::ServiceError;
use crate::service::ballot::Ballot;

/// What is looked at after a change: the page, and the film that is next.
pub type Next = (u32, Option<ProposalId>);

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
    redraw(click, set, Changes::Votes, |_| (page, None)).await
}

/// Turns to another page.
pub async fn turn(click: &Click, page: u32) -> Delivery {
    let read = click.desk.service().read_ballot(click.actor);
    redraw(click, read, Changes::Nothing, |_| (page, None)).await
}

/// Takes all votes back.
pub async fn clear(click: &Click, round: RoundId) -> Delivery {
    let clear = click.desk.service().clear_ballot(click.actor, round);
    redraw(click, clear, Changes::Votes, |_| (1, None)).await
}

/// What the work on a ballot changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// Nothing that others see.
    Nothing,
    /// Votes: the poll is brought up to date.
    Votes,
}

/// Redraws the private ballot in place with what `work` brings. When the rules say no to a choice, the ballot
/// is redrawn too, as it is recorded and with what they say above it: the menu would go on showing the choice.
pub async fn redraw(
    click: &Click,
    work: impl Future<Output = Result<Ballot, ServiceError>>,
    changes: Changes,
    next: impl FnOnce(&Ballot) -> Next,
) -> Delivery {
    let Some(place) = click.place_in_private() else {
        return refuse(click).await;
    };
    let (desk, actor) = (&click.desk, click.actor);
    let show = |ballot: &Ballot, note: Option<&str>| {
        let (page, film) = next(ballot);
        vote::show(desk, actor, ballot, Look { page, film, note })
    };
    let work = async {
        match work.await {
            Ok(ballot) => {
                if changes == Changes::Votes {
                    desk.live().refresh(actor.guild);
                }
                show(&ballot, None)
            }
            Err(ServiceError::Refused(no)) if is_about_a_choice(&no) => {
                let said = refusal::screen(&no).content;
                let ballot = desk.service().read_ballot(actor).await;
                desk.reply(ballot, |ballot| show(&ballot, Some(&said)))
            }
            Err(error) => errors::reply(&error, desk.clock()),
        }
    };
    click.responder.answer_within(place, work).await
}

/// Whether the rules object to what was chosen, and not to the ballot as a whole.
const fn is_about_a_choice(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::BallotLimit { .. } | Refusal::ProposalGone | Refusal::ProposalWaits
    )
}

/// The control is in no place where it could be.
pub async fn refuse(click: &Click) -> Delivery {
    click.responder.answer(Place::Private, foreign_reply()).await
}
