//! The words, numbers, dates and times of a text, whatever stands between them.
//!
//! Owns shapes alone: whether the 31st of June exists, or two days contradict each other, is not known here.

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, in lower case.
    Word(String),
    /// Digits that stand alone, with their count: `24`, `2026`.
    Number(u32, usize),
    /// `20:00`, `20:00:30`: hour, minute, second, as they were written.
    Clock(u32, u32, u32),
    /// `2026-12-24`, `24.12.`, `24.12.2026`.
    Date(WrittenDate),
    /// `24.12`, which may be a date or a time.
    DottedPair(u32, u32),
    /// `3/4`, `3/4/2026`, `3-4`: the first two numbers and the year.
    Unclear(UnclearDate),
    /// `+01:00` or `Z` behind a time, in seconds east of Greenwich.
    Offset(i32),
    /// Discord's own markup, `<t:1790000000:R>`: Unix seconds.
    Instant(i64),
}

/// A date as it was written, perhaps without its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenDate {
    /// The year, when there is one.
    pub year: Option<i32>,
    /// The month, 1 to 12 if it exists.
    pub month: u32,
    /// The day, 1 to 31 if it exists.
    pub day: u32,
}

/// A date whose day and month can't be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnclearDate {
    /// The day or the month.
    pub first: u32,
    /// The month or the day.
    pub second: u32,
    /// The year, when there is one.
    pub year: Option<i32>,
}

/// What stands between words and says nothing.
const BETWEEN: [char; 17] = [
    ' ', ',', ';', '.', '!', '?', '(', ')', '\'', '"', '’', '`', '*', '_', '@', '-', '–',
];

/// Words that may stand anywhere and change nothing.
const FILLERS: [&str; 15] = [
    "on", "by", "until", "till", "the", "of", "and", "o", "clock", "oclock", "st", "nd", "rd", "th", "closes",
];

/// The text's tokens; `None` if something in it has no place in a time.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = text
        .to_lowercase()
        .replace(char::is_whitespace, " ")
        .replace("a.m", "am")
        .replace("p.m", "pm");
    let mut cursor = Cursor { rest: &text };
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(next) = cursor.rest.chars().next() {
        if next.is_ascii_digit() {
            tokens.push(cursor.number()?);
            continue;
        }
        if next.is_ascii_alphabetic() {
            let word = cursor.take_while(|ch| ch.is_ascii_alphabetic());
            if !FILLERS.contains(&word) {
                tokens.push(Token::Word(word.to_owned()));
            }
            continue;
        }
        let after_a_time = matches!(tokens.last(), Some(Token::Clock(..)));
        if after_a_time && let Some(offset) = cursor.offset() {
            tokens.push(Token::Offset(offset));
        } else if next == '<' {
            tokens.push(cursor.markup()?);
        } else if next == '+' && tokens.is_empty() {
            cursor.eat('+');
            tokens.push(Token::Word("in".to_owned()));
        } else if BETWEEN.contains(&next) {
            cursor.eat(next);
        } else {
            return None;
        }
    }
    Some(tokens)
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn eat(&mut self, ch: char) -> bool {
        self.rest.strip_prefix(ch).map(|rest| self.rest = rest).is_some()
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|ch| !belongs(ch)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// One to six digits and their count.
    fn digits(&mut self) -> Option<(u32, usize)> {
        let digits = self.take_while(|ch| ch.is_ascii_digit());
        (digits.len() <= 6)
            .then(|| digits.parse().ok())
            .flatten()
            .map(|number| (number, digits.len()))
    }

    /// A separator and the digits right behind it; nothing is taken if they are not there.
    fn digits_after(&mut self, separator: char) -> Option<(u32, usize)> {
        let mut ahead = Cursor { rest: self.rest };
        let found = ahead.eat(separator).then(|| ahead.digits()).flatten()?;
        self.rest = ahead.rest;
        Some(found)
    }

    /// Whatever begins with a digit.
    fn number(&mut self) -> Option<Token> {
        let (first, count) = self.digits()?;
        if let Some((minute, digits)) = self.digits_after(':') {
            return (digits == 2).then(|| self.clock(first, minute)).flatten();
        }
        for separator in ['-', '/'] {
            if let Some((second, _)) = self.digits_after(separator) {
                let third = self.digits_after(separator);
                return self.separated((first, count), second, third);
            }
        }
        if let Some((second, _)) = self.digits_after('.') {
            return self.dotted(first, second);
        }
        Some(Token::Number(first, count))
    }

    /// The rest of a time: its seconds, without their fraction.
    fn clock(&mut self, hour: u32, minute: u32) -> Option<Token> {
        let second = match self.digits_after(':') {
            Some((second, 2)) => {
                self.digits_after('.');
                second
            }
            Some(_) => return None,
            None => 0,
        };
        Some(Token::Clock(hour, minute, second))
    }

    /// `2026-12-24`, perhaps with a `T` before the time; with the year last, or without one, it is unclear.
    fn separated(
        &mut self,
        (first, count): (u32, usize),
        second: u32,
        third: Option<(u32, usize)>,
    ) -> Option<Token> {
        if count == 4 {
            let (day, _) = third?;
            self.before_a_time();
            return Some(Token::Date(WrittenDate {
                year: i32::try_from(first).ok(),
                month: second,
                day,
            }));
        }
        let year = match third {
            Some((year, digits)) => Some(read_year(year, digits)?),
            None => None,
        };
        Some(Token::Unclear(UnclearDate { first, second, year }))
    }

    fn before_a_time(&mut self) {
        if let Some(time) = self.rest.strip_prefix('t')
            && time.starts_with(|ch: char| ch.is_ascii_digit())
        {
            self.rest = time;
        }
    }

    /// `24.12.2026`, `24.12.`, or `24.12`, which is not known to be a date.
    fn dotted(&mut self, day: u32, month: u32) -> Option<Token> {
        let mut ahead = Cursor { rest: self.rest };
        if let Some((year, digits)) = ahead.digits_after('.')
            && !ahead.rest.starts_with(':')
        {
            self.rest = ahead.rest;
            let year = Some(read_year(year, digits)?);
            return Some(Token::Date(WrittenDate { year, month, day }));
        }
        if self.eat('.') {
            let year = None;
            return Some(Token::Date(WrittenDate { year, month, day }));
        }
        Some(Token::DottedPair(day, month))
    }

    /// `+01:00`, `-0330`, with a space before it or not; nothing is taken if it is not there.
    fn offset(&mut self) -> Option<i32> {
        let mut ahead = Cursor {
            rest: self.rest.trim_start(),
        };
        let east = if ahead.eat('+') {
            1
        } else if ahead.eat('-') || ahead.eat('−') {
            -1
        } else {
            return None;
        };
        let (first, count) = ahead.digits()?;
        let (hours, minutes) = match (count, ahead.digits_after(':')) {
            (2, Some((minutes, 2))) => (first, minutes),
            (4, None) => (first / 100, first % 100),
            _ => return None,
        };
        self.rest = ahead.rest;
        let secs = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        // An offset that no place has is left to be refused: it would not fit a calendar either.
        Some(east * secs)
    }

    /// `<t:1790000000>`, with or without a style.
    fn markup(&mut self) -> Option<Token> {
        let (inside, rest) = self.rest.strip_prefix("<t:")?.split_once('>')?;
        let (secs, style) = inside.split_once(':').unwrap_or((inside, "f"));
        // Discord's styles are single letters; the text is in lower case by now.
        if !matches!(style, "t" | "d" | "f" | "s" | "r") {
            return None;
        }
        self.rest = rest;
        let secs: i64 = secs.parse().ok()?;
        (0..=super::LATEST_NOW)
            .contains(&secs)
            .then_some(Token::Instant(secs))
    }
}

/// A year of four digits, or of two in this century.
fn read_year(year: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}
