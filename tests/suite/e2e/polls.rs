//! The poll: its pages, the live message and those before it, and what it says of the standings.

use discord_sim::Message;

use crate::harness::evening::{Evening, button_of, line_of, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::assert_says;

#[tokio::test]
async fn a_poll_of_nothing_says_how_to_begin() {
    Evening::with(FakeFilms::start(), |evening| async {
        for command in ["poll", "vote"] {
            let told = evening.command(&evening.ada, command).await;
            assert!(told.is_ephemeral(), "{command}: {told:?}");
            assert!(told.content().contains("/propose"), "{command}: {told:?}");
        }
        assert!(evening.channel.messages().is_empty());
        evening
    })
    .await;
}

#[tokio::test]
async fn twenty_three_films_have_three_pages_that_everybody_turns_alone() {
    Evening::with(FakeFilms::with_films(23), |evening| async {
        propose_all(&evening, 23).await;
        let poll = evening.poll(&evening.ada).await;
        assert_eq!(poll.embeds().len(), 10);
        assert_says(&poll, "page 1 of 3");
        assert!(poll.button_labelled("◀").is_some_and(|back| back.disabled));

        let second = turn(&evening, &poll, "▶").await;
        assert!(second.is_ephemeral(), "nobody turns the page for others");
        assert_eq!(titles(&second)[0], "11. Film 11 (1990)");
        let third = turn(&evening, &second, "▶").await;
        assert_eq!(third.id(), second.id(), "a private page turns in place");
        assert_eq!(titles(&third).len(), 3);
        assert!(third.button_labelled("▶").is_some_and(|next| next.disabled));
        let second = turn(&evening, &third, "◀").await;
        assert_eq!(titles(&second)[9], "20. Film 20 (1990)");
        let live = evening.channel.message(poll.id()).expect("the poll");
        assert!(live.content().contains("page 1 of 3") && !live.is_edited());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_vote_on_a_private_page_redraws_it_and_the_poll() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        let poll = evening.poll(&evening.ada).await;
        let private = turn(&evening, &poll, "▶").await;
        let sent = evening.ada.click(&private, button_of(&private, "Film 12")).await;
        let redrawn = evening.answer(sent).await;
        assert_eq!(redrawn.id(), private.id());
        assert!(redrawn.is_ephemeral());
        assert!(
            titles(&redrawn).iter().all(|title| !title.contains("Film 12")),
            "it leads now and stands on the first page: {:?}",
            titles(&redrawn)
        );
        let poll = evening
            .until(&poll, |poll| titles(poll)[0] == "1. Film 12 (1990)")
            .await;
        assert!(line_of(&poll, "Film 12").contains("1 vote"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_begins_at_the_page_that_is_asked_for_or_the_nearest() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        for (asked, shown) in [(2, "page 2 of 2"), (1000, "page 2 of 2"), (1, "page 1 of 2")] {
            let sent = evening
                .ben
                .slash(&evening.channel, "poll")
                .integer("page", asked)
                .send()
                .await;
            let poll = evening.answer(sent).await;
            assert!(poll.content().contains(shown), "{asked}: {}", poll.content());
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_posted_again_retires_the_one_before_whose_buttons_still_count() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let old = evening.poll(&evening.ada).await;
        let other = evening.guild.add_channel("lobby");
        let sent = evening.ben.slash(&other, "poll").send().await;
        let new = evening.answer(sent).await;

        let retired = evening
            .until(&old, |old| old.content().contains("has moved"))
            .await;
        let address = format!(
            "https://discord.com/channels/{}/{}/{}",
            evening.guild.id(),
            other.id(),
            new.id()
        );
        assert!(retired.content().contains(&address), "{}", retired.content());

        evening.vote(&evening.ada, &retired, "Film 2").await;
        evening.until(&new, |new| titles(new)[0].contains("Film 2")).await;
        evening
            .until(&retired, |old| {
                old.content().contains("has moved") && line_of(old, "Film 2").contains("1 vote")
            })
            .await;
        evening.vote(&evening.ada, &retired, "Film 2").await;
        evening
            .until(&new, |new| line_of(new, "Film 2").contains("no votes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn the_last_film_withdrawn_leaves_an_empty_poll() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        let empty = evening.until(&poll, |poll| poll.embeds().is_empty()).await;
        assert_says(&empty, "/propose");
        assert!(empty.buttons().is_empty());
        evening.propose(&evening.ben, "tt9000002").await;
        let poll = evening.until(&poll, |poll| poll.embeds().len() == 1).await;
        evening.vote(&evening.ben, &poll, "Film 2").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn the_results_so_far_are_shown_to_the_one_who_asks() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 3").await;
        evening.vote(&evening.ben, &poll, "Film 3").await;
        evening.vote(&evening.ben, &poll, "Film 5").await;
        let sent = evening.olga.click_label(&poll, "Results so far").await;
        let results = evening.answer(sent).await;
        assert!(results.is_ephemeral());
        let said = words(&results);
        assert!(said.contains("1. **Film 3 (1990)** · 2 votes"), "{said}");
        assert!(said.contains("2. Film 5 (1990) · 1 vote"), "{said}");
        assert!(said.contains("12. Film 12 (1990) · no votes yet"), "{said}");
        assert!(said.contains("2 members have voted"), "{said}");
        evening
    })
    .await;
}

/// Proposes the first `count` films, ten a member.
pub async fn propose_all(evening: &Evening, count: usize) {
    let members = [&evening.ada, &evening.ben, &evening.olga];
    for n in 0..count {
        let card = evening
            .propose(members[n / 10], &format!("tt{}", 9_000_001 + n))
            .await;
        assert!(!card.is_ephemeral(), "{card:?}");
    }
}

/// Turns to another page; what Ada, who turned, then sees.
pub async fn turn(evening: &Evening, message: &Message, label: &str) -> Message {
    let sent = evening.ada.click_label(message, label).await;
    evening.answer(sent).await
}
