//! Results announced: once, where they belong, whatever is lost, deleted or forbidden on the way.

use discord_sim::{Channel, Message, Ping, permissions};

use crate::harness::evening::{Evening, PATIENCE, Setting, words};
use crate::harness::providers::{FakeFilms, Film};
use crate::harness::telling::assert_shows;

const POST: &str = "POST /channels/{channel_id}/messages";

/// Beyond the wait between two looks of a job.
const A_LOOK_MS: i64 = 61_000;

/// An evening with two proposals, the poll of them, and a vote for Alien.
async fn voted(evening: &Evening) -> Message {
    evening.propose(&evening.ada, "tt0078748").await;
    evening.propose(&evening.ben, "tt0113277").await;
    let poll = evening.poll(&evening.ada).await;
    evening.vote(&evening.ben, &poll, "Alien").await;
    poll
}

fn films() -> FakeFilms {
    let films = FakeFilms::start();
    films.add(Film::new("tt0078748", "Alien", 1979));
    films.add(Film::new("tt0113277", "Heat", 1995));
    films
}

/// Has the open round's time come, and the jobs look.
async fn come_time(evening: &Evening) {
    let due = "UPDATE rounds SET closes_at = 1 WHERE state = 'open' AND closes_at IS NULL";
    evening.database.run_sql(due).await;
    evening.clock.advance_ms(A_LOOK_MS);
    evening.service().bells().closings.ring();
}

fn is_announcement(message: &Message) -> bool {
    message.content().contains("-# Closed <t:")
}

/// The one announcement in this channel, once it is there and noted.
async fn announcement(evening: &Evening, channel: &Channel) -> Message {
    let there = channel
        .wait_until(|messages| messages.iter().any(is_announcement), PATIENCE)
        .await;
    there.unwrap_or_else(|error| panic!("{error}\n{}", evening.sim.transcript()));
    evening
        .until_number(
            "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND state = 'sent'",
            1,
        )
        .await;
    // Read again: whatever was posted in vain stands there by now.
    let mut announcements = channel.messages().into_iter().filter(is_announcement);
    let one = announcements.next().expect("an announcement");
    assert!(
        announcements.next().is_none(),
        "more than one:\n{}",
        evening.sim.transcript()
    );
    one
}

/// The announcement in the evening's channel, after the open round's time has come.
pub(super) async fn announced(evening: &Evening) -> Message {
    come_time(evening).await;
    announcement(evening, &evening.channel).await
}

/// Has the bot forget that it posted this, as if it had died between the post and the note of it: it notes the
/// same message again, and posts no other.
async fn is_noted_again(evening: &Evening, first: &Message) {
    let undo = "UPDATE outbox SET state = 'due', message_id = NULL, claimed_until = 0 WHERE kind = 'result'";
    evening.database.run_sql(undo).await;
    evening.clock.advance_ms(A_LOOK_MS);
    let found = announcement(evening, &evening.channel).await;
    assert_eq!(found.id(), first.id());
    let noted = evening
        .database
        .number("SELECT message_id FROM outbox WHERE kind = 'result'")
        .await;
    assert_eq!(noted.cast_unsigned(), first.id().get());
}

/// A channel of its own that organizers set for what the bot has to tell.
async fn news_channel(evening: &Evening) -> Channel {
    let news = evening.guild.add_channel("film-news");
    let set = evening.olga.slash(&evening.channel, "settings server");
    evening.answer(set.channel("channel", &news).send().await).await;
    news
}

/// How many announcements stand in this channel.
fn announced_in(channel: &Channel) -> usize {
    channel
        .messages()
        .iter()
        .filter(|message| is_announcement(message))
        .count()
}

#[tokio::test]
async fn a_result_is_announced_once_with_the_picks_poster_and_can_be_walked_through() {
    let mut evening = Evening::begin(Setting::new(films())).await;
    voted(&evening).await;
    let announced = announced(&evening).await;
    let told = words(&announced);
    for part in [
        "Round 1 is over",
        "**Alien (1979)** won.",
        "1 member voted",
        "Standings",
        "/poll",
        "Approval",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(
        announced.embed(0).image().is_some(),
        "the large poster: {:?}",
        announced.embeds()
    );
    assert_eq!(announced.pings(), []);

    let button = announced.button_labelled("How it was counted").expect("a button");
    let counted = evening
        .answer(evening.ben.click(&announced, button.custom_id).await)
        .await;
    assert!(counted.is_ephemeral());
    assert_shows(&counted, "Most votes first");
    let back = counted.button_labelled("◀").expect("a way back");
    let standings = evening
        .answer(evening.ben.click(&counted, back.custom_id).await)
        .await;
    assert_eq!(standings.id(), counted.id(), "a private page turns in place");
    assert_shows(&standings, "How it was decided");

    evening.restart().await;
    evening.clock.advance_ms(A_LOOK_MS);
    evening.command(&evening.ada, "about").await;
    assert_eq!(announced_in(&evening.channel), 1);
    evening.end().await;
}

#[tokio::test]
async fn an_announcement_whose_answer_is_lost_is_not_posted_twice() {
    Evening::with(films(), |evening| async {
        voted(&evening).await;
        evening.sim.faults().drop_after_handling(POST);
        announced(&evening).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn an_announcement_that_was_posted_before_a_crash_is_found_again_when_the_nonce_is_forgotten() {
    Evening::with(films(), |evening| async {
        voted(&evening).await;
        let first = announced(&evening).await;
        evening.sim.forget_nonces();
        is_noted_again(&evening, &first).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn an_announcement_that_was_posted_before_a_crash_is_recognized_by_its_nonce_where_nothing_can_be_read()
{
    Evening::with(films(), |evening| async {
        voted(&evening).await;
        evening.channel.deny_bot(permissions::READ_MESSAGE_HISTORY);
        let first = announced(&evening).await;
        is_noted_again(&evening, &first).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_discord_that_fails_for_a_while_gets_the_announcement_afterwards() {
    Evening::with(films(), |evening| async {
        voted(&evening).await;
        evening.sim.faults().fail_times(POST, 400, 2);
        come_time(&evening).await;
        for failed in [
            "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND attempts = 1 AND claimed_until = 0",
            "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND attempts = 2 AND claimed_until = 0",
        ] {
            evening.until_number(failed, 1).await;
            evening.clock.advance_ms(A_LOOK_MS);
        }
        announcement(&evening, &evening.channel).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_result_goes_to_the_servers_channel_and_to_the_polls_when_that_is_deleted() {
    Evening::with(films(), |evening| async {
        let news = news_channel(&evening).await;
        voted(&evening).await;
        news.delete();
        announced(&evening).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_result_that_may_not_be_posted_where_it_should_goes_to_the_poll() {
    Evening::with(films(), |evening| async {
        let news = news_channel(&evening).await;
        voted(&evening).await;
        news.deny_bot(permissions::SEND_MESSAGES);
        evening.sim.faults().tolerate(POST, 403);
        announced(&evening).await;
        assert_eq!(announced_in(&news), 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_result_that_may_be_posted_nowhere_waits_until_it_may() {
    Evening::with(films(), |evening| async {
        voted(&evening).await;
        evening.channel.deny_bot(permissions::SEND_MESSAGES);
        evening.sim.faults().tolerate(POST, 403);
        come_time(&evening).await;
        evening
            .until_number(
                "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND failure LIKE '%403%'",
                1,
            )
            .await;
        evening.channel.deny_bot(0);
        evening.clock.advance_ms(10 * A_LOOK_MS);
        announcement(&evening, &evening.channel).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_a_moderator_deleted_does_not_keep_its_result() {
    Evening::with(films(), |evening| async {
        let poll = voted(&evening).await;
        let moderator = evening.guild.add_member_with("Mo", permissions::MANAGE_MESSAGES);
        moderator.delete_message(&poll).expect("a moderator may");
        announced(&evening).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_round_whose_time_comes_while_the_bot_is_down_is_announced_at_its_start() {
    let mut evening = Evening::begin(Setting::new(films())).await;
    voted(&evening).await;
    evening.stop_bot().await;
    come_time(&evening).await;
    evening.start_bot().await;
    announcement(&evening, &evening.channel).await;
    evening.end().await;
}

#[tokio::test]
async fn the_role_that_the_server_set_is_pinged_by_the_announcement_and_by_nothing_else() {
    let evening = Evening::begin(Setting::new(films())).await;
    let role = evening.guild.add_role("Film fans", 0, true);
    let set = evening
        .olga
        .slash(&evening.channel, "settings server")
        .role("announce_role", role);
    evening.answer(set.send().await).await;
    voted(&evening).await;
    let announced = announced(&evening).await;
    assert_eq!(announced.pings(), [Ping::Role(role)]);
    let shown = evening.command(&evening.ada, "results").await;
    assert!(!shown.content().contains("<@&"), "{}", shown.content());
    evening
        .end_having_pinged(&[(announced.id(), Ping::Role(role))])
        .await;
}

#[tokio::test]
async fn a_round_without_votes_says_so_and_what_to_do() {
    Evening::with(films(), |evening| async {
        evening.propose(&evening.ada, "tt0078748").await;
        evening.poll(&evening.ada).await;
        let announced = announced(&evening).await;
        let told = words(&announced);
        assert!(told.contains("Nobody voted, so nothing is picked."), "{told}");
        assert!(told.contains("/poll"), "{told}");
        evening
    })
    .await;
}
