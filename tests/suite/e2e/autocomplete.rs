//! Suggestions while one types: in time whatever the film databases or the database do, with few
//! searches, and from the local index of titles where one is loaded.

use std::time::Duration;

use discord_sim::Choice;
use futures::future::join_all;
use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::service::import_titles::{Datasets as Files, import_titles};

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Evening, Setting, words};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::titles::Datasets;

/// Longer than Discord waits for suggestions: whoever waits for this answers nobody.
const TOO_LONG: Duration = Duration::from_millis(3_500);

/// What `/propose` suggests for this, in the time that Discord takes it.
async fn suggested(evening: &Evening, typed: &str) -> Vec<String> {
    let offered = evening
        .ben
        .autocomplete(&evening.channel, "propose", "movie", typed)
        .await
        .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    offered.into_iter().map(|choice| choice.name).collect()
}

/// Loads the films that everybody knows into the bot's database, as another process would.
async fn load_titles(evening: &Evening) {
    let store = evening.database.store().await;
    let files = Datasets::well_known().write();
    let datasets = Files {
        basics: files.basics.clone(),
        ratings: files.ratings.clone(),
    };
    import_titles(&store, &Clock::manual(evening.clock.unix_ms()), datasets, |_| {})
        .await
        .expect("an import");
    store.close().await;
}

/// Asks until these films are suggested: a busy machine may have no time for them at first.
async fn until_suggested(evening: &Evening, typed: &str, wanted: &[&str]) {
    let suggested = |offered: &[Choice]| {
        offered
            .iter()
            .map(|choice| choice.name.as_str())
            .eq(wanted.iter().copied())
    };
    evening.suggestions(&evening.ben, typed, suggested).await;
}

/// Asks until this film is suggested first.
async fn until_first(evening: &Evening, typed: &str, wanted: &str) {
    let first = |offered: &[Choice]| offered.first().is_some_and(|choice| choice.name == wanted);
    evening.suggestions(&evening.ben, typed, first).await;
}

#[tokio::test]
async fn a_slow_film_database_is_not_waited_for_and_its_answer_is_there_for_the_next_letter() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0090605", "Aliens", 1986);
        evening.propose(&evening.ada, "tt0078748").await;
        let before = evening.films.calls().len();
        evening.films.behave(&Behaviour::Delay(TOO_LONG));

        let offered = suggested(&evening, "alien").await;
        assert!(offered.len() <= 1, "{offered:?}");
        until_suggested(&evening, "alien", &["Alien (1979) ★ 8.1 IMDb", "Aliens (1986)"]).await;
        assert_eq!(
            evening.films.calls().len(),
            before + 1,
            "one search for all who ask"
        );

        // The next letter has the fitting films of the search before, while its own is on its way.
        until_suggested(&evening, "aliens", &["Aliens (1986)"]).await;
        let searches = evening.films.calls().len();
        assert!(searches <= before + 2, "{searches}");
        evening
    })
    .await;
}

#[tokio::test]
async fn ten_letters_typed_quickly_are_a_few_searches_and_every_letter_is_answered() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0111161", "The Shawshank Redemption", 1994);
        let title = "the shawshank";
        let letters: Vec<&str> = (1..=title.len()).map(|end| &title[..end]).collect();
        let answers = join_all(letters.iter().map(|typed| suggested(&evening, typed))).await;
        let last = answers.last().expect("an answer");
        assert!(last.len() <= 1, "{answers:?}");
        until_suggested(&evening, title, &["The Shawshank Redemption (1994)"]).await;
        let searches = evening.films.calls().len();
        assert!(searches <= 4, "{searches} searches for {} letters", letters.len());
        evening
    })
    .await;
}

#[tokio::test]
async fn one_or_two_letters_are_answered_from_the_own_films_alone() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let before = evening.films.calls().len();
        for typed in ["a", "al", " Al: "] {
            until_suggested(&evening, typed, &["Alien (1979) ★ 8.1 IMDb"]).await;
        }
        assert_eq!(evening.films.calls().len(), before);
        // A word of another script may be one letter.
        let asked = |_: &[Choice]| evening.films.calls().len() == before + 1;
        evening.suggestions(&evening.ben, "影", asked).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_hanging_database_makes_suggestions_empty_and_never_an_error() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let setting = Setting::new(FakeFilms::start()).on(database);
    Evening::set(setting, |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let held = evening.database.hold_everything().await;
        for (command, typed) in [
            ("propose", ""),
            ("propose", "zzz"),
            ("propose", "tt0078748"),
            ("withdraw", "ali"),
        ] {
            // The tables stay locked until all have been answered.
            let offered = evening
                .ada
                .autocomplete(&evening.channel, command, "movie", typed)
                .await
                .unwrap_or_else(|error| panic!("/{command} {typed:?}: {error}"));
            assert!(offered.len() <= usize::from(typed == "tt0078748"), "{offered:?}");
        }
        // What the film databases know is offered all the same.
        until_suggested(&evening, "alien", &["Alien (1979)"]).await;
        held.let_go().await;
        evening
    })
    .await;
}

#[tokio::test]
async fn with_an_index_suggestions_are_local_forgive_slips_and_need_no_film_database() {
    let setting = Setting::new(FakeFilms::start()).asking(&[Source::Cinemeta]);
    Evening::set(setting, |mut evening| async move {
        evening.films.behave(&Behaviour::Hang);
        load_titles(&evening).await;
        // A start looks for an index, so not even the first letter is looked for outside.
        evening.restart().await;
        until_first(&evening, "the matr", "The Matrix (1999) ★ 9.3 IMDb").await;
        until_first(&evening, "teh matrx", "The Matrix (1999) ★ 9.3 IMDb").await;
        until_first(&evening, "m", "M (1931) ★ 5.0 IMDb").await;
        until_suggested(&evening, "tt0133093", &["The Matrix (1999) ★ 9.3 IMDb"]).await;
        assert_eq!(evening.films.calls(), [], "nobody outside is asked");

        let about = evening.command(&evening.ada, "about").await;
        let credit = "Information courtesy of IMDb (https://www.imdb.com). Used with permission.";
        assert!(words(&about).contains(credit), "{}", words(&about));
        evening
    })
    .await;
}

#[tokio::test]
async fn what_nobody_outside_knows_is_proposed_with_its_title_from_the_index() {
    Evening::with(FakeFilms::start(), |evening| async {
        load_titles(&evening).await;
        // Seen by the bot that runs, without a restart.
        let offered = evening
            .suggestions(&evening.ada, "seven sam", |offered| !offered.is_empty())
            .await;
        let pick = offered[0].value.as_str().expect("a text").to_owned();
        assert_eq!(pick, "tt0047478");
        let card = evening.propose(&evening.ada, &pick).await;
        assert_eq!(card.embed(0).title(), Some("Seven Samurai (1954)"));
        let poll = evening.poll(&evening.ada).await;
        assert_eq!(poll.embed(0).title(), Some("1. Seven Samurai (1954)"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_title_is_asked_about_with_the_film_that_was_meant_first() {
    Evening::with(FakeFilms::start(), |evening| async {
        load_titles(&evening).await;
        let choice = evening.propose(&evening.ada, "the matrx").await;
        assert!(choice.is_ephemeral());
        let options = &choice.selects()[0].options;
        assert_eq!(options[0].label, "The Matrix (1999)", "{options:?}");
        evening
    })
    .await;
}
