//! One provider's health: when it is asked, when it is left alone, and what its answers were.
//!
//! Owns the breaker, quotas and counts. Goes by the wall clock, since rests outlast a look-up; a clock
//! that is set back ends a rest and never makes it longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::fault::{Fault, NamedTime};
use super::{AnswerCounts, ProviderState};
use crate::clock::Clock;
use crate::domain::film::Source;
use crate::domain::provider_health::{Condition, Rest, Sighting};
use crate::metrics::Metrics;

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
    metrics: Metrics,
    /// Is told of every change of the condition.
    changed: Arc<Notify>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    counts: AnswerCounts,
    /// What is to be kept of the last change, until it is.
    unkept: Option<Sighting>,
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

    /// The same in whole seconds, not shorter.
    const fn in_secs(self) -> Rest {
        Rest {
            from: self.from.div_euclid(1_000),
            until: self.until.saturating_add(999).div_euclid(1_000),
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
    /// The health of a provider that was never asked. `changed` is told of every change of its condition.
    pub(super) fn new(source: Source, clock: Clock, metrics: Metrics, changed: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            source,
            clock,
            metrics,
            changed,
            inner: Mutex::new(Inner {
                state: State::Up { failures: 0 },
                counts: AnswerCounts::default(),
                unkept: None,
            }),
        })
    }

    /// Takes up a rest for a used-up quota that began before this process did.
    pub(super) fn resume(&self, rest: Rest) {
        let now = self.clock.unix_ms();
        let from = rest.from.saturating_mul(1_000);
        let until = rest
            .until
            .saturating_mul(1_000)
            .min(now.saturating_add(QUOTA_REST_MS.1));
        let span = Span { from, until };
        if let Some(left) = span.left(now) {
            self.lock().state = State::QuotaUsedUp(span);
            tracing::warn!(
                provider = self.source.as_str(),
                rest_secs = left.as_secs(),
                "the quota was used up before the start; the provider is left alone"
            );
        }
    }

    /// The last change of its condition, if it is still to be kept.
    pub(super) fn unkept(&self) -> Option<Sighting> {
        self.lock().unkept
    }

    /// This change is kept.
    pub(super) fn keep(&self, seen: Sighting) {
        let mut inner = self.lock();
        if inner.unkept == Some(seen) {
            inner.unkept = None;
        }
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
                self.change_to(&mut inner, State::Up { failures: 0 }, now);
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

    /// Whether it is asked and its last answer was one: worth waiting for.
    pub(super) fn is_well(&self) -> bool {
        let now = self.clock.unix_ms();
        match self.lock().state {
            State::Up { failures } => failures == 0,
            State::QuotaUsedUp(span) => span.left(now).is_none(),
            State::Resting(_) | State::Probing | State::BadKey => false,
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

    /// A change of condition: whoever keeps such things is told.
    fn change_to(&self, inner: &mut Inner, state: State, now: i64) {
        inner.state = state;
        inner.unkept = Some(state.as_seen(now));
        self.changed.notify_one();
    }

    fn answered(&self) {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        match inner.state {
            State::Up { .. } => inner.state = State::Up { failures: 0 },
            State::Resting(_) | State::Probing => {
                self.change_to(&mut inner, State::Up { failures: 0 }, now);
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
                self.change_to(&mut inner, State::Resting(Span::starting(now, REST_MS)), now);
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
        self.change_to(&mut inner, State::QuotaUsedUp(Span::starting(now, rest_ms)), now);
        tracing::warn!(
            provider = self.source.as_str(),
            rest_secs = rest_ms / 1_000,
            "the quota is used up; the provider is left alone"
        );
    }

    fn key_refused(&self) {
        let now = self.clock.unix_ms();
        let mut inner = self.lock();
        if !matches!(inner.state, State::BadKey) {
            self.change_to(&mut inner, State::BadKey, now);
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

impl State {
    /// What is to be kept of it when it begins now.
    fn as_seen(self, now_ms: i64) -> Sighting {
        let (condition, rest) = match self {
            Self::Up { .. } => (Condition::Up, None),
            Self::Resting(span) => (Condition::Failing, Some(span.in_secs())),
            Self::Probing => (Condition::Failing, None),
            Self::QuotaUsedUp(span) => (Condition::QuotaUsedUp, Some(span.in_secs())),
            Self::BadKey => (Condition::BadKey, None),
        };
        Sighting {
            condition,
            rest,
            at: now_ms.div_euclid(1_000),
        }
    }
}

impl Permit {
    /// Whether this is the one probe of a provider that is left alone: nobody should wait for it.
    pub(super) const fn is_probe(&self) -> bool {
        self.probe
    }

    /// The provider's share of the time is over: that counts as one failure, now and not again when
    /// the request ends.
    pub(super) fn note_late(&mut self) {
        if !self.counted_late {
            self.counted_late = true;
            self.health.lock().counts.transient += 1;
            let health = &self.health;
            health.metrics.provider_answered(health.source, "transient");
            health.failed(self.probe);
        }
    }

    /// What the provider answered: whether it has the film, or what was wrong.
    pub(super) fn settle(mut self, answer: Result<bool, Fault>) {
        let probe = std::mem::take(&mut self.probe);
        let health = &self.health;
        if self.counted_late && matches!(answer, Err(Fault::Transient(_) | Fault::Unreadable(_))) {
            return;
        }
        let class = {
            let counts = &mut health.lock().counts;
            let (count, class) = match answer {
                Ok(true) => (&mut counts.found, "found"),
                Ok(false) => (&mut counts.not_found, "not_found"),
                Err(fault @ Fault::Transient(_)) => (&mut counts.transient, fault.class()),
                Err(fault @ Fault::Quota(_)) => (&mut counts.quota, fault.class()),
                Err(fault @ Fault::BadKey) => (&mut counts.bad_key, fault.class()),
                Err(fault @ Fault::Unreadable(_)) => (&mut counts.unreadable, fault.class()),
            };
            *count += 1;
            class
        };
        health.metrics.provider_answered(health.source, class);
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
mod tests;
