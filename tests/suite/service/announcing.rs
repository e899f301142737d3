//! Announcing with nobody but the rules: several processes at once, and rounds that are opened again meanwhile.

use std::sync::{Arc, Mutex};

use futures::future::{BoxFuture, join_all};
use marquee::clock::Clock;
use marquee::domain::ids::{ChannelId, MessageId, RoundId};
use marquee::domain::result::RUN_OFF_SECS;
use marquee::domain::settings::Change;
use marquee::domain::ties::TieRule;
use marquee::service::Service;
use marquee::service::announce::{Announcement, Announcer, Unsaid, Withdrawal};
use marquee::service::rounds::change::{Closes, RoundChange};
use marquee::store::Store;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::harness::service::service_with_cinemeta;
use crate::store::scene::{GUILD, NOW, Scene, member, organizer};

const HERE: ChannelId = ChannelId(5);

/// Notes what is said.
#[derive(Debug, Default)]
struct Notes {
    said: Mutex<Vec<Said>>,
    fails: Mutex<Vec<Unsaid>>,
    /// When set, an announcement is held up: the one bell tells that it began, the other lets it go on.
    hold: Option<(Arc<Notify>, Arc<Notify>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Announced(RoundId, ChannelId),
    Withdrawn(RoundId, MessageId),
}

impl Notes {
    fn said(&self) -> Vec<Said> {
        self.said.lock().expect("notes").clone()
    }
}

impl Announcer for Notes {
    fn announce<'a>(&'a self, announcement: &'a Announcement) -> BoxFuture<'a, Result<MessageId, Unsaid>> {
        Box::pin(async move {
            if let Some((began, go_on)) = &self.hold {
                began.notify_one();
                go_on.notified().await;
            }
            if let Some(fails) = self.fails.lock().expect("notes").pop() {
                return Err(fails);
            }
            let said = Said::Announced(announcement.result.round, announcement.channel);
            self.said.lock().expect("notes").push(said);
            Ok(MessageId(77))
        })
    }

    fn withdraw<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Result<(), Unsaid>> {
        Box::pin(async move {
            let said = Said::Withdrawn(withdrawal.round.id, withdrawal.message);
            self.said.lock().expect("notes").push(said);
            Ok(())
        })
    }
}

fn service(store: &Store, films: &FakeFilms, clock: &Clock) -> Service {
    service_with_cinemeta(store, films, clock, &TaskTracker::new())
}

/// A round with a vote.
async fn voted(scene: &Scene) -> RoundId {
    let (round, proposal) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    scene.propose(GUILD, member(1), "tt0000012", NOW).await;
    assert!(scene.vote(round, member(2), proposal.id, NOW).await);
    round
}

async fn many_processes_close_once_and_announce_once(database: TestDatabase) {
    let (scene, films) = (Scene::open(database).await, FakeFilms::start());
    let round = voted(&scene).await;
    scene
        .database
        .run_sql("UPDATE rounds SET closes_at = 1790000010")
        .await;
    let clock = Clock::manual((NOW + 10) * 1000);
    let other = scene.database.store().await;
    let services = [
        service(&scene.store, &films, &clock),
        service(&other, &films, &clock),
    ];
    let notes = Notes::default();
    let work = (0..8).map(|process| {
        let (service, notes) = (&services[process % 2], &notes);
        async move {
            // The one that loses the race for the close looks for what is to be said all the same.
            for _ in 0..3 {
                service.close_due_rounds().await.expect("closed");
                service.deliver_notices(notes).await.expect("delivered");
            }
        }
    });
    join_all(work).await;
    assert_eq!(
        notes.said().len(),
        0,
        "nobody who is known asked for anything anywhere"
    );
    assert_eq!(
        scene.database.number("SELECT COUNT(*) FROM round_results").await,
        1
    );

    // With a channel there is something to be said, once.
    let reopened = services[0]
        .reopen_round(organizer(GUILD))
        .await
        .expect("opened again");
    assert_eq!(reopened.id, round);
    let ended = services[1]
        .end_round(organizer(GUILD), HERE)
        .await
        .expect("ended");
    assert_eq!(ended.round, round);
    let deliveries = (0..8).map(|process| services[process % 2].deliver_notices(&notes));
    for delivered in join_all(deliveries).await {
        delivered.expect("delivered");
    }
    assert_eq!(notes.said(), [Said::Announced(round, HERE)]);
}

#[tokio::test]
async fn two_processes_on_sqlite_close_once_and_announce_once() {
    many_processes_close_once_and_announce_once(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn two_processes_on_postgres_close_once_and_announce_once() {
    if let Some(database) = TestDatabase::postgres().await {
        many_processes_close_once_and_announce_once(database).await;
    }
}

#[tokio::test]
async fn a_round_without_a_poll_is_announced_where_its_closing_time_was_set() {
    for moved in [false, true] {
        let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
        let round = voted(&scene).await;
        let (clock, notes) = (Clock::manual(NOW * 1000), Notes::default());
        let service = service(&scene.store, &films, &clock);
        let change = RoundChange {
            closes: Some(Closes::At(NOW + 10)),
            asked_in: Some(HERE),
            ..RoundChange::default()
        };
        let started = service.start_round(organizer(GUILD), &change, false).await;
        started.expect("changed");
        let mut place = HERE;
        if moved {
            place = ChannelId(6);
            let extended = service
                .reschedule_round(organizer(GUILD), Closes::At(NOW + 20), place)
                .await;
            extended.expect("a closing time");
        }
        clock.advance_ms(20_000);
        service.close_due_rounds().await.expect("closed");
        service.deliver_notices(&notes).await.expect("delivered");
        assert_eq!(notes.said(), [Said::Announced(round, place)]);
    }
}

#[tokio::test]
async fn a_run_off_is_announced_where_the_tied_round_was() {
    let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
    scene.change(GUILD, &Change::Ties(TieRule::RunOff)).await;
    let (clock, notes) = (Clock::manual(NOW * 1000), Notes::default());
    let service = service(&scene.store, &films, &clock);
    let change = RoundChange {
        closes: Some(Closes::At(NOW + 10)),
        asked_in: Some(HERE),
        ..RoundChange::default()
    };
    let started = service.start_round(organizer(GUILD), &change, false).await;
    let round = started.expect("opened").round.id;
    for (by, film) in [(2, "tt0000011"), (3, "tt0000012")] {
        let (_, proposal) = scene.propose(GUILD, member(1), film, NOW).await;
        assert!(scene.vote(round, member(by), proposal.id, NOW).await);
    }
    clock.advance_ms(10_000);
    service.close_due_rounds().await.expect("closed");
    let run_off = scene.store.find_open_round(GUILD).await.expect("an answer");
    let run_off = run_off.expect("a run-off");
    assert_eq!(run_off.runoff_of, Some(round));
    clock.advance_ms(RUN_OFF_SECS * 1000);
    service.close_due_rounds().await.expect("closed");
    service.deliver_notices(&notes).await.expect("delivered");
    assert_eq!(
        notes.said(),
        [Said::Announced(round, HERE), Said::Announced(run_off.id, HERE)]
    );
}

#[tokio::test]
async fn a_round_that_is_opened_again_has_its_announcement_withdrawn() {
    let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
    let round = voted(&scene).await;
    let (clock, notes) = (Clock::manual(NOW * 1000), Notes::default());
    let service = service(&scene.store, &films, &clock);
    service.end_round(organizer(GUILD), HERE).await.expect("ended");
    service.deliver_notices(&notes).await.expect("delivered");
    service
        .reopen_round(organizer(GUILD))
        .await
        .expect("opened again");
    let delivered = service.deliver_notices(&notes).await.expect("delivered");
    assert_eq!((delivered.said, delivered.next_at), (1, None));
    assert_eq!(
        notes.said(),
        [
            Said::Announced(round, HERE),
            Said::Withdrawn(round, MessageId(77))
        ]
    );
}

#[tokio::test]
async fn an_announcement_that_is_on_its_way_when_the_round_is_opened_again_is_withdrawn_too() {
    let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
    let round = voted(&scene).await;
    let (began, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let notes = Notes {
        hold: Some((Arc::clone(&began), Arc::clone(&go_on))),
        ..Notes::default()
    };
    let service = service(&scene.store, &films, &Clock::manual(NOW * 1000));
    service.end_round(organizer(GUILD), HERE).await.expect("ended");
    let reopening = async {
        began.notified().await;
        service
            .reopen_round(organizer(GUILD))
            .await
            .expect("opened again");
        go_on.notify_one();
    };
    let (delivered, ()) = tokio::join!(service.deliver_notices(&notes), reopening);
    assert_eq!(delivered.expect("delivered").said, 2);
    assert_eq!(
        notes.said(),
        [
            Said::Announced(round, HERE),
            Said::Withdrawn(round, MessageId(77))
        ]
    );
}

#[tokio::test]
async fn failures_wait_longer_each_time_and_end_after_a_day() {
    let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
    voted(&scene).await;
    let (clock, notes) = (Clock::manual(NOW * 1000), Notes::default());
    let service = service(&scene.store, &films, &clock);
    service.end_round(organizer(GUILD), HERE).await.expect("ended");
    let mut waits = Vec::new();
    loop {
        notes.fails.lock().expect("notes").push(Unsaid::Later {
            why: "Discord answered 500".to_owned(),
            wait: None,
        });
        let delivered = service.deliver_notices(&notes).await.expect("delivered");
        let Some(next_at) = delivered.next_at else {
            assert_eq!(delivered.given_up, 1);
            break;
        };
        let wait = next_at - clock.unix_secs();
        waits.push(wait);
        clock.advance_ms(wait * 1000);
    }
    assert_eq!(waits[..9], [5, 10, 20, 40, 80, 160, 320, 600, 600]);
    assert!((86_400..87_100).contains(&waits.iter().sum::<i64>()), "{waits:?}");
    assert_eq!(notes.said(), []);
}

#[tokio::test]
async fn a_channel_that_is_gone_with_no_other_one_ends_the_matter() {
    let (scene, films) = (Scene::open(TestDatabase::sqlite()).await, FakeFilms::start());
    voted(&scene).await;
    let notes = Notes::default();
    let service = service(&scene.store, &films, &Clock::manual(NOW * 1000));
    service.end_round(organizer(GUILD), HERE).await.expect("ended");
    notes
        .fails
        .lock()
        .expect("notes")
        .push(Unsaid::Gone("unknown channel".to_owned()));
    let delivered = service.deliver_notices(&notes).await.expect("delivered");
    assert_eq!((delivered.given_up, delivered.next_at), (1, None));
}
