//! The day of an evening that is over, in the words that people use: `yesterday`, `last friday`, `24 dec`.
//!
//! - A weekday is the last such day, today included; `last friday` is never today.
//! - A date without a year is the last such date.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use chrono_tz::Tz;

use super::grammar::{self, Asked, Day, Slip};
use super::lexer::{self, Token, UnclearDate, WrittenDate};
use super::wall_clock::Place;
use super::{LATEST_NOW, TEXT_BYTES};

/// No evening was before this year: there were hardly any films.
const FIRST_YEAR: i32 = 1895;

/// Why a text is no day on which something was watched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PastDayError {
    /// It is in no form that is known here.
    #[error("the text is no day that can be read")]
    Unreadable,
    /// Readers of different countries would take it for different days.
    #[error("the date can be read in more than one way")]
    Ambiguous {
        /// The days it may mean that are over, the latest first; at most two, perhaps none.
        readings: Vec<NaiveDate>,
    },
    /// The calendar has no such day, or that date is another day of the week.
    #[error("there is no such day")]
    NoSuchDay,
    /// It is still to come.
    #[error("the day is still to come")]
    Future,
}

/// The day it is in this zone. `now_unix_secs` is in Unix seconds; outside of the years 1970 to 9999 it is taken for
/// the nearest of them.
pub fn today(now_unix_secs: i64, zone: Tz) -> NaiveDate {
    day_at(now_unix_secs.clamp(0, LATEST_NOW), zone).unwrap_or_default()
}

/// The day that an instant (Unix seconds) is on in this zone; `None` outside of the calendar.
pub fn day_at(unix_secs: i64, zone: Tz) -> Option<NaiveDate> {
    Place::Zone(zone).clock(unix_secs).map(|clock| clock.date())
}

/// Reads a day that is over, or today, as a member of a server in this time zone means it.
///
/// # Errors
/// For a text that names no such day, and for one that is still to come.
pub fn read_past_day(text: &str, now_unix_secs: i64, zone: Tz) -> Result<NaiveDate, PastDayError> {
    if text.len() > TEXT_BYTES {
        return Err(PastDayError::Unreadable);
    }
    let today = today(now_unix_secs, zone);
    let tokens = lexer::tokens(text).ok_or(PastDayError::Unreadable)?;
    let day = match &tokens[..] {
        [Token::Instant(secs)] => day_at(*secs, zone).ok_or(PastDayError::NoSuchDay)?,
        // Between dots only a date is meant here, never a time.
        [Token::DottedPair(day, month)] => written(
            WrittenDate {
                year: None,
                month: *month,
                day: *day,
            },
            None,
            today,
        )?,
        tokens => match words(tokens, today) {
            Some(day) => day,
            None => by_grammar(tokens, today)?,
        },
    };
    if day > today {
        return Err(PastDayError::Future);
    }
    if day.year() < FIRST_YEAR {
        return Err(PastDayError::NoSuchDay);
    }
    Ok(day)
}

/// `yesterday`, `last friday`, `3 days ago`: what is said of the past alone.
fn words(tokens: &[Token], today: NaiveDate) -> Option<NaiveDate> {
    let words: Vec<&str> = tokens
        .iter()
        .map(|token| match token {
            Token::Word(word) => word.as_str(),
            _ => "",
        })
        .collect();
    let back = |days: u32| today.checked_sub_days(Days::new(days.into()));
    match (&words[..], tokens) {
        (["yesterday"] | ["yesterday" | "last", "evening" | "night"], _) => back(1),
        (["day", "before", "yesterday"], _) => back(2),
        (["last", weekday], _) => back(match days_since(grammar::weekday(weekday)?, today) {
            0 => 7,
            days => days,
        }),
        ([_, unit, "ago"], [count, ..]) => {
            let count = match count {
                Token::Number(count, _) => *count,
                Token::Word(word) if matches!(word.as_str(), "a" | "an" | "one") => 1,
                _ => return None,
            };
            match *unit {
                "day" | "days" => back(count),
                "week" | "weeks" => back(count.checked_mul(7)?),
                "month" | "months" => today.checked_sub_months(Months::new(count)),
                "year" | "years" => today.checked_sub_months(Months::new(count.checked_mul(12)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The forms that closing times have too, without a time of their own.
fn by_grammar(tokens: &[Token], today: NaiveDate) -> Result<NaiveDate, PastDayError> {
    let asked = grammar::read(tokens).map_err(|slip| match slip {
        Slip::Unreadable => PastDayError::Unreadable,
        Slip::Ambiguous(date) => PastDayError::Ambiguous {
            readings: readings(date, today),
        },
    })?;
    match asked {
        Asked::On {
            day: Some(Day::Date(date)),
            weekday,
            ..
        } => written(date, weekday, today),
        Asked::On {
            day: Some(Day::Weekday(weekday)),
            ..
        } => today
            .checked_sub_days(Days::new(days_since(weekday, today).into()))
            .ok_or(PastDayError::NoSuchDay),
        Asked::On {
            day: Some(Day::After(span)),
            ..
        } if (span.months, span.days) == (0, 0) => Ok(today),
        Asked::On { day: None, .. } => Err(PastDayError::Unreadable),
        Asked::On { .. } | Asked::After(_) | Asked::Instant(_) => Err(PastDayError::Future),
    }
}

/// Days from the last such day to today, 0 to 6.
fn days_since(weekday: Weekday, today: NaiveDate) -> u32 {
    today.weekday().days_since(weekday)
}

/// A date with its year, or the last one that was.
fn written(date: WrittenDate, weekday: Option<Weekday>, today: NaiveDate) -> Result<NaiveDate, PastDayError> {
    let in_year = |year| NaiveDate::from_ymd_opt(year, date.month, date.day);
    let day = match date.year {
        Some(year) => in_year(year),
        // Leap days come every eighth year at the worst.
        None => (0..=8)
            .filter_map(|back| in_year(today.year() - back))
            .find(|day| *day <= today),
    };
    day.filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday))
        .ok_or(PastDayError::NoSuchDay)
}

/// The days that are over which an unclear date may mean, the latest first.
fn readings(date: UnclearDate, today: NaiveDate) -> Vec<NaiveDate> {
    let mut readings: Vec<NaiveDate> = [(date.first, date.second), (date.second, date.first)]
        .into_iter()
        .filter_map(|(day, month)| {
            let year = date.year;
            written(WrittenDate { year, month, day }, None, today).ok()
        })
        .filter(|day| *day <= today)
        .collect();
    readings.sort_unstable_by(|one, other| other.cmp(one));
    readings.dedup();
    readings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Monday, 23 November 2026, 15:00 in Greenwich.
    const NOW: i64 = 1_795_446_000;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn read(text: &str) -> Result<NaiveDate, PastDayError> {
        read_past_day(text, NOW, Tz::UTC)
    }

    #[test]
    fn days_are_read_in_the_words_that_people_use() {
        for (text, expected) in [
            ("today", "2026-11-23"),
            ("tonight", "2026-11-23"),
            ("yesterday", "2026-11-22"),
            ("last night", "2026-11-22"),
            ("the day before yesterday", "2026-11-21"),
            ("friday", "2026-11-20"),
            ("on Friday", "2026-11-20"),
            ("last friday", "2026-11-20"),
            ("monday", "2026-11-23"),
            ("last monday", "2026-11-16"),
            ("3 days ago", "2026-11-20"),
            ("a week ago", "2026-11-16"),
            ("2 months ago", "2026-09-23"),
            ("a year ago", "2025-11-23"),
            ("2026-11-20", "2026-11-20"),
            ("20.11.2026", "2026-11-20"),
            ("20.11.", "2026-11-20"),
            ("24.12", "2025-12-24"),
            ("24 dec", "2025-12-24"),
            ("december 24 2024", "2024-12-24"),
            ("fri 20 nov", "2026-11-20"),
            ("29 feb", "2024-02-29"),
            ("<t:1795446000:D>", "2026-11-23"),
        ] {
            assert_eq!(read(text), Ok(day(expected)), "{text}");
        }
    }

    #[test]
    fn today_is_that_of_the_servers_zone() {
        let midnight_in_tokyo = NOW + 2 * 3600;
        let tokyo: Tz = "Asia/Tokyo".parse().expect("a zone");
        assert_eq!(
            read_past_day("today", midnight_in_tokyo, tokyo),
            Ok(day("2026-11-24"))
        );
        assert_eq!(
            read_past_day("2026-11-24", midnight_in_tokyo, Tz::UTC),
            Err(PastDayError::Future)
        );
    }

    #[test]
    fn what_is_still_to_come_was_not_watched() {
        for text in [
            "tomorrow",
            "2026-11-24",
            "in 3 days",
            "24 dec 2026",
            "next friday",
        ] {
            assert_eq!(read(text), Err(PastDayError::Future), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "soon", "20:00", "@everyone", "99", "last", "days ago"] {
            assert_eq!(read(text), Err(PastDayError::Unreadable), "{text}");
        }
        for text in ["31 june", "thu 20 nov 2026", "1066-10-14"] {
            assert_eq!(read(text), Err(PastDayError::NoSuchDay), "{text}");
        }
        assert_eq!(
            read("3/4"),
            Err(PastDayError::Ambiguous {
                readings: vec![day("2026-04-03"), day("2026-03-04")]
            })
        );
        assert_eq!(read(&"friday ".repeat(40)), Err(PastDayError::Unreadable));
    }

    proptest! {
        #[test]
        fn any_text_at_any_time_is_borne(text in "\\PC{0,40}", now in any::<i64>()) {
            if let Ok(day) = read_past_day(&text, now, Tz::UTC) {
                prop_assert!(day <= today(now, Tz::UTC));
            }
        }

        #[test]
        fn any_words_are_borne(words in proptest::collection::vec("(last|ago|days|years|friday|feb|29|99999|2|3/4|24\\.12|yesterday|in)", 0..5)) {
            let _ = read(&words.join(" "));
        }
    }
}
