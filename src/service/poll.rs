//! The poll's data path: one look at the database, what is missing fetched under one deadline and
//! saved in one write.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::film_data::Fetched;
use super::{Service, ServiceError};
use crate::domain::film::Freshness;
use crate::domain::ids::{GuildId, ImdbId, MessageId, RoundId};
use crate::domain::poll::{Details, Entry, LiveMessage, PAGE_SIZE, PollHead, PollPage};
use crate::domain::reaction::VoteInput;
use crate::domain::refusal::Refusal;
use crate::metrics::CacheRead;
use crate::store::StandingsPage;

/// How long late film data is waited for after a view, counted anew whenever some arrives.
pub(super) const LATE_TIME: Duration = Duration::from_mins(15);

/// The first and the longest pause between two attempts at late film data; it doubles in between.
const LATE_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// How many films the standings so far list.
pub const STANDINGS: u32 = 25;

/// How often whoever waits for a film database that rests looks whether it still does: its rest goes by
/// the wall clock, and an answer to somebody else may end it early.
const LATE_LOOK: Duration = Duration::from_secs(1);

/// From the first late answer to saving it: those that come together are saved together.
const LATE_GATHER: Duration = Duration::from_millis(200);

/// A page as it is known without asking, and the films whose data must be fetched before it is complete.
#[derive(Debug, Clone)]
pub struct PollDraft {
    /// The page; the details of `wanted` films are old or missing.
    pub page: PollPage,
    /// The films to fetch; empty when everything is fresh, or known not to be had.
    pub wanted: Vec<ImdbId>,
}

impl PollDraft {
    /// The films whose details the page, shown as it is, says to be on the way. Not those that are old:
    /// a view renews them, and so thousands of messages that a start redraws ask for nothing.
    pub fn promised(&self) -> Vec<ImdbId> {
        let promised = self
            .page
            .entries
            .iter()
            .filter(|entry| entry.details == Details::OnTheWay);
        promised
            .filter_map(|entry| entry.standing.proposal.film.imdb_id.clone())
            .collect()
    }
}

/// A page after its deadline.
#[derive(Debug, Clone)]
pub struct CompletedPoll {
    /// The page as well as it could be had.
    pub page: PollPage,
    /// The films whose data is worth waiting for behind; see [`Service::fetch_late`].
    pub late: Vec<ImdbId>,
}

/// A live message, and the server that votes under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivePoll {
    /// The server.
    pub guild: GuildId,
    /// The message.
    pub live: LiveMessage,
    /// How the server votes.
    pub input: VoteInput,
    /// Whether films were given numbers under the message.
    pub numbered: bool,
}

impl From<crate::store::LivePoll> for LivePoll {
    fn from(row: crate::store::LivePoll) -> Self {
        Self {
            guild: row.guild,
            live: row.live,
            input: row.input,
            numbered: row.numbered,
        }
    }
}

impl Service {
    /// Reads the open round's standings, the first [`STANDINGS`] films of them (2 statements).
    ///
    /// # Errors
    /// Refused with `NothingProposed` when there is no open round.
    pub async fn read_standings(&self, guild: GuildId) -> Result<PollPage, ServiceError> {
        let head = self.store.find_poll_head(guild).await;
        let head = head
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NothingProposed)?;
        let standings = self.store.list_standings(&head.round, STANDINGS, 0).await;
        let standings = standings.map_err(ServiceError::from_store)?;
        Ok(draft(head, 1, standings, self.clock.unix_secs(), self.cache_ttl_secs()).page)
    }

    /// Reads one page of the open round's poll (2 statements; 3 where reactions count), with what is
    /// remembered of films whose data is not in the database. `page` is clamped to those there are.
    /// Refused with `NothingProposed` when there is no open round.
    pub async fn read_poll(&self, guild: GuildId, page: u32) -> Result<PollDraft, ServiceError> {
        let head = self
            .store
            .find_poll_head(guild)
            .await
            .map_err(ServiceError::from_store)?;
        let head = head.ok_or(Refusal::NothingProposed)?;
        let page = head.clamp_page(page);
        let offset = (page - 1) * PAGE_SIZE;
        let standings = self.store.list_standings(&head.round, PAGE_SIZE, offset).await;
        let standings = standings.map_err(ServiceError::from_store)?;
        let now = self.clock.unix_secs();
        let mut draft = draft(head, page, standings, now, self.cache_ttl_secs());
        if let Some(live) = draft.page.head.live
            && draft.page.head.input.takes_reactions()
        {
            self.read_numbers(&mut draft.page, live.message).await?;
        }
        let films = draft
            .page
            .entries
            .iter()
            .map(|entry| &entry.standing.proposal.film);
        for id in films
            .filter(|film| film.is_series())
            .filter_map(|film| film.imdb_id.as_ref())
        {
            self.catalogue.expect_series(id);
        }
        let known = self.recall(&draft.wanted);
        complete(&mut draft.page, &draft.wanted, &known, self.late_data_may_come());
        draft.wanted.retain(|id| !known.unknown(id));
        Ok(draft)
    }

    /// Fetches what the draft wants within the fetch time-out, saves it in one write (1 statement, 0
    /// when nothing arrived) and completes the page. Never fails because of a provider or the write.
    pub async fn complete_poll(&self, draft: PollDraft) -> CompletedPoll {
        let PollDraft { mut page, wanted } = draft;
        if wanted.is_empty() {
            return CompletedPoll {
                page,
                late: Vec::new(),
            };
        }
        let deadline = Instant::now() + self.settings.fetch_timeout;
        let fetched = self.fetch_for_view(&wanted, deadline).await;
        let waits = self.late_data_may_come();
        complete(&mut page, &wanted, &fetched, waits);
        let late = wanted
            .into_iter()
            .filter(|id| waits && !fetched.settles(id))
            .collect();
        CompletedPoll { page, late }
    }

    /// Counts what a view found in the cache. For views that somebody asked for, before they are completed.
    pub fn count_read(&self, draft: &PollDraft) {
        for entry in &draft.page.entries {
            match entry.details {
                _ if entry.standing.proposal.film.imdb_id.is_none() => {}
                Details::Fresh => self.metrics.film_read(CacheRead::Hit),
                Details::Old => self.metrics.film_read(CacheRead::Expired),
                Details::OnTheWay | Details::None => self.metrics.film_read(CacheRead::Miss),
            }
        }
    }

    /// Counts a view as it was shown to somebody who asked for it.
    pub fn count_shown(&self, page: &PollPage) {
        self.metrics.poll_rendered();
        for entry in &page.entries {
            self.metrics.film_shown(match entry.details {
                Details::Fresh => "fresh",
                Details::Old => "old",
                Details::OnTheWay => "on_the_way",
                Details::None => "none",
            });
        }
    }

    /// Remembers which message shows the round (1 statement); the one before it is retired by this.
    pub async fn record_live(&self, round: RoundId, live: LiveMessage) -> Result<(), ServiceError> {
        let now = self.clock.unix_secs();
        let known = self
            .store
            .upsert_live_message(round, live, now)
            .await
            .map_err(ServiceError::from_store)?;
        if known {
            Ok(())
        } else {
            Err(Refusal::RoundOver.into())
        }
    }

    /// The live messages of all open rounds (1 statement): what a start brings up to date.
    pub async fn list_live_polls(&self) -> Result<Vec<LivePoll>, ServiceError> {
        let polls = self.store.list_live_polls().await;
        Ok(polls
            .map_err(ServiceError::from_store)?
            .into_iter()
            .map(LivePoll::from)
            .collect())
    }

    /// The poll whose live message this is, if its round is open (1 statement).
    pub async fn find_live_poll(&self, message: MessageId) -> Result<Option<LivePoll>, ServiceError> {
        let poll = self.store.find_live_poll(message).await;
        Ok(poll.map_err(ServiceError::from_store)?.map(LivePoll::from))
    }

    /// Goes on fetching films that came too late for a view, until something is settled: then it is
    /// saved, `ids` keeps what is still open, and `true` says that the message is worth an edit.
    /// `false`: none is left, no provider will be asked again, or `LATE_TIME` (15 min) is over.
    ///
    /// A film database that rests is left alone for as long as it rests.
    pub async fn fetch_late(&self, ids: &mut Vec<ImdbId>) -> bool {
        let give_up_at = Instant::now() + LATE_TIME;
        let (mut pause, longest) = LATE_PAUSES;
        while !ids.is_empty() && self.late_turn(ids, pause, give_up_at).await {
            pause = (pause * 2).min(longest);
            let fetched = self
                .fetch_and_save(ids, Instant::now() + self.settings.fetch_timeout)
                .await;
            if !fetched.is_empty() {
                ids.retain(|id| !fetched.settles(id));
                return true;
            }
        }
        false
    }

    /// Waits until another attempt at late films is worth making: one that is under way has landed, or
    /// the pause is over and so is some provider's rest. `false` when that is not to be before
    /// `give_up_at`.
    async fn late_turn(&self, ids: &[ImdbId], pause: Duration, give_up_at: Instant) -> bool {
        let pause_end = Instant::now() + pause;
        loop {
            let now = Instant::now();
            let Some(rest) = self.catalogue.retry_in() else {
                return false;
            };
            let wait = pause_end.saturating_duration_since(now).max(rest);
            if now + wait >= give_up_at {
                return false;
            }
            if wait.is_zero() {
                return true;
            }
            tokio::select! {
                () = self.catalogue.any_landed(ids) => {
                    sleep(LATE_GATHER).await;
                    return true;
                }
                () = sleep(wait.min(LATE_LOOK)) => {}
            }
        }
    }
}

/// The page that these rows make.
fn draft(head: PollHead, page: u32, rows: StandingsPage, now: i64, ttl_secs: i64) -> PollDraft {
    let StandingsPage {
        standings,
        most_votes,
    } = rows;
    let mut wanted = Vec::new();
    let first_rank = (page - 1) * PAGE_SIZE + 1;
    let entries = (first_rank..)
        .zip(standings)
        .map(|(rank, standing)| {
            let film = &standing.proposal.film;
            wanted.extend(film.wants_fetch(now, ttl_secs).cloned());
            let details = match film.freshness(now, ttl_secs) {
                Freshness::Fresh => Details::Fresh,
                Freshness::Expired => Details::Old,
                Freshness::Missing if film.imdb_id.is_some() => Details::OnTheWay,
                Freshness::Missing => Details::None,
            };
            let leads = standing
                .votes
                .is_some_and(|votes| votes > 0 && votes == most_votes);
            Entry {
                rank,
                leads,
                standing,
                details,
                number: None,
            }
        })
        .collect();
    PollDraft {
        page: PollPage {
            head,
            page,
            entries,
            most_votes,
        },
        wanted,
    }
}

/// Puts what was fetched into the page.
fn complete(page: &mut PollPage, wanted: &[ImdbId], fetched: &Fetched, waits: bool) {
    for entry in &mut page.entries {
        let film = &mut entry.standing.proposal.film;
        if film.imdb_id.as_ref().is_some_and(|id| wanted.contains(id)) {
            entry.details = fetched.complete(film, waits);
        }
    }
}
