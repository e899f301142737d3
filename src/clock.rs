//! Time, randomness and keys as parameters: the only place that asks the machine for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::ids::KeyMint;

/// The wall clock: the machine's, or one that a test sets and moves.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Machine,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn machine() -> Self {
        Self(Kind::Machine)
    }

    /// A clock that stands at this instant (Unix milliseconds) until it is moved; clones share it.
    pub fn manual(unix_ms: i64) -> Self {
        Self(Kind::Manual(Arc::new(AtomicI64::new(unix_ms))))
    }

    /// Moves a manual clock by so many milliseconds, backwards too; the machine's clock stays.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Kind::Manual(at) = &self.0 {
            at.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    /// Now, in Unix milliseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    pub fn unix_ms(&self) -> i64 {
        match &self.0 {
            Kind::Machine => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Kind::Manual(at) => at.load(Ordering::SeqCst),
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

    /// A new key for a row (see [`KeyMint`]).
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws randomness for keys"
    )]
    pub fn key(&self) -> i64 {
        KeyMint::key(self.unix_ms(), rand::random())
    }
}
