//! Messages of channels.

use serde_json::Value;

use super::direct;
use super::error::ApiError;
use super::route::Op;
use super::{Call, Outcome, Reply};
use crate::id::Id;
use crate::rules;
use crate::rules::permission::bits;
use crate::world::draft::Draft;
use crate::world::message::{FLAG_COMPONENTS_V2, MessageData};
use crate::world::posting::Posting;
use crate::world::session::intent;
use crate::world::{APPLICATION_ID, DeletedBy, World, json as write};

pub(super) fn handle(world: &mut World, call: &Call) -> Outcome {
    let channel_id = call.id("channel_id")?;
    match call.route.op {
        Op::CreateMessage => create(world, call, channel_id),
        Op::ListMessages => list(world, call, channel_id),
        Op::GetMessage => {
            require(world, channel_id, bits::READ_MESSAGE_HISTORY)?;
            let message = find(world, channel_id, call.id("message_id")?)?;
            Ok(Reply::ok(as_read(world, message)))
        }
        Op::EditMessage => edit(world, call, channel_id),
        _ => {
            require(world, channel_id, 0)?;
            let message = find(world, channel_id, call.id("message_id")?)?;
            let (id, author_id) = (message.id, message.author_id);
            if author_id != APPLICATION_ID {
                require(world, channel_id, bits::MANAGE_MESSAGES)?;
            }
            world.delete_message(channel_id, id, DeletedBy::Bot);
            Ok(Reply::nothing())
        }
    }
}

/// Refuses unless the bot sees the channel and has these permissions in it.
pub(super) fn require(world: &World, channel_id: Id, permissions: u64) -> Result<(), ApiError> {
    if !world.channels.contains_key(&channel_id) {
        let unknown = ApiError::unknown_channel();
        return Err(if world.deleted_channels.contains(&channel_id) {
            unknown.blameless()
        } else {
            unknown
        });
    }
    let has = world.permissions(channel_id, APPLICATION_ID);
    if has & bits::VIEW_CHANNEL == 0 {
        return Err(ApiError::missing_access());
    }
    if has & permissions == permissions {
        Ok(())
    } else {
        Err(ApiError::missing_permissions())
    }
}

/// A message of a channel that is not ephemeral: those are reached by their interaction only.
pub(super) fn find(world: &World, channel_id: Id, message_id: Id) -> Result<&MessageData, ApiError> {
    let found = world
        .message(channel_id, message_id)
        .filter(|m| m.viewer_id.is_none());
    found.ok_or_else(|| unknown(world, message_id))
}

/// The refusal for a message that is not there; when a person deleted it, the bot could not know.
pub(super) fn unknown(world: &World, message_id: Id) -> ApiError {
    match world.deleted_by(message_id) {
        Some(DeletedBy::Person) => ApiError::unknown_message().blameless(),
        _ => ApiError::unknown_message(),
    }
}

fn as_read(world: &World, message: &MessageData) -> Value {
    let mut json = write::message(world, message, APPLICATION_ID);
    if world.config.privileged_intents & intent::MESSAGE_CONTENT == 0 {
        write::hide_content(&mut json, message);
    }
    json
}

/// Checks a payload that is to become, or to change, a message; `at` is its place in the body.
pub(super) fn check(call: &Call, payload: &Value, at: &str) -> Result<(), ApiError> {
    if payload["flags"].as_u64().unwrap_or(0) & FLAG_COMPONENTS_V2 != 0 {
        let path = rules::form::join(at, "flags");
        return Err(ApiError::field(
            &path,
            "NOT_MODELLED",
            "Components version 2 are not modelled here.",
        ));
    }
    rules::message::check(payload, call.body.uploads.len()).map_err(|mut errors| {
        for error in &mut errors {
            error.path = rules::form::join(at, &error.path);
        }
        ApiError::form(&errors)
    })
}

/// Refuses a draft that would leave a message with nothing to see.
pub(super) fn refuse_empty(draft: Draft<'_>, before: Option<&MessageData>) -> Result<(), ApiError> {
    let payload = draft.payload;
    let text = payload
        .get("content")
        .map(|c| c.as_str().is_some_and(|t| !t.trim().is_empty()));
    let embeds = payload
        .get("embeds")
        .map(|e| e.as_array().is_some_and(|l| !l.is_empty()));
    let kept_files = match payload.get("attachments").and_then(Value::as_array) {
        Some(listed) => before.is_some_and(|m| {
            let is_listed = |id: Id| {
                listed
                    .iter()
                    .any(|a| rules::attachment::listed_id(a) == Some(id.get()))
            };
            m.attachments.iter().any(|f| is_listed(f.id))
        }),
        None => before.is_some_and(|m| !m.attachments.is_empty()),
    };
    let text = text.unwrap_or_else(|| before.is_some_and(|m| !m.content.is_empty()));
    let embeds = embeds.unwrap_or_else(|| before.is_some_and(|m| !m.embeds.is_empty()));
    if text || embeds || kept_files || !draft.uploads.is_empty() {
        Ok(())
    } else {
        Err(ApiError::empty_message())
    }
}

/// Permissions that the parts of a draft need.
fn needed(draft: Draft<'_>) -> u64 {
    let embeds = draft.payload["embeds"].as_array().is_some_and(|e| !e.is_empty());
    let files = !draft.uploads.is_empty();
    (if embeds { bits::EMBED_LINKS } else { 0 }) | (if files { bits::ATTACH_FILES } else { 0 })
}

fn create(world: &mut World, call: &Call, channel_id: Id) -> Outcome {
    let draft = call.draft(call.json());
    match world.direct_channels.get(&channel_id) {
        Some(user_id) => direct::require_open(world, *user_id)?,
        None => require(world, channel_id, bits::SEND_MESSAGES | needed(draft))?,
    }
    check(call, draft.payload, "")?;
    refuse_empty(draft, None)?;
    let nonce = &draft.payload["nonce"];
    let nonce = (!nonce.is_null()).then(|| (channel_id, nonce.to_string()));
    if draft.payload["enforce_nonce"] == true
        && let Some(message) = nonce
            .as_ref()
            .and_then(|n| world.nonces.get(n))
            .and_then(|id| world.message(channel_id, *id))
    {
        return Ok(Reply::ok(as_read(world, message)));
    }
    let posting = Posting {
        replies_to: replied_to(world, channel_id, draft.payload)?,
        ..Posting::plain(channel_id, APPLICATION_ID)
    };
    let id = world.insert_message(posting, draft);
    if let Some(nonce) = nonce {
        world.nonces.insert(nonce, id);
    }
    let message = find(world, channel_id, id)?;
    let mut json = as_read(world, message);
    if let Some(nonce) = draft.payload.get("nonce") {
        json["nonce"] = nonce.clone();
    }
    Ok(Reply::ok(json))
}

/// The message that a payload replies to, if it replies to one that is there.
fn replied_to(world: &World, channel_id: Id, payload: &Value) -> Result<Option<Id>, ApiError> {
    let Some(reference) = payload.get("message_reference").filter(|r| !r.is_null()) else {
        return Ok(None);
    };
    require(world, channel_id, bits::READ_MESSAGE_HISTORY)?;
    let id = reference["message_id"].as_str().and_then(|id| id.parse().ok());
    let found = id.filter(|id| {
        world
            .message(channel_id, *id)
            .is_some_and(|m| m.viewer_id.is_none())
    });
    if found.is_none() && reference["fail_if_not_exists"].as_bool().unwrap_or(true) {
        let error = ApiError::field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
        let by_person = id.and_then(|id| world.deleted_by(id)) == Some(DeletedBy::Person);
        return Err(if by_person { error.blameless() } else { error });
    }
    Ok(found)
}

fn edit(world: &mut World, call: &Call, channel_id: Id) -> Outcome {
    let draft = call.draft(call.json());
    require(world, channel_id, needed(draft))?;
    let message = find(world, channel_id, call.id("message_id")?)?;
    if message.author_id != APPLICATION_ID {
        return Err(ApiError::new(
            403,
            50005,
            "Cannot edit a message authored by another user",
        ));
    }
    check(call, draft.payload, "")?;
    refuse_empty(draft, Some(message))?;
    let id = message.id;
    world.edit_message(channel_id, id, draft);
    Ok(Reply::ok(as_read(world, find(world, channel_id, id)?)))
}

fn list(world: &World, call: &Call, channel_id: Id) -> Outcome {
    require(world, channel_id, 0)?;
    if require(world, channel_id, bits::READ_MESSAGE_HISTORY).is_err() {
        return Ok(Reply::ok(Value::Array(vec![])));
    }
    let limit = page_size(call, 50)?;
    let cursor = |name: &str| call.query(name).and_then(|id| id.parse::<Id>().ok());
    let (before, after) = (cursor("before"), cursor("after"));
    let mut chosen: Vec<&MessageData> = world
        .messages(channel_id)
        .filter(|m| m.viewer_id.is_none())
        .collect();
    if let Some(around) = cursor("around") {
        let middle = chosen.partition_point(|m| m.id < around);
        let from = middle.saturating_sub(limit / 2);
        chosen = chosen.into_iter().skip(from).take(limit).collect();
    } else if let Some(after) = after {
        chosen = chosen.into_iter().filter(|m| m.id > after).take(limit).collect();
    } else {
        chosen.retain(|m| before.is_none_or(|before| m.id < before));
        let from = chosen.len().saturating_sub(limit);
        chosen.drain(..from);
    }
    Ok(Reply::ok(
        chosen.into_iter().rev().map(|m| as_read(world, m)).collect(),
    ))
}

/// The `limit` of a paged request: 1 to 100.
pub(super) fn page_size(call: &Call, default: usize) -> Result<usize, ApiError> {
    let Some(text) = call.query("limit") else {
        return Ok(default);
    };
    let size = text.parse().ok().filter(|n| (1..=100).contains(n));
    size.ok_or_else(|| {
        ApiError::field(
            "limit",
            "NUMBER_TYPE_MAX",
            "int value should be between 1 and 100.",
        )
    })
}
