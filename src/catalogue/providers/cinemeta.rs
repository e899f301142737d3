//! Cinemeta: Stremio's catalogue. Needs no key; its ratings are IMDb's.

use super::{encoded, last_year};
use crate::catalogue::fault::{Fault, Object, judge_status, read_object};
use crate::catalogue::fetcher::{Answer, Fetcher, Site};
use crate::catalogue::hygiene::{RawFilm, RawHit, RawSeries};
use crate::catalogue::settings::{CatalogueError, CatalogueSettings};
use crate::catalogue::tolerant::{number, object, objects, text, texts};
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

/// Where Cinemeta sends its askers on to: it answers hardly anything itself.
const REDIRECT_HOSTS: &[&str] = &[
    "v3-cinemeta.strem.io",
    "cinemeta-live.strem.io",
    "cinemeta-catalogs.strem.io",
];

/// How Cinemeta is asked.
#[derive(Debug)]
pub(super) struct Cinemeta {
    fetcher: Fetcher,
    site: Site,
}

impl Cinemeta {
    pub(super) fn configured(
        settings: &CatalogueSettings,
        fetcher: &Fetcher,
    ) -> Result<Self, CatalogueError> {
        Ok(Self {
            fetcher: fetcher.clone(),
            site: Site::new(Source::Cinemeta, &settings.cinemeta.base_url, REDIRECT_HOSTS)?,
        })
    }

    /// A film or, if it may be one, a series or a season of one, which it keeps apart.
    pub(super) async fn film(&self, id: &ImdbId, may_be_series: bool) -> Result<Option<RawFilm>, Fault> {
        let title = id.title_id();
        if id.season().is_none() {
            let body = self.get(&format!("/meta/movie/{title}.json")).await?;
            if let Some(film) = object(&body, "meta").and_then(raw_film) {
                return Ok(Some(film));
            }
            if !may_be_series {
                return Ok(None);
            }
        }
        let body = match self.get(&format!("/meta/series/{title}.json")).await {
            // It said that it has no such film; that it cannot tell of series does not unsay it.
            Err(_) if id.season().is_none() => return Ok(None),
            answered => answered?,
        };
        Ok(object(&body, "meta").and_then(|meta| raw_series(meta, id.season())))
    }

    pub(super) async fn search(&self, title: &str) -> Result<Vec<RawHit>, Fault> {
        let path = format!("/catalog/movie/top/search={}.json", encoded(title));
        let body = self.get(&path).await?;
        Ok(hits(&body))
    }

    async fn get(&self, path: &str) -> Result<Object, Fault> {
        judge(&self.fetcher.get(&self.site, self.site.url(path)).await?)
    }
}

/// All that an answer may hold, whatever was asked: a film or series, and the rows of a search.
pub(super) fn contents(answer: &Answer) -> Result<(Option<RawFilm>, Vec<RawHit>), Fault> {
    let body = judge(answer)?;
    let series = object(&body, "meta").and_then(|meta| raw_series(meta, None));
    Ok((series, hits(&body)))
}

fn judge(answer: &Answer) -> Result<Object, Fault> {
    judge_status(answer)?;
    read_object(&answer.body)
}

fn hits(body: &Object) -> Vec<RawHit> {
    objects(body, "metas").filter_map(raw_hit).collect()
}

/// A film that is not there is a `meta` without a name.
fn raw_film(meta: &Object) -> Option<RawFilm> {
    let title = text(meta, &["name"])?;
    Some(RawFilm {
        title: Some(title),
        year: text(meta, &["year"]).or_else(|| text(meta, &["releaseInfo"])),
        runtime: text(meta, &["runtime"]),
        genres: texts(meta, &["genres", "genre"]),
        directors: texts(meta, &["director"]),
        plot: text(meta, &["description"]),
        rating: text(meta, &["imdbRating"]),
        poster: text(meta, &["poster"]),
        trailer: objects(meta, "trailers")
            .filter(|trailer| text(trailer, &["type"]).is_none_or(|kind| kind == "Trailer"))
            .find_map(|trailer| text(trailer, &["source"])),
        ..RawFilm::default()
    })
}

/// A series or, when there are episodes of it, a season. Nothing says whether a series goes on but the
/// open end of its years.
fn raw_series(meta: &Object, season: Option<u16>) -> Option<RawFilm> {
    let film = raw_film(meta)?;
    let numbers = objects(meta, "videos").filter_map(|video| number(video, "season"));
    let Some(season) = season else {
        let ended = text(meta, &["releaseInfo", "year"]).and_then(|years| last_year(&years));
        return Some(RawFilm {
            series: Some(RawSeries {
                ended,
                seasons: numbers.max(),
                episodes: None,
            }),
            ..film
        });
    };
    let mut episodes =
        objects(meta, "videos").filter(|video| number(video, "season") == Some(u64::from(season)));
    let first = episodes.next()?;
    Some(RawFilm {
        year: text(first, &["released", "firstAired"]),
        // Those of the whole series would be taken for the season's.
        rating: None,
        series: Some(RawSeries {
            episodes: u64::try_from(episodes.count() + 1).ok(),
            ..RawSeries::default()
        }),
        ..film
    })
}

fn raw_hit(meta: &Object) -> Option<RawHit> {
    Some(RawHit {
        imdb_id: ["imdb_id", "id"]
            .iter()
            .find_map(|field| text(meta, &[field])?.parse().ok())?,
        title: text(meta, &["name"])?,
        year: text(meta, &["releaseInfo", "year"]),
        rating: text(meta, &["imdbRating"]),
    })
}
