//! How a film database behaves, well or badly.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What a server does with every request, or with connections at all.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// It answers as it should.
    Fine,
    /// It answers as it should, so much later.
    Delay(Duration),
    /// Nobody listens on its port.
    Refuse,
    /// It greets with plain HTTP, whatever the other side speaks.
    PlainGreeting,
    /// It reads the request and resets the connection.
    Reset,
    /// It reads the request and is silent.
    Hang,
    /// It sends the headers and is silent then.
    HeadersThenSilence,
    /// It answers as it should, a byte every 100 ms.
    Drip,
    /// It sends small chunks without end.
    EndlessChunks,
    /// It promises more bytes than it sends.
    Truncated,
    /// It redirects this path to that one, and otherwise answers as it should.
    RedirectPath {
        /// The path that is asked for.
        from: String,
        /// Where it sends the asker.
        to: String,
    },
    /// It sends this, whatever it is asked.
    Answer {
        /// The status.
        status: u16,
        /// Headers besides the length.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Vec<u8>,
    },
}

impl Behaviour {
    /// Status 200 with this body.
    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    /// This status with this body.
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// A web page with this status, as proxies and firewalls send it.
    pub fn web_page(status: u16) -> Self {
        Self::status(status, "<!DOCTYPE html><html><body>Oops</body></html>")
            .with("Content-Type", "text/html")
    }

    /// The firewall's challenge: 202 and nothing.
    pub fn challenge() -> Self {
        Self::status(202, "").with("x-amzn-waf-action", "challenge")
    }

    /// 429 with this `Retry-After`.
    pub fn too_many(retry_after: &str) -> Self {
        Self::status(429, "{}").with("Retry-After", retry_after)
    }

    /// 307 to this address.
    pub fn redirect(to: &str) -> Self {
        Self::status(307, "").with("Location", to)
    }

    /// Redirects one path to another of the same server.
    pub fn redirect_path(from: &str, to: &str) -> Self {
        Self::RedirectPath {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    /// OMDb's way of saying no.
    pub fn omdb_error(status: u16, error: &str) -> Self {
        Self::status(status, format!(r#"{{"Response":"False","Error":"{error}"}}"#))
    }

    /// A JSON text of so many bytes.
    pub fn huge(bytes: usize) -> Self {
        Self::body(format!(r#"{{"meta":{{"name":"{}"}}}}"#, "x".repeat(bytes)))
    }

    /// Ten megabytes in ten kilobytes.
    pub fn gzip_bomb() -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let written = encoder.write_all(&vec![b' '; 10 * 1024 * 1024]);
        let bomb = written
            .and_then(|()| encoder.finish())
            .expect("compressing in memory");
        Self::body(bomb).with("Content-Encoding", "gzip")
    }

    /// With one more header.
    fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answer {
                status,
                mut headers,
                body,
            } => {
                headers.push((name, value.to_owned()));
                Self::Answer {
                    status,
                    headers,
                    body,
                }
            }
            other => other,
        }
    }
}
