//! The lines of IMDb's published datasets, `title.basics.tsv` and `title.ratings.tsv`.
//!
//! Tab-separated, without quoting, a header in the first line, `\N` for what is missing. Columns are
//! found by their names, so that a column more or another order does no harm.

use super::ids::ImdbId;
use super::text::{TITLE_CHARS, clean_line, title_key};
use super::title_index::LEAST_VOTES;

/// The year of the first films.
const FIRST_YEAR: u16 = 1870;

/// How far ahead of this year a film may be dated.
pub const YEARS_AHEAD: u16 = 11;

/// What is missing.
const NULL: &str = "\\N";

/// What a line holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line<T> {
    /// What is looked for.
    Row(T),
    /// Something else, such as a series or a film that hardly anybody has rated.
    Other,
    /// Nothing that makes sense.
    Malformed,
}

/// A rating with at least [`LEAST_VOTES`] votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatingRow {
    /// The title's number: its id without `tt`.
    pub number: u64,
    /// The average in tenths, 1 to 100.
    pub tenths: u8,
    /// How many voted.
    pub votes: u32,
}

/// A film or TV film that is not for adults only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicsRow {
    /// Its id.
    pub imdb_id: ImdbId,
    /// Its number: its id without `tt`.
    pub number: u64,
    /// Its title, cleaned, not empty.
    pub title: String,
    /// Its title where it was made, cleaned, when that is told apart from the title by more than its dress.
    pub original_title: Option<String>,
    /// Its year.
    pub year: Option<u16>,
}

/// Where the columns of `title.ratings.tsv` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatingsColumns {
    id: usize,
    rating: usize,
    votes: usize,
}

impl RatingsColumns {
    /// Reads the first line; `None` when it is not that of `title.ratings.tsv`.
    pub fn read_header(line: &str) -> Option<Self> {
        Some(Self {
            id: column(line, "tconst")?,
            rating: column(line, "averageRating")?,
            votes: column(line, "numVotes")?,
        })
    }

    /// Reads a line.
    pub fn read(self, line: &str) -> Line<RatingRow> {
        let [Some(id), Some(rating), Some(votes)] = fields(line, [self.id, self.rating, self.votes]) else {
            return Line::Malformed;
        };
        let (Some((_, number)), Some(tenths), Ok(votes)) = (id_of(id), tenths(rating), votes.parse()) else {
            return Line::Malformed;
        };
        if votes < LEAST_VOTES {
            return Line::Other;
        }
        Line::Row(RatingRow {
            number,
            tenths,
            votes,
        })
    }
}

/// Where the columns of `title.basics.tsv` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicsColumns {
    id: usize,
    kind: usize,
    title: usize,
    original_title: usize,
    adult: usize,
    year: usize,
}

impl BasicsColumns {
    /// Reads the first line; `None` when it is not that of `title.basics.tsv`.
    pub fn read_header(line: &str) -> Option<Self> {
        Some(Self {
            id: column(line, "tconst")?,
            kind: column(line, "titleType")?,
            title: column(line, "primaryTitle")?,
            original_title: column(line, "originalTitle")?,
            adult: column(line, "isAdult")?,
            year: column(line, "startYear")?,
        })
    }

    /// Reads a line; years after `latest_year` are no years.
    pub fn read(self, line: &str, latest_year: u16) -> Line<BasicsRow> {
        let columns = [
            self.id,
            self.kind,
            self.title,
            self.original_title,
            self.adult,
            self.year,
        ];
        let [
            Some(id),
            Some(kind),
            Some(title),
            Some(original_title),
            Some(adult),
            Some(year),
        ] = fields(line, columns)
        else {
            return Line::Malformed;
        };
        let Some((imdb_id, number)) = id_of(id) else {
            return Line::Malformed;
        };
        match adult {
            "0" => {}
            "1" => return Line::Other,
            _ => return Line::Malformed,
        }
        if !matches!(kind, "movie" | "tvMovie") {
            return Line::Other;
        }
        let title = clean_line(title, TITLE_CHARS);
        let key = title_key(&title);
        if key.is_empty() || title == NULL {
            return Line::Malformed;
        }
        let original_title = Some(clean_line(original_title, TITLE_CHARS)).filter(|original| {
            let original_key = title_key(original);
            !original_key.is_empty() && original != NULL && original_key != key
        });
        let year = match year {
            NULL => None,
            year => match year.parse() {
                Ok(year) if (FIRST_YEAR..=latest_year).contains(&year) => Some(year),
                _ => return Line::Malformed,
            },
        };
        Line::Row(BasicsRow {
            imdb_id,
            number,
            title,
            original_title,
            year,
        })
    }
}

fn column(header: &str, name: &str) -> Option<usize> {
    header.split('\t').position(|column| column == name)
}

/// These fields of a line.
fn fields<const N: usize>(line: &str, columns: [usize; N]) -> [Option<&str>; N] {
    let mut found = [None; N];
    for (at, field) in line.split('\t').enumerate() {
        for (place, column) in found.iter_mut().zip(columns) {
            if at == column {
                *place = Some(field);
            }
        }
    }
    found
}

fn id_of(text: &str) -> Option<(ImdbId, u64)> {
    let id: ImdbId = text.parse().ok()?;
    let number = id.as_str().strip_prefix("tt")?.parse().ok()?;
    Some((id, number))
}

/// `8.7` or `10` in tenths.
fn tenths(text: &str) -> Option<u8> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(tenth) || tenth.len() > 1 {
        return None;
    }
    let tenths = whole.parse::<u8>().ok()?.checked_mul(10)?;
    let tenths = tenths.checked_add(tenth.parse().ok()?)?;
    (1..=100).contains(&tenths).then_some(tenths)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASICS: &str =
        "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres";

    fn basics(line: &str) -> Line<BasicsRow> {
        BasicsColumns::read_header(BASICS)
            .expect("a header")
            .read(line, 2037)
    }

    fn ratings(line: &str) -> Line<RatingRow> {
        RatingsColumns::read_header("tconst\taverageRating\tnumVotes")
            .expect("a header")
            .read(line)
    }

    #[test]
    fn a_film_is_read_with_its_original_title_and_year() {
        let line = "tt0047478\tmovie\tSeven Samurai\tShichinin no samurai\t0\t1954\t\\N\t207\tAction,Drama";
        let Line::Row(film) = basics(line) else {
            panic!("it is a film");
        };
        assert_eq!((film.imdb_id.as_str(), film.number), ("tt0047478", 47478));
        assert_eq!(film.title, "Seven Samurai");
        assert_eq!(film.original_title.as_deref(), Some("Shichinin no samurai"));
        assert_eq!(film.year, Some(1954));

        let line = "tt0000001\ttvMovie\t\"Amélie\" \u{202e}\tAMELIE\t0\t\\N\t\\N\t\\N\t\\N";
        let Line::Row(film) = basics(line) else {
            panic!("it is a film");
        };
        assert_eq!(
            (film.title.as_str(), film.original_title, film.year),
            ("\"Amélie\"", None, None)
        );
    }

    #[test]
    fn what_is_no_film_is_passed_over_and_what_makes_no_sense_is_told() {
        for other in [
            "tt0903747\ttvSeries\tBreaking Bad\tBreaking Bad\t0\t2008\t2013\t45\tCrime",
            "tt0000002\tmovie\tFor Adults\tFor Adults\t1\t1999\t\\N\t90\tAdult",
        ] {
            assert_eq!(basics(other), Line::Other, "{other}");
        }
        for malformed in [
            "",
            "tt0000003",
            "tt0000003\tmovie\tTitle",
            "nm0000151\tmovie\tTitle\tTitle\t0\t1999\t\\N\t90\tDrama",
            "tt0000003\tmovie\t \t \t0\t1999\t\\N\t90\tDrama",
            "tt0000003\tmovie\t\\N\t\\N\t0\t1999\t\\N\t90\tDrama",
            "tt0000003\tmovie\tTitle\tTitle\t0\tsoon\t\\N\t90\tDrama",
            "tt0000003\tmovie\tTitle\tTitle\t0\t9999\t\\N\t90\tDrama",
            "tt0000003\tmovie\tTitle\tTitle\tyes\t1999\t\\N\t90\tDrama",
        ] {
            assert_eq!(basics(malformed), Line::Malformed, "{malformed}");
        }
    }

    #[test]
    fn ratings_count_from_a_hundred_votes_on() {
        let row = |number, tenths, votes| {
            Line::Row(RatingRow {
                number,
                tenths,
                votes,
            })
        };
        assert_eq!(ratings("tt0111161\t9.3\t2900000"), row(111_161, 93, 2_900_000));
        assert_eq!(ratings("tt0111161\t10\t100"), row(111_161, 100, 100));
        assert_eq!(ratings("tt0111161\t9.3\t99"), Line::Other);
        for malformed in [
            "",
            "tt0111161\t9.3",
            "tt0111161\t11.0\t500",
            "tt0111161\tNaN\t500",
            "tt0111161\t0.0\t500",
            "tt1\t5\t5",
        ] {
            assert_eq!(ratings(malformed), Line::Malformed, "{malformed}");
        }
    }

    #[test]
    fn columns_are_found_by_name_and_one_file_is_not_taken_for_the_other() {
        assert_eq!(
            BasicsColumns::read_header("tconst\taverageRating\tnumVotes"),
            None
        );
        assert_eq!(RatingsColumns::read_header(BASICS), None);
        let columns = RatingsColumns::read_header("numVotes\tnew\ttconst\taverageRating").expect("a header");
        let row = RatingRow {
            number: 111_161,
            tenths: 93,
            votes: 500,
        };
        assert_eq!(columns.read("500\tx\ttt0111161\t9.3"), Line::Row(row));
    }

    proptest! {
        #[test]
        fn any_line_can_be_read(line in "(\\PC|\t|tt0111161|movie|0|1999){0,30}") {
            let _ = (basics(&line), ratings(&line));
        }
    }
}
