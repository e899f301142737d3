//! What each provider answers when it is well, in its own words.

use marquee::domain::film::Source;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use url::Url;

use super::{Film, OMDB_KEY, TMDB_TOKEN};

/// The status and body for this request.
pub fn answer(source: Source, films: &[Film], head: &str, path: &str) -> (u16, Vec<u8>) {
    let url = Url::parse(&format!("http://localhost{path}")).expect("a request's path");
    let (status, body) = match source {
        Source::Cinemeta => cinemeta(films, &url),
        Source::Omdb => omdb(films, &url),
        Source::Tmdb => tmdb(films, head, &url),
        Source::Wikidata => wikidata(films, &url),
    };
    (status, body.to_string().into_bytes())
}

fn find<'a>(films: &'a [Film], imdb_id: &str) -> Option<&'a Film> {
    films.iter().find(|film| film.imdb_id == imdb_id)
}

fn matching<'a>(films: &'a [Film], typed: &str) -> impl Iterator<Item = &'a Film> {
    let typed = typed.to_lowercase();
    films
        .iter()
        .filter(move |film| film.title.to_lowercase().contains(&typed))
}

fn cinemeta(films: &[Film], url: &Url) -> (u16, Value) {
    let path = url.path().trim_end_matches(".json");
    if let Some(id) = path.strip_prefix("/meta/movie/") {
        let nameless = json!({ "meta": { "id": id, "type": "movie" } });
        let hit = find(films, id).filter(|film| !film.series).map(cinemeta_film);
        return (200, hit.unwrap_or(nameless));
    }
    let Some(typed) = path.strip_prefix("/catalog/movie/top/search=") else {
        return (404, json!({ "err": "not found" }));
    };
    let typed = percent_decode_str(typed).decode_utf8_lossy();
    let rows: Vec<Value> = matching(films, &typed)
        .map(|film| {
            json!({
                "id": film.imdb_id, "imdb_id": film.imdb_id, "type": "movie", "name": film.title,
                "releaseInfo": film.year.to_string(), "poster": film.poster,
            })
        })
        .collect();
    (200, json!({ "metas": rows }))
}

fn cinemeta_film(film: &Film) -> Value {
    json!({ "meta": {
        "id": film.imdb_id, "imdb_id": film.imdb_id, "type": "movie", "name": film.title,
        "year": film.year.to_string(), "releaseInfo": film.year.to_string(), "runtime": "142 min",
        "genres": ["Drama", "Crime"], "genre": ["Drama", "Crime"], "director": ["Ada Director"],
        "description": film.plot, "imdbRating": film.rating, "poster": film.poster,
        "moviedb_id": film.tmdb_id, "trailers": [{ "source": "PLl99DlL6b4", "type": "Trailer" }],
    } })
}

fn omdb(films: &[Film], url: &Url) -> (u16, Value) {
    let asked = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let refused = |error: &str| json!({ "Response": "False", "Error": error });
    if asked("apikey").as_deref() != Some(OMDB_KEY) {
        return (401, refused("Invalid API key!"));
    }
    if let Some(id) = asked("i") {
        let hit = find(films, &id).map(omdb_film);
        return (200, hit.unwrap_or_else(|| refused("Error getting data.")));
    }
    let typed = asked("s").unwrap_or_default();
    if typed.chars().count() < 3 {
        return (200, refused("Too many results."));
    }
    let year = asked("y");
    let rows: Vec<Value> = matching(films, &typed)
        .filter(|film| year.as_ref().is_none_or(|year| *year == film.year.to_string()))
        .take(10)
        .map(|film| {
            json!({
                "Title": film.title, "Year": film.year.to_string(), "imdbID": film.imdb_id,
                "Type": "movie", "Poster": film.poster,
            })
        })
        .collect();
    if rows.is_empty() {
        return (200, refused("Movie not found!"));
    }
    let total = rows.len().to_string();
    (
        200,
        json!({ "Search": rows, "totalResults": total, "Response": "True" }),
    )
}

fn omdb_film(film: &Film) -> Value {
    json!({
        "Title": film.title, "Year": film.year.to_string(), "Runtime": "142 min",
        "Genre": "Drama, Crime", "Director": "Ada Director", "Plot": film.plot,
        "Poster": film.poster, "imdbRating": film.rating, "imdbVotes": "2,081,234",
        "imdbID": film.imdb_id, "Type": if film.series { "series" } else { "movie" },
        "Response": "True",
    })
}

fn tmdb(films: &[Film], head: &str, url: &Url) -> (u16, Value) {
    let missing = || (404, json!({ "success": false, "status_code": 34 }));
    let authorized = head
        .lines()
        .any(|line| line.eq_ignore_ascii_case(&format!("authorization: Bearer {TMDB_TOKEN}")));
    if !authorized {
        return (401, json!({ "success": false, "status_code": 7 }));
    }
    let path: Vec<&str> = url.path().split('/').skip(1).collect();
    let by_number = |number: &str| {
        films
            .iter()
            .find(|film| !film.series && film.tmdb_id.to_string() == number)
    };
    match path.as_slice() {
        ["3", "find", id] => {
            let row = |series: bool| -> Vec<Value> {
                find(films, id)
                    .filter(|film| film.series == series)
                    .map(|film| json!({ "id": film.tmdb_id, "title": film.title }))
                    .into_iter()
                    .collect()
            };
            (
                200,
                json!({ "movie_results": row(false), "tv_results": row(true) }),
            )
        }
        ["3", "search", "movie"] => {
            let typed = url.query_pairs().find(|(key, _)| key == "query");
            let typed = typed.map(|(_, value)| value.into_owned()).unwrap_or_default();
            let rows: Vec<Value> = matching(films, &typed).map(tmdb_film).collect();
            (200, json!({ "page": 1, "results": rows }))
        }
        ["3", "movie", number] => by_number(number).map_or_else(missing, |film| (200, tmdb_film(film))),
        ["3", "movie", number, "external_ids"] => by_number(number).map_or_else(missing, |film| {
            (200, json!({ "id": film.tmdb_id, "imdb_id": film.imdb_id }))
        }),
        _ => missing(),
    }
}

/// The query service, for the two questions that are asked of it.
fn wikidata(films: &[Film], url: &Url) -> (u16, Value) {
    let question = url.query_pairs().find(|(key, _)| key == "query");
    let question = question.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let rows: Vec<Value> = films
        .iter()
        .filter(|film| {
            question.contains(&format!("wdt:P6127 \"{}\"", film.slug))
                || question.contains(&format!("wdt:P4947 \"{}\"", film.tmdb_id))
        })
        .map(|film| json!({ "imdb": { "type": "literal", "value": film.imdb_id } }))
        .collect();
    (
        200,
        json!({ "head": { "vars": ["imdb"] }, "results": { "bindings": rows } }),
    )
}

fn tmdb_film(film: &Film) -> Value {
    json!({
        "id": film.tmdb_id, "title": film.title, "original_title": film.title,
        "release_date": format!("{}-03-30", film.year), "runtime": 142,
        "genres": [{ "id": 18, "name": "Drama" }, { "id": 80, "name": "Crime" }],
        "overview": film.plot, "vote_average": 7.9, "vote_count": 1234,
        "poster_path": format!("/{}.jpg", film.imdb_id),
        "external_ids": { "imdb_id": film.imdb_id },
        "credits": { "crew": [
            { "job": "Producer", "name": "Some Producer" },
            { "job": "Director", "name": "Ada Director" },
        ] },
        "videos": { "results": [
            { "site": "Vimeo", "type": "Trailer", "key": "1" },
            { "site": "YouTube", "type": "Trailer", "key": "PLl99DlL6b4" },
        ] },
    })
}
