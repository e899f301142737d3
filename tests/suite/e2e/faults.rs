//! Trouble with the database and with Discord: what members read then, and that nothing is lost or
//! counted twice.

use discord_sim::{Message, permissions};

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Evening, PATIENCE, Setting, button_of, line_of, words};
use crate::harness::providers::FakeFilms;

#[tokio::test]
async fn a_locked_database_is_told_and_nothing_is_half_written() {
    nothing_is_half_written(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn locked_tables_of_postgresql_are_told_and_nothing_is_half_written() {
    if let Some(database) = TestDatabase::postgres().await {
        nothing_is_half_written(database).await;
    }
}

async fn nothing_is_half_written(database: TestDatabase) {
    let setting = Setting::new(FakeFilms::with_films(2)).on(database);
    Evening::set(setting, |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;

        let held = evening.database.hold_writes().await;
        let proposed = evening
            .ben
            .slash(&evening.channel, "propose")
            .string("movie", "tt9000002")
            .send()
            .await
            .expect("a command");
        let voted = evening
            .ben
            .click(&poll, button_of(&poll, "Film 1"))
            .await
            .expect("a click");
        let seen = evening.command(&evening.olga, "poll").await;
        assert_eq!(seen.embeds().len(), 1, "the poll renders all the same: {seen:?}");
        let told = proposed.wait_followups(1, PATIENCE).await.expect("a word");
        assert!(told[0].is_ephemeral());
        assert!(told[0].content().contains("nothing was changed"), "{told:?}");
        let told = voted.message_within(PATIENCE).await.expect("a word");
        assert!(told.is_ephemeral());
        assert!(told.content().contains("nothing was changed"), "{told:?}");
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM proposals").await, 1);
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM votes").await, 0);
        held.let_go().await;

        let card = evening.propose(&evening.ben, "tt9000002").await;
        assert!(words(&card).contains("1 of 10"), "{card:?}");
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_the_poll_that_fails_is_made_again() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        let faults = evening.sim.faults();
        let trouble: [&dyn Fn(); 5] = [
            &|| faults.fail_times("PATCH /channels", 500, 2),
            &|| faults.fail_times("PATCH /channels", 503, 1),
            &|| faults.fail_times("PATCH /channels", 429, 2),
            &|| faults.drop_before_handling("PATCH /channels"),
            &|| faults.drop_after_handling("PATCH /channels"),
        ];
        for (at, strikes) in trouble.into_iter().enumerate() {
            strikes();
            let member = evening.guild.add_member("Member");
            let sent = member
                .click_forged(&poll, button_of(&poll, "Film 1").replace(".t.", ".v."))
                .await;
            evening.answer(sent).await;
            let votes = if at == 0 {
                "1 vote".to_owned()
            } else {
                format!("{} votes", at + 1)
            };
            evening
                .until(&poll, |poll| line_of(poll, "Film 1").contains(&votes))
                .await;
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_fails_or_is_lost_is_given_again_and_counts_once() {
    Evening::with(FakeFilms::with_films(5), |evening| async {
        let faults = evening.sim.faults();
        // The answer that was lost had arrived: Discord refuses the second one.
        faults.tolerate("/callback", 400);
        let trouble: [&dyn Fn(); 5] = [
            &|| faults.fail_times("/callback", 500, 1),
            &|| faults.fail_times("/callback", 502, 2),
            &|| faults.fail_times("/callback", 429, 1),
            &|| faults.drop_before_handling("/callback"),
            &|| faults.drop_after_handling("/callback"),
        ];
        for (at, strikes) in trouble.into_iter().enumerate() {
            let title = format!("Film {}", at + 1);
            strikes();
            let card = evening
                .propose(&evening.ada, &format!("tt{}", 9_000_001 + at))
                .await;
            assert!(!card.is_ephemeral(), "{title}: {card:?}");
            strikes();
            let poll = evening.poll(&evening.ada).await;
            assert_eq!(poll.embeds().len(), at + 1);
            strikes();
            evening.vote(&evening.ben, &poll, &title).await;
            evening
                .until(&poll, |poll| line_of(poll, &title).contains("1 vote"))
                .await;
            // The poll whose answer was lost is known to be the live one.
            strikes();
            let sent = evening.olga.click_label(&card, "Vote for it").await;
            evening.answer(sent).await;
            evening
                .until(&poll, |poll| line_of(poll, &title).contains("2 votes"))
                .await;
        }
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM proposals").await, 5);
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM votes").await, 10);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_breaks_comes_back_and_no_click_is_lost_or_counted_twice() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        // Clicked while the connection is down: the event comes with the resumption.
        evening.sim.drop_connections(true);
        click(&evening, &poll, "1 vote").await;
        // The session itself is gone: what comes after the new one counts.
        evening.sim.drop_connections(false);
        evening.sim.wait_for_connection().await.expect("the bot is back");
        click(&evening, &poll, "2 votes").await;
        evening.sim.ask_to_reconnect();
        click(&evening, &poll, "3 votes").await;
        evening.sim.invalidate_sessions(false);
        evening.sim.wait_for_connection().await.expect("the bot is back");
        click(&evening, &poll, "4 votes").await;
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM votes").await, 4);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_channel_in_which_the_bot_may_not_write_has_a_poll_all_the_same() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.channel.deny_bot(permissions::SEND_MESSAGES);
        let card = evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 1").await;
        let sent = evening.ben.click_label(&card, "Vote for it").await;
        evening.answer(sent).await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("2 votes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_the_bot_does_not_see_gets_no_poll_but_a_word_why() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let hidden = evening.guild.add_channel("hidden");
        hidden.deny_bot(permissions::VIEW_CHANNEL);
        let sent = evening.ada.slash(&hidden, "poll").send().await;
        let told = evening.answer(sent).await;
        assert!(told.is_ephemeral());
        assert!(told.content().contains("View Channel"), "{}", told.content());
        assert!(hidden.messages().is_empty());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_whose_channel_was_hidden_from_the_bot_still_counts_and_redraws_for_clicks() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let card = evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        evening.channel.deny_bot(permissions::VIEW_CHANNEL);
        evening.sim.faults().tolerate("PATCH /channels", 403);
        let sent = evening.ben.click_label(&card, "Vote for it").await;
        evening.answer(sent).await;
        evening.vote(&evening.ada, &poll, "Film 1").await;
        assert_eq!(count(&evening, "SELECT COUNT(*) FROM votes").await, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_discord_ends_for_good_ends_the_bot_with_a_sentence() {
    for (code, told) in [(4004, "token"), (4014, "intent")] {
        let evening = Evening::begin(Setting::new(FakeFilms::start())).await;
        evening.sim.close_connections(code);
        let why = evening.bot_gives_up().await;
        assert!(why.to_lowercase().contains(told), "{code}: {why}");
        assert!(!why.contains('\n'), "one sentence: {why}");
    }
}

/// Somebody new clicks the film's button, and the poll then shows so many votes.
async fn click(evening: &Evening, poll: &Message, votes: &str) {
    let member = evening.guild.add_member("Member");
    let sent = member.click(poll, button_of(poll, "Film 1")).await;
    sent.expect("a click");
    evening
        .until(poll, |poll| line_of(poll, "Film 1").contains(votes))
        .await;
}

async fn count(evening: &Evening, sql: &'static str) -> i64 {
    evening.database.number(sql).await
}
