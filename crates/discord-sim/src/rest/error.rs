//! Discord's refusals: status, code, message and the tree of errors.

use serde_json::{Value, json};

use crate::rules::form::{self, FieldError};
use crate::violation::Rule;

/// A refusal, and the rule that the bot broke by asking; none if it could not know better.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: u32,
    pub(crate) message: String,
    pub(crate) errors: Option<Value>,
    /// For 429: the seconds to wait, and whether every route is meant.
    pub(crate) retry: Option<(f64, bool)>,
    pub(crate) rule: Option<Rule>,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: None,
            retry: None,
            rule: Some(Rule::RefusedRequest),
        }
    }

    /// The rule broken is this one.
    pub(crate) fn because(self, rule: Rule) -> Self {
        Self {
            rule: Some(rule),
            ..self
        }
    }

    /// The world changed behind the bot's back: it could not know.
    pub(crate) fn blameless(self) -> Self {
        Self { rule: None, ..self }
    }

    pub(crate) fn form(errors: &[FieldError]) -> Self {
        Self {
            errors: Some(form::tree(errors)),
            ..Self::new(400, 50035, "Invalid Form Body")
        }
    }

    /// One field is wrong.
    pub(crate) fn field(path: &str, code: &'static str, message: &str) -> Self {
        Self::form(&[FieldError {
            path: path.to_owned(),
            code,
            message: message.to_owned(),
        }])
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::new(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::new(404, 10008, "Unknown Message")
    }

    pub(crate) fn unknown_webhook() -> Self {
        Self::new(404, 10015, "Unknown Webhook")
    }

    pub(crate) fn unknown_interaction() -> Self {
        Self::new(404, 10062, "Unknown interaction")
    }

    pub(crate) fn missing_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    pub(crate) fn missing_permissions() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    pub(crate) fn empty_message() -> Self {
        Self::new(400, 50006, "Cannot send an empty message")
    }

    pub(crate) fn body(&self) -> Value {
        if let Some((retry_after_secs, global)) = self.retry {
            return json!({"message": self.message, "retry_after": retry_after_secs, "global": global, "code": 0});
        }
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }

    /// The refusal in one line, for the record.
    pub(crate) fn summary(&self) -> String {
        let errors = self.errors.as_ref().map(|e| format!(" {e}")).unwrap_or_default();
        format!("{} {}: {}{errors}", self.status, self.code, self.message)
    }
}
