//! Interactions from the click to the last follow-up, and the rules about their answers.

use std::time::Duration;

use discord_sim::{AnswerKind, Rule, SimConfig, SimError, permissions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bot::{Stage, text};

fn rules(stage: &Stage) -> Vec<Rule> {
    stage.sim.violations().iter().map(|v| v.rule).collect()
}

fn message(content: &str) -> Value {
    json!({"type": 4, "data": {"content": content}})
}

#[tokio::test]
async fn an_immediate_answer_is_one_call_and_a_message() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    assert_eq!(event["member"]["user"]["global_name"], "Ada");
    for key in [
        "locale",
        "guild_locale",
        "app_permissions",
        "entitlements",
        "channel",
        "attachment_size_limit",
    ] {
        assert!(!event[key].is_null(), "{key}");
    }
    assert_eq!(stage.bot.callback(&event, message("Tonight")).await.0, 204);
    assert_eq!(answer.message().await.unwrap().content(), "Tonight");
    assert_eq!(answer.first().await.unwrap().kind, AnswerKind::Message);
    assert_eq!(answer.calls().len(), 1);
    stage.gateway.event("MESSAGE_CREATE").await;
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn with_response_tells_the_message_that_was_made() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    let path = format!(
        "/interactions/{}/{}/callback?with_response=true",
        text(&event, "id"),
        text(&event, "token")
    );
    let (status, body) = stage.bot.post(&path, message("Tonight")).await;
    assert_eq!(status, 200);
    let id = answer.message().await.unwrap().id().to_string();
    assert_eq!(body["resource"]["message"]["id"], id);
    assert_eq!(body["interaction"]["response_message_id"], id);
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_10062_and_a_violation() {
    let deadline = Duration::from_millis(60);
    let mut stage = Stage::set_with(SimConfig {
        interaction_deadline: deadline,
        ..SimConfig::default()
    })
    .await;
    let (answer, event) = stage.poll().await;
    assert!(matches!(answer.first().await, Err(SimError::NoResponse { .. })));
    let (status, body) = stage.bot.callback(&event, message("late")).await;
    assert_eq!((status.as_u16(), body["code"].as_u64()), (404, Some(10062)));
    assert_eq!(
        stage
            .bot
            .post(&stage.bot.webhook(&event), json!({"content": "x"}))
            .await
            .1["code"],
        10015
    );
    assert!(rules(&stage).contains(&Rule::LateAnswer));
    assert!(rules(&stage).contains(&Rule::Unanswered));
}

#[tokio::test]
async fn a_second_first_answer_is_40060_and_a_violation_unless_the_event_came_twice() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    stage.bot.callback(&event, message("one")).await;
    stage.gateway.event("MESSAGE_CREATE").await;
    stage.sim.deliver_twice(&answer);
    let again = stage.gateway.event("INTERACTION_CREATE").await;
    assert_eq!(again, event);
    let (status, body) = stage.bot.callback(&again, message("two")).await;
    assert_eq!((status.as_u16(), body["code"].as_u64()), (400, Some(40060)));
    stage.sim.finish().await.unwrap();

    let (_, event) = stage.poll().await;
    stage.bot.callback(&event, message("one")).await;
    stage.bot.callback(&event, message("two")).await;
    assert_eq!(rules(&stage), [Rule::DoubleAnswer]);
}

#[tokio::test]
async fn a_follow_up_fills_the_deferred_message_and_the_next_one_is_new() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    stage
        .bot
        .callback(&event, json!({"type": 5, "data": {"flags": 64}}))
        .await;
    let webhook = stage.bot.webhook(&event);
    let (_, first) = stage.bot.post(&webhook, json!({"content": "one"})).await;
    let (_, second) = stage
        .bot
        .post(&webhook, json!({"content": "two", "flags": 64}))
        .await;
    let original = answer.message().await.unwrap();
    assert_eq!((original.content(), original.is_ephemeral()), ("one", true));
    assert_eq!(text(&first, "id"), original.id().to_string());
    assert_ne!(first["id"], second["id"]);
    assert_eq!(answer.followups().len(), 1);
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_deferred_answer_that_never_comes_is_a_violation() {
    let patience = Duration::from_millis(100);
    let mut stage = Stage::set_with(SimConfig {
        patience,
        ..SimConfig::default()
    })
    .await;
    let (answer, event) = stage.poll().await;
    stage.bot.callback(&event, json!({"type": 5})).await;
    assert!(matches!(answer.message().await, Err(SimError::TimedOut { .. })));
    assert!(stage.sim.finish().await.is_err());
    assert_eq!(rules(&stage), [Rule::LeftLoading]);
}

#[tokio::test]
async fn the_original_answer_is_read_changed_and_deleted_by_token() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    stage.bot.callback(&event, message("one")).await;
    let original = format!("{}/messages/@original", stage.bot.webhook(&event));
    assert_eq!(stage.bot.get(&original).await.1["content"], "one");
    stage
        .bot
        .call(Method::PATCH, &original, Some(json!({"content": "two"})))
        .await;
    let seen = answer.message().await.unwrap();
    assert_eq!((seen.content(), seen.is_edited()), ("two", true));
    assert_eq!(stage.bot.call(Method::DELETE, &original, None).await.0, 204);
    assert!(seen.refresh().is_none());
    stage.sim.finish().await.unwrap();
    assert_eq!(stage.bot.get(&original).await.1["code"], 10008);
}

#[tokio::test]
async fn a_token_dies_after_its_time() {
    let config = SimConfig {
        token_life: Duration::from_millis(50),
        ..SimConfig::default()
    };
    let mut stage = Stage::set_with(config).await;
    let (_, event) = stage.poll().await;
    stage.bot.callback(&event, message("one")).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    let (status, body) = stage
        .bot
        .post(&stage.bot.webhook(&event), json!({"content": "x"}))
        .await;
    assert_eq!((status.as_u16(), body["code"].as_u64()), (401, Some(50027)));
}

#[tokio::test]
async fn a_click_updates_its_message_in_one_call() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    let buttons = json!([{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "1 · 3", "custom_id": "vote:1"},
        {"type": 2, "style": 1, "label": "2", "custom_id": "vote:2", "disabled": true},
    ]}]);
    stage
        .bot
        .callback(
            &event,
            json!({"type": 4, "data": {"content": "0", "components": buttons}}),
        )
        .await;
    let poll = answer.message().await.unwrap();
    stage.gateway.event("MESSAGE_CREATE").await;

    let click = stage.ada.click_label(&poll, "1 · 3").await.unwrap();
    let event = stage.gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["custom_id"], "vote:1");
    assert_eq!(event["message"]["content"], "0");
    assert_eq!(
        event["message"]["components"][0]["components"][1]["disabled"],
        true
    );
    stage
        .bot
        .callback(&event, json!({"type": 7, "data": {"content": "1"}}))
        .await;
    assert_eq!(click.message().await.unwrap().id(), poll.id());
    assert_eq!(poll.refresh().unwrap().content(), "1");
    assert_eq!(poll.refresh().unwrap().buttons().len(), 2);

    for custom_id in ["vote:2", "vote:3"] {
        assert!(matches!(
            stage.ada.click(&poll, custom_id).await,
            Err(SimError::Refused(_))
        ));
    }
    let update = stage.gateway.event("MESSAGE_UPDATE").await;
    assert_eq!(update["content"], "1");
    stage.ada.click_forged(&poll, "vote:3").await.unwrap();
    let forged = stage.gateway.event("INTERACTION_CREATE").await;
    assert_eq!(forged["data"]["custom_id"], "vote:3");
    stage.bot.callback(&forged, json!({"type": 6})).await;
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn the_client_refuses_what_a_real_one_would() {
    let mut stage = Stage::set().await;
    let olga = stage.guild.add_member_with("Olga", permissions::MANAGE_GUILD);
    let refused = |result: Result<_, SimError>| assert!(matches!(result, Err(SimError::Refused(_))));
    let (ada, channel) = (&stage.ada, &stage.channel);
    refused(ada.slash(channel, "dance").send().await);
    refused(ada.slash(channel, "propose").send().await);
    refused(ada.slash(channel, "propose").integer("movie", 1).send().await);
    refused(ada.slash(channel, "round start").send().await);
    refused(olga.slash(channel, "round").send().await);
    olga.slash(channel, "round start")
        .string("title", "x")
        .send()
        .await
        .unwrap();
    let event = stage.gateway.event("INTERACTION_CREATE").await;
    let start = &event["data"]["options"][0];
    assert_eq!(
        (text(start, "name"), text(&start["options"][0], "value")),
        ("start", "x")
    );
    stage.bot.callback(&event, message("ok")).await;
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn autocomplete_offers_choices_and_too_many_are_refused() {
    let mut stage = Stage::set().await;
    let choices = |n: usize| -> Vec<Value> {
        (0..n)
            .map(|n| json!({"name": format!("F{n}"), "value": "tt1"}))
            .collect()
    };
    let answers = async {
        let event = stage.gateway.event("INTERACTION_CREATE").await;
        assert_eq!(event["data"]["options"][0]["focused"], true);
        let too_many = stage
            .bot
            .callback(&event, json!({"type": 8, "data": {"choices": choices(26)}}))
            .await;
        assert_eq!(
            (too_many.0.as_u16(), too_many.1["code"].as_u64()),
            (400, Some(50035))
        );
        stage
            .bot
            .callback(&event, json!({"type": 8, "data": {"choices": choices(25)}}))
            .await
    };
    let (offered, _) = tokio::join!(
        stage.ada.autocomplete(&stage.channel, "propose", "movie", "ali"),
        answers
    );
    let offered = offered.unwrap();
    assert_eq!((offered.len(), offered[0].name.as_str()), (25, "F0"));
}

#[tokio::test]
async fn a_form_is_opened_filled_in_and_submitted() {
    let mut stage = Stage::set().await;
    let (answer, event) = stage.poll().await;
    let input = json!({"type": 4, "custom_id": "pitch", "label": "Why", "style": 1, "max_length": 5});
    let rows = json!([{"type": 1, "components": [input]}]);
    let modal = json!({"type": 9, "data": {"custom_id": "form", "title": "Film", "components": rows}});
    assert_eq!(stage.bot.callback(&event, modal).await.0, 204);
    for wrong in [[("pitch", "")], [("pitch", "too long")], [("film", "x")]] {
        assert!(matches!(
            stage.ada.submit_modal(&answer, &wrong).await,
            Err(SimError::Refused(_))
        ));
    }
    let submitted = stage
        .ada
        .submit_modal(&answer, &[("pitch", "good")])
        .await
        .unwrap();
    let event = stage.gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["components"][0]["components"][0]["value"], "good");
    stage.bot.callback(&event, message("thanks")).await;
    assert_eq!(submitted.message().await.unwrap().content(), "thanks");
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_message_command_carries_the_message() {
    let mut stage = Stage::set().await;
    let said = stage.ada.say(&stage.channel, "imdb.com/title/tt0111161").unwrap();
    // Without the message content intent, the event of the message itself says nothing.
    assert_eq!(stage.gateway.event("MESSAGE_CREATE").await["content"], "");
    stage
        .ada
        .message_command(&said, "Propose this movie")
        .await
        .unwrap();
    let event = stage.gateway.event("INTERACTION_CREATE").await;
    let target = text(&event["data"], "target_id");
    assert_eq!(
        event["data"]["resolved"]["messages"][target]["content"],
        "imdb.com/title/tt0111161"
    );
    stage.bot.callback(&event, message("ok")).await;
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_kind_of_answer_that_does_not_fit_is_refused() {
    let mut stage = Stage::set().await;
    let (_, event) = stage.poll().await;
    for kind in [6, 7, 8, 1, 99] {
        let (status, body) = stage
            .bot
            .callback(&event, json!({"type": kind, "data": {}}))
            .await;
        assert_eq!(
            (status.as_u16(), body["code"].as_u64()),
            (400, Some(50035)),
            "{kind}"
        );
    }
}
