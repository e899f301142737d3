//! TMDB: needs a token, which stands in a header; its ratings are its own.

mod abroad;
mod film;
mod series;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::{encoded, resolve_within};
use crate::catalogue::fault::{Fault, Object, judge_status, read_object};
use crate::catalogue::fetcher::{Answer, FetchFault, Fetcher, Site};
use crate::catalogue::hygiene::{RawFilm, RawHit};
use crate::catalogue::recent::Recent;
use crate::catalogue::settings::{CatalogueError, CatalogueSettings};
use crate::catalogue::tolerant::{number, objects, text};
use crate::clock::Clock;
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

/// What is asked for a film or series with the rest of it, for servers elsewhere.
const ABROAD: &str = "translations,watch/providers";

/// How many rows of a search are resolved to IMDb ids: each costs a request.
const ROWS_RESOLVED: usize = 6;

/// Finding a film's number, then the film.
pub(super) const REQUESTS_A_FILM: u32 = 2;

/// The search itself, and one for each row that is resolved.
pub(super) const REQUESTS_A_TITLE: u32 = 7;
const _: () = assert!(REQUESTS_A_TITLE as usize == 1 + ROWS_RESOLVED);

/// How many numbers are remembered with their IMDb ids, and for how long: those do not change, but a
/// new film may get one.
const NUMBERS_REMEMBERED: usize = 10_000;
const NUMBER_LIFE: Duration = Duration::from_hours(24);

/// How TMDB is asked.
#[derive(Debug)]
pub(super) struct Tmdb {
    fetcher: Fetcher,
    site: Site,
    clock: Clock,
    resolve_within: Duration,
    imdb_ids: Mutex<Recent<u64, Option<ImdbId>>>,
}

impl Tmdb {
    /// `None` without a token.
    pub(super) fn configured(
        settings: &CatalogueSettings,
        fetcher: &Fetcher,
        clock: &Clock,
    ) -> Result<Option<Self>, CatalogueError> {
        let Some(token) = &settings.tmdb.access_token else {
            return Ok(None);
        };
        Ok(Some(Self {
            fetcher: fetcher.clone(),
            site: Site::new(Source::Tmdb, &settings.tmdb.base_url, &[])?.with_bearer(Source::Tmdb, token)?,
            clock: clock.clone(),
            resolve_within: resolve_within(settings),
            imdb_ids: Mutex::new(Recent::new(NUMBERS_REMEMBERED)),
        }))
    }

    /// A film, a series, or a season of one.
    pub(super) async fn film(&self, id: &ImdbId) -> Result<Option<RawFilm>, Fault> {
        let query = [("external_source", "imdb_id")];
        let Some(found) = self.get(&format!("/find/{}", id.title_id()), &query).await? else {
            return Ok(None);
        };
        let first_in = |list| objects(&found, list).find_map(|row| Some((number(row, "id")?, row)));
        if let Some((number, _)) = first_in("movie_results").filter(|_| id.season().is_none()) {
            let film = self
                .get_with(&format!("/movie/{number}"), "credits,videos")
                .await?;
            return Ok(film.map(|film| film::raw_film(&film)));
        }
        let Some((number, row)) = first_in("tv_results") else {
            return Ok(None);
        };
        let series = self.get_with(&format!("/tv/{number}"), "videos").await?;
        // The row says little, but that it is a series.
        let series = series.as_ref().filter(|series| series.contains_key("name"));
        Ok(series::raw_series(series.unwrap_or(row), id.season()))
    }

    pub(super) async fn search(&self, title: &str, year: Option<u16>) -> Result<Vec<RawHit>, Fault> {
        let year = year.map(|year| year.to_string());
        let mut query = vec![("query", title), ("include_adult", "false")];
        if let Some(year) = &year {
            query.push(("year", year));
        }
        let Some(found) = self.get("/search/movie", &query).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<&Object> = objects(&found, "results").take(ROWS_RESOLVED).collect();
        let resolved = join_all(rows.iter().map(|row| self.resolve_row(row))).await;
        if !resolved.is_empty() && resolved.iter().all(Result::is_err) {
            return Err(Fault::Transient("its rows could not be resolved"));
        }
        let hits = rows
            .iter()
            .zip(resolved)
            .filter_map(|(row, imdb_id)| raw_hit(row, imdb_id.ok()??));
        Ok(hits.collect())
    }

    pub(super) async fn imdb_id_of(&self, tmdb_id: u64) -> Result<Option<ImdbId>, Fault> {
        let now = self.clock.unix_ms();
        let known = self.imdb_ids().get(&tmdb_id, now);
        if let Some(imdb_id) = known {
            return Ok(imdb_id);
        }
        let ids = self.get(&format!("/movie/{tmdb_id}/external_ids"), &[]).await?;
        let imdb_id = ids.and_then(|ids| text(&ids, &["imdb_id"])?.parse().ok());
        self.imdb_ids().put(tmdb_id, imdb_id.clone(), NUMBER_LIFE, now);
        Ok(imdb_id)
    }

    async fn resolve_row(&self, row: &Object) -> Result<Option<ImdbId>, Fault> {
        let Some(tmdb_id) = number(row, "id") else {
            return Ok(None);
        };
        timeout(self.resolve_within, self.imdb_id_of(tmdb_id))
            .await
            .unwrap_or(Err(Fault::Transient("not in time")))
    }

    /// What TMDB has under this path with these parts and those of [`ABROAD`]: in one answer, or in two
    /// when that is longer than is read, as it is for the films with the longest credits.
    async fn get_with(&self, path: &str, parts: &str) -> Result<Option<Object>, Fault> {
        match self.request(path, &appended(&format!("{parts},{ABROAD}"))).await {
            Err(FetchFault::TooLarge) => {}
            answered => return judge(&answered?),
        }
        let (own, abroad) = (appended(parts), appended(ABROAD));
        match tokio::join!(self.get(path, &own), self.get(path, &abroad)) {
            (Ok(Some(mut film)), Ok(Some(abroad))) => {
                film.extend(abroad);
                Ok(Some(film))
            }
            // Each of them has the film itself.
            (Ok(Some(film)), _) | (_, Ok(Some(film))) => Ok(Some(film)),
            (neither, _) => neither,
        }
    }

    /// What TMDB has; `None` when it has nothing there.
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Option<Object>, Fault> {
        judge(&self.request(path, query).await?)
    }

    async fn request(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, FetchFault> {
        let mut url = self.site.url(path);
        if !query.is_empty() {
            let query: Vec<String> = query
                .iter()
                .map(|(name, value)| format!("{name}={}", encoded(value)))
                .collect();
            url.set_query(Some(&query.join("&")));
        }
        self.fetcher.get(&self.site, url).await
    }

    fn imdb_ids(&self) -> std::sync::MutexGuard<'_, Recent<u64, Option<ImdbId>>> {
        self.imdb_ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has these parts told along with what is asked for.
const fn appended(parts: &str) -> [(&str, &str); 1] {
    [("append_to_response", parts)]
}

/// All that an answer may hold, whatever was asked: a film or series, and the rows of a search. Their own
/// numbers stand in for the IMDb ids that further requests would bring.
pub(super) fn contents(answer: &Answer) -> Result<(Option<RawFilm>, Vec<RawHit>), Fault> {
    let Some(body) = judge(answer)? else {
        return Ok((None, Vec::new()));
    };
    let hits = objects(&body, "results").filter_map(|row| {
        let stand_in = format!("tt{:07}", number(row, "id")?);
        raw_hit(row, stand_in.parse().ok()?)
    });
    let told = if body.contains_key("title") {
        Some(film::raw_film(&body))
    } else {
        series::raw_series(&body, None)
    };
    Ok((told, hits.collect()))
}

/// A 401 is the key's fault and a 404 means that there is no such film only when TMDB itself says so.
fn judge(answer: &Answer) -> Result<Option<Object>, Fault> {
    let body = read_object(&answer.body);
    let code = body.as_ref().ok().and_then(|body| number(body, "status_code"));
    match (answer.status, code) {
        (401, Some(3 | 7 | 10)) => Err(Fault::BadKey),
        (404, Some(34)) => Ok(None),
        _ => {
            judge_status(answer)?;
            body.map(Some)
        }
    }
}

fn raw_hit(row: &Object, imdb_id: ImdbId) -> Option<RawHit> {
    Some(RawHit {
        imdb_id,
        title: text(row, &["title", "original_title"])?,
        year: text(row, &["release_date"]),
        rating: film::rating(row),
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

    #[test]
    fn its_own_codes_tell_a_wrong_key_and_a_missing_film_from_trouble() {
        for (status, body, expected) in [
            (401, r#"{"status_code":7,"success":false}"#, Err(Fault::BadKey)),
            (401, r#"{"status_code":10}"#, Err(Fault::BadKey)),
            (401, "<html>", Err(Fault::Transient("a client error"))),
            (404, r#"{"status_code":34}"#, Ok(false)),
            (404, "<html>", Err(Fault::Transient("a client error"))),
            (
                503,
                r#"{"status_code":9}"#,
                Err(Fault::Transient("a server error")),
            ),
            (
                422,
                r#"{"errors":["query"]}"#,
                Err(Fault::Transient("a client error")),
            ),
            (200, "{}", Ok(true)),
        ] {
            assert_eq!(class(status, body), expected, "{status} {body}");
        }
    }
}
