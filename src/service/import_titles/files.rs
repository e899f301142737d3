//! Reading the two files as streams, on a thread that may wait for the disk.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use chrono::{DateTime, Datelike};
use flate2::bufread::MultiGzDecoder;
use tokio::sync::mpsc;

use super::ratings::Ratings;
use super::{Datasets, FILMS_AT_ONCE, ImportError, Progress};
use crate::domain::imdb_dataset::{BasicsColumns, Line, RatingsColumns, YEARS_AHEAD};
use crate::domain::title_index::IndexedTitle;
use crate::store::PlacedTitle;

/// A longer line is malformed; IMDb's longest are below two thousand bytes.
const LONGEST_LINE: usize = 64 * 1024;

/// After so many lines an empty batch tells that the work goes on.
const LINES_A_SIGN: u64 = 100_000;

/// Reads both files and sends the films in batches, each in the order of the places; `now` is Unix
/// seconds. Ends early when nobody receives any more.
pub(super) fn read_datasets(
    datasets: &Datasets,
    now: i64,
    progress: &Progress,
    films: &mpsc::Sender<Vec<PlacedTitle>>,
) -> Result<(), ImportError> {
    let mut total = Some(0);
    for file in [&datasets.basics, &datasets.ratings] {
        let length = std::fs::metadata(file).map_err(|source| ImportError::File {
            file: file.clone(),
            source,
        })?;
        total = total
            .filter(|_| length.is_file())
            .map(|total: u64| total + length.len());
    }
    progress
        .total_bytes
        .store(total.unwrap_or_default(), Ordering::Relaxed);
    let ratings = read_ratings(&datasets.ratings, progress, films)?;
    read_basics(&datasets.basics, ratings, now, progress, films)
}

fn read_ratings(
    file: &Path,
    progress: &Progress,
    films: &mpsc::Sender<Vec<PlacedTitle>>,
) -> Result<Ratings, ImportError> {
    let mut lines = Lines::open(file, progress)?;
    let columns = lines.header("title.ratings.tsv.gz", RatingsColumns::read_header)?;
    let mut rows = Vec::new();
    while let Some(line) = lines.next()? {
        match line.map_or(Line::Malformed, |line| columns.read(line)) {
            Line::Row(row) => rows.push(row),
            Line::Other => {}
            Line::Malformed => Progress::add(&progress.malformed, 1),
        }
        if lines.is_time_for_a_sign() && films.blocking_send(Vec::new()).is_err() {
            break;
        }
    }
    Ok(Ratings::new(rows.into_iter()))
}

fn read_basics(
    file: &Path,
    mut ratings: Ratings,
    now: i64,
    progress: &Progress,
    films: &mpsc::Sender<Vec<PlacedTitle>>,
) -> Result<(), ImportError> {
    let this_year = DateTime::from_timestamp(now, 0).and_then(|now| u16::try_from(now.year()).ok());
    let latest_year = this_year.unwrap_or_default().saturating_add(YEARS_AHEAD);
    let mut lines = Lines::open(file, progress)?;
    let columns = lines.header("title.basics.tsv.gz", BasicsColumns::read_header)?;
    let mut batch = Vec::with_capacity(FILMS_AT_ONCE);
    while let Some(line) = lines.next()? {
        match line.map_or(Line::Malformed, |line| columns.read(line, latest_year)) {
            Line::Row(row) => batch.extend(ratings.take(row.number).map(|rated| PlacedTitle {
                place: rated.place,
                title: IndexedTitle {
                    imdb_id: row.imdb_id,
                    title: row.title,
                    original_title: row.original_title,
                    year: row.year,
                    rating_tenths: rated.tenths,
                    votes: rated.votes,
                },
            })),
            Line::Other => {}
            Line::Malformed => Progress::add(&progress.malformed, 1),
        }
        if batch.len() == FILMS_AT_ONCE && send(&mut batch, films).is_err() {
            return Ok(());
        }
        if lines.is_time_for_a_sign() && films.blocking_send(Vec::new()).is_err() {
            return Ok(());
        }
    }
    // Nobody is left to tell when nobody receives.
    let _ = send(&mut batch, films);
    Ok(())
}

/// Sends the batch in the order of the places and begins a new one.
fn send(batch: &mut Vec<PlacedTitle>, films: &mpsc::Sender<Vec<PlacedTitle>>) -> Result<(), ()> {
    let mut full = std::mem::replace(batch, Vec::with_capacity(FILMS_AT_ONCE));
    full.sort_unstable_by_key(|film| film.place);
    films.blocking_send(full).map_err(drop)
}

/// A line that is too long, or is no text.
#[derive(Debug, Clone, Copy)]
struct NoText;

/// The lines of a compressed file. The published ones consist of many gzip members.
struct Lines<'p> {
    file: PathBuf,
    text: BufReader<MultiGzDecoder<BufReader<Watched<'p>>>>,
    line: Vec<u8>,
    count: u64,
}

impl<'p> Lines<'p> {
    fn open(file: &Path, progress: &'p Progress) -> Result<Self, ImportError> {
        let failed = |source| ImportError::File {
            file: file.to_owned(),
            source,
        };
        let mut packed = BufReader::new(Watched {
            file: File::open(file).map_err(failed)?,
            progress,
        });
        if !packed.fill_buf().map_err(failed)?.starts_with(&[0x1f]) {
            return Err(ImportError::NotGzip {
                file: file.to_owned(),
            });
        }
        Ok(Self {
            file: file.to_owned(),
            text: BufReader::new(MultiGzDecoder::new(packed)),
            line: Vec::new(),
            count: 0,
        })
    }

    /// Reads the first line for its columns.
    fn header<T>(
        &mut self,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ImportError> {
        let columns = self.next()?.and_then(Result::ok).and_then(read);
        columns.ok_or_else(|| ImportError::NotThisDataset {
            file: self.file.clone(),
            wanted,
        })
    }

    /// The next line without its end, `None` after the last.
    fn next(&mut self) -> Result<Option<Result<&str, NoText>>, ImportError> {
        self.line.clear();
        self.count += 1;
        let most = LONGEST_LINE as u64;
        let read = (&mut self.text).take(most).read_until(b'\n', &mut self.line);
        if read.map_err(|error| self.failed(error))? == 0 {
            return Ok(None);
        }
        if self.line.len() == LONGEST_LINE && self.line.last() != Some(&b'\n') {
            self.skip_line()?;
            return Ok(Some(Err(NoText)));
        }
        let text = std::str::from_utf8(&self.line).map_err(|_| NoText);
        Ok(Some(text.map(|text| text.trim_end_matches(['\n', '\r']))))
    }

    /// Reads on to the end of a line without keeping it.
    fn skip_line(&mut self) -> Result<(), ImportError> {
        loop {
            let (used, ended) = match self.text.fill_buf() {
                Ok(text) => match text.iter().position(|byte| *byte == b'\n') {
                    Some(at) => (at + 1, true),
                    None => (text.len(), text.is_empty()),
                },
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(error)),
            };
            self.text.consume(used);
            if ended {
                return Ok(());
            }
        }
    }

    const fn is_time_for_a_sign(&self) -> bool {
        self.count.is_multiple_of(LINES_A_SIGN)
    }

    /// What went wrong, as an operator can use it.
    fn failed(&self, source: std::io::Error) -> ImportError {
        let file = self.file.clone();
        match source.kind() {
            ErrorKind::UnexpectedEof => ImportError::CutOff { file },
            ErrorKind::InvalidInput | ErrorKind::InvalidData => ImportError::Damaged { file },
            _ => ImportError::File { file, source },
        }
    }
}

/// A file that counts what is read of it.
struct Watched<'p> {
    file: File,
    progress: &'p Progress,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        Progress::add(&self.progress.bytes, read as u64);
        Ok(read)
    }
}
