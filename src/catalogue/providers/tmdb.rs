//! TMDB: needs a token, which stands in a header; its ratings are its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::{encoded, resolve_within};
use crate::catalogue::fault::{Fault, Object, judge_status, read_object};
use crate::catalogue::fetcher::{Answer, Fetcher, Site};
use crate::catalogue::hygiene::{RawFilm, RawHit};
use crate::catalogue::recent::Recent;
use crate::catalogue::settings::{CatalogueError, CatalogueSettings};
use crate::catalogue::tolerant::{number, object, objects, text, texts};
use crate::clock::Clock;
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

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

    pub(super) async fn film(&self, id: &ImdbId) -> Result<Option<RawFilm>, Fault> {
        let query = [("external_source", "imdb_id")];
        let Some(found) = self.get(&format!("/find/{id}"), &query).await? else {
            return Ok(None);
        };
        // A series is found too, under `tv_results`: it is no film.
        let Some(tmdb_id) = objects(&found, "movie_results").find_map(|row| number(row, "id")) else {
            return Ok(None);
        };
        let query = [("append_to_response", "external_ids,credits,videos")];
        let film = self.get(&format!("/movie/{tmdb_id}"), &query).await?;
        Ok(film.map(|film| raw_film(&film)))
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

    /// What TMDB has; `None` when it has nothing there.
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Option<Object>, Fault> {
        let mut url = self.site.url(path);
        if !query.is_empty() {
            let query: Vec<String> = query
                .iter()
                .map(|(name, value)| format!("{name}={}", encoded(value)))
                .collect();
            url.set_query(Some(&query.join("&")));
        }
        judge(&self.fetcher.get(&self.site, url).await?)
    }

    fn imdb_ids(&self) -> std::sync::MutexGuard<'_, Recent<u64, Option<ImdbId>>> {
        self.imdb_ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All that an answer may hold, whatever was asked: a film, and the rows of a search. Their own numbers
/// stand in for the IMDb ids that further requests would bring.
pub(super) fn contents(answer: &Answer) -> Result<(Option<RawFilm>, Vec<RawHit>), Fault> {
    let Some(body) = judge(answer)? else {
        return Ok((None, Vec::new()));
    };
    let hits = objects(&body, "results").filter_map(|row| {
        let stand_in = format!("tt{:07}", number(row, "id")?);
        raw_hit(row, stand_in.parse().ok()?)
    });
    Ok((Some(raw_film(&body)), hits.collect()))
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

fn raw_film(film: &Object) -> RawFilm {
    let directors = object(film, "credits")
        .into_iter()
        .flat_map(|credits| objects(credits, "crew"))
        .filter(|member| text(member, &["job"]).is_some_and(|job| job == "Director"))
        .filter_map(|member| text(member, &["name"]))
        .collect();
    RawFilm {
        title: text(film, &["title", "original_title"]),
        year: text(film, &["release_date"]),
        runtime: text(film, &["runtime"]),
        genres: texts(film, &["genres"]),
        directors,
        plot: text(film, &["overview"]),
        rating: rating(film),
        poster: text(film, &["poster_path"]).and_then(|path| poster_url(&path)),
        trailer: object(film, "videos").and_then(trailer),
    }
}

fn raw_hit(row: &Object, imdb_id: ImdbId) -> Option<RawHit> {
    Some(RawHit {
        imdb_id,
        title: text(row, &["title", "original_title"])?,
        year: text(row, &["release_date"]),
        rating: rating(row),
    })
}

/// Nobody's votes are no rating.
fn rating(film: &Object) -> Option<String> {
    number(film, "vote_count")
        .filter(|votes| *votes > 0)
        .and_then(|_| text(film, &["vote_average"]))
}

/// `/abc.jpg`, and nothing that leads elsewhere.
fn poster_url(path: &str) -> Option<String> {
    let name = path.strip_prefix('/')?;
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    plain.then(|| format!("https://image.tmdb.org/t/p/w500/{name}"))
}

/// The first trailer on YouTube, or the first teaser.
fn trailer(videos: &Object) -> Option<String> {
    let of_kind = |kind: &'static str| {
        objects(videos, "results")
            .filter(|video| text(video, &["site"]).is_some_and(|site| site == "YouTube"))
            .find(move |video| text(video, &["type"]).is_some_and(|said| said == kind))
            .and_then(|video| text(video, &["key"]))
    };
    of_kind("Trailer").or_else(|| of_kind("Teaser"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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

    #[test]
    fn empty_fields_are_no_data() {
        let film = json!({
            "title": "Alien", "poster_path": null, "release_date": "", "runtime": 0,
            "vote_average": 0.0, "vote_count": 0, "genres": [], "overview": "",
        });
        let raw = raw_film(film.as_object().expect("an object"));
        assert_eq!(raw.title.as_deref(), Some("Alien"));
        assert_eq!(
            (raw.poster, raw.year, raw.rating, raw.plot),
            (None, None, None, None)
        );
    }

    #[test]
    fn a_poster_path_leads_nowhere_else() {
        assert_eq!(
            poster_url("/abc.jpg").as_deref(),
            Some("https://image.tmdb.org/t/p/w500/abc.jpg")
        );
        for path in [
            "abc.jpg",
            "/../x.jpg",
            "/a/b.jpg",
            "//evil.tld/x.jpg",
            "/a.jpg?x",
            "/",
        ] {
            assert_eq!(poster_url(path), None, "{path}");
        }
    }
}
