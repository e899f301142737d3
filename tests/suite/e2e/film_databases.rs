//! Film databases that fail in every way: the poll renders, they are asked a bounded number of times,
//! and what they send hurts nobody.

use std::time::Duration;

use marquee::domain::film::Source;

use crate::harness::evening::{Evening, Setting, titles, words};
use crate::harness::providers::{Behaviour, FakeFilms, Film};
use crate::harness::stock::{Stock, all_put_up};
use crate::harness::viewing::{notes, posters};

/// The time for film data in most of these stories.
const FETCH_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Beyond the fetch time-out: the product's half second, and the rest for a busy machine. A view that
/// waited for a hanging request would take the ten seconds after which that is given up.
const BEYOND: Duration = Duration::from_secs(6);

/// The poll renders in time without any details, twice, and the second view asks nobody.
async fn the_poll_renders_without_details(provider: Source, behaviour: Behaviour, note: &str) {
    let setting = Setting::new(FakeFilms::with_films(10))
        .asking(&[provider])
        .fetch_timeout(FETCH_TIMEOUT);
    let (evening, ..) = all_put_up(setting).await;
    evening.films.behave(&behaviour);

    let view = evening.view(&evening.ada).await;
    assert!(view.complete < FETCH_TIMEOUT + BEYOND, "{:?}", view.complete);
    let expected: Vec<String> = (1..=10).map(|n| format!("{n}. tt{}", 9_000_000 + n)).collect();
    assert_eq!(titles(&view.poll), expected);
    assert_eq!(notes(&view.poll, note), 10, "{}", words(&view.poll));
    assert_eq!(posters(&view.poll), 0);
    assert_eq!(view.cost.statements, 3, "nothing to save");
    // One each, and a second attempt where the connection broke before any answer.
    assert!(view.cost.film_calls <= 20, "{:?}", view.cost);

    let again = evening.view(&evening.ben).await;
    assert_eq!(again.cost.film_calls, 0, "it is left alone");
    assert!(!again.deferred, "and nobody waits for it");
    assert_eq!(titles(&again.poll), expected);
    evening.end().await;
}

const ON_THE_WAY: &str = "on the way";
const NOT_TO_BE_HAD: &str = "could not be had";

/// One story a misbehaviour.
macro_rules! misbehaving {
    ($($story:ident: $provider:ident, $behaviour:expr, $note:ident;)+) => {$(
        #[tokio::test]
        async fn $story() {
            the_poll_renders_without_details(Source::$provider, $behaviour, $note).await;
        }
    )+};
}

misbehaving! {
    one_that_refuses: Cinemeta, Behaviour::Refuse, ON_THE_WAY;
    one_that_speaks_another_protocol: Cinemeta, Behaviour::PlainGreeting, ON_THE_WAY;
    one_that_resets_connections: Cinemeta, Behaviour::Reset, ON_THE_WAY;
    one_that_hangs: Cinemeta, Behaviour::Hang, ON_THE_WAY;
    one_that_hangs_after_its_headers: Cinemeta, Behaviour::HeadersThenSilence, ON_THE_WAY;
    one_that_drips: Cinemeta, Behaviour::Drip, ON_THE_WAY;
    one_that_never_ends: Cinemeta, Behaviour::EndlessChunks, ON_THE_WAY;
    one_that_breaks_off: Cinemeta, Behaviour::Truncated, ON_THE_WAY;
    one_that_answers_500: Cinemeta, Behaviour::status(500, "{}"), ON_THE_WAY;
    one_that_answers_503_with_a_web_page: Cinemeta, Behaviour::web_page(503), ON_THE_WAY;
    one_that_answers_200_with_a_web_page: Cinemeta, Behaviour::web_page(200), ON_THE_WAY;
    one_behind_a_firewall: Cinemeta, Behaviour::challenge(), ON_THE_WAY;
    one_that_answers_nothing: Cinemeta, Behaviour::body(""), ON_THE_WAY;
    one_that_answers_null: Cinemeta, Behaviour::body("null"), ON_THE_WAY;
    one_that_answers_nonsense: Cinemeta, Behaviour::body(b"\x00\xff{]nonsense".to_vec()), ON_THE_WAY;
    one_that_sends_20_megabytes: Cinemeta, Behaviour::huge(20 * 1024 * 1024), ON_THE_WAY;
    one_that_sends_a_gzip_bomb: Cinemeta, Behaviour::gzip_bomb(), ON_THE_WAY;
    one_that_redirects_elsewhere: Cinemeta, Behaviour::redirect("http://169.254.169.254/"), ON_THE_WAY;
    one_that_has_too_much_to_do: Cinemeta, Behaviour::too_many("120"), ON_THE_WAY;
    one_whose_quota_is_used_up: Omdb, Behaviour::omdb_error(401, "Request limit reached!"), NOT_TO_BE_HAD;
    one_that_refuses_the_key: Omdb, Behaviour::omdb_error(401, "Invalid API key!"), NOT_TO_BE_HAD;
    one_that_refuses_the_token: Tmdb, Behaviour::status(401, r#"{"status_code":7}"#), NOT_TO_BE_HAD;
}

#[tokio::test]
async fn one_that_is_down_for_long_is_asked_once_a_minute_and_no_more() {
    let (evening, ..) = all_put_up(Setting::new(FakeFilms::with_films(10))).await;
    evening.films.behave(&Behaviour::status(500, "{}"));
    assert_eq!(evening.view(&evening.ada).await.cost.film_calls, 10);

    for minute in 1..=2 {
        evening.clock.advance_ms(60_001);
        evening.until_calls(10 + minute).await;
        // Whoever looks now does not have it asked again.
        let view = evening.view(&evening.ben).await;
        assert_eq!(notes(&view.poll, ON_THE_WAY), 10);
        assert_eq!(evening.films.calls().len(), 10 + minute);
    }
    evening.end().await;
}

/// The chain with a first database that fails like this: the next one has the details, in time.
async fn the_next_one_helps(behaviour: Behaviour) {
    let setting = Setting::new(FakeFilms::with_films(10)).asking(&[Source::Tmdb, Source::Cinemeta]);
    let (evening, ..) = all_put_up(setting).await;
    evening.films.behave_for(Source::Tmdb, behaviour);

    let view = evening.view(&evening.ada).await;
    assert!(
        view.complete < Duration::from_secs(3) + BEYOND,
        "{:?}",
        view.complete
    );
    assert_eq!(posters(&view.poll), 10, "{}", words(&view.poll));
    assert!(view.cost.statements <= 4, "{:?}", view.cost);
    assert_eq!(evening.films.calls_of(Source::Cinemeta).len(), 10);
    assert!(evening.films.calls_of(Source::Tmdb).len() <= 10);

    let again = evening.view(&evening.ben).await;
    assert_eq!(again.cost.film_calls, 0);
    evening.end().await;
}

#[tokio::test]
async fn when_the_first_hangs_the_next_one_helps_within_the_same_deadline() {
    the_next_one_helps(Behaviour::Hang).await;
}

#[tokio::test]
async fn when_the_first_is_broken_the_next_one_helps() {
    the_next_one_helps(Behaviour::web_page(502)).await;
}

#[tokio::test]
async fn when_the_first_refuses_the_token_the_next_one_helps() {
    the_next_one_helps(Behaviour::status(401, r#"{"status_code":7}"#)).await;
}

/// A text with everything that could ping, break the layout, or pass as somebody else's words.
const HOSTILE: &str = "@everyone <@&1> **bold** [click](https://evil.example) \u{202e}rorrim\u{200b}\n# Heading\n> said the bot ||";

#[tokio::test]
async fn what_a_film_database_says_is_text_and_nothing_else() {
    let evening = Evening::begin(Setting::new(FakeFilms::start())).await;
    for n in 1..=10 {
        let mut film = Film::new(&format!("tt{}", 9_000_000 + n), "", 1990);
        film.title = HOSTILE.chars().cycle().take(400).collect();
        film.plot = HOSTILE.repeat(40);
        film.poster = "https://evil.example/@everyone.png".to_owned();
        evening.films.add(film);
    }
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    stock
        .propose(&evening.guild, &films[1..], evening.clock.unix_secs())
        .await;
    // The card of a proposal shows more of it than a poll does.
    let card = evening.propose(&evening.ada, films[0].as_str()).await;
    let film = evening
        .ask(&evening.ada, "movie", "movie", films[0].as_str())
        .await;
    let view = evening.view(&evening.ben).await;
    assert_eq!(view.poll.embeds().len(), 10);
    assert_eq!(posters(&view.poll), 0, "an unknown host is no poster");

    for message in [&card, &film, &view.poll] {
        let said = words(message);
        for forbidden in [
            "\u{202e}",
            "\u{200b}",
            "[click](",
            "**bold**",
            "||",
            "\n# Heading",
            "\n> said",
        ] {
            assert!(!said.contains(forbidden), "{forbidden:?} in {said}");
        }
        for at in 0..message.embeds().len() {
            let title = message.embed(at).title().unwrap_or_default();
            assert!(title.contains("everyone"), "the title is shown as text: {title}");
            assert!(!title.contains('\n'), "{title}");
        }
    }
    // That nobody was pinged and no limit was broken is judged at the end of every evening.
    evening.end().await;
}
