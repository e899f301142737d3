//! `marquee recount`: counts the record of a vote again. Needs no configuration and no database, so that
//! anyone can check a result that they were told.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::domain::record::Record;
use crate::domain::tally::count;

/// The longest record that is read, in bytes: far more than the largest server's vote.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Recount {
    /// The record of a vote, as `marquee export` writes it; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn main(arguments: &Recount) -> anyhow::Result<()> {
    let json = if arguments.file == Path::new("-") {
        read(std::io::stdin().lock()).context("standard input can't be read")?
    } else {
        let name = arguments.file.display();
        let file = File::open(&arguments.file).with_context(|| format!("{name} can't be opened"))?;
        read(file).with_context(|| format!("{name} can't be read"))?
    };
    let outcome = count(&Record::parse(&json)?.election()?);
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &outcome)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn read(from: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut json = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut json)?;
    if u64::try_from(json.len()).is_ok_and(|length| length > MAX_BYTES) {
        bail!("it is longer than {} MiB", MAX_BYTES / (1024 * 1024));
    }
    Ok(json)
}
