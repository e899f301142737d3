//! The poll's data path: what a view costs, how long it takes, and what comes late.

use std::time::Duration;

use discord_sim::Message;
use futures::future::join_all;

use crate::harness::database::TestDatabase;
use crate::harness::evening::{Cost, Evening, Setting, line_of, titles};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::stock::{Stock, all_put_up};
use crate::harness::viewing::{notes, posters};

const HOUR_MS: i64 = 3_600_000;

/// Beyond what the product promises, for a machine that runs many tests at once.
const SLACK: Duration = Duration::from_secs(6);

/// A view of ten films that are all cached.
const CACHED: Cost = Cost {
    statements: 3,
    film_calls: 0,
    requests: 1,
};

fn ten_films() -> Setting {
    Setting::new(FakeFilms::with_films(10))
}

/// Every film is there, in the order in which they were put up.
fn assert_complete(poll: &Message) {
    let expected: Vec<String> = (1..=10).map(|n| format!("{n}. Film {n} (1990)")).collect();
    assert_eq!(titles(poll), expected);
    assert_eq!(posters(poll), 10, "{poll:?}");
}

/// What ten cached films cost on this database.
async fn ten_cached_films_cost_three_statements(database: TestDatabase) {
    let (evening, stock, films) = all_put_up(ten_films().on(database)).await;
    stock.cache(&films, evening.clock.unix_secs()).await;

    let view = evening.view(&evening.ada).await;
    assert_eq!(view.cost, CACHED);
    assert!(
        !view.deferred && view.answers == 1,
        "the poll is the acknowledgement itself"
    );
    assert_eq!(posters(&view.poll), 10);
    evening.end().await;
}

#[tokio::test]
async fn ten_cached_films_are_three_statements_no_outside_call_and_one_request() {
    ten_cached_films_cost_three_statements(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn the_same_on_postgresql() {
    if let Some(database) = TestDatabase::postgres().await {
        ten_cached_films_cost_three_statements(database).await;
    }
}

/// What ten cold films cost on this database, and what they cost a moment later.
async fn ten_cold_films_cost_ten_calls_once(database: TestDatabase) {
    let (evening, _, _) = all_put_up(ten_films().on(database)).await;

    let view = evening.view(&evening.ada).await;
    assert!(view.cost.statements <= 4, "{:?}", view.cost);
    assert_eq!(view.cost.film_calls, 10);
    assert_complete(&view.poll);
    evening
        .until_number("SELECT COUNT(*) FROM films WHERE cached_at IS NOT NULL", 10)
        .await;

    let again = evening.view(&evening.ben).await;
    assert_eq!((again.cost.statements, again.cost.film_calls), (3, 0));
    assert_eq!(again.answers, 1);
    assert_complete(&again.poll);
    evening.end().await;
}

#[tokio::test]
async fn ten_cold_films_are_four_statements_and_ten_calls_and_cached_from_then_on() {
    ten_cold_films_cost_ten_calls_once(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn the_same_with_cold_films_on_postgresql() {
    if let Some(database) = TestDatabase::postgres().await {
        ten_cold_films_cost_ten_calls_once(database).await;
    }
}

/// What a view costs with forty proposals, two hundred voters and three other servers.
async fn the_figures_do_not_grow(database: TestDatabase) {
    let evening = Evening::begin(Setting::new(FakeFilms::with_films(40)).on(database)).await;
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    let now = evening.clock.unix_secs();
    for other in ["Another club", "A third one", "A fourth one"] {
        let other = evening.sim.add_guild(other);
        let theirs = stock.propose(&other, &films, now).await;
        stock.vote(&theirs, 50, now).await;
    }
    let ours = stock.propose(&evening.guild, &films, now).await;
    stock.vote(&ours, 200, now).await;

    let cold = evening.view(&evening.ada).await;
    assert!(cold.cost.statements <= 4, "{:?}", cold.cost);
    assert_eq!(cold.cost.film_calls, 10, "those of the page that is shown");
    assert!(cold.poll.content().contains("200"), "{}", cold.poll.content());
    assert!(cold.poll.content().contains("page 1 of 4"));

    stock.cache(&films, now).await;
    let cached = evening.view(&evening.ada).await;
    assert_eq!((cached.cost.statements, cached.cost.film_calls), (3, 0));
    assert_eq!(cached.answers, 1);
    evening.end().await;
}

#[tokio::test]
async fn the_figures_do_not_grow_with_proposals_voters_and_servers() {
    the_figures_do_not_grow(TestDatabase::sqlite()).await;
}

#[tokio::test]
async fn the_figures_do_not_grow_on_postgresql_either() {
    if let Some(database) = TestDatabase::postgres().await {
        the_figures_do_not_grow(database).await;
    }
}

#[tokio::test]
async fn a_slow_film_database_has_the_poll_announced_at_once_and_completed_in_the_same_message() {
    let (evening, _, _) = all_put_up(ten_films()).await;
    evening.films.behave(&Behaviour::Delay(Duration::from_secs(2)));

    let view = evening.view(&evening.ada).await;
    assert!(view.deferred, "acknowledged before the details are there");
    assert!(
        view.complete < Duration::from_millis(3_500) + SLACK,
        "{:?}",
        view.complete
    );
    assert_eq!(view.answers, 2, "an acknowledgement and its edit");
    assert_eq!(view.cost.film_calls, 10);
    assert!(view.cost.statements <= 4, "{:?}", view.cost);
    assert_complete(&view.poll);
    evening.end().await;
}

#[tokio::test]
async fn a_hanging_film_database_costs_the_deadline_and_its_posters_come_once_it_is_back() {
    let (evening, _, _) = all_put_up(ten_films()).await;
    evening.films.behave(&Behaviour::Hang);

    let view = evening.view(&evening.ada).await;
    assert!(view.deferred, "acknowledged before it is given up");
    assert!(
        view.complete < Duration::from_millis(3_500) + SLACK,
        "{:?}",
        view.complete
    );
    assert_eq!(titles(&view.poll).len(), 10, "every film is on the poll");
    assert_eq!(posters(&view.poll), 0);
    assert_eq!(notes(&view.poll, "on the way"), 10);
    assert_eq!(view.cost.film_calls, 10);

    let meanwhile = evening.view(&evening.ben).await;
    assert_eq!(meanwhile.cost.film_calls, 0, "it is left alone while it hangs");
    assert!(!meanwhile.deferred, "nobody waits for it a second time");
    assert_eq!(notes(&meanwhile.poll, "on the way"), 10);

    evening.films.behave(&Behaviour::Fine);
    evening.clock.advance_ms(61_000);
    let poll = evening.until(&meanwhile.poll, |poll| posters(poll) == 10).await;
    assert_complete(&poll);
    assert_eq!(notes(&poll, "on the way"), 0);
    evening.end().await;
}

#[tokio::test]
async fn details_that_come_after_the_deadline_are_edited_into_the_poll() {
    let (evening, _, _) = all_put_up(ten_films().fetch_timeout(Duration::from_millis(500))).await;
    evening.films.behave(&Behaviour::Delay(Duration::from_secs(4)));

    let view = evening.view(&evening.ada).await;
    assert_eq!((posters(&view.poll), notes(&view.poll, "on the way")), (0, 10));
    assert!(
        view.complete < Duration::from_secs(1) + SLACK,
        "{:?}",
        view.complete
    );

    let poll = evening.until(&view.poll, |poll| posters(poll) == 10).await;
    assert_complete(&poll);
    assert_eq!(
        evening.films.calls().len(),
        10,
        "the answers under way were waited for"
    );
    evening
        .until_number("SELECT COUNT(*) FROM films WHERE cached_at IS NOT NULL", 10)
        .await;
    evening.end().await;
}

#[tokio::test]
async fn details_of_23_hours_are_used_as_they_are_and_those_of_25_are_fetched_once() {
    let (evening, _, _) = all_put_up(ten_films()).await;
    assert_eq!(evening.view(&evening.ada).await.cost.film_calls, 10);

    evening.clock.advance_ms(23 * HOUR_MS);
    let young = evening.view(&evening.ada).await;
    assert_eq!((young.cost.statements, young.cost.film_calls), (3, 0));

    evening.clock.advance_ms(2 * HOUR_MS);
    let old = evening.view(&evening.ada).await;
    assert_eq!(old.cost.film_calls, 10, "one each");
    assert!(old.cost.statements <= 4, "{:?}", old.cost);
    assert_complete(&old.poll);
    evening
        .until_number("SELECT COUNT(DISTINCT cached_at) FROM films", 1)
        .await;

    let renewed = evening.view(&evening.ada).await;
    assert_eq!((renewed.cost.statements, renewed.cost.film_calls), (3, 0));
    evening.end().await;
}

#[tokio::test]
async fn expired_details_are_shown_as_old_ones_when_nobody_can_renew_them() {
    let (evening, stock, films) = all_put_up(ten_films()).await;
    stock.cache(&films, evening.clock.unix_secs() - 25 * 3_600).await;
    evening.films.behave(&Behaviour::web_page(503));

    let view = evening.view(&evening.ada).await;
    assert_eq!(posters(&view.poll), 10);
    assert_eq!(notes(&view.poll, "older look-up"), 10);
    assert!(view.cost.film_calls <= 10, "{:?}", view.cost);

    let again = evening.view(&evening.ada).await;
    assert_eq!(again.cost.film_calls, 0, "it is left alone");
    assert_eq!(posters(&again.poll), 10);

    evening.films.behave(&Behaviour::Fine);
    evening.clock.advance_ms(61_000);
    let poll = evening
        .until(&again.poll, |poll| notes(poll, "older look-up") == 0)
        .await;
    assert_complete(&poll);
    evening.end().await;
}

#[tokio::test]
async fn details_that_a_poll_promised_come_though_the_bot_was_restarted_meanwhile() {
    let (mut evening, _, _) = all_put_up(ten_films()).await;
    evening.films.behave(&Behaviour::status(500, "{}"));
    let view = evening.view(&evening.ada).await;
    assert_eq!(notes(&view.poll, "on the way"), 10);

    evening.films.behave(&Behaviour::Fine);
    evening.restart().await;
    let poll = evening.until(&view.poll, |poll| posters(poll) == 10).await;
    assert_complete(&poll);
    evening.end().await;
}

#[tokio::test]
async fn fifty_polls_at_once_for_ten_cold_films_make_ten_calls() {
    let (mut evening, stock, films) = all_put_up(ten_films()).await;
    evening
        .films
        .behave(&Behaviour::Delay(Duration::from_millis(300)));
    let other = evening.sim.add_guild("Another club");
    let elsewhere = other.add_channel("their-night");
    stock.propose(&other, &films, evening.clock.unix_secs()).await;
    let here: Vec<_> = (0..25)
        .map(|n| evening.guild.add_member(&format!("Here {n}")))
        .collect();
    let there: Vec<_> = (0..25).map(|n| other.add_member(&format!("There {n}"))).collect();

    let views = here
        .iter()
        .map(|who| (who, &evening.channel))
        .chain(there.iter().map(|who| (who, &elsewhere)))
        .map(async |(who, channel)| evening.answer(who.slash(channel, "poll").send().await).await);
    for poll in join_all(views).await {
        assert_eq!(titles(&poll).len(), 10);
    }
    assert_eq!(evening.films.calls().len(), 10);
    evening.restart().await;
    let later = evening.view(&evening.ada).await;
    assert_eq!(later.cost.film_calls, 0, "all ten were saved");
    evening.end().await;
}

#[tokio::test]
async fn a_film_that_nobody_knows_is_asked_for_once_an_hour() {
    let evening = Evening::begin(Setting::new(FakeFilms::start())).await;
    let stock = Stock::of(&evening.database).await;
    let nobodys = "tt9999999".parse().expect("an IMDb id");
    stock
        .propose(&evening.guild, &[nobodys], evening.clock.unix_secs())
        .await;

    let view = evening.view(&evening.ada).await;
    assert_eq!((view.cost.statements, view.cost.film_calls), (3, 1));
    assert_eq!(notes(&view.poll, "could not be had"), 1);
    assert_eq!(titles(&view.poll), ["1. tt9999999"]);

    evening.vote(&evening.ben, &view.poll, "tt9999999").await;
    let voted = evening
        .until(&view.poll, |poll| line_of(poll, "tt9999999").contains("1 vote"))
        .await;
    assert_eq!(
        notes(&voted, "could not be had"),
        1,
        "a redraw promises nothing either"
    );

    evening.clock.advance_ms(HOUR_MS - 60_000);
    assert_eq!(evening.view(&evening.ada).await.cost.film_calls, 0);
    evening.clock.advance_ms(120_000);
    assert_eq!(evening.view(&evening.ada).await.cost.film_calls, 1);
    evening.end().await;
}

#[tokio::test]
async fn a_database_locked_while_details_are_saved_delays_the_save_and_not_the_poll() {
    let (evening, stock, _) = all_put_up(ten_films()).await;
    let mut holder = stock.store().begin_write().await.expect("a transaction");
    holder
        .lock_guild(marquee::domain::ids::GuildId(1), 0)
        .await
        .expect("the lock");

    let view = evening.look(&evening.ada).await;
    assert_complete(&view.poll);
    let unsaved = "SELECT COUNT(*) FROM films WHERE cached_at IS NULL";
    assert_eq!(evening.database.number(unsaved).await, 10, "the lock holds");
    drop(holder);

    // Whether the save outlasted the lock or not, the next view finds the details and fetches nothing.
    let again = evening.view(&evening.ben).await;
    assert_complete(&again.poll);
    assert_eq!(evening.films.calls().len(), 10);
    evening.until_number(unsaved, 0).await;
    evening.end().await;
}

#[tokio::test]
async fn details_that_cannot_be_read_or_are_from_the_future_are_fetched_again() {
    let (evening, stock, films) = all_put_up(ten_films()).await;
    stock.cache(&films, evening.clock.unix_secs() + 86_400).await;
    evening
        .database
        .run_sql("UPDATE films SET cached_imdb_data = '{\"v\": 99' WHERE imdb_id < 'tt9000006'")
        .await;

    let view = evening.view(&evening.ada).await;
    assert_eq!(view.cost.film_calls, 10);
    assert_complete(&view.poll);
    evening.view(&evening.ada).await;
    assert_eq!(evening.films.calls().len(), 10, "once");
    evening.end().await;
}
