//! Taking a proposal out.

use super::suggest::{MOST_PROPOSALS, ProposalSuggestion};
use super::{Service, ServiceError};
use crate::domain::audit::Act;
use crate::domain::policy::{Actor, Organizer};
use crate::domain::proposal::{Proposal, ProposalState};
use crate::domain::refusal::Refusal;

/// A proposal was taken out.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// What it was.
    pub proposal: Proposal,
    /// Whether an organizer took out somebody else's.
    pub removed: bool,
    /// How many votes it had, which stay in the record and count no longer; `None` while counts are hidden.
    pub votes: Option<u32>,
}

impl Service {
    /// Takes out the active proposal that `movie` names (an id, a link, a suggestion's value, or a
    /// title as shown): one's own, or any as an organizer.
    pub async fn withdraw(
        &self,
        actor: Actor,
        organizer: Option<Organizer>,
        movie: &str,
    ) -> Result<Withdrawn, ServiceError> {
        let active = self
            .store
            .list_active_proposals(actor.guild, None, MOST_PROPOSALS)
            .await
            .map_err(ServiceError::from_store)?;
        let named = if let Some(id) = ProposalSuggestion::read_value(movie) {
            active.into_iter().find(|proposal| proposal.id == id)
        } else {
            let meant = self.meant(movie).await?;
            let fitting = active.into_iter().filter(|proposal| meant.fits(&proposal.film));
            // Of two with the same title the member's own is meant.
            fitting.min_by_key(|proposal| proposal.proposed_by != actor.member)
        };
        let named = named.ok_or(Refusal::NotProposed)?;
        let removed = named.proposed_by != actor.member;
        if removed && organizer.is_none() {
            return Err(Refusal::NotYours {
                proposed_by: named.proposed_by,
            }
            .into());
        }
        let state = if removed {
            ProposalState::Removed
        } else {
            ProposalState::Withdrawn
        };
        let open = self.store.find_open_round(actor.guild).await;
        let hidden = open
            .map_err(ServiceError::from_store)?
            .is_some_and(|round| round.hides_counts());
        let now = self.clock.unix_secs();
        let written = async {
            let mut tx = self.store.begin_write().await?;
            let votes = tx.count_votes(named.id).await?;
            let retired = tx.retire_proposal(named.id, state, actor.member, now).await?;
            if retired {
                let title = named.film.shown_title().to_owned();
                let act = if removed {
                    let proposed_by = named.proposed_by.0;
                    Act::Removed { title, proposed_by }
                } else {
                    Act::Withdrew { title }
                };
                self.note_by(&mut tx, actor.guild, Some(actor.member), act)
                    .await?;
            }
            tx.commit().await?;
            Ok(retired.then_some(votes))
        };
        let votes = written
            .await
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::ProposalGone)?;
        Ok(Withdrawn {
            proposal: named,
            removed,
            votes: (!hidden).then_some(votes),
        })
    }
}
