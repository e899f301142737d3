//! Voting by reaction: numbers under the poll, the same ballot as by button, and nothing lost while
//! the bot was away.

use std::time::Duration;

use discord_sim::{Actor, Message, permissions};
use marquee::domain::ids::{GuildId, MessageId};

use crate::harness::evening::{Evening, PATIENCE, line_of, titles};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::assert_shows;

pub(super) const ONE: &str = "1\u{fe0f}\u{20e3}";
pub(super) const TWO: &str = "2\u{fe0f}\u{20e3}";

/// How members vote, as `/settings voting` offers it.
pub(super) const BUTTONS: i64 = 0;
pub(super) const REACTIONS: i64 = 1;
pub(super) const BOTH: i64 = 2;

pub(super) async fn set(evening: &Evening, who: &Actor, input: i64) -> Message {
    let slash = who
        .slash(&evening.channel, "settings voting")
        .integer("input", input);
    evening.answer(slash.send().await).await
}

/// Two films, and a poll that has its numbers.
pub(super) async fn poll_of_two(evening: &Evening, input: i64) -> Message {
    set(evening, &evening.olga, input).await;
    evening.knows("tt0078748", "Alien", 1979);
    evening.knows("tt0133093", "The Matrix", 1999);
    evening.propose(&evening.ada, "tt0078748").await;
    evening.propose(&evening.ada, "tt0133093").await;
    let poll = evening.poll(&evening.ada).await;
    let poll = until_reactions(evening, &poll, TWO, 1).await;
    evening
        .until(&poll, |poll| titles(poll)[0].starts_with(ONE))
        .await
}

pub(super) fn shows(poll: &Message, title: &str, votes: &str) -> bool {
    line_of(poll, title).contains(votes)
}

/// The poll once it gives this film these votes.
pub(super) async fn until_shows(evening: &Evening, poll: &Message, title: &str, votes: &str) -> Message {
    evening.until(poll, |poll| shows(poll, title, votes)).await
}

/// The poll once so many have reacted with this emoji, the bot counted too.
pub(super) async fn until_reactions(evening: &Evening, poll: &Message, emoji: &str, count: usize) -> Message {
    evening
        .until(poll, |poll| poll.reaction_count(emoji) == count)
        .await
}

#[tokio::test]
async fn a_reaction_votes_and_its_removal_withdraws_that_vote_alone() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        let numbers: Vec<_> = poll
            .reactions()
            .iter()
            .map(|reaction| reaction.emoji.name.as_str())
            .collect();
        assert_eq!(numbers, [ONE, TWO], "in order");
        assert!(
            shows(&poll, "Alien", "no votes"),
            "the bot's own count for nothing"
        );
        assert_shows(&poll, "React with a film's number");

        evening.ben.react(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        // The leader is first now, and its number is still 2.
        let poll = evening
            .until(&poll, |poll| titles(poll)[0].contains("The Matrix"))
            .await;
        assert_eq!(titles(&poll)[0], format!("{TWO} The Matrix (1999)"));

        // Ada votes by button and reacts as well: one vote, which stays when the reaction goes.
        evening.vote(&evening.ada, &poll, "The Matrix").await;
        until_shows(&evening, &poll, "The Matrix", "2 votes").await;
        evening.ada.react(&poll, TWO).expect("a reaction");
        evening.ada.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening.ada.unreact(&poll, TWO).expect("a reaction");
        evening.ada.unreact(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "no votes").await;
        assert!(shows(&poll.refresh().expect("the poll"), "The Matrix", "2 votes"));

        evening.ben.unreact(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_by_reactions_alone_has_no_buttons_for_films() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, REACTIONS).await;
        let labels: Vec<_> = poll.buttons().into_iter().map(|button| button.label).collect();
        assert_eq!(labels, ["My ballot", "Results so far"]);
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn numbers_come_a_while_after_the_permission_is_given() {
    const PUTTING: &str = "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me";
    Evening::with(FakeFilms::start(), |evening| async {
        let refused = |evening: &Evening| {
            let requests = evening.sim.requests();
            let name = |request: &discord_sim::RequestRecord| format!("{} {}", request.method, request.route);
            requests.iter().filter(|request| name(request) == PUTTING).count()
        };
        set(&evening, &evening.olga, BOTH).await;
        evening.channel.deny_bot(permissions::ADD_REACTIONS);
        evening.sim.faults().tolerate(PUTTING, 403);
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let poll = evening.poll(&evening.ada).await;
        let asked = async {
            while refused(&evening) == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .expect("a number is tried");
        evening.channel.deny_bot(0);
        // What is refused is not tried with every vote.
        evening.vote(&evening.ada, &poll, "Alien").await;
        let poll = until_shows(&evening, &poll, "Alien", "1 vote").await;
        assert_eq!((refused(&evening), poll.reaction_count(ONE)), (1, 0));
        evening.clock.advance_ms(10 * 60 * 1000);
        evening.vote(&evening.ben, &poll, "Alien").await;
        until_reactions(&evening, &poll, ONE, 1).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn where_a_change_drops_votes_the_reactions_that_stand_are_votes_anew() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.vote(&evening.ada, &poll, "The Matrix").await;
        evening
            .until(&poll, |poll| {
                shows(poll, "Alien", "1 vote") && shows(poll, "The Matrix", "1 vote")
            })
            .await;
        let start = evening.olga.slash(&evening.channel, "round start");
        let asked = evening.answer(start.integer("method", 1).send().await).await;
        let drop = &asked.buttons()[0];
        evening.click(&evening.olga, &asked, &drop.label).await;
        // Ada's by button is gone, and she can vote again.
        evening
            .until(&poll, |poll| {
                shows(poll, "Alien", "1 vote") && shows(poll, "The Matrix", "no votes")
            })
            .await;
        evening.ben.unreact(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "no votes").await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn reactions_that_came_and_went_while_a_round_was_closed_are_counted_when_it_is_opened_again() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.ada.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "2 votes").await;
        let end = evening.olga.slash(&evening.channel, "round end").send().await;
        evening.answer(end).await;
        evening
            .until(&poll, |poll| poll.content().contains("This round is over"))
            .await;
        // Ben's goes while the bot looks on, Ada's while it is away, and Olga's comes.
        evening.ben.unreact(&poll, ONE).expect("a reaction");
        evening.stop_bot().await;
        evening.ada.unreact(&poll, ONE).expect("a reaction");
        evening.olga.react(&poll, TWO).expect("a reaction");
        evening.start_bot().await;
        let reopen = evening.olga.slash(&evening.channel, "round reopen").send().await;
        evening.answer(reopen).await;
        evening
            .until(&poll, |poll| {
                !poll.content().contains("This round is over")
                    && shows(poll, "Alien", "no votes")
                    && shows(poll, "The Matrix", "1 vote")
            })
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_thousand_reactions_made_while_the_bot_was_away_are_counted_after_its_start() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        evening.stop_bot().await;
        for number in 0..1_000 {
            let member = evening.guild.add_member(&format!("Member {number}"));
            member.react(&poll, ONE).expect("a reaction");
        }
        evening.ben.unreact(&poll, TWO).expect("a reaction");
        evening.start_bot().await;
        until_shows(&evening, &poll, "Alien", "1000 votes").await;
        until_shows(&evening, &poll, "The Matrix", "no votes").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_start_gives_no_second_vote_for_a_reaction_that_was_seen() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        // Taken back by button: the reaction still stands, and does not count again.
        evening.vote(&evening.ben, &poll, "Alien").await;
        until_shows(&evening, &poll, "Alien", "no votes").await;
        evening.ada.react(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        evening.stop_bot().await;
        evening.ada.unreact(&poll, TWO).expect("a reaction");
        evening.start_bot().await;
        let poll = until_shows(&evening, &poll, "The Matrix", "no votes").await;
        assert!(shows(&poll, "Alien", "no votes"), "{poll:?}");
        evening
    })
    .await;
}

#[tokio::test]
async fn reactions_made_while_the_session_was_lost_are_counted() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.sim.drop_connections(false);
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn another_bots_reactions_are_no_votes_and_stay() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        let robot = evening.guild.add_other_bot("Robot");
        robot.react(&poll, ONE).expect("a reaction");
        evening.ben.react(&poll, ONE).expect("a reaction");
        let poll = until_shows(&evening, &poll, "Alien", "1 vote").await;
        assert_eq!(poll.reaction_count(ONE), 3, "the bot's own, Robot's and Ben's");
        let seen = evening.store.list_reactions(MessageId(poll.id().get())).await;
        assert_eq!(seen.expect("a list").len(), 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn reactions_count_for_nothing_where_members_vote_by_button() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let poll = evening.poll(&evening.ada).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.vote(&evening.ada, &poll, "Alien").await;
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        let seen = evening.store.list_reactions(MessageId(poll.id().get())).await;
        assert_eq!(seen.expect("a list"), []);
        evening
    })
    .await;
}

#[tokio::test]
async fn only_organizers_set_how_members_vote() {
    Evening::with(FakeFilms::start(), |evening| async {
        let slash = evening
            .ben
            .slash(&evening.channel, "settings voting")
            .integer("input", BOTH);
        assert!(slash.send().await.is_err(), "members do not even see the command");
        let told = set(&evening, &evening.olga, BOTH).await;
        assert!(told.is_ephemeral());
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let guild = GuildId(evening.guild.id().get());
        let head = evening.store.find_poll_head(guild).await.expect("an answer");
        assert!(head.expect("a round").input.takes_reactions());
        tokio::time::timeout(PATIENCE, evening.poll(&evening.ada))
            .await
            .expect("a poll");
        evening
    })
    .await;
}
