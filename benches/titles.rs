//! What a suggestion from the local index of titles takes: `cargo bench --bench titles`.
//!
//! Imports 150,000 generated films through the real import, on SQLite and, where there is one, on
//! PostgreSQL, and prints half and 99 % of a thousand searches of each kind; then imports them once more
//! and prints how long another process's transactions took meanwhile. Ends by itself.

#[path = "../tests/suite/harness/mod.rs"]
#[expect(dead_code, reason = "the stories use all of it")]
mod harness;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::database::TestDatabase;
use harness::titles::Datasets;
use marquee::clock::Clock;
use marquee::domain::ids::GuildId;
use marquee::service::import_titles::{Datasets as Files, import_titles};
use marquee::service::titles::TitleIndex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// Films in the index: about as many as IMDb's datasets have with a hundred votes.
const FILMS: u32 = 150_000;

/// Searches of each kind.
const SEARCHES: usize = 1_000;

/// Choices that are asked for, as autocomplete does.
const CHOICES: usize = 25;

#[tokio::main]
async fn main() {
    let datasets = Datasets::generated(FILMS, 150);
    measure("SQLite", TestDatabase::sqlite(), &datasets).await;
    match TestDatabase::postgres().await {
        Some(database) => measure("PostgreSQL", database, &datasets).await,
        None => println!("PostgreSQL: not on this machine"),
    }
}

async fn measure(engine: &str, database: TestDatabase, datasets: &Datasets) {
    let store = database.store().await;
    let files = datasets.write();
    let paths = Files {
        basics: files.basics.clone(),
        ratings: files.ratings.clone(),
    };
    let begun = Instant::now();
    let clock = Clock::manual(1_790_000_000_000);
    let imported = import_titles(&store, &clock, paths.clone(), |_| {})
        .await
        .expect("an import");
    println!(
        "{engine}: {} films imported in {:.0?}",
        imported.films,
        begun.elapsed()
    );

    let index = TitleIndex::new(store.clone());
    for (kind, typed) in kinds(datasets) {
        let mut times: Vec<Duration> = Vec::with_capacity(SEARCHES);
        let mut found = 0;
        for text in &typed {
            let begun = Instant::now();
            let offered = index.search(text, CHOICES).await.expect("an answer");
            times.push(begun.elapsed());
            found += usize::from(!offered.is_empty());
        }
        println!(
            "{engine}: {kind:<13} {}  {found} of {SEARCHES} found something",
            figures(times)
        );
    }

    let other = database.store().await;
    let done = AtomicBool::new(false);
    let importing = async {
        let imported = import_titles(&store, &clock, paths, |_| {}).await;
        done.store(true, Ordering::Relaxed);
        imported.expect("an import");
    };
    let writing = async {
        let mut times = Vec::new();
        while !done.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let mut tx = other.begin_write().await.expect("a transaction");
            tx.lock_guild(GuildId(1), 1_790_000_000).await.expect("a row");
            tx.commit().await.expect("a commit");
            times.push(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times
    };
    let ((), times) = tokio::join!(importing, writing);
    println!(
        "{engine}: write beside  {}  {} transactions",
        figures(times.clone()),
        times.len()
    );
}

fn figures(mut times: Vec<Duration>) -> String {
    times.sort();
    let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
    format!(
        "half {:>9}  99 % {:>9}  most {:>9}",
        ms(times[times.len() / 2]),
        ms(times[times.len() * 99 / 100]),
        ms(times[times.len() - 1]),
    )
}

/// What is typed, a thousand of each kind.
fn kinds(datasets: &Datasets) -> Vec<(&'static str, Vec<String>)> {
    let titles: Vec<String> = datasets.titles().map(str::to_lowercase).collect();
    let mut random = StdRng::seed_from_u64(151);
    let mut each = |of: &mut dyn FnMut(&str, &mut StdRng) -> String| -> Vec<String> {
        (0..SEARCHES)
            .map(|_| {
                let at = random.random_range(0..titles.len());
                of(&titles[at], &mut random)
            })
            .collect()
    };
    vec![
        (
            "beginning",
            each(&mut |title, random| {
                let end = random.random_range(3..=title.len().max(3));
                title.get(..end).unwrap_or(title).to_owned()
            }),
        ),
        (
            "word within",
            each(&mut |title, random| {
                let words: Vec<&str> = title.split(' ').collect();
                words[random.random_range(0..words.len())].to_owned()
            }),
        ),
        (
            "slip",
            each(&mut |title, random| {
                let mut letters: Vec<char> = title.chars().collect();
                let at = random.random_range(0..letters.len());
                match random.random_range(0..3) {
                    0 if letters.len() > 4 => drop(letters.remove(at)),
                    1 if at + 1 < letters.len() => letters.swap(at, at + 1),
                    _ => letters[at] = 'x',
                }
                letters.into_iter().collect()
            }),
        ),
        (
            "two letters",
            each(&mut |title, _| title.chars().take(2).collect()),
        ),
        (
            "the and more",
            each(&mut |title, random| {
                let end = random.random_range(1..=3);
                format!("the {}", title.chars().take(end).collect::<String>())
            }),
        ),
        (
            "no match",
            each(&mut |_, random| {
                (0..12)
                    .map(|_| char::from(random.random_range(b'a'..=b'z')))
                    .collect()
            }),
        ),
    ]
}
