//! When a round closes, in the words that people use: `friday 20:00`, `in 3 days`, `24 dec 6pm`.
//!
//! Owns what such a text means and the rules below; `lexer` and `grammar` read it, `resolve` finds the
//! instant, `wall_clock` knows skipped and doubled hours, [`zones`] reads the names of time zones. The
//! time comes in as a parameter; how an answer or a refusal is worded is not decided here.
//!
//! The rules:
//! - A day without a time means [`EVENING`], 20:00. So does `tonight`.
//! - A time without a day is the next such time, today or tomorrow.
//! - A weekday is the next such day at that time: today if the time is still ahead, else in a week.
//!   `next friday` is never today; `friday next week` counts weeks from Monday.
//! - A date without a year is this year's, or next year's once it has passed.
//! - `midnight` ends the day it is said with; `00:00` and `12am` begin it.
//! - In the evening (`tonight`, `friday night`), 5 to 11 mean the hours before midnight, 12 midnight
//!   itself, and 0 to 4 the hours after it.
//! - `in 3 days` is the same time of day three days on; `in 72 hours` is 72 hours on, whatever the
//!   clocks do. A month on from the 31st is the last day of a shorter month.
//! - A time that the clocks skip means the first instant after the gap ([`Adjustment::Skipped`]).
//! - A time that comes twice means the second one ([`Adjustment::Doubled`]), so that nobody finds the vote
//!   closed before the time they read.
//! - `3/4` is refused: half of the world reads March, the other half April.

mod grammar;
mod lexer;
pub mod past;
mod resolve;
mod wall_clock;
pub mod zones;

#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

pub use zones::{read_zone, suggest_zones};

/// The time of a day that comes without one.
pub const EVENING: NaiveTime = match NaiveTime::from_hms_opt(20, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// The nearest closing time, in seconds from now.
pub const SHORTEST_SECS: i64 = 60;

/// The furthest closing time, in seconds from now: a year, and a leap day in it.
pub const LONGEST_SECS: i64 = 366 * 24 * 60 * 60;

/// The longest text that is read, in bytes.
const TEXT_BYTES: usize = 100;

/// The last instant that is taken for now: some centuries before the calendar of `chrono` ends.
const LATEST_NOW: i64 = 253_402_300_799;

/// When a round closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// The instant, Unix seconds: [`SHORTEST_SECS`] to [`LONGEST_SECS`] from now.
    pub at_unix_secs: i64,
    /// What the clocks of the zone made of the time that was asked for, if it was not quite that.
    pub adjusted: Option<Adjustment>,
}

/// Why a closing time needs a word of explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// The clocks skip the time asked for; the round closes at the first instant after the gap.
    Skipped,
    /// The clocks show the time asked for twice; the round closes at the second one.
    Doubled,
}

/// Why a text is no closing time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is in no form that is known here.
    #[error("the text is no time that can be read")]
    Unreadable,
    /// Readers of different countries would take it for different days, or for a time.
    #[error("the date can be read in more than one way")]
    Ambiguous {
        /// The dates it may mean that are within reach, soonest first; at most two, perhaps none.
        readings: Vec<NaiveDate>,
    },
    /// The calendar has no such day, or that date is another day of the week.
    #[error("there is no such date")]
    NoSuchDate,
    /// It is over, or less than [`SHORTEST_SECS`] ahead.
    #[error("the time is past or less than a minute ahead")]
    Past {
        /// The instant that the text means, Unix seconds.
        at_unix_secs: i64,
    },
    /// It is more than [`LONGEST_SECS`] ahead.
    #[error("the time is more than a year ahead")]
    TooFar,
}

/// Reads a closing time as a member of a server in this time zone means it.
///
/// `now_unix_secs` is in Unix seconds; before 1970 and after the year 9999 nothing can be read.
pub fn read_closing(text: &str, now_unix_secs: i64, zone: Tz) -> Result<Closing, ScheduleError> {
    if text.len() > TEXT_BYTES || !(0..=LATEST_NOW).contains(&now_unix_secs) {
        return Err(ScheduleError::Unreadable);
    }
    let tokens = lexer::tokens(text).ok_or(ScheduleError::Unreadable)?;
    let asked = grammar::read(&tokens).map_err(|slip| match slip {
        grammar::Slip::Unreadable => ScheduleError::Unreadable,
        grammar::Slip::Ambiguous(pair) => ScheduleError::Ambiguous {
            readings: resolve::readings(pair, now_unix_secs, zone),
        },
    })?;
    let closing = resolve::resolve(&asked, now_unix_secs, zone)?;
    let ahead_secs = closing.at_unix_secs.saturating_sub(now_unix_secs);
    if ahead_secs < SHORTEST_SECS {
        return Err(ScheduleError::Past {
            at_unix_secs: closing.at_unix_secs,
        });
    }
    if ahead_secs > LONGEST_SECS {
        return Err(ScheduleError::TooFar);
    }
    Ok(closing)
}
