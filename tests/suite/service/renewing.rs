//! Renewing film data without Discord: what is asked for, how often, and what becomes of it.

use std::time::Duration;

use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::ids::ImdbId;
use marquee::service::renew::{Progress, RefreshEnd, RefreshPlan, RefreshTally, Renewed};
use marquee::service::{Service, ServiceSettings};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::harness::database::TestDatabase;
use crate::harness::evening::PATIENCE;
use crate::harness::providers::{Behaviour, FakeFilms, Film};
use crate::harness::service::service_over;
use crate::store::scene::{GUILD, NOW, Scene, fetched, imdb, member};

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
const FETCH_TIMEOUT: Duration = Duration::from_secs(3);

/// A database, film databases, and the use cases between them.
struct World {
    scene: Scene,
    films: FakeFilms,
    clock: Clock,
    service: Service,
    stop: CancellationToken,
}

impl World {
    /// So many films put up, with no data.
    async fn with_films(count: u32) -> Self {
        Self::on(TestDatabase::sqlite(), count, &[Source::Cinemeta]).await
    }

    async fn on(database: TestDatabase, count: u32, providers: &[Source]) -> Self {
        let scene = Scene::open(database).await;
        let films = FakeFilms::with_films(count);
        for id in films.ids() {
            scene.propose(GUILD, member(1), id.as_str(), NOW).await;
        }
        let clock = Clock::manual(NOW * 1_000);
        let service = service(&scene, &films, &clock, providers);
        Self {
            scene,
            films,
            clock,
            service,
            stop: CancellationToken::new(),
        }
    }

    async fn look(&self) -> Renewed {
        self.service.renew_due_films(&self.stop).await.expect("a look")
    }

    async fn refresh(&self, plan: RefreshPlan) -> (RefreshTally, RefreshEnd) {
        let refreshed = self.service.refresh_films(plan, &self.stop, |_| {}).await;
        let refreshed = refreshed.expect("a run");
        (refreshed.tally, refreshed.end)
    }

    fn calls(&self) -> usize {
        self.films.calls().len()
    }

    async fn cached_at(&self, id: &ImdbId) -> Option<i64> {
        let film = self.scene.store.find_film(id).await.expect("an answer");
        film.expect("a film").cached.map(|cached| cached.cached_at)
    }
}

fn service(scene: &Scene, films: &FakeFilms, clock: &Clock, providers: &[Source]) -> Service {
    let chain = films.settings(providers, FETCH_TIMEOUT);
    service_over(&scene.store, chain, clock, &TaskTracker::new())
}

#[tokio::test]
async fn a_look_renews_sixty_films_at_most_and_the_next_ones_the_rest() {
    let world = World::with_films(130).await;
    for expected in [60, 60, 10, 0] {
        assert_eq!(world.look().await.found, expected);
        world.clock.advance_ms(MINUTE_MS);
    }
    assert_eq!(world.calls(), 130, "each was asked for once");

    // A day later, after a long stop, it is no storm either.
    world.clock.advance_ms(48 * HOUR_MS);
    assert_eq!(world.look().await.found, 60);
}

#[tokio::test]
async fn the_last_fifth_of_a_daily_quota_is_the_members() {
    let mut world = World::on(TestDatabase::sqlite(), 30, &[Source::Omdb]).await;
    let mut settings = world.films.settings(&[Source::Omdb], FETCH_TIMEOUT);
    settings.omdb.daily_limit = Some(25);
    world.service = service_over(&world.scene.store, settings, &world.clock, &TaskTracker::new());
    assert_eq!((world.look().await.found, world.calls()), (20, 20));
    assert_eq!((world.look().await.found, world.calls()), (0, 20));
}

#[tokio::test]
async fn films_are_renewed_in_the_last_quarter_of_their_life_and_apart() {
    let world = World::with_films(40).await;
    world.look().await;
    world.clock.advance_ms(18 * HOUR_MS - MINUTE_MS);
    assert_eq!(world.look().await, Renewed::default());
    let mut renewed = Vec::new();
    for _ in 0..5 {
        world.clock.advance_ms(HOUR_MS);
        renewed.push(world.look().await.found);
    }
    assert_eq!(renewed.iter().sum::<usize>(), 40, "all in time: {renewed:?}");
    assert!(renewed.iter().all(|part| *part <= 20), "and apart: {renewed:?}");
    assert_eq!(world.calls(), 80);
}

#[tokio::test]
async fn a_film_that_nobody_knows_any_more_keeps_its_data_and_is_asked_for_again_later() {
    let world = World::with_films(0).await;
    scene_film(&world, "tt0000123", NOW - 20 * 3_600).await;
    world.clock.advance_ms(4 * HOUR_MS);
    let look = world.look().await;
    assert_eq!((look.not_found, world.calls()), (1, 1));
    world.clock.advance_ms(5 * HOUR_MS);
    assert_eq!(world.look().await, Renewed::default());
    assert_eq!(world.cached_at(&imdb("tt0000123")).await, Some(NOW - 20 * 3_600));

    world.films.add(Film::new("tt0000123", "Found again", 1990));
    world.clock.advance_ms(HOUR_MS);
    assert_eq!(world.look().await.found, 1);
    assert_eq!(world.cached_at(&imdb("tt0000123")).await, Some(NOW + 10 * 3_600));
}

async fn scene_film(world: &World, id: &str, fetched_at: i64) {
    world.scene.propose(GUILD, member(1), id, NOW).await;
    let saved = [fetched(id, "Known", fetched_at)];
    world
        .scene
        .store
        .save_films(&saved, || world.scene.key())
        .await
        .expect("saved");
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_once_a_minute_and_then_catches_up() {
    let world = World::with_films(40).await;
    world.films.behave(&Behaviour::status(500, "{}"));
    for _ in 0..5 {
        // One at a time until somebody answers: five failures, and it rests.
        world.look().await;
        let statements = world.scene.store.statements();
        world.look().await;
        assert_eq!(world.calls(), 5, "it is left alone");
        assert_eq!(
            world.scene.store.statements(),
            statements,
            "and so is the database"
        );
    }
    for probes in 1..=30 {
        world.clock.advance_ms(MINUTE_MS);
        assert_eq!(world.look().await.found, 0);
        assert_eq!(world.calls(), 5 + probes, "one probe a minute");
    }

    world.films.behave(&Behaviour::Fine);
    world.clock.advance_ms(MINUTE_MS);
    let first = world.look().await.found;
    world.clock.advance_ms(40 * MINUTE_MS);
    assert_eq!(
        first + world.look().await.found,
        40,
        "those put off are asked for too"
    );
}

#[tokio::test]
async fn a_film_that_cannot_be_had_does_not_keep_the_others_from_theirs() {
    let world = World::with_films(20).await;
    let broken = world.films.ids()[0].clone();
    let path = format!("/meta/movie/{broken}.json");
    world
        .films
        .behave(&Behaviour::redirect_path(&path, "/meta/movie/"));
    let look = world.look().await;
    assert_eq!(look.found + look.not_found + look.failed, 20, "{look:?}");
    assert_eq!(look.found, 19);
    let calls = world.calls();
    world.clock.advance_ms(10 * MINUTE_MS);
    world.look().await;
    assert_eq!(world.calls(), calls, "it is put off");
}

#[tokio::test]
async fn processes_on_one_database_share_the_work() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let world = World::on(database, 50, &[Source::Cinemeta]).await;
    let other = service(&world.scene, &world.films, &world.clock, &[Source::Cinemeta]);
    let (here, there) = tokio::join!(world.look(), other.renew_due_films(&world.stop));
    let mut found = here.found + there.expect("a look").found;
    found += world.look().await.found;
    assert_eq!((found, world.calls()), (50, 50), "each film was asked for once");
}

#[tokio::test]
async fn a_stop_saves_what_has_come_and_leaves_the_rest_to_the_next_start() {
    let world = World::with_films(30).await;
    world.films.behave(&Behaviour::Delay(Duration::from_millis(30)));
    let stopping = async {
        while world.calls() < 9 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        world.stop.cancel();
    };
    let (look, ()) = tokio::join!(world.look(), stopping);
    assert!((1..30).contains(&look.found), "{look:?}");
    let saved = "SELECT COUNT(*) FROM films WHERE cached_at IS NOT NULL";
    assert_eq!(
        world.scene.database.number(saved).await,
        i64::try_from(look.found).unwrap()
    );
    let claimed = "SELECT COUNT(*) FROM film_renewals";
    assert_eq!(
        world.scene.database.number(claimed).await,
        0,
        "nothing stays claimed"
    );

    let again = World {
        stop: CancellationToken::new(),
        ..world
    };
    assert_eq!(look.found + again.look().await.found, 30);
}

#[tokio::test]
async fn data_that_lives_for_minutes_is_never_renewed_ahead() {
    let world = World::with_films(3).await;
    let settings = ServiceSettings {
        cache_ttl: Duration::from_mins(59),
        fetch_timeout: Duration::from_secs(3),
    };
    let catalogue = world.service.catalogue().clone();
    let (store, clock) = (world.scene.store.clone(), world.clock.clone());
    let service = Service::new(store, catalogue, clock, settings, TaskTracker::new());
    let look = service.renew_due_films(&world.stop).await.expect("a look");
    assert_eq!((look, world.calls()), (Renewed::default(), 0));
}

#[tokio::test]
async fn a_refresh_tells_changed_from_unchanged_and_from_unknown() {
    let world = World::with_films(3).await;
    let first = world.refresh(RefreshPlan::default()).await;
    let tally = RefreshTally {
        changed: 3,
        ..RefreshTally::default()
    };
    assert_eq!(first, (tally, RefreshEnd::Done));
    assert_eq!(
        world.refresh(RefreshPlan::default()).await,
        (RefreshTally::default(), RefreshEnd::Done),
        "what was renewed is fresh"
    );

    scene_film(&world, "tt0000123", NOW).await;
    // Another title for one of them.
    let saved = [fetched("tt9000002", "Before", NOW)];
    let saving = world.scene.store.save_films(&saved, || world.scene.key());
    saving.await.expect("saved");
    world.clock.advance_ms(2 * HOUR_MS);
    let plan = RefreshPlan {
        older_than: Some(Duration::from_hours(1)),
        ..RefreshPlan::default()
    };
    let tally = RefreshTally {
        changed: 1,
        unchanged: 2,
        not_found: 1,
        failed: 0,
    };
    assert_eq!(world.refresh(plan).await, (tally, RefreshEnd::Done));
    assert_eq!(
        world.cached_at(&imdb("tt0000123")).await,
        Some(NOW),
        "its data stays"
    );
}

#[tokio::test]
async fn a_refresh_waits_for_a_rest_and_asks_again_for_what_failed_then() {
    let world = World::with_films(120).await;
    world.films.behave(&Behaviour::status(500, "{}"));
    let mut rests = 0;
    let run = world
        .service
        .refresh_films(RefreshPlan::default(), &world.stop, |news| {
            if let Progress::Resting(rest) = news {
                assert_eq!(rest, Duration::from_mins(1));
                rests += 1;
                world.films.behave(&Behaviour::Fine);
                world.clock.advance_ms(MINUTE_MS);
            }
        });
    let refreshed = tokio::time::timeout(PATIENCE, run).await;
    let refreshed = refreshed.expect("it goes on").expect("a run");
    assert_eq!((rests, refreshed.end), (1, RefreshEnd::Done));
    // Four failed for good, before it was known that nobody answers.
    assert_eq!((refreshed.tally.changed, refreshed.tally.failed), (116, 4));
    assert_eq!(world.calls(), 5 + 116);
}

#[tokio::test]
async fn a_refresh_gives_up_when_nobody_answers_for_long() {
    let world = World::with_films(120).await;
    world.films.behave(&Behaviour::status(500, "{}"));
    let run = world
        .service
        .refresh_films(RefreshPlan::default(), &world.stop, |news| {
            if matches!(news, Progress::Resting(_)) {
                world.clock.advance_ms(MINUTE_MS);
            }
        });
    let refreshed = tokio::time::timeout(PATIENCE, run).await;
    let refreshed = refreshed.expect("it ends").expect("a run");
    assert_eq!(refreshed.end, RefreshEnd::NobodyAnswers);
    assert_eq!(world.calls(), 5 + 3, "five failures, and a probe after each rest");
    let claimed = "SELECT COUNT(*) FROM film_renewals WHERE not_before < 1790001000";
    assert_eq!(
        world.scene.database.number(claimed).await,
        0,
        "nothing stays claimed"
    );
}

#[tokio::test]
async fn while_a_refresh_is_at_them_the_background_leaves_its_films_alone() {
    let world = World::with_films(20).await;
    let background = service(&world.scene, &world.films, &world.clock, &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Delay(Duration::from_millis(20)));
    let looking = async {
        while world.calls() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        background.renew_due_films(&world.stop).await.expect("a look")
    };
    let (run, look) = tokio::join!(world.refresh(RefreshPlan::default()), looking);
    assert_eq!((run.0.changed, look), (20, Renewed::default()));
    assert_eq!(world.calls(), 20);
}

#[tokio::test]
async fn a_used_up_quota_ends_a_refresh_at_once_unless_another_one_can_be_asked() {
    let quota = Behaviour::omdb_error(401, "Request limit reached!");
    let world = World::on(TestDatabase::sqlite(), 30, &[Source::Omdb]).await;
    world.films.behave(&quota);
    let (tally, end) = world.refresh(RefreshPlan::default()).await;
    assert!(matches!(end, RefreshEnd::QuotaUsedUp(Source::Omdb, rest) if rest > Duration::from_mins(2)));
    assert_eq!(
        (tally.asked(), world.calls()),
        (0, 1),
        "the film is left for the next run"
    );

    let world = World::on(TestDatabase::sqlite(), 30, &[Source::Omdb, Source::Cinemeta]).await;
    world.films.behave_for(Source::Omdb, quota);
    let (tally, end) = world.refresh(RefreshPlan::default()).await;
    assert_eq!((tally.changed, end), (30, RefreshEnd::Done));
}

#[tokio::test]
async fn a_refused_key_ends_a_refresh() {
    let world = World::on(TestDatabase::sqlite(), 30, &[Source::Omdb]).await;
    world
        .films
        .behave(&Behaviour::omdb_error(401, "Invalid API key!"));
    let (_, end) = world.refresh(RefreshPlan::default()).await;
    assert_eq!((end, world.calls()), (RefreshEnd::NobodyToAsk, 1));
}
