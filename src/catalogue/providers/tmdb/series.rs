//! A series, or a season of one, as TMDB tells it.

use super::{abroad, film};
use crate::catalogue::fault::Object;
use crate::catalogue::hygiene::{RawFilm, RawSeries};
use crate::catalogue::tolerant::{number, object, objects, text, texts};

/// The series, or this season of it; `None` if it has no name, or no such season.
pub(super) fn raw_series(series: &Object, season: Option<u16>) -> Option<RawFilm> {
    let whole = RawFilm {
        title: Some(text(series, &["name", "original_name"])?),
        year: text(series, &["first_air_date"]),
        runtime: text(series, &["episode_run_time"]),
        genres: texts(series, &["genres"]),
        directors: texts(series, &["created_by"]),
        plot: text(series, &["overview"]),
        rating: film::rating(series),
        poster: text(series, &["poster_path"]).and_then(|path| film::poster_url(&path)),
        trailer: object(series, "videos").and_then(film::trailer),
        series: Some(RawSeries {
            ended: text(series, &["last_air_date"]).filter(|_| has_ended(series)),
            seasons: number(series, "number_of_seasons"),
            episodes: None,
        }),
        translations: abroad::translations(series),
        watch: abroad::watch(series),
    };
    let Some(season) = season else {
        return Some(whole);
    };
    let season =
        objects(series, "seasons").find(|row| number(row, "season_number") == Some(u64::from(season)))?;
    Some(RawFilm {
        year: text(season, &["air_date"]),
        plot: text(season, &["overview"]).or(whole.plot),
        // That of the whole series would be taken for the season's.
        rating: None,
        poster: text(season, &["poster_path"])
            .and_then(|path| film::poster_url(&path))
            .or(whole.poster),
        series: Some(RawSeries {
            episodes: number(season, "episode_count"),
            ..RawSeries::default()
        }),
        ..whole
    })
}

fn has_ended(series: &Object) -> bool {
    text(series, &["status"]).is_some_and(|status| matches!(status.as_str(), "Ended" | "Canceled"))
}
