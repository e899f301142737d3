//! `/movie`: a film's card.

use std::sync::Arc;

use super::propose::wanted;
use crate::discord::autocomplete;
use crate::discord::desk::{Context, Desk, Done, handle};
use crate::discord::errors;
use crate::discord::respond::{Place, Reply, Responder};
use crate::discord::views::film;
use crate::domain::ids::ImdbId;
use crate::domain::policy::Actor;
use crate::service::film_card::FilmCardOutcome;

/// Show a film's card: poster, plot, rating, and where it stands here.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn movie(
    ctx: Context<'_>,
    #[description = "A title from the list, or an IMDb, TMDB or Letterboxd link"]
    #[autocomplete = "autocomplete::films"]
    #[max_length = 400]
    movie: String,
) -> Done {
    let desk = ctx.framework.user_data;
    let mut late = None;
    let turn = handle(ctx, Place::Public, async |actor| {
        let (reply, film) = reply(desk, actor, &movie).await;
        late = film;
        reply
    })
    .await;
    if let Some((turn, _)) = turn {
        await_late(desk, turn.actor, late, &turn.responder);
    }
    Ok(())
}

/// The card of what `movie` names, and the film whose details are still on their way.
pub async fn reply(desk: &Desk, actor: Actor, movie: &str) -> (Reply, Option<ImdbId>) {
    match desk.service().film_card(actor.guild, movie).await {
        Ok(FilmCardOutcome::Card(card)) => {
            let late = wanted(card.details, card.film.imdb_id.as_ref());
            (Reply::Shown(film::card(&card)), late)
        }
        Ok(FilmCardOutcome::Choose(hits)) => (Reply::Aside(film::choose_to_show(&hits)), None),
        Err(error) => (errors::reply(&error, desk.clock()), None),
    }
}

/// If the film's details are on their way, waits for them behind and redraws the card.
pub fn await_late(desk: &Arc<Desk>, actor: Actor, late: Option<ImdbId>, responder: &Responder) {
    let Some(imdb_id) = late else { return };
    let desk = Arc::clone(desk);
    let live = desk.live().clone();
    let token = responder.token().to_owned();
    let film_id = imdb_id.clone();
    live.await_late_card(actor.guild, imdb_id, token, move || async move {
        match reply(&desk, actor, film_id.as_str()).await {
            (Reply::Shown(screen), _) => Some(screen),
            (Reply::Aside(_), _) => None,
        }
    });
}
