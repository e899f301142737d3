//! How the process is told to stop: SIGTERM, or Ctrl-C.

use anyhow::Context;
use tokio_util::sync::CancellationToken;

/// A token that is cancelled at the first signal. At the second one the process ends at once, with the
/// status that shells expect: whoever asks twice means it.
#[expect(
    clippy::disallowed_methods,
    reason = "outlives everything that a stop waits for, since it listens for the second signal"
)]
pub(super) fn until_told_to_stop() -> anyhow::Result<CancellationToken> {
    let mut signals = Signals::listen().context("signals can't be received")?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("stopping");
        told.cancel();
        signals.next().await;
        std::process::exit(130);
    });
    Ok(stop)
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without Ctrl-C there is no other way to be told here: wait for ever rather than stop unasked.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
