//! `marquee export`: the record of a closed round, which `marquee recount` counts again. Reads the database and
//! changes nothing; the bot may run meanwhile.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use chrono::DateTime;

use super::{block_on, configured};
use crate::app::open_store;
use crate::config::Sources;
use crate::domain::record::Record;
use crate::domain::round::Round;
use crate::service::export::{export_round, list_exportable};
use crate::store::Store;

/// Rounds that are listed at most.
const LISTED: u32 = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The round: its key, or the server's id and the round's number, as in 81384788765712384/3
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "list",
        conflicts_with = "list",
        allow_hyphen_values = true
    )]
    round: Option<String>,
    /// The file to write; `-` for standard output
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        conflicts_with = "list"
    )]
    output: PathBuf,
    /// Lists the rounds that have a record, the latest first
    #[arg(long)]
    list: bool,
}

pub(super) fn main(arguments: &Export, sources: &Sources) -> anyhow::Result<()> {
    let config = configured(sources)?;
    block_on(async {
        let store = open_store(&config.database).await?;
        let done = export(arguments, &store).await;
        store.close().await;
        done
    })
}

async fn export(arguments: &Export, store: &Store) -> anyhow::Result<()> {
    let states = store.migration_status().await?;
    ensure!(
        states.iter().all(|state| state.applied),
        "the database's schema is not up to date: run `marquee migrate up`, or start the bot, first"
    );
    if let Some(named) = &arguments.round {
        let record = export_round(store, named).await?;
        write_to(&arguments.output, |out| write_record(&record, out))
    } else {
        let rounds = list_exportable(store, LISTED).await?;
        write_to(&arguments.output, |out| list(&rounds, out))
    }
}

fn write_to(path: &Path, write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    if path == Path::new("-") {
        let mut out = std::io::stdout().lock();
        write(&mut out)?;
        return Ok(out.flush()?);
    }
    let name = path.display();
    let file = File::create(path).with_context(|| format!("{name} can't be written"))?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush().with_context(|| format!("{name} can't be written"))
}

fn write_record(record: &Record, out: &mut dyn Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, record)?;
    Ok(writeln!(out)?)
}

/// A line for each round: key, server and number, end, method, name.
fn list(rounds: &[Round], out: &mut dyn Write) -> anyhow::Result<()> {
    for round in rounds {
        let ended = round.ended_at.and_then(|at| DateTime::from_timestamp(at, 0));
        writeln!(
            out,
            "{}\t{}/{}\t{}\t{}\t{}",
            round.id,
            round.guild,
            round.number,
            ended.map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M UTC").to_string()),
            round.rules.method.as_str(),
            round.title.as_deref().unwrap_or_default(),
        )?;
    }
    Ok(())
}
