//! What the bot did wrong, as a record. The rules themselves are in [`crate::rules`] and the routes.

use std::fmt;

use serde::Serialize;

use crate::id::Id;

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// A request to a path that this simulator does not have.
    UnknownRoute,
    /// A request that Discord refuses: a limit, a missing permission, a wrong token, an unknown thing.
    RefusedRequest,
    /// A first answer after the deadline.
    LateAnswer,
    /// A second first answer.
    DoubleAnswer,
    /// No first answer within the deadline.
    Unanswered,
    /// A deferred answer that never got its content.
    LeftLoading,
    /// A request on a bucket that had just said how long to wait.
    IgnoredRateLimit,
    /// A request that Discord's `OpenAPI` document does not allow.
    OpenApi,
    /// A gateway frame that Discord closes the connection for.
    Gateway,
    /// An embed that names an attachment which the message does not have.
    DanglingAttachment,
}

/// One thing the bot did wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Milliseconds since the simulator started.
    pub at_ms: f64,
    /// The rule that was broken.
    pub rule: Rule,
    /// What happened, in words, with paths into the request where there are any.
    pub detail: String,
    /// The interaction it was about, if any.
    pub interaction_id: Option<Id>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{:>8.1} ms] {:?}: {}", self.at_ms, self.rule, self.detail)
    }
}
