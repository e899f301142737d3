//! The command line: arguments to work, failures to one sentence and an exit status.
//!
//! A file per subcommand. Status 0: done; 1: failed, with the reason on standard error; 2: the
//! arguments make no sense; 3: `refresh-cache` did a part of it.

mod config;
mod demo;
mod doctor;
mod export;
mod import_titles;
mod migrate;
mod recount;
mod refresh_cache;
mod run;
mod signals;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError, Loaded, Sources, load};
use signals::until_told_to_stop;

/// How long blocking calls that nobody waits for any more may take to end.
const AFTER_WORK: Duration = Duration::from_millis(100);

/// A self-hosted Discord bot with which a group decides what to watch.
#[derive(Debug, Parser)]
#[command(name = "marquee", version, about, max_term_width = 100)]
struct Arguments {
    /// The configuration file [default: config.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "MARQUEE_CONFIG")]
    config: Option<PathBuf>,

    /// Sets one setting, over the file and the environment; may be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the bot until it is told to stop (the default)
    Run,
    /// Runs the bot on a local Discord, to be tried in a browser: no account, no network
    Demo(demo::Demo),
    /// Moves the database's schema up and down, and tells where it stands
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Renews film data: of active proposals, or of all films, without data or too old
    RefreshCache(refresh_cache::RefreshCache),
    /// Writes the record of a closed round as JSON, for `recount` and anyone's own count
    Export(export::Export),
    /// Counts the record of a vote again and prints the result as JSON; needs no configuration
    Recount(recount::Recount),
    /// Loads IMDb's published titles for suggestions that are quick and forgive slips of the finger
    ImportTitles(import_titles::ImportTitles),
    /// Checks what the bot stands on: configuration, database, Discord, film databases
    Doctor(doctor::Doctor),
    /// Shows or checks the configuration
    #[command(subcommand)]
    Config(config::Config),
}

/// Does what the arguments say, and tells the status to exit with.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end here too, with status 0. Nobody is left to tell when printing fails.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(arguments) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("{}", told(&error));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let sources = Sources {
        file: arguments.config,
        environment: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        flags: arguments.set,
    };
    match arguments.command {
        Some(Command::Config(command)) => config::main(&command, &sources),
        Some(Command::Doctor(arguments)) => doctor::main(&arguments, &sources),
        Some(Command::Demo(arguments)) => demo::main(&arguments, &sources),
        Some(Command::Export(arguments)) => export::main(&arguments, &sources),
        Some(Command::ImportTitles(arguments)) => import_titles::main(arguments, &sources),
        Some(Command::Migrate(command)) => migrate::main(&command, &sources),
        Some(Command::RefreshCache(arguments)) => return refresh_cache::main(&arguments, &sources),
        Some(Command::Recount(arguments)) => recount::main(&arguments),
        None | Some(Command::Run) => run::main(&sources),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The configuration, for commands that can do nothing without.
fn configured(sources: &Sources) -> anyhow::Result<Config> {
    let Loaded { config, .. } = load(sources);
    Ok(config?)
}

/// Runs the work of a command that waits for anything.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    let done = runtime.block_on(work);
    // A name look-up that hangs in the system's resolver can't be cancelled and must not hold up the end.
    runtime.shutdown_timeout(AFTER_WORK);
    done
}

/// What went wrong, as the terminal shows it: each mistake of a configuration on a line of its own, any
/// other failure as one sentence with its causes.
fn told(error: &anyhow::Error) -> String {
    match error.downcast_ref::<ConfigError>() {
        Some(config) => config
            .problems
            .iter()
            .map(|problem| format!("error: {problem}"))
            .collect::<Vec<_>>()
            .join("\n"),
        None => format!("error: {error:#}"),
    }
}

fn key_and_value(text: &str) -> Result<(String, String), &'static str> {
    text.split_once('=')
        .map(|(key, value)| (key.trim().to_owned(), value.to_owned()))
        .filter(|(key, _)| !key.is_empty())
        .ok_or("write it as KEY=VALUE, for example metadata.fetch_timeout=5s")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
