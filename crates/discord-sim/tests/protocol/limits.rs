//! Discord's limits, permissions and rate limits, with the bodies of its refusals.

use std::time::Duration;

use discord_sim::{Rule, SimConfig, permissions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bot::{Stage, text};

#[tokio::test]
async fn a_refused_message_names_every_wrong_field_by_its_path() {
    let stage = Stage::set().await;
    let path = format!("/channels/{}/messages", stage.channel.id());
    let long = "x".repeat(2_001);
    let body = json!({"content": long, "embeds": [{"title": long}]});
    let (status, error) = stage.bot.post(&path, body).await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (400, Some(50035)));
    assert_eq!(
        error["errors"]["content"]["_errors"][0]["code"],
        "BASE_TYPE_MAX_LENGTH"
    );
    assert_eq!(
        error["errors"]["embeds"]["0"]["title"]["_errors"][0]["code"],
        "BASE_TYPE_MAX_LENGTH"
    );
    let (status, error) = stage.bot.post(&path, json!({"content": "  "})).await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (400, Some(50006)));
    assert_eq!(stage.channel.messages().len(), 0);
    let refused = |v: &discord_sim::Violation| v.rule == Rule::RefusedRequest;
    assert_eq!(stage.sim.violations().iter().filter(|v| refused(v)).count(), 2);
}

#[tokio::test]
async fn the_limits_hold_for_first_answers_too() {
    let mut stage = Stage::set().await;
    let (_, event) = stage.poll().await;
    let embeds: Vec<Value> = (0..2)
        .map(|_| json!({"description": "x".repeat(3_001)}))
        .collect();
    let (status, error) = stage
        .bot
        .callback(&event, json!({"type": 4, "data": {"embeds": embeds}}))
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        error["errors"]["data"]["embeds"]["_errors"][0]["code"],
        "MAX_EMBED_SIZE_EXCEEDED"
    );
}

#[tokio::test]
async fn commands_that_break_a_rule_are_not_registered() {
    let stage = Stage::set().await;
    let (status, error) = stage
        .bot
        .register(json!([{"name": "Poll", "description": ""}]))
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        error["errors"]["0"]["name"]["_errors"][0]["code"],
        "APPLICATION_COMMAND_INVALID_NAME"
    );
    assert_eq!(stage.sim.commands().len(), 4);
}

#[tokio::test]
async fn the_sixth_edit_in_five_seconds_is_429_and_asking_again_at_once_a_violation() {
    let stage = Stage::set().await;
    let message = stage
        .bot
        .post_message(&stage.channel, json!({"content": "0"}))
        .await;
    let path = format!("/channels/{}/messages/{}", stage.channel.id(), message.id());
    for n in 1..=5 {
        let request = stage
            .bot
            .request(Method::PATCH, &path)
            .json(&json!({"content": n.to_string()}));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers()["x-ratelimit-remaining"],
            (5 - n).to_string().as_str()
        );
    }
    let response = stage
        .bot
        .request(Method::PATCH, &path)
        .json(&json!({"content": "6"}))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    let body: Value = response.json().await.unwrap();
    assert!(
        body["retry_after"]
            .as_f64()
            .is_some_and(|secs| secs > 0.0 && secs <= 5.0)
    );
    assert_eq!(message.refresh().unwrap().content(), "5");
    assert!(stage.sim.violations().is_empty());
    stage
        .bot
        .call(Method::PATCH, &path, Some(json!({"content": "7"})))
        .await;
    assert_eq!(stage.sim.violations()[0].rule, Rule::IgnoredRateLimit);
}

#[tokio::test]
async fn fifty_requests_a_second_are_enough_for_one_bot_but_answers_do_not_count() {
    let mut stage = Stage::set().await;
    let (_, event) = stage.poll().await;
    let calls = (0..60).map(|_| stage.bot.get("/users/@me"));
    let answers = futures::future::join_all(calls).await;
    // Sixty requests meet two windows at most.
    assert!(answers.iter().any(|(status, _)| *status == 429) || slow_machine(&stage));
    let (status, _) = stage
        .bot
        .callback(&event, json!({"type": 4, "data": {"content": "x"}}))
        .await;
    assert_eq!(status, 204);
}

/// Whether the requests took so long that they fell into two windows.
fn slow_machine(stage: &Stage) -> bool {
    let requests = stage.sim.requests();
    let of_me = || {
        requests
            .iter()
            .filter(|r| r.route == "/users/@me")
            .map(|r| r.at_ms)
    };
    of_me().fold(0.0, f64::max) - of_me().fold(f64::MAX, f64::min) > 1_000.0
}

#[tokio::test]
async fn without_rate_limits_nothing_is_refused() {
    let stage = Stage::set_with(SimConfig {
        rate_limits: false,
        ..SimConfig::default()
    })
    .await;
    for n in 0..8 {
        stage
            .bot
            .post_message(&stage.channel, json!({"content": n.to_string()}))
            .await;
    }
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn what_the_bot_may_not_do_in_a_channel_is_403() {
    let stage = Stage::set().await;
    let path = format!("/channels/{}/messages", stage.channel.id());
    stage.channel.deny_bot(permissions::SEND_MESSAGES);
    assert_eq!(
        stage.bot.post(&path, json!({"content": "x"})).await.1["code"],
        50013
    );
    stage.channel.deny_bot(permissions::VIEW_CHANNEL);
    assert_eq!(
        stage.bot.post(&path, json!({"content": "x"})).await.1["code"],
        50001
    );
    assert_eq!(stage.sim.violations().len(), 2);
}

#[tokio::test]
async fn a_message_that_a_person_deleted_is_unknown_without_blame() {
    let stage = Stage::set().await;
    let olga = stage.guild.add_member_with("Olga", permissions::MANAGE_MESSAGES);
    let message = stage
        .bot
        .post_message(&stage.channel, json!({"content": "x"}))
        .await;
    assert!(stage.ada.delete_message(&message).is_err());
    olga.delete_message(&message).unwrap();
    let path = format!("/channels/{}/messages/{}", stage.channel.id(), message.id());
    let (status, error) = stage
        .bot
        .call(Method::PATCH, &path, Some(json!({"content": "y"})))
        .await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (404, Some(10008)));
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn reactions_are_paged_and_limited_to_twenty_emojis() {
    let stage = Stage::set_with(SimConfig {
        rate_limits: false,
        ..SimConfig::default()
    })
    .await;
    let message = stage
        .bot
        .post_message(&stage.channel, json!({"content": "x"}))
        .await;
    for n in 0..103 {
        stage
            .guild
            .add_member(&format!("M{n}"))
            .react(&message, "👍")
            .unwrap();
    }
    let base = format!(
        "/channels/{}/messages/{}/reactions",
        stage.channel.id(),
        message.id()
    );
    let (_, first) = stage.bot.get(&format!("{base}/👍?limit=100")).await;
    let last = text(&first[99], "id");
    let (_, second) = stage.bot.get(&format!("{base}/👍?limit=100&after={last}")).await;
    assert_eq!(
        (first.as_array().map(Vec::len), second.as_array().map(Vec::len)),
        (Some(100), Some(3))
    );
    let emojis = [
        "🍎", "🍐", "🍊", "🍋", "🍌", "🍉", "🍇", "🍓", "🍈", "🍒", "🍑", "🍍", "🥝", "🍅", "🍆", "🥑", "🥦",
        "🌽", "🥕",
    ];
    for emoji in emojis {
        assert_eq!(
            stage
                .bot
                .call(Method::PUT, &format!("{base}/{emoji}/@me"), None)
                .await
                .0,
            204
        );
    }
    assert_eq!(
        stage
            .bot
            .call(Method::PUT, &format!("{base}/🧄/@me"), None)
            .await
            .1["code"],
        30010
    );
    assert_eq!(
        stage
            .bot
            .call(Method::PUT, &format!("{base}/x/@me"), None)
            .await
            .1["code"],
        10014
    );
}

#[tokio::test]
async fn a_reply_sent_twice_with_one_enforced_nonce_is_one_message() {
    let stage = Stage::set_with(SimConfig {
        patience: Duration::from_secs(1),
        ..SimConfig::default()
    })
    .await;
    let body = json!({"content": "x", "nonce": "7", "enforce_nonce": true});
    let first = stage.bot.post_message(&stage.channel, body.clone()).await;
    let second = stage.bot.post_message(&stage.channel, body).await;
    assert_eq!(first.id(), second.id());
    assert_eq!(stage.channel.messages().len(), 1);
}
