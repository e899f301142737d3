//! Faults on a test's wish: none of them is the bot's fault.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::bot::Stage;

#[tokio::test]
async fn an_injected_failure_is_answered_once_and_is_no_violation() {
    let stage = Stage::set().await;
    let path = format!("/channels/{}/messages", stage.channel.id());
    stage
        .sim
        .faults()
        .fail_next("POST /channels/{channel_id}/messages", 500);
    assert_eq!(stage.bot.post(&path, json!({"content": "x"})).await.0, 500);
    assert_eq!(stage.bot.post(&path, json!({"content": "x"})).await.0, 200);
    assert_eq!(stage.channel.messages().len(), 1);
    assert!(stage.sim.requests().iter().any(|r| r.injected && r.status == 500));
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn an_answer_lost_after_the_handling_leaves_its_effect() {
    let stage = Stage::set().await;
    let path = format!("/channels/{}/messages", stage.channel.id());
    let send = || {
        stage
            .bot
            .request(Method::POST, &path)
            .json(&json!({"content": "x"}))
            .send()
    };
    stage.sim.faults().drop_before_handling("POST /channels");
    assert!(send().await.is_err());
    assert_eq!(stage.channel.messages().len(), 0);
    stage.sim.faults().drop_after_handling("POST /channels");
    assert!(send().await.is_err());
    assert_eq!(stage.channel.messages().len(), 1);
}

#[tokio::test]
async fn a_delay_holds_a_request_back() {
    let stage = Stage::set().await;
    stage
        .sim
        .faults()
        .delay_next("GET /users/@me", Duration::from_millis(80));
    let started = Instant::now();
    stage.bot.get("/users/@me").await;
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_tolerated_refusal_is_recorded_but_no_violation() {
    let stage = Stage::set().await;
    stage
        .sim
        .faults()
        .tolerate("GET /channels/{channel_id}/messages/{message_id}", 404);
    let path = format!("/channels/{}/messages/1", stage.channel.id());
    assert_eq!(stage.bot.get(&path).await.0, 404);
    assert!(stage.sim.requests().iter().any(|r| r.status == 404));
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn the_transcript_tells_the_story() {
    let mut stage = Stage::set().await;
    let (_, event) = stage.poll().await;
    stage
        .bot
        .callback(&event, json!({"type": 4, "data": {"content": "x"}}))
        .await;
    let transcript = stage.sim.transcript();
    for part in ["Film Club", "Ada: /poll", "/callback → 204"] {
        assert!(transcript.contains(part), "{part}\n{transcript}");
    }
    assert!(!transcript.contains(event["token"].as_str().unwrap()));
}
