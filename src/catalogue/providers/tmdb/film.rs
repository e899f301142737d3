//! A film as TMDB tells it.

use super::abroad;
use crate::catalogue::fault::Object;
use crate::catalogue::hygiene::RawFilm;
use crate::catalogue::tolerant::{number, object, objects, text, texts};

pub(super) fn raw_film(film: &Object) -> RawFilm {
    let directors = object(film, "credits")
        .into_iter()
        .flat_map(|credits| objects(credits, "crew"))
        .filter(|member| text(member, &["job"]).is_some_and(|job| job == "Director"))
        .filter_map(|member| text(member, &["name"]))
        .collect();
    RawFilm {
        title: text(film, &["title", "original_title"]),
        year: text(film, &["release_date"]),
        runtime: text(film, &["runtime"]),
        genres: texts(film, &["genres"]),
        directors,
        plot: text(film, &["overview"]),
        rating: rating(film),
        poster: text(film, &["poster_path"]).and_then(|path| poster_url(&path)),
        trailer: object(film, "videos").and_then(trailer),
        translations: abroad::translations(film),
        watch: abroad::watch(film),
        ..RawFilm::default()
    }
}

/// Nobody's votes are no rating.
pub(super) fn rating(film: &Object) -> Option<String> {
    number(film, "vote_count")
        .filter(|votes| *votes > 0)
        .and_then(|_| text(film, &["vote_average"]))
}

/// `/abc.jpg`, and nothing that leads elsewhere.
pub(super) fn poster_url(path: &str) -> Option<String> {
    let name = path.strip_prefix('/')?;
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    plain.then(|| format!("https://image.tmdb.org/t/p/w500/{name}"))
}

/// The first trailer on YouTube, or the first teaser.
pub(super) fn trailer(videos: &Object) -> Option<String> {
    let of_kind = |kind: &'static str| {
        objects(videos, "results")
            .filter(|video| text(video, &["site"]).is_some_and(|site| site == "YouTube"))
            .find(move |video| text(video, &["type"]).is_some_and(|said| said == kind))
            .and_then(|video| text(video, &["key"]))
    };
    of_kind("Trailer").or_else(|| of_kind("Teaser"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn empty_fields_are_no_data() {
        let film = json!({
            "title": "Alien", "poster_path": null, "release_date": "", "runtime": 0,
            "vote_average": 0.0, "vote_count": 0, "genres": [], "overview": "",
        });
        let raw = raw_film(film.as_object().expect("an object"));
        assert_eq!(raw.title.as_deref(), Some("Alien"));
        assert_eq!(
            (raw.poster, raw.year, raw.rating, raw.plot),
            (None, None, None, None)
        );
    }

    #[test]
    fn a_poster_path_leads_nowhere_else() {
        assert_eq!(
            poster_url("/abc.jpg").as_deref(),
            Some("https://image.tmdb.org/t/p/w500/abc.jpg")
        );
        for path in [
            "abc.jpg",
            "/../x.jpg",
            "/a/b.jpg",
            "//evil.tld/x.jpg",
            "/a.jpg?x",
            "/",
        ] {
            assert_eq!(poster_url(path), None, "{path}");
        }
    }
}
