//! Results of closed rounds, what they are counted from, and what is to be said of them.

use marquee::domain::ids::{ChannelId, MessageId, RoundId};
use marquee::domain::notice::{Notice, NoticeKind};
use marquee::domain::record::Record;
use marquee::domain::result::{RoundResult, VotesCast};
use marquee::domain::round::RoundState;
use marquee::domain::voter::VoterId;
use marquee::store::RoundEnd;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    a_result_is_recorded_once_and_read_again,
    a_result_of_an_earlier_close_is_refused,
    votes_are_read_in_portions_by_voter,
    a_notice_is_due_until_it_is_said_or_dropped,
);

/// Counts a closed round and records its result.
pub async fn count(scene: &Scene, round: RoundId) -> RoundResult {
    let (result, record) = counted(scene, round).await;
    assert!(insert(scene, &result, &record).await);
    result
}

async fn counted(scene: &Scene, round: RoundId) -> (RoundResult, Record) {
    let ended = scene.store.find_uncounted_round(round).await.expect("an answer");
    let ended = ended.expect("a closed round without a result");
    let contenders = scene
        .store
        .list_contenders(ended.round.guild, round)
        .await
        .expect("a list");
    let mut votes = VotesCast::new(ended.round.rules.method, &contenders);
    for mark in scene
        .store
        .list_ballot_marks(round, None, 1000)
        .await
        .expect("a list")
    {
        votes.push(mark);
    }
    let (result, election) = RoundResult::count(ended, contenders, votes);
    let record = result.record(&election);
    (result, record)
}

async fn insert(scene: &Scene, result: &RoundResult, record: &Record) -> bool {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let inserted = tx
        .insert_result(result, record, NOW + 50)
        .await
        .expect("an answer");
    tx.commit().await.expect("a commit");
    inserted
}

async fn close(scene: &Scene, round: RoundId, at: i64) {
    let end = RoundEnd {
        state: RoundState::Closed,
        at,
        by: Some(member(9)),
        asked_in: None,
        departed_unknown: false,
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(tx.claim_round_end(round, end).await.expect("an answer").is_some());
    tx.commit().await.expect("a commit");
}

async fn a_result_is_recorded_once_and_read_again(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    for (voter, proposal) in [(1, first.id), (2, second.id), (3, second.id)] {
        assert!(scene.vote(round, member(voter), proposal, NOW + 2).await);
    }
    let uncounted = async || {
        let found = scene.store.find_uncounted_round(round).await;
        found.expect("an answer")
    };
    assert!(uncounted().await.is_none(), "it is open");
    close(&scene, round, NOW + 9).await;
    let (result, record) = counted(&scene, round).await;
    let picked: Vec<_> = result.picked().map(|entry| entry.proposal).collect();
    assert_eq!(
        (picked, result.voters, result.ended_by),
        (vec![second.id], 3, Some(member(9)))
    );
    assert!(insert(&scene, &result, &record).await);
    assert!(!insert(&scene, &result, &record).await, "it is recorded already");
    assert!(uncounted().await.is_none());

    let found = async |guild, number| scene.store.find_result(guild, number).await.expect("an answer");
    assert_eq!(found(GUILD, None).await.as_ref(), Some(&result));
    assert_eq!(found(GUILD, Some(1)).await.as_ref(), Some(&result));
    assert_eq!(found(GUILD, Some(2)).await, None);
    assert_eq!(found(OTHER_GUILD, None).await, None);
    let of = scene.store.find_result_of(round).await.expect("an answer");
    assert_eq!(of, Some(result.clone()));
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(tx.find_result_of(round).await.expect("an answer"), Some(result));
    tx.rollback().await.expect("an undo");
    let found = scene.store.find_round(round).await.expect("an answer");
    assert_eq!(found, Some(scene.round(round).await));
    let kept = scene
        .store
        .find_record(round)
        .await
        .expect("an answer")
        .expect("a record");
    assert_eq!(Record::parse(kept.as_bytes()).expect("a record"), record);
}

async fn a_result_of_an_earlier_close_is_refused(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    close(&scene, round, NOW + 9).await;
    let (stale, record) = counted(&scene, round).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(tx.reopen_round(round).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    assert!(!insert(&scene, &stale, &record).await, "it is open again");
    close(&scene, round, NOW + 20).await;
    assert!(!insert(&scene, &stale, &record).await, "it was closed anew");
    count(&scene, round).await;
}

async fn votes_are_read_in_portions_by_voter(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    let (other, elsewhere) = scene.propose(OTHER_GUILD, member(2), "tt0000012", NOW + 1).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    // Voters of anonymous rounds are any numbers, negative ones too.
    for voter in [-5, 0, 7] {
        for proposal in [first.id, second.id] {
            let cast = tx
                .insert_vote(round, VoterId::from_db(voter), proposal, NOW)
                .await;
            assert!(cast.expect("an answer"));
        }
    }
    let cast = tx
        .insert_vote(other, VoterId::from_db(0), elsewhere.id, NOW)
        .await;
    assert!(cast.expect("an answer"));
    tx.commit().await.expect("a commit");

    let mut read = Vec::new();
    let mut after = None;
    loop {
        let marks = scene
            .store
            .list_ballot_marks(round, after, 4)
            .await
            .expect("a list");
        let Some(last) = marks.last() else { break };
        after = Some((last.voter, last.film));
        read.extend(marks);
    }
    let told: Vec<_> = read
        .iter()
        .map(|mark| (mark.voter.to_db(), mark.film, mark.value))
        .collect();
    let mut films = [first.film.id, second.film.id];
    films.sort();
    let expected: Vec<_> = [-5, 0, 7]
        .into_iter()
        .flat_map(|voter| films.map(|film| (voter, film, 1)))
        .collect();
    assert_eq!(told, expected);
}

async fn a_notice_is_due_until_it_is_said_or_dropped(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let notice = |id, kind| Notice {
        id,
        guild: GUILD,
        channel: ChannelId(5),
        kind,
        round,
        message: Some(MessageId(6)),
    };
    let [ended, announced] = [notice(1, NoticeKind::ClosePoll), notice(2, NoticeKind::Result)];
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for notice in [&ended, &announced] {
        tx.insert_notice(notice, NOW).await.expect("written");
    }
    tx.commit().await.expect("a commit");
    let due = async |kind, now| scene.store.list_due_notices(kind, now, 9).await.expect("a list");
    assert_eq!(due(NoticeKind::Result, NOW - 1).await, []);
    assert_eq!(due(NoticeKind::Result, NOW).await, [announced]);
    assert_eq!(due(NoticeKind::ClosePoll, NOW).await, [ended]);

    assert!(scene.store.finish_notice(2).await.expect("an answer"));
    assert!(
        !scene.store.finish_notice(2).await.expect("an answer"),
        "it was said"
    );
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let said = tx.find_announcement(round).await.expect("an answer");
    assert_eq!(said, Some((ChannelId(5), MessageId(6))));
    tx.drop_notices(round).await.expect("dropped");
    tx.commit().await.expect("a commit");
    assert_eq!(due(NoticeKind::ClosePoll, NOW).await, []);
    assert!(
        !scene.store.finish_notice(1).await.expect("an answer"),
        "it was dropped"
    );
}
