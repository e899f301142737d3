//! Puts the numbers under polls that are voted on by reaction, in order, and takes them away where
//! reactions do not count any more.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::discord::rest::{CallError, Patience, Posted, Rest, Whose};
use crate::domain::ids::MessageId;
use crate::domain::reaction::Number;
use crate::lifecycle::Tasks;

/// How long one reaction is tried.
const PUT_WITHIN: Duration = Duration::from_secs(15);

/// Messages remembered at most. One that was forgotten gets its numbers again, which changes nothing.
const MESSAGES: u64 = 10_000;

/// How long a message that takes no numbers is left alone: the permission may be given, or it may be gone for good.
const REFUSED_FOR_SECS: i64 = 10 * 60;

/// Puts numbers under messages. Clones know of the same.
#[derive(Debug, Clone)]
pub struct Numbers {
    rest: Arc<Rest>,
    tasks: Tasks,
    /// The highest number that was put under a message.
    put: Cache<MessageId, u32>,
    /// Messages that took no number, and when that was found out, Unix seconds.
    refused: Cache<MessageId, i64>,
    clock: Clock,
    /// One at a time, over all messages.
    turn: Arc<Mutex<()>>,
}

impl Numbers {
    /// Puts them with these calls, in background tasks of `tasks`.
    pub fn new(rest: Arc<Rest>, tasks: Tasks, clock: Clock) -> Self {
        Self {
            rest,
            tasks,
            clock,
            put: Cache::new(MESSAGES),
            refused: Cache::new(MESSAGES),
            turn: Arc::default(),
        }
    }

    /// Has the numbers 1 to `highest` stand under the message, soon.
    pub async fn ensure(&self, at: Posted, highest: Number) {
        if self.highest(at).await >= highest.get() || self.is_refused(at).await {
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

    /// Whether numbers stand under the message, as far as is known: after a start, nothing is.
    pub async fn stand(&self, at: Posted) -> bool {
        self.highest(at).await > 0
    }

    /// Has no number stand under the message, soon. Those of members go as well where the bot may take
    /// them away: they would mislead.
    pub fn clear(&self, at: Posted) {
        let this = self.clone();
        self.tasks.spawn("numbers away from a poll", async move {
            let stopping = this.tasks.stopping().clone();
            tokio::select! {
                () = this.take_away(at) => {}
                () = stopping.cancelled() => {}
            }
        });
    }

    async fn take_away(&self, at: Posted) {
        let _turn = self.turn.lock().await;
        self.put.invalidate(&at.message).await;
        let patience = || Patience::until(Instant::now() + PUT_WITHIN);
        let there = match self.rest.list_reacted(at, patience()).await {
            Ok(there) => there,
            Err(error) if error.is_gone() => return,
            Err(error) => {
                tracing::warn!(channel = %at.channel, %error, "the numbers under a poll could not be looked at");
                return;
            }
        };
        // Of a number that only members put there, nothing is the bot's to take away.
        for there in there.into_iter().filter(|there| there.mine) {
            let cleared = match self.remove(at, there.number, Whose::Everybodys).await {
                Err(error) if error.is_forbidden() => self.remove(at, there.number, Whose::Own).await,
                cleared => cleared,
            };
            if let Err(error) = cleared {
                // The next start tries again.
                tracing::warn!(channel = %at.channel, %error, "a number was not taken away from a poll");
                return;
            }
        }
    }

    async fn remove(&self, at: Posted, number: Number, whose: Whose) -> Result<(), CallError> {
        let patience = Patience::until(Instant::now() + PUT_WITHIN);
        self.rest.remove_reactions(at, number, whose, patience).await
    }

    async fn highest(&self, at: Posted) -> u32 {
        self.put.get(&at.message).await.unwrap_or(0)
    }

    async fn is_refused(&self, at: Posted) -> bool {
        let since = self.refused.get(&at.message).await;
        since.is_some_and(|since| self.clock.unix_secs() - since < REFUSED_FOR_SECS)
    }

    async fn put_up_to(&self, at: Posted, highest: Number) {
        let _turn = self.turn.lock().await;
        // Others may have found it out while this one waited for its turn.
        if self.is_refused(at).await {
            return;
        }
        let put = self.highest(at).await;
        for number in Number::all().filter(|number| *number <= highest && number.get() > put) {
            let patience = Patience::until(Instant::now() + PUT_WITHIN);
            match self.rest.add_reaction(at, number, patience).await {
                Ok(()) => self.put.insert(at.message, number.get()).await,
                Err(error) => {
                    // The next redraw tries again; where it is refused, one after a while.
                    tracing::warn!(channel = %at.channel, %error, "a number was not put under a poll");
                    if error.is_forbidden() || error.is_gone() {
                        self.refused.insert(at.message, self.clock.unix_secs()).await;
                    }
                    return;
                }
            }
        }
    }
}
