//! How settings are shown: each value with where it was set, secrets masked.

use figment::Figment;
use figment::value::Value;
use url::Url;

use super::keys::{KEYS, Key, Shown};

/// One setting, fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its path.
    pub path: &'static str,
    /// Its value as the file would write it, a secret masked; `None` when it is not set.
    pub value: Option<String>,
    /// Where it was set.
    pub origin: String,
}

const MASK: &str = "********";

pub(super) fn settings(figment: &Figment) -> Vec<Setting> {
    KEYS.iter().map(|key| setting(figment, key)).collect()
}

fn setting(figment: &Figment, key: &Key) -> Setting {
    let value = figment.find_value(key.path).ok();
    Setting {
        path: key.path,
        origin: figment.find_metadata(key.path).map_or_else(
            || "not set".to_owned(),
            |metadata| metadata.name.clone().into_owned(),
        ),
        value: value.map(|value| match key.shown {
            Shown::Whole => written(&value),
            Shown::WithoutPassword => value
                .as_str()
                .map_or_else(|| written(&value), |url| format!("{:?}", without_password(url))),
            Shown::Never => format!("{MASK:?}"),
        }),
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Array(_, values) => {
            let items: Vec<_> = values.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(_, text) => format!("{text:?}"),
        Value::Num(_, number) => number
            .to_i128()
            .map_or_else(|| "(a number)".to_owned(), |number| number.to_string()),
        Value::Bool(_, truth) => truth.to_string(),
        _ => "(not a value)".to_owned(),
    }
}

/// The URL with what is secret in it masked; a URL that can't be read is masked whole.
fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut parsed) = Url::parse(url) else {
        return MASK.to_owned();
    };
    let query = parsed.query().unwrap_or_default().to_ascii_lowercase();
    let query_is_secret = ["pass", "key", "token", "secret"]
        .iter()
        .any(|name| query.contains(name));
    if query_is_secret {
        parsed.set_query(Some(MASK));
    }
    let password_is_set = parsed.password().is_some();
    if password_is_set && parsed.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    if query_is_secret || password_is_set {
        parsed.into()
    } else {
        url.to_owned()
    }
}
