//! Saying what was decided where it belongs: the outbox's notices, taken one by one, said, and noted as said.
//!
//! Owns what is said next, where, and what a failure means: another attempt, another channel, or the end of
//! trying. How it looks and how it gets there is an [`Announcer`]'s.

use std::fmt;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::time::timeout;

use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::ids::{ChannelId, GuildId, MessageId, RoleId, RoundId};
use crate::domain::notice::{Delivery, Notice, NoticeKind};
use crate::domain::poll::PollHead;
use crate::domain::result::{ResultEntry, RoundResult};
use crate::domain::round::Round;
use crate::store::{Marked, StoreError};

/// Notices that are taken at a time, each of another channel.
const AT_ONCE: u32 = 16;

/// How long a notice is taken for, in seconds: well beyond what one attempt may take.
const CLAIM_SECS: i64 = 60;

/// Films whose details are looked up for an announcement.
const PICKS_SHOWN: usize = 10;

/// What the look-up of film data may take beyond the deadline that it keeps itself.
const SLACK: Duration = Duration::from_secs(2);

/// The wait before another attempt where the bot lacks a permission, in seconds: somebody has to act first.
const FORBIDDEN_WAIT_SECS: i64 = 10 * 60;

/// The longest reason that is kept of a failure, in characters.
const REASON_CHARS: usize = 300;

/// A result to be announced.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The notice's key: the same for every attempt, so that two of them make one message.
    pub key: i64,
    /// Whether an earlier attempt may have arrived.
    pub again: bool,
    /// When it was decided that it is said, Unix seconds.
    pub decided_at: i64,
    /// Where.
    pub channel: ChannelId,
    /// What came of the round.
    pub result: RoundResult,
    /// The first picked films, best first, with their details as far as they could be had in time.
    pub picks: Vec<Film>,
    /// The round that is open now.
    pub next: Option<PollHead>,
    /// The role to be pinged.
    pub ping: Option<RoleId>,
}

/// An announced result that holds no more, since its round was opened again.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// Where the announcement stands.
    pub channel: ChannelId,
    /// The announcement.
    pub message: MessageId,
    /// The round.
    pub round: Round,
}

/// Why something could not be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// For a passing reason; perhaps not before so long a wait.
    #[error("{why}")]
    Later {
        /// What went wrong.
        why: String,
        /// The wait that was asked for.
        wait: Option<Duration>,
    },
    /// The channel, the message or the server is gone.
    #[error("{0}")]
    Gone(String),
    /// The bot may not do that there.
    #[error("{0}")]
    Forbidden(String),
}

/// Says things in channels.
pub trait Announcer: fmt::Debug + Send + Sync {
    /// Posts the announcement; the message that it is. Attempts with the same key make one message. Bounded in
    /// time: half a minute at most.
    fn announce<'a>(&'a self, announcement: &'a Announcement) -> BoxFuture<'a, Result<MessageId, Unsaid>>;

    /// Has an announcement say that it holds no more. Bounded in time: half a minute at most.
    fn withdraw<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Result<(), Unsaid>>;
}

/// What came of one look at the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// How many notices were said.
    pub said: u32,
    /// How many were not, and are tried again.
    pub failed: u32,
    /// How many were given up.
    pub given_up: u32,
    /// When the next one is due, Unix seconds.
    pub next_at: Option<i64>,
}

/// How the attempt to say something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Said,
    Failed,
    GivenUp,
}

impl Service {
    /// Says what is due, until nothing is (at the clock's present second).
    ///
    /// # Errors
    /// When the database cannot say what is due.
    pub async fn deliver_notices(&self, announcer: &dyn Announcer) -> Result<Delivered, ServiceError> {
        let mut done = Delivered::default();
        loop {
            let now = self.clock.unix_secs();
            // Looked for before anything is taken: a look that finds nothing writes nothing.
            let next = self.behind.find_next_delivery().await;
            done.next_at = next.map_err(ServiceError::from_store)?;
            if done.next_at.is_none_or(|next_at| next_at > now) {
                return Ok(done);
            }
            let until = now.saturating_add(CLAIM_SECS);
            let claimed = self.behind.claim_deliveries(now, until, AT_ONCE).await;
            let claimed = claimed.map_err(ServiceError::from_store)?;
            if claimed.is_empty() {
                // Another process was faster.
                return Ok(done);
            }
            let attempts = claimed.iter().map(|delivery| self.deliver(announcer, delivery));
            for (delivery, attempt) in claimed.iter().zip(join_all(attempts).await) {
                done.note(delivery, attempt);
            }
        }
    }

    async fn deliver(&self, announcer: &dyn Announcer, delivery: &Delivery) -> Result<Attempt, StoreError> {
        let notice = &delivery.notice;
        let said = match notice.kind {
            NoticeKind::Result => match self.announcement(delivery).await? {
                Some(announcement) => announcer.announce(&announcement).await.map(Some),
                // Opened again meanwhile: nothing is left to say.
                None => Ok(None),
            },
            NoticeKind::Reopened => match self.withdrawal(notice).await? {
                Some(withdrawal) => announcer.withdraw(&withdrawal).await.map(|()| None),
                None => Ok(None),
            },
            // Edited into the poll by those who keep it.
            NoticeKind::ClosePoll => Ok(None),
        };
        match said {
            Ok(message) => {
                self.note_said(notice, message).await?;
                Ok(Attempt::Said)
            }
            Err(unsaid) => self.note_unsaid(delivery, unsaid).await,
        }
    }

    async fn announcement(&self, delivery: &Delivery) -> Result<Option<Announcement>, StoreError> {
        let notice = &delivery.notice;
        let Some(result) = self.behind.find_result_of(notice.round).await? else {
            return Ok(None);
        };
        let settings = self.behind.find_settings(notice.guild).await?;
        let next = self.behind.find_poll_head(notice.guild).await?;
        let picks = join_all(
            result
                .picked()
                .take(PICKS_SHOWN)
                .map(|entry| self.picked_film(entry)),
        )
        .await;
        Ok(Some(Announcement {
            key: notice.id,
            again: delivery.attempts > 1,
            decided_at: delivery.created_at,
            channel: notice.channel,
            result,
            picks,
            next: next.filter(|next| next.round.id != notice.round),
            ping: settings.announce_role,
        }))
    }

    /// A picked film with its details, if they can be had within the deadline that members wait for too.
    async fn picked_film(&self, entry: &ResultEntry) -> Film {
        if let Some(id) = &entry.imdb_id {
            let within = self.settings.fetch_timeout.saturating_add(SLACK);
            match timeout(within, self.film_with_data(id)).await {
                Ok(Ok(Some((film, _details)))) => return film,
                Ok(Ok(None)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(film = %id, %error, "a picked film is announced without details");
                }
                Err(_elapsed) => tracing::warn!(film = %id, "a picked film's details took too long"),
            }
        }
        Film {
            id: entry.film,
            imdb_id: entry.imdb_id.clone(),
            title: entry.title.clone(),
            year: entry.year,
            cached: None,
            language: None,
        }
    }

    async fn withdrawal(&self, notice: &Notice) -> Result<Option<Withdrawal>, StoreError> {
        let round = self.behind.find_round(notice.round).await?;
        Ok(round.zip(notice.message).map(|(round, message)| Withdrawal {
            channel: notice.channel,
            message,
            round,
        }))
    }

    /// Notes what was said. An announcement that was taken back while it was on its way is withdrawn next.
    async fn note_said(&self, notice: &Notice, message: Option<MessageId>) -> Result<(), StoreError> {
        let mut tx = self.behind.begin_write().await?;
        let marked = tx.mark_notice_said(notice.id, message).await?;
        if let (Marked::Dropped, Some(message)) = (marked, message) {
            let at = (notice.channel, Some(message));
            let withdrawn = self.notice(notice.guild, notice.round, NoticeKind::Reopened, at);
            tx.insert_notice(&withdrawn, self.clock.unix_secs()).await?;
        }
        tx.commit().await
    }

    async fn note_unsaid(&self, delivery: &Delivery, unsaid: Unsaid) -> Result<Attempt, StoreError> {
        let (notice, now) = (&delivery.notice, self.clock.unix_secs());
        let (guild, channel) = (notice.guild, notice.channel);
        let why: String = unsaid.to_string().chars().take(REASON_CHARS).collect();
        if notice.kind == NoticeKind::Reopened && !matches!(unsaid, Unsaid::Later { .. }) {
            // The announcement was deleted, or is out of reach: nobody reads it.
            self.behind.give_notice_up(notice.id, &why).await?;
            return Ok(Attempt::GivenUp);
        }
        if !matches!(unsaid, Unsaid::Later { .. })
            && let Some(elsewhere) = self.other_channel(notice).await?
        {
            tracing::warn!(
                %guild, %channel, %elsewhere, why,
                "the result cannot be announced in the channel that is set, and goes to the poll's; \
                 let me post there, or choose another channel with /settings server"
            );
            self.behind.move_notice(notice.id, elsewhere, now, &why).await?;
            return Ok(Attempt::Failed);
        }
        if matches!(unsaid, Unsaid::Gone(_)) || delivery.is_too_old(now) {
            tracing::error!(
                %guild, %channel, why, attempts = delivery.attempts,
                "a result was not announced; /results shows it"
            );
            self.behind.give_notice_up(notice.id, &why).await?;
            return Ok(Attempt::GivenUp);
        }
        let wait_secs = match unsaid {
            Unsaid::Forbidden(_) => {
                if delivery.attempts == 1 {
                    tracing::warn!(
                        %guild, %channel, why,
                        "the result cannot be announced: let me view the channel, send messages and embed links there"
                    );
                }
                FORBIDDEN_WAIT_SECS
            }
            Unsaid::Later { wait, .. } => {
                let asked = wait.map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
                tracing::warn!(%guild, %channel, why, attempts = delivery.attempts, "a result was not announced yet");
                delivery.wait_secs().max(asked.saturating_add(1))
            }
            Unsaid::Gone(_) => delivery.wait_secs(),
        };
        let due_at = now.saturating_add(wait_secs);
        self.behind.postpone_notice(notice.id, due_at, &why).await?;
        Ok(Attempt::Failed)
    }

    /// The channel in which the round's poll stands, if that is another one than the notice's.
    async fn other_channel(&self, notice: &Notice) -> Result<Option<ChannelId>, StoreError> {
        let live = self.behind.find_live_message(notice.round).await?;
        Ok(live
            .map(|live| live.channel)
            .filter(|channel| *channel != notice.channel))
    }
}

impl Delivered {
    fn note(&mut self, delivery: &Delivery, attempt: Result<Attempt, StoreError>) {
        let (guild, round): (GuildId, RoundId) = (delivery.notice.guild, delivery.notice.round);
        match attempt {
            Ok(Attempt::Said) => self.said += 1,
            Ok(Attempt::Failed) => self.failed += 1,
            Ok(Attempt::GivenUp) => self.given_up += 1,
            // It stays taken, and is tried again when that has run out.
            Err(error) => {
                self.failed += 1;
                tracing::error!(%guild, %round, %error, "a notice could not be handled");
            }
        }
    }
}
