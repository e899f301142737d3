//! The errors of a request's body, with the paths that Discord gives them.

use serde_json::{Map, Value, json};

/// One error of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// Dots between keys and positions: `embeds.0.title`.
    pub(crate) path: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Collects the errors of one body.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) errors: Vec<FieldError>,
}

impl Form {
    pub(crate) fn fail(&mut self, path: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError {
            path: path.into(),
            code,
            message: message.into(),
        });
    }

    pub(crate) fn required(&mut self, path: impl Into<String>) {
        self.fail(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// The text under `key`, whose length must be within `min..=max` characters; absent and null are
    /// as good as each other, and wrong only if `min` is above zero.
    pub(crate) fn text<'v>(
        &mut self,
        at: &str,
        object: &'v Value,
        key: &str,
        min: usize,
        max: usize,
    ) -> Option<&'v str> {
        let path = join(at, key);
        match object.get(key) {
            None | Some(Value::Null) => {
                if min > 0 {
                    self.required(path);
                }
                None
            }
            Some(Value::String(text)) => {
                self.length(path, text.chars().count(), min, max);
                Some(text)
            }
            Some(_) => {
                self.fail(
                    path,
                    "STRING_TYPE_CONVERT",
                    "Could not interpret value as string.",
                );
                None
            }
        }
    }

    pub(crate) fn length(&mut self, path: impl Into<String>, length: usize, min: usize, max: usize) {
        if length > max && min == 0 {
            self.fail(
                path,
                "BASE_TYPE_MAX_LENGTH",
                format!("Must be {max} or fewer in length."),
            );
        } else if length < min || length > max {
            self.fail(
                path,
                "BASE_TYPE_BAD_LENGTH",
                format!("Must be between {min} and {max} in length."),
            );
        }
    }

    /// The list under `key`, which may hold at most `max` things; nothing for absent and null.
    pub(crate) fn list<'v>(&mut self, at: &str, object: &'v Value, key: &str, max: usize) -> &'v [Value] {
        let path = join(at, key);
        match object.get(key) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => {
                self.length(path, items.len(), 0, max);
                items
            }
            Some(_) => {
                self.fail(
                    path,
                    "LIST_TYPE_CONVERT",
                    "Only iterables may be used in a ListType",
                );
                &[]
            }
        }
    }

    /// An `http(s)` address, or `attachment://…` where `attachments` says so.
    pub(crate) fn url(&mut self, at: &str, object: &Value, key: &str, attachments: bool) {
        let Some(url) = self.text(at, object, key, 0, 2_048) else {
            return;
        };
        let path = join(at, key);
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let known = matches!(scheme, "http" | "https") || (attachments && scheme == "attachment");
        if !known {
            self.fail(
                path,
                "URL_TYPE_INVALID_SCHEME",
                format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https')."),
            );
        } else if rest.is_empty() || url.chars().any(char::is_whitespace) {
            self.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }

    pub(crate) fn into_result(self) -> Result<(), Vec<FieldError>> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }
}

pub(crate) fn join(at: &str, key: impl std::fmt::Display) -> String {
    if at.is_empty() {
        key.to_string()
    } else {
        format!("{at}.{key}")
    }
}

/// Discord's tree of errors.
pub(crate) fn tree(errors: &[FieldError]) -> Value {
    let mut root = Map::new();
    for error in errors {
        let mut node = &mut root;
        for key in error.path.split('.').filter(|k| !k.is_empty()) {
            let child = node.entry(key).or_insert_with(|| json!({}));
            let Value::Object(child) = child else {
                unreachable!("the tree holds objects only")
            };
            node = child;
        }
        let list = node.entry("_errors").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(json!({"code": error.code, "message": error.message}));
        }
    }
    Value::Object(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_nested_by_path() {
        let mut form = Form::default();
        form.text("embeds.0", &json!({"title": "x".repeat(257)}), "title", 0, 256);
        form.required("content");
        assert_eq!(
            tree(&form.errors),
            json!({
                "embeds": {"0": {"title": {"_errors": [
                    {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}]}}},
                "content": {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]},
            })
        );
    }
}
