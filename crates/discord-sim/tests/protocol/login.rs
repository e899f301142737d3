//! Logging in, by REST and by gateway.

use discord_sim::{Rule, Sim, SimConfig};

use crate::bot::{Bot, Gateway, INTENTS, Stage};

#[tokio::test]
async fn a_bot_with_the_right_token_learns_who_it_is() {
    let stage = Stage::set().await;
    let (status, me) = stage.bot.get("/users/@me").await;
    assert_eq!((status.as_u16(), me["bot"].as_bool()), (200, Some(true)));
    let (_, application) = stage.bot.get("/applications/@me").await;
    assert_eq!(application["id"], stage.sim.application_id().to_string());
    let (_, gateway) = stage.bot.get("/gateway/bot").await;
    assert_eq!(gateway["session_start_limit"]["remaining"], 999);
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn a_wrong_token_is_401_by_rest_and_4004_by_gateway() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let bot = Bot {
        token: "wrong".into(),
        ..Bot::new(&sim)
    };
    let (status, body) = bot.get("/users/@me").await;
    assert_eq!(
        (status.as_u16(), &body["message"], &body["code"]),
        (401, &"401: Unauthorized".into(), &0.into())
    );
    let mut gateway = Gateway::connect(&sim).await;
    gateway.identify("wrong", INTENTS).await;
    assert_eq!(gateway.next().await, Err(4004));
    let rules: Vec<Rule> = sim.violations().iter().map(|v| v.rule).collect();
    assert_eq!(rules, [Rule::RefusedRequest, Rule::Gateway]);
}

#[tokio::test]
async fn intents_that_do_not_exist_or_were_not_granted_close_the_connection() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    for (intents, code) in [(1 << 40, 4013), (1 << 15, 4014)] {
        let mut gateway = Gateway::connect(&sim).await;
        gateway.identify(sim.token(), intents).await;
        assert_eq!(gateway.next().await, Err(code));
    }
}

#[tokio::test]
async fn a_route_that_does_not_exist_is_refused_and_remembered() {
    let stage = Stage::set().await;
    let (status, _) = stage.bot.get("/guilds/1/webhooks").await;
    assert_eq!(status, 404);
    let violations = stage.sim.violations();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].rule, Rule::UnknownRoute);
    assert!(stage.sim.finish().await.is_err());
}

#[tokio::test]
async fn only_loopback_is_listened_on() {
    let config = SimConfig {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..SimConfig::default()
    };
    assert!(Sim::start(config).await.is_err());
}
