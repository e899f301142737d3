//! Every failure case of the facts as one table: who misbehaves how, and the class that it must fall into.

use marquee::catalogue::AnswerCounts;
use marquee::domain::film::Source;

use crate::harness::providers::Behaviour;

/// The class of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    NotFound,
    Transient,
    Quota,
    BadKey,
    Unreadable,
}

impl Class {
    /// How often answers fell into it.
    pub const fn counted_in(self, counts: AnswerCounts) -> u64 {
        match self {
            Self::NotFound => counts.not_found,
            Self::Transient => counts.transient,
            Self::Quota => counts.quota,
            Self::BadKey => counts.bad_key,
            Self::Unreadable => counts.unreadable,
        }
    }
}

/// One failure case.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: String,
    pub source: Source,
    pub behaviour: Behaviour,
    pub class: Class,
    /// Whether the provider does not come to an end by itself.
    pub hangs: bool,
}

impl Case {
    fn of(source: Source, name: &str, behaviour: Behaviour, class: Class) -> Self {
        Self {
            name: name.to_owned(),
            source,
            behaviour,
            class,
            hangs: false,
        }
    }

    /// Whether a provider that is well again is trusted at once: no quota and no key is in its way.
    pub const fn passes(&self) -> bool {
        matches!(self.class, Class::Transient | Class::Unreadable) && !self.hangs && !self.speaks_tls()
    }

    /// Whether it must be asked over TLS to fail.
    pub const fn speaks_tls(&self) -> bool {
        matches!(self.behaviour, Behaviour::PlainGreeting)
    }

    fn hanging(self) -> Self {
        Self { hangs: true, ..self }
    }
}

/// Every failure case, on each provider that can have it. `forbidden` is a server that must see no request.
pub fn all(forbidden: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for source in [Source::Tmdb, Source::Omdb, Source::Cinemeta] {
        cases.extend(of_the_connection(source));
        cases.extend(of_the_status(source));
        cases.extend(of_redirects(source, forbidden));
        cases.extend(of_the_body(source));
    }
    cases.extend(of_omdb());
    cases.extend(of_tmdb());
    cases.extend(of_cinemeta());
    cases
}

fn of_the_connection(source: Source) -> Vec<Case> {
    let case = |name, behaviour| Case::of(source, name, behaviour, Class::Transient);
    vec![
        case("refused", Behaviour::Refuse),
        case("reset", Behaviour::Reset),
        // Asked over TLS, see [`Case::speaks_tls`].
        case("TLS that is none", Behaviour::PlainGreeting),
        case("silent", Behaviour::Hang).hanging(),
        case("headers, then silent", Behaviour::HeadersThenSilence).hanging(),
        case("dripping", Behaviour::Drip).hanging(),
        case("endless chunks", Behaviour::EndlessChunks).hanging(),
    ]
}

fn of_the_status(source: Source) -> Vec<Case> {
    let case = |name, behaviour, class| Case::of(source, name, behaviour, class);
    vec![
        case("200 with HTML", Behaviour::web_page(200), Class::Transient),
        case("202, a challenge", Behaviour::challenge(), Class::Transient),
        case("204", Behaviour::status(204, ""), Class::Transient),
        case("200, empty", Behaviour::body(""), Class::Transient),
        case("429 with seconds", Behaviour::too_many("120"), Class::Quota),
        case(
            "429 with a date",
            Behaviour::too_many("Mon, 23 Nov 2026 12:00:00 GMT"),
            Class::Quota,
        ),
        case("429 with nonsense", Behaviour::too_many("soon"), Class::Quota),
        case("304", Behaviour::status(304, ""), Class::Transient),
        case("404 with HTML", Behaviour::web_page(404), Class::Transient),
        case("500 with HTML", Behaviour::web_page(500), Class::Transient),
        case("502 with HTML", Behaviour::web_page(502), Class::Transient),
        case("503 with HTML", Behaviour::web_page(503), Class::Transient),
        case("522 with HTML", Behaviour::web_page(522), Class::Transient),
        case("403 with HTML", Behaviour::web_page(403), Class::Transient),
    ]
}

fn of_redirects(source: Source, forbidden: &str) -> Vec<Case> {
    let targets = [
        ("a redirect loop", "/round/and/round".to_owned()),
        ("a redirect to http", "http://cinemeta-live.strem.io/x".to_owned()),
        ("a redirect to a loopback address", forbidden.to_owned()),
        (
            "a redirect to localhost",
            forbidden.replace("127.0.0.1", "localhost"),
        ),
        (
            "a redirect to a link-local address",
            "http://169.254.169.254/".to_owned(),
        ),
        (
            "a redirect to a loopback address with a name before it",
            forbidden.replace("127.0.0.1", "user@127.0.0.1"),
        ),
        ("a redirect to another host", "https://example.org/".to_owned()),
        ("a redirect to a file", "file:///etc/passwd".to_owned()),
        ("a redirect to nowhere", "//".to_owned()),
    ];
    targets
        .into_iter()
        .map(|(name, to)| Case::of(source, name, Behaviour::redirect(&to), Class::Transient))
        .collect()
}

fn of_the_body(source: Source) -> Vec<Case> {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let bodies = [
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"film\"".to_vec()),
        ("a number", b"42".to_vec()),
        ("nested 200 deep", deep.into_bytes()),
        ("invalid UTF-8", b"{\"a\":\"\xFF\xFE\"}".to_vec()),
        ("invalid JSON", b"{\"Plot\":\"a \"quoted\" word\"}".to_vec()),
    ];
    let mut cases: Vec<Case> = bodies
        .into_iter()
        .map(|(name, body)| Case::of(source, name, Behaviour::body(body), Class::Unreadable))
        .collect();
    cases.extend(
        [
            ("a truncated body", Behaviour::Truncated),
            ("10 MB", Behaviour::huge(10 * 1024 * 1024)),
            ("a gzip bomb", Behaviour::gzip_bomb()),
        ]
        .map(|(name, behaviour)| Case::of(source, name, behaviour, Class::Unreadable)),
    );
    cases
}

fn of_omdb() -> Vec<Case> {
    let texts = [
        (200, "Movie not found!", Class::NotFound),
        (200, "Incorrect IMDb ID.", Class::NotFound),
        (200, "Error getting data.", Class::NotFound),
        (401, "Invalid API key!", Class::BadKey),
        (401, "No API key provided.", Class::BadKey),
        (401, "Request limit reached!", Class::Quota),
        (401, "Daily request limit reached!", Class::Quota),
    ];
    texts
        .map(|(status, text, class)| Case::of(Source::Omdb, text, Behaviour::omdb_error(status, text), class))
        .to_vec()
}

fn of_tmdb() -> Vec<Case> {
    let answers = [
        (
            "all empty",
            200,
            r#"{"movie_results":[],"tv_results":[],"person_results":[]}"#,
            Class::NotFound,
        ),
        (
            "only a series",
            200,
            r#"{"movie_results":[],"tv_results":[{"id":1396}]}"#,
            Class::NotFound,
        ),
        (
            "only a person",
            200,
            r#"{"movie_results":[],"person_results":[{"id":1,"name":"Somebody"}]}"#,
            Class::NotFound,
        ),
        ("code 7", 401, r#"{"status_code":7}"#, Class::BadKey),
        ("code 10", 401, r#"{"status_code":10}"#, Class::BadKey),
        ("code 34", 404, r#"{"status_code":34}"#, Class::NotFound),
        ("code 25", 429, r#"{"status_code":25}"#, Class::Quota),
        ("code 9", 503, r#"{"status_code":9}"#, Class::Transient),
        ("bad parameters", 422, r#"{"errors":["query"]}"#, Class::Transient),
    ];
    answers
        .map(|(name, status, body, class)| {
            Case::of(Source::Tmdb, name, Behaviour::status(status, body), class)
        })
        .to_vec()
}

fn of_cinemeta() -> Vec<Case> {
    let deep = format!(
        "{{\"meta\":{{\"name\":\"x\",\"a\":{}{}}}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    let bodies = [
        (
            "a nameless hit",
            br#"{"meta":{"id":"tt9000001","type":"movie"}}"#.to_vec(),
            Class::NotFound,
        ),
        ("an empty object", b"{}".to_vec(), Class::NotFound),
        ("no meta", br#"{"meta":null}"#.to_vec(), Class::NotFound),
        (
            "an empty name",
            br#"{"meta":{"name":""}}"#.to_vec(),
            Class::NotFound,
        ),
        ("a film nested 200 deep", deep.into_bytes(), Class::Unreadable),
        (
            "a film in invalid UTF-8",
            b"{\"meta\":{\"name\":\"\xFF\xFE\"}}".to_vec(),
            Class::Unreadable,
        ),
        (
            "a film in invalid JSON",
            b"{\"meta\":{\"name\":\"a \"quoted\" word\"}}".to_vec(),
            Class::Unreadable,
        ),
    ];
    bodies
        .map(|(name, body, class)| Case::of(Source::Cinemeta, name, Behaviour::body(body), class))
        .to_vec()
}
