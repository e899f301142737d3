//! Numbers under polls, reactions as last seen, and votes that remember that a reaction gave them.

use marquee::domain::ids::{ChannelId, MemberId, MessageId, ProposalId, RoundId};
use marquee::domain::poll::LiveMessage;
use marquee::domain::reaction::{Number, ReactionAt, VoteInput};
use marquee::domain::settings::Change;

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    buttons_are_the_rule_until_something_else_is_set,
    numbers_are_given_in_order_and_keep_their_meaning,
    a_reaction_is_new_once_and_gone_once,
    only_a_vote_that_a_reaction_gave_goes_with_it,
    a_number_of_a_poll_may_stand_for_nothing,
    votes_by_reaction_stand_by_themselves_where_reactions_do_not_count,
);

const MESSAGE: MessageId = MessageId(1_308_412_345_678_901_999);

fn at(number: u32) -> ReactionAt {
    ReactionAt {
        message: MESSAGE,
        number: Number::new(number).expect("a number"),
    }
}

async fn number(scene: &Scene, round: RoundId, proposal: ProposalId) {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.insert_number(MESSAGE, round, proposal)
        .await
        .expect("an answer");
    tx.commit().await.expect("a commit");
}

async fn buttons_are_the_rule_until_something_else_is_set(database: TestDatabase) {
    let scene = Scene::open(database).await;
    scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let input = async || {
        let head = scene.store.find_poll_head(GUILD).await.expect("an answer");
        head.expect("a round").input
    };
    assert_eq!(input().await, VoteInput::Buttons);
    for set in [VoteInput::Both, VoteInput::Reactions, VoteInput::Buttons] {
        scene.change(GUILD, &Change::Input(set)).await;
        assert_eq!(input().await, set);
    }
}

async fn numbers_are_given_in_order_and_keep_their_meaning(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut proposals = Vec::new();
    let mut round = None;
    for film in 11..23 {
        let (opened, proposal) = scene
            .propose(GUILD, member(1), &format!("tt00000{film}"), NOW)
            .await;
        proposals.push(proposal.id);
        round = Some(opened);
    }
    let round = round.expect("a round");
    for proposal in &proposals {
        number(&scene, round, *proposal).await;
        // A second time changes nothing.
        number(&scene, round, *proposal).await;
    }
    let listed = scene.store.list_numbers(MESSAGE).await.expect("a list");
    let expected: Vec<_> = Number::all().zip(proposals.iter().copied()).collect();
    assert_eq!(listed, expected, "ten at most");

    let found = scene
        .store
        .find_numbered(at(3))
        .await
        .expect("an answer")
        .expect("a number");
    assert_eq!(
        (found.round.id, found.round.guild, found.proposal),
        (round, GUILD, Some(proposals[2]))
    );
    assert_eq!((found.input, found.live), (VoteInput::Buttons, None));
    let elsewhere = ReactionAt {
        message: MessageId(7),
        ..at(3)
    };
    assert_eq!(
        scene.store.find_numbered(elsewhere).await.expect("an answer"),
        None
    );
}

async fn a_reaction_is_new_once_and_gone_once(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for (who, is_new) in [(1, true), (2, true), (1, false)] {
        let inserted = tx.insert_reaction(at(2), member(who)).await.expect("an answer");
        assert_eq!(inserted, is_new);
    }
    tx.commit().await.expect("a commit");
    let seen = scene.store.list_reactions(MESSAGE).await.expect("a list");
    assert_eq!(seen, [(at(2).number, member(1)), (at(2).number, member(2))]);

    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for was_there in [true, false] {
        let deleted = tx.delete_reaction(at(2), member(1)).await.expect("an answer");
        assert_eq!(deleted, was_there);
    }
    tx.commit().await.expect("a commit");
    let seen = scene.store.list_reactions(MESSAGE).await.expect("a list");
    assert_eq!(seen, [(at(2).number, member(2))]);
}

async fn only_a_vote_that_a_reaction_gave_goes_with_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.vote(round, member(1), film.id, NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let react = async |tx: &mut marquee::store::Tx, who: MemberId| {
        let voted = tx.insert_reaction_vote(round, who, film.id, NOW).await;
        voted.expect("an answer")
    };
    assert!(!react(&mut tx, member(1)).await, "voted by button before");
    assert!(react(&mut tx, member(2)).await);
    for (who, taken_back) in [(1, false), (2, true), (2, false)] {
        let deleted = tx.delete_reaction_vote(round, member(who), film.id).await;
        assert_eq!(deleted.expect("an answer"), taken_back, "{who}");
    }
    tx.commit().await.expect("a commit");
    let left = scene.store.find_member_ballot(round, member(1)).await;
    assert_eq!(left.expect("a ballot"), [film.film.id]);
}

async fn a_number_of_a_poll_may_stand_for_nothing(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let live = LiveMessage {
        channel: ChannelId(5),
        message: MESSAGE,
        page: 1,
    };
    let recorded = scene.store.upsert_live_message(round, live, NOW).await;
    assert!(recorded.expect("an answer"));
    let found = async |number: u32| {
        let found = scene.store.find_numbered(at(number)).await;
        found.expect("an answer").expect("a poll")
    };
    // The live message of a round is a poll before any film has a number.
    assert_eq!(found(1).await.proposal, None);
    let poll = scene.store.find_live_poll(MESSAGE).await.expect("an answer");
    assert_eq!(poll.map(|poll| (poll.guild, poll.numbered)), Some((GUILD, false)));

    number(&scene, round, film.id).await;
    assert_eq!(found(1).await.proposal, Some(film.id));
    assert_eq!((found(2).await.proposal, found(2).await.live), (None, Some(live)));
    let poll = scene.store.find_live_poll(MESSAGE).await.expect("an answer");
    assert_eq!(poll.map(|poll| poll.numbered), Some(true));
    let listed = scene.store.list_live_polls().await.expect("a list");
    assert_eq!(poll.into_iter().collect::<Vec<_>>(), listed);
    let none = scene.store.find_live_poll(MessageId(7)).await.expect("an answer");
    assert_eq!(none, None);
}

async fn votes_by_reaction_stand_by_themselves_where_reactions_do_not_count(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    for who in [1, 2] {
        let voted = tx.insert_reaction_vote(round, member(who), film.id, NOW).await;
        assert!(voted.expect("an answer"));
    }
    tx.commit().await.expect("a commit");
    for (input, released) in [
        (VoteInput::Both, 0),
        (VoteInput::Buttons, 2),
        (VoteInput::Buttons, 0),
    ] {
        scene.change(GUILD, &Change::Input(input)).await;
        let votes = scene.store.release_reaction_votes(GUILD).await;
        assert_eq!(votes.expect("an answer"), released, "{input:?}");
    }
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let taken_back = tx.delete_reaction_vote(round, member(1), film.id).await;
    assert!(
        !taken_back.expect("an answer"),
        "it is no reaction's vote any more"
    );
    tx.commit().await.expect("a commit");
}
