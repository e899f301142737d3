//! One provider's place on the web: its base URL, who asks, and where it may send us on to.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::catalogue::settings::CatalogueError;
use crate::domain::film::Source;

/// Where requests go, and the rules of where they may be sent on to.
#[derive(Debug)]
pub(in crate::catalogue) struct Site {
    base: Url,
    bearer: Option<HeaderValue>,
    redirect_hosts: &'static [&'static str],
}

impl Site {
    /// The site at this base URL: https, or http on a loopback address; no user, query or fragment.
    /// `redirect_hosts` are those to which it may redirect besides itself, over https.
    pub(in crate::catalogue) fn new(
        source: Source,
        base_url: &str,
        redirect_hosts: &'static [&'static str],
    ) -> Result<Self, CatalogueError> {
        let refused = |reason| CatalogueError::BaseUrl {
            source_name: source,
            reason,
        };
        let mut base = Url::parse(base_url.trim()).map_err(|_| refused("it is no URL"))?;
        check_origin(&base).map_err(refused)?;
        if base.query().is_some() || base.fragment().is_some() {
            return Err(refused("it has a query or a fragment"));
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self {
            base,
            bearer: None,
            redirect_hosts,
        })
    }

    /// The same site, asked with this token in the `Authorization` header.
    pub(in crate::catalogue) fn with_bearer(
        mut self,
        source: Source,
        token: &SecretString,
    ) -> Result<Self, CatalogueError> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| CatalogueError::Key(source))?;
        header.set_sensitive(true);
        self.bearer = Some(header);
        Ok(self)
    }

    /// The URL of `path` (which begins with `/` and is already percent-encoded) under the base.
    pub(in crate::catalogue) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let base_path = self.base.path().trim_end_matches('/');
        url.set_path(&format!("{base_path}{path}"));
        url
    }

    /// The header to send to this URL: the token goes to its own site only.
    pub(super) fn bearer_for(&self, url: &Url) -> Option<&HeaderValue> {
        self.bearer.as_ref().filter(|_| self.is_own(url))
    }

    /// Whether a redirect may lead there.
    pub(super) fn may_redirect_to(&self, url: &Url) -> bool {
        let plain = url.username().is_empty() && url.password().is_none();
        let listed = url.scheme() == "https"
            && url.port().is_none()
            && url
                .host_str()
                .is_some_and(|host| self.redirect_hosts.contains(&host));
        plain && (listed || self.is_own(url))
    }

    fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }
}

/// Checks that requests may go to this origin at all; otherwise says why not.
pub(in crate::catalogue) fn check_origin(url: &Url) -> Result<(), &'static str> {
    let loopback = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("it names no host"),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it names a user");
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err("http is for loopback addresses only"),
        _ => Err("it is not https"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base_url: &str) -> Result<Site, CatalogueError> {
        Site::new(Source::Cinemeta, base_url, &["cinemeta-live.strem.io"])
    }

    #[test]
    fn base_urls_are_https_or_loopback() {
        for good in [
            "https://v3-cinemeta.strem.io",
            "https://proxy.example.org:8443/cinemeta/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost:8080/3",
        ] {
            assert!(site(good).is_ok(), "{good}");
        }
        for bad in [
            "http://v3-cinemeta.strem.io",
            "http://169.254.169.254",
            "https://user:pw@example.org",
            "https://example.org/?x=1",
            "ftp://127.0.0.1",
            "v3-cinemeta.strem.io",
            "",
        ] {
            assert!(site(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_go_under_the_base() {
        for base in ["https://a.example/3", "https://a.example/3/"] {
            let site = site(base).expect(base);
            assert_eq!(
                site.url("/find/tt0111161").as_str(),
                "https://a.example/3/find/tt0111161"
            );
        }
        let bare = site("https://a.example").expect("a base");
        assert_eq!(bare.url("/").as_str(), "https://a.example/");
        assert_eq!(
            bare.url("/search=a%2Fb.json").as_str(),
            "https://a.example/search=a%2Fb.json"
        );
    }

    #[test]
    fn redirects_stay_on_the_list_or_at_home() {
        let site = site("http://127.0.0.1:8080").expect("a base");
        for (target, allowed) in [
            ("http://127.0.0.1:8080/other", true),
            ("https://cinemeta-live.strem.io/meta/x.json", true),
            ("http://cinemeta-live.strem.io/meta/x.json", false),
            ("https://cinemeta-live.strem.io:444/meta/x.json", false),
            ("https://cinemeta-live.strem.io.evil.tld/", false),
            ("https://someone@cinemeta-live.strem.io/", false),
            ("http://127.0.0.1:9090/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("https://example.org/", false),
        ] {
            let url = Url::parse(target).expect(target);
            assert_eq!(site.may_redirect_to(&url), allowed, "{target}");
        }
    }

    #[test]
    fn a_token_goes_home_and_is_not_printed() {
        let site = site("https://api.example.org/3")
            .and_then(|site| site.with_bearer(Source::Tmdb, &SecretString::from("sesame")))
            .expect("a site");
        assert!(site.bearer_for(&site.url("/find")).is_some());
        let elsewhere = Url::parse("https://cinemeta-live.strem.io/").expect("a URL");
        assert!(site.bearer_for(&elsewhere).is_none());
        assert!(!format!("{site:?}").contains("sesame"));
    }
}
