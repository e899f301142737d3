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
    if let Some(id) = path.strip_prefix("/meta/series/") {
        let hit = find(films, id).filter(|film| film.series).map(cinemeta_series);
        return (200, hit.unwrap_or_else(|| json!({})));
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

fn cinemeta_series(film: &Film) -> Value {
    let mut series = cinemeta_film(film);
    let videos: Vec<Value> = (0..=SEASONS)
        .flat_map(|season| (1..=EPISODES).map(move |episode| (season, episode)))
        .map(|(season, episode)| {
            json!({ "season": season, "number": episode, "released": first_day(film, season.max(1)) })
        })
        .collect();
    series["meta"]["type"] = json!("series");
    series["meta"]["videos"] = json!(videos);
    series["meta"]["releaseInfo"] = json!(years(film));
    series
}

/// What there is of every series.
const SEASONS: u16 = 2;
const EPISODES: u16 = 3;

fn years(film: &Film) -> String {
    format!("{}–{}", film.year, film.year + 5)
}

fn first_day(film: &Film, season: u16) -> String {
    format!("{}-01-20", film.year + season - 1)
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
    if let (Some(id), Some(season)) = (asked("i"), asked("Season")) {
        let season = season
            .parse()
            .ok()
            .filter(|season| (1..=SEASONS).contains(season));
        let hit = find(films, &id).filter(|film| film.series).zip(season);
        let hit = hit.map(|(film, season)| omdb_season(film, season));
        return (200, hit.unwrap_or_else(|| refused("Series or season not found!")));
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

fn omdb_season(film: &Film, season: u16) -> Value {
    let episodes: Vec<Value> = (1..=EPISODES)
        .map(|episode| json!({ "Released": first_day(film, season), "Episode": episode.to_string() }))
        .collect();
    json!({ "Title": film.title, "Season": season.to_string(), "Episodes": episodes, "Response": "True" })
}

fn omdb_film(film: &Film) -> Value {
    let year = if film.series {
        years(film)
    } else {
        film.year.to_string()
    };
    json!({
        "Title": film.title, "Year": year, "totalSeasons": SEASONS.to_string(), "Runtime": "142 min",
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
        ["3", "movie", number] => {
            by_number(number).map_or_else(missing, |film| (200, appended(url, tmdb_film(film))))
        }
        ["3", "tv", number] => {
            let series = films
                .iter()
                .find(|film| film.series && film.tmdb_id.to_string() == *number);
            series.map_or_else(missing, |film| (200, appended(url, tmdb_series(film))))
        }
        ["3", "movie", number, "external_ids"] => by_number(number).map_or_else(missing, |film| {
            (200, json!({ "id": film.tmdb_id, "imdb_id": film.imdb_id }))
        }),
        _ => missing(),
    }
}

/// The answer with those of its parts that were asked for.
fn appended(url: &Url, mut film: Value) -> Value {
    let asked = url
        .query_pairs()
        .find(|(key, _)| key == "append_to_response")
        .map(|(_, parts)| parts.into_owned())
        .unwrap_or_default();
    if let Some(film) = film.as_object_mut() {
        for part in ["credits", "videos", "translations", "watch/providers"] {
            if !asked.split(',').any(|asked| asked == part) {
                film.remove(part);
            }
        }
    }
    film
}

fn tmdb_series(film: &Film) -> Value {
    let mut series = tmdb_film(film);
    let seasons: Vec<Value> = (0..=SEASONS)
        .map(|season| {
            json!({
                "season_number": season, "episode_count": EPISODES, "name": format!("Season {season}"),
                "overview": "", "air_date": first_day(film, season.max(1)),
                "poster_path": format!("/s{season}.jpg"),
            })
        })
        .collect();
    for (field, value) in [
        ("name", json!(film.title)),
        ("first_air_date", json!(first_day(film, 1))),
        ("last_air_date", json!(first_day(film, 6))),
        ("status", json!("Ended")),
        ("number_of_seasons", json!(SEASONS)),
        ("episode_run_time", json!([])),
        ("created_by", json!([{ "name": "Ada Director" }])),
        ("seasons", json!(seasons)),
        ("title", json!(null)),
    ] {
        series[field] = value;
    }
    series["translations"]["translations"][0]["data"]["name"] = json!(format!("{} auf Deutsch", film.title));
    series
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
    let mut crew = vec![json!({ "job": "Producer", "name": "Some Producer" }); film.crew];
    crew.push(json!({ "job": "Director", "name": "Ada Director" }));
    let services = json!({ "link": "https://example.org", "flatrate": [
        { "provider_name": "Netflix", "display_priority": 0 },
        { "provider_name": "Mubi", "display_priority": 9 },
    ] });
    // As much as TMDB tells of a film that is known everywhere.
    let elsewhere: serde_json::Map<String, Value> = ('A'..='Z')
        .flat_map(|one| ['A', 'E', 'I'].map(|other| format!("{one}{other}")))
        .chain(["DE".to_owned()])
        .map(|country| (country, services.clone()))
        .collect();
    json!({
        "id": film.tmdb_id, "title": film.title, "original_title": film.title,
        "release_date": format!("{}-03-30", film.year), "runtime": 142,
        "genres": [{ "id": 18, "name": "Drama" }, { "id": 80, "name": "Crime" }],
        "overview": film.plot, "vote_average": 7.9, "vote_count": 1234,
        "poster_path": format!("/{}.jpg", film.imdb_id),
        "external_ids": { "imdb_id": film.imdb_id },
        "original_language": "en",
        "credits": { "crew": crew },
        "translations": { "translations": [{ "iso_639_1": "de", "iso_3166_1": "DE", "data": {
            "title": format!("{} auf Deutsch", film.title),
            "overview": format!("Was in {} geschieht.", film.title),
        } }] },
        "watch/providers": { "results": elsewhere },
        "videos": { "results": [
            { "site": "Vimeo", "type": "Trailer", "key": "1" },
            { "site": "YouTube", "type": "Trailer", "key": "PLl99DlL6b4" },
        ] },
    })
}
