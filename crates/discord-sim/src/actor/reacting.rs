//! Reactions: one's own and, for moderators, everybody's.

use super::{Actor, refuse, seen};
use crate::error::Result;
use crate::rules::emoji;
use crate::rules::permission::bits;
use crate::view::Message;
use crate::world::message::Emoji;

impl Actor {
    /// Puts a reaction under a message.
    pub fn react(&self, message: &Message, emoji: &str) -> Result<()> {
        self.set_reaction(message, emoji, true)
    }

    /// Takes one's reaction back.
    pub fn unreact(&self, message: &Message, emoji: &str) -> Result<()> {
        self.set_reaction(message, emoji, false)
    }

    fn set_reaction(&self, message: &Message, emoji: &str, on: bool) -> Result<()> {
        let emoji = known(emoji)?;
        self.sim.core.act(|world| {
            let data = seen(world, self.id, message)?;
            let may = world.permissions(data.channel_id, self.id) & bits::ADD_REACTIONS != 0;
            if data.viewer_id.is_some() || (on && !may) {
                return refuse("this message cannot be reacted to");
            }
            let who = world.name_of(self.id);
            world.note(format!(
                "{who}: {} {} on message {}",
                if on { "reacts" } else { "takes back" },
                emoji.name,
                data.id
            ));
            world.set_reaction(data.channel_id, data.id, self.id, &emoji, on);
            Ok(())
        })
    }

    /// Reacts and takes it back at once, and the bot is told of the two in the wrong order, as may happen
    /// when they are a moment apart.
    pub fn react_and_take_back_out_of_order(&self, message: &Message, emoji: &str) -> Result<()> {
        let emoji = known(emoji)?;
        self.sim.core.act(|world| {
            let data = seen(world, self.id, message)?;
            let who = world.name_of(self.id);
            world.note(format!("{who}: reacts {} and takes it back", emoji.name));
            world.announce_reaction(data.channel_id, data.id, self.id, &emoji, false);
            world.announce_reaction(data.channel_id, data.id, self.id, &emoji, true);
            Ok(())
        })
    }

    /// Takes away all reactions under a message, or all with one emoji, as those may who manage messages.
    pub fn clear_reactions(&self, message: &Message, only: Option<&str>) -> Result<()> {
        let only = only.map(known).transpose()?;
        self.sim.core.act(|world| {
            let data = seen(world, self.id, message)?;
            if world.permissions(data.channel_id, self.id) & bits::MANAGE_MESSAGES == 0 {
                return refuse("only moderators may take everybody's reactions away");
            }
            let who = world.name_of(self.id);
            let which = only.as_ref().map_or("all", |emoji| &emoji.name);
            world.note(format!(
                "{who}: takes reactions away ({which}), message {}",
                data.id
            ));
            world.clear_reactions(data.channel_id, data.id, only.as_ref());
            Ok(())
        })
    }
}

fn known(text: &str) -> Result<Emoji> {
    emoji::parse(text).map_or_else(|| refuse(format!("{text:?} is no emoji")), Ok)
}
