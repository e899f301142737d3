//! The gateway's connections: HELLO, IDENTIFY, RESUME, heartbeats, closing. What events are and who gets
//! them is the world's; a connection only carries them.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::core::Core;
use crate::event::Event;
use crate::sim::Sim;
use crate::violation::Rule;
use crate::world::World;
use crate::world::session::{Outgoing, Session, intent};

/// Bytes of one frame of the bot.
const MAX_FRAME_BYTES: usize = 4_096;
/// Frames of the bot in a minute.
const MAX_FRAMES_PER_MINUTE: usize = 120;
/// Guilds of one shard.
const MAX_GUILDS: usize = 2_500;

/// A code to close with, and why.
type Closing = (u16, &'static str);

/// Upgrades a request to a gateway connection.
pub(crate) async fn connect(State(sim): State<Sim>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| run(sim, socket))
}

/// One connection and the session that it carries.
struct Connection<'a> {
    core: &'a Core,
    out: mpsc::UnboundedSender<Outgoing>,
    /// The session and which of its connections this is.
    session: Option<(String, u64)>,
    last_beat: Instant,
    frames: std::collections::VecDeque<Instant>,
}

async fn run(sim: Sim, mut socket: WebSocket) {
    let core = &*sim.core;
    let (out, mut outgoing) = mpsc::unbounded_channel();
    let mut connection = Connection {
        core,
        out,
        session: None,
        last_beat: Instant::now(),
        frames: std::collections::VecDeque::new(),
    };
    connection.send(
        10,
        &json!({"heartbeat_interval": millis(core.heartbeat_interval), "_trace": []}),
    );
    let mut ended_well = false;
    loop {
        let zombie_at = connection.last_beat + core.heartbeat_interval.mul_f64(1.5);
        let closing = tokio::select! {
            () = core.stop.cancelled() => Some((1001, "the local Discord stops")),
            Some(next) = outgoing.recv() => match next {
                Outgoing::Close(number, reason) => Some((number, reason)),
                Outgoing::Frame(text, interaction) => {
                    if socket.send(Message::Text(text.as_ref().into())).await.is_err() {
                        break;
                    }
                    if let Some(id) = interaction {
                        core.act(|world| world.interaction_was_delivered(id));
                    }
                    None
                }
            },
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => connection.receive(&text).err(),
                Some(Ok(Message::Binary(_))) => Some((4002, "binary frames are not modelled")),
                Some(Ok(Message::Close(frame))) => {
                    ended_well = frame.is_some_and(|f| matches!(f.code, 1000 | 1001));
                    break;
                }
                Some(Ok(_)) => None,
                Some(Err(_)) | None => break,
            },
            () = tokio::time::sleep_until(zombie_at) => Some((4009, "session timed out: no heartbeat")),
        };
        if let Some((code, reason)) = closing {
            connection.note_closing(code, reason);
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            // The other side may be gone already.
            let _closed = socket.send(Message::Close(Some(frame))).await;
            break;
        }
    }
    connection.end(ended_well);
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Connection<'_> {
    fn send(&self, op: u8, data: &Value) {
        let text = json!({"op": op, "d": data, "s": null, "t": null}).to_string();
        // The receiver lives as long as the loop that reads it.
        let _sent = self.out.send(Outgoing::Frame(text.into(), None));
    }

    fn note_closing(&self, code: u16, reason: &str) {
        self.core.act(|world| {
            let text = format!("gateway closes a connection with {code}: {reason}");
            // What Discord closes for is the bot's fault; the rest was a test's wish.
            if matches!(code, 4001..=4014) && reason != "closed" {
                world.violate(Rule::Gateway, text, None);
            } else {
                world.note(text);
            }
        });
    }

    /// Handles one frame of the bot; an error closes the connection.
    fn receive(&mut self, text: &str) -> Result<(), Closing> {
        self.count_frame()?;
        if text.len() > MAX_FRAME_BYTES {
            return Err((4002, "the frame is longer than 4096 bytes"));
        }
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return Err((4002, "not JSON"));
        };
        match frame["op"].as_u64() {
            Some(1) => {
                self.last_beat = Instant::now();
                self.send(11, &Value::Null);
                Ok(())
            }
            Some(2) => self.identify(&frame["d"]),
            Some(6) => self.resume(&frame["d"]),
            Some(3 | 4 | 8) if self.session.is_none() => Err((4003, "not authenticated")),
            Some(3) => {
                self.core.act(|world| world.note("gateway ← presence"));
                Ok(())
            }
            Some(op @ (4 | 8)) => {
                self.core
                    .act(|world| world.violate(Rule::Gateway, format!("op {op} is not modelled"), None));
                Ok(())
            }
            _ => Err((4001, "unknown opcode")),
        }
    }

    fn count_frame(&mut self) -> Result<(), Closing> {
        let now = Instant::now();
        self.frames.push_back(now);
        while self
            .frames
            .front()
            .is_some_and(|first| now - *first > Duration::from_mins(1))
        {
            self.frames.pop_front();
        }
        if self.frames.len() > MAX_FRAMES_PER_MINUTE {
            Err((4008, "more than 120 frames in a minute"))
        } else {
            Ok(())
        }
    }

    fn has_token(&self, data: &Value) -> Result<(), Closing> {
        let token = data["token"].as_str().unwrap_or_default();
        let right = token.strip_prefix("Bot ").unwrap_or(token) == self.core.token;
        if right {
            Ok(())
        } else {
            Err((4004, "authentication failed"))
        }
    }

    fn identify(&mut self, data: &Value) -> Result<(), Closing> {
        if self.session.is_some() {
            return Err((4005, "already authenticated"));
        }
        self.has_token(data)?;
        let Some(intents) = data["intents"].as_u64().filter(|i| i & !intent::KNOWN == 0) else {
            return Err((4013, "invalid intents"));
        };
        let shard = match &data["shard"] {
            Value::Null => (0, 1),
            given => match (given[0].as_u64(), given[1].as_u64()) {
                (Some(id), Some(count)) if id < count => (id, count),
                _ => return Err((4010, "invalid shard")),
            },
        };
        let out = self.out.clone();
        let session_id = self.core.act(|world| {
            if intents & intent::PRIVILEGED & !world.config.privileged_intents != 0 {
                return Err((4014, "disallowed intents"));
            }
            if !may_identify(world, shard.0) {
                world.note("gateway: identified too soon, invalid session");
                return Ok(None);
            }
            let id = format!("{:032x}", world.next_id().get());
            // A bot that starts anew on a shard gives up the session it had lost.
            world
                .sessions
                .retain(|_, s| s.connection.is_some() || (s.shard, s.shards) != shard);
            let session = Session::new(shard, intents, out);
            if world.guilds.keys().filter(|g| session.serves(**g)).count() > MAX_GUILDS {
                return Err((4011, "sharding required"));
            }
            world.identifies += 1;
            world.note(format!(
                "gateway: shard {} of {} identified, intents {intents:#x}",
                shard.0, shard.1
            ));
            world.sessions.insert(id.clone(), session);
            world.greet(&id);
            Ok(Some(id))
        })?;
        match session_id {
            Some(id) => self.session = Some((id, 0)),
            None => self.send(9, &json!(false)),
        }
        Ok(())
    }

    fn resume(&mut self, data: &Value) -> Result<(), Closing> {
        if self.session.is_some() {
            return Err((4005, "already authenticated"));
        }
        self.has_token(data)?;
        let id = data["session_id"].as_str().unwrap_or_default();
        let seq = data["seq"].as_u64().unwrap_or(0);
        let out = self.out.clone();
        let resumed = self.core.act(|world| {
            let session = world.sessions.get_mut(id)?;
            if !session.can_replay(seq) {
                return Some(Err((4007, "invalid sequence")));
            }
            let replayed = session.resume(seq, out);
            let generation = session.generation;
            world.note(format!(
                "gateway: session resumed after {seq}, {replayed} events replayed"
            ));
            world.events.push(Event::BotOnline);
            Some(Ok(generation))
        });
        match resumed.transpose()? {
            Some(generation) => self.session = Some((id.to_owned(), generation)),
            None => self.send(9, &json!(false)),
        }
        Ok(())
    }

    /// Lets the session go: for good when the bot said goodbye, else until it resumes.
    fn end(&self, ended_well: bool) {
        let Some((id, generation)) = &self.session else {
            return;
        };
        self.core.act(|world| {
            let Some(session) = world.sessions.get_mut(id).filter(|s| s.generation == *generation) else {
                return;
            };
            session.connection = None;
            if ended_well {
                world.sessions.remove(id);
            }
            world.note(format!(
                "gateway: a connection ended{}",
                if ended_well { ", and its session" } else { "" }
            ));
            if !world.is_bot_connected() {
                world.events.push(Event::BotOffline);
            }
        });
    }
}

/// Whether a shard may identify now; if so, that is remembered.
fn may_identify(world: &mut World, shard: u64) -> bool {
    let now = world.clock.elapsed();
    let bucket = shard % world.config.max_concurrency.max(1);
    let too_soon = world
        .last_identify
        .get(&bucket)
        .is_some_and(|last| now < *last + world.config.identify_interval);
    if !too_soon {
        world.last_identify.insert(bucket, now);
    }
    !too_soon
}
