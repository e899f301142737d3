//! Judges values: what each setting must look like, and the sentence for one that does not.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use figment::Figment;
use figment::value::Value;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::problem::Problem;
use crate::domain::film::Source;

/// What is wrong with a value, as the end of a sentence that begins with the setting's name.
type Wrong = String;

/// Reads settings one by one and remembers what is wrong with each.
pub(super) struct Reader<'a> {
    figment: &'a Figment,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(figment: &'a Figment, problems: Vec<Problem>) -> Self {
        Self { figment, problems }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The setting, when it is set and right.
    pub(super) fn one<T>(&mut self, path: &str, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let value = self.figment.find_value(path).ok()?;
        let parsed = as_text(&value).and_then(|text| parse(&text));
        self.keep(path, parsed)
    }

    /// The setting, when it is set and right: `true`, `false`, or a text that says so.
    pub(super) fn flag(&mut self, path: &str) -> Option<bool> {
        let value = self.figment.find_value(path).ok()?;
        let parsed = match value {
            Value::Bool(_, on) => Ok(on),
            other => as_text(&other).and_then(|text| on_or_off(&text)),
        };
        self.keep(path, parsed)
    }

    /// The setting as a list, when it is set and right: an array, or names between commas.
    pub(super) fn list<T>(&mut self, path: &str, parse: impl Fn(&str) -> Result<T, Wrong>) -> Option<Vec<T>> {
        let value = self.figment.find_value(path).ok()?;
        let parsed = as_texts(&value).and_then(|texts| texts.iter().map(|text| parse(text)).collect());
        self.keep(path, parsed)
    }

    /// Notes that this setting is wrong.
    pub(super) fn refuse(&mut self, path: &str, wrong: &str) {
        let origin = self.figment.find_metadata(path).map_or_else(
            || "not set".to_owned(),
            |metadata| metadata.name.clone().into_owned(),
        );
        self.problems
            .push(Problem::new(format!("`{path}` ({origin}) {wrong}")));
    }

    fn keep<T>(&mut self, path: &str, parsed: Result<T, Wrong>) -> Option<T> {
        parsed.map_err(|wrong| self.refuse(path, &wrong)).ok()
    }
}

fn as_text(value: &Value) -> Result<String, Wrong> {
    match value {
        Value::String(_, text) => Ok(text.trim().to_owned()),
        Value::Num(_, number) => Ok(number
            .to_i128()
            .map(|number| number.to_string())
            .or_else(|| number.to_f64().map(|number| number.to_string()))
            .unwrap_or_default()),
        _ => Err("must be a text, in quotes.".to_owned()),
    }
}

fn as_texts(value: &Value) -> Result<Vec<String>, Wrong> {
    match value {
        Value::Array(_, values) => values.iter().map(as_text).collect(),
        Value::String(_, text) => Ok(text
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()),
        _ => Err("must be a list of texts, as in [\"a\", \"b\"].".to_owned()),
    }
}

/// A length of time with its unit, within bounds.
pub(super) fn duration(text: &str, bounds: &RangeInclusive<Duration>) -> Result<Duration, Wrong> {
    let (least, most) = (*bounds.start(), *bounds.end());
    let told = |time| humantime::format_duration(time);
    let duration = humantime::parse_duration(text).map_err(|_| {
        format!(
            "is {text:?}, which is no length of time: write a number and a unit, as in \"3s\" or \"24h\"."
        )
    })?;
    if bounds.contains(&duration) {
        Ok(duration)
    } else {
        Err(format!(
            "is {text:?}, but must be from {} to {}.",
            told(least),
            told(most)
        ))
    }
}

/// Whether a text says yes or no.
fn on_or_off(text: &str) -> Result<bool, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err(format!("is {text:?}, but must be \"on\" or \"off\".")),
    }
}

/// The address of a service: https, or http on this machine.
pub(super) fn base_url(text: &str) -> Result<Url, Wrong> {
    // What was typed may hold a password, so no sentence repeats it.
    let url = Url::parse(text)
        .map_err(|error| format!("is not a URL ({error}): write one as in \"https://example.org\"."))?;
    let on_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if on_this_machine => {}
        "http" => {
            return Err("is http, which is allowed on this machine's own addresses only: use https.".into());
        }
        other => return Err(format!("begins with {other}:, but must be an https URL.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a name or password, which a base URL must not.".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a part after ? or #, which a base URL must not.".into());
    }
    Ok(url)
}

/// The address of a service that can be done without, or `off`.
pub(super) fn base_url_or_off(text: &str) -> Result<Option<Url>, Wrong> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    base_url(text).map(Some)
}

/// A database's URL, by its scheme.
pub(super) fn database_url(text: &str) -> Result<SecretString, Wrong> {
    let sqlite = text.starts_with("sqlite:") && text.len() > "sqlite:".len();
    let postgres = ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    if !(sqlite || postgres) {
        return Err(
            "is neither a \"sqlite://FILE\" nor a \"postgres://USER:PASSWORD@HOST/DATABASE\" URL.".into(),
        );
    }
    if postgres && Url::parse(text).is_err() {
        return Err(
            "is not a valid URL; characters like @ : / # in a password are written as %40 %3A %2F %23."
                .into(),
        );
    }
    Ok(text.to_owned().into())
}

/// A token or key: printable ASCII, since it goes into an HTTP header.
pub(super) fn secret(text: &str) -> Result<SecretString, Wrong> {
    if text.is_empty() {
        return Err("is empty.".into());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has a blank, or a character that no such secret has: copy it again.".into());
    }
    Ok(text.to_owned().into())
}

/// Discord's token, with or without the word `Bot ` before it.
pub(super) fn token(text: &str) -> Result<SecretString, Wrong> {
    secret(text.strip_prefix("Bot ").unwrap_or(text).trim())
}

/// A provider's name.
pub(super) fn provider(text: &str) -> Result<Source, Wrong> {
    [Source::Tmdb, Source::Omdb, Source::Cinemeta]
        .into_iter()
        .find(|source| source.as_str() == text.to_ascii_lowercase())
        .ok_or_else(|| format!("names {text:?}, but there are tmdb, omdb and cinemeta only."))
}

/// Requests a day, or `off` for as many as the provider takes.
pub(super) fn daily_limit(text: &str) -> Result<Option<u64>, Wrong> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    text.parse()
        .ok()
        .filter(|limit| *limit > 0)
        .map(Some)
        .ok_or_else(|| {
            format!("is {text:?}, but must be a number of requests a day, as in 1000, or \"off\".")
        })
}

/// The origin of pictures: a host's name, which means https, or a base URL without a path.
pub(super) fn origin(text: &str) -> Result<String, Wrong> {
    let named = |wrong: &str| format!("names {text:?}, which {wrong}");
    let url = if text.contains("://") {
        base_url(text).map_err(|wrong| named(&wrong))?
    } else {
        base_url(&format!("https://{text}"))
            .map_err(|_| named("is no host: write, for example, \"img.example.org\"."))?
    };
    if url.path() == "/" {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(named("has a path: write the host alone."))
    }
}

/// The longest address that Discord takes for a button.
const PAGE_CHARS: usize = 512;

/// The address of a page that members may open.
pub(super) fn page(text: &str) -> Result<String, Wrong> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.scheme() == "https" && url.has_host());
    let url = url.map(String::from).filter(|url| url.len() <= PAGE_CHARS);
    url.ok_or_else(|| {
        format!("must be the address of a page, as in \"https://example.org/privacy\", of at most {PAGE_CHARS} characters.")
    })
}

/// Where to listen, or `off`.
pub(super) fn listen(text: &str) -> Result<Option<SocketAddr>, Wrong> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    text.parse::<SocketAddr>()
        .or_else(|error| {
            text.strip_prefix("localhost:")
                .and_then(|port| port.parse().ok())
                .map(|port| SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port))
                .ok_or(error)
        })
        .map(Some)
        .map_err(|_| {
            format!(
                "is {text:?}, but must be an IP address and a port, as in \"127.0.0.1:9464\", or \"off\"."
            )
        })
}

/// A log filter that the subscriber understands.
pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    EnvFilter::builder()
        .parse(text)
        .map(|_| text.to_owned())
        .map_err(|error| {
            format!(
                "is {text:?}, which is no log filter ({error}): write, for example, \"warn,marquee=debug\"."
            )
        })
}
