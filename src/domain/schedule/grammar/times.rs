//! Times of day: what was written, and what it means in the evening.

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::{Time, Token};

/// A time as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Clock {
    /// Hours, minutes and seconds. `halved`: with am or pm, so that nothing is left to be guessed.
    Full { time: NaiveTime, halved: bool },
    /// The middle of the day.
    Noon,
    /// The end of the day.
    Midnight,
    /// An hour alone; `at`: that word stood before it.
    Hour { hour: u32, at: bool },
}

impl Clock {
    /// The time of day; `None` for an hour that may be one before noon or one after.
    pub(super) fn read(self, evening: bool) -> Option<Time> {
        match self {
            Self::Noon => NaiveTime::from_hms_opt(12, 0, 0).map(same_day),
            Self::Midnight => Some(day_after(NaiveTime::MIN)),
            Self::Hour { hour, at } => {
                let certain = evening || (at && hour > 12);
                let time = NaiveTime::from_hms_opt(hour, 0, 0).filter(|_| certain)?;
                Self::Full { time, halved: false }.read(evening)
            }
            Self::Full { time, .. } if evening && time.hour() < 5 => Some(day_after(time)),
            Self::Full { time, halved: false } if evening && time.hour() <= 12 => {
                let (time, days) = time.overflowing_add_signed(TimeDelta::hours(12));
                Some(if days == 0 {
                    same_day(time)
                } else {
                    day_after(time)
                })
            }
            Self::Full { time, .. } => Some(same_day(time)),
        }
    }
}

pub(super) const fn same_day(clock: NaiveTime) -> Time {
    Time {
        clock,
        day_after: false,
    }
}

const fn day_after(clock: NaiveTime) -> Time {
    Time {
        clock,
        day_after: true,
    }
}

/// Whether the next word is `pm`, or `am`; `None` if it is neither.
pub(super) fn half_of_day(tokens: &[Token]) -> Option<bool> {
    match tokens.first()? {
        Token::Word(word) if word == "pm" => Some(true),
        Token::Word(word) if word == "am" => Some(false),
        _ => None,
    }
}

/// `12am` is 0, `12pm` is 12.
pub(super) fn twelve_hours(hour: u32, afternoon: bool) -> Option<u32> {
    (1..=12)
        .contains(&hour)
        .then_some(hour % 12 + if afternoon { 12 } else { 0 })
}
