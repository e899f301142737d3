//! Loading IMDb's published datasets into the local index of titles.
//!
//! The files are read once each, as a stream: what stays in memory is a number for each rating with at
//! least a hundred votes and the words of the titles, some tens of megabytes in all. Writing is done in
//! short transactions with a breath between them, so that votes get in meanwhile, and what was built
//! takes the place of the index in use at the very end.

mod files;
mod ratings;
mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::clock::Clock;
use crate::store::{PlacedTitle, Store, StoreError};
use files::read_datasets;
use words::Words;

/// Films that one transaction writes: some tens of milliseconds.
const FILMS_AT_ONCE: usize = 500;

/// Words that one transaction writes.
const WORDS_AT_ONCE: usize = 2_000;

/// The longest pause between two transactions. A pause is as long as the transaction before it, so that
/// other processes have the database for half of the time at least.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How many batches may wait between reading and writing.
const BATCHES_AHEAD: usize = 2;

/// What to import.
#[derive(Debug, Clone)]
pub struct Datasets {
    /// `title.basics.tsv.gz`.
    pub basics: PathBuf,
    /// `title.ratings.tsv.gz`.
    pub ratings: PathBuf,
}

/// How far an import is. Counted while it goes on.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    total_bytes: AtomicU64,
    films: AtomicU64,
    malformed: AtomicU64,
}

impl Progress {
    /// Bytes of the two files, as they are on the disk, that were read.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Bytes of the two files; 0 when that is not known, since one is a pipe.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes.load(Ordering::Relaxed)
    }

    /// Films written.
    pub fn films(&self) -> u64 {
        self.films.load(Ordering::Relaxed)
    }

    /// Lines that made no sense and were passed over.
    pub fn malformed(&self) -> u64 {
        self.malformed.load(Ordering::Relaxed)
    }

    fn add(counter: &AtomicU64, more: u64) {
        counter.fetch_add(more, Ordering::Relaxed);
    }
}

/// What an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Films in the index.
    pub films: u32,
    /// Lines that made no sense and were passed over.
    pub malformed: u64,
}

/// Why nothing was imported. The index in use is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be opened or read.
    #[error("{} can't be read: {source}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not compressed as the published ones are.
    #[error("{} is no gzip file; give it as IMDb publishes it", .file.display())]
    NotGzip {
        /// Which.
        file: PathBuf,
    },
    /// A file ends before its end.
    #[error("{} ends in the middle: download it again", .file.display())]
    CutOff {
        /// Which.
        file: PathBuf,
    },
    /// A file is damaged.
    #[error("{} is damaged: download it again", .file.display())]
    Damaged {
        /// Which.
        file: PathBuf,
    },
    /// A file is another one.
    #[error("{} is not IMDb's {wanted}; the order is title.basics.tsv.gz title.ratings.tsv.gz", .file.display())]
    NotThisDataset {
        /// Which.
        file: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// No film was found.
    #[error(
        "the files have no film with at least {} votes in common: are they of the same day?",
        crate::domain::title_index::LEAST_VOTES
    )]
    NoFilms,
    /// Another import began meanwhile.
    #[error("another import has begun meanwhile, and this one gave way")]
    Overtaken,
    /// The reader ended without a word.
    #[error("reading the files was broken off")]
    BrokenOff,
    /// The database failed.
    #[error("the database can't be written")]
    Store(#[source] StoreError),
}

/// Reads the datasets and replaces the local index of titles. `watch` is called a few times a second.
/// Whenever it ends early, by an error or by being dropped, the index in use stays.
pub async fn import_titles(
    store: &Store,
    clock: &Clock,
    datasets: Datasets,
    mut watch: impl FnMut(&Progress),
) -> Result<Imported, ImportError> {
    let import = Import {
        store,
        key: clock.key(),
    };
    let progress = Arc::new(Progress::default());
    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let reader = {
        let (progress, now) = (Arc::clone(&progress), clock.unix_secs());
        tokio::task::spawn_blocking(move || read_datasets(&datasets, now, &progress, &sender))
    };
    let mut claimed = false;
    let mut words = Words::default();
    while let Some(batch) = batches.recv().await {
        if !batch.is_empty() {
            if !claimed {
                import.claim().await?;
                claimed = true;
            }
            import.write_films(&batch).await?;
            words.add(&batch);
            Progress::add(&progress.films, batch.len() as u64);
        }
        watch(&progress);
    }
    reader.await.map_err(|_| ImportError::BrokenOff)??;
    if !claimed {
        return Err(ImportError::NoFilms);
    }
    for part in words.parts() {
        for chunk in part.chunks(WORDS_AT_ONCE) {
            import.write_words(chunk).await?;
            watch(&progress);
        }
    }
    let films = u32::try_from(progress.films()).unwrap_or(u32::MAX);
    import.swap(films, clock.unix_secs()).await?;
    watch(&progress);
    Ok(Imported {
        films,
        malformed: progress.malformed(),
    })
}

/// The writing side of one import.
#[derive(Debug)]
struct Import<'s> {
    store: &'s Store,
    key: i64,
}

/// Does this in one transaction, which another import's beginning refuses, and draws a breath.
macro_rules! in_a_breath {
    ($import:expr, |$tx:ident| $work:expr) => {{
        let begun = Instant::now();
        let mut $tx = $import.store.begin_write().await.map_err(ImportError::Store)?;
        if !$work.map_err(ImportError::Store)? {
            $tx.rollback().await.map_err(ImportError::Store)?;
            return Err(ImportError::Overtaken);
        }
        $tx.commit().await.map_err(ImportError::Store)?;
        sleep(begun.elapsed().min(LONGEST_PAUSE)).await;
        Ok(())
    }};
}

impl Import<'_> {
    async fn claim(&self) -> Result<(), ImportError> {
        in_a_breath!(self, |tx| tx.claim_title_import(self.key).await.map(|()| true))
    }

    async fn write_films(&self, films: &[PlacedTitle]) -> Result<(), ImportError> {
        in_a_breath!(self, |tx| tx.insert_titles(self.key, films).await)
    }

    async fn write_words(&self, words: &[(i64, &str, u32)]) -> Result<(), ImportError> {
        in_a_breath!(self, |tx| tx.insert_title_words(self.key, words).await)
    }

    async fn swap(&self, films: u32, now: i64) -> Result<(), ImportError> {
        in_a_breath!(self, |tx| tx.swap_titles(self.key, films, now).await)
    }
}
