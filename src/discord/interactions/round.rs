//! The answer to "that drops votes": yes or no.

use super::Click;
use crate::discord::commands::round::changed;
use crate::discord::respond::{Delivery, Reply};
use crate::discord::views::{refusal, round as view};

/// Drops the votes and changes the rules, by the right that the organizer has now and of the votes that there
/// are now.
pub async fn drop_votes(click: &Click, token: i64) -> Delivery {
    let desk = &click.desk;
    let work = async |organizer| {
        let Some(change) = desk.changes().find(token, click.actor).await else {
            return Reply::Shown(refusal::change_expired());
        };
        let outcome = desk.service().start_round(organizer, &change, true).await;
        if outcome.is_ok() {
            desk.changes().forget(token).await;
        }
        desk.reply(outcome, |started| changed(desk, &started, None))
    };
    click.organize(work).await
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
