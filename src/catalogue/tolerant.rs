//! Reading JSON that is not as it should be: numbers for strings, strings for lists, and `N/A`.

use serde_json::Value;

use super::fault::Object;

/// The most items of a list that are read.
const ITEMS: usize = 50;

/// The first of these fields that holds a text, a number, or a list that begins with one of those.
pub(super) fn text(object: &Object, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| text_of(object.get(*field)?))
}

/// The first of these fields that holds a list, or a text that is one with commas in it. Not empty.
pub(super) fn texts(object: &Object, fields: &[&str]) -> Vec<String> {
    fields
        .iter()
        .filter_map(|field| object.get(*field))
        .map(texts_of)
        .find(|texts| !texts.is_empty())
        .unwrap_or_default()
}

/// The objects of a list; whatever else is in it is passed over.
pub(super) fn objects<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = &'a Object> {
    object
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

/// An object within an object.
pub(super) fn object<'a>(object: &'a Object, field: &str) -> Option<&'a Object> {
    object.get(field)?.as_object()
}

/// A whole number, also one written as text.
pub(super) fn number(object: &Object, field: &str) -> Option<u64> {
    match object.get(field)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim())
            .filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("n/a"))
            .map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(scalar_of),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// Like [`text_of`], for items of a list: lists within lists are not searched.
fn scalar_of(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) => None,
        Value::Object(object) => text_of(object.get("name")?),
        _ => text_of(value),
    }
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(scalar_of).take(ITEMS).collect(),
        _ => text_of(value)
            .iter()
            .flat_map(|list| list.split(','))
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty())
            .take(ITEMS)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(value: &Value) -> Object {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn texts_are_read_whatever_holds_them() {
        for (value, read) in [
            (json!("1999"), Some("1999")),
            (json!(1999), Some("1999")),
            (json!(8.7), Some("8.7")),
            (json!(["Alien", "Aliens"]), Some("Alien")),
            (json!([null, 7]), Some("7")),
            (json!("N/A"), None),
            (json!("  "), None),
            (json!(null), None),
            (json!(true), None),
            (json!({"a": 1}), None),
            (json!([["deep"]]), None),
        ] {
            let object = parsed(&json!({ "x": value }));
            assert_eq!(text(&object, &["missing", "x"]).as_deref(), read, "{object:?}");
        }
    }

    #[test]
    fn lists_are_read_whatever_holds_them() {
        for (value, read) in [
            (json!(["Action", "Sci-Fi"]), vec!["Action", "Sci-Fi"]),
            (json!("Action, Sci-Fi"), vec!["Action", "Sci-Fi"]),
            (json!([{"name": "Drama"}, null, "N/A", 3]), vec!["Drama", "3"]),
            (json!("N/A"), vec![]),
            (json!(null), vec![]),
        ] {
            let object = parsed(&json!({ "genre": [], "genres": value }));
            assert_eq!(texts(&object, &["genre", "genres"]), read, "{object:?}");
        }
    }
}
