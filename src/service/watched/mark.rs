//! Marking a film as watched, and taking that back.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::catalogue::SearchHit;
use crate::domain::audit::Act;
use crate::domain::film::Film;
use crate::domain::ids::{FilmId, ViewingId};
use crate::domain::policy::Organizer;
use crate::domain::poll::Details;
use crate::domain::proposal::ProposalState;
use crate::domain::refusal::Refusal;
use crate::domain::schedule::past::{PastDayError, day_at, read_past_day, today};
use crate::domain::watched::{NewViewing, Viewing};
use crate::service::meant::Meant;
use crate::service::suggest::{MOST_PROPOSALS, ProposalSuggestion};
use crate::service::{Service, ServiceError};
use crate::store::{Night, StoreError, Tx};

/// How many films a menu offers.
const CHOICES: usize = 25;

/// What the night was to the film's proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightOf {
    /// The film that this round picked.
    Picked {
        /// The round's number.
        round: u32,
    },
    /// A film that was still up for the vote, and is no longer.
    Active,
    /// A film that nobody had proposed.
    Nothing,
}

/// A film was marked as watched.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The evening, with the film.
    pub viewing: Viewing,
    /// Where the film's details stand.
    pub details: Details,
    /// What it was the night of.
    pub night: NightOf,
}

/// What came of marking.
#[derive(Debug, Clone)]
pub enum MarkOutcome {
    /// It is in the history.
    Marked(Box<Marked>),
    /// A typed title fits several films: the organizer chooses.
    Choose {
        /// The films it may mean, best first, 1 to 25.
        hits: Vec<SearchHit>,
        /// The day that was given.
        on: NaiveDate,
    },
}

/// What became of the proposal whose night was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// There was none.
    Nothing,
    /// It is up for the vote again.
    Active,
    /// It is a round's pick again and waits for its night.
    Picked,
    /// The film is up for the vote by a newer proposal, which stays.
    Superseded,
}

/// A film was taken out of the history.
#[derive(Debug, Clone)]
pub struct Unmarked {
    /// What was struck out.
    pub viewing: Viewing,
    /// What became of its proposal.
    pub restored: Restored,
}

impl Service {
    /// Marks what `movie` names as watched on the day that `date` names in the server's zone; today without one.
    ///
    /// A film that a round picked, or that is up for the vote, is meant before any other. Its proposal has had its night
    /// then, unless the day is before the proposal: that was another evening.
    ///
    /// # Errors
    /// Refused with `WatchedDay`, `AlreadyWatched`, or what speaks against the text.
    pub async fn mark_watched(
        &self,
        organizer: Organizer,
        movie: &str,
        date: Option<&str>,
    ) -> Result<MarkOutcome, ServiceError> {
        let settings = self.store.find_settings(organizer.actor().guild).await;
        let zone = settings.map_err(ServiceError::from_store)?.time_zone;
        let now = self.clock.unix_secs();
        let on = match date {
            Some(text) => read_past_day(text, now, zone).map_err(|why| Refusal::WatchedDay { why, zone })?,
            None => today(now, zone),
        };
        self.mark_on(organizer, movie, on, zone).await
    }

    /// The same for a film that was chosen among several.
    pub async fn mark_chosen(
        &self,
        organizer: Organizer,
        movie: &str,
        on: NaiveDate,
    ) -> Result<MarkOutcome, ServiceError> {
        let settings = self.store.find_settings(organizer.actor().guild).await;
        let zone = settings.map_err(ServiceError::from_store)?.time_zone;
        if on > today(self.clock.unix_secs(), zone) {
            let why = PastDayError::Future;
            return Err(Refusal::WatchedDay { why, zone }.into());
        }
        self.mark_on(organizer, movie, on, zone).await
    }

    async fn mark_on(
        &self,
        organizer: Organizer,
        movie: &str,
        on: NaiveDate,
        zone: Tz,
    ) -> Result<MarkOutcome, ServiceError> {
        let guild = organizer.actor().guild;
        let nights = self.store.list_nights(guild, MOST_PROPOSALS).await;
        let nights = nights.map_err(ServiceError::from_store)?;
        let (mut film, details) = if let Some(proposal) = ProposalSuggestion::read_value(movie) {
            let mut nights = nights.into_iter();
            let night = nights.find(|night| night.proposal.id == proposal);
            let night = night.ok_or(Refusal::ProposalGone)?;
            self.with_details(night.proposal.film).await?
        } else {
            let meant = self.meant(movie).await?;
            match nights.into_iter().find(|night| meant.fits(&night.proposal.film)) {
                Some(night) => self.with_details(night.proposal.film).await?,
                None => match self.any_film(meant).await? {
                    Ok(film) => film,
                    Err(hits) => return Ok(MarkOutcome::Choose { hits, on }),
                },
            }
        };
        let written = self.write_viewing(organizer, &mut film, on, zone).await;
        let (viewing, night) = written.map_err(ServiceError::from_store)??;
        let mut viewing = self.viewing(guild, viewing).await?;
        viewing.film = Film {
            id: viewing.film.id,
            language: viewing.film.language,
            ..film
        };
        Ok(MarkOutcome::Marked(Box::new(Marked {
            viewing,
            details,
            night,
        })))
    }

    /// Any film by what it is called; several that it may be are for the organizer to choose from.
    async fn any_film(&self, meant: Meant) -> Result<Result<(Film, Details), Vec<SearchHit>>, ServiceError> {
        let imdb_id = match meant {
            Meant::Film(imdb_id) => imdb_id,
            Meant::Title(typed) => match self.find_by_title(&typed).await?.or_choices(CHOICES)? {
                Ok(imdb_id) => imdb_id,
                Err(hits) => return Ok(Err(hits)),
            },
        };
        let found = self.film_with_data(&imdb_id).await?;
        Ok(Ok(found.ok_or(Refusal::UnknownFilm { imdb_id })?))
    }

    /// The film with the data that can be had of it.
    pub(in crate::service) async fn with_details(&self, film: Film) -> Result<(Film, Details), ServiceError> {
        let Some(imdb_id) = &film.imdb_id else {
            return Ok((film, Details::None));
        };
        let found = self.film_with_data(imdb_id).await?;
        Ok(match found {
            Some((known, details)) => {
                let language = film.language;
                (Film { language, ..known }, details)
            }
            None => (film, Details::None),
        })
    }

    async fn write_viewing(
        &self,
        organizer: Organizer,
        film: &mut Film,
        on: NaiveDate,
        zone: Tz,
    ) -> Result<Result<(ViewingId, NightOf), Refusal>, StoreError> {
        let (actor, now) = (organizer.actor(), self.clock.unix_secs());
        let mut tx = self.store.begin_write().await?;
        film.language = tx.lock_guild(actor.guild, now).await?.language;
        let stored = if film.id == FilmId(0) {
            self.ensure_film(&mut tx, actor, film, now).await?
        } else {
            film.id
        };
        let night = tx.find_night_of(actor.guild, stored).await?;
        let night =
            night.filter(|night| day_at(night.proposal.proposed_at, zone).is_none_or(|day| day <= on));
        let new = NewViewing {
            id: ViewingId(self.clock.key()),
            film: stored,
            on,
            by: actor.member,
            at: now,
            proposal: night.as_ref().map(|night| night.proposal.id),
        };
        let title = film.shown_title().to_owned();
        if !tx.insert_viewing(actor.guild, &new).await? {
            tx.rollback().await?;
            return Ok(Err(Refusal::AlreadyWatched { title, on }));
        }
        if let Some(proposal) = new.proposal {
            tx.watch_proposal(proposal, actor.member, now).await?;
        }
        self.note(&mut tx, organizer, Act::WatchedAdded { title }).await?;
        tx.commit().await?;
        Ok(Ok((new.id, night_of(night.as_ref()))))
    }

    /// Takes the viewing that `movie` names out of the history: see [`Service::unmark_watched`].
    pub async fn remove_watched(&self, organizer: Organizer, movie: &str) -> Result<Unmarked, ServiceError> {
        let viewing = self.named_viewing(organizer.actor().guild, movie).await?;
        self.strike(organizer, viewing).await
    }

    /// Takes a viewing out of the history, and gives its proposal the state it had before. The film's ratings are kept
    /// for the day when it comes back.
    ///
    /// # Errors
    /// Refused with `NotWatched`.
    pub async fn unmark_watched(
        &self,
        organizer: Organizer,
        viewing: ViewingId,
    ) -> Result<Unmarked, ServiceError> {
        let viewing = self.viewing(organizer.actor().guild, viewing).await?;
        self.strike(organizer, viewing).await
    }

    async fn strike(&self, organizer: Organizer, viewing: Viewing) -> Result<Unmarked, ServiceError> {
        let written = async {
            let (actor, now) = (organizer.actor(), self.clock.unix_secs());
            let mut tx = self.store.begin_write().await?;
            let settings = tx.lock_guild(actor.guild, now).await?;
            let Some(struck) = tx.delete_viewing(actor.guild, viewing.id).await? else {
                tx.rollback().await?;
                return Ok(None);
            };
            let restored = match struck.proposal {
                None => Restored::Nothing,
                Some(proposal) => {
                    // A run-off that began meanwhile is between other films.
                    let open = tx.lock_open_round(actor.guild).await?;
                    let run_off = open
                        .filter(|open| open.runoff_of.is_some() && open.opened_at > struck.added_at)
                        .map(|open| open.id);
                    let state = tx.unwatch_proposal(proposal, run_off, actor.member, now).await?;
                    restored(state)
                }
            };
            if restored == Restored::Active {
                self.open_if_needed(&mut tx, actor, settings.rules, now).await?;
            }
            self.note_unmarked(&mut tx, organizer, &viewing).await?;
            tx.commit().await?;
            Ok(Some(restored))
        };
        let restored = written.await.map_err(ServiceError::from_store)?;
        let restored = restored.ok_or(Refusal::NotWatched)?;
        Ok(Unmarked { viewing, restored })
    }

    async fn note_unmarked(
        &self,
        tx: &mut Tx,
        organizer: Organizer,
        viewing: &Viewing,
    ) -> Result<(), StoreError> {
        let title = viewing.film.shown_title().to_owned();
        self.note(tx, organizer, Act::WatchedRemoved { title }).await
    }
}

const fn restored(state: Option<ProposalState>) -> Restored {
    match state {
        None => Restored::Nothing,
        Some(ProposalState::Active) => Restored::Active,
        Some(ProposalState::Picked) => Restored::Picked,
        Some(_) => Restored::Superseded,
    }
}

fn night_of(night: Option<&Night>) -> NightOf {
    match night {
        None => NightOf::Nothing,
        Some(night) => night
            .picked_in
            .map_or(NightOf::Active, |round| NightOf::Picked { round }),
    }
}
