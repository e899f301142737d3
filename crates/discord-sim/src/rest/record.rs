//! A request on its way through the pipeline, and what the record keeps of it.

use std::time::Duration;

use axum::http::request::Parts;

use super::route::{self, Route};
use crate::clock::as_ms;
use crate::core::Core;
use crate::id::Id;
use crate::violation::Rule;
use crate::world::World;
use crate::world::log::RequestRecord;

/// A request and what is known of it so far.
pub(super) struct Passage {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) route: Option<Route>,
    arrived: Duration,
    pub(super) body_bytes: usize,
    /// Whether a fault decided the answer.
    pub(super) injected: bool,
    recorded: bool,
}

/// How a request ended.
pub(super) struct Verdict<'a> {
    pub(super) status: u16,
    pub(super) error: Option<&'a str>,
    /// The rule that was broken.
    pub(super) rule: Option<Rule>,
}

impl Passage {
    pub(super) fn begin(core: &Core, parts: &Parts) -> Self {
        let full = parts.uri.path();
        let path = full.strip_prefix("/api/v10").filter(|rest| rest.starts_with('/'));
        Self {
            method: parts.method.to_string(),
            path: path.unwrap_or(full).to_owned(),
            route: path.and_then(|p| route::find(&parts.method, p)),
            arrived: core.clock.elapsed(),
            body_bytes: 0,
            injected: false,
            recorded: false,
        }
    }

    fn template(&self) -> &str {
        self.route.as_ref().map_or(&self.path, |r| r.template)
    }

    /// What the patterns of faults are compared with.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.template())
    }

    /// The interaction that the request is about.
    pub(super) fn interaction(&self, world: &World) -> Option<Id> {
        let route = self.route.as_ref()?;
        let token = [route.param("interaction_token"), route.param("webhook_token")];
        world.interaction_by_token(token.into_iter().find(|t| !t.is_empty())?)
    }

    /// Puts the request into the record, once; an error that breaks a rule is a violation, unless a
    /// fault made it or the test tolerates it. Whoever sees a request's effect must find it in the
    /// record too, so this happens under the lock under which the effect did.
    pub(super) fn record(&mut self, core: &Core, world: &mut World, verdict: &Verdict<'_>) {
        if std::mem::replace(&mut self.recorded, true) {
            return;
        }
        let Verdict { status, error, rule } = *verdict;
        let tolerated = self.injected || core.faults.is_tolerated(&self.name(), status);
        let took = core.clock.elapsed().saturating_sub(self.arrived);
        let interaction_id = self.interaction(world);
        let path = self.path_without_token();
        let remark = error.map(|e| format!(" — {e}")).unwrap_or_default();
        let injected = if self.injected { " (injected)" } else { "" };
        world.note(format!(
            "bot: {} {path} → {status}{injected}{remark}",
            self.method
        ));
        if let Some(rule) = rule.filter(|_| !tolerated) {
            let detail = format!("{} → {}", self.name(), error.unwrap_or("refused"));
            world.violate(rule, detail, interaction_id);
        }
        let position = world.log.requests.len();
        world.log.requests.push(RequestRecord {
            method: self.method.clone(),
            route: self.template().to_owned(),
            path,
            status,
            at_ms: as_ms(self.arrived),
            took_ms: as_ms(took),
            body_bytes: self.body_bytes,
            injected: self.injected,
            interaction_id,
            error: error.map(str::to_owned),
        });
        if let Some(interaction) = interaction_id.and_then(|id| world.interactions.get_mut(&id)) {
            interaction.calls.push(position);
        }
    }

    fn path_without_token(&self) -> String {
        let Some(route) = &self.route else {
            return self.path.clone();
        };
        let mut path = self.path.clone();
        for name in ["interaction_token", "webhook_token"] {
            let token = route.param(name);
            if token.len() > 8 {
                path = path.replace(token, "{token}");
            }
        }
        path
    }
}
