//! The table of failure cases, case by case: the class, an end in time, nothing stored, no key in any log, no
//! request where none may go, and a provider that is used again once it is well.

use std::time::Duration;

use marquee::catalogue::{AnswerCounts, Catalogue, Outcome};
use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::domain::ids::GuildId;
use marquee::service::film_card::FilmCardOutcome;
use marquee::store::Store;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::cases::{Case, Class, all};
use super::secrets::heard;
use super::{NOW_MS, SLACK, eventually};
use crate::harness::database::TestDatabase;
use crate::harness::providers::{Behaviour, FakeFilms, OMDB_KEY, TMDB_TOKEN};
use crate::harness::service::service_over;

/// Where nothing hangs, nobody has to hurry.
const PATIENT: Duration = Duration::from_secs(3);

/// Where something hangs, it is waited for and does not come: the less the better.
const HASTE: Duration = Duration::from_millis(300);

/// Looks one film up through the service, which would save what came of it.
async fn check(case: &Case, store: &Store) {
    let films = FakeFilms::with_films(2);
    films.behave_for(case.source, case.behaviour.clone());
    let (clock, tasks) = (Clock::manual(NOW_MS), TaskTracker::new());
    let fetch_timeout = if case.hangs { HASTE } else { PATIENT };
    let mut settings = films.settings(&[case.source], fetch_timeout);
    if case.speaks_tls() {
        for url in [
            &mut settings.tmdb.base_url,
            &mut settings.omdb.base_url,
            &mut settings.cinemeta.base_url,
        ] {
            *url = url.replace("http://", "https://");
        }
    }
    let service = service_over(store, settings, &clock, &tasks);
    let catalogue = service.catalogue();
    let [film, another] = &films.ids()[..] else {
        panic!("two films")
    };
    let told = format!("{} of {}", case.name, case.source.as_str());

    let begun = Instant::now();
    let card = service.film_card(GuildId(1), film.as_str()).await;
    assert!(begun.elapsed() < fetch_timeout + SLACK, "{told} took too long");
    eventually(&told, || {
        case.class.counted_in(catalogue.answer_counts()[0].1) == 1
    })
    .await;
    let counts = catalogue.answer_counts()[0].1;
    let all = answers(counts);
    assert_eq!(all, 1, "{told}: {counts:?}");

    // What nobody knows is remembered and refused; any other failure leaves nothing behind.
    let remembered = catalogue.recall(film);
    if case.class == Class::NotFound {
        assert_eq!(remembered, Some(Outcome::NotFound), "{told}");
        assert!(card.is_err(), "{told}");
    } else {
        assert_eq!(remembered, None, "{told}");
        let bare = matches!(&card, Ok(FilmCardOutcome::Card(card)) if card.film.cached.is_none());
        assert!(bare, "{told}: a card with the id alone, not {card:?}");
    }
    assert_eq!(store.find_film(film).await.expect("an answer"), None, "{told}");
    // One for the look-up, a second where the connection broke, and the hops of a loop.
    assert!(films.calls().len() <= 4, "{told}: {:?}", films.calls());
    let search = catalogue.search("Film 1", None, HASTE).await;
    tracing::info!(?card, ?search, ?catalogue, case = told, "all that can be told");

    if case.passes() {
        films.behave_for(case.source, Behaviour::Fine);
        let gathered = catalogue
            .look_up_all(std::slice::from_ref(another), Instant::now() + PATIENT + SLACK)
            .await;
        assert!(
            matches!(gathered.outcomes[..], [(_, Outcome::Found { .. })]),
            "{told}, and well again: {gathered:?}"
        );
    }
}

/// How many answers were counted, in whatever class.
const fn answers(counts: AnswerCounts) -> u64 {
    counts.found + counts.not_found + counts.transient + counts.quota + counts.bad_key + counts.unreadable
}

#[tokio::test]
async fn every_failure_case_has_its_class_ends_in_time_stores_nothing_tells_no_key_and_passes() {
    let elsewhere = FakeFilms::start();
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let cases = all(&elsewhere.base_url(Source::Omdb));
    let (log, _listening) = heard();
    for case in &cases {
        check(case, &store).await;
    }
    println!("{} failure cases", cases.len());
    assert!(cases.len() > 110, "{}", cases.len());
    assert_eq!(elsewhere.calls(), [], "where no request may go");

    let text = log.text();
    assert_eq!(text.matches("all that can be told").count(), cases.len());
    for secret in [OMDB_KEY, TMDB_TOKEN, "apikey="] {
        if let Some(at) = text.find(secret) {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            panic!("{secret} in the log: {}", &text[line..at + secret.len()]);
        }
    }
}

/// What a provider may get rid of before it notices that nobody reads on: what is read of a body, and the
/// system's buffers on both sides.
const MOST_SENT: u64 = 256 * 1024 + 6 * 1024 * 1024;

#[tokio::test]
async fn of_a_body_without_measure_only_the_beginning_is_taken() {
    const FILMS: u32 = 10;
    let films = FakeFilms::with_films(FILMS);
    films.behave(&Behaviour::huge(20 * 1024 * 1024));
    let (clock, tasks) = (Clock::manual(NOW_MS), TaskTracker::new());
    let settings = films.settings(&[Source::Cinemeta], PATIENT);
    let catalogue = Catalogue::new(settings, clock, tasks).expect("a catalogue");
    let deadline = Instant::now() + PATIENT + SLACK;
    let gathered = catalogue.look_up_all(&films.ids(), deadline).await;
    assert!(
        gathered
            .outcomes
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Failed)
    );
    let sent = films.bytes_sent();
    println!(
        "of {FILMS} bodies of 20 MB, {} KiB each left the provider",
        sent / 1024 / u64::from(FILMS)
    );
    assert!(sent < u64::from(FILMS) * MOST_SENT, "{sent} bytes");
    assert_eq!(catalogue.answer_counts()[0].1.unreadable, u64::from(FILMS));
}
