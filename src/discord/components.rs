//! What a button or a menu means: the typed form of Discord's `custom_id`.
//!
//! Owns the encoding. Whatever comes back is untrusted: [`Control::decode`] accepts only text that
//! [`Control::encode`] can have made, and says nothing about who may do it: the caller checks the
//! server, the round and the permission again.

use crate::domain::ids::{ProposalId, RoundId};

mod draft;
mod settings;

pub use draft::DraftAsk;
mod night;
pub use night::NightControl;
pub use settings::{SettingMenu, SettingsPage};

/// The version of the encoding; text of another version is not understood.
const VERSION: &str = "m1";

/// Longest text that [`Control::decode`] looks at, in bytes: Discord's limit of a `custom_id`.
const LONGEST: usize = super::limits::CUSTOM_ID;

/// What a member asks for by a button or a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Button of the shared poll: vote for the film, or take the vote back.
    Toggle {
        /// The round voted in.
        round: RoundId,
        /// The film's proposal.
        proposal: ProposalId,
    },
    /// The same on a private page, which is then redrawn in place.
    ToggleOnPage {
        /// The round voted in.
        round: RoundId,
        /// The film's proposal.
        proposal: ProposalId,
        /// The page that the member looks at, from 1.
        page: u32,
    },
    /// Button: vote for the film; a vote that is there stays, however often it is clicked.
    VoteFor {
        /// The round voted in.
        round: RoundId,
        /// The film's proposal.
        proposal: ProposalId,
    },
    /// Button: show me my ballot, privately.
    MyBallot {
        /// The round of the message with the button.
        round: RoundId,
    },
    /// Button: show this page of the poll, privately (in place when it is private already).
    Page {
        /// The round.
        round: RoundId,
        /// The page, from 1; clamped to those there are.
        page: u32,
    },
    /// Button: show me the standings, privately.
    Results {
        /// The round.
        round: RoundId,
    },
    /// Button: show me this page of a closed round's result, privately (in place when it is private already).
    ResultPage {
        /// The round.
        round: RoundId,
        /// The page, from 1; clamped to those there are.
        page: u32,
    },
    /// Button: show me how a closed round was counted, privately.
    HowCounted {
        /// The round.
        round: RoundId,
    },
    /// Menu of the private ballot; its values are [`proposal_value`]s of the films chosen.
    BallotSelect {
        /// The round.
        round: RoundId,
        /// Which page of the ballot the menu shows, from 1.
        page: u32,
    },
    /// Button: turn the private ballot to this page.
    BallotPage {
        /// The round.
        round: RoundId,
        /// The page, from 1; clamped to those there are.
        page: u32,
    },
    /// Button: take all of my votes in this round back.
    BallotClear {
        /// The round.
        round: RoundId,
    },
    /// Button or menu of a private ballot with stars or ranks.
    Draft {
        /// The round.
        round: RoundId,
        /// The page of the ballot that the member looks at, from 1.
        page: u32,
        /// What is asked for.
        ask: DraftAsk,
    },
    /// Menu of the films that a typed title may mean, to propose one; its value is an IMDb id.
    ChooseFilm {
        /// The key under which the request is remembered.
        token: i64,
    },
    /// Button: propose the title as it was typed.
    ProposeTyped {
        /// The key under which the request is remembered.
        token: i64,
    },
    /// Menu of the films that a typed title may mean, to see one's card; its value is an IMDb id.
    ShowFilm,
    /// Button: show this page of the server's settings. For organizers.
    SettingsPage {
        /// The page.
        page: SettingsPage,
    },
    /// Menu: give a setting the value that is chosen. For organizers.
    Set {
        /// The setting.
        menu: SettingMenu,
    },
    /// Button: drop the votes that mean nothing under the new rules of the round, and change them. For organizers.
    DropVotes {
        /// The key under which the change is remembered.
        token: i64,
    },
    /// Button: leave the round and its votes as they are.
    KeepVotes {
        /// The key under which the change is remembered.
        token: i64,
    },
    /// Button: show this page of the audit. For organizers.
    AuditPage {
        /// The page, from 1; clamped to those there are.
        page: u32,
    },
    /// Whatever belongs to the films watched.
    Night(NightControl),
}

impl Control {
    /// The `custom_id`: at most 100 characters, of `a-z`, `0-9` and `.`.
    pub fn encode(self) -> String {
        match self {
            Self::Toggle { round, proposal } => join("t", &[key(round.0), key(proposal.0)]),
            Self::ToggleOnPage {
                round,
                proposal,
                page,
            } => join("p", &[key(round.0), key(proposal.0), base36(u64::from(page))]),
            Self::VoteFor { round, proposal } => join("v", &[key(round.0), key(proposal.0)]),
            Self::MyBallot { round } => join("b", &[key(round.0)]),
            Self::Page { round, page } => join("g", &[key(round.0), base36(u64::from(page))]),
            Self::Results { round } => join("r", &[key(round.0)]),
            Self::ResultPage { round, page } => join("re", &[key(round.0), base36(u64::from(page))]),
            Self::HowCounted { round } => join("reh", &[key(round.0)]),
            Self::BallotSelect { round, page } => join("s", &[key(round.0), base36(u64::from(page))]),
            Self::BallotPage { round, page } => join("n", &[key(round.0), base36(u64::from(page))]),
            Self::BallotClear { round } => join("c", &[key(round.0)]),
            Self::Draft { round, page, ask } => {
                let mut parts = vec![key(round.0), base36(u64::from(page))];
                parts.extend(ask.parts());
                join("bd", &parts)
            }
            Self::ChooseFilm { token } => join("f", &[key(token)]),
            Self::ProposeTyped { token } => join("y", &[key(token)]),
            Self::ShowFilm => join("w", &[]),
            Self::SettingsPage { page } => join("sp", &[page.code().to_owned()]),
            Self::Set { menu } => join("set", &[menu.code().to_owned()]),
            Self::DropVotes { token } => join("rd", &[key(token)]),
            Self::KeepVotes { token } => join("rk", &[key(token)]),
            Self::AuditPage { page } => join("au", &[base36(u64::from(page))]),
            Self::Night(control) => {
                let (code, parts) = control.parts();
                join(code, &parts)
            }
        }
    }

    /// The control that this `custom_id` encodes; `None` for any other text, however close.
    pub fn decode(custom_id: &str) -> Option<Self> {
        if custom_id.len() > LONGEST {
            return None;
        }
        let parts: Vec<&str> = custom_id.split('.').collect();
        let (version, parts) = parts.split_first()?;
        if *version != VERSION {
            return None;
        }
        let control = match *parts {
            ["t", round, proposal] => Self::Toggle {
                round: read_round(round)?,
                proposal: read_proposal(proposal)?,
            },
            ["p", round, proposal, page] => Self::ToggleOnPage {
                round: read_round(round)?,
                proposal: read_proposal(proposal)?,
                page: read_page(page)?,
            },
            ["v", round, proposal] => Self::VoteFor {
                round: read_round(round)?,
                proposal: read_proposal(proposal)?,
            },
            ["b", round] => Self::MyBallot {
                round: read_round(round)?,
            },
            ["g", round, page] => Self::Page {
                round: read_round(round)?,
                page: read_page(page)?,
            },
            ["r", round] => Self::Results {
                round: read_round(round)?,
            },
            ["re", round, page] => Self::ResultPage {
                round: read_round(round)?,
                page: read_page(page)?,
            },
            ["reh", round] => Self::HowCounted {
                round: read_round(round)?,
            },
            ["s", round, page] => Self::BallotSelect {
                round: read_round(round)?,
                page: read_page(page)?,
            },
            ["n", round, page] => Self::BallotPage {
                round: read_round(round)?,
                page: read_page(page)?,
            },
            ["c", round] => Self::BallotClear {
                round: read_round(round)?,
            },
            ["bd", round, page, ref ask @ ..] => Self::Draft {
                round: read_round(round)?,
                page: read_page(page)?,
                ask: DraftAsk::read(ask)?,
            },
            ["f", token] => Self::ChooseFilm {
                token: read_key(token)?,
            },
            ["y", token] => Self::ProposeTyped {
                token: read_key(token)?,
            },
            ["w"] => Self::ShowFilm,
            ["sp", page] => Self::SettingsPage {
                page: SettingsPage::read(page)?,
            },
            ["set", menu] => Self::Set {
                menu: SettingMenu::read(menu)?,
            },
            ["rd", token] => Self::DropVotes {
                token: read_key(token)?,
            },
            ["rk", token] => Self::KeepVotes {
                token: read_key(token)?,
            },
            ["au", page] => Self::AuditPage {
                page: read_page(page)?,
            },
            _ => Self::Night(NightControl::read(parts)?),
        };
        // One spelling only: leading zeros, a plus sign and upper case are read by the number parser
        // and were never written here.
        (control.encode() == custom_id).then_some(control)
    }
}

/// The value of a film's option in the ballot's menu.
pub fn proposal_value(proposal: ProposalId) -> String {
    key(proposal.0)
}

/// The proposal that an option's value names; `None` for text that [`proposal_value`] never makes.
pub fn read_proposal_value(value: &str) -> Option<ProposalId> {
    read_proposal(value).filter(|proposal| proposal_value(*proposal) == value)
}

fn join(code: &str, parts: &[String]) -> String {
    let mut text = format!("{VERSION}.{code}");
    for part in parts {
        text.push('.');
        text.push_str(part);
    }
    text
}

fn key(key: i64) -> String {
    base36(key.cast_unsigned())
}

fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::with_capacity(13);
    loop {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        digits.push(char::from(DIGITS[digit]));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

fn read_key(text: &str) -> Option<i64> {
    u64::from_str_radix(text, 36).ok().map(u64::cast_signed)
}

fn read_round(text: &str) -> Option<RoundId> {
    read_key(text).map(RoundId)
}

fn read_proposal(text: &str) -> Option<ProposalId> {
    read_key(text).map(ProposalId)
}

fn read_page(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 36).ok()
}

#[cfg(test)]
mod tests;
