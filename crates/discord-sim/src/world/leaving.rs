//! People who come to a server and leave it, with the events that tell the bot.

use serde_json::json;

use super::session::intent;
use super::{APPLICATION_ID, World, json as write};
use crate::event::Event;
use crate::id::Id;

impl World {
    /// Tells of somebody who joined.
    pub(crate) fn announce_joining(&mut self, guild_id: Id, user_id: Id) {
        let Some(member) = self
            .guilds
            .get(&guild_id)
            .and_then(|guild| guild.members.get(&user_id))
        else {
            return;
        };
        let mut data = write::member(self, member);
        data["guild_id"] = json!(guild_id);
        let data = data.to_string();
        self.dispatch(guild_id, intent::GUILD_MEMBERS, "GUILD_MEMBER_ADD", None, |_| {
            &data
        });
    }

    /// Takes a member out of a guild: they leave, or are kicked or banned. Whether they were in it.
    pub(crate) fn leave_guild(&mut self, guild_id: Id, user_id: Id, banned: bool) -> bool {
        if user_id == APPLICATION_ID {
            return false;
        }
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return false;
        };
        let was_member = guild.members.remove(&user_id).is_some();
        let (who, name) = (self.name_of(user_id), if banned { "is banned" } else { "leaves" });
        self.note(format!("{who} {name}"));
        let data = json!({"guild_id": guild_id, "user": write::user_by_id(self, user_id)}).to_string();
        if banned {
            self.dispatch(guild_id, intent::GUILD_MODERATION, "GUILD_BAN_ADD", None, |_| {
                &data
            });
        }
        if was_member {
            self.dispatch(
                guild_id,
                intent::GUILD_MEMBERS,
                "GUILD_MEMBER_REMOVE",
                None,
                |_| &data,
            );
        }
        self.events.push(Event::GuildChanged { guild_id });
        was_member
    }
}
