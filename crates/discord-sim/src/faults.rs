//! Faults that a test puts between the bot and the local Discord: errors, delays, lost answers.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::core::lock;

/// What befalls one request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// Answered with this instead of being handled.
    Fail { status: u16, body: Value },
    /// Handled late.
    Delay(Duration),
    /// Never handled, never answered.
    DropBefore,
    /// Handled, but the answer is lost.
    DropAfter,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    fault: Fault,
    /// How many more requests it befalls; `None` for all.
    left: Option<u32>,
}

/// The faults in force. A pattern matches when it is part of `METHOD /route/{template}`, such as
/// `PATCH /channels/{channel_id}/messages`, `/interactions/`, or `POST`; an empty one matches all.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    tolerated: Mutex<Vec<(String, u16)>>,
}

impl Faults {
    fn add(&self, pattern: &str, fault: Fault, left: Option<u32>) {
        lock(&self.rules).push(Rule {
            pattern: pattern.to_owned(),
            fault,
            left,
        });
    }

    /// Answers the next matching request with this status and Discord's body for it (429 with a
    /// `retry_after` of 0.2 s), without handling it.
    pub fn fail_next(&self, pattern: &str, status: u16) {
        self.fail_times(pattern, status, 1);
    }

    /// Answers the next `times` matching requests with this status.
    pub fn fail_times(&self, pattern: &str, status: u16, times: u32) {
        let body = match status {
            429 => {
                json!({"message": "You are being rate limited.", "retry_after": 0.2, "global": false, "code": 0})
            }
            _ => json!({"message": format!("{status}: injected"), "code": 0}),
        };
        self.add(pattern, Fault::Fail { status, body }, Some(times));
    }

    /// Answers the next matching request with this status and body.
    pub fn fail_next_with(&self, pattern: &str, status: u16, body: Value) {
        self.add(pattern, Fault::Fail { status, body }, Some(1));
    }

    /// Answers every matching request with this status, until [`Self::clear`].
    pub fn fail_all(&self, pattern: &str, status: u16) {
        let body = json!({"message": format!("{status}: injected"), "code": 0});
        self.add(pattern, Fault::Fail { status, body }, None);
    }

    /// Holds every matching request back before it is handled, until [`Self::clear`].
    pub fn delay(&self, pattern: &str, by: Duration) {
        self.add(pattern, Fault::Delay(by), None);
    }

    /// Holds the next matching request back before it is handled.
    pub fn delay_next(&self, pattern: &str, by: Duration) {
        self.add(pattern, Fault::Delay(by), Some(1));
    }

    /// Loses the next matching request: it is not handled, and its connection breaks.
    pub fn drop_before_handling(&self, pattern: &str) {
        self.add(pattern, Fault::DropBefore, Some(1));
    }

    /// Handles the next matching request, but loses the answer: the connection breaks.
    pub fn drop_after_handling(&self, pattern: &str) {
        self.add(pattern, Fault::DropAfter, Some(1));
    }

    /// Declares that this refusal is part of the test: it is recorded, but is no violation.
    pub fn tolerate(&self, pattern: &str, status: u16) {
        lock(&self.tolerated).push((pattern.to_owned(), status));
    }

    /// Ends all faults and tolerances.
    pub fn clear(&self) {
        lock(&self.rules).clear();
        lock(&self.tolerated).clear();
    }

    /// What befalls this request; one-time faults are used up.
    pub(crate) fn strike(&self, request: &str) -> Vec<Fault> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut struck = Vec::new();
        for rule in rules
            .iter_mut()
            .filter(|r| request.contains(&r.pattern) && r.left != Some(0))
        {
            let delays = matches!(rule.fault, Fault::Delay(_));
            // One answer per request: a second failure stays for the next one.
            if !delays && struck.iter().any(|f| !matches!(f, Fault::Delay(_))) {
                continue;
            }
            rule.left = rule.left.map(|n| n - 1);
            struck.push(rule.fault.clone());
        }
        rules.retain(|r| r.left != Some(0));
        struck
    }

    pub(crate) fn is_tolerated(&self, request: &str, status: u16) -> bool {
        lock(&self.tolerated)
            .iter()
            .any(|(pattern, s)| *s == status && request.contains(pattern))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_befalls_as_many_requests_as_it_was_told() {
        let faults = Faults::default();
        faults.fail_times("PATCH /channels", 500, 2);
        faults.delay("/channels", Duration::from_millis(1));
        assert_eq!(faults.strike("GET /gateway"), []);
        assert_eq!(faults.strike("PATCH /channels/{channel_id}").len(), 2);
        assert_eq!(faults.strike("PATCH /channels/{channel_id}").len(), 2);
        assert_eq!(
            faults.strike("PATCH /channels/{channel_id}"),
            [Fault::Delay(Duration::from_millis(1))]
        );
    }
}
