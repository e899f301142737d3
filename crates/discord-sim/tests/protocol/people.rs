//! People who come and go, take direct messages or not, and moderators who clear reactions.

use discord_sim::{SimConfig, permissions};
use reqwest::Method;
use serde_json::json;

use crate::bot::{Gateway, INTENTS, Stage, text};

const MEMBERS: u64 = 1 << 1;
const MODERATION: u64 = 1 << 2;

#[tokio::test]
async fn a_direct_message_reaches_its_reader_alone() {
    let stage = Stage::set().await;
    let open = json!({"recipient_id": stage.ada.id()});
    let (status, channel) = stage.bot.post("/users/@me/channels", open.clone()).await;
    assert_eq!((status.as_u16(), channel["type"].as_u64()), (200, Some(1)));
    let (_, again) = stage.bot.post("/users/@me/channels", open).await;
    assert_eq!(channel["id"], again["id"], "one channel for each user");

    let path = format!("/channels/{}/messages", text(&channel, "id"));
    let (status, _) = stage.bot.post(&path, json!({"content": "hello"})).await;
    assert_eq!(status, 200);
    let letters = stage.ada.direct_messages();
    assert_eq!(
        letters
            .iter()
            .map(discord_sim::Message::content)
            .collect::<Vec<_>>(),
        ["hello"]
    );
    assert!(stage.channel.messages().is_empty());
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_found_out_by_sending_one() {
    let stage = Stage::set().await;
    stage.ada.close_direct_messages();
    let stranger = stage.guild.add_member("Stranger");
    stage.guild.leave(&stranger);
    for person in [&stage.ada, &stranger] {
        let open = json!({"recipient_id": person.id()});
        let (status, channel) = stage.bot.post("/users/@me/channels", open).await;
        assert_eq!(status, 200);
        let path = format!("/channels/{}/messages", text(&channel, "id"));
        let (status, error) = stage.bot.post(&path, json!({"content": "hello"})).await;
        assert_eq!((status.as_u16(), error["code"].as_u64()), (403, Some(50007)));
        assert!(person.direct_messages().is_empty());
    }
    // The bot could not know.
    stage.sim.finish().await.unwrap();
    let (status, error) = stage
        .bot
        .post("/users/@me/channels", json!({"recipient_id": "1"}))
        .await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (400, Some(50033)));
}

#[tokio::test]
async fn departures_are_told_to_those_who_may_hear_of_them() {
    let stage = Stage::set_with(SimConfig {
        privileged_intents: MEMBERS,
        ..SimConfig::default()
    })
    .await;
    let mut bans = Gateway::ready_with(&stage.sim, 1 | MODERATION).await;
    let mut all = Gateway::ready_with(&stage.sim, 1 | MODERATION | MEMBERS).await;
    let ben = stage.guild.add_member("Ben");
    assert_eq!(all.event("GUILD_MEMBER_ADD").await["user"]["id"], json!(ben.id()));
    stage.guild.leave(&ben);
    let left = all.event("GUILD_MEMBER_REMOVE").await;
    assert_eq!(left["user"]["id"], json!(ben.id()));
    bans.nothing_more().await;

    stage.guild.ban(&stage.ada);
    assert_eq!(
        bans.event("GUILD_BAN_ADD").await["user"]["id"],
        json!(stage.ada.id())
    );
    bans.nothing_more().await;
    all.event("GUILD_BAN_ADD").await;
    all.event("GUILD_MEMBER_REMOVE").await;

    let member = |id: discord_sim::Id| format!("/guilds/{}/members/{id}", stage.guild.id());
    let (status, error) = stage.bot.get(&member(ben.id())).await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (404, Some(10007)));
    assert!(ben.slash(&stage.channel, "poll").send().await.is_err(), "gone");
    stage.sim.finish().await.unwrap();
}

#[tokio::test]
async fn members_are_listed_page_by_page_to_bots_with_the_privilege() {
    for granted in [0, MEMBERS] {
        let stage = Stage::set_with(SimConfig {
            privileged_intents: granted,
            ..SimConfig::default()
        })
        .await;
        let path = |query: &str| format!("/guilds/{}/members?limit=2{query}", stage.guild.id());
        let (status, first) = stage.bot.get(&path("")).await;
        if granted == 0 {
            assert_eq!((status.as_u16(), first["code"].as_u64()), (403, Some(50001)));
            continue;
        }
        let last = text(&first[1]["user"], "id").to_owned();
        let (_, second) = stage.bot.get(&path(&format!("&after={last}"))).await;
        // The owner, the bot and Ada.
        assert_eq!(
            (first.as_array().map(Vec::len), second.as_array().map(Vec::len)),
            (Some(2), Some(1))
        );
    }
}

#[tokio::test]
async fn a_moderator_clears_reactions_of_all_or_with_one_emoji() {
    let stage = Stage::set().await;
    let mut gateway = Gateway::ready_with(&stage.sim, INTENTS).await;
    let moderator = stage.guild.add_member_with("Mo", permissions::MANAGE_MESSAGES);
    let message = stage.ada.say(&stage.channel, "hello").unwrap();
    gateway.event("MESSAGE_CREATE").await;
    for emoji in ["👍", "🎬", "🍿"] {
        stage.ada.react(&message, emoji).unwrap();
        gateway.event("MESSAGE_REACTION_ADD").await;
    }
    assert!(stage.ada.clear_reactions(&message, None).is_err());
    moderator.clear_reactions(&message, Some("🎬")).unwrap();
    let cleared = gateway.event("MESSAGE_REACTION_REMOVE_EMOJI").await;
    assert_eq!(cleared["emoji"]["name"], "🎬");
    assert_eq!(message.refresh().unwrap().reactions().len(), 2);
    moderator.clear_reactions(&message, None).unwrap();
    gateway.event("MESSAGE_REACTION_REMOVE_ALL").await;
    assert!(message.refresh().unwrap().reactions().is_empty());
}

#[tokio::test]
async fn taking_others_reactions_away_needs_a_permission() {
    let stage = Stage::set_with(SimConfig {
        rate_limits: false,
        ..SimConfig::default()
    })
    .await;
    let message = stage.ada.say(&stage.channel, "hello").unwrap();
    stage.ada.react(&message, "👍").unwrap();
    let path = format!(
        "/channels/{}/messages/{}/reactions/👍/{}",
        stage.channel.id(),
        message.id(),
        stage.ada.id()
    );
    let (status, error) = stage.bot.call(Method::DELETE, &path, None).await;
    assert_eq!((status.as_u16(), error["code"].as_u64()), (403, Some(50013)));
    stage.guild.permit_bot(permissions::MANAGE_MESSAGES);
    let (status, _) = stage.bot.call(Method::DELETE, &path, None).await;
    assert_eq!(status, 204);
    assert!(message.refresh().unwrap().reactions().is_empty());
}

#[tokio::test]
async fn two_reactions_may_be_told_of_in_the_wrong_order() {
    let stage = Stage::set().await;
    let mut gateway = Gateway::ready_with(&stage.sim, INTENTS).await;
    let message = stage.ada.say(&stage.channel, "hello").unwrap();
    gateway.event("MESSAGE_CREATE").await;
    stage
        .ada
        .react_and_take_back_out_of_order(&message, "👍")
        .unwrap();
    gateway.event("MESSAGE_REACTION_REMOVE").await;
    gateway.event("MESSAGE_REACTION_ADD").await;
    assert!(message.refresh().unwrap().reactions().is_empty());
}
