//! How fast and how broadly one provider is asked: so many requests a second, so many look-ups at a time.
//!
//! Owns the queue. Whoever cannot have a turn in time is told at once and takes nothing from those who can.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout_at};

/// A provider's pace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Requests a second, once the burst is used.
    pub per_second: u32,
    /// Requests that may go out together after a quiet while.
    pub burst: u32,
    /// Look-ups at a time.
    pub at_a_time: usize,
}

/// Hands out turns.
#[derive(Debug)]
pub(super) struct Throttle {
    slots: Arc<Semaphore>,
    gap: Duration,
    slack: Duration,
    /// When the requests so far would all have gone out at an even pace.
    even_at: Mutex<Instant>,
}

/// Leave to ask now. The look-up's place is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _slot: OwnedSemaphorePermit,
    /// Whether it came without a wait.
    pub at_once: bool,
}

impl Throttle {
    /// Nobody has asked yet.
    pub(super) fn new(limits: Limits) -> Self {
        let gap = Duration::from_secs(1) / limits.per_second.max(1);
        Self {
            slots: Arc::new(Semaphore::new(limits.at_a_time)),
            gap,
            slack: gap * limits.burst.saturating_sub(1),
            even_at: Mutex::new(Instant::now()),
        }
    }

    /// A turn for a look-up of so many requests; `None` when it would not begin before `until`.
    pub(super) async fn turn(&self, requests: u32, until: Instant) -> Option<Turn> {
        let slots = || Arc::clone(&self.slots);
        let (slot, free) = match slots().try_acquire_owned() {
            Ok(slot) => (slot, true),
            Err(_) => (
                timeout_at(until, slots().acquire_owned()).await.ok()?.ok()?,
                false,
            ),
        };
        let now = Instant::now();
        let begins_at = self.reserve(requests, now, until)?;
        if begins_at > now {
            sleep_until(begins_at).await;
        }
        Some(Turn {
            _slot: slot,
            at_once: free && begins_at == now,
        })
    }

    /// When these requests may begin. Reserves nothing when that is not before `until`.
    fn reserve(&self, requests: u32, now: Instant, until: Instant) -> Option<Instant> {
        let mut even_at = self.even_at.lock().unwrap_or_else(PoisonError::into_inner);
        let lead = even_at.saturating_duration_since(now);
        let begins_at = now + lead.saturating_sub(self.slack);
        if begins_at >= until {
            return None;
        }
        *even_at = (*even_at).max(now) + self.gap * requests;
        Some(begins_at)
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    const LIMITS: Limits = Limits {
        per_second: 40,
        burst: 40,
        at_a_time: 2_000,
    };

    /// How many of so many look-ups have begun within this time.
    async fn begun(throttle: &Throttle, look_ups: u32, within: Duration) -> usize {
        let until = Instant::now() + within;
        let turns = join_all((0..look_ups).map(|_| throttle.turn(1, until))).await;
        turns.iter().flatten().count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_at_the_pace() {
        let throttle = Throttle::new(LIMITS);
        let started = Instant::now();
        // Forty at once and eighty in the two seconds, give or take the timer's grain.
        let begun = begun(&throttle, 1_024, Duration::from_secs(2)).await;
        assert!((117..=121).contains(&begun), "{begun}");
        assert!(started.elapsed() <= Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_gave_up_hold_up_nobody_who_comes_later() {
        let throttle = Throttle::new(LIMITS);
        begun(&throttle, 1_024, Duration::from_secs(2)).await;
        tokio::time::advance(Duration::from_secs(1)).await;
        let turn = throttle.turn(1, Instant::now() + Duration::from_millis(1)).await;
        assert!(turn.is_some_and(|turn| turn.at_once));
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_under_way() {
        let throttle = Throttle::new(Limits {
            at_a_time: 2,
            ..LIMITS
        });
        let soon = || Instant::now() + Duration::from_millis(10);
        let first = throttle.turn(1, soon()).await.expect("a place");
        let _second = throttle.turn(1, soon()).await.expect("a place");
        assert!(throttle.turn(1, soon()).await.is_none());
        drop(first);
        assert!(throttle.turn(1, soon()).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_up_of_many_requests_takes_its_share_of_the_pace() {
        let throttle = Throttle::new(LIMITS);
        let until = Instant::now() + Duration::from_secs(1);
        let turns = join_all((0..100).map(|_| throttle.turn(2, until))).await;
        // Forty requests at once and forty in the second: twenty look-ups each, and the one on the brink.
        let begun = turns.iter().flatten().count();
        assert!((39..=41).contains(&begun), "{begun}");
    }
}
