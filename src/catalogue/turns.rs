//! Asking providers in turn under one time budget: the next one starts when the one before it failed,
//! knows nothing, or has used up its share, and a request that is late goes on behind.
//!
//! A provider that is merely being probed holds up nobody: the next one is asked at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::fault::Fault;
use super::health::Permit;
use super::providers::{Provider, Quest};

/// How patiently providers are asked, and for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// What is asked for.
    pub quest: Quest,
    /// What those who wait are given, all providers together; shares are parts of it.
    pub budget: Duration,
    /// When a request is given up, counted from the start.
    pub patience: Duration,
    /// Whether a provider that uses up its share has failed. Not where the budget is shorter than
    /// what a provider may fairly take.
    pub late_is_failure: bool,
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<T> {
    /// The first that was found.
    Found(T),
    /// Whoever answered knows nothing.
    NotFound {
        /// Whether that was every provider.
        by_all: bool,
    },
    /// Nobody answered usably.
    Failed,
}

/// How asking one provider ended.
enum Asked<T> {
    /// It could not begin in time: the provider has nothing to do with that.
    NotBegun,
    /// It was answered, or not in time.
    Answered(Result<Option<T>, Fault>),
}

/// A provider that was asked.
struct Call {
    /// Until its answer is here.
    permit: Option<Permit>,
    /// Whether it was asked at once, and so had the whole of its share.
    at_once: Arc<AtomicBool>,
}

impl Pace {
    /// The least time in which it makes sense to start a provider: 0.4 s of the usual 3 s.
    fn least_left(self) -> Duration {
        (self.budget * 2 / 15).min(Duration::from_millis(400))
    }
}

/// The part of the remaining time that a provider gets when another one follows: 60 %.
fn share_of(left: Duration) -> Duration {
    left * 3 / 5
}

/// Asks the providers in turn. `ask` answers with what a provider found, or `None` when it knows
/// nothing; `land` is told the verdict as soon as there is one. Ends at the latest when the pace's patience
/// does, and not before a probe that is under way.
pub(super) async fn ask_in_turn<T, F, Answer>(
    providers: &[Arc<Provider>],
    pace: Pace,
    ask: F,
    land: impl FnOnce(Verdict<T>),
) where
    F: Fn(Arc<Provider>) -> Answer,
    Answer: Future<Output = Result<Option<T>, Fault>>,
{
    let started = Instant::now();
    let give_up_at = started + pace.patience;
    let mut queue = providers.iter();
    let mut calls: Vec<Call> = Vec::new();
    let mut running = FuturesUnordered::new();
    // The one whose share is running, by its index in `calls`, and the share's end.
    let mut in_turn: Option<(usize, Instant)> = None;
    let mut found = None;
    let mut not_found = false;
    let mut failed = false;
    while found.is_none() {
        while in_turn.is_none() {
            let left = pace.budget.saturating_sub(started.elapsed());
            if !calls.is_empty() && left < pace.least_left() {
                failed |= queue.len() > 0;
                break;
            }
            let Some(provider) = queue.next() else { break };
            let Some(permit) = provider.health.admit() else {
                failed = true;
                continue;
            };
            let another = queue.clone().any(|next| next.health.admits());
            let share_end = Instant::now() + if another { share_of(left) } else { left };
            let nth = calls.len();
            if !(another && permit.is_probe()) {
                in_turn = Some((nth, share_end));
            }
            let at_once = Arc::new(AtomicBool::new(false));
            calls.push(Call {
                permit: Some(permit),
                at_once: Arc::clone(&at_once),
            });
            let asked = ask(Arc::clone(provider));
            let provider = Arc::clone(provider);
            running.push(async move {
                let turn = provider
                    .throttle
                    .turn(provider.requests(pace.quest), share_end)
                    .await;
                let Some(turn) = turn else {
                    return (nth, Asked::NotBegun);
                };
                at_once.store(turn.at_once, Ordering::Relaxed);
                let answer = timeout_at(give_up_at, asked).await;
                (
                    nth,
                    Asked::Answered(answer.unwrap_or(Err(Fault::Transient("given up")))),
                )
            });
        }
        let share_end = in_turn.map_or(give_up_at, |(_, end)| end);
        tokio::select! {
            biased;
            answered = running.next() => {
                let Some((nth, asked)) = answered else { break };
                in_turn = in_turn.filter(|(current, _)| *current != nth);
                match settle(&mut calls, nth, asked) {
                    Some(Ok(Some(answer))) => found = Some(answer),
                    Some(Ok(None)) => not_found = true,
                    Some(Err(_)) | None => failed = true,
                }
            }
            () = sleep_until(share_end), if in_turn.is_some() => {
                if let Some((nth, _)) = in_turn.take()
                    && pace.late_is_failure
                    && let Some(call) = calls.get_mut(nth)
                    && call.at_once.load(Ordering::Relaxed)
                    && let Some(permit) = &mut call.permit
                {
                    permit.note_late();
                }
            }
        }
    }
    land(match found {
        Some(found) => Verdict::Found(found),
        None if not_found => Verdict::NotFound { by_all: !failed },
        None => Verdict::Failed,
    });
    // A probe is heard out: if it were dropped, a provider that hangs would be probed again at once.
    while calls.iter().any(is_open_probe)
        && let Some((nth, asked)) = running.next().await
    {
        settle(&mut calls, nth, asked);
    }
}

fn is_open_probe(call: &Call) -> bool {
    call.permit.as_ref().is_some_and(Permit::is_probe)
}

/// Tells the provider's health what came of the call, and hands the answer on; `None` when there was no call.
fn settle<T>(calls: &mut [Call], nth: usize, asked: Asked<T>) -> Option<Result<Option<T>, Fault>> {
    let permit = calls.get_mut(nth).and_then(|call| call.permit.take());
    let Asked::Answered(answer) = asked else {
        return None;
    };
    if let Some(permit) = permit {
        permit.settle(answer.as_ref().map(Option::is_some).map_err(|fault| *fault));
    }
    Some(answer)
}
