//! The bot's gateway sessions: what each should get, and what it can be replayed after a RESUME.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::id::Id;

/// Events kept per session for a replay.
const REPLAY_EVENTS: usize = 5_000;

/// Gateway intents that matter here.
pub(crate) mod intent {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_MODERATION: u64 = 1 << 2;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Needs an approval by Discord.
    pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// Every bit that means something.
    pub(crate) const KNOWN: u64 = 0x1_FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;
}

/// What a connection is told to write.
#[derive(Debug, Clone)]
pub(crate) enum Outgoing {
    /// A text frame; with the interaction it carries, if any.
    Frame(Arc<str>, Option<Id>),
    /// Close with this code and reason.
    Close(u16, &'static str),
}

/// One session, connected or waiting to be resumed.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) shard: u64,
    pub(crate) shards: u64,
    pub(crate) intents: u64,
    seq: u64,
    replay: VecDeque<(u64, Arc<str>, Option<Id>)>,
    /// The connection that has it now.
    pub(crate) connection: Option<mpsc::UnboundedSender<Outgoing>>,
    /// Counts connections, so that an old one's end does not disconnect the new one.
    pub(crate) generation: u64,
}

impl Session {
    pub(crate) fn new(shard: (u64, u64), intents: u64, out: mpsc::UnboundedSender<Outgoing>) -> Self {
        Self {
            shard: shard.0,
            shards: shard.1,
            intents,
            seq: 0,
            replay: VecDeque::new(),
            connection: Some(out),
            generation: 0,
        }
    }

    /// Whether this session's shard serves the guild.
    pub(crate) fn serves(&self, guild_id: Id) -> bool {
        (guild_id.get() >> 22) % self.shards.max(1) == self.shard
    }

    /// Sends an event, or keeps it until the session is resumed. `data` is JSON already: one text serves
    /// every session.
    pub(crate) fn push(&mut self, name: &str, data: &str, interaction: Option<Id>) {
        self.seq += 1;
        let text: Arc<str> = format!(r#"{{"op":0,"t":"{name}","s":{},"d":{data}}}"#, self.seq).into();
        if self.replay.len() == REPLAY_EVENTS {
            self.replay.pop_front();
        }
        self.replay.push_back((self.seq, Arc::clone(&text), interaction));
        self.send(Outgoing::Frame(text, interaction));
    }

    /// Writes to the connection, if there is one; a connection that ended is let go.
    pub(crate) fn send(&mut self, outgoing: Outgoing) {
        if self
            .connection
            .as_ref()
            .is_some_and(|out| out.send(outgoing).is_err())
        {
            self.connection = None;
        }
    }

    /// Whether everything after `seq` is still here.
    pub(crate) fn can_replay(&self, seq: u64) -> bool {
        seq <= self.seq && self.replay.front().is_none_or(|(first, ..)| *first <= seq + 1)
    }

    /// Gives the session to a new connection and sends it what it missed; how many events that were.
    pub(crate) fn resume(&mut self, seq: u64, out: mpsc::UnboundedSender<Outgoing>) -> usize {
        self.connection = Some(out);
        self.generation += 1;
        let missed: Vec<_> = self.replay.iter().filter(|(s, ..)| *s > seq).cloned().collect();
        let count = missed.len();
        for (_, text, interaction) in missed {
            self.send(Outgoing::Frame(text, interaction));
        }
        self.push("RESUMED", r#"{"_trace":[]}"#, None);
        count
    }
}
