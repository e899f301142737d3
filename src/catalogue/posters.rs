//! Which pictures are shown: a bad image URL makes Discord refuse the whole message, and one on an
//! unknown host lets a stranger see who looks.

use url::{Origin, Url};

use super::fetcher::check_origin;
use super::settings::CatalogueError;

/// The hosts of the providers' posters.
const HOSTS: [&str; 3] = ["m.media-amazon.com", "image.tmdb.org", "images.metahub.space"];

/// Amazon's earlier hosts; what they had under `/images/M/` lives on at the present one.
const EARLIER_HOSTS: [&str; 2] = ["ia.media-imdb.com", "images-na.ssl-images-amazon.com"];

/// The longest URL that Discord takes, in characters.
const URL_CHARS: usize = 2_048;

/// Where posters may come from.
#[derive(Debug)]
pub(super) struct PosterRules {
    extra: Vec<Origin>,
}

impl PosterRules {
    /// The providers' hosts and these origins of the operator's.
    pub(super) fn new(origins: Vec<String>) -> Result<Self, CatalogueError> {
        let extra = origins
            .into_iter()
            .map(|origin| {
                let refused = |reason| CatalogueError::PosterHost {
                    origin: origin.clone(),
                    reason,
                };
                let url = Url::parse(origin.trim()).map_err(|_| refused("it is no URL"))?;
                check_origin(&url).map_err(refused)?;
                Ok(url.origin())
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { extra })
    }

    /// The poster's URL as it is shown, in the size that is shown; `None` if it may not be.
    pub(super) fn admit(&self, raw: &str) -> Option<String> {
        let mut url = Url::parse(raw.trim()).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        move_to_present_host(&mut url);
        let listed = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| HOSTS.contains(&host));
        if !listed && !self.extra.contains(&url.origin()) {
            return None;
        }
        ask_for_shown_size(&mut url);
        let shown = String::from(url);
        (shown.len() <= URL_CHARS).then_some(shown)
    }
}

fn move_to_present_host(url: &mut Url) {
    let earlier = url.host_str().is_some_and(|host| EARLIER_HOSTS.contains(&host));
    let web = matches!(url.scheme(), "https" | "http") && url.port().is_none();
    if earlier && web && url.path().starts_with("/images/M/") {
        let moved = url
            .set_scheme("https")
            .and_then(|()| url.set_host(Some(HOSTS[0])).map_err(|_| ()));
        debug_assert!(moved.is_ok(), "both are constants that fit a web address");
    }
}

/// Amazon writes the size into the name, `…@._V1_SX300.jpg`; Metahub into the path.
fn ask_for_shown_size(url: &mut Url) {
    let path = match url.host_str() {
        Some("m.media-amazon.com") => url
            .path()
            .rsplit_once("._V1_")
            .filter(|(_, rest)| !rest.contains('/'))
            .map(|(name, _)| format!("{name}._V1_SX500.jpg")),
        Some("images.metahub.space") => url
            .path()
            .strip_prefix("/poster/small/")
            .or_else(|| url.path().strip_prefix("/poster/large/"))
            .map(|rest| format!("/poster/medium/{rest}")),
        _ => None,
    };
    if let Some(path) = path {
        url.set_path(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(origins: &[&str]) -> PosterRules {
        let origins: Vec<String> = origins.iter().map(ToString::to_string).collect();
        PosterRules::new(origins).expect("origins")
    }

    #[test]
    fn posters_come_from_the_providers_hosts_in_the_shown_size() {
        for (raw, shown) in [
            (
                "https://m.media-amazon.com/images/M/MV5B@._V1_SX300.jpg",
                "https://m.media-amazon.com/images/M/MV5B@._V1_SX500.jpg",
            ),
            (
                "https://m.media-amazon.com/images/M/MV5B@.jpg",
                "https://m.media-amazon.com/images/M/MV5B@.jpg",
            ),
            (
                "http://ia.media-imdb.com/images/M/MV5B@._V1_SX300.jpg",
                "https://m.media-amazon.com/images/M/MV5B@._V1_SX500.jpg",
            ),
            (
                "https://images-na.ssl-images-amazon.com/images/M/MV5B@.jpg",
                "https://m.media-amazon.com/images/M/MV5B@.jpg",
            ),
            (
                "https://image.tmdb.org/t/p/w500/abc.jpg",
                "https://image.tmdb.org/t/p/w500/abc.jpg",
            ),
            (
                " https://images.metahub.space/poster/small/tt0111161/img ",
                "https://images.metahub.space/poster/medium/tt0111161/img",
            ),
        ] {
            assert_eq!(rules(&[]).admit(raw).as_deref(), Some(shown));
        }
    }

    #[test]
    fn every_other_picture_is_no_poster() {
        let long = format!("https://image.tmdb.org/{}", "a".repeat(URL_CHARS));
        for raw in [
            "N/A",
            "",
            "/t/p/w500/abc.jpg",
            "//image.tmdb.org/abc.jpg",
            "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            "http://image.tmdb.org/abc.jpg",
            "https://image.tmdb.org:8443/abc.jpg",
            "https://user@image.tmdb.org/abc.jpg",
            "https://image.tmdb.org@evil.tld/abc.jpg",
            "https://image.tmdb.org.evil.tld/abc.jpg",
            "https://evil.tld/image.tmdb.org/abc.jpg",
            "https://ia.media-imdb.com/other/abc.jpg",
            "http://127.0.0.1/abc.jpg",
            "ftp://image.tmdb.org/abc.jpg",
            &long,
        ] {
            assert_eq!(rules(&[]).admit(raw), None, "{raw}");
        }
    }

    #[test]
    fn an_operator_may_name_origins_and_only_those_are_added() {
        let rules = rules(&["http://127.0.0.1:8080", "https://img.example.org"]);
        assert!(rules.admit("http://127.0.0.1:8080/posters/1.svg").is_some());
        assert!(rules.admit("https://img.example.org/1.jpg").is_some());
        for raw in [
            "http://127.0.0.1:8081/1.svg",
            "https://127.0.0.1:8080/1.svg",
            "http://img.example.org/1.jpg",
            "http://user@127.0.0.1:8080/1.svg",
        ] {
            assert_eq!(rules.admit(raw), None, "{raw}");
        }
        for origin in ["http://img.example.org", "img.example.org", "data:,x", ""] {
            assert!(PosterRules::new(vec![origin.to_owned()]).is_err(), "{origin}");
        }
    }
}
