//! Registering commands, for all guilds or for one.

use serde_json::Value;

use super::error::ApiError;
use super::route::Op;
use super::{Call, Outcome, Reply};
use crate::event::Event;
use crate::id::Id;
use crate::rules::command as rules;
use crate::rules::form::Form;
use crate::world::command::Command;
use crate::world::{APPLICATION_ID, World};

pub(super) fn handle(world: &mut World, call: &Call) -> Outcome {
    if call.id("application_id")? != APPLICATION_ID {
        return Err(ApiError::new(
            403,
            20012,
            "You are not authorized to perform this action on this application",
        ));
    }
    let scope = if call.route.param("guild_id").is_empty() {
        None
    } else {
        Some(call.id("guild_id")?)
    };
    if scope.is_some_and(|guild_id| !world.guilds.contains_key(&guild_id)) {
        return Err(ApiError::missing_access());
    }
    match call.route.op {
        Op::ListCommands => Ok(Reply::ok(definitions(world, scope))),
        Op::ReplaceCommands => replace(world, call, scope),
        Op::CreateCommand => create(world, call, scope),
        Op::EditCommand => edit(world, call, scope),
        op => {
            let id = call.id("command_id")?;
            let position = position(world, scope, id)?;
            if op == Op::GetCommand {
                return Ok(Reply::ok(world.commands[position].definition.clone()));
            }
            world.commands.remove(position);
            changed(world);
            Ok(Reply::nothing())
        }
    }
}

fn position(world: &World, scope: Option<Id>, id: Id) -> Result<usize, ApiError> {
    let found = world
        .commands
        .iter()
        .position(|c| c.id == id && c.guild_id == scope);
    found.ok_or_else(|| ApiError::new(404, 10063, "Unknown application command"))
}

fn definitions(world: &World, scope: Option<Id>) -> Value {
    world
        .commands
        .iter()
        .filter(|c| c.guild_id == scope)
        .map(|c| c.definition.clone())
        .collect()
}

fn changed(world: &mut World) {
    world.commands_registered = true;
    world.events.push(Event::CommandsChanged);
}

/// A new command; one that had the same name and kind keeps its id.
fn make(world: &mut World, scope: Option<Id>, definition: &Value) -> Command {
    let (name, kind) = (
        definition["name"].as_str(),
        definition["type"].as_u64().unwrap_or(1),
    );
    let before = world
        .commands
        .iter()
        .find(|c| c.guild_id == scope && Some(c.name()) == name && c.kind() == kind);
    let known_id = before.map(|c| c.id);
    let version = world.next_id();
    Command::new(
        known_id.unwrap_or(version),
        version,
        APPLICATION_ID,
        scope,
        definition.clone(),
    )
}

fn replace(world: &mut World, call: &Call, scope: Option<Id>) -> Outcome {
    let Some(given) = call.json().as_array() else {
        return Err(ApiError::field(
            "_misc",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    let mut form = Form::default();
    rules::check_all(&mut form, given);
    form.into_result().map_err(|errors| ApiError::form(&errors))?;
    let made: Vec<Command> = given
        .iter()
        .map(|definition| make(world, scope, definition))
        .collect();
    world.commands.retain(|c| c.guild_id != scope);
    world.commands.extend(made);
    let names: Vec<String> = given
        .iter()
        .filter_map(|c| Some(c["name"].as_str()?.to_owned()))
        .collect();
    world.note(format!(
        "{} commands registered: {}",
        names.len(),
        names.join(", ")
    ));
    changed(world);
    Ok(Reply::ok(definitions(world, scope)))
}

fn create(world: &mut World, call: &Call, scope: Option<Id>) -> Outcome {
    let mut all: Vec<Value> = world
        .commands
        .iter()
        .filter(|c| c.guild_id == scope)
        .map(|c| c.definition.clone())
        .collect();
    let command = make(world, scope, call.json());
    all.retain(|c| c["id"] != command.definition["id"]);
    let is_new = all.len() == world.commands.iter().filter(|c| c.guild_id == scope).count();
    let mut form = Form::default();
    rules::check(&mut form, "", call.json());
    form.into_result().map_err(|errors| ApiError::form(&errors))?;
    all.push(command.definition.clone());
    let mut form = Form::default();
    rules::check_all(&mut form, &all);
    if !form.errors.is_empty() {
        return Err(ApiError::new(
            400,
            30032,
            "Maximum number of application commands reached",
        ));
    }
    world.commands.retain(|c| c.id != command.id);
    let definition = command.definition.clone();
    world.commands.push(command);
    changed(world);
    Ok(if is_new {
        Reply::created(definition)
    } else {
        Reply::ok(definition)
    })
}

fn edit(world: &mut World, call: &Call, scope: Option<Id>) -> Outcome {
    let id = call.id("command_id")?;
    let position = position(world, scope, id)?;
    let mut definition = world.commands[position].definition.clone();
    for (key, value) in call.json().as_object().into_iter().flatten() {
        definition[key] = value.clone();
    }
    let mut form = Form::default();
    rules::check(&mut form, "", &definition);
    form.into_result().map_err(|errors| ApiError::form(&errors))?;
    let version = world.next_id();
    let command = Command::new(id, version, APPLICATION_ID, scope, definition);
    let definition = command.definition.clone();
    world.commands[position] = command;
    changed(world);
    Ok(Reply::ok(definition))
}
