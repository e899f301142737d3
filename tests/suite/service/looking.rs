//! What is read to be looked at: no more statements than said, and the page nearest to the one asked for.

use marquee::clock::Clock;
use marquee::domain::settings::Change;
use marquee::service::Service;
use marquee::service::poll::STANDINGS;
use marquee::service::settings::AUDIT_PAGE;
use tokio_util::task::TaskTracker;

use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::harness::service::service_with_cinemeta;
use crate::store::on_both_engines;
use crate::store::scene::{GUILD, NOW, Scene, member, organizer};

on_both_engines!(
    the_standings_so_far_take_two_statements_and_list_no_film_twice,
    a_page_beyond_the_last_of_the_audit_is_the_last,
);

async fn desk(database: TestDatabase) -> (Scene, FakeFilms, Service) {
    let (scene, films) = (Scene::open(database).await, FakeFilms::start());
    let clock = Clock::manual(NOW * 1000);
    let service = service_with_cinemeta(&scene.store, &films, &clock, &TaskTracker::new());
    (scene, films, service)
}

async fn the_standings_so_far_take_two_statements_and_list_no_film_twice(database: TestDatabase) {
    let (scene, _films, service) = desk(database).await;
    for film in 1..=30 {
        let id = format!("tt{film:07}");
        let (round, up) = scene.propose(GUILD, member(film), &id, NOW).await;
        if film == 30 {
            scene.vote(round, member(1), up.id, NOW).await;
        }
    }
    let (statements, page) = scene.statements(service.read_standings(GUILD)).await;
    let page = page.expect("the standings");
    assert_eq!((statements, page.head.proposals), (2, 30));
    let mut films: Vec<_> = page
        .entries
        .iter()
        .map(|entry| entry.standing.proposal.id)
        .collect();
    assert!(page.entries[0].leads && page.entries[0].standing.votes == Some(1));
    films.sort_unstable();
    films.dedup();
    assert_eq!(u32::try_from(films.len()).expect("few"), STANDINGS);
}

async fn a_page_beyond_the_last_of_the_audit_is_the_last(database: TestDatabase) {
    let (_scene, _films, service) = desk(database).await;
    let lines = AUDIT_PAGE + 5;
    for quorum in 1..=lines {
        let changed = service
            .change_settings(organizer(GUILD), &[Change::Quorum(Some(quorum))])
            .await;
        changed.expect("settings");
    }
    for asked in [2, 3, 99, u32::MAX] {
        let audit = service.read_audit(organizer(GUILD), asked).await.expect("a page");
        assert_eq!(
            (audit.page, audit.pages, audit.entries.len()),
            (2, 2, 5),
            "{asked}"
        );
    }
}
