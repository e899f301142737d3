//! Controls of what comes after the night: ratings, the history, and proposing again.

use crate::domain::ids::ViewingId;
use crate::domain::watched::{HistoryOrder, Stars};

/// What a member asks for by a button or a menu of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NightControl {
    /// Button of a watched film's card: rate it.
    Rate {
        /// The evening.
        viewing: ViewingId,
        /// How it was.
        stars: Stars,
    },
    /// Private button: take my rating back.
    TakeRatingBack {
        /// The evening.
        viewing: ViewingId,
    },
    /// Button of a watched film's card: it was marked by mistake. For organizers.
    Undo {
        /// The evening.
        viewing: ViewingId,
    },
    /// Button: show this page of the history, privately.
    History {
        /// The page, from 1; clamped to those there are.
        page: u32,
        /// In this order.
        order: HistoryOrder,
    },
    /// Menu of the films that a typed title may mean, to mark one as watched; its value is an IMDb id. For organizers.
    Choose {
        /// The day, as a number (see [`crate::domain::watched::day_number`]).
        day: i32,
    },
    /// Private button: propose the film although it was seen.
    ProposeAgain {
        /// The key under which the request is remembered.
        token: i64,
    },
    /// Private button: do not.
    LeaveIt {
        /// The key under which the request is remembered.
        token: i64,
    },
}

impl NightControl {
    /// The code and the parts in a `custom_id`.
    pub(super) fn parts(self) -> (&'static str, Vec<String>) {
        match self {
            Self::Rate { viewing, stars } => {
                let stars = super::base36(u64::from(stars.get()));
                ("wr", vec![super::key(viewing.0), stars])
            }
            Self::TakeRatingBack { viewing } => ("wx", vec![super::key(viewing.0)]),
            Self::Undo { viewing } => ("wu", vec![super::key(viewing.0)]),
            Self::History { page, order } => {
                let order = match order {
                    HistoryOrder::Newest => "n",
                    HistoryOrder::Best => "b",
                };
                ("wl", vec![super::base36(u64::from(page)), order.to_owned()])
            }
            Self::Choose { day } => ("wa", vec![super::key(day.into())]),
            Self::ProposeAgain { token } => ("wp", vec![super::key(token)]),
            Self::LeaveIt { token } => ("wn", vec![super::key(token)]),
        }
    }

    /// The control with this code and these parts.
    pub(super) fn read(parts: &[&str]) -> Option<Self> {
        let viewing = |text| super::read_key(text).map(ViewingId);
        Some(match *parts {
            ["wr", of, stars] => Self::Rate {
                viewing: viewing(of)?,
                stars: Stars::new(super::read_page(stars)?)?,
            },
            ["wx", of] => Self::TakeRatingBack {
                viewing: viewing(of)?,
            },
            ["wu", of] => Self::Undo {
                viewing: viewing(of)?,
            },
            ["wl", page, order] => Self::History {
                page: super::read_page(page)?,
                order: match order {
                    "n" => HistoryOrder::Newest,
                    "b" => HistoryOrder::Best,
                    _ => return None,
                },
            },
            ["wa", day] => Self::Choose {
                day: i32::try_from(super::read_key(day)?).ok()?,
            },
            ["wp", token] => Self::ProposeAgain {
                token: super::read_key(token)?,
            },
            ["wn", token] => Self::LeaveIt {
                token: super::read_key(token)?,
            },
            _ => return None,
        })
    }

    /// The control's name in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rate { .. } => "rate",
            Self::TakeRatingBack { .. } => "take_rating_back",
            Self::Undo { .. } => "undo_watched",
            Self::History { .. } => "history_page",
            Self::Choose { .. } => "choose_watched",
            Self::ProposeAgain { .. } => "propose_again",
            Self::LeaveIt { .. } => "leave_it",
        }
    }
}
