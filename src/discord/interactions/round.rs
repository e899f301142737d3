//! The answer to "that drops votes": yes or no.

use super::Click;
use crate::discord::commands::round::changed;
use crate::discord::errors;
use crate::discord::respond::{Delivery, Reply};
use crate::discord::views::{refusal, round as view};

/// Drops the votes and changes the rules, by the right that the organizer has now and of the votes that there
/// are now. The private question is replaced, and the channel is told.
pub async fn drop_votes(click: &Click, token: i64) -> Delivery {
    let desk = &click.desk;
    let mut told = None;
    let work = async |organizer| {
        let Some(pending) = desk.changes().find(token, click.actor).await else {
            return Reply::Shown(refusal::change_expired());
        };
        match desk.service().start_round(organizer, &pending.change, true).await {
            Ok(started) => {
                desk.changes().forget(token).await;
                told = Some(changed(desk, &started, pending.adjusted));
                Reply::Shown(view::changed())
            }
            Err(error) => errors::reply(&error, desk.clock()),
        }
    };
    let delivery = click.organize(work).await;
    let Some(told) = told else { return delivery };
    click.responder.follow_up(told, false).await
}

/// Leaves everything as it is.
pub async fn keep_votes(click: &Click, token: i64) -> Delivery {
    let desk = &click.desk;
    let work = async |_organizer| {
        desk.changes().forget(token).await;
        Reply::Shown(view::kept())
    };
    click.organize(work).await
}
