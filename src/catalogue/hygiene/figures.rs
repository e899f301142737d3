//! Figures that providers write as text, believed within bounds.

use chrono::{DateTime, Datelike};

use crate::domain::film::{Rating, RatingSource, Source};

/// Film's first years. A year may lie as far ahead as [`YEARS_AHEAD`].
const FIRST_YEAR: u16 = 1870;
const YEARS_AHEAD: i32 = 11;

/// The longest runtime that is believed, in minutes.
const RUNTIME_MIN: u16 = 1_440;

/// The year that a text begins with: `1999`, `2008–2013`, `1999-03-30`.
pub(super) fn read_year(text: &str, now: i64) -> Option<u16> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let year: u16 = text.get(..digits).filter(|_| digits == 4)?.parse().ok()?;
    let this_year = DateTime::from_timestamp(now, 0)?.year();
    (year >= FIRST_YEAR && i32::from(year) <= this_year + YEARS_AHEAD).then_some(year)
}

/// `142 min`, `1 h 22 min`, `2h 22min`, `142`.
pub(super) fn read_runtime(text: &str) -> Option<u16> {
    let text = text.replace(',', "").to_ascii_lowercase();
    let mut rest = text.trim();
    let mut minutes = 0_u32;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits).filter(|_| digits > 0)?;
        let number: u32 = number.parse().ok()?;
        let after = after.trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        let factor = match unit {
            "h" | "hr" | "hrs" | "hour" | "hours" => 60,
            "" | "m" | "min" | "mins" | "minute" | "minutes" => 1,
            _ => return None,
        };
        minutes = number.checked_mul(factor)?.checked_add(minutes)?;
        rest = after.trim_start_matches('.').trim_start();
    }
    u16::try_from(minutes)
        .ok()
        .filter(|minutes| (1..=RUNTIME_MIN).contains(minutes))
}

/// A rating in decimal figures, above 0 and up to 10, to the nearest tenth.
pub(super) fn read_rating(text: &str, source: Source) -> Option<Rating> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 2 || !decimal(whole) || !decimal(fraction) {
        return None;
    }
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |byte| byte - b'0');
    let whole: u8 = whole.parse().ok().filter(|whole| *whole <= 10)?;
    let beyond_ten = whole == 10 && fraction.bytes().any(|byte| byte != b'0');
    let tenths = whole * 10 + digit(0) + u8::from(digit(1) >= 5);
    (tenths > 0 && !beyond_ten).then_some(Rating {
        tenths,
        source: match source {
            Source::Tmdb => RatingSource::Tmdb,
            Source::Omdb | Source::Cinemeta | Source::Wikidata => RatingSource::Imdb,
        },
    })
}

/// A count above nought that is within reason.
pub(super) fn read_count(count: u64, most: u16) -> Option<u16> {
    u16::try_from(count)
        .ok()
        .filter(|count| (1..=most).contains(count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23.
    const NOW: i64 = 1_795_431_600;

    fn tenths(text: &str) -> Option<u8> {
        read_rating(text, Source::Omdb).map(|rating| rating.tenths)
    }

    #[test]
    fn years_are_four_digits_of_a_time_that_has_films() {
        for (text, year) in [
            ("1999", Some(1999)),
            ("2008–2013", Some(2008)),
            ("2008–", Some(2008)),
            ("1999-03-30", Some(1999)),
            ("1870", Some(1870)),
            ("1869", None),
            ("2037", Some(2037)),
            ("2038", None),
            ("19999", None),
            ("99", None),
            ("", None),
            ("n/a", None),
            ("１９９９", None),
        ] {
            assert_eq!(read_year(text, NOW), year, "{text}");
        }
    }

    #[test]
    fn runtimes_are_read_in_every_form() {
        for (text, minutes) in [
            ("136 min", Some(136)),
            ("136", Some(136)),
            ("1 h 22 min", Some(82)),
            ("2h 22min", Some(142)),
            ("2h", Some(120)),
            ("1,440 min", Some(1_440)),
            ("1441 min", None),
            ("0 min", None),
            ("0", None),
            ("-5 min", None),
            ("99999999999 min", None),
            ("1 S min", None),
            ("about two hours", None),
            ("", None),
        ] {
            assert_eq!(read_runtime(text), minutes, "{text}");
        }
    }

    #[test]
    fn ratings_are_finite_and_between_nought_and_ten() {
        for (text, expected) in [
            ("8.7", Some(87)),
            ("8", Some(80)),
            ("8.688", Some(87)),
            ("10.0", Some(100)),
            ("10", Some(100)),
            ("0.1", Some(1)),
            ("9.99", Some(100)),
            ("10.01", None),
            ("11", None),
            ("0", None),
            ("0.0", None),
            ("", None),
            ("N/A", None),
            ("NaN", None),
            ("inf", None),
            ("1e1", None),
            ("-8.7", None),
            ("8.7/10", None),
            (".5", None),
        ] {
            assert_eq!(tenths(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_figure_breaks_its_reader(text in "[0-9.,hmin –-]{0,12}") {
            let _ = (read_year(&text, NOW), read_runtime(&text), tenths(&text));
        }
    }
}
