//! Every failure of the facts: its class, that it ends in time, and that the provider is used again.

use marquee::catalogue::Outcome;
use marquee::domain::film::Source;
use tokio::time::Instant;

use super::cases::Class;
use super::{FETCH_TIMEOUT, SLACK, World, eventually};
use crate::harness::providers::{Behaviour, FakeFilms};

/// Has a provider misbehave once, and checks what the catalogue makes of it.
async fn check(source: Source, name: &str, behaviour: Behaviour, class: Class) {
    let world = World::of(FakeFilms::with_films(1), &[source]);
    check_in(&world, source, name, behaviour, class).await;
}

async fn check_in(world: &World, source: Source, name: &str, behaviour: Behaviour, class: Class) {
    let ids = world.films.ids();
    world.films.behave_for(source, behaviour);

    let started = Instant::now();
    let gathered = world.look_up(&ids).await;
    assert!(
        started.elapsed() < world.fetch_timeout + SLACK,
        "{name} took too long"
    );

    let expected = match class {
        Class::NotFound => Outcome::NotFound,
        _ => Outcome::Failed,
    };
    for (_, outcome) in &gathered.outcomes {
        assert_eq!(*outcome, expected, "{name}");
    }
    eventually(name, || class.counted_in(world.counts(source)) == 1).await;
    let counts = world.counts(source);
    let all = counts.found
        + counts.not_found
        + counts.transient
        + counts.quota
        + counts.bad_key
        + counts.unreadable;
    assert_eq!(all, 1, "{name}: {counts:?}");
}

/// Like [`check`], and afterwards the provider is well and the film is found.
async fn check_and_recover(source: Source, name: &str, behaviour: Behaviour, class: Class) {
    check(source, name, behaviour.clone(), class).await;

    let world = World::of(FakeFilms::with_films(2), &[source]);
    let ids = world.films.ids();
    world.films.behave_for(source, behaviour);
    world.look_up(&ids[..1]).await;
    world.films.behave_for(source, Behaviour::Fine);
    assert!(
        matches!(world.outcome(&ids[1]).await, Outcome::Found { .. }),
        "{name}"
    );
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_transient() {
    for (name, behaviour) in [("refused", Behaviour::Refuse), ("reset", Behaviour::Reset)] {
        check_and_recover(Source::Cinemeta, name, behaviour, Class::Transient).await;
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_once_more_and_not_again() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    world.films.behave(&Behaviour::Reset);
    let film = world.films.ids().remove(0);
    assert_eq!(world.outcome(&film).await, Outcome::Failed);
    assert_eq!(world.films.calls_for(&film), 2);
}

#[tokio::test]
async fn a_provider_that_speaks_no_tls_is_transient() {
    let films = FakeFilms::with_films(1);
    films.behave(&Behaviour::PlainGreeting);
    let mut settings = films.settings(&[Source::Cinemeta], FETCH_TIMEOUT);
    settings.cinemeta.base_url = settings.cinemeta.base_url.replace("http://", "https://");
    let clock = marquee::clock::Clock::machine();
    let tasks = tokio_util::task::TaskTracker::new();
    let catalogue =
        marquee::catalogue::Catalogue::new(settings, clock, tasks).expect("settings that can be used");
    let gathered = catalogue
        .look_up_all(&films.ids(), Instant::now() + FETCH_TIMEOUT + SLACK)
        .await;
    assert_eq!(gathered.outcomes, [(films.ids()[0].clone(), Outcome::Failed)]);
    assert_eq!(catalogue.answer_counts()[0].1.transient, 1);
}

#[tokio::test]
async fn a_provider_that_does_not_come_to_an_end_is_transient_at_the_deadline() {
    for (name, behaviour) in [
        ("silent", Behaviour::Hang),
        ("headers, then silent", Behaviour::HeadersThenSilence),
        ("dripping", Behaviour::Drip),
        ("endless chunks", Behaviour::EndlessChunks),
    ] {
        let world = World::hasty(FakeFilms::with_films(1), &[Source::Cinemeta]);
        check_in(&world, Source::Cinemeta, name, behaviour, Class::Transient).await;
    }
}

#[tokio::test]
async fn answers_that_break_off_or_are_too_long_are_unreadable() {
    for (name, behaviour) in [
        ("truncated", Behaviour::Truncated),
        ("10 MB", Behaviour::huge(10 * 1024 * 1024)),
        ("20 MB", Behaviour::huge(20 * 1024 * 1024)),
        ("a gzip bomb", Behaviour::gzip_bomb()),
    ] {
        check(Source::Cinemeta, name, behaviour, Class::Unreadable).await;
    }
}

#[tokio::test]
async fn a_provider_in_trouble_is_transient_however_it_says_so() {
    for (name, behaviour) in [
        ("200 with a web page", Behaviour::web_page(200)),
        ("202, a challenge", Behaviour::challenge()),
        ("204", Behaviour::status(204, "")),
        ("200, empty", Behaviour::body("")),
        ("403 with a web page", Behaviour::web_page(403)),
        ("404 with a web page", Behaviour::web_page(404)),
        ("500 with a web page", Behaviour::web_page(500)),
        ("502 with a web page", Behaviour::web_page(502)),
        ("503 with a web page", Behaviour::web_page(503)),
        ("522 with a web page", Behaviour::web_page(522)),
        ("304", Behaviour::status(304, "")),
    ] {
        check_and_recover(Source::Cinemeta, name, behaviour, Class::Transient).await;
    }
}

#[tokio::test]
async fn nonsense_is_unreadable() {
    let deep = format!(
        "{{\"meta\":{{\"name\":\"x\",\"a\":{}{}}}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    for (name, body) in [
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"film\"".to_vec()),
        ("a number", b"42".to_vec()),
        ("no JSON", b"{\"meta\":{\"name\":\"a \"quoted\" word\"}}".to_vec()),
        ("invalid UTF-8", b"{\"meta\":{\"name\":\"\xFF\xFE\"}}".to_vec()),
        ("nested 200 deep", deep.into_bytes()),
    ] {
        check_and_recover(Source::Cinemeta, name, Behaviour::body(body), Class::Unreadable).await;
    }
}

#[tokio::test]
async fn a_film_without_a_name_is_not_found() {
    for (name, body) in [
        ("nameless", r#"{"meta":{"id":"tt9000001","type":"movie"}}"#),
        ("an empty object", "{}"),
        ("no meta", r#"{"meta":null}"#),
        ("an empty name", r#"{"meta":{"name":""}}"#),
    ] {
        check(Source::Cinemeta, name, Behaviour::body(body), Class::NotFound).await;
    }
}

#[tokio::test]
async fn too_many_requests_are_a_quota() {
    for retry_after in ["120", "Mon, 23 Nov 2026 12:00:00 GMT", "soon"] {
        let behaviour = Behaviour::too_many(retry_after);
        check(Source::Cinemeta, retry_after, behaviour, Class::Quota).await;
    }
}

#[tokio::test]
async fn the_texts_of_omdb_have_their_classes() {
    for (status, error, class) in [
        (200, "Movie not found!", Class::NotFound),
        (200, "Incorrect IMDb ID.", Class::NotFound),
        (200, "Error getting data.", Class::NotFound),
        (401, "Invalid API key!", Class::BadKey),
        (401, "No API key provided.", Class::BadKey),
        (401, "Request limit reached!", Class::Quota),
        (401, "Daily request limit reached!", Class::Quota),
    ] {
        let behaviour = Behaviour::omdb_error(status, error);
        check(Source::Omdb, error, behaviour, class).await;
    }
}

#[tokio::test]
async fn the_codes_of_tmdb_have_their_classes() {
    let nothing = r#"{"movie_results":[],"tv_results":[],"person_results":[]}"#;
    let person = r#"{"movie_results":[],"person_results":[{"id":1,"name":"Somebody"}]}"#;
    for (status, body, class) in [
        (401, r#"{"status_code":7}"#, Class::BadKey),
        (401, r#"{"status_code":10}"#, Class::BadKey),
        (404, r#"{"status_code":34}"#, Class::NotFound),
        (429, r#"{"status_code":25}"#, Class::Quota),
        (503, r#"{"status_code":9}"#, Class::Transient),
        (422, r#"{"errors":["query must be provided"]}"#, Class::Transient),
        (200, nothing, Class::NotFound),
        (200, person, Class::NotFound),
    ] {
        check(Source::Tmdb, body, Behaviour::status(status, body), class).await;
    }
}

#[tokio::test]
async fn redirects_that_lead_away_are_refused_and_the_target_sees_no_request() {
    let elsewhere = FakeFilms::start();
    let target = elsewhere.base_url(Source::Omdb);
    for to in [
        target.clone(),
        target.replace("127.0.0.1", "localhost"),
        target.replace("127.0.0.1", "user@127.0.0.1"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://v3-cinemeta.strem.io/meta/movie/tt9000001.json".to_owned(),
        "https://example.org/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "//".to_owned(),
    ] {
        let behaviour = Behaviour::redirect(&to);
        check(Source::Cinemeta, &to, behaviour, Class::Transient).await;
    }
    assert_eq!(elsewhere.calls(), []);
}

#[tokio::test]
async fn a_redirect_loop_ends_after_three_hops() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let ids = world.films.ids();
    world
        .films
        .behave_for(Source::Cinemeta, Behaviour::redirect("/round/and/round"));
    assert_eq!(world.outcome(&ids[0]).await, Outcome::Failed);
    assert_eq!(world.films.calls().len(), 4);
    assert_eq!(world.counts(Source::Cinemeta).transient, 1);
}

#[tokio::test]
async fn a_redirect_within_the_operators_own_address_is_followed() {
    let world = World::of(FakeFilms::with_films(1), &[Source::Cinemeta]);
    let id = world.films.ids().remove(0);
    let other = super::id("tt7777777");
    world.films.behave_for(
        Source::Cinemeta,
        Behaviour::redirect_path(
            &format!("/meta/movie/{other}.json"),
            &format!("/meta/movie/{id}.json"),
        ),
    );
    assert_eq!(world.data(&other).await.title, "Film 1");
    assert_eq!(world.films.calls().len(), 2);
}
