//! Forty thousand members: the poll stays two statements, and each is answered from an index.

use std::collections::BTreeMap;

use marquee::domain::ids::MemberId;

use super::on_both_engines;
use super::scene::{GUILD, NOW, Scene, member};
use crate::harness::database::TestDatabase;

on_both_engines!(forty_thousand_voters_are_counted_exactly);

async fn forty_thousand_voters_are_counted_exactly(database: TestDatabase) {
    let scene = Scene::open(database).await;

    for number in 0..200 {
        let film = format!("tt{:07}", 11 + number);
        scene.propose(GUILD, member(1), &film, NOW + number).await;
    }
    // Member n votes for the n-th film, counted round and round.
    scene
        .database
        .run_sql(
            "INSERT INTO votes (round_id, member_id, film_id, cast_at)
             WITH RECURSIVE members (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM members WHERE n < 39999)
             SELECT r.id, m.n, p.film_id, 1790000000 + m.n
             FROM members m
             JOIN (SELECT film_id, ROW_NUMBER() OVER (ORDER BY proposed_at) - 1 AS place FROM proposals) p
               ON p.place = m.n % 200
             JOIN rounds r ON r.state = 'open'",
        )
        .await;
    let (statements, (head, page)) = scene
        .statements(async {
            let head = scene
                .store
                .find_poll_head(GUILD)
                .await
                .expect("an answer")
                .expect("a head");
            let page = scene
                .store
                .list_standings(&head.round, 10, 190)
                .await
                .expect("a page");
            (head, page)
        })
        .await;
    assert_eq!(statements, 2);
    assert_eq!((head.proposals, head.voters), (200, 40_000));
    let counts: BTreeMap<_, _> = page
        .standings
        .iter()
        .map(|standing| (standing.proposal.proposed_at - NOW, standing.votes))
        .collect();
    assert_eq!(counts, (190..200).map(|place| (place, Some(200))).collect());
    assert_eq!(page.most_votes, 200);
    let first = &page.standings[0].first_voters;
    assert_eq!(first, &[190, 390, 590, 790].map(MemberId));
}
