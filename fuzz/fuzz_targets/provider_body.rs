//! Answers of film databases: the first letter names the provider, the next the status, the rest is the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquee::catalogue::read_body;
use marquee::domain::film::{FilmData, Rating, Source};
use marquee::domain::ids::ImdbId;
use url::Url;

/// 2026-11-23.
const NOW: i64 = 1_795_431_600;

/// Where pictures may come from.
const POSTER_HOSTS: [&str; 3] = ["m.media-amazon.com", "image.tmdb.org", "images.metahub.space"];

fuzz_target!(|data: &[u8]| {
    let [source, status, body @ ..] = data else {
        return;
    };
    let source = match source {
        b't' => Source::Tmdb,
        b'o' => Source::Omdb,
        _ => Source::Cinemeta,
    };
    let status = match status {
        b'1' => 401,
        b'4' => 404,
        b'5' => 503,
        _ => 200,
    };
    let id: ImdbId = "tt0111161".parse().expect("an id");
    let Some(contents) = read_body(source, status, body, &id, NOW) else {
        return;
    };
    if let Some(film) = &contents.film {
        check_film(film);
        let json = serde_json::to_string(film).expect("film data is JSON");
        let again: FilmData = serde_json::from_str(&json).expect("what is cached is read");
        assert_eq!(&again, film);
    }
    assert!(contents.hits.len() <= 25);
    for (at, hit) in contents.hits.iter().enumerate() {
        check_text(&hit.title, 200, false);
        check_figures(hit.year, hit.rating);
        let twice = contents.hits[..at]
            .iter()
            .any(|other| other.imdb_id == hit.imdb_id);
        assert!(!twice, "a film is found once");
    }
});

fn check_film(film: &FilmData) {
    check_text(&film.title, 200, false);
    check_figures(film.year, film.rating);
    assert!(
        film.runtime_min
            .is_none_or(|minutes| (1..=1_440).contains(&minutes))
    );
    assert!(film.genres.len() <= 6 && film.directors.len() <= 4);
    film.genres.iter().for_each(|genre| check_text(genre, 30, false));
    film.directors.iter().for_each(|name| check_text(name, 60, false));
    if let Some(plot) = &film.plot {
        check_text(plot, 1_000, true);
    }
    if let Some(poster) = &film.poster_url {
        let url = Url::parse(poster).expect("a poster is a URL");
        assert!(url.scheme() == "https" && url.port().is_none() && url.username().is_empty());
        assert!(url.host_str().is_some_and(|host| POSTER_HOSTS.contains(&host)));
        assert!(poster.len() <= 2_048, "Discord takes no more");
    }
    if let Some(trailer) = &film.trailer_url {
        let video = trailer.strip_prefix("https://www.youtube.com/watch?v=");
        assert!(video.is_some_and(|video| video.len() == 11 && video.is_ascii()));
    }
}

fn check_figures(year: Option<u16>, rating: Option<Rating>) {
    assert!(year.is_none_or(|year| (1870..=2037).contains(&year)));
    assert!(rating.is_none_or(|rating| (1..=100).contains(&rating.tenths)));
}

/// There is something to see, not too much of it, and nothing that hides or turns the text around.
fn check_text(text: &str, most_chars: usize, lines: bool) {
    assert!(!text.trim().is_empty() && text.chars().count() <= most_chars);
    let unseen = |ch: char| {
        (ch.is_control() && !(lines && ch == '\n'))
            || matches!(ch, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    assert!(!text.contains(unseen), "{text:?}");
}
