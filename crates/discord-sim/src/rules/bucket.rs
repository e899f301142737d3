//! Rate limits: how many requests a window allows. Pure; the time is given.

use std::collections::HashMap;
use std::time::Duration;

/// How many requests in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) window: Duration,
}

/// Every request of the bot that is not about an interaction.
pub(crate) const GLOBAL: Limit = Limit {
    requests: 50,
    window: Duration::from_secs(1),
};

/// What a bucket said to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
    /// Whether the request may pass.
    pub(crate) allowed: bool,
    /// Whether this bucket had already refused a request in this window.
    pub(crate) warned: bool,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    started: Duration,
    used: u32,
    refused: bool,
}

/// Buckets closed before this many exist are swept.
const SWEEP_AT: usize = 4_096;

/// All buckets, by name.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    windows: HashMap<String, (Window, Duration)>,
}

impl Buckets {
    /// Counts a request at `now`, and says whether it may pass.
    pub(crate) fn take(&mut self, name: &str, limit: Limit, now: Duration) -> Verdict {
        if self.windows.len() >= SWEEP_AT {
            self.windows
                .retain(|_, (window, length)| now < window.started + *length);
        }
        let fresh = Window {
            started: now,
            used: 0,
            refused: false,
        };
        let (window, _) = self
            .windows
            .entry(name.to_owned())
            .or_insert((fresh, limit.window));
        if now >= window.started + limit.window {
            *window = fresh;
        }
        let allowed = window.used < limit.requests;
        let warned = window.refused;
        if allowed {
            window.used += 1;
        } else {
            window.refused = true;
        }
        Verdict {
            limit: limit.requests,
            remaining: limit.requests - window.used,
            reset_after: (window.started + limit.window).saturating_sub(now),
            allowed,
            warned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_edit_in_five_seconds_must_wait_for_the_windows_end() {
        let limit = Limit {
            requests: 5,
            window: Duration::from_secs(5),
        };
        let mut buckets = Buckets::default();
        let mut at = |secs| buckets.take("edit", limit, Duration::from_secs(secs));
        for n in 0..5 {
            let verdict = at(n);
            assert!(verdict.allowed);
            assert_eq!(u64::from(verdict.remaining), 4 - n);
        }
        let refused = at(4);
        assert!(!refused.allowed && !refused.warned);
        assert_eq!(refused.reset_after, Duration::from_secs(1));
        assert!(at(4).warned);
        assert!(at(5).allowed);
    }
}
