//! Time, randomness and keys as parameters: the only place that asks the machine for them.

mod alarm;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

use crate::domain::ids::KeyMint;

pub use alarm::Alarm;

/// How often one who waits for a time looks at the machine's clock: it may be set, and the machine may
/// sleep, without any timer noticing.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The wall clock: the machine's, or one that a test sets and moves.
#[derive(Debug, Clone)]
pub struct Clock {
    kind: Kind,
    keys: Arc<KeyMint>,
}

#[derive(Debug, Clone)]
enum Kind {
    Machine,
    Manual(Arc<Hands>),
}

/// What a manual clock shows, and who waits for it to be moved.
#[derive(Debug)]
struct Hands {
    unix_ms: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        Self {
            kind: Kind::Machine,
            keys: Arc::default(),
        }
    }

    /// A clock that stands at this instant (Unix milliseconds) until it is moved; clones share it.
    pub fn manual(unix_ms: i64) -> Self {
        let hands = Hands {
            unix_ms: AtomicI64::new(unix_ms),
            moved: Notify::new(),
        };
        Self {
            kind: Kind::Manual(Arc::new(hands)),
            keys: Arc::default(),
        }
    }

    /// Moves a manual clock by so many milliseconds, backwards too; the machine's clock stays.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Kind::Manual(hands) = &self.kind {
            hands.unix_ms.fetch_add(by_ms, Ordering::SeqCst);
            hands.moved.notify_waiters();
        }
    }

    /// Now, in Unix milliseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    pub fn unix_ms(&self) -> i64 {
        match &self.kind {
            Kind::Machine => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Kind::Manual(hands) => hands.unix_ms.load(Ordering::SeqCst),
        }
    }

    /// Now, in Unix seconds: the unit of every time in the database.
    pub fn unix_secs(&self) -> i64 {
        self.unix_ms().div_euclid(1000)
    }

    /// 64 random bits, for secrets and seeds.
    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    pub fn random(&self) -> u64 {
        rand::random()
    }

    /// Returns once the clock shows this time (Unix milliseconds) or a later one: at once when it does
    /// already, and as soon as a manual clock is moved there.
    pub async fn reaches_ms(&self, unix_ms: i64) {
        loop {
            match &self.kind {
                Kind::Machine => {
                    let left = unix_ms.saturating_sub(self.unix_ms());
                    let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else {
                        return;
                    };
                    tokio::time::sleep(Duration::from_millis(left).min(LOOK_EVERY)).await;
                }
                Kind::Manual(hands) => {
                    let mut moved = pin!(hands.moved.notified());
                    // Listening comes before looking, so that no move is missed in between.
                    moved.as_mut().enable();
                    if self.unix_ms() >= unix_ms {
                        return;
                    }
                    moved.await;
                }
            }
        }
    }

    /// A new key for a row (see [`KeyMint`]).
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws randomness for keys"
    )]
    pub fn key(&self) -> i64 {
        self.keys.next(self.unix_ms(), rand::random())
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_time_is_reached_when_the_clock_is_moved_there_and_not_before() {
        let clock = Clock::manual(1_000);
        clock.reaches_ms(1_000).await;
        let mut reached = pin!(clock.reaches_ms(3_000));
        assert!(reached.as_mut().now_or_never().is_none());
        clock.advance_ms(1_999);
        assert!(reached.as_mut().now_or_never().is_none());
        clock.advance_ms(1);
        assert!(reached.now_or_never().is_some());
    }

    #[tokio::test]
    async fn the_machines_clock_reaches_a_time_by_itself() {
        let clock = Clock::machine();
        clock.reaches_ms(i64::MIN).await;
        let at = clock.unix_ms() + 20;
        clock.reaches_ms(at).await;
        assert!(clock.unix_ms() >= at);
    }
}
