//! Every film database down at once, seen by members: one of them waits, and nobody after.

use marquee::domain::film::Source;

use crate::harness::evening::{Evening, Setting, titles, words};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::stock::all_put_up;
use crate::harness::telling::assert_says;
use crate::harness::viewing::{notes, posters};

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn with_all_of_them_hanging_the_second_poll_and_every_later_one_is_there_at_once() {
    let setting = Setting::new(FakeFilms::with_films(10)).asking(&[Source::Omdb, Source::Cinemeta]);
    let (evening, ..) = all_put_up(setting).await;
    evening.films.behave(&Behaviour::Hang);

    let first = evening.view(&evening.ada).await;
    assert!(first.deferred, "nobody could know");
    let known = evening.films.calls().len();
    assert!(known <= 20, "{known}");
    for minute in 1..=3 {
        for who in [&evening.ada, &evening.ben, &evening.olga] {
            let view = evening.view(who).await;
            assert!(!view.deferred, "minute {minute}: {:?}", view.complete);
            assert_eq!(notes(&view.poll, "on the way"), 10, "{}", words(&view.poll));
            assert_eq!(view.cost.statements, 3);
        }
        let probes = evening.films.calls().len() - known;
        assert!(probes <= 2 * minute, "{probes} probes by minute {minute}");
        evening.clock.advance_ms(60_001);
    }
    evening.end().await;
}

#[tokio::test]
async fn a_rest_and_the_days_requests_survive_a_restart_of_the_bot() {
    let setting = Setting::new(FakeFilms::with_films(2)).asking(&[Source::Omdb]);
    let mut evening = Evening::begin(setting).await;
    evening.propose(&evening.ada, "tt9000001").await;
    evening.films.behave(&Behaviour::too_many("36000"));
    evening.propose(&evening.ada, "tt9000002").await;
    let made = evening.films.calls().len();

    evening.films.behave(&Behaviour::Fine);
    evening.restart().await;
    let about = evening.command(&evening.ben, "about").await;
    let told = words(&about);
    assert!(told.contains("quota used up"), "{told}");
    assert!(told.contains(&format!("{made} of 1000 requests today")), "{told}");
    evening.poll(&evening.ben).await;
    assert_eq!(evening.films.calls().len(), made, "it is left alone");
    evening.end().await;
}

#[tokio::test]
async fn a_title_that_nobody_could_look_up_is_not_said_to_be_unknown() {
    let setting = Setting::new(FakeFilms::with_films(1)).asking(&[Source::Omdb, Source::Cinemeta]);
    let evening = Evening::begin(setting).await;
    let unknown = evening
        .ask(&evening.ben, "movie", "movie", "Nobody Filmed This")
        .await;
    assert_says(&unknown, "No film database knows a film of that title");
    evening.films.behave(&Behaviour::web_page(503));
    let unasked = evening
        .ask(&evening.ben, "movie", "movie", "Nobody Asked This")
        .await;
    assert_says(&unasked, "No film database answers just now");
    evening.end().await;
}

#[tokio::test]
async fn what_tmdb_told_is_kept_for_half_a_year_at_most_even_in_an_outage() {
    let setting = Setting::new(FakeFilms::with_films(1)).asking(&[Source::Tmdb]);
    let mut evening = Evening::begin(setting).await;
    evening.propose(&evening.ada, "tt9000001").await;
    evening.films.behave(&Behaviour::web_page(503));
    evening.clock.advance_ms(179 * DAY_MS);
    let poll = evening.poll(&evening.ada).await;
    assert!(words(&poll).contains("older look-up"), "{}", words(&poll));
    assert_eq!(posters(&poll), 1);

    evening.stop_bot().await;
    evening.clock.advance_ms(2 * DAY_MS);
    evening.start_bot().await;
    let kept = "SELECT COUNT(*) FROM films WHERE cached_imdb_data IS NOT NULL OR cached_at IS NOT NULL";
    evening.until_number(kept, 0).await;
    let poll = evening.poll(&evening.ada).await;
    assert_eq!(
        titles(&poll),
        ["1. Film 1 (1990)"],
        "the film is still up, as it was proposed"
    );
    assert_eq!(posters(&poll), 0);
    evening.end().await;
}
