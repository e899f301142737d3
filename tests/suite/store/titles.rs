//! The local index of titles: built beside the one in use, put in its place at once, searched by terms.

use marquee::domain::title_index::{IndexedTitle, Term, TermQuery, TypedKey, variants};
use marquee::store::{PlacedTitle, Store};

use super::on_both_engines;
use super::scene::{NOW, imdb};
use crate::harness::database::TestDatabase;

on_both_engines!(
    there_is_no_index_before_one_was_loaded,
    films_are_found_by_words_beginnings_and_whole_titles,
    the_films_with_the_most_votes_are_found_first,
    any_character_of_a_title_is_searched_for_as_it_is,
    words_are_found_by_what_is_left_of_them,
    an_index_takes_the_place_of_the_one_before_at_once,
    an_import_gives_way_to_the_next_one,
    what_a_stopped_import_left_is_gone_with_the_next_one_and_with_the_schema,
);

fn placed(place: u32, title: &str, original: Option<&str>) -> PlacedTitle {
    PlacedTitle {
        place,
        title: IndexedTitle {
            imdb_id: imdb(&format!("tt{place:07}")),
            title: title.into(),
            original_title: original.map(str::to_owned),
            year: (place != 3).then_some(1999),
            rating_tenths: 87,
            votes: 1_000_000 / place,
        },
    }
}

/// Begins an import and puts these in.
async fn build(store: &Store, key: i64, titles: &[PlacedTitle]) {
    let mut tx = store.begin_write().await.expect("a transaction");
    tx.claim_title_import(key).await.expect("a beginning");
    tx.commit().await.expect("a commit");
    let mut tx = store.begin_write().await.expect("a transaction");
    assert!(tx.insert_titles(key, titles).await.expect("an answer"));
    let words: Vec<(i64, String)> = titles
        .iter()
        .flat_map(|film| film.title.words())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .flat_map(|word| {
            variants(&word)
                .into_iter()
                .map(move |variant| (variant, word.clone()))
        })
        .collect();
    let rows: Vec<(i64, &str, u32)> = words
        .iter()
        .map(|(variant, word)| (*variant, word.as_str(), 1))
        .collect();
    assert!(tx.insert_title_words(key, &rows).await.expect("an answer"));
    tx.commit().await.expect("a commit");
}

async fn swap(store: &Store, key: i64, films: u32) -> bool {
    let mut tx = store.begin_write().await.expect("a transaction");
    let swapped = tx.swap_titles(key, films, NOW).await.expect("an answer");
    tx.commit().await.expect("a commit");
    swapped
}

async fn load(store: &Store, titles: &[PlacedTitle]) {
    build(store, 7, titles).await;
    let films = u32::try_from(titles.len()).expect("a small number");
    assert!(swap(store, 7, films).await);
}

/// The titles that a search finds, in the order of their places.
async fn found(store: &Store, query: TermQuery, limit: u32) -> Vec<String> {
    let nothing = TermQuery::nothing();
    let mut films = store
        .search_titles([&query, &nothing, &query], limit)
        .await
        .expect("an answer");
    films.sort_by(|one, other| one.imdb_id.cmp(&other.imdb_id));
    films.into_iter().map(|film| film.title).collect()
}

fn typed(text: &str) -> TypedKey {
    TypedKey::read(text).expect("something to look for")
}

async fn there_is_no_index_before_one_was_loaded(database: TestDatabase) {
    let store = database.store().await;
    assert_eq!(store.find_title_index().await.expect("an answer"), None);
    build(&store, 7, &[placed(1, "Alien", None)]).await;
    assert_eq!(store.find_title_index().await.expect("an answer"), None);
    assert!(swap(&store, 7, 1).await);
    let state = store
        .find_title_index()
        .await
        .expect("an answer")
        .expect("an index");
    assert_eq!((state.loaded_at, state.films), (NOW, 1));
}

async fn films_are_found_by_words_beginnings_and_whole_titles(database: TestDatabase) {
    let store = database.store().await;
    let films = [
        placed(1, "The Matrix", None),
        placed(2, "Seven Samurai", Some("Shichinin no samurai")),
        placed(3, "Matrix", None),
    ];
    load(&store, &films).await;
    assert_eq!(
        found(&store, typed("matrix").containing(), 9).await,
        ["The Matrix", "Matrix"]
    );
    assert_eq!(
        found(&store, typed("samurai sev").containing(), 9).await,
        ["Seven Samurai"]
    );
    assert_eq!(
        found(&store, typed("shichi").containing(), 9).await,
        ["Seven Samurai"]
    );
    assert_eq!(
        found(&store, typed("matrix 1999").containing(), 9).await,
        ["The Matrix"]
    );
    assert_eq!(found(&store, typed("the").exactly(), 9).await, [""; 0]);
    assert_eq!(found(&store, typed("the").beginning(), 9).await, ["The Matrix"]);
    assert_eq!(
        found(&store, typed("The Matrix").exactly(), 9).await,
        ["The Matrix"]
    );
    let either = TermQuery(vec![vec![Term::Whole("seven".into()), Term::Prefix("ma".into())]]);
    assert_eq!(
        found(&store, either, 9).await,
        ["The Matrix", "Seven Samurai", "Matrix"]
    );

    let film = store.find_title(&imdb("tt0000002")).await.expect("an answer");
    assert_eq!(film, Some(films[1].title.clone()));
    assert_eq!(
        store.find_title(&imdb("tt0000009")).await.expect("an answer"),
        None
    );
}

async fn the_films_with_the_most_votes_are_found_first(database: TestDatabase) {
    let store = database.store().await;
    let films: Vec<_> = (1..=300)
        .map(|place| placed(place, &format!("Part {place}"), None))
        .collect();
    build(&store, 7, &films[100..200]).await;
    let mut tx = store.begin_write().await.expect("a transaction");
    for rest in [&films[200..], &films[..100]] {
        assert!(tx.insert_titles(7, rest).await.expect("an answer"));
    }
    tx.commit().await.expect("a commit");
    assert!(swap(&store, 7, 300).await);
    for (text, first) in [
        ("p", ["Part 1", "Part 2", "Part 3"]),
        ("part", ["Part 1", "Part 2", "Part 3"]),
        // The third has no year.
        ("1999 pa", ["Part 1", "Part 2", "Part 4"]),
    ] {
        assert_eq!(found(&store, typed(text).containing(), 3).await, first, "{text}");
    }
}

async fn any_character_of_a_title_is_searched_for_as_it_is(database: TestDatabase) {
    let store = database.store().await;
    let titles = [
        "'\\''",
        "\"\"",
        "!!!",
        "* OR *",
        "アキラ",
        "हिन्दी",
        "8½",
        "$",
        "(&|:*)",
        "Straße",
        "=",
        "M",
    ];
    let films: Vec<_> = (1..)
        .zip(titles)
        .map(|(place, title)| placed(place, title, None))
        .collect();
    load(&store, &films).await;
    for title in titles {
        for query in [typed(title).exactly(), typed(title).containing()] {
            let films = found(&store, query, 20).await;
            assert!(films.iter().any(|found| found == title), "{title}: {films:?}");
        }
    }
}

async fn words_are_found_by_what_is_left_of_them(database: TestDatabase) {
    let store = database.store().await;
    load(
        &store,
        &[placed(1, "The Matrix", None), placed(2, "Mattress", None)],
    )
    .await;
    let near: Vec<i64> = variants("matrx").into_iter().collect();
    let words = store.list_title_words(&near).await.expect("an answer");
    assert_eq!(words, [("matrix".to_owned(), 1)]);
    assert_eq!(store.list_title_words(&[]).await.expect("an answer"), []);
}

async fn an_index_takes_the_place_of_the_one_before_at_once(database: TestDatabase) {
    let store = database.store().await;
    load(&store, &[placed(1, "Alien", None)]).await;
    for (key, title) in [(8, "Aliens"), (9, "Alien 3")] {
        let before = found(&store, typed("ali").containing(), 9).await;
        build(&store, key, &[placed(1, title, None)]).await;
        assert_eq!(found(&store, typed("ali").containing(), 9).await, before);
        assert!(swap(&store, key, 1).await);
        assert_eq!(found(&store, typed("ali").containing(), 9).await, [title]);
    }
}

async fn an_import_gives_way_to_the_next_one(database: TestDatabase) {
    let store = database.store().await;
    build(&store, 7, &[placed(1, "Alien", None)]).await;
    build(&store, 8, &[placed(1, "Aliens", None)]).await;
    let mut tx = store.begin_write().await.expect("a transaction");
    let late = tx.insert_titles(7, &[placed(2, "Alien", None)]).await;
    assert!(!late.expect("an answer"));
    assert!(
        !tx.insert_title_words(7, &[(1, "alien", 1)])
            .await
            .expect("an answer")
    );
    tx.rollback().await.expect("an undo");
    assert!(!swap(&store, 7, 1).await);
    assert!(swap(&store, 8, 1).await);
    assert!(!swap(&store, 8, 1).await, "once");
    assert_eq!(found(&store, typed("ali").containing(), 9).await, ["Aliens"]);
}

async fn what_a_stopped_import_left_is_gone_with_the_next_one_and_with_the_schema(database: TestDatabase) {
    let store = database.store().await;
    load(&store, &[placed(1, "Alien", None)]).await;
    build(
        &store,
        8,
        &[placed(1, "Aliens", None), placed(2, "Left over", None)],
    )
    .await;
    load(&store, &[placed(1, "Alien 3", None)]).await;
    assert_eq!(found(&store, typed("left").containing(), 9).await, [""; 0]);

    build(&store, 9, &[placed(1, "Aliens", None)]).await;
    store.migrate_down(Some(4)).await.expect("down");
    store.migrate_up().await.expect("up");
    assert_eq!(store.find_title_index().await.expect("an answer"), None);
    load(&store, &[placed(1, "Alien", None)]).await;
    assert_eq!(found(&store, typed("ali").containing(), 9).await, ["Alien"]);
}
