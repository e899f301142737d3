//! A server's settings and its members' limits come back as they were written.

use marquee::domain::ids::{ChannelId, RoleId};
use marquee::domain::method::Method;
use marquee::domain::reaction::VoteInput;
use marquee::domain::round::Secrecy;
use marquee::domain::settings::{Change, Country, DepartedVotes, GuildSettings, Language};
use marquee::domain::ties::TieRule;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    every_setting_comes_back_as_it_was_written,
    members_limits_are_listed,
);

fn changes() -> Vec<Change> {
    vec![
        Change::Method(Method::Limited),
        Change::Picks(2),
        Change::VotesEach(5),
        Change::Secrecy(Secrecy::Hidden),
        Change::Ties(TieRule::Draw),
        Change::Quorum(Some(4)),
        Change::Input(VoteInput::Both),
        Change::Departed(DepartedVotes::Drop),
        Change::Channel(Some(ChannelId(7))),
        Change::OrganizerRole(Some(RoleId(8))),
        Change::AnnounceRole(Some(RoleId(9))),
        Change::TimeZone("Europe/Berlin".parse().expect("a zone")),
        Change::Language(Language::read("pt-BR")),
        Change::Country(Country::read("BR")),
        Change::Series(true),
        Change::ProposalLimit(3),
    ]
}

async fn every_setting_comes_back_as_it_was_written(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let read = async |guild| scene.store.find_settings(guild).await.expect("settings");
    let mut expected = GuildSettings::default();
    assert_eq!(read(GUILD).await, expected, "a server that set nothing");
    for change in changes() {
        let before = expected.clone();
        expected = expected.with(&change);
        assert_ne!(expected, before, "{change:?} changes something");
        scene.change(GUILD, &change).await;
        assert_eq!(read(GUILD).await, expected, "{change:?}");
    }
    assert_eq!(read(OTHER_GUILD).await, GuildSettings::default());
    let cleared = [
        Change::Quorum(None),
        Change::Channel(None),
        Change::OrganizerRole(None),
        Change::AnnounceRole(None),
        Change::Language(None),
        Change::Country(None),
    ];
    for change in cleared {
        expected = expected.with(&change);
        scene.change(GUILD, &change).await;
    }
    assert_eq!(read(GUILD).await, expected);
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    assert_eq!(tx.lock_guild(GUILD, NOW).await.expect("settings"), expected);
}

async fn members_limits_are_listed(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.lock_guild(GUILD, NOW).await.expect("the server's row");
    for (of, limit) in [(3, 0), (1, 5), (2, 7)] {
        let set = tx.upsert_proposal_limit(GUILD, member(of), Some(limit)).await;
        set.expect("set");
    }
    tx.commit().await.expect("a commit");
    let (listed, total) = scene.store.list_proposal_limits(GUILD, 2).await.expect("a list");
    assert_eq!((listed, total), (vec![(member(1), 5), (member(2), 7)], 3));
    let none = scene.store.list_proposal_limits(OTHER_GUILD, 2).await;
    assert_eq!(none.expect("a list"), (vec![], 0));
}
