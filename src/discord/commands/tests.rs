//! The commands as Discord gets them: what they are, and that they are within its limits.

use serde_json::Value;

use super::*;

fn registered() -> Vec<Value> {
    manifest()
        .iter()
        .map(|command| serde_json::to_value(command).expect("a command is JSON"))
        .collect()
}

#[test]
fn the_manifest_is_what_it_was() {
    insta::assert_json_snapshot!(registered());
}

#[test]
fn every_command_works_in_servers_only_and_is_described() {
    for command in registered() {
        assert_eq!(command["contexts"], serde_json::json!([0]), "{command}");
        assert_eq!(command["integration_types"], serde_json::json!([0]), "{command}");
        let is_slash = command["type"].as_u64().unwrap_or(1) == 1;
        let described = command["description"].as_str().unwrap_or_default();
        assert_eq!(described.is_empty(), !is_slash, "{command}");
    }
}

#[test]
fn every_command_is_within_discords_limits() {
    let commands = registered();
    assert!(commands.len() <= 100);
    for command in &commands {
        if command["type"].as_u64().unwrap_or(1) != 1 {
            let name = command["name"].as_str().expect("a name");
            assert!((1..=32).contains(&name.chars().count()), "{name}");
            continue;
        }
        let mut characters = check_texts(command);
        let options = command["options"].as_array().cloned().unwrap_or_default();
        assert!(options.len() <= 25);
        let mut optional = false;
        for option in &options {
            characters += check_texts(option);
            let required = option["required"].as_bool().unwrap_or(false);
            assert!(!(optional && required), "required after optional: {option}");
            optional |= !required;
            let choices = option["choices"].as_array().map_or(0, Vec::len);
            let completed = option["autocomplete"].as_bool().unwrap_or(false);
            assert!(choices == 0 || !completed, "choices and autocomplete: {option}");
        }
        assert!(characters <= 8000, "{command}");
    }
}

#[test]
fn every_option_that_names_a_film_is_completed() {
    for command in registered() {
        for option in command["options"].as_array().into_iter().flatten() {
            if option["name"] == "movie" {
                assert_eq!(option["autocomplete"], true, "{option}");
            }
        }
    }
}

#[test]
fn help_explains_every_slash_command() {
    let slash: Vec<String> = registered()
        .iter()
        .filter(|command| command["type"].as_u64().unwrap_or(1) == 1)
        .filter_map(|command| command["name"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(slash, crate::discord::views::help::COMMANDS);
}

/// Checks name and description, and returns their characters.
fn check_texts(of: &Value) -> usize {
    let name = of["name"].as_str().expect("a name");
    let well_formed = name.chars().all(|c| "-_'".contains(c) || c.is_alphanumeric())
        && (1..=32).contains(&name.chars().count())
        && name == name.to_lowercase();
    assert!(well_formed, "{name}");
    let description = of["description"].as_str().expect("a description").chars().count();
    assert!((1..=100).contains(&description), "{name}");
    name.chars().count() + description
}
