//! Opening the channel of direct messages to a user, and the rule for sending in it.

use serde_json::{Value, json};

use super::error::ApiError;
use super::{Call, Outcome, Reply};
use crate::id::Id;
use crate::world::{World, json as write};

pub(super) fn open(world: &mut World, call: &Call) -> Outcome {
    let recipient = call.json()["recipient_id"]
        .as_str()
        .and_then(|id| id.parse::<Id>().ok());
    let user_id = recipient
        .filter(|id| world.users.contains_key(id))
        .ok_or_else(|| ApiError::new(400, 50033, "Invalid Recipient(s)"))?;
    let id = world.open_direct_channel(user_id);
    let last = world.messages(id).next_back().map(|message| message.id);
    let recipients: Vec<Value> = vec![write::user_by_id(world, user_id)];
    Ok(Reply::ok(json!({
        "id": id, "type": 1, "last_message_id": last, "flags": 0, "recipients": recipients,
    })))
}

/// Refuses a direct message to somebody who takes none; the bot cannot know before it tries.
pub(super) fn require_open(world: &World, user_id: Id) -> Result<(), ApiError> {
    if world.takes_direct_messages(user_id) {
        Ok(())
    } else {
        Err(ApiError::new(403, 50007, "Cannot send messages to this user").blameless())
    }
}
