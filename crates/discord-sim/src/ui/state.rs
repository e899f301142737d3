//! What one person sees: the servers, the people to be, the commands they may use, one channel's messages.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::actor::slash::find;
use crate::id::Id;
use crate::sim::Sim;
use crate::world::message::Ping;
use crate::world::people::Guild;
use crate::world::{APPLICATION_ID, World};

/// How many of a channel's messages are shown, the newest.
const MESSAGES_SHOWN: usize = 100;
/// How many broken rules are told, the latest.
const VIOLATIONS_SHOWN: usize = 50;

/// Whose view of what is asked for; what is absent or unknown is the first that there is.
#[derive(Deserialize)]
pub(super) struct View {
    person: Option<String>,
    channel: Option<String>,
}

/// `GET /ui/state`
pub(super) async fn get(State(sim): State<Sim>, Query(view): Query<View>) -> Json<Value> {
    let wanted = |text: &Option<String>| text.as_deref().and_then(|id| id.parse::<Id>().ok());
    let mut state = sim.core.look(|world| {
        let people = people(world);
        let person = wanted(&view.person).filter(|id| people.contains(id)).or_else(|| people.first().copied());
        let seen: Vec<&Guild> = world
            .guilds
            .values()
            .filter(|guild| person.is_none_or(|id| guild.members.contains_key(&id)))
            .collect();
        let channels: Vec<Id> = seen.iter().flat_map(|guild| guild.channels.iter().copied()).collect();
        let channel = wanted(&view.channel).filter(|id| channels.contains(id)).or_else(|| channels.first().copied());
        let named = |id: &Id| json!({ "id": id, "name": world.name_of(*id) });
        json!({
            "person": person,
            "channel": channel,
            "bot": {
                "id": APPLICATION_ID, "name": world.name_of(APPLICATION_ID), "bot": true,
                "online": world.is_bot_connected(),
            },
            "hints": world.config.hints,
            "people": people.iter().map(named).collect::<Vec<_>>(),
            "users": world.users.values().map(|u| (u.id.to_string(), json!(u.name))).collect::<serde_json::Map<_, _>>(),
            "guilds": seen.iter().map(|guild| place(world, guild)).collect::<Vec<_>>(),
        })
    });
    let person = state["person"]
        .as_str()
        .and_then(|id| id.parse::<Id>().ok())
        .unwrap_or_default();
    let channel = state["channel"]
        .as_str()
        .and_then(|id| id.parse::<Id>().ok())
        .and_then(|id| sim.channel(id));
    let mut messages = channel
        .as_ref()
        .map(|channel| channel.snapshot(person))
        .unwrap_or_default();
    messages.drain(..messages.len().saturating_sub(MESSAGES_SHOWN));
    state["pinged"] = sim.core.look(|world| pinged(world, &messages, person));
    state["messages"] = Value::Array(messages);
    let guild_id = channel.map(|channel| channel.guild_id()).unwrap_or_default();
    state["commands"] = Value::Array(visible_commands(&sim, guild_id, person));
    let violations = sim.violations();
    let latest = violations
        .iter()
        .skip(violations.len().saturating_sub(VIOLATIONS_SHOWN));
    state["violations"] = latest.map(|violation| json!(violation.to_string())).collect();
    Json(state)
}

/// The ids of those messages that notified this person: a name in a text alone does not.
fn pinged(world: &World, messages: &[Value], person: Id) -> Value {
    let id_of = |json: &Value| json.as_str().and_then(|id| id.parse::<Id>().ok());
    let notified = |message: &&Value| {
        let found = id_of(&message["channel_id"])
            .zip(id_of(&message["id"]))
            .and_then(|(channel, id)| world.message(channel, id));
        found.is_some_and(|data| {
            let member = world
                .guilds
                .get(&data.guild_id)
                .and_then(|guild| guild.members.get(&person));
            data.author_id != person
                && data.pings.iter().any(|ping| match ping {
                    Ping::Everyone => true,
                    Ping::User(id) => *id == person,
                    Ping::Role(id) => member.is_some_and(|member| member.roles.contains(id)),
                })
        })
    };
    messages
        .iter()
        .filter(notified)
        .map(|message| message["id"].clone())
        .collect()
}

/// The people one can be, in the order in which they came; the owners that servers come with are nobody.
fn people(world: &World) -> Vec<Id> {
    let owns = |id: &Id| world.guilds.values().any(|guild| guild.owner_id == *id);
    let mut people: Vec<Id> = world
        .users
        .values()
        .filter(|user| !user.bot)
        .map(|user| user.id)
        .filter(|id| !owns(id))
        .collect();
    people.sort_unstable();
    people
}

fn place(world: &World, guild: &Guild) -> Value {
    let channels = guild.channels.iter().filter_map(|id| world.channels.get(id));
    let members = guild
        .members
        .keys()
        .filter(|id| **id != guild.owner_id)
        .filter_map(|id| world.users.get(id));
    let roles = guild
        .roles
        .values()
        .filter(|role| role.id != guild.id && role.bot_id.is_none());
    json!({
        "id": guild.id,
        "name": guild.name,
        "channels": channels.map(|c| json!({ "id": c.id, "name": c.name })).collect::<Vec<_>>(),
        "members": members.map(|u| json!({ "id": u.id, "name": u.name, "bot": u.bot })).collect::<Vec<_>>(),
        "roles": roles.map(|r| json!({ "id": r.id, "name": r.name })).collect::<Vec<_>>(),
    })
}

/// The commands that a person is shown in a server; its own hide global ones of the same name and kind.
pub(super) fn visible_commands(sim: &Sim, guild_id: Id, person: Id) -> Vec<Value> {
    sim.core.look(|world| {
        let mut shown: Vec<Value> = Vec::new();
        for command in world
            .commands
            .iter()
            .filter(|c| c.guild_id.is_none_or(|id| id == guild_id))
        {
            // The one that would be used under this name, if the person may use it at all.
            let Ok(definition) = find(world, guild_id, person, command.name(), command.kind()) else {
                continue;
            };
            if !shown.iter().any(|other| other["id"] == definition["id"]) {
                shown.push(definition);
            }
        }
        shown
    })
}
