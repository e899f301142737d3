//! Film data that is renewed behind: in normal running no member ever waits for it.

use std::time::Duration;

use marquee::domain::ids::ImdbId;

use crate::harness::evening::{Evening, Setting, titles};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::stock::{Stock, all_put_up};
use crate::harness::viewing::{notes, posters};

const HOUR_MS: i64 = 3_600_000;

/// An evening that renews ahead, with so many films put up and cached now.
async fn films_cached_now(count: u32) -> (Evening, Vec<ImdbId>) {
    let setting = Setting::new(FakeFilms::with_films(count)).renewing_ahead();
    let (evening, stock, films) = all_put_up(setting).await;
    stock.cache(&films, evening.clock.unix_secs()).await;
    (evening, films)
}

/// Waits until this many films' data is younger than an hour.
async fn until_young(evening: &Evening, wanted: usize) {
    let hour_ago = evening.clock.unix_secs() - 3_600;
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    let looking = async {
        loop {
            let known = stock.store().find_films(&films).await.expect("films");
            let young = known
                .iter()
                .filter_map(|film| film.cached.as_ref())
                .filter(|cached| cached.cached_at > hour_ago)
                .count();
            if young >= wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let saved = tokio::time::timeout(crate::harness::evening::PATIENCE, looking).await;
    saved.expect("the films are renewed");
}

#[tokio::test]
async fn films_are_renewed_before_they_expire_and_no_view_asks_for_any() {
    let (evening, films) = films_cached_now(10).await;
    evening.clock.advance_ms(17 * HOUR_MS);
    assert_eq!(evening.view(&evening.ada).await.cost.film_calls, 0);
    // By then all are due, each at its own time of the last hours.
    evening.clock.advance_ms(5 * HOUR_MS + HOUR_MS / 2);
    until_young(&evening, 10).await;
    assert!(films.iter().all(|film| evening.films.calls_for(film) == 1));

    for hours in [1, 2] {
        // A minute before the old data would have expired, and long after it.
        evening.clock.advance_ms(hours * HOUR_MS);
        let view = evening.look(&evening.ben).await;
        assert!(!view.deferred, "nobody waits");
        assert_eq!(posters(&view.poll), 10);
        assert!(
            titles(&view.poll)[0].contains("Film "),
            "{:?}",
            titles(&view.poll)
        );
        assert_eq!(evening.films.calls().len(), 10, "and nobody asks");
    }
    evening.end().await;
}

#[tokio::test]
async fn data_that_never_came_is_fetched_behind() {
    let setting = Setting::new(FakeFilms::with_films(3)).renewing_ahead();
    let (evening, ..) = all_put_up(setting).await;
    evening.clock.advance_ms(60_000);
    until_young(&evening, 3).await;
    let view = evening.view(&evening.ada).await;
    assert_eq!((view.cost.film_calls, posters(&view.poll)), (0, 3));
    evening.end().await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_probed_once_a_minute_in_all_and_polls_show_what_was_known() {
    let (evening, _) = films_cached_now(40).await;
    evening.films.behave(&Behaviour::status(500, "{}"));
    evening.clock.advance_ms(23 * HOUR_MS);
    // Five failures, one after the other, and it rests. What failed is put off, the rest is let go.
    let put_off = "SELECT COUNT(*) FROM film_renewals";
    evening.until_number(put_off, 5).await;
    assert_eq!(evening.films.calls().len(), 5);
    for probes in 1..=10 {
        evening.clock.advance_ms(60_001);
        evening
            .until_number(put_off, 5 + i64::try_from(probes).unwrap())
            .await;
        let view = evening.look(&evening.ada).await;
        assert_eq!(posters(&view.poll), 10);
        assert_eq!(evening.films.calls().len(), 5 + probes, "no view adds to it");
    }
    // Beyond its life the old data is shown as what it is.
    evening.clock.advance_ms(2 * HOUR_MS);
    evening.until_calls(5 + 11).await;
    let view = evening.look(&evening.ben).await;
    assert_eq!((posters(&view.poll), view.deferred), (10, false));
    assert!(notes(&view.poll, "ld") > 0, "{:?}", view.poll);
    evening.end().await;
}

#[tokio::test]
async fn a_stop_in_the_middle_loses_nothing() {
    let (mut evening, films) = films_cached_now(40).await;
    evening
        .films
        .behave(&Behaviour::Delay(Duration::from_millis(200)));
    evening.clock.advance_ms(23 * HOUR_MS);
    evening.until_calls(12).await;
    evening.stop_bot().await;
    let claimed = "SELECT COUNT(*) FROM film_renewals";
    assert_eq!(evening.database.number(claimed).await, 0, "nothing stays claimed");
    let calls = evening.films.calls().len();
    assert!((12..40).contains(&calls), "{calls}");

    evening.start_bot().await;
    evening.clock.advance_ms(60_000);
    until_young(&evening, 40).await;
    let calls = evening.films.calls().len();
    // Only those that were under way at the stop were asked for twice.
    assert!((40..=44).contains(&calls), "{calls}");
    assert!(films.iter().all(|film| evening.films.calls_for(film) >= 1));
    evening.end().await;
}

#[tokio::test]
async fn after_a_long_stop_the_first_poll_is_bounded_and_the_rest_is_no_storm() {
    let (evening, _) = films_cached_now(100).await;
    evening.films.behave(&Behaviour::Hang);
    evening.clock.advance_ms(48 * HOUR_MS);
    let view = evening.look(&evening.ada).await;
    // Who waited for one that hangs would have waited ten seconds.
    assert!(view.complete < Duration::from_secs(9), "{:?}", view.complete);
    assert_eq!(posters(&view.poll), 10, "what was known is shown");
    // Ten of the view, and those of the background until it was clear that nobody answers.
    assert!(
        evening.films.calls().len() <= 10 + 5,
        "{}",
        evening.films.calls().len()
    );
    evening.end().await;
}
