//! The state of the local Discord and the changes it can go through. Every change tells the bot's
//! gateway sessions and the watchers. Knows nothing of HTTP; asks [`crate::rules`] what is allowed.

pub(crate) mod command;
pub(crate) mod direct;
pub(crate) mod draft;
pub(crate) mod gateway;
pub(crate) mod interaction;
pub(crate) mod json;
pub(crate) mod leaving;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod people;
pub(crate) mod posting;
pub(crate) mod sending;
pub(crate) mod session;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use command::Command;
use interaction::InteractionData;
use log::Log;
use message::MessageData;
use people::{Channel, Guild, Member, Role, User};
use session::{Session, intent};

use crate::clock::Clock;
use crate::config::SimConfig;
use crate::event::Event;
use crate::id::{Id, IdSource};
use crate::rules::permission::{self, Overwrite, bits};
use crate::violation::Rule;

/// The application's id, which is also its bot user's.
pub(crate) const APPLICATION_ID: Id = Id(1_100_000_000_000_000_000);

/// Who deleted a message: the bot is expected to know what it did itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletedBy {
    Bot,
    Person,
}

/// Everything that exists.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) config: SimConfig,
    /// `http://127.0.0.1:PORT`, without a slash at its end.
    pub(crate) base_url: String,
    ids: IdSource,
    pub(crate) users: HashMap<Id, User>,
    pub(crate) guilds: BTreeMap<Id, Guild>,
    pub(crate) channels: HashMap<Id, Channel>,
    messages: HashMap<Id, BTreeMap<Id, MessageData>>,
    /// Whom the bot writes to in each channel of direct messages.
    pub(crate) direct_channels: BTreeMap<Id, Id>,
    /// Who takes no direct messages.
    pub(crate) closed_to_messages: HashSet<Id>,
    deleted: HashMap<Id, DeletedBy>,
    /// Channels that people deleted: that they are gone, the bot could not know.
    pub(crate) deleted_channels: HashSet<Id>,
    /// Messages by the nonce they were sent with, per channel.
    pub(crate) nonces: HashMap<(Id, String), Id>,
    /// Uploaded files by attachment id.
    pub(crate) files: HashMap<Id, Arc<[u8]>>,
    pub(crate) commands: Vec<Command>,
    /// Whether the bot has ever replaced its commands, if only with none.
    pub(crate) commands_registered: bool,
    pub(crate) interactions: HashMap<Id, InteractionData>,
    tokens: HashMap<String, Id>,
    pub(crate) sessions: HashMap<String, Session>,
    /// Sessions started since the beginning: Discord allows 1,000 a day.
    pub(crate) identifies: u64,
    /// The last IDENTIFY of each concurrency bucket.
    pub(crate) last_identify: HashMap<u64, Duration>,
    pub(crate) log: Log,
    /// Told to the watchers when the lock is released.
    pub(crate) events: Vec<Event>,
}

impl World {
    pub(crate) fn new(config: SimConfig, clock: Clock, base_url: String) -> Self {
        let bot = User {
            id: APPLICATION_ID,
            name: config.bot_name.clone(),
            bot: true,
            locale: "en-US".into(),
        };
        Self {
            clock,
            config,
            base_url,
            ids: IdSource::default(),
            users: HashMap::from([(bot.id, bot)]),
            guilds: BTreeMap::new(),
            channels: HashMap::new(),
            messages: HashMap::new(),
            direct_channels: BTreeMap::new(),
            closed_to_messages: HashSet::new(),
            deleted: HashMap::new(),
            deleted_channels: HashSet::new(),
            nonces: HashMap::new(),
            files: HashMap::new(),
            commands: Vec::new(),
            commands_registered: false,
            interactions: HashMap::new(),
            tokens: HashMap::new(),
            sessions: HashMap::new(),
            identifies: 0,
            last_identify: HashMap::new(),
            log: Log::default(),
            events: Vec::new(),
        }
    }

    pub(crate) fn next_id(&mut self) -> Id {
        let now = self.clock.unix_ms();
        self.ids.next(now)
    }

    /// Adds a line to the transcript.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.log.line(self.clock.elapsed(), text.into());
    }

    /// Records that the bot broke a rule.
    pub(crate) fn violate(&mut self, rule: Rule, detail: impl Into<String>, interaction_id: Option<Id>) {
        let detail = detail.into();
        self.events.push(Event::Violated { text: detail.clone() });
        self.log
            .violate(self.clock.elapsed(), rule, detail, interaction_id);
    }

    // ---- people and places ----

    /// A new server with the bot in it, owned by a person who is not one of the test's.
    pub(crate) fn add_guild(&mut self, name: &str) -> Id {
        let now_ms = self.clock.unix_ms();
        let id = self.ids.next_spread(now_ms);
        let owner_id = self.add_user("Owner");
        let bot_role_id = self.next_id();
        let everyone = Role {
            id,
            name: "@everyone".into(),
            permissions: bits::NEW_SERVER,
            position: 0,
            mentionable: false,
            bot_id: None,
        };
        let bot_role = Role {
            id: bot_role_id,
            name: self.config.bot_name.clone(),
            permissions: 0,
            position: 1,
            mentionable: false,
            bot_id: Some(APPLICATION_ID),
        };
        let joined_at = self.clock.now();
        let member = |user_id, roles| {
            (
                user_id,
                Member {
                    user_id,
                    roles,
                    joined_at,
                },
            )
        };
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner_id,
            locale: "en-US".into(),
            roles: BTreeMap::from([(id, everyone), (bot_role_id, bot_role)]),
            members: BTreeMap::from([
                member(owner_id, vec![]),
                member(APPLICATION_ID, vec![bot_role_id]),
            ]),
            channels: vec![],
        };
        self.note(format!("guild {name:?} ({id}) exists"));
        let payload = json::guild(self, &guild).to_string();
        self.guilds.insert(id, guild);
        self.dispatch(id, intent::GUILDS, "GUILD_CREATE", None, |_| &payload);
        self.events.push(Event::GuildChanged { guild_id: id });
        id
    }

    pub(crate) fn add_user(&mut self, name: &str) -> Id {
        let id = self.next_id();
        self.users.insert(
            id,
            User {
                id,
                name: name.to_owned(),
                bot: false,
                locale: "en-US".into(),
            },
        );
        id
    }

    pub(crate) fn add_channel(&mut self, guild_id: Id, name: &str) -> Id {
        let id = self.next_id();
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return id;
        };
        let channel = Channel {
            id,
            guild_id,
            name: name.to_owned(),
            position: guild.channels.len(),
            overwrites: vec![],
            last_message_id: None,
        };
        guild.channels.push(id);
        let payload = json::channel(&channel).to_string();
        self.channels.insert(id, channel);
        self.dispatch(guild_id, intent::GUILDS, "CHANNEL_CREATE", None, |_| &payload);
        self.events.push(Event::GuildChanged { guild_id });
        id
    }

    /// Removes a channel with its messages, as a person does.
    pub(crate) fn delete_channel(&mut self, channel_id: Id) {
        let Some(channel) = self.channels.remove(&channel_id) else {
            return;
        };
        let guild_id = channel.guild_id;
        if let Some(guild) = self.guilds.get_mut(&guild_id) {
            guild.channels.retain(|id| *id != channel_id);
        }
        self.messages.remove(&channel_id);
        self.deleted_channels.insert(channel_id);
        let payload = json::channel(&channel).to_string();
        self.dispatch(guild_id, intent::GUILDS, "CHANNEL_DELETE", None, |_| &payload);
        self.events.push(Event::GuildChanged { guild_id });
    }

    /// Makes a user a member, with a role of their own that grants `extra` bits.
    pub(crate) fn join_guild(&mut self, guild_id: Id, user_id: Id, extra: u64) {
        let role_id = (extra != 0).then(|| self.next_id());
        let joined_at = self.clock.now();
        let name = self.name_of(user_id);
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        if let Some(id) = role_id {
            let position = guild.roles.len();
            let role = Role {
                id,
                name: format!("{name}'s role"),
                permissions: extra,
                position,
                mentionable: false,
                bot_id: None,
            };
            guild.roles.insert(id, role);
        }
        guild.members.insert(
            user_id,
            Member {
                user_id,
                roles: role_id.into_iter().collect(),
                joined_at,
            },
        );
        self.announce_joining(guild_id, user_id);
        self.events.push(Event::GuildChanged { guild_id });
    }

    /// A role that members can be given.
    pub(crate) fn add_role(&mut self, guild_id: Id, name: &str, permissions: u64, mentionable: bool) -> Id {
        let id = self.next_id();
        if let Some(guild) = self.guilds.get_mut(&guild_id) {
            let position = guild.roles.len();
            let role = Role {
                id,
                name: name.to_owned(),
                permissions,
                position,
                mentionable,
                bot_id: None,
            };
            guild.roles.insert(id, role);
        }
        id
    }

    pub(crate) fn set_overwrite(&mut self, channel_id: Id, overwrite: Overwrite) {
        let Some(channel) = self.channels.get_mut(&channel_id) else {
            return;
        };
        channel.overwrites.retain(|o| o.target != overwrite.target);
        channel.overwrites.push(overwrite);
        let guild_id = channel.guild_id;
        let payload = json::channel(channel).to_string();
        self.dispatch(guild_id, intent::GUILDS, "CHANNEL_UPDATE", None, |_| &payload);
        self.events.push(Event::GuildChanged { guild_id });
    }

    /// What a user may do in a channel; nothing, for a stranger.
    pub(crate) fn permissions(&self, channel_id: Id, user_id: Id) -> u64 {
        let Some((channel, guild)) = self.place(channel_id) else {
            return 0;
        };
        let Some(member) = guild.members.get(&user_id) else {
            return 0;
        };
        let base = guild.base_permissions(user_id);
        permission::in_channel(guild.id, user_id, &member.roles, base, &channel.overwrites)
    }

    /// A channel and its guild.
    pub(crate) fn place(&self, channel_id: Id) -> Option<(&Channel, &Guild)> {
        let channel = self.channels.get(&channel_id)?;
        Some((channel, self.guilds.get(&channel.guild_id)?))
    }

    /// The name to show for a user.
    pub(crate) fn name_of(&self, user_id: Id) -> String {
        self.users
            .get(&user_id)
            .map_or_else(|| format!("user {user_id}"), |u| u.name.clone())
    }

    // ---- messages ----

    pub(crate) fn message(&self, channel_id: Id, message_id: Id) -> Option<&MessageData> {
        self.messages.get(&channel_id)?.get(&message_id)
    }

    pub(crate) fn message_mut(&mut self, channel_id: Id, message_id: Id) -> Option<&mut MessageData> {
        self.messages.get_mut(&channel_id)?.get_mut(&message_id)
    }

    /// The messages of a channel, oldest first.
    pub(crate) fn messages(&self, channel_id: Id) -> impl DoubleEndedIterator<Item = &MessageData> {
        self.messages
            .get(&channel_id)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// Every message there is.
    pub(crate) fn all_messages(&self) -> impl Iterator<Item = &MessageData> {
        self.messages.values().flat_map(BTreeMap::values)
    }

    /// Who deleted a message that once was.
    pub(crate) fn deleted_by(&self, message_id: Id) -> Option<DeletedBy> {
        self.deleted.get(&message_id).copied()
    }

    // ---- interactions ----

    pub(crate) fn interaction_by_token(&self, token: &str) -> Option<Id> {
        self.tokens.get(token).copied()
    }

    pub(crate) fn insert_interaction(&mut self, interaction: InteractionData) {
        self.tokens.insert(interaction.token.clone(), interaction.id);
        self.interactions.insert(interaction.id, interaction);
    }

    /// Tells whoever waits for this interaction that it changed.
    pub(crate) fn touch_interaction(&self, id: Id) {
        if let Some(interaction) = self.interactions.get(&id) {
            interaction.touch();
        }
    }
}
