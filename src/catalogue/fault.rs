//! The classes into which every provider's answer falls, and how bytes become JSON or a class.

use serde_json::{Map, Value};

use super::fetcher::{Answer, FetchFault};

/// A JSON object, as providers answer.
pub(super) type Object = Map<String, Value>;

/// Why a provider's answer is of no use (facts: providers, "Outcomes are classes"). The texts are
/// constant, so that nothing of an address, and no key, can get into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was not reached, not in time, or it says itself that it has trouble.
    Transient(&'static str),
    /// Its quota is used up.
    Quota(NamedTime),
    /// It refuses the key.
    BadKey,
    /// It answered, and what it answered cannot be read.
    Unreadable(&'static str),
}

impl Fault {
    /// The class as logs write it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Transient(_) => "transient",
            Self::Quota(_) => "quota",
            Self::BadKey => "bad_key",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// What was wrong, for logs.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Transient(reason) | Self::Unreadable(reason) => reason,
            Self::Quota(_) => "the quota is used up",
            Self::BadKey => "the key is refused",
        }
    }
}

impl From<FetchFault> for Fault {
    fn from(fault: FetchFault) -> Self {
        match fault {
            FetchFault::Unreachable => Self::Transient("not reached"),
            FetchFault::TimedOut => Self::Transient("not in time"),
            FetchFault::Redirect(reason) => Self::Transient(reason),
            FetchFault::TooLarge => Self::Unreadable("longer than 256 KiB"),
            FetchFault::Broken => Self::Unreadable("broken off or badly compressed"),
            FetchFault::Spent => Self::Quota(NamedTime::Unnamed),
        }
    }
}

/// When a provider says that its quota is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedTime {
    /// It does not say.
    Unnamed,
    /// In so many seconds.
    InSecs(u64),
    /// At this time, Unix seconds.
    At(i64),
}

impl NamedTime {
    /// Reads a `Retry-After`: seconds, or a date.
    pub(super) fn from_retry_after(header: Option<&str>) -> Self {
        let Some(text) = header.map(str::trim) else {
            return Self::Unnamed;
        };
        if let Ok(secs) = text.parse() {
            return Self::InSecs(secs);
        }
        chrono::DateTime::parse_from_rfc2822(text).map_or(Self::Unnamed, |date| Self::At(date.timestamp()))
    }
}

/// What a status other than 200 says.
pub(super) fn judge_status(answer: &Answer) -> Result<(), Fault> {
    match answer.status {
        200 => Ok(()),
        429 => Err(Fault::Quota(NamedTime::from_retry_after(
            answer.retry_after.as_deref(),
        ))),
        201..=299 => Err(Fault::Transient("a success without an answer")),
        300..=399 => Err(Fault::Transient("a redirect to nowhere")),
        400..=499 => Err(Fault::Transient("a client error")),
        _ => Err(Fault::Transient("a server error")),
    }
}

/// The object in an answer's body. A web page or nothing at all is what a provider in trouble sends;
/// anything else that is no object is unreadable. `serde_json` stops at 128 levels of nesting.
pub(super) fn read_object(body: &[u8]) -> Result<Object, Fault> {
    match body.trim_ascii_start().first() {
        None => return Err(Fault::Transient("an empty answer")),
        Some(b'<') => return Err(Fault::Transient("a web page instead of data")),
        Some(_) => {}
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Fault::Unreadable("no object")),
        Err(_) => Err(Fault::Unreadable("no JSON")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (header, time) in [
            (None, NamedTime::Unnamed),
            (Some("120"), NamedTime::InSecs(120)),
            (Some(" 5 "), NamedTime::InSecs(5)),
            (Some("Sun, 06 Nov 1994 08:49:37 GMT"), NamedTime::At(784_111_777)),
            (Some("soon"), NamedTime::Unnamed),
            (Some("-3"), NamedTime::Unnamed),
            (Some(""), NamedTime::Unnamed),
        ] {
            assert_eq!(NamedTime::from_retry_after(header), time, "{header:?}");
        }
    }

    #[test]
    fn bodies_that_are_no_object_have_their_class() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for (body, class) in [
            (&b""[..], "transient"),
            (b"  \n", "transient"),
            (b"<!doctype html>", "transient"),
            (b"null", "unreadable"),
            (b"[]", "unreadable"),
            (b"\"text\"", "unreadable"),
            (b"42", "unreadable"),
            (b"{\"Plot\":\"a \"quoted\" word\"}", "unreadable"),
            (b"{\"Plot\":\"raw\ttab\"}", "unreadable"),
            (b"{\"a\":\"\xFF\xFE\"}", "unreadable"),
            (b"{\"a\":1", "unreadable"),
            (deep.as_bytes(), "unreadable"),
        ] {
            let read = read_object(body).map_err(Fault::class);
            assert_eq!(read, Err(class), "{}", String::from_utf8_lossy(body));
        }
        assert!(read_object(b" {}").is_ok());
    }
}
