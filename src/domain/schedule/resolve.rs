//! Which instant is meant: from a named day and time, and now, to a [`Closing`].

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::grammar::{Asked, Day, Span, Time};
use super::lexer::{UnclearDate, WrittenDate};
use super::wall_clock::Place;
use super::{Closing, LONGEST_SECS, ScheduleError};

/// No zone is further than this from Greenwich, in seconds.
const FURTHEST_OFFSET_SECS: i32 = 14 * 3600;

/// The instant that was asked for, wherever it lies.
pub(super) fn resolve(asked: &Asked, now_unix_secs: i64, zone: Tz) -> Result<Closing, ScheduleError> {
    match *asked {
        Asked::Instant(at_unix_secs) => Ok(Closing {
            at_unix_secs,
            adjusted: None,
        }),
        Asked::After(span) => after(span, now_unix_secs, Place::Zone(zone)).ok_or(ScheduleError::TooFar),
        Asked::On {
            day,
            weekday,
            time,
            offset_secs,
        } => {
            let place = match offset_secs {
                None => Place::Zone(zone),
                Some(secs) if secs.abs() <= FURTHEST_OFFSET_SECS => Place::Offset(secs),
                Some(_) => return Err(ScheduleError::Unreadable),
            };
            let today = place.clock(now_unix_secs).ok_or(ScheduleError::TooFar)?.date();
            let dates = candidates(day, today)?;
            soonest(&dates, weekday, time, now_unix_secs, place)
        }
    }
}

/// The dates within reach that an unclear one may mean, soonest first.
pub(super) fn readings(date: UnclearDate, now_unix_secs: i64, zone: Tz) -> Vec<NaiveDate> {
    let Some(now) = Place::Zone(zone).clock(now_unix_secs) else {
        return Vec::new();
    };
    let today = now.date();
    let last = today
        .checked_add_signed(TimeDelta::seconds(LONGEST_SECS))
        .unwrap_or(today);
    let mut readings: Vec<NaiveDate> = [(date.first, date.second), (date.second, date.first)]
        .into_iter()
        .filter_map(|(day, month)| {
            let year = date.year;
            let dates = written(WrittenDate { year, month, day }, today).ok()?;
            dates.into_iter().find(|date| (today..=last).contains(date))
        })
        .collect();
    readings.sort_unstable();
    readings.dedup();
    readings
}

/// By the calendar at the same time of day, then by the clock.
fn after(span: Span, now_unix_secs: i64, place: Place) -> Option<Closing> {
    let mut closing = Closing {
        at_unix_secs: now_unix_secs,
        adjusted: None,
    };
    if span.days > 0 || span.months > 0 {
        let now = place.clock(now_unix_secs)?;
        let date = later(now.date(), span)?;
        closing = place.instant(NaiveDateTime::new(date, now.time()))?;
    }
    closing.at_unix_secs = closing.at_unix_secs.checked_add(span.secs.unwrap_or(0).into())?;
    Some(closing)
}

fn later(date: NaiveDate, span: Span) -> Option<NaiveDate> {
    date.checked_add_months(Months::new(span.months))?
        .checked_add_days(Days::new(span.days.into()))
}

/// The dates that a day may mean, soonest first; never empty.
fn candidates(day: Option<Day>, today: NaiveDate) -> Result<Vec<NaiveDate>, ScheduleError> {
    let on = |days: u32| today.checked_add_days(Days::new(days.into()));
    let dates = match day {
        None => vec![on(0), on(1)],
        Some(Day::After(span)) => vec![later(today, span)],
        Some(Day::Weekday(weekday)) => {
            let days = days_until(weekday, today);
            vec![on(days), on(days + 7)]
        }
        Some(Day::NextWeekday(weekday)) => match days_until(weekday, today) {
            0 => vec![on(7)],
            days => vec![on(days)],
        },
        Some(Day::WeekdayOfNextWeek(weekday)) => {
            let monday = 7 - today.weekday().num_days_from_monday();
            vec![on(monday + weekday.num_days_from_monday())]
        }
        Some(Day::Date(date)) => return written(date, today),
    };
    dates
        .into_iter()
        .collect::<Option<_>>()
        .ok_or(ScheduleError::TooFar)
}

/// Days from today to the next such day, 0 to 6.
fn days_until(weekday: Weekday, today: NaiveDate) -> u32 {
    weekday.days_since(today.weekday())
}

/// A date with its year, or in this year and the next.
fn written(date: WrittenDate, today: NaiveDate) -> Result<Vec<NaiveDate>, ScheduleError> {
    let in_year = |year| NaiveDate::from_ymd_opt(year, date.month, date.day);
    let dates: Vec<NaiveDate> = match date.year {
        Some(year) => in_year(year).into_iter().collect(),
        None => [today.year(), today.year() + 1]
            .into_iter()
            .filter_map(in_year)
            .collect(),
    };
    if dates.is_empty() {
        return Err(ScheduleError::NoSuchDate);
    }
    Ok(dates)
}

/// The first of the dates on which the time is still ahead, or else the last of them.
fn soonest(
    dates: &[NaiveDate],
    weekday: Option<Weekday>,
    time: Time,
    now_unix_secs: i64,
    place: Place,
) -> Result<Closing, ScheduleError> {
    let mut found = Err(ScheduleError::NoSuchDate);
    for date in dates {
        let shown = date
            .checked_add_days(Days::new(u64::from(time.day_after)))
            .ok_or(ScheduleError::TooFar)?
            .and_time(time.clock);
        let closing = place.instant(shown).ok_or(ScheduleError::TooFar)?;
        let on_its_weekday = weekday.is_none_or(|weekday| date.weekday() == weekday);
        found = if on_its_weekday {
            Ok(closing)
        } else {
            Err(ScheduleError::NoSuchDate)
        };
        if closing.at_unix_secs > now_unix_secs {
            break;
        }
    }
    found
}
