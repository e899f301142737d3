//! The poll's message kept true: redrawn after votes, proposals and late film data, and moved when
//! the poll is posted again.
//!
//! [`coalescer`] decides when, [`canvas`] reads and sends; here are the occasions, and in [`promises`]
//! that of details that a redraw still lacked. [`numbers`] puts numbers under polls that are voted on by
//! reaction.

pub mod canvas;
mod closing;
pub mod coalescer;
pub mod numbers;
mod promises;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::future::Cache;
use tokio::time::Instant;

use super::rest::{Patience, Posted, Rest};
use super::screen::Screen;
use crate::domain::ids::{GuildId, ImdbId, MessageId, RoundId};
use crate::domain::poll::{LiveMessage, PollPage};
use crate::lifecycle::Tasks;
use crate::service::{Service, ServiceError};
use canvas::PollCanvas;
use coalescer::{Coalescer, Inline};
use numbers::Numbers;
use promises::Promises;

/// How long the edit of a retired message is tried.
const RETIRE_WITHIN: Duration = Duration::from_secs(30);

/// How long a message can be edited by the token of the interaction that it answered: 15 minutes, less
/// the time that such an edit may take.
const TOKEN_LIFE: Duration = Duration::from_mins(14);

/// Such tokens remembered at most.
const TOKENS: u64 = 10_000;

/// Films that are waited for at most, over all servers.
const LATE_FILMS: usize = 10_000;

/// The live messages of all servers. Clones share them.
#[derive(Debug, Clone)]
pub struct LivePolls {
    service: Service,
    /// For what no member waits for.
    background: Service,
    rest: Arc<Rest>,
    tasks: Tasks,
    coalescer: Coalescer<PollCanvas>,
    late: LateFilms,
    numbers: Numbers,
    /// The tokens of the interactions that live messages answered.
    tokens: Cache<MessageId, String>,
}

/// The films whose late data somebody waits for, so that each is waited for once a server.
type LateFilms = Arc<Mutex<HashSet<(GuildId, ImdbId)>>>;

/// A poll that was posted and is to become the live one.
#[derive(Debug, Clone, Copy)]
pub struct NewLive<'a> {
    /// Where it was posted.
    pub posted: Posted,
    /// The token of the interaction that it answered, if there was one.
    pub token: Option<&'a str>,
    /// What it shows.
    pub page: &'a PollPage,
    /// [`LivePolls::changes`] before `page` was read.
    pub seen: u64,
}

impl LivePolls {
    /// Keeps polls true with this service and these calls, in background tasks of `tasks`.
    pub fn new(service: Service, rest: Arc<Rest>, tasks: Tasks) -> Self {
        let late = LateFilms::default();
        let numbers = Numbers::new(Arc::clone(&rest), tasks.clone());
        let (promises, heard) = Promises::channel();
        let background = service.in_background();
        let canvas = PollCanvas::new(background.clone(), Arc::clone(&rest), numbers.clone(), promises);
        let this = Self {
            coalescer: Coalescer::new(Arc::new(canvas), tasks.clone()),
            service,
            background,
            rest,
            tasks,
            late,
            numbers,
            tokens: Cache::builder()
                .max_capacity(TOKENS)
                .time_to_live(TOKEN_LIFE)
                .build(),
        };
        this.keep(heard);
        this.tell_ends();
        this
    }

    /// The poll of this server changed: its live message will show it within about a second.
    pub fn refresh(&self, guild: GuildId) {
        self.coalescer.refresh(guild);
    }

    /// The numbers under this message were taken away: they will be put there again.
    pub async fn renumber(&self, guild: GuildId, message: MessageId) {
        self.numbers.forget(message).await;
        self.refresh(guild);
    }

    /// Reactions do not count under this message any more: its numbers will be taken away.
    pub async fn take_numbers_away(&self, guild: GuildId, live: LiveMessage) {
        canvas::clear_numbers(&self.background, &self.numbers, guild, live).await;
    }

    /// The right to draw the live message at once, in answer to a click on it.
    pub fn try_inline(&self, guild: GuildId) -> Option<Inline> {
        self.coalescer.try_inline(guild)
    }

    /// The server's live message, as far as this process knows.
    pub fn live(&self, guild: GuildId) -> Option<LiveMessage> {
        self.coalescer.live(guild)
    }

    /// Counts the server's changes, to find out later whether a page that was read is out of date.
    pub fn changes(&self, guild: GuildId) -> u64 {
        self.coalescer.changes(guild)
    }

    /// Makes the posted message the live one (1 statement) and has the one before it say where the
    /// poll moved, in the background.
    ///
    /// # Errors
    /// When it could not be recorded: then the message before it stays the live one.
    pub async fn post(&self, guild: GuildId, round: RoundId, new: NewLive<'_>) -> Result<(), ServiceError> {
        let live = LiveMessage {
            channel: new.posted.channel,
            message: new.posted.message,
            page: new.page.page,
        };
        let record = self.service.record_live(round, live);
        let before = self
            .coalescer
            .take_over(guild, live, new.seen, record)
            .await?
            .or(new.page.head.live)
            .filter(|before| before.message != live.message);
        if let Some(token) = new.token {
            self.tokens.insert(live.message, token.to_owned()).await;
        }
        if let Some(before) = before {
            let token = self.tokens.remove(&before.message).await;
            self.retire(guild, before, token, canvas::retired(new.page, guild, Some(live)));
        }
        if new.page.head.input.takes_reactions() {
            // Now that the message is known, its films get their numbers.
            self.refresh(guild);
        }
        Ok(())
    }

    /// Has a message that was live say where the poll moved. By its own interaction's token while that
    /// lives, so that many polls in one channel do not wait for each other's edits.
    fn retire(&self, guild: GuildId, before: LiveMessage, token: Option<String>, screen: Screen) {
        let rest = Arc::clone(&self.rest);
        self.tasks.spawn("retired poll", async move {
            let patience = Patience::until(Instant::now() + RETIRE_WITHIN);
            if let Some(token) = token {
                let edit = screen.clone().into_edit_response();
                match rest.edit_original(&token, &edit, patience).await {
                    Ok(_) => return,
                    Err(error) if error.is_unknown_message() => return,
                    Err(error) => tracing::debug!(%guild, %error, "a retired poll is edited in its channel"),
                }
            }
            let at = Posted {
                channel: before.channel,
                message: before.message,
            };
            match rest.edit_message(at, &screen.into_edit_message(), patience).await {
                Ok(()) => {}
                // Deleted: nothing is left to say.
                Err(error) if error.is_gone() => {}
                Err(error) => tracing::warn!(%guild, %error, "a retired poll was not edited"),
            }
        });
    }

    /// Waits behind for film data that came too late, and has the live message show it.
    pub fn await_late(&self, guild: GuildId, films: Vec<ImdbId>) {
        let films = self.claim_late(guild, films);
        if films.is_empty() {
            return;
        }
        let claim = LateClaim {
            late: Arc::clone(&self.late),
            guild,
            films: films.clone(),
        };
        let this = self.clone();
        self.tasks.spawn("late film data", async move {
            let _claim = claim;
            let mut films = films;
            let wait = async {
                while !films.is_empty() && this.service.fetch_late(&mut films).await {
                    this.refresh(guild);
                }
            };
            tokio::select! {
                () = wait => {}
                () = this.tasks.stopping().cancelled() => {}
            }
        });
    }

    /// Waits behind for one film's late data, then redraws the live message and edits the answer to the
    /// interaction with `token`: `redraw` makes its new screen.
    pub fn await_late_card<R, F>(&self, guild: GuildId, film: ImdbId, token: String, redraw: R)
    where
        R: FnOnce() -> F + Send + 'static,
        F: Future<Output = Option<Screen>> + Send + 'static,
    {
        let this = self.clone();
        self.tasks.spawn("late film card", async move {
            let mut films = vec![film];
            let arrived = tokio::select! {
                arrived = this.service.fetch_late(&mut films) => arrived,
                () = this.tasks.stopping().cancelled() => false,
            };
            if !arrived {
                return;
            }
            this.refresh(guild);
            let Some(screen) = redraw().await else { return };
            let patience = Patience::until(Instant::now() + RETIRE_WITHIN);
            let edit = screen.into_edit_response();
            if let Err(error) = this.rest.edit_original(&token, &edit, patience).await {
                tracing::debug!(%error, "a card did not get its late data");
            }
        });
    }

    /// Those of the films that nobody waits for in this server yet; from now on the caller does.
    fn claim_late(&self, guild: GuildId, mut films: Vec<ImdbId>) -> Vec<ImdbId> {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        films.retain(|film| late.len() < LATE_FILMS && late.insert((guild, film.clone())));
        films
    }
}

/// Films that are waited for, until this is dropped.
struct LateClaim {
    late: LateFilms,
    guild: GuildId,
    films: Vec<ImdbId>,
}

impl Drop for LateClaim {
    fn drop(&mut self) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        for film in self.films.drain(..) {
            late.remove(&(self.guild, film));
        }
    }
}
