//! One provider's health: when it is asked, when it is left alone, and what its answers were.
//!
//! Owns the breaker, quotas and counts. Goes by the wall clock, since rests outlast a look-up; a clock
//! that is set back ends a rest and never makes it longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::fault::{Fault, NamedTime};
use super::{AnswerCounts, ProviderState};
use crate::clock::Clock;
use crate::domain::film::Source;

/// Failures in a row after which a provider is left alone.
const FAILURES_IN_A_ROW: u32 = 5;

/// How long it is left alone before it is asked once, in milliseconds.
const REST_MS: i64 = 60_000;

/// How long the asker of a provider that is being probed may expect to wait for the result.
const PROBE_HINT: Duration = Duration::from_secs(1);

/// The bounds of a rest for a used-up quota, in milliseconds: 1 s and 24 h.
const QUOTA_REST_MS: (i64, i64) = (1_000, DAY_MS);

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A provider's health.
#[derive(Debug)]
pub(super) struct Health {
    source: Source,
    clock: Clock,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    counts: AnswerCounts,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Up { failures: u32 },
    Resting(Span),
    Probing,
    QuotaUsedUp(Span),
    BadKey,
}

/// A stretch of wall-clock time, Unix milliseconds.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    until: i64,
}

impl Span {
    const fn starting(from: i64, for_ms: i64) -> Self {
        Self {
            from,
            until: from.saturating_add(for_ms),
        }
    }

    /// How much is left of it; `None` when it is over, or when the clock was set back to before it.
    fn left(self, now: i64) -> Option<Duration> {
        let left = (self.from..self.until).contains(&now).then(|| self.until - now)?;
        u64::try_from(left).ok().map(Duration::from_millis)
    }
}

/// Leave to ask a provider once. What came of it is told to [`Permit::settle`]; a permit that is
/// dropped before says nothing about the provider.
#[derive(Debug)]
pub(super) struct Permit {
    health: Arc<Health>,
    probe: bool,
    counted_late: bool,
}

impl Health {
    /// The health of a provider that was never asked.
    pub(super) fn new(source: Source, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            source,
            clock,
            inner: Mutex::new(Inner {
                state: State::Up { failures: 0 },
                counts: AnswerCounts::default(),
            }),
        })
    }

    /// Leave to ask the provider now, if it is to be asked.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Permit> {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        let probe = match inner.state {
            State::Up { .. } => false,
            State::Resting(span) if span.left(now).is_none() => {
                inner.state = State::Probing;
                true
            }
            State::QuotaUsedUp(span) if span.left(now).is_none() => {
                inner.state = State::Up { failures: 0 };
                tracing::info!(provider = self.source.as_str(), "the quota is there again");
                false
            }
            State::Resting(_) | State::Probing | State::QuotaUsedUp(_) | State::BadKey => return None,
        };
        Some(Permit {
            health: Arc::clone(self),
            probe,
            counted_late: false,
        })
    }

    /// Whether [`Health::admit`] would give leave.
    pub(super) fn admits(&self) -> bool {
        let now = self.clock.unix_ms();
        match self.lock().state {
            State::Up { .. } => true,
            State::Resting(span) | State::QuotaUsedUp(span) => span.left(now).is_none(),
            State::Probing | State::BadKey => false,
        }
    }

    /// How long until it may be asked; `None` for never.
    pub(super) fn retry_in(&self) -> Option<Duration> {
        let now = self.clock.unix_ms();
        match self.lock().state {
            State::Up { .. } => Some(Duration::ZERO),
            State::Resting(span) | State::QuotaUsedUp(span) => Some(span.left(now).unwrap_or_default()),
            State::Probing => Some(PROBE_HINT),
            State::BadKey => None,
        }
    }

    /// What it is doing, for people.
    pub(super) fn state(&self) -> ProviderState {
        let now = self.clock.unix_ms();
        match self.lock().state {
            State::Up { .. } => ProviderState::Up,
            State::Resting(span) => ProviderState::Resting(span.left(now).unwrap_or_default()),
            State::Probing => ProviderState::Resting(Duration::ZERO),
            State::QuotaUsedUp(span) => span
                .left(now)
                .map_or(ProviderState::Up, ProviderState::QuotaUsedUp),
            State::BadKey => ProviderState::BadKey,
        }
    }

    /// What its answers were.
    pub(super) fn counts(&self) -> AnswerCounts {
        self.lock().counts
    }

    fn answered(&self) {
        let mut inner = self.lock();
        match inner.state {
            State::Up { .. } => inner.state = State::Up { failures: 0 },
            State::Resting(_) | State::Probing => {
                inner.state = State::Up { failures: 0 };
                tracing::info!(provider = self.source.as_str(), "the provider answers again");
            }
            State::QuotaUsedUp(_) | State::BadKey => {}
        }
    }

    fn failed(&self, probe: bool) {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        match inner.state {
            State::Up { failures } if failures + 1 < FAILURES_IN_A_ROW => {
                inner.state = State::Up {
                    failures: failures + 1,
                };
            }
            State::Up { .. } => {
                inner.state = State::Resting(Span::starting(now, REST_MS));
                tracing::warn!(
                    provider = self.source.as_str(),
                    failures = FAILURES_IN_A_ROW,
                    "the provider keeps failing and is left alone, but for one probe a minute"
                );
            }
            State::Probing if probe => {
                inner.state = State::Resting(Span::starting(now, REST_MS));
                tracing::debug!(provider = self.source.as_str(), "the probe failed");
            }
            State::Resting(_) | State::Probing | State::QuotaUsedUp(_) | State::BadKey => {}
        }
    }

    fn quota_used_up(&self, named: NamedTime) {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        if matches!(inner.state, State::QuotaUsedUp(_) | State::BadKey) {
            return;
        }
        let rest_ms = quota_rest_ms(now, named);
        inner.state = State::QuotaUsedUp(Span::starting(now, rest_ms));
        tracing::warn!(
            provider = self.source.as_str(),
            rest_secs = rest_ms / 1_000,
            "the quota is used up; the provider is left alone"
        );
    }

    fn key_refused(&self) {
        let mut inner = self.lock();
        if !matches!(inner.state, State::BadKey) {
            inner.state = State::BadKey;
            tracing::error!(
                provider = self.source.as_str(),
                "the provider refuses its key and is not asked again before a restart"
            );
        }
    }

    fn probe_abandoned(&self) {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        if matches!(inner.state, State::Probing) {
            inner.state = State::Resting(Span::starting(now, 0));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change is one assignment: a panic elsewhere leaves nothing half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// The provider's share of the time is over: that counts as one failure, now and not again when
    /// the request ends.
    pub(super) fn note_late(&mut self) {
        if !self.counted_late {
            self.counted_late = true;
            self.health.lock().counts.transient += 1;
            self.health.failed(self.probe);
        }
    }

    /// What the provider answered: whether it has the film, or what was wrong.
    pub(super) fn settle(mut self, answer: Result<bool, Fault>) {
        let probe = std::mem::take(&mut self.probe);
        let health = &self.health;
        if self.counted_late && matches!(answer, Err(Fault::Transient(_) | Fault::Unreadable(_))) {
            return;
        }
        {
            let counts = &mut health.lock().counts;
            let count = match answer {
                Ok(true) => &mut counts.found,
                Ok(false) => &mut counts.not_found,
                Err(Fault::Transient(_)) => &mut counts.transient,
                Err(Fault::Quota(_)) => &mut counts.quota,
                Err(Fault::BadKey) => &mut counts.bad_key,
                Err(Fault::Unreadable(_)) => &mut counts.unreadable,
            };
            *count += 1;
        }
        match answer {
            Ok(_) => health.answered(),
            Err(Fault::Transient(_) | Fault::Unreadable(_)) => health.failed(probe),
            Err(Fault::Quota(named)) => health.quota_used_up(named),
            Err(Fault::BadKey) => health.key_refused(),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.probe && !self.counted_late {
            self.health.probe_abandoned();
        }
    }
}

/// How long a used-up quota rests the provider: until the time that it names, within bounds, or to
/// the next midnight in UTC.
fn quota_rest_ms(now: i64, named: NamedTime) -> i64 {
    let named_ms = match named {
        NamedTime::Unnamed => DAY_MS - now.rem_euclid(DAY_MS),
        NamedTime::InSecs(secs) => i64::try_from(secs).unwrap_or(i64::MAX).saturating_mul(1_000),
        NamedTime::At(unix_secs) => unix_secs.saturating_mul(1_000).saturating_sub(now),
    };
    named_ms.clamp(QUOTA_REST_MS.0, QUOTA_REST_MS.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 11:00:00 UTC.
    const NOW_MS: i64 = 1_795_431_600_000;

    const DOWN: Result<bool, Fault> = Err(Fault::Transient("down"));

    fn provider() -> (Clock, Arc<Health>) {
        let clock = Clock::manual(NOW_MS);
        (clock.clone(), Health::new(Source::Cinemeta, clock))
    }

    fn ask(health: &Arc<Health>, answer: Result<bool, Fault>) -> bool {
        health.admit().map(|permit| permit.settle(answer)).is_some()
    }

    fn rest(health: &Arc<Health>) {
        for _ in 0..FAILURES_IN_A_ROW {
            assert!(ask(health, DOWN));
        }
    }

    #[test]
    fn five_failures_in_a_row_rest_a_provider_for_a_minute() {
        let (clock, health) = provider();
        for _ in 0..4 {
            ask(&health, DOWN);
        }
        assert!(ask(&health, Ok(false)), "an answer begins the row anew");
        rest(&health);
        assert!(!ask(&health, Ok(true)));
        assert_eq!(health.state(), ProviderState::Resting(Duration::from_mins(1)));
        clock.advance_ms(59_999);
        assert_eq!(health.retry_in(), Some(Duration::from_millis(1)));
        assert!(health.admit().is_none());
        clock.advance_ms(1);
        assert!(ask(&health, Ok(true)));
        assert_eq!(health.state(), ProviderState::Up);
    }

    #[test]
    fn after_the_rest_one_probe_is_made_and_no_more() {
        let (clock, health) = provider();
        rest(&health);
        clock.advance_ms(REST_MS);
        let probe = health.admit().expect("a probe");
        assert!(health.admit().is_none());
        assert_eq!(health.retry_in(), Some(PROBE_HINT));
        probe.settle(DOWN);
        assert!(health.admit().is_none(), "a failed probe rests it again");
        clock.advance_ms(REST_MS);
        assert!(health.admit().is_some());
    }

    #[test]
    fn a_probe_that_is_dropped_leaves_the_way_to_the_next() {
        let (clock, health) = provider();
        rest(&health);
        clock.advance_ms(REST_MS);
        drop(health.admit().expect("a probe"));
        assert!(health.admit().is_some());
    }

    #[test]
    fn a_share_overrun_counts_once_and_a_late_answer_closes_the_breaker() {
        let (_, health) = provider();
        let mut late: Vec<_> = (0..5).filter_map(|_| health.admit()).collect();
        for permit in &mut late {
            permit.note_late();
        }
        assert_eq!(health.counts().transient, 5);
        assert!(!health.admits());
        late.pop().expect("a permit").settle(DOWN);
        assert_eq!(health.counts().transient, 5);
        late.pop().expect("a permit").settle(Ok(true));
        assert!(health.admits());
    }

    #[test]
    fn failures_of_calls_made_before_the_rest_do_not_lengthen_it() {
        let (clock, health) = provider();
        let early = health.admit().expect("leave");
        rest(&health);
        clock.advance_ms(30_000);
        early.settle(DOWN);
        assert_eq!(health.retry_in(), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_used_up_quota_rests_until_the_named_time_within_bounds() {
        for (named, rest_secs) in [
            (NamedTime::InSecs(120), 120),
            (NamedTime::InSecs(0), 1),
            (NamedTime::InSecs(u64::MAX), 86_400),
            (NamedTime::At(NOW_MS / 1_000 + 300), 300),
            (NamedTime::At(0), 1),
            (NamedTime::Unnamed, 13 * 3_600),
        ] {
            let (clock, health) = provider();
            assert!(ask(&health, Err(Fault::Quota(named))));
            let rest = Duration::from_secs(rest_secs);
            assert_eq!(health.state(), ProviderState::QuotaUsedUp(rest), "{named:?}");
            assert!(health.admit().is_none());
            clock.advance_ms(i64::try_from(rest.as_millis()).expect("a rest"));
            assert!(health.admit().is_some(), "{named:?}");
        }
    }

    #[test]
    fn a_refused_key_is_final() {
        let (clock, health) = provider();
        ask(&health, Err(Fault::BadKey));
        clock.advance_ms(30 * DAY_MS);
        assert_eq!(health.state(), ProviderState::BadKey);
        assert_eq!(health.retry_in(), None);
        assert!(health.admit().is_none());
    }

    #[test]
    fn a_clock_that_is_set_back_ends_a_rest() {
        let (clock, health) = provider();
        ask(&health, Err(Fault::Quota(NamedTime::InSecs(3_600))));
        clock.advance_ms(-DAY_MS);
        assert!(health.admit().is_some());
    }
}
