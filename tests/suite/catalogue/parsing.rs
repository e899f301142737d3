//! Answers that are odd but usable, and text that wants to be more than text.

use marquee::catalogue::Outcome;
use marquee::domain::film::Source;
use marquee::domain::text::TITLE_CHARS;
use serde_json::json;

use super::{World, id};
use crate::harness::providers::{Behaviour, FakeFilms};

async fn read(source: Source, body: serde_json::Value) -> marquee::domain::film::FilmData {
    let world = World::of(FakeFilms::start(), &[source]);
    world.films.behave_for(source, Behaviour::body(body.to_string()));
    world.data(&id("tt0111161")).await
}

#[tokio::test]
async fn numbers_for_texts_and_lists_for_texts_and_the_reverse_are_read() {
    let film = read(
        Source::Cinemeta,
        json!({ "meta": {
            "name": ["1917"], "year": 2019, "runtime": 119, "genre": "Drama, War", "genres": null,
            "director": "Sam Mendes", "description": ["Two", "soldiers"], "imdbRating": 8.2,
            "poster": ["https://images.metahub.space/poster/small/tt8579674/img"], "trailers": {},
        } }),
    )
    .await;
    assert_eq!(film.title, "1917");
    assert_eq!((film.year, film.runtime_min), (Some(2019), Some(119)));
    assert_eq!(film.genres, ["Drama", "War"]);
    assert_eq!(film.directors, ["Sam Mendes"]);
    assert_eq!(film.plot.as_deref(), Some("Two"));
    assert_eq!(film.rating.map(|rating| rating.tenths), Some(82));
    assert_eq!(
        film.poster_url.as_deref(),
        Some("https://images.metahub.space/poster/medium/tt8579674/img")
    );
}

#[tokio::test]
async fn what_is_missing_in_omdbs_way_is_missing() {
    let film = read(
        Source::Omdb,
        json!({
            "Title": "Obscure", "Year": "2008–", "Runtime": "N/A", "Genre": "N/A", "Director": "N/A",
            "Plot": "N/A", "Poster": "N/A", "imdbRating": "N/A", "Response": "True",
        }),
    )
    .await;
    assert_eq!((film.title.as_str(), film.year), ("Obscure", Some(2008)));
    assert_eq!((film.runtime_min, film.rating, film.plot), (None, None, None));
    assert_eq!(
        (film.poster_url, film.genres, film.directors),
        (None, vec![], vec![])
    );
}

#[tokio::test]
async fn ratings_out_of_bounds_are_none() {
    for (rating, tenths) in [
        ("10.0", Some(100)),
        ("N/A", None),
        ("", None),
        ("11", None),
        ("NaN", None),
    ] {
        let meta = json!({ "meta": { "name": "Film", "imdbRating": rating } });
        let film = read(Source::Cinemeta, meta).await;
        assert_eq!(film.rating.map(|rating| rating.tenths), tenths, "{rating}");
    }
}

#[tokio::test]
async fn hostile_titles_come_out_clean_and_bounded() {
    for (raw, clean) in [
        ("@everyone **free** nitro", "@everyone **free** nitro"),
        ("\u{202E}gnp.exe", "gnp.exe"),
        ("two\nlines\r\n\tand &amp; more", "two lines and & more"),
        (" \u{200B}\u{3164} ", "tt0111161"),
    ] {
        let film = read(Source::Cinemeta, json!({ "meta": { "name": raw } })).await;
        assert_eq!(film.title, clean);
    }
    let long = "@everyone ".repeat(40);
    let film = read(Source::Cinemeta, json!({ "meta": { "name": long } })).await;
    assert!(film.title.chars().count() <= TITLE_CHARS);
}

#[tokio::test]
async fn posters_of_other_hosts_are_none() {
    for poster in [
        "https://evil.tld/p.jpg",
        "http://m.media-amazon.com/x.jpg",
        "data:,",
    ] {
        let meta = json!({ "meta": { "name": "Film", "poster": poster } });
        assert_eq!(read(Source::Cinemeta, meta).await.poster_url, None, "{poster}");
    }
}

#[tokio::test]
async fn a_found_film_says_when_it_was_fetched() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let Outcome::Found { fetched_at, .. } = world.outcome(&world.films.ids()[0]).await else {
        panic!("it is there");
    };
    assert_eq!(fetched_at, world.clock.unix_secs());
}
