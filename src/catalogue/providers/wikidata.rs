//! Wikidata: knows the IMDb ids behind other sites' pages on films. Needs no key, and is slow.
//!
//! It is asked about links only, never for film data.

use crate::catalogue::fault::{Fault, Object, judge_status, read_object};
use crate::catalogue::fetcher::{Fetcher, Site};
use crate::catalogue::links::FilmLink;
use crate::catalogue::settings::{CatalogueError, CatalogueSettings};
use crate::catalogue::tolerant::{object, objects, text};
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;

/// Its properties: a film's slug on Letterboxd, its number on TMDB, and its id on IMDb.
const LETTERBOXD_FILM: &str = "P6127";
const TMDB_MOVIE: &str = "P4947";
const IMDB_ID: &str = "P345";

/// How Wikidata is asked.
#[derive(Debug)]
pub(super) struct Wikidata {
    fetcher: Fetcher,
    site: Site,
}

impl Wikidata {
    /// `None` when it is switched off.
    pub(super) fn configured(
        settings: &CatalogueSettings,
        fetcher: &Fetcher,
    ) -> Result<Option<Self>, CatalogueError> {
        let Some(base_url) = &settings.wikidata.base_url else {
            return Ok(None);
        };
        Ok(Some(Self {
            fetcher: fetcher.clone(),
            site: Site::new(Source::Wikidata, base_url, &[])?,
        }))
    }

    /// The IMDb id behind a link; `None` when it knows none, or more than one.
    pub(super) async fn imdb_id_of(&self, link: &FilmLink) -> Result<Option<ImdbId>, Fault> {
        let mut url = self.site.url("/sparql");
        url.query_pairs_mut()
            .append_pair("query", &question(link))
            .append_pair("format", "json");
        let answer = self.fetcher.get(&self.site, url).await?;
        judge_status(&answer)?;
        let body = read_object(&answer.body)?;
        Ok(only_id(&body))
    }
}

/// The question in SPARQL. A slug has letters, digits and hyphens alone (see [`FilmLink`]), so nothing
/// in it can end the quotation.
fn question(link: &FilmLink) -> String {
    let (property, value) = match link {
        FilmLink::Letterboxd(slug) => (LETTERBOXD_FILM, slug.clone()),
        FilmLink::Tmdb(number) => (TMDB_MOVIE, number.to_string()),
    };
    format!(
        "SELECT DISTINCT ?imdb WHERE {{ ?film wdt:{property} \"{value}\" ; wdt:{IMDB_ID} ?imdb }} LIMIT 5"
    )
}

/// The one id in an answer. Several would have to be guessed among.
fn only_id(body: &Object) -> Option<ImdbId> {
    let mut ids: Vec<ImdbId> = object(body, "results")
        .into_iter()
        .flat_map(|results| objects(results, "bindings"))
        .filter_map(|row| text(object(row, "imdb")?, &["value"])?.parse().ok())
        .collect();
    ids.dedup();
    match ids.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> Option<String> {
        only_id(body.as_object().expect("an object")).map(|id| id.to_string())
    }

    fn answer(values: &[&str]) -> Value {
        let rows: Vec<Value> = values
            .iter()
            .map(|value| json!({ "imdb": { "type": "literal", "value": value } }))
            .collect();
        json!({ "head": { "vars": ["imdb"] }, "results": { "bindings": rows } })
    }

    #[test]
    fn one_id_is_the_answer_and_several_are_none() {
        assert_eq!(read(&answer(&["tt0069293"])).as_deref(), Some("tt0069293"));
        assert_eq!(
            read(&answer(&["tt0069293", "tt0069293"])).as_deref(),
            Some("tt0069293")
        );
        assert_eq!(read(&answer(&["tt0069293", "tt0307479"])), None);
        assert_eq!(read(&answer(&["nm0000151"])), None);
        assert_eq!(read(&answer(&[])), None);
        for odd in [
            json!({}),
            json!({ "results": [] }),
            json!({ "results": { "bindings": [1, { "imdb": "tt0069293" }] } }),
        ] {
            assert_eq!(read(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_question_names_the_sites_own_property() {
        let slug = question(&FilmLink::Letterboxd("solaris-2002".into()));
        assert!(slug.contains(r#"wdt:P6127 "solaris-2002""#), "{slug}");
        let number = question(&FilmLink::Tmdb(278));
        assert!(number.contains(r#"wdt:P4947 "278""#), "{number}");
    }
}
