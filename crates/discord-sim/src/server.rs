//! The one HTTP server: the API, the gateway, the files and the page. Routing only.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tokio::net::TcpListener;

use crate::id::Id;
use crate::sim::Sim;
use crate::{gateway, rest, ui};

/// The largest body that is read at all: ten files of the largest size, and their JSON.
const MAX_BODY_BYTES: usize = 110 * 1024 * 1024;

/// Serves until the simulator stops.
pub(crate) async fn serve(listener: TcpListener, sim: Sim) {
    let stop = sim.core.stop.clone();
    let app = Router::new()
        .route("/api/{*rest}", any(rest::handle))
        .route("/gateway", get(gateway::connect))
        .route("/gateway/", get(gateway::connect))
        .route("/attachments/{channel_id}/{attachment_id}/{filename}", get(file))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(sim.clone())
        .merge(ui::router(sim));
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = server.await {
        tracing::error!(%error, "the local Discord cannot serve");
    }
}

/// An uploaded file, with the type that its uploader declared.
async fn file(
    State(sim): State<Sim>,
    Path((channel_id, attachment_id, _)): Path<(String, String, String)>,
) -> Response {
    let (Ok(channel_id), Ok(attachment_id)) = (channel_id.parse::<Id>(), attachment_id.parse::<Id>()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(bytes) = sim.file(attachment_id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let declared = sim.core.look(|world| {
        let files = world.messages(channel_id).flat_map(|m| &m.attachments);
        files
            .into_iter()
            .find(|f| f.id == attachment_id)
            .and_then(|f| f.content_type.clone())
    });
    // Whatever the type says, a browser must not run it as a page of this origin.
    let content_type = declared.filter(|t| t.starts_with("image/") && t != "image/svg+xml");
    let headers = [
        (
            header::CONTENT_TYPE,
            content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'".to_owned()),
    ];
    (headers, bytes.to_vec()).into_response()
}
