//! After the night: what a server has watched, and how its members rated it.

use chrono::{Days, NaiveDate};

use super::film::Film;
use super::ids::{FilmId, MemberId, ProposalId, ViewingId};

/// What a member gives a film: 1 to 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stars(u8);

impl Stars {
    /// Every rating, the least first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// So many stars; `None` but for 1 to 5.
    pub fn new(stars: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|all| all.get() == stars)
    }

    /// How many.
    pub fn get(self) -> u32 {
        u32::from(self.0)
    }
}

/// What a server's members gave a film, all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratings {
    /// How many members rated it.
    pub count: u32,
    /// The sum of their stars.
    pub stars: u32,
}

impl Ratings {
    /// The average in tenths of a star, rounded to the nearest; `None` while nobody rated it.
    pub fn average_tenths(self) -> Option<u32> {
        let (stars, count) = (u64::from(self.stars), u64::from(self.count));
        let tenths = (stars * 20 + count).checked_div(count * 2)?;
        u32::try_from(tenths).ok()
    }
}

/// One evening's film in a server's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewing {
    /// Its key.
    pub id: ViewingId,
    /// The film.
    pub film: Film,
    /// The day, in the server's zone.
    pub on: NaiveDate,
    /// What its members gave the film.
    pub ratings: Ratings,
}

/// A viewing to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewViewing {
    /// Its key, new.
    pub id: ViewingId,
    /// The film, which is in the database.
    pub film: FilmId,
    /// The day, in the server's zone.
    pub on: NaiveDate,
    /// Who writes it down.
    pub by: MemberId,
    /// When, Unix seconds.
    pub at: i64,
    /// The proposal that this was the night of.
    pub proposal: Option<ProposalId>,
}

/// The order of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HistoryOrder {
    /// The latest evening first.
    #[default]
    Newest,
    /// The best average first, then the more ratings, then the later evening.
    Best,
}

/// A round's choice that waits for its night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickedHere {
    /// The round's number.
    pub round: u32,
    /// When it was picked, Unix seconds.
    pub at: i64,
}

/// What a film is to a server's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilmPast {
    /// On how many evenings it was watched.
    pub times: u32,
    /// The last of them.
    pub last_on: Option<NaiveDate>,
    /// What members gave it.
    pub ratings: Ratings,
    /// The round that picked it, if its night is still to come.
    pub picked: Option<PickedHere>,
}

impl FilmPast {
    /// Whether there is nothing to tell: never watched, and not waiting for its night.
    pub const fn is_empty(&self) -> bool {
        self.last_on.is_none() && self.picked.is_none()
    }
}

/// The day as a number: 0 is 1 January 1970. What the database and buttons hold.
pub fn day_number(on: NaiveDate) -> i32 {
    let days = on.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

/// The day with this number; `None` outside the calendar.
pub fn day_of(number: i32) -> Option<NaiveDate> {
    let days = Days::new(u64::from(number.unsigned_abs()));
    if number < 0 {
        NaiveDate::default().checked_sub_days(days)
    } else {
        NaiveDate::default().checked_add_days(days)
    }
}

/// An instant that is on this day for readers of nearly every zone: noon in Greenwich. Unix seconds.
pub fn noon_of(on: NaiveDate) -> i64 {
    i64::from(day_number(on)) * 86_400 + 43_200
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_are_one_to_five() {
        assert_eq!(Stars::new(0), None);
        assert_eq!(Stars::new(6), None);
        assert_eq!(Stars::ALL.map(Stars::get), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn averages_are_rounded_to_the_nearest_tenth() {
        let average = |stars, count| Ratings { count, stars }.average_tenths();
        assert_eq!(average(0, 0), None);
        assert_eq!(average(21, 5), Some(42));
        assert_eq!(average(13, 3), Some(43), "4.33…");
        assert_eq!(average(14, 3), Some(47), "4.66…");
        assert_eq!(average(17, 4), Some(43), "4.25 is rounded up");
        assert_eq!(average(u32::MAX, 1), None, "no such ratings, and no panic");
    }

    #[test]
    fn noon_is_on_its_day() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(noon_of(day("1970-01-01")), 43_200);
        assert_eq!(noon_of(day("2026-11-23")), 1_795_435_200);
        assert_eq!(day_number(day("1969-12-31")), -1);
    }

    proptest! {
        #[test]
        fn a_day_is_found_again_by_its_number(number in any::<i32>()) {
            if let Some(day) = day_of(number) {
                prop_assert_eq!(day_number(day), number);
            }
        }
    }
}
