//! Opening a round, and changing the rules, the name and the closing time of the open one.

use super::NOBODY;
use crate::domain::audit::Act;
use crate::domain::ids::{ChannelId, GuildId};
use crate::domain::method::Method;
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::round::{Round, Rules, Secrecy, Transition};
use crate::domain::schedule::{Adjustment, ScheduleError, read_closing};
use crate::domain::text::clean_line;
use crate::service::{Service, ServiceError};
use crate::store::{NewRound, StoreError, Tx};

/// The longest name of a round, in characters.
pub const TITLE_CHARS: usize = 100;

/// What people type for "no closing time".
const NEVER: [&str; 4] = ["never", "none", "no", "open"];

/// When a round closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closes {
    /// At this instant, Unix seconds.
    At(i64),
    /// When an organizer ends it.
    Never,
}

impl Closes {
    const fn at(self) -> Option<i64> {
        match self {
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }
}

/// What is to be different in the open round, or to hold in a new one. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundChange {
    /// How votes are counted.
    pub method: Option<Method>,
    /// How many films are picked.
    pub picks: Option<u32>,
    /// How many votes each member has, where the method limits them.
    pub votes_each: Option<u32>,
    /// Who sees what.
    pub secrecy: Option<Secrecy>,
    /// The round's name.
    pub title: Option<String>,
    /// When it closes.
    pub closes: Option<Closes>,
    /// Where this is asked for.
    pub asked_in: Option<ChannelId>,
}

impl RoundChange {
    fn rules(&self, before: Rules) -> Rules {
        Rules {
            method: self.method.unwrap_or(before.method),
            picks: self.picks.unwrap_or(before.picks).clamp(1, Rules::MAX_PICKS),
            votes_each: self
                .votes_each
                .unwrap_or(before.votes_each)
                .clamp(1, Rules::MAX_VOTES_EACH),
            secrecy: self.secrecy.unwrap_or(before.secrecy),
            ..before
        }
    }

    fn title(&self) -> Option<String> {
        let title = clean_line(self.title.as_deref()?, TITLE_CHARS);
        (!title.is_empty()).then_some(title)
    }

    /// What is different now, in words, for the audit.
    fn words(&self) -> String {
        let words = [
            self.method.map(|method| format!("method: {}", method.name())),
            self.picks.map(|picks| format!("picks: {picks}")),
            self.votes_each.map(|votes| format!("votes each: {votes}")),
            self.secrecy
                .map(|secrecy| format!("secrecy: {}", secrecy.as_str())),
            self.title().map(|title| format!("title: {title}")),
            self.closes.map(|closes| match closes {
                Closes::At(_) => "a closing time".to_owned(),
                Closes::Never => "no closing time".to_owned(),
            }),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A round was opened, or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The round as it is now.
    pub round: Round,
    /// Whether it was opened by this.
    pub opened: bool,
    /// How many members lost their votes by the change.
    pub dropped: u32,
}

impl Service {
    /// Reads a closing time in the server's time zone (1 statement); `never` is none. The adjustment says what
    /// the zone's clocks made of it.
    ///
    /// # Errors
    /// Refused with `ClosingTime`.
    pub async fn read_closing(
        &self,
        guild: GuildId,
        text: &str,
    ) -> Result<(Closes, Option<Adjustment>), ServiceError> {
        if NEVER.contains(&text.trim().to_lowercase().as_str()) {
            return Ok((Closes::Never, None));
        }
        let settings = self.store.find_settings(guild).await;
        let zone = settings.map_err(ServiceError::from_store)?.time_zone;
        match read_closing(text, self.clock.unix_secs(), zone) {
            Ok(closing) => Ok((Closes::At(closing.at_unix_secs), closing.adjusted)),
            Err(why) => Err(Refusal::ClosingTime { why, zone }.into()),
        }
    }

    /// Gives the open round these rules, this name, this closing time, or opens one with them. With
    /// `drop_votes`, votes that mean nothing under the new rules go.
    ///
    /// # Errors
    /// Refused with `Round(DropsVotes)` where votes would go and that was not asked for, with `NothingToChange`
    /// where the open round is like that already, and with `ClosingTime` when the time has passed meanwhile.
    pub async fn start_round(
        &self,
        organizer: Organizer,
        change: &RoundChange,
        drop_votes: bool,
    ) -> Result<Started, ServiceError> {
        let guild = organizer.actor().guild;
        self.check_closing(guild, change.closes).await?;
        let started = self.try_start(organizer, change, drop_votes).await;
        if let Err(ServiceError::Refused(Refusal::StillCounting)) = started {
            self.settle_rounds(guild).await?;
            return self.try_start(organizer, change, drop_votes).await;
        }
        started
    }

    /// Has the open round close at another time, or with `Never` only when an organizer ends it. That is asked for
    /// `here`.
    ///
    /// # Errors
    /// Refused with `NoOpenRound`, and with `ClosingTime` when the time has passed meanwhile.
    pub async fn reschedule_round(
        &self,
        organizer: Organizer,
        closes: Closes,
        here: ChannelId,
    ) -> Result<Round, ServiceError> {
        let actor = organizer.actor();
        self.check_closing(actor.guild, Some(closes)).await?;
        let change = RoundChange {
            closes: Some(closes),
            ..RoundChange::default()
        };
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let open = tx.lock_open_round(actor.guild).await;
        let open = open
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NoOpenRound)?;
        let reschedule = Transition::Reschedule {
            closes_at: closes.at(),
        };
        let round = Round {
            asked_in: Some(here),
            ..open.after(reschedule).map_err(Refusal::Round)?
        };
        let written = async {
            self.write_change(&mut tx, organizer, &round, &change).await?;
            tx.commit().await
        };
        written.await.map_err(ServiceError::from_store)?;
        self.bells.closings.ring();
        Ok(round)
    }

    /// A closing time that was read a while ago must still be ahead.
    async fn check_closing(&self, guild: GuildId, closes: Option<Closes>) -> Result<(), ServiceError> {
        let Some(Closes::At(at_unix_secs)) = closes else {
            return Ok(());
        };
        if at_unix_secs > self.clock.unix_secs() {
            return Ok(());
        }
        let settings = self.store.find_settings(guild).await;
        let zone = settings.map_err(ServiceError::from_store)?.time_zone;
        let why = ScheduleError::Past { at_unix_secs };
        Err(Refusal::ClosingTime { why, zone }.into())
    }

    async fn try_start(
        &self,
        organizer: Organizer,
        change: &RoundChange,
        drop_votes: bool,
    ) -> Result<Started, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let started = self.start_in(&mut tx, organizer, change, drop_votes).await;
        match started.map_err(ServiceError::from_store)? {
            Ok(started) => {
                tx.commit().await.map_err(ServiceError::from_store)?;
                self.bells.closings.ring();
                Ok(started)
            }
            Err(refusal) => {
                tx.rollback().await.map_err(ServiceError::from_store)?;
                Err(refusal.into())
            }
        }
    }

    async fn start_in(
        &self,
        tx: &mut Tx,
        organizer: Organizer,
        change: &RoundChange,
        drop_votes: bool,
    ) -> Result<Result<Started, Refusal>, StoreError> {
        let (actor, now) = (organizer.actor(), self.clock.unix_secs());
        let settings = tx.lock_guild(actor.guild, now).await?;
        let Some(open) = tx.lock_open_round(actor.guild).await? else {
            let mut new = self.new_round(actor, change.rules(settings.rules), now);
            new.title = change.title();
            new.closes_at = change.closes.and_then(Closes::at);
            new.asked_in = change.asked_in;
            let Some(round) = self.ensure_round(tx, &new).await? else {
                return Ok(Err(Refusal::StillCounting));
            };
            return Ok(Ok(Started {
                round,
                opened: true,
                dropped: 0,
            }));
        };
        let voters = tx.count_voters(open.id).await?;
        let rules = change.rules(open.rules);
        let changed = open.after(Transition::Change {
            rules,
            voters,
            drop_votes,
        });
        let mut round = match changed {
            Ok(round) => round,
            Err(why) => return Ok(Err(Refusal::Round(why))),
        };
        round.title = change.title().or(round.title);
        round.closes_at = change.closes.map_or(round.closes_at, Closes::at);
        if round == open {
            return Ok(Err(Refusal::NothingToChange));
        }
        round.asked_in = change.asked_in.or(round.asked_in);
        let drops = !open.rules.keep_ballots(rules);
        if drops {
            tx.delete_round_votes(round.id).await?;
            tx.delete_ballot_drafts(round.id).await?;
            // Those that still stand under the poll are votes under the new rules: see the reactions' catching up.
            tx.delete_round_reactions(round.id).await?;
        }
        self.write_change(tx, organizer, &round, change).await?;
        Ok(Ok(Started {
            round,
            opened: false,
            dropped: if drops { voters } else { 0 },
        }))
    }

    /// The server's open round; the `new` one is opened if there is none, and that is written down. `None` while
    /// a round that was closed is not counted yet: see [`Tx::ensure_open_round`].
    pub(in crate::service) async fn ensure_round(
        &self,
        tx: &mut Tx,
        new: &NewRound,
    ) -> Result<Option<Round>, StoreError> {
        let round = tx.ensure_open_round(new).await?;
        if let Some(opened) = round.as_ref().filter(|round| round.id == new.id) {
            let by = Some(new.by).filter(|by| *by != NOBODY);
            let number = opened.number;
            self.note_by(tx, new.guild, by, Act::RoundStarted { number })
                .await?;
        }
        Ok(round)
    }

    async fn write_change(
        &self,
        tx: &mut Tx,
        organizer: Organizer,
        round: &Round,
        change: &RoundChange,
    ) -> Result<(), StoreError> {
        let lacking = self.new_round(organizer.actor(), round.rules, self.clock.unix_secs());
        tx.update_open_round(round, &lacking.ballot_key, &lacking.draw_seed)
            .await?;
        let changed = Act::RoundChanged {
            number: round.number,
            what: change.words(),
        };
        self.note(tx, organizer, changed).await
    }
}
