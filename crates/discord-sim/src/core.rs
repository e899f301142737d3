//! The one shared state behind every handle: the world under its lock, and those who watch it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::event::Event;
use crate::faults::Faults;
use crate::openapi::OpenApi;
use crate::rules::bucket::Buckets;
use crate::world::World;

/// Events kept for a watcher that is slow.
const EVENTS: usize = 4_096;

/// Lines of the transcript in the errors of single waits.
const RECENT_LINES: usize = 60;

/// A lock that a panic elsewhere does not poison: the state is consistent between statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that one simulator consists of.
pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) token: String,
    pub(crate) base_url: String,
    pub(crate) patience: Duration,
    pub(crate) rate_limits: bool,
    pub(crate) heartbeat_interval: Duration,
    world: Mutex<World>,
    pub(crate) buckets: Mutex<Buckets>,
    pub(crate) faults: Faults,
    pub(crate) openapi: Option<Arc<OpenApi>>,
    events: broadcast::Sender<Event>,
    /// Counts changes; whoever waits for a condition looks again after each.
    version: watch::Sender<u64>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Core {
    pub(crate) fn new(world: World, token: String, openapi: Option<Arc<OpenApi>>) -> Self {
        Self {
            clock: world.clock,
            token,
            base_url: world.base_url.clone(),
            patience: world.config.patience,
            rate_limits: world.config.rate_limits,
            heartbeat_interval: world.config.heartbeat_interval,
            world: Mutex::new(world),
            buckets: Mutex::default(),
            faults: Faults::default(),
            openapi,
            events: broadcast::channel(EVENTS).0,
            version: watch::channel(0).0,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// Looks at the world.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&lock(&self.world))
    }

    /// Changes the world and, when the lock is released, tells the watchers.
    pub(crate) fn act<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        let (result, events) = {
            let mut world = lock(&self.world);
            let result = act(&mut world);
            (result, std::mem::take(&mut world.events))
        };
        if !events.is_empty() {
            for event in events {
                // Nobody watching is no failure.
                let _unwatched = self.events.send(event);
            }
            self.version.send_modify(|n| *n += 1);
        }
        result
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Waits until `check` finds something in the world; `None` after `patience`.
    pub(crate) async fn wait_for<T>(
        &self,
        patience: Duration,
        check: impl Fn(&World) -> Option<T>,
    ) -> Option<T> {
        let mut version = self.version.subscribe();
        let wait = async {
            loop {
                version.borrow_and_update();
                if let Some(found) = self.look(&check) {
                    return Some(found);
                }
                version.changed().await.ok()?;
            }
        };
        tokio::time::timeout(patience, wait).await.ok().flatten()
    }

    /// Everything that happened, as far as it is kept.
    pub(crate) fn transcript(&self) -> String {
        self.look(|world| world.log.transcript(usize::MAX))
    }

    /// What happened last, for the errors of single waits: of those there may be thousands.
    pub(crate) fn recent(&self) -> String {
        self.look(|world| world.log.transcript(RECENT_LINES))
    }
}
