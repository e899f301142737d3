//! Discord's `OpenAPI` document as a judge of requests. Says what does not fit and where; what follows
//! from that is the caller's.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::error::{ValidationError, ValidationErrorKind};
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use crate::core::lock;

/// The name under which schemas refer to the document.
const DOCUMENT: &str = "https://openapi.invalid/discord.json";
/// Characters of one complaint.
const MAX_COMPLAINT: usize = 400;

/// A place where the document is stricter than Discord.
struct Exception {
    /// The end of the operations' routes.
    route: &'static str,
    /// The end of the path in the body; `*` is any position.
    path: &'static [&'static str],
    /// What Discord takes there nonetheless.
    accepts: fn(&Value) -> bool,
    /// Why that is known.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for the reader, and a test that it is there")
    )]
    reason: &'static str,
}

/// Every exception; anything else that the document refuses is a violation.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        route: "/commands",
        path: &["default_member_permissions"],
        accepts: |value| value.as_str().is_some_and(|text| text.parse::<u64>().is_ok()),
        reason: "the document says integer, while the reference (\"Permissions\": bit sets are serialised as \
                 strings) and every client library send the digits as text",
    },
    Exception {
        route: "",
        path: &["attachments", "*", "id"],
        accepts: Value::is_u64,
        reason: "the document says snowflake as text, while the reference (\"Uploading Files\") itself shows \
                 numbers, the index of the file, as in {\"id\": 0, \"filename\": \"a.png\"}",
    },
];

/// The document, with its schemas compiled as they are needed.
pub(crate) struct OpenApi {
    document: Value,
    registry: Registry<'static>,
    /// By `METHOD /route`; `None` for operations without a JSON body.
    validators: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

/// The document could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the OpenAPI document {path}: {reason}")]
pub(crate) struct LoadError {
    path: String,
    reason: String,
}

impl OpenApi {
    /// The document at `path`; read and indexed once per process.
    pub(crate) fn load(path: &Path) -> Result<Arc<Self>, LoadError> {
        static LOADED: OnceLock<Mutex<HashMap<PathBuf, Arc<OpenApi>>>> = OnceLock::new();
        let mut loaded = lock(LOADED.get_or_init(Mutex::default));
        if let Some(document) = loaded.get(path) {
            return Ok(Arc::clone(document));
        }
        let failed = |reason: String| LoadError {
            path: path.display().to_string(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
        let document: Value = serde_json::from_str(&text).map_err(|e| failed(e.to_string()))?;
        if !document["paths"].is_object() {
            return Err(failed("it has no paths".to_owned()));
        }
        let registry = Registry::new()
            .add(DOCUMENT, document.clone())
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|e| failed(e.to_string()))?;
        let shared = Arc::new(Self {
            document,
            registry,
            validators: Mutex::default(),
        });
        loaded.insert(path.to_owned(), Arc::clone(&shared));
        Ok(shared)
    }

    /// Whether the document knows an operation under this path template.
    pub(crate) fn has_operation(&self, method: &str, route: &str) -> bool {
        self.document["paths"][route].get(method.to_lowercase()).is_some()
    }

    /// Whether any template of the document fits a concrete path.
    pub(crate) fn knows_path(&self, method: &str, path: &str) -> bool {
        let fits = |template: &str| {
            let (mut given, mut wanted) = (path.split('/'), template.split('/'));
            loop {
                match (given.next(), wanted.next()) {
                    (None, None) => return true,
                    (Some(g), Some(w)) if w.starts_with('{') || g == w => {}
                    _ => return false,
                }
            }
        };
        let paths = self.document["paths"].as_object();
        paths.is_some_and(|p| p.keys().any(|t| fits(t) && self.has_operation(method, t)))
    }

    /// What the document has against a body, each complaint with its path; nothing if all is well.
    pub(crate) fn complaints(&self, method: &str, route: &str, body: Option<&Value>) -> Vec<String> {
        if !self.has_operation(method, route) {
            return vec![format!("the document has no {method} {route}")];
        }
        let (Some(body), Some(validator)) = (body, self.validator(method, route)) else {
            return vec![];
        };
        let mut complaints: Vec<String> = validator
            .iter_errors(body)
            .flat_map(|error| leaves(&error))
            .filter(|leaf| !leaf.is_excepted(method, route))
            .map(|leaf| leaf.text)
            .collect();
        complaints.dedup();
        complaints
    }

    fn validator(&self, method: &str, route: &str) -> Option<Arc<Validator>> {
        let name = format!("{method} {route}");
        if let Some(known) = lock(&self.validators).get(&name) {
            return known.clone();
        }
        let method = method.to_lowercase();
        let at = [
            "paths",
            route,
            &method,
            "requestBody",
            "content",
            "application/json",
            "schema",
        ];
        let joined =
            |escape: fn(&str) -> String| at.iter().map(|key| escape(key)).collect::<Vec<_>>().join("/");
        let pointer = format!("/{}", joined(in_pointer));
        let compiled = self.document.pointer(&pointer).is_some().then(|| {
            jsonschema::options()
                .with_registry(&self.registry)
                .build(&json!({"$ref": format!("{DOCUMENT}#/{}", joined(in_fragment))}))
        });
        let validator = match compiled {
            Some(Ok(validator)) => Some(Arc::new(validator)),
            Some(Err(error)) => {
                tracing::error!(%error, name, "a schema of the OpenAPI document cannot be compiled");
                None
            }
            None => None,
        };
        lock(&self.validators).insert(name, validator.clone());
        validator
    }
}

/// A key as part of a JSON pointer.
fn in_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A key as part of a JSON pointer in a URI's fragment.
fn in_fragment(key: &str) -> String {
    in_pointer(key).replace('{', "%7B").replace('}', "%7D")
}

/// One complaint at one place.
struct Leaf {
    path: String,
    text: String,
    instance: Value,
    depth: usize,
}

impl Leaf {
    fn is_excepted(&self, method: &str, route: &str) -> bool {
        let operation = format!("{method} {route}");
        let given: Vec<&str> = self.path.split('/').collect();
        let ends_with = |wanted: &[&str]| {
            given.len() >= wanted.len()
                && wanted
                    .iter()
                    .rev()
                    .zip(given.iter().rev())
                    .all(|(w, g)| *w == "*" || w == g)
        };
        EXCEPTIONS
            .iter()
            .any(|e| operation.ends_with(e.route) && ends_with(e.path) && (e.accepts)(&self.instance))
    }
}

/// The complaints behind an error. Of the branches of a union, the one that came furthest speaks: its
/// deepest complaint lies deepest in the body, and then it has the fewest.
fn leaves(error: &ValidationError<'_>) -> Vec<Leaf> {
    let (ValidationErrorKind::AnyOf { context: branches }
    | ValidationErrorKind::OneOfNotValid { context: branches }) = error.kind()
    else {
        return vec![leaf(error)];
    };
    let judged = branches
        .iter()
        .map(|branch| branch.iter().flat_map(leaves).collect::<Vec<_>>());
    let best = judged.filter(|leaves| !leaves.is_empty()).max_by_key(|leaves| {
        // A wrong `type` means that another branch was meant.
        let meant = !leaves.iter().any(|l| l.path.ends_with("/type"));
        let depth = leaves.iter().map(|l| l.depth).max().unwrap_or(0);
        (meant, depth, usize::MAX - leaves.len())
    });
    best.unwrap_or_else(|| vec![leaf(error)])
}

fn leaf(error: &ValidationError<'_>) -> Leaf {
    let path = error.instance_path().to_string();
    let text: String = format!("{}: {error}", if path.is_empty() { "/" } else { &path })
        .chars()
        .take(MAX_COMPLAINT)
        .collect();
    Leaf {
        depth: path.matches('/').count(),
        path,
        text,
        instance: error.instance().as_ref().clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exception_says_why() {
        assert!(EXCEPTIONS.iter().all(|e| e.reason.len() > 20));
    }

    #[test]
    fn a_missing_document_is_an_error_that_names_it() {
        let error = OpenApi::load(Path::new("/nowhere/openapi.json"))
            .err()
            .map(|e| e.to_string());
        assert!(error.unwrap_or_default().contains("/nowhere/openapi.json"));
    }
}
