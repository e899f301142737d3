//! From what a clock on the wall shows to the instant when it shows it, in a zone whose clocks change.

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::{Adjustment, Closing};

/// No clock is further than this from Greenwich's, a day that a country skipped included.
const FURTHEST_HOURS: i64 = 48;

/// Where a text's times are meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// In a zone.
    Zone(Tz),
    /// At a fixed distance from Greenwich, in seconds to the east.
    Offset(i32),
}

impl Place {
    /// What its clocks show at this instant (Unix seconds); `None` outside the calendar.
    pub(super) fn clock(self, unix_secs: i64) -> Option<NaiveDateTime> {
        let utc = DateTime::from_timestamp(unix_secs, 0)?.naive_utc();
        let east = match self {
            Self::Zone(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
            Self::Offset(secs) => secs,
        };
        utc.checked_add_signed(TimeDelta::seconds(east.into()))
    }

    /// The instant when its clocks show this, by the rules of [`super`]; `None` outside the calendar.
    pub(super) fn instant(self, shown: NaiveDateTime) -> Option<Closing> {
        let greenwich = shown.and_utc().timestamp();
        let zone = match self {
            Self::Offset(secs) => {
                return Some(Closing {
                    at_unix_secs: greenwich.checked_sub(secs.into())?,
                    adjusted: None,
                });
            }
            Self::Zone(zone) => zone,
        };
        Some(match zone.from_local_datetime(&shown) {
            LocalResult::Single(at) => Closing {
                at_unix_secs: at.timestamp(),
                adjusted: None,
            },
            LocalResult::Ambiguous(one, other) => Closing {
                at_unix_secs: one.timestamp().max(other.timestamp()),
                adjusted: Some(Adjustment::Doubled),
            },
            LocalResult::None => Closing {
                at_unix_secs: self.first_after_gap(shown)?,
                adjusted: Some(Adjustment::Skipped),
            },
        })
    }

    /// The instant at which the clocks jump over what they never show: the first at which they show more.
    fn first_after_gap(self, shown: NaiveDateTime) -> Option<i64> {
        let greenwich = shown.and_utc().timestamp();
        let (mut before, mut after) = (
            greenwich - FURTHEST_HOURS * 3600,
            greenwich + FURTHEST_HOURS * 3600,
        );
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.clock(middle)? > shown {
                after = middle;
            } else {
                before = middle;
            }
        }
        Some(after)
    }
}
