//! The phrases that several views share: titles, ratings, runtimes, counts, mentions, links.
//!
//! Text from outside passes through [`markdown`] where Discord renders Markdown, and through
//! [`plain`] where it does not (labels, options, footers). No other view cleans or escapes: a test of the
//! suite (`hygiene`) holds them to it.

use std::time::Duration;

use chrono::NaiveDate;

use crate::discord::limits::cut;
use crate::domain::abroad::WatchHere;
use crate::domain::film::{Film, FilmData, Rating, Series};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::method::{BallotKind, Method};
use crate::domain::poll::LiveMessage;
use crate::domain::text::{escape_markdown, tidy_line};
use crate::domain::watched::{Ratings, noon_of};

/// The stripe of what leads.
pub const GOLD: u32 = 0x00F5_C518;
/// The stripe of everything else.
pub const CALM: u32 = 0x0060_7D8B;

/// The longest name of a round, in units.
const ROUND_MAX: usize = 120;

/// Said of a film that was put up while a run-off is on, or was not among its tied films.
pub const WAITS: &str = "It is up for the vote when the run-off is over.";

/// What stands where a title is empty once it is cleaned.
const UNTITLED: &str = "Untitled";

/// Cells of a bar.
const BAR_CELLS: u128 = 10;
/// Genres in a line of details, and the longest of them, in units.
const GENRES: usize = 3;
const GENRE: usize = 30;
/// Streaming services in a line, and the longest of them, in units.
const SERVICES: usize = 6;
const SERVICE: usize = 40;
/// The two letters of a country.
const COUNTRY: usize = 2;

/// Text from outside as one line of at most `max` units, to stand where Markdown is rendered.
pub fn markdown(text: &str, max: usize) -> String {
    cut(&escape_markdown(&tidy_line(text, max)), max)
}

/// Text as one line of at most `max` units, to stand between backticks.
pub fn code(text: &str, max: usize) -> String {
    plain(text, max).replace('`', "")
}

/// Text from outside as one line of at most `max` units, to stand where no Markdown is rendered.
pub fn plain(text: &str, max: usize) -> String {
    cut(&tidy_line(text, max), max)
}

/// `The Matrix (1999)` where Markdown is rendered, within `max` units; the year is never cut off.
pub fn film_title(title: &str, year: Option<u16>, max: usize) -> String {
    with_year(title, year, max, markdown)
}

/// `The Matrix (1999)` where no Markdown is rendered, within `max` units; the year is never cut off.
pub fn plain_film_title(title: &str, year: Option<u16>, max: usize) -> String {
    with_year(title, year, max, plain)
}

fn with_year(title: &str, year: Option<u16>, max: usize, write: fn(&str, usize) -> String) -> String {
    let year = year.map_or_else(String::new, |year| format!(" ({year})"));
    let title = write(title, max.saturating_sub(year.len()));
    if title.is_empty() {
        format!("{UNTITLED}{year}")
    } else {
        format!("{title}{year}")
    }
}

/// A film's title and year where Markdown is rendered.
pub fn title_of(film: &Film, max: usize) -> String {
    film_title(film.shown_title(), film.shown_year(), max)
}

/// `★ 8.7 IMDb · 2 h 16 min · Action, Sci-Fi`: what is known of it, or nothing.
pub fn facts(data: &FilmData) -> Option<String> {
    let rating = data.rating.map(|from| format!("★ {}", rating(from)));
    let genres: Vec<String> = data
        .genres
        .iter()
        .map(|genre| markdown(genre, GENRE))
        .filter(|genre| !genre.is_empty())
        .take(GENRES)
        .collect();
    let parts = [rating, data.runtime_min.map(runtime), Some(genres.join(", "))];
    let series = data
        .series
        .map_or_else(Vec::new, |about| series(about, data.year));
    let known: Vec<String> = series
        .into_iter()
        .chain(parts.into_iter().flatten())
        .filter(|part| !part.is_empty())
        .collect();
    (!known.is_empty()).then(|| known.join(" · "))
}

/// `Series`, `2008–2013`, `5 seasons`; of a season its episodes, since its number stands in the title.
fn series(about: Series, first_year: Option<u16>) -> Vec<String> {
    let some = |count: Option<u16>, one: &str, more: &str| match count {
        None => None,
        Some(1) => Some(format!("1 {one}")),
        Some(count) => Some(format!("{count} {more}")),
    };
    let parts = if about.season.is_some() {
        [some(about.episodes, "episode", "episodes"), None, None]
    } else {
        let years = match (first_year, about.ended) {
            (Some(first), Some(last)) if first < last => Some(format!("{first}–{last}")),
            (Some(first), None) => Some(format!("since {first}")),
            _ => None,
        };
        let seasons = some(about.seasons, "season", "seasons");
        [Some("Series".to_owned()), years, seasons]
    };
    parts.into_iter().flatten().collect()
}

/// `**Where to watch in DE:** Netflix, Mubi (JustWatch)`, with the credit that its source asks for.
pub fn where_to_watch(here: &WatchHere) -> Option<String> {
    let services: Vec<String> = here
        .services
        .iter()
        .map(|service| markdown(service, SERVICE))
        .filter(|service| !service.is_empty())
        .take(SERVICES)
        .collect();
    let country = plain(&here.country, COUNTRY);
    (!services.is_empty()).then(|| {
        format!(
            "**Where to watch in {country}:** {} (JustWatch)",
            services.join(", ")
        )
    })
}

/// `8.7 IMDb`.
pub fn rating(rating: Rating) -> String {
    let Rating { tenths, source } = rating;
    format!("{}.{} {}", tenths / 10, tenths % 10, source.label())
}

/// `★ 4.2 from 5 ratings`, `★ 4.0 from 1 rating`, `not rated yet`.
pub fn ratings(ratings: Ratings) -> String {
    match ratings.average_tenths() {
        None => "not rated yet".to_owned(),
        Some(tenths) => {
            let from = match ratings.count {
                1 => "1 rating".to_owned(),
                count => format!("{count} ratings"),
            };
            format!("★ {}.{} from {from}", tenths / 10, tenths % 10)
        }
    }
}

/// `20 November 2026`, in each reader's own words.
pub fn day(on: NaiveDate) -> String {
    format!("<t:{}:D>", noon_of(on))
}

/// `2 h 16 min`, of minutes.
pub fn runtime(minutes: u16) -> String {
    self::minutes(minutes.into())
}

/// The same of more minutes than a film runs.
pub fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// What stands for a film so far, as the method counts: `8 votes`, `17 stars`, `3 first choices`.
pub fn standing(method: Method, votes_so_far: impl Into<u64>) -> String {
    let votes_so_far = votes_so_far.into();
    let (one, many) = match method.ballot_kind() {
        BallotKind::Set => return votes(votes_so_far),
        BallotKind::Scores => ("star", "stars"),
        BallotKind::Ranking => ("first choice", "first choices"),
    };
    match votes_so_far {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{votes_so_far} {many}"),
    }
}

/// The same once the vote is over: `8 votes`, `no votes`.
pub fn final_standing(method: Method, votes_in_all: impl Into<u64>) -> String {
    let votes_in_all = votes_in_all.into();
    match (votes_in_all, method.ballot_kind()) {
        (0, BallotKind::Set) => "no votes".to_owned(),
        _ => standing(method, votes_in_all),
    }
}

/// How many ballots name a film: `8 votes`, or `on 8 ballots` where films are ranked or given stars.
pub fn named_on(method: Method, ballots: u32) -> String {
    match (method.ballot_kind(), ballots) {
        (BallotKind::Set, _) => votes(ballots),
        (_, 0) => "on no ballot yet".to_owned(),
        (_, 1) => "on 1 ballot".to_owned(),
        (_, more) => format!("on {more} ballots"),
    }
}

/// `Halloween (round 3)`, or `Round 3`.
pub fn round_name(title: Option<&str>, number: u32) -> String {
    let title = title.map(|title| markdown(title, ROUND_MAX));
    match title.filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} (round {number})"),
        None => format!("Round {number}"),
    }
}

/// The text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `8 votes`, `1 vote`, `no votes yet`.
pub fn votes(count: impl Into<u64>) -> String {
    match count.into() {
        0 => "no votes yet".to_owned(),
        1 => "1 vote".to_owned(),
        more => format!("{more} votes"),
    }
}

/// `12 members have voted`, `1 member has voted`, `nobody has voted yet`.
pub fn turnout(voters: u32) -> String {
    match voters {
        0 => "nobody has voted yet".to_owned(),
        1 => "1 member has voted".to_owned(),
        more => format!("{more} members have voted"),
    }
}

/// `▰▰▰▰▰▱▱▱▱▱`: these votes against those of the leader. Any vote shows, and only the leader's bar is
/// full.
pub fn bar(votes: impl Into<u64>, most: impl Into<u64>) -> String {
    let (votes, most) = (u128::from(votes.into()), u128::from(most.into()));
    let most = most.max(votes);
    let filled = match (votes * BAR_CELLS * 2 + most).checked_div(most * 2) {
        None => 0,
        Some(_) if votes == 0 => 0,
        Some(_) if votes == most => BAR_CELLS,
        Some(cells) => cells.clamp(1, BAR_CELLS - 1),
    };
    (0..BAR_CELLS)
        .map(|cell| if cell < filled { '▰' } else { '▱' })
        .collect()
}

/// A member's name as each reader sees it; pings nobody, since no screen allows it.
pub fn mention(member: MemberId) -> String {
    format!("<@{member}>")
}

/// `in 3 days`, in each reader's own words and zone.
pub fn relative(unix_secs: i64) -> String {
    format!("<t:{unix_secs}:R>")
}

/// `Friday, 25 December 2026 20:00`, in each reader's own words and zone.
pub fn instant(unix_secs: i64) -> String {
    format!("<t:{unix_secs}:F>")
}

/// Where a message is.
pub fn jump(guild: GuildId, live: LiveMessage) -> String {
    format!(
        "https://discord.com/channels/{guild}/{}/{}",
        live.channel, live.message
    )
}

/// `3 days 4 h`, `5 min`, `12 s`: the two largest parts of a duration.
pub fn duration(duration: Duration) -> String {
    let secs = duration.as_secs();
    let (days, hours, minutes) = (secs / 86_400, secs / 3600 % 24, secs / 60 % 60);
    let days_text = if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{secs} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (_, 0, _) => days_text,
        (_, hours, _) => format!("{days_text} {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::testing::{any_text, matrix};
    use proptest::prelude::*;

    #[test]
    fn a_bar_tells_none_from_some_and_some_from_the_most() {
        assert_eq!(bar(0_u32, 0_u32), "▱▱▱▱▱▱▱▱▱▱");
        assert_eq!(bar(0_u32, 8_u32), "▱▱▱▱▱▱▱▱▱▱");
        assert_eq!(bar(8_u32, 8_u32), "▰▰▰▰▰▰▰▰▰▰");
        assert_eq!(bar(4_u32, 8_u32), "▰▰▰▰▰▱▱▱▱▱");
        assert_eq!(bar(1_u32, 5000_u32), "▰▱▱▱▱▱▱▱▱▱");
        assert_eq!(bar(4999_u32, 5000_u32), "▰▰▰▰▰▰▰▰▰▱");
        assert_eq!(bar(u32::MAX, u32::MAX), "▰▰▰▰▰▰▰▰▰▰");
        assert_eq!(bar(9_u32, 8_u32), "▰▰▰▰▰▰▰▰▰▰");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            [votes(0_u32), votes(1_u32), votes(8_u32)],
            ["no votes yet", "1 vote", "8 votes"]
        );
        assert_eq!(
            [runtime(45), runtime(60), runtime(136)],
            ["45 min", "1 h", "2 h 16 min"]
        );
        assert_eq!(
            [0, 1, 8].map(|ballots| named_on(Method::Irv, ballots)),
            ["on no ballot yet", "on 1 ballot", "on 8 ballots"]
        );
        assert_eq!(named_on(Method::Single, 8), "8 votes");
        let durations = [0, 59, 60, 3600, 3660, 86_400, 90_000, 273_600];
        assert_eq!(
            durations.map(|secs| duration(Duration::from_secs(secs))),
            [
                "0 s",
                "59 s",
                "1 min",
                "1 h",
                "1 h 1 min",
                "1 day",
                "1 day 1 h",
                "3 days 4 h"
            ]
        );
    }

    #[test]
    fn what_is_known_makes_one_line() {
        let mut data = matrix().cached.expect("data").data;
        assert_eq!(
            facts(&data).as_deref(),
            Some("★ 8.7 IMDb · 2 h 16 min · Action, Sci-Fi")
        );
        data.rating = None;
        data.genres.clear();
        assert_eq!(facts(&data).as_deref(), Some("2 h 16 min"));
        data.runtime_min = None;
        assert_eq!(facts(&data), None);
    }

    #[test]
    fn a_long_title_keeps_its_year() {
        let title = film_title(&"A very long title ".repeat(30), Some(1999), 60);
        assert!(title.ends_with("… (1999)"), "{title}");
        assert!(title.chars().count() <= 60);
        assert_eq!(film_title(" \n ", Some(1999), 60), "Untitled (1999)");
    }

    #[test]
    fn text_from_outside_is_one_harmless_line() {
        for hostile in [
            "**bold**",
            "# heading",
            "> quote",
            "-# small",
            "- list",
            "[a](https://x.y)",
            "`code`",
            "||spoiler||",
            "<t:0:R>",
        ] {
            assert_ne!(markdown(hostile, 100), hostile);
        }
        assert!(!markdown("a\nb", 10).contains('\n'));
    }

    proptest! {
        #[test]
        fn titles_keep_their_bound(text in any_text(400), year in any::<Option<u16>>(), max in 20..200_usize) {
            for title in [film_title(&text, year, max), plain_film_title(&text, year, max)] {
                prop_assert!(crate::discord::limits::units(&title) <= max);
                prop_assert!(!title.trim().is_empty());
            }
        }
    }
}
