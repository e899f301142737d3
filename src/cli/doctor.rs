//! `marquee doctor`: a line for each thing that the bot stands on, and what to do where one is amiss.

use std::io::Write;

use anyhow::bail;

use super::block_on;
use crate::clock::Clock;
use crate::config::{Sources, load};
use crate::doctor::{Verdict, examine};

#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// Makes only the checks that ask neither Discord nor the film databases
    #[arg(long)]
    offline: bool,
}

pub(super) fn main(arguments: &Doctor, sources: &Sources) -> anyhow::Result<()> {
    let loaded = load(sources);
    let findings = block_on(async { Ok(examine(&loaded, arguments.offline, &Clock::machine()).await) })?;
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    out.flush()?;
    let failed = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail)
        .count();
    if failed > 0 {
        bail!("{failed} of {} checks failed", findings.len());
    }
    Ok(())
}
