//! Rounds close at their second, once, whatever happens to the bot and its clock meanwhile.

use std::process::Stdio;

use discord_sim::Message;
use tokio::process::Command;

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Evening, PATIENCE, Setting, local_discord};
use crate::harness::providers::{FakeFilms, Film};
use crate::harness::telling::assert_says;

const RESULTS: &str = "SELECT COUNT(*) FROM round_results";
const HOUR_MS: i64 = 3_600_000;

fn is_over(poll: &Message) -> bool {
    poll.content().contains("This round is over")
}

/// A poll of one film with Ada's vote, which closes then.
async fn closes(evening: &Evening, closes: &str) -> Message {
    evening.knows("tt0078748", "Alien", 1979);
    evening.propose(&evening.ada, "tt0078748").await;
    let poll = evening.poll(&evening.ada).await;
    evening.vote(&evening.ada, &poll, "Alien").await;
    let start = evening.olga.slash(&evening.channel, "round start");
    evening.answer(start.string("closes", closes).send().await).await;
    poll
}

/// The poll is over now; it was counted once, and nobody ended it.
async fn closed_by_itself(evening: &Evening, poll: &Message) {
    let over = evening.until(poll, is_over).await;
    assert_says(&over, "**Alien (1979)** won.");
    assert_eq!(evening.database.number(RESULTS).await, 1);
    let by_itself = "SELECT COUNT(*) FROM audit WHERE act = 'round_closed' AND member_id IS NULL";
    assert_eq!(evening.database.number(by_itself).await, 1);
}

/// Whether the round is open: asked of the bot, which has then seen the time.
async fn is_open(evening: &Evening) -> bool {
    let status = evening
        .answer(evening.ada.slash(&evening.channel, "round status").send().await)
        .await;
    status.content().contains("Alien") || status.content().contains("1 film is up")
}

#[tokio::test]
async fn a_round_closes_at_its_second_and_not_before() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        evening.clock.advance_ms(2 * HOUR_MS - 1);
        assert!(is_open(&evening).await);
        assert_eq!(evening.database.number(RESULTS).await, 0);
        evening.clock.advance_ms(1);
        closed_by_itself(&evening, &poll).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_round_that_was_due_while_the_bot_was_down_closes_at_its_start() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        evening.stop_bot().await;
        evening.clock.advance_ms(30 * HOUR_MS);
        evening.start_bot().await;
        closed_by_itself(&evening, &poll).await;
        evening
    })
    .await;
}

/// Two whole processes on one database: the round closes, and is announced, once.
async fn two_processes_close_it_once(database: TestDatabase) {
    let setting = Setting::new(FakeFilms::start()).on(database);
    Evening::set(setting, |evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        let other = evening.start_another().await;
        evening.clock.advance_ms(2 * HOUR_MS);
        closed_by_itself(&evening, &poll).await;
        evening
            .until_number("SELECT COUNT(*) FROM outbox WHERE state = 'due'", 0)
            .await;
        other.stop().await;
        let announced = evening.channel.messages();
        let announced = announced
            .iter()
            .filter(|message| message.content().contains("is over\n**Alien (1979)** won."));
        assert_eq!(announced.count(), 1, "{}", evening.sim.transcript());
        evening
    })
    .await;
}

#[tokio::test]
async fn two_processes_on_sqlite_close_and_announce_a_round_once() {
    two_processes_close_it_once(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn two_processes_on_postgres_close_and_announce_a_round_once() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    two_processes_close_it_once(database).await;
}

#[tokio::test]
async fn a_closing_time_that_is_moved_holds_and_the_old_one_does_not() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        let extend = evening.olga.slash(&evening.channel, "round extend");
        evening
            .answer(extend.string("closes", "in 5 hours").send().await)
            .await;
        evening.clock.advance_ms(3 * HOUR_MS);
        assert!(is_open(&evening).await);
        let sooner = evening.olga.slash(&evening.channel, "round extend");
        evening
            .answer(sooner.string("closes", "in 10 minutes").send().await)
            .await;
        evening.clock.advance_ms(600_000);
        closed_by_itself(&evening, &poll).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_and_forward_closes_the_round_once() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        evening.clock.advance_ms(-3 * HOUR_MS);
        assert!(is_open(&evening).await);
        evening.clock.advance_ms(5 * HOUR_MS);
        closed_by_itself(&evening, &poll).await;
        // Back before its close, and past it again: it stays closed.
        evening.clock.advance_ms(-4 * HOUR_MS);
        evening.clock.advance_ms(8 * HOUR_MS);
        assert_eq!(evening.database.number(RESULTS).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn an_evening_hour_stays_that_hour_when_the_clocks_change_before_it() {
    Evening::with(FakeFilms::start(), |evening| async {
        let set = evening.olga.slash(&evening.channel, "settings server");
        evening
            .answer(set.string("time_zone", "Europe/Berlin").send().await)
            .await;
        // From summer time, at noon UTC of Saturday 24 October 2026, to the first evening of winter time.
        let saturday_ms = 1_792_843_200_000;
        evening.clock.advance_ms(saturday_ms - evening.clock.unix_ms());
        let poll = closes(&evening, "2026-10-25 20:00").await;
        let winter_ms = 1_792_954_800_000;
        let asked = evening.database.number("SELECT closes_at FROM rounds").await;
        assert_eq!(asked * 1000, winter_ms, "19:00 UTC");
        evening.clock.advance_ms(winter_ms - 1 - evening.clock.unix_ms());
        assert!(is_open(&evening).await);
        evening.clock.advance_ms(1);
        closed_by_itself(&evening, &poll).await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_time_that_comes_twice_is_confirmed_with_a_word_of_explanation() {
    Evening::with(FakeFilms::start(), |evening| async {
        let set = evening.olga.slash(&evening.channel, "settings server");
        evening
            .answer(set.string("time_zone", "Europe/Berlin").send().await)
            .await;
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let extend = evening.olga.slash(&evening.channel, "round extend");
        let told = evening
            .answer(extend.string("closes", "2026-10-25 02:30").send().await)
            .await;
        assert!(
            told.content().contains("the clocks go back") || told.content().contains("The clocks go back"),
            "{told:?}"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn the_message_of_an_ended_round_is_made_right_after_a_restart() {
    Evening::with(FakeFilms::start(), |mut evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        evening.stop_bot().await;
        // Closed and counted by a process that did not get round to the message.
        evening.clock.advance_ms(3 * HOUR_MS);
        evening
            .sim
            .faults()
            .drop_before_handling("PATCH /channels/{channel_id}/messages/{message_id}");
        evening.start_bot().await;
        closed_by_itself(&evening, &poll).await;
        evening
            .until_number(
                "SELECT COUNT(*) FROM outbox WHERE kind = 'close_poll' AND state = 'sent'",
                1,
            )
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_a_moderator_deleted_is_not_missed_at_the_close() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = closes(&evening, "in 2 hours").await;
        let moderator = evening
            .guild
            .add_member_with("Mo", discord_sim::permissions::MANAGE_MESSAGES);
        moderator.delete_message(&poll).expect("a deletion");
        evening.clock.advance_ms(2 * HOUR_MS);
        evening
            .until_number(
                "SELECT COUNT(*) FROM outbox WHERE kind = 'close_poll' AND state = 'sent'",
                1,
            )
            .await;
        assert_eq!(evening.database.number(RESULTS).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_bot_killed_between_the_end_of_a_round_and_its_result_counts_it_at_the_next_start() {
    let films = FakeFilms::start();
    films.add(Film::new("tt0078748", "Alien", 1979));
    let sim = local_discord().await;
    let guild = sim.add_guild("Film Club");
    let channel = guild.add_channel("film-night");
    let olga = guild.add_member_with("Olga", discord_sim::permissions::MANAGE_GUILD);
    let setting = Setting::new(films);
    let directory = tempfile::tempdir().expect("a directory");
    let start = async || {
        let bot = Command::new(env!("CARGO_BIN_EXE_marquee"))
            .arg("run")
            .env_clear()
            .envs(setting.environment(&sim))
            .env("MARQUEE_LOG__FILTER", "error")
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        sim.wait_for_bot().await.expect("the bot comes online");
        bot
    };
    let mut bot = start().await;
    let said = async |slash: discord_sim::Slash| {
        let answer = slash.send().await.expect("a command");
        answer.message_within(PATIENCE).await.expect("an answer")
    };
    said(olga.slash(&channel, "propose").string("movie", "tt0078748")).await;
    let poll = said(olga.slash(&channel, "poll")).await;
    let button = poll.buttons()[0].custom_id.clone();
    olga.click(&poll, button)
        .await
        .expect("a click")
        .first()
        .await
        .expect("an answer");
    // The disk takes the end of the round, and not its result.
    setting
        .database
        .run_sql("CREATE TRIGGER full_disk BEFORE INSERT ON round_results BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .await;
    said(olga.slash(&channel, "round end")).await;
    let closed = "SELECT COUNT(*) FROM rounds WHERE state = 'closed'";
    assert_eq!(setting.database.number(closed).await, 1);
    assert_eq!(setting.database.number(RESULTS).await, 0);
    bot.kill().await.expect("a kill");
    setting.database.run_sql("DROP TRIGGER full_disk").await;

    let mut bot = start().await;
    poll.wait_until(is_over, PATIENCE)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(setting.database.number(RESULTS).await, 1);
    assert_eq!(
        setting
            .database
            .number("SELECT COUNT(*) FROM outbox WHERE kind = 'result'")
            .await,
        1
    );
    bot.kill().await.expect("a kill");
    sim.stop().await;
}
