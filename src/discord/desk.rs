//! What every handler of an interaction has at hand, and one handling from its beginning to its line
//! in the log.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::actor::{actor, roles};
use super::errors;
use super::live::LivePolls;
use super::pending::{PendingChange, PendingProposals, Waiting};
use super::rejections::Rejections;
use super::respond::{Delivery, Place, Reply, Responder};
use super::rest::Rest;
use super::views::refusal;
use crate::clock::Clock;
use crate::domain::policy::{Actor, Organizer};
use crate::lifecycle::Tasks;
use crate::service::{Service, ServiceError};

/// poise's context for the commands: they answer all errors themselves.
pub type Context<'a> = poise::ApplicationContext<'a, Arc<Desk>, Infallible>;

/// How a command ends: it answers all errors itself.
pub type Done = Result<(), Infallible>;

/// What every handler has at hand.
#[derive(Debug)]
pub struct Desk {
    service: Service,
    rest: Arc<Rest>,
    live: LivePolls,
    pending: PendingProposals,
    changes: Waiting<PendingChange>,
    rejections: Rejections,
    tasks: Tasks,
    privacy_url: Option<String>,
    started_at: Instant,
}

impl Desk {
    /// A desk over this service and these calls, with background work in `tasks`.
    pub fn new(service: Service, rest: Arc<Rest>, tasks: &Tasks, privacy_url: Option<String>) -> Self {
        Self {
            live: LivePolls::new(service.clone(), Arc::clone(&rest), tasks.clone()),
            pending: PendingProposals::new(service.clock().clone()),
            changes: Waiting::new(service.clock().clone()),
            rejections: Rejections::new(Arc::clone(&rest), tasks.clone()),
            service,
            rest,
            tasks: tasks.clone(),
            privacy_url,
            started_at: Instant::now(),
        }
    }

    /// The use cases.
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// Discord's HTTP API.
    pub const fn rest(&self) -> &Arc<Rest> {
        &self.rest
    }

    /// Where background work goes.
    pub const fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// The live polls.
    pub const fn live(&self) -> &LivePolls {
        &self.live
    }

    /// The proposals that wait for a choice.
    pub const fn pending(&self) -> &PendingProposals {
        &self.pending
    }

    /// The changes of rounds that wait for a yes.
    pub const fn changes(&self) -> &Waiting<PendingChange> {
        &self.changes
    }

    /// Where reactions that do not count go.
    pub const fn rejections(&self) -> &Rejections {
        &self.rejections
    }

    /// Where the privacy text is, when the operator gave an address.
    pub fn privacy_url(&self) -> Option<&str> {
        self.privacy_url.as_deref()
    }

    /// How long the bot has been running.
    pub fn uptime(&self) -> Duration {
        self.started_at.elapsed()
    }

    /// The clock.
    pub const fn clock(&self) -> &Clock {
        self.service.clock()
    }

    /// The reply to what a use case brought.
    pub fn reply<T>(&self, outcome: Result<T, ServiceError>, shown: impl FnOnce(T) -> Reply) -> Reply {
        outcome.map_or_else(|error| errors::reply(&error, self.clock()), shown)
    }
}

/// A command's invocation: who asks, and the means to answer.
#[derive(Debug)]
pub struct Turn {
    /// Who asks.
    pub actor: Actor,
    /// The means to answer.
    pub responder: Responder,
}

/// Handles a command: finds out who asks, answers with what `work` makes of it, writes the log line.
/// Gives the turn and the delivery back to a command that has more to do.
pub async fn handle<W>(ctx: Context<'_>, place: Place, work: W) -> Option<(Turn, Delivery)>
where
    W: AsyncFnOnce(Actor) -> Reply,
{
    let interaction = ctx.interaction;
    let responder = Responder::new(
        Arc::clone(ctx.framework.user_data.rest()),
        interaction.id,
        interaction.token.clone(),
    );
    let Some(actor) = actor(interaction.guild_id, interaction.member.as_deref()) else {
        responder.say_aside(refusal::server_only()).await;
        return None;
    };
    let delivery = responder.answer_within(place, work(actor)).await;
    log("command", &interaction.data.name, actor, delivery, &responder);
    Some((Turn { actor, responder }, delivery))
}

/// Handles a command that only organizers may use: everybody else is refused before `work` begins.
pub async fn handle_organizer<W>(ctx: Context<'_>, place: Place, work: W) -> Option<(Turn, Delivery)>
where
    W: AsyncFnOnce(Organizer) -> Reply,
{
    let desk = ctx.framework.user_data;
    let roles = roles(ctx.interaction.member.as_deref());
    handle(ctx, place, async |actor| {
        match desk.service().organizer(actor, &roles).await {
            Ok(organizer) => work(organizer).await,
            Err(refused) => errors::reply(&refused, desk.clock()),
        }
    })
    .await
}

/// The log line of one interaction, and its place in the figures: ids and outcome, nothing that anybody wrote.
pub fn log(kind: &'static str, name: &str, actor: Actor, delivery: Delivery, responder: &Responder) {
    responder
        .metrics()
        .interaction_handled(kind, delivery.as_str(), responder.elapsed());
    tracing::info!(
        kind,
        name,
        guild = %actor.guild,
        member = %actor.member,
        outcome = delivery.as_str(),
        ms = responder.elapsed().as_millis(),
        "handled"
    );
}
