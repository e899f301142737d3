//! A week of a server whose film databases come and go: how often they are asked, and what members notice.

use std::ops::Range;
use std::time::Duration;

use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::poll::Details;
use marquee::service::Service;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::harness::database::TestDatabase;
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::service::service_over;
use crate::store::scene::{GUILD, NOW, Scene, member};

const FILMS: u32 = 60;
const PAGES: u32 = 6;
const HOURS: u32 = 7 * 24;
/// The background looks more often than that; a film database that is down is probed at each look.
const LOOKS_AN_HOUR: u32 = 6;

/// When the first one answers nothing but errors, in hours.
const FIRST_DOWN: [Range<u32>; 3] = [30..38, 60..61, 120..150];
/// When the second one can't be reached, or its quota is used up.
const SECOND_AWAY: [Range<u32>; 2] = [31..33, 120..150];
const QUOTA: Range<u32> = 100..110;
/// When both are away, and until the background has caught up.
const BOTH_AWAY: Range<u32> = 120..151;

/// What members noticed, and what it cost.
#[derive(Debug, Default)]
struct Week {
    views: usize,
    /// Views with data beyond its life.
    stale: usize,
    /// Views that asked a film database, so that the member waited.
    waits: usize,
    /// Views with a film without data.
    bare: usize,
}

fn within(times: &[Range<u32>], hour: u32) -> bool {
    times.iter().any(|time| time.contains(&hour))
}

/// Has both behave as they do in this hour.
fn set(films: &FakeFilms, hour: u32) {
    // In the middle of the week the first one answers in every other hour only.
    let flaps = (72..90).contains(&hour) && hour % 2 == 1;
    let first = if flaps || within(&FIRST_DOWN, hour) {
        Behaviour::web_page(503)
    } else {
        Behaviour::Fine
    };
    let second = if QUOTA.contains(&hour) {
        Behaviour::omdb_error(401, "Request limit reached!")
    } else if within(&SECOND_AWAY, hour) {
        Behaviour::Refuse
    } else {
        Behaviour::Fine
    };
    films.behave_for(Source::Cinemeta, first);
    films.behave_for(Source::Omdb, second);
}

#[tokio::test]
async fn in_a_week_of_providers_that_come_and_go_members_notice_only_a_day_without_any() {
    let scene = Scene::open(TestDatabase::sqlite()).await;
    let films = FakeFilms::with_films(FILMS);
    for id in films.ids() {
        scene.propose(GUILD, member(1), id.as_str(), NOW).await;
    }
    let clock = Clock::manual(NOW * 1_000);
    let chain = films.settings(&[Source::Cinemeta, Source::Omdb], Duration::from_secs(3));
    let service = service_over(&scene.store, chain, &clock, &TaskTracker::new());

    let stop = CancellationToken::new();
    let mut week = Week::default();
    for hour in 0..HOURS {
        set(&films, hour);
        for _ in 0..LOOKS_AN_HOUR {
            service.renew_due_films(&stop).await.expect("a look");
            clock.advance_ms(3_600_000 / i64::from(LOOKS_AN_HOUR));
        }
        let before = (week.stale, week.waits);
        for page in 1..=PAGES {
            view(&service, &films, page, &mut week).await;
        }
        assert!(
            before == (week.stale, week.waits) || BOTH_AWAY.contains(&hour),
            "nobody notices anything in hour {hour}: {week:?}"
        );
    }

    let calls = (
        films.calls_of(Source::Cinemeta).len(),
        films.calls_of(Source::Omdb).len(),
    );
    println!("a week of {FILMS} films: {calls:?} calls, {week:?}");
    assert_eq!((week.views, week.bare), ((HOURS * PAGES) as usize, 0));
    assert!(
        week.stale > 0,
        "thirty hours without any film database are noticed"
    );
    assert!(week.waits <= BOTH_AWAY.len(), "{week:?}");
    // Seven days at no more than a day and a third each, and a probe at each look that finds one away.
    let films_days = FILMS as usize * 7;
    let probes = |hours: usize| hours * (LOOKS_AN_HOUR as usize + PAGES as usize);
    let down: usize = FIRST_DOWN.iter().map(Range::len).sum();
    assert!(calls.0 <= films_days * 4 / 3 + probes(down + 9), "{calls:?}");
    let away: usize = SECOND_AWAY.iter().map(Range::len).sum();
    assert!(calls.1 <= films_days + probes(away + QUOTA.len()), "{calls:?}");
}

/// A member looks at a page.
async fn view(service: &Service, films: &FakeFilms, page: u32, week: &mut Week) {
    let before = films.calls().len();
    let draft = service.read_poll(GUILD, page).await.expect("a page");
    let shown = service.complete_poll(draft).await.page;
    let has = |details: &[Details]| shown.entries.iter().any(|entry| details.contains(&entry.details));
    week.views += 1;
    week.stale += usize::from(has(&[Details::Old]));
    week.bare += usize::from(has(&[Details::None, Details::OnTheWay]));
    week.waits += usize::from(films.calls().len() > before);
}
