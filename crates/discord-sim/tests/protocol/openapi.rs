//! Requests are held against Discord's own document, where there is one.

use discord_sim::{Rule, SimConfig};
use serde_json::json;

use crate::bot::Stage;

/// Whether the environment names the document; says so if not.
fn has_document() -> bool {
    let named = SimConfig::default().openapi.is_some();
    if !named {
        eprintln!("skipped: DISCORD_OPENAPI does not name Discord's OpenAPI document");
    }
    named
}

#[tokio::test]
async fn a_request_that_the_document_does_not_allow_is_a_violation_with_its_path() {
    if !has_document() {
        return;
    }
    let mut stage = Stage::set().await;
    let (_, event) = stage.poll().await;
    let components = json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x", "disabled": "no"}]}]);
    stage
        .bot
        .callback(
            &event,
            json!({"type": 4, "data": {"content": "x", "components": components}}),
        )
        .await;
    let violations = stage.sim.violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].rule, Rule::OpenApi);
    assert!(
        violations[0]
            .detail
            .contains("/data/components/0/components/0/disabled"),
        "{}",
        violations[0].detail
    );
}

#[tokio::test]
async fn what_discord_takes_though_the_document_does_not_is_no_violation() {
    if !has_document() {
        return;
    }
    // The stage registers `default_member_permissions` as text.
    let stage = Stage::set().await;
    let (_, commands) = stage
        .bot
        .get(&format!("/applications/{}/commands", stage.bot.application_id))
        .await;
    assert_eq!(commands[2]["default_member_permissions"], "32");
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn an_unknown_route_says_whether_discord_has_it() {
    if !has_document() {
        return;
    }
    let stage = Stage::set().await;
    stage
        .bot
        .get(&format!("/guilds/{}/webhooks", stage.guild.id()))
        .await;
    stage.bot.get("/guilds/1/films").await;
    let details: Vec<String> = stage.sim.violations().into_iter().map(|v| v.detail).collect();
    assert!(details[0].contains("Discord has it"), "{details:?}");
    assert!(details[1].contains("does not have it either"), "{details:?}");
}
