//! Films: shared by IMDb id, saved in bulk, found by title.

use marquee::domain::film::{Cached, Source};
use marquee::domain::ids::FilmId;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, fetched, imdb};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_saved_film_is_found_by_its_id,
    a_film_that_was_named_before_keeps_its_key_and_gets_data,
    ten_films_are_one_statement_and_so_are_five_hundred,
    thousands_of_films_are_saved_whole,
    nothing_to_save_or_to_ask_is_no_statement,
    older_data_never_replaces_newer,
    data_dated_far_ahead_is_replaced,
    the_newest_of_two_in_one_write_wins,
    unreadable_data_is_a_miss,
    known_films_are_found_together,
    titles_are_found_by_their_beginning_first,
    signs_in_a_search_mean_themselves,
    a_typed_title_is_one_film_in_its_server,
    what_one_source_told_long_ago_is_erased_and_nothing_else,
);

async fn a_saved_film_is_found_by_its_id(database: TestDatabase) {
    let scene = Scene::open(database).await;
    assert_eq!(
        scene
            .store
            .find_film(&imdb("tt0078748"))
            .await
            .expect("an answer"),
        None
    );

    let alien = fetched("tt0078748", "Alien", NOW);
    scene
        .store
        .save_films(std::slice::from_ref(&alien), || scene.key())
        .await
        .expect("saved");

    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!(film.imdb_id, Some(imdb("tt0078748")));
    assert_eq!((film.title.as_str(), film.year), ("Alien", Some(1979)));
    assert_eq!(
        film.cached,
        Some(Cached {
            data: alien.data,
            cached_at: NOW
        })
    );
}

async fn a_film_that_was_named_before_keeps_its_key_and_gets_data(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let named = tx
        .insert_film_if_missing(&imdb("tt0078748"), "Alien, as named", None, FilmId(1), NOW)
        .await
        .expect("a film");
    let again = tx
        .insert_film_if_missing(&imdb("tt0078748"), "Another name", Some(2000), FilmId(2), NOW + 1)
        .await
        .expect("a film");
    tx.commit().await.expect("a commit");
    assert_eq!(named, again);
    assert_eq!((named.id, named.year, &named.cached), (FilmId(1), None, &None));

    scene
        .store
        .save_films(&[fetched("tt0078748", "Alien", NOW)], || scene.key())
        .await
        .expect("saved");
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!(
        (film.id, film.title.as_str(), film.shown_title()),
        (FilmId(1), "Alien, as named", "Alien")
    );
}

async fn ten_films_are_one_statement_and_so_are_five_hundred(database: TestDatabase) {
    let scene = Scene::open(database).await;
    for films in [1, 10, 500] {
        let batch: Vec<_> = (0..films)
            .map(|number| {
                fetched(
                    &format!("tt{:07}", 1_000 + number),
                    &format!("Film {number}"),
                    NOW,
                )
            })
            .collect();
        let (statements, saved) = scene
            .statements(scene.store.save_films(&batch, || scene.key()))
            .await;
        saved.expect("saved");
        assert_eq!(statements, 1, "{films} films");
    }
    assert_eq!(
        scene
            .database
            .number("SELECT COUNT(*) FROM films WHERE cached_at IS NOT NULL")
            .await,
        500
    );
}

async fn thousands_of_films_are_saved_whole(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let batch: Vec<_> = (0..2_500)
        .map(|number| fetched(&format!("tt{:07}", 1_000 + number), "Film", NOW))
        .collect();
    let (statements, saved) = scene
        .statements(scene.store.save_films(&batch, || scene.key()))
        .await;
    saved.expect("saved");
    assert_eq!(statements, 3);
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM films").await, 2_500);
}

async fn nothing_to_save_or_to_ask_is_no_statement(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (statements, ()) = scene
        .statements(async {
            scene
                .store
                .save_films(&[], || scene.key())
                .await
                .expect("nothing to save");
            assert!(
                scene
                    .store
                    .find_films(&[])
                    .await
                    .expect("nothing to find")
                    .is_empty()
            );
            assert!(
                scene
                    .store
                    .search_films("  ", 25)
                    .await
                    .expect("nothing to search")
                    .is_empty()
            );
        })
        .await;
    assert_eq!(statements, 0);
}

async fn older_data_never_replaces_newer(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let shown = async || {
        let film = scene
            .store
            .find_film(&imdb("tt0078748"))
            .await
            .expect("an answer")
            .expect("a film");
        (
            film.shown_title().to_owned(),
            film.cached.map(|cached| cached.cached_at),
        )
    };
    let save = async |title: &str, at: i64| {
        scene
            .store
            .save_films(&[fetched("tt0078748", title, at)], || scene.key())
            .await
            .expect("saved");
    };
    save("newer", NOW).await;
    save("older", NOW - 1).await;
    assert_eq!(shown().await, ("newer".into(), Some(NOW)));
    save("newest", NOW + 1).await;
    assert_eq!(shown().await, ("newest".into(), Some(NOW + 1)));
}

async fn data_dated_far_ahead_is_replaced(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let ahead = NOW + Cached::CLOCK_SLACK_SECS + 1;
    for (title, at) in [("from the future", ahead), ("from now", NOW)] {
        scene
            .store
            .save_films(&[fetched("tt0078748", title, at)], || scene.key())
            .await
            .expect("saved");
    }
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!(film.shown_title(), "from now");
}

async fn the_newest_of_two_in_one_write_wins(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let twice = [
        fetched("tt0078748", "older", NOW - 5),
        fetched("tt0078748", "newer", NOW),
        fetched("tt0078748", "oldest", NOW - 9),
    ];
    scene
        .store
        .save_films(&twice, || scene.key())
        .await
        .expect("saved");
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!(film.shown_title(), "newer");
}

async fn unreadable_data_is_a_miss(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene
        .store
        .save_films(&[fetched("tt0078748", "Alien", NOW)], || scene.key())
        .await
        .expect("saved");
    scene
        .database
        .run_sql("UPDATE films SET cached_imdb_data = '{\"v\":99}'")
        .await;
    let film = scene
        .store
        .find_film(&imdb("tt0078748"))
        .await
        .expect("an answer")
        .expect("a film");
    assert_eq!((film.cached, film.title.as_str()), (None, "Alien"));
}

async fn known_films_are_found_together(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let batch = [fetched("tt0000011", "A", NOW), fetched("tt0000012", "B", NOW)];
    scene
        .store
        .save_films(&batch, || scene.key())
        .await
        .expect("saved");
    let asked = [imdb("tt0000012"), imdb("tt0000099"), imdb("tt0000011")];
    let (statements, films) = scene.statements(scene.store.find_films(&asked)).await;
    let mut titles: Vec<_> = films.expect("films").into_iter().map(|film| film.title).collect();
    titles.sort();
    assert_eq!((statements, titles), (1, vec!["A".to_owned(), "B".to_owned()]));
}

async fn titles_are_found_by_their_beginning_first(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let batch = [
        fetched("tt0000011", "The Alien Factor", NOW),
        fetched("tt0000012", "Aliens", NOW),
        fetched("tt0000013", "Alien", NOW),
        fetched("tt0000014", "Amélie", NOW),
    ];
    scene
        .store
        .save_films(&batch, || scene.key())
        .await
        .expect("saved");
    let titles = async |typed: &str, limit: u32| -> Vec<String> {
        let films = scene.store.search_films(typed, limit).await.expect("an answer");
        films.into_iter().map(|film| film.title).collect()
    };
    assert_eq!(
        titles(" ALIEN", 25).await,
        ["Alien", "Aliens", "The Alien Factor"]
    );
    assert_eq!(titles("alien", 2).await, ["Alien", "Aliens"]);
    assert_eq!(titles("amelie", 25).await, ["Amélie"]);
    assert_eq!(titles("predator", 25).await, [""; 0]);
}

async fn signs_in_a_search_mean_themselves(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let batch = [
        fetched("tt0000011", "%%", NOW),
        fetched("tt0000012", "Alien", NOW),
    ];
    scene
        .store
        .save_films(&batch, || scene.key())
        .await
        .expect("saved");
    for (typed, found) in [("%", 1), ("_", 0), ("!", 0), ("'; DROP TABLE films; --", 0)] {
        let films = scene.store.search_films(typed, 25).await.expect("an answer");
        assert_eq!(films.len(), found, "{typed}");
    }
}

async fn a_typed_title_is_one_film_in_its_server(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let first = tx
        .insert_typed_film_if_missing(GUILD, "Our Holiday Video", FilmId(1), NOW)
        .await
        .expect("a film");
    let respelled = tx
        .insert_typed_film_if_missing(GUILD, "our holiday   video!", FilmId(2), NOW)
        .await
        .expect("a film");
    let of_a_year = tx
        .insert_typed_film_if_missing(GUILD, "Our Holiday Video (2024)", FilmId(3), NOW)
        .await
        .expect("a film");
    let elsewhere = tx
        .insert_typed_film_if_missing(OTHER_GUILD, "Our Holiday Video", FilmId(4), NOW)
        .await
        .expect("a film");
    tx.commit().await.expect("a commit");
    assert_eq!(first, respelled);
    assert_eq!((of_a_year.id, of_a_year.year), (FilmId(3), None));
    assert_eq!((elsewhere.id, elsewhere.imdb_id), (FilmId(4), None));
    assert!(
        scene
            .store
            .search_films("holiday", 25)
            .await
            .expect("an answer")
            .is_empty()
    );
}

async fn what_one_source_told_long_ago_is_erased_and_nothing_else(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let told = |id: &str, source: Source, at: i64| {
        let mut film = fetched(id, id, at);
        film.data.source = source;
        film
    };
    let films = [
        told("tt0000001", Source::Tmdb, NOW - 2),
        told("tt0000002", Source::Tmdb, NOW - 1),
        told("tt0000003", Source::Tmdb, NOW),
        told("tt0000004", Source::Cinemeta, NOW - 2),
    ];
    scene
        .store
        .save_films(&films, || scene.key())
        .await
        .expect("saved");
    for wanted in [1, 1, 0] {
        let erased = scene.store.erase_film_data(Source::Tmdb, NOW, 1).await;
        assert_eq!(erased.expect("erased"), wanted);
    }
    for film in &films {
        let known = scene
            .store
            .find_film(&film.imdb_id)
            .await
            .expect("an answer")
            .expect("a film");
        let stays = film.data.source != Source::Tmdb || film.fetched_at == NOW;
        assert_eq!(known.cached.is_some(), stays, "{known:?}");
        assert_eq!(
            known.shown_title(),
            film.imdb_id.as_str(),
            "the film itself stays"
        );
    }
}
