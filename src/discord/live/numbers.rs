//! Puts the numbers under polls that are voted on by reaction: in order, and no faster than Discord
//! takes them.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::discord::rest::{Patience, Posted, Rest};
use crate::domain::ids::MessageId;
use crate::domain::reaction::Number;
use crate::lifecycle::Tasks;

/// Between two reactions: Discord takes one each 250 ms.
const GAP: Duration = Duration::from_millis(260);

/// How long one reaction is tried.
const PUT_WITHIN: Duration = Duration::from_secs(15);

/// Messages remembered at most. One that was forgotten gets its numbers again, which changes nothing.
const MESSAGES: u64 = 10_000;

/// Puts numbers under messages. Clones know of the same.
#[derive(Debug, Clone)]
pub struct Numbers {
    rest: Arc<Rest>,
    tasks: Tasks,
    /// The highest number that was put under a message.
    put: Cache<MessageId, u32>,
    /// One at a time, over all messages.
    turn: Arc<Mutex<()>>,
}

impl Numbers {
    /// Puts them with these calls, in background tasks of `tasks`.
    pub fn new(rest: Arc<Rest>, tasks: Tasks) -> Self {
        Self {
            rest,
            tasks,
            put: Cache::new(MESSAGES),
            turn: Arc::default(),
        }
    }

    /// Has the numbers 1 to `highest` stand under the message, soon.
    pub async fn ensure(&self, at: Posted, highest: Number) {
        if self.highest(at).await >= highest.get() {
            return;
        }
        let this = self.clone();
        self.tasks.spawn("numbers under a poll", async move {
            let stopping = this.tasks.stopping().clone();
            tokio::select! {
                () = this.put_up_to(at, highest) => {}
                () = stopping.cancelled() => {}
            }
        });
    }

    /// The message has none of its numbers any more.
    pub async fn forget(&self, message: MessageId) {
        self.put.invalidate(&message).await;
    }

    async fn highest(&self, at: Posted) -> u32 {
        self.put.get(&at.message).await.unwrap_or(0)
    }

    async fn put_up_to(&self, at: Posted, highest: Number) {
        let _turn = self.turn.lock().await;
        let put = self.highest(at).await;
        for number in Number::all().filter(|number| *number <= highest && number.get() > put) {
            let patience = Patience::until(Instant::now() + PUT_WITHIN);
            match self.rest.add_reaction(at, number, patience).await {
                Ok(()) => self.put.insert(at.message, number.get()).await,
                Err(error) => {
                    // The next redraw tries again; where it is forbidden, nothing will help.
                    tracing::warn!(channel = %at.channel, %error, "a number was not put under a poll");
                    if error.is_forbidden() || error.is_gone() {
                        self.put.insert(at.message, u32::MAX).await;
                    }
                    return;
                }
            }
            tokio::time::sleep(GAP).await;
        }
    }
}
