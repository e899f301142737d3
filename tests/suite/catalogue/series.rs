//! Series and their seasons, from every provider that knows them.

use marquee::catalogue::Outcome;
use marquee::domain::film::{Series, Source};
use serde_json::json;

use super::{World, id};
use crate::harness::providers::{Behaviour, FakeFilms, Film};

const SOURCES: [Source; 3] = [Source::Tmdb, Source::Omdb, Source::Cinemeta];

fn world(source: Source) -> World {
    let world = World::of(FakeFilms::with_films(1), &[source]);
    world.films.add(Film {
        series: true,
        ..Film::new("tt0903747", "Breaking Bad", 2008)
    });
    world.catalogue.expect_series(&id("tt0903747"));
    world
}

#[tokio::test]
async fn cinemeta_is_asked_for_a_series_only_where_one_is_expected() {
    let world = world(Source::Cinemeta);
    for (imdb_id, calls) in [("tt9999998", 1), ("tt9999999", 2)] {
        if calls > 1 {
            world.catalogue.expect_series(&id(imdb_id));
        }
        assert_eq!(world.outcome(&id(imdb_id)).await, Outcome::NotFound);
        assert_eq!(world.films.calls_for(&id(imdb_id)), calls);
    }
    // A film is found at once, whatever was expected.
    world.catalogue.expect_series(&id("tt9000001"));
    world.data(&id("tt9000001")).await;
    assert_eq!(world.films.calls_for(&id("tt9000001")), 1);
}

#[tokio::test]
async fn a_series_is_found_and_marked_as_one() {
    for source in SOURCES {
        let data = world(source).data(&id("tt0903747")).await;
        assert_eq!((data.title.as_str(), data.year), ("Breaking Bad", Some(2008)));
        let expected = Series {
            ended: Some(2013),
            seasons: Some(2),
            ..Series::default()
        };
        assert_eq!(data.series, Some(expected), "{source:?}");
        assert!(data.poster_url.is_some() && data.plot.is_some(), "{source:?}");
    }
}

#[tokio::test]
async fn a_season_has_its_own_title_year_and_length() {
    for source in SOURCES {
        let data = world(source).data(&id("tt0903747:2")).await;
        assert_eq!(
            (data.title.as_str(), data.year),
            ("Breaking Bad, season 2", Some(2009)),
            "{source:?}"
        );
        let series = data.series.expect("a season of a series");
        assert_eq!((series.season, series.episodes), (Some(2), Some(3)), "{source:?}");
        assert_eq!(data.rating, None, "the rating is the series'");
    }
}

#[tokio::test]
async fn a_season_that_there_is_not_is_not_found() {
    for source in SOURCES {
        let world = world(source);
        for nothing in ["tt0903747:9", "tt9000001:1", "tt7777777:1"] {
            assert_eq!(
                world.outcome(&id(nothing)).await,
                Outcome::NotFound,
                "{nothing} {source:?}"
            );
        }
        assert_eq!(world.data(&id("tt9000001")).await.series, None);
    }
}

#[tokio::test]
async fn a_series_of_which_tmdb_says_no_more_is_still_one() {
    let world = World::of(FakeFilms::start(), &[Source::Tmdb]);
    let row = json!({ "movie_results": [], "tv_results": [{ "id": 1396, "name": "Breaking Bad" }] });
    world
        .films
        .behave_for(Source::Tmdb, Behaviour::body(row.to_string()));
    let data = world.data(&id("tt0903747")).await;
    assert_eq!(data.title, "Breaking Bad");
    assert!(data.series.is_some());
}
