//! The limits of buttons, menus and modals. Pure.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::form::{Form, join};

/// Rows in a message or modal, buttons in a row.
const MAX_ROWS: usize = 5;
const MAX_OPTIONS: usize = 25;

/// The components with the `id`s that Discord gives them.
pub(crate) fn numbered(rows: &[Value]) -> Vec<Value> {
    let mut next = 0_u64;
    let mut number = |component: &Value| {
        next += 1;
        let mut component = component.clone();
        if let Some(object) = component.as_object_mut() {
            object.retain(|_, v| !v.is_null());
            object.entry("id").or_insert_with(|| json!(next));
        }
        component
    };
    rows.iter()
        .map(|row| {
            let mut row = number(row);
            if let Some(inner) = row.get("components").and_then(Value::as_array) {
                row["components"] = inner.iter().map(&mut number).collect();
            }
            row
        })
        .collect()
}

/// Checks the `components` of a message.
pub(crate) fn check_message(form: &mut Form, payload: &Value) {
    let mut custom_ids = HashSet::new();
    for (n, row) in form.list("", payload, "components", MAX_ROWS).iter().enumerate() {
        let at = format!("components.{n}");
        if row["type"] != 1 {
            form.fail(
                join(&at, "type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
            continue;
        }
        let inner = form.list(&at, row, "components", MAX_ROWS);
        if inner.is_empty() {
            form.fail(
                join(&at, "components"),
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 1 and 5 in length.",
            );
        }
        let menus = inner.iter().filter(|c| c["type"] != 2).count();
        if menus > 0 && inner.len() > 1 {
            form.fail(
                join(&at, "components"),
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            );
        }
        for (m, component) in inner.iter().enumerate() {
            let at = format!("{at}.components.{m}");
            match component["type"].as_u64() {
                Some(2) => check_button(form, &at, component),
                Some(3) => check_string_menu(form, &at, component),
                Some(5..=8) => check_menu(form, &at, component, MAX_OPTIONS),
                _ => form.fail(
                    join(&at, "type"),
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
                ),
            }
            check_unique(form, &at, component, &mut custom_ids);
        }
    }
}

fn check_unique<'v>(form: &mut Form, at: &str, component: &'v Value, seen: &mut HashSet<&'v str>) {
    if let Some(id) = component.get("custom_id").and_then(Value::as_str)
        && !seen.insert(id)
    {
        form.fail(
            join(at, "custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        );
    }
}

fn check_button(form: &mut Form, at: &str, button: &Value) {
    let style = button["style"].as_u64().unwrap_or(0);
    let label = form
        .text(at, button, "label", 0, 80)
        .is_some_and(|l| !l.is_empty());
    if !(1..=6).contains(&style) {
        form.fail(
            join(at, "style"),
            "BASE_TYPE_CHOICES",
            "Value must be one of {1, 2, 3, 4, 5, 6}.",
        );
    } else if style == 5 {
        form.text(at, button, "url", 1, 512);
        form.url(at, button, "url", false);
        if button.get("custom_id").is_some_and(|v| !v.is_null()) {
            form.fail(
                at,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            );
        }
    } else if style != 6 {
        form.text(at, button, "custom_id", 1, 100);
        if button.get("url").is_some_and(|v| !v.is_null()) {
            form.fail(
                at,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            );
        }
    }
    if style != 6 && !label && button.get("emoji").is_none_or(Value::is_null) {
        form.fail(
            join(at, "label"),
            "BUTTON_COMPONENT_INVALID_LABEL_AND_EMOJI",
            "A button must have a label or an emoji",
        );
    }
}

/// What all menus have; `options` is how many things there are to choose from.
fn check_menu(form: &mut Form, at: &str, menu: &Value, options: usize) {
    form.text(at, menu, "custom_id", 1, 100);
    form.text(at, menu, "placeholder", 0, 150);
    let number = |key: &str, default| match menu.get(key) {
        None | Some(Value::Null) => Some(default),
        Some(value) => value.as_u64().and_then(|n| usize::try_from(n).ok()),
    };
    let min = number("min_values", 1);
    let max = number("max_values", 1);
    match (min, max) {
        (Some(min), Some(max)) if max >= 1 && max <= options && min <= max => {}
        _ => form.fail(
            join(at, "max_values"),
            "SELECT_COMPONENT_MAX_VALUES",
            format!("min_values and max_values must be ordered and within the {options} options."),
        ),
    }
}

fn check_string_menu(form: &mut Form, at: &str, menu: &Value) {
    let options = form.list(at, menu, "options", MAX_OPTIONS);
    if options.is_empty() {
        form.fail(
            join(at, "options"),
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 25 in length.",
        );
    }
    check_menu(form, at, menu, options.len());
    let mut values = HashSet::new();
    let mut defaults = 0;
    for (n, option) in options.iter().enumerate() {
        let at = format!("{at}.options.{n}");
        form.text(&at, option, "label", 1, 100);
        form.text(&at, option, "description", 0, 100);
        if let Some(value) = form.text(&at, option, "value", 1, 100)
            && !values.insert(value)
        {
            form.fail(
                join(&at, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
        defaults += u64::from(option["default"] == true);
    }
    if defaults > menu["max_values"].as_u64().unwrap_or(1) {
        form.fail(
            join(at, "options"),
            "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
            "More defaults than max_values",
        );
    }
}

/// Checks the data of a modal.
pub(crate) fn check_modal(form: &mut Form, data: &Value) {
    form.text("data", data, "custom_id", 1, 100);
    form.text("data", data, "title", 1, 45);
    let rows = form.list("data", data, "components", MAX_ROWS);
    if rows.is_empty() {
        form.fail(
            "data.components",
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 5 in length.",
        );
    }
    let mut custom_ids = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        let at = format!("data.components.{n}");
        let (inner, at) = match row["type"].as_u64() {
            Some(1) => (row.pointer("/components/0"), format!("{at}.components.0")),
            Some(18) => (row.get("component"), format!("{at}.component")),
            Some(10) => continue,
            _ => (None, at),
        };
        let Some(inner) = inner else {
            form.fail(at, "UNION_TYPE_CHOICES", "A modal's rows hold one input each.");
            continue;
        };
        check_unique(form, &at, inner, &mut custom_ids);
        match inner["type"].as_u64() {
            Some(4) => check_text_input(form, &at, inner, row["type"] == 1),
            Some(3) if row["type"] == 18 => check_string_menu(form, &at, inner),
            Some(5..=8) if row["type"] == 18 => check_menu(form, &at, inner, MAX_OPTIONS),
            _ => form.fail(
                join(&at, "type"),
                "UNION_TYPE_CHOICES",
                "Not an input of a modal.",
            ),
        }
    }
}

fn check_text_input(form: &mut Form, at: &str, input: &Value, needs_label: bool) {
    form.text(at, input, "custom_id", 1, 100);
    if needs_label {
        form.text(at, input, "label", 1, 45);
    }
    form.text(at, input, "placeholder", 0, 100);
    let max = input["max_length"].as_u64().unwrap_or(4_000);
    let min = input["min_length"].as_u64().unwrap_or(0);
    if !(1..=4_000).contains(&max) || min > max {
        form.fail(
            join(at, "max_length"),
            "NUMBER_TYPE_MAX",
            "Lengths must be ordered and within 1 to 4000.",
        );
    }
    if let Some(value) = form.text(at, input, "value", 0, 4_000)
        && value.chars().count() as u64 > max
    {
        form.fail(
            join(at, "value"),
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {max} or fewer in length."),
        );
    }
    if !matches!(input["style"].as_u64(), Some(1 | 2)) {
        form.fail(
            join(at, "style"),
            "BASE_TYPE_CHOICES",
            "Value must be one of {1, 2}.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(components: &Value) -> Vec<&'static str> {
        let mut form = Form::default();
        check_message(&mut form, &json!({ "components": components }));
        form.errors.into_iter().map(|e| e.code).collect()
    }

    fn row(inner: &Value) -> Value {
        json!({"type": 1, "components": inner})
    }

    fn button(id: &str) -> Value {
        json!({"type": 2, "style": 1, "label": "x", "custom_id": id})
    }

    #[test]
    fn five_rows_of_five_buttons_pass_and_a_sixth_of_either_does_not() {
        let rows = |n: usize, m: usize| -> Value {
            (0..n)
                .map(|r| row(&(0..m).map(|b| button(&format!("{r}.{b}"))).collect()))
                .collect()
        };
        assert_eq!(codes(&rows(5, 5)), Vec::<&str>::new());
        assert_eq!(codes(&rows(6, 5)), ["BASE_TYPE_MAX_LENGTH"]);
        assert_eq!(codes(&rows(5, 6)), ["BASE_TYPE_MAX_LENGTH"; 5]);
    }

    #[test]
    fn custom_ids_are_unique_over_the_whole_message() {
        let rows = json!([row(&json!([button("a")])), row(&json!([button("a")]))]);
        assert_eq!(codes(&rows), ["COMPONENT_CUSTOM_ID_DUPLICATED"]);
        assert_eq!(
            codes(&json!([row(&json!([button(&"x".repeat(101))]))])),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(&json!([row(&json!([button("")]))])),
            ["BASE_TYPE_BAD_LENGTH"]
        );
    }

    #[test]
    fn a_menu_stands_alone_in_its_row_and_has_25_options_at_most() {
        let menu = |n: usize| {
            let options: Value = (0..n)
                .map(|o| json!({"label": "x", "value": o.to_string()}))
                .collect();
            json!({"type": 3, "custom_id": "m", "options": options})
        };
        assert_eq!(codes(&json!([row(&json!([menu(25)]))])), Vec::<&str>::new());
        assert_eq!(codes(&json!([row(&json!([menu(26)]))])), ["BASE_TYPE_MAX_LENGTH"]);
        assert_eq!(
            codes(&json!([row(&json!([menu(1), button("b")]))])),
            ["COMPONENT_LAYOUT_WIDTH_EXCEEDED"]
        );
    }

    #[test]
    fn a_button_needs_a_label_or_an_emoji_and_a_link_needs_no_custom_id() {
        let bare = json!({"type": 2, "style": 1, "custom_id": "a"});
        assert_eq!(
            codes(&json!([row(&json!([bare]))])),
            ["BUTTON_COMPONENT_INVALID_LABEL_AND_EMOJI"]
        );
        let link = json!({"type": 2, "style": 5, "label": "x", "url": "https://example.org"});
        assert_eq!(codes(&json!([row(&json!([link]))])), Vec::<&str>::new());
    }
}
