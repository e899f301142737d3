//! No view is forgotten: each one is drawn for hostile values in its own tests, and each takes text from
//! outside through `views::words` alone.

use std::path::{Path, PathBuf};

/// Not views: what they share.
const SHARED: [&str; 4] = ["words", "words_tests", "testing", "mod"];

/// Views of references in which nobody's text is: numbers, and values from lists of the bot's own.
const WITHOUT_TEXT: [&str; 3] = ["limit::member", "limit::server", "settings::screen"];

/// What only `views::words` may call.
const CLEANERS: [&str; 5] = [
    "clean_line(",
    "clean_paragraph(",
    "tidy_line(",
    "escape_markdown(",
    "decode_html",
];

/// A view's file, with the text of its tests.
struct View {
    name: String,
    code: String,
    tests: String,
}

#[test]
fn every_view_is_drawn_for_hostile_values() {
    let mut forgotten = Vec::new();
    let views = views();
    for view in &views {
        for (function, parameters) in screens_of(&view.code) {
            // A part of a view is drawn by the whole, whose tests are looked at in its turn.
            let used_by_its_whole = view.name.rsplit_once("::").is_some_and(|(whole, part)| {
                let call = format!("{part}::{function}(");
                views
                    .iter()
                    .any(|other| other.name == whole && other.code.contains(&call))
            });
            if used_by_its_whole {
                continue;
            }
            let drawn = view.tests.contains(&format!("{function}("));
            let checked = view.tests.contains("assert_within_limits(");
            let name = format!("{}::{function}", view.name);
            // What is drawn of references has text in it, as a rule.
            let may_have_text = parameters.contains('&') && !WITHOUT_TEXT.contains(&name.as_str());
            let hostile = !may_have_text || view.tests.contains("proptest!");
            if !(drawn && checked && hostile) {
                forgotten.push(name);
            }
        }
    }
    assert!(
        forgotten.is_empty(),
        "no test draws these for any value and holds them to `assert_within_limits`: {forgotten:?}"
    );
}

#[test]
fn text_from_outside_is_cleaned_in_one_place() {
    for view in views() {
        for cleaner in CLEANERS {
            assert!(
                !view.code.contains(cleaner),
                "views::{} calls {cleaner}…): take `words::markdown` or `words::plain`",
                view.name
            );
        }
    }
}

#[test]
fn the_reader_of_views_finds_them() {
    let names: Vec<String> = views().into_iter().map(|view| view.name).collect();
    for name in ["about", "film", "poll", "refusal"] {
        assert!(names.iter().any(|found| found == name), "{name} in {names:?}");
    }
    let code = "pub fn one(a: &A,\n b: u8,\n) -> Screen {\n}\nfn two() -> Screen {}\npub fn three() -> String {}\n\
                pub(super) fn four() -> Screen {}\npub fn five() -> Vec<Screen> {}";
    let found: Vec<String> = screens_of(code).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["one", "five"]);
}

/// The public functions that make screens, with their parameters.
fn screens_of(code: &str) -> Vec<(String, String)> {
    code.split("\npub fn ")
        .enumerate()
        .filter_map(|(at, part)| {
            let part = if at == 0 {
                part.strip_prefix("pub fn ")?
            } else {
                part
            };
            let signature = &part[..part.find('{')?];
            let (head, result) = signature.rsplit_once("->")?;
            let (name, parameters) = head.split_once('(')?;
            result
                .contains("Screen")
                .then(|| (name.to_owned(), parameters.to_owned()))
        })
        .collect()
}

fn views() -> Vec<View> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/discord/views");
    let mut views = Vec::new();
    collect(&root, &root, &mut views);
    views.sort_by(|one, other| one.name.cmp(&other.name));
    views
}

fn collect(root: &Path, dir: &Path, views: &mut Vec<View>) {
    for path in entries(dir) {
        let stem = stem_of(&path);
        if SHARED.contains(&stem.as_str()) || stem == "tests" || stem == "snapshots" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, views);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        let (code, own_tests) = text.split_once("#[cfg(test)]\n").unwrap_or((&text, ""));
        let mut tests = own_tests.to_owned();
        // Beside it, or in the directory of the view that this one is a part of.
        for dir in [path.with_extension(""), dir.to_owned()] {
            if dir != *root {
                tests.push_str(&tests_in(&dir));
            }
        }
        let name = path
            .strip_prefix(root)
            .expect("below the root")
            .with_extension("");
        views.push(View {
            name: name.to_string_lossy().replace('/', "::"),
            code: code.to_owned(),
            tests,
        });
    }
}

/// `tests.rs` of a directory, and all of its `tests/`.
fn tests_in(dir: &Path) -> String {
    let mut files = vec![dir.join("tests.rs")];
    files.extend(entries(&dir.join("tests")));
    files
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}

/// What is in a directory; nothing if there is none.
fn entries(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn stem_of(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}
