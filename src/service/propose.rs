//! Proposing a film: from what a member typed to an active proposal.

use super::find_title::TitleMatch;
use super::watched::Proposable;
use super::{Service, ServiceError};
use crate::catalogue::{FilmLink, SearchHit};
use crate::domain::abroad::WatchHere;
use crate::domain::audit::Act;
use crate::domain::film::Film;
use crate::domain::film_query::FilmQuery;
use crate::domain::ids::{FilmId, ImdbId, ProposalId, RoundId};
use crate::domain::policy::{Actor, DEFAULT_PROPOSAL_LIMIT};
use crate::domain::poll::Details;
use crate::domain::proposal::Proposal;
use crate::domain::record::Record;
use crate::domain::refusal::Refusal;
use crate::domain::text::{TITLE_CHARS, clean_line, tidy_line, title_key};
use crate::store::{NewProposal, ProposalCount, StoreError, Tx};

/// How many films a member is offered to choose from: a menu holds 25, and one place is for "none".
const CHOICES: usize = 24;

/// A film was put up.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The proposal with its film.
    pub proposal: Proposal,
    /// The open round, in which it is voted on unless it waits.
    pub round: RoundId,
    /// Whether it waits for that round, a run-off, to end.
    pub waits: bool,
    /// Where its details stand.
    pub details: Details,
    /// How many active proposals the member now has.
    pub slots_used: u32,
    /// How many they may have.
    pub slots: u32,
    /// Where it can be watched in the server's country, if both are known.
    pub watch: Option<WatchHere>,
}

/// What came of a proposal.
#[derive(Debug, Clone)]
pub enum ProposeOutcome {
    /// It is up.
    Proposed(Box<Proposed>),
    /// A typed title fits several films, or none exactly: the member chooses, or proposes it as typed.
    Choose {
        /// The title as typed, cleaned.
        typed: String,
        /// The films it may mean, best first, 1 to 24.
        hits: Vec<SearchHit>,
    },
}

impl Service {
    /// Proposes what `movie` names: an id, a link, or a title. The checks that need no film data come
    /// first; film data is waited for no longer than the fetch time-out, and its lack stops nothing.
    pub async fn propose(
        &self,
        actor: Actor,
        movie: &str,
        pitch: Option<&str>,
    ) -> Result<ProposeOutcome, ServiceError> {
        let imdb_id = match FilmQuery::read(movie) {
            FilmQuery::Imdb(imdb_id) => imdb_id,
            FilmQuery::Title(typed) => match self.find_by_title(&typed).await? {
                TitleMatch::One(imdb_id) => imdb_id,
                TitleMatch::Several(mut hits) => {
                    hits.truncate(CHOICES);
                    return Ok(ProposeOutcome::Choose {
                        typed: typed.whole,
                        hits,
                    });
                }
                TitleMatch::None { .. } => {
                    let proposed = self.propose_as_typed(actor, &typed.whole, pitch).await?;
                    return Ok(ProposeOutcome::Proposed(Box::new(proposed)));
                }
            },
            link => self.resolve_link(link).await?,
        };
        let proposed = self.propose_film(actor, &imdb_id, pitch).await?;
        Ok(ProposeOutcome::Proposed(Box::new(proposed)))
    }

    /// Proposes a title as it was typed (and cleaned once, see [`FilmQuery::read`]), without an identity in
    /// any film database.
    pub async fn propose_as_typed(
        &self,
        actor: Actor,
        title: &str,
        pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        let film = typed_film(title)?;
        self.ask_if_seen(actor.guild, Proposable::Typed(&film.title))
            .await?;
        self.put_up(actor, film, Details::None, pitch).await
    }

    /// Proposes an identified film or a typed title although it was seen: `film` is what the refusal
    /// `SeenBefore` said is to be given here.
    pub async fn propose_again(
        &self,
        actor: Actor,
        film: &str,
        pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        match film.parse() {
            Ok(imdb_id) => {
                self.check_before_fetching(actor, &imdb_id).await?;
                self.fetch_and_put_up(actor, &imdb_id, pitch).await
            }
            Err(_) => self.put_up(actor, typed_film(film)?, Details::None, pitch).await,
        }
    }

    /// Proposes an identified film.
    async fn propose_film(
        &self,
        actor: Actor,
        imdb_id: &ImdbId,
        pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        self.check_before_fetching(actor, imdb_id).await?;
        self.ask_if_seen(actor.guild, Proposable::Film(imdb_id)).await?;
        self.fetch_and_put_up(actor, imdb_id, pitch).await
    }

    async fn fetch_and_put_up(
        &self,
        actor: Actor,
        imdb_id: &ImdbId,
        pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        let (film, details) = self
            .film_with_data(imdb_id)
            .await?
            .ok_or_else(|| Refusal::UnknownFilm {
                imdb_id: imdb_id.clone(),
            })?;
        self.put_up(actor, film, details, pitch).await
    }

    /// Refuses early what the transaction would refuse anyway, so that nobody waits for film data in
    /// vain. The transaction decides.
    async fn check_before_fetching(&self, actor: Actor, imdb_id: &ImdbId) -> Result<(), ServiceError> {
        let here = self.store.find_proposed_film(actor.guild, imdb_id).await;
        if let Some(here) = here.map_err(ServiceError::from_store)? {
            let voted = match here.round.voter(actor.member) {
                Some(voter) => self.store.find_member_ballot(here.round.id, voter).await,
                None => Ok(Vec::new()),
            };
            let ballot = voted.map_err(ServiceError::from_store)?;
            return Err(Refusal::AlreadyProposed {
                proposal: here.proposal,
                round: here.round.id,
                title: here.film.shown_title().to_owned(),
                proposed_by: here.proposed_by,
                voted: ballot.contains(&here.film.id),
                waits: here.waits,
            }
            .into());
        }
        let slots = self
            .store
            .find_slots(actor.guild, actor.member)
            .await
            .map_err(ServiceError::from_store)?;
        let limit = slots.own.or(slots.server).unwrap_or(DEFAULT_PROPOSAL_LIMIT);
        if slots.used >= limit {
            return Err(Refusal::ProposalLimit { limit }.into());
        }
        Ok(())
    }

    /// Writes the proposal, in one transaction with its checks: not proposed already, a slot left, a
    /// round open (opened here when there is none).
    async fn put_up(
        &self,
        actor: Actor,
        film: Film,
        details: Details,
        pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        let pitch = pitch
            .map(|pitch| clean_line(pitch, Proposal::PITCH_CHARS))
            .filter(|text| !text.is_empty());
        let written = self.try_put_up(actor, &film, details, pitch.clone()).await;
        if let Err(ServiceError::Refused(Refusal::StillCounting)) = written {
            self.settle_rounds(actor.guild).await?;
            return self.try_put_up(actor, &film, details, pitch).await;
        }
        written
    }

    async fn try_put_up(
        &self,
        actor: Actor,
        film: &Film,
        details: Details,
        pitch: Option<String>,
    ) -> Result<Proposed, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let written = self
            .write_proposal(&mut tx, actor, film.clone(), details, pitch)
            .await;
        match written.map_err(ServiceError::from_store)? {
            Ok(proposed) => {
                tx.commit().await.map_err(ServiceError::from_store)?;
                Ok(proposed)
            }
            Err(refusal) => {
                tx.rollback().await.map_err(ServiceError::from_store)?;
                Err(refusal.into())
            }
        }
    }

    async fn write_proposal(
        &self,
        tx: &mut Tx,
        actor: Actor,
        mut film: Film,
        details: Details,
        pitch: Option<String>,
    ) -> Result<Result<Proposed, Refusal>, StoreError> {
        let now = self.clock.unix_secs();
        let guild = tx.lock_guild(actor.guild, now).await?;
        film.language = guild.language;
        if film.is_series() && !guild.series {
            return Ok(Err(Refusal::SeriesNotAllowed {
                title: film.shown_title().to_owned(),
            }));
        }
        let new = self.new_round(actor, guild.rules, now);
        let Some(round) = self.ensure_round(tx, &new).await? else {
            return Ok(Err(Refusal::StillCounting));
        };
        let stored = self.ensure_film(tx, actor, &film, now).await?;
        if let Some(found) = tx.find_active_proposal_of(actor.guild, stored).await? {
            let first = found.proposal;
            return Ok(Err(Refusal::AlreadyProposed {
                proposal: first.id,
                round: round.id,
                title: first.film.shown_title().to_owned(),
                proposed_by: first.proposed_by,
                voted: match round.voter(actor.member) {
                    Some(voter) => tx.has_voted(round.id, voter, stored).await?,
                    None => false,
                },
                waits: found.waits,
            }));
        }
        let own_limit = tx.find_proposal_limit(actor.guild, actor.member).await?;
        let slots = own_limit.unwrap_or(guild.proposal_limit);
        let ProposalCount { all, by_member: used } =
            tx.count_active_proposals(actor.guild, actor.member).await?;
        if used >= slots {
            return Ok(Err(Refusal::ProposalLimit { limit: slots }));
        }
        if usize::try_from(all).is_ok_and(|all| all >= Record::MAX_PROPOSALS) {
            return Ok(Err(Refusal::ServerFull { proposals: all }));
        }
        let id = ProposalId(self.clock.key());
        let new = NewProposal {
            id,
            guild: actor.guild,
            film: stored,
            by: actor.member,
            at: now,
            pitch: pitch.clone(),
            waits_for: round.runoff_of.map(|_| round.id),
        };
        let waits = new.waits_for.is_some();
        tx.insert_proposal(&new).await?;
        let title = film.shown_title().to_owned();
        self.note_by(tx, actor.guild, Some(actor.member), Act::Proposed { title })
            .await?;
        film.id = stored;
        let watch = film.watch_in(guild.country.as_ref());
        let proposal = Proposal {
            id,
            film,
            proposed_by: actor.member,
            proposed_at: now,
            pitch,
        };
        Ok(Ok(Proposed {
            proposal,
            round: round.id,
            waits,
            details,
            slots_used: used + 1,
            slots,
            watch,
        }))
    }

    /// The key of the film's row, which is made here when nobody has named the film before.
    pub(super) async fn ensure_film(
        &self,
        tx: &mut Tx,
        actor: Actor,
        film: &Film,
        now: i64,
    ) -> Result<FilmId, StoreError> {
        let (title, year, new) = (film.common_title(), film.shown_year(), FilmId(self.clock.key()));
        let stored = match &film.imdb_id {
            Some(imdb_id) => tx.insert_film_if_missing(imdb_id, title, year, new, now).await?,
            None => {
                tx.insert_typed_film_if_missing(actor.guild, title, new, now)
                    .await?
            }
        };
        Ok(stored.id)
    }

    /// The id behind a link that names a film on another site.
    pub(super) async fn resolve_link(&self, link: FilmQuery) -> Result<ImdbId, ServiceError> {
        match link {
            FilmQuery::Imdb(imdb_id) => Ok(imdb_id),
            FilmQuery::Tmdb(tmdb_id) => self.find_linked(FilmLink::Tmdb(tmdb_id)).await,
            FilmQuery::Letterboxd(slug) => self.find_linked(FilmLink::Letterboxd(slug)).await,
            FilmQuery::NotAFilmPage => Err(Refusal::NotAFilmPage.into()),
            FilmQuery::ForeignLink => Err(Refusal::ForeignLink.into()),
            FilmQuery::Title(_) | FilmQuery::Empty => Err(Refusal::EmptyTitle.into()),
        }
    }

    async fn find_linked(&self, link: FilmLink) -> Result<ImdbId, ServiceError> {
        let within = self.settings.fetch_timeout;
        let resolved = self.catalogue.resolve(&link, within).await;
        Ok(resolved.ok_or(Refusal::UnresolvedLink)?)
    }
}

/// A film of which nothing is known but the title that was typed.
fn typed_film(title: &str) -> Result<Film, Refusal> {
    let title = tidy_line(title, TITLE_CHARS);
    if title_key(&title).is_empty() {
        return Err(Refusal::EmptyTitle);
    }
    Ok(Film {
        id: FilmId(0),
        imdb_id: None,
        title,
        year: None,
        cached: None,
        language: None,
    })
}
