//! The page in the browser. Owns no state: everything it shows and does goes through [`Sim`].

use axum::Router;

use crate::Sim;

/// The routes of the page, merged into the simulator's own at `/`.
pub fn router(_sim: Sim) -> Router {
    Router::new()
}
