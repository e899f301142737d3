//! Cleaning and cutting: what is left of a text is visible, on one line or a few, and bounded.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// What stands for the part of a text that was cut off.
const ELLIPSIS: char = '…';

/// Joins emoji into one picture; invisible, and of no use anywhere else.
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// More combining marks than this on one letter climb over the lines around it. Vietnamese needs two,
/// Hebrew with points and accents four.
const MARKS_IN_A_ROW: usize = 4;

/// One line of text as it came from outside: HTML entities decoded, and the rest as [`tidy_line`]. For
/// the way in, and there once: what is decoded twice says something else than what was written.
pub fn clean_line(text: &str, max_chars: usize) -> String {
    tidy_line(&html_escape::decode_html_entities(text), max_chars)
}

/// One line of text: control characters, bidirectional controls and zero-width characters gone, blanks
/// and line breaks collapsed to one blank, and at most `max_chars` characters (see [`cut_graphemes`]).
/// May be empty. Doing it twice is doing it once.
pub fn tidy_line(text: &str, max_chars: usize) -> String {
    cut_graphemes(&visible(text), max_chars)
}

/// Like [`clean_line`], but line breaks stay: at most one empty line between two lines.
pub fn clean_paragraph(text: &str, max_chars: usize) -> String {
    let decoded = html_escape::decode_html_entities(text).replace("\r\n", "\n");
    let mut cleaned = String::with_capacity(decoded.len());
    let mut empty_lines = 0_usize;
    for line in decoded.split(is_line_break) {
        let line = visible(line);
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !cleaned.is_empty() {
            cleaned.push_str(if empty_lines == 0 { "\n" } else { "\n\n" });
        }
        empty_lines = 0;
        cleaned.push_str(&line);
    }
    cut_graphemes(&cleaned, max_chars)
}

/// At most `max_chars` characters (Unicode scalar values) of `text`, cut between two graphemes and
/// ended with `…` if anything was cut. The ellipsis counts; with `max_chars` 0 nothing is left.
pub fn cut_graphemes(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let Some(room) = max_chars.checked_sub(1) else {
        return String::new();
    };
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.chars().count();
        if used > room {
            break;
        }
        end = at + grapheme.len();
    }
    let mut cut = text.get(..end).unwrap_or_default().trim_end().to_owned();
    cut.push(ELLIPSIS);
    cut
}

/// One line with everything gone that is not to be seen, and every gap one blank wide. What is not
/// empty begins and ends with something that can be seen.
fn visible(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|ch| is_blank(*ch) || !is_hidden(*ch))
        .collect();
    collapsed(&without_idle_joiners(&shown))
}

/// Without the joiners that join nothing.
fn without_idle_joiners(text: &str) -> Cow<'_, str> {
    if !text.contains(ZERO_WIDTH_JOINER) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        let mut chars = grapheme.chars().peekable();
        while let Some(ch) = chars.next() {
            // Inside a grapheme a joiner has something to join: two emoji, or an Indic conjunct.
            let joins = chars.peek().is_some_and(|next| leaves_ink(*next));
            if ch != ZERO_WIDTH_JOINER || joins {
                kept.push(ch);
            }
        }
    }
    Cow::Owned(kept)
}

/// Blanks and line breaks collapsed; marks that have no letter, or that pile up on it, dropped.
fn collapsed(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut blank_before = false;
    let mut marks = 0;
    for ch in text.chars() {
        if is_blank(ch) {
            blank_before = true;
            continue;
        }
        if is_combining_mark(ch) {
            marks += 1;
            if marks > MARKS_IN_A_ROW || blank_before || line.is_empty() {
                continue;
            }
        } else {
            marks = 0;
        }
        if blank_before && !line.is_empty() {
            line.push(' ');
        }
        blank_before = false;
        line.push(ch);
    }
    line
}

/// Whether a character can be seen by itself.
fn leaves_ink(ch: char) -> bool {
    !is_combining_mark(ch) && ch != ZERO_WIDTH_JOINER && ch != ' '
}

/// What ends a line.
const fn is_line_break(ch: char) -> bool {
    matches!(
        ch,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// White space of any kind, and what only looks like it.
fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{115F}' | '\u{1160}')
}

/// Characters that show nothing themselves and change how others are shown: controls, bidirectional
/// controls, zero-width characters (but the joiner, which
/// [`without_idle_joiners`] judges), annotations and tags.
fn is_hidden(ch: char) -> bool {
    ch.is_control()
        || matches!(
            ch,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{17B4}'
                | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'
                | '\u{200C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0D}'
                | '\u{FEFF}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_freed_of_everything_that_cannot_be_seen() {
        for (raw, clean) in [
            ("  The \t Thing\r\n(1982) ", "The Thing (1982)"),
            (
                "Tom &amp; Jerry &quot;x&quot; &#8238;evil",
                "Tom & Jerry \"x\" evil",
            ),
            ("once only &amp;lt;b&amp;gt;", "once only &lt;b&gt;"),
            ("\u{202E}gnp.exe\u{202C}", "gnp.exe"),
            ("ze\u{200B}ro\u{FEFF} w\u{2060}idth", "zero width"),
            ("nul\0 bell\u{7} del\u{7F} c1\u{9B}", "nul bell del c1"),
            ("\u{3164}\u{2800} \u{200D}\u{301}", ""),
            ("  \n\t ", ""),
            ("e\u{301}te\u{301}", "e\u{301}te\u{301}"),
            ("アキラ", "アキラ"),
            ("8½ · WALL·E", "8½ · WALL·E"),
        ] {
            assert_eq!(clean_line(raw, 100), clean, "{raw:?}");
        }
    }

    #[test]
    fn emoji_families_stay_together() {
        let family = "👩\u{200D}👩\u{200D}👧\u{200D}👦";
        let rainbow = "🏳\u{FE0F}\u{200D}🌈";
        assert_eq!(clean_line(family, 20), family);
        assert_eq!(clean_line(rainbow, 20), rainbow);
        assert_eq!(clean_line("a\u{200D}b 👩\u{200D}", 20), "ab 👩");
    }

    #[test]
    fn towers_of_marks_are_cut_down() {
        let tower = format!("Z{}algo", "\u{30D}".repeat(50));
        assert_eq!(
            clean_line(&tower, 100),
            format!("Z{}algo", "\u{30D}".repeat(MARKS_IN_A_ROW))
        );
    }

    #[test]
    fn a_cut_falls_between_graphemes_and_says_so() {
        assert_eq!(cut_graphemes("Alien", 5), "Alien");
        assert_eq!(cut_graphemes("Aliens", 5), "Alie…");
        assert_eq!(cut_graphemes("The Thing", 5), "The…");
        assert_eq!(cut_graphemes("👩\u{200D}👩\u{200D}👧 family", 4), "…");
        assert_eq!(cut_graphemes("ae\u{301}o", 3), "a…");
        assert_eq!(cut_graphemes("abc", 1), "…");
        assert_eq!(cut_graphemes("abc", 0), "");
    }

    #[test]
    fn a_paragraph_keeps_its_lines_and_at_most_one_empty_one() {
        assert_eq!(
            clean_paragraph("\n\n one \r\n two\n\n\n\u{200B}\n three\u{2028}four\n", 100),
            "one\ntwo\n\nthree\nfour"
        );
    }

    proptest! {
        #[test]
        fn cleaning_leaves_nothing_hidden_and_stays_within_bounds(text in any::<String>(), max in 0_usize..60) {
            for cleaned in [clean_line(&text, max), clean_paragraph(&text, max)] {
                prop_assert!(cleaned.chars().count() <= max);
                let hidden = cleaned.chars().find(|ch| *ch != '\n' && is_hidden(*ch));
                prop_assert_eq!(hidden, None);
            }
            prop_assert!(!clean_line(&text, max).contains('\n'));
        }

        #[test]
        fn tidying_is_all_of_cleaning_but_the_decoding(text in any::<String>(), max in 0_usize..40) {
            let line = clean_line(&text, max);
            prop_assert_eq!(&tidy_line(&line, max), &line);
            let encoded = html_escape::encode_text(&text);
            prop_assert_eq!(clean_line(&encoded, max), tidy_line(&text, max));
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(
            // An ampersand may begin an entity, and those are decoded once per cleaning on purpose.
            text in "[^&]{0,40}|([👩👧🏳\u{FE0F}\u{200D}\u{200B}\u{301}\u{94D}\u{915} a\n]){0,20}",
            max in 0_usize..40,
        ) {
            let line = clean_line(&text, max);
            prop_assert_eq!(&clean_line(&line, max), &line);
            let paragraph = clean_paragraph(&text, max);
            prop_assert_eq!(&clean_paragraph(&paragraph, max), &paragraph);
        }
    }
}
