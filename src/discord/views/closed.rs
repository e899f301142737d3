//! A closed round: its announcement, its result page by page, and how it was counted, step by step.
//!
//! What all of these share is here: names, lists and figures. Everything is told from the stored result alone.

mod announcement;
mod decided;
mod pages;
mod schulze;
mod steps;

pub use announcement::{announcement, announcement_mark, withdrawn};
pub use pages::{cancelled, counted, result};

use super::words;
use crate::domain::result::{ResultEntry, RoundResult, Verdict};

/// The longest title of a film with its year in a list, in units.
const TITLE_MAX: usize = 90;
/// The same within a sentence.
const NAME_MAX: usize = 60;
/// The most films that one sentence names.
const NAMED: usize = 10;

/// A film's title and year in bold.
fn title_of(entry: &ResultEntry) -> String {
    format!("**{}**", words::film_title(&entry.title, entry.year, NAME_MAX))
}

/// What happened, in a sentence or two.
pub(super) fn verdict(result: &RoundResult) -> String {
    let picked: Vec<String> = result.picked().map(title_of).collect();
    let won = match picked.as_slice() {
        [] => String::new(),
        [one] => format!("{one} won."),
        several => format!("{} are picked.", listed(several)),
    };
    match result.verdict {
        Verdict::Picked => won,
        Verdict::RunOff => {
            let tied: Vec<String> = result.runs_off().map(title_of).collect();
            let tied = format!("{} are tied and meet again in a run-off.", listed(&tied));
            [won, tied].join(" ").trim_start().to_owned()
        }
        Verdict::NoVotes => "Nobody voted, so nothing is picked.".to_owned(),
        Verdict::NoProposals => "Nothing was up for the vote, so nothing is picked.".to_owned(),
        Verdict::NoQuorum => format!(
            "{} and {} were needed, so nothing is picked.",
            words::capitalised(&voted(result.voters)),
            result.rules.quorum.unwrap_or_default()
        ),
    }
}

/// Films by their names in the outcome, as sentences have them.
struct Names<'a>(&'a RoundResult);

impl Names<'_> {
    /// A film's title and year in italics.
    fn of(&self, id: &str) -> String {
        let name = self.0.entry(id).map_or_else(
            || words::markdown(id, NAME_MAX),
            |entry| words::film_title(&entry.title, entry.year, NAME_MAX),
        );
        format!("*{name}*")
    }

    /// `A, B and C`.
    fn all(&self, ids: &[String]) -> String {
        self.some(ids, NAMED)
    }

    /// The same, naming so many; the others are counted.
    fn some(&self, ids: &[String], most: usize) -> String {
        let named: Vec<String> = ids.iter().take(most).map(|id| self.of(id)).collect();
        with_more(&named, ids.len() - named.len())
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 9 more`.
fn listed(titles: &[String]) -> String {
    let (named, more) = titles.split_at(titles.len().min(NAMED));
    with_more(named, more.len())
}

fn with_more(named: &[String], more: usize) -> String {
    match (named, more) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// `12 members voted`.
pub(super) fn voted(voters: u32) -> String {
    match voters {
        0 => "nobody voted".to_owned(),
        1 => "1 member voted".to_owned(),
        voters => format!("{voters} members voted"),
    }
}

/// What became of votes of members who left, in small print; nothing where all votes count.
pub(super) fn departed(result: &RoundResult) -> Vec<String> {
    let withheld = match result.withheld {
        0 => None,
        1 => Some("-# The votes of one member who left do not count.".to_owned()),
        left => Some(format!("-# The votes of {left} members who left do not count.")),
    };
    let unknown = "-# It could not be found out of every voter whether they left; those votes count.";
    let unknown = result.departed_unknown.then(|| unknown.to_owned());
    withheld.into_iter().chain(unknown).collect()
}

/// `12 members voted · 5 were needed`.
fn turnout(result: &RoundResult) -> String {
    let voted = voted(result.voters);
    match result.rules.quorum {
        Some(quorum) => format!("{voted} · {quorum} were needed"),
        None => voted,
    }
}

/// The lines of the standings from place `from` on (counted from 0).
fn standings(result: &RoundResult, from: usize, lines: usize) -> Vec<String> {
    let shown = result.entries.iter().enumerate().skip(from).take(lines);
    shown
        .map(|(place, entry)| {
            let figure = words::final_standing(result.rules.method, entry.votes);
            let title = words::film_title(&entry.title, entry.year, TITLE_MAX);
            if entry.picked {
                format!("{}. 🏆 **{title}** · {figure}", place + 1)
            } else {
                format!("{}. {title} · {figure}", place + 1)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
