//! The wording of what speaks against a step in a round's life, and of closing times that are none.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::discord::screen::Screen;
use crate::discord::views::words;
use crate::domain::round::TransitionRefusal;
use crate::domain::schedule::ScheduleError;

/// Forms of a closing time that are always understood.
const EXAMPLES: &str = "`friday 20:00`, `tomorrow 8pm`, `in 3 days` or `2026-12-24 18:00`";

/// Why a round does not go where it was asked to go.
pub fn transition(why: TransitionRefusal) -> String {
    match why {
        TransitionRefusal::NotOpen => {
            "That round has ended already. `/round status` shows the one that is open.".to_owned()
        }
        TransitionRefusal::NotClosed => {
            "Only a round that was closed can be opened again. `/round start` opens a new one.".to_owned()
        }
        TransitionRefusal::TooLate => {
            "That round closed more than a day ago, so its result stands. The films that \
                                       did not win are up for the vote in the open round."
                .to_owned()
        }
        TransitionRefusal::BallotsCut => {
            "That round was anonymous: at its close the ballots were cut off from their \
                                          owners, who could not change them any more. Its result stands; \
                                          `/round start` sets a new round up."
                .to_owned()
        }
        TransitionRefusal::NextUnderWay => {
            "The next round is under way, so the result before it stands. To vote \
                                            again on a film that won, `/propose` it."
                .to_owned()
        }
        TransitionRefusal::DropsVotes { voters } => format!(
            "{} voted already, and those votes cannot be taken over under the new rules. Ask for the change once more and \
             confirm that they are dropped, or use `/round end` first.",
            people(voters)
        ),
    }
}

/// A date that can be read in two ways: the readings, where they are of use, else how to write one.
pub(super) fn ambiguous(readings: &[NaiveDate], examples: &str) -> String {
    if readings.is_empty() {
        return format!("That date can be read in two ways. Name the month, or write it like {examples}.");
    }
    let readings: Vec<String> = readings
        .iter()
        .map(|date| format!("`{}`", date.format("%Y-%m-%d")))
        .collect();
    format!(
        "That date can be read in two ways. Say which you mean: {}.",
        readings.join(" or ")
    )
}

/// Why a text is no closing time.
pub fn closing_time(why: &ScheduleError, zone: Tz) -> Screen {
    let said = match why {
        ScheduleError::Unreadable => {
            format!("I cannot read that as a closing time. Write it like {EXAMPLES}.")
        }
        ScheduleError::Ambiguous { readings } => ambiguous(readings, EXAMPLES),
        ScheduleError::NoSuchDate => {
            "The calendar has no such day. Check the date, and the weekday if you gave one.".to_owned()
        }
        ScheduleError::Past { at_unix_secs } => format!(
            "That is {}, and a round closes a minute from now at the earliest. Name a later time, or use `/round end` to \
             close it now.",
            words::instant(*at_unix_secs)
        ),
        ScheduleError::TooFar => {
            "That is more than a year away. Name an earlier time; it can be moved later with \
                                  `/round extend`."
                .to_owned()
        }
    };
    Screen::text(format!("{said}\n-# Times here are those of {}.", zone.name()))
}

fn people(voters: u32) -> String {
    match voters {
        1 => "One member has".to_owned(),
        voters => format!("{voters} members have"),
    }
}
