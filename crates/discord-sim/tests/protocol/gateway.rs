//! Sessions: what is sent, what is replayed, and when it ends.

use std::time::Duration;

use discord_sim::{Rule, Sim, SimConfig, SimError};
use serde_json::json;

use crate::bot::{Gateway, INTENTS, Stage, text};

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed_and_then_resumed() {
    let mut stage = Stage::set().await;
    let (session_id, seq) = (stage.gateway.session_id.clone(), stage.gateway.seq);
    stage.sim.drop_connections(true);
    assert_eq!(stage.gateway.next().await, Err(4000));
    let (channel, ada) = (stage.channel.clone(), stage.ada.clone());
    let missed = async {
        let mut gateway = Gateway::connect(&stage.sim).await;
        gateway.resume(&stage.sim, &session_id, seq).await;
        let event = gateway.event("INTERACTION_CREATE").await;
        gateway.event("RESUMED").await;
        gateway.nothing_more().await;
        stage
            .bot
            .callback(&event, json!({"type": 4, "data": {"content": "back"}}))
            .await;
    };
    let (answer, ()) = tokio::join!(ada.slash(&channel, "poll").send(), missed);
    assert_eq!(answer.unwrap().message().await.unwrap().content(), "back");
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_lost_session_must_identify_anew() {
    let mut stage = Stage::set().await;
    let (session_id, seq) = (stage.gateway.session_id.clone(), stage.gateway.seq);
    stage.sim.drop_connections(false);
    assert_eq!(stage.gateway.next().await, Err(4000));
    let nobody = stage.ada.slash(&stage.channel, "poll").send().await;
    assert!(matches!(nobody, Err(SimError::BotOffline(_))));
    let mut gateway = Gateway::connect(&stage.sim).await;
    gateway.resume(&stage.sim, &session_id, seq).await;
    let frame = gateway.next().await.unwrap();
    assert_eq!(
        (frame["op"].as_u64(), frame["d"].as_bool()),
        (Some(9), Some(false))
    );
    gateway.identify(stage.sim.token(), INTENTS).await;
    gateway.event("READY").await;
}

#[tokio::test]
async fn op_7_and_op_9_are_told_to_the_bot() {
    let mut stage = Stage::set().await;
    stage.sim.ask_to_reconnect();
    assert_eq!(stage.gateway.next().await.unwrap()["op"], 7);
    stage.sim.invalidate_sessions(true);
    let frame = stage.gateway.next().await.unwrap();
    assert_eq!(
        (frame["op"].as_u64(), frame["d"].as_bool()),
        (Some(9), Some(true))
    );
}

#[tokio::test]
async fn a_bot_that_stops_its_heartbeat_is_dropped_and_one_that_beats_is_acknowledged() {
    let config = SimConfig {
        heartbeat_interval: Duration::from_millis(200),
        ..SimConfig::default()
    };
    let mut stage = Stage::set_with(config).await;
    stage.gateway.nothing_more().await;
    assert_eq!(stage.gateway.next().await, Err(4009));
    assert_eq!(stage.sim.violations()[0].rule, Rule::Gateway);
}

#[tokio::test]
async fn every_guild_is_served_by_one_shard() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let guilds: Vec<_> = (0..4).map(|n| sim.add_guild(&format!("G{n}"))).collect();
    let mut served = Vec::new();
    for shard in 0..2 {
        let mut gateway = Gateway::connect(&sim).await;
        gateway
            .send(json!({"op": 2, "d": {"token": sim.token(), "intents": INTENTS, "shard": [shard, 2]}}))
            .await;
        let ready = gateway.event("READY").await;
        for _ in ready["guilds"].as_array().unwrap() {
            let guild = gateway.event("GUILD_CREATE").await;
            let id: u64 = text(&guild, "id").parse().unwrap();
            assert_eq!((id >> 22) % 2, shard);
            served.push(id);
        }
    }
    served.sort_unstable();
    assert_eq!(served, guilds.iter().map(|g| g.id().get()).collect::<Vec<_>>());
}

#[tokio::test]
async fn events_come_only_to_those_who_asked_for_them() {
    let stage = Stage::set().await;
    let mut guilds_only = Gateway::ready_with(&stage.sim, 1).await;
    let message = stage.ada.say(&stage.channel, "hello").unwrap();
    stage.ada.react(&message, "👍").unwrap();
    guilds_only.nothing_more().await;
    let mut all = stage.gateway;
    all.event("MESSAGE_CREATE").await;
    let reaction = all.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(reaction["emoji"]["name"], "👍");
    assert!(!reaction["burst"].is_null() && !reaction["member"]["user"].is_null());
    stage.ada.unreact(&message, "👍").unwrap();
    all.event("MESSAGE_REACTION_REMOVE").await;
    stage.ada.delete_message(&message).unwrap();
    all.event("MESSAGE_DELETE").await;
}

#[tokio::test]
async fn an_interaction_nobody_answers_is_a_violation() {
    let deadline = Duration::from_millis(50);
    let mut stage = Stage::set_with(SimConfig {
        interaction_deadline: deadline,
        ..SimConfig::default()
    })
    .await;
    stage.poll().await;
    assert!(stage.sim.finish().await.is_err());
    assert_eq!(stage.sim.violations()[0].rule, Rule::Unanswered);
}
