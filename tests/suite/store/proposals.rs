//! Proposals, their limits, and the rows that guard them.

use crate::harness::rounds::plain_round;
use marquee::domain::ids::{FilmId, ProposalId, RoundId};
use marquee::domain::proposal::ProposalState;
use marquee::domain::round::{RoundState, Rules};
use marquee::domain::settings::{Change, GuildSettings};
use marquee::store::{ActiveProposals, NewProposal, Slots};

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, imdb, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    the_first_proposal_opens_the_round_and_the_next_joins_it,
    a_film_is_up_once_in_a_server,
    a_film_that_was_taken_out_may_come_back,
    a_proposal_is_taken_out_once,
    a_proposal_of_another_server_is_not_found,
    active_proposals_are_counted_by_member,
    limits_are_the_members_own_then_the_servers,
    slots_are_those_used_and_the_limit_that_holds,
    a_proposed_film_is_found_by_its_id,
    proposals_are_listed_earliest_first,
    a_transaction_that_is_dropped_leaves_nothing,
);

async fn the_first_proposal_opens_the_round_and_the_next_joins_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    assert_eq!(scene.store.find_open_round(GUILD).await.expect("an answer"), None);
    let (first, _) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (second, _) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    let (elsewhere, _) = scene.propose(OTHER_GUILD, member(1), "tt0000011", NOW).await;
    assert_eq!(first, second);
    assert_ne!(first, elsewhere);

    let round = scene
        .store
        .find_open_round(GUILD)
        .await
        .expect("an answer")
        .expect("a round");
    assert_eq!(
        (round.id, round.guild, round.state),
        (first, GUILD, RoundState::Open)
    );
    assert_eq!(
        (round.rules, round.title, round.closes_at),
        (Rules::default(), None, None)
    );
    assert_eq!(
        scene.database.number("SELECT COUNT(*) FROM films").await,
        2,
        "films are shared"
    );
}

async fn a_film_is_up_once_in_a_server(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(
        tx.find_active_proposal_of(GUILD, up.film.id)
            .await
            .expect("an answer"),
        Some(up.clone())
    );
    assert_eq!(
        tx.find_active_proposal_of(OTHER_GUILD, up.film.id)
            .await
            .expect("an answer"),
        None
    );
    let again = NewProposal {
        id: ProposalId(scene.key()),
        guild: GUILD,
        film: up.film.id,
        by: member(2),
        at: NOW + 1,
        pitch: None,
        waits_for: None,
    };
    assert!(!tx.insert_proposal(&again).await.expect("an answer"));
    tx.commit().await.expect("a commit after a refusal");
    assert_eq!(scene.database.number("SELECT COUNT(*) FROM proposals").await, 1);
}

async fn a_film_that_was_taken_out_may_come_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert!(
        tx.retire_proposal(up.id, ProposalState::Withdrawn, member(1), NOW + 1)
            .await
            .expect("taken out")
    );
    tx.commit().await.expect("a commit");
    let (_, back) = scene.propose(GUILD, member(2), "tt0000011", NOW + 2).await;
    assert_eq!(back.film.id, up.film.id);
    assert_eq!(
        scene.database.number("SELECT COUNT(*) FROM proposals").await,
        2,
        "history stays"
    );
}

async fn a_proposal_is_taken_out_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let retire = async |tx: &mut marquee::store::Tx, state, by| {
        tx.retire_proposal(up.id, state, member(by), NOW + 1)
            .await
            .expect("an answer")
    };
    assert!(retire(&mut tx, ProposalState::Removed, 7).await);
    assert!(!retire(&mut tx, ProposalState::Withdrawn, 1).await);
    assert_eq!(
        tx.find_active_proposal_of(GUILD, up.film.id)
            .await
            .expect("an answer"),
        None
    );
    tx.commit().await.expect("a commit");
    let removed = "SELECT COUNT(*) FROM proposals
                   WHERE state = 'removed' AND state_by = 900000000000000007 AND state_at = 1790000001";
    assert_eq!(scene.database.number(removed).await, 1);
}

async fn a_proposal_of_another_server_is_not_found(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let (here, elsewhere) = (
        tx.find_active_proposal_of(GUILD, up.film.id).await,
        tx.find_active_proposal_of(OTHER_GUILD, up.film.id).await,
    );
    assert_eq!(here.expect("an answer"), Some(up));
    assert_eq!(elsewhere.expect("an answer"), None);
    tx.rollback().await.expect("an undo");
}

async fn active_proposals_are_counted_by_member(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, first) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    scene.propose(GUILD, member(2), "tt0000013", NOW).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000014", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(
        tx.count_active_proposals(GUILD, member(1))
            .await
            .expect("a count"),
        ActiveProposals { all: 3, by_member: 2 }
    );
    tx.retire_proposal(first.id, ProposalState::Withdrawn, member(1), NOW)
        .await
        .expect("taken out");
    assert_eq!(
        tx.count_active_proposals(GUILD, member(1))
            .await
            .expect("a count"),
        ActiveProposals { all: 2, by_member: 1 }
    );
    assert_eq!(
        tx.count_active_proposals(GUILD, member(3))
            .await
            .expect("a count"),
        ActiveProposals { all: 2, by_member: 0 }
    );
    tx.rollback().await.expect("an undo");
}

async fn limits_are_the_members_own_then_the_servers(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let settings = tx.lock_guild(GUILD, NOW).await.expect("a row");
    assert_eq!(settings, GuildSettings::default());
    assert_eq!(
        tx.find_proposal_limit(GUILD, member(1)).await.expect("an answer"),
        None
    );
    for limit in [Some(0), Some(25), None] {
        tx.upsert_proposal_limit(GUILD, member(1), limit)
            .await
            .expect("set");
        assert_eq!(
            tx.find_proposal_limit(GUILD, member(1)).await.expect("an answer"),
            limit
        );
        assert_eq!(
            tx.find_proposal_limit(GUILD, member(2)).await.expect("an answer"),
            None
        );
    }
    tx.commit().await.expect("a commit");
}

async fn slots_are_those_used_and_the_limit_that_holds(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let slots = async || scene.store.find_slots(GUILD, member(1)).await.expect("an answer");
    assert_eq!(
        slots().await,
        Slots {
            used: 0,
            own: None,
            server: None
        },
        "a server that nobody used yet"
    );

    scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.propose(GUILD, member(2), "tt0000012", NOW).await;
    assert_eq!(
        slots().await,
        Slots {
            used: 1,
            own: None,
            server: None
        }
    );

    scene.change(GUILD, &Change::ProposalLimit(3)).await;
    assert_eq!(
        slots().await,
        Slots {
            used: 1,
            own: None,
            server: Some(3)
        },
        "the server's"
    );

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.upsert_proposal_limit(GUILD, member(1), Some(0))
        .await
        .expect("set");
    tx.commit().await.expect("a commit");
    assert_eq!(
        slots().await,
        Slots {
            used: 1,
            own: Some(0),
            server: Some(3)
        },
        "the member's own goes first"
    );
}

async fn a_proposed_film_is_found_by_its_id(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(2), up.id, NOW).await;
    let (statements, found) = scene
        .statements(scene.store.find_proposed_film(GUILD, &imdb("tt0000011")))
        .await;
    let found = found.expect("an answer").expect("it is proposed");
    assert_eq!((statements, found.proposal, found.round.id), (1, up.id, round));
    assert_eq!(
        (found.film, found.proposed_by, found.votes),
        (up.film, member(1), Some(1))
    );
    for (guild, film) in [(OTHER_GUILD, "tt0000011"), (GUILD, "tt0000012")] {
        let none = scene
            .store
            .find_proposed_film(guild, &imdb(film))
            .await
            .expect("an answer");
        assert_eq!(none, None);
    }
}

async fn proposals_are_listed_earliest_first(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, late) = scene.propose(GUILD, member(1), "tt0000011", NOW + 9).await;
    let (_, early) = scene.propose(GUILD, member(2), "tt0000012", NOW).await;
    scene.propose(OTHER_GUILD, member(1), "tt0000013", NOW).await;
    let list = async |by, limit| {
        scene
            .store
            .list_active_proposals(GUILD, by, limit)
            .await
            .expect("a list")
    };
    assert_eq!(list(None, 25).await, [early.clone(), late.clone()]);
    assert_eq!(list(None, 1).await, [early]);
    assert_eq!(list(Some(member(1)), 25).await, [late]);
    assert_eq!(list(Some(member(3)), 25).await, []);
}

async fn a_transaction_that_is_dropped_leaves_nothing(database: TestDatabase) {
    let scene = Scene::open(database).await;
    for end in ["dropped", "undone"] {
        let mut tx = scene.store.begin_write().await.expect("a transaction");
        tx.lock_guild(GUILD, NOW).await.expect("a row");
        tx.ensure_open_round(&plain_round(GUILD, member(1), NOW, RoundId(scene.key())))
            .await
            .expect("a round");
        tx.insert_film_if_missing(&imdb("tt0000011"), "Film", None, FilmId(1), NOW)
            .await
            .expect("a film");
        if end == "undone" {
            tx.rollback().await.expect("an undo");
        } else {
            drop(tx);
        }
        // The writer is free again, and nothing of the above is there.
        let tx = scene
            .store
            .begin_write()
            .await
            .expect("a transaction after one that ended");
        tx.commit().await.expect("a commit");
        let rows = "SELECT (SELECT COUNT(*) FROM guilds) + (SELECT COUNT(*) FROM rounds) + (SELECT COUNT(*) FROM films)";
        assert_eq!(scene.database.number(rows).await, 0, "{end}");
    }
    assert_eq!(scene.store.transactions(), 4);
}
