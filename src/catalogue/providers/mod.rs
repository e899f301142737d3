//! The providers: how each is asked, and what its answers mean. One file each.
//!
//! They turn bytes into [`RawFilm`] and [`RawHit`] or a [`Fault`]; cleaning, deadlines, health and
//! caching are not theirs.

mod cinemeta;
mod omdb;
mod tmdb;
mod wikidata;

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::budget::Budget;
use super::fault::Fault;
use super::fetcher::{Answer, Fetcher};
use super::health::Health;
use super::hygiene::{RawFilm, RawHit};
use super::links::FilmLink;
use super::settings::{CatalogueError, CatalogueSettings};
use super::throttle::{Limits, Throttle};
use crate::clock::Clock;
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;
use cinemeta::Cinemeta;
use omdb::Omdb;
use tmdb::Tmdb;
use wikidata::Wikidata;

/// What is percent-encoded in a path or a query: everything but what no URL gives a meaning.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');

/// A provider with its health.
#[derive(Debug)]
pub(super) struct Provider {
    /// Which.
    pub source: Source,
    /// Whether it is asked.
    pub health: Arc<Health>,
    /// How often it is asked.
    pub budget: Arc<Budget>,
    /// How fast it is asked.
    pub throttle: Throttle,
    kind: Kind,
}

/// What a look-up is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quest {
    /// One film by its id.
    Film,
    /// Films by their title.
    Title,
    /// The id behind a number.
    Number,
}

#[derive(Debug)]
enum Kind {
    Tmdb(Tmdb),
    Omdb(Omdb),
    Cinemeta(Cinemeta),
    Wikidata(Wikidata),
}

impl Provider {
    /// The provider as configured; `None` when it lacks its key or is switched off.
    pub(super) fn configured(
        source: Source,
        settings: &CatalogueSettings,
        fetcher: &Fetcher,
        clock: &Clock,
        health: Arc<Health>,
    ) -> Result<Option<Arc<Self>>, CatalogueError> {
        let daily_limit = match source {
            Source::Omdb => settings.omdb.daily_limit,
            Source::Tmdb | Source::Cinemeta | Source::Wikidata => None,
        };
        let budget = Arc::new(Budget::new(clock.clone(), daily_limit));
        let fetcher = &fetcher.within(Arc::clone(&budget));
        let kind = match source {
            Source::Tmdb => Tmdb::configured(settings, fetcher, clock)?.map(Kind::Tmdb),
            Source::Omdb => Omdb::configured(settings, fetcher)?.map(Kind::Omdb),
            Source::Cinemeta => Some(Kind::Cinemeta(Cinemeta::configured(settings, fetcher)?)),
            Source::Wikidata => Wikidata::configured(settings, fetcher)?.map(Kind::Wikidata),
        };
        let provider = |kind| {
            Arc::new(Self {
                source,
                health,
                budget,
                throttle: Throttle::new(limits(source)),
                kind,
            })
        };
        Ok(kind.map(provider))
    }

    /// How many requests such a look-up may take.
    pub(super) const fn requests(&self, quest: Quest) -> u32 {
        match (self.source, quest) {
            (Source::Tmdb, Quest::Film) => tmdb::REQUESTS_A_FILM,
            (Source::Tmdb, Quest::Title) => tmdb::REQUESTS_A_TITLE,
            _ => 1,
        }
    }

    /// What it knows about a film; `None` when it has no such film. One that keeps series apart looks
    /// among them if it `may_be_series`; the others tell what it is.
    pub(super) async fn film(&self, id: &ImdbId, may_be_series: bool) -> Result<Option<RawFilm>, Fault> {
        match &self.kind {
            Kind::Tmdb(tmdb) => tmdb.film(id).await,
            Kind::Omdb(omdb) => omdb.film(id).await,
            Kind::Cinemeta(cinemeta) => cinemeta.film(id, may_be_series).await,
            Kind::Wikidata(_) => Ok(None),
        }
    }

    /// The films whose title fits, best first; empty when it knows none.
    pub(super) async fn search(&self, title: &str, year: Option<u16>) -> Result<Vec<RawHit>, Fault> {
        match &self.kind {
            Kind::Tmdb(tmdb) => tmdb.search(title, year).await,
            Kind::Omdb(omdb) => omdb.search(title, year).await,
            Kind::Cinemeta(cinemeta) => cinemeta.search(title).await,
            Kind::Wikidata(_) => Ok(Vec::new()),
        }
    }

    /// Whether it may know what is behind such a link.
    pub(super) const fn resolves(&self, link: &FilmLink) -> bool {
        matches!(
            (&self.kind, link),
            (Kind::Tmdb(_), FilmLink::Tmdb(_)) | (Kind::Wikidata(_), _)
        )
    }

    /// The IMDb id behind a link; `None` when it knows none.
    pub(super) async fn resolve(&self, link: &FilmLink) -> Result<Option<ImdbId>, Fault> {
        match (&self.kind, link) {
            (Kind::Tmdb(tmdb), FilmLink::Tmdb(number)) => tmdb.imdb_id_of(*number).await,
            (Kind::Wikidata(wikidata), link) => wikidata.imdb_id_of(link).await,
            _ => Ok(None),
        }
    }
}

/// All that an answer of this provider may hold, whatever was asked: a film, and the rows of a search.
pub(super) fn contents(source: Source, answer: &Answer) -> Result<(Option<RawFilm>, Vec<RawHit>), Fault> {
    match source {
        Source::Tmdb => tmdb::contents(answer),
        Source::Omdb => omdb::contents(answer),
        Source::Cinemeta => cinemeta::contents(answer),
        Source::Wikidata => Ok((None, Vec::new())),
    }
}

/// How fast a provider may be asked. TMDB allows about 40 requests a second; the others say nothing, and a
/// free service is not to be leant on.
const fn limits(source: Source) -> Limits {
    match source {
        Source::Tmdb => Limits {
            per_second: 40,
            burst: 40,
            at_a_time: 32,
        },
        Source::Omdb | Source::Cinemeta => Limits {
            per_second: 20,
            burst: 40,
            at_a_time: 32,
        },
        // Its operators allow five queries of one asker at a time.
        Source::Wikidata => Limits {
            per_second: 5,
            burst: 10,
            at_a_time: 5,
        },
    }
}

/// A text as it stands in a path or a query.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The year of a series' last episode in `2008–2013`: none in `2008–`, and in `2019` the same one.
fn last_year(years: &str) -> Option<String> {
    let last = years.rsplit(['–', '-']).next().map_or("", str::trim);
    (!last.is_empty()).then(|| last.to_owned())
}

/// The part of the waiting time that a secondary request within a search may take.
fn resolve_within(settings: &CatalogueSettings) -> Duration {
    settings.fetch_timeout / 3
}
