//! The choice among the films that a typed title may mean, and insisting on the title as typed.

use super::{Click, foreign_reply};
use crate::discord::commands::propose;
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::screen::Screen;
use crate::discord::views::{film as view, refusal};
use crate::domain::ids::ImdbId;
use crate::service::ServiceError;
use crate::service::propose::{ProposeOutcome, Proposed};

/// What remains of the choice once it is made; the film's card follows for everybody.
const CHOSEN: &str = "Proposed. The film's card is in the channel.";

/// Proposes the film that was chosen.
pub async fn film(click: &Click, token: i64) -> Delivery {
    let chosen: Option<ImdbId> = click.values.first().and_then(|value| value.parse().ok());
    let Some(chosen) = chosen else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    propose(click, token, What::Film(chosen)).await
}

/// Proposes the title as it was typed.
pub async fn as_typed(click: &Click, token: i64) -> Delivery {
    propose(click, token, What::AsTyped).await
}

/// Proposes a film that was seen here, all the same.
pub async fn again(click: &Click, token: i64) -> Delivery {
    propose(click, token, What::Again).await
}

/// What is proposed of what was remembered.
enum What {
    /// The film that was chosen.
    Film(ImdbId),
    /// The title as it was typed.
    AsTyped,
    /// A film although it was seen.
    Again,
}

/// Settles the remembered proposal: the private choice is replaced, the card is posted.
async fn propose(click: &Click, token: i64, what: What) -> Delivery {
    let desk = &click.desk;
    let Some(place) = click.place_in_private() else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    let mut proposed = None;
    let work = async {
        let Some(pending) = desk.pending().find(token, click.actor).await else {
            return Reply::Shown(refusal::choice_expired());
        };
        let pitch = pending.pitch.as_deref();
        let outcome: Result<Proposed, ServiceError> = match &what {
            What::Film(film) => match desk.service().propose(click.actor, film.as_str(), pitch).await {
                Ok(ProposeOutcome::Proposed(done)) => Ok(*done),
                Ok(ProposeOutcome::Choose { .. }) => return foreign_reply(),
                Err(error) => Err(error),
            },
            What::AsTyped => {
                desk.service()
                    .propose_as_typed(click.actor, &pending.typed, pitch)
                    .await
            }
            What::Again => {
                desk.service()
                    .propose_again(click.actor, &pending.typed, pitch)
                    .await
            }
        };
        if outcome.is_ok() {
            desk.pending().forget(token).await;
        }
        match outcome {
            Ok(done) => {
                proposed = Some(done);
                Reply::Shown(Screen::text(CHOSEN))
            }
            Err(error) => propose::refused(desk, click.actor, &error, pitch).await,
        }
    };
    let delivery = click.responder.answer_within(place, work).await;
    let Some(proposed) = proposed else {
        return delivery;
    };
    desk.live().refresh(click.actor.guild);
    let posted = click.responder.follow_up(view::proposed(&proposed), false).await;
    propose::await_late(desk, click.actor, proposed, &click.responder, false);
    posted
}
