//! `/propose`: puts a film up, and tells everybody.

use std::sync::Arc;

use crate::discord::autocomplete;
use crate::discord::desk::{Context, Desk, Done, handle};
use crate::discord::errors;
use crate::discord::pending::Pending;
use crate::discord::respond::{Place, Reply, Responder};
use crate::discord::views::{film, watched};
use crate::domain::ids::ImdbId;
use crate::domain::policy::Actor;
use crate::domain::poll::Details;
use crate::domain::refusal::Refusal;
use crate::service::ServiceError;
use crate::service::film_card::FilmCardOutcome;
use crate::service::propose::{ProposeOutcome, Proposed};

/// Propose a film for the next movie night.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn propose(
    ctx: Context<'_>,
    #[description = "A title from the list, or an IMDb, TMDB or Letterboxd link"]
    #[autocomplete = "autocomplete::films"]
    #[max_length = 400]
    movie: String,
    #[description = "Why this one? Up to 200 characters"]
    #[max_length = 200]
    pitch: Option<String>,
) -> Done {
    run(ctx, &movie, pitch.as_deref()).await;
    Ok(())
}

/// Proposes what `movie` names and answers; everything but success is said privately.
pub async fn run(ctx: Context<'_>, movie: &str, pitch: Option<&str>) {
    let desk = ctx.framework.user_data;
    let mut proposed = None;
    let turn = handle(ctx, Place::Public, async |actor| {
        let (reply, done) = reply(desk, actor, movie, pitch).await;
        proposed = done;
        reply
    })
    .await;
    if let (Some((turn, _)), Some(proposed)) = (turn, proposed) {
        desk.live().refresh(turn.actor.guild);
        await_late(desk, turn.actor, proposed, &turn.responder, true);
    }
}

async fn reply(desk: &Desk, actor: Actor, movie: &str, pitch: Option<&str>) -> (Reply, Option<Proposed>) {
    match desk.service().propose(actor, movie, pitch).await {
        Ok(ProposeOutcome::Proposed(proposed)) => (Reply::Shown(film::proposed(&proposed)), Some(*proposed)),
        Ok(ProposeOutcome::Choose { typed, hits }) => {
            let pending = Pending {
                typed: typed.clone(),
                pitch: pitch.map(str::to_owned),
            };
            let token = desk.pending().remember(actor, pending).await;
            (Reply::Aside(film::choose(&hits, token, &typed)), None)
        }
        Err(error) => (refused(desk, actor, &error, pitch).await, None),
    }
}

/// What is said when a film is not proposed: for one that was seen here, the question whether to propose it all
/// the same.
pub async fn refused(desk: &Desk, actor: Actor, error: &ServiceError, pitch: Option<&str>) -> Reply {
    let ServiceError::Refused(Refusal::SeenBefore { title, again, past }) = error else {
        return errors::reply(error, desk.clock());
    };
    let pending = Pending {
        typed: again.clone(),
        pitch: pitch.map(str::to_owned),
    };
    let token = desk.pending().remember(actor, pending).await;
    Reply::Aside(watched::ask_again(title, past, token))
}

/// If the film's details are on their way, waits for them behind and has the poll show them; the card
/// too, if it is the interaction's first answer.
pub fn await_late(
    desk: &Arc<Desk>,
    actor: Actor,
    mut proposed: Proposed,
    responder: &Responder,
    is_first_answer: bool,
) {
    let Some(imdb_id) = wanted(proposed.details, proposed.proposal.film.imdb_id.as_ref()) else {
        return;
    };
    if !is_first_answer {
        desk.live().await_late(actor.guild, vec![imdb_id]);
        return;
    }
    let desk = Arc::clone(desk);
    let live = desk.live().clone();
    let token = responder.token().to_owned();
    let film_id = imdb_id.clone();
    live.await_late_card(actor.guild, imdb_id, token, move || async move {
        match desk.service().film_card(actor.guild, film_id.as_str()).await {
            Ok(FilmCardOutcome::Card(card)) => {
                proposed.proposal.film = card.film;
                proposed.details = card.details;
                proposed.watch = card.watch;
                Some(film::proposed(&proposed))
            }
            _ => None,
        }
    });
}

/// The film to wait for, if its details are on their way.
pub fn wanted(details: Details, imdb_id: Option<&ImdbId>) -> Option<ImdbId> {
    match details {
        Details::OnTheWay => imdb_id.cloned(),
        Details::Fresh | Details::Old | Details::None => None,
    }
}
