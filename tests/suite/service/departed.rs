//! Votes of members who left: found out before the count, within bounds, and never wrongly dropped.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use marquee::domain::ids::{ChannelId, GuildId, MemberId, RoundId};
use marquee::domain::policy::Actor;
use marquee::domain::result::RoundResult;
use marquee::jobs::close_rounds;
use marquee::lifecycle::Tasks;
use marquee::service::Service;
use marquee::service::departed::{DepartedCheck, Membership};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::ballots::service;
use crate::harness::database::TestDatabase;
use crate::harness::evening::PATIENCE;
use crate::harness::providers::FakeFilms;
use crate::store::scene::{GUILD, NOW, Scene, member, organizer};

/// A server as the story has it.
#[derive(Debug, Default)]
struct Server {
    gone: Mutex<BTreeSet<MemberId>>,
    /// Nobody finds out about these.
    silent: BTreeSet<MemberId>,
    /// Everybody, where the bot may list them.
    everybody: Option<HashSet<MemberId>>,
    asked: Mutex<usize>,
    /// Whether nothing is ever answered.
    hangs: bool,
}

impl Server {
    /// One that these have left.
    fn without(gone: &[u64]) -> Self {
        Self {
            gone: Mutex::new(gone.iter().map(|who| member(*who)).collect()),
            ..Self::default()
        }
    }
}

impl Membership for Server {
    fn everybody(&self, _guild: GuildId, _until: Instant) -> BoxFuture<'_, Option<HashSet<MemberId>>> {
        async move {
            if self.hangs {
                *self.asked.lock().expect("a lock") += 1;
                std::future::pending::<()>().await;
            }
            self.everybody.clone()
        }
        .boxed()
    }

    fn is_member(&self, _guild: GuildId, member: MemberId, _until: Instant) -> BoxFuture<'_, Option<bool>> {
        async move {
            *self.asked.lock().expect("a lock") += 1;
            let gone = self.gone.lock().expect("a lock").contains(&member);
            (!self.silent.contains(&member)).then_some(!gone)
        }
        .boxed()
    }
}

/// A round in which members 1, 2 and so on voted for a film, and a service that asks this server.
struct Stage {
    scene: Scene,
    service: Service,
    round: RoundId,
    server: Arc<Server>,
    _films: FakeFilms,
}

impl Stage {
    async fn set(server: Server, voters: u64) -> Self {
        let scene = Scene::open(TestDatabase::sqlite()).await;
        let (round, film) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
        for who in 1..=voters {
            scene.vote(round, member(who), film.id, NOW).await;
        }
        scene
            .database
            .run_sql("UPDATE guilds SET departed_votes = 'drop'")
            .await;
        let films = FakeFilms::start();
        let service = service(&scene, &films, &TaskTracker::new());
        let server = Arc::new(server);
        service.set_membership(Arc::clone(&server) as Arc<dyn Membership>);
        Self {
            scene,
            service,
            round,
            server,
            _films: films,
        }
    }

    async fn check(&self) -> DepartedCheck {
        let round = self.scene.round(self.round).await;
        self.service.check_departed(&round).await.expect("a look")
    }

    async fn make_anonymous(&self) {
        let anonymous = "UPDATE rounds SET secrecy = 'anonymous', ballot_key = 'key'";
        self.scene.database.run_sql(anonymous).await;
    }

    /// How many members the server was asked about.
    fn asked(&self) -> usize {
        *self.server.asked.lock().expect("a lock")
    }

    /// Has the round's time come, and its result.
    async fn come_time(&self) -> RoundResult {
        let due = "UPDATE rounds SET closes_at = 1 WHERE state = 'open'";
        self.scene.database.run_sql(due).await;
        let due = self.service.close_due_rounds().await.expect("an answer");
        assert_eq!((due.closed, due.failed), (1, 0));
        let result = self.scene.store.find_result_of(self.round).await;
        result.expect("an answer").expect("a result")
    }

    /// How many members' votes are set aside.
    async fn withheld(&self) -> u32 {
        let withheld = self.scene.store.count_withheld_voters(self.round).await;
        withheld.expect("a count")
    }

    async fn votes(&self) -> i64 {
        self.scene.database.number("SELECT COUNT(*) FROM votes").await
    }
}

#[tokio::test]
async fn who_left_counts_no_longer_and_who_came_back_does() {
    let stage = Stage::set(Server::without(&[2]), 3).await;
    let told = stage.check().await;
    let expected = DepartedCheck {
        incomplete: false,
        changed: true,
    };
    assert_eq!((told, stage.votes().await), (expected, 2));
    let again = stage.check().await;
    assert!(!again.changed);
    assert_eq!(stage.withheld().await, 1);

    stage.server.gone.lock().expect("a lock").clear();
    let told = stage.check().await;
    assert!(told.changed);
    assert_eq!((stage.withheld().await, stage.votes().await), (0, 3));
}

#[tokio::test]
async fn what_cannot_be_found_out_counts_and_that_is_told() {
    let server = Server {
        silent: BTreeSet::from([member(3)]),
        ..Server::without(&[2, 3])
    };
    let stage = Stage::set(server, 3).await;
    let told = stage.check().await;
    assert!(told.incomplete);
    assert_eq!((stage.withheld().await, stage.votes().await), (1, 2));
}

#[tokio::test]
async fn a_crowd_is_not_asked_about_one_by_one() {
    let stage = Stage::set(Server::default(), 250).await;
    let told = stage.check().await;
    assert!(told.incomplete);
    assert_eq!(stage.withheld().await, 0);
    assert_eq!(stage.asked(), 200);
}

#[tokio::test]
async fn a_list_of_members_answers_for_a_crowd_in_an_anonymous_round_too() {
    let server = Server {
        everybody: Some((1..=249).map(member).collect()),
        ..Server::default()
    };
    let stage = Stage::set(server, 0).await;
    stage.make_anonymous().await;
    let round = stage.scene.round(stage.round).await;
    let proposal = stage.scene.store.list_active_proposals(GUILD, None, 1).await;
    let proposal = proposal.expect("a list")[0].id;
    for who in [7, 249, 250] {
        let actor = Actor {
            guild: GUILD,
            member: member(who),
            manages_server: false,
        };
        let voted = stage.service.add_vote(actor, stage.round, proposal).await;
        voted.expect("a vote");
    }
    let told = stage.check().await;
    assert_eq!(
        (stage.withheld().await, told.incomplete, stage.votes().await),
        (1, false, 2)
    );
    let withheld = stage.scene.store.list_withheld_voters(stage.round, 9).await;
    assert_eq!(
        withheld.expect("a list"),
        [round.voter(member(250)).expect("a voter")]
    );
    assert_eq!(stage.asked(), 0);

    let result = stage.come_time().await;
    assert_eq!((result.voters, result.withheld), (2, 1));
    let left = stage.scene.database.number("SELECT COUNT(*) FROM withheld_votes");
    assert_eq!(left.await, 0, "nobody could come back for them");
}

#[tokio::test]
async fn an_anonymous_round_that_is_cancelled_keeps_no_withheld_votes() {
    let server = Server {
        everybody: Some((1..=1).map(member).collect()),
        ..Server::default()
    };
    let stage = Stage::set(server, 2).await;
    stage.make_anonymous().await;
    stage.check().await;
    assert!(stage.withheld().await > 0);
    let cancelled = stage.service.cancel_round(organizer(GUILD)).await;
    assert_eq!(cancelled.expect("cancelled").round.id, stage.round);
    assert_eq!(
        stage.withheld().await,
        0,
        "it is not known any more whose they are"
    );
}

#[tokio::test]
async fn a_round_whose_time_comes_is_counted_without_those_who_left_and_tells_what_is_unknown() {
    let stage = Stage::set(
        Server {
            silent: BTreeSet::from([member(3)]),
            ..Server::without(&[2])
        },
        3,
    )
    .await;
    let result = stage.come_time().await;
    assert_eq!((result.voters, result.withheld), (2, 1));
    assert!(result.departed_unknown);
}

#[tokio::test]
async fn what_was_known_at_the_end_is_told_by_whoever_counts() {
    let server = Server {
        silent: BTreeSet::from([member(3)]),
        ..Server::default()
    };
    let stage = Stage::set(server, 3).await;
    let database = &stage.scene.database;
    // The round ends, and before it is counted the process is gone.
    database
        .run_sql("CREATE TRIGGER full_disk BEFORE INSERT ON round_results BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .await;
    let ended = stage.service.end_round(organizer(GUILD), ChannelId(5)).await;
    assert!(ended.is_err(), "{ended:?}");
    database.run_sql("DROP TRIGGER full_disk").await;
    let films = FakeFilms::start();
    let other = service(&stage.scene, &films, &TaskTracker::new());
    let due = other.close_due_rounds().await.expect("an answer");
    assert_eq!((due.closed, due.failed), (1, 0));
    let result = stage.scene.store.find_result_of(stage.round).await;
    let result = result.expect("an answer").expect("a result");
    assert!(result.departed_unknown);
    let announced = "SELECT channel_id FROM outbox WHERE kind = 'result'";
    assert_eq!(database.number(announced).await, 5);
}

#[tokio::test]
async fn a_stop_does_not_wait_until_it_is_known_who_left() {
    let server = Server {
        hangs: true,
        ..Server::default()
    };
    let stage = Stage::set(server, 1).await;
    let due = "UPDATE rounds SET closes_at = 1 WHERE state = 'open'";
    stage.scene.database.run_sql(due).await;
    let (tasks, stop) = (Tasks::new(), CancellationToken::new());
    close_rounds(stage.service.clone()).start(&tasks, stop.clone());
    let asked = async {
        while stage.asked() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("a look");
    stop.cancel();
    assert_eq!(tasks.stop(Duration::from_secs(3)).await, 0);
    assert!(
        stage.scene.round(stage.round).await.is_open(),
        "the next start closes it"
    );
}

#[tokio::test]
async fn an_anonymous_round_cannot_be_asked_about_and_says_so() {
    let stage = Stage::set(Server::without(&[2]), 3).await;
    stage.make_anonymous().await;
    let told = stage.check().await;
    assert!(told.incomplete && !told.changed);
    assert_eq!((stage.votes().await, stage.asked()), (3, 0));
}

#[tokio::test]
async fn where_departed_votes_count_nobody_is_asked_and_withheld_ones_return() {
    let stage = Stage::set(Server::without(&[2]), 2).await;
    stage.check().await;
    assert_eq!(stage.votes().await, 1);
    stage
        .scene
        .database
        .run_sql("UPDATE guilds SET departed_votes = 'count'")
        .await;
    let asked = stage.asked();
    let changed = stage.service.apply_departed_votes(GUILD).await;
    assert!(changed.expect("a look"));
    assert_eq!(stage.votes().await, 2);
    assert_eq!(stage.asked(), asked);
    assert!(
        !stage
            .service
            .member_left(GUILD, member(1))
            .await
            .expect("an answer")
    );
    assert_eq!(stage.votes().await, 2);
}
