//! A bot without any library: an HTTP client and a gateway connection that is read by hand.

use std::time::Duration;

use discord_sim::{Actor, Answer, Channel, Guild, Id, Message, Sim, SimConfig};
use futures::{SinkExt, StreamExt};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Guilds, their messages and reactions.
pub const INTENTS: u64 = 1 | 1 << 9 | 1 << 10;
/// No test waits longer for a frame.
const PATIENCE: Duration = Duration::from_secs(5);

/// The bot's REST side.
#[derive(Clone)]
pub struct Bot {
    pub http: Client,
    pub base_url: String,
    pub token: String,
    pub application_id: Id,
}

impl Bot {
    pub fn new(sim: &Sim) -> Self {
        Self {
            http: Client::builder().build().expect("a client without options"),
            base_url: sim.base_url().to_owned(),
            token: sim.token().to_owned(),
            application_id: sim.application_id(),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v10{path}", self.base_url));
        request.header("Authorization", format!("Bot {}", self.token))
    }

    /// Sends a request; the status and the JSON of the answer, null if there is none.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Answers an interaction event.
    pub async fn callback(&self, event: &Value, body: Value) -> (StatusCode, Value) {
        let (id, token) = (text(event, "id"), text(event, "token"));
        self.post(&format!("/interactions/{id}/{token}/callback"), body)
            .await
    }

    /// The path of an interaction's webhook.
    pub fn webhook(&self, event: &Value) -> String {
        format!("/webhooks/{}/{}", self.application_id, text(event, "token"))
    }

    /// Replaces all global commands.
    pub async fn register(&self, commands: Value) -> (StatusCode, Value) {
        self.call(
            Method::PUT,
            &format!("/applications/{}/commands", self.application_id),
            Some(commands),
        )
        .await
    }

    /// Posts a message into a channel.
    pub async fn post_message(&self, channel: &Channel, body: Value) -> Message {
        let (status, json) = self
            .post(&format!("/channels/{}/messages", channel.id()), body)
            .await;
        assert_eq!(status, 200, "{json}");
        channel
            .message(text(&json, "id").parse().expect("an id"))
            .expect("the message")
    }
}

pub fn text<'v>(json: &'v Value, key: &str) -> &'v str {
    json[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text {key} in {json}"))
}

/// The bot's gateway side.
pub struct Gateway {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The last sequence number seen.
    pub seq: u64,
    pub session_id: String,
}

impl Gateway {
    /// Connects and takes HELLO.
    pub async fn connect(sim: &Sim) -> Self {
        let url = format!("{}/gateway?v=10", sim.base_url().replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.expect("a gateway connection");
        let mut gateway = Self {
            socket,
            seq: 0,
            session_id: String::new(),
        };
        assert_eq!(gateway.next().await.expect("HELLO")["op"], 10);
        gateway
    }

    /// Connects and identifies; READY and the guilds are taken.
    pub async fn ready(sim: &Sim) -> Self {
        Self::ready_with(sim, INTENTS).await
    }

    pub async fn ready_with(sim: &Sim, intents: u64) -> Self {
        let mut gateway = Self::connect(sim).await;
        gateway.identify(sim.token(), intents).await;
        let ready = gateway.event("READY").await;
        text(&ready, "session_id").clone_into(&mut gateway.session_id);
        for _ in ready["guilds"].as_array().expect("guilds") {
            gateway.event("GUILD_CREATE").await;
        }
        gateway
    }

    pub async fn identify(&mut self, token: &str, intents: u64) {
        let properties = json!({"os": "test", "browser": "test", "device": "test"});
        self.send(json!({"op": 2, "d": {"token": token, "intents": intents, "properties": properties}}))
            .await;
    }

    pub async fn resume(&mut self, sim: &Sim, session_id: &str, seq: u64) {
        self.send(json!({"op": 6, "d": {"token": sim.token(), "session_id": session_id, "seq": seq}}))
            .await;
    }

    pub async fn send(&mut self, frame: Value) {
        self.socket
            .send(Frame::text(frame.to_string()))
            .await
            .expect("a frame to be sent");
    }

    /// The next frame; an error is the code with which the connection was closed.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame in time");
            match frame {
                Some(Ok(Frame::Text(frame))) => {
                    let frame: Value = serde_json::from_str(&frame).expect("JSON");
                    self.seq = frame["s"].as_u64().unwrap_or(self.seq);
                    return Ok(frame);
                }
                Some(Ok(Frame::Close(frame))) => return Err(frame.map_or(0, |f| f.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }

    /// The data of the next frame, which must be this event.
    pub async fn event(&mut self, name: &str) -> Value {
        let mut frame = self
            .next()
            .await
            .unwrap_or_else(|code| panic!("closed with {code}, not {name}"));
        assert_eq!(frame["t"], name, "{frame}");
        frame["d"].take()
    }

    /// Proves that nothing is on its way: the ack of a heartbeat is the next frame.
    pub async fn nothing_more(&mut self) {
        self.send(json!({"op": 1, "d": self.seq})).await;
        let frame = self.next().await.expect("an ack");
        assert_eq!(frame["op"], 11, "{frame}");
    }
}

/// A small server with a bot that is connected and has registered a few commands.
pub struct Stage {
    pub sim: Sim,
    pub guild: Guild,
    pub channel: Channel,
    pub ada: Actor,
    pub bot: Bot,
    pub gateway: Gateway,
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_with(SimConfig::default()).await
    }

    pub async fn set_with(config: SimConfig) -> Self {
        let sim = Sim::start(config).await.expect("a simulator");
        let guild = sim.add_guild("Film Club");
        let channel = guild.add_channel("general");
        let ada = guild.add_member("Ada");
        let bot = Bot::new(&sim);
        let gateway = Gateway::ready(&sim).await;
        let movie = json!({"type": 3, "name": "movie", "description": "Which", "required": true, "autocomplete": true});
        let title = json!({"type": 3, "name": "title", "description": "What"});
        let (status, answer) = bot
            .register(json!([
                {"name": "poll", "description": "Shows the poll"},
                {"name": "propose", "description": "Proposes", "options": [movie]},
                {"name": "round", "description": "Rounds", "default_member_permissions": "32",
                 "options": [{"type": 1, "name": "start", "description": "Starts", "options": [title]}]},
                {"name": "Propose this movie", "type": 3},
            ]))
            .await;
        assert_eq!(status, 200, "{answer}");
        sim.wait_for_bot().await.expect("a bot");
        Self {
            sim,
            guild,
            channel,
            ada,
            bot,
            gateway,
        }
    }

    /// Ada uses `/poll`; her answer's handle and the event.
    pub async fn poll(&mut self) -> (Answer, Value) {
        let answer = self
            .ada
            .slash(&self.channel, "poll")
            .send()
            .await
            .expect("to be sent");
        (answer, self.gateway.event("INTERACTION_CREATE").await)
    }
}
