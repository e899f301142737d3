//! One look of the background: which films are due, asking for them, saving what came.

use std::collections::HashSet;

use tokio_util::sync::CancellationToken;

use super::{Batch, CLAIM_SECS, Crew};
use crate::catalogue::Usage;
use crate::domain::ids::ImdbId;
use crate::service::{Service, ServiceError};
use crate::store::Due;

/// Films of one look. With a look a minute that is 86,400 a day, and an hour's rest of a whole day's films
/// does not turn into a storm.
const FILMS_A_LOOK: u32 = 60;

/// Look-ups at a time: the members' own come first.
const AT_A_TIME: usize = 4;

/// Where data lives for less than this, it is fetched when it is wanted and never ahead. Seconds.
const SHORTEST_TTL_SECS: i64 = 3600;

/// What a look at the films did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Renewed {
    /// Films whose data was renewed.
    pub found: usize,
    /// Films that no provider knows; what was known of them stays.
    pub not_found: usize,
    /// Films about which nobody answered.
    pub failed: usize,
}

impl Service {
    /// Renews film data of active proposals, and of late picks, that will expire before long: from three
    /// quarters of its life on, each film at its own point of the next three sixteenths, so that the rest is
    /// there for a provider that is down. At most [`FILMS_A_LOOK`]; several processes never renew the same
    /// film. While every provider rests nothing is done, not even a statement.
    ///
    /// `stop` ends it at once: what has come is saved, the rest is left to the next look.
    pub async fn renew_due_films(&self, stop: &CancellationToken) -> Result<Renewed, ServiceError> {
        let ttl_secs = self.cache_ttl_secs();
        if ttl_secs < SHORTEST_TTL_SECS || !self.providers_answer() || stop.is_cancelled() {
            return Ok(Renewed::default());
        }
        let room = self.room();
        if room == 0 {
            return Ok(Renewed::default());
        }
        let now = self.clock.unix_secs();
        let due = Due {
            now,
            age_secs: ttl_secs / 4 * 3,
            spread_secs: ttl_secs / 16 * 3,
        };
        let claimed = self.behind.claim_renewals(due, now + CLAIM_SECS, room);
        let claimed = claimed.await.map_err(ServiceError::from_store)?;
        if claimed.is_empty() {
            return Ok(Renewed::default());
        }
        let batch = self.ask_for_claimed(claimed, stop).await;
        self.settle(&batch).await.map_err(ServiceError::from_store)?;
        Ok(Renewed {
            found: batch.fetched.found.len(),
            not_found: batch.fetched.not_found.len(),
            failed: batch.fetched.failed.len(),
        })
    }

    /// How many films may be asked for now: [`FILMS_A_LOOK`], or what the film databases' daily quotas leave of
    /// it. The last fifth of a quota is the members'.
    fn room(&self) -> u32 {
        let providers = self.catalogue.health();
        let providers = providers.iter().filter(|provider| provider.source.has_films());
        let left = providers.map(|provider| {
            let Usage {
                requests_today,
                daily_limit,
            } = provider.usage;
            let free = daily_limit.map_or(u64::MAX, |limit| limit - limit / 5);
            u32::try_from(free.saturating_sub(requests_today)).unwrap_or(u32::MAX)
        });
        left.max().unwrap_or(0).min(FILMS_A_LOOK)
    }

    /// Asks for these films until they are done, the providers rest, or a stop is asked for.
    async fn ask_for_claimed(&self, claimed: Vec<ImdbId>, stop: &CancellationToken) -> Batch {
        let mut batch = Batch::default();
        let mut crew = Crew::new(self, AT_A_TIME);
        let mut unasked: HashSet<ImdbId> = claimed.iter().cloned().collect();
        let mut waiting = claimed.into_iter();
        loop {
            while crew.has_room()
                && let Some(imdb_id) = waiting.next()
            {
                crew.start(imdb_id);
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                ended = crew.next() => match ended {
                    Some((imdb_id, outcome)) => {
                        unasked.remove(&imdb_id);
                        batch.fetched.add(imdb_id, outcome);
                    }
                    None => break,
                },
            }
        }
        batch.unasked.extend(unasked);
        batch
    }
}
