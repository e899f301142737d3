//! Who sees what, who is notified, and where files are found.

use discord_sim::{Ping, Rule, SimError};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::bot::{Stage, text};

#[tokio::test]
async fn an_ephemeral_answer_is_for_one_person_only() {
    let mut stage = Stage::set().await;
    let ben = stage.guild.add_member("Ben");
    let (answer, event) = stage.poll().await;
    let button =
        json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x"}]}]);
    let data = json!({"content": "psst", "flags": 64, "components": button});
    stage.bot.callback(&event, json!({"type": 4, "data": data})).await;
    let message = answer.message().await.unwrap();
    assert!(message.is_ephemeral());
    stage.gateway.nothing_more().await;
    assert_eq!(stage.channel.messages_as(&stage.ada).len(), 1);
    assert_eq!(stage.channel.snapshot(stage.ada.id()).len(), 1);
    assert_eq!(
        stage.channel.messages_as(&ben).len() + stage.channel.messages().len(),
        0
    );
    assert!(matches!(
        ben.click(&message, "x").await,
        Err(SimError::Refused(_))
    ));
    // Only the interaction's token reaches it.
    let path = format!("/channels/{}/messages/{}", stage.channel.id(), message.id());
    assert_eq!(stage.bot.get(&path).await.1["code"], 10008);
    let own = format!("{}/messages/{}", stage.bot.webhook(&event), message.id());
    assert_eq!(stage.bot.get(&own).await.0, 200);
}

#[tokio::test]
async fn who_is_notified_depends_on_allowed_mentions() {
    let stage = Stage::set().await;
    let text = format!("@everyone <@{}>", stage.ada.id());
    let loud = stage
        .bot
        .post_message(&stage.channel, json!({"content": text}))
        .await;
    assert_eq!(loud.pings(), [Ping::Everyone, Ping::User(stage.ada.id())]);
    let quiet = json!({"content": text, "allowed_mentions": {"parse": []}});
    assert!(
        stage
            .bot
            .post_message(&stage.channel, quiet)
            .await
            .pings()
            .is_empty()
    );
    assert_eq!(stage.sim.pings().len(), 2);
}

#[tokio::test]
async fn an_uploaded_file_is_shown_in_the_embed_and_served() {
    let stage = Stage::set().await;
    let payload = json!({"embeds": [{"title": "x", "thumbnail": {"url": "attachment://poster.png"}}],
        "attachments": [{"id": "0", "filename": "poster.png", "description": "A poster"}]});
    let file = Part::bytes(vec![1, 2, 3])
        .file_name("poster.png")
        .mime_str("image/png")
        .unwrap();
    let form = Form::new()
        .text("payload_json", payload.to_string())
        .part("files[0]", file);
    let path = format!("/channels/{}/messages", stage.channel.id());
    let response = stage
        .bot
        .request(Method::POST, &path)
        .multipart(form)
        .send()
        .await
        .unwrap();
    let json: serde_json::Value = response.json().await.unwrap();
    let url = text(&json["embeds"][0]["thumbnail"], "url");
    assert_eq!(url, text(&json["attachments"][0], "url"));
    let served = reqwest::get(url).await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/png");
    assert_eq!(served.bytes().await.unwrap().as_ref(), [1, 2, 3]);
    let message = &stage.channel.messages()[0];
    assert_eq!(message.attachments()[0].description.as_deref(), Some("A poster"));
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_file_over_ten_mebibytes_is_413_and_an_embed_without_its_file_a_violation() {
    let stage = Stage::set().await;
    let path = format!("/channels/{}/messages", stage.channel.id());
    let file = Part::bytes(vec![0; 10 * 1024 * 1024 + 1]).file_name("a.bin");
    let form = Form::new().text("payload_json", "{}").part("files[0]", file);
    let response = stage
        .bot
        .request(Method::POST, &path)
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
    stage
        .bot
        .post(
            &path,
            json!({"embeds": [{"image": {"url": "attachment://none.png"}}]}),
        )
        .await;
    let rules: Vec<Rule> = stage.sim.violations().iter().map(|v| v.rule).collect();
    assert_eq!(rules, [Rule::RefusedRequest, Rule::DanglingAttachment]);
}
