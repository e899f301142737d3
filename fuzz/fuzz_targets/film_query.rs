//! Ids, links and titles, as members type or paste them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquee::domain::film_query::FilmQuery;
use marquee::domain::ids::ImdbId;
use marquee::domain::text::{TITLE_CHARS, clean_line, escape_markdown, title_key};

fuzz_target!(|text: &str| {
    let query = FilmQuery::read(text);
    check(&query);
    if let Some(word) = FilmQuery::find_link([text]) {
        let found = FilmQuery::read(word);
        assert!(address(&found).is_some(), "{found:?} is a film's page");
        check(&found);
    }
    if let Ok(id) = text.parse::<ImdbId>() {
        assert_eq!(query, FilmQuery::Imdb(id.clone()), "an id alone is that film");
        assert!((9..=12).contains(&id.as_str().len()));
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
    }
    let line = clean_line(text, TITLE_CHARS);
    check_line(&line);
    check_line(&escape_markdown(&line));
    let key = title_key(&line);
    assert_eq!(title_key(&key), key, "a key is its own key");
});

/// What was read is read again from its own plain form.
fn check(query: &FilmQuery) {
    if let Some(address) = address(query) {
        assert_eq!(&FilmQuery::read(&address), query, "{address}");
        assert_eq!(FilmQuery::find_link([address.as_str()]), Some(address.as_str()));
    }
    if let FilmQuery::Title(typed) = query {
        let parts = typed.with_year.iter().map(|(title, _)| title);
        for title in parts.chain([&typed.whole]) {
            assert!(!title.trim().is_empty());
            assert!(title.chars().count() <= TITLE_CHARS);
            check_line(title);
        }
        assert!(
            typed
                .with_year
                .iter()
                .all(|(_, year)| (1870..=2100).contains(year))
        );
    }
}

/// The page that names the film in the plainest form; `None` if it is no film.
fn address(query: &FilmQuery) -> Option<String> {
    match query {
        FilmQuery::Imdb(id) => Some(id.url()),
        FilmQuery::Tmdb(number) => Some(format!("https://www.themoviedb.org/movie/{number}")),
        FilmQuery::Letterboxd(slug) => Some(format!("https://letterboxd.com/film/{slug}/")),
        _ => None,
    }
}

/// Nothing in it breaks a line, hides, or turns the direction of the text.
fn check_line(line: &str) {
    let unseen = |ch: char| {
        ch.is_control()
            || matches!(ch, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    assert!(!line.contains(unseen), "{line:?}");
}
