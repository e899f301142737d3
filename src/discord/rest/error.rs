//! How a call of Discord's HTTP API can fail, and which failures may pass.

use std::time::Duration;

/// The pause before a call that failed for a passing reason is made again.
pub(super) const BREATHER: Duration = Duration::from_millis(250);

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Discord asks to wait, longer than there is time.
    #[error("Discord asks to wait for {0:?}")]
    RateLimited(Duration),
    /// Discord answered no.
    #[error("Discord answered {status} (code {code}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own code; 0 when the answer had none.
        code: i64,
        /// Discord's words.
        message: String,
    },
    /// No connection: the call has not arrived.
    #[error("Discord cannot be reached: {0}")]
    Unreachable(String),
    /// The call may have arrived, and no usable answer came.
    #[error("no usable answer from Discord: {0}")]
    Unanswered(String),
    /// The call cannot be made as it is, for instance because the token is no header's value.
    #[error("the call cannot be made: {0}")]
    Unsendable(String),
}

impl CallError {
    /// The message, or what it stood in, does not exist any more.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// The message itself was deleted; not merely the right to reach it this way.
    pub const fn is_unknown_message(&self) -> bool {
        matches!(self, Self::Refused { code: 10008, .. })
    }

    /// There is no reaction with this emoji.
    pub const fn is_unknown_emoji(&self) -> bool {
        matches!(self, Self::Refused { code: 10014, .. })
    }

    /// The user is no member of the server.
    pub const fn is_unknown_member(&self) -> bool {
        matches!(self, Self::Refused { code: 10007, .. })
    }

    /// The bot may not do this there.
    pub const fn is_forbidden(&self) -> bool {
        matches!(self, Self::Refused { status: 403, .. })
    }

    /// The token is not (or no longer) valid.
    pub const fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// The interaction has its first answer already.
    pub const fn is_answered_already(&self) -> bool {
        matches!(self, Self::Refused { code: 40060, .. })
    }

    /// It failed for a passing reason, and may have taken effect all the same.
    pub(super) const fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Refused { status: 500.., .. })
    }

    /// The pause after which the call may be made again; `None` when it must not be.
    pub(super) fn retry_after(&self, repeatable: bool) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) => Some(*wait),
            Self::Unreachable(_) => Some(BREATHER),
            _ if repeatable && self.may_have_arrived() => Some(BREATHER),
            Self::Refused { .. } | Self::Unanswered(_) | Self::Unsendable(_) => None,
        }
    }

    /// The error of a transport that failed, in its own words and its causes', without the address.
    pub(super) fn of_transport(error: reqwest::Error) -> Self {
        let unsent = error.is_connect();
        let error = error.without_url();
        // reqwest's own text says little; the cause is what an operator needs.
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        if unsent {
            Self::Unreachable(text)
        } else {
            Self::Unanswered(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> CallError {
        CallError::Refused {
            status,
            code: 0,
            message: String::new(),
        }
    }

    #[test]
    fn what_may_have_arrived_is_made_again_only_if_that_does_no_harm() {
        for error in [CallError::Unanswered(String::new()), refused(500), refused(503)] {
            assert_eq!(error.retry_after(true), Some(BREATHER), "{error}");
            assert_eq!(error.retry_after(false), None, "{error}");
        }
        let unsent = CallError::Unreachable(String::new());
        assert_eq!(unsent.retry_after(false), Some(BREATHER));
    }

    #[test]
    fn a_wait_is_as_long_as_discord_says_and_a_no_is_final() {
        let wait = Duration::from_millis(1234);
        assert_eq!(CallError::RateLimited(wait).retry_after(false), Some(wait));
        for status in [400, 401, 403, 404] {
            assert_eq!(refused(status).retry_after(true), None, "{status}");
        }
    }
}
