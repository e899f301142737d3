//! Everything about one film, for `/movie`.

use super::{Service, ServiceError};
use crate::catalogue::SearchHit;
use crate::domain::abroad::WatchHere;
use crate::domain::film::Film;
use crate::domain::film_query::FilmQuery;
use crate::domain::ids::{GuildId, MemberId, ProposalId, RoundId};
use crate::domain::method::Method;
use crate::domain::poll::Details;
use crate::domain::refusal::Refusal;
use crate::domain::watched::FilmPast;

/// A film and what it is to this server.
#[derive(Debug, Clone)]
pub struct FilmCard {
    /// The film.
    pub film: Film,
    /// Where its details stand.
    pub details: Details,
    /// Its active proposal here, if it has one.
    pub proposed: Option<ProposedHere>,
    /// Where it can be watched in the server's country, if both are known.
    pub watch: Option<WatchHere>,
    /// Whether it was watched here, or waits for its night.
    pub past: FilmPast,
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
    /// How many ballots of the open round name it; `None` while counts are hidden.
    pub votes: Option<u32>,
    /// How the open round is counted.
    pub method: Method,
}

/// What came of asking for a film.
#[derive(Debug, Clone)]
pub enum FilmCardOutcome {
    /// This film.
    Card(Box<FilmCard>),
    /// A typed title fits several films: the member chooses. Best first, 1 to 25.
    Choose(Vec<SearchHit>),
}

/// How many films a menu offers.
const CHOICES: usize = 25;

impl Service {
    /// The card of the film that `movie` names: an id, a link, or a title.
    pub async fn film_card(&self, guild: GuildId, movie: &str) -> Result<FilmCardOutcome, ServiceError> {
        let imdb_id = match FilmQuery::read(movie) {
            FilmQuery::Title(typed) => match self.find_by_title(&typed).await?.or_choices(CHOICES)? {
                Ok(imdb_id) => imdb_id,
                Err(hits) => return Ok(FilmCardOutcome::Choose(hits)),
            },
            link => self.resolve_link(link).await?,
        };
        let (mut film, details) =
            self.film_with_data(&imdb_id)
                .await?
                .ok_or_else(|| Refusal::UnknownFilm {
                    imdb_id: imdb_id.clone(),
                })?;
        let settings = self.store.find_settings(guild).await;
        let settings = settings.map_err(ServiceError::from_store)?;
        let watch = film.watch_in(settings.country.as_ref());
        film.language = settings.language;
        let proposed = self.store.find_proposed_film(guild, &imdb_id).await;
        let proposed = proposed
            .map_err(ServiceError::from_store)?
            .map(|here| ProposedHere {
                proposal: here.proposal,
                round: here.round.id,
                by: here.proposed_by,
                votes: here.votes,
                method: here.round.rules.method,
            });
        // One that was proposed while series were allowed keeps its card.
        if film.is_series() && !settings.series && proposed.is_none() {
            let title = film.shown_title().to_owned();
            return Err(Refusal::SeriesNotAllowed { title }.into());
        }
        let past = self.film_past(guild, &imdb_id).await?;
        Ok(FilmCardOutcome::Card(Box::new(FilmCard {
            film,
            details,
            proposed,
            watch,
            past,
        })))
    }
}
