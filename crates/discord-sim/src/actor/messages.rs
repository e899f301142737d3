//! Direct messages, as the person to whom the bot writes them sees them.

use std::sync::Arc;
use std::time::Duration;

use super::Actor;
use crate::error::{Result, SimError};
use crate::view::Message;
use crate::world::World;

impl Actor {
    /// Takes no direct messages from now on.
    pub fn close_direct_messages(&self) {
        self.sim
            .core
            .act(|world| world.closed_to_messages.insert(self.id));
    }

    /// What the bot wrote to this person, oldest first.
    pub fn direct_messages(&self) -> Vec<Message> {
        self.sim.core.look(|world| self.written(world))
    }

    /// Waits until the bot has written to this person so often; what it wrote.
    pub async fn wait_for_direct_messages(&self, count: usize, timeout: Duration) -> Result<Vec<Message>> {
        let check = |world: &World| Some(self.written(world)).filter(|written| written.len() >= count);
        let written = self.sim.core.wait_for(timeout, check).await;
        written.ok_or_else(|| SimError::TimedOut {
            what: format!("{count} direct messages to {}", self.name()),
            waited: timeout,
            transcript: self.sim.core.recent(),
        })
    }

    fn written(&self, world: &World) -> Vec<Message> {
        let channels = world.direct_channels.iter().filter(|(_, to)| **to == self.id);
        channels
            .flat_map(|(channel_id, _)| world.messages(*channel_id))
            .map(|data| Message {
                sim: self.sim.clone(),
                data: Arc::new(data.clone()),
            })
            .collect()
    }
}
