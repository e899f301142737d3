//! Slash commands as a person enters them.

use serde_json::{Value, json};

use super::{Actor, refuse};
use crate::answer::{Answer, Choice};
use crate::error::{Result, SimError};
use crate::id::Id;
use crate::place::Channel;
use crate::rules::option::{self, Entered, Walked};
use crate::rules::permission::bits;
use crate::world::interaction::InteractionKind;
use crate::world::sending::Sending;
use crate::world::{World, json as write};

/// A slash command being entered.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is sent"]
pub struct Slash {
    actor: Actor,
    channel_id: Id,
    command: String,
    options: Vec<(String, Entered)>,
}

impl Slash {
    pub(super) fn new(actor: Actor, channel_id: Id, command: &str) -> Self {
        let command = command.trim_start_matches('/').to_owned();
        Self {
            actor,
            channel_id,
            command,
            options: vec![],
        }
    }

    fn with(mut self, name: &str, value: Entered) -> Self {
        self.options.push((name.to_owned(), value));
        self
    }

    /// Fills in a text.
    pub fn string(self, name: &str, value: &str) -> Self {
        self.with(name, Entered::Text(value.to_owned()))
    }

    /// Fills in a whole number.
    pub fn integer(self, name: &str, value: i64) -> Self {
        self.with(name, Entered::Integer(value))
    }

    /// Fills in a number.
    pub fn number(self, name: &str, value: f64) -> Self {
        self.with(name, Entered::Number(value))
    }

    /// Chooses true or false.
    pub fn boolean(self, name: &str, value: bool) -> Self {
        self.with(name, Entered::Boolean(value))
    }

    /// Chooses a person.
    pub fn user(self, name: &str, user: &Actor) -> Self {
        let id = user.id;
        self.with(name, Entered::User(id))
    }

    /// Chooses a channel.
    pub fn channel(self, name: &str, channel: &Channel) -> Self {
        let id = channel.id;
        self.with(name, Entered::Channel(id))
    }

    /// Chooses a role.
    pub fn role(self, name: &str, role_id: Id) -> Self {
        self.with(name, Entered::Role(role_id))
    }

    /// Sends the command, once the client finds it complete; resolves when it is on its way to the bot.
    pub async fn send(self) -> Result<Answer> {
        let id = self.actor.sim.core.act(|world| self.send_into(world, None))?;
        Ok(self.actor.answer(id).delivered().await)
    }

    /// Types `partial` into an option that completes itself, with the others as filled in so far.
    pub async fn autocomplete(self, option: &str, partial: &str) -> Result<Vec<Choice>> {
        let id = self
            .actor
            .sim
            .core
            .act(|world| self.send_into(world, Some((option, partial))))?;
        self.actor.answer(id).choices().await
    }

    fn send_into(&self, world: &mut World, focus: Option<(&str, &str)>) -> Result<Id> {
        let user_id = self.actor.id;
        let Some(guild_id) = world.channels.get(&self.channel_id).map(|c| c.guild_id) else {
            return refuse("there is no such channel");
        };
        let mut words = self.command.split_whitespace();
        let name = words.next().unwrap_or_default();
        let subs: Vec<&str> = words.collect();
        let definition = find(world, guild_id, user_id, name, 1)?;
        let in_words = |why| SimError::Refused(format!("/{}: {why}", self.command));
        let Walked {
            options: definitions,
            path,
        } = option::walk(&definition, &subs).map_err(in_words)?;
        if let Some((focused, _)) = focus {
            let completes = definitions
                .iter()
                .any(|d| d["name"] == focused && d["autocomplete"] == true);
            if !completes {
                return refuse(format!(
                    "/{}: option {focused:?} does not complete itself",
                    self.command
                ));
            }
        } else {
            option::check(definitions, &self.options).map_err(in_words)?;
        }
        let mut sent: Vec<Value> = Vec::new();
        for (name, value) in self
            .options
            .iter()
            .filter(|(name, _)| focus.is_none_or(|(f, _)| f != name))
        {
            let definition = definitions.iter().find(|d| d["name"] == **name);
            let kind = definition.map_or(3, option::kind);
            sent.push(json!({"name": name, "type": kind, "value": value.to_json()}));
        }
        if let Some((focused, partial)) = focus {
            let kind = definitions
                .iter()
                .find(|d| d["name"] == focused)
                .map_or(3, option::kind);
            sent.push(json!({"name": focused, "type": kind, "value": partial, "focused": true}));
        }
        // The client sends the options in the order of the definition.
        let place = |o: &Value| definitions.iter().position(|d| d["name"] == o["name"]);
        sent.sort_by_key(place);
        for (kind, sub) in path.iter().rev() {
            sent = vec![json!({"name": sub, "type": kind, "options": sent})];
        }
        let mut data = json!({"id": definition["id"], "name": name, "type": 1, "options": sent});
        if definition["guild_id"].is_string() {
            data["guild_id"] = definition["guild_id"].clone();
        }
        if let Some(resolved) = resolved(world, guild_id, &self.options) {
            data["resolved"] = resolved;
        }
        let kind = if focus.is_some() {
            InteractionKind::Autocomplete
        } else {
            InteractionKind::Command
        };
        world.send_interaction(Sending {
            kind,
            label: self.label(focus),
            command: Some(self.command.clone()),
            user_id,
            channel_id: self.channel_id,
            data,
            source: None,
        })
    }

    fn label(&self, focus: Option<(&str, &str)>) -> String {
        let filled = self
            .options
            .iter()
            .map(|(name, value)| format!("{name}:{}", value.to_json()));
        let typed = focus.map(|(name, partial)| format!("{name}:{partial}…"));
        let parts: Vec<String> = filled.chain(typed).collect();
        format!("/{} {}", self.command, parts.join(" "))
            .trim_end()
            .to_owned()
    }
}

/// The command that this person sees under a name: the guild's own before the global one.
pub(crate) fn find(world: &World, guild_id: Id, user_id: Id, name: &str, kind: u64) -> Result<Value> {
    let named = |scope: Option<Id>| {
        world
            .commands
            .iter()
            .find(|c| c.guild_id == scope && c.kind() == kind && c.name() == name)
    };
    let Some(command) = named(Some(guild_id)).or_else(|| named(None)) else {
        return refuse(format!("there is no command {name:?}"));
    };
    let has = world
        .guilds
        .get(&guild_id)
        .map_or(0, |g| g.base_permissions(user_id));
    let allowed = command
        .needed_permissions()
        .is_none_or(|needed| has & bits::ADMINISTRATOR != 0 || (needed != 0 && has & needed == needed));
    if !allowed || (has & bits::USE_APPLICATION_COMMANDS == 0 && has & bits::ADMINISTRATOR == 0) {
        return refuse(format!(
            "command {name:?} is not shown to {}",
            world.name_of(user_id)
        ));
    }
    Ok(command.definition.clone())
}

/// The objects behind the ids that were entered.
fn resolved(world: &World, guild_id: Id, options: &[(String, Entered)]) -> Option<Value> {
    let guild = world.guilds.get(&guild_id)?;
    let mut resolved = json!({});
    for (_, value) in options {
        match value {
            Entered::User(id) => {
                resolved["users"][id.to_string()] = write::user_by_id(world, *id);
                if let Some(member) = guild.members.get(id) {
                    let mut member = write::member(world, member);
                    if let Some(object) = member.as_object_mut() {
                        object.remove("user");
                        for key in ["deaf", "mute"] {
                            object.remove(key);
                        }
                        object.insert(
                            "permissions".into(),
                            json!(guild.base_permissions(*id).to_string()),
                        );
                    }
                    resolved["members"][id.to_string()] = member;
                }
            }
            Entered::Channel(id) => {
                let mut channel = write::channel(world.channels.get(id)?);
                channel["permissions"] = json!(bits::NEW_SERVER.to_string());
                resolved["channels"][id.to_string()] = channel;
            }
            Entered::Role(id) => {
                resolved["roles"][id.to_string()] = write::role(guild.roles.get(id)?);
            }
            _ => {}
        }
    }
    resolved
        .as_object()
        .is_some_and(|o| !o.is_empty())
        .then_some(resolved)
}
