//! What a real client lets a person enter for a command's options. Pure.

use serde_json::{Value, json};

use crate::id::Id;

/// A value entered for an option.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entered {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    User(Id),
    Channel(Id),
    Role(Id),
}

impl Entered {
    /// Discord's numbers of the option types that take such a value.
    const fn fits(&self, kind: u64) -> bool {
        match self {
            Self::Text(_) => kind == 3,
            Self::Integer(_) => matches!(kind, 4 | 10),
            Self::Number(_) => kind == 10,
            Self::Boolean(_) => kind == 5,
            Self::User(_) => matches!(kind, 6 | 9),
            Self::Channel(_) => kind == 7,
            Self::Role(_) => matches!(kind, 8 | 9),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Integer(n) => json!(n),
            Self::Number(n) => json!(n),
            Self::Boolean(b) => json!(b),
            Self::User(id) | Self::Channel(id) | Self::Role(id) => json!(id),
        }
    }
}

/// What a command's words lead to.
#[derive(Debug, PartialEq)]
pub(crate) struct Walked<'d> {
    /// The options that can be filled in there.
    pub(crate) options: &'d [Value],
    /// The type and name of every sub-command and group on the way.
    pub(crate) path: Vec<(u64, &'d str)>,
}

/// Walks `/name sub sub` by its sub-commands. `Err` says in words what is not there.
pub(crate) fn walk<'d>(definition: &'d Value, subs: &[&'d str]) -> Result<Walked<'d>, String> {
    let mut node = definition;
    let mut path = Vec::new();
    for sub in subs {
        let found = options_of(node)
            .iter()
            .find(|o| o["name"] == **sub && matches!(kind(o), 1 | 2));
        node = found.ok_or_else(|| format!("there is no sub-command {sub:?}"))?;
        path.push((kind(node), *sub));
    }
    if options_of(node).iter().any(|o| matches!(kind(o), 1 | 2)) {
        return Err("a sub-command must be chosen".to_owned());
    }
    Ok(Walked {
        options: options_of(node),
        path,
    })
}

pub(crate) fn options_of(node: &Value) -> &[Value] {
    node["options"].as_array().map_or(&[], Vec::as_slice)
}

/// Discord's number of an option's type.
pub(crate) fn kind(option: &Value) -> u64 {
    option["type"].as_u64().unwrap_or(0)
}

/// Checks everything entered against the definitions, as the client does before it sends.
pub(crate) fn check(definitions: &[Value], entered: &[(String, Entered)]) -> Result<(), String> {
    for (name, value) in entered {
        let Some(definition) = definitions.iter().find(|d| d["name"] == **name) else {
            return Err(format!("there is no option {name:?}"));
        };
        check_one(definition, value).map_err(|why| format!("option {name:?}: {why}"))?;
    }
    for definition in definitions.iter().filter(|d| d["required"] == true) {
        if !entered.iter().any(|(name, _)| definition["name"] == **name) {
            return Err(format!("option {} is required", definition["name"]));
        }
    }
    Ok(())
}

fn check_one(definition: &Value, value: &Entered) -> Result<(), String> {
    if !value.fits(kind(definition)) {
        return Err(format!("{value:?} is not of its type"));
    }
    let choices = definition["choices"].as_array().map_or(&[][..], Vec::as_slice);
    if !choices.is_empty() && !choices.iter().any(|c| c["value"] == value.to_json()) {
        return Err(format!("{value:?} is none of its choices"));
    }
    let limit = |key: &str| definition[key].as_f64();
    match value {
        Entered::Text(text) => {
            let length = text.chars().count();
            let (min, max) = (
                definition["min_length"].as_u64(),
                definition["max_length"].as_u64(),
            );
            let length_wrong = |n: u64| u64::try_from(length).unwrap_or(u64::MAX).cmp(&n);
            if min.is_some_and(|n| length_wrong(n).is_lt()) || length_wrong(max.unwrap_or(6_000)).is_gt() {
                return Err(format!("{length} characters are too few or too many"));
            }
        }
        Entered::Integer(_) | Entered::Number(_) => {
            let number = value.to_json().as_f64().unwrap_or_default();
            if limit("min_value").is_some_and(|m| number < m)
                || limit("max_value").is_some_and(|m| number > m)
            {
                return Err(format!("{number} is out of range"));
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Entered {
        Entered::Text(value.to_owned())
    }

    #[test]
    fn a_required_option_must_be_entered_and_an_unknown_one_cannot() {
        let definitions = [json!({"type": 3, "name": "movie", "required": true})];
        assert!(check(&definitions, &[]).is_err());
        assert!(check(&definitions, &[("film".into(), text("x"))]).is_err());
        assert_eq!(check(&definitions, &[("movie".into(), text("x"))]), Ok(()));
    }

    #[test]
    fn ranges_choices_and_types_are_kept() {
        let page = [json!({"type": 4, "name": "page", "min_value": 1.0, "max_value": 9})];
        assert_eq!(check(&page, &[("page".into(), Entered::Integer(9))]), Ok(()));
        assert!(check(&page, &[("page".into(), Entered::Integer(0))]).is_err());
        assert!(check(&page, &[("page".into(), text("1"))]).is_err());
        let pitch = [json!({"type": 3, "name": "pitch", "max_length": 2})];
        assert!(check(&pitch, &[("pitch".into(), text("éèê"))]).is_err());
        let input = [json!({"type": 3, "name": "input", "choices": [{"name": "B", "value": "b"}]})];
        assert!(check(&input, &[("input".into(), text("B"))]).is_err());
        assert_eq!(check(&input, &[("input".into(), text("b"))]), Ok(()));
    }

    #[test]
    fn sub_commands_are_walked_by_name() {
        let command =
            json!({"options": [{"type": 1, "name": "start", "options": [{"type": 3, "name": "title"}]}]});
        let walked = walk(&command, &["start"]).unwrap();
        assert_eq!((walked.options.len(), walked.path), (1, vec![(1, "start")]));
        assert!(walk(&command, &[]).is_err());
        assert!(walk(&command, &["stop"]).is_err());
    }
}
