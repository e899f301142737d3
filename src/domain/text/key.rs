//! Titles as keys: two spellings that people take for one title become one text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The key of a title: case, accents of European scripts, punctuation and width are folded away, words are
/// separated by one blank. `"  AMÉLIE: Le—Fabuleux  Destin"` becomes `amelie le fabuleux destin`.
///
/// Never empty for a title that shows something: one of signs alone is its own key, so `???` and `!!!`
/// stay two titles.
pub fn title_key(title: &str) -> String {
    let folded = fold(title);
    let mut key = String::with_capacity(folded.len());
    for character in folded.chars() {
        if character.is_alphanumeric() || is_combining_mark(character) {
            key.push(character);
        } else if !is_apostrophe(character) && !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    if key.ends_with(' ') {
        key.pop();
    }
    if key.is_empty() {
        return folded.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    key
}

/// Upper and then lower case comes close to Unicode's case folding (`ß` meets `ss`, `ς` meets `σ`).
fn fold(title: &str) -> String {
    title
        .nfkd()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|character| !is_european_accent(*character))
        .nfkc()
        .collect()
}

/// The accents of Latin, Greek and Cyrillic; marks of other scripts make other letters and stay.
fn is_european_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// `Schindler's` is typed `Schindlers`.
fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_title_are_one_key() {
        for (spellings, key) in [
            (["Amélie", "AMELIE", "  Ame\u{301}lie "], "amelie"),
            (
                ["Schindler's List", "schindlers list", "Schindler\u{2019}s  List!"],
                "schindlers list",
            ),
            (["Spider-Man", "Spider Man", "spider — man"], "spider man"),
            (["Straße", "STRASSE", "strasse"], "strasse"),
            (["Ａlien", "alien", "ALIEN…"], "alien"),
        ] {
            for spelling in spellings {
                assert_eq!(title_key(spelling), key, "{spelling}");
            }
        }
    }

    #[test]
    fn letters_of_other_scripts_stay_apart() {
        assert_ne!(title_key("かき"), title_key("がき"));
        assert_eq!(title_key("天使の涙"), "天使の涙");
    }

    #[test]
    fn a_title_of_signs_is_its_own_key() {
        assert_eq!(title_key(" ??? "), "???");
        assert_ne!(title_key("???"), title_key("!!!"));
        assert_eq!(title_key("  "), "");
    }

    #[test]
    fn keys_are_stable() {
        for title in [
            "Amélie: Le Fabuleux",
            "ﬀ ǅ İstanbul",
            "???",
            "天使の涙 が",
            "x ͅ ᾳ",
        ] {
            let key = title_key(title);
            assert_eq!(title_key(&key), key, "{title}");
        }
    }
}
