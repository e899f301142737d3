//! A film database on the loopback interface that speaks Cinemeta's protocol, so that the demo runs the
//! production fetcher. Owns routes and delays; the films are in [`super::films`].

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::films::DemoFilm;

/// The quickest answer, milliseconds: far enough away to be seen arriving.
const DELAY_MIN_MS: u64 = 150;
/// The slowest answer, milliseconds: well within the bot's time for a look-up.
const DELAY_MAX_MS: u64 = 400;

/// Where the demo's film database listens.
#[derive(Debug, Clone)]
pub struct DemoFilms {
    /// Scheme, host and port: what the bot takes as Cinemeta's base URL, and where the posters are.
    pub base_url: String,
}

impl DemoFilms {
    /// Listens on a free loopback port and serves, as a task of `tracker`, until `stop`.
    ///
    /// # Errors
    /// The machine gives no loopback port.
    pub async fn start(tracker: &TaskTracker, stop: CancellationToken) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("the demo's film database found no free port on 127.0.0.1")?;
        let address = listener.local_addr()?;
        let films = Self {
            base_url: format!("http://{address}"),
        };
        let routes = routes(films.base_url.clone());
        tracker.spawn(async move {
            let serving = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned());
            if let Err(error) = serving.await {
                tracing::error!(%error, "the demo's film database stopped");
            }
        });
        Ok(films)
    }
}

/// The routes; `base_url` is where the posters are.
fn routes(base_url: String) -> Router {
    Router::new()
        .route("/meta/movie/{last}", get(meta))
        .route("/catalog/movie/top/{last}", get(search))
        .route("/poster/{last}", get(poster))
        .with_state(base_url)
}

/// How long a film takes to answer: different from film to film, the same on every run.
fn delay_of(number: u32) -> Duration {
    let spread = u64::from(number).wrapping_mul(7_919) % (DELAY_MAX_MS - DELAY_MIN_MS + 1);
    Duration::from_millis(DELAY_MIN_MS + spread)
}

/// One film by its id. Cinemeta answers 200 for a film that it does not know, with nothing but the id.
async fn meta(State(base_url): State<String>, Path(last): Path<String>) -> Response {
    let Some(id) = last.strip_suffix(".json") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let film = DemoFilm::find(id);
    tokio::time::sleep(delay_of(film.map_or(0, DemoFilm::number))).await;
    let answer = match film {
        Some(film) => json!({ "meta": full(film, &base_url) }),
        None if is_title_id(id) => json!({ "meta": { "id": id, "type": "movie" } }),
        None => json!({}),
    };
    Json(answer).into_response()
}

/// Films by title: the path's last part is `search=…​.json`, percent-encoded.
async fn search(State(base_url): State<String>, Path(last): Path<String>) -> Response {
    let Some(query) = last
        .strip_prefix("search=")
        .and_then(|rest| rest.strip_suffix(".json"))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    tokio::time::sleep(Duration::from_millis(DELAY_MIN_MS / 2)).await;
    let metas: Vec<_> = DemoFilm::search(query)
        .into_iter()
        .map(|film| brief(film, &base_url))
        .collect();
    Json(json!({ "metas": metas })).into_response()
}

/// A film's poster.
async fn poster(Path(last): Path<String>) -> Response {
    match last.strip_suffix(".svg").and_then(DemoFilm::find) {
        Some(film) => (
            [
                (header::CONTENT_TYPE, "image/svg+xml"),
                (header::CACHE_CONTROL, "max-age=3600"),
            ],
            film.poster_svg(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A row of a search.
fn brief(film: &DemoFilm, base_url: &str) -> Value {
    json!({
        "id": film.imdb_id,
        "imdb_id": film.imdb_id,
        "type": "movie",
        "name": film.title,
        "releaseInfo": film.year.to_string(),
        "poster": format!("{base_url}/poster/{}.svg", film.imdb_id),
    })
}

/// Everything about a film.
fn full(film: &DemoFilm, base_url: &str) -> Value {
    json!({
        "id": film.imdb_id,
        "imdb_id": film.imdb_id,
        "type": "movie",
        "name": film.title,
        "year": film.year.to_string(),
        "releaseInfo": film.year.to_string(),
        "runtime": format!("{} min", film.runtime_min),
        "genres": film.genres,
        "genre": film.genres,
        "director": film.directors,
        "description": film.plot,
        "imdbRating": format!("{}.{}", film.rating_tenths / 10, film.rating_tenths % 10),
        "poster": format!("{base_url}/poster/{}.svg", film.imdb_id),
        "trailers": [],
    })
}

/// Whether this looks like a title's id at all.
fn is_title_id(id: &str) -> bool {
    id.strip_prefix("tt")
        .is_some_and(|digits| digits.len() >= 7 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::demo::films::FILMS;

    /// One GET, without the HTTP client that belongs to the catalogue: head and body of the answer.
    async fn fetch(films: &DemoFilms, path: &str) -> (String, String) {
        let address = films.base_url.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).await.expect("the server listens");
        let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
        socket
            .write_all(request.as_bytes())
            .await
            .expect("the request is taken");
        let mut answer = String::new();
        socket
            .read_to_string(&mut answer)
            .await
            .expect("the answer is text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        (head.to_lowercase(), body.to_owned())
    }

    async fn fetch_json(films: &DemoFilms, path: &str) -> Value {
        let (head, body) = fetch(films, path).await;
        assert!(head.starts_with("http/1.0 200"), "{head}");
        serde_json::from_str(&body).expect("JSON")
    }

    async fn start() -> DemoFilms {
        DemoFilms::start(&TaskTracker::new(), CancellationToken::new())
            .await
            .expect("the film database starts")
    }

    #[tokio::test]
    async fn a_film_is_told_as_cinemeta_tells_it() {
        let films = start().await;
        let answer = fetch_json(&films, "/meta/movie/tt0133093.json").await;
        let film = &answer["meta"];
        assert_eq!(film["name"], "The Matrix");
        assert_eq!(film["year"], "1999");
        assert_eq!(film["runtime"], "136 min");
        assert_eq!(film["imdbRating"], "8.7");
        assert_eq!(film["director"][1], "Lilly Wachowski");
        let poster = film["poster"].as_str().expect("a poster");
        assert_eq!(poster, format!("{}/poster/tt0133093.svg", films.base_url));
    }

    #[tokio::test]
    async fn an_unknown_film_has_no_name_and_a_broken_id_no_meta() {
        let films = start().await;
        assert_eq!(
            fetch_json(&films, "/meta/movie/tt99999999.json").await,
            json!({ "meta": { "id": "tt99999999", "type": "movie" } })
        );
        assert_eq!(fetch_json(&films, "/meta/movie/nonsense.json").await, json!({}));
    }

    #[tokio::test]
    async fn a_search_finds_by_words_whatever_is_encoded() {
        let films = start().await;
        let answer = fetch_json(&films, "/catalog/movie/top/search=blade%20run.json").await;
        assert_eq!(answer["metas"][0]["id"], "tt0083658");
        let odd = "/catalog/movie/top/search=a%2Fb%20%22%3C%3E%20%F0%9F%8E%AC.json";
        assert_eq!(fetch_json(&films, odd).await, json!({ "metas": [] }));
        let (head, _) = fetch(&films, "/catalog/movie/top/skip=20.json").await;
        assert!(head.starts_with("http/1.0 404"), "{head}");
    }

    #[tokio::test]
    async fn a_poster_is_an_svg_picture_and_an_unknown_one_is_not_found() {
        let films = start().await;
        let (head, body) = fetch(&films, "/poster/tt0078748.svg").await;
        assert!(head.contains("content-type: image/svg+xml"), "{head}");
        assert!(body.starts_with("<svg "), "{body:.40}");
        let (head, _) = fetch(&films, "/poster/tt0000000.svg").await;
        assert!(head.starts_with("http/1.0 404"), "{head}");
    }

    #[tokio::test]
    async fn it_stops_when_it_is_told_to() {
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        DemoFilms::start(&tracker, stop.clone())
            .await
            .expect("the film database starts");
        tracker.close();
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), tracker.wait())
            .await
            .expect("nothing of it is left");
    }

    #[test]
    fn delays_differ_and_stay_within_their_bounds() {
        let delays: std::collections::BTreeSet<_> =
            FILMS.iter().map(|film| delay_of(film.number())).collect();
        assert!(delays.len() > FILMS.len() / 2, "{delays:?}");
        let bounds = Duration::from_millis(DELAY_MIN_MS)..=Duration::from_millis(DELAY_MAX_MS);
        assert!(delays.iter().all(|delay| bounds.contains(delay)), "{delays:?}");
    }
}
