//! Controls of a private ballot with stars or ranks.

use super::{key, read_proposal};
use crate::domain::draft::Shift;
use crate::domain::ids::ProposalId;
use crate::domain::method::Method;

/// What is asked for on such a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DraftAsk {
    /// Menu: choose the film that is given stars next.
    Film,
    /// Button: give the film so many stars, 0 to [`Method::MAX_SCORE`].
    Stars {
        /// The film's proposal.
        proposal: ProposalId,
        /// How many.
        stars: u8,
    },
    /// Menu: the next choice.
    Next,
    /// Menu: choose a film that is ranked, to move it.
    Ranked,
    /// Button: move the film that is ranked.
    Move {
        /// The film's proposal.
        proposal: ProposalId,
        /// Where to.
        to: Shift,
    },
    /// Button: take the last choice back.
    Undo,
    /// Button: make it count.
    Save,
    /// Button: back to what is saved.
    Discard,
}

impl DraftAsk {
    /// Its parts of a `custom_id`.
    pub(super) fn parts(self) -> Vec<String> {
        match self {
            Self::Film => vec!["f".to_owned()],
            Self::Stars { proposal, stars } => vec!["s".to_owned(), key(proposal.0), stars.to_string()],
            Self::Next => vec!["n".to_owned()],
            Self::Ranked => vec!["r".to_owned()],
            Self::Move { proposal, to } => {
                vec!["m".to_owned(), key(proposal.0), shift_code(to).to_owned()]
            }
            Self::Undo => vec!["u".to_owned()],
            Self::Save => vec!["w".to_owned()],
            Self::Discard => vec!["d".to_owned()],
        }
    }

    /// What these parts of a `custom_id` ask for.
    pub(super) fn read(parts: &[&str]) -> Option<Self> {
        Some(match *parts {
            ["f"] => Self::Film,
            ["s", proposal, stars] => Self::Stars {
                proposal: read_proposal(proposal)?,
                stars: stars
                    .parse()
                    .ok()
                    .filter(|stars| (0..=Method::MAX_SCORE).contains(stars))?,
            },
            ["n"] => Self::Next,
            ["r"] => Self::Ranked,
            ["m", proposal, to] => Self::Move {
                proposal: read_proposal(proposal)?,
                to: Shift::ALL.into_iter().find(|shift| shift_code(*shift) == to)?,
            },
            ["u"] => Self::Undo,
            ["w"] => Self::Save,
            ["d"] => Self::Discard,
            _ => return None,
        })
    }

    /// Its name in the log: what was done, and not with which film.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Film => "ballot_film",
            Self::Stars { .. } => "ballot_stars",
            Self::Next => "ballot_next",
            Self::Ranked => "ballot_ranked",
            Self::Move { .. } => "ballot_move",
            Self::Undo => "ballot_undo",
            Self::Save => "ballot_save",
            Self::Discard => "ballot_discard",
        }
    }
}

const fn shift_code(shift: Shift) -> &'static str {
    match shift {
        Shift::Up => "u",
        Shift::Down => "d",
        Shift::First => "f",
        Shift::Out => "o",
    }
}
