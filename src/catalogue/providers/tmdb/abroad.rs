//! What TMDB tells of a film or series for other languages and countries.

use serde_json::Value;

use crate::catalogue::fault::Object;
use crate::catalogue::hygiene::RawTranslation;
use crate::catalogue::tolerant::{object, objects, text};

/// The most translations and countries that are read, and the most services of a country.
const ROWS: usize = 150;
const SERVICES: usize = 20;

/// Ways of watching that cost nothing more: by subscription, free, and free with advertisements.
const WAYS: [&str; 3] = ["flatrate", "free", "ads"];

/// Title and plot in every language but English, in which the film itself is told. In the language
/// that it was made in TMDB leaves the title out: there it is the original one.
pub(super) fn translations(film: &Object) -> Vec<RawTranslation> {
    let original = text(film, &["original_language"]);
    let rows = object(film, "translations")
        .into_iter()
        .flat_map(|translations| objects(translations, "translations"));
    rows.take(ROWS)
        .filter_map(|row| {
            let language = text(row, &["iso_639_1"])?;
            let region = text(row, &["iso_3166_1"])?;
            let told = object(row, "data").filter(|_| language != "en")?;
            let own = (original.as_deref() == Some(language.as_str()))
                .then(|| text(film, &["original_title", "original_name"]))
                .flatten();
            Some(RawTranslation {
                tag: format!("{language}-{region}"),
                title: text(told, &["title", "name"]).or(own),
                plot: text(told, &["overview"]),
            })
        })
        .collect()
}

/// The services of each country.
pub(super) fn watch(film: &Object) -> Vec<(String, Vec<String>)> {
    let countries = object(film, "watch/providers").and_then(|watch| object(watch, "results"));
    countries
        .into_iter()
        .flatten()
        .take(ROWS)
        .filter_map(|(country, ways)| {
            let ways: &Value = ways;
            let ways = ways.as_object()?;
            let services = WAYS
                .iter()
                .flat_map(|way| objects(ways, way))
                .filter_map(|service| text(service, &["provider_name"]))
                .take(SERVICES);
            Some((country.clone(), services.collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_that_is_left_out_is_the_original_one_in_its_own_language_only() {
        let row = |language: &str, region: &str, title: &str| json!({ "iso_639_1": language, "iso_3166_1": region, "data": { "title": title, "overview": "…" } });
        let film = json!({
            "original_title": "Das Boot", "original_language": "de",
            "translations": { "translations": [
                row("de", "DE", ""), row("fr", "FR", "Le Bateau"), row("it", "IT", ""), row("en", "US", "The Boat"),
                { "iso_639_1": "es" }, 7,
            ] },
        });
        let read = translations(film.as_object().expect("an object"));
        let titles: Vec<(&str, Option<&str>)> = read
            .iter()
            .map(|row| (row.tag.as_str(), row.title.as_deref()))
            .collect();
        assert_eq!(
            titles,
            [
                ("de-DE", Some("Das Boot")),
                ("fr-FR", Some("Le Bateau")),
                ("it-IT", None)
            ]
        );
    }

    #[test]
    fn services_by_subscription_come_before_those_with_advertisements() {
        let film = json!({ "watch/providers": { "results": {
            "DE": {
                "ads": [{ "provider_name": "Pluto" }], "flatrate": [{ "provider_name": "Mubi" }, null],
                "rent": [{ "provider_name": "Shop" }], "link": "https://example.org",
            },
            "FR": { "rent": [{ "provider_name": "Shop" }] },
            "US": [],
        } } });
        let read = watch(film.as_object().expect("an object"));
        assert!(read.contains(&("DE".to_owned(), vec!["Mubi".to_owned(), "Pluto".to_owned()])));
        assert!(read.contains(&("FR".to_owned(), Vec::new())));
        for odd in [
            json!({}),
            json!({ "watch/providers": [] }),
            json!({ "watch/providers": { "results": 1 } }),
        ] {
            assert_eq!(watch(odd.as_object().expect("an object")), [], "{odd}");
        }
    }
}
