//! What a server set: the defaults of its rounds, and the rest. A server that set nothing has them all.

mod change;

use std::fmt;

use chrono_tz::Tz;

use super::ids::{ChannelId, RoleId};
use super::policy::DEFAULT_PROPOSAL_LIMIT;
use super::reaction::VoteInput;
use super::round::Rules;

pub use change::Change;

/// Whether the votes of members who left, were banned or deleted count in an open round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DepartedVotes {
    /// They count.
    #[default]
    Count,
    /// They do not, unless their members come back.
    Drop,
}

impl DepartedVotes {
    /// The setting as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Drop => "drop",
        }
    }

    /// The setting that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Count, Self::Drop]
            .into_iter()
            .find(|setting| setting.as_str() == text)
    }
}

/// The language in which film data is shown where a provider has it: `de`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Language {
    /// Reads `de`, `DE`, `pt-br` or `pt_BR`; `None` for anything that has not this form.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (language, region) = match text.split_once(['-', '_']) {
            Some((language, region)) => (language, Some(region)),
            None => (text, None),
        };
        let letters =
            |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_alphabetic());
        if !letters(language, 2) || region.is_some_and(|region| !letters(region, 2)) {
            return None;
        }
        let mut read = language.to_ascii_lowercase();
        if let Some(region) = region {
            read.push('-');
            read.push_str(&region.to_ascii_uppercase());
        }
        Some(Self(read))
    }

    /// The language with its region, if it has one.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The country for which it is said where a film can be watched: two letters of ISO 3166, upper case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(String);

impl Country {
    /// Reads `DE` or `de`; `None` for anything that has not this form.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let well_formed = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
        well_formed.then(|| Self(text.to_ascii_uppercase()))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All settings of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuildSettings {
    /// The rules of new rounds.
    pub rules: Rules,
    /// How members vote.
    pub input: VoteInput,
    /// What becomes of the votes of members who leave.
    pub departed: DepartedVotes,
    /// Where results are announced; `None`: where the poll stands.
    pub channel: Option<ChannelId>,
    /// The role whose members are organizers, besides those with Manage Server.
    pub organizer_role: Option<RoleId>,
    /// The role that an announcement pings; `None`: nobody is pinged.
    pub announce_role: Option<RoleId>,
    /// The zone in which closing times are read.
    pub time_zone: Tz,
    /// The language of film data.
    pub language: Option<Language>,
    /// The country for which it is said where a film can be watched.
    pub country: Option<Country>,
    /// Whether series may be proposed.
    pub series: bool,
    /// How many active proposals a member may have who has no limit of their own.
    pub proposal_limit: u32,
}

impl Default for GuildSettings {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            input: VoteInput::default(),
            departed: DepartedVotes::default(),
            channel: None,
            organizer_role: None,
            announce_role: None,
            time_zone: Tz::UTC,
            language: None,
            country: None,
            series: false,
            proposal_limit: DEFAULT_PROPOSAL_LIMIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_read_in_every_usual_spelling() {
        let read = |text| Language::read(text).map(|language| language.to_string());
        assert_eq!(read(" de "), Some("de".to_owned()));
        assert_eq!(read("pt_br"), Some("pt-BR".to_owned()));
        assert_eq!(read("PT-br"), Some("pt-BR".to_owned()));
        for other in ["", "d", "deu", "de-", "de-DEU", "d1", "дe", "de-DE-x"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn countries_are_two_letters() {
        assert_eq!(Country::read("de").map(|c| c.to_string()), Some("DE".to_owned()));
        for other in ["", "D", "DEU", "D1", "ÄÖ"] {
            assert_eq!(Country::read(other), None, "{other}");
        }
    }

    #[test]
    fn what_becomes_of_departed_votes_is_found_again_by_its_name() {
        for setting in [DepartedVotes::Count, DepartedVotes::Drop] {
            assert_eq!(DepartedVotes::from_db(setting.as_str()), Some(setting));
        }
    }
}
