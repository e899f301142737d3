//! A bounded memory of recent results, each with its own span of life on the wall clock.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Duration;

/// Results by key, the oldest forgotten first once there are `capacity` of them. Times are Unix
/// milliseconds. An entry from the future, left by a clock that was set back, is not believed.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    capacity: usize,
    entries: HashMap<K, Entry<V>>,
    order: VecDeque<(u64, K)>,
    next_serial: u64,
}

#[derive(Debug)]
struct Entry<V> {
    serial: u64,
    from_ms: i64,
    until_ms: i64,
    value: V,
}

impl<K: Clone + Eq + Hash, V: Clone> Recent<K, V> {
    /// An empty memory for so many results.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: HashMap::new(),
            order: VecDeque::new(),
            next_serial: 0,
        }
    }

    /// What is remembered under this key.
    pub(super) fn get(&self, key: &K, now_ms: i64) -> Option<V> {
        self.entries
            .get(key)
            .filter(|entry| entry.lives_at(now_ms))
            .map(|entry| entry.value.clone())
    }

    /// Remembers a result for so long, in place of what was there.
    pub(super) fn put(&mut self, key: K, value: V, life: Duration, now_ms: i64) {
        let serial = self.next_serial;
        self.next_serial += 1;
        let life_ms = i64::try_from(life.as_millis()).unwrap_or(i64::MAX);
        let entry = Entry {
            serial,
            from_ms: now_ms,
            until_ms: now_ms.saturating_add(life_ms),
            value,
        };
        self.entries.insert(key.clone(), entry);
        self.order.push_back((serial, key));
        while let Some((serial, key)) = self.order.front() {
            let current = self.entries.get(key).filter(|entry| entry.serial == *serial);
            let stays = current.is_some_and(|entry| entry.lives_at(now_ms));
            if stays && self.entries.len() <= self.capacity {
                break;
            }
            if current.is_some() {
                self.entries.remove(key);
            }
            self.order.pop_front();
        }
        // A long-lived entry in front must not let the outdated places behind it pile up.
        if self.order.len() > 2 * self.capacity {
            let entries = &self.entries;
            self.order
                .retain(|(serial, key)| entries.get(key).is_some_and(|entry| entry.serial == *serial));
        }
    }
}

impl<V> Entry<V> {
    fn lives_at(&self, now_ms: i64) -> bool {
        (self.from_ms..self.until_ms).contains(&now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_result_lives_for_its_span_and_not_before_it() {
        let mut recent = Recent::new(10);
        recent.put("alien", 1, MINUTE, 1_000);
        assert_eq!(recent.get(&"alien", 1_000), Some(1));
        assert_eq!(recent.get(&"alien", 60_999), Some(1));
        assert_eq!(recent.get(&"alien", 61_000), None);
        assert_eq!(recent.get(&"alien", 999), None, "the clock was set back");
    }

    #[test]
    fn the_memory_stays_within_its_bounds() {
        let mut recent = Recent::new(3);
        for n in 0..100 {
            recent.put(n, n, MINUTE, 0);
            recent.put(n, n, MINUTE, 0);
        }
        assert_eq!(recent.entries.len(), 3);
        assert!(recent.order.len() <= 6);
        assert_eq!(recent.get(&99, 0), Some(99));
        assert_eq!(recent.get(&96, 0), None);
    }

    #[test]
    fn one_key_renewed_for_ever_takes_no_more_room() {
        let mut recent = Recent::new(3);
        recent.put(0, 0, MINUTE * 60, 0);
        for n in 0..1_000 {
            recent.put(1, n, MINUTE, 0);
        }
        assert!(recent.order.len() < 100, "{}", recent.order.len());
    }
}
