//! The names of time zones, as people type them.
//!
//! Owns which names are understood and which are offered. `GMT+2` is not understood: in the database of time
//! zones that sign means the opposite of what everybody means by it.

use std::sync::LazyLock;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::domain::text::title_key;

/// Regions whose names are kept for old programs alone; they are understood in full, and never offered.
const OLD_REGIONS: [&str; 6] = ["Brazil/", "Canada/", "Chile/", "Etc/", "Mexico/", "US/"];

/// What is offered before anything is typed.
const FIRST_OFFERED: [Tz; 24] = [
    Tz::UTC,
    Tz::Europe__London,
    Tz::Europe__Berlin,
    Tz::Europe__Paris,
    Tz::Europe__Madrid,
    Tz::Europe__Rome,
    Tz::Europe__Warsaw,
    Tz::Europe__Athens,
    Tz::Europe__Istanbul,
    Tz::America__New_York,
    Tz::America__Chicago,
    Tz::America__Denver,
    Tz::America__Los_Angeles,
    Tz::America__Toronto,
    Tz::America__Mexico_City,
    Tz::America__Sao_Paulo,
    Tz::America__Argentina__Buenos_Aires,
    Tz::Africa__Johannesburg,
    Tz::Asia__Kolkata,
    Tz::Asia__Singapore,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Australia__Sydney,
    Tz::Pacific__Auckland,
];

/// A zone with its names as comparisons see them.
struct Named {
    zone: Tz,
    /// `europe berlin`.
    whole: String,
    /// `berlin`.
    city: String,
    offered: bool,
}

static ZONES: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let named = |zone: &Tz| {
        let name = zone.name();
        let city = name.rsplit('/').next().unwrap_or(name);
        let old = !name.contains('/') || OLD_REGIONS.iter().any(|region| name.starts_with(region));
        Named {
            zone: *zone,
            whole: title_key(name),
            city: title_key(city),
            offered: *zone == Tz::UTC || !old,
        }
    };
    TZ_VARIANTS.iter().map(named).collect()
});

/// The time zone of this name: `Europe/Berlin` in any spelling of case and blanks, or its city alone where
/// all zones with such a city keep the same time.
pub fn read_zone(text: &str) -> Option<Tz> {
    let text = text.trim();
    let exact = TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(text));
    if let Some(zone) = exact {
        return Some(*zone);
    }
    let key = key_of(text)?;
    the_one(ZONES.iter().filter(|named| named.whole == key))
        .or_else(|| the_one(ZONES.iter().filter(|named| named.offered && named.city == key)))
}

/// Time zones whose names fit what was typed so far, best first; well-known ones for a blank text.
pub fn suggest_zones(text: &str, limit: usize) -> Vec<Tz> {
    let Some(key) = key_of(text.trim()) else {
        let known = FIRST_OFFERED.into_iter().filter(|_| text.trim().is_empty());
        return known.take(limit).collect();
    };
    let word = format!(" {key}");
    let mut fitting: Vec<(u8, Tz)> = ZONES
        .iter()
        .filter(|named| named.offered)
        .filter_map(|named| Some((rank(named, &key, &word)?, named.zone)))
        .collect();
    fitting.sort_by_key(|(rank, zone)| (*rank, zone.name()));
    fitting.into_iter().map(|(_, zone)| zone).take(limit).collect()
}

/// How well a name fits, 0 best; `None` if it doesn't. `word` is the key at the beginning of a word.
fn rank(named: &Named, key: &str, word: &str) -> Option<u8> {
    if named.city.starts_with(key) {
        Some(0)
    } else if named.whole.starts_with(key) {
        Some(1)
    } else if named.whole.contains(word) {
        Some(2)
    } else {
        named.whole.contains(key).then_some(3)
    }
}

/// What was typed, as comparisons see it; `None` for what no zone's name looks like.
fn key_of(text: &str) -> Option<String> {
    // No name is half as long, and a sign before a number must not be folded away.
    if text.len() > 100 || text.contains('+') {
        return None;
    }
    Some(title_key(text)).filter(|key| !key.is_empty())
}

/// The zone, if there is one, or several that keep the same time: the last by name, which is the one in use
/// more often than not.
fn the_one<'a>(mut fitting: impl Iterator<Item = &'a Named>) -> Option<Tz> {
    let first = fitting.next()?.zone;
    fitting.try_fold(first, |last, named| {
        keep_the_same_time(last, named.zone).then_some(named.zone)
    })
}

/// Whether two zones agree in every month of a few years.
fn keep_the_same_time(one: Tz, other: Tz) -> bool {
    /// 2024-01-01.
    const FROM: i64 = 1_704_067_200;
    const TEN_DAYS: i64 = 10 * 24 * 3600;

    (0..110)
        .filter_map(|step| DateTime::from_timestamp(FROM + step * TEN_DAYS, 0))
        .map(|at| at.naive_utc())
        .all(|at| {
            let east = |zone: Tz| zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
            east(one) == east(other)
        })
}
