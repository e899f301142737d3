//! The handle on one local Discord: starting it, finding things in it, and judging the bot.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_util::sync::DropGuard;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::clock::Clock;
use crate::config::SimConfig;
use crate::core::Core;
use crate::error::{Result, SimError};
use crate::event::Event;
use crate::faults::Faults;
use crate::id::Id;
use crate::openapi::OpenApi;
use crate::place::{Channel, Guild};
use crate::verdict;
use crate::violation::Violation;
use crate::world::log::RequestRecord;
use crate::world::message::Ping;
use crate::world::session::Outgoing;
use crate::world::{APPLICATION_ID, World};

/// A running local Discord. Clones are handles on the same one; it stops when the last handle of the
/// starter's side is gone, or with [`Sim::stop`].
#[derive(Clone)]
pub struct Sim {
    pub(crate) core: Arc<Core>,
    /// Absent in the handles that the server itself holds, which must not keep it alive.
    _life: Option<Arc<DropGuard>>,
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sim({})", self.core.base_url)
    }
}

impl Sim {
    /// Starts a local Discord without guilds.
    pub async fn start(config: SimConfig) -> Result<Self> {
        if !config.listen.ip().is_loopback() {
            return Err(SimError::Setup(format!(
                "{} is not a loopback address",
                config.listen
            )));
        }
        let load =
            |path: &std::path::PathBuf| OpenApi::load(path).map_err(|e| SimError::Setup(e.to_string()));
        let openapi = config.openapi.as_ref().map(load).transpose()?;
        let cannot_listen = |e| SimError::Setup(format!("cannot listen on {}: {e}", config.listen));
        let listener = TcpListener::bind(config.listen).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let token = config.token.clone().unwrap_or_else(made_up_token);
        let world = World::new(config, Clock::start(), format!("http://{address}"));
        let core = Arc::new(Core::new(world, token, openapi));
        let inside = Self {
            core: Arc::clone(&core),
            _life: None,
        };
        core.tasks.spawn(crate::server::serve(listener, inside));
        let life = Arc::new(core.stop.clone().drop_guard());
        Ok(Self {
            core,
            _life: Some(life),
        })
    }

    /// Stops the server: every connection of the bot is closed.
    pub async fn stop(&self) {
        self.core.stop.cancel();
        self.core.tasks.close();
        // An open page may hold its connection; that is no reason to wait for long.
        let _stopped = tokio::time::timeout(Duration::from_secs(1), self.core.tasks.wait()).await;
    }

    /// Where it listens, as `http://127.0.0.1:PORT`: the base of the API and of the page.
    pub fn base_url(&self) -> &str {
        &self.core.base_url
    }

    /// The bot token that it accepts.
    pub fn token(&self) -> &str {
        &self.core.token
    }

    /// The application's id, which is also that of the bot's user.
    pub fn application_id(&self) -> Id {
        APPLICATION_ID
    }

    // ---- what there is ----

    /// Adds a server with the bot in it.
    pub fn add_guild(&self, name: &str) -> Guild {
        let id = self.core.act(|world| world.add_guild(name));
        Guild {
            sim: self.clone(),
            id,
        }
    }

    /// All servers.
    pub fn guilds(&self) -> Vec<Guild> {
        let ids: Vec<Id> = self.core.look(|world| world.guilds.keys().copied().collect());
        ids.into_iter()
            .map(|id| Guild {
                sim: self.clone(),
                id,
            })
            .collect()
    }

    /// The server with this id.
    pub fn guild(&self, id: Id) -> Option<Guild> {
        self.core
            .look(|world| world.guilds.contains_key(&id))
            .then(|| Guild {
                sim: self.clone(),
                id,
            })
    }

    /// The channel with this id.
    pub fn channel(&self, id: Id) -> Option<Channel> {
        self.core
            .look(|world| world.channels.contains_key(&id))
            .then(|| Channel {
                sim: self.clone(),
                id,
            })
    }

    /// The person with this id.
    pub fn actor(&self, user_id: Id) -> Option<Actor> {
        let is_person = self
            .core
            .look(|world| world.users.get(&user_id).is_some_and(|u| !u.bot));
        is_person.then(|| Actor {
            sim: self.clone(),
            id: user_id,
        })
    }

    /// The answer to an interaction, by its id.
    pub fn answer(&self, interaction_id: Id) -> Option<Answer> {
        let known = self
            .core
            .look(|world| world.interactions.contains_key(&interaction_id));
        known.then(|| Answer {
            sim: self.clone(),
            id: interaction_id,
        })
    }

    /// The registered commands, as Discord returns them.
    pub fn commands(&self) -> Vec<Value> {
        self.core
            .look(|world| world.commands.iter().map(|c| c.definition.clone()).collect())
    }

    /// A file that was uploaded, by the id of its attachment.
    pub fn file(&self, attachment_id: Id) -> Option<Arc<[u8]>> {
        self.core.look(|world| world.files.get(&attachment_id).cloned())
    }

    // ---- waiting and watching ----

    /// Waits until the bot is connected and has registered its commands.
    pub async fn wait_for_bot(&self) -> Result<()> {
        let patience = self.core.patience;
        let ready = |world: &World| (world.is_bot_connected() && world.commands_registered).then_some(());
        self.core
            .wait_for(patience, ready)
            .await
            .ok_or_else(|| SimError::TimedOut {
                what: "the bot to be connected and to have registered its commands".to_owned(),
                waited: patience,
                transcript: self.transcript(),
            })
    }

    /// Waits until some session of the bot is connected.
    pub async fn wait_for_connection(&self) -> Result<()> {
        let patience = self.core.patience;
        let ready = |world: &World| world.is_bot_connected().then_some(());
        self.core
            .wait_for(patience, ready)
            .await
            .ok_or_else(|| SimError::TimedOut {
                what: "the bot to be connected".to_owned(),
                waited: patience,
                transcript: self.transcript(),
            })
    }

    /// Whether any session of the bot is connected right now.
    pub fn is_bot_connected(&self) -> bool {
        self.core.look(World::is_bot_connected)
    }

    /// Every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.core.subscribe()
    }

    /// A future that ends when the simulator stops; for pages that hold a connection open.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        self.core.stop.clone().cancelled_owned()
    }

    // ---- trouble ----

    /// Faults between the bot and this Discord.
    pub fn faults(&self) -> &Faults {
        &self.core.faults
    }

    /// Gives the same interaction to the bot again, as may happen after a resume. A second first answer
    /// to it is refused, but is no violation.
    pub fn deliver_twice(&self, answer: &Answer) {
        self.core.act(|world| {
            world.note(format!("interaction {} is delivered again", answer.id));
            world.deliver_interaction(answer.id);
        });
    }

    /// Breaks every gateway connection. With `resume` the sessions live on and events are kept for
    /// their replay; without it a RESUME is answered with "identify anew".
    pub fn drop_connections(&self, resume: bool) {
        self.core.act(|world| {
            world.tell_all_sessions(&Outgoing::Close(4000, "dropped"));
            for session in world.sessions.values_mut() {
                session.connection = None;
            }
            if !resume {
                world.sessions.clear();
            }
            world.events.push(Event::BotOffline);
        });
    }

    /// Asks every session to reconnect and resume (op 7).
    pub fn ask_to_reconnect(&self) {
        let frame = serde_json::json!({"op": 7, "d": null, "s": null, "t": null}).to_string();
        self.core
            .act(|world| world.tell_all_sessions(&Outgoing::Frame(frame.into(), None)));
    }

    /// Declares every session invalid (op 9); if not `resumable`, they are forgotten.
    pub fn invalidate_sessions(&self, resumable: bool) {
        let frame = serde_json::json!({"op": 9, "d": resumable, "s": null, "t": null}).to_string();
        self.core.act(|world| {
            world.tell_all_sessions(&Outgoing::Frame(frame.into(), None));
            if !resumable {
                world.sessions.clear();
                world.events.push(Event::BotOffline);
            }
        });
    }

    /// Closes every gateway connection with a code of Discord's, such as 4011 or 4014.
    pub fn close_connections(&self, code: u16) {
        self.core
            .act(|world| world.tell_all_sessions(&Outgoing::Close(code, "closed")));
    }

    // ---- the record ----

    /// Has Discord forget the nonces of messages, as it does after some minutes.
    pub fn forget_nonces(&self) {
        self.core.act(|world| world.nonces.clear());
    }

    /// Every REST request of the bot so far.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.core.look(|world| world.log.requests.clone())
    }

    /// Everybody who was notified so far, with the message that did it.
    pub fn pings(&self) -> Vec<(Id, Ping)> {
        self.core.look(|world| {
            let of_bot = world.all_messages().filter(|m| m.author_id == APPLICATION_ID);
            of_bot
                .flat_map(|m| m.pings.iter().map(|p| (m.id, p.clone())))
                .collect()
        })
    }

    /// Everything that happened, in words.
    pub fn transcript(&self) -> String {
        self.core.transcript()
    }

    /// Everything that the bot did wrong so far; interactions whose time is not up are not counted.
    pub fn violations(&self) -> Vec<Violation> {
        self.core.look(verdict::violations)
    }

    /// Waits until every interaction has had its time and every deferred answer its content, and fails
    /// if the bot did anything wrong.
    pub async fn finish(&self) -> Result<()> {
        let violations = verdict::finish(self).await;
        if violations.is_empty() {
            return Ok(());
        }
        Err(SimError::Violations {
            violations,
            transcript: self.transcript(),
        })
    }
}

/// A token of the usual shape, which nobody could take for a real one.
fn made_up_token() -> String {
    format!(
        "{}.local.discord-sim-accepts-only-this",
        STANDARD_NO_PAD.encode(APPLICATION_ID.to_string())
    )
}
