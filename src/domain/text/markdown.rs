//! Escaping for Discord's Markdown: a text that was written by somebody else shows as it is written.

/// Characters that begin or end markup wherever they stand: emphasis, code, spoilers, links, quotes,
/// headings, every kind of mention (`<@…>`, `<#…>`, `<t:…>`, `@everyone`), and the slash, without which
/// neither a web address nor an invitation is recognised.
const MARKUP: &str = "\\*_~`|<>[]#@/";

/// Escapes what Discord would otherwise render as markup, link, mention, timestamp, heading, list,
/// quote, spoiler or emoji code. Only ASCII punctuation is escaped, with a backslash; the text grows to
/// twice its length at most. For places where Discord reads Markdown; not for button labels, select
/// options, embed footers and author names, which are shown as they are.
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            escaped.push('\n');
        }
        escape_line(line, &mut escaped);
    }
    escaped
}

fn escape_line(line: &str, escaped: &mut String) {
    let marker = list_marker(line);
    let mut chars = line.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let special = match ch {
            // `https://`, `:smile:`; a colon before a blank is only a colon.
            ':' => chars.peek().is_none_or(|(_, next)| !next.is_whitespace()),
            _ => Some(at) == marker || MARKUP.contains(ch),
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(ch);
    }
}

/// Where the character stands that would make this line an item of a list: `- `, `+ `, `1. `, `2) `;
/// also the one of small print, `-# `.
fn list_marker(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let rest = line.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, rest.as_bytes().get(digits)?) {
        (0, b'-' | b'+') | (1.., b'.' | b')') => Some(indent + digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_rendered_as_markup() {
        for (raw, escaped) in [
            ("The Matrix", "The Matrix"),
            ("2001: A Space Odyssey", "2001: A Space Odyssey"),
            ("M*A*S*H", r"M\*A\*S\*H"),
            (
                "**bold** __under__ ~~gone~~",
                r"\*\*bold\*\* \_\_under\_\_ \~\~gone\~\~",
            ),
            ("||spoiler|| `code`", r"\|\|spoiler\|\| \`code\`"),
            ("@everyone @here", r"\@everyone \@here"),
            ("<@1> <@&2> <#3> <t:4:R>", r"\<\@1\> \<\@&2\> \<\#3\> \<t\:4\:R\>"),
            ("[text](https://evil.tld)", r"\[text\](https\:\/\/evil.tld)"),
            ("discord.gg/abc", r"discord.gg\/abc"),
            ("# heading", r"\# heading"),
            ("-# small print", r"\-\# small print"),
            ("> quote", r"\> quote"),
            (
                "- item\n + item\n12. item\n1) item",
                "\\- item\n \\+ item\n12\\. item\n1\\) item",
            ),
            (":smile: x:", r"\:smile: x\:"),
            (r"¯\_(ツ)_/¯", r"¯\\\_(ツ)\_\/¯"),
            ("1917", "1917"),
            ("12 Monkeys", "12 Monkeys"),
            ("Spider-Man", "Spider-Man"),
        ] {
            assert_eq!(escape_markdown(raw), escaped, "{raw}");
        }
    }

    /// What Discord shows of an escaped text: a backslash before punctuation goes.
    fn shown(escaped: &str) -> String {
        let mut shown = String::new();
        let mut chars = escaped.chars().peekable();
        while let Some(ch) = chars.next() {
            if ch == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
                shown.extend(chars.next());
            } else {
                shown.push(ch);
            }
        }
        shown
    }

    /// Whether any markup character stands in the text without a backslash before it.
    fn has_bare_markup(escaped: &str) -> bool {
        let mut chars = escaped.chars();
        while let Some(ch) = chars.next() {
            if ch == '\\' {
                chars.next();
            } else if MARKUP.contains(ch) {
                return true;
            }
        }
        false
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_was_written(text in any::<String>()) {
            prop_assert_eq!(shown(&escape_markdown(&text)), text);
        }

        #[test]
        fn no_markup_character_stays_bare(text in "[a-z0-9 \n*_~`|<>\\[\\]()#@:/\\\\.+-]{0,40}") {
            let escaped = escape_markdown(&text);
            prop_assert!(!has_bare_markup(&escaped), "{}", escaped);
            prop_assert!(!escaped.contains("://"));
            for line in escaped.lines() {
                let line = line.trim_start();
                prop_assert!(!line.starts_with(['-', '+', '#', '>', '*']));
                let after = line.trim_start_matches(|ch: char| ch.is_ascii_digit());
                prop_assert!(after.len() == line.len() || !after.starts_with(['.', ')']));
            }
        }
    }
}
