//! Who the bot is and where it may look: gateway, application, guilds, channels, members.

use serde_json::json;

use super::error::ApiError;
use super::route::Op;
use super::{Call, Outcome, Reply};
use crate::id::Id;
use crate::rules::permission::bits;
use crate::world::session::intent;
use crate::world::{APPLICATION_ID, World, json as write};

/// Sessions that a bot may start in a day.
const SESSIONS_A_DAY: u64 = 1_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Requests without parameters.
pub(super) fn about(world: &World, op: Op) -> Reply {
    let url = world.gateway_url();
    let user = write::user_by_id(world, APPLICATION_ID);
    Reply::ok(match op {
        Op::Gateway => json!({ "url": url }),
        Op::GatewayBot => json!({
            "url": url,
            "shards": world.guilds.len().div_ceil(1_000).max(1),
            "session_start_limit": {
                "total": SESSIONS_A_DAY,
                "remaining": SESSIONS_A_DAY.saturating_sub(world.identifies),
                "reset_after": DAY_MS,
                "max_concurrency": world.config.max_concurrency.max(1),
            },
        }),
        Op::Me => {
            let mut me = user;
            for (key, value) in [
                ("verified", json!(true)),
                ("mfa_enabled", json!(false)),
                ("email", json!(null)),
            ] {
                me[key] = value;
            }
            me["locale"] = json!("en-US");
            me["flags"] = json!(0);
            me
        }
        _ => json!({
            "id": APPLICATION_ID, "name": world.config.bot_name, "icon": null, "description": "",
            "summary": "", "type": null, "bot": user, "bot_public": true, "bot_require_code_grant": false,
            "verify_key": "0".repeat(64), "flags": 0, "tags": [], "team": null, "hook": true,
            "redirect_uris": [], "interactions_endpoint_url": null, "rpc_origins": [],
            "approximate_guild_count": world.guilds.len(), "approximate_user_install_count": 0,
            "integration_types_config": {"0": {}},
            "owner": world.guilds.values().next().map_or(user, |g| write::user_by_id(world, g.owner_id)),
        }),
    })
}

/// Requests for one thing.
pub(super) fn get(world: &World, call: &Call) -> Outcome {
    match call.route.op {
        Op::GetChannel => {
            let channel = world
                .channels
                .get(&call.id("channel_id")?)
                .ok_or_else(ApiError::unknown_channel)?;
            if world.permissions(channel.id, APPLICATION_ID) & bits::VIEW_CHANNEL == 0 {
                return Err(ApiError::missing_access());
            }
            Ok(Reply::ok(write::channel(channel)))
        }
        Op::GetUser => {
            let user = world
                .users
                .get(&call.id("user_id")?)
                .ok_or_else(|| ApiError::new(404, 10013, "Unknown User"))?;
            Ok(Reply::ok(write::user(user)))
        }
        _ => get_of_guild(world, call),
    }
}

fn get_of_guild(world: &World, call: &Call) -> Outcome {
    // To a bot that is not in it, a guild that exists and one that does not look the same.
    let guild = world
        .guilds
        .get(&call.id("guild_id")?)
        .ok_or_else(|| ApiError::new(404, 10004, "Unknown Guild"))?;
    Ok(Reply::ok(match call.route.op {
        Op::GetGuild => {
            let mut json = write::partial_guild(guild);
            if call.query("with_counts") == Some("true") {
                json["approximate_member_count"] = json!(guild.members.len());
                json["approximate_presence_count"] = json!(guild.members.len());
            }
            json
        }
        Op::GetGuildChannels => guild
            .channels
            .iter()
            .filter_map(|id| world.channels.get(id))
            .map(write::channel)
            .collect(),
        Op::GetGuildRoles => guild.roles.values().map(write::role).collect(),
        Op::ListMembers => {
            if world.config.privileged_intents & intent::GUILD_MEMBERS == 0 {
                return Err(ApiError::missing_access());
            }
            let limit = member_page(call)?;
            let after = call.query("after").and_then(|id| id.parse::<Id>().ok());
            let page = guild
                .members
                .values()
                .filter(|member| after.is_none_or(|after| member.user_id > after))
                .take(limit);
            page.map(|member| write::member(world, member)).collect()
        }
        _ => {
            let user_id = call.id("user_id")?;
            let unknown = ApiError::new(404, 10007, "Unknown Member");
            let member = guild
                .members
                .get(&user_id)
                .ok_or(if world.users.contains_key(&user_id) {
                    // Somebody who left: the bot could not know.
                    unknown.blameless()
                } else {
                    unknown
                })?;
            write::member(world, member)
        }
    }))
}

/// The `limit` of a page of members: 1 to 1,000.
fn member_page(call: &Call) -> Result<usize, ApiError> {
    let Some(text) = call.query("limit") else {
        return Ok(1);
    };
    let size = text.parse().ok().filter(|n| (1..=1_000).contains(n));
    size.ok_or_else(|| {
        ApiError::field(
            "limit",
            "NUMBER_TYPE_MAX",
            "int value should be between 1 and 1000.",
        )
    })
}
