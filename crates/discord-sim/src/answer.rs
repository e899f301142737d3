//! The handle on one interaction: what the bot answered, when, and with how many calls.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Result, SimError};
use crate::id::Id;
use crate::sim::Sim;
use crate::view::Message;
use crate::world::World;
use crate::world::interaction::{AnswerKind, FirstAnswer, InteractionData};
use crate::world::log::RequestRecord;

/// Added to Discord's deadline before the person's client gives up, for the way back.
const GRACE: Duration = Duration::from_millis(100);

/// A choice that an autocomplete offered.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// What the person sees.
    pub name: String,
    /// What is entered when it is chosen.
    pub value: Value,
}

/// The handle on one interaction.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) sim: Sim,
    pub(crate) id: Id,
}

impl Answer {
    /// The interaction's id.
    pub fn interaction_id(&self) -> Id {
        self.id
    }

    fn look<T>(&self, look: impl FnOnce(&InteractionData) -> T) -> Option<T> {
        self.sim
            .core
            .look(|world| world.interactions.get(&self.id).map(look))
    }

    fn label(&self) -> String {
        self.look(|i| i.label.clone()).unwrap_or_default()
    }

    /// Waits until `check` finds something; wakes on changes of this interaction only.
    async fn wait_for<T>(
        &self,
        until: Duration,
        check: impl Fn(&World, &InteractionData) -> Option<T>,
    ) -> Option<T> {
        let mut changed = self.look(|i| i.changed.subscribe())?;
        let wait = async {
            loop {
                changed.borrow_and_update();
                let found = self
                    .sim
                    .core
                    .look(|world| world.interactions.get(&self.id).and_then(|i| check(world, i)));
                if found.is_some() {
                    return found;
                }
                changed.changed().await.ok()?;
            }
        };
        let left = until.saturating_sub(self.sim.core.clock.elapsed());
        tokio::time::timeout(left, wait).await.ok().flatten()
    }

    /// Waits until the event is on its way to the bot, at most for Discord's deadline.
    pub(crate) async fn delivered(self) -> Self {
        let until = self.deadline_at();
        self.wait_for(until, |_, i| i.delivered_at).await;
        self
    }

    fn deadline_at(&self) -> Duration {
        let deadline = self.sim.core.look(|world| world.config.interaction_deadline);
        self.look(|i| i.sent_at).unwrap_or_default() + deadline + GRACE
    }

    fn timed_out(&self, what: &str, waited: Duration) -> SimError {
        let what = format!("{what} to {}", self.label());
        SimError::TimedOut {
            what,
            waited,
            transcript: self.sim.core.recent(),
        }
    }

    fn other(&self, got: impl std::fmt::Debug, wanted: &'static str) -> SimError {
        let got = format!("{got:?}");
        SimError::OtherAnswer {
            what: self.label(),
            got,
            wanted,
            transcript: self.sim.core.recent(),
        }
    }

    /// The first answer; fails when the deadline passes without one.
    pub async fn first(&self) -> Result<FirstAnswer> {
        self.wait_for(self.deadline_at(), |_, i| i.first)
            .await
            .ok_or_else(|| SimError::NoResponse {
                what: self.label(),
                deadline: self.sim.core.look(|world| world.config.interaction_deadline),
                transcript: self.sim.core.recent(),
            })
    }

    /// The message that came of it, once it has its content: the new message of an immediate or
    /// deferred answer, the changed message of an update, or, after a deferred update or a deferred
    /// message that was deleted, the first follow-up.
    pub async fn message(&self) -> Result<Message> {
        self.message_within(self.sim.core.patience).await
    }

    /// Like [`Self::message`], but with its own patience.
    pub async fn message_within(&self, patience: Duration) -> Result<Message> {
        let first = self.first().await?;
        if matches!(first.kind, AnswerKind::Choices | AnswerKind::Modal) {
            return Err(self.other(first.kind, "a message"));
        }
        let until = self.sim.core.clock.elapsed() + patience;
        let ready = |world: &World, i: &InteractionData| {
            let found = |id| world.message(i.channel_id, id).filter(|m| !m.is_loading());
            let original = match first.kind {
                AnswerKind::DeferredUpdate if !i.fulfilled => None,
                _ => i.original_id,
            };
            // A bot that thought better of a public answer deletes it and says something else.
            let said_instead = || match first.kind {
                AnswerKind::DeferredUpdate | AnswerKind::DeferredMessage => {
                    i.followup_ids.first().copied().and_then(found)
                }
                _ => None,
            };
            original.and_then(found).or_else(said_instead).cloned()
        };
        let data = self
            .wait_for(until, ready)
            .await
            .ok_or_else(|| self.timed_out("a message in answer", patience))?;
        Ok(Message {
            sim: self.sim.clone(),
            data: Arc::new(data),
        })
    }

    /// Waits until the first answer came and, if it deferred a message, that message has its content or
    /// was deleted and another one says what there is to say.
    pub async fn settled(&self, timeout: Duration) -> Result<()> {
        let first = self.first().await?;
        let until = self.sim.core.clock.elapsed() + timeout;
        let done = |_: &World, i: &InteractionData| {
            let said = i.fulfilled || !i.followup_ids.is_empty();
            (first.kind != AnswerKind::DeferredMessage || said).then_some(())
        };
        self.wait_for(until, done)
            .await
            .ok_or_else(|| self.timed_out("the rest of the answer", timeout))
    }

    /// The follow-ups that are there now, in order; deleted ones are left out.
    pub fn followups(&self) -> Vec<Message> {
        let found: Vec<_> = self.sim.core.look(|world| {
            let Some(i) = world.interactions.get(&self.id) else {
                return vec![];
            };
            i.followup_ids
                .iter()
                .filter_map(|id| world.message(i.channel_id, *id))
                .cloned()
                .collect()
        });
        found
            .into_iter()
            .map(|data| Message {
                sim: self.sim.clone(),
                data: Arc::new(data),
            })
            .collect()
    }

    /// Waits for this many follow-ups.
    pub async fn wait_followups(&self, count: usize, timeout: Duration) -> Result<Vec<Message>> {
        let until = self.sim.core.clock.elapsed() + timeout;
        let enough = |_: &World, i: &InteractionData| (i.followup_ids.len() >= count).then_some(());
        self.wait_for(until, enough)
            .await
            .ok_or_else(|| self.timed_out("follow-ups", timeout))?;
        Ok(self.followups())
    }

    /// The form that the bot opened: `custom_id`, `title` and `components`.
    pub async fn modal(&self) -> Result<Value> {
        let first = self.first().await?;
        self.look(|i| i.modal.clone())
            .flatten()
            .ok_or_else(|| self.other(first.kind, "a modal"))
    }

    /// The choices that an autocomplete offered.
    pub async fn choices(&self) -> Result<Vec<Choice>> {
        let first = self.first().await?;
        if first.kind != AnswerKind::Choices {
            return Err(self.other(first.kind, "choices"));
        }
        let choices = self.look(|i| i.choices.clone()).unwrap_or_default();
        let name = |c: &Value| c["name"].as_str().unwrap_or_default().to_owned();
        Ok(choices
            .iter()
            .map(|c| Choice {
                name: name(c),
                value: c["value"].clone(),
            })
            .collect())
    }

    /// The bot's REST requests about this interaction, in order.
    pub fn calls(&self) -> Vec<RequestRecord> {
        self.sim.core.look(|world| {
            let Some(i) = world.interactions.get(&self.id) else {
                return vec![];
            };
            i.calls
                .iter()
                .filter_map(|at| world.log.requests.get(*at))
                .cloned()
                .collect()
        })
    }
}
