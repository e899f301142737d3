//! The judgement at the end: what was recorded, and what should have happened and did not.

use std::time::Duration;

use crate::clock::as_ms;
use crate::sim::Sim;
use crate::violation::{Rule, Violation};
use crate::world::World;
use crate::world::interaction::{AnswerKind, InteractionData};

/// Everything recorded, and every delivered interaction whose deadline passed without an answer.
pub(crate) fn violations(world: &World) -> Vec<Violation> {
    let now = world.clock.elapsed();
    let mut all = world.log.violations.clone();
    for i in world.interactions.values() {
        let due = i.sent_at + world.config.interaction_deadline;
        // What never reached the bot, it could not answer.
        if i.first.is_none() && i.delivered_at.is_some_and(|at| at <= due) && now > due {
            all.push(Violation {
                at_ms: as_ms(due),
                rule: Rule::Unanswered,
                detail: format!(
                    "{} was not answered within {:?}",
                    i.label, world.config.interaction_deadline
                ),
                interaction_id: Some(i.id),
            });
        }
    }
    all.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms));
    all
}

/// Whether a deferred message of this interaction still says "is thinking…".
fn is_loading(world: &World, i: &InteractionData) -> bool {
    let deferred = i.first.is_some_and(|f| f.kind == AnswerKind::DeferredMessage);
    let message = i.original_id.and_then(|id| world.message(i.channel_id, id));
    deferred && !i.fulfilled && message.is_some_and(crate::world::message::MessageData::is_loading)
}

/// Waits for what is still due, at most as long as the simulator's patience, and judges.
pub(crate) async fn finish(sim: &Sim) -> Vec<Violation> {
    let step = Duration::from_millis(10);
    let until = sim.core.clock.elapsed() + sim.core.patience;
    let pending = |world: &World| {
        let now = world.clock.elapsed();
        let undecided = |i: &InteractionData| {
            i.first.is_none()
                && i.delivered_at.is_some()
                && now <= i.sent_at + world.config.interaction_deadline
        };
        world
            .interactions
            .values()
            .any(|i| undecided(i) || is_loading(world, i))
    };
    while sim.core.look(pending) && sim.core.clock.elapsed() < until {
        // A deadline passes without any event, so time itself is looked at.
        tokio::time::sleep(step).await;
    }
    sim.core.act(|world| {
        let left: Vec<_> = world
            .interactions
            .values()
            .filter(|i| is_loading(world, i))
            .map(|i| (i.id, i.label.clone()))
            .collect();
        for (id, label) in left {
            let known = world
                .log
                .violations
                .iter()
                .any(|v| v.rule == Rule::LeftLoading && v.interaction_id == Some(id));
            if !known {
                world.violate(
                    Rule::LeftLoading,
                    format!("the deferred answer to {label} never came"),
                    Some(id),
                );
            }
        }
    });
    sim.violations()
}
