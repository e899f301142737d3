//! Voting by reaction: whether a server does, the numbers under its poll, and what a reaction means.
//!
//! The database remembers which reactions were seen, so that one that is told of twice gives one vote,
//! and what happened while nobody looked is the difference between then and now.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::ballot::Voted;
use super::ballot_box::Click;
use super::{Service, ServiceError};
use crate::domain::ids::{GuildId, MemberId, MessageId};
use crate::domain::policy::Actor;
use crate::domain::poll::{LiveMessage, PollPage};
use crate::domain::reaction::{Number, ReactionAt};
use crate::domain::refusal::Refusal;
use crate::store::Numbered;

/// The reactions with numbers under one message, and whose they are.
pub type Reactions = BTreeSet<(Number, MemberId)>;

/// What became of a member's reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reacted {
    /// Nothing: its message is no poll of this server, or members do not vote by reaction there.
    Ignored,
    /// It is taken into account, or was before.
    Taken(Voted),
    /// It does not count.
    Rejected(Rejection),
}

/// Why a reaction does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// What the rules say.
    pub why: Refusal,
    /// Where the round's poll is now.
    pub live: Option<LiveMessage>,
}

/// What catching up with a message's reactions brought.
#[derive(Debug, Default)]
pub struct CaughtUp {
    /// How many changes were taken into account.
    pub taken: usize,
    /// Reactions that stand there and do not count.
    pub rejected: Vec<(Number, MemberId, Rejection)>,
}

impl Service {
    /// Gives the films on this page numbers under its message, where reactions count; a film keeps its
    /// number, and after ten none is given (0 statements when all have one).
    pub async fn number_films(&self, page: &mut PollPage, message: MessageId) -> Result<(), ServiceError> {
        let given = page.entries.iter().filter(|entry| entry.number.is_some()).count();
        if !page.head.input.takes_reactions() || given == page.entries.len() {
            return Ok(());
        }
        let round = page.head.round.id;
        let mut films: Vec<_> = page.entries.iter().collect();
        // In the order of their proposal, which does not change, and not of their standing.
        films.sort_by_key(|entry| (entry.standing.proposal.proposed_at, entry.standing.proposal.id));
        let numbered = async {
            let mut tx = self.store.begin_write().await?;
            for film in films.iter().filter(|entry| entry.number.is_none()) {
                tx.insert_number(message, round, film.standing.proposal.id)
                    .await?;
            }
            tx.commit().await
        };
        numbered.await.map_err(ServiceError::from_store)?;
        self.read_numbers(page, message).await
    }

    /// Puts the message's numbers on its page (1 statement).
    pub(super) async fn read_numbers(
        &self,
        page: &mut PollPage,
        message: MessageId,
    ) -> Result<(), ServiceError> {
        let numbers = self.store.list_numbers(message).await;
        let numbers = numbers.map_err(ServiceError::from_store)?;
        for entry in &mut page.entries {
            let of = numbers
                .iter()
                .find(|(_, proposal)| *proposal == entry.standing.proposal.id);
            entry.number = of.map(|(number, _)| *number);
        }
        Ok(())
    }

    /// A member's reaction appeared (`on`) or went away.
    pub async fn react(
        &self,
        guild: GuildId,
        member: MemberId,
        at: ReactionAt,
        on: bool,
    ) -> Result<Reacted, ServiceError> {
        let found = self.store.find_numbered(at).await;
        let found = found.map_err(ServiceError::from_store)?;
        let here = |found: &Numbered| found.round.guild == guild && found.input.takes_reactions();
        let Some(numbered) = found.filter(here) else {
            return Ok(Reacted::Ignored);
        };
        let round = &numbered.round;
        let rejected = |why| {
            Reacted::Rejected(Rejection {
                why,
                live: numbered.live,
            })
        };
        if round.is_open() && !round.rules.allow_reactions() {
            let why = if round.rules.method.button_votes() {
                Refusal::ReactionIsOpen
            } else {
                Refusal::NeedsBallot { round: round.id }
            };
            return Ok(rejected(why));
        }
        let Some(proposal) = numbered.proposal else {
            return Ok(rejected(Refusal::NumberUnknown));
        };
        let actor = Actor {
            guild,
            member,
            manages_server: false,
        };
        let click = if on { Click::React(at) } else { Click::Unreact(at) };
        match self.cast(actor, round.id, proposal, click).await {
            Ok(voted) => Ok(Reacted::Taken(voted)),
            Err(ServiceError::Refused(why)) => Ok(rejected(why)),
            Err(error) => Err(error),
        }
    }

    /// Where reactions do not count any more, lets the votes that they gave stand by themselves (1
    /// statement): whatever becomes of the reactions, those votes stay. Nothing where they do count.
    pub async fn release_reaction_votes(&self, guild: GuildId) -> Result<(), ServiceError> {
        let released = self.store.release_reaction_votes(guild).await;
        let released = released.map_err(ServiceError::from_store)?;
        if released > 0 {
            tracing::info!(%guild, votes = released, "votes by reaction stand by themselves now");
        }
        Ok(())
    }

    /// The reactions under a message as last seen (1 statement).
    pub async fn read_reactions(&self, message: MessageId) -> Result<Reactions, ServiceError> {
        let seen = self.store.list_reactions(message).await;
        Ok(seen.map_err(ServiceError::from_store)?.into_iter().collect())
    }

    /// Catches up with the reactions under a message: those `there` that were not `seen` before they were
    /// read give votes, those gone withdraw theirs.
    pub async fn catch_up_reactions(
        &self,
        guild: GuildId,
        message: MessageId,
        seen: &Reactions,
        there: &Reactions,
    ) -> Result<CaughtUp, ServiceError> {
        let new = there.difference(seen).map(|reaction| (*reaction, true));
        let gone = seen.difference(there).map(|reaction| (*reaction, false));
        let mut changes: FuturesUnordered<_> = new
            .chain(gone)
            .map(async |((number, member), on)| {
                let at = ReactionAt { message, number };
                (number, member, on, self.react(guild, member, at, on).await)
            })
            .collect();
        let (mut caught_up, mut failed) = (CaughtUp::default(), None);
        while let Some((number, member, on, outcome)) = changes.next().await {
            match outcome {
                Ok(Reacted::Taken(_)) => caught_up.taken += 1,
                Ok(Reacted::Rejected(rejection)) if on => {
                    caught_up.rejected.push((number, member, rejection));
                }
                // What is gone needs no rejection.
                Ok(Reacted::Rejected(_) | Reacted::Ignored) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(caught_up), Err)
    }
}
