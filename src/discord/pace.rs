//! The bot's share of calls a second, and the rests that Discord orders for all of them.
//!
//! Answers to interactions do not count against it (facts: discord, Interactions) and do not come
//! here.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Between two counted calls: 40 a second, where Discord allows 50.
const GAP: Duration = Duration::from_millis(25);

/// Hands out turns, at most one every [`GAP`].
#[derive(Debug)]
pub struct Pace {
    next: Mutex<Instant>,
}

impl Pace {
    /// The first turn is at `now`.
    pub const fn new(now: Instant) -> Self {
        Self {
            next: Mutex::new(now),
        }
    }

    /// Returns when it is the caller's turn.
    pub async fn turn(&self) {
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(Instant::now());
            *next = mine + GAP;
            mine
        };
        tokio::time::sleep_until(mine).await;
    }

    /// No turn before this instant.
    pub fn rest_until(&self, until: Instant) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lone_call_does_not_wait() {
        let pace = Pace::new(Instant::now());
        let begun = Instant::now();
        pace.turn().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn many_calls_are_spread() {
        let pace = Pace::new(Instant::now());
        let begun = Instant::now();
        for _ in 0..41 {
            pace.turn().await;
        }
        let secs = begun.elapsed().as_secs_f64();
        assert!((0.9..=1.1).contains(&secs), "{secs}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_holds_everybody() {
        let pace = Pace::new(Instant::now());
        let begun = Instant::now();
        pace.rest_until(begun + Duration::from_secs(3));
        pace.turn().await;
        assert!(begun.elapsed() >= Duration::from_secs(3));
    }
}
