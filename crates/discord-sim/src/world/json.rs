//! The world as Discord writes it: the objects of the REST answers and of the gateway's events, with
//! every field that a strict client insists on. Reads the world, changes nothing.

use serde_json::{Value, json};

use super::interaction::InteractionKind;
use super::message::{Attachment, Emoji, MessageData, Origin, Reaction};
use super::people::{Channel, Guild, Member, Role, User};
use super::{APPLICATION_ID, World};
use crate::clock::iso;
use crate::id::Id;
use crate::rules::{attachment, mention};

pub(crate) fn user(user: &User) -> Value {
    let username: String = user
        .name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    json!({
        "id": user.id, "username": username, "global_name": user.name, "discriminator": "0",
        "avatar": null, "bot": user.bot, "system": false, "public_flags": 0, "banner": null,
        "accent_color": null, "avatar_decoration_data": null,
    })
}

/// The user with this id, or Discord's ghost of a deleted one.
pub(crate) fn user_by_id(world: &World, id: Id) -> Value {
    world.users.get(&id).map_or_else(
        || {
            user(&User {
                id,
                name: "Deleted User".into(),
                bot: false,
                locale: String::new(),
            })
        },
        user,
    )
}

pub(crate) fn member(world: &World, member: &Member) -> Value {
    let mut json = partial_member(member);
    json["user"] = user_by_id(world, member.user_id);
    json
}

/// A member without the user, as messages carry it.
fn partial_member(member: &Member) -> Value {
    json!({
        "roles": member.roles, "joined_at": iso(member.joined_at), "nick": null, "avatar": null,
        "banner": null, "premium_since": null, "deaf": false, "mute": false, "flags": 0,
        "pending": false, "communication_disabled_until": null,
    })
}

pub(crate) fn role(role: &Role) -> Value {
    let mut json = json!({
        "id": role.id, "name": role.name, "color": 0, "hoist": false, "icon": null,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "unicode_emoji": null, "position": role.position, "permissions": role.permissions.to_string(),
        "managed": role.bot_id.is_some(), "mentionable": role.mentionable, "flags": 0,
    });
    if let Some(bot_id) = role.bot_id {
        json["tags"] = json!({"bot_id": bot_id});
    }
    json
}

pub(crate) fn channel(channel: &Channel) -> Value {
    let overwrites: Vec<Value> = channel
        .overwrites
        .iter()
        .map(|o| {
            json!({
                "id": o.target, "type": u8::from(o.is_member),
                "allow": o.allow.to_string(), "deny": o.deny.to_string(),
            })
        })
        .collect();
    json!({
        "id": channel.id, "type": 0, "guild_id": channel.guild_id, "name": channel.name,
        "position": channel.position, "permission_overwrites": overwrites, "topic": null,
        "nsfw": false, "rate_limit_per_user": 0, "parent_id": null, "flags": 0,
        "last_message_id": channel.last_message_id, "last_pin_timestamp": null,
    })
}

/// A guild as `GET /guilds/{guild_id}` returns it.
pub(crate) fn partial_guild(guild: &Guild) -> Value {
    let mut json = json!({
        "id": guild.id, "name": guild.name, "owner_id": guild.owner_id, "afk_timeout": 300,
        "roles": guild.roles.values().map(role).collect::<Vec<_>>(), "preferred_locale": guild.locale,
        "default_message_notifications": 1, "max_members": 500_000, "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50, "nsfw": false, "region": "deprecated",
        "widget_enabled": false, "premium_progress_bar_enabled": false,
    });
    for zero in [
        "verification_level",
        "explicit_content_filter",
        "mfa_level",
        "system_channel_flags",
        "premium_tier",
        "premium_subscription_count",
        "nsfw_level",
    ] {
        json[zero] = json!(0);
    }
    for empty in ["emojis", "features", "stickers"] {
        json[empty] = json!([]);
    }
    for null in [
        "icon",
        "splash",
        "discovery_splash",
        "afk_channel_id",
        "widget_channel_id",
        "application_id",
        "system_channel_id",
        "rules_channel_id",
        "max_presences",
        "vanity_url_code",
        "description",
        "banner",
        "public_updates_channel_id",
        "safety_alerts_channel_id",
        "home_header",
        "hub_type",
        "latest_onboarding_question_id",
        "incidents_data",
    ] {
        json[null] = Value::Null;
    }
    json
}

/// A guild as `GUILD_CREATE` brings it: without the members' intent, only the bot is among the members.
pub(crate) fn guild(world: &World, guild: &Guild) -> Value {
    let mut json = partial_guild(guild);
    let me = guild.members.get(&APPLICATION_ID);
    json["joined_at"] = json!(me.map(|m| iso(m.joined_at)));
    json["large"] = json!(guild.members.len() > 50);
    json["unavailable"] = json!(false);
    json["member_count"] = json!(guild.members.len());
    json["members"] = json!(me.map(|m| member(world, m)).into_iter().collect::<Vec<_>>());
    let channels = guild
        .channels
        .iter()
        .filter_map(|id| world.channels.get(id))
        .map(channel);
    json["channels"] = channels.collect();
    for empty in [
        "voice_states",
        "threads",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    ] {
        json[empty] = json!([]);
    }
    json
}

pub(crate) fn emoji(emoji: &Emoji) -> Value {
    json!({"id": emoji.id, "name": emoji.name, "animated": false})
}

fn attachment_json(file: &Attachment) -> Value {
    let mut json = json!({
        "id": file.id, "filename": file.filename, "size": file.size_bytes, "url": file.url,
        "proxy_url": file.url, "content_type": file.content_type,
    });
    if let Some(description) = &file.description {
        json["description"] = json!(description);
    }
    json
}

fn reactions(reactions: &[Reaction], reader: Id) -> Value {
    reactions
        .iter()
        .map(|r| {
            json!({
                "emoji": emoji(&r.emoji), "count": r.user_ids.len(), "me": r.user_ids.contains(&reader),
                "count_details": {"burst": 0, "normal": r.user_ids.len()}, "me_burst": false,
                "burst_me": false, "burst_count": 0, "burst_colors": [],
            })
        })
        .collect()
}

/// A message as `reader` gets it from REST, from an interaction, or on a screen.
pub(crate) fn message(world: &World, message: &MessageData, reader: Id) -> Value {
    let (users, role_ids, everyone) = mention::named(&message.content);
    let mentions: Vec<Value> = users
        .iter()
        .filter(|id| world.users.contains_key(id))
        .map(|id| user_by_id(world, *id))
        .collect();
    let embeds: Vec<Value> = message
        .embeds
        .iter()
        .map(|e| attachment::resolve_embed(e, &message.attachments))
        .collect();
    let mut json = json!({
        "id": message.id, "channel_id": message.channel_id,
        "author": user_by_id(world, message.author_id),
        "content": message.content, "embeds": embeds, "components": message.components,
        "attachments": message.attachments.iter().map(attachment_json).collect::<Vec<_>>(),
        "timestamp": iso(message.created_at), "edited_timestamp": message.edited_at.map(iso),
        "flags": message.flags, "tts": message.tts, "pinned": false, "type": 0,
        "mention_everyone": everyone, "mentions": mentions, "mention_roles": role_ids,
    });
    if !message.reactions.is_empty() {
        json["reactions"] = reactions(&message.reactions, reader);
    }
    if let Some(replied) = message.replies_to {
        json["type"] = json!(19);
        json["message_reference"] = json!({
            "type": 0, "message_id": replied, "channel_id": message.channel_id, "guild_id": message.guild_id,
        });
    }
    if let Some(origin) = &message.origin {
        add_origin(world, &mut json, message, origin);
    }
    json
}

/// What answers to interactions carry besides: whose interaction it was, and that a webhook posted it.
fn add_origin(world: &World, json: &mut Value, message: &MessageData, origin: &Origin) {
    json["application_id"] = json!(APPLICATION_ID);
    json["webhook_id"] = json!(APPLICATION_ID);
    let user = user_by_id(world, origin.user_id);
    let mut metadata = json!({
        "id": origin.interaction_id, "type": origin.kind.code(), "user": user,
        "authorizing_integration_owners": {"0": message.guild_id},
    });
    if let Some(original_id) = origin.original_id {
        metadata["original_response_message_id"] = json!(original_id);
    }
    match origin.kind {
        InteractionKind::Command | InteractionKind::Autocomplete => {
            metadata["name"] = json!(origin.name);
            metadata["command_type"] = json!(1);
            if origin.original_id.is_none() {
                json["type"] = json!(20);
                json["interaction"] =
                    json!({"id": origin.interaction_id, "type": 2, "name": origin.name, "user": user});
            }
        }
        InteractionKind::Component => {
            metadata["interacted_message_id"] = json!(origin.interacted_message_id);
        }
        InteractionKind::Modal => {
            // The interaction that opened the form; a form cannot be opened by another form.
            metadata["triggering_interaction_metadata"] = json!({
                "id": origin.interaction_id, "type": if origin.interacted_message_id.is_some() { 3 } else { 2 },
                "user": user, "authorizing_integration_owners": {"0": message.guild_id},
                "interacted_message_id": origin.interacted_message_id, "name": "form", "command_type": 1,
            });
        }
    }
    json["interaction_metadata"] = metadata;
}

/// A message as the gateway brings it: with its guild and its author's membership, and emptied when the
/// session may not read what others write.
pub(crate) fn gateway_message(world: &World, data: &MessageData, may_read_all: bool) -> Value {
    let mut json = message(world, data, APPLICATION_ID);
    json["guild_id"] = json!(data.guild_id);
    if let Some(m) = world
        .guilds
        .get(&data.guild_id)
        .and_then(|g| g.members.get(&data.author_id))
    {
        json["member"] = partial_member(m);
    }
    if !may_read_all {
        hide_content(&mut json, data);
    }
    json
}

/// Empties what the message content intent guards, unless the bot wrote it or is mentioned in it.
pub(crate) fn hide_content(json: &mut Value, data: &MessageData) {
    let (users, ..) = mention::named(&data.content);
    if data.author_id == APPLICATION_ID || users.contains(&APPLICATION_ID) {
        return;
    }
    json["content"] = json!("");
    for list in ["embeds", "attachments", "components"] {
        json[list] = json!([]);
    }
}
