//! Whatever happened to a poll's message while the bot was away is made right by its next start.

use std::time::Duration;

use discord_sim::{Message, permissions};

use crate::harness::evening::{Evening, PATIENCE, button_of, votes_on, words};
use crate::harness::providers::FakeFilms;

async fn poll_of_one(evening: &Evening) -> Message {
    evening.knows("tt0078748", "Alien", 1979);
    evening.propose(&evening.ada, "tt0078748").await;
    evening.poll(&evening.ada).await
}

/// The bot's polls in the channel, oldest first.
fn polls(messages: &[Message]) -> Vec<&Message> {
    messages
        .iter()
        .filter(|message| message.button_labelled("Results so far").is_some())
        .collect()
}

#[tokio::test]
async fn a_start_makes_a_message_tell_the_truth_again() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_one(&evening).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        evening.until(&poll, |poll| votes_on(poll) == 1).await;
        evening.stop_bot().await;
        evening
            .database
            .run_sql("INSERT INTO votes (round_id, member_id, film_id, cast_at) SELECT round_id, 77, film_id, 1 FROM votes")
            .await;
        evening.start_bot().await;
        evening.until(&poll, |poll| votes_on(poll) == 2).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_start_posts_a_deleted_poll_again_once() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_one(&evening).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        evening.stop_bot().await;
        let moderator = evening.guild.add_member_with("Mo", permissions::MANAGE_MESSAGES);
        moderator.delete_message(&poll).expect("a deletion");
        // The first attempt arrives, and nobody hears of it.
        evening
            .sim
            .faults()
            .drop_after_handling("POST /channels/{channel_id}/messages");
        evening.start_bot().await;
        let again = evening
            .channel
            .wait_until(|messages| polls(messages).len() == 1, PATIENCE)
            .await
            .expect("the poll is posted again");
        let again = polls(&again)[0].clone();
        assert_ne!(again.id(), poll.id());
        evening.vote(&evening.ben, &again, "Alien").await;
        evening.until(&again, |poll| votes_on(poll) == 2).await;
        assert_eq!(polls(&evening.channel.messages()).len(), 1, "posted once");

        evening.restart().await;
        evening.vote(&evening.ben, &again, "Alien").await;
        evening.until(&again, |poll| votes_on(poll) == 1).await;
        assert_eq!(polls(&evening.channel.messages()).len(), 1, "and recorded");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_may_not_be_posted_again_is_left_alone() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_one(&evening).await;
        evening.stop_bot().await;
        let moderator = evening.guild.add_member_with("Mo", permissions::MANAGE_MESSAGES);
        moderator.delete_message(&poll).expect("a deletion");
        evening.channel.deny_bot(permissions::SEND_MESSAGES);
        let post = "POST /channels/{channel_id}/messages";
        evening.sim.faults().tolerate(post, 403);
        evening.start_bot().await;
        let refused = || {
            let requests = evening.sim.requests();
            requests.iter().filter(|request| request.status == 403).count()
        };
        let asked = async {
            while refused() == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.expect("it is tried");

        // A new poll is a way out, and nothing was asked for again meanwhile.
        evening.knows("tt0133093", "The Matrix", 1999);
        evening.propose(&evening.ben, "tt0133093").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "The Matrix").await;
        evening.until(&poll, |poll| votes_on(poll) == 1).await;
        assert_eq!(refused(), 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_retired_polls_buttons_are_understood_after_a_start() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let first = poll_of_one(&evening).await;
        let second = evening.poll(&evening.ada).await;
        evening
            .until(&first, |poll| words(poll).contains("has moved"))
            .await;
        evening.restart().await;
        let button = button_of(&first, "Alien");
        let answer = evening.ben.click(&first, &button).await.expect("a click");
        answer.first().await.expect("an answer");
        evening.until(&second, |poll| votes_on(poll) == 1).await;
        evening
            .until(&first, |poll| words(poll).contains("has moved"))
            .await;
        evening
    })
    .await;
}
