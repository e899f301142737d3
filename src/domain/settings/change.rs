//! One setting's new value: its name, its bounds, and how it is put into the settings.

use chrono_tz::Tz;

use super::{Country, DepartedVotes, GuildSettings, Language};
use crate::domain::ids::{ChannelId, RoleId};
use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::round::{Rules, Secrecy};
use crate::domain::ties::TieRule;

/// A new value of one setting. Numbers beyond their bounds are taken as the nearest within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// How new rounds are counted.
    Method(Method),
    /// How many films new rounds pick, 1 to [`Rules::MAX_PICKS`].
    Picks(u32),
    /// How many votes members have under [`Method::Limited`], 1 to [`Rules::MAX_VOTES_EACH`].
    VotesEach(u32),
    /// Who sees what of the votes in new rounds.
    Secrecy(Secrecy),
    /// What decides ties in new rounds.
    Ties(TieRule),
    /// The fewest voters that make a result in new rounds; `None`: any number.
    Quorum(Option<u32>),
    /// How members vote.
    Input(VoteInput),
    /// What becomes of the votes of those who leave.
    Departed(DepartedVotes),
    /// Where results are announced; `None`: where the poll stands.
    Channel(Option<ChannelId>),
    /// Whose members organize; `None`: nobody's.
    OrganizerRole(Option<RoleId>),
    /// Who is pinged by an announcement; `None`: nobody.
    AnnounceRole(Option<RoleId>),
    /// The zone of closing times.
    TimeZone(Tz),
    /// The language of film data; `None`: as the film databases have it.
    Language(Option<Language>),
    /// The country for which it is said where to watch; `None`: it is not said.
    Country(Option<Country>),
    /// Whether series may be proposed.
    Series(bool),
    /// How many active proposals a member may have, 0 to [`GuildSettings::MAX_PROPOSAL_LIMIT`].
    ProposalLimit(u32),
}

impl Change {
    /// The setting's name, as the command's option has it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Method(_) => "method",
            Self::Picks(_) => "picks",
            Self::VotesEach(_) => "votes",
            Self::Secrecy(_) => "secrecy",
            Self::Ties(_) => "ties",
            Self::Quorum(_) => "quorum",
            Self::Input(_) => "input",
            Self::Departed(_) => "departed",
            Self::Channel(_) => "channel",
            Self::OrganizerRole(_) => "organizer_role",
            Self::AnnounceRole(_) => "announce_role",
            Self::TimeZone(_) => "time_zone",
            Self::Language(_) => "language",
            Self::Country(_) => "country",
            Self::Series(_) => "series",
            Self::ProposalLimit(_) => "proposal_limit",
        }
    }

    /// The value as the audit keeps it; `None` where nothing is set now.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Method(method) => Some(method.as_str().to_owned()),
            Self::Picks(number) | Self::VotesEach(number) | Self::ProposalLimit(number) => {
                Some(number.to_string())
            }
            Self::Secrecy(secrecy) => Some(secrecy.as_str().to_owned()),
            Self::Ties(ties) => Some(ties.as_str().to_owned()),
            Self::Quorum(quorum) => quorum.map(|quorum| quorum.to_string()),
            Self::Input(input) => Some(input.as_str().to_owned()),
            Self::Departed(departed) => Some(departed.as_str().to_owned()),
            Self::Channel(channel) => channel.map(|channel| channel.to_string()),
            Self::OrganizerRole(role) | Self::AnnounceRole(role) => role.map(|role| role.to_string()),
            Self::TimeZone(zone) => Some(zone.name().to_owned()),
            Self::Language(language) => language.as_ref().map(ToString::to_string),
            Self::Country(country) => country.as_ref().map(ToString::to_string),
            Self::Series(allowed) => Some(if *allowed { "yes" } else { "no" }.to_owned()),
        }
    }
}

impl GuildSettings {
    /// The most active proposals that a member may be allowed.
    pub const MAX_PROPOSAL_LIMIT: u32 = 100;

    /// The settings with this change; the others stay.
    pub fn with(mut self, change: &Change) -> Self {
        match change {
            Change::Method(method) => self.rules.method = *method,
            Change::Picks(picks) => self.rules.picks = (*picks).clamp(1, Rules::MAX_PICKS),
            Change::VotesEach(votes) => self.rules.votes_each = (*votes).clamp(1, Rules::MAX_VOTES_EACH),
            Change::Secrecy(secrecy) => self.rules.secrecy = *secrecy,
            Change::Ties(ties) => self.rules.ties = *ties,
            Change::Quorum(quorum) => {
                self.rules.quorum = quorum
                    .filter(|quorum| *quorum > 0)
                    .map(|quorum| quorum.min(Rules::MAX_QUORUM));
            }
            Change::Input(input) => self.input = *input,
            Change::Departed(departed) => self.departed = *departed,
            Change::Channel(channel) => self.channel = *channel,
            Change::OrganizerRole(role) => self.organizer_role = *role,
            Change::AnnounceRole(role) => self.announce_role = *role,
            Change::TimeZone(zone) => self.time_zone = *zone,
            Change::Language(language) => self.language.clone_from(language),
            Change::Country(country) => self.country.clone_from(country),
            Change::Series(allowed) => self.series = *allowed,
            Change::ProposalLimit(limit) => self.proposal_limit = (*limit).min(Self::MAX_PROPOSAL_LIMIT),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_changes_its_setting_and_no_other() {
        let before = GuildSettings {
            series: true,
            ..GuildSettings::default()
        };
        let after = before.clone().with(&Change::Method(Method::Irv));
        assert_eq!(after.rules.method, Method::Irv);
        assert_eq!(after.with(&Change::Method(Method::Approval)), before);
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let settings = GuildSettings::default()
            .with(&Change::Picks(0))
            .with(&Change::VotesEach(u32::MAX))
            .with(&Change::Quorum(Some(0)))
            .with(&Change::ProposalLimit(u32::MAX));
        assert_eq!(settings.rules.picks, 1);
        assert_eq!(settings.rules.votes_each, Rules::MAX_VOTES_EACH);
        assert_eq!(settings.rules.quorum, None);
        assert_eq!(settings.proposal_limit, GuildSettings::MAX_PROPOSAL_LIMIT);
    }
}
