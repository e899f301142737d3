//! What a person does on the page. Every id and value comes from outside: it is looked up, and what a
//! real client would not let them do is refused in words.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::outcome::{self, done, refusal, refused};
use super::state::visible_commands;
use crate::actor::{Actor, Slash};
use crate::error::{Result, SimError};
use crate::id::Id;
use crate::place::Channel;
use crate::rules::option;
use crate::sim::Sim;
use crate::view::Message;

/// An act as the page sends it, or why it cannot be read.
type Sent<T> = std::result::Result<Json<T>, JsonRejection>;

/// Reads an act, or answers that it cannot be read.
macro_rules! read {
    ($sent:expr) => {
        match $sent {
            Ok(Json(act)) => act,
            Err(why) => return refusal(StatusCode::BAD_REQUEST, why.body_text()),
        }
    };
}

/// Goes on with the value, or answers with the refusal.
macro_rules! or_refuse {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return refused(&error),
        }
    };
}

fn refuse<T>(why: &str) -> Result<T> {
    Err(SimError::Refused(why.to_owned()))
}

fn person(sim: &Sim, id: Id) -> Result<Actor> {
    sim.actor(id)
        .map_or_else(|| refuse("there is no such person"), Ok)
}

fn channel(sim: &Sim, id: Id) -> Result<Channel> {
    sim.channel(id)
        .map_or_else(|| refuse("there is no such channel"), Ok)
}

/// A message; whether the person sees it is checked when they act on it.
fn message(sim: &Sim, target: &Target) -> Result<(Actor, Message)> {
    let found = channel(sim, target.channel)?.message(target.message);
    let message = found.map_or_else(|| refuse("the message is gone"), Ok)?;
    Ok((person(sim, target.person)?, message))
}

/// Who does something to which message.
#[derive(Deserialize)]
pub(super) struct Target {
    person: Id,
    channel: Id,
    message: Id,
}

#[derive(Deserialize)]
pub(super) struct Say {
    person: Id,
    channel: Id,
    text: String,
}

/// Writes a message.
pub(super) async fn say(State(sim): State<Sim>, sent: Sent<Say>) -> Response {
    let act = read!(sent);
    let channel = or_refuse!(channel(&sim, act.channel));
    let person = or_refuse!(person(&sim, act.person));
    or_refuse!(person.say(&channel, &act.text));
    done()
}

#[derive(Deserialize)]
pub(super) struct Enter {
    person: Id,
    channel: Id,
    /// The command's name with its sub-commands, without a slash.
    command: String,
    #[serde(default)]
    options: Map<String, Value>,
}

/// Fills in a command, each value by the type that the command's definition says.
fn entered(sim: &Sim, act: &Enter) -> Result<Slash> {
    let channel = channel(sim, act.channel)?;
    let person = person(sim, act.person)?;
    let commands = visible_commands(sim, channel.guild_id(), act.person);
    let mut words = act.command.split_whitespace();
    let name = words.next().unwrap_or_default();
    let subs: Vec<&str> = words.collect();
    let Some(definition) = commands.iter().find(|c| c["name"] == name && c["type"] == 1) else {
        return refuse("there is no such command");
    };
    let definitions = option::walk(definition, &subs)
        .map_err(SimError::Refused)?
        .options;
    let mut slash = person.slash(&channel, &act.command);
    for (name, value) in &act.options {
        let kind = definitions
            .iter()
            .find(|d| d["name"] == **name)
            .map_or(0, option::kind);
        slash = fill(sim, slash, name, kind, value)?;
    }
    Ok(slash)
}

fn fill(sim: &Sim, slash: Slash, name: &str, kind: u64, value: &Value) -> Result<Slash> {
    let wrong = || refuse(&format!("{name}: this value is not possible"));
    let id = value.as_str().and_then(|text| text.parse::<Id>().ok());
    let text = value.as_str();
    Ok(match (kind, value) {
        (3, Value::String(text)) => slash.string(name, text),
        (4, value) => match value.as_i64() {
            Some(number) => slash.integer(name, number),
            None => return wrong(),
        },
        (5, Value::Bool(flag)) => slash.boolean(name, *flag),
        (6 | 9, _) if id.and_then(|id| sim.actor(id)).is_some() => {
            let Some(user) = id.and_then(|id| sim.actor(id)) else {
                return wrong();
            };
            slash.user(name, &user)
        }
        (7, _) => match id.and_then(|id| sim.channel(id)) {
            Some(channel) => slash.channel(name, &channel),
            None => return wrong(),
        },
        (8 | 9, _) => match id {
            Some(role) => slash.role(name, role),
            None => return wrong(),
        },
        (10, value) => match value.as_f64() {
            Some(number) => slash.number(name, number),
            None => return wrong(),
        },
        _ => {
            return refuse(&format!(
                "{name}: {} is not possible",
                text.unwrap_or("this value")
            ));
        }
    })
}

/// Uses a slash command.
pub(super) async fn slash(State(sim): State<Sim>, sent: Sent<Enter>) -> Response {
    let act = read!(sent);
    let slash = or_refuse!(entered(&sim, &act));
    outcome::of(slash.send().await).await
}

#[derive(Deserialize)]
pub(super) struct Complete {
    #[serde(flatten)]
    enter: Enter,
    option: String,
    partial: String,
}

/// Types into an option that completes itself.
pub(super) async fn autocomplete(State(sim): State<Sim>, sent: Sent<Complete>) -> Response {
    let act = read!(sent);
    let slash = or_refuse!(entered(&sim, &act.enter));
    let choices = or_refuse!(slash.autocomplete(&act.option, &act.partial).await);
    let choices: Vec<Value> = choices
        .iter()
        .map(|c| json!({ "name": c.name, "value": c.value }))
        .collect();
    Json(json!({ "choices": choices })).into_response()
}

#[derive(Deserialize)]
pub(super) struct Use {
    #[serde(flatten)]
    target: Target,
    custom_id: String,
    #[serde(default)]
    values: Vec<String>,
}

/// Clicks a button.
pub(super) async fn click(State(sim): State<Sim>, sent: Sent<Use>) -> Response {
    let act = read!(sent);
    let (person, message) = or_refuse!(message(&sim, &act.target));
    outcome::of(person.click(&message, &act.custom_id).await).await
}

/// Chooses from a menu.
pub(super) async fn select(State(sim): State<Sim>, sent: Sent<Use>) -> Response {
    let act = read!(sent);
    let (person, message) = or_refuse!(message(&sim, &act.target));
    let values: Vec<&str> = act.values.iter().map(String::as_str).collect();
    outcome::of(person.select(&message, &act.custom_id, &values).await).await
}

#[derive(Deserialize)]
pub(super) struct Submit {
    person: Id,
    /// The interaction that the bot answered with the form.
    interaction: Id,
    fields: BTreeMap<String, String>,
}

/// Submits a form.
pub(super) async fn modal(State(sim): State<Sim>, sent: Sent<Submit>) -> Response {
    let act = read!(sent);
    let person = or_refuse!(person(&sim, act.person));
    let Some(opened) = sim.answer(act.interaction) else {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "this form was never opened");
    };
    let fields: Vec<(&str, &str)> = act
        .fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    outcome::of(person.submit_modal(&opened, &fields).await).await
}

#[derive(Deserialize)]
pub(super) struct MenuCommand {
    #[serde(flatten)]
    target: Target,
    command: String,
}

/// Uses a command of a message's menu.
pub(super) async fn message_command(State(sim): State<Sim>, sent: Sent<MenuCommand>) -> Response {
    let act = read!(sent);
    let (person, message) = or_refuse!(message(&sim, &act.target));
    outcome::of(person.message_command(&message, &act.command).await).await
}

#[derive(Deserialize)]
pub(super) struct React {
    #[serde(flatten)]
    target: Target,
    emoji: String,
    on: bool,
}

/// Puts a reaction under a message, or takes it back.
pub(super) async fn react(State(sim): State<Sim>, sent: Sent<React>) -> Response {
    let act = read!(sent);
    let (person, message) = or_refuse!(message(&sim, &act.target));
    let result = if act.on {
        person.react(&message, &act.emoji)
    } else {
        person.unreact(&message, &act.emoji)
    };
    or_refuse!(result);
    done()
}

/// Dismisses an ephemeral message, or deletes one's own.
pub(super) async fn dismiss(State(sim): State<Sim>, sent: Sent<Target>) -> Response {
    let act = read!(sent);
    let (person, message) = or_refuse!(message(&sim, &act));
    or_refuse!(person.delete_message(&message));
    done()
}
