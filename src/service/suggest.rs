//! Autocomplete: what a member may mean while they type. Never fails: no suggestion is an answer.

use super::Service;
use crate::domain::film::Rating;
use crate::domain::ids::{GuildId, ImdbId, MemberId, ProposalId};
use crate::domain::policy::Actor;

/// A film that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmSuggestion {
    /// The film.
    pub imdb_id: ImdbId,
    /// Its title, cleaned.
    pub title: String,
    /// Its year.
    pub year: Option<u16>,
    /// Its rating, when known.
    pub rating: Option<Rating>,
}

/// A proposal that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalSuggestion {
    /// The proposal.
    pub proposal: ProposalId,
    /// Its film's title, cleaned.
    pub title: String,
    /// Its film's year.
    pub year: Option<u16>,
    /// Who proposed it.
    pub by: MemberId,
}

impl Service {
    /// Films whose title fits what is typed: those that the database knows, then those that the film
    /// databases find in the short time there is. At most 25, within a second.
    pub async fn suggest_films(&self, _guild: GuildId, _typed: &str) -> Vec<FilmSuggestion> {
        todo!()
    }

    /// Active proposals that this member may withdraw and whose title fits what is typed. At most 25.
    pub async fn suggest_withdrawable(&self, _actor: Actor, _typed: &str) -> Vec<ProposalSuggestion> {
        todo!()
    }
}
