//! Asking every provider once, past its health: for an operator who wants to know how it is now.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, timeout};

use super::Catalogue;
use super::fault::Fault;
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

/// What came of asking one provider once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Which.
    pub source: Source,
    /// The class of its answer: `found`, `not_found`, `transient`, `quota`, `bad_key`, `unreadable`.
    pub class: &'static str,
    /// What was wrong, in a few words; empty when nothing was.
    pub reason: &'static str,
    /// How long it took.
    pub took: Duration,
}

impl Catalogue {
    /// Asks every configured provider of film data for this film at the same time, each for so long at most, and heeds and
    /// changes nobody's health.
    pub async fn probe(&self, film: &ImdbId, within: Duration) -> Vec<Probe> {
        let probes = self.0.chain.iter().map(async |provider| {
            let begun = Instant::now();
            let answer = timeout(within, provider.film(film, false)).await;
            let (class, reason) = match answer.unwrap_or(Err(Fault::Transient("not in time"))) {
                Ok(Some(_)) => ("found", ""),
                Ok(None) => ("not_found", ""),
                Err(fault) => (fault.class(), fault.reason()),
            };
            Probe {
                source: provider.source,
                class,
                reason,
                took: begun.elapsed(),
            }
        });
        join_all(probes).await
    }
}
