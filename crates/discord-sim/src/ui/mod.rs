//! The page in the browser: one channel as Discord shows it, for several people at once. Owns no
//! state: everything it shows and does goes through [`Sim`]. Knows nothing of any bot.
//!
//! ```text
//! GET  /                       the page; its parts under /ui/
//! GET  /ui/state               what one person sees in one channel
//! GET  /ui/events              server-sent events: something changed, ask again
//! POST /ui/say · slash · autocomplete · click · select · modal · message-command · react · dismiss
//! ```
//!
//! Only pages of this very server may drive it, see [`guard`].

mod acts;
mod assets;
mod guard;
mod outcome;
mod state;
#[cfg(test)]
mod tests;

use std::convert::Infallible;

use axum::extract::{DefaultBodyLimit, State};
use axum::middleware;
use axum::response::Sse;
use axum::response::sse::{Event as Frame, KeepAlive};
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use futures::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;

use crate::Sim;

/// The largest body of an act: a message of 4,000 characters, with room.
const MAX_ACT_BYTES: usize = 64 * 1024;

/// The routes of the page, merged into the simulator's own at `/`.
pub fn router(sim: Sim) -> Router {
    Router::new()
        .route("/", get(assets::page))
        .route("/ui/{asset}", get(assets::asset))
        .route("/ui/state", get(state::get))
        .route("/ui/events", get(events))
        .route("/ui/say", post(acts::say))
        .route("/ui/slash", post(acts::slash))
        .route("/ui/autocomplete", post(acts::autocomplete))
        .route("/ui/click", post(acts::click))
        .route("/ui/select", post(acts::select))
        .route("/ui/modal", post(acts::modal))
        .route("/ui/message-command", post(acts::message_command))
        .route("/ui/react", post(acts::react))
        .route("/ui/dismiss", post(acts::dismiss))
        .layer(DefaultBodyLimit::max(MAX_ACT_BYTES))
        .layer(middleware::from_fn(guard::same_page_only))
        .with_state(sim)
}

/// Tells of every change, with ids only, until the simulator stops. A watcher that was too slow is told
/// that it missed something, and asks for the state as after any other change.
async fn events(State(sim): State<Sim>) -> impl IntoResponse {
    let frames = BroadcastStream::new(sim.subscribe())
        .map(|event| {
            let frame = Frame::default();
            let told = match event {
                Ok(event) => frame.json_data(event),
                Err(_missed) => frame.json_data(serde_json::json!({ "event": "missed" })),
            };
            Ok::<_, Infallible>(told.unwrap_or_default())
        })
        .take_until(sim.core.stop.clone().cancelled_owned());
    Sse::new(frames).keep_alive(KeepAlive::default())
}
