//! What members paste or type for a film, read strictly.
//!
//! Owns the hosts and paths that name a film. Resolving a TMDB number or a Letterboxd slug to an IMDb
//! id needs the network and is not done here.

use url::Url;

use super::ids::ImdbId;
use super::text::{TITLE_CHARS, clean_line, tidy_line};

/// What a member's text means (facts: providers, "What members paste").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilmQuery {
    /// An IMDb id, bare or in a link, of a series with a season behind it (`tt0903747 s2`).
    Imdb(ImdbId),
    /// A film's page on TMDB, by its number there.
    Tmdb(u64),
    /// A film's page on Letterboxd, by its slug.
    Letterboxd(String),
    /// A link to something that is no film's page on a site that has films.
    NotAFilmPage,
    /// A link to another site.
    ForeignLink,
    /// A title, with its readings as title and year.
    Title(TypedTitle),
    /// Nothing is left after cleaning.
    Empty,
}

/// A typed title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedTitle {
    /// All of it, cleaned: `The Thing (1982)`, `Blade Runner 2049`.
    pub whole: String,
    /// Its reading as title and year, when it ends in `(1982)`.
    pub with_year: Option<(String, u16)>,
    /// Its reading as title and year, when it ends in a bare `1982`. Only for when no film has all of it
    /// as its title: `Blade Runner 2049` has.
    pub bare_year: Option<(String, u16)>,
}

/// The longest text that is read, in characters: that of a message by a member with Nitro.
const TEXT_CHARS: usize = 4_000;

/// Words of a text among which a film is looked for.
const MOST_WORDS: usize = 1_000;

const IMDB_HOSTS: [&str; 3] = ["imdb.com", "www.imdb.com", "m.imdb.com"];
const TMDB_HOSTS: [&str; 2] = ["themoviedb.org", "www.themoviedb.org"];
const LETTERBOXD_HOSTS: [&str; 2] = ["letterboxd.com", "www.letterboxd.com"];

/// What surrounds a link in a sentence or in Markdown and never belongs to a film's link.
const AROUND_LINKS: [char; 10] = ['<', '>', '(', ')', '[', ']', '"', '|', '`', '*'];

/// What may stick to a link's or an id's ends.
const AT_THE_ENDS: [char; 14] = [
    '.', ',', ';', ':', '!', '?', '\'', '_', '~', '{', '}', '…', '“', '”',
];

/// Markdown that is put around a whole title, longest first.
const WRAPPERS: [&str; 8] = ["***", "**", "__", "~~", "||", "`", "*", "_"];

impl FilmQuery {
    /// Reads what a member typed or pasted.
    pub fn read(text: &str) -> Self {
        let text = clean_line(text, TEXT_CHARS);
        if let Some(id) = read_id_with_season(&text) {
            return Self::Imdb(id);
        }
        let mut links = words_of(&text).filter_map(read_link);
        if let Some(first) = links.next() {
            return if first.is_film() {
                first
            } else {
                links.find(Self::is_film).unwrap_or(first)
            };
        }
        let whole = tidy_line(unwrapped(&text), TITLE_CHARS);
        if whole.is_empty() {
            return Self::Empty;
        }
        Self::Title(TypedTitle {
            with_year: split_year(&whole),
            bare_year: split_bare_year(&whole),
            whole,
        })
    }

    /// The word of these texts that names a film: the first IMDb id or link to IMDb, else the first link to a film
    /// on TMDB or Letterboxd, which is yet to be resolved. Never a title. Looks at [`MOST_WORDS`] of each text.
    pub fn find_link<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let mut other = None;
        for word in texts.into_iter().flat_map(|text| words_of(text).take(MOST_WORDS)) {
            match word.parse().ok().map(Self::Imdb).or_else(|| read_link(word)) {
                Some(Self::Imdb(_)) => return Some(word),
                Some(Self::Tmdb(_) | Self::Letterboxd(_)) => other = other.or(Some(word)),
                _ => {}
            }
        }
        other
    }

    const fn is_film(&self) -> bool {
        matches!(self, Self::Imdb(_) | Self::Tmdb(_) | Self::Letterboxd(_))
    }
}

/// The words of a text, without the Markdown, brackets and punctuation around them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|ch: char| ch.is_whitespace() || AROUND_LINKS.contains(&ch))
        .map(|word| word.trim_matches(AT_THE_ENDS))
        .filter(|word| !word.is_empty())
}

/// A text that is an id and nothing else, or a series' id or IMDb link and a season.
fn read_id_with_season(text: &str) -> Option<ImdbId> {
    let mut words = words_of(text);
    let first = words.next()?;
    let rest: Vec<&str> = words.take(3).collect();
    let bare: Option<ImdbId> = first.parse().ok();
    if rest.is_empty() {
        return bare;
    }
    let season = read_season(&rest)?;
    let series = bare.or_else(|| match read_link(first) {
        Some(FilmQuery::Imdb(id)) => Some(id),
        _ => None,
    });
    series?.with_season(season)
}

/// `s2`, `S02`, `season 2`.
fn read_season(words: &[&str]) -> Option<u16> {
    let (mark, number) = match words {
        [mark, number] => (*mark, *number),
        [word] => word.split_at_checked(word.find(|ch: char| ch.is_ascii_digit())?)?,
        _ => return None,
    };
    let named = ["s", "season"].iter().any(|name| mark.eq_ignore_ascii_case(name));
    u16::try_from(read_number(number).filter(|_| named)?).ok()
}

/// What a word means, if it is a link, with its scheme or without.
fn read_link(word: &str) -> Option<FilmQuery> {
    let url = if word.contains("://") {
        Url::parse(word)
    } else if looks_like_an_address(word) {
        Url::parse(&format!("https://{word}"))
    } else {
        return None;
    };
    Some(url.map_or(FilmQuery::ForeignLink, |url| read_url(&url)))
}

/// `imdb.com/title/…`, but not `Face/Off`, `V/H/S/94` or `S.W.A.T.`: a host with a dot, then a path.
fn looks_like_an_address(word: &str) -> bool {
    word.split_once('/').is_some_and(|(host, _)| {
        host.rsplit_once('.').is_some_and(|(name, top)| {
            !name.is_empty() && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
    })
}

fn read_url(url: &Url) -> FilmQuery {
    let web = matches!(url.scheme(), "http" | "https");
    let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    let Some(host) = url.host_str().filter(|_| web && plain) else {
        return FilmQuery::ForeignLink;
    };
    let path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    if IMDB_HOSTS.contains(&host) {
        read_imdb_path(&path, url)
    } else if TMDB_HOSTS.contains(&host) {
        read_tmdb_path(&path)
    } else if LETTERBOXD_HOSTS.contains(&host) {
        read_letterboxd_path(&path)
    } else {
        FilmQuery::ForeignLink
    }
}

/// `/title/tt…`, with a language before it or more of the page's path behind it. The page of a season is
/// `/title/tt…/episodes/?season=2`.
fn read_imdb_path(path: &[&str], url: &Url) -> FilmQuery {
    let path = match path {
        [language, rest @ ..] if is_language(language) => rest,
        _ => path,
    };
    match path {
        ["title", id, rest @ ..] => {
            let season = rest
                .starts_with(&["episodes"])
                .then(|| url.query_pairs().find(|(name, _)| name == "season"))
                .flatten()
                .and_then(|(_, value)| u16::try_from(read_number(&value)?).ok());
            let id: Option<ImdbId> = id.parse().ok();
            id.and_then(|id| season.map_or(Some(id.clone()), |season| id.with_season(season)))
                .map_or(FilmQuery::NotAFilmPage, FilmQuery::Imdb)
        }
        _ => FilmQuery::NotAFilmPage,
    }
}

/// `/movie/278-the-shawshank-redemption` or `/movie/278`.
fn read_tmdb_path(path: &[&str]) -> FilmQuery {
    match path {
        ["movie", number, ..] => read_number(number.split('-').next().unwrap_or_default())
            .map_or(FilmQuery::NotAFilmPage, FilmQuery::Tmdb),
        _ => FilmQuery::NotAFilmPage,
    }
}

/// `/film/{slug}`, a member's page on a film, `/{member}/film/{slug}`, and the addresses by another
/// site's number, `/imdb/tt…` and `/tmdb/{number}`.
fn read_letterboxd_path(path: &[&str]) -> FilmQuery {
    let query = match path {
        ["imdb", id, ..] => id.parse().ok().map(FilmQuery::Imdb),
        ["tmdb", number, ..] => read_number(number).map(FilmQuery::Tmdb),
        ["film", slug, ..] | [_, "film", slug, ..] => {
            is_slug(slug).then(|| FilmQuery::Letterboxd((*slug).to_owned()))
        }
        _ => None,
    };
    query.unwrap_or(FilmQuery::NotAFilmPage)
}

/// `de`, `fr-ca`, `es-419`.
fn is_language(part: &str) -> bool {
    let (language, region) = part.split_once('-').unwrap_or((part, "xx"));
    language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && (2..=3).contains(&region.len())
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_slug(part: &str) -> bool {
    part.len() <= 200
        && part
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// ASCII digits alone: `parse` would take a sign too.
fn read_number(part: &str) -> Option<u64> {
    part.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| part.parse().ok())
        .flatten()
        .filter(|number| *number > 0)
}

/// A title without the Markdown around all of it: `**The Thing**`, `<The Thing>`.
fn unwrapped(text: &str) -> &str {
    let mut text = text;
    loop {
        let inner = WRAPPERS
            .iter()
            .find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))
            .or_else(|| text.strip_prefix('<')?.strip_suffix('>'));
        match inner {
            Some(inner) => text = inner.trim(),
            None => return text,
        }
    }
}

/// `The Thing (1982)` as its title and its year.
fn split_year(whole: &str) -> Option<(String, u16)> {
    let (title, year) = whole.strip_suffix(')')?.rsplit_once('(')?;
    dated(title, year)
}

/// `The Thing 1982` as its title and its year.
fn split_bare_year(whole: &str) -> Option<(String, u16)> {
    let (title, year) = whole.rsplit_once(' ')?;
    dated(title, year)
}

/// A title and a year, if there is a title and that is a year of films.
fn dated(title: &str, year: &str) -> Option<(String, u16)> {
    let title = title.trim_end();
    let four_digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year
        .parse()
        .ok()
        .filter(|year| four_digits && (1870..=2100).contains(year))?;
    (!title.is_empty()).then(|| (title.to_owned(), year))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn imdb(id: &str) -> FilmQuery {
        FilmQuery::Imdb(id.parse().expect("an id"))
    }

    fn title(whole: &str) -> FilmQuery {
        FilmQuery::Title(TypedTitle {
            whole: whole.to_owned(),
            with_year: None,
            bare_year: None,
        })
    }

    #[test]
    fn every_form_of_an_imdb_id_is_read() {
        for (text, id) in [
            ("tt0111161", "tt0111161"),
            (" TT0111161 ", "tt0111161"),
            ("tt10872600", "tt10872600"),
            ("tt00111161", "tt0111161"),
            ("**tt0111161**.", "tt0111161"),
            (
                "https://m.imdb.com/title/tt0111161/?ref_=ext_shr_lnk",
                "tt0111161",
            ),
            ("https://www.imdb.com/de/title/tt7216636/", "tt7216636"),
            ("https://www.imdb.com/fr-ca/title/tt7216636", "tt7216636"),
            ("<https://www.imdb.com/title/tt0111161/>", "tt0111161"),
            ("https://www.imdb.com/title/tt0111161/reviews#x", "tt0111161"),
            ("http://imdb.com/title/tt0111161", "tt0111161"),
            ("HTTPS://WWW.IMDB.COM/title/TT0111161/", "tt0111161"),
            ("imdb.com/title/tt0111161/", "tt0111161"),
            ("[The film](https://www.imdb.com/title/tt0111161/)", "tt0111161"),
            ("`https://www.imdb.com/title/tt0111161`,", "tt0111161"),
            (
                "The Shawshank Redemption (1994) ⭐ 9.3 https://www.imdb.com/title/tt0111161",
                "tt0111161",
            ),
            ("https://letterboxd.com/imdb/tt0111161", "tt0111161"),
        ] {
            assert_eq!(FilmQuery::read(text), imdb(id), "{text}");
        }
    }

    #[test]
    fn pages_of_other_film_sites_are_kept_to_be_resolved() {
        for (text, query) in [
            (
                "https://www.themoviedb.org/movie/278-the-shawshank-redemption",
                FilmQuery::Tmdb(278),
            ),
            ("themoviedb.org/movie/278?language=de", FilmQuery::Tmdb(278)),
            ("https://letterboxd.com/tmdb/278", FilmQuery::Tmdb(278)),
            (
                "https://letterboxd.com/film/solaris-2002/",
                FilmQuery::Letterboxd("solaris-2002".into()),
            ),
            (
                "https://letterboxd.com/someone/film/solaris-2002/",
                FilmQuery::Letterboxd("solaris-2002".into()),
            ),
        ] {
            assert_eq!(FilmQuery::read(text), query, "{text}");
        }
    }

    #[test]
    fn pages_that_are_no_films_are_refused() {
        for text in [
            "https://www.themoviedb.org/tv/1396-breaking-bad",
            "https://www.themoviedb.org/movie/",
            "https://www.themoviedb.org/movie/+278",
            "https://www.imdb.com/name/nm0000151/",
            "https://www.imdb.com/list/ls000000001/",
            "https://www.imdb.com/chart/top",
            "https://www.imdb.com/",
            "https://www.imdb.com/title/tt123/",
            "https://www.imdb.com/title/tt%D9%A00111161/",
            "https://letterboxd.com/someone/",
            "https://letterboxd.com/film/../../etc/",
        ] {
            assert_eq!(FilmQuery::read(text), FilmQuery::NotAFilmPage, "{text}");
        }
    }

    #[test]
    fn other_sites_are_refused_however_they_dress_up() {
        for text in [
            "https://notimdb.com/title/tt0111161/",
            "https://www.imdb.com.evil.tld/title/tt0111161",
            "https://www.imdb.com@evil.tld/title/tt0111161",
            "https://www.imdb.com:pw@evil.tld/title/tt0111161",
            "https://someone@www.imdb.com/title/tt0111161",
            "https://www.imdb.com:8443/title/tt0111161",
            "https://www.imdb.com./title/tt0111161",
            "www.imdb.com@evil.tld/title/tt0111161",
            "notimdb.com/title/tt0111161",
            "https://www.іmdb.com/title/tt0111161",
            "ftp://www.imdb.com/title/tt0111161",
            "https://",
            "https://127.0.0.1/title/tt0111161",
        ] {
            assert_eq!(FilmQuery::read(text), FilmQuery::ForeignLink, "{text}");
        }
    }

    #[test]
    fn what_is_no_link_and_no_id_is_a_title() {
        for text in [
            "1917",
            "2001: A Space Odyssey",
            "300",
            "M",
            "8½",
            "WALL·E",
            "アキラ",
            "tt123",
            "tt0111161a",
            "tt٠١١١١٦١",
            "Face/Off",
            "V/H/S/94",
            "S.W.A.T.",
            "M*A*S*H",
            "[REC]",
            "(500) Days of Summer",
            "Who's Afraid of Virginia Woolf?",
            "*batteries not included",
            "...And Justice for All",
            "(1982)",
        ] {
            assert_eq!(FilmQuery::read(text), title(text), "{text}");
        }
        assert_eq!(FilmQuery::read(" **The Thing** "), title("The Thing"));
        assert_eq!(FilmQuery::read("<The Thing>"), title("The Thing"));
    }

    #[test]
    fn a_year_in_parentheses_is_a_second_reading() {
        assert_eq!(
            FilmQuery::read("The Thing (1982)"),
            FilmQuery::Title(TypedTitle {
                whole: "The Thing (1982)".into(),
                with_year: Some(("The Thing".into(), 1982)),
                bare_year: None,
            })
        );
        assert_eq!(FilmQuery::read("Odd (12345)"), title("Odd (12345)"));
        assert_eq!(FilmQuery::read("Odd (+198)"), title("Odd (+198)"));
    }

    #[test]
    fn a_bare_year_at_the_end_is_a_last_reading() {
        for (text, name, year) in [
            ("The Thing 1982", "The Thing", 1982),
            ("Blade Runner 2049", "Blade Runner", 2049),
        ] {
            assert_eq!(
                FilmQuery::read(text),
                FilmQuery::Title(TypedTitle {
                    whole: text.into(),
                    with_year: None,
                    bare_year: Some((name.into(), year)),
                })
            );
        }
        for text in ["1917", "Room 237", "The Year 3000", "2001: A Space Odyssey"] {
            assert_eq!(FilmQuery::read(text), title(text), "{text}");
        }
    }

    #[test]
    fn a_season_stands_behind_a_series_id() {
        for text in [
            "tt0903747 s2",
            "TT0903747 S02",
            "tt0903747 season 2",
            "tt0903747, Season2",
            "tt0903747:2",
            "https://www.imdb.com/title/tt0903747/ s2",
            "https://www.imdb.com/title/tt0903747/episodes/?season=2&ref_=ttep",
        ] {
            assert_eq!(FilmQuery::read(text), imdb("tt0903747:2"), "{text}");
        }
        assert_eq!(
            FilmQuery::read("https://www.imdb.com/title/tt0903747/episodes/"),
            imdb("tt0903747")
        );
        for text in ["tt0903747 s0", "tt0903747 episode 2", "tt0903747 s2 e3"] {
            assert_eq!(FilmQuery::read(text), title(text), "{text}");
        }
        assert_eq!(
            FilmQuery::read("https://www.imdb.com/title/tt0903747/episodes/?season=0"),
            imdb("tt0903747")
        );
    }

    #[test]
    fn nothing_is_left_of_blanks_and_marks() {
        for text in ["", "  \n\t", "\u{200B}\u{202E}", "<>", "****"] {
            assert_eq!(FilmQuery::read(text), FilmQuery::Empty, "{text:?}");
        }
    }

    #[test]
    fn entities_in_a_title_are_decoded_once() {
        assert_eq!(FilmQuery::read("Tom &amp; Jerry"), title("Tom & Jerry"));
        assert_eq!(FilmQuery::read("&amp;lt;3"), title("&lt;3"));
    }

    #[test]
    fn a_very_long_title_is_cut() {
        let FilmQuery::Title(typed) = FilmQuery::read(&"@everyone ".repeat(40)) else {
            panic!("a title was expected");
        };
        assert!(typed.whole.chars().count() <= TITLE_CHARS);
    }

    #[test]
    fn a_message_is_searched_for_its_first_film() {
        for (text, found) in [
            (
                "tonight? https://www.imdb.com/title/tt0111161/, ok",
                Some("https://www.imdb.com/title/tt0111161/"),
            ),
            (
                "https://example.com then (<https://letterboxd.com/film/alien/>)",
                Some("https://letterboxd.com/film/alien/"),
            ),
            ("I liked tt0078748!", Some("tt0078748")),
            (
                "https://letterboxd.com/film/alien/ or https://letterboxd.com/film/heat/",
                Some("https://letterboxd.com/film/alien/"),
            ),
            (
                "https://letterboxd.com/film/alien/ is tt0078748",
                Some("tt0078748"),
            ),
            ("see https://www.imdb.com/name/nm0000151/ and tt123", None),
            ("https://www.imdb.com@evil.tld/title/tt0111161", None),
            ("Alien (1979)", None),
            ("", None),
        ] {
            assert_eq!(FilmQuery::find_link([text]), found, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in any::<String>()) {
            if let Some(word) = FilmQuery::find_link([text.as_str()]) {
                prop_assert!(!matches!(FilmQuery::read(word), FilmQuery::Title(_) | FilmQuery::Empty));
            }
            if let FilmQuery::Title(typed) = FilmQuery::read(&text) {
                prop_assert!(!typed.whole.is_empty());
                prop_assert!(typed.whole.chars().count() <= TITLE_CHARS);
            }
        }

        #[test]
        fn only_the_sites_own_hosts_name_films(host in "(www\\.|m\\.)?[a-z]{0,3}imdb\\.com(\\.[a-z]{2,3})?") {
            let text = format!("https://{host}/title/tt0111161/");
            let own = IMDB_HOSTS.contains(&host.as_str());
            prop_assert_eq!(FilmQuery::read(&text) == imdb("tt0111161"), own);
        }
    }
}
