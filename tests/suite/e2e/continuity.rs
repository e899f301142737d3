//! The bot is stopped and started again in the middle of the evening: nothing that anybody has in front
//! of them stops working.

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Evening, Setting, line_of, titles, words};
use crate::harness::providers::FakeFilms;

#[tokio::test]
async fn everything_goes_on_after_a_restart() {
    everything_goes_on(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn everything_goes_on_after_a_restart_on_postgresql() {
    if let Some(database) = TestDatabase::postgres().await {
        everything_goes_on(database).await;
    }
}

async fn everything_goes_on(database: TestDatabase) {
    let setting = Setting::new(FakeFilms::with_films(2)).on(database);
    Evening::set(setting, |mut evening| async {
        let card = evening
            .propose_with(&evening.ada, "tt9000001", "The first.")
            .await;
        evening.propose(&evening.ben, "tt9000002").await;
        let old = evening.poll(&evening.ada).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 2").await;
        let sent = evening.ben.click_label(&poll, "My ballot").await;
        let ballot = evening.answer(sent).await;
        let calls = evening.films.calls().len();

        evening.restart().await;

        // The poll's own button works, and the vote from before is still there.
        evening.vote(&evening.ben, &poll, "Film 2").await;
        let redrawn = evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("2 votes"))
            .await;
        assert!(line_of(&redrawn, "Film 1").contains("The first."));
        assert!(redrawn.embed(0).thumbnail().is_some(), "what was fetched is kept");

        // So does a vote that comes from elsewhere: a card, a ballot, a retired poll.
        let sent = evening.olga.click_label(&card, "Vote for it").await;
        evening.answer(sent).await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("1 vote"))
            .await;
        let menu = &ballot.selects()[0];
        let sent = evening
            .ben
            .select(&ballot, &menu.custom_id, &[&menu.options[0].value])
            .await;
        let ballot = evening.answer(sent).await;
        assert!(ballot.content().contains("1 of 2"), "{}", ballot.content());
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("2 votes"))
            .await;
        evening.vote(&evening.ada, &old, "Film 1").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("3 votes"))
            .await;

        // And the next poll retires this one.
        let next = evening.poll(&evening.ben).await;
        assert_eq!(titles(&next)[0], "1. Film 1 (1990)");
        evening
            .until(&poll, |poll| poll.content().contains("has moved"))
            .await;
        assert_eq!(
            evening.films.calls().len(),
            calls,
            "nothing is fetched that the database has"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn a_choice_from_before_a_restart_is_asked_for_again() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening.propose(&evening.ada, "The Thing").await;
        evening.restart().await;
        let menu = &choice.selects()[0].custom_id;
        let sent = evening.ada.select(&choice, menu, &["tt0084787"]).await;
        let told = evening.answer(sent).await;
        assert!(told.is_ephemeral());
        assert!(told.content().contains("Use `/propose` again"), "{told:?}");
        let card = evening.propose(&evening.ada, "tt0084787").await;
        assert!(words(&card).contains("1 of 10"), "{card:?}");
        evening
    })
    .await;
}
