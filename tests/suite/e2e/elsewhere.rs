//! Servers in other languages and countries: the same cached row, shown in their own words.

use marquee::domain::film::Source;

use super::announcing::announced;
use crate::harness::evening::{Evening, Setting, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_shows};

/// An evening with TMDB, whose server is a German one.
async fn in_germany(films: FakeFilms) -> Evening {
    let evening = Evening::begin(Setting::new(films).asking(&[Source::Tmdb])).await;
    evening.propose(&evening.ada, "Grandma's tape").await;
    evening
        .database
        .run_sql("UPDATE guilds SET language = 'de', country = 'DE'")
        .await;
    evening
}

#[tokio::test]
async fn a_german_server_sees_german_titles_and_what_it_can_watch() {
    let evening = in_germany(FakeFilms::with_films(2)).await;
    let card = evening.propose(&evening.ada, "tt9000001").await;
    assert_eq!(card.embed(0).title(), Some("Film 1 auf Deutsch (1990)"));
    let said = words(&card);
    assert!(said.contains("Was in Film 1 geschieht."), "{said}");
    assert!(said.contains("Directed by Ada Director"), "{said}");
    assert!(
        said.contains("**Where to watch in DE:** Netflix, Mubi (JustWatch)"),
        "{said}"
    );
    let trailer = card.button_labelled("Trailer").expect("a trailer");
    assert_eq!(
        trailer.url.as_deref(),
        Some("https://www.youtube.com/watch?v=PLl99DlL6b4")
    );
    let offer = evening.propose(&evening.ben, "tt9000001").await;
    assert_says(&offer, "**Film 1 auf Deutsch** is already");

    let view = evening.view(&evening.ben).await;
    assert_eq!(titles(&view.poll)[1], "2. Film 1 auf Deutsch (1990)");
    assert_eq!((view.cost.statements, view.cost.film_calls), (3, 0));

    let (film, cost) = evening
        .cost(evening.ask(&evening.ben, "movie", "movie", "tt9000001"))
        .await;
    assert_shows(&film, "Was in Film 1 geschieht.");
    assert_shows(&film, "**Where to watch in DE:** Netflix, Mubi (JustWatch)");
    assert_eq!(cost.film_calls, 0, "all of it is in the cached row");
    evening.end().await;
}

#[tokio::test]
async fn another_server_sees_the_same_film_in_english() {
    let evening = in_germany(FakeFilms::with_films(1)).await;
    evening.propose(&evening.ada, "tt9000001").await;
    let (_, card) = evening.propose_elsewhere("tt9000001").await;
    assert_eq!(card.embed(0).title(), Some("Film 1 (1990)"));
    assert!(!words(&card).contains("Where to watch"), "{}", words(&card));
    let id = "tt9000001".parse().expect("an id");
    assert_eq!(evening.films.calls_for(&id), 1, "looked up once, for both");
    evening.end().await;
}

#[tokio::test]
async fn a_film_without_a_translation_is_shown_in_english() {
    let films = FakeFilms::with_films(1);
    let evening = Evening::begin(Setting::new(films).asking(&[Source::Cinemeta])).await;
    evening.propose(&evening.ada, "Grandma's tape").await;
    evening
        .database
        .run_sql("UPDATE guilds SET language = 'fr', country = 'FR'")
        .await;
    let card = evening.propose(&evening.ada, "tt9000001").await;
    assert_eq!(card.embed(0).title(), Some("Film 1 (1990)"));
    assert!(!words(&card).contains("Where to watch"));
    evening.end().await;
}

#[tokio::test]
async fn a_film_has_one_title_on_every_screen_of_a_server_and_answers_to_both() {
    let evening = in_germany(FakeFilms::with_films(2)).await;
    evening.propose(&evening.ada, "tt9000001").await;
    evening.propose(&evening.ada, "tt9000002").await;
    let poll = evening.poll(&evening.ada).await;
    let german = "Film 1 auf Deutsch";
    evening.vote(&evening.ben, &poll, german).await;
    assert_shows(&evening.command(&evening.ben, "vote").await, german);

    let announced = announced(&evening).await;
    assert_eq!(announced.embed(0).title(), Some("Film 1 auf Deutsch (1990)"));
    assert_shows(&evening.command(&evening.ben, "results").await, german);

    let gone = evening
        .ask(&evening.ada, "withdraw", "movie", "Film 2 auf Deutsch")
        .await;
    assert_says(&gone, "Film 2 auf Deutsch");
    evening.propose(&evening.ada, "tt9000002").await;
    let gone = evening.ask(&evening.ada, "withdraw", "movie", "film 2").await;
    assert_says(&gone, "Film 2 auf Deutsch");
    evening.end().await;
}
