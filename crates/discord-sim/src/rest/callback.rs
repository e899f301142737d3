//! The first answer to an interaction: in time, only once, and of a kind that fits.

use serde_json::{Value, json};

use super::error::ApiError;
use super::messages::{check, refuse_empty, unknown};
use super::{Call, Outcome, Reply};
use crate::event::Event;
use crate::id::Id;
use crate::rules::form::Form;
use crate::rules::{command, component, option};
use crate::violation::Rule;
use crate::world::interaction::{AnswerKind, FirstAnswer, InteractionData, InteractionKind};
use crate::world::message::{FLAG_EPHEMERAL, Origin};
use crate::world::posting::Posting;
use crate::world::{APPLICATION_ID, World, json as write};

/// Choices that an autocomplete may offer.
const MAX_CHOICES: usize = 25;

pub(super) fn handle(world: &mut World, call: &Call) -> Outcome {
    let id = call.id("interaction_id")?;
    let token = call.route.param("interaction_token");
    let interaction = world.interactions.get(&id).filter(|i| i.token == token);
    let interaction = interaction.ok_or_else(ApiError::unknown_interaction)?;
    refuse_double_and_late(world, interaction)?;
    let body = call.json();
    let kind = body["type"].as_u64().and_then(AnswerKind::from_code);
    let Some(kind) = kind.filter(|k| fits(interaction, *k)) else {
        return Err(ApiError::field(
            "type",
            "BASE_TYPE_CHOICES",
            "This type does not answer this interaction.",
        ));
    };
    let data = &body["data"];
    let asked_ephemeral = data["flags"].as_u64().unwrap_or(0) & FLAG_EPHEMERAL != 0;
    let (channel_id, user_id, source_id) =
        (interaction.channel_id, interaction.user_id, interaction.source_id);
    let mut answered = Answered {
        kind,
        original_id: None,
        ephemeral: false,
        modal: None,
        choices: vec![],
    };
    match kind {
        AnswerKind::Message | AnswerKind::DeferredMessage => {
            let deferred = kind == AnswerKind::DeferredMessage;
            let nothing = json!({});
            let draft = if deferred {
                call.draft(&nothing)
            } else {
                call.draft(data)
            };
            if !deferred {
                check(call, data, "data")?;
                refuse_empty(draft, None)?;
            }
            let posting = Posting {
                viewer_id: asked_ephemeral.then_some(user_id),
                origin: Some(origin(interaction, None)),
                loading: deferred,
                ..Posting::plain(channel_id, APPLICATION_ID)
            };
            answered.original_id = Some(world.insert_message(posting, draft));
            answered.ephemeral = asked_ephemeral;
        }
        AnswerKind::Update => {
            let source_id = source_id.ok_or_else(ApiError::unknown_message)?;
            let source = world
                .message(channel_id, source_id)
                .ok_or_else(|| unknown(world, source_id))?;
            check(call, data, "data")?;
            refuse_empty(call.draft(data), Some(source))?;
            answered.ephemeral = source.viewer_id.is_some();
            answered.original_id = Some(source_id);
            world.edit_message(channel_id, source_id, call.draft(data));
        }
        AnswerKind::DeferredUpdate => {
            answered.original_id = source_id;
            let source = source_id.and_then(|id| world.message(channel_id, id));
            answered.ephemeral = source.is_some_and(|m| m.viewer_id.is_some());
        }
        AnswerKind::Choices => answered.choices = check_choices(interaction, data)?,
        AnswerKind::Modal => {
            let mut form = Form::default();
            component::check_modal(&mut form, data);
            form.into_result().map_err(|errors| ApiError::form(&errors))?;
            let mut modal = data.clone();
            modal["components"] = Value::Array(component::numbered(
                data["components"].as_array().map_or(&[], Vec::as_slice),
            ));
            answered.modal = Some(modal);
        }
    }
    settle(world, id, answered);
    if call.query("with_response") == Some("true") {
        return Ok(Reply::ok(response(world, id)));
    }
    Ok(Reply::nothing())
}

/// What a first answer changes in the books.
struct Answered {
    kind: AnswerKind,
    original_id: Option<Id>,
    ephemeral: bool,
    modal: Option<Value>,
    choices: Vec<Value>,
}

fn settle(world: &mut World, id: Id, answered: Answered) {
    let now = world.clock.elapsed();
    let Some(i) = world.interactions.get_mut(&id) else {
        return;
    };
    let after = now.saturating_sub(i.sent_at);
    i.first = Some(FirstAnswer {
        kind: answered.kind,
        after,
        ephemeral: answered.ephemeral,
    });
    i.original_id = answered.original_id;
    i.fulfilled = !matches!(
        answered.kind,
        AnswerKind::DeferredMessage | AnswerKind::DeferredUpdate
    );
    i.modal = answered.modal;
    i.choices = answered.choices;
    i.touch();
    let user_id = i.user_id;
    world.events.push(Event::InteractionAnswered {
        interaction_id: id,
        user_id,
    });
}

fn refuse_double_and_late(world: &World, i: &InteractionData) -> Result<(), ApiError> {
    if i.first.is_some() {
        let error = ApiError::new(400, 40060, "Interaction has already been acknowledged.")
            .because(Rule::DoubleAnswer);
        // Whoever got it twice may well answer twice.
        return Err(if i.deliveries > 1 {
            error.blameless()
        } else {
            error
        });
    }
    let due = i.sent_at + world.config.interaction_deadline;
    if world.clock.elapsed() > due {
        let error = ApiError::unknown_interaction().because(Rule::LateAnswer);
        let could_be_in_time = i.delivered_at.is_some_and(|at| at < due);
        return Err(if could_be_in_time {
            error
        } else {
            error.blameless()
        });
    }
    Ok(())
}

/// Whether an interaction may be answered so.
fn fits(i: &InteractionData, kind: AnswerKind) -> bool {
    use AnswerKind::{Choices, DeferredMessage, DeferredUpdate, Message, Modal, Update};
    match i.kind {
        InteractionKind::Autocomplete => kind == Choices,
        InteractionKind::Command => matches!(kind, Message | DeferredMessage | Modal),
        InteractionKind::Component => {
            matches!(kind, Message | DeferredMessage | DeferredUpdate | Update | Modal)
        }
        InteractionKind::Modal => match kind {
            Message | DeferredMessage => true,
            // Only a form that a component opened has a message to change.
            DeferredUpdate | Update => i.source_id.is_some(),
            Choices | Modal => false,
        },
    }
}

/// What a message that answers an interaction says about it.
pub(super) fn origin(i: &InteractionData, original_id: Option<Id>) -> Origin {
    Origin {
        interaction_id: i.id,
        kind: i.kind,
        user_id: i.user_id,
        name: i.command.clone(),
        interacted_message_id: i.source_id,
        original_id,
    }
}

fn check_choices(i: &InteractionData, data: &Value) -> Result<Vec<Value>, ApiError> {
    let mut form = Form::default();
    let choices = form.list("data", data, "choices", MAX_CHOICES).to_vec();
    let kind = focused_kind(&i.data).unwrap_or(3);
    for (n, choice) in choices.iter().enumerate() {
        command::check_choice(&mut form, &format!("data.choices.{n}"), choice, kind);
    }
    form.into_result().map_err(|errors| ApiError::form(&errors))?;
    Ok(choices)
}

/// The type of the option that is being typed into.
fn focused_kind(node: &Value) -> Option<u64> {
    option::options_of(node).iter().find_map(|o| {
        if o["focused"] == true {
            Some(option::kind(o))
        } else {
            focused_kind(o)
        }
    })
}

/// The documented answer to `?with_response=true`.
fn response(world: &World, id: Id) -> Value {
    let Some(i) = world.interactions.get(&id) else {
        return Value::Null;
    };
    let mut about =
        json!({"id": i.id, "type": i.kind.code(), "channel_id": i.channel_id, "guild_id": i.guild_id});
    let message = i.original_id.and_then(|id| world.message(i.channel_id, id));
    if let (Some(first), Some(message)) = (i.first, message)
        && first.kind != AnswerKind::DeferredUpdate
    {
        about["response_message_id"] = json!(message.id);
        about["response_message_loading"] = json!(message.is_loading());
        about["response_message_ephemeral"] = json!(message.viewer_id.is_some());
        if matches!(first.kind, AnswerKind::Message | AnswerKind::Update) {
            let message = write::message(world, message, APPLICATION_ID);
            return json!({"interaction": about, "resource": {"type": first.kind.code(), "message": message}});
        }
    }
    json!({ "interaction": about })
}
