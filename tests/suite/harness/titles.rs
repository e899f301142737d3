//! Files in the shape of IMDb's published datasets, and titles to fill them: made here, from a seed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tempfile::TempDir;

/// The first line of `title.basics.tsv`.
pub const BASICS_HEADER: &str =
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
/// The first line of `title.ratings.tsv`.
pub const RATINGS_HEADER: &str = "tconst\taverageRating\tnumVotes\n";

/// Lines that one gzip member holds; the published files have many.
const LINES_A_MEMBER: usize = 5_000;

/// Films that everybody knows, for stories: number, title, original title, year, votes.
const WELL_KNOWN: [(u32, &str, &str, u16, u32); 12] = [
    (133_093, "The Matrix", "The Matrix", 1999, 2_100_000),
    (
        234_215,
        "The Matrix Reloaded",
        "The Matrix Reloaded",
        2003,
        640_000,
    ),
    (78_748, "Alien", "Alien", 1979, 980_000),
    (90_605, "Aliens", "Aliens", 1986, 780_000),
    (84_787, "The Thing", "The Thing", 1982, 480_000),
    (905_372, "The Thing", "The Thing", 2011, 150_000),
    (47_478, "Seven Samurai", "Shichinin no samurai", 1954, 370_000),
    (110_413, "Léon: The Professional", "Léon", 1994, 1_270_000),
    (22_100, "M", "M - Eine Stadt sucht einen Mörder", 1931, 170_000),
    (
        361_748,
        "Inglourious Basterds",
        "Inglourious Basterds",
        2009,
        1_650_000,
    ),
    (76_759, "Star Wars", "Star Wars", 1977, 1_480_000),
    (
        111_161,
        "The Shawshank Redemption",
        "The Shawshank Redemption",
        1994,
        2_980_000,
    ),
];

/// Two datasets in the making.
#[derive(Debug, Clone, Default)]
pub struct Datasets {
    basics: String,
    ratings: String,
}

impl Datasets {
    /// The films that everybody knows, and what must not come in: a series, an adult film, an episode's
    /// rating, and a film that 99 people have rated.
    pub fn well_known() -> Self {
        let mut datasets = Self::default();
        for (number, title, original, year, votes) in WELL_KNOWN {
            datasets.film(number, title, original, Some(year), votes);
        }
        datasets.row(
            903_747,
            "tvSeries",
            "Breaking Bad",
            "Breaking Bad",
            "0",
            "2008",
            2_300_000,
        );
        datasets.row(
            1_000_001,
            "movie",
            "The Matrix for Adults",
            "\\N",
            "1",
            "1999",
            5_000,
        );
        datasets.row(1_000_002, "movie", "The Matrix Unseen", "\\N", "0", "1999", 99);
        datasets.rating(1_000_003, 400_000);
        datasets
    }

    /// So many films with titles of a few words each, as common or rare as words are; from a seed.
    pub fn generated(films: u32, seed: u64) -> Self {
        let mut titles = Titles::new(seed);
        let mut datasets = Self::default();
        for number in 1..=films {
            let title = titles.title();
            let original = if titles.random.random_bool(0.2) {
                titles.title()
            } else {
                title.clone()
            };
            let year = titles.random.random_range(1920..2027);
            // Few films have many votes.
            let votes = 100.0 / titles.random.random_range(0.000_05_f64..1.0).powf(1.1);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below 10 million"
            )]
            datasets.film(2_000_000 + number, &title, &original, Some(year), votes as u32);
        }
        datasets
    }

    /// Adds a film and its rating.
    pub fn film(&mut self, number: u32, title: &str, original: &str, year: Option<u16>, votes: u32) {
        let year = year.map_or_else(|| "\\N".to_owned(), |year| year.to_string());
        self.row(number, "movie", title, original, "0", &year, votes);
    }

    #[expect(clippy::too_many_arguments, reason = "a row's columns")]
    fn row(
        &mut self,
        number: u32,
        kind: &str,
        title: &str,
        original: &str,
        adult: &str,
        year: &str,
        votes: u32,
    ) {
        self.basics_line(&format!(
            "tt{number:07}\t{kind}\t{title}\t{original}\t{adult}\t{year}\t\\N\t90\tDrama"
        ));
        self.rating(number, votes);
    }

    /// Adds a rating.
    pub fn rating(&mut self, number: u32, votes: u32) {
        let tenths = 50 + number % 50;
        writeln!(
            self.ratings,
            "tt{number:07}\t{}.{}\t{votes}",
            tenths / 10,
            tenths % 10
        )
        .expect("memory");
    }

    /// Adds any line to the basics.
    pub fn basics_line(&mut self, line: &str) {
        self.basics.push_str(line);
        self.basics.push('\n');
    }

    /// Adds any line to the ratings.
    pub fn ratings_line(&mut self, line: &str) {
        self.ratings.push_str(line);
        self.ratings.push('\n');
    }

    /// The titles, in the order in which they were added.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.basics.lines().filter_map(|line| line.split('\t').nth(2))
    }

    /// `title.basics.tsv.gz`.
    pub fn packed_basics(&self) -> Vec<u8> {
        packed(BASICS_HEADER, &self.basics)
    }

    /// `title.ratings.tsv.gz`.
    pub fn packed_ratings(&self) -> Vec<u8> {
        packed(RATINGS_HEADER, &self.ratings)
    }

    /// Writes both files.
    pub fn write(&self) -> DatasetFiles {
        let dir = tempfile::tempdir().expect("a directory");
        let file = |name: &str, bytes: Vec<u8>| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).expect("a file");
            path
        };
        DatasetFiles {
            basics: file("title.basics.tsv.gz", self.packed_basics()),
            ratings: file("title.ratings.tsv.gz", self.packed_ratings()),
            _dir: dir,
        }
    }
}

/// The two files, gone with the value.
#[derive(Debug)]
pub struct DatasetFiles {
    /// `title.basics.tsv.gz`.
    pub basics: PathBuf,
    /// `title.ratings.tsv.gz`.
    pub ratings: PathBuf,
    _dir: TempDir,
}

impl DatasetFiles {
    /// Cuts a file to this part of its length.
    pub fn cut(file: &Path, part: f64) {
        let bytes = std::fs::read(file).expect("a file");
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a part of a small number"
        )]
        let kept = (bytes.len() as f64 * part) as usize;
        std::fs::write(file, &bytes[..kept]).expect("a file");
    }
}

/// Gzip of many members.
fn packed(header: &str, lines: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    let lines: Vec<&str> = std::iter::once(header)
        .chain(lines.split_inclusive('\n'))
        .collect();
    for member in lines.chunks(LINES_A_MEMBER) {
        let mut encoder = GzEncoder::new(&mut packed, Compression::fast());
        for line in member {
            encoder.write_all(line.as_bytes()).expect("memory");
        }
        encoder.finish().expect("memory");
    }
    packed
}

/// Makes titles.
struct Titles {
    random: StdRng,
    words: Vec<String>,
}

/// How many different words there are.
const VOCABULARY: usize = 60_000;

/// The words that titles have most.
const COMMON: [&str; 32] = [
    "the", "of", "a", "and", "in", "to", "my", "love", "on", "man", "is", "for", "la", "de", "night", "with",
    "life", "girl", "last", "day", "dead", "house", "black", "from", "no", "you", "i", "one", "story",
    "world", "star", "war",
];

const SYLLABLES: [&str; 40] = [
    "ba", "ter", "lo", "min", "ka", "shi", "dra", "vel", "on", "mar", "ti", "co", "ran", "sel", "po", "ni",
    "gar", "eth", "lu", "wen", "da", "ris", "mo", "fal", "ke", "zan", "tur", "pi", "os", "hel", "ja", "bro",
    "cha", "li", "nes", "ta", "vor", "sa", "mu", "en",
];

impl Titles {
    fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut words: Vec<String> = COMMON.map(str::to_owned).to_vec();
        while words.len() < VOCABULARY {
            let syllables = random.random_range(2..5);
            words.push(
                (0..syllables)
                    .map(|_| SYLLABLES[random.random_range(0..SYLLABLES.len())])
                    .collect(),
            );
        }
        Self { random, words }
    }

    /// One to five words; the n-th word is about n times as rare as the first.
    fn title(&mut self) -> String {
        let count = self.random.random_range(1..6);
        let words: Vec<String> = (0..count)
            .map(|_| {
                let exponent = self.random.random_range(0.0_f64..1.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "an index"
                )]
                let at = (VOCABULARY as f64).powf(exponent) as usize - 1;
                let word = &self.words[at.min(VOCABULARY - 1)];
                word[..1].to_uppercase() + &word[1..]
            })
            .collect();
        words.join(" ")
    }
}
