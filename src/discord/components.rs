//! What a button or a menu means: the typed form of Discord's `custom_id`.
//!
//! Owns the encoding. Whatever comes back is untrusted: [`Control::decode`] accepts only text that
//! [`Control::encode`] can have made, and says nothing about who may do it: the caller checks the
//! server, the round and the permission again.

use crate::domain::ids::{ProposalId, RoundId};

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
            Self::BallotSelect { round, page } => join("s", &[key(round.0), base36(u64::from(page))]),
            Self::BallotPage { round, page } => join("n", &[key(round.0), base36(u64::from(page))]),
            Self::BallotClear { round } => join("c", &[key(round.0)]),
            Self::ChooseFilm { token } => join("f", &[key(token)]),
            Self::ProposeTyped { token } => join("y", &[key(token)]),
            Self::ShowFilm => join("w", &[]),
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
            ["f", token] => Self::ChooseFilm {
                token: read_key(token)?,
            },
            ["y", token] => Self::ProposeTyped {
                token: read_key(token)?,
            },
            ["w"] => Self::ShowFilm,
            _ => return None,
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::KeyMint;

    fn any_control() -> impl Strategy<Value = Control> {
        let round = any::<i64>().prop_map(RoundId);
        let proposal = any::<i64>().prop_map(ProposalId);
        (round, proposal, any::<u32>(), any::<i64>(), 0..12_u8).prop_map(
            |(round, proposal, page, token, which)| match which {
                0 => Control::Toggle { round, proposal },
                1 => Control::ToggleOnPage {
                    round,
                    proposal,
                    page,
                },
                2 => Control::VoteFor { round, proposal },
                3 => Control::MyBallot { round },
                4 => Control::Page { round, page },
                5 => Control::Results { round },
                6 => Control::BallotSelect { round, page },
                7 => Control::BallotPage { round, page },
                8 => Control::BallotClear { round },
                9 => Control::ChooseFilm { token },
                10 => Control::ProposeTyped { token },
                _ => Control::ShowFilm,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(control in any_control()) {
            let text = control.encode();
            prop_assert!(text.len() <= LONGEST, "{text}");
            prop_assert_eq!(Control::decode(&text), Some(control));
        }

        #[test]
        fn no_two_controls_share_a_text(one in any_control(), other in any_control()) {
            prop_assert_eq!(one == other, one.encode() == other.encode());
        }

        #[test]
        fn only_what_was_encoded_is_decoded(text in "m1\\.[a-z]?(\\.[0-9a-zA-Z+-]{0,14}){0,4}") {
            if let Some(control) = Control::decode(&text) {
                prop_assert_eq!(control.encode(), text);
            }
        }

        #[test]
        fn any_text_is_borne(text in ".{0,120}") {
            if let Some(control) = Control::decode(&text) {
                prop_assert_eq!(control.encode(), text);
            }
        }

        #[test]
        fn a_text_that_was_tampered_with_names_something_else_or_nothing(
            control in any_control(), at in any::<prop::sample::Index>(), with in any::<char>(),
        ) {
            let text = control.encode();
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            chars[at] = with;
            let tampered: String = chars.into_iter().collect();
            if let Some(other) = Control::decode(&tampered) {
                prop_assert_eq!(tampered == text, other == control);
            }
        }

        #[test]
        fn option_values_come_back(proposal in any::<i64>().prop_map(ProposalId)) {
            prop_assert_eq!(read_proposal_value(&proposal_value(proposal)), Some(proposal));
        }
    }

    #[test]
    fn texts_stay_what_they_are_in_messages_already_posted() {
        let round = RoundId(KeyMint::key(1_790_000_000_000, 7));
        let proposal = ProposalId(36);
        for (control, text) in [
            (Control::Toggle { round, proposal }, "m1.t.1l1guggld0irr.10"),
            (
                Control::ToggleOnPage {
                    round,
                    proposal,
                    page: 3,
                },
                "m1.p.1l1guggld0irr.10.3",
            ),
            (Control::Page { round, page: 36 }, "m1.g.1l1guggld0irr.10"),
            (Control::ShowFilm, "m1.w"),
        ] {
            assert_eq!(control.encode(), text);
        }
    }

    #[test]
    fn near_misses_are_nothing() {
        for text in [
            "",
            "m1",
            "m1.",
            "m1.t",
            "m1.t.1",
            "m1.t.1.2.3",
            "m1.t.01.2",
            "m1.t.+1.2",
            "m1.t.A.2",
            "m1.t.-1.2",
            "m1.t..2",
            "m1.t.1.2 ",
            "M1.t.1.2",
            "m2.t.1.2",
            "m1.q.1",
            "m1.w.",
            "m1.g.1.zzzzzzzzz",
            "m1.b.3w5e11264sgsg",
            "m1.t.١.2",
        ] {
            assert_eq!(Control::decode(text), None, "{text:?}");
        }
        assert_eq!(Control::decode(&format!("m1.b.{}1", "0".repeat(200))), None);
        assert_eq!(read_proposal_value("01"), None);
        assert_eq!(read_proposal_value(""), None);
    }
}
