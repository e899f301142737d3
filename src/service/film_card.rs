//! Everything about one film, for `/movie`.

use super::{Service, ServiceError};
use crate::catalogue::SearchHit;
use crate::domain::film::Film;
use crate::domain::ids::{GuildId, MemberId, ProposalId, RoundId};
use crate::domain::poll::Details;

/// A film and what it is to this server.
#[derive(Debug, Clone)]
pub struct FilmCard {
    /// The film.
    pub film: Film,
    /// Where its details stand.
    pub details: Details,
    /// Its active proposal here, if it has one.
    pub proposed: Option<ProposedHere>,
}

/// A film's active proposal in the server that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedHere {
    /// The proposal.
    pub proposal: ProposalId,
    /// The open round.
    pub round: RoundId,
    /// Who proposed it.
    pub by: MemberId,
    /// Its votes in the open round.
    pub votes: u32,
}

/// What came of asking for a film.
#[derive(Debug, Clone)]
pub enum FilmCardOutcome {
    /// This film.
    Card(Box<FilmCard>),
    /// A typed title fits several films: the member chooses. Best first, 1 to 25.
    Choose(Vec<SearchHit>),
}

impl Service {
    /// The card of the film that `movie` names: an id, a link, or a title.
    pub async fn film_card(&self, _guild: GuildId, _movie: &str) -> Result<FilmCardOutcome, ServiceError> {
        todo!()
    }
}
