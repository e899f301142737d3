//! A private PostgreSQL server, made with the `initdb` found on the machine.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

/// Makes, runs and at last removes a server in `$2`, with the programs in `$1`; safe to cut off any time.
const KEEPER: &str = r#"
(
    "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
    exec "$1/postgres" -D "$2/data" -k "$2" -F -c listen_addresses= -c max_connections=300 \
        -c shared_buffers=32MB -c synchronous_commit=off -c full_page_writes=off >>"$2/log" 2>&1
    echo "FATAL: it was not run" >>"$2/log"
) </dev/null &
server=$!
cat >/dev/null
kill -TERM "$server" 2>/dev/null
kill -QUIT "$server" 2>/dev/null
wait
rm -rf "$2" || { sleep 1; rm -rf "$2"; }
"#;

/// How long a server may take to come up on a busy machine.
const START: Duration = Duration::from_mins(2);

/// The newest directory with an `initdb` in it.
fn find_programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH");
    let packaged = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut packaged: Vec<PathBuf> = packaged.map(|version| version.path().join("bin")).collect();
    packaged.sort_by_key(|bin| {
        let version = bin
            .parent()
            .and_then(Path::file_name)
            .and_then(|version| version.to_str());
        version.and_then(|version| version.split('.').next()?.parse::<u32>().ok())
    });
    on_path
        .iter()
        .flat_map(std::env::split_paths)
        .chain(packaged.into_iter().rev())
        .find(|directory| directory.join("initdb").is_file() && directory.join("postgres").is_file())
}

/// Starts a server, which ends when the keeper's input is closed; gives a URL on it, and the keeper.
pub fn start() -> Result<(Url, Child), String> {
    let programs = find_programs().ok_or("no initdb on this machine, and TEST_POSTGRES_URL is not set")?;
    // A short path: that of a socket may have 107 bytes.
    let directory = tempfile::Builder::new()
        .prefix("mq-pg-")
        .tempdir()
        .map_err(|error| format!("no directory for PostgreSQL: {error}"))?;
    let mut command = Command::new("sh");
    command
        .args(["-c", KEEPER, "keeper"])
        .arg(programs)
        .arg(directory.path())
        .current_dir(directory.path())
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C is for the tests; the keeper hears of it by the end of its input.
        .process_group(0);
    give_to_unprivileged(directory.path(), &mut command)?;
    let mut keeper = command
        .spawn()
        .map_err(|error| format!("no keeper for PostgreSQL: {error}"))?;
    // From here on the keeper removes the directory.
    let directory = directory.keep();

    let began = Instant::now();
    let ready = loop {
        // In the C locale the log is in these words; a connection could be refused while the server starts.
        let log = fs::read_to_string(directory.join("log")).unwrap_or_default();
        if log.contains("ready to accept connections") {
            break Ok(());
        }
        if log.contains("FATAL") || log.contains("initdb: error") || began.elapsed() > START {
            break Err(format!("PostgreSQL did not start: {log}"));
        }
        std::thread::sleep(Duration::from_millis(25));
    };
    if let Err(why) = ready {
        drop(keeper.stdin.take());
        keeper.wait().ok();
        return Err(why);
    }
    let mut base = Url::parse("postgres://postgres@localhost/postgres").expect("a url");
    base.query_pairs_mut()
        .append_pair("host", &directory.to_string_lossy());
    Ok((base, keeper))
}

/// PostgreSQL refuses to be run by root: then it is run by an account that may do nothing else.
fn give_to_unprivileged(directory: &Path, command: &mut Command) -> Result<(), String> {
    let made_by = fs::metadata(directory).map_err(|error| error.to_string())?.uid();
    if made_by != 0 {
        return Ok(());
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let ids = |name: &str| {
        let account = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let account = account.into_iter().find(|fields| fields.first() == Some(&name))?;
        Some((
            account.get(2)?.parse::<u32>().ok()?,
            account.get(3)?.parse::<u32>().ok()?,
        ))
    };
    let (uid, gid) = ids("postgres")
        .or_else(|| ids("nobody"))
        .ok_or("PostgreSQL cannot be run by root, and there is no account postgres or nobody")?;
    chown(directory, Some(uid), Some(gid)).map_err(|error| error.to_string())?;
    command.uid(uid).gid(gid);
    Ok(())
}
