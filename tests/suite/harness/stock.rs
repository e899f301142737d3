//! What is in the bot's database before a story begins, put there past the bot: nothing of it is
//! counted, and nothing was drawn for it.

use std::sync::atomic::{AtomicI64, Ordering};

use super::rounds::plain_round;
use discord_sim::Guild;
use marquee::domain::film::{FilmData, Source};
use marquee::domain::ids::{FilmId, GuildId, ImdbId, MemberId, ProposalId, RoundId};
use marquee::store::{FetchedFilm, NewProposal, Store};

use super::database::TestDatabase;
use super::evening::{Evening, Setting};

/// Who put everything up.
const STOCKIST: MemberId = MemberId(900_000_000_000_000_000);

/// A way into the database beside the bot's.
#[derive(Debug)]
pub struct Stock {
    store: Store,
    keys: AtomicI64,
}

/// A server's open round as it was put there.
#[derive(Debug)]
pub struct StockedRound {
    round: RoundId,
    proposals: Vec<ProposalId>,
}

impl Stock {
    /// A way into this database.
    pub async fn of(database: &TestDatabase) -> Self {
        Self {
            store: database.store().await,
            // Far from the keys that the bot makes of the time.
            keys: AtomicI64::new(8_000_000_000_000_000_000),
        }
    }

    fn key(&self) -> i64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    /// Puts films up in a server at this instant (Unix seconds), in their order. No details are known.
    pub async fn propose(&self, guild: &Guild, films: &[ImdbId], at: i64) -> StockedRound {
        let guild = GuildId(guild.id().get());
        let mut tx = self.store.begin_write().await.expect("a transaction");
        tx.lock_guild(guild, at).await.expect("the server's row");
        let round = tx
            .ensure_open_round(&plain_round(guild, STOCKIST, at, RoundId(self.key())))
            .await;
        let round = round.expect("an answer").expect("a round").id;
        let mut proposals = Vec::new();
        for film in films {
            let film = tx
                .insert_film_if_missing(film, film.as_str(), None, FilmId(self.key()), at)
                .await
                .expect("a film");
            let new = NewProposal {
                id: ProposalId(self.key()),
                guild,
                film: film.id,
                by: STOCKIST,
                at,
                pitch: None,
                waits_for: None,
            };
            assert!(tx.insert_proposal(&new).await.expect("a proposal"), "new here");
            proposals.push(new.id);
        }
        tx.commit().await.expect("a commit");
        StockedRound { round, proposals }
    }

    /// Has so many members vote, each for every third film, the first for the first.
    pub async fn vote(&self, stocked: &StockedRound, members: u64, at: i64) {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        for member in 0..members {
            let who = MemberId(STOCKIST.0 + 1 + member);
            for (place, proposal) in (0..).zip(&stocked.proposals) {
                if place % 3 == member % 3 {
                    let new = tx.insert_vote(stocked.round, who, *proposal, at).await;
                    assert!(new.expect("a vote"));
                }
            }
        }
        tx.commit().await.expect("a commit");
    }

    /// Saves details of these films, fetched at this instant (Unix seconds).
    pub async fn cache(&self, films: &[ImdbId], fetched_at: i64) {
        let fetched = films.iter().map(|film| details(film, fetched_at)).collect();
        self.save(fetched).await;
    }

    /// The same, under titles of their own by their places in the list.
    pub async fn cache_as(&self, films: &[ImdbId], fetched_at: i64, title: impl Fn(usize) -> String) {
        let fetched = films.iter().enumerate().map(|(place, film)| {
            let mut fetched = details(film, fetched_at);
            fetched.data.title = title(place);
            fetched
        });
        self.save(fetched.collect()).await;
    }

    async fn save(&self, films: Vec<FetchedFilm>) {
        let saved = self.store.save_films(&films, || self.key()).await;
        saved.expect("details are saved");
    }

    /// The store beside the bot's, to hold locks with.
    pub const fn store(&self) -> &Store {
        &self.store
    }
}

/// An evening with all films of its film databases put up, of which no details are known, and the way in that put
/// them up.
pub async fn all_put_up(setting: Setting) -> (Evening, Stock, Vec<ImdbId>) {
    let evening = Evening::begin(setting).await;
    let stock = Stock::of(&evening.database).await;
    let films = evening.films.ids();
    stock
        .propose(&evening.guild, &films, evening.clock.unix_secs())
        .await;
    (evening, stock, films)
}

/// Details such as a look-up long ago brought.
fn details(film: &ImdbId, fetched_at: i64) -> FetchedFilm {
    FetchedFilm {
        imdb_id: film.clone(),
        data: FilmData {
            v: FilmData::VERSION,
            source: Source::Cinemeta,
            title: format!("Cached {film}"),
            year: Some(1979),
            runtime_min: Some(117),
            genres: vec!["Horror".into()],
            directors: Vec::new(),
            plot: None,
            rating: None,
            poster_url: Some(format!(
                "https://m.media-amazon.com/images/M/{film}._V1_SX500.jpg"
            )),
            trailer_url: None,
            series: None,
            abroad: None,
        },
        fetched_at,
    }
}
