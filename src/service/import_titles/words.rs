//! The words of the titles, counted, and the variants by which a mistyped one is found.

use std::collections::HashMap;

use crate::domain::title_index::variants;
use crate::store::PlacedTitle;

/// Variants are handed out in so many parts, one after the other, so that they are never all in memory.
const PARTS: u32 = 16;

/// How many films have each word.
#[derive(Debug, Default)]
pub(super) struct Words(HashMap<String, u32>);

impl Words {
    /// Counts the words of these films.
    pub(super) fn add(&mut self, films: &[PlacedTitle]) {
        for word in films.iter().flat_map(|film| film.title.words()) {
            *self.0.entry(word).or_default() += 1;
        }
    }

    /// Every variant with its word and the number of the word's films, in the order of the variants.
    pub(super) fn parts(&self) -> impl Iterator<Item = Vec<(i64, &str, u32)>> {
        let width = (i128::from(i64::MAX) - i128::from(i64::MIN) + 1) / i128::from(PARTS);
        (0..PARTS).map(move |part| {
            let from = i128::from(i64::MIN) + i128::from(part) * width;
            let mut rows: Vec<(i64, &str, u32)> = Vec::new();
            for (word, films) in &self.0 {
                let here = variants(word).into_iter();
                let here = here.filter(|variant| (from..from + width).contains(&i128::from(*variant)));
                rows.extend(here.map(|variant| (variant, word.as_str(), *films)));
            }
            rows.sort_unstable();
            rows
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::title_index::IndexedTitle;

    #[test]
    fn every_variant_of_every_word_is_handed_out_once_and_in_order() {
        let film = |place, title: &str| PlacedTitle {
            place,
            title: IndexedTitle {
                imdb_id: format!("tt{place:07}").parse().expect("an id"),
                title: title.into(),
                original_title: None,
                year: None,
                rating_tenths: 50,
                votes: 100,
            },
        };
        let mut words = Words::default();
        words.add(&[
            film(1, "The Matrix"),
            film(2, "The Matrix Reloaded"),
            film(3, "It"),
        ]);
        let rows: Vec<_> = words.parts().flatten().collect();
        assert!(rows.is_sorted());
        let of = |word: &str| rows.iter().filter(|(_, other, _)| *other == word).count();
        assert_eq!((of("the"), of("matrix"), of("reloaded"), of("it")), (4, 7, 9, 0));
        assert!(
            rows.iter()
                .all(|(_, word, films)| *films == if *word == "reloaded" { 1 } else { 2 })
        );
    }
}
