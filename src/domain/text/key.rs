//! Titles folded for comparison: what two people type for one film should be one key.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The title as comparisons see it: compatibility forms, case, diacritics of the Latin, Greek and
/// Cyrillic scripts, punctuation and blanks folded. `Léon: The Professional` and
/// `leon  the professional` are one key. A title of punctuation alone is its own key; the key of a
/// blank text is empty. Never shown.
pub fn title_key(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    // Apostrophes vanish without a gap: before one is taken apart into a blank and an accent, and again
    // where one comes out of another character.
    let spoken = title.chars().filter(|ch| !is_apostrophe(*ch));
    for ch in spoken.nfkd().filter(|ch| !is_latin_diacritic(*ch)) {
        // By way of the capital, `ß` and `ς` meet `SS` and `Σ`; and by way of the small letter first, so does
        // the capital `ẞ`.
        let small = ch
            .to_lowercase()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase);
        for ch in small {
            fold_letter(ch, &mut folded);
        }
    }
    let folded: String = folded.nfkc().filter(|ch| !is_latin_diacritic(*ch)).collect();
    let words = words_of(&folded.replace(is_apostrophe, ""), |ch| {
        ch.is_alphanumeric() || is_combining_mark(ch)
    });
    if words.is_empty() {
        words_of(&title.nfkc().collect::<String>(), |ch| {
            !ch.is_whitespace() && !ch.is_control()
        })
    } else {
        words
    }
}

/// The runs of kept characters, with one blank between them.
fn words_of(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut words = String::with_capacity(text.len());
    let mut gap = false;
    for ch in text.chars() {
        if keep(ch) {
            if gap && !words.is_empty() {
                words.push(' ');
            }
            gap = false;
            words.push(ch);
        } else {
            gap = true;
        }
    }
    words
}

/// Letters that Unicode does not take apart and that people type without their stroke or ligature.
fn fold_letter(ch: char, folded: &mut String) {
    match ch {
        'ø' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' | 'ð' => folded.push('d'),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        '&' => folded.push_str(" and "),
        _ => folded.push(ch),
    }
}

/// `Schindler's` is typed `Schindlers`: apostrophes vanish without a gap.
const fn is_apostrophe(ch: char) -> bool {
    matches!(ch, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// Marks that stand on Latin, Greek and Cyrillic letters. Those of other scripts tell words apart.
const fn is_latin_diacritic(ch: char) -> bool {
    matches!(ch, '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_that_people_take_for_one_have_one_key() {
        for (one, other) in [
            ("Léon: The Professional", "leon  the professional"),
            ("WALL·E", "wall-e"),
            ("Amélie", "AMELIE"),
            ("Schindler's List", "Schindler’s list"),
            ("Schindler´s List", "schindlers  list!"),
            ("Ame\u{301}lie", "amélie"),
            ("Fast & Furious", "fast and furious"),
            ("Ｍ", "m"),
            ("Straße", "STRASSE"),
            ("STRAẞE", "strasse"),
            ("Æon Flux", "aeon flux"),
            ("Ｓｅ７ｅｎ", "se7en"),
            ("İstanbul", "istanbul"),
            ("Spider-Man", "spider — man"),
            ("ALIEN…", "Ａlien"),
        ] {
            assert_eq!(title_key(one), title_key(other), "{one} / {other}");
        }
    }

    #[test]
    fn titles_that_differ_have_different_keys() {
        for (one, other) in [
            ("Alien", "Aliens"),
            ("ガ", "カ"),
            ("かき", "がき"),
            ("アキラ", "アキラ 2"),
            ("!!!", "???"),
            ("300", "30 0"),
        ] {
            assert_ne!(title_key(one), title_key(other), "{one} / {other}");
        }
        assert_eq!(title_key(" \n "), "");
        for signs in ["…", "???", "'", "´"] {
            assert_ne!(title_key(signs), "", "{signs}");
        }
    }

    #[test]
    fn the_key_of_any_character_is_its_own_key() {
        let unstable: Vec<char> = ('\0'..='\u{1FFFF}')
            .filter(|ch| {
                let key = title_key(&ch.to_string());
                title_key(&key) != key
            })
            .collect();
        assert!(unstable.is_empty(), "{unstable:?}");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(title in any::<String>()) {
            let key = title_key(&title);
            prop_assert_eq!(title_key(&key), key);
        }
    }
}
