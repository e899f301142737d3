//! Waking one who sleeps: at a time by the clock, or as soon as somebody rings.

use std::sync::Arc;

use tokio::sync::Notify;

use super::Clock;

/// An alarm for one sleeper; clones ring the same. A ring while nobody sleeps is kept for the next one who
/// goes to sleep, and any number of them are one.
#[derive(Debug, Clone, Default)]
pub struct Alarm(Arc<Notify>);

impl Alarm {
    /// An alarm that has not been rung.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wakes the sleeper: there is work before the time it waits for, or that time has changed.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Sleeps until the clock shows `unix_ms` (Unix milliseconds; `None`: for ever), or until a ring.
    pub async fn sleep(&self, clock: &Clock, unix_ms: Option<i64>) {
        let time = async {
            match unix_ms {
                Some(unix_ms) => clock.reaches_ms(unix_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.0.notified() => {}
            () = time => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_at_the_time_or_by_a_ring() {
        let (clock, alarm) = (Clock::manual(0), Alarm::new());
        let mut sleep = Box::pin(alarm.sleep(&clock, Some(5_000)));
        assert!(sleep.as_mut().now_or_never().is_none());
        alarm.clone().ring();
        assert!(sleep.now_or_never().is_some(), "rung");

        let mut sleep = Box::pin(alarm.sleep(&clock, Some(5_000)));
        assert!(sleep.as_mut().now_or_never().is_none(), "the ring is used up");
        clock.advance_ms(5_000);
        assert!(sleep.now_or_never().is_some(), "the time has come");
    }

    #[tokio::test]
    async fn rings_that_nobody_heard_wake_the_next_sleeper_once() {
        let (clock, alarm) = (Clock::manual(0), Alarm::new());
        alarm.ring();
        alarm.ring();
        assert!(alarm.sleep(&clock, None).now_or_never().is_some());
        assert!(alarm.sleep(&clock, None).now_or_never().is_none());
    }
}
