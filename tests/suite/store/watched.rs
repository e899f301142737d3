//! The history: viewings, ratings, and what becomes of proposals before and after their night.

use chrono::NaiveDate;
use marquee::domain::ids::{FilmId, GuildId, ProposalId, RoundId, ViewingId};
use marquee::domain::proposal::{Proposal, ProposalState};
use marquee::domain::watched::{FilmPast, HistoryOrder, NewViewing, PickedHere, Ratings, Stars};
use marquee::store::Tx;

use super::on_both_engines;
use super::scene::{GUILD, NOW, OTHER_GUILD, Scene, imdb, member};
use crate::harness::database::TestDatabase;

on_both_engines!(
    the_history_is_read_page_by_page_in_both_orders,
    a_film_is_written_down_once_a_day,
    a_viewing_belongs_to_its_server,
    a_member_rates_a_watched_film_once_and_may_change_it,
    a_film_that_was_never_watched_is_not_rated,
    picked_films_wait_for_their_night_before_those_up_for_the_vote,
    a_proposal_gets_its_former_state_back,
    a_newer_proposal_stays_when_a_night_is_taken_back,
    a_film_knows_its_past,
);

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn stars(stars: u32) -> Stars {
    Stars::new(stars).expect("stars")
}

async fn watch(
    scene: &Scene,
    guild: GuildId,
    film: FilmId,
    on: &str,
    proposal: Option<ProposalId>,
) -> Option<ViewingId> {
    let new = NewViewing {
        id: ViewingId(scene.key()),
        film,
        on: day(on),
        by: member(9),
        at: NOW,
        proposal,
    };
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.lock_guild(guild, NOW).await.expect("the server's row");
    let written = tx.insert_viewing(guild, &new).await.expect("an answer");
    tx.commit().await.expect("a commit");
    written.then_some(new.id)
}

async fn rate(scene: &Scene, film: FilmId, by: u64, given: u32) -> bool {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let rated = tx.upsert_rating(GUILD, film, member(by), stars(given), NOW).await;
    tx.commit().await.expect("a commit");
    rated.expect("an answer")
}

async fn in_tx<T>(scene: &Scene, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    let done = work(&mut tx).await;
    tx.commit().await.expect("a commit");
    done
}

async fn state(scene: &Scene, proposal: ProposalId) -> Vec<(ProposalId, Option<u32>)> {
    let nights = scene.store.list_nights(GUILD, 100).await.expect("a list");
    nights
        .into_iter()
        .filter(|night| night.proposal.id == proposal)
        .map(|night| (night.proposal.id, night.picked_in))
        .collect()
}

/// A round that closed with this pick, as far as the history is concerned.
async fn pick(scene: &Scene, round: RoundId, proposal: &Proposal) {
    let picked = in_tx(scene, async |tx| {
        tx.pick_proposal(proposal.id, round, member(9), NOW + 5).await
    })
    .await;
    assert!(picked.expect("an answer"));
    scene
        .database
        .run_sql(
            "INSERT INTO round_results (round_id, guild_id, counted_at, result, record)
             SELECT id, guild_id, opened_at, '', '' FROM rounds
             WHERE NOT EXISTS (SELECT 1 FROM round_results c WHERE c.round_id = rounds.id)",
        )
        .await;
}

async fn the_history_is_read_page_by_page_in_both_orders(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let mut films = Vec::new();
    for (id, on) in [
        ("tt0000011", "2026-11-01"),
        ("tt0000012", "2026-11-03"),
        ("tt0000013", "2026-11-02"),
    ] {
        let (_, proposal) = scene.propose(GUILD, member(1), id, NOW).await;
        watch(&scene, GUILD, proposal.film.id, on, None)
            .await
            .expect("written");
        films.push(proposal.film);
    }
    watch(&scene, OTHER_GUILD, films[0].id, "2026-11-09", None).await;
    for (film, by, given) in [(0, 1, 5), (0, 2, 4), (1, 1, 2), (0, 3, 5)] {
        assert!(rate(&scene, films[film].id, by, given).await);
    }
    let page = async |order, limit, offset| {
        let page = scene.store.list_viewings(GUILD, order, limit, offset).await;
        let page = page.expect("a page");
        let shown: Vec<_> = page
            .viewings
            .iter()
            .map(|viewing| (viewing.film.id, viewing.on))
            .collect();
        (page.total, shown)
    };
    let [first, second, third] = [&films[0], &films[1], &films[2]].map(|film| film.id);
    let newest = HistoryOrder::Newest;
    assert_eq!(
        page(newest, 2, 0).await,
        (3, vec![(second, day("2026-11-03")), (third, day("2026-11-02"))])
    );
    assert_eq!(page(newest, 2, 2).await, (3, vec![(first, day("2026-11-01"))]));
    assert_eq!(page(newest, 2, 4).await, (0, vec![]));
    let best: Vec<_> = page(HistoryOrder::Best, 9, 0)
        .await
        .1
        .into_iter()
        .map(|(film, _)| film)
        .collect();
    assert_eq!(best, [first, second, third], "unrated films come last");
    let all = scene
        .store
        .list_viewings(GUILD, newest, 9, 0)
        .await
        .expect("a page");
    assert_eq!(all.viewings[2].ratings, Ratings { count: 3, stars: 14 });
    assert_eq!(all.viewings[1].ratings, Ratings::default());
    assert_eq!(all.viewings[2].film, films[0]);
}

async fn a_film_is_written_down_once_a_day(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let film = up.film.id;
    let first = watch(&scene, GUILD, film, "2026-11-01", None).await;
    assert!(first.is_some());
    assert_eq!(watch(&scene, GUILD, film, "2026-11-01", None).await, None);
    assert!(watch(&scene, GUILD, film, "1969-12-31", None).await.is_some());
    let history = scene.store.list_viewings(GUILD, HistoryOrder::Newest, 9, 0).await;
    let days: Vec<_> = history.expect("a page").viewings.iter().map(|v| v.on).collect();
    assert_eq!(days, [day("2026-11-01"), day("1969-12-31")]);
}

async fn a_viewing_belongs_to_its_server(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let viewing = watch(&scene, GUILD, up.film.id, "2026-11-01", Some(up.id))
        .await
        .expect("written");
    let found = scene.store.find_viewing(GUILD, viewing).await.expect("an answer");
    assert_eq!(found.expect("a viewing").film, up.film);
    let elsewhere = scene.store.find_viewing(OTHER_GUILD, viewing).await;
    assert_eq!(elsewhere.expect("an answer"), None);
    let struck = async |guild| in_tx(&scene, async |tx| tx.delete_viewing(guild, viewing).await).await;
    assert_eq!(struck(OTHER_GUILD).await.expect("an answer"), None);
    let gone = struck(GUILD).await.expect("an answer").expect("it was there");
    assert_eq!((gone.proposal, gone.added_at), (Some(up.id), NOW));
    assert_eq!(struck(GUILD).await.expect("an answer"), None, "once");
    assert_eq!(
        scene.store.find_viewing(GUILD, viewing).await.expect("an answer"),
        None
    );
}

async fn a_member_rates_a_watched_film_once_and_may_change_it(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let film = up.film.id;
    let viewing = watch(&scene, GUILD, film, "2026-11-01", None)
        .await
        .expect("written");
    let ratings = async || {
        let found = scene.store.find_viewing(GUILD, viewing).await;
        found.expect("an answer").expect("a viewing").ratings
    };
    assert_eq!(ratings().await, Ratings::default());
    assert!(rate(&scene, film, 1, 2).await);
    assert!(rate(&scene, film, 1, 5).await);
    assert!(rate(&scene, film, 2, 4).await);
    assert_eq!(ratings().await, Ratings { count: 2, stars: 9 });
    let taken = async || in_tx(&scene, async |tx| tx.delete_rating(GUILD, film, member(1)).await).await;
    assert!(taken().await.expect("an answer"));
    assert!(!taken().await.expect("an answer"), "there is none any more");
    assert_eq!(ratings().await, Ratings { count: 1, stars: 4 });
}

async fn a_film_that_was_never_watched_is_not_rated(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    assert!(!rate(&scene, up.film.id, 1, 5).await);
    watch(&scene, OTHER_GUILD, up.film.id, "2026-11-01", None).await;
    assert!(!rate(&scene, up.film.id, 1, 5).await, "watched, but elsewhere");
}

async fn picked_films_wait_for_their_night_before_those_up_for_the_vote(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, one) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, two) = scene.propose(GUILD, member(2), "tt0000012", NOW + 1).await;
    let (_, three) = scene.propose(GUILD, member(2), "tt0000013", NOW + 2).await;
    pick(&scene, round, &three).await;
    let nights = scene.store.list_nights(GUILD, 9).await.expect("a list");
    let listed: Vec<_> = nights
        .iter()
        .map(|night| (night.proposal.id, night.picked_in))
        .collect();
    assert_eq!(listed, [(three.id, Some(1)), (one.id, None), (two.id, None)]);
    assert_eq!(nights[1].proposal, one);
    let elsewhere = scene.store.list_nights(OTHER_GUILD, 9).await;
    assert_eq!(elsewhere.expect("a list"), []);

    let night = in_tx(&scene, async |tx| tx.find_night_of(GUILD, three.film.id).await).await;
    assert_eq!(night.expect("an answer"), Some(nights[0].clone()));
    // Proposed again, it is still meant as picked.
    scene.propose(GUILD, member(1), "tt0000013", NOW + 9).await;
    let night = in_tx(&scene, async |tx| tx.find_night_of(GUILD, three.film.id).await).await;
    assert_eq!(night.expect("an answer"), Some(nights[0].clone()));
    let none = in_tx(&scene, async |tx| {
        tx.find_night_of(OTHER_GUILD, one.film.id).await
    })
    .await;
    assert_eq!(none.expect("an answer"), None);
}

async fn a_proposal_gets_its_former_state_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let (_, picked) = scene.propose(GUILD, member(1), "tt0000012", NOW + 1).await;
    pick(&scene, round, &picked).await;
    for (proposal, before) in [(&up, None), (&picked, Some(1))] {
        let watched = async || {
            in_tx(&scene, async |tx| {
                tx.watch_proposal(proposal.id, member(9), NOW + 6).await
            })
            .await
        };
        let unwatched = async || {
            in_tx(&scene, async |tx| {
                tx.unwatch_proposal(proposal.id, None, member(9), NOW + 7).await
            })
            .await
        };
        assert_eq!(unwatched().await.expect("an answer"), None, "not watched yet");
        assert!(watched().await.expect("an answer"));
        assert!(!watched().await.expect("an answer"), "once");
        assert_eq!(state(&scene, proposal.id).await, []);
        let expected = if before.is_some() {
            ProposalState::Picked
        } else {
            ProposalState::Active
        };
        assert_eq!(unwatched().await.expect("an answer"), Some(expected));
        assert_eq!(state(&scene, proposal.id).await, [(proposal.id, before)]);
    }
    // A pick whose result was withdrawn meanwhile is up for the vote again.
    in_tx(&scene, async |tx| {
        assert!(
            tx.watch_proposal(picked.id, member(9), NOW + 8)
                .await
                .expect("an answer")
        );
        assert!(tx.delete_result(round).await.expect("an answer"));
        let now = tx.unwatch_proposal(picked.id, None, member(9), NOW + 9).await;
        assert_eq!(now.expect("an answer"), Some(ProposalState::Active));
    })
    .await;
    // One that comes back during a run-off between others waits for its end.
    in_tx(&scene, async |tx| {
        assert!(
            tx.watch_proposal(up.id, member(9), NOW + 8)
                .await
                .expect("an answer")
        );
        let now = tx.unwatch_proposal(up.id, Some(round), member(9), NOW + 9).await;
        assert_eq!(now.expect("an answer"), Some(ProposalState::Active));
    })
    .await;
    let waiting = "SELECT COUNT(*) FROM proposals WHERE waits_for IS NOT NULL AND picked_in IS NULL";
    assert_eq!(scene.database.number(waiting).await, 1);
}

async fn a_newer_proposal_stays_when_a_night_is_taken_back(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (_, old) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let watched = in_tx(&scene, async |tx| {
        tx.watch_proposal(old.id, member(9), NOW + 1).await
    })
    .await;
    assert!(watched.expect("an answer"));
    let (_, new) = scene.propose(GUILD, member(2), "tt0000011", NOW + 2).await;
    let now = in_tx(&scene, async |tx| {
        tx.unwatch_proposal(old.id, None, member(9), NOW + 3).await
    })
    .await;
    assert_eq!(now.expect("an answer"), Some(ProposalState::Removed));
    assert_eq!(state(&scene, old.id).await, []);
    assert_eq!(state(&scene, new.id).await, [(new.id, None)]);
}

async fn a_film_knows_its_past(database: TestDatabase) {
    let scene = Scene::open(database).await;
    let (round, up) = scene.propose(GUILD, member(1), "tt0000011", NOW).await;
    let past = async |guild, id: &str| {
        let found = scene.store.find_film_past(guild, Some(&imdb(id)), None).await;
        found.expect("an answer").map(|(_, past)| past)
    };
    assert_eq!(past(GUILD, "tt0000011").await, Some(FilmPast::default()));
    assert_eq!(past(GUILD, "tt0000099").await, None);
    for on in ["2026-11-03", "2026-11-01"] {
        watch(&scene, GUILD, up.film.id, on, None).await.expect("written");
    }
    rate(&scene, up.film.id, 1, 4).await;
    pick(&scene, round, &up).await;
    let told = FilmPast {
        times: 2,
        last_on: Some(day("2026-11-03")),
        ratings: Ratings { count: 1, stars: 4 },
        picked: Some(PickedHere {
            round: 1,
            at: NOW + 5,
        }),
    };
    assert_eq!(past(GUILD, "tt0000011").await, Some(told));
    assert_eq!(past(OTHER_GUILD, "tt0000011").await, Some(FilmPast::default()));

    let typed = in_tx(&scene, async |tx| {
        tx.lock_guild(GUILD, NOW).await.expect("a row");
        tx.insert_typed_film_if_missing(GUILD, "Grandma's tape", FilmId(5), NOW)
            .await
    })
    .await
    .expect("a film");
    watch(&scene, GUILD, typed.id, "2026-11-02", None).await;
    let by_title = async |guild| {
        let key = marquee::domain::text::title_key("grandma's TAPE");
        let found = scene.store.find_film_past(guild, None, Some(&key)).await;
        found
            .expect("an answer")
            .map(|(film, past)| (film.id, past.times))
    };
    assert_eq!(by_title(GUILD).await, Some((typed.id, 1)));
    assert_eq!(by_title(OTHER_GUILD).await, None);
}
