//! Reactions under messages.

use super::error::ApiError;
use super::messages::{find, page_size, require};
use super::route::Op;
use super::{Call, Outcome, Reply};
use crate::id::Id;
use crate::rules::emoji;
use crate::rules::permission::bits;
use crate::world::{APPLICATION_ID, World, json as write};

/// Different emojis under one message.
const MAX_REACTIONS: usize = 20;

pub(super) fn handle(world: &mut World, call: &Call) -> Outcome {
    let (channel_id, message_id) = (call.id("channel_id")?, call.id("message_id")?);
    require(world, channel_id, bits::READ_MESSAGE_HISTORY)?;
    let message = find(world, channel_id, message_id)?;
    if call.route.op == Op::ClearReactions {
        require(world, channel_id, bits::MANAGE_MESSAGES)?;
        world.clear_reactions(channel_id, message_id, None);
        return Ok(Reply::nothing());
    }
    let unknown_emoji = || ApiError::new(400, 10014, "Unknown Emoji");
    let emoji = emoji::parse(call.route.param("emoji_name")).ok_or_else(unknown_emoji)?;
    let present = message.reactions.iter().find(|r| r.emoji == emoji);
    match call.route.op {
        Op::AddReaction => {
            if present.is_none() {
                require(world, channel_id, bits::ADD_REACTIONS)?;
                if message.reactions.len() >= MAX_REACTIONS {
                    return Err(ApiError::new(
                        400,
                        30010,
                        "Maximum number of reactions reached (20)",
                    ));
                }
            }
            world.set_reaction(channel_id, message_id, APPLICATION_ID, &emoji, true);
        }
        Op::RemoveOwnReaction => {
            world.set_reaction(channel_id, message_id, APPLICATION_ID, &emoji, false);
        }
        Op::RemoveReaction => {
            require(world, channel_id, bits::MANAGE_MESSAGES)?;
            let user_id = call.id("user_id")?;
            world.set_reaction(channel_id, message_id, user_id, &emoji, false);
        }
        Op::ClearEmoji => {
            require(world, channel_id, bits::MANAGE_MESSAGES)?;
            world.clear_reactions(channel_id, message_id, Some(&emoji));
        }
        _ => {
            let present = present.ok_or_else(unknown_emoji)?;
            let limit = page_size(call, 25)?;
            let after = call.query("after").and_then(|id| id.parse::<Id>().ok());
            let users = present
                .user_ids
                .iter()
                .filter(|id| after.is_none_or(|after| **id > after))
                .take(limit);
            return Ok(Reply::ok(users.map(|id| write::user_by_id(world, *id)).collect()));
        }
    }
    Ok(Reply::nothing())
}
