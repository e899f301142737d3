//! When to redraw a poll's message: at most about once a second, the last state always, and never
//! older numbers after newer ones.
//!
//! One board per server. A redraw reads, renders and sends inside the board's gate, so whatever
//! reaches Discord later was read later. Knows neither the database nor Discord: a [`Canvas`] does.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::domain::ids::{GuildId, MessageId};
use crate::domain::poll::LiveMessage;
use crate::lifecycle::Tasks;

/// Between two redraws of one message.
pub const GAP: Duration = Duration::from_secs(1);

/// How long a message that the bot may not edit is left alone.
const FORBIDDEN_FOR: Duration = Duration::from_mins(1);

/// Failed redraws in a row before the next click or command has to ask again.
const ATTEMPTS: u32 = 6;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Boards kept in memory before idle ones are dropped.
const BOARDS: usize = 4096;

/// Draws the live message of a server's poll.
pub trait Canvas: Send + Sync + 'static {
    /// Reads the poll and edits its live message, unless that is `spared`. `known` is the live message
    /// as last heard of, to save a look. Bounded in time.
    fn redraw(
        &self,
        guild: GuildId,
        known: Option<LiveMessage>,
        spared: Option<MessageId>,
    ) -> impl Future<Output = Redrawn> + Send;
}

/// How a redraw ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redrawn {
    /// This message shows what was read; a new one, if the one before it was deleted.
    Shown(LiveMessage),
    /// There is no poll, or no message that could show it.
    Nothing,
    /// The live message is the one that is spared.
    Spared,
    /// This message was deleted, and there is no place for another.
    Gone(LiveMessage),
    /// The bot may not edit this message.
    Forbidden(LiveMessage),
    /// Not now; after so long it may work.
    Later(Duration),
    /// It failed, for a reason that may pass.
    Failed,
}

/// Decides when polls are redrawn. Clones share the boards.
#[derive(Debug)]
pub struct Coalescer<C> {
    canvas: Arc<C>,
    tasks: Tasks,
    boards: Arc<Mutex<HashMap<GuildId, Arc<Board>>>>,
}

impl<C> Clone for Coalescer<C> {
    fn clone(&self) -> Self {
        Self {
            canvas: Arc::clone(&self.canvas),
            tasks: self.tasks.clone(),
            boards: Arc::clone(&self.boards),
        }
    }
}

/// One server's live poll.
#[derive(Debug, Default)]
struct Board {
    /// Whoever holds it may read, render and send.
    gate: Arc<tokio::sync::Mutex<()>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Something changed since the last redraw's read.
    dirty: bool,
    /// A worker is at it.
    working: bool,
    /// Counts the changes.
    changes: u64,
    /// When the message was last drawn.
    drawn_at: Option<Instant>,
    /// The live message, as far as this process knows.
    live: Option<LiveMessage>,
    /// A message not to be edited, and until when (`None`: for good).
    spared: Option<(MessageId, Option<Instant>)>,
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drawn_lately(&self) -> bool {
        self.drawn_at.is_some_and(|at| at.elapsed() < GAP)
    }

    fn spared(&self) -> Option<MessageId> {
        let (message, until) = self.spared?;
        until
            .is_none_or(|until| Instant::now() < until)
            .then_some(message)
    }
}

/// The right to draw a poll's message now, in answer to a click.
#[derive(Debug)]
pub struct Inline {
    board: Arc<Board>,
    /// Whether a change waited for a redraw when this was taken.
    was_dirty: bool,
    _gate: OwnedMutexGuard<()>,
}

impl Inline {
    /// The message was drawn: this counts as its redraw.
    pub fn drawn(self, live: LiveMessage) {
        let mut state = self.board.state();
        state.drawn_at = Some(Instant::now());
        state.live = Some(live);
    }

    /// Nothing was drawn. A change that waited goes on waiting.
    pub fn unused(self) {
        let mut state = self.board.state();
        state.dirty |= self.was_dirty;
    }
}

impl<C: Canvas> Coalescer<C> {
    /// Redraws with `canvas`, in background tasks of `tasks`.
    pub fn new(canvas: Arc<C>, tasks: Tasks) -> Self {
        Self {
            canvas,
            tasks,
            boards: Arc::default(),
        }
    }

    /// The poll of this server changed: its message will show it, within about a second.
    pub fn refresh(&self, guild: GuildId) {
        let board = self.board(guild);
        {
            let mut state = board.state();
            state.dirty = true;
            state.changes = state.changes.wrapping_add(1);
            if state.working {
                return;
            }
            state.working = true;
        }
        let this = self.clone();
        self.tasks.spawn("live poll", async move {
            // If the worker dies, the next change starts another.
            let _at_rest = AtRest(&board);
            this.work(guild, &board).await;
        });
    }

    /// The right to draw the message at once: nobody else is drawing it, and it was not drawn within
    /// the last second.
    pub fn try_inline(&self, guild: GuildId) -> Option<Inline> {
        let board = self.board(guild);
        let gate = Arc::clone(&board.gate).try_lock_owned().ok()?;
        let was_dirty = {
            let mut state = board.state();
            if state.drawn_lately() {
                return None;
            }
            std::mem::take(&mut state.dirty)
        };
        Some(Inline {
            board,
            was_dirty,
            _gate: gate,
        })
    }

    /// The server's live message, as far as this process knows.
    pub fn live(&self, guild: GuildId) -> Option<LiveMessage> {
        self.boards().get(&guild)?.state().live
    }

    /// How many changes there were; see [`Coalescer::take_over`].
    pub fn changes(&self, guild: GuildId) -> u64 {
        self.boards().get(&guild).map_or(0, |board| board.state().changes)
    }

    /// Makes `live` the live message while nobody draws; `record` makes it so for good. Returns the
    /// live message before it. If there were changes since `seen`, the new message, which was drawn
    /// without them, is redrawn.
    pub async fn take_over<E>(
        &self,
        guild: GuildId,
        live: LiveMessage,
        seen: u64,
        record: impl Future<Output = Result<(), E>>,
    ) -> Result<Option<LiveMessage>, E> {
        let board = self.board(guild);
        let (before, missed_some) = {
            let _gate = board.gate.lock().await;
            record.await?;
            let mut state = board.state();
            state.drawn_at = Some(Instant::now());
            let missed_some = state.changes != seen;
            (state.live.replace(live), missed_some)
        };
        if missed_some {
            self.refresh(guild);
        }
        Ok(before)
    }

    /// Does this to a server's message while nobody draws; if the message was the live one, none is known from
    /// there on.
    pub async fn alone<T>(&self, guild: GuildId, message: MessageId, work: impl Future<Output = T>) -> T {
        let board = self.board(guild);
        let _gate = board.gate.lock().await;
        let done = work.await;
        let mut state = board.state();
        if state.live.is_some_and(|live| live.message == message) {
            state.live = None;
        }
        done
    }

    fn boards(&self) -> MutexGuard<'_, HashMap<GuildId, Arc<Board>>> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn board(&self, guild: GuildId) -> Arc<Board> {
        let mut boards = self.boards();
        if boards.len() >= BOARDS && !boards.contains_key(&guild) {
            // What a board knows is found again in the database; one that somebody holds stays.
            boards.retain(|_, board| {
                Arc::strong_count(board) > 1 || {
                    let state = board.state();
                    state.working || state.drawn_lately()
                }
            });
        }
        Arc::clone(boards.entry(guild).or_default())
    }

    /// Redraws until nothing is left to show.
    async fn work(&self, guild: GuildId, board: &Board) {
        let mut failures = 0;
        loop {
            self.wait_for_gap(board).await;
            let redrawn = {
                let _gate = board.gate.lock().await;
                let (known, spared) = {
                    let mut state = board.state();
                    if !state.dirty {
                        state.working = false;
                        return;
                    }
                    if state.drawn_lately() && !self.tasks.stopping().is_cancelled() {
                        // A click drew it meanwhile.
                        continue;
                    }
                    state.dirty = false;
                    (state.live, state.spared())
                };
                let redrawn = self.canvas.redraw(guild, known, spared).await;
                Self::note(board, redrawn);
                redrawn
            };
            let pause = match redrawn {
                Redrawn::Later(pause) => pause.min(LONGEST_PAUSE),
                Redrawn::Failed => GAP.saturating_mul(1 << failures.min(5)).min(LONGEST_PAUSE),
                _ => {
                    failures = 0;
                    continue;
                }
            };
            failures += 1;
            let stopping = self.tasks.stopping();
            if failures >= ATTEMPTS || stopping.is_cancelled() {
                tracing::warn!(%guild, failures, "the live poll could not be brought up to date");
                board.state().working = false;
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopping.cancelled() => {}
            }
        }
    }

    /// Writes down what a redraw brought.
    fn note(board: &Board, redrawn: Redrawn) {
        let mut state = board.state();
        match redrawn {
            Redrawn::Shown(live) => {
                state.drawn_at = Some(Instant::now());
                state.live = Some(live);
            }
            Redrawn::Nothing => state.live = None,
            Redrawn::Spared => {}
            Redrawn::Gone(live) => {
                state.live = None;
                state.spared = Some((live.message, None));
            }
            Redrawn::Forbidden(live) => {
                state.spared = Some((live.message, Some(Instant::now() + FORBIDDEN_FOR)));
            }
            Redrawn::Later(_) | Redrawn::Failed => state.dirty = true,
        }
    }

    /// Returns a second after the last redraw, or as soon as a stop is asked for: then the last state
    /// is sent at once.
    async fn wait_for_gap(&self, board: &Board) {
        let drawn_at = board.state().drawn_at;
        if let Some(drawn_at) = drawn_at {
            tokio::select! {
                () = tokio::time::sleep_until(drawn_at + GAP) => {}
                () = self.tasks.stopping().cancelled() => {}
            }
        }
    }
}

/// Marks the board as without a worker when the worker panics.
struct AtRest<'a>(&'a Board);

impl Drop for AtRest<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state().working = false;
        }
    }
}

#[cfg(test)]
#[path = "coalescer_tests.rs"]
mod tests;
