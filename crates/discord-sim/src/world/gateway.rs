//! What the world tells the bot's gateway sessions. Which connection carries it is not known here.

use serde_json::{Value, json};

use super::session::{Outgoing, Session, intent};
use super::{APPLICATION_ID, World, json as write};
use crate::event::Event;
use crate::id::Id;

impl World {
    /// Sends an event, whose data is JSON already, to every session that serves the guild and asked for
    /// it; how many those were.
    pub(crate) fn dispatch<'d>(
        &mut self,
        guild_id: Id,
        intents: u64,
        name: &str,
        interaction: Option<Id>,
        data: impl Fn(&Session) -> &'d str,
    ) -> usize {
        let mut count = 0;
        for session in self.sessions.values_mut() {
            if session.serves(guild_id) && session.intents & intents == intents {
                let data = data(session);
                session.push(name, data, interaction);
                count += 1;
            }
        }
        count
    }

    /// READY and one `GUILD_CREATE` for every guild of the session's shard.
    pub(crate) fn greet(&mut self, session_id: &str) {
        let Some(session) = self.sessions.get(session_id) else {
            return;
        };
        let guild_ids: Vec<Id> = self
            .guilds
            .keys()
            .copied()
            .filter(|id| session.serves(*id))
            .collect();
        let wants_guilds = session.intents & intent::GUILDS != 0;
        let unavailable: Vec<Value> = guild_ids
            .iter()
            .map(|id| json!({"id": id, "unavailable": true}))
            .collect();
        let mut user = write::user_by_id(self, APPLICATION_ID);
        for (key, value) in [
            ("verified", json!(true)),
            ("mfa_enabled", json!(false)),
            ("email", Value::Null),
        ] {
            user[key] = value;
        }
        let ready = json!({
            "v": 10, "user": user, "user_settings": {}, "session_id": session_id, "session_type": "normal",
            "resume_gateway_url": self.gateway_url(), "shard": [session.shard, session.shards],
            "guilds": unavailable, "application": {"id": APPLICATION_ID, "flags": 0},
            "relationships": [], "private_channels": [], "presences": [], "guild_join_requests": [],
            "geo_ordered_rtc_regions": [], "_trace": [],
        });
        let mut events = vec![("READY", ready)];
        if wants_guilds {
            let guilds = guild_ids.iter().filter_map(|id| self.guilds.get(id));
            events.extend(guilds.map(|guild| ("GUILD_CREATE", write::guild(self, guild))));
        }
        if let Some(session) = self.sessions.get_mut(session_id) {
            for (name, data) in events {
                session.push(name, &data.to_string(), None);
            }
        }
        self.events.push(Event::BotOnline);
    }

    /// Where the gateway listens.
    pub(crate) fn gateway_url(&self) -> String {
        format!("{}/gateway", self.base_url.replacen("http", "ws", 1))
    }

    /// Whether any session is connected right now.
    pub(crate) fn is_bot_connected(&self) -> bool {
        self.sessions.values().any(|s| s.connection.is_some())
    }

    /// Tells every connected session something; what was told stays in the transcript.
    pub(crate) fn tell_all_sessions(&mut self, outgoing: &Outgoing) {
        self.note(format!("gateway → every session: {outgoing:?}"));
        for session in self.sessions.values_mut() {
            session.send(outgoing.clone());
        }
    }
}
