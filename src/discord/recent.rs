//! Which interactions were seen lately: Discord may deliver one twice after a lost connection.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The last ids that were asked about; the oldest is forgotten for the newest.
#[derive(Debug)]
pub struct RecentIds {
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    seen: HashSet<u64>,
    order: VecDeque<u64>,
}

impl RecentIds {
    /// Remembers so many ids.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            inner: Mutex::default(),
        }
    }

    /// Whether this id was not seen lately; from now on it was.
    pub fn first_time(&self, id: u64) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.seen.insert(id) {
            return false;
        }
        inner.order.push_back(id);
        if inner.order.len() > self.most
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.seen.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_delivery_is_recognised() {
        let recent = RecentIds::new(8);
        assert!(recent.first_time(1));
        assert!(recent.first_time(2));
        assert!(!recent.first_time(1));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let recent = RecentIds::new(2);
        for id in 1..=3 {
            assert!(recent.first_time(id));
        }
        assert!(!recent.first_time(3));
        assert!(!recent.first_time(2));
        assert!(recent.first_time(1));
        let inner = recent.inner.lock().expect("nobody panicked");
        assert_eq!((inner.seen.len(), inner.order.len()), (2, 2));
    }
}
