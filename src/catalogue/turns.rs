//! Asking providers in turn under one time budget: the next one starts when the one before it failed,
//! knows nothing, or has used up its share, and a request that is late goes on behind.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::fault::Fault;
use super::health::Permit;
use super::providers::Provider;

/// How patiently providers are asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
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
/// nothing. Ends at the latest when the pace's patience does.
pub(super) async fn ask_in_turn<T, F, Asked>(providers: &[Arc<Provider>], pace: Pace, ask: F) -> Verdict<T>
where
    F: Fn(Arc<Provider>) -> Asked,
    Asked: Future<Output = Result<Option<T>, Fault>>,
{
    let started = Instant::now();
    let give_up_at = started + pace.patience;
    let mut queue = providers.iter();
    let mut permits: Vec<Option<Permit>> = Vec::new();
    let mut running = FuturesUnordered::new();
    // The one whose share is running, by its index in `permits`, and the share's end.
    let mut in_turn: Option<(usize, Instant)> = None;
    let mut not_found = false;
    let mut failed = false;
    loop {
        while in_turn.is_none() {
            let left = pace.budget.saturating_sub(started.elapsed());
            if !permits.is_empty() && left < pace.least_left() {
                failed |= queue.len() > 0;
                break;
            }
            let Some(provider) = queue.next() else { break };
            let Some(permit) = provider.health.admit() else {
                failed = true;
                continue;
            };
            let another = queue.clone().any(|next| next.health.admits());
            let share = if another { share_of(left) } else { left };
            let nth = permits.len();
            permits.push(Some(permit));
            in_turn = Some((nth, Instant::now() + share));
            let asked = ask(Arc::clone(provider));
            running.push(async move {
                let answer = timeout_at(give_up_at, asked).await;
                (nth, answer.unwrap_or(Err(Fault::Transient("given up"))))
            });
        }
        let share_end = in_turn.map_or(give_up_at, |(_, end)| end);
        tokio::select! {
            biased;
            answered = running.next() => {
                let Some((nth, answer)) = answered else { break };
                in_turn = in_turn.filter(|(current, _)| *current != nth);
                if let Some(permit) = permits.get_mut(nth).and_then(Option::take) {
                    permit.settle(answer.as_ref().map(Option::is_some).map_err(|fault| *fault));
                }
                match answer {
                    Ok(Some(found)) => return Verdict::Found(found),
                    Ok(None) => not_found = true,
                    Err(_) => failed = true,
                }
            }
            () = sleep_until(share_end), if in_turn.is_some() => {
                if let Some((nth, _)) = in_turn.take()
                    && pace.late_is_failure
                    && let Some(permit) = permits.get_mut(nth).and_then(Option::as_mut)
                {
                    permit.note_late();
                }
            }
        }
    }
    if not_found {
        Verdict::NotFound { by_all: !failed }
    } else {
        Verdict::Failed
    }
}
