//! Identities: Discord's snowflakes, the application's own keys, and the IMDb id of a film.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

/// Declares a newtype over a Discord snowflake. Stored as `BIGINT`: Discord's ids stay below 2⁶³.
macro_rules! snowflake {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl $name {
            /// The value as the database holds it.
            pub const fn to_db(self) -> i64 {
                self.0.cast_signed()
            }

            /// The id from the database's value.
            pub const fn from_db(value: i64) -> Self {
                Self(value.cast_unsigned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

snowflake!(
    /// A Discord server.
    GuildId
);
snowflake!(
    /// A Discord channel.
    ChannelId
);
snowflake!(
    /// A Discord message.
    MessageId
);
snowflake!(
    /// A member, by the id of their Discord user.
    MemberId
);

snowflake!(
    /// A role of a server.
    RoleId
);

/// Declares a newtype over a key that the application makes (see [`KeyMint`]).
macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

key!(
    /// A row of `films`: an identified film, shared by all servers, or one server's free-text film.
    FilmId
);
key!(
    /// One putting-up of a film in one server.
    ProposalId
);
key!(
    /// One vote over a server's active proposals.
    RoundId
);
key!(
    /// One evening's film in one server's history.
    ViewingId
);

/// Makes the application's keys: milliseconds since the Unix epoch in the upper bits, and
/// [`KeyMint::RANDOM_BITS`] random bits below, so that processes need not agree on a sequence. Within a
/// millisecond one mint counts on from its last key, so that many rows made at once have keys of their own.
///
/// Keys of two processes in the same millisecond collide with a probability of 1 in 4 million; a primary key
/// then refuses the second, and nothing is overwritten.
#[derive(Debug, Default)]
pub struct KeyMint {
    last: AtomicI64,
}

impl KeyMint {
    /// How many of a key's low bits are random.
    pub const RANDOM_BITS: u32 = 22;

    /// The key for this instant (milliseconds since the Unix epoch) and this randomness.
    pub const fn key(unix_ms: i64, random: u32) -> i64 {
        let mask = (1_i64 << Self::RANDOM_BITS) - 1;
        ((unix_ms & ((1 << 41) - 1)) << Self::RANDOM_BITS) | (random as i64 & mask)
    }

    /// The next key of this mint: one after its last where that is of this millisecond, else
    /// [`KeyMint::key`].
    pub fn next(&self, unix_ms: i64, random: u32) -> i64 {
        let first = Self::key(unix_ms, random);
        let after = |last: i64| {
            let same_instant = last >> Self::RANDOM_BITS == first >> Self::RANDOM_BITS;
            if same_instant { last + 1 } else { first }
        };
        let last = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
        let (Ok(last) | Err(last)) = last;
        after(last)
    }
}

/// An IMDb title id in its canonical form: `tt` and 7 to 10 digits, without needless leading zeros.
///
/// `tt00111161` and `tt0111161` are one film (facts: providers, "What members paste"), so they are
/// one value here. A season of a series has no id of its own on IMDb: its identity is that of the series
/// and its number, `tt0903747:2`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImdbId(String);

/// The text is not an IMDb title id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an IMDb title id is tt and 7 to 10 digits, and for a season a colon and its number")]
pub struct NotAnImdbId;

impl ImdbId {
    /// The id as text, `tt0111161`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The highest number of a season.
    pub const MOST_SEASONS: u16 = 999;

    /// The id as film databases know it: that of the series, for a season.
    pub fn title_id(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(series, _)| series)
    }

    /// The season's number, for a season: 1 to [`ImdbId::MOST_SEASONS`].
    pub fn season(&self) -> Option<u16> {
        self.0.split_once(':')?.1.parse().ok()
    }

    /// This season of the series; `None` if there can be no such season.
    pub fn with_season(&self, season: u16) -> Option<Self> {
        (1..=Self::MOST_SEASONS)
            .contains(&season)
            .then(|| Self(format!("{}:{season}", self.title_id())))
    }

    /// The film's page on IMDb.
    pub fn url(&self) -> String {
        let title = self.title_id();
        match self.season() {
            Some(season) => format!("https://www.imdb.com/title/{title}/episodes/?season={season}"),
            None => format!("https://www.imdb.com/title/{title}/"),
        }
    }
}

impl FromStr for ImdbId {
    type Err = NotAnImdbId;

    /// Accepts `tt` in either case and 7 to 10 ASCII digits, and a season as `:2`; nothing around them.
    fn from_str(text: &str) -> Result<Self, NotAnImdbId> {
        if let Some((series, season)) = text.split_once(':') {
            let series: Self = series.parse()?;
            let digits = season.bytes().all(|byte| byte.is_ascii_digit());
            let season = season.parse().ok().filter(|_| digits);
            return season
                .and_then(|season| series.with_season(season))
                .ok_or(NotAnImdbId);
        }
        let digits = text
            .get(..2)
            .filter(|prefix| prefix.eq_ignore_ascii_case("tt"))
            .and_then(|_| text.get(2..))
            .ok_or(NotAnImdbId)?;
        let well_formed = (7..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if !well_formed {
            return Err(NotAnImdbId);
        }
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return Err(NotAnImdbId);
        }
        Ok(Self(format!("tt{significant:0>7}")))
    }
}

impl fmt::Display for ImdbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for ImdbId {
    type Error = NotAnImdbId;

    fn try_from(text: String) -> Result<Self, NotAnImdbId> {
        text.parse()
    }
}

impl From<ImdbId> for String {
    fn from(id: ImdbId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_canonical() {
        for (text, canonical) in [
            ("tt0111161", "tt0111161"),
            ("TT0111161", "tt0111161"),
            ("tt00111161", "tt0111161"),
            ("tt10872600", "tt10872600"),
            ("TT00903747:02", "tt0903747:2"),
        ] {
            assert_eq!(text.parse::<ImdbId>().expect(text).as_str(), canonical);
        }
    }

    #[test]
    fn near_misses_are_no_ids() {
        for text in [
            "tt123",
            "tt0111161a",
            "tt٠١١١١٦١",
            "nm0000151",
            "",
            "tt",
            "tt00000000000",
            "tt0000000",
            "é0111161",
            "tt0903747:",
            "tt0903747:0",
            "tt0903747:+2",
            "tt0903747:1000",
            "tt0903747:2:3",
        ] {
            assert_eq!(text.parse::<ImdbId>(), Err(NotAnImdbId), "{text}");
        }
    }

    #[test]
    fn a_season_is_its_series_and_a_number() {
        let series: ImdbId = "tt0903747".parse().expect("an id");
        let season = series.with_season(2).expect("a season");
        assert_eq!((season.title_id(), season.season()), ("tt0903747", Some(2)));
        assert_eq!(
            season.url(),
            "https://www.imdb.com/title/tt0903747/episodes/?season=2"
        );
        assert_eq!(series.season(), None);
        assert_eq!(season.with_season(3), series.with_season(3));
        assert_eq!(series.with_season(0), None);
    }

    #[test]
    fn keys_are_positive_and_ordered_by_time() {
        let earlier = KeyMint::key(1_790_000_000_000, u32::MAX);
        let later = KeyMint::key(1_790_000_000_001, 0);
        assert!(0 < earlier && earlier < later);
    }

    #[test]
    fn one_mint_makes_no_key_twice_in_a_millisecond_whatever_the_lot() {
        const NOW: i64 = 1_790_000_000_000;
        let mint = KeyMint::default();
        let keys: BTreeSet<i64> = (0..1_000).map(|_| mint.next(NOW, 7)).collect();
        assert_eq!(keys.len(), 1_000);
        assert_eq!(keys.first(), Some(&KeyMint::key(NOW, 7)));
        assert_eq!(mint.next(NOW + 1, 7), KeyMint::key(NOW + 1, 7));
    }
}
