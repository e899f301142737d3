//! Distances: `in 3 days`, `in 1h30m`, `2 hours`, `in a week at noon`.

use super::{Span, Token};

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// So many months each.
    Months(u32),
    /// So many days each.
    Days(u32),
    /// So many seconds each.
    Secs(u32),
}

/// The distance that the tokens begin with, and the rest of them.
///
/// `in` may be left out, unless an hour is written as a bare `h`: in half of Europe `18h` is a time.
pub(super) fn read(tokens: &[Token]) -> Option<(Span, &[Token])> {
    let (announced, mut rest) = match tokens {
        [Token::Word(word), rest @ ..] if matches!(word.as_str(), "in" | "within" | "after") => (true, rest),
        [Token::Word(next), rest @ ..] if next == "next" && is_word(rest, "month") => {
            let months = Span {
                months: 1,
                ..Span::default()
            };
            return Some((months, &rest[1..]));
        }
        _ => (false, tokens),
    };
    let mut span = Span::default();
    let mut last = None;
    while let Some((count, after)) = count(rest) {
        let (unit, after) = match (after, last) {
            ([Token::Word(word), ..], _) if !announced && word == "h" => return None,
            ([Token::Word(word), after @ ..], _) => match unit(word) {
                Some(unit) => (unit, after),
                None => break,
            },
            // "1h30"
            ([], Some(Unit::Secs(3600))) => (Unit::Secs(60), after),
            _ => break,
        };
        // The halves of an hour and of a day are all that people say.
        let unit = match (count, unit) {
            (Count::Half, Unit::Secs(secs)) => Unit::Secs(secs / 2),
            (Count::Half, Unit::Days(1)) => Unit::Secs(12 * 3600),
            (Count::Half, _) => return None,
            (Count::Whole(_), unit) => unit,
        };
        add(&mut span, count, unit)?;
        last = Some(unit);
        rest = after;
    }
    last?;
    if let [Token::Word(from), Token::Word(now), after @ ..] = rest
        && from == "from"
        && now == "now"
    {
        rest = after;
    }
    Some((span, rest))
}

#[derive(Clone, Copy)]
enum Count {
    Whole(u32),
    Half,
}

/// `3`, `a`, `two`, `half a`.
fn count(tokens: &[Token]) -> Option<(Count, &[Token])> {
    let (first, rest) = tokens.split_first()?;
    match first {
        Token::Number(number, _) => Some((Count::Whole(*number), rest)),
        Token::Word(word) if word == "half" => {
            let article = is_word(rest, "a") || is_word(rest, "an");
            Some((Count::Half, if article { &rest[1..] } else { rest }))
        }
        Token::Word(word) => {
            let number = match word.as_str() {
                "a" | "an" | "one" => 1,
                "two" => 2,
                "three" => 3,
                "four" => 4,
                "five" => 5,
                "six" => 6,
                "seven" => 7,
                "eight" => 8,
                "nine" => 9,
                "ten" => 10,
                "eleven" => 11,
                "twelve" => 12,
                _ => return None,
            };
            Some((Count::Whole(number), rest))
        }
        _ => None,
    }
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "year" | "years" | "y" => Unit::Months(12),
        "month" | "months" => Unit::Months(1),
        "week" | "weeks" | "w" => Unit::Days(7),
        "day" | "days" | "d" => Unit::Days(1),
        "hour" | "hours" | "hr" | "hrs" | "h" => Unit::Secs(3600),
        "minute" | "minutes" | "min" | "mins" | "m" => Unit::Secs(60),
        "second" | "seconds" | "sec" | "secs" | "s" => Unit::Secs(1),
        _ => return None,
    })
}

/// Adds so many of a unit; `None` once the distance is beyond all counting.
fn add(span: &mut Span, count: Count, unit: Unit) -> Option<()> {
    let count = match count {
        Count::Whole(count) => count,
        Count::Half => 1,
    };
    match unit {
        Unit::Months(months) => span.months = count.checked_mul(months)?.checked_add(span.months)?,
        Unit::Days(days) => span.days = count.checked_mul(days)?.checked_add(span.days)?,
        Unit::Secs(secs) => {
            let sum = count.checked_mul(secs)?.checked_add(span.secs.unwrap_or(0))?;
            span.secs = Some(sum);
        }
    }
    Some(())
}

fn is_word(tokens: &[Token], expected: &str) -> bool {
    matches!(tokens.first(), Some(Token::Word(word)) if word == expected)
}
