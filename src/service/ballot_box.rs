//! The ballot box: votes that arrive together are written in one transaction.
//!
//! A commit that survives a power cut costs the disk a few milliseconds, whether it holds one vote or
//! three hundred. So whoever comes while one is under way waits for the next, which takes all that
//! wait along (group commit). A vote is answered only after the commit that holds it: what a member was
//! told is counted. Votes of one process are applied one after the other, in the order of their coming.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use super::ServiceError;
use super::ballot::Voted;
use crate::clock::Clock;
use crate::domain::film::Film;
use crate::domain::ids::{GuildId, ProposalId, RoundId};
use crate::domain::policy::Actor;
use crate::domain::proposal::ProposalState;
use crate::domain::reaction::ReactionAt;
use crate::domain::refusal::Refusal;
use crate::domain::round::{Method, Round};
use crate::domain::voter::VoterId;
use crate::store::{Store, StoreError, Tx, Votable};

/// The most votes in one transaction, so that a storm's first votes do not wait for its last.
const MOST_PER_COMMIT: usize = 256;

/// What a click asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Click {
    /// Vote, or take the vote back.
    Toggle,
    /// Vote; a vote that is there stays.
    Add,
    /// A reaction appeared; one that was seen before gives no second vote.
    React(ReactionAt),
    /// A reaction went away, and the vote that it gave with it.
    Unreact(ReactionAt),
}

/// One member's click on one proposal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cast {
    pub actor: Actor,
    pub round: RoundId,
    pub proposal: ProposalId,
    pub click: Click,
}

type Answer = Result<Voted, ServiceError>;

/// What the rules say to a vote.
type Outcome = Result<Voted, Refusal>;

/// Votes of one transaction, with those who wait for them.
type Batch = Vec<(Cast, oneshot::Sender<Answer>)>;

#[derive(Debug, Default)]
struct Queue {
    waiting: Batch,
    /// Whether a task is emptying the queue.
    emptied: bool,
}

/// Where votes go. Clones are the same box.
#[derive(Debug, Clone, Default)]
pub(super) struct BallotBox {
    queue: Arc<Mutex<Queue>>,
}

impl BallotBox {
    /// Casts a vote and returns once it is committed or refused. A caller who goes away does not take
    /// the vote along.
    pub async fn cast(&self, cast: Cast, store: &Store, clock: &Clock, tasks: &TaskTracker) -> Answer {
        let (answer, answered) = oneshot::channel();
        let idle = {
            let mut queue = self.lock();
            queue.waiting.push((cast, answer));
            !mem::replace(&mut queue.emptied, true)
        };
        if idle {
            let (emptier, store, clock) = (Emptier(self.clone()), store.clone(), clock.clone());
            tasks.spawn(async move { emptier.run(&store, &clock).await });
        }
        answered.await.unwrap_or_else(|_| {
            Err(ServiceError::Internal(anyhow::anyhow!(
                "the task that writes votes ended unexpectedly"
            )))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Empties the box until nothing waits. Dropped early, by a panic, it lets go of those who wait, and
/// the next vote starts another.
struct Emptier(BallotBox);

impl Emptier {
    async fn run(self, store: &Store, clock: &Clock) {
        while let Some(batch) = self.next_batch() {
            let casts: Vec<Cast> = batch.iter().map(|(cast, _)| *cast).collect();
            match write(store, &casts, clock.unix_secs()).await {
                Err(Unwritten::Vote(error)) if batch.len() > 1 && !error.is_busy() => {
                    tracing::warn!(%error, votes = batch.len(), "a vote failed, so each is written by itself");
                    for one in batch {
                        let written = write(store, &[one.0], clock.unix_secs()).await;
                        answer(vec![one], written);
                    }
                }
                written => answer(batch, written),
            }
        }
    }

    fn next_batch(&self) -> Option<Batch> {
        let mut queue = self.0.lock();
        if queue.waiting.is_empty() {
            queue.emptied = false;
            return None;
        }
        let most = queue.waiting.len().min(MOST_PER_COMMIT);
        let rest = queue.waiting.split_off(most);
        Some(mem::replace(&mut queue.waiting, rest))
    }
}

impl Drop for Emptier {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut queue = self.0.lock();
            queue.emptied = false;
            queue.waiting.clear();
        }
    }
}

/// Tells those who wait what became of their votes.
fn answer(batch: Batch, written: Result<Vec<Outcome>, Unwritten>) {
    match written {
        Ok(outcomes) => {
            for ((_, answer), outcome) in batch.into_iter().zip(outcomes) {
                // A caller who went away needs no answer; the vote is in.
                let _gone = answer.send(outcome.map_err(ServiceError::from));
            }
        }
        Err(Unwritten::Vote(error) | Unwritten::All(error)) => {
            let shared = Arc::new(error);
            for (_, answer) in batch {
                let _gone = answer.send(Err(ServiceError::from_shared_store(&shared)));
            }
        }
    }
}

/// Why a transaction's votes were not written.
enum Unwritten {
    /// One of them failed and took the others along; nothing was written.
    Vote(StoreError),
    /// The transaction itself failed, perhaps at its very end: nothing is tried again.
    All(StoreError),
}

/// Writes these votes in one transaction: all of them, or, when the database fails, none.
async fn write(store: &Store, casts: &[Cast], now: i64) -> Result<Vec<Outcome>, Unwritten> {
    let mut tx = store.begin_write().await.map_err(Unwritten::All)?;
    let mut outcomes = Vec::with_capacity(casts.len());
    for cast in casts {
        match apply(&mut tx, *cast, now).await {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                // Waited for, so that the next transaction does not wait for this one's end.
                drop(tx.rollback().await);
                return Err(Unwritten::Vote(error));
            }
        }
    }
    tx.commit().await.map_err(Unwritten::All)?;
    Ok(outcomes)
}

async fn apply(tx: &mut Tx, cast: Cast, now: i64) -> Result<Outcome, StoreError> {
    let Cast {
        actor,
        round,
        proposal,
        click,
    } = cast;
    tx.lock_ballot(round, actor.member).await?;
    let member = actor.member;
    let found = tx.find_votable(round, proposal).await?;
    let is_over = found.as_ref().is_some_and(|found| !found.round.takes_votes(now));
    // A reaction is remembered whether or not it counts: it stands under the message. But not once the round is
    // over: should it be opened again, what changed meanwhile is news.
    let is_news = match click {
        Click::React(at) if !is_over => tx.insert_reaction(at, member).await?,
        Click::Unreact(at) if !is_over => tx.delete_reaction(at, member).await?,
        Click::React(_) | Click::Unreact(_) | Click::Toggle | Click::Add => true,
    };
    let some_withheld = found.as_ref().is_some_and(|found| found.withheld);
    let (round, film) = match votable(found, actor.guild, now) {
        Ok(votable) => votable,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(voter) = round.voter(member) else {
        return Ok(Err(Refusal::RoundOver));
    };
    if matches!(click, Click::React(_)) && !round.rules.allow_reactions() {
        return Ok(Err(Refusal::ReactionIsOpen));
    }
    if some_withheld {
        // Who votes is back, if they had left.
        tx.restore_votes(round.id, voter).await?;
    }
    let outcome = match click {
        Click::Toggle if tx.delete_vote(round.id, voter, proposal).await? => Voted::not(film),
        Click::Toggle | Click::Add => match choose(tx, &round, voter, (proposal, film), now).await? {
            Ok(chosen) => chosen,
            Err(refusal) => return Ok(Err(refusal)),
        },
        Click::React(_) | Click::Unreact(_) if !is_news => {
            let counts = tx.has_voted(round.id, voter, film.id).await?;
            Voted {
                repeated: true,
                ..Voted::as_it_is(film, counts)
            }
        }
        Click::React(_) => {
            let counts = tx.has_voted(round.id, voter, film.id).await?;
            if !counts && let Some(limit) = limit_reached(tx, &round, voter).await? {
                return Ok(Err(Refusal::VoteLimit { limit }));
            }
            tx.insert_reaction_vote(round.id, member, proposal, now).await?;
            Voted::as_it_is(film, true)
        }
        Click::Unreact(_) => {
            tx.delete_reaction_vote(round.id, member, proposal).await?;
            let counts = tx.has_voted(round.id, voter, film.id).await?;
            Voted::as_it_is(film, counts)
        }
    };
    Ok(Ok(Voted {
        hidden: round.hides_counts(),
        ..outcome
    }))
}

/// Votes for a film by a click, as the method has it: a single vote moves, and of a few none is left over.
async fn choose(
    tx: &mut Tx,
    round: &Round,
    voter: VoterId,
    (proposal, film): (ProposalId, Film),
    now: i64,
) -> Result<Outcome, StoreError> {
    if tx.has_voted(round.id, voter, film.id).await? {
        return Ok(Ok(Voted::as_it_is(film, true)));
    }
    let mut moved_from = None;
    if round.rules.method == Method::Single {
        moved_from = tx.find_last_choice(round.id, voter).await?.map(Box::new);
        tx.delete_member_votes(round.id, voter).await?;
    }
    if let Some(limit) = limit_reached(tx, round, voter).await? {
        return Ok(Err(Refusal::VoteLimit { limit }));
    }
    tx.insert_vote(round.id, voter, proposal, round.cast_at(now))
        .await?;
    Ok(Ok(Voted {
        moved_from,
        ..Voted::as_it_is(film, true)
    }))
}

/// The round's limit of votes, when the voter has spent them all. Before another vote is given, those for films
/// that left go: should one return, no more than the limit count.
async fn limit_reached(tx: &mut Tx, round: &Round, voter: VoterId) -> Result<Option<u32>, StoreError> {
    let Some(limit) = round.rules.vote_limit() else {
        return Ok(None);
    };
    tx.delete_idle_votes(round, voter).await?;
    let spent = tx.count_spent_votes(round, voter).await?;
    Ok((spent >= limit).then_some(limit))
}

/// The round and the film that a vote counts for, asked from this server, if it counts at all.
fn votable(found: Option<Votable>, guild: GuildId, now: i64) -> Result<(Round, Film), Refusal> {
    let votable = found
        .filter(|votable| votable.round.guild == guild && votable.proposal_guild == guild)
        .ok_or(Refusal::ForeignControl)?;
    if !votable.round.takes_votes(now) {
        return Err(Refusal::RoundOver);
    }
    if votable.proposal_state != ProposalState::Active {
        return Err(Refusal::ProposalGone);
    }
    if votable.waits {
        return Err(Refusal::ProposalWaits);
    }
    if !votable.round.rules.method.button_votes() {
        return Err(Refusal::NeedsBallot {
            round: votable.round.id,
        });
    }
    Ok((votable.round, votable.film))
}
