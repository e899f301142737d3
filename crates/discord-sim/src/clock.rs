//! The simulator's one clock. Time since the start comes from the monotonic clock, wall time is
//! derived from it, so that both always agree.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// When the simulator started, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    started_at: DateTime<Utc>,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one home of ambient time in this crate"
    )]
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            started_at: Utc::now(),
        }
    }

    /// Time since the simulator started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.started_at + TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX)
    }

    /// The wall clock in Unix milliseconds.
    pub(crate) fn unix_ms(&self) -> u64 {
        u64::try_from(self.now().timestamp_millis()).unwrap_or_default()
    }
}

/// A duration in milliseconds with its fraction.
pub(crate) fn as_ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Discord's way of writing an instant.
pub(crate) fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, false)
}
