//! Takes in the event that serenity cannot read: in `MESSAGE_REACTION_REMOVE_EMOJI` it insists on more than
//! Discord sends, so that the event reaches raw handlers only, as one that is not known.

use std::sync::Arc;

use serde::Deserialize;
use serenity::client::{Context, RawEventHandler};
use serenity::model::event::Event;
use serenity::model::id::MessageId;

use super::catch_up::{self, Missed};
use super::desk::Desk;
use crate::domain::ids;
use crate::domain::reaction::Number;
use crate::lifecycle::Tasks;

/// The event's name.
const CLEARED: &str = "MESSAGE_REACTION_REMOVE_EMOJI";

/// A moderator took all reactions with one emoji away.
#[derive(Debug, Deserialize)]
struct Cleared {
    message_id: MessageId,
    emoji: Emoji,
}

#[derive(Debug, Deserialize)]
struct Emoji {
    name: Option<String>,
}

/// The entrance for events that serenity cannot read.
#[derive(Debug)]
pub struct Unread {
    desk: Arc<Desk>,
    tasks: Tasks,
}

impl Unread {
    /// Handles them at this desk.
    pub const fn new(desk: Arc<Desk>, tasks: Tasks) -> Self {
        Self { desk, tasks }
    }
}

#[serenity::async_trait]
impl RawEventHandler for Unread {
    async fn raw_event(&self, _ctx: Context, event: Event) {
        let Event::Unknown(event) = event else { return };
        if event.kind != CLEARED {
            return;
        }
        match serde_json::from_value::<Cleared>(event.value) {
            Ok(Cleared { message_id, emoji }) => {
                if emoji.name.as_deref().and_then(Number::from_emoji).is_some() {
                    let missed = Missed::ReactionsUnder(ids::MessageId(message_id.get()));
                    catch_up::begin(&self.desk, &self.tasks, missed);
                }
            }
            Err(error) => tracing::warn!(%error, "an event could not be read: {CLEARED}"),
        }
    }
}
