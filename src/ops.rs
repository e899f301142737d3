//! The operator's endpoints: is the process alive, are members served, and what is counted.
//!
//! Knows nothing of what it reports on: readiness and the figures are asked of whoever composed the
//! application.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::lifecycle::Tasks;
use crate::metrics;

/// What the endpoints report on.
pub trait Subject: Send + Sync + 'static {
    /// Whether members are served.
    fn ready(&self) -> impl Future<Output = bool> + Send;

    /// The figures, in the form of [`metrics::CONTENT_TYPE`].
    fn figures(&self) -> impl Future<Output = String> + Send;
}

/// Serves `/healthz` (the process answers), `/readyz` (200 while the subject is ready, else 503) and `/metrics`
/// until the tasks are stopped.
///
/// An address that can't be had is a warning and no failure: a bot that its members need is worth more
/// than the endpoint that watches it, and the watcher notices by itself. Gives the address it serves at,
/// whose port is a free one where `listen` has port 0.
pub async fn serve(listen: SocketAddr, subject: impl Subject, tasks: &Tasks) -> Option<SocketAddr> {
    let bound = match TcpListener::bind(listen).await {
        Ok(listener) => listener.local_addr().map(|address| (listener, address)),
        Err(error) => Err(error),
    };
    let (listener, address) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            tracing::warn!(%listen, %error, "ops endpoints are not served; set ops.listen to a free address or to off");
            return None;
        }
    };
    tracing::info!(%address, "ops endpoints are served");
    let stopping = tasks.stopping().clone();
    let router = router(Arc::new(subject));
    tasks.spawn("ops endpoints", async move {
        tokio::select! {
            served = axum::serve(listener, router) => {
                if let Err(error) = served {
                    tracing::warn!(%error, "ops endpoints are served no more");
                }
            }
            () = stopping.cancelled() => {}
        }
    });
    Some(address)
}

fn router<S: Subject>(subject: Arc<S>) -> Router {
    let readiness = async |State(subject): State<Arc<S>>| {
        if subject.ready().await {
            (StatusCode::OK, "ready\n")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    };
    let figures = async |State(subject): State<Arc<S>>| {
        let text = subject.figures().await;
        ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text)
    };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readiness))
        .route("/metrics", get(figures))
        .with_state(subject)
}
