//! Leaving the choice to chance or to the clock.

use discord_sim::Message;

use crate::harness::evening::{Evening, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_says_aside};

async fn random(evening: &Evening, weighted: bool) -> Message {
    let slash = evening.ada.slash(&evening.channel, "pick random");
    evening
        .answer(slash.boolean("weighted", weighted).send().await)
        .await
}

async fn double_feature(evening: &Evening, budget: i64) -> Message {
    let slash = evening.ada.slash(&evening.channel, "pick double-feature");
    evening.answer(slash.integer("budget", budget).send().await).await
}

#[tokio::test]
async fn of_nothing_nothing_is_picked() {
    Evening::with(FakeFilms::start(), |evening| async {
        for refused in [
            random(&evening, false).await,
            random(&evening, true).await,
            double_feature(&evening, 270).await,
        ] {
            assert_says_aside(&refused, "/propose");
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_by_chance_is_shown_to_all_with_its_odds_and_decides_nothing() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        for id in ["tt9000001", "tt9000002", "tt9000003"] {
            evening.propose(&evening.ada, id).await;
        }
        let even = random(&evening, false).await;
        assert!(!even.is_ephemeral());
        let said = words(&even);
        assert!(said.contains("its chance was 1 of 3"), "{said}");
        assert!(said.contains("decides nothing"), "{said}");
        assert!(said.contains("Film ") && said.contains("★ 8.1 IMDb"), "{said}");
        let without = random(&evening, true).await;
        assert_says(&without, "Nobody has voted yet");

        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 2").await;
        evening.vote(&evening.ada, &poll, "Film 2").await;
        let weighted = random(&evening, true).await;
        assert_eq!(
            weighted.embed(0).title(),
            Some("Film 2 (1990)"),
            "it has all the votes"
        );
        assert_says(&weighted, "its chance was 2 of 2 votes");
        let active = "SELECT COUNT(*) FROM proposals WHERE state = 'active'";
        assert_eq!(evening.database.number(active).await, 3);
        let sent = evening.olga.click_label(&weighted, "Vote for it").await;
        let voted = evening.answer(sent).await;
        assert_says(&voted, "You vote for");
        evening
    })
    .await;
}

#[tokio::test]
async fn hidden_votes_are_not_given_away_by_a_draw() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let hidden = evening.olga.slash(&evening.channel, "settings voting");
        evening.answer(hidden.integer("secrecy", 2).send().await).await;
        evening.propose(&evening.ada, "tt9000001").await;
        let refused = random(&evening, true).await;
        assert_says_aside(&refused, "give them away");
        let even = random(&evening, false).await;
        assert!(
            !even.is_ephemeral() && even.content().contains("only film"),
            "{even:?}"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn two_films_fill_an_evening_and_never_more_than_it() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        evening.propose(&evening.ben, "Grandma's tape").await;
        let alone = double_feature(&evening, 300).await;
        assert_says_aside(&alone, "only one");
        evening.propose(&evening.ada, "tt9000002").await;
        // Each of them runs for 142 minutes.
        let short = double_feature(&evening, 283).await;
        assert_says_aside(&short, "larger `budget`");
        let fits = double_feature(&evening, 284).await;
        assert!(!fits.is_ephemeral());
        assert_says(&fits, "4 h 44 min");
        assert_says(&fits, "1 film was left out");
        assert_eq!(fits.embeds().len(), 2);
        assert_eq!(fits.embed(0).title(), Some("Film 1 (1990)"));
        evening
    })
    .await;
}
