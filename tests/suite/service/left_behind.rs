//! Rounds that were closed and not counted by whoever closed them.

use marquee::clock::Clock;
use marquee::domain::policy::Actor;
use marquee::domain::result::Verdict;
use marquee::service::rounds::close::DueRounds;

use super::rounds::{at_work, due_round, process, result_of, voter};
use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::store::on_both_engines;
use crate::store::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};

on_both_engines!(a_round_that_was_left_behind_is_counted_by_whoever_comes_first);

async fn a_round_that_was_left_behind_is_counted_by_whoever_comes_first(database: TestDatabase) {
    let (scene, films) = (Scene::open(database).await, FakeFilms::start());
    let clock = Clock::manual((NOW + 20) * 1000);
    let service = process(&scene, &films, &clock).await;
    let behind =
        "UPDATE rounds SET state = 'closed', uncounted = TRUE, ended_at = 1790000015 WHERE state = 'open'";
    for by_proposing in [false, true] {
        let guild = if by_proposing { OTHER_GUILD } else { GUILD };
        let (round, _) = scene.propose(guild, member(1), "tt0000011", NOW).await;
        let (_, second) = scene.propose(guild, member(1), "tt0000012", NOW).await;
        assert!(scene.vote(round, member(2), second.id, NOW + 2).await);
        scene.database.run_sql(behind).await;
        if by_proposing {
            let actor = Actor { guild, ..voter(5) };
            let proposed = service
                .propose_as_typed(actor, "Home movie", None)
                .await
                .expect("proposed");
            assert_ne!(proposed.round, round);
        } else {
            let due = service.close_due_rounds().await.expect("an answer");
            assert_eq!(
                due,
                DueRounds {
                    closed: 1,
                    failed: 0,
                    next_at: None
                }
            );
        }
        let result = result_of(&scene, round).await;
        assert_eq!((result.verdict, result.ended_at), (Verdict::Picked, NOW + 15));
        assert_eq!(result.entries.len(), 2, "what came later did not stand");
    }
}

#[tokio::test]
async fn a_round_that_was_left_behind_holds_up_no_due_one() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (scene, _films, clock, [service]) = at_work(database).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    let behind = "UPDATE rounds SET state = 'closed', uncounted = TRUE, ended_at = 1790000000";
    scene.database.run_sql(behind).await;
    let (round, _) = due_round(&scene, &service, GUILD).await;
    clock.advance_ms(10_000);
    // Its result has to wait for this server's row.
    let held = scene
        .database
        .hold_rows("SELECT 1 FROM guilds WHERE guild_id = 81384788765712384 FOR UPDATE")
        .await;
    let counted = async {
        scene.until_counted(round).await;
        held.let_go().await;
    };
    let (due, ()) = tokio::join!(service.close_due_rounds(), counted);
    let due = due.expect("an answer");
    assert_eq!((due.closed, due.failed), (2, 0));
}
