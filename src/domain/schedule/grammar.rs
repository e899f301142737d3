//! What the tokens say together: a span from now, or a day and a time of day.
//!
//! Owns the words. Which date a weekday is, and which instant a time, is found by `resolve`.

mod spans;
mod times;

use chrono::{Month, NaiveTime, Weekday};

use super::EVENING;
use super::lexer::{Token, UnclearDate, WrittenDate};
use times::{Clock, half_of_day, twelve_hours};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// This instant, Unix seconds.
    Instant(i64),
    /// So far from now: first by the calendar, at the same time of day, then by the clock.
    After(Span),
    /// A time on a day.
    On {
        /// The day; `None` is the next one with that time.
        day: Option<Day>,
        /// The day of the week that was said with a date.
        weekday: Option<Weekday>,
        /// The time of day.
        time: Time,
        /// Seconds east of Greenwich, when the text says so itself.
        offset_secs: Option<i32>,
    },
}

/// A distance in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    /// Months of the calendar.
    pub months: u32,
    /// Days of the calendar.
    pub days: u32,
    /// Seconds, whatever the clocks do; `None` if only days or months were named.
    pub secs: Option<u32>,
}

/// A day as it was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// So many months and days after today.
    After(Span),
    /// The next such day with the time still ahead.
    Weekday(Weekday),
    /// The next such day after today.
    NextWeekday(Weekday),
    /// That day of the week that begins next Monday.
    WeekdayOfNextWeek(Weekday),
    /// A date.
    Date(WrittenDate),
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// What the clock shows.
    pub clock: NaiveTime,
    /// It belongs to the day after the one named: the end of a day, or the small hours of a night.
    pub day_after: bool,
}

/// Why the tokens say nothing certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// They fit no form.
    Unreadable,
    /// The date in them has two readings.
    Ambiguous(UnclearDate),
}

/// Reads all tokens.
pub(super) fn read(tokens: &[Token]) -> Result<Asked, Slip> {
    if let [Token::Instant(secs)] = tokens {
        return Ok(Asked::Instant(*secs));
    }
    if let Some((span, rest)) = spans::read(tokens) {
        if rest.is_empty() {
            return Ok(Asked::After(span));
        }
        // "in 3 days at 20:00", but not "in 3 hours at 20:00".
        let mut said = Said {
            day: Some(Day::After(span)),
            ..Said::default()
        };
        said.read(rest)?;
        return match said.asked()? {
            on if span.secs.is_none() => Ok(on),
            _ => Err(Slip::Unreadable),
        };
    }
    let mut said = Said::default();
    said.read(tokens)?;
    said.asked()
}

/// What has been read of a day and a time; each part may be said once.
#[derive(Debug, Default)]
struct Said {
    day: Option<Day>,
    weekday: Option<Weekday>,
    next: bool,
    next_week: bool,
    time: Option<Clock>,
    evening: bool,
    offset_secs: Option<i32>,
    pair: Option<(u32, u32)>,
}

impl Said {
    fn read(&mut self, mut tokens: &[Token]) -> Result<(), Slip> {
        while !tokens.is_empty() {
            tokens = self.step(tokens).ok_or(Slip::Unreadable)??;
        }
        Ok(())
    }

    /// Takes what the tokens begin with; gives the rest.
    fn step<'a>(&mut self, tokens: &'a [Token]) -> Option<Result<&'a [Token], Slip>> {
        let (first, rest) = tokens.split_first()?;
        let rest = match first {
            Token::Unclear(date) => return Some(Err(Slip::Ambiguous(*date))),
            Token::Instant(_) => return None,
            Token::Offset(secs) => {
                put(&mut self.offset_secs, *secs)?;
                rest
            }
            Token::Clock(hour, minute, second) => self.clock((*hour, *minute, *second), rest)?,
            Token::DottedPair(first, second) => {
                if half_of_day(rest).is_some() {
                    self.clock((*first, *second, 0), rest)?
                } else {
                    put(&mut self.pair, (*first, *second))?;
                    rest
                }
            }
            Token::Date(date) => self.date(*date, rest)?,
            Token::Number(number, count) => self.number(*number, *count, false, rest)?,
            Token::Word(word) => self.word(word, rest)?,
        };
        Some(Ok(rest))
    }

    fn clock<'a>(
        &mut self,
        (hour, minute, second): (u32, u32, u32),
        rest: &'a [Token],
    ) -> Option<&'a [Token]> {
        let (hour, rest, halved) = match half_of_day(rest) {
            Some(afternoon) => (twelve_hours(hour, afternoon)?, &rest[1..], true),
            None => (hour, rest, false),
        };
        let clock = if (hour, minute, second) == (24, 0, 0) {
            Clock::Midnight
        } else {
            let time = NaiveTime::from_hms_opt(hour, minute, second)?;
            Clock::Full { time, halved }
        };
        put(&mut self.time, clock)?;
        Some(rest)
    }

    /// A date, and the year that may follow one without.
    fn date<'a>(&mut self, date: WrittenDate, rest: &'a [Token]) -> Option<&'a [Token]> {
        let (year, rest) = match (date.year, rest) {
            (None, [Token::Number(year, 4), rest @ ..]) => (i32::try_from(*year).ok(), rest),
            (year, rest) => (year, rest),
        };
        put(&mut self.day, Day::Date(WrittenDate { year, ..date }))?;
        Some(rest)
    }

    fn number<'a>(&mut self, number: u32, count: usize, at: bool, rest: &'a [Token]) -> Option<&'a [Token]> {
        if half_of_day(rest).is_some() {
            return self.clock((number, 0, 0), rest);
        }
        if let [Token::Word(word), rest @ ..] = rest
            && let Some(month) = month(word)
        {
            let date = WrittenDate {
                year: None,
                month,
                day: number,
            };
            return self.date(date, rest);
        }
        if count > 2 {
            return None;
        }
        put(&mut self.time, Clock::Hour { hour: number, at })?;
        Some(rest)
    }

    fn word<'a>(&mut self, word: &str, rest: &'a [Token]) -> Option<&'a [Token]> {
        let following = match rest {
            [Token::Word(next), ..] => next.as_str(),
            _ => "",
        };
        match word {
            "at" => match rest {
                [Token::Number(hour, count), rest @ ..] => return self.number(*hour, *count, true, rest),
                [] => return None,
                _ => {}
            },
            "today" => put(&mut self.day, Day::After(Span::default()))?,
            "tonight" => {
                put(&mut self.day, Day::After(Span::default()))?;
                self.evening = true;
            }
            "tomorrow" | "tmrw" | "tmr" => put(&mut self.day, Day::After(days(1)))?,
            "day" => {
                let [Token::Word(after), Token::Word(tomorrow), rest @ ..] = rest else {
                    return None;
                };
                if (after.as_str(), tomorrow.as_str()) != ("after", "tomorrow") {
                    return None;
                }
                put(&mut self.day, Day::After(days(2)))?;
                return Some(rest);
            }
            "evening" | "night" => self.evening = true,
            "in" if matches!(following, "evening" | "night") => {}
            "noon" | "midday" => put(&mut self.time, Clock::Noon)?,
            "midnight" => put(&mut self.time, Clock::Midnight)?,
            "utc" | "gmt" | "z" => put(&mut self.offset_secs, 0)?,
            "next" if following == "week" => {
                self.next_week = true;
                return rest.get(1..);
            }
            "next" if weekday(following).is_some() => self.next = true,
            "this" | "coming" if weekday(following).is_some() => {}
            "this" if matches!(following, "evening" | "night") => {
                put(&mut self.day, Day::After(Span::default()))?;
            }
            _ => {
                if let Some(month) = month(word) {
                    let [Token::Number(day, 1 | 2), rest @ ..] = rest else {
                        return None;
                    };
                    let year = None;
                    return self.date(
                        WrittenDate {
                            year,
                            month,
                            day: *day,
                        },
                        rest,
                    );
                }
                put(&mut self.weekday, weekday(word)?)?;
            }
        }
        Some(rest)
    }

    fn asked(mut self) -> Result<Asked, Slip> {
        self.settle_pair()?;
        let (day, weekday) = match (self.day, self.weekday) {
            (Some(Day::Date(date)), weekday) if !self.next && !self.next_week => {
                (Some(Day::Date(date)), weekday)
            }
            (None, Some(weekday)) if self.next_week => (Some(Day::WeekdayOfNextWeek(weekday)), None),
            (None, Some(weekday)) if self.next => (Some(Day::NextWeekday(weekday)), None),
            (None, Some(weekday)) => (Some(Day::Weekday(weekday)), None),
            (None, None) if self.next_week => (Some(Day::After(days(7))), None),
            (day, None) if !self.next_week => (day, None),
            _ => return Err(Slip::Unreadable),
        };
        let time = match self.time {
            Some(clock) => clock.read(self.evening).ok_or(Slip::Unreadable)?,
            None if day.is_some() || self.evening => times::same_day(EVENING),
            None => return Err(Slip::Unreadable),
        };
        if self.offset_secs.is_some() && self.time.is_none() {
            return Err(Slip::Unreadable);
        }
        // An evening without a day is that of today.
        let day = day.or_else(|| self.evening.then(|| Day::After(Span::default())));
        Ok(Asked::On {
            day,
            weekday,
            time,
            offset_secs: self.offset_secs,
        })
    }

    /// `24.12` is a date beside a time; by itself, or beside another day, it may be a time.
    fn settle_pair(&mut self) -> Result<(), Slip> {
        let Some((day, month)) = self.pair else {
            return Ok(());
        };
        if self.time.is_none() || self.day.is_some() {
            return Err(Slip::Ambiguous(UnclearDate {
                first: day,
                second: month,
                year: None,
            }));
        }
        let year = None;
        self.day = Some(Day::Date(WrittenDate { year, month, day }));
        Ok(())
    }
}

/// Puts a part where none was.
fn put<T>(place: &mut Option<T>, part: T) -> Option<()> {
    place.is_none().then(|| *place = Some(part))
}

/// `fri`, `friday`, and what is usual between them.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    match word {
        "tues" => Some(Weekday::Tue),
        "weds" => Some(Weekday::Wed),
        "thur" | "thurs" => Some(Weekday::Thu),
        _ => word.parse().ok(),
    }
}

/// `dec`, `december`; 1 to 12.
fn month(word: &str) -> Option<u32> {
    match word {
        "sept" => Some(9),
        _ => word.parse::<Month>().ok().map(|month| month.number_from_month()),
    }
}

const fn days(days: u32) -> Span {
    Span {
        months: 0,
        days,
        secs: None,
    }
}
