//! `marquee recount`, through the real program: known elections, and everything that is refused.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// The program on a record from standard input, without configuration or environment.
fn recount(record: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(["recount", "-"])
        .env_clear()
        .current_dir(&dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program
        .stdin
        .take()
        .unwrap()
        .write_all(record.as_bytes())
        .unwrap();
    program.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A record by lines such as `42 MNCK`; films are letters, proposed in the order given.
fn record(method: &str, picks: u32, films: &str, ballots: &[&str]) -> Value {
    let letters = |letters: &str| letters.chars().map(String::from).collect::<Vec<_>>();
    let proposals: Vec<_> = (1..)
        .zip(letters(films))
        .map(|(at, id)| json!({"id": id, "proposed_at": at}))
        .collect();
    let ballots: Vec<_> = ballots
        .iter()
        .map(|line| {
            let (weight, choices) = line.split_once(' ').unwrap();
            json!({"weight": weight.parse::<u64>().unwrap(), "choices": letters(choices)})
        })
        .collect();
    json!({"method": method, "picks": picks, "proposals": proposals, "ballots": ballots})
}

fn counted(record: &Value) -> Value {
    let output = recount(&record.to_string());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Method, picks, films, ballots; winners and what decided.
type Case = (
    &'static str,
    u32,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

#[test]
fn known_elections_come_out_as_known() {
    const TENNESSEE: &[&str] = &["42 MNCK", "26 NCKM", "15 CKNM", "17 KCNM"];
    const SCHULZE_1: &[&str] = &[
        "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC",
    ];
    const LOSER: &[&str] = &["35 DABC", "32 CABD", "20 BCAD", "13 DBCA"];
    const SQUEEZE: &[&str] = &["40 ABC", "25 BAC", "35 CBA"];
    const CYCLE: &[&str] = &["1 ABC", "1 BCA", "1 CAB"];
    const SEATS: &[&str] = &["4 O", "2 PO", "8 CS", "4 CW", "1 S", "1 W"];
    let cases: &[Case] = &[
        ("irv", 1, "CKMN", TENNESSEE, "K", "method"),
        ("schulze", 1, "CKMN", TENNESSEE, "N", "method"),
        (
            "single",
            1,
            "CKMN",
            &["42 M", "26 N", "15 C", "17 K"],
            "M",
            "method",
        ),
        (
            "approval",
            1,
            "CKMN",
            &["42 MN", "26 NC", "15 CK", "17 KC"],
            "N",
            "method",
        ),
        ("schulze", 1, "ABCDE", SCHULZE_1, "E", "method"),
        ("irv", 1, "ABCDE", SCHULZE_1, "C", "method"),
        ("irv", 1, "ABC", CYCLE, "A", "chain:earlier_proposal"),
        ("schulze", 1, "CAB", CYCLE, "C", "chain:earlier_proposal"),
        ("schulze", 1, "ABCD", LOSER, "A", "method"),
        ("irv", 1, "ABCD", LOSER, "C", "method"),
        ("irv", 1, "ABC", SQUEEZE, "A", "method"),
        ("schulze", 1, "ABC", SQUEEZE, "B", "method"),
        (
            "irv",
            1,
            "BAC",
            &["5 AB", "3 BA", "2 CB"],
            "A",
            "chain:first_choices",
        ),
        ("schulze", 1, "ABC", &["6 A", "5 BC"], "A", "method"),
        ("stv", 3, "OPCSW", SEATS, "COS", "method"),
        (
            "limited",
            2,
            "ABCD",
            &["3 AB", "2 BC", "2 CD", "1 D"],
            "BC",
            "method",
        ),
    ];
    for (method, picks, films, ballots, winners, decided_by) in cases {
        let answer = counted(&record(method, *picks, films, ballots));
        let expected: Vec<_> = winners.chars().map(String::from).collect();
        assert_eq!(answer["winners"], json!(expected), "{method} {ballots:?}");
        assert_eq!(answer["decided_by"], json!(decided_by), "{method} {ballots:?}");
        assert_eq!(answer["order"].as_array().unwrap().len(), films.len());
        assert!(!answer["steps"].as_array().unwrap().is_empty());
    }
}

#[test]
fn scores_are_read_and_the_head_to_head_is_told() {
    let answer = counted(&json!({
        "method": "star",
        "proposals": [{"id": "A", "proposed_at": 1}, {"id": "B", "proposed_at": 2}],
        "ballots": [{"weight": 2, "scores": {"A": 1, "B": 2}}, {"scores": {"A": 5}}],
    }));
    assert_eq!(answer["winners"], json!(["B"]));
    assert_eq!(
        answer["steps"],
        json!([
            {"step": "sums", "ballots": 3, "standings": [{"film": "A", "votes": 7}, {"film": "B", "votes": 4}]},
            {"step": "head_to_head", "pick": 1, "films": ["B", "A"], "preferred": [2, 1], "by": "preference"},
        ])
    );
}

#[test]
fn a_draw_and_a_run_off_are_named() {
    let mut tied = record("single", 1, "ABC", &["1 A", "1 B", "1 C"]);
    tied["draw_seed"] = json!("popcorn");
    let drawn = counted(&tied);
    assert_eq!(
        (&drawn["winners"], &drawn["decided_by"]),
        (&json!(["C"]), &json!("draw"))
    );

    tied["ties"] = json!("runoff");
    let open = counted(&tied);
    assert_eq!(
        (&open["winners"], &open["decided_by"]),
        (&json!([]), &json!("runoff"))
    );
    assert_eq!(
        (&open["tied"], &open["open_picks"]),
        (&json!(["A", "B", "C"]), &json!(1))
    );
}

#[test]
fn a_file_is_counted_without_any_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("round.json");
    std::fs::write(&file, record("approval", 1, "AB", &["1 B"]).to_string()).unwrap();
    std::fs::write(dir.path().join("config.toml"), "this is not TOML").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(["recount", "round.json"])
        .env_clear()
        .current_dir(&dir)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["winners"], json!(["B"]));
}

#[test]
fn what_cannot_be_counted_is_one_line_and_status_1() {
    let unknown = record("irv", 1, "AB", &["1 AX"]);
    let twice = record("irv", 1, "AB", &["1 ABA"]);
    let score = json!({
        "method": "star", "picks": 1, "proposals": [{"id": "A", "proposed_at": 1}],
        "ballots": [{"scores": {"A": 6}}],
    });
    for (record, part) in [
        (
            unknown.to_string(),
            "ballot 1 names `X`, which is not among the proposals",
        ),
        (twice.to_string(), "ballot 1 names `A` twice"),
        (score.to_string(), "ballot 1 gives `A` a score of 6"),
        (record("coin", 1, "A", &[]).to_string(), "unknown method `coin`"),
        (record("irv", 0, "A", &[]).to_string(), "`picks` is 0"),
        ("{".to_owned(), "this is not the record of a vote"),
    ] {
        let output = recount(&record);
        assert_eq!(output.status.code(), Some(1), "{record}");
        assert!(output.stdout.is_empty(), "{record}");
        let told = text(&output.stderr);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(part), "{told}");
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .args(["recount", "no-such-file.json"])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("no-such-file.json can't be opened"));
}
