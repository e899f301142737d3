//! Pages of a closed round's result, for the one who clicked alone.

use super::Click;
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::screen::Screen;
use crate::discord::views::closed;
use crate::domain::ids::RoundId;
use crate::domain::result::RoundResult;

/// Shows a page of the result: in place if the message is private already.
pub async fn page(click: &Click, round: RoundId, page: u32) -> Delivery {
    show(click, round, |result| closed::result(result, page)).await
}

/// Shows how the round was counted, from the first step on.
pub async fn counted(click: &Click, round: RoundId) -> Delivery {
    show(click, round, closed::counted).await
}

async fn show(click: &Click, round: RoundId, draw: impl FnOnce(&RoundResult) -> Screen) -> Delivery {
    let desk = &click.desk;
    let place = click.place_in_private().unwrap_or(Place::Private);
    let work = async {
        let result = desk.service().read_result(click.actor.guild, round).await;
        desk.reply(result, |result| Reply::Shown(draw(&result)))
    };
    click.responder.answer_within(place, work).await
}
