//! How many requests a provider was sent today, and how many it may be sent.
//!
//! Owns the count of this process, what others are known to have sent, and which part of the own count is
//! kept nowhere yet. Days are UTC's, as the providers count them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Usage;
use crate::clock::Clock;
use crate::domain::provider_health::utc_day;

/// One provider's requests.
#[derive(Debug)]
pub(super) struct Budget {
    clock: Clock,
    daily_limit: Option<u64>,
    count: Mutex<Count>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    day: i64,
    /// Kept already: sent by this process before, or by another one.
    kept: u64,
    /// Sent since.
    unkept: u64,
}

impl Budget {
    /// A budget of so many requests a UTC day; `None` counts only.
    pub(super) fn new(clock: Clock, daily_limit: Option<u64>) -> Self {
        let day = utc_day(clock.unix_secs());
        Self {
            clock,
            daily_limit,
            count: Mutex::new(Count {
                day,
                ..Count::default()
            }),
        }
    }

    /// Counts a request that is about to be sent. `false`: today's are spent, and it must not be.
    pub(super) fn spend(&self) -> bool {
        let mut count = self.today();
        if self
            .daily_limit
            .is_some_and(|limit| count.kept.saturating_add(count.unkept) >= limit)
        {
            return false;
        }
        count.unkept += 1;
        true
    }

    /// How much of today is used.
    pub(super) fn usage(&self) -> Usage {
        let count = self.today();
        Usage {
            requests_today: count.kept.saturating_add(count.unkept),
            daily_limit: self.daily_limit,
        }
    }

    /// The day, and the requests of it that are kept nowhere yet.
    pub(super) fn unkept(&self) -> (i64, u64) {
        let count = self.today();
        (count.day, count.unkept)
    }

    /// `sent` of the requests of that day are kept now, and make `total` with those of all others.
    pub(super) fn keep(&self, day: i64, sent: u64, total: u64) {
        let mut count = self.today();
        if count.day == day {
            count.kept = total;
            count.unkept = count.unkept.saturating_sub(sent);
        }
    }

    /// The count, begun anew if a new day has: also when the clock was set back to another day.
    fn today(&self) -> MutexGuard<'_, Count> {
        let day = utc_day(self.clock.unix_secs());
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        if count.day != day {
            *count = Count {
                day,
                ..Count::default()
            };
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 23:59:59 UTC.
    const LAST_SECOND_MS: i64 = 1_795_478_399_000;

    fn used(budget: &Budget) -> u64 {
        budget.usage().requests_today
    }

    #[test]
    fn a_budget_is_spent_to_its_end_and_whole_again_at_midnight() {
        let clock = Clock::manual(LAST_SECOND_MS);
        let budget = Budget::new(clock.clone(), Some(3));
        assert_eq!([(); 4].map(|()| budget.spend()), [true, true, true, false]);
        assert_eq!(used(&budget), 3);
        clock.advance_ms(1_000);
        assert_eq!(used(&budget), 0);
        assert!(budget.spend());
    }

    #[test]
    fn without_a_limit_requests_are_counted_only() {
        let budget = Budget::new(Clock::manual(LAST_SECOND_MS), None);
        assert!((0..5_000).all(|_| budget.spend()));
        assert_eq!(used(&budget), 5_000);
    }

    #[test]
    fn what_was_kept_is_counted_once_and_what_came_meanwhile_is_still_to_keep() {
        let clock = Clock::manual(LAST_SECOND_MS);
        let budget = Budget::new(clock.clone(), Some(10));
        assert!(budget.spend() && budget.spend());
        let (day, sent) = budget.unkept();
        assert_eq!(sent, 2);
        assert!(budget.spend());
        // Another process has sent five.
        budget.keep(day, sent, 7);
        assert_eq!((used(&budget), budget.unkept().1), (8, 1));
        clock.advance_ms(1_000);
        budget.keep(day, 1, 8);
        assert_eq!(used(&budget), 0, "that was yesterday");
    }
}
