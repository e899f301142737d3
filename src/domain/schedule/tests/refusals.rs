//! What is not taken for a closing time, and why.

use super::*;

#[test]
fn days_that_the_calendar_lacks_are_refused() {
    for text in [
        "2026-02-30",
        "2027-02-29 20:00",
        "31.11.2026 20:00",
        "31 june",
        "2026-13-01",
        "2026-12-00",
        "friday 24 december 2026",
    ] {
        assert_eq!(error(MONDAY, text), ScheduleError::NoSuchDate, "{text}");
    }
}

#[test]
fn dates_that_two_countries_read_differently_are_refused_with_their_readings() {
    let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
    for (text, readings) in [
        ("12/24", vec![date("2026-12-24")]),
        ("3/4", vec![date("2027-03-04"), date("2027-04-03")]),
        ("3/4/2027 20:00", vec![date("2027-03-04"), date("2027-04-03")]),
        ("03-04-27", vec![date("2027-03-04"), date("2027-04-03")]),
        ("12.12", vec![date("2026-12-12")]),
        ("friday 20.10", vec![date("2027-10-20")]),
        ("20.30", vec![]),
        ("1/2/1999", vec![]),
    ] {
        assert_eq!(
            error(MONDAY, text),
            ScheduleError::Ambiguous { readings },
            "{text}"
        );
    }
}

#[test]
fn what_is_over_or_hardly_ahead_is_refused() {
    for (text, shown) in [
        ("today 14:00", "2026-11-23 14:00"),
        ("2026-11-23 14:07", "2026-11-23 14:07"),
        ("2020-01-01", "2020-01-01 20:00"),
        ("in 0 minutes", MONDAY),
        ("<t:1790000000:R>", "2026-09-21 16:13"),
    ] {
        let ScheduleError::Past { at_unix_secs } = error(MONDAY, text) else {
            panic!("{text} is past");
        };
        assert_eq!(
            at_unix_secs - at_unix_secs.rem_euclid(60),
            at(BERLIN, shown),
            "{text}"
        );
    }
    let past = |text| matches!(error(MONDAY, text), ScheduleError::Past { .. });
    assert!(past("in 59 seconds"));
    let evening = read_closing("tonight", at(BERLIN, "2026-11-23 20:30"), BERLIN);
    assert!(matches!(evening, Err(ScheduleError::Past { .. })));
}

#[test]
fn what_is_beyond_a_year_is_refused() {
    for text in [
        "2028-01-01",
        "in 2 years",
        "in 400 days",
        "in 13 months",
        "in 10000 hours",
        "9999-12-31 24:00",
        "in 999999 months",
    ] {
        assert_eq!(error(MONDAY, text), ScheduleError::TooFar, "{text}");
    }
}

#[test]
fn what_means_nothing_certain_is_refused() {
    for text in [
        "",
        "  ",
        "soon",
        "friday or saturday",
        "friday saturday",
        "8",
        "friday 8",
        "at 8",
        "18h",
        "25:00",
        "20:60",
        "20:0",
        "13pm",
        "0am",
        "in 3",
        "in days",
        "in 3 hours at 20:00",
        "in",
        "at",
        "in 1:30",
        "half a week",
        "in 99999999999 days",
        "in 4294967295 weeks",
        "20:00 21:00",
        "18:00-20:00",
        "2026-12-24T18:00+99:00",
        "2026-12",
        "next",
        "next year friday",
        "day before yesterday",
        "fri\u{202E}day",
        "<t:soon>",
        "<t:-1:R>",
        "<@1234>",
        "пятница 20:00",
        "friday 20:00 🎬",
        "utc",
        "tomorrow utc",
    ] {
        assert_eq!(error(MONDAY, text), ScheduleError::Unreadable, "{text}");
    }
    let long = format!("friday 20:00{}", " ".repeat(100));
    assert_eq!(error(MONDAY, &long), ScheduleError::Unreadable);
}
