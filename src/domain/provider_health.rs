//! What is known of a film database's health beyond one run of the bot: what was last seen of it, how long
//! it is left alone, and how often it was asked today.

use super::film::Source;

/// What a provider was last seen doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It answers.
    Up,
    /// It failed too often in a row.
    Failing,
    /// Its quota is used up.
    QuotaUsedUp,
    /// It refused the key.
    BadKey,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 4] = [Self::Up, Self::Failing, Self::QuotaUsedUp, Self::BadKey];

    /// The name as the database and the metrics write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Failing => "failing",
            Self::QuotaUsedUp => "quota",
            Self::BadKey => "bad_key",
        }
    }

    /// The condition with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.as_str() == name)
    }
}

/// A stretch of time in which a provider is left alone, Unix seconds. Whoever finds the clock before its
/// beginning does not believe it: the clock was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Its first second.
    pub from: i64,
    /// The first second after it.
    pub until: i64,
}

/// What a provider was seen doing, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// What it was doing.
    pub condition: Condition,
    /// How long it is left alone.
    pub rest: Option<Rest>,
    /// When that began, Unix seconds.
    pub at: i64,
}

/// A provider's health as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderRecord {
    /// Which.
    pub source: Source,
    /// What it was last seen doing.
    pub seen: Sighting,
    /// The day in UTC, counted from 1970-01-01, of the last request that was counted.
    pub day: i64,
    /// Requests on that day.
    pub requests: u64,
}

/// What is to be kept of a provider and is not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderNews {
    /// Which.
    pub source: Source,
    /// What it does now, if that has changed.
    pub seen: Option<Sighting>,
    /// The day in UTC, counted from 1970-01-01.
    pub day: i64,
    /// Requests on that day that are not counted in any record.
    pub requests: u64,
}

const DAY_SECS: i64 = 24 * 60 * 60;

/// The day in UTC of an instant in Unix seconds, counted from 1970-01-01.
pub const fn utc_day(unix_secs: i64) -> i64 {
    unix_secs.div_euclid(DAY_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_keep_their_names() {
        for condition in Condition::ALL {
            assert_eq!(Condition::from_name(condition.as_str()), Some(condition));
        }
        assert_eq!(Condition::from_name("well"), None);
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        assert_eq!(utc_day(0), 0);
        assert_eq!(utc_day(DAY_SECS - 1), 0);
        assert_eq!(utc_day(DAY_SECS), 1);
        assert_eq!(utc_day(-1), -1);
    }
}
