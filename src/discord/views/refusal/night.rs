//! The wording of what speaks against marking a film as watched, and against a pick.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::discord::screen::Screen;
use crate::discord::views::words;
use crate::domain::schedule::past::PastDayError;

use super::TITLE_MAX;
use super::round::ambiguous;

/// Forms of a day that are always understood.
const EXAMPLES: &str = "`yesterday`, `last friday`, `3 days ago` or `2026-11-20`";

/// A film is in the history for that day already.
pub fn already_watched(title: &str, on: NaiveDate) -> String {
    let title = words::film_title(title, None, TITLE_MAX);
    format!(
        "**{title}** is in the history for {} already. If it was another evening, name its day with `date`; \
         `/watched remove` takes an entry out.",
        words::day(on)
    )
}

/// Why a text is no day that is over.
pub fn watched_day(why: &PastDayError, zone: Tz) -> Screen {
    let said = match why {
        PastDayError::Unreadable => {
            format!("I cannot read that as a day. Write it like {EXAMPLES}, or leave it out for today.")
        }
        PastDayError::Ambiguous { readings } => ambiguous(readings, EXAMPLES),
        PastDayError::NoSuchDay => {
            "There was no such film night. Check the date, and the weekday if you gave one.".to_owned()
        }
        PastDayError::Future => {
            "That day is still to come. Mark the film once it was watched; until then `/propose` puts it up for the \
             vote."
                .to_owned()
        }
    };
    Screen::text(format!("{said}\n-# Days here are those of {}.", zone.name()))
}

/// No two films fit the evening.
pub fn no_double_feature(budget: u32, timed: u32, untimed: u32) -> String {
    let evening = words::minutes(budget);
    let unknown = match untimed {
        0 => String::new(),
        1 => " Of 1 more film nobody knows yet how long it runs.".to_owned(),
        more => format!(" Of {more} more films nobody knows yet how long they run."),
    };
    match timed {
        0 | 1 => format!(
            "A double feature takes two films up for the vote whose runtime is known, and there {}.{unknown} Propose \
             more with `/propose`.",
            if timed == 0 { "is none" } else { "is only one" }
        ),
        timed => format!(
            "No two of the {timed} films up for the vote fit into {evening}.{unknown} Give the evening a larger \
             `budget`, or propose shorter films."
        ),
    }
}
