//! Discord's rules on a message, checked on the JSON that is sent, independently of what made it fit.

use std::collections::HashSet;

use serde_json::Value;

use crate::discord::screen::Screen;

/// Holds a screen to Discord's rules, on the JSON that is sent; and to the product's: it pings nobody,
/// shows nothing that hides or turns text around, and renders none of the markup of
/// [`super::any_text`].
#[track_caller]
pub fn assert_within_limits(screen: &Screen) {
    assert_discord_takes(screen);
    let json = screen.to_json();
    let content = text(&json["content"]);
    let embeds = json["embeds"].as_array().expect("embeds are always stated");
    assert_all_visible(&json);
    assert_no_foreign_markup(content);
    for embed in embeds {
        let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
        let values = fields.iter().map(|field| &field["value"]);
        for value in [&embed["title"], &embed["description"]].into_iter().chain(values) {
            assert_no_foreign_markup(value.as_str().unwrap_or_default());
        }
    }
}

/// Holds a screen to Discord's rules, whatever its texts say, on the JSON that is sent.
#[track_caller]
pub fn assert_discord_takes(screen: &Screen) {
    let json = screen.to_json();
    assert_eq!(json["allowed_mentions"]["parse"], serde_json::json!([]));
    let content = text(&json["content"]);
    assert_units(content, 0, 2000, "content");
    let embeds = json["embeds"].as_array().expect("embeds are always stated");
    assert!(embeds.len() <= 10, "{} embeds", embeds.len());
    assert!(
        !content.trim().is_empty() || !embeds.is_empty(),
        "an empty message"
    );
    let total: usize = embeds.iter().map(assert_embed).sum();
    assert!(total <= 6000, "{total} characters over all embeds");
    let rows = json["components"]
        .as_array()
        .expect("components are always stated");
    assert!(rows.len() <= 5, "{} rows", rows.len());
    let mut ids = HashSet::new();
    for row in rows {
        assert_row(row, &mut ids);
    }
}

/// No text anywhere has a control character, a bidirectional control or one without width.
fn assert_all_visible(json: &Value) {
    match json {
        Value::String(text) => {
            let unseen = text.chars().find(|ch| {
                (ch.is_control() && *ch != '\n')
                    || matches!(ch, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
                    || matches!(ch, '\u{2060}'..='\u{2069}' | '\u{FEFF}')
            });
            assert_eq!(unseen, None, "{text:?}");
        }
        Value::Array(items) => items.iter().for_each(assert_all_visible),
        Value::Object(fields) => fields.values().for_each(assert_all_visible),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text without its code, in which nothing is rendered.
fn without_code(text: &str) -> String {
    let mut outside = String::with_capacity(text.len());
    let (mut in_code, mut escaped) = (false, false);
    for ch in text.chars() {
        if ch == '`' && !escaped {
            in_code = !in_code;
        } else if !in_code {
            outside.push(ch);
        }
        escaped = ch == '\\' && !in_code && !escaped;
    }
    outside
}

/// What hostile text would like to be is escaped where Markdown is rendered.
fn assert_no_foreign_markup(text: &str) {
    let text = &without_code(text);
    for markup in ["@everyone", "[click](", "||spoiler||", "**bold**", "<t:0:R>"] {
        for (at, _) in text.match_indices(markup) {
            let before = &text[..at];
            let backslashes = before.len() - before.trim_end_matches('\\').len();
            assert!(backslashes % 2 == 1, "{markup} is markup in {text}");
        }
    }
    assert!(!text.contains("\n# "), "a heading in {text}");
}

fn assert_embed(embed: &Value) -> usize {
    let mut total = 0;
    for (key, max) in [("title", 256), ("description", 4096)] {
        if let Some(value) = embed.get(key).filter(|value| !value.is_null()) {
            total += assert_units(text(value), 1, max, key);
        }
    }
    if embed["author"].is_object() {
        total += assert_units(text(&embed["author"]["name"]), 1, 256, "author");
    }
    if embed["footer"].is_object() {
        total += assert_units(text(&embed["footer"]["text"]), 1, 2048, "footer");
    }
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(fields.len() <= 25);
    for field in fields {
        total += assert_units(text(&field["name"]), 1, 256, "field name");
        total += assert_units(text(&field["value"]), 1, 1024, "field value");
    }
    let pictures = [&embed["image"]["url"], &embed["thumbnail"]["url"]];
    for url in pictures.into_iter().chain([&embed["url"]]) {
        if let Some(url) = url.as_str() {
            assert!(
                url.starts_with("http") && url.is_ascii() && url.len() <= 2048,
                "{url}"
            );
        }
    }
    assert!(
        total > 0 || pictures.iter().any(|url| url.is_string()),
        "an empty embed"
    );
    total
}

fn assert_row(row: &Value, ids: &mut HashSet<String>) {
    let parts = row["components"].as_array().expect("a row has components");
    assert!((1..=5).contains(&parts.len()));
    for part in parts {
        if let Some(id) = part["custom_id"].as_str() {
            assert_units(id, 1, 100, "custom_id");
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
        if part["type"] == 2 {
            assert_units(text(&part["label"]), 1, 80, "button label");
            if part["style"] == 5 {
                assert_units(text(&part["url"]), 1, 512, "button url");
            }
        } else {
            assert_eq!(parts.len(), 1, "a menu has its row for itself");
            assert_select(part);
        }
    }
}

fn assert_select(select: &Value) {
    assert_units(text(&select["placeholder"]), 1, 150, "placeholder");
    if select["type"] != 3 {
        // Discord fills a menu of channels or roles.
        assert!(matches!(select["type"].as_u64(), Some(5..=8)), "{select}");
        return;
    }
    let options = select["options"].as_array().expect("a menu has options");
    assert!((1..=25).contains(&options.len()));
    let (min, max) = (select["min_values"].as_u64(), select["max_values"].as_u64());
    assert!(min <= max && max <= Some(options.len() as u64) && max >= Some(1));
    let values: HashSet<&str> = options.iter().map(|option| text(&option["value"])).collect();
    assert_eq!(values.len(), options.len(), "an option's value twice");
    let chosen = options.iter().filter(|option| option["default"] == true).count();
    assert!(Some(chosen as u64) <= max);
    for option in options {
        assert_units(text(&option["label"]), 1, 100, "option label");
        assert_units(text(&option["value"]), 1, 100, "option value");
        if let Some(description) = option["description"].as_str() {
            assert_units(description, 1, 100, "option description");
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[track_caller]
fn assert_units(text: &str, min: usize, max: usize, what: &str) -> usize {
    let count = text.encode_utf16().count();
    assert!((min..=max).contains(&count), "{what}: {count} characters: {text}");
    assert!(min == 0 || !text.trim().is_empty(), "{what} is blank");
    count
}
