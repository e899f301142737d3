//! Puts the layers over each other: defaults, the file, the environment, flags.
//!
//! Owns where a value comes from and which names are known; does not judge values. The environment
//! is a parameter: nothing here asks the process for it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::keys::{KEYS, Key, Shown, is_section, nearest_path, nearest_variable};
use super::problem::Problem;

/// The file that is read when none is named, if it is there.
pub const DEFAULT_FILE: &str = "config.toml";

/// Variables that begin like settings and are none: two have their own readers, and the others are
/// what Kubernetes gives every process beside a service that is called `marquee`.
const NOT_SETTINGS: &[&str] = &["MARQUEE_CONFIG", "MARQUEE_REQUIRE_POSTGRES"];
const NOT_SETTINGS_EITHER: &[&str] = &["MARQUEE_SERVICE_", "MARQUEE_PORT"];

/// A secret is short; whatever is longer is the wrong file.
const SECRET_FILE_MAX_BYTES: u64 = 16 * 1024;

/// Where settings are looked for, beyond the defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that was named, which must then exist; `None` reads [`DEFAULT_FILE`] if it is there.
    pub file: Option<PathBuf>,
    /// The environment, all of it.
    pub environment: Vec<(String, String)>,
    /// `(path, value)` of each `--set`.
    pub flags: Vec<(String, String)>,
}

/// One value and where it was set.
struct Entry {
    origin: String,
    path: String,
    value: Value,
}

impl Provider for Entry {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let nested = figment::util::nest(&self.path, self.value.clone());
        let dict = nested.into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(dict))
    }
}

/// The lowest layer alone.
pub(super) fn defaults() -> Figment {
    Stack::defaults().figment
}

/// The layers as one, and the names and files that could not be used.
pub(super) fn stack(sources: &Sources) -> (Figment, Vec<Problem>) {
    let mut stack = Stack::defaults();
    stack.file(sources.file.as_deref());
    stack.environment(&sources.environment);
    for (path, value) in &sources.flags {
        stack.flag(path, value);
    }
    (stack.figment, stack.problems)
}

struct Stack {
    figment: Figment,
    problems: Vec<Problem>,
}

impl Stack {
    fn defaults() -> Self {
        let mut stack = Self {
            figment: Figment::new(),
            problems: Vec::new(),
        };
        for key in KEYS {
            if let Some(default) = key.default {
                stack.put("default".to_owned(), key.path, Value::from(default));
            }
        }
        stack
    }

    fn put(&mut self, origin: String, path: &str, value: Value) {
        let figment = std::mem::take(&mut self.figment);
        self.figment = figment.merge(Entry {
            origin,
            path: path.to_owned(),
            value,
        });
    }

    fn refuse(&mut self, sentence: impl Into<String>) {
        self.problems.push(Problem::new(sentence));
    }

    fn file(&mut self, named: Option<&Path>) {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        if named.is_none() && !path.exists() {
            return;
        }
        let shown = path.display();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                return self.refuse(format!("The configuration file {shown} can't be read: {error}."));
            }
        };
        let dict = match Toml::string(&text).data() {
            Ok(mut profiles) => profiles.remove(&Profile::Default).unwrap_or_default(),
            Err(error) => {
                let reason = without_excerpt(&error.to_string());
                return self.refuse(format!(
                    "The configuration file {shown} is not valid TOML: {reason}."
                ));
            }
        };
        let mut leaves = Vec::new();
        flatten("", dict, &mut leaves);
        let origin = shown.to_string();
        for (path, value) in &leaves {
            if Key::find(path).is_some() {
                self.put(origin.clone(), path, value.clone());
            } else if let Some(key) = path.strip_suffix("_file").and_then(file_key) {
                if leaves.iter().any(|(other, _)| other == key.path) {
                    self.refuse(format!(
                        "{origin} sets both `{}` and `{path}`: keep one of them.",
                        key.path
                    ));
                } else if let Some(secret_path) = value.as_str() {
                    self.secret_file(key, &format!("`{path}` in {origin}"), secret_path);
                } else {
                    self.refuse(format!("`{path}` in {origin} must be a path, in quotes."));
                }
            } else {
                let hint = did_you_mean(nearest_path(path));
                self.refuse(format!("`{path}` in {origin} is not a setting{hint}"));
            }
        }
    }

    fn environment(&mut self, environment: &[(String, String)]) {
        // An empty variable is how container files say "not set".
        let value_of = |name: &str| {
            environment
                .iter()
                .rfind(|(other, value)| other == name && !value.trim().is_empty())
                .map(|(_, value)| value.as_str())
        };
        let mut known = Vec::new();
        for key in KEYS {
            for variable in key.variables() {
                let from_file = format!("{variable}_FILE");
                let secret_path = key.may_come_from_file.then(|| value_of(&from_file)).flatten();
                match (value_of(&variable), secret_path) {
                    (Some(_), Some(_)) => self.refuse(format!(
                        "The environment sets both {variable} and {from_file}: keep one of them."
                    )),
                    (Some(value), None) => {
                        self.put(format!("environment, {variable}"), key.path, Value::from(value));
                    }
                    (None, Some(path)) => self.secret_file(key, &from_file, path),
                    (None, None) => {}
                }
                if key.may_come_from_file {
                    known.push(from_file);
                }
                known.push(variable);
            }
        }
        let mut unknown: Vec<&str> = environment
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| name.starts_with("MARQUEE_"))
            .filter(|name| !NOT_SETTINGS.contains(name))
            .filter(|name| !NOT_SETTINGS_EITHER.iter().any(|start| name.starts_with(start)))
            .filter(|name| !known.iter().any(|other| other == name))
            .collect();
        unknown.sort_unstable();
        for name in unknown {
            let hint = did_you_mean(nearest_variable(name));
            self.refuse(format!("{name} in the environment is not a setting{hint}"));
        }
    }

    fn flag(&mut self, path: &str, value: &str) {
        match Key::find(path) {
            Some(key) if key.shown == Shown::Never => self.refuse(format!(
                "`--set {path}` would show a secret to everybody on this machine: set {} instead.",
                key.variable()
            )),
            Some(key) => self.put(format!("flag, --set {path}"), key.path, Value::from(value)),
            None => {
                let hint = did_you_mean(nearest_path(path));
                self.refuse(format!("`{path}` after --set is not a setting{hint}"));
            }
        }
    }

    fn secret_file(&mut self, key: &Key, set_by: &str, path: &str) {
        let mut text = String::new();
        let read =
            File::open(path).and_then(|file| file.take(SECRET_FILE_MAX_BYTES + 1).read_to_string(&mut text));
        match read {
            Err(error) => self.refuse(format!("{set_by} names {path}, which can't be read: {error}.")),
            Ok(bytes) if bytes as u64 > SECRET_FILE_MAX_BYTES => {
                self.refuse(format!(
                    "{set_by} names {path}, which is too long to be a secret."
                ));
            }
            Ok(_) if text.trim().is_empty() => {
                self.refuse(format!("{set_by} names {path}, which is empty."));
            }
            Ok(_) => self.put(
                format!("file {path}, named by {set_by}"),
                key.path,
                Value::from(text.trim()),
            ),
        }
    }
}

fn file_key(path: &str) -> Option<&'static Key> {
    Key::find(path).filter(|key| key.may_come_from_file)
}

fn flatten(prefix: &str, dict: Dict, leaves: &mut Vec<(String, Value)>) {
    for (name, value) in dict {
        let path = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            // A section that the file opens and leaves empty says nothing.
            Value::Dict(_, inner) if inner.is_empty() && is_section(&path) => {}
            Value::Dict(_, inner) if !inner.is_empty() => flatten(&path, inner, leaves),
            value => leaves.push((path, value)),
        }
    }
}

/// The parser's words without the line that it quotes, which may hold a secret.
fn without_excerpt(error: &str) -> String {
    error
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.contains('|'))
        .map(|line| line.trim_end_matches(['.', ':']))
        .collect::<Vec<_>>()
        .join(": ")
}

fn did_you_mean(name: Option<String>) -> String {
    name.map_or_else(
        || "; `marquee config default` lists them all.".to_owned(),
        |name| format!("; did you mean `{name}`?"),
    )
}
