//! Members who leave or are banned while a round is open: their votes count, unless the server says
//! otherwise; and whoever comes back has their votes back.

use discord_sim::Message;
use marquee::domain::ids::GuildId;

use super::polls::propose_all;
use super::reactions::shows;
use crate::harness::evening::{Evening, Setting};
use crate::harness::providers::FakeFilms;

const DROP: &str = "UPDATE guilds SET departed_votes = 'drop'";

/// A poll of one film for which Ada, Ben and Olga vote.
async fn poll_of_three_votes(evening: &Evening) -> Message {
    propose_all(evening, 1).await;
    let poll = evening.poll(&evening.ada).await;
    for member in [&evening.ada, &evening.ben, &evening.olga] {
        evening.vote(member, &poll, "Film 1").await;
    }
    evening
        .until(&poll, |poll| shows(poll, "Film 1", "3 votes"))
        .await
}

#[tokio::test]
async fn votes_of_a_banned_member_count_unless_the_server_drops_them() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let poll = poll_of_three_votes(&evening).await;
        evening.guild.ban(&evening.olga);
        // A later click shows that the ban changed nothing.
        evening.vote(&evening.ada, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| shows(poll, "Film 1", "2 votes"))
            .await;

        evening.database.run_sql(DROP).await;
        evening.guild.ban(&evening.ben);
        evening.until(&poll, |poll| shows(poll, "Film 1", "1 vote")).await;

        // Unbanned and back: the first click brings the votes back, and takes this one back.
        evening.guild.join(&evening.ben);
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until_number("SELECT COUNT(*) FROM withheld_votes", 0)
            .await;
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| shows(poll, "Film 1", "2 votes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn who_left_is_found_out_by_asking_before_the_count() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let poll = poll_of_three_votes(&evening).await;
        evening.database.run_sql(DROP).await;
        evening.guild.leave(&evening.ben);
        let ended = evening.olga.slash(&evening.channel, "round end").send().await;
        evening.answer(ended).await;
        let guild = GuildId(evening.guild.id().get());
        let result = evening.store.find_result(guild, None).await.expect("an answer");
        let result = result.expect("a result");
        assert_eq!((result.voters, result.withheld), (2, 1));
        assert_eq!(result.entries[0].votes, 2);
        drop(poll);
        evening
    })
    .await;
}

#[tokio::test]
async fn with_the_privilege_departures_and_returns_are_heard_of_at_once() {
    let setting = Setting {
        member_events: true,
        ..Setting::new(FakeFilms::with_films(1))
    };
    Evening::set(setting, |evening| async {
        let poll = poll_of_three_votes(&evening).await;
        evening.database.run_sql(DROP).await;
        evening.guild.leave(&evening.ben);
        evening
            .until(&poll, |poll| shows(poll, "Film 1", "2 votes"))
            .await;
        evening.guild.join(&evening.ben);
        evening
            .until(&poll, |poll| shows(poll, "Film 1", "3 votes"))
            .await;

        evening.guild.leave(&evening.olga);
        evening
            .until(&poll, |poll| shows(poll, "Film 1", "2 votes"))
            .await;
        let guild = GuildId(evening.guild.id().get());
        let round = evening.store.find_open_round(guild).await.expect("an answer");
        let told = evening.service().check_departed(&round.expect("a round")).await;
        let told = told.expect("a look");
        assert_eq!((told.incomplete, told.changed), (false, false));
        evening
    })
    .await;
}
