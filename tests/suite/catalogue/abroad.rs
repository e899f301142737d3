//! What TMDB tells for other languages and countries, in the same calls as the film.

use marquee::domain::abroad::Abroad;
use marquee::domain::film::{FilmData, Source};

use super::{World, id};
use crate::harness::providers::{FakeFilms, Film};

fn abroad(data: &FilmData) -> &Abroad {
    data.abroad.as_deref().expect("TMDB tells it")
}

#[tokio::test]
async fn translations_and_services_come_with_the_film() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Tmdb]);
    let data = world.data(&world.films.ids()[0]).await;
    let german = abroad(&data).translations.find("de").expect("German");
    assert_eq!(german.title.as_deref(), Some("Film 1 auf Deutsch"));
    assert_eq!(german.plot.as_deref(), Some("Was in Film 1 geschieht."));
    assert!(abroad(&data).translations.find("fr").is_none());
    let here = abroad(&data).watch.in_country("DE").expect("Germany");
    assert_eq!(here.services, ["Netflix", "Mubi"]);
    assert_eq!(world.films.calls().len(), 2, "one to find it, one for all of it");
}

#[tokio::test]
async fn a_film_with_endless_credits_is_had_in_two_pieces() {
    let world = World::of(FakeFilms::start(), &[Source::Tmdb]);
    for (imdb_id, crew, directors, calls) in [
        // Together too long; each piece by itself is not.
        ("tt9000001", 6_100, vec!["Ada Director"], 4),
        // Not even the credits by themselves can be read.
        ("tt9000002", 7_000, vec![], 8),
    ] {
        world.films.add(Film {
            crew,
            ..Film::new(imdb_id, "Endgame", 2019)
        });
        let data = world.data(&id(imdb_id)).await;
        assert_eq!((data.title.as_str(), data.year), ("Endgame", Some(2019)));
        assert_eq!(data.directors, directors);
        assert!(abroad(&data).watch.in_country("DE").is_some());
        assert_eq!(world.films.calls().len(), calls);
    }
    assert_eq!(world.counts(Source::Tmdb).unreadable, 0);
}
