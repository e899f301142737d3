//! Discord's identifiers: one type for all of them, written as text in JSON. Knows nothing of what they name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The first millisecond of Discord's calendar, as Unix milliseconds.
pub(crate) const EPOCH_MS: u64 = 1_420_070_400_000;

/// A snowflake: of a user, a guild, a channel, a message, a command, or an interaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u64);

impl Id {
    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The Unix time in milliseconds at which this id was made.
    pub const fn unix_ms(self) -> u64 {
        (self.0 >> 22) + EPOCH_MS
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text was not the decimal digits of a 64-bit number above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a snowflake")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnId);
        }
        text.parse().ok().filter(|n| *n > 0).map(Id).ok_or(NotAnId)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Makes ids that strictly increase, whatever the clock does.
#[derive(Debug, Default)]
pub(crate) struct IdSource {
    last: u64,
}

impl IdSource {
    /// The next id, carrying `unix_ms` unless earlier ids already went further.
    pub(crate) fn next(&mut self, unix_ms: u64) -> Id {
        let from_clock = unix_ms.saturating_sub(EPOCH_MS) << 22;
        self.last = from_clock.max(self.last + 1);
        Id(self.last)
    }

    /// The next id whose time part differs from every earlier one: guilds get these, so that
    /// `(id >> 22) % shards` spreads them over the shards as Discord's do.
    pub(crate) fn next_spread(&mut self, unix_ms: u64) -> Id {
        let from_clock = unix_ms.saturating_sub(EPOCH_MS) << 22;
        self.last = from_clock.max(((self.last >> 22) + 1) << 22);
        Id(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_even_when_the_clock_stands_still() {
        let mut source = IdSource::default();
        let now = EPOCH_MS + 1_000;
        let first = source.next(now);
        let second = source.next(now);
        let guild = source.next_spread(now);
        let next_guild = source.next_spread(now);
        assert!(first < second && second < guild && guild < next_guild);
        assert_eq!(first.unix_ms(), now);
        assert_ne!(guild.0 >> 22, next_guild.0 >> 22);
    }

    #[test]
    fn only_digits_are_an_id() {
        assert_eq!("42".parse(), Ok(Id(42)));
        for text in ["", "0", "-1", "+1", "1x", "99999999999999999999"] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }
}
