//! What follows the first answer: follow-ups, and reading, changing and deleting answers by token.

use super::callback::origin;
use super::error::ApiError;
use super::messages::{check, refuse_empty, unknown};
use super::route::Op;
use super::{Call, Outcome, Reply};
use crate::id::Id;
use crate::world::interaction::{AnswerKind, InteractionData};
use crate::world::message::{FLAG_EPHEMERAL, MessageData};
use crate::world::posting::Posting;
use crate::world::{APPLICATION_ID, DeletedBy, World, json as write};

pub(super) fn handle(world: &mut World, call: &Call) -> Outcome {
    let interaction_id = find_interaction(world, call)?;
    match call.route.op {
        Op::CreateFollowup => create(world, call, interaction_id),
        Op::GetAnswer => {
            let message = find_message(world, call, interaction_id)?;
            Ok(Reply::ok(write::message(world, message, APPLICATION_ID)))
        }
        Op::EditAnswer => {
            let message = find_message(world, call, interaction_id)?;
            let draft = call.draft(call.json());
            check(call, draft.payload, "")?;
            refuse_empty(draft, Some(message))?;
            let (channel_id, message_id) = (message.channel_id, message.id);
            world.edit_message(channel_id, message_id, draft);
            fulfil(world, interaction_id, message_id);
            reply(world, channel_id, message_id)
        }
        _ => {
            let message = find_message(world, call, interaction_id)?;
            let (channel_id, message_id) = (message.channel_id, message.id);
            world.delete_message(channel_id, message_id, DeletedBy::Bot);
            world.touch_interaction(interaction_id);
            Ok(Reply::nothing())
        }
    }
}

/// The interaction of the path's token: answered already, and not too long ago.
fn find_interaction(world: &World, call: &Call) -> Result<Id, ApiError> {
    if call.id("webhook_id")? != APPLICATION_ID {
        return Err(ApiError::unknown_webhook());
    }
    let invalid = || ApiError::new(401, 50027, "Invalid Webhook Token");
    let id = world
        .interaction_by_token(call.route.param("webhook_token"))
        .ok_or_else(invalid)?;
    let i = world.interactions.get(&id).ok_or_else(invalid)?;
    if world.clock.elapsed() > i.sent_at + world.config.token_life {
        return Err(invalid());
    }
    match i.first {
        None => Err(ApiError::unknown_webhook()),
        Some(first) if first.kind == AnswerKind::Choices => Err(ApiError::unknown_webhook()),
        Some(_) => Ok(id),
    }
}

/// The message that the path means: the original answer, or one of the follow-ups.
fn find_message<'w>(world: &'w World, call: &Call, interaction_id: Id) -> Result<&'w MessageData, ApiError> {
    let i = world
        .interactions
        .get(&interaction_id)
        .ok_or_else(ApiError::unknown_webhook)?;
    let id = if call.route.param("message_id").is_empty() {
        i.original_id.ok_or_else(ApiError::unknown_message)?
    } else {
        let id = call.id("message_id")?;
        let is_its = i.original_id == Some(id) || i.followup_ids.contains(&id);
        is_its.then_some(id).ok_or_else(ApiError::unknown_message)?
    };
    world.message(i.channel_id, id).ok_or_else(|| unknown(world, id))
}

fn reply(world: &World, channel_id: Id, message_id: Id) -> Outcome {
    let message = world
        .message(channel_id, message_id)
        .ok_or_else(ApiError::unknown_message)?;
    Ok(Reply::ok(write::message(world, message, APPLICATION_ID)))
}

/// Notes that what was deferred has come.
fn fulfil(world: &mut World, interaction_id: Id, message_id: Id) {
    if let Some(i) = world.interactions.get_mut(&interaction_id) {
        i.fulfilled |= i.original_id == Some(message_id);
        i.touch();
    }
}

/// The deferred message that still waits for its content.
fn waiting(world: &World, i: &InteractionData) -> Option<Id> {
    let deferred = i.first.is_some_and(|f| f.kind == AnswerKind::DeferredMessage) && !i.fulfilled;
    i.original_id
        .filter(|id| deferred && world.message(i.channel_id, *id).is_some())
}

/// A follow-up; the first one after a deferred message is that message's content, and as private.
fn create(world: &mut World, call: &Call, interaction_id: Id) -> Outcome {
    let draft = call.draft(call.json());
    check(call, draft.payload, "")?;
    refuse_empty(draft, None)?;
    let i = world
        .interactions
        .get(&interaction_id)
        .ok_or_else(ApiError::unknown_webhook)?;
    let (channel_id, user_id, original_id) = (i.channel_id, i.user_id, i.original_id);
    if let Some(message_id) = waiting(world, i) {
        world.edit_message(channel_id, message_id, draft);
        fulfil(world, interaction_id, message_id);
        return reply(world, channel_id, message_id);
    }
    let posting = Posting {
        viewer_id: (draft.flags() & FLAG_EPHEMERAL != 0).then_some(user_id),
        origin: Some(origin(i, original_id)),
        ..Posting::plain(channel_id, APPLICATION_ID)
    };
    let id = world.insert_message(posting, draft);
    if let Some(i) = world.interactions.get_mut(&interaction_id) {
        i.followup_ids.push(id);
        i.touch();
    }
    reply(world, channel_id, id)
}
