//! The page's routes as a browser, or somebody else's page, uses them.

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::id::Id;
use crate::place::{Channel, Guild};
use crate::world::APPLICATION_ID;
use crate::world::command::Command;
use crate::world::draft::Draft;
use crate::world::posting::Posting;
use crate::{Actor, Sim, SimConfig, permissions};

struct Page {
    sim: Sim,
    guild: Guild,
    channel: Channel,
    ada: Actor,
    olga: Actor,
    client: Client,
}

async fn page() -> Page {
    let config = SimConfig {
        hints: vec!["Type `/poll`".to_owned()],
        ..SimConfig::default()
    };
    let sim = Sim::start(config).await.unwrap();
    let guild = sim.add_guild("Film Club");
    let channel = guild.add_channel("general");
    let ada = guild.add_member("Ada");
    let olga = guild.add_member_with("Olga", permissions::MANAGE_GUILD);
    let client = Client::builder().build().unwrap();
    Page {
        sim,
        guild,
        channel,
        ada,
        olga,
        client,
    }
}

impl Page {
    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.sim.base_url()))
    }

    fn post(&self, act: &str, body: &Value) -> RequestBuilder {
        self.client
            .post(format!("{}/ui/{act}", self.sim.base_url()))
            .json(body)
    }

    async fn act(&self, act: &str, body: Value) -> (StatusCode, Value) {
        let response = self.post(act, &body).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Acts, and expects to be refused for a reason in which this word is.
    async fn refused(&self, act: &str, body: Value, word: &str) {
        let (status, answer) = self.act(act, body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{act} {body}: {answer}");
        let why = answer["error"].as_str().unwrap();
        assert!(why.contains(word), "{act} {body}: {why}");
    }

    async fn state_of(&self, person: &Actor) -> Value {
        let path = format!("/ui/state?person={}&channel={}", person.id(), self.channel.id());
        self.get(&path).send().await.unwrap().json().await.unwrap()
    }

    /// A message of the bot, seen by one person or by all.
    fn bot_says(&self, viewer_id: Option<Id>, payload: &Value) -> Id {
        let posting = Posting {
            viewer_id,
            ..Posting::plain(self.channel.id(), APPLICATION_ID)
        };
        self.sim.core.act(|world| {
            world.insert_message(
                posting,
                Draft {
                    payload,
                    uploads: &[],
                },
            )
        })
    }

    fn register(&self, definition: Value) {
        self.sim.core.act(|world| {
            let (id, version) = (world.next_id(), world.next_id());
            world
                .commands
                .push(Command::new(id, version, APPLICATION_ID, None, definition));
        });
    }

    fn on(&self, message: Id) -> Value {
        json!({ "person": self.ada.id(), "channel": self.channel.id(), "message": message })
    }
}

/// `base` with more keys.
fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

fn commands_of(state: &Value) -> Vec<&str> {
    state["commands"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|c| c["name"].as_str())
        .collect()
}

#[tokio::test]
async fn the_page_comes_with_a_policy_that_runs_nothing_but_its_own_parts() {
    let page = page().await;
    for path in ["/", "/ui/app.js", "/ui/style.css"] {
        let response = page.get(path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    assert_eq!(
        page.get("/ui/../secret").send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        page.get("/ui/nothing.js").send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_one_person_says_everybody_sees_and_the_state_names_who_is_who() {
    let page = page().await;
    let (status, _) = page
        .act(
            "say",
            json!({ "person": page.ada.id(), "channel": page.channel.id(), "text": "<b>hello</b>" }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let state = page.state_of(&page.olga).await;
    assert_eq!(state["messages"][0]["content"], "<b>hello</b>");
    assert_eq!(state["messages"][0]["author"]["global_name"], "Ada");
    assert_eq!(state["person"], json!(page.olga.id()));
    let people: Vec<_> = state["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        people,
        ["Ada", "Olga"],
        "the owner that servers come with is nobody to be"
    );
    assert_eq!(state["guilds"][0]["channels"][0]["name"], "general");
    assert_eq!(state["bot"]["online"], false);
    assert_eq!(state["hints"], json!(["Type `/poll`"]));
}

#[tokio::test]
async fn only_who_was_notified_is_told_so() {
    let page = page().await;
    let text = format!("<@{}>", page.ada.id());
    let loud = page.bot_says(None, &json!({ "content": text }));
    page.bot_says(
        None,
        &json!({ "content": text, "allowed_mentions": { "parse": [] } }),
    );
    assert_eq!(page.state_of(&page.ada).await["pinged"], json!([loud]));
    assert_eq!(page.state_of(&page.olga).await["pinged"], json!([]));
}

#[tokio::test]
async fn an_unknown_view_falls_back_to_the_first_person_and_channel() {
    let page = page().await;
    for query in [
        "",
        "?person=1&channel=2",
        "?person=x&channel=",
        "?person=99999999999999999999",
    ] {
        let state: Value = page
            .get(&format!("/ui/state{query}"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(state["person"], json!(page.ada.id()), "{query}");
        assert_eq!(state["channel"], json!(page.channel.id()), "{query}");
    }
}

#[tokio::test]
async fn an_ephemeral_message_is_seen_and_dismissed_by_its_viewer_only() {
    let page = page().await;
    let id = page.bot_says(Some(page.ada.id()), &json!({ "content": "only you" }));
    assert_eq!(
        page.state_of(&page.ada).await["messages"][0]["content"],
        "only you"
    );
    assert_eq!(page.state_of(&page.olga).await["messages"], json!([]));
    page.refused(
        "dismiss",
        with(page.on(id), json!({ "person": page.olga.id() })),
        "not visible",
    )
    .await;
    assert_eq!(page.act("dismiss", page.on(id)).await.0, StatusCode::OK);
    assert_eq!(page.state_of(&page.ada).await["messages"], json!([]));
}

#[tokio::test]
async fn commands_are_shown_to_those_who_may_use_them() {
    let page = page().await;
    page.register(json!({ "name": "poll", "description": "Polls" }));
    page.register(json!({ "name": "settings", "description": "Sets", "default_member_permissions": "32" }));
    assert_eq!(commands_of(&page.state_of(&page.ada).await), ["poll"]);
    assert_eq!(
        commands_of(&page.state_of(&page.olga).await),
        ["poll", "settings"]
    );
    let enter =
        |command: &str| json!({ "person": page.ada.id(), "channel": page.channel.id(), "command": command });
    page.refused("slash", enter("settings"), "no such command").await;
    page.refused("slash", enter("nothing"), "no such command").await;
    page.refused("slash", enter("poll now"), "sub-command").await;
}

#[tokio::test]
async fn options_are_checked_against_their_definition() {
    let page = page().await;
    let options = json!([
        { "type": 3, "name": "movie", "description": "m", "required": true },
        { "type": 4, "name": "page", "description": "p", "min_value": 1 },
        { "type": 6, "name": "who", "description": "w" },
    ]);
    page.register(json!({ "name": "propose", "description": "Proposes", "options": options }));
    let enter = |options: Value| json!({ "person": page.ada.id(), "channel": page.channel.id(), "command": "propose", "options": options });
    page.refused("slash", enter(json!({})), "required").await;
    page.refused("slash", enter(json!({ "movie": 7 })), "movie").await;
    page.refused("slash", enter(json!({ "movie": "x", "page": "one" })), "page")
        .await;
    page.refused("slash", enter(json!({ "movie": "x", "page": 0 })), "range")
        .await;
    page.refused("slash", enter(json!({ "movie": "x", "who": "1" })), "who")
        .await;
    page.refused("slash", enter(json!({ "movie": "x", "other": "y" })), "other")
        .await;
    let typing = with(enter(json!({})), json!({ "option": "movie", "partial": "a" }));
    page.refused("autocomplete", typing, "complete itself").await;
    // Complete, but nobody is there to hear it: no refusal, a failure.
    let (status, answer) = page
        .act(
            "slash",
            enter(json!({ "movie": "x", "page": 1, "who": page.olga.id() })),
        )
        .await;
    assert_eq!(
        (status, answer),
        (StatusCode::OK, json!({ "failed": "the bot is offline" }))
    );
}

#[tokio::test]
async fn only_what_is_on_the_message_can_be_used() {
    let page = page().await;
    let button = |id: &str, disabled: bool| json!({ "type": 2, "style": 1, "label": id, "custom_id": id, "disabled": disabled });
    let menu = json!({ "type": 3, "custom_id": "menu", "options": [{ "label": "A", "value": "a" }] });
    let components = json!([
        { "type": 1, "components": [button("yes", false), button("no", true)] },
        { "type": 1, "components": [menu] },
    ]);
    let id = page.bot_says(None, &json!({ "content": "?", "components": components }));
    let using = |custom_id: &str, values: &[&str]| {
        with(page.on(id), json!({ "custom_id": custom_id, "values": values }))
    };
    page.refused("click", using("forged", &[]), "no button").await;
    page.refused("click", using("no", &[]), "disabled").await;
    page.refused("click", using("menu", &[]), "no button").await;
    page.refused("select", using("menu", &["b"]), "does not offer")
        .await;
    page.refused("select", using("menu", &[]), "chosen").await;
    page.refused(
        "click",
        with(using("yes", &[]), json!({ "message": "1" })),
        "gone",
    )
    .await;
    page.refused(
        "click",
        with(using("yes", &[]), json!({ "channel": "1" })),
        "no such channel",
    )
    .await;
    page.refused(
        "click",
        with(using("yes", &[]), json!({ "person": "1" })),
        "no such person",
    )
    .await;
    let (_, answer) = page.act("click", using("yes", &[])).await;
    assert_eq!(answer, json!({ "failed": "the bot is offline" }));
}

#[tokio::test]
async fn a_person_of_another_server_sees_and_does_nothing_here() {
    let page = page().await;
    let stranger = page.sim.add_guild("Elsewhere").add_member("Sam");
    let id = page.bot_says(None, &json!({ "content": "here" }));
    let state = page.state_of(&stranger).await;
    assert_ne!(state["channel"], json!(page.channel.id()));
    assert_eq!(state["messages"], json!([]));
    let as_stranger = |body: Value| with(body, json!({ "person": stranger.id() }));
    page.refused(
        "react",
        as_stranger(with(page.on(id), json!({ "emoji": "👍", "on": true }))),
        "not visible",
    )
    .await;
    let words = json!({ "channel": page.channel.id(), "text": "hi" });
    page.refused("say", as_stranger(words), "may not write").await;
}

#[tokio::test]
async fn reactions_come_and_go_and_must_be_emoji() {
    let page = page().await;
    let id = page.bot_says(None, &json!({ "content": "?" }));
    let react = |emoji: &str, on: bool| with(page.on(id), json!({ "emoji": emoji, "on": on }));
    assert_eq!(page.act("react", react("🍿", true)).await.0, StatusCode::OK);
    let seen = page.state_of(&page.ada).await;
    assert_eq!(seen["messages"][0]["reactions"][0]["me"], true);
    assert_eq!(page.act("react", react("🍿", false)).await.0, StatusCode::OK);
    assert_eq!(
        page.state_of(&page.ada).await["messages"][0].get("reactions"),
        None
    );
    page.refused("react", react("", true), "emoji").await;
}

#[tokio::test]
async fn a_form_that_was_never_opened_cannot_be_submitted() {
    let page = page().await;
    let submit = json!({ "person": page.ada.id(), "interaction": "7", "fields": {} });
    page.refused("modal", submit, "never opened").await;
}

#[tokio::test]
async fn another_sites_page_can_neither_act_nor_read() {
    let page = page().await;
    let say = json!({ "person": page.ada.id(), "channel": page.channel.id(), "text": "forged" });
    let own = page.sim.base_url().to_owned();
    let refused: Vec<RequestBuilder> = vec![
        page.post("say", &say).header("origin", "https://evil.example"),
        page.post("say", &say).header("origin", "null"),
        page.post("say", &say)
            .header("origin", &own)
            .header("sec-fetch-site", "cross-site"),
        page.post("say", &say).header("host", "evil.example"),
        page.client
            .post(format!("{own}/ui/say"))
            .header("content-type", "text/plain")
            .body(say.to_string()),
        page.get("/ui/state").header("host", "evil.example:80"),
        page.get("/ui/events").header("host", "evil.example"),
        page.get("/").header("host", "evil.example"),
    ];
    for request in refused {
        let shown = format!("{request:?}");
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::FORBIDDEN,
            "{shown}"
        );
    }
    assert_eq!(page.state_of(&page.ada).await["messages"], json!([]));
    let same = page
        .post("say", &say)
        .header("origin", &own)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(same.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn nonsense_is_answered_and_not_acted_on() {
    let page = page().await;
    let url = format!("{}/ui/say", page.sim.base_url());
    let json_type = ("content-type", "application/json");
    let bodies = [
        "",
        "null",
        "[]",
        "{",
        "{\"person\": -1}",
        "{\"person\":\"1\",\"channel\":\"x\",\"text\":\"\"}",
    ];
    for body in bodies {
        let sent = page
            .client
            .post(&url)
            .header(json_type.0, json_type.1)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    let huge = json!({ "person": page.ada.id(), "channel": page.channel.id(), "text": "x".repeat(super::MAX_ACT_BYTES) });
    assert_eq!(page.act("say", huge).await.0, StatusCode::BAD_REQUEST);
    let long = json!({ "person": page.ada.id(), "channel": page.channel.id(), "text": "x".repeat(2_001) });
    page.refused("say", long, "too long").await;
}

#[tokio::test]
async fn watchers_hear_that_something_changed_and_are_let_go_at_the_end() {
    let page = page().await;
    let mut events = page.get("/ui/events").send().await.unwrap();
    page.ada.say(&page.channel, "hello").unwrap();
    let chunk = events.chunk().await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&chunk).into_owned();
    assert!(
        told.contains("message_created") && !told.contains("hello"),
        "{told}"
    );
    assert_eq!(page.guild.channels().len(), 1);
    page.sim.stop().await;
    let rest = async { while let Ok(Some(_)) = events.chunk().await {} };
    tokio::time::timeout(std::time::Duration::from_secs(5), rest)
        .await
        .expect("the stream ends");
}
