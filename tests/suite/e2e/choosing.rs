//! Proposing a film out of several: suggestions while one types, and the menu for a title that may mean
//! more than one.

use crate::harness::evening::{Evening, PATIENCE, titles, words};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::telling::{assert_says, assert_says_aside};

#[tokio::test]
async fn autocomplete_offers_title_year_and_rating_and_the_pick_proposes() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0090605", "Aliens", 1986);
        let offered = evening
            .suggestions(&evening.ada, "ali", |offered| offered.len() == 2)
            .await;
        let names: Vec<&str> = offered.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(
            names,
            ["Alien (1979)", "Aliens (1986)"],
            "the search knows no ratings"
        );

        let pick = offered[1].value.as_str().expect("a text");
        let card = evening.propose(&evening.ada, pick).await;
        assert_eq!(card.embed(0).title(), Some("Aliens (1986)"));

        // What the database knows by now has its rating too.
        let offered = evening
            .suggestions(&evening.ben, "aliens", |offered| {
                offered.first().is_some_and(|film| film.name.contains('★'))
            })
            .await;
        assert_eq!(offered[0].name, "Aliens (1986) ★ 8.1 IMDb");
        assert_eq!(offered.len(), 1, "no film is offered twice");
        evening
    })
    .await;
}

#[tokio::test]
async fn autocomplete_answers_in_time_when_the_film_databases_do_not() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        evening.films.behave(&Behaviour::Hang);
        // What the database knows is offered all the same.
        evening
            .suggestions(&evening.ben, "alien", |offered| offered.len() == 1)
            .await;
        for odd in ["", " ", "@everyone", "https://evil.example/", "\u{202e}", "💥💥"] {
            evening
                .ben
                .autocomplete(&evening.channel, "propose", "movie", odd)
                .await
                .unwrap_or_else(|error| panic!("{odd:?}: {error}"));
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_of_several_films_is_asked_about_and_the_choice_proposes() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening
            .propose_with(&evening.ada, "The Thing", "In the snow.")
            .await;
        assert!(choice.is_ephemeral(), "only Ada is asked");
        let menu = &choice.selects()[0];
        let labels: Vec<&str> = menu.options.iter().map(|option| option.label.as_str()).collect();
        assert_eq!(labels, ["The Thing (1951)", "The Thing (1982)"]);

        let chosen = evening
            .ada
            .select(&choice, &menu.custom_id, &["tt0084787"])
            .await
            .expect("a choice");
        let cards = chosen.wait_followups(1, PATIENCE).await.expect("a card");
        assert!(!cards[0].is_ephemeral(), "everybody sees what is proposed");
        assert_eq!(cards[0].embed(0).title(), Some("The Thing (1982)"));
        assert!(
            words(&cards[0]).contains("In the snow."),
            "the pitch is not lost on the way"
        );
        let settled = evening.until(&choice, |choice| choice.selects().is_empty()).await;
        assert!(
            settled.buttons().is_empty(),
            "the choice is made once: {settled:?}"
        );

        let again = evening
            .ada
            .select_forged(&choice, &menu.custom_id, &["tt0044121"])
            .await;
        let again = evening.answer(again).await;
        assert_says(&again, "too old");
        let poll = evening.poll(&evening.ben).await;
        assert_eq!(titles(&poll), ["1. The Thing (1982)"]);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_can_be_proposed_as_typed_when_no_film_of_the_list_is_meant() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0090605", "Aliens", 1986);
        let choice = evening.propose_with(&evening.ada, "Alien", "Our own cut.").await;
        assert!(choice.is_ephemeral());
        let typed = choice
            .button_labelled("Propose “Alien” as typed")
            .expect("a way out");
        let sent = evening
            .ada
            .click(&choice, &typed.custom_id)
            .await
            .expect("a click");
        let cards = sent.wait_followups(1, PATIENCE).await.expect("a card");
        assert_eq!(cards[0].embed(0).title(), Some("Alien"));
        assert_eq!(cards[0].embed(0).url(), None, "nobody knows its page");
        assert!(words(&cards[0]).contains("Our own cut."));
        evening
    })
    .await;
}

#[tokio::test]
async fn the_choice_of_another_member_cannot_be_used() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening.propose(&evening.ada, "The Thing").await;
        let menu = &choice.selects()[0].custom_id;
        let forged = evening.ben.select_forged(&choice, menu, &["tt0084787"]).await;
        let answer = evening.answer(forged).await;
        assert_says(&answer, "Use `/propose` again");
        assert_eq!(proposals(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_is_made_twice_proposes_once() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0090605", "Aliens", 1986);
        let choice = evening.propose(&evening.ada, "Alien").await;
        let typed = &choice.buttons()[0].custom_id;
        let (one, other) = tokio::join!(
            evening.ada.click(&choice, typed),
            evening.ada.click_forged(&choice, typed),
        );
        for sent in [one, other] {
            evening.answer(sent).await;
        }
        assert_eq!(proposals(&evening).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_somebody_else_proposed_meanwhile_becomes_an_offer_to_vote() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening.propose(&evening.ada, "The Thing").await;
        evening.propose(&evening.ben, "tt0084787").await;
        let menu = &choice.selects()[0].custom_id;
        let sent = evening.ada.select(&choice, menu, &["tt0084787"]).await;
        let offer = evening.answer(sent).await;
        assert_says_aside(&offer, "already proposed");
        assert!(offer.button_labelled("Vote for it").is_some());
        // The other one is still to be had.
        let sent = evening.ada.select(&choice, menu, &["tt0044121"]).await;
        let cards = sent.expect("a choice").wait_followups(1, PATIENCE).await;
        assert_eq!(cards.expect("a card").len(), 1);
        assert_eq!(proposals(&evening).await, 2);
        evening
    })
    .await;
}

/// How many proposals the database has.
async fn proposals(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM proposals").await
}
