//! The list of every setting: its name, its default, whether it is secret, what else sets it.
//!
//! Owns names only. What a value must look like is decided in [`super::read`].

/// How carefully a setting's value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Whole,
    /// As a URL, without its password.
    WithoutPassword,
    /// Only whether it is set.
    Never,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its path in the configuration file, with dots.
    pub path: &'static str,
    /// What it is when nobody sets it; `None` for what is then simply absent.
    pub default: Option<&'static str>,
    /// How its value is shown.
    pub shown: Shown,
    /// Whether its value may stand in a file of its own (`…_file`, `…_FILE`).
    pub may_come_from_file: bool,
    /// Environment variables that set it too, the more specific later. `MARQUEE_<SECTION>__<KEY>`
    /// always does, and wins over these.
    pub aliases: &'static [&'static str],
}

const fn open(path: &'static str, default: Option<&'static str>) -> Key {
    Key {
        path,
        default,
        shown: Shown::Whole,
        may_come_from_file: false,
        aliases: &[],
    }
}

const fn url(path: &'static str, default: &'static str) -> Key {
    Key {
        shown: Shown::WithoutPassword,
        ..open(path, Some(default))
    }
}

const fn secret(path: &'static str, aliases: &'static [&'static str]) -> Key {
    Key {
        path,
        default: None,
        shown: Shown::Never,
        may_come_from_file: true,
        aliases,
    }
}

/// Every setting, in the order of the example file.
pub const KEYS: &[Key] = &[
    secret("discord.token", &["DISCORD_TOKEN"]),
    url("discord.api_url", "https://discord.com"),
    open("discord.member_events", Some("off")),
    open("discord.privacy_url", None),
    Key {
        path: "database.url",
        default: Some("sqlite://marquee.db"),
        shown: Shown::WithoutPassword,
        may_come_from_file: true,
        aliases: &["DATABASE_URL"],
    },
    open("metadata.providers", None),
    open("metadata.fetch_timeout", Some("3s")),
    open("metadata.cache_ttl", Some("24h")),
    open("metadata.renew_ahead", Some("on")),
    open("metadata.poster_hosts", None),
    secret("metadata.tmdb.access_token", &[]),
    url("metadata.tmdb.base_url", "https://api.themoviedb.org/3"),
    secret("metadata.omdb.api_key", &[]),
    url("metadata.omdb.base_url", "https://www.omdbapi.com"),
    open("metadata.omdb.daily_limit", Some("1000")),
    url("metadata.cinemeta.base_url", "https://v3-cinemeta.strem.io"),
    url("metadata.wikidata.base_url", "https://query.wikidata.org"),
    open("ops.listen", Some("127.0.0.1:9464")),
    Key {
        path: "log.filter",
        default: Some("warn,marquee=info"),
        shown: Shown::Whole,
        may_come_from_file: false,
        aliases: &["RUST_LOG", "MARQUEE_LOG"],
    },
    open("log.format", Some("auto")),
];

impl Key {
    /// The setting with this path.
    pub fn find(path: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.path == path)
    }

    /// Its own environment variable: `metadata.fetch_timeout` is `MARQUEE_METADATA__FETCH_TIMEOUT`.
    pub fn variable(&self) -> String {
        format!("MARQUEE_{}", self.path.replace('.', "__").to_uppercase())
    }

    /// Every environment variable that sets it, the one that wins last.
    pub fn variables(&self) -> impl Iterator<Item = String> {
        self.aliases
            .iter()
            .map(|alias| (*alias).to_owned())
            .chain([self.variable()])
    }
}

/// Whether a name is a section of the file (`metadata`, `metadata.omdb`) rather than a setting.
pub fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| {
        key.path
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('.'))
    })
}

/// The setting that somebody may have meant by this path.
pub fn nearest_path(path: &str) -> Option<String> {
    // The right name in the wrong section, or in none, is the commoner slip.
    let last = path.rsplit('.').next().unwrap_or(path);
    let mut same_name = KEYS
        .iter()
        .filter(|key| key.path.rsplit('.').next() == Some(last));
    if let (Some(only), None) = (same_name.next(), same_name.next()) {
        return Some(only.path.to_owned());
    }
    nearest(
        path,
        KEYS.iter().flat_map(|key| {
            let file = key.may_come_from_file.then(|| format!("{}_file", key.path));
            [Some(key.path.to_owned()), file].into_iter().flatten()
        }),
    )
}

/// The environment variable that somebody may have meant by this name.
pub fn nearest_variable(name: &str) -> Option<String> {
    nearest(
        name,
        KEYS.iter().flat_map(|key| {
            key.variables().flat_map(|variable| {
                let file = key.may_come_from_file.then(|| format!("{variable}_FILE"));
                [Some(variable), file].into_iter().flatten()
            })
        }),
    )
}

fn nearest(typed: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|name| (strsim::damerau_levenshtein(typed, &name), name))
        .min()
        // A third of the letters wrong is another word, not a slip.
        .filter(|(distance, name)| *distance <= (name.len() / 3).max(2))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_setting_that_was_meant() {
        for (typed, meant) in [
            ("metadata.fetch_time", "metadata.fetch_timeout"),
            ("metadata.fetch-timeout", "metadata.fetch_timeout"),
            ("discord.tokne", "discord.token"),
            ("token", "discord.token"),
            ("metadata.api_key", "metadata.omdb.api_key"),
            ("databse.url_file", "database.url_file"),
        ] {
            assert_eq!(nearest_path(typed).as_deref(), Some(meant), "{typed}");
        }
        assert_eq!(nearest_path("colour.of.the.curtains"), None);
        assert_eq!(
            nearest_variable("MARQUEE_METADATA_FETCH_TIMEOUT").as_deref(),
            Some("MARQUEE_METADATA__FETCH_TIMEOUT")
        );
    }

    #[test]
    fn variables_follow_the_rule_and_the_own_one_wins() {
        let token = Key::find("discord.token").unwrap();
        assert_eq!(
            token.variables().collect::<Vec<_>>(),
            ["DISCORD_TOKEN", "MARQUEE_DISCORD__TOKEN"]
        );
    }
}
