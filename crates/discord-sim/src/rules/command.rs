//! The limits of command definitions. Pure.

use std::collections::HashSet;

use serde_json::Value;

use super::form::{Form, join};

const MAX_OPTIONS: usize = 25;
/// Names, descriptions and choices of a command, all together.
const MAX_CHARACTERS: usize = 8_000;
/// Commands of each kind: slash commands, and those of the user's and the message's menu.
const MAX_OF_KIND: [(u64, usize); 3] = [(1, 100), (2, 5), (3, 5)];

/// Checks one definition; `at` is its place in the body.
pub(crate) fn check(form: &mut Form, at: &str, command: &Value) {
    let kind = command["type"].as_u64().unwrap_or(1);
    if let Some(name) = form.text(at, command, "name", 1, 32)
        && kind == 1
    {
        check_name(form, at, name);
    }
    if kind == 1 {
        form.text(at, command, "description", 1, 100);
    } else {
        if command["description"].as_str().is_some_and(|d| !d.is_empty()) {
            form.fail(
                join(at, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET",
                "Context menu commands cannot have description",
            );
        }
        if command["options"].as_array().is_some_and(|o| !o.is_empty()) {
            form.fail(
                join(at, "options"),
                "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SET",
                "Context menu commands cannot have options",
            );
        }
    }
    check_options(form, at, command, 0);
    let characters = count(command);
    if characters > MAX_CHARACTERS {
        form.fail(
            at,
            "APPLICATION_COMMAND_TOO_LARGE",
            format!("Command exceeds maximum size ({MAX_CHARACTERS})"),
        );
    }
    let permissions = &command["default_member_permissions"];
    let is_bit_set = permissions.is_null()
        || permissions.is_u64()
        || permissions.as_str().is_some_and(|p| p.parse::<u64>().is_ok());
    if !is_bit_set {
        form.fail(
            join(at, "default_member_permissions"),
            "BITFIELD_TYPE_CONVERT",
            "Not a set of permissions.",
        );
    }
}

/// Checks a whole list: every definition, and that names differ and there are not too many.
pub(crate) fn check_all(form: &mut Form, commands: &[Value]) {
    let mut names = HashSet::new();
    for (n, command) in commands.iter().enumerate() {
        let at = n.to_string();
        check(form, &at, command);
        if !names.insert((command["type"].as_u64().unwrap_or(1), command["name"].as_str())) {
            form.fail(
                join(&at, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            );
        }
    }
    for (kind, max) in MAX_OF_KIND {
        let of_kind = commands
            .iter()
            .filter(|c| c["type"].as_u64().unwrap_or(1) == kind)
            .count();
        if of_kind > max {
            form.fail(
                "",
                "BASE_TYPE_MAX_LENGTH",
                format!("Must be {max} or fewer in length."),
            );
        }
    }
}

fn check_name(form: &mut Form, at: &str, name: &str) {
    let allowed = |c: char| matches!(c, '-' | '_' | '\'') || c.is_alphanumeric();
    if !name.chars().all(allowed) || name.to_lowercase() != name {
        form.fail(
            join(at, "name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        );
    }
}

fn check_options(form: &mut Form, at: &str, parent: &Value, depth: usize) {
    let options = form.list(at, parent, "options", MAX_OPTIONS);
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let nested = options
        .iter()
        .filter(|o| matches!(o["type"].as_u64(), Some(1 | 2)))
        .count();
    if nested > 0 && nested < options.len() {
        form.fail(
            join(at, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        );
    }
    for (n, option) in options.iter().enumerate() {
        let at = join(at, format!("options.{n}"));
        if let Some(name) = form.text(&at, option, "name", 1, 32) {
            check_name(form, &at, name);
            if !names.insert(name) {
                form.fail(
                    join(&at, "name"),
                    "APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
                    "Option names must be unique",
                );
            }
        }
        form.text(&at, option, "description", 1, 100);
        let kind = option["type"].as_u64().unwrap_or(0);
        let deepest = match kind {
            2 => 0,
            1 => 1,
            _ => 2,
        };
        if !(1..=11).contains(&kind) || depth > deepest {
            form.fail(
                join(&at, "type"),
                "BASE_TYPE_CHOICES",
                "This type of option cannot stand here.",
            );
        }
        let required = option["required"] == true;
        if required && optional_seen {
            form.fail(
                &at,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            );
        }
        optional_seen |= !required;
        if matches!(kind, 1 | 2) {
            check_options(form, &at, option, depth + 1);
        } else {
            check_choices(form, &at, option, kind);
        }
    }
}

fn check_choices(form: &mut Form, at: &str, option: &Value, kind: u64) {
    let choices = form.list(at, option, "choices", MAX_OPTIONS);
    if !choices.is_empty() && option["autocomplete"] == true {
        form.fail(
            at,
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "Choices and autocomplete are mutually exclusive",
        );
    }
    if option["autocomplete"] == true && !matches!(kind, 3 | 4 | 10) {
        form.fail(
            join(at, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID_TYPE",
            "This type of option cannot be completed",
        );
    }
    for (n, choice) in choices.iter().enumerate() {
        check_choice(form, &format!("{at}.choices.{n}"), choice, kind);
    }
}

/// Checks a choice for an option of this kind; autocomplete's answers follow the same rules.
pub(crate) fn check_choice(form: &mut Form, at: &str, choice: &Value, kind: u64) {
    form.text(at, choice, "name", 1, 100);
    let value = &choice["value"];
    let right = match kind {
        4 => value.is_i64() || value.is_u64(),
        10 => value.is_number(),
        _ => value.is_string(),
    };
    if !right {
        form.fail(
            join(at, "value"),
            "UNION_TYPE_CHOICES",
            "The value is not of the option's type.",
        );
    } else if let Some(text) = value.as_str() {
        form.length(join(at, "value"), text.chars().count(), 1, 100);
    }
}

/// The characters that count towards the sum.
fn count(node: &Value) -> usize {
    let text = |key: &str| node[key].as_str().map_or(0, |t| t.chars().count());
    let nested = |key: &str| node[key].as_array().map_or(0, |l| l.iter().map(count).sum());
    text("name") + text("description") + text("value") + nested("options") + nested("choices")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(commands: &[Value]) -> Vec<&'static str> {
        let mut form = Form::default();
        check_all(&mut form, commands);
        form.errors.into_iter().map(|e| e.code).collect()
    }

    fn slash(name: &str, options: &Value) -> Value {
        json!({"name": name, "description": "x", "options": options})
    }

    #[test]
    fn names_are_lower_case_letters_of_any_script() {
        assert_eq!(codes(&[slash("film-wählen", &json!([]))]), Vec::<&str>::new());
        for name in ["Poll", "two words", "a!"] {
            assert_eq!(
                codes(&[slash(name, &json!([]))]),
                ["APPLICATION_COMMAND_INVALID_NAME"],
                "{name}"
            );
        }
    }

    #[test]
    fn required_options_come_first() {
        let option = |name: &str, required: bool| json!({"type": 3, "name": name, "description": "x", "required": required});
        assert_eq!(
            codes(&[slash("a", &json!([option("a", true), option("b", false)]))]),
            Vec::<&str>::new()
        );
        assert_eq!(
            codes(&[slash("a", &json!([option("a", false), option("b", true)]))]),
            ["APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"]
        );
    }

    #[test]
    fn a_command_has_eight_thousand_characters_at_most() {
        let choice = |n: usize| json!({"name": "n".repeat(100), "value": format!("{n:0>100}")});
        let option = |n: usize, choices: usize| {
            let choices: Vec<_> = (0..choices).map(choice).collect();
            json!({"type": 3, "name": format!("o{n}"), "description": "x", "choices": choices})
        };
        assert_eq!(codes(&[slash("a", &json!([option(0, 25)]))]), Vec::<&str>::new());
        assert_eq!(
            codes(&[slash("a", &json!([option(0, 25), option(1, 25)]))]),
            ["APPLICATION_COMMAND_TOO_LARGE"]
        );
    }

    #[test]
    fn names_are_unique_within_their_kind() {
        let menu = json!({"name": "a", "type": 3});
        assert_eq!(codes(&[slash("a", &json!([])), menu]), Vec::<&str>::new());
        let twice = [slash("a", &json!([])), slash("a", &json!([]))];
        assert_eq!(codes(&twice), ["APPLICATION_COMMANDS_DUPLICATE_NAME"]);
    }
}
