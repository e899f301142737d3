//! No key reaches a log or an error, at the most talkative level and in every failure.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use marquee::domain::film::Source;
use tracing_subscriber::fmt::MakeWriter;

use super::World;
use crate::harness::providers::{Behaviour, FakeFilms, OMDB_KEY, TMDB_TOKEN};

/// A log that is kept.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// All that was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A log that hears everything said on this thread, until the second value goes.
pub fn heard() -> (Log, impl Sized) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    // With one subscriber alone, an event that a test without any meets first is turned off for all.
    let another = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(subscriber);
    (log, (another, guard))
}

#[tokio::test]
async fn no_failure_puts_a_key_into_the_log() {
    let (log, _listening) = heard();

    let mut talked = 0;
    for behaviour in [
        Behaviour::Fine,
        Behaviour::Refuse,
        Behaviour::Reset,
        Behaviour::Hang,
        Behaviour::Drip,
        Behaviour::Truncated,
        Behaviour::web_page(500),
        Behaviour::body("nonsense"),
        Behaviour::body(OMDB_KEY),
        Behaviour::gzip_bomb(),
        Behaviour::redirect("/?apikey=elsewhere"),
        Behaviour::redirect("http://169.254.169.254/"),
        Behaviour::too_many("5"),
        Behaviour::omdb_error(401, "Invalid API key!"),
    ] {
        for source in [Source::Omdb, Source::Tmdb] {
            let world = World::hasty(FakeFilms::with_films(1), &[source]);
            world.films.behave(&behaviour);
            let gathered = world.look_up(&world.films.ids()).await;
            let result = world.catalogue.search("Film 1", None, super::HASTE).await;
            tracing::info!(?gathered, ?result, catalogue = ?world.catalogue, "all that can be told");
            talked += 1;
        }
    }
    let text = log.text();
    assert_eq!(text.matches("all that can be told").count(), talked);
    assert!(text.contains("asked for a film"), "the catalogue was heard");
    for secret in [OMDB_KEY, TMDB_TOKEN, "apikey="] {
        if let Some(at) = text.find(secret) {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            panic!("{secret} in the log: {}", &text[line..at + secret.len()]);
        }
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_refused_without_their_key() {
    let films = FakeFilms::start();
    let mut settings = films.settings(&[Source::Tmdb], super::FETCH_TIMEOUT);
    settings.tmdb.access_token = Some("sesame\nopen".into());
    let clock = marquee::clock::Clock::machine();
    let tasks = tokio_util::task::TaskTracker::new();
    let refused = marquee::catalogue::Catalogue::new(settings, clock, tasks).expect_err("a line break");
    assert!(!format!("{refused} {refused:?}").contains("sesame"));
}
