//! Voting by button, and clicks that nobody should be able to make.

use discord_sim::{AnswerKind, Message};

use super::polls::propose_all;
use crate::harness::evening::{Evening, PATIENCE, button_of, line_of, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_says_aside};

#[tokio::test]
async fn a_second_click_takes_the_vote_back() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let (first, second) = tokio::join!(
            evening.ada.click(&poll, button_of(&poll, "Film 1")),
            evening.ada.click(&poll, button_of(&poll, "Film 1")),
        );
        for sent in [first, second] {
            sent.expect("a click").settled(PATIENCE).await.expect("an answer");
        }
        assert_eq!(votes(&evening).await, 0);
        evening.vote(&evening.ada, &poll, "Film 1").await;
        assert_eq!(votes(&evening).await, 1, "what is acknowledged is counted");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_click_that_is_delivered_twice_counts_once() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let sent = evening
            .ada
            .click(&poll, button_of(&poll, "Film 1"))
            .await
            .expect("a click");
        sent.settled(PATIENCE).await.expect("an answer");
        evening.sim.deliver_twice(&sent);
        // What comes after it is handled after it.
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("2 votes"))
            .await;
        assert_eq!(votes(&evening).await, 2);
        assert_eq!(sent.calls().len(), 1, "it is answered once: {:?}", sent.calls());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_forged_control_is_refused_and_counts_nothing() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let round = button_of(&poll, "Film 1");
        let round = round.split('.').nth(2).expect("the round's key");
        for forged in [
            "vote".to_owned(),
            "m1".to_owned(),
            "m0.t.1.1".to_owned(),
            "m1.t.1.1".to_owned(),
            format!("m1.t.{round}.1"),
            format!("m1.v.{round}.zzzzzzzzzzzzz"),
            format!("m1.t.{round}.{round}"),
            format!("m1.p.{round}.1.1"),
            "m1.f.1".to_owned(),
            "m1.c.1".to_owned(),
            "'; DROP TABLE votes; --".to_owned(),
            "@everyone".to_owned(),
        ] {
            let sent = evening.ben.click_forged(&poll, &forged).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{forged}: {told:?}");
            assert!(told.content().contains("does not belong"), "{forged}: {told:?}");
        }
        for value in ["", "1", "zz", "@everyone"] {
            let sent = evening
                .ben
                .select_forged(&poll, format!("m1.s.{round}.1"), &[value])
                .await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{value}: {told:?}");
        }
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_button_of_another_server_is_refused() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let (cleo, card) = evening.propose_elsewhere("tt9000002").await;

        let theirs = button_of(&poll, "Film 1");
        let (round, proposal) = theirs
            .strip_prefix("m1.t.")
            .and_then(|keys| keys.split_once('.'))
            .expect("keys");
        for forged in [
            theirs.clone(),
            format!("m1.v.{round}.{proposal}"),
            format!("m1.c.{round}"),
            format!("m1.p.{round}.{proposal}.1"),
        ] {
            let sent = cleo.click_forged(&card, &forged).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{forged}: {told:?}");
            assert!(told.content().contains("does not belong"), "{forged}: {told:?}");
        }
        for looking in [
            format!("m1.b.{round}"),
            format!("m1.r.{round}"),
            format!("m1.g.{round}.1"),
        ] {
            let sent = cleo.click_forged(&card, &looking).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{looking}: {told:?}");
            assert!(
                !words(&told).contains("Film 1"),
                "{looking} shows another server's films"
            );
        }
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_click_on_a_film_that_was_withdrawn_says_so() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        let button = button_of(&poll, "Film 1");
        evening.vote(&evening.ben, &poll, "Film 1").await;
        let taken = evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        assert_says(&taken, "vote stays in the record");
        let shown = evening.until(&poll, |poll| poll.embeds().len() == 1).await;
        assert_eq!(titles(&shown), ["1. Film 2 (1990)"]);
        let sent = evening.ben.click_forged(&poll, &button).await;
        let told = evening.answer(sent).await;
        assert_says_aside(&told, "no longer up for the vote");
        evening
    })
    .await;
}

/// Sets a rule of the open round.
async fn under(evening: &Evening, rule: &'static str) {
    evening.database.run_sql(rule).await;
}

/// What a click on the film's button is told privately, if anything.
async fn told(evening: &Evening, poll: &Message, title: &str) -> Option<String> {
    let sent = evening
        .ben
        .click(poll, button_of(poll, title))
        .await
        .expect("a click");
    let first = sent.first().await.expect("an answer");
    if first.kind != AnswerKind::Message {
        return None;
    }
    let line = evening.answer(Ok(sent)).await;
    assert!(line.is_ephemeral(), "{line:?}");
    Some(line.content().to_owned())
}

#[tokio::test]
async fn a_click_is_told_privately_only_what_the_message_does_not_tell() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        propose_all(&evening, 3).await;
        let poll = evening.poll(&evening.ada).await;
        for _ in 0..2 {
            assert_eq!(
                told(&evening, &poll, "Film 1").await,
                None,
                "the message tells it"
            );
        }
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("no votes"))
            .await;

        under(&evening, "UPDATE rounds SET method = 'single'").await;
        assert_eq!(told(&evening, &poll, "Film 1").await, None);
        let moved = told(&evening, &poll, "Film 2").await.expect("a line");
        assert!(moved.contains("Your vote has moved to **Film 2"), "{moved}");
        evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("1 vote"))
            .await;
        assert_eq!(votes(&evening).await, 1);

        under(&evening, "UPDATE rounds SET method = 'limited', votes_each = 2").await;
        assert_eq!(told(&evening, &poll, "Film 1").await, None);
        let spent = told(&evening, &poll, "Film 3").await.expect("a line");
        assert!(spent.contains("All your 2 votes"), "{spent}");
        assert_eq!(votes(&evening).await, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn where_counts_are_hidden_each_click_is_told_how_the_vote_stands() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        under(&evening, "UPDATE rounds SET secrecy = 'hidden'").await;
        for expected in ["You vote for **Film 1", "You no longer vote for **Film 1"] {
            let line = told(&evening, &poll, "Film 1").await.expect("a line");
            assert!(line.contains(expected), "{line}");
        }
        assert_eq!(
            told(&evening, &poll, "Film 1").await.is_some(),
            votes(&evening).await == 1
        );
        evening
            .until(&poll, |poll| words(poll).contains("1 member has voted"))
            .await;
        let shown = poll.refresh().expect("the poll");
        assert!(!line_of(&shown, "Film 1").contains("1 vote"), "{}", words(&shown));
        evening
    })
    .await;
}

/// How many votes the database has.
async fn votes(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM votes").await
}
