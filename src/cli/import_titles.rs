//! `marquee import-titles`: loads IMDb's published datasets into the local index of titles.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::{block_on, configured};
use crate::app::open_store;
use crate::clock::Clock;
use crate::config::Sources;
use crate::service::import_titles::{Datasets, Progress, import_titles};

/// What the operator agrees to.
const TERMS: &str = "\
IMDb lets its datasets be used for personal and non-commercial purposes only; they may not be sold, published \
again, or used to make a database of one's own for others. Read the terms first:

  https://developer.imdb.com/non-commercial-datasets/

If they suit the way you run this bot, download title.basics.tsv.gz and title.ratings.tsv.gz from \
https://datasets.imdbws.com/ and give the command again with --accept-imdb-terms. The bot then credits IMDb in \
/about. Nothing was read or changed.";

/// Where there is no terminal, a line is printed for every so many percent.
const PERCENT_A_LINE: u64 = 10;

/// Where the files' sizes are not known, a line is printed for every so many bytes.
const BYTES_A_LINE: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct ImportTitles {
    /// IMDb's title.basics.tsv.gz
    basics: PathBuf,
    /// IMDb's title.ratings.tsv.gz
    ratings: PathBuf,
    /// You have read IMDb's terms for its datasets and keep to them
    #[arg(long)]
    accept_imdb_terms: bool,
}

pub(super) fn main(arguments: ImportTitles, sources: &Sources) -> anyhow::Result<()> {
    if !arguments.accept_imdb_terms {
        bail!("IMDb's terms have to be accepted first\n\n{TERMS}");
    }
    let config = configured(sources)?;
    let datasets = Datasets {
        basics: arguments.basics,
        ratings: arguments.ratings,
    };
    let imported = block_on(async {
        let store = open_store(&config.database).await?;
        store.migrate_up().await?;
        let mut display = Display::new();
        let imported = import_titles(&store, &Clock::machine(), datasets, |progress| {
            display.show(progress);
        })
        .await;
        display.end();
        store.close().await;
        // The database's own failures name what to do; the files' name the file.
        Ok(imported?)
    })?;
    println!(
        "{} films are in the index{}. Suggestions use it from now on.",
        HumanCount(u64::from(imported.films)),
        match imported.malformed {
            0 => String::new(),
            1 => "; 1 line made no sense and was passed over".to_owned(),
            lines => format!("; {} lines made no sense and were passed over", HumanCount(lines)),
        }
    );
    Ok(())
}

/// A bar on a terminal, plain lines elsewhere; both on standard error.
#[derive(Debug)]
enum Display {
    Bar(ProgressBar),
    Lines { next: u64 },
}

impl Display {
    fn new() -> Self {
        if std::io::stderr().is_terminal() {
            Self::Bar(ProgressBar::no_length().with_style(bar_style()))
        } else {
            Self::Lines { next: 0 }
        }
    }

    fn show(&mut self, progress: &Progress) {
        let (bytes, total) = (progress.bytes(), progress.total_bytes());
        let films = HumanCount(progress.films());
        match self {
            Self::Bar(bar) => {
                if total > 0 && bar.length() != Some(total) {
                    bar.set_length(total);
                }
                bar.set_position(bytes);
                bar.set_message(format!("{films} films"));
            }
            Self::Lines { next } => {
                let (reached, step) = match (bytes * 100).checked_div(total) {
                    Some(percent) => (percent, PERCENT_A_LINE),
                    None => (bytes, BYTES_A_LINE),
                };
                if reached < *next {
                    return;
                }
                *next = (reached / step + 1) * step;
                let share = if total > 0 {
                    format!("{reached} %")
                } else {
                    HumanBytes(bytes).to_string()
                };
                eprintln!("{share} read, {films} films");
            }
        }
    }

    fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{wide_bar} {percent} % · {msg} · {bytes_per_sec} · {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
