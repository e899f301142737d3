//! Closing times and the names of zones, as members type them: the first letter says where and when the rest is
//! read, `0` to `5`, or that it is the name of a zone.
#![no_main]

use chrono::{DateTime, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use libfuzzer_sys::fuzz_target;
use marquee::domain::schedule::{
    Adjustment, Closing, LONGEST_SECS, SHORTEST_SECS, ScheduleError, read_closing, read_zone, suggest_zones,
};

/// Where and when each text is read: far from a change of clocks, shortly before one forward, one
/// back, one of half an hour, and a day left out; and on a leap day.
const SCENES: [(Tz, i64); 6] = [
    (Tz::Europe__Berlin, 1_795_439_220),
    (Tz::Europe__Berlin, 1_806_094_800),
    (Tz::America__New_York, 1_793_448_000),
    (Tz::Australia__Lord_Howe, 1_790_942_400),
    (Tz::Pacific__Apia, 1_325_160_000),
    (Tz::UTC, 1_835_438_400),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    let scene = first
        .checked_sub(b'0')
        .and_then(|scene| SCENES.get(usize::from(scene)));
    match scene {
        Some((zone, now)) => check_text(text, *now, *zone),
        None => check_zone(text),
    }
});

fn check_text(text: &str, now: i64, zone: Tz) {
    let result = read_closing(text, now, zone);
    let capitals = read_closing(&text.to_ascii_uppercase(), now, zone);
    assert_eq!(capitals, result, "capitals change nothing");
    match result {
        Ok(closing) => check_closing(closing, now, zone),
        Err(ScheduleError::Ambiguous { readings }) => {
            assert!(readings.len() <= 2 && readings.is_sorted());
            for date in readings {
                let again = read_closing(&format!("{date} 24:00"), now, zone);
                let of_use = again.is_ok() || again == Err(ScheduleError::TooFar);
                assert!(of_use, "{date} is ahead");
            }
        }
        Err(ScheduleError::Past { at_unix_secs }) => assert!(at_unix_secs < now + SHORTEST_SECS),
        Err(_) => {}
    }
}

fn check_zone(text: &str) {
    if let Some(zone) = read_zone(text) {
        assert_eq!(read_zone(zone.name()), Some(zone));
    }
    let offered = suggest_zones(text, 25);
    assert!(offered.len() <= 25);
    for zone in offered {
        assert_eq!(read_zone(zone.name()), Some(zone));
    }
}

/// It lies within bounds, and its adjustment is true of the zone's clocks.
fn check_closing(closing: Closing, now: i64, zone: Tz) {
    let ahead = closing.at_unix_secs - now;
    assert!((SHORTEST_SECS..=LONGEST_SECS).contains(&ahead), "{ahead} s ahead");
    let shown = |unix_secs: i64| -> NaiveDateTime {
        let at = DateTime::from_timestamp(unix_secs, 0).expect("an instant of our time");
        at.with_timezone(&zone).naive_local()
    };
    let local = shown(closing.at_unix_secs);
    if closing.adjusted == Some(Adjustment::Doubled) {
        // Hours may have been added to a time that came twice.
        return;
    }
    let text = local.format("%Y-%m-%dT%H:%M:%S").to_string();
    let again = read_closing(&text, now, zone).expect("what it gave, it takes");
    if zone.from_local_datetime(&local).single().is_some() {
        assert_eq!((again.at_unix_secs, again.adjusted), (closing.at_unix_secs, None));
    } else {
        assert!(again.at_unix_secs >= closing.at_unix_secs, "the second of two");
    }
}
