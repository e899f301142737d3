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
use crate::domain::poll::PollPage;
use crate::domain::reaction::{Number, ReactionAt};

/// The reactions with numbers under one message, and whose they are.
pub type Reactions = BTreeSet<(Number, MemberId)>;

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

    /// A member's reaction appeared (`on`) or went away. `None` when the number stands for nothing, or
    /// reactions do not count in this server.
    pub async fn react(
        &self,
        guild: GuildId,
        member: MemberId,
        at: ReactionAt,
        on: bool,
    ) -> Result<Option<Voted>, ServiceError> {
        let found = self.store.find_numbered(at).await;
        let found = found.map_err(ServiceError::from_store)?;
        let Some(numbered) = found.filter(|found| found.guild == guild && found.input.takes_reactions())
        else {
            return Ok(None);
        };
        let actor = Actor {
            guild,
            member,
            manages_server: false,
        };
        let click = if on { Click::React(at) } else { Click::Unreact(at) };
        let voted = self.cast(actor, numbered.round, numbered.proposal, click).await?;
        Ok(Some(voted))
    }

    /// The reactions under a message as last seen (1 statement).
    pub async fn read_reactions(&self, message: MessageId) -> Result<Reactions, ServiceError> {
        let seen = self.store.list_reactions(message).await;
        Ok(seen.map_err(ServiceError::from_store)?.into_iter().collect())
    }

    /// The numbers under a message (1 statement).
    pub async fn list_numbers(&self, message: MessageId) -> Result<Vec<Number>, ServiceError> {
        let numbers = self.store.list_numbers(message).await;
        let numbers = numbers.map_err(ServiceError::from_store)?;
        Ok(numbers.into_iter().map(|(number, _)| number).collect())
    }

    /// Catches up with the reactions under a message: those `there` that were not `seen` before they were
    /// read give votes, those gone withdraw theirs. How many made a difference.
    pub async fn catch_up_reactions(
        &self,
        guild: GuildId,
        message: MessageId,
        seen: &Reactions,
        there: &Reactions,
    ) -> Result<usize, ServiceError> {
        let new = there.difference(seen).map(|reaction| (*reaction, true));
        let gone = seen.difference(there).map(|reaction| (*reaction, false));
        let mut changes: FuturesUnordered<_> = new
            .chain(gone)
            .map(|((number, member), on)| self.react(guild, member, ReactionAt { message, number }, on))
            .collect();
        let (mut counted, mut failed) = (0, None);
        while let Some(outcome) = changes.next().await {
            match outcome {
                Ok(_) => counted += 1,
                // The film or the round is gone: nothing to count.
                Err(ServiceError::Refused(_)) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(counted), Err)
    }
}
