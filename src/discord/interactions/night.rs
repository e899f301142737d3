//! Clicks on a watched film's card, in the history, and on the question whether to propose a film again.

use super::{Click, foreign_reply};
use crate::discord::commands::watched;
use crate::discord::components::NightControl;
use crate::discord::errors;
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::screen::Screen;
use crate::discord::views::watched as view;
use crate::domain::ids::{ImdbId, ViewingId};
use crate::domain::watched::{HistoryOrder, Stars, day_of};

/// What remains of the question when the answer is no.
const LEFT: &str = "Not proposed.";

/// Answers a click.
pub async fn handle(click: &Click, control: NightControl) -> Delivery {
    match control {
        NightControl::Rate { viewing, stars } => rate(click, viewing, stars).await,
        NightControl::TakeRatingBack { viewing } => take_rating_back(click, viewing).await,
        NightControl::Undo { viewing } => undo(click, viewing).await,
        NightControl::History { page, order } => history(click, page, order).await,
        NightControl::Choose { day } => choose(click, day).await,
        NightControl::ProposeAgain { token } => super::choice::again(click, token).await,
        NightControl::LeaveIt { token } => leave(click, token).await,
    }
}

/// Whether the message is the public card itself, which may be redrawn.
const fn on_the_card(click: &Click) -> bool {
    click.genuine && !click.private
}

/// Rates the film: the card shows the new average to all, and the member is told alone what they gave.
async fn rate(click: &Click, viewing: ViewingId, stars: Stars) -> Delivery {
    let desk = &click.desk;
    let mut rated = None;
    let place = if on_the_card(click) {
        Place::InPlace
    } else {
        Place::Private
    };
    let work = async {
        let outcome = desk.service().rate_viewing(click.actor, viewing, stars).await;
        desk.reply(outcome, |done| {
            let reply = Reply::Shown(if place == Place::InPlace {
                view::card(&done.viewing)
            } else {
                view::rated(&done)
            });
            rated = Some(done);
            reply
        })
    };
    let delivery = click.responder.answer_within(place, work).await;
    match rated {
        Some(rated) if place == Place::InPlace => {
            click.responder.follow_up(view::rated(&rated), true).await;
            delivery
        }
        _ => delivery,
    }
}

/// Takes the rating back, and says so where it was offered.
async fn take_rating_back(click: &Click, viewing: ViewingId) -> Delivery {
    let place = click.place_in_private().unwrap_or(Place::Private);
    let desk = &click.desk;
    let work = async {
        let outcome = desk.service().take_rating_back(click.actor, viewing).await;
        desk.reply(outcome, |viewing| Reply::Shown(view::rating_gone(&viewing)))
    };
    click.responder.answer_within(place, work).await
}

/// Takes the film out of the history; the card says what became of it.
async fn undo(click: &Click, viewing: ViewingId) -> Delivery {
    let desk = &click.desk;
    let place = if on_the_card(click) {
        Place::InPlace
    } else {
        Place::Private
    };
    let work = async {
        let organizer = match desk.service().organizer(click.actor, &click.roles).await {
            Ok(organizer) => organizer,
            Err(refused) => return errors::reply(&refused, desk.clock()),
        };
        let outcome = desk.service().unmark_watched(organizer, viewing).await;
        desk.reply(outcome, |unmarked| {
            desk.live().refresh(click.actor.guild);
            Reply::Shown(view::unmarked(&unmarked))
        })
    };
    click.responder.answer_within(place, work).await
}

/// Turns to a page of the history.
async fn history(click: &Click, page: u32, order: HistoryOrder) -> Delivery {
    let place = click.place_in_private().unwrap_or(Place::Private);
    let work = watched::history(&click.desk, click.actor, page, order);
    click.responder.answer_within(place, work).await
}

/// Marks the film that was chosen as watched: the private choice is settled, the card is for everybody.
async fn choose(click: &Click, day: i32) -> Delivery {
    let desk = &click.desk;
    let chosen: Option<ImdbId> = click.values.first().and_then(|value| value.parse().ok());
    let (Some(film), Some(on)) = (chosen, day_of(day)) else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    let mut card = None;
    let delivery = click
        .organize(async |organizer| {
            let outcome = desk.service().mark_chosen(organizer, film.as_str(), on).await;
            match watched::marked(desk, click.actor, outcome) {
                Reply::Shown(screen) => {
                    card = Some(screen);
                    Reply::Shown(Screen::text(view::CHOSEN))
                }
                aside @ Reply::Aside(_) => aside,
            }
        })
        .await;
    match card {
        Some(card) => click.responder.follow_up(card, false).await,
        None => delivery,
    }
}

/// Forgets the request.
async fn leave(click: &Click, token: i64) -> Delivery {
    let Some(place) = click.place_in_private() else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    let pending = click.desk.pending();
    if pending.find(token, click.actor).await.is_some() {
        pending.forget(token).await;
    }
    click
        .responder
        .answer(place, Reply::Shown(Screen::text(LEFT)))
        .await
}
