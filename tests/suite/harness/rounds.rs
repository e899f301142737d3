//! Rounds for tests that need one.

use marquee::domain::ids::{GuildId, MemberId, RoundId};
use marquee::domain::round::Rules;
use marquee::domain::voter::BallotKey;
use marquee::store::NewRound;

/// A round under the default rules, to be opened.
pub fn plain_round(guild: GuildId, by: MemberId, at: i64, id: RoundId) -> NewRound {
    NewRound {
        id,
        guild,
        by,
        at,
        rules: Rules::default(),
        title: None,
        closes_at: None,
        ballot_key: BallotKey::new([1, 2]),
        draw_seed: "seed".to_owned(),
        runoff_of: None,
        asked_in: None,
    }
}
