//! The documents: their links lead somewhere, their commands run, their settings exist.

use std::path::{Path, PathBuf};
use std::process::Command;

use marquee::config::{KEYS, Key, Sources, load};

struct Document {
    path: PathBuf,
    text: String,
}

/// Every Markdown file of the project.
fn documents() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dirs = vec![root.join("docs"), root.join("migrations")];
    let mut paths = markdown_in(root);
    while let Some(dir) = dirs.pop() {
        paths.extend(markdown_in(&dir));
        dirs.extend(entries(&dir).into_iter().filter(|path| path.is_dir()));
    }
    paths
        .into_iter()
        .map(|path| Document {
            text: std::fs::read_to_string(&path).unwrap(),
            path,
        })
        .collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn markdown_in(dir: &Path) -> Vec<PathBuf> {
    let mut paths = entries(dir);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths
}

impl Document {
    /// The code in it: lines of blocks, and spans between backticks.
    fn code(&self) -> Vec<&str> {
        let mut code = Vec::new();
        let mut in_block = false;
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
            } else if in_block {
                code.push(line);
            } else {
                code.extend(line.split('`').skip(1).step_by(2));
            }
        }
        code
    }
}

/// The arguments of the program when this code starts it: what follows `marquee` or `cargo run --`.
fn program_arguments(code: &str) -> Option<Vec<&str>> {
    let code = code.split('#').next().unwrap_or_default();
    let words: Vec<&str> = code
        .split_whitespace()
        // `DISCORD_TOKEN=… ./marquee run` sets variables first, and may send the output elsewhere.
        .skip_while(|word| word.contains('='))
        .take_while(|word| *word != ">")
        .collect();
    match words.as_slice() {
        ["marquee" | "./marquee", rest @ ..] | ["cargo", "run", "--", rest @ ..] => Some(rest.to_vec()),
        _ => None,
    }
}

#[test]
fn links_lead_to_files_that_are_there() {
    let mut dead = Vec::new();
    let mut links = 0;
    for document in documents() {
        for (at, _) in document.text.match_indices("](") {
            let target = &document.text[at + 2..];
            let target = &target[..target.find(')').unwrap()];
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            links += 1;
            let file = target.split('#').next().unwrap();
            if !document.path.parent().unwrap().join(file).exists() {
                dead.push(format!("{} links to {target}", document.path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}\n", dead.join("\n"));
    assert!(links > 10, "the links are found");
}

#[test]
fn commands_in_the_documents_are_the_programs_own() {
    let mut seen = 0;
    for document in documents() {
        for code in document.code() {
            let Some(arguments) = program_arguments(code) else {
                continue;
            };
            seen += 1;
            let output = Command::new(env!("CARGO_BIN_EXE_marquee"))
                .args(&arguments)
                .arg("--help")
                .env_clear()
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "{}: `{code}`: {told}",
                document.path.display()
            );
        }
    }
    assert!(seen > 5, "the commands are found");
}

#[test]
fn the_readme_opens_with_the_two_commands_and_no_other_before_them() {
    let readme = include_str!("../../README.md");
    let blocks: Vec<&str> = readme.split("```sh\n").skip(1).collect();
    let command = |block: &'static str| block.lines().next().unwrap();
    assert_eq!(command(blocks[0]), "cargo run -- demo");
    assert_eq!(command(blocks[1]), "cargo test --workspace");
}

#[test]
fn settings_in_the_documents_exist() {
    let variables: Vec<String> = KEYS.iter().flat_map(Key::variables).collect();
    let others = ["MARQUEE_REQUIRE_POSTGRES", "MARQUEE_CONFIG"];
    let paths: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
    let sections: Vec<&str> = paths.iter().map(|path| path.split('.').next().unwrap()).collect();
    let mut seen = 0;
    for document in documents() {
        let name = document.path.display();
        for word in document
            .text
            .split(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
        {
            if word.starts_with("MARQUEE_") {
                seen += 1;
                let plain = word.strip_suffix("_FILE").unwrap_or(word);
                assert!(
                    variables.iter().any(|variable| variable == plain) || others.contains(&word),
                    "{name} names {word}"
                );
            }
        }
        for code in document.code() {
            // `log.format = "json"`, `metadata.fetch_timeout`, but not `discord.rs`.
            let path = code.split([' ', '=']).next().unwrap();
            let section = path.split('.').next().unwrap();
            let dotted = path.contains('.')
                && path
                    .chars()
                    .all(|char| char.is_ascii_lowercase() || "._".contains(char));
            let is_file = Path::new(path)
                .extension()
                .is_some_and(|extension| extension == "rs");
            if dotted && sections.contains(&section) && !is_file {
                seen += 1;
                assert!(paths.contains(&path), "{name} names the setting {path}");
            }
        }
    }
    assert!(seen > 5, "the settings are found");
}

#[test]
fn the_invite_link_of_the_readme_is_the_bots_own() {
    let link = marquee::app::invite_link(0).replace("client_id=0", "client_id=APPLICATION_ID");
    assert!(include_str!("../../README.md").contains(&link), "{link}");
}

#[test]
fn configuration_in_the_documents_is_valid() {
    for document in documents() {
        for block in document.text.split("```toml\n").skip(1) {
            let toml = block.split("```").next().unwrap();
            let dir = tempfile::tempdir().unwrap();
            let file = dir.path().join("config.toml");
            std::fs::write(&file, toml).unwrap();
            let loaded = load(&Sources {
                file: Some(file),
                ..Sources::default()
            });
            assert!(
                loaded.config.is_ok(),
                "{}: {:?}",
                document.path.display(),
                loaded.config
            );
        }
    }
}
