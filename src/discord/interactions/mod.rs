//! Buttons, menus and modals: from a click to a use case to an answer.
//!
//! A `custom_id` is the client's word: it is decoded strictly, the server comes from the interaction
//! and never from it, and the service checks round, proposal and permission again. Whatever is
//! redrawn in place was made for that place.

mod ballot;
mod choice;
mod draft;
mod look;
mod night;
mod organize;
mod result;
mod round;
mod vote;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use serenity::model::application::{
    ActionRowComponent, ButtonKind, ComponentInteraction, ComponentInteractionDataKind, ModalInteraction,
};
use serenity::model::channel::{Message, MessageFlags};

pub use look::standings_so_far;

use super::actor::{actor, roles};
use super::components::Control;
use super::desk::{self, Desk};
use super::errors;
use super::respond::{Delivery, Place, Reply, Responder};
use super::rest::Posted;
use super::screen::Screen;
use super::views::refusal;
use crate::domain::ids::{ChannelId, MessageId, RoleId};
use crate::domain::policy::{Actor, Organizer};
use crate::domain::refusal::Refusal;

/// A click on a button, or a choice in a menu.
struct Click {
    desk: Arc<Desk>,
    actor: Actor,
    responder: Responder,
    /// The message with the button or menu.
    message: Posted,
    /// Whether only the clicking member sees that message.
    private: bool,
    /// Whether that message holds the very control that was used, as Discord shows it to us.
    genuine: bool,
    /// What was chosen in a menu.
    values: Vec<String>,
    /// What could be chosen in it; nothing where Discord filled it.
    options: Vec<String>,
    /// The roles of the member who clicked.
    roles: Vec<RoleId>,
}

impl Click {
    /// Redraws the private message that was clicked; a public one is never turned into it.
    fn place_in_private(&self) -> Option<Place> {
        self.private.then_some(Place::InPlace)
    }
}

impl Click {
    /// Answers a click that only organizers may make, by redrawing the private message: everybody else is
    /// refused before `work` begins.
    async fn organize<W>(&self, work: W) -> Delivery
    where
        W: AsyncFnOnce(Organizer) -> Reply,
    {
        let Some(place) = self.place_in_private() else {
            return self.responder.answer(Place::Private, foreign_reply()).await;
        };
        let desk = &self.desk;
        let work = async {
            match desk.service().organizer(self.actor, &self.roles).await {
                Ok(organizer) => work(organizer).await,
                Err(refused) => errors::reply(&refused, desk.clock()),
            }
        };
        self.responder.answer_within(place, work).await
    }
}

/// Answers a click.
pub async fn component(desk: &Arc<Desk>, interaction: ComponentInteraction) {
    let rest = Arc::clone(desk.rest());
    let responder = Responder::new(rest, interaction.id, interaction.token.clone());
    let Some(actor) = actor(interaction.guild_id, interaction.member.as_ref()) else {
        responder.say_aside(refusal::server_only()).await;
        return;
    };
    let control = Control::decode(&interaction.data.custom_id);
    let Some(control) = control else {
        let delivery = responder.say_aside(foreign()).await;
        desk::log("component", "foreign", actor, delivery, &responder);
        return;
    };
    let click = Click {
        desk: Arc::clone(desk),
        actor,
        responder: responder.clone(),
        message: Posted {
            channel: ChannelId(interaction.channel_id.get()),
            message: MessageId(interaction.message.id.get()),
        },
        private: is_private(&interaction.message),
        roles: roles(interaction.member.as_ref()),
        genuine: holds(&interaction.message, &interaction.data.custom_id),
        options: options(&interaction.message, &interaction.data.custom_id),
        values: match interaction.data.kind {
            ComponentInteractionDataKind::StringSelect { values } => values,
            ComponentInteractionDataKind::ChannelSelect { values } => {
                values.iter().map(|channel| channel.get().to_string()).collect()
            }
            ComponentInteractionDataKind::RoleSelect { values } => {
                values.iter().map(|role| role.get().to_string()).collect()
            }
            _ => Vec::new(),
        },
    };
    let handled = AssertUnwindSafe(dispatch(&click, control)).catch_unwind();
    let delivery = match handled.await {
        Ok(delivery) => delivery,
        Err(_panic) => {
            // Not which film: the next line of the log names the member.
            let what = format!("a panic while handling {}", name(control));
            responder.say_aside(errors::internal(&what, desk.clock())).await
        }
    };
    desk::log("component", name(control), actor, delivery, &responder);
}

/// Answers a modal: the bot opens none, so it is not one of ours.
pub async fn modal(desk: &Arc<Desk>, interaction: &ModalInteraction) {
    let rest = Arc::clone(desk.rest());
    Responder::new(rest, interaction.id, interaction.token.clone())
        .say_aside(foreign())
        .await;
}

async fn dispatch(click: &Click, control: Control) -> Delivery {
    match control {
        Control::Toggle { round, proposal } => vote::toggle(click, round, proposal).await,
        Control::ToggleOnPage {
            round,
            proposal,
            page,
        } => vote::toggle_on_page(click, round, proposal, page).await,
        Control::VoteFor { round, proposal } => vote::vote_for(click, round, proposal).await,
        Control::MyBallot { .. } => look::my_ballot(click).await,
        Control::Page { page, .. } => look::page(click, page).await,
        Control::Results { .. } => look::results(click).await,
        Control::ResultPage { round, page } => result::page(click, round, page).await,
        Control::HowCounted { round } => result::counted(click, round).await,
        Control::ShowFilm => look::show_film(click).await,
        Control::BallotSelect { round, page } => ballot::select(click, round, page).await,
        Control::BallotPage { page, .. } => ballot::turn(click, page).await,
        Control::BallotClear { round } => ballot::clear(click, round).await,
        Control::Draft { round, page, ask } => draft::ask(click, round, page, ask).await,
        Control::ChooseFilm { token } => choice::film(click, token).await,
        Control::ProposeTyped { token } => choice::as_typed(click, token).await,
        Control::SettingsPage { page } => organize::settings(click, page).await,
        Control::Set { menu } => organize::set(click, menu).await,
        Control::AuditPage { page } => organize::audit(click, page).await,
        Control::DropVotes { token } => round::drop_votes(click, token).await,
        Control::KeepVotes { token } => round::keep_votes(click, token).await,
        Control::Night(control) => night::handle(click, control).await,
    }
}

/// The control's name in the log.
const fn name(control: Control) -> &'static str {
    match control {
        Control::Toggle { .. } => "toggle",
        Control::ToggleOnPage { .. } => "toggle_on_page",
        Control::VoteFor { .. } => "vote_for",
        Control::MyBallot { .. } => "my_ballot",
        Control::Page { .. } => "page",
        Control::Results { .. } => "results",
        Control::ResultPage { .. } => "result_page",
        Control::HowCounted { .. } => "how_counted",
        Control::BallotSelect { .. } => "ballot_select",
        Control::BallotPage { .. } => "ballot_page",
        Control::BallotClear { .. } => "ballot_clear",
        Control::Draft { ask, .. } => ask.name(),
        Control::ChooseFilm { .. } => "choose_film",
        Control::ProposeTyped { .. } => "propose_typed",
        Control::ShowFilm => "show_film",
        Control::SettingsPage { .. } => "settings_page",
        Control::Set { .. } => "set",
        Control::AuditPage { .. } => "audit_page",
        Control::DropVotes { .. } => "drop_votes",
        Control::KeepVotes { .. } => "keep_votes",
        Control::Night(control) => control.name(),
    }
}

/// A button or menu that is none of ours, or not in its place.
fn foreign() -> Screen {
    refusal::screen(&Refusal::ForeignControl)
}

fn foreign_reply() -> Reply {
    Reply::Aside(foreign())
}

fn is_private(message: &Message) -> bool {
    message
        .flags
        .is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

fn components(message: &Message) -> impl Iterator<Item = &ActionRowComponent> {
    message.components.iter().flat_map(|row| &row.components)
}

/// Whether the message has a component with this `custom_id`.
fn holds(message: &Message, custom_id: &str) -> bool {
    components(message).any(|component| match component {
        ActionRowComponent::Button(button) => {
            matches!(&button.data, ButtonKind::NonLink { custom_id: own, .. } if own == custom_id)
        }
        ActionRowComponent::SelectMenu(menu) => menu.custom_id.as_deref() == Some(custom_id),
        _ => false,
    })
}

/// The values that the message's menu with this `custom_id` offers.
fn options(message: &Message, custom_id: &str) -> Vec<String> {
    components(message)
        .find_map(|component| match component {
            ActionRowComponent::SelectMenu(menu) if menu.custom_id.as_deref() == Some(custom_id) => {
                Some(menu.options.iter().map(|option| option.value.clone()).collect())
            }
            _ => None,
        })
        .unwrap_or_default()
}
