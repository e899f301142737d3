//! The limits of embeds. Pure.

use serde_json::Value;

use super::form::{Form, join};

const MAX_EMBEDS: usize = 10;
const MAX_FIELDS: usize = 25;
/// Over all embeds of a message.
const MAX_CHARACTERS: usize = 6_000;

/// Checks the `embeds` of a payload.
pub(crate) fn check(form: &mut Form, payload: &Value) {
    let embeds = form.list("", payload, "embeds", MAX_EMBEDS);
    let mut characters = 0;
    for (at, embed) in embeds.iter().enumerate() {
        characters += check_one(form, &format!("embeds.{at}"), embed);
    }
    if characters > MAX_CHARACTERS {
        form.fail(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            format!("Embed size exceeds maximum size of {MAX_CHARACTERS}"),
        );
    }
}

/// Checks one embed; how many characters of it count towards the sum.
fn check_one(form: &mut Form, at: &str, embed: &Value) -> usize {
    if !embed.is_object() {
        form.fail(
            at,
            "DICT_TYPE_CONVERT",
            "Only dictionaries may be used in a DictType",
        );
        return 0;
    }
    let mut sum = 0;
    let mut count = |text: Option<&str>| sum += text.map_or(0, |t| t.chars().count());
    count(form.text(at, embed, "title", 0, 256));
    count(form.text(at, embed, "description", 0, 4_096));
    form.url(at, embed, "url", false);
    for picture in ["image", "thumbnail", "video"] {
        if let Some(object) = embed.get(picture).filter(|v| !v.is_null()) {
            let at = join(at, picture);
            if object.get("url").is_none_or(Value::is_null) {
                form.required(join(&at, "url"));
            }
            form.url(&at, object, "url", true);
        }
    }
    if let Some(footer) = embed.get("footer").filter(|v| !v.is_null()) {
        let at = join(at, "footer");
        count(form.text(&at, footer, "text", 0, 2_048));
        form.url(&at, footer, "icon_url", true);
    }
    if let Some(author) = embed.get("author").filter(|v| !v.is_null()) {
        let at = join(at, "author");
        count(form.text(&at, author, "name", 0, 256));
        form.url(&at, author, "url", false);
        form.url(&at, author, "icon_url", true);
    }
    for (n, field) in form.list(at, embed, "fields", MAX_FIELDS).iter().enumerate() {
        let at = format!("{at}.fields.{n}");
        count(form.text(&at, field, "name", 1, 256));
        count(form.text(&at, field, "value", 1, 1_024));
    }
    if let Some(color) = embed.get("color").filter(|v| !v.is_null())
        && color.as_u64().is_none_or(|c| c > 0xFF_FFFF)
    {
        form.fail(
            join(at, "color"),
            "NUMBER_TYPE_MAX",
            "int value should be less than or equal to 16777215.",
        );
    }
    if let Some(timestamp) = form.text(at, embed, "timestamp", 0, 64)
        && chrono::DateTime::parse_from_rfc3339(timestamp).is_err()
    {
        form.fail(
            join(at, "timestamp"),
            "DATE_TIME_TYPE_PARSE",
            format!("Could not parse {timestamp}. Should be ISO8601."),
        );
    }
    let visible = [
        "title",
        "description",
        "image",
        "thumbnail",
        "footer",
        "author",
        "fields",
        "provider",
        "video",
        "url",
    ];
    if !visible.iter().any(|key| {
        embed
            .get(key)
            .is_some_and(|v| !v.is_null() && v != "" && v != &Value::Array(vec![]))
    }) {
        form.required(join(at, "description"));
    }
    sum
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(payload: &Value) -> Vec<String> {
        let mut form = Form::default();
        check(&mut form, payload);
        form.errors.into_iter().map(|e| e.path).collect()
    }

    #[test]
    fn the_largest_allowed_embeds_pass_and_one_more_character_does_not() {
        let text = |n: usize| "é".repeat(n);
        let half = |extra: usize| json!({"title": text(256), "description": text(2_744 + extra)});
        assert_eq!(
            paths(&json!({"embeds": [half(0), half(0)]})),
            Vec::<String>::new()
        );
        assert_eq!(paths(&json!({"embeds": [half(0), half(1)]})), ["embeds"]);
    }

    #[test]
    fn every_limit_is_told_with_its_path() {
        let long = "x".repeat(5_000);
        let embed = json!({
            "title": &long[..257], "url": "javascript:alert(1)", "color": 1 << 24,
            "thumbnail": {"url": "attachment://a.png"}, "image": {"url": "ftp://a"},
            "fields": [{"name": "", "value": "x"}], "timestamp": "yesterday",
        });
        let expected = ["title", "url", "image.url", "fields.0.name", "color", "timestamp"];
        assert_eq!(
            paths(&json!({"embeds": [embed]})),
            expected.map(|p| format!("embeds.0.{p}"))
        );
        assert_eq!(paths(&json!({"embeds": [{}]})), ["embeds.0.description"]);
        assert_eq!(
            paths(&json!({"embeds": vec![json!({"title": "x"}); 11]})),
            ["embeds"]
        );
    }
}
