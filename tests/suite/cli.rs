//! The command line, through the real program: statuses, sentences, help.

use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::titles::{DatasetFiles, Datasets};

/// The program in an empty directory, without this process's environment.
fn marquee(dir: &TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(dir)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_example_configuration_is_printed_and_checks_out() {
    let dir = tempfile::tempdir().unwrap();
    let printed = marquee(&dir, &["config", "default"], &[]);
    assert_eq!(printed.status.code(), Some(0));
    std::fs::write(dir.path().join("config.toml"), &printed.stdout).unwrap();

    let checked = marquee(&dir, &["config", "check"], &[("DISCORD_TOKEN", "s3cret")]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    let told = text(&checked.stdout);
    assert!(told.contains("environment, DISCORD_TOKEN"), "{told}");
    assert!(told.contains("\"3s\""), "{told}");
    assert!(
        told.contains("The configuration is valid. Film data comes from: Cinemeta."),
        "{told}"
    );
    assert!(!told.contains("s3cret"), "{told}");
}

#[test]
fn a_configuration_that_is_wrong_fails_with_a_sentence_for_each_mistake() {
    let dir = tempfile::tempdir().unwrap();
    let environment = [
        ("MARQUEE_METADATA__FETCH_TIME", "3s"),
        ("MARQUEE_OPS__LISTEN", "here"),
    ];
    for command in [&["config", "check"][..], &["run"], &[]] {
        let output = marquee(&dir, command, &environment);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let told = text(&output.stderr);
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(
            told.contains("did you mean `MARQUEE_METADATA__FETCH_TIMEOUT`?"),
            "{told}"
        );
    }
}

#[test]
fn without_a_token_the_bot_says_how_to_get_one() {
    let dir = tempfile::tempdir().unwrap();
    for command in [&["run"][..], &[], &["config", "check"]] {
        let output = marquee(&dir, command, &[]);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let told = text(&output.stderr);
        assert_eq!(told.lines().count(), 1, "{told}");
        for part in [
            "no bot token",
            "DISCORD_TOKEN",
            "https://discord.com/developers/applications",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
    assert!(
        std::fs::read_dir(&dir).unwrap().next().is_none(),
        "nothing is left behind"
    );
}

#[test]
fn arguments_that_make_no_sense_are_a_usage_error() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["dance"][..],
        &["config"],
        &["--set", "x", "run"],
        &["run", "--colour"],
    ] {
        let output = marquee(&dir, arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn help_and_version_are_no_failures() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, part) in [
        (&["--help"][..], "a group decides what to watch"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
        (&["help", "config"], "check"),
    ] {
        let output = marquee(&dir, arguments, &[]);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(text(&output.stdout).contains(part), "{arguments:?}");
    }
}

#[test]
fn the_schema_goes_up_and_down_by_command_and_needs_no_token() {
    let dir = tempfile::tempdir().unwrap();
    let applied = |arguments: &[&str]| {
        let output = marquee(&dir, arguments, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let states = text(&output.stdout).to_owned();
        (
            states.matches("  applied  ").count(),
            states.matches("  missing  ").count(),
        )
    };
    let (none, all) = applied(&["migrate", "status"]);
    assert_eq!(none, 0);
    assert_eq!(applied(&["migrate", "up"]), (all, 0));
    assert_eq!(
        applied(&["migrate", "up"]),
        (all, 0),
        "nothing to do is no failure"
    );
    assert_eq!(applied(&["migrate", "down"]), (all - 1, 1));
    assert_eq!(applied(&["migrate", "down", "--to", "1"]), (1, all - 1));
    assert_eq!(applied(&["migrate", "down", "--to", "0"]), (0, all));
    assert_eq!(applied(&["migrate", "up"]), (all, 0));
    assert!(dir.path().join("marquee.db").is_file(), "the default database");
}

#[test]
fn a_migration_or_a_database_that_is_not_there_is_told_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, url, part) in [
        (
            &["migrate", "down", "--to", "99"][..],
            "sqlite://a.db",
            "there is no migration 99",
        ),
        (
            &["migrate", "up"],
            "sqlite:///nowhere/at/all/a.db",
            "DATABASE_URL",
        ),
        (
            &["migrate", "up"],
            "postgres://me:s3cret@127.0.0.1:1/x",
            "DATABASE_URL",
        ),
        (
            &["migrate", "up"],
            "mysql://me:s3cret@127.0.0.1:1/x",
            "sqlite://FILE",
        ),
    ] {
        let output = marquee(&dir, arguments, &[("DATABASE_URL", url)]);
        assert_eq!(output.status.code(), Some(1), "{url}");
        let told = text(&output.stderr);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(part), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn a_discord_that_is_not_there_ends_the_start_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let output = marquee(
        &dir,
        &["run"],
        &[
            ("DISCORD_TOKEN", "s3cret"),
            ("MARQUEE_DISCORD__API_URL", "http://127.0.0.1:1"),
            ("MARQUEE_OPS__LISTEN", "off"),
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    let last = told.lines().last().unwrap();
    assert!(last.starts_with("error: Discord cannot be reached"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
}

/// Imports these files; what came of it.
fn import(dir: &TempDir, files: &DatasetFiles) -> Output {
    let files = [&files.basics, &files.ratings].map(|file| file.to_str().unwrap());
    marquee(
        dir,
        &["import-titles", files[0], files[1], "--accept-imdb-terms"],
        &[],
    )
}

#[test]
fn titles_are_imported_only_by_those_who_accept_the_terms() {
    let dir = tempfile::tempdir().unwrap();
    let files = Datasets::well_known().write();
    let arguments = [files.basics.to_str().unwrap(), files.ratings.to_str().unwrap()];
    let refused = marquee(&dir, &["import-titles", arguments[0], arguments[1]], &[]);
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    for part in [
        "non-commercial",
        "https://developer.imdb.com/",
        "--accept-imdb-terms",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(
        std::fs::read_dir(&dir).unwrap().next().is_none(),
        "nothing was touched"
    );

    let accepted = import(&dir, &files);
    assert_eq!(accepted.status.code(), Some(0), "{}", text(&accepted.stderr));
    assert!(
        text(&accepted.stdout).starts_with("12 films are in the index."),
        "{accepted:?}"
    );
    assert!(
        text(&accepted.stderr).contains(" read, "),
        "plain lines: {accepted:?}"
    );
    let again = import(&dir, &files);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
}

#[test]
fn files_that_cannot_be_imported_are_told_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let files = Datasets::generated(2_000, 3).write();
    DatasetFiles::cut(&files.basics, 0.8);
    let cut = import(&dir, &files);
    assert_eq!(cut.status.code(), Some(1));
    let told = text(&cut.stderr).lines().last().unwrap();
    assert!(
        told.contains("title.basics.tsv.gz ends in the middle: download it again"),
        "{told}"
    );

    let mut datasets = Datasets::well_known();
    datasets.basics_line("nonsense");
    let odd = import(&dir, &datasets.write());
    assert_eq!(odd.status.code(), Some(0), "{}", text(&odd.stderr));
    assert!(
        text(&odd.stdout).contains("1 line made no sense and was passed over"),
        "{odd:?}"
    );
}
