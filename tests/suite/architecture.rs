//! The house's rules, held by reading the source: who may name whom, and what every file must have.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Longer than this, a file has more than one job.
const MAX_LINES: usize = 600;

/// The layers and what each may name of the crate, besides itself. `main` is the binary, which names
/// the library as `marquee`.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "app",
            "clock",
            "config",
            "demo",
            "doctor",
            "domain",
            "lifecycle",
            "metrics",
            "service",
            "store",
            "telemetry",
        ],
    ),
    (
        "doctor",
        &[
            "app",
            "catalogue",
            "clock",
            "config",
            "discord",
            "domain",
            "store",
        ],
    ),
    (
        "app",
        &[
            "catalogue",
            "clock",
            "config",
            "demo",
            "discord",
            "jobs",
            "lifecycle",
            "metrics",
            "ops",
            "service",
            "store",
        ],
    ),
    (
        "discord",
        &["catalogue", "clock", "domain", "lifecycle", "metrics", "service"],
    ),
    ("jobs", &["clock", "domain", "lifecycle", "service"]),
    ("ops", &["lifecycle", "metrics", "service"]),
    ("demo", &["config", "domain"]),
    (
        "service",
        &["catalogue", "clock", "domain", "lifecycle", "metrics", "store"],
    ),
    ("store", &["clock", "domain"]),
    ("catalogue", &["clock", "domain", "lifecycle", "metrics"]),
    ("telemetry", &["config"]),
    ("config", &["domain"]),
    ("clock", &["domain"]),
    ("lifecycle", &[]),
    ("metrics", &["domain"]),
    ("domain", &[]),
];

/// Crates that only some layers may name.
const CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("serenity", &["discord", "app"]),
    ("poise", &["discord", "app"]),
    ("reqwest", &["catalogue"]),
    ("figment", &["config"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("discord_sim", &["demo"]),
    ("axum", &["ops", "demo"]),
    ("prometheus_client", &["metrics"]),
];

/// Files that name a crate which is not their layer's, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("discord/client.rs", "reqwest", "docs/decisions/0008"),
    ("discord/rest/error.rs", "reqwest", "docs/decisions/0008"),
    ("discord/rest/mod.rs", "reqwest", "docs/decisions/0008"),
];

/// What the domain, which is pure, must not name of the world outside.
const NOT_IN_THE_DOMAIN: &[&str] = &[
    "anyhow",
    "tokio",
    "tokio_util",
    "futures",
    "tracing",
    "rand",
    "std::fs",
    "std::net",
    "std::env",
    "std::time::SystemTime",
    "std::time::Instant",
];

/// What the simulator, which serves any bot, must not name.
const NOT_IN_THE_SIMULATOR: &[&str] = &["marquee", "serenity", "poise", "sqlx"];

struct SourceFile {
    path: PathBuf,
    text: String,
    /// Every path that the code names, as it is written, without `use`'s braces: `crate::domain::ids`.
    paths: BTreeSet<String>,
}

impl SourceFile {
    /// The layer it belongs to: the first part of its path under `src`.
    fn layer(&self) -> &str {
        let first = self.path.iter().next().unwrap().to_str().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn names(&self, path: &str) -> bool {
        self.paths.iter().any(|named| is_under(named, path))
    }
}

fn is_under(named: &str, path: &str) -> bool {
    named
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn sources(dir: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let mut files = Vec::new();
    let mut dirs = vec![root.clone()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push(SourceFile {
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                    paths: paths(&text),
                    text,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The code alone: comments and the text of literals taken out.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let from = hashes + 2;
            rest[from..]
                .find(&end)
                .map_or(rest.len(), |at| from + at + end.len())
        } else if next == '"' {
            string_end(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("'\\\"'") {
            4
        } else {
            0
        };
        if skipped == 0 {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code
}

/// The number of `#` when a raw string begins here.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('r')?;
    let quoted = rest.trim_start_matches('#');
    quoted.starts_with('"').then_some(rest.len() - quoted.len())
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Every path of two or more parts in the code, and whatever `use` names, braces opened.
fn paths(text: &str) -> BTreeSet<String> {
    let code = code(text);
    let mut tokens = Vec::new();
    let mut rest = code.as_str();
    while let Some(next) = rest.chars().next() {
        let word = rest
            .find(|char: char| !(char.is_alphanumeric() || char == '_'))
            .unwrap_or(rest.len());
        let length = if word > 0 {
            word
        } else if rest.starts_with("::") {
            2
        } else {
            next.len_utf8()
        };
        if !next.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word(tokens[at]) && (tokens.get(at + 1) == Some(&"::") || at > 0 && tokens[at - 1] == "use") {
            at = tree(&tokens, at, String::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn is_word(token: &str) -> bool {
    token.starts_with(|char: char| char.is_alphabetic() || char == '_')
}

/// Reads a path, or the tree of a `use`, from here; notes every path in it and tells where it ends.
fn tree(tokens: &[&str], mut at: usize, mut path: String, found: &mut BTreeSet<String>) -> usize {
    while let Some(token) = tokens.get(at) {
        if is_word(token) {
            if !path.is_empty() {
                path.push_str("::");
            }
            path.push_str(token);
            at += 1;
            if tokens.get(at) != Some(&"::") {
                break;
            }
            at += 1;
        } else if *token == "{" {
            at += 1;
            while at < tokens.len() && tokens[at] != "}" {
                at = match tokens[at] {
                    "," => at + 1,
                    // A renaming: the name that follows is the file's own.
                    "as" => at + 2,
                    word if is_word(word) || word == "{" => tree(tokens, at, path.clone(), found),
                    _ => at + 1,
                };
            }
            return at + 1;
        } else {
            // A glob, or generics: the path ends before it.
            break;
        }
    }
    found.insert(path);
    at
}

#[test]
fn every_layer_names_only_those_below_it() {
    let mut wrong = Vec::new();
    for file in sources("src") {
        if file.layer() == "lib" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == file.layer()) else {
            wrong.push(format!(
                "{} is in no layer: add it to LAYERS",
                file.path.display()
            ));
            continue;
        };
        for path in &file.paths {
            let mut parts = path.split("::");
            let of_the_crate = matches!(parts.next(), Some("crate" | "marquee"));
            if let (true, Some(named)) = (of_the_crate, parts.next())
                && named != file.layer()
                && !allowed.contains(&named)
            {
                wrong.push(format!("{} names {path}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn each_outside_crate_stays_where_it_belongs() {
    let mut wrong = Vec::new();
    for file in sources("src") {
        for (name, layers) in CRATES {
            let excepted = EXCEPTIONS
                .iter()
                .any(|(path, other, _)| file.path == Path::new(path) && other == name);
            let astray = file.names(name) && !layers.contains(&file.layer());
            if excepted && !astray {
                wrong.push(format!("{} needs no exception for {name}", file.path.display()));
            }
            if astray && !excepted {
                wrong.push(format!("{} names {name}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    for file in sources("src").iter().filter(|file| file.layer() == "domain") {
        for name in NOT_IN_THE_DOMAIN {
            assert!(!file.names(name), "{} names {name}", file.path.display());
        }
        for word in ["async fn", ".await"] {
            assert!(
                !code(&file.text).contains(word),
                "{} has {word}",
                file.path.display()
            );
        }
    }
}

#[test]
fn the_simulator_knows_nothing_of_the_bot_and_its_libraries() {
    for file in sources("crates/discord-sim/src") {
        for name in NOT_IN_THE_SIMULATOR {
            assert!(!file.names(name), "{} names {name}", file.path.display());
        }
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/discord-sim/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    for name in NOT_IN_THE_SIMULATOR {
        let depends = manifest
            .lines()
            .any(|line| line.starts_with(&format!("{name} ")) || line.starts_with(&format!("{name}.")));
        assert!(!depends, "the simulator depends on {name}");
    }
}

#[test]
fn every_file_says_what_it_owns_and_has_one_job() {
    for dir in ["src", "crates/discord-sim/src", "tests/suite"] {
        for file in sources(dir) {
            let path = format!("{dir}/{}", file.path.display());
            assert!(file.text.starts_with("//!"), "{path} does not open with `//!`");
            let lines = file.text.lines().count();
            assert!(
                lines <= MAX_LINES,
                "{path} has {lines} lines, more than {MAX_LINES}"
            );
        }
    }
}

#[test]
fn the_reader_of_paths_sees_what_the_compiler_sees() {
    let text = r##"
        //! crate::comment::no
        use crate::domain::{film::{Film, Source as Where}, ids::*};
        use sqlx;
        use reqwest::{self, Client};
        pub(crate) use super::thing::Other;
        const A: &str = "crate::text::no \" crate::text::no";
        const B: &str = r#"crate::raw::no " "#;
        fn f(q: char) -> Vec<serenity::all::Message> { if q == '"' { crate::store::open::<poise::Command>() } }
    "##;
    let found: Vec<_> = paths(text).into_iter().collect();
    assert_eq!(
        found,
        [
            "crate::domain::film::Film",
            "crate::domain::film::Source",
            "crate::domain::ids",
            "crate::store::open",
            "poise::Command",
            "reqwest::Client",
            "reqwest::self",
            "serenity::all::Message",
            "sqlx",
            "super::thing::Other",
        ]
    );
}
