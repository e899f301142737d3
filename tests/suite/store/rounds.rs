//! What happens to rounds once they are open.

use marquee::domain::ids::{ChannelId, MessageId, RoundId};
use marquee::domain::method::Method;
use marquee::domain::reaction::{Number, ReactionAt};
use marquee::domain::round::{Round, RoundState, Rules, Secrecy};
use marquee::domain::ties::TieRule;
use marquee::domain::voter::{BallotKey, VoterId};
use marquee::store::{RoundEnd, Tx};

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;
use crate::harness::rounds::plain_round;

on_both_engines!(
    a_round_ends_once_whoever_tries,
    what_is_known_of_an_end_is_there_for_whoever_counts_it,
    the_reactions_of_a_round_can_be_forgotten,
    a_round_is_due_from_its_second_on,
    a_round_takes_new_rules_while_it_is_open,
    dropped_votes_are_gone_and_so_are_drafts,
    picked_films_leave_the_vote_and_come_back,
    a_run_off_holds_the_other_films_until_it_ends,
    no_round_opens_before_the_last_one_is_counted,
    the_last_closed_round_is_found_with_those_after_it,
);

/// Does this in a transaction of its own.
async fn in_tx<T>(scene: &Scene, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let done = work(&mut tx).await;
    tx.commit().await.expect("a commit");
    done
}

const fn ended_by(member: Option<marquee::domain::ids::MemberId>, at: i64) -> RoundEnd {
    RoundEnd {
        state: RoundState::Closed,
        at,
        by: member,
        asked_in: None,
        departed_unknown: false,
    }
}

/// Gives the round this closing time.
async fn schedule(scene: &Scene, round: RoundId, closes_at: Option<i64>) {
    let round = Round {
        closes_at,
        ..scene.round(round).await
    };
    let key = BallotKey::new([3, 4]);
    let changed = in_tx(scene, async |tx| {
        tx.update_open_round(&round, &key, "other").await
    })
    .await;
    assert!(changed.expect("an answer"));
}

async fn a_round_ends_once_whoever_tries(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, proposal) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    assert!(scene.vote(round, member(1), proposal.id, NOW).await);
    let end = ended_by(Some(member(9)), NOW + 5);
    let ended = in_tx(&scene, async |tx| tx.claim_round_end(round, end).await).await;
    let ended = ended.expect("an answer").expect("the round");
    assert_eq!(
        (ended.state, ended.ended_at, ended.ballot_key),
        (RoundState::Closed, Some(NOW + 5), None)
    );
    let again = in_tx(&scene, async |tx| tx.claim_round_end(round, end).await).await;
    assert_eq!(again.expect("an answer"), None);
    assert!(!scene.vote(round, member(2), proposal.id, NOW + 6).await);

    let left = async |guild, limit| {
        let left = scene.store.list_uncounted_rounds(guild, limit).await;
        left.expect("a list")
    };
    assert_eq!(left(None, 9).await, [(round, GUILD)]);
    assert_eq!(left(Some(OTHER_GUILD), 9).await, []);
    let (later, _) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    let end = ended_by(Some(member(9)), NOW + 9);
    let ended = in_tx(&scene, async |tx| tx.claim_round_end(later, end).await).await;
    assert!(ended.expect("an answer").is_some());
    assert_eq!(left(None, 9).await, [(round, GUILD), (later, OTHER_GUILD)]);
    assert_eq!(left(None, 1).await, [(round, GUILD)]);
    super::results::count(&scene, round).await;
    assert_eq!(left(None, 9).await, [(later, OTHER_GUILD)]);
    assert!(
        in_tx(&scene, async |tx| tx.reopen_round(later).await)
            .await
            .expect("an answer")
    );
    assert_eq!(left(None, 9).await, []);
}

async fn what_is_known_of_an_end_is_there_for_whoever_counts_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let opened = Round {
        asked_in: Some(ChannelId(5)),
        ..scene.round(round).await
    };
    let key = BallotKey::new([3, 4]);
    let noted = in_tx(&scene, async |tx| {
        tx.update_open_round(&opened, &key, "other").await
    })
    .await;
    assert!(noted.expect("an answer"));
    for (asked_in, known) in [(None, ChannelId(5)), (Some(ChannelId(6)), ChannelId(6))] {
        let end = RoundEnd {
            asked_in,
            departed_unknown: asked_in.is_some(),
            ..ended_by(Some(member(9)), NOW + 5)
        };
        let ended = in_tx(&scene, async |tx| tx.claim_round_end(round, end).await).await;
        assert!(ended.expect("an answer").is_some());
        let ended = scene.store.find_uncounted_round(round).await.expect("an answer");
        let ended = ended.expect("a round to be counted");
        assert_eq!(ended.round.asked_in, Some(known));
        assert_eq!(ended.departed_unknown, asked_in.is_some());
        let again = in_tx(&scene, async |tx| tx.reopen_round(round).await).await;
        assert!(again.expect("an answer"));
    }
}

async fn the_reactions_of_a_round_can_be_forgotten(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (other, elsewhere) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    let at = |message| ReactionAt {
        message: MessageId(message),
        number: Number::new(1).expect("a number"),
    };
    in_tx(&scene, async |tx| {
        for (round, proposal, message) in [(round, film.id, 6), (other, elsewhere.id, 7)] {
            let numbered = tx.insert_number(MessageId(message), round, proposal).await;
            numbered.expect("a number");
            let seen = tx.insert_reaction(at(message), member(2)).await;
            assert!(seen.expect("an answer"));
        }
        tx.delete_round_reactions(round).await.expect("forgotten");
    })
    .await;
    let left = async |message| {
        let left = scene.store.list_reactions(MessageId(message)).await;
        left.expect("a list").len()
    };
    assert_eq!((left(6).await, left(7).await), (0, 1));
}

async fn a_round_is_due_from_its_second_on(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (other, _) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    assert_eq!(scene.store.find_next_closing().await.expect("an answer"), None);
    schedule(&scene, round, Some(NOW + 100)).await;
    schedule(&scene, other, Some(NOW + 90)).await;
    assert_eq!(
        scene.store.find_next_closing().await.expect("an answer"),
        Some(NOW + 90)
    );
    let due = async |now, limit| scene.store.list_due_rounds(now, limit).await.expect("a list");
    assert_eq!(due(NOW + 89, 9).await, []);
    assert_eq!(due(NOW + 100, 9).await, [(other, OTHER_GUILD), (round, GUILD)]);
    assert_eq!(due(NOW + 100, 1).await, [(other, OTHER_GUILD)]);

    let claim = async |at| {
        in_tx(&scene, async |tx| {
            tx.claim_round_end(round, ended_by(None, at)).await
        })
        .await
    };
    assert_eq!(claim(NOW + 99).await.expect("an answer"), None);
    assert!(claim(NOW + 100).await.expect("an answer").is_some());
    assert_eq!(due(NOW + 100, 9).await, [(other, OTHER_GUILD)]);
    schedule(&scene, other, None).await;
    assert_eq!(scene.store.find_next_closing().await.expect("an answer"), None);
}

async fn a_round_takes_new_rules_while_it_is_open(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (id, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let before = scene.round(id).await;
    let wanted = Round {
        rules: Rules {
            method: Method::Stv,
            picks: 3,
            votes_each: 4,
            secrecy: Secrecy::Anonymous,
            ties: TieRule::Draw,
            quorum: Some(5),
        },
        title: Some("Horror".to_owned()),
        closes_at: Some(NOW + 100),
        ..before.clone()
    };
    let key = BallotKey::new([3, 4]);
    let change = async || {
        in_tx(&scene, async |tx| {
            tx.update_open_round(&wanted, &key, "other").await
        })
        .await
    };
    assert!(change().await.expect("an answer"));
    assert_eq!(scene.round(id).await, wanted, "its own key and seed stay");

    // A round of before there were keys and seeds gets both.
    scene
        .database
        .run_sql("UPDATE rounds SET ballot_key = NULL, draw_seed = NULL")
        .await;
    assert!(change().await.expect("an answer"));
    let completed = scene.round(id).await;
    assert_eq!(
        (completed.ballot_key, completed.draw_seed.as_deref()),
        (Some(key.clone()), Some("other"))
    );

    let locked = in_tx(&scene, async |tx| tx.lock_open_round(GUILD).await).await;
    assert_eq!(locked.expect("an answer").map(|round| round.id), Some(id));
    let end = ended_by(Some(member(9)), NOW + 5);
    in_tx(&scene, async |tx| tx.claim_round_end(id, end).await)
        .await
        .expect("an answer");
    assert!(!change().await.expect("an answer"));
    assert_eq!(
        in_tx(&scene, async |tx| tx.lock_open_round(GUILD).await)
            .await
            .expect("an answer"),
        None
    );
}

async fn dropped_votes_are_gone_and_so_are_drafts(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    let (other, elsewhere) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    for (round, voter, proposal) in [(round, 1, first.id), (round, 2, first.id), (round, 2, second.id)] {
        assert!(scene.vote(round, member(voter), proposal, NOW).await);
    }
    assert!(scene.vote(other, member(1), elsewhere.id, NOW).await);
    scene
        .database
        .run_sql("INSERT INTO ballot_drafts (round_id, voter_id, draft, updated_at) SELECT id, 1, 'x', 2 FROM rounds")
        .await;
    let dropped = in_tx(&scene, async |tx| {
        assert_eq!(tx.count_voters(round).await.expect("an answer"), 2);
        tx.delete_ballot_drafts(round).await.expect("done");
        let cast = VoterId::from(member(1));
        assert!(tx.withhold_votes(round, cast, NOW).await.expect("an answer"));
        assert!(tx.restore_votes(round, cast).await.expect("an answer"));
        assert!(tx.withhold_votes(round, cast, NOW).await.expect("an answer"));
        tx.delete_withheld_votes(round).await.expect("done");
        assert!(
            !tx.restore_votes(round, cast).await.expect("an answer"),
            "dropped too"
        );
        tx.delete_round_votes(round).await
    });
    assert_eq!(dropped.await.expect("an answer"), 2, "one was set aside");
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(tx.count_voters(round).await.expect("an answer"), 0);
    assert_eq!(tx.count_voters(other).await.expect("an answer"), 1);
    tx.rollback().await.expect("an undo");
    assert_eq!(
        scene.database.number("SELECT COUNT(*) FROM ballot_drafts").await,
        1
    );
}

async fn picked_films_leave_the_vote_and_come_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    let pick = async |proposal| {
        in_tx(&scene, async |tx| {
            tx.pick_proposal(proposal, round, member(9), NOW + 5).await
        })
        .await
    };
    for proposal in [first.id, second.id] {
        assert!(pick(proposal).await.expect("an answer"));
        assert!(!pick(proposal).await.expect("an answer"), "it is picked already");
    }
    let active = async || {
        in_tx(&scene, async |tx| tx.has_active_proposals(GUILD).await)
            .await
            .expect("an answer")
    };
    assert!(!active().await);
    // One of them is put up again before the pick is undone.
    let (_, again) = scene.propose(GUILD, member(2), "tt0000012", NOW + 6).await;
    let undone = in_tx(&scene, async |tx| {
        tx.unpick_proposals(round, member(9), NOW + 7).await
    })
    .await;
    assert_eq!(undone.expect("an answer"), 1);
    assert!(active().await);
    let up: Vec<_> = scene.store.list_contenders(GUILD, round).await.expect("a list");
    let up: Vec<_> = up.into_iter().map(|contender| contender.proposal).collect();
    assert_eq!(up, [first.id, again.id]);
}

async fn a_run_off_holds_the_other_films_until_it_ends(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, second) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    let (_, third) = scene.propose(GUILD, member(3), "tt0000013", NOW + 2).await;
    let (_, elsewhere) = scene.propose(OTHER_GUILD, member(3), "tt0000013", NOW + 2).await;
    in_tx(&scene, async |tx| {
        tx.hold_proposals(GUILD, round, &[first.id, third.id]).await
    })
    .await
    .expect("held");
    let standing = async |guild| -> Vec<_> {
        let contenders = scene.store.list_contenders(guild, round).await.expect("a list");
        contenders
            .into_iter()
            .map(|contender| contender.proposal)
            .collect()
    };
    assert_eq!(standing(GUILD).await, [first.id, third.id]);
    assert_eq!(standing(OTHER_GUILD).await, [elsewhere.id]);
    in_tx(&scene, async |tx| tx.release_proposals(round).await)
        .await
        .expect("released");
    assert_eq!(standing(GUILD).await, [first.id, second.id, third.id]);
}

async fn no_round_opens_before_the_last_one_is_counted(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let end = ended_by(Some(member(9)), NOW + 5);
    in_tx(&scene, async |tx| tx.claim_round_end(round, end).await)
        .await
        .expect("an answer");
    let next = plain_round(GUILD, member(2), NOW + 6, RoundId(scene.key()));
    let open = async || {
        in_tx(&scene, async |tx| tx.ensure_open_round(&next).await)
            .await
            .expect("an answer")
    };
    assert_eq!(open().await, None);
    // Elsewhere one opens all the same.
    scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    super::results::count(&scene, round).await;
    assert_eq!(open().await.map(|round| round.number), Some(2));
}

async fn the_last_closed_round_is_found_with_those_after_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (first, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let last = async || {
        in_tx(&scene, async |tx| tx.find_last_closed_round(GUILD).await)
            .await
            .expect("an answer")
    };
    assert_eq!(last().await, None);
    let end = ended_by(Some(member(9)), NOW + 5);
    in_tx(&scene, async |tx| tx.claim_round_end(first, end).await)
        .await
        .expect("an answer");
    super::results::count(&scene, first).await;
    assert_eq!(last().await.map(|round| round.id), Some(first));

    let (next, _) = scene.propose(GUILD, member(1), "tt0000012", NOW + 6).await;
    let later = async || {
        in_tx(&scene, async |tx| tx.list_later_rounds(GUILD, 1).await)
            .await
            .expect("a list")
    };
    assert_eq!(
        later().await.iter().map(|round| round.id).collect::<Vec<_>>(),
        [next]
    );

    let cancelled = RoundEnd {
        state: RoundState::Cancelled,
        ..end
    };
    let live = marquee::domain::poll::LiveMessage {
        channel: ChannelId(5),
        message: MessageId(6),
        page: 1,
    };
    let shown = scene.store.upsert_live_message(first, live, NOW).await;
    assert!(shown.expect("remembered"));
    in_tx(&scene, async |tx| {
        assert!(!tx.reopen_round(next).await.expect("an answer"), "it is open");
        assert!(
            tx.claim_round_end(next, cancelled)
                .await
                .expect("an answer")
                .is_some()
        );
        assert!(
            !tx.reopen_round(next).await.expect("an answer"),
            "it was cancelled"
        );
        assert!(tx.delete_result(first).await.expect("an answer"));
        assert!(tx.reopen_round(first).await.expect("an answer"));
    })
    .await;
    let reopened = scene.round(first).await;
    assert_eq!(
        (reopened.state, reopened.ended_at, reopened.closes_at),
        (RoundState::Open, None, None)
    );
    let open = scene.store.find_open_round(GUILD).await.expect("an answer");
    assert_eq!(open.map(|round| round.id), Some(first));
}
