//! What is understood as a closing time, and that any text is answered.

use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

mod clocks;
mod names;
mod refusals;

const BERLIN: Tz = Tz::Europe__Berlin;

/// A time as a clock in the zone shows it, which must come exactly once.
fn at(zone: Tz, shown: &str) -> i64 {
    let shown = NaiveDateTime::parse_from_str(shown, "%Y-%m-%d %H:%M").expect(shown);
    let found = zone.from_local_datetime(&shown).single();
    found.expect("a time that comes once").timestamp()
}

/// Asserts what each text means in Berlin at this time there, a Monday unless said otherwise.
fn expect(now: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let closing = read_closing(text, at(BERLIN, now), BERLIN);
        let expected = Closing {
            at_unix_secs: at(BERLIN, expected),
            adjusted: None,
        };
        assert_eq!(closing, Ok(expected), "{text}");
    }
}

fn error(now: &str, text: &str) -> ScheduleError {
    read_closing(text, at(BERLIN, now), BERLIN).expect_err(text)
}

const MONDAY: &str = "2026-11-23 14:07";

#[test]
fn weekdays_are_the_next_such_day() {
    expect(
        MONDAY,
        &[
            ("friday 20:00", "2026-11-27 20:00"),
            ("Fri 8pm", "2026-11-27 20:00"),
            ("FRIDAY at 8:30 PM", "2026-11-27 20:30"),
            ("fri. 8.30 p.m.", "2026-11-27 20:30"),
            ("friday, 20:00!", "2026-11-27 20:00"),
            ("20:00 on friday", "2026-11-27 20:00"),
            ("this friday 20:00", "2026-11-27 20:00"),
            ("next friday 20:00", "2026-11-27 20:00"),
            ("friday next week 20:00", "2026-12-04 20:00"),
            ("next week tues 8 pm", "2026-12-01 20:00"),
            ("friday", "2026-11-27 20:00"),
            ("friday noon", "2026-11-27 12:00"),
            ("friday midnight", "2026-11-28 00:00"),
            ("friday 00:00", "2026-11-27 00:00"),
            ("friday 12am", "2026-11-27 00:00"),
            ("friday 24:00", "2026-11-28 00:00"),
            ("friday night", "2026-11-27 20:00"),
            ("friday night at 9", "2026-11-27 21:00"),
            ("friday night 1:30", "2026-11-28 01:30"),
            ("friday night 12", "2026-11-28 00:00"),
            ("friday night 12:30", "2026-11-28 00:30"),
            ("friday night 12am", "2026-11-28 00:00"),
            ("friday at 20", "2026-11-27 20:00"),
            ("thurs 7pm", "2026-11-26 19:00"),
        ],
    );
}

#[test]
fn todays_weekday_is_today_until_the_time_has_passed() {
    expect(
        MONDAY,
        &[
            ("monday 20:00", "2026-11-23 20:00"),
            ("monday 14:08", "2026-11-23 14:08"),
            ("monday 14:07", "2026-11-30 14:07"),
            ("monday 9am", "2026-11-30 09:00"),
            ("next monday 20:00", "2026-11-30 20:00"),
            ("monday midnight", "2026-11-24 00:00"),
        ],
    );
}

#[test]
fn days_and_times_of_day_are_read() {
    expect(
        MONDAY,
        &[
            ("tomorrow 8pm", "2026-11-24 20:00"),
            ("tomorrow at 20:00", "2026-11-24 20:00"),
            ("Tomorrow  @ 20:00", "2026-11-24 20:00"),
            ("day after tomorrow 20:00", "2026-11-25 20:00"),
            ("the day after tomorrow", "2026-11-25 20:00"),
            ("today 22:00", "2026-11-23 22:00"),
            ("tonight", "2026-11-23 20:00"),
            ("tonight at 9", "2026-11-23 21:00"),
            ("tonight 9:30", "2026-11-23 21:30"),
            ("tonight 1am", "2026-11-24 01:00"),
            ("tonight at 12", "2026-11-24 00:00"),
            ("this evening", "2026-11-23 20:00"),
            ("at 8 in the evening", "2026-11-23 20:00"),
            ("20:00", "2026-11-23 20:00"),
            ("20:00 o'clock", "2026-11-23 20:00"),
            ("14:00", "2026-11-24 14:00"),
            ("8pm", "2026-11-23 20:00"),
            ("8:30 pm", "2026-11-23 20:30"),
            ("8am", "2026-11-24 08:00"),
            ("12pm", "2026-11-24 12:00"),
            ("noon", "2026-11-24 12:00"),
            ("midnight", "2026-11-24 00:00"),
            ("tomorrow midnight", "2026-11-25 00:00"),
        ],
    );
}

#[test]
fn distances_are_read() {
    expect(
        MONDAY,
        &[
            ("in 3 days", "2026-11-26 14:07"),
            ("3 days", "2026-11-26 14:07"),
            ("3 days from now", "2026-11-26 14:07"),
            ("in 3 days at 20:00", "2026-11-26 20:00"),
            ("in two days, 8pm", "2026-11-25 20:00"),
            ("in 2 hours", "2026-11-23 16:07"),
            ("in an hour", "2026-11-23 15:07"),
            ("in half an hour", "2026-11-23 14:37"),
            ("in 90 min", "2026-11-23 15:37"),
            ("90 minutes", "2026-11-23 15:37"),
            ("in 1h30m", "2026-11-23 15:37"),
            ("in 1h30", "2026-11-23 15:37"),
            ("in 1 hour and 30 minutes", "2026-11-23 15:37"),
            ("+90m", "2026-11-23 15:37"),
            ("in 1 day 2 hours", "2026-11-24 16:07"),
            ("in a week", "2026-11-30 14:07"),
            ("in 1w 1d", "2026-12-01 14:07"),
            ("next week", "2026-11-30 20:00"),
            ("in a month", "2026-12-23 14:07"),
            ("next month", "2026-12-23 14:07"),
            ("in 1 year", "2027-11-23 14:07"),
            ("in 60 seconds", "2026-11-23 14:08"),
        ],
    );
    expect("2027-01-31 14:07", &[("in a month", "2027-02-28 14:07")]);
}

#[test]
fn dates_are_read() {
    expect(
        MONDAY,
        &[
            ("2026-12-24 18:00", "2026-12-24 18:00"),
            ("2026-12-24T18:00", "2026-12-24 18:00"),
            ("2026-12-24T18:00:00.000", "2026-12-24 18:00"),
            ("2026/12/24 6pm", "2026-12-24 18:00"),
            ("2026-12-24", "2026-12-24 20:00"),
            ("2026-12-24 midnight", "2026-12-25 00:00"),
            ("2026-12-24T18:00:00+01:00", "2026-12-24 18:00"),
            ("2026-12-24T17:00Z", "2026-12-24 18:00"),
            ("2026-12-24 12:00 -05:00", "2026-12-24 18:00"),
            ("2026-12-24 17:00 UTC", "2026-12-24 18:00"),
            ("24 december 18:00", "2026-12-24 18:00"),
            ("24th of December at 18:00", "2026-12-24 18:00"),
            ("24. december 2026, 18:00", "2026-12-24 18:00"),
            ("dec 24 6pm", "2026-12-24 18:00"),
            ("Dec 24th, 2026 6pm", "2026-12-24 18:00"),
            ("6pm 24 dec", "2026-12-24 18:00"),
            ("thursday 24 december", "2026-12-24 20:00"),
            ("24.12. 18:00", "2026-12-24 18:00"),
            ("24.12 18:00", "2026-12-24 18:00"),
            ("24.12.2026 18:00", "2026-12-24 18:00"),
            ("24.12.26 18:00", "2026-12-24 18:00"),
            ("24.12.", "2026-12-24 20:00"),
            ("3 march", "2027-03-03 20:00"),
            ("may 1", "2027-05-01 20:00"),
            ("23 november 14:00", "2027-11-23 14:00"),
            ("23 november 15:00", "2026-11-23 15:00"),
            ("<t:1795460820:R>", "2026-11-23 20:07"),
            ("<t:1795460820>", "2026-11-23 20:07"),
        ],
    );
}

#[test]
fn a_leap_day_is_found_in_its_year_alone() {
    expect("2028-01-10 12:00", &[("29 feb", "2028-02-29 20:00")]);
    expect("2027-06-01 12:00", &[("29 february 20:00", "2028-02-29 20:00")]);
    expect("2028-02-29 12:00", &[("in a year", "2029-02-28 12:00")]);
    expect("2028-02-28 12:00", &[("tomorrow", "2028-02-29 20:00")]);
    assert_eq!(error(MONDAY, "29 feb"), ScheduleError::NoSuchDate);
}

/// Texts that are nearly right, and any text at all.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("friday"),
        Just("next"),
        Just("week"),
        Just("tomorrow"),
        Just("tonight"),
        Just("at"),
        Just("in"),
        Just("noon"),
        Just("midnight"),
        Just("pm"),
        Just("am"),
        Just("dec"),
        Just("days"),
        Just("hours"),
        Just("h"),
        Just("m"),
        Just("months"),
        Just("half"),
        Just("a"),
        Just(":"),
        Just("."),
        Just("-"),
        Just("/"),
        Just("+"),
        Just("t"),
        Just("z"),
        Just(" "),
        Just("<t:"),
        Just(">"),
        Just("utc"),
        Just("night"),
        Just("year"),
        Just("day"),
        Just("after"),
        Just("this"),
        Just("from"),
        Just("now"),
    ]
    .prop_map(str::to_owned);
    let number = prop_oneof![0_u32..32, 0_u32..3000, any::<u32>()].prop_map(|number| number.to_string());
    let pieces = prop::collection::vec((prop_oneof![piece, number], any::<bool>()), 0..9);
    let nearly = pieces.prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, gap)| if gap { piece + " " } else { piece })
            .collect()
    });
    prop_oneof![4 => nearly, 1 => any::<String>()]
}

fn zones() -> impl Strategy<Value = Tz> {
    prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_typed_the_result_is_within_a_year(
        text in texts(),
        now in prop_oneof![0_i64..5_000_000_000, any::<i64>()],
        zone in zones(),
    ) {
        if let Ok(closing) = read_closing(&text, now, zone) {
            let ahead_secs = closing.at_unix_secs - now;
            prop_assert!((SHORTEST_SECS..=LONGEST_SECS).contains(&ahead_secs), "{}", ahead_secs);
        }
    }

    #[test]
    fn a_written_time_is_read_as_it_was_shown(
        now in 0_i64..4_000_000_000,
        ahead_minutes in 2_i64..500_000,
        zone in zones(),
    ) {
        let then = (now + ahead_minutes * 60).div_euclid(60) * 60;
        let shown = zone.timestamp_opt(then, 0).single().expect("an instant").naive_local();
        // Old zones had odd seconds, which the text leaves out.
        let once = zone.from_local_datetime(&shown).single().is_some();
        prop_assume!(once && shown.format("%S").to_string() == "00");
        for format in ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%e %B %Y %I:%M %p"] {
            let text = shown.format(format).to_string();
            let expected = Closing { at_unix_secs: then, adjusted: None };
            prop_assert_eq!(read_closing(&text, now, zone), Ok(expected), "{}", text);
        }
    }
}
