//! What becomes of times that clocks skip, or show twice.

use super::*;

/// What a text means: the instant as UTC, and what had to be said about it.
fn read(zone: Tz, now_utc: &str, text: &str) -> (String, Option<Adjustment>) {
    let now = at(Tz::UTC, now_utc);
    let closing = read_closing(text, now, zone).expect(text);
    let instant = Tz::UTC.timestamp_opt(closing.at_unix_secs, 0).unwrap();
    (instant.format("%Y-%m-%d %H:%M").to_string(), closing.adjusted)
}

fn plainly(utc: &str) -> (String, Option<Adjustment>) {
    (utc.to_owned(), None)
}

fn skipped(utc: &str) -> (String, Option<Adjustment>) {
    (utc.to_owned(), Some(Adjustment::Skipped))
}

fn doubled(utc: &str) -> (String, Option<Adjustment>) {
    (utc.to_owned(), Some(Adjustment::Doubled))
}

#[test]
fn a_skipped_time_is_the_first_instant_after_the_gap() {
    // Berlin goes from 02:00 to 03:00 on 28 March 2027, at 01:00 UTC.
    let berlin = |text| read(BERLIN, "2027-03-26 12:00", text);
    assert_eq!(berlin("2027-03-28 01:59"), plainly("2027-03-28 00:59"));
    assert_eq!(berlin("2027-03-28 02:00"), skipped("2027-03-28 01:00"));
    assert_eq!(berlin("sunday 2:30am"), skipped("2027-03-28 01:00"));
    assert_eq!(berlin("28.3. 02:59"), skipped("2027-03-28 01:00"));
    assert_eq!(berlin("2027-03-28 03:00"), plainly("2027-03-28 01:00"));
    // An offset leaves nothing to be adjusted.
    assert_eq!(berlin("2027-03-28T02:30+01:00"), plainly("2027-03-28 01:30"));

    let new_york = |text| read(Tz::America__New_York, "2027-03-12 12:00", text);
    assert_eq!(new_york("2027-03-14 02:30"), skipped("2027-03-14 07:00"));
    assert_eq!(new_york("2027-03-14 03:00"), plainly("2027-03-14 07:00"));

    // Lord Howe's clocks move by half an hour: 02:00 to 02:30 on 4 October 2026, at 15:30 UTC.
    let lord_howe = |text| read(Tz::Australia__Lord_Howe, "2026-10-01 12:00", text);
    assert_eq!(lord_howe("2026-10-04 02:15"), skipped("2026-10-03 15:30"));
    assert_eq!(lord_howe("2026-10-04 02:30"), plainly("2026-10-03 15:30"));
}

#[test]
fn a_doubled_time_is_the_second_one() {
    // Berlin goes from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
    let berlin = |text| read(BERLIN, "2026-10-23 12:00", text);
    assert_eq!(berlin("2026-10-25 01:59"), plainly("2026-10-24 23:59"));
    assert_eq!(berlin("2026-10-25 02:00"), doubled("2026-10-25 01:00"));
    assert_eq!(berlin("sunday 2:30am"), doubled("2026-10-25 01:30"));
    assert_eq!(berlin("2026-10-25 03:00"), plainly("2026-10-25 02:00"));
    assert_eq!(berlin("2026-10-25T02:30+02:00"), plainly("2026-10-25 00:30"));

    let new_york = |text| read(Tz::America__New_York, "2026-10-30 12:00", text);
    assert_eq!(new_york("2026-11-01 01:30"), doubled("2026-11-01 06:30"));

    // Lord Howe repeats 01:30 to 02:00 on 5 April 2026.
    let lord_howe = |text| read(Tz::Australia__Lord_Howe, "2026-04-01 12:00", text);
    assert_eq!(lord_howe("2026-04-05 01:45"), doubled("2026-04-04 15:15"));
    assert_eq!(lord_howe("2026-04-05 01:15"), plainly("2026-04-04 14:15"));
}

#[test]
fn between_the_two_passes_the_second_is_still_ahead() {
    // 02:45 for the first time, then for the second.
    assert_eq!(
        read(BERLIN, "2026-10-25 00:45", "2:30"),
        doubled("2026-10-25 01:30")
    );
    assert_eq!(
        read(BERLIN, "2026-10-25 01:45", "2:30"),
        plainly("2026-10-26 01:30")
    );
}

#[test]
fn a_skipped_day_is_the_beginning_of_the_next() {
    // Samoa had no 30 December 2011.
    let apia = |text| read(Tz::Pacific__Apia, "2011-12-29 12:00", text);
    assert_eq!(apia("2011-12-30 20:00"), skipped("2011-12-30 10:00"));
    assert_eq!(apia("tomorrow"), skipped("2011-12-30 10:00"));
    assert_eq!(apia("2011-12-31 00:00"), plainly("2011-12-30 10:00"));
    assert_eq!(apia("2011-12-29 23:59"), plainly("2011-12-30 09:59"));
}

#[test]
fn days_follow_the_calendar_and_hours_the_clock() {
    // From Friday 20:00 in Berlin over the end of summer time.
    let from = "2026-10-23 18:00";
    assert_eq!(read(BERLIN, from, "in 3 days"), plainly("2026-10-26 19:00"));
    assert_eq!(read(BERLIN, from, "in 72 hours"), plainly("2026-10-26 18:00"));
    assert_eq!(read(BERLIN, from, "in a week"), plainly("2026-10-30 19:00"));
    assert_eq!(
        read(BERLIN, from, "in 2 days 12 hours"),
        plainly("2026-10-26 07:00")
    );
    // The time of day of now, carried into a gap and into a repetition.
    assert_eq!(
        read(BERLIN, "2027-03-27 01:30", "in 1 day"),
        skipped("2027-03-28 01:00")
    );
    assert_eq!(
        read(BERLIN, "2026-10-24 00:30", "in 1 day"),
        doubled("2026-10-25 01:30")
    );
}

#[test]
fn a_zone_decides_which_day_today_is() {
    // Monday 23:00 UTC is Tuesday in Auckland and Monday in Los Angeles.
    let now = "2026-11-23 23:00";
    assert_eq!(
        read(Tz::Pacific__Auckland, now, "today 20:00"),
        plainly("2026-11-24 07:00")
    );
    assert_eq!(
        read(Tz::America__Los_Angeles, now, "today 20:00"),
        plainly("2026-11-24 04:00")
    );
    assert_eq!(
        read(Tz::Asia__Kathmandu, now, "20:00"),
        plainly("2026-11-24 14:15")
    );
}
