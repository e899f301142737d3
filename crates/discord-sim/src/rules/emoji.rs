//! Emojis as they stand in paths. Pure.

use unicode_segmentation::UnicodeSegmentation;

use crate::world::message::Emoji;

/// The emoji of a decoded path segment: `👍`, or `name:id` for a server's own. `None` if it is neither.
pub(crate) fn parse(text: &str) -> Option<Emoji> {
    if let Some((name, id)) = text.rsplit_once(':') {
        let name = name.rsplit(':').next().unwrap_or(name);
        return Some(Emoji {
            id: Some(id.parse().ok()?),
            name: name.to_owned(),
        });
    }
    let one = text.graphemes(true).count() == 1;
    let keycap = text.ends_with('\u{20e3}');
    let beyond_letters = text.chars().all(|c| !c.is_ascii() && !c.is_alphanumeric());
    (one && (keycap || beyond_letters)).then(|| Emoji {
        id: None,
        name: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emojis_are_told_from_text() {
        for emoji in ["👍", "1️⃣", "🔟", "❤️", "👨‍👩‍👧", "🇫🇷"] {
            assert_eq!(parse(emoji).map(|e| e.name).as_deref(), Some(emoji));
        }
        for text in ["", "a", "1", "é", "👍👍", "x:y"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("party:42").and_then(|e| e.id).map(crate::Id::get), Some(42));
    }
}
