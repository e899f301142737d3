//! One piece of work per key at a time, whoever asks, and a short memory of what came of it.
//!
//! Owns who joins whom. The work itself runs elsewhere, in a task that holds a [`Landing`]; that nobody
//! waits any more does not stop it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::recent::Recent;

/// The work that is under way, and what was remembered. Clones share it.
#[derive(Debug)]
pub(super) struct Desk<K: Clone + Eq + Hash, V: Clone>(Arc<Mutex<Inner<K, V>>>);

#[derive(Debug)]
struct Inner<K, V> {
    flights: HashMap<K, Flight<V>>,
    recent: Recent<K, V>,
}

#[derive(Debug, Clone)]
struct Flight<V> {
    started: Instant,
    end: watch::Receiver<Option<V>>,
}

/// What an asker gets.
#[derive(Debug)]
pub(super) enum Seat<K: Clone + Eq + Hash, V: Clone> {
    /// It is known.
    Known(V),
    /// It is being worked on since this instant.
    Joined(Instant, Wait<V>),
    /// The asker is to have it worked on.
    First(Landing<K, V>, Wait<V>),
}

/// Waiting for the end of somebody's work.
#[derive(Debug)]
pub(super) struct Wait<V>(watch::Receiver<Option<V>>);

/// The duty to say what came of the work. Dropped without that, those who wait get nothing, and the
/// next asker is the first again.
#[derive(Debug)]
pub(super) struct Landing<K: Clone + Eq + Hash, V: Clone> {
    desk: Desk<K, V>,
    key: K,
    end: watch::Sender<Option<V>>,
}

impl<K: Clone + Eq + Hash, V: Clone> Desk<K, V> {
    /// A desk that remembers so many results.
    pub(super) fn new(remembered: usize) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            flights: HashMap::new(),
            recent: Recent::new(remembered),
        })))
    }

    /// A seat for this key; `now_ms` is Unix milliseconds. `None` when it would have to be worked on and
    /// so many works are under way already.
    pub(super) fn ask(&self, key: &K, now_ms: i64, most_under_way: usize) -> Option<Seat<K, V>> {
        let mut inner = self.lock();
        if let Some(value) = inner.recent.get(key, now_ms) {
            return Some(Seat::Known(value));
        }
        let under_way = inner.flights.len();
        match inner.flights.entry(key.clone()) {
            Entry::Occupied(flight) => {
                let flight = flight.get();
                Some(Seat::Joined(flight.started, Wait(flight.end.clone())))
            }
            Entry::Vacant(_) if under_way >= most_under_way => None,
            Entry::Vacant(place) => {
                let (sender, receiver) = watch::channel(None);
                place.insert(Flight {
                    started: Instant::now(),
                    end: receiver.clone(),
                });
                let landing = Landing {
                    desk: Self(Arc::clone(&self.0)),
                    key: key.clone(),
                    end: sender,
                };
                Some(Seat::First(landing, Wait(receiver)))
            }
        }
    }

    /// What is remembered under this key; `now_ms` is Unix milliseconds.
    pub(super) fn recall(&self, key: &K, now_ms: i64) -> Option<V> {
        self.lock().recent.get(key, now_ms)
    }

    /// Waiting for the work on this key, if it is under way.
    pub(super) fn join(&self, key: &K) -> Option<Wait<V>> {
        let flight = self.lock().flights.get(key).cloned()?;
        Some(Wait(flight.end))
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Clone> Wait<V> {
    /// What came of the work; `None` when it was abandoned.
    pub(super) async fn end(&mut self) -> Option<V> {
        let end = self.0.wait_for(Option::is_some).await.ok()?;
        end.clone()
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Landing<K, V> {
    /// Tells those who wait, and remembers it for `life` from `now_ms` (Unix milliseconds).
    pub(super) fn land(self, value: V, life: Option<Duration>, now_ms: i64) {
        if let Some(life) = life {
            // The flight is over when this is dropped: until then, and from then on, it is found.
            let mut inner = self.desk.lock();
            inner.recent.put(self.key.clone(), value.clone(), life, now_ms);
        }
        self.end.send_replace(Some(value));
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.desk.lock().flights.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Option<Duration> = Some(Duration::from_mins(1));

    fn first(desk: &Desk<&'static str, u8>) -> (Landing<&'static str, u8>, Wait<u8>) {
        match desk.ask(&"alien", 0, 10) {
            Some(Seat::First(landing, wait)) => (landing, wait),
            other => panic!("the first seat was expected: {other:?}"),
        }
    }

    #[tokio::test]
    async fn those_who_come_later_join_and_all_get_the_one_result() {
        let desk = Desk::new(10);
        let (landing, mut one) = first(&desk);
        let Some(Seat::Joined(_, mut other)) = desk.ask(&"alien", 0, 10) else {
            panic!("the flight is under way");
        };
        landing.land(7, LIFE, 0);
        assert_eq!((one.end().await, other.end().await), (Some(7), Some(7)));
        assert!(matches!(desk.ask(&"alien", 59_999, 10), Some(Seat::Known(7))));
        assert!(matches!(desk.ask(&"alien", 60_000, 10), Some(Seat::First(..))));
    }

    #[tokio::test]
    async fn abandoned_work_leaves_nobody_waiting_and_the_way_free() {
        let desk = Desk::new(10);
        let (landing, mut wait) = first(&desk);
        drop(landing);
        assert_eq!(wait.end().await, None);
        first(&desk);
    }

    #[tokio::test]
    async fn what_is_not_to_be_remembered_is_told_and_forgotten() {
        let desk = Desk::new(10);
        let (landing, mut wait) = first(&desk);
        landing.land(7, None, 0);
        assert_eq!(wait.end().await, Some(7));
        first(&desk);
    }

    #[tokio::test]
    async fn only_work_under_way_can_be_joined() {
        let desk = Desk::new(10);
        assert!(desk.join(&"alien").is_none());
        let (landing, _wait) = first(&desk);
        let mut joined = desk.join(&"alien").expect("it is under way");
        landing.land(7, LIFE, 0);
        assert_eq!(joined.end().await, Some(7));
        assert!(desk.join(&"alien").is_none());
    }

    #[tokio::test]
    async fn a_full_desk_takes_no_more_work_but_lets_join() {
        let desk = Desk::new(10);
        let flight = first(&desk);
        assert!(desk.ask(&"aliens", 0, 1).is_none());
        assert!(matches!(desk.ask(&"alien", 0, 1), Some(Seat::Joined(..))));
        drop(flight);
    }
}
