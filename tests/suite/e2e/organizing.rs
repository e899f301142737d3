//! What organizers set, who may, and what is written down of it.

use discord_sim::{Actor, Answer, Message};
use marquee::domain::ids::GuildId;
use marquee::domain::method::Method;
use marquee::domain::round::Secrecy;
use marquee::domain::settings::GuildSettings;

use crate::harness::evening::Evening;
use crate::harness::providers::FakeFilms;

/// Everything an answer shows, as text.
async fn text(answer: discord_sim::Result<Answer>) -> String {
    let message = shown(answer).await;
    let embeds: Vec<String> = message.embeds().iter().map(ToString::to_string).collect();
    format!("{}\n{}", message.content(), embeds.join("\n"))
}

/// The private message that answers.
async fn shown(answer: discord_sim::Result<Answer>) -> Message {
    let message = answer.expect("an answer").message().await.expect("a message");
    assert!(message.is_ephemeral(), "{message:?}");
    message
}

async fn settings(evening: &Evening) -> GuildSettings {
    let guild = GuildId(evening.guild.id().get());
    evening.store.find_settings(guild).await.expect("settings")
}

/// A member without Manage Server who has the server's organizer role.
async fn organizer_by_role(evening: &Evening) -> (Actor, discord_sim::Id) {
    let role = evening.guild.add_role("Projectionists", 0, false);
    let rita = evening.guild.add_member("Rita");
    evening.guild.give_role(&rita, role);
    let set = evening.olga.slash(&evening.channel, "settings server");
    let told = text(set.role("organizer_role", role).send().await).await;
    assert!(told.contains("organizer_role"), "{told}");
    (rita, role)
}

#[tokio::test]
async fn a_change_of_one_setting_leaves_the_others() {
    Evening::with(FakeFilms::start(), |evening| async {
        let change = |name: &str| evening.olga.slash(&evening.channel, name);
        let voting = change("settings voting").integer("method", 4).integer("picks", 2);
        let told = text(voting.send().await).await;
        assert!(told.contains("`method`, `picks`"), "{told}");
        let hidden = change("settings voting").integer("secrecy", 2);
        text(hidden.send().await).await;
        let server = change("settings server")
            .string("time_zone", "europe/berlin")
            .channel("channel", &evening.channel)
            .string("language", "PT-br")
            .integer("proposal_limit", 3);
        text(server.send().await).await;
        let set = settings(&evening).await;
        assert_eq!(
            (set.rules.method, set.rules.picks, set.rules.secrecy),
            (Method::Irv, 2, Secrecy::Hidden)
        );
        assert_eq!(set.time_zone.name(), "Europe/Berlin");
        assert_eq!(
            set.language.as_ref().map(ToString::to_string),
            Some("pt-BR".into())
        );
        assert_eq!(
            set.channel.map(|channel| channel.0),
            Some(evening.channel.id().get())
        );
        assert_eq!(set.proposal_limit, 3);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_value_that_makes_no_sense_is_refused_with_what_to_type() {
    Evening::with(FakeFilms::start(), |evening| async {
        let before = settings(&evening).await;
        for (option, value, hint) in [
            ("time_zone", "Middle-earth", "city"),
            ("language", "Klingon", "two letters"),
            ("country", "Germany", "two letters"),
        ] {
            let change = evening.olga.slash(&evening.channel, "settings server");
            let refused = change
                .string(option, value)
                .integer("proposal_limit", 3)
                .send()
                .await;
            let refused = text(refused).await;
            assert!(refused.contains(hint), "{refused}");
        }
        let everyone = evening.olga.slash(&evening.channel, "settings server");
        let everyone = everyone.role("organizer_role", evening.guild.id()).send().await;
        assert!(text(everyone).await.contains("everybody"));
        assert_eq!(settings(&evening).await, before, "all of it or none");
        evening
    })
    .await;
}

#[tokio::test]
async fn the_settings_are_changed_by_their_menus() {
    Evening::with(FakeFilms::start(), |evening| async {
        let opened = evening.olga.slash(&evening.channel, "settings show").send().await;
        let screen = shown(opened).await;
        text(evening.olga.select(&screen, "m1.set.method", &["schulze"]).await).await;
        let screen = shown(evening.olga.click(&screen, "m1.sp.s").await).await;
        let channel = evening.channel.id().to_string();
        for (menu, value) in [("channel", channel.as_str()), ("zone", "Asia/Tokyo")] {
            let control = format!("m1.set.{menu}");
            text(evening.olga.select(&screen, control, &[value]).await).await;
        }
        let set = settings(&evening).await;
        assert_eq!(set.rules.method, Method::Schulze);
        assert_eq!(set.time_zone.name(), "Asia/Tokyo");
        assert_eq!(
            set.channel.map(|channel| channel.0),
            Some(evening.channel.id().get())
        );
        let cleared = evening.olga.select(&screen, "m1.set.channel", &[]);
        text(cleared.await).await;
        assert_eq!(settings(&evening).await.channel, None);
        evening
    })
    .await;
}

#[tokio::test]
async fn an_organizer_who_loses_the_role_is_refused_at_the_next_click() {
    Evening::with(FakeFilms::start(), |evening| async {
        let (rita, role) = organizer_by_role(&evening).await;
        let audit = rita.slash(&evening.channel, "audit").send().await;
        assert!(text(audit).await.contains("organizer_role"));
        let set = rita.slash(&evening.channel, "limit set").integer("limit", 2);
        assert!(text(set.send().await).await.contains("2 films"));

        evening.guild.take_role(&rita, role);
        let set = rita.slash(&evening.channel, "limit set").integer("limit", 50);
        let refused = text(set.send().await).await;
        assert!(refused.contains("Only organizers"), "{refused}");
        assert_eq!(settings(&evening).await.proposal_limit, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn an_organizer_by_role_is_offered_everybodys_films_to_take_out() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let (rita, _) = organizer_by_role(&evening).await;
        let offered = async |who: &Actor| {
            let offered = who
                .autocomplete(&evening.channel, "withdraw", "movie", "ali")
                .await;
            offered.expect("an answer").len()
        };
        assert_eq!((offered(&rita).await, offered(&evening.ben).await), (1, 0));

        // A database that cannot say who organizes is a fault, and makes nobody a mere member.
        evening
            .database
            .run_sql("UPDATE guilds SET secrecy = 'whispered'")
            .await;
        let refused = rita
            .slash(&evening.channel, "withdraw")
            .string("movie", "tt0078748");
        let told = text(refused.send().await).await;
        assert!(!told.contains("organizer"), "{told}");
        evening
            .database
            .run_sql("UPDATE guilds SET secrecy = 'public'")
            .await;
        let removed = rita
            .slash(&evening.channel, "withdraw")
            .string("movie", "tt0078748");
        evening.answer(removed.send().await).await;
        let taken = "SELECT COUNT(*) FROM proposals WHERE state = 'removed'";
        assert_eq!(evening.database.number(taken).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn every_command_of_organizers_refuses_members() {
    Evening::with(FakeFilms::start(), |evening| async {
        let before = settings(&evening).await;
        for command in ["limit show", "limit reset", "audit"] {
            let refused = evening.ben.slash(&evening.channel, command).send().await;
            let refused = text(refused).await;
            assert!(refused.contains("Only organizers"), "{command}: {refused}");
        }
        for command in ["settings show", "settings voting", "settings server"] {
            let unseen = evening.ben.slash(&evening.channel, command).send().await;
            assert!(unseen.is_err(), "{command} is not even offered");
        }
        // The screen of an organizer is theirs alone; whoever forges a click on it gets no further.
        let opened = evening.olga.slash(&evening.channel, "settings show").send().await;
        let screen = shown(opened).await;
        for forged in ["m1.set.series", "m1.sp.n", "m1.au.1"] {
            let refused = evening.ben.select_forged(&screen, forged, &["yes"]).await;
            let refused = text(refused).await;
            assert!(refused.contains("Only organizers"), "{forged}: {refused}");
        }
        assert_eq!(settings(&evening).await, before);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_members_own_limit_goes_before_the_servers_and_back_again() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        let limit = |sub: &str| evening.olga.slash(&evening.channel, &format!("limit {sub}"));
        let none = limit("set").integer("limit", 0).user("member", &evening.ben);
        text(none.send().await).await;
        let refused = evening
            .ben
            .slash(&evening.channel, "propose")
            .string("movie", "tt0078748");
        let refused = text(refused.send().await).await;
        assert!(refused.contains("may not propose"), "{refused}");
        let listed = text(limit("show").send().await).await;
        assert!(listed.contains("10 films") && listed.contains(": 0"), "{listed}");
        let back = limit("reset").user("member", &evening.ben).send().await;
        assert!(text(back).await.contains("the server's limit"));
        evening.propose(&evening.ben, "tt0078748").await;
        let one = limit("show").user("member", &evening.ben).send().await;
        assert!(text(one).await.contains("They have 1 now"));
        evening
    })
    .await;
}

#[tokio::test]
async fn the_audit_tells_who_did_what_and_not_who_voted() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Alien").await;
        let set = evening.olga.slash(&evening.channel, "settings voting");
        text(set.integer("quorum", 4).send().await).await;
        let removed = evening
            .olga
            .slash(&evening.channel, "withdraw")
            .string("movie", "tt0078748");
        evening.answer(removed.send().await).await;
        let audit = evening.olga.slash(&evening.channel, "audit").send().await;
        let told = text(audit).await;
        for line in ["proposed **Alien**", "removed **Alien**", "set `quorum` to `4`"] {
            assert!(told.contains(line), "{line}: {told}");
        }
        assert!(
            !told.contains(&evening.ben.id().to_string()),
            "a vote is nobody's business: {told}"
        );
        evening
    })
    .await;
}
