//! Reactions that do not count are taken away, with a word to their member; and reactions that go away
//! without their member's doing take along what they gave, and nothing else.

use discord_sim::{Actor, Message, permissions};

use super::polls::propose_all;
use super::reactions::{BOTH, BUTTONS, ONE, TWO, poll_of_two, set, shows, until_reactions, until_shows};
use crate::harness::evening::{Evening, PATIENCE, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_shows};

const THREE: &str = "3\u{fe0f}\u{20e3}";
const FIVE: &str = "5\u{fe0f}\u{20e3}";

/// What takes one member's reaction away.
const REMOVAL: &str = "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}";

fn requests(evening: &Evening, what: &str) -> usize {
    let requests = evening.sim.requests();
    let name = |request: &discord_sim::RequestRecord| format!("{} {}", request.method, request.route);
    requests.iter().filter(|request| name(request) == what).count()
}

/// The first direct message that this member gets.
async fn letter_to(member: &Actor) -> Message {
    let letters = member.wait_for_direct_messages(1, PATIENCE).await;
    letters.expect("a letter").remove(0)
}

#[tokio::test]
async fn a_number_that_stands_for_no_film_is_taken_away_with_a_private_word() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, "👍").expect("a reaction");
        evening.ben.react(&poll, FIVE).expect("a reaction");
        until_reactions(&evening, &poll, FIVE, 0).await;
        let told = letter_to(&evening.ben).await;
        assert_says(&told, "stands for no film");
        assert_says(&told, &poll.id().to_string());

        // Once more: taken away again, but nobody likes to be told twice in a minute.
        evening.ben.react(&poll, FIVE).expect("a reaction");
        until_reactions(&evening, &poll, FIVE, 0).await;
        evening.ada.react(&poll, FIVE).expect("a reaction");
        letter_to(&evening.ada).await;
        assert_eq!(evening.ben.direct_messages().len(), 1);
        // People like to react: what is no number is none of the bot's business.
        assert_eq!(poll.refresh().expect("the poll").reaction_count("👍"), 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_reaction_on_a_film_that_is_gone_is_taken_away() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ask(&evening.ada, "withdraw", "movie", "tt0078748").await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_reactions(&evening, &poll, ONE, 1).await;
        assert_says(&letter_to(&evening.ben).await, "no longer up for the vote");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_reaction_after_the_close_is_taken_away_and_those_before_it_stay() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening
            .database
            .run_sql("UPDATE rounds SET state = 'closed'")
            .await;
        evening.ada.react(&poll, ONE).expect("a reaction");
        assert_says(&letter_to(&evening.ada).await, "That round is over");
        let poll = until_reactions(&evening, &poll, ONE, 2).await;
        assert!(shows(&poll, "Alien", "1 vote"));
        let votes = evening.database.number("SELECT COUNT(*) FROM votes").await;
        assert_eq!(votes, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn without_the_permission_reactions_stay_and_the_bot_does_not_insist() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.channel.deny_bot(permissions::MANAGE_MESSAGES);
        evening.sim.faults().tolerate(REMOVAL, 403);
        for member in [&evening.ben, &evening.ada] {
            member.react(&poll, FIVE).expect("a reaction");
            assert_says(&letter_to(member).await, "please take it back");
        }
        assert_eq!(requests(&evening, REMOVAL), 1, "asked for once");
        assert_eq!(poll.refresh().expect("the poll").reaction_count(FIVE), 2);
        evening.ben.react(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_left_in_peace() {
    const OPENING: &str = "POST /users/@me/channels";
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.close_direct_messages();
        evening.ben.react(&poll, FIVE).expect("a reaction");
        until_reactions(&evening, &poll, FIVE, 0).await;
        evening.ada.react(&poll, FIVE).expect("a reaction");
        letter_to(&evening.ada).await;
        assert_eq!(requests(&evening, OPENING), 2);
        assert!(evening.ben.direct_messages().is_empty());
        evening
    })
    .await;
}

#[tokio::test]
async fn reactions_rejected_while_the_bot_was_away_are_taken_away_after_its_start() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.stop_bot().await;
        evening.ben.react(&poll, FIVE).expect("a reaction");
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.start_bot().await;
        let poll = until_reactions(&evening, &poll, FIVE, 0).await;
        let poll = until_shows(&evening, &poll, "Alien", "1 vote").await;
        assert_eq!(poll.reaction_count(ONE), 2, "what counts stays");
        evening
    })
    .await;
}

#[tokio::test]
async fn reactions_that_a_moderator_clears_take_their_votes_along_and_no_others() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        let moderator = evening.guild.add_member_with("Mo", permissions::MANAGE_MESSAGES);
        evening.vote(&evening.ada, &poll, "Alien").await;
        for (member, number) in [
            (&evening.ada, ONE),
            (&evening.ben, ONE),
            (&evening.ben, TWO),
            (&evening.olga, TWO),
        ] {
            member.react(&poll, number).expect("a reaction");
        }
        evening
            .until(&poll, |poll| {
                shows(poll, "Alien", "2 votes") && shows(poll, "The Matrix", "2 votes")
            })
            .await;
        moderator.clear_reactions(&poll, Some(ONE)).expect("a clearing");
        evening
            .until(&poll, |poll| {
                shows(poll, "Alien", "1 vote") && shows(poll, "The Matrix", "2 votes")
            })
            .await;
        // The numbers come back.
        until_reactions(&evening, &poll, ONE, 1).await;
        moderator.clear_reactions(&poll, None).expect("a clearing");
        evening
            .until(&poll, |poll| {
                shows(poll, "Alien", "1 vote") && shows(poll, "The Matrix", "no votes")
            })
            .await;
        until_reactions(&evening, &poll, TWO, 1).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn where_members_vote_by_button_again_the_numbers_go_and_the_votes_stay() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.ben.react(&poll, "👍").expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        set(&evening, &evening.olga, BUTTONS).await;
        until_reactions(&evening, &poll, ONE, 0).await;
        let poll = until_reactions(&evening, &poll, TWO, 0).await;
        assert_eq!(poll.reaction_count("👍"), 1, "only numbers go");

        set(&evening, &evening.olga, BOTH).await;
        let poll = until_reactions(&evening, &poll, TWO, 1).await;
        evening.ada.react(&poll, ONE).expect("a reaction");
        // One of them would not be there, had the clearing taken its vote along.
        until_shows(&evening, &poll, "Alien", "2 votes").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn numbers_that_a_stop_left_behind_are_taken_away_by_the_next_start() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening.stop_bot().await;
        evening
            .database
            .run_sql("UPDATE guilds SET vote_input = 'buttons'")
            .await;
        // What is not the bot's to take away stays.
        evening.channel.deny_bot(permissions::MANAGE_MESSAGES);
        let clearing = "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}";
        evening.sim.faults().tolerate(clearing, 403);
        evening.start_bot().await;
        let poll = until_reactions(&evening, &poll, TWO, 0).await;
        let poll = until_reactions(&evening, &poll, ONE, 1).await;
        assert!(shows(&poll, "Alien", "1 vote"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_reaction_told_of_in_the_wrong_order_is_found_out() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        let flicker = evening.ben.react_and_take_back_out_of_order(&poll, ONE);
        flicker.expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        until_shows(&evening, &poll, "Alien", "no votes").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn each_page_that_is_posted_has_numbers_of_its_own() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        set(&evening, &evening.olga, BOTH).await;
        propose_all(&evening, 12).await;
        let slash = evening.ada.slash(&evening.channel, "poll").integer("page", 2);
        let poll = evening.answer(slash.send().await).await;
        let poll = evening
            .until(&poll, |poll| titles(poll)[1].starts_with(TWO))
            .await;
        let poll = until_reactions(&evening, &poll, TWO, 1).await;
        assert!(titles(&poll)[0].contains("Film 11"), "{:?}", titles(&poll));
        assert_shows(&poll, "For a film without a number");
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.until_number("SELECT COUNT(*) FROM votes", 1).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_second_reaction_in_single_choice_is_taken_away_and_no_vote_with_it() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening, BOTH).await;
        evening
            .database
            .run_sql("UPDATE rounds SET method = 'single'")
            .await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        evening.vote(&evening.ada, &poll, "Alien").await;
        until_shows(&evening, &poll, "Alien", "2 votes").await;
        for member in [&evening.ben, &evening.ada] {
            member.react(&poll, TWO).expect("a reaction");
            assert_says(&letter_to(member).await, "was taken away");
        }
        let poll = until_reactions(&evening, &poll, TWO, 1).await;
        assert!(shows(&poll, "Alien", "2 votes"), "{}", words(&poll));

        // As the letter says: the other one is taken back first.
        evening.ben.unreact(&poll, ONE).expect("a reaction");
        until_shows(&evening, &poll, "Alien", "1 vote").await;
        evening.ben.react(&poll, TWO).expect("a reaction");
        until_shows(&evening, &poll, "The Matrix", "1 vote").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn beyond_the_limit_of_votes_a_reaction_is_taken_away() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        set(&evening, &evening.olga, BOTH).await;
        propose_all(&evening, 3).await;
        evening
            .database
            .run_sql("UPDATE rounds SET method = 'limited', votes_each = 2")
            .await;
        let poll = evening.poll(&evening.ada).await;
        let poll = until_reactions(&evening, &poll, THREE, 1).await;
        for number in [ONE, TWO] {
            evening.ben.react(&poll, number).expect("a reaction");
        }
        evening.until_number("SELECT COUNT(*) FROM votes", 2).await;
        evening.ben.react(&poll, THREE).expect("a reaction");
        assert_says(&letter_to(&evening.ben).await, "was taken away");
        until_reactions(&evening, &poll, THREE, 1).await;
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM votes").await, 2);
        evening
    })
    .await;
}

/// Where reactions cannot be votes, they are taken away with this explanation, and the numbers go.
async fn reactions_are_off(rules: &'static str, explanation: &'static str) {
    Evening::with(FakeFilms::start(), move |evening| async move {
        let poll = poll_of_two(&evening, BOTH).await;
        evening.database.run_sql(rules).await;
        // The next redraw takes the numbers away.
        evening.knows("tt0076759", "Star Wars", 1977);
        evening.propose(&evening.ada, "tt0076759").await;
        let poll = until_reactions(&evening, &poll, TWO, 0).await;
        evening.ben.react(&poll, ONE).expect("a reaction");
        assert_says(&letter_to(&evening.ben).await, explanation);
        let poll = until_reactions(&evening, &poll, ONE, 0).await;
        assert!(!words(&poll).contains("React with"), "{}", words(&poll));
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM votes").await, 0);

        // A poll that is posted gets none in the first place.
        let retired = poll;
        let poll = evening.poll(&evening.ada).await;
        evening
            .until(&retired, |poll| words(poll).contains("has moved"))
            .await;
        evening.ada.react(&poll, ONE).expect("a reaction");
        until_reactions(&evening, &poll, ONE, 0).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn in_an_anonymous_round_reactions_are_off() {
    let anonymous = "UPDATE rounds SET secrecy = 'anonymous', ballot_key = 'key'";
    reactions_are_off(anonymous, "Votes in this round are not public").await;
}

#[tokio::test]
async fn where_films_get_stars_or_ranks_reactions_are_off() {
    reactions_are_off("UPDATE rounds SET method = 'star'", "ballot").await;
    reactions_are_off("UPDATE rounds SET method = 'irv'", "ballot").await;
}
