//! The local index of titles, from files in the shape of IMDb's datasets to the films that a mistyped title means.

use std::sync::atomic::{AtomicBool, Ordering};

use marquee::clock::Clock;
use marquee::service::import_titles::{Datasets as Files, ImportError, Imported, import_titles};
use marquee::service::titles::TitleIndex;
use marquee::store::Store;

use crate::harness::database::TestDatabase;
use crate::harness::titles::{DatasetFiles, Datasets};
use crate::store::on_both_engines;
use crate::store::scene::{GUILD, NOW, Scene, member};

on_both_engines!(
    films_are_found_as_people_type_them,
    an_import_takes_films_with_enough_votes_and_nothing_else,
    files_in_any_order_and_with_lines_that_make_no_sense_are_read,
    files_that_are_damaged_leave_the_index_as_it_was,
    every_title_is_found_by_itself_and_with_a_letter_too_few,
    members_search_and_vote_while_an_import_goes_on,
);

async fn import(store: &Store, files: &DatasetFiles) -> Result<Imported, ImportError> {
    let datasets = Files {
        basics: files.basics.clone(),
        ratings: files.ratings.clone(),
    };
    import_titles(store, &Clock::manual(NOW * 1_000), datasets, |_| {}).await
}

async fn loaded(database: &TestDatabase, datasets: &Datasets) -> (Store, TitleIndex) {
    let store = database.store().await;
    import(&store, &datasets.write()).await.expect("an import");
    let index = TitleIndex::new(store.clone());
    (store, index)
}

/// The films that are offered for this text, as `title year`.
async fn offered(index: &TitleIndex, typed: &str) -> Vec<String> {
    let films = index.search(typed, 25).await.expect("an answer");
    films
        .into_iter()
        .map(|film| format!("{} {}", film.title, film.year.unwrap_or_default()))
        .collect()
}

async fn films_are_found_as_people_type_them(database: TestDatabase) {
    let (_store, index) = loaded(&database, &Datasets::well_known()).await;
    for (typed, best) in [
        ("the matrix", "The Matrix 1999"),
        ("matr", "The Matrix 1999"),
        ("MATRIX RELOADED", "The Matrix Reloaded 2003"),
        ("reloaded mat", "The Matrix Reloaded 2003"),
        ("the matrx", "The Matrix 1999"),
        ("teh matrix", "The Matrix 1999"),
        ("amtrix", "The Matrix 1999"),
        ("star wras", "Star Wars 1977"),
        ("shawshenk redemtion", "The Shawshank Redemption 1994"),
        ("inglorious basterds", "Inglourious Basterds 2009"),
        ("seven samurai", "Seven Samurai 1954"),
        ("shichinin no samurai", "Seven Samurai 1954"),
        ("leon", "Léon: The Professional 1994"),
        ("m", "M 1931"),
        ("eine stadt sucht", "M 1931"),
        ("alien", "Alien 1979"),
        ("aliens", "Aliens 1986"),
        ("the thing", "The Thing 1982"),
        ("the thing 2011", "The Thing 2011"),
        ("The Thing (2011)", "The Thing 2011"),
    ] {
        let films = offered(&index, typed).await;
        assert_eq!(
            films.first().map(String::as_str),
            Some(best),
            "{typed}: {films:?}"
        );
    }
    for nothing in [
        "",
        " ",
        "zzyzx",
        "completely different",
        "'; DROP TABLE titles; --",
        "\u{202e}",
    ] {
        assert_eq!(offered(&index, nothing).await, [""; 0], "{nothing}");
    }
}

async fn an_import_takes_films_with_enough_votes_and_nothing_else(database: TestDatabase) {
    let store = database.store().await;
    let index = TitleIndex::new(store.clone());
    assert_eq!(offered(&index, "alien").await, [""; 0], "nothing is loaded");
    assert!(!index.look().await.expect("an answer"));

    let imported = import(&store, &Datasets::well_known().write())
        .await
        .expect("an import");
    assert_eq!(
        imported,
        Imported {
            films: 12,
            malformed: 0
        }
    );
    assert!(index.look().await.expect("an answer"), "seen without a restart");
    for left_out in ["breaking bad", "the matrix for adults", "the matrix unseen"] {
        let films = offered(&index, left_out).await;
        let there = films.iter().any(|film| film.to_lowercase().starts_with(left_out));
        assert!(!there, "{left_out}: {films:?}");
    }
    let matrix = index
        .find(&"tt0133093".parse().expect("an id"))
        .await
        .expect("a film");
    assert_eq!((matrix.votes, matrix.rating_tenths), (2_100_000, 93));

    let mut newer = Datasets::default();
    newer.film(7, "A New Film", "A New Film", None, 100);
    let imported = import(&store, &newer.write()).await.expect("an import");
    assert_eq!(imported.films, 1);
    assert_eq!(offered(&index, "new film").await, ["A New Film 0"]);
    assert_eq!(offered(&index, "alien").await, [""; 0], "the index was replaced");
}

async fn files_in_any_order_and_with_lines_that_make_no_sense_are_read(database: TestDatabase) {
    let mut datasets = Datasets::default();
    for number in [9_u32, 3, 7, 1] {
        datasets.film(
            number,
            &format!("Film {number}"),
            "\\N",
            Some(1990),
            number * 1_000,
        );
    }
    datasets.film(3, "Film 3 again", "\\N", Some(1990), 5);
    for line in ["", "tt", "garbage", "tt0000008\tmovie", &"x".repeat(200_000)] {
        datasets.basics_line(line);
        datasets.ratings_line(line);
    }
    let store = database.store().await;
    let imported = import(&store, &datasets.write()).await.expect("an import");
    assert_eq!(
        imported,
        Imported {
            films: 4,
            malformed: 10
        }
    );
    let index = TitleIndex::new(store.clone());
    let films = offered(&index, "film").await;
    assert_eq!(
        films,
        ["Film 9 1990", "Film 7 1990", "Film 3 1990", "Film 1 1990"]
    );
}

async fn files_that_are_damaged_leave_the_index_as_it_was(database: TestDatabase) {
    let (store, index) = loaded(&database, &Datasets::well_known()).await;
    let broken = |breaking: &dyn Fn(&DatasetFiles)| {
        let files = Datasets::generated(3_000, 1).write();
        breaking(&files);
        files
    };
    let cases: [(&str, DatasetFiles); 7] = [
        (
            "title.basics.tsv.gz ends in the middle",
            broken(&|files| DatasetFiles::cut(&files.basics, 0.9)),
        ),
        (
            "title.ratings.tsv.gz ends in the middle",
            broken(&|files| DatasetFiles::cut(&files.ratings, 0.5)),
        ),
        (
            "title.basics.tsv.gz is no gzip file",
            broken(&|files| {
                std::fs::write(&files.basics, "tconst\ttitleType\n").expect("a file");
            }),
        ),
        (
            "title.basics.tsv.gz is damaged",
            broken(&|files| {
                let mut bytes = std::fs::read(&files.basics).expect("a file");
                let middle = bytes.len() / 2;
                bytes[middle..middle + 300].fill(0xff);
                std::fs::write(&files.basics, bytes).expect("a file");
            }),
        ),
        (
            "title.basics.tsv.gz is not IMDb's title.basics.tsv.gz",
            broken(&|files| {
                std::fs::copy(&files.ratings, &files.basics).expect("a file");
            }),
        ),
        (
            "title.ratings.tsv.gz can't be read",
            broken(&|files| {
                std::fs::remove_file(&files.ratings).expect("a file");
            }),
        ),
        (
            "no film with at least 100 votes",
            broken(&|files| {
                std::fs::write(&files.ratings, Datasets::default().packed_ratings()).expect("a file");
            }),
        ),
    ];
    for (part, files) in cases {
        let error = import(&store, &files).await.expect_err(part);
        assert!(error.to_string().contains(part), "{part}: {error}");
        assert_eq!(offered(&index, "the matrx").await[0], "The Matrix 1999", "{part}");
    }
    import(&store, &Datasets::well_known().write())
        .await
        .expect("what was left does no harm");
}

async fn every_title_is_found_by_itself_and_with_a_letter_too_few(database: TestDatabase) {
    let datasets = Datasets::generated(2_000, 5);
    let (_store, index) = loaded(&database, &datasets).await;
    for title in datasets.titles().step_by(20) {
        let films = index.search(title, 25).await.expect("an answer");
        assert!(films.iter().any(|film| film.title == title), "{title}: {films:?}");
        // A short word without a letter is often another one, of many films.
        if title.split(' ').next().is_none_or(|word| word.len() < 6) {
            continue;
        }
        let slip = format!("{}{}", &title[..1], &title[2..]);
        let films = index.search(&slip, 25).await.expect("an answer");
        let meant = films.iter().any(|film| film.title == title);
        assert!(meant, "{slip} for {title}: {films:?}");
    }
}

async fn members_search_and_vote_while_an_import_goes_on(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, proposal) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    import(&scene.store, &Datasets::well_known().write())
        .await
        .expect("an import");
    let index = TitleIndex::new(scene.store.clone());

    // Another process imports: the database is all that it shares with the members'.
    let other_process = scene.database.store().await;
    let files = Datasets::generated(4_000, 2).write();
    let done = AtomicBool::new(false);
    let importing = async {
        let imported = import(&other_process, &files).await.expect("an import");
        done.store(true, Ordering::Relaxed);
        imported
    };
    let living = async {
        let mut meanwhile = 0;
        while !done.load(Ordering::Relaxed) {
            assert!(scene.vote(round, member(100 + meanwhile), proposal.id, NOW).await);
            if !done.load(Ordering::Relaxed) {
                meanwhile += 1;
            }
            index.search("the matrix", 25).await.expect("an answer");
        }
        meanwhile
    };
    let (imported, votes) = tokio::join!(importing, living);
    assert!(votes >= 5, "{votes} votes meanwhile");
    assert_eq!(imported.films, 4_000);
    assert_eq!(
        offered(&index, "alien")
            .await
            .iter()
            .filter(|film| film.starts_with("Alien 1979"))
            .count(),
        0
    );
}
