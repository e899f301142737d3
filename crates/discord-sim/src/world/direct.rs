//! Direct messages from the bot to people. People do not answer them here.

use super::World;
use crate::id::Id;

impl World {
    /// The channel of the bot's direct messages to this user; made at the first call.
    pub(crate) fn open_direct_channel(&mut self, user_id: Id) -> Id {
        if let Some((channel_id, _)) = self.direct_channels.iter().find(|(_, to)| **to == user_id) {
            return *channel_id;
        }
        let id = self.next_id();
        self.direct_channels.insert(id, user_id);
        id
    }

    /// Whether this user takes a direct message from the bot: they share a server, and did not close them.
    pub(crate) fn takes_direct_messages(&self, user_id: Id) -> bool {
        let shares_guild = self
            .guilds
            .values()
            .any(|guild| guild.members.contains_key(&user_id));
        let is_person = self.users.get(&user_id).is_some_and(|user| !user.bot);
        is_person && shares_guild && !self.closed_to_messages.contains(&user_id)
    }
}
