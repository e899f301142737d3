//! `/results`: the last round, named ones, cancelled ones, the open one, and those there are not.

use discord_sim::Message;

use crate::harness::evening::{Evening, words};
use crate::harness::providers::{FakeFilms, Film};
use crate::harness::telling::{assert_says, assert_says_aside, assert_shows};

fn films() -> FakeFilms {
    let films = FakeFilms::start();
    for (id, title, year) in [
        ("tt0078748", "Alien", 1979),
        ("tt0113277", "Heat", 1995),
        ("tt1049413", "Up", 2009),
    ] {
        films.add(Film::new(id, title, year));
    }
    films
}

/// Has the open round's time come, and waits until `rounds` are counted.
async fn close(evening: &Evening, rounds: i64) {
    let due = "UPDATE rounds SET closes_at = 1 WHERE state = 'open' AND closes_at IS NULL";
    evening.database.run_sql(due).await;
    evening.clock.advance_ms(61_000);
    evening.service().bells().closings.ring();
    evening
        .until_number("SELECT COUNT(*) FROM round_results", rounds)
        .await;
    evening
        .until_number(
            "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND state = 'due'",
            0,
        )
        .await;
}

async fn results(evening: &Evening, round: &str) -> Message {
    evening.ask(&evening.ada, "results", "round", round).await
}

#[tokio::test]
async fn before_the_first_close_there_is_no_result_and_a_word_on_what_to_do() {
    Evening::with(films(), |evening| async {
        let told = evening.command(&evening.ada, "results").await;
        assert_says_aside(&told, "/poll");
        let told = results(&evening, "7").await;
        assert_says_aside(&told, "number");
        evening
    })
    .await;
}

#[tokio::test]
async fn rounds_are_found_by_list_number_film_and_left_out_by_the_last_one() {
    Evening::with(films(), |evening| async {
        for (who, film) in [(&evening.ada, "tt0078748"), (&evening.ben, "tt0113277")] {
            evening.propose(who, film).await;
        }
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Heat").await;
        close(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        close(&evening, 2).await;

        let last = evening.command(&evening.ben, "results").await;
        assert!(!last.is_ephemeral(), "everybody sees it");
        assert!(words(&last).contains("Round 2") && words(&last).contains("**Alien (1979)** won."));
        for first in ["1", "#1", "round 1", "heat"] {
            let shown = results(&evening, first).await;
            assert!(
                words(&shown).contains("**Heat (1995)** won."),
                "{first}: {}",
                words(&shown)
            );
        }
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "results", "round", "")
            .await;
        let offered = offered.expect("suggestions");
        let names: Vec<_> = offered.iter().map(|choice| choice.name.clone()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(
            names[0].starts_with("#2 · ") && names[0].ends_with("Alien (1979)"),
            "{names:?}"
        );
        let value = offered[1].value.as_str().expect("a text").to_owned();
        let shown = results(&evening, &value).await;
        assert_shows(&shown, "Round 1");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_whose_title_is_a_number_is_found_by_it() {
    let films = films();
    films.add(Film::new("tt8579674", "1917", 2019));
    Evening::with(films, |evening| async {
        evening.propose(&evening.ada, "tt8579674").await;
        evening.propose(&evening.ada, "tt0113277").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "1917").await;
        close(&evening, 1).await;
        assert_says(&results(&evening, "1917").await, "**1917 (2019)** won.");
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "results", "round", "19")
            .await;
        assert_eq!(offered.expect("suggestions").len(), 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn the_open_round_shows_its_standings_and_a_cancelled_one_that_there_is_none() {
    Evening::with(films(), |evening| async {
        evening.propose(&evening.ada, "tt0078748").await;
        let open = results(&evening, "1").await;
        assert_says(&open, "Results so far");
        let cancel = "UPDATE rounds SET state = 'cancelled', ended_at = 1790000100 WHERE state = 'open'";
        evening.database.run_sql(cancel).await;
        let cancelled = results(&evening, "1").await;
        assert_says(&cancelled, "was cancelled");
        evening
    })
    .await;
}
