//! The local index of titles: the terms under which a film stands in it, what typed text asks for, what
//! a slip of the finger may have meant, and which of the films found comes first.
//!
//! Owns no index: the store has one for each engine. What both agree on are the terms made here.

use std::collections::BTreeSet;

use strsim::{normalized_damerau_levenshtein, osa_distance};

use super::ids::ImdbId;
use super::text::title_key;

/// The fewest votes with which a film is worth a place in the index.
pub const LEAST_VOTES: u32 = 100;

/// Typed words beyond these are not looked at.
const WORDS: usize = 8;

/// A whole title is a term up to this many characters.
const WHOLE_CHARS: usize = 80;

/// A word of fewer characters has too many neighbours to guess at one.
const LEAST_GUESSED: usize = 3;

/// Longer words stand in the index and are not guessed at.
const MOST_GUESSED: usize = 24;

/// From this many characters on, a word may be two slips away.
const TWO_SLIPS_FROM: usize = 8;

/// How many words a mistyped one is taken for, best first.
const GUESSES: usize = 5;

/// How many letters of a word are taken to be right when nothing else helps.
const SURE_LETTERS: usize = 3;

/// A film is offered for mistyped text from this similarity on, of 1.
const LEAST_SIMILARITY: f64 = 0.6;

/// A title that begins with what is typed counts as if it had so many times its votes.
const BEGINNING_COUNTS: u64 = 8;

/// Articles with which titles begin and which people leave out.
const ARTICLES: [&str; 14] = [
    "the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "il", "o", "os",
];

/// A film of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedTitle {
    /// The film.
    pub imdb_id: ImdbId,
    /// Its title, cleaned, not empty.
    pub title: String,
    /// Its title where it was made, cleaned, when that is another one.
    pub original_title: Option<String>,
    /// Its year.
    pub year: Option<u16>,
    /// IMDb's rating in tenths, 1 to 100.
    pub rating_tenths: u8,
    /// How many gave it a rating.
    pub votes: u32,
}

impl IndexedTitle {
    /// The film's terms: its words, its year, and each title as a whole, with and without its article.
    pub fn terms(&self) -> BTreeSet<String> {
        let mut terms = BTreeSet::new();
        for key in self.keys() {
            terms.extend(key.split(' ').map(str::to_owned));
            terms.insert(whole_term(&key));
            terms.extend(without_article(&key).map(whole_term));
        }
        terms.extend(self.year.map(|year| year.to_string()));
        terms.retain(|term| !term.is_empty());
        terms
    }

    /// The words of its titles, without its year: what may be meant by a mistyped word.
    pub fn words(&self) -> BTreeSet<String> {
        self.keys()
            .flat_map(|key| key.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| can_be_guessed(word))
            .collect()
    }

    fn keys(&self) -> impl Iterator<Item = String> {
        let titles = std::iter::once(&self.title).chain(&self.original_title);
        titles.map(|title| title_key(title))
    }
}

/// A term of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// This very term.
    Whole(String),
    /// Any term that begins so.
    Prefix(String),
}

/// Films that have at least one term of each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermQuery(pub Vec<Vec<Term>>);

impl TermQuery {
    /// What no film has.
    pub fn nothing() -> Self {
        Self(vec![vec![Term::Whole(whole_term(""))]])
    }
}

/// What somebody typed, for the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedKey {
    key: String,
    words: Vec<String>,
}

impl TypedKey {
    /// Reads what was typed; `None` when nothing of it can be looked for.
    pub fn read(typed: &str) -> Option<Self> {
        let key = title_key(typed);
        let words: Vec<String> = key.split(' ').take(WORDS).map(str::to_owned).collect();
        (!key.is_empty()).then_some(Self { key, words })
    }

    /// The words that were typed, 1 to 8.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Films of this very title.
    pub fn exactly(&self) -> TermQuery {
        TermQuery(vec![vec![Term::Whole(whole_term(&self.key))]])
    }

    /// Films whose title begins so.
    pub fn beginning(&self) -> TermQuery {
        TermQuery(vec![vec![Term::Prefix(whole_term(&self.key))]])
    }

    /// Films that have all the words; the last one may not be typed to its end.
    pub fn containing(&self) -> TermQuery {
        self.groups(|word, last| {
            vec![if last {
                Term::Prefix(word.to_owned())
            } else {
                Term::Whole(word.to_owned())
            }]
        })
    }

    /// Films that have, for each word, that word or one that it may have been meant for. `known` are
    /// words of the index, each with the number of its films.
    pub fn corrected(&self, known: &[(String, u32)]) -> TermQuery {
        self.groups(|word, last| {
            let mut terms: Vec<Term> = guesses(word, known).into_iter().map(Term::Whole).collect();
            if last || terms.is_empty() {
                terms.push(Term::Prefix(word.to_owned()));
            }
            terms
        })
    }

    /// Films that have, for each word, one with the same first letters.
    pub fn roughly(&self) -> TermQuery {
        self.groups(|word, _| {
            let sure: String = word.chars().take(SURE_LETTERS).collect();
            vec![if sure.len() < word.len() {
                Term::Prefix(sure)
            } else {
                Term::Whole(sure)
            }]
        })
    }

    fn groups(&self, terms: impl Fn(&str, bool) -> Vec<Term>) -> TermQuery {
        let last = self.words.len() - 1;
        let groups = self.words.iter().enumerate();
        TermQuery(groups.map(|(at, word)| terms(word, at == last)).collect())
    }

    /// Whether the film has all that was typed, letter by letter.
    pub fn fits(&self, film: &IndexedTitle) -> bool {
        self.fit(film) != Fit::Unlike
    }

    /// Best first: films of this title, those that have all the words by their votes, and then those
    /// whose title looks alike. What looks too little alike is dropped.
    pub fn sort(&self, films: Vec<IndexedTitle>) -> Vec<IndexedTitle> {
        let mut ranked: Vec<(Fit, u64, IndexedTitle)> = films
            .into_iter()
            .filter_map(|film| {
                let fit = self.fit(&film);
                let votes = u64::from(film.votes);
                let weight = match fit {
                    Fit::Exact | Fit::Words => votes,
                    Fit::Beginning => votes * BEGINNING_COUNTS,
                    Fit::Unlike => self.likeness(&film)?,
                };
                // A beginning counts more than the words elsewhere, and does not beat every one of them.
                let fit = if fit == Fit::Beginning { Fit::Words } else { fit };
                Some((fit, weight, film))
            })
            .collect();
        ranked.sort_by(|(fit, weight, film), (other_fit, other_weight, other)| {
            fit.cmp(other_fit)
                .then(other_weight.cmp(weight))
                .then(film.imdb_id.cmp(&other.imdb_id))
        });
        ranked.into_iter().map(|(_, _, film)| film).collect()
    }

    fn fit(&self, film: &IndexedTitle) -> Fit {
        let best = film.keys().map(|key| self.fit_of_key(&key, film.year)).min();
        best.unwrap_or(Fit::Unlike)
    }

    fn fit_of_key(&self, key: &str, year: Option<u16>) -> Fit {
        let short = without_article(key).unwrap_or(key);
        if key == self.key || short == self.key {
            return Fit::Exact;
        }
        let year = year.map(|year| year.to_string()).unwrap_or_default();
        let dated = self
            .key
            .strip_suffix(&year)
            .filter(|_| !year.is_empty())
            .map(str::trim_end);
        if dated.is_some_and(|dated| dated == key || dated == short) {
            return Fit::Exact;
        }
        if key.starts_with(&self.key) || short.starts_with(&self.key) {
            return Fit::Beginning;
        }
        let last = self.words.len() - 1;
        let has_all = self.words.iter().enumerate().all(|(at, word)| {
            let same = |other: &str| other == word || (at == last && other.starts_with(word.as_str()));
            key.split(' ').any(same) || same(&year)
        });
        if has_all { Fit::Words } else { Fit::Unlike }
    }

    /// How much a title looks like what was typed, with a little weight on its votes; `None`: too little.
    fn likeness(&self, film: &IndexedTitle) -> Option<u64> {
        let alike = |key: &str| normalized_damerau_levenshtein(&self.key, key);
        let similarity = film
            .keys()
            .flat_map(|key| {
                let begun = first_words(&key, self.words.len()).to_owned();
                let short = without_article(&key).map(str::to_owned);
                // A title that was not typed to its end is a little less alike than one that was.
                [
                    alike(&key),
                    alike(&begun) * 0.97,
                    short.map_or(0.0, |short| alike(&short)),
                ]
            })
            .fold(0.0, f64::max);
        let votes = f64::from(film.votes.max(1)).log10();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 2 million"
        )]
        (similarity >= LEAST_SIMILARITY).then_some(((similarity + votes * 0.03) * 1e6) as u64)
    }
}

/// How a title fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Beginning,
    Words,
    Unlike,
}

/// The first `count` words of a key.
fn first_words(key: &str, count: usize) -> &str {
    let end = key.match_indices(' ').nth(count.saturating_sub(1));
    end.map_or(key, |(at, _)| &key[..at])
}

/// The term that stands for a whole title; no word begins like it.
fn whole_term(key: &str) -> String {
    let letters = key.chars().take(WHOLE_CHARS);
    std::iter::once('=')
        .chain(letters.map(|letter| if letter == ' ' { '_' } else { letter }))
        .collect()
}

/// The key without the article that it begins with.
fn without_article(key: &str) -> Option<&str> {
    let (first, rest) = key.split_once(' ')?;
    ARTICLES.contains(&first).then_some(rest)
}

/// Whether a word is one that a slip of the finger is looked for in.
fn can_be_guessed(word: &str) -> bool {
    (LEAST_GUESSED..=MOST_GUESSED).contains(&word.chars().count())
}

/// A word and what is left of it without each one of its letters, as numbers. Two words that are one slip
/// apart (a letter too many, too few, another one, or two exchanged) have one of them in common.
pub fn variants(word: &str) -> BTreeSet<i64> {
    if !can_be_guessed(word) {
        return BTreeSet::new();
    }
    let shorter = word.char_indices().map(|(at, letter)| {
        let mut shorter = word.to_owned();
        shorter.replace_range(at..at + letter.len_utf8(), "");
        number(&shorter)
    });
    shorter.chain([number(word)]).collect()
}

/// A number for a text, the same on every machine and for ever (FNV-1a): indices are made of it.
fn number(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

/// The known words that a typed one may have been meant for, itself first, then the nearest and most common.
fn guesses(word: &str, known: &[(String, u32)]) -> Vec<String> {
    let most_slips = if word.chars().count() >= TWO_SLIPS_FROM {
        2
    } else {
        1
    };
    let mut near: Vec<(usize, u32, &str)> = known
        .iter()
        .map(|(other, films)| (osa_distance(word, other), *films, other.as_str()))
        .filter(|(slips, ..)| *slips <= most_slips)
        .collect();
    near.sort_by(|(slips, films, word), (other_slips, other_films, other)| {
        slips
            .cmp(other_slips)
            .then(other_films.cmp(films))
            .then(word.cmp(other))
    });
    near.dedup();
    near.truncate(GUESSES);
    near.into_iter().map(|(_, _, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests;
