//! A server with members who propose and vote, as the services have them do it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use marquee::domain::film::{FilmData, Source};
use marquee::domain::ids::{FilmId, GuildId, ImdbId, MemberId, ProposalId, RoundId};
use marquee::domain::policy::{Actor, Organizer};
use marquee::domain::proposal::Proposal;
use marquee::domain::round::Round;
use marquee::domain::settings::Change;
use marquee::store::{FetchedFilm, NewProposal, Store};

use crate::harness::database::TestDatabase;
use crate::harness::evening::PATIENCE;
use crate::harness::rounds::plain_round;

/// A server whose id is as large as Discord's are.
pub const GUILD: GuildId = GuildId(1_308_412_345_678_901_234);
/// Another one.
pub const OTHER_GUILD: GuildId = GuildId(81_384_788_765_712_384);
/// The instant at which stories begin, Unix seconds.
pub const NOW: i64 = 1_790_000_000;

/// A database with the whole schema, and keys to give out.
#[derive(Debug)]
pub struct Scene {
    pub store: Store,
    keys: AtomicI64,
    /// Last, so that it outlives the store.
    pub database: TestDatabase,
}

impl Scene {
    pub async fn open(database: TestDatabase) -> Self {
        Self {
            store: database.store().await,
            keys: AtomicI64::new(7_000_000_000_000_000_000),
            database,
        }
    }

    /// Waits until this round has a result.
    pub async fn until_counted(&self, round: RoundId) {
        let counted = async {
            while self
                .store
                .find_result_of(round)
                .await
                .expect("an answer")
                .is_none()
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, counted)
            .await
            .expect("a result in time");
    }

    /// A key that was not given out before.
    pub fn key(&self) -> i64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    /// Puts a film up at an instant, opening a round if there is none.
    pub async fn propose(&self, guild: GuildId, by: MemberId, film: &str, at: i64) -> (RoundId, Proposal) {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        tx.lock_guild(guild, at).await.expect("the server's row");
        let round = tx
            .ensure_open_round(&plain_round(guild, by, at, RoundId(self.key())))
            .await
            .expect("an answer")
            .expect("a round");
        let title = format!("Film {film}");
        let film = tx
            .insert_film_if_missing(&imdb(film), &title, Some(1999), FilmId(self.key()), at)
            .await
            .expect("a film");
        let new = NewProposal {
            id: ProposalId(self.key()),
            guild,
            film: film.id,
            by,
            at,
            pitch: Some(format!("because of {title}")),
            waits_for: None,
        };
        assert!(tx.insert_proposal(&new).await.expect("a proposal"));
        tx.commit().await.expect("a commit");
        let proposal = Proposal {
            id: new.id,
            film,
            proposed_by: by,
            proposed_at: at,
            pitch: new.pitch,
        };
        (round.id, proposal)
    }

    /// Changes one setting of a server.
    pub async fn change(&self, guild: GuildId, change: &Change) {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        let settings = tx.lock_guild(guild, NOW).await.expect("the server's row");
        let written = tx.update_settings(guild, &settings.with(change)).await;
        written.expect("written");
        tx.commit().await.expect("a commit");
    }

    /// The round as the database has it.
    pub async fn round(&self, round: RoundId) -> Round {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        let found = tx.find_round(round).await.expect("an answer");
        tx.rollback().await.expect("an undo");
        found.expect("a round")
    }

    /// Votes at an instant; whether the vote is new.
    pub async fn vote(&self, round: RoundId, by: MemberId, proposal: ProposalId, at: i64) -> bool {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        tx.lock_ballot(round, by).await.expect("the ballot");
        let new = tx.insert_vote(round, by, proposal, at).await.expect("a vote");
        tx.commit().await.expect("a commit");
        new
    }

    /// How many statements the work took.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> (u64, T) {
        let before = self.store.statements();
        let value = work.await;
        (self.store.statements() - before, value)
    }
}

/// A member by a small number.
pub const fn member(number: u64) -> MemberId {
    MemberId(900_000_000_000_000_000 + number)
}

/// An organizer of this server.
pub fn organizer(guild: GuildId) -> Organizer {
    let actor = Actor {
        guild,
        member: member(9),
        manages_server: true,
    };
    Organizer::prove(actor, &[], None).expect("an organizer")
}

/// An IMDb id.
pub fn imdb(id: &str) -> ImdbId {
    id.parse().expect("an IMDb id")
}

/// Data of a film with this title, fetched at an instant.
pub fn fetched(id: &str, title: &str, fetched_at: i64) -> FetchedFilm {
    FetchedFilm {
        imdb_id: imdb(id),
        data: FilmData {
            v: FilmData::VERSION,
            source: Source::Cinemeta,
            title: title.into(),
            year: Some(1979),
            runtime_min: Some(117),
            genres: vec!["Horror".into(), "Sci-Fi".into()],
            directors: vec!["Ridley Scott".into()],
            plot: Some("In space no one can hear 'you' scream; -- %_ \u{1F47D}".into()),
            rating: None,
            poster_url: None,
            trailer_url: None,
            series: None,
            abroad: None,
        },
        fetched_at,
    }
}
