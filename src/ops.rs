//! The operator's endpoints: is the process alive, and are members served.
//!
//! Knows nothing of what it reports on: readiness is asked of whoever composed the application.

use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::lifecycle::Tasks;

/// Serves `/healthz` (the process answers) and `/readyz` (200 while `ready`, else 503) until the tasks
/// are stopped.
///
/// An address that can't be had is a warning and no failure: a bot that its members need is worth more
/// than the endpoint that watches it, and the watcher notices by itself.
pub async fn serve<R, F>(listen: SocketAddr, ready: R, tasks: &Tasks)
where
    R: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let bound = match TcpListener::bind(listen).await {
        Ok(listener) => listener.local_addr().map(|address| (listener, address)),
        Err(error) => Err(error),
    };
    let (listener, address) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            tracing::warn!(%listen, %error, "ops endpoints are not served; set ops.listen to a free address or to off");
            return;
        }
    };
    tracing::info!(%address, "ops endpoints are served");
    let stopping = tasks.stopping().clone();
    tasks.spawn("ops endpoints", async move {
        tokio::select! {
            served = axum::serve(listener, router(ready)) => {
                if let Err(error) = served {
                    tracing::warn!(%error, "ops endpoints are served no more");
                }
            }
            () = stopping.cancelled() => {}
        }
    });
}

fn router<R, F>(ready: R) -> Router
where
    R: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let readiness = move || async move {
        if ready().await {
            (StatusCode::OK, "ready\n")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readiness))
}
