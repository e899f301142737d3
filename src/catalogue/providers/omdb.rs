//! OMDb: needs a key, which stands in the query; its ratings are IMDb's.

use secrecy::{ExposeSecret, SecretString};

use super::last_year;
use crate::catalogue::fault::{Fault, NamedTime, Object, judge_status, read_object};
use crate::catalogue::fetcher::{Answer, Fetcher, Site};
use crate::catalogue::hygiene::{RawFilm, RawHit, RawSeries};
use crate::catalogue::settings::{CatalogueError, CatalogueSettings};
use crate::catalogue::tolerant::{number, objects, text, texts};
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

/// How OMDb is asked.
#[derive(Debug)]
pub(super) struct Omdb {
    fetcher: Fetcher,
    site: Site,
    key: SecretString,
}

impl Omdb {
    /// `None` without a key.
    pub(super) fn configured(
        settings: &CatalogueSettings,
        fetcher: &Fetcher,
    ) -> Result<Option<Self>, CatalogueError> {
        let Some(key) = settings.omdb.api_key.clone() else {
            return Ok(None);
        };
        Ok(Some(Self {
            fetcher: fetcher.clone(),
            site: Site::new(Source::Omdb, &settings.omdb.base_url, &[])?,
            key,
        }))
    }

    /// A film, a series, or a season of one, for which it is asked twice.
    pub(super) async fn film(&self, id: &ImdbId) -> Result<Option<RawFilm>, Fault> {
        let query = [("i", id.title_id()), ("plot", "short")];
        let Some(hit) = self.get(&query).await? else {
            return Ok(None);
        };
        let Some(season) = id.season() else {
            return Ok(film(&hit));
        };
        if !is_of_type(&hit, "series") {
            return Ok(None);
        }
        let season = season.to_string();
        let query = [("i", id.title_id()), ("Season", season.as_str())];
        let found = self.get(&query).await?;
        Ok(found.and_then(|found| raw_season(&hit, &found)))
    }

    pub(super) async fn search(&self, title: &str, year: Option<u16>) -> Result<Vec<RawHit>, Fault> {
        let year = year.map(|year| year.to_string());
        let mut query = vec![("s", title), ("type", "movie"), ("page", "1")];
        if let Some(year) = &year {
            query.push(("y", year));
        }
        let found = self.get(&query).await?.unwrap_or_default();
        Ok(hits(&found))
    }

    /// What OMDb has; `None` when it has nothing.
    async fn get(&self, query: &[(&str, &str)]) -> Result<Option<Object>, Fault> {
        let mut url = self.site.url("/");
        url.query_pairs_mut()
            .append_pair("apikey", self.key.expose_secret())
            .extend_pairs(query);
        judge(&self.fetcher.get(&self.site, url).await?)
    }
}

/// All that an answer may hold, whatever was asked: a film, and the rows of a search.
pub(super) fn contents(answer: &Answer) -> Result<(Option<RawFilm>, Vec<RawHit>), Fault> {
    let body = judge(answer)?.unwrap_or_default();
    Ok((film(&body), hits(&body)))
}

/// Reads the body first, then the status: a 401 may be a wrong key or a used-up quota.
fn judge(answer: &Answer) -> Result<Option<Object>, Fault> {
    let body = read_object(&answer.body);
    let error = body
        .as_ref()
        .ok()
        .filter(|body| text(body, &["Response"]).is_some_and(|said| said.eq_ignore_ascii_case("false")))
        .map(|body| text(body, &["Error"]).unwrap_or_default().to_ascii_lowercase());
    if let Some(error) = error {
        return judge_error(&error, answer);
    }
    judge_status(answer)?;
    body.map(Some)
}

fn judge_error(error: &str, answer: &Answer) -> Result<Option<Object>, Fault> {
    let says = |part: &str| error.contains(part);
    if says("limit reached") {
        let named = NamedTime::from_retry_after(answer.retry_after.as_deref());
        return Err(Fault::Quota(named));
    }
    if says("api key") {
        return Err(Fault::BadKey);
    }
    judge_status(answer)?;
    if says("not found")
        || says("incorrect imdb id")
        || says("error getting data")
        || says("too many results")
    {
        return Ok(None);
    }
    Err(Fault::Transient("an error of its own"))
}

/// A film or a series. Episodes and games have ids of the same form, and are neither.
fn film(hit: &Object) -> Option<RawFilm> {
    if is_of_type(hit, "series") {
        return Some(raw_series(hit));
    }
    (is_of_type(hit, "movie") || text(hit, &["Type"]).is_none()).then(|| raw_film(hit))
}

fn is_of_type(hit: &Object, kind: &str) -> bool {
    text(hit, &["Type"]).is_some_and(|said| said.eq_ignore_ascii_case(kind))
}

fn hits(found: &Object) -> Vec<RawHit> {
    objects(found, "Search").filter_map(raw_hit).collect()
}

fn raw_film(hit: &Object) -> RawFilm {
    RawFilm {
        title: text(hit, &["Title"]),
        year: text(hit, &["Year"]),
        runtime: text(hit, &["Runtime"]),
        genres: texts(hit, &["Genre"]),
        directors: texts(hit, &["Director"]),
        plot: text(hit, &["Plot"]),
        rating: text(hit, &["imdbRating"]),
        poster: text(hit, &["Poster"]),
        ..RawFilm::default()
    }
}

fn raw_series(hit: &Object) -> RawFilm {
    RawFilm {
        series: Some(RawSeries {
            ended: text(hit, &["Year"]).and_then(|years| last_year(&years)),
            seasons: number(hit, "totalSeasons"),
            episodes: None,
        }),
        ..raw_film(hit)
    }
}

/// A season without episodes is none.
fn raw_season(series: &Object, season: &Object) -> Option<RawFilm> {
    let first = objects(season, "Episodes").next()?;
    let episodes = objects(season, "Episodes").count();
    Some(RawFilm {
        year: text(first, &["Released"]),
        // Those of the whole series would be taken for the season's.
        rating: None,
        series: Some(RawSeries {
            episodes: u64::try_from(episodes).ok(),
            ..RawSeries::default()
        }),
        ..raw_film(series)
    })
}

fn raw_hit(row: &Object) -> Option<RawHit> {
    Some(RawHit {
        imdb_id: text(row, &["imdbID"])?.parse().ok()?,
        title: text(row, &["Title"])?,
        year: text(row, &["Year"]),
        rating: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, body: &str) -> Result<bool, Fault> {
        judge(&Answer {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        })
        .map(|hit| hit.is_some())
    }

    fn error(text: &str) -> String {
        format!(r#"{{"Response":"False","Error":"{text}"}}"#)
    }

    #[test]
    fn every_error_text_has_its_class() {
        for (status, text, expected) in [
            (200, "Movie not found!", Ok(false)),
            (200, "Incorrect IMDb ID.", Ok(false)),
            (200, "Error getting data.", Ok(false)),
            (200, "Too many results.", Ok(false)),
            (401, "Invalid API key!", Err(Fault::BadKey)),
            (401, "No API key provided.", Err(Fault::BadKey)),
            (
                401,
                "Request limit reached!",
                Err(Fault::Quota(NamedTime::Unnamed)),
            ),
            (
                401,
                "Daily request limit reached!",
                Err(Fault::Quota(NamedTime::Unnamed)),
            ),
            (200, "Something new", Err(Fault::Transient("an error of its own"))),
            (503, "Movie not found!", Err(Fault::Transient("a server error"))),
        ] {
            assert_eq!(class(status, &error(text)), expected, "{text}");
        }
        assert_eq!(class(200, r#"{"Title":"M","Response":"True"}"#), Ok(true));
        assert_eq!(
            class(401, "<html>"),
            Err(Fault::Transient("a client error")),
            "a firewall's page says nothing about the key"
        );
    }
}
