//! No row and no column that a member or an organizer filled is lost on the way down and up again: every table
//! is filled, read as it stands, and compared.

use std::collections::BTreeMap;

use super::on_both_engines;
use crate::harness::database::TestDatabase;

on_both_engines!(every_row_and_every_column_comes_back);

/// What may be lost: it was made of what film databases said, or by an import.
const MADE_AGAIN: [&str; 3] = ["film_renewals", "provider_health", "title_index"];

/// One server after some rounds: something in every column.
const EVERYTHING: &str = "
    INSERT INTO guilds (guild_id, created_at, proposal_limit, vote_input, method, picks, votes_each, secrecy, ties,
        quorum, departed_votes, channel_id, organizer_role, announce_role, time_zone, language, country, series)
    VALUES (-7, 1, 3, 'both', 'stv', 2, 4, 'hidden', 'draw', 5, 'ignored', 11, 12, 13, 'Asia/Tokyo', 'de-DE', 'DE', TRUE);
    INSERT INTO films (id, imdb_id, guild_id, title, title_key, year, created_at)
    VALUES (21, 'tt0000021', NULL, 'Known', 'known', 1979, 2), (22, NULL, -7, 'Typed', 'typed', NULL, 3);
    INSERT INTO rounds (id, guild_id, number, state, method, picks, votes_each, secrecy, ties, quorum, title, opened_by,
        opened_at, closes_at, ended_at, ended_by, ballot_key, draw_seed, runoff_of, asked_in, departed_unknown, uncounted)
    VALUES (31, -7, 1, 'closed', 'star', 2, 6, 'anonymous', 'run_off', 3, 'Horror', 41, 4, 5, 6, 42, NULL, 'seed 1', NULL,
            NULL, TRUE, FALSE),
        (32, -7, 2, 'open', 'irv', 1, 7, 'public', 'chain', NULL, NULL, 42, 7, 8, NULL, NULL, 'key', 'seed 2', 31,
            63, FALSE, FALSE),
        (33, -7, 3, 'closed', 'irv', 1, 7, 'public', 'chain', NULL, NULL, 42, 7, 8, 9, 42, NULL, 'seed 3', NULL,
            64, FALSE, TRUE);
    INSERT INTO proposals (id, guild_id, film_id, proposed_by, proposed_at, pitch, state, state_by, state_at, waits_for,
        picked_in)
    VALUES (51, -7, 21, 41, 9, 'Why not', 'picked', 42, 10, NULL, 31),
        (52, -7, 22, 42, 11, NULL, 'active', 42, 11, 32, NULL);
    INSERT INTO polls (round_id, guild_id, channel_id, message_id, page, posted_at) VALUES (32, -7, 61, 62, 2, 12);
    INSERT INTO votes (round_id, member_id, film_id, cast_at, source, value)
    VALUES (31, -71, 21, 13, NULL, 4), (32, 72, 22, 14, 'reaction', 1);
    INSERT INTO proposal_limits (guild_id, member_id, active_proposals) VALUES (-7, 41, 9);
    INSERT INTO poll_numbers (message_id, number, round_id, proposal_id) VALUES (62, 1, 32, 52);
    INSERT INTO reactions (message_id, number, member_id) VALUES (62, 1, 72);
    INSERT INTO ballot_drafts (round_id, voter_id, draft, updated_at) VALUES (32, 73, 'half a ballot', 15);
    INSERT INTO round_results (round_id, guild_id, counted_at, result, record) VALUES (31, -7, 16, 'result', 'record');
    INSERT INTO outbox (id, guild_id, channel_id, kind, subject_id, state, attempts, due_at, claimed_until, created_at,
        message_id, failure)
    VALUES (81, -7, 61, 'result', 31, 'due', 2, 17, 18, 19, 82, 'why');
    INSERT INTO audit (id, guild_id, at, member_id, act, details) VALUES (83, -7, 20, 42, 'round_closed', 'details');
    INSERT INTO watched (id, guild_id, film_id, watched_on, added_by, added_at, proposal_id)
    VALUES (84, -7, 21, 20000, 42, 21, 51);
    INSERT INTO ratings (guild_id, film_id, member_id, stars, rated_at) VALUES (-7, 21, 41, 5, 22);
    INSERT INTO withheld_votes (round_id, member_id, film_id, cast_at, source, value, withheld_at)
    VALUES (32, 74, 22, 23, 'reaction', 3, 24);
";

async fn every_row_and_every_column_comes_back(database: TestDatabase) {
    let store = database.store().await;
    database.run_sql(EVERYTHING).await;
    let before = kept(&database).await;
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table} has no row to lose: add one");
        assert_eq!(
            all_empty(rows),
            [""; 0],
            "{table} has columns without any value to lose"
        );
    }
    let migrations = store.migration_status().await.expect("a status");
    let versions = migrations.iter().map(|migration| migration.version);
    for target in versions.rev().chain([0, 0]) {
        store.migrate_down(Some(target)).await.expect("down");
        store.migrate_up().await.expect("up");
        assert_eq!(kept(&database).await, before, "down to {target} and up again");
    }
}

/// Every table but those that are made again.
async fn kept(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let mut tables = database.dump().await;
    tables.retain(|table, _| !MADE_AGAIN.contains(&table.as_str()));
    tables
}

/// The columns that are empty in all of these rows, but for what film databases bring.
fn all_empty(rows: &[String]) -> Vec<String> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = rows
        .iter()
        .map(|row| serde_json::from_str(row).expect("a row as JSON"))
        .collect();
    let columns = rows.first().into_iter().flat_map(|row| row.keys());
    columns
        .filter(|column| !column.starts_with("cached_"))
        .filter(|column| rows.iter().all(|row| row[*column].is_null()))
        .cloned()
        .collect()
}
