//! What a film is called, and where it can be watched, by language and by country: compact, since a row
//! of the cache holds it for every server at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known of a film for servers elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abroad {
    /// Its title and plot in other languages than English.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    pub translations: Translations,
    /// Which streaming services have it.
    #[serde(default, skip_serializing_if = "WhereToWatch::is_empty")]
    pub watch: WhereToWatch,
}

impl Abroad {
    /// Both, unless nothing is known.
    pub fn known(translations: Translations, watch: WhereToWatch) -> Option<Box<Self>> {
        let nothing = translations.is_empty() && watch.is_empty();
        (!nothing).then(|| Box::new(Self { translations, watch }))
    }
}

/// A film's title and plot in one language; plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The title, where it differs from the one in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The plot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plot: Option<String>,
}

/// A film's translations by language tag (`de-DE`, `pt-BR`), at most [`Translations::MOST_BYTES`] of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Translations(BTreeMap<String, Translation>);

/// The languages whose plots are kept first when not all have room: roughly by how many people who use
/// Discord speak them.
const PLOTS_FIRST: [&str; 24] = [
    "de", "fr", "es", "pt", "ru", "ja", "pl", "it", "ko", "zh", "tr", "nl", "sv", "uk", "cs", "da", "no",
    "nb", "fi", "hu", "ro", "el", "vi", "th",
];

impl Translations {
    /// The most bytes of titles and plots that are kept of a film.
    pub const MOST_BYTES: usize = 16 * 1024;

    /// These translations by their language tags, as many as have room: every title before any plot.
    pub fn new(translations: impl IntoIterator<Item = (String, Translation)>) -> Self {
        let mut offered: Vec<(String, Translation)> = translations.into_iter().collect();
        offered.sort_by_key(|(tag, _)| {
            let place = PLOTS_FIRST.iter().position(|first| *first == primary(tag));
            (place.unwrap_or(PLOTS_FIRST.len()), tag.clone())
        });
        let mut room = Self::MOST_BYTES;
        let mut take = |text: Option<String>| {
            let left = text.as_ref().and_then(|text| room.checked_sub(text.len()))?;
            room = left;
            text
        };
        let mut kept = BTreeMap::new();
        for (tag, translation) in &mut offered {
            if let Some(title) = take(translation.title.take()) {
                let entry: &mut Translation = kept.entry(tag.clone()).or_default();
                entry.title.get_or_insert(title);
            }
        }
        for (tag, translation) in offered {
            if let Some(plot) = take(translation.plot) {
                let entry: &mut Translation = kept.entry(tag).or_default();
                entry.plot.get_or_insert(plot);
            }
        }
        Self(kept)
    }

    /// The translation for readers of this language (`de`, `pt-BR`): that of the region, else of the
    /// country that the language is named for, else of any region.
    pub fn find(&self, language: &str) -> Option<&Translation> {
        let exact = |wanted: &str| {
            let mut fitting = self.0.iter().filter(|(tag, _)| tag.eq_ignore_ascii_case(wanted));
            fitting.next().map(|(_, translation)| translation)
        };
        let wanted = primary(language);
        exact(language)
            .or_else(|| exact(&format!("{wanted}-{wanted}")))
            .or_else(|| {
                let mut fitting = self
                    .0
                    .iter()
                    .filter(|(tag, _)| primary(tag).eq_ignore_ascii_case(wanted));
                fitting.next().map(|(_, translation)| translation)
            })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The language of a tag, without its region.
fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(language, _)| language)
}

/// Which streaming services have a film, by country. Each service's name is kept once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhereToWatch {
    services: Vec<String>,
    /// By ISO 3166 code, places in `services`.
    countries: BTreeMap<String, Vec<u8>>,
}

/// Where a film can be watched in one country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchHere {
    /// The country's ISO 3166 code, `DE`.
    pub country: String,
    /// The services' names, plain text, the most prominent first; not empty.
    pub services: Vec<String>,
}

impl WhereToWatch {
    /// The most names of services that are kept of a film.
    pub const MOST_SERVICES: usize = 100;
    /// The most services of a country.
    pub const MOST_IN_A_COUNTRY: usize = 6;

    /// The services of each country, as many as have room; a country is two capital letters.
    pub fn new(countries: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let mut kept = Self::default();
        for (country, names) in countries {
            if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
                continue;
            }
            let places: Vec<u8> = names
                .into_iter()
                .take(Self::MOST_IN_A_COUNTRY)
                .filter_map(|name| kept.place_of(name))
                .collect();
            if !places.is_empty() {
                kept.countries.insert(country, places);
            }
        }
        kept
    }

    fn place_of(&mut self, name: String) -> Option<u8> {
        let known = self.services.iter().position(|service| *service == name);
        let place = match known {
            Some(place) => place,
            None if self.services.len() < Self::MOST_SERVICES => {
                self.services.push(name);
                self.services.len() - 1
            }
            None => return None,
        };
        u8::try_from(place).ok()
    }

    /// Where it can be watched in this country (`DE`, in either case), if that is known.
    pub fn in_country(&self, country: &str) -> Option<WatchHere> {
        let country = country.to_ascii_uppercase();
        let services: Vec<String> = self
            .countries
            .get(&country)?
            .iter()
            .filter_map(|place| self.services.get(usize::from(*place)).cloned())
            .collect();
        (!services.is_empty()).then_some(WatchHere { country, services })
    }

    /// Whether nothing is known of any country.
    pub fn is_empty(&self) -> bool {
        self.countries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translation(title: &str, plot: &str) -> Translation {
        Translation {
            title: Some(title.to_owned()),
            plot: Some(plot.to_owned()),
        }
    }

    fn titled(translations: &[(&str, &str)]) -> Translations {
        Translations::new(
            translations
                .iter()
                .map(|(tag, title)| ((*tag).to_owned(), translation(title, "."))),
        )
    }

    #[test]
    fn a_language_finds_its_region_then_its_own_country_then_any() {
        let known = titled(&[
            ("de-AT", "Österreich"),
            ("de-DE", "Deutschland"),
            ("pt-BR", "Brasil"),
            ("pt-PT", "Portugal"),
            ("ja-JP", "日本"),
        ]);
        for (language, title) in [
            ("de", Some("Deutschland")),
            ("de-AT", Some("Österreich")),
            ("de-CH", Some("Deutschland")),
            ("pt-BR", Some("Brasil")),
            ("pt-br", Some("Brasil")),
            ("pt", Some("Portugal")),
            ("ja", Some("日本")),
            ("d", None),
            ("fr", None),
            ("", None),
        ] {
            let found = known.find(language).and_then(|found| found.title.as_deref());
            assert_eq!(found, title, "{language}");
        }
    }

    #[test]
    fn every_title_is_kept_before_the_plots_of_the_rarer_languages() {
        let plot = "x".repeat(2_000);
        let tags = [
            "zu-ZA", "la-VA", "eo-EO", "de-DE", "fr-FR", "ka-GE", "is-IS", "mt-MT", "cy-GB",
        ];
        let known = Translations::new(tags.map(|tag| (tag.to_owned(), translation(tag, &plot))));
        for tag in tags {
            assert_eq!(
                known.find(tag).and_then(|found| found.title.as_deref()),
                Some(tag)
            );
        }
        let with_plot = |tag: &str| known.find(tag).is_some_and(|found| found.plot.is_some());
        assert!(with_plot("de") && with_plot("fr") && !with_plot("zu"));
        let json = serde_json::to_string(&known).expect("JSON");
        assert!(json.len() < Translations::MOST_BYTES + 1_000, "{}", json.len());
    }

    #[test]
    fn services_are_told_by_country_and_named_once() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let known = WhereToWatch::new([
            ("DE".to_owned(), names(&["Netflix", "Mubi"])),
            ("FR".to_owned(), names(&["Netflix"])),
            ("US".to_owned(), names(&[])),
            ("Germany".to_owned(), names(&["Netflix"])),
        ]);
        let here = known.in_country("de").expect("known");
        assert_eq!(
            (here.country.as_str(), here.services),
            ("DE", names(&["Netflix", "Mubi"]))
        );
        assert_eq!(known.in_country("US"), None);
        assert_eq!(known.in_country("Germany"), None);
        assert_eq!(known.services, ["Netflix", "Mubi"]);
    }

    #[test]
    fn a_row_of_the_cache_that_points_nowhere_is_no_service() {
        let odd: WhereToWatch =
            serde_json::from_str(r#"{"services":["A"],"countries":{"DE":[7,200]}}"#).expect("JSON");
        assert_eq!(odd.in_country("DE"), None);
    }
}
