//! The page's own files, compiled in. The page loads nothing from anywhere else, pictures apart.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What the page may do: run its own code, talk to this server, show pictures. Nothing inline, no
/// frames, no forms that leave.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' https: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The files under `/ui/`: name, content type, text.
const FILES: &[(&str, &str, &str)] = &[
    ("style.css", "text/css", include_str!("page/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("app.js", "text/javascript", include_str!("page/app.js")),
    (
        "components.js",
        "text/javascript",
        include_str!("page/components.js"),
    ),
    ("composer.js", "text/javascript", include_str!("page/composer.js")),
    ("dom.js", "text/javascript", include_str!("page/dom.js")),
    ("markdown.js", "text/javascript", include_str!("page/markdown.js")),
    ("menus.js", "text/javascript", include_str!("page/menus.js")),
    ("messages.js", "text/javascript", include_str!("page/messages.js")),
];

/// `/`
pub(super) async fn page() -> Response {
    serve("text/html", include_str!("page/index.html"))
}

/// `/ui/{asset}`
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, content_type, text)) => serve(content_type, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn serve(content_type: &str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{content_type}; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        // A rebuilt simulator on the same port must not be shown with the old page.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::FILES;

    fn scripts() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
        FILES.iter().filter(|(_, kind, _)| *kind == "text/javascript")
    }

    /// Every module that one of the page's files imports, or that the page itself names.
    fn named(text: &str) -> Vec<String> {
        let quoted = text.split('"').skip(1).step_by(2);
        quoted
            .filter_map(|word| word.strip_prefix("./").or_else(|| word.strip_prefix("/ui/")))
            .filter(|word| word.contains('.') && !word.contains(' '))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_part_that_the_page_names_is_served() {
        let html = include_str!("page/index.html");
        let wanted: Vec<_> = named(html)
            .into_iter()
            .chain(scripts().flat_map(|(_, _, text)| named(text)))
            .collect();
        assert!(wanted.len() > FILES.len(), "{wanted:?}");
        for name in wanted {
            assert!(
                FILES.iter().any(|(file, ..)| *file == name),
                "{name} is not served"
            );
        }
    }

    #[test]
    fn text_can_only_ever_become_text() {
        // Whatever a message holds, the page has no means to read it as HTML or as code.
        let dangerous = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "DOMParser",
            "createContextualFragment",
            "srcdoc",
            "eval(",
            "new Function",
            "setHTML",
            "javascript:",
        ];
        for (name, _, text) in scripts() {
            for word in dangerous {
                assert!(!text.contains(word), "{name} uses {word}");
            }
        }
        let html = include_str!("page/index.html");
        assert!(!html.contains("onclick=") && !html.contains("<style") && !html.contains("style="));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for text in FILES
            .iter()
            .map(|(_, _, text)| *text)
            .chain([include_str!("page/index.html")])
        {
            let outside = text.replace("http://www.w3.org/2000/svg", "");
            for (at, _) in outside.match_indices("http") {
                let rest = &outside[at..];
                let address = rest.starts_with("http://") || rest.starts_with("https://");
                assert!(!address, "{}", rest.lines().next().unwrap_or_default());
            }
        }
    }
}
