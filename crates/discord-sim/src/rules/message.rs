//! The limits of messages as a whole. Pure.

use serde_json::Value;

use super::attachment::MAX_FILES;
use super::form::{FieldError, Form};
use super::{component, embed};

/// Characters of a message's text.
pub(crate) const MAX_CONTENT: usize = 2_000;

/// Characters of a nonce.
const MAX_NONCE: usize = 25;

/// Checks a payload that becomes a message or changes one.
pub(crate) fn check(payload: &Value, uploads: usize) -> Result<(), Vec<FieldError>> {
    let mut form = Form::default();
    form.text("", payload, "content", 0, MAX_CONTENT);
    embed::check(&mut form, payload);
    component::check_message(&mut form, payload);
    form.list("", payload, "attachments", MAX_FILES);
    form.length("files", uploads, 0, MAX_FILES);
    check_allowed_mentions(&mut form, payload);
    if payload["nonce"].is_string() {
        form.text("", payload, "nonce", 0, MAX_NONCE);
    }
    form.into_result()
}

fn check_allowed_mentions(form: &mut Form, payload: &Value) {
    let Some(allowed) = payload.get("allowed_mentions").filter(|v| !v.is_null()) else {
        return;
    };
    let parse = form.list("allowed_mentions", allowed, "parse", 3);
    for (n, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            form.fail(
                format!("allowed_mentions.parse.{n}"),
                "BASE_TYPE_CHOICES",
                "Value must be one of {'users', 'roles', 'everyone'}.",
            );
        }
    }
    for kind in ["users", "roles"] {
        let listed = form.list("allowed_mentions", allowed, kind, 100);
        if !listed.is_empty() && parse.iter().any(|k| k == kind) {
            form.fail(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn content_has_two_thousand_characters_not_bytes() {
        assert_eq!(check(&json!({"content": "é".repeat(2_000)}), 0), Ok(()));
        let errors = check(&json!({"content": "e".repeat(2_001)}), 0).unwrap_err();
        assert_eq!((errors.len(), errors[0].path.as_str()), (1, "content"));
    }

    #[test]
    fn a_nonce_is_a_number_or_a_short_text() {
        for (nonce, is_fine) in [
            (json!("7".repeat(25)), true),
            (json!("7".repeat(26)), false),
            (json!(7), true),
            (json!(null), true),
        ] {
            let checked = check(&json!({"content": "a", "nonce": nonce}), 0);
            assert_eq!(checked.is_ok(), is_fine, "{nonce}");
        }
    }

    #[test]
    fn mentions_are_parsed_or_listed_but_not_both() {
        assert_eq!(
            check(&json!({"allowed_mentions": {"parse": [], "users": ["1"]}}), 0),
            Ok(())
        );
        assert!(
            check(
                &json!({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
                0
            )
            .is_err()
        );
    }
}
