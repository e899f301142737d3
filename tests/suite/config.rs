//! The configuration: layers, origins, and a clear sentence for everything that can be wrong.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use marquee::config::{Config, EXAMPLE, KEYS, Loaded, Sources, load};
use marquee::domain::film::Source;
use secrecy::ExposeSecret;
use tempfile::TempDir;

const SECRET: &str = "s3cret-of-mine";

/// Sources made of a file with this text, these variables and these flags.
struct Case {
    dir: TempDir,
    sources: Sources,
}

impl Case {
    fn new(file: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, file).unwrap();
        Self {
            dir,
            sources: Sources {
                file: Some(path),
                ..Sources::default()
            },
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, key: &str, value: &str) -> Self {
        self.sources.flags.push((key.into(), value.into()));
        self
    }

    /// A file beside the configuration.
    fn secret_file(&self, text: &str) -> PathBuf {
        let path = self.dir.path().join("secret");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn config(&self) -> Config {
        load(&self.sources).config.unwrap()
    }

    /// The sentences of an invalid configuration, one a line; none of them may hold the secret.
    fn problems(&self) -> String {
        let Loaded { config, settings } = load(&self.sources);
        let told = config.unwrap_err().to_string();
        assert!(!told.contains(SECRET), "{told}");
        assert!(!format!("{settings:?}").contains(SECRET), "{settings:?}");
        told
    }

    fn origin(&self, path: &str) -> String {
        let settings = load(&self.sources).settings;
        let setting = settings.into_iter().find(|setting| setting.path == path);
        setting.unwrap().origin
    }
}

#[test]
fn the_defaults_are_valid_and_ask_only_the_provider_that_needs_no_key() {
    let config = Config::defaults();
    assert_eq!(config.metadata.fetch_timeout, Duration::from_secs(3));
    assert_eq!(config.metadata.cache_ttl, Duration::from_hours(24));
    assert_eq!(config.metadata.providers, [Source::Cinemeta]);
    assert_eq!(config.database.url.expose_secret(), "sqlite://marquee.db");
    assert_eq!(config.discord.api_url.as_str(), "https://discord.com/");
    assert!(config.token().unwrap_err().to_string().contains("DISCORD_TOKEN"));
}

#[test]
fn the_example_sets_every_default_and_names_every_setting() {
    let loaded = load(&Case::new(EXAMPLE).sources);
    assert!(loaded.config.is_ok(), "{:?}", loaded.config);
    for (setting, key) in loaded.settings.iter().zip(KEYS) {
        let default = key.default.map(|default| format!("{default:?}"));
        assert_eq!(setting.value, default, "{} in the example", key.path);
        assert_eq!(
            default.is_some(),
            setting.origin.ends_with("config.toml"),
            "{}",
            key.path
        );
    }

    // The lines that are commented out are settings too, and together they are all there are.
    let mut section = String::new();
    let mut named = BTreeSet::new();
    for line in EXAMPLE.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((name, _)) = line.trim_start_matches('#').split_once(" = ")
            && !line.starts_with("# ")
        {
            named.insert(format!("{section}.{name}"));
        }
    }
    let expected = KEYS.iter().flat_map(|key| {
        let file = key.may_come_from_file.then(|| format!("{}_file", key.path));
        [Some(key.path.to_owned()), file].into_iter().flatten()
    });
    assert_eq!(named, expected.collect());
}

#[test]
fn later_layers_win_and_each_value_knows_its_origin() {
    let file = "[metadata]\nfetch_timeout = \"1s\"\ncache_ttl = \"1h\"\n[database]\nurl = \"sqlite://a.db\"";
    let case = Case::new(file)
        .with("MARQUEE_METADATA__CACHE_TTL", "2h")
        .with("DATABASE_URL", "sqlite://b.db")
        .flag("database.url", "sqlite://c.db");
    let config = case.config();
    assert_eq!(config.metadata.fetch_timeout, Duration::from_secs(1));
    assert_eq!(config.metadata.cache_ttl, Duration::from_hours(2));
    assert_eq!(config.database.url.expose_secret(), "sqlite://c.db");
    assert!(case.origin("metadata.fetch_timeout").ends_with("config.toml"));
    assert_eq!(
        case.origin("metadata.cache_ttl"),
        "environment, MARQUEE_METADATA__CACHE_TTL"
    );
    assert_eq!(case.origin("database.url"), "flag, --set database.url");
    assert_eq!(case.origin("ops.listen"), "default");
}

#[test]
fn the_names_that_scripts_rely_on_are_read() {
    let config = Case::new("")
        .with("DISCORD_TOKEN", SECRET)
        .with("DATABASE_URL", "postgres://me:pw@localhost/marquee")
        .with("MARQUEE_DISCORD__API_URL", "http://127.0.0.1:4000")
        .with("MARQUEE_METADATA__PROVIDERS", "omdb, tmdb,cinemeta")
        .with("MARQUEE_METADATA__OMDB__BASE_URL", "http://localhost:4001/o")
        .with("MARQUEE_METADATA__OMDB__API_KEY", "1234")
        .with("MARQUEE_METADATA__TMDB__BASE_URL", "http://[::1]:4002/3")
        .with("MARQUEE_METADATA__TMDB__ACCESS_TOKEN", "abc.def")
        .with("MARQUEE_METADATA__CINEMETA__BASE_URL", "http://127.0.0.2:4003")
        .with("MARQUEE_METADATA__WIKIDATA__BASE_URL", "http://127.0.0.1:4004")
        .with("MARQUEE_METADATA__FETCH_TIMEOUT", "1500ms")
        .with("MARQUEE_METADATA__CACHE_TTL", "23h 59m")
        .with("MARQUEE_OPS__LISTEN", "127.0.0.1:0")
        .config();
    assert_eq!(config.token().unwrap().expose_secret(), SECRET);
    assert_eq!(config.discord.api_url.as_str(), "http://127.0.0.1:4000/");
    let metadata = config.metadata;
    assert_eq!(metadata.providers, [Source::Omdb, Source::Tmdb, Source::Cinemeta]);
    assert_eq!(metadata.omdb_base_url.as_str(), "http://localhost:4001/o");
    assert_eq!(metadata.omdb_api_key.unwrap().expose_secret(), "1234");
    assert_eq!(metadata.tmdb_base_url.as_str(), "http://[::1]:4002/3");
    assert_eq!(metadata.tmdb_access_token.unwrap().expose_secret(), "abc.def");
    assert_eq!(metadata.cinemeta_base_url.as_str(), "http://127.0.0.2:4003/");
    assert_eq!(
        metadata.wikidata_base_url.unwrap().as_str(),
        "http://127.0.0.1:4004/"
    );
    assert_eq!(metadata.fetch_timeout, Duration::from_millis(1500));
    assert_eq!(config.ops.listen.unwrap().port(), 0);
}

#[test]
fn providers_are_by_default_all_that_are_configured() {
    let config = Case::new("[metadata.omdb]\napi_key = \"k\"").config();
    assert_eq!(config.metadata.providers, [Source::Omdb, Source::Cinemeta]);
    assert!(
        Case::new("[metadata]\nproviders = []")
            .config()
            .metadata
            .providers
            .is_empty()
    );
    assert_eq!(
        Case::new("[metadata]\nproviders = [\"tmdb\", \"cinemeta\", \"cinemeta\"]")
            .problems()
            .lines()
            .count(),
        2
    );
}

#[test]
fn wikidata_can_be_switched_off() {
    let asked = Case::new("").config().metadata.wikidata_base_url;
    assert_eq!(asked.unwrap().as_str(), "https://query.wikidata.org/");
    let off = Case::new("[metadata.wikidata]\nbase_url = \"off\"");
    assert_eq!(off.config().metadata.wikidata_base_url, None);
}

#[test]
fn switches_are_read_in_every_usual_way() {
    for (value, on) in [
        ("\"on\"", true),
        ("true", true),
        ("\"off\"", false),
        ("false", false),
    ] {
        let file =
            format!("[discord]\ntoken = \"x\"\nmember_events = {value}\n[metadata]\nrenew_ahead = {value}");
        let config = Case::new(&file).config();
        assert_eq!(
            (config.discord.member_events, config.metadata.renew_ahead),
            (on, on),
            "{value}"
        );
    }
}

#[test]
fn the_page_on_privacy_is_one_that_members_can_open() {
    let page = "https://example.org/privacy?of=marquee";
    let set = |page: &str| Case::new("").flag("discord.privacy_url", page);
    assert_eq!(set(page).config().discord.privacy_url.as_deref(), Some(page));
    assert_eq!(Case::new("").config().discord.privacy_url, None);
    let long = format!("https://example.org/{}", "a".repeat(500));
    for wrong in ["privacy", "http://example.org", "javascript:alert(1)", &long] {
        assert!(set(wrong).problems().contains("discord.privacy_url"), "{wrong}");
    }
}

#[test]
fn hosts_of_posters_become_origins() {
    let case = Case::new(
        "[metadata]\nposter_hosts = [\"img.example.org\", \"http://127.0.0.1:80/\", \"https://a.org:8443\"]",
    );
    assert_eq!(
        case.config().metadata.poster_hosts,
        [
            "https://img.example.org",
            "http://127.0.0.1",
            "https://a.org:8443"
        ]
    );
    for wrong in ["img.example.org/posters", "a b", "http://example.org"] {
        let told = Case::new("")
            .with("MARQUEE_METADATA__POSTER_HOSTS", wrong)
            .problems();
        assert!(told.contains(wrong), "{told}");
    }
}

#[test]
fn an_unknown_setting_is_an_error_that_says_where_and_what_was_meant() {
    let told = Case::new("[metadata]\nfetch_time = \"3s\"\n[discrod]\ntoken = \"s3cret-of-mine\"")
        .with("MARQUEE_METADATA_FETCH_TIMEOUT", "3s")
        .with("MARQUEE_WALLPAPER", "blue")
        .flag("ops.listn", "off")
        .problems();
    for expected in [
        "`metadata.fetch_time` in ",
        "config.toml is not a setting; did you mean `metadata.fetch_timeout`?",
        "`discrod.token` in ",
        "did you mean `discord.token`?",
        "MARQUEE_METADATA_FETCH_TIMEOUT in the environment is not a setting; did you mean `MARQUEE_METADATA__FETCH_TIMEOUT`?",
        "MARQUEE_WALLPAPER in the environment is not a setting; `marquee config default` lists them all.",
        "`ops.listn` after --set is not a setting; did you mean `ops.listen`?",
    ] {
        assert!(told.contains(expected), "{expected}\nis not in\n{told}");
    }
    assert_eq!(told.lines().count(), 5);
}

#[test]
fn variables_of_other_programs_are_left_alone() {
    Case::new("")
        .with("MARQUEE_SERVICE_HOST", "10.0.0.1")
        .with("MARQUEE_PORT_9464_TCP", "tcp://10.0.0.1:9464")
        .with("MARQUEE_CONFIG", "config.toml")
        .with("DISCORD_TOKEN", "")
        .with("HOME", "/")
        .config();
}

#[test]
fn wrong_values_are_told_all_at_once_with_their_bounds() {
    let file = "[metadata]\nfetch_timeout = 3\ncache_ttl = \"200days\"\nproviders = [\"imdb\"]\nposter_hosts = [\"http://x.org\"]\n\
        [metadata.tmdb]\nbase_url = \"http://example.org\"\n\
        [metadata.omdb]\nbase_url = \"https://me:s3cret-of-mine@example.org\"\n\
        [metadata.cinemeta]\nbase_url = \"ftp://example.org\"\n\
        [database]\nurl = \"mysql://me:s3cret-of-mine@localhost/x\"\n\
        [ops]\nlisten = \"9464\"\n[log]\nformat = \"xml\"\nfilter = \"marquee=loud\"\n\
        [discord]\ntoken = \"s3cret-of-mine with words\"\napi_url = true";
    let told = Case::new(file).problems();
    for expected in [
        "`metadata.fetch_timeout` (",
        "write a number and a unit",
        "must be from 1s to",
        "\"imdb\"",
        "\"http://x.org\", which is http",
        "is http, which is allowed on this machine's own addresses only",
        "holds a name or password",
        "begins with ftp:",
        "\"postgres://USER:PASSWORD@HOST/DATABASE\"",
        "\"127.0.0.1:9464\"",
        "auto, plain or json",
        "no log filter",
        "copy it again",
        "must be a text",
    ] {
        assert!(told.contains(expected), "{expected}\nis not in\n{told}");
    }
    assert_eq!(told.lines().count(), 13, "{told}");
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let case = Case::new("");
    let path = case.secret_file(&format!("{SECRET}\n"));
    let case = case.with("DISCORD_TOKEN_FILE", path.to_str().unwrap());
    assert_eq!(case.config().token().unwrap().expose_secret(), SECRET);
    assert!(
        case.origin("discord.token")
            .contains("named by DISCORD_TOKEN_FILE")
    );

    let from_toml = Case::new(&format!("[metadata.omdb]\napi_key_file = {path:?}"));
    let key = from_toml.config().metadata.omdb_api_key.unwrap();
    assert_eq!(key.expose_secret(), SECRET);
}

#[test]
fn a_secret_file_that_is_missing_empty_huge_or_one_too_many_is_told() {
    let missing = Case::new("")
        .with("DISCORD_TOKEN_FILE", "/nowhere/token")
        .problems();
    assert!(
        missing.contains("DISCORD_TOKEN_FILE names /nowhere/token, which can't be read"),
        "{missing}"
    );

    for (text, told) in [
        (" \n", "is empty"),
        (&*"x".repeat(20_000), "too long to be a secret"),
    ] {
        let case = Case::new("");
        let path = case.secret_file(text);
        let problems = case.with("DISCORD_TOKEN_FILE", path.to_str().unwrap()).problems();
        assert!(problems.contains(told), "{problems}");
    }

    let both = Case::new("[discord]\ntoken = \"a\"\ntoken_file = \"b\"")
        .with("DATABASE_URL", "sqlite://a.db")
        .with("DATABASE_URL_FILE", "b")
        .problems();
    assert_eq!(both.lines().count(), 2, "{both}");
    assert_eq!(both.matches("keep one of them").count(), 2, "{both}");
}

#[test]
fn a_secret_on_the_command_line_is_refused() {
    let told = Case::new("").flag("discord.token", SECRET).problems();
    assert!(told.contains("MARQUEE_DISCORD__TOKEN instead"), "{told}");
}

#[test]
fn a_file_that_is_named_must_be_there_and_be_toml_and_is_never_quoted() {
    let mut case = Case::new("");
    case.sources.file = Some(PathBuf::from("/nowhere/marquee.toml"));
    assert!(case.problems().contains("/nowhere/marquee.toml can't be read"));

    let broken =
        Case::new("[discord]\ntoken = \"s3cret-of-mine\napi_url = \"https://discord.com\"").problems();
    assert!(broken.contains("is not valid TOML"), "{broken}");
    assert!(broken.contains("line 2"), "{broken}");
}

#[test]
fn secrets_are_masked_wherever_settings_are_shown() {
    for url in [
        "postgres://me:s3cret-of-mine@localhost/marquee",
        "postgres://localhost/marquee?user=me&password=s3cret-of-mine",
    ] {
        let loaded = load(
            &Case::new("")
                .with("DATABASE_URL", url)
                .with("DISCORD_TOKEN", SECRET)
                .sources,
        );
        let shown = format!("{:?} {:?}", loaded.settings, loaded.config.unwrap());
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(shown.contains("postgres://"), "{shown}");
    }
}

#[test]
fn a_value_of_any_kind_in_any_place_is_told_and_never_panics() {
    for value in [
        "1",
        "1.5",
        "true",
        "1979-05-27",
        "[1]",
        "[[]]",
        "{}",
        "{ a = 1 }",
        "\"\"",
        "\"\\u0000\"",
    ] {
        for key in KEYS {
            let (section, name) = key.path.rsplit_once('.').unwrap();
            let loaded = load(&Case::new(&format!("[{section}]\n{name} = {value}")).sources);
            if let Err(error) = loaded.config {
                assert!(error.to_string().contains(key.path), "{error}");
            }
        }
    }
}
