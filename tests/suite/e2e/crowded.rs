//! A server as full as one gets: two hundred films with titles of four hundred characters that would like to
//! be more than text, and five thousand voters. Every screen of a round, by every method; the local Discord
//! refuses whatever breaks a limit.

use discord_sim::Message;
use marquee::domain::method::Method;

use super::polls::turn;
use crate::harness::evening::{Evening, Setting, words};
use crate::harness::providers::FakeFilms;
use crate::harness::stock::Stock;
use crate::harness::telling::{assert_says, assert_says_aside};

const FILMS: u32 = 200;
const VOTERS: i64 = 5_000;

/// More pages than any screen has: one that could be turned for ever is caught.
const MANY_PAGES: usize = 100;

/// What a title is filled up with.
const NASTY: [&str; 5] = [
    "@everyone <@&1> ",
    "**||~~`` ",
    "[x](https://example.org) ",
    "👩‍👩‍👧‍👦 ",
    "\u{202E}gnol ",
];

/// A title of four hundred characters for the film with this number.
fn title(number: usize) -> String {
    let filling = NASTY[number % NASTY.len()].chars().cycle();
    format!("Film {number} ")
        .chars()
        .chain(filling)
        .take(400)
        .collect()
}

/// Two hundred films up for the vote, with details of them.
async fn fill(evening: &Evening) {
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    let now = evening.clock.unix_secs();
    stock.propose(&evening.guild, &films, now).await;
    stock.cache_as(&films, now, title).await;
}

/// Has five thousand members vote by this method: for one film, for three, or with twelve stars or ranks each.
async fn vote_all(evening: &Evening, method: Method) {
    let sql = match method {
        Method::Single => {
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, value)
             WITH RECURSIVE members (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM members WHERE n < 5000),
                 places AS (SELECT film_id, ROW_NUMBER() OVER (ORDER BY film_id) - 1 AS place FROM proposals)
             SELECT r.id, m.n, p.film_id, 1790000000, 1 FROM members m
             JOIN places p ON p.place = (m.n * 31) % 200, rounds r WHERE r.state = 'open'"
        }
        Method::Approval | Method::Limited => {
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, value)
             WITH RECURSIVE members (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM members WHERE n < 5000),
                 ranks (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM ranks WHERE k < 3),
                 places AS (SELECT film_id, ROW_NUMBER() OVER (ORDER BY film_id) - 1 AS place FROM proposals)
             SELECT r.id, m.n, p.film_id, 1790000000, 1 FROM members m JOIN ranks
             JOIN places p ON p.place = (m.n * 31 + k * 17) % 200, rounds r WHERE r.state = 'open'"
        }
        Method::Star => {
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, value)
             WITH RECURSIVE members (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM members WHERE n < 5000),
                 ranks (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM ranks WHERE k < 12),
                 places AS (SELECT film_id, ROW_NUMBER() OVER (ORDER BY film_id) - 1 AS place FROM proposals)
             SELECT r.id, m.n, p.film_id, 1790000000, 1 + (m.n + k) % 5 FROM members m JOIN ranks
             JOIN places p ON p.place = (m.n * 31 + k * 17) % 200, rounds r WHERE r.state = 'open'"
        }
        Method::Irv | Method::Schulze | Method::Stv => {
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, value)
             WITH RECURSIVE members (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM members WHERE n < 5000),
                 ranks (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM ranks WHERE k < 12),
                 places AS (SELECT film_id, ROW_NUMBER() OVER (ORDER BY film_id) - 1 AS place FROM proposals)
             SELECT r.id, m.n, p.film_id, 1790000000, k FROM members m JOIN ranks
             JOIN places p ON p.place = (m.n * m.n + k * 17) % 200, rounds r WHERE r.state = 'open'"
        }
    };
    evening.database.run_sql(sql).await;
    let voters = "SELECT COUNT(DISTINCT member_id) FROM votes";
    assert_eq!(evening.database.number(voters).await, VOTERS);
}

/// Turns a screen's pages to the last one with the button that is labelled so; how many there are.
async fn leaf_through(evening: &Evening, mut page: Message, forth: &str) -> usize {
    let mut pages = 1;
    while page.button_labelled(forth).is_some_and(|button| !button.disabled) {
        page = turn(evening, &page, forth).await;
        pages += 1;
        assert!(pages < MANY_PAGES, "{}", words(&page));
    }
    pages
}

/// A round by this method, from its poll to the last page of its count.
async fn a_full_round(method: Method) {
    let setting = Setting::new(FakeFilms::with_films(FILMS));
    Evening::set(setting, |evening| async move {
        let number = Method::ALL.iter().position(|known| *known == method);
        let number = i64::try_from(number.expect("a method")).expect("few");
        let settings = evening.olga.slash(&evening.channel, "settings voting");
        let settings = settings.integer("method", number);
        evening.answer(settings.send().await).await;
        fill(&evening).await;
        vote_all(&evening, method).await;

        let poll = evening.poll(&evening.ada).await;
        assert!(
            poll.content().contains("5000 members have voted"),
            "{}",
            poll.content()
        );
        assert_eq!(leaf_through(&evening, poll.clone(), "▶").await, 20);
        let ballot = turn(&evening, &poll, "My ballot").await;
        assert_eq!(leaf_through(&evening, ballot, "Later films ▶").await, 8);
        turn(&evening, &poll, "Results so far").await;
        for command in ["pick random", "pick double-feature", "round status", "movie"] {
            let slash = evening.ada.slash(&evening.channel, command);
            let slash = if command == "movie" {
                slash.string("movie", "tt9000001")
            } else {
                slash
            };
            evening.answer(slash.send().await).await;
        }
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "propose", "movie", "film")
            .await;
        assert!(offered.expect("suggestions").len() <= 25);

        let ended = evening.command(&evening.olga, "round end").await;
        assert!(ended.content().contains("is closed"), "{}", ended.content());
        evening
            .until_number("SELECT COUNT(*) FROM outbox WHERE state = 'due'", 0)
            .await;
        let announced = evening.channel.messages();
        let announced: Vec<&Message> = announced
            .iter()
            .filter(|message| message.content().contains("is over"))
            .filter(|message| message.id() != poll.id())
            .collect();
        assert_eq!(announced.len(), 1, "{}", evening.sim.transcript());
        evening
            .until(&poll, |poll| poll.content().contains("This round is over"))
            .await;

        let standings = evening.command(&evening.ada, "results").await;
        let pages = leaf_through(&evening, standings.clone(), "▶").await;
        assert!(pages >= 10, "{pages} pages for {FILMS} films");
        if standings.button_labelled("How it was counted").is_some() {
            let counted = turn(&evening, &standings, "How it was counted").await;
            leaf_through(&evening, counted, "▶").await;
        }
        evening
    })
    .await;
}

/// One story a method.
macro_rules! full_rounds {
    ($($story:ident: $method:ident;)+) => {$(
        #[tokio::test]
        async fn $story() {
            a_full_round(Method::$method).await;
        }
    )+};
}

full_rounds! {
    a_round_by_approval: Approval;
    a_round_of_single_votes: Single;
    a_round_of_limited_votes: Limited;
    a_round_of_stars: Star;
    a_round_by_instant_run_off: Irv;
    a_round_by_schulzes_method: Schulze;
    a_round_of_transferable_votes: Stv;
}

#[tokio::test]
async fn more_films_than_a_count_takes_are_refused_with_what_to_do() {
    let evening = Evening::begin(Setting::new(FakeFilms::with_films(1_001))).await;
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    let now = evening.clock.unix_secs();
    stock.propose(&evening.guild, &films[..1_000], now).await;
    stock.cache(&films[1_000..], now).await;
    let full = evening.propose(&evening.ada, films[1_000].as_str()).await;
    assert_says_aside(&full, "1000 films are up for the vote here");
    // The one that was proposed last is found, and makes room.
    let last = films[999].as_str();
    let out = evening.ask(&evening.olga, "withdraw", "movie", last).await;
    assert_says(&out, "is out of the vote");
    evening.propose(&evening.ada, films[1_000].as_str()).await;
    let active = "SELECT COUNT(*) FROM proposals WHERE state = 'active'";
    assert_eq!(evening.database.number(active).await, 1_000);
    evening.end().await;
}
