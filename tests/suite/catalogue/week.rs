//! A week of an evening club's life in simulated time, with providers that come and go: what it costs in
//! requests, and how often a member had to wait or saw something old. Told in figures, and bounded.

use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::ids::{GuildId, ImdbId, MemberId, ProposalId, RoundId};
use marquee::domain::poll::Details;
use marquee::service::Service;
use marquee::store::{NewProposal, Store};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{HASTE, NOW_MS, eventually};
use crate::harness::database::TestDatabase;
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::rounds::plain_round;
use crate::harness::service::service_over;

const GUILD: GuildId = GuildId(7);
const ALL: [Source; 3] = [Source::Tmdb, Source::Omdb, Source::Cinemeta];

const FILMS: u32 = 10;
const MINUTES: i64 = 7 * 24 * 60;
/// A view every so many minutes.
const EVERY: i64 = 10;

/// From this hour to that one, counted from the start, these providers behave like this.
struct Trouble {
    hours: std::ops::Range<i64>,
    who: &'static [Source],
    how: fn() -> Behaviour,
}

/// A bad week: each provider alone, two of them, all of them, for an hour and for a day.
const TROUBLES: &[Trouble] = &[
    Trouble {
        hours: 20..30,
        who: &[Source::Tmdb],
        how: || Behaviour::Hang,
    },
    Trouble {
        hours: 44..52,
        who: &[Source::Tmdb, Source::Omdb],
        how: || Behaviour::web_page(503),
    },
    Trouble {
        hours: 70..96,
        who: &ALL,
        how: || Behaviour::Hang,
    },
    Trouble {
        hours: 110..111,
        who: &ALL,
        how: || Behaviour::Refuse,
    },
    Trouble {
        hours: 120..144,
        who: &[Source::Omdb],
        how: || Behaviour::omdb_error(401, "Daily request limit reached!"),
    },
    Trouble {
        hours: 142..146,
        who: &[Source::Tmdb, Source::Cinemeta],
        how: Behaviour::gzip_bomb,
    },
];

fn behaviour(source: Source, hour: i64) -> Behaviour {
    TROUBLES
        .iter()
        .find(|trouble| trouble.hours.contains(&hour) && trouble.who.contains(&source))
        .map_or(Behaviour::Fine, |trouble| (trouble.how)())
}

/// What a week came to.
#[derive(Debug, Default)]
struct Week {
    views: usize,
    /// Views that waited as long as a member waits at most.
    waits: usize,
    /// Views with something past its time.
    stale: usize,
    /// Views with something missing.
    bare: usize,
    calls: [usize; 3],
}

/// Puts ten films up.
async fn propose(store: &Store, films: &[ImdbId], at: i64) {
    let mut tx = store.begin_write().await.expect("a transaction");
    tx.lock_guild(GUILD, at).await.expect("a server");
    let by = MemberId(1);
    tx.ensure_open_round(&plain_round(GUILD, by, at, RoundId(1)))
        .await
        .expect("a round");
    for (nth, film) in (1..).zip(films) {
        let film = tx
            .insert_film_if_missing(film, film.as_str(), None, marquee::domain::ids::FilmId(nth), at)
            .await
            .expect("a film");
        let new = NewProposal {
            id: ProposalId(nth),
            guild: GUILD,
            film: film.id,
            by,
            at,
            pitch: None,
            waits_for: None,
        };
        assert!(tx.insert_proposal(&new).await.expect("a proposal"));
    }
    tx.commit().await.expect("a commit");
}

/// One `/poll`.
async fn view(service: &Service, week: &mut Week) {
    let begun = Instant::now();
    let draft = service.read_poll(GUILD, 1).await.expect("a poll");
    let page = service.complete_poll(draft).await.page;
    week.views += 1;
    week.waits += usize::from(begun.elapsed() >= HASTE);
    let shown = |wanted: &[Details]| page.entries.iter().any(|entry| wanted.contains(&entry.details));
    week.stale += usize::from(shown(&[Details::Old]));
    week.bare += usize::from(shown(&[Details::OnTheWay, Details::None]));
    assert_eq!(page.entries.len(), FILMS as usize, "the poll always renders");
}

#[tokio::test]
async fn a_week_with_providers_that_come_and_go_costs_little_and_keeps_few_waiting() {
    let films = FakeFilms::with_films(FILMS);
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let (clock, tasks) = (Clock::manual(NOW_MS), TaskTracker::new());
    propose(&store, &films.ids(), clock.unix_secs()).await;
    let service = service_over(&store, films.settings(&ALL, HASTE), &clock, &tasks);

    let mut week = Week::default();
    let mut hour = -1;
    for minute in (0..MINUTES).step_by(usize::try_from(EVERY).expect("some minutes")) {
        if minute / 60 != hour {
            hour = minute / 60;
            for source in ALL {
                films.behave_for(source, behaviour(source, hour));
            }
            service.save_provider_health().await.expect("saved");
        }
        view(&service, &mut week).await;
        // What goes on behind ends, so that each view finds the world settled, as ten minutes make it.
        let hanging = TROUBLES
            .iter()
            .any(|trouble| trouble.hours.contains(&hour) && matches!((trouble.how)(), Behaviour::Hang));
        if !hanging {
            eventually("what goes on behind ends", || tasks.is_empty()).await;
        }
        clock.advance_ms(EVERY * 60_000);
    }
    for (calls, source) in week.calls.iter_mut().zip(ALL) {
        *calls = films.calls_of(source).len();
    }
    let all: usize = week.calls.iter().sum();
    println!(
        "a week of {} views: {all} requests ({} to TMDB, {} to OMDb, {} to Cinemeta), {} waits, {} stale views, {} bare views",
        week.views, week.calls[0], week.calls[1], week.calls[2], week.waits, week.stale, week.bare,
    );

    assert_eq!(week.views, 1_008);
    // Ten films a day at two requests each from TMDB, as much again where the next one steps in, and what
    // troubles cost: a probe a view at most while one lasts, of each provider in trouble.
    let views_in_trouble: i64 = TROUBLES
        .iter()
        .map(|trouble| {
            (trouble.hours.end - trouble.hours.start) * 60 / EVERY * trouble.who.len().cast_signed() as i64
        })
        .sum();
    let most = FILMS as usize * 8 * 2 * 2 + usize::try_from(views_in_trouble).expect("some");
    assert!(all <= most, "{all} requests, more than {most}");
    // A trouble is found out once by waiting; so is its being over, at most.
    assert!(week.waits <= 2 * TROUBLES.len(), "{week:?}");
    // Old data is shown while nobody has new: the day without any, and the hours without two of three.
    let dark_views = 26 * 60 / EVERY + 60 / EVERY + 4 * 60 / EVERY + 12;
    assert!(
        week.stale <= usize::try_from(dark_views).expect("some"),
        "{week:?}"
    );
    assert_eq!(week.bare, 0, "what was once known is shown: {week:?}");
}
