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
            Shown::WithoutPassword => format!("{:?}", without_password(value.as_str().unwrap_or_default())),
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

/// The URL with its password masked, wherever it stands; a URL that can't be read is masked whole.
pub fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut parsed) = Url::parse(url) else {
        return MASK.to_owned();
    };
    if parsed.password().is_some() && parsed.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    if parsed.query().is_some_and(|query| query.contains("password")) {
        parsed.set_query(Some(MASK));
    }
    parsed.into()
}
