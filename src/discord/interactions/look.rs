//! Looking without changing anything: pages, standings, one's ballot, a film's card.

use super::{Click, foreign_reply};
use crate::discord::commands::{movie, vote};
use crate::discord::desk::Desk;
use crate::discord::errors;
use crate::discord::respond::{Delivery, Place, Reply};
use crate::discord::views::ballot::Look;
use crate::discord::views::{poll, results};
use crate::domain::ids::{GuildId, ImdbId};

/// Shows the member's own ballot.
pub async fn my_ballot(click: &Click) -> Delivery {
    let work = vote::reply(&click.desk, click.actor, Look::default());
    click.responder.answer_within(Place::Private, work).await
}

/// Shows a page of the poll to the member alone: in place if the message is private already.
pub async fn page(click: &Click, page: u32) -> Delivery {
    let desk = &click.desk;
    let guild = click.actor.guild;
    let place = click.place_in_private().unwrap_or(Place::Private);
    let work = async {
        let draft = match desk.service().read_poll(guild, page).await {
            Ok(draft) => draft,
            Err(error) => return errors::reply(&error, desk.clock()),
        };
        desk.service().count_read(&draft);
        let page = if draft.wanted.is_empty() {
            draft.page
        } else {
            let completed = desk.service().complete_poll(draft).await;
            desk.live().await_late(guild, completed.late);
            completed.page
        };
        desk.service().count_shown(&page);
        Reply::Shown(poll::screen(&page, poll::Audience::Private))
    };
    click.responder.answer_within(place, work).await
}

/// Shows the standings to the member alone.
pub async fn results(click: &Click) -> Delivery {
    let work = standings_so_far(&click.desk, click.actor.guild);
    click.responder.answer_within(Place::Private, work).await
}

/// The standings of the open round.
pub async fn standings_so_far(desk: &Desk, guild: GuildId) -> Reply {
    let standings = desk.service().read_standings(guild).await;
    desk.reply(standings, |page| {
        Reply::Shown(results::screen(&page.head, &page.entries))
    })
}

/// Shows the card of the film that was chosen.
pub async fn show_film(click: &Click) -> Delivery {
    let chosen: Option<ImdbId> = click.values.first().and_then(|value| value.parse().ok());
    let (Some(film), Some(place)) = (chosen, click.place_in_private()) else {
        return click.responder.answer(Place::Private, foreign_reply()).await;
    };
    let mut late = None;
    let work = async {
        let (reply, film) = movie::reply(&click.desk, click.actor, film.as_str()).await;
        late = film;
        reply
    };
    let delivery = click.responder.answer_within(place, work).await;
    movie::await_late(&click.desk, click.actor, late, &click.responder);
    delivery
}
