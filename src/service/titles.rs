//! The local index of titles, when an operator has loaded one: searching it, tolerantly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Service;
use crate::domain::film::{Rating, RatingSource};
use crate::domain::ids::ImdbId;
use crate::domain::title_index::{IndexedTitle, TermQuery, TypedKey, variants};
use crate::store::{Store, StoreError};

/// How many films each part of a search brings; the best of them are chosen by their titles.
const CANDIDATES: u32 = 60;

/// With fewer films than these that have all that was typed, mistyped words are looked into too.
const ENOUGH: usize = 5;

/// The local index of titles. Clones share what they know of it.
#[derive(Debug, Clone)]
pub struct TitleIndex {
    store: Store,
    /// Whether it was seen to be loaded. From then on it is not looked for again, until a search fails:
    /// an index is replaced, and taken away only with its tables.
    loaded: Arc<AtomicBool>,
}

impl TitleIndex {
    /// The index in this database; [`TitleIndex::look`] tells whether there is one.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            loaded: Arc::default(),
        }
    }

    /// Whether an index was seen to be loaded. Asks nobody.
    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Relaxed)
    }

    /// Whether an index is loaded; asks the database as long as none was seen.
    pub async fn look(&self) -> Result<bool, StoreError> {
        if !self.is_loaded() {
            let loaded = self.store.find_title_index().await?.is_some();
            self.loaded.store(loaded, Ordering::Relaxed);
        }
        Ok(self.is_loaded())
    }

    /// Films whose title fits what is typed, best first, at most `limit`; none while no index is loaded.
    /// Takes one statement, and up to three more where hardly anything has all that was typed.
    pub async fn search(&self, typed: &str, limit: usize) -> Result<Vec<IndexedTitle>, StoreError> {
        let Some(typed) = TypedKey::read(typed) else {
            return Ok(Vec::new());
        };
        if !self.look().await? {
            return Ok(Vec::new());
        }
        let mut films = self
            .found([&typed.exactly(), &typed.beginning(), &typed.containing()])
            .await?;
        if films.len() < ENOUGH {
            films.extend(self.guess(&typed).await?);
        }
        let mut films = typed.sort(films);
        let mut seen = std::collections::HashSet::new();
        films.retain(|film| seen.insert(film.imdb_id.clone()));
        films.truncate(limit);
        Ok(films)
    }

    /// Films that may be meant by mistyped text.
    async fn guess(&self, typed: &TypedKey) -> Result<Vec<IndexedTitle>, StoreError> {
        let near: Vec<i64> = typed.words().iter().flat_map(|word| variants(word)).collect();
        if near.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.store.list_title_words(&near).await?;
        let corrected = typed.corrected(&known);
        self.found([&corrected, &typed.roughly(), &TermQuery::nothing()])
            .await
    }

    async fn found(&self, searches: [&TermQuery; 3]) -> Result<Vec<IndexedTitle>, StoreError> {
        let found = self.store.search_titles(searches, CANDIDATES).await;
        if found.as_ref().is_err_and(|error| !error.is_busy()) {
            self.loaded.store(false, Ordering::Relaxed);
        }
        found
    }

    /// The same as [`TitleIndex::search`]; an index that cannot be asked is as good as none.
    pub(super) async fn search_if_possible(&self, typed: &str, limit: usize) -> Vec<IndexedTitle> {
        let films = self.search(typed, limit).await;
        films.unwrap_or_else(|error| {
            tracing::warn!(%error, "the index of titles could not be asked");
            Vec::new()
        })
    }

    /// The film with this id, if an index was seen to be loaded and has it.
    pub async fn find(&self, imdb_id: &ImdbId) -> Option<IndexedTitle> {
        if !self.is_loaded() {
            return None;
        }
        let found = self.store.find_title(imdb_id).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "the index of titles could not be asked");
            None
        })
    }
}

/// The rating of a film in the index.
pub(super) const fn rating_of(title: &IndexedTitle) -> Rating {
    Rating {
        tenths: title.rating_tenths,
        source: RatingSource::Imdb,
    }
}

impl Service {
    /// The local index of titles.
    pub const fn titles(&self) -> &TitleIndex {
        &self.titles
    }
}
