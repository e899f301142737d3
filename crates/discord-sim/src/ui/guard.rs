//! Who may use the page: a browser on this machine that shows this very page. Another web site, open in
//! the same browser, can send requests to a loopback port too, and must neither read nor do anything.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::outcome::refusal;

/// Lets a request through only if it names this machine as its host (so that a foreign name that
/// resolves to it gains nothing), and, when it would change something, only if the browser says that it
/// comes from a page of the same origin.
pub(super) async fn same_page_only(request: Request, next: Next) -> Response {
    let verdict = check(request.method(), request.headers());
    match verdict {
        Ok(()) => next.run(request).await,
        Err(why) => refusal(StatusCode::FORBIDDEN, why),
    }
}

fn check(method: &Method, headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    let Some(host) = text(header::HOST).filter(|host| is_loopback(host)) else {
        return Err("this page is for the machine it runs on");
    };
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    if let Some(origin) = text(header::ORIGIN)
        && origin != format!("http://{host}")
    {
        return Err("only this page itself may do that");
    }
    if let Some(site) = headers.get("sec-fetch-site")
        && site != "same-origin"
    {
        return Err("only this page itself may do that");
    }
    // A form of another site cannot send this type without asking first, and nobody answers.
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    if content_type
        .split(';')
        .next()
        .is_none_or(|kind| kind.trim() != "application/json")
    {
        return Err("acts are JSON");
    }
    Ok(())
}

/// Whether a `Host` header names this machine, with whatever port.
fn is_loopback(host: &str) -> bool {
    let (name, port) = host
        .rsplit_once(':')
        .filter(|(name, _)| !name.ends_with(':'))
        .unwrap_or((host, "80"));
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn may_post(pairs: &[(&'static str, &'static str)]) -> bool {
        check(&Method::POST, &headers(pairs)).is_ok()
    }

    const JSON: (&str, &str) = ("content-type", "application/json");
    const HERE: (&str, &str) = ("host", "127.0.0.1:4000");

    #[test]
    fn the_page_itself_and_plain_tools_may_act() {
        assert!(may_post(&[HERE, JSON]));
        assert!(may_post(&[
            HERE,
            JSON,
            ("origin", "http://127.0.0.1:4000"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(may_post(&[
            ("host", "localhost:4000"),
            ("content-type", "application/json; charset=utf-8")
        ]));
        assert!(may_post(&[("host", "[::1]:4000"), JSON]));
    }

    #[test]
    fn another_site_may_not_act() {
        assert!(!may_post(&[HERE, JSON, ("origin", "https://evil.example")]));
        assert!(!may_post(&[HERE, JSON, ("origin", "null")]));
        assert!(!may_post(&[HERE, JSON, ("origin", "http://127.0.0.1:5000")]));
        assert!(!may_post(&[HERE, JSON, ("sec-fetch-site", "cross-site")]));
        assert!(!may_post(&[HERE, JSON, ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn a_forms_content_types_are_refused() {
        assert!(!may_post(&[HERE]));
        assert!(!may_post(&[HERE, ("content-type", "text/plain")]));
        assert!(!may_post(&[
            HERE,
            ("content-type", "application/x-www-form-urlencoded")
        ]));
    }

    #[test]
    fn a_foreign_name_for_this_machine_may_not_even_read() {
        for host in [
            "evil.example",
            "evil.example:4000",
            "127.0.0.1.evil.example",
            "localhost.evil:80",
            "::1",
            "",
        ] {
            let foreign: HeaderMap = [(header::HOST, host.parse().unwrap())].into_iter().collect();
            assert!(check(&Method::GET, &foreign).is_err(), "{host}");
        }
        assert!(check(&Method::GET, &HeaderMap::new()).is_err());
        assert!(check(&Method::GET, &headers(&[HERE])).is_ok());
    }
}
