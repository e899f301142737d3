//! After the night: what was watched, how it was rated, and what happens when it is proposed again.

use discord_sim::{Actor, Answer, Message};
use marquee::domain::ids::{ChannelId, GuildId, MemberId};
use marquee::domain::policy::{Actor as Asking, Organizer};

use crate::harness::evening::{Evening, PATIENCE, line_of, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_says_aside, assert_shows};

/// `/watched add`.
async fn add(evening: &Evening, who: &Actor, movie: &str, date: Option<&str>) -> Message {
    let mut slash = who.slash(&evening.channel, "watched add").string("movie", movie);
    if let Some(date) = date {
        slash = slash.string("date", date);
    }
    evening.answer(slash.send().await).await
}

/// `/watched remove`.
async fn remove(evening: &Evening, who: &Actor, movie: &str) -> Message {
    let slash = who.slash(&evening.channel, "watched remove");
    evening.answer(slash.string("movie", movie).send().await).await
}

/// `/watched rate`.
async fn rate(evening: &Evening, who: &Actor, movie: &str, stars: i64) -> Message {
    let slash = who.slash(&evening.channel, "watched rate").string("movie", movie);
    evening.answer(slash.integer("stars", stars).send().await).await
}

/// `/watched list`.
async fn list(evening: &Evening, page: i64) -> Message {
    let slash = evening.ben.slash(&evening.channel, "watched list");
    evening.answer(slash.integer("page", page).send().await).await
}

/// The new message that follows a click.
async fn following(answer: discord_sim::Result<Answer>) -> Message {
    let followed = answer.expect("a click").wait_followups(1, PATIENCE).await;
    followed.expect("a message").remove(0)
}

/// The private word that follows a click on a public card.
async fn told(answer: discord_sim::Result<Answer>) -> Message {
    let told = following(answer).await;
    assert!(told.is_ephemeral(), "{told:?}");
    told
}

/// Closes the open round as an organizer does.
async fn close_round(evening: &Evening) {
    let olga = Asking {
        guild: GuildId(evening.guild.id().get()),
        member: MemberId(evening.olga.id().get()),
        manages_server: true,
    };
    let organizer = Organizer::prove(olga, &[], None).expect("an organizer");
    let here = ChannelId(evening.channel.id().get());
    let ended = evening.service().end_round(organizer, here).await;
    ended.expect("the round is closed");
}

/// How many proposals are in this state.
async fn in_state(evening: &Evening, state: &str) -> i64 {
    let sql = match state {
        "active" => "SELECT COUNT(*) FROM proposals WHERE state = 'active'",
        "picked" => "SELECT COUNT(*) FROM proposals WHERE state = 'picked'",
        "watched" => "SELECT COUNT(*) FROM proposals WHERE state = 'watched'",
        other => panic!("{other}?"),
    };
    evening.database.number(sql).await
}

#[tokio::test]
async fn the_pick_of_a_round_is_offered_first_has_its_night_and_waits_again_when_that_is_removed() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        evening.propose(&evening.ada, "tt9000002").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 2").await;
        close_round(&evening).await;
        assert_eq!(in_state(&evening, "picked").await, 1);

        let offer = async |option: &str| {
            let offered = evening.olga.autocomplete(&evening.channel, option, "movie", "");
            let offered = offered.await.expect("suggestions");
            let names: Vec<String> = offered.iter().map(|choice| choice.name.clone()).collect();
            let value = offered[0].value.as_str().expect("a text").to_owned();
            (names, value)
        };
        let (names, value) = offer("watched add").await;
        assert_eq!(
            names,
            [
                "Film 2 (1990) · picked in round 1",
                "Film 1 (1990) · up for the vote"
            ]
        );
        let card = add(&evening, &evening.olga, &value, None).await;
        assert!(!card.is_ephemeral(), "{card:?}");
        let said = words(&card);
        assert!(said.contains("The pick of round 1 has had its night"), "{said}");
        assert!(
            said.contains("Film 2 (1990)") && said.contains("Watched on <t:"),
            "{said}"
        );
        assert_eq!(in_state(&evening, "watched").await, 1);

        let (names, value) = offer("watched remove").await;
        assert_eq!(names, ["Film 2 (1990) · 21 Sep 2026"]);
        let gone = remove(&evening, &evening.olga, &value).await;
        assert_says(&gone, "waits for its night");
        assert_eq!(in_state(&evening, "picked").await, 1);
        let again = remove(&evening, &evening.olga, &value).await;
        assert_says_aside(&again, "not in the history");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_up_for_the_vote_leaves_it_and_a_mistake_is_undone_by_an_organizer() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        evening.propose(&evening.ada, "tt9000002").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 1").await;
        let card = add(&evening, &evening.olga, "film 1", None).await;
        assert_says(&card, "leaves the vote");
        evening
            .until(&poll, |poll| titles(poll) == ["1. Film 2 (1990)"])
            .await;

        let refused = evening.click(&evening.ada, &card, "Undo").await;
        assert_says_aside(&refused, "Only organizers");
        assert_eq!(in_state(&evening, "watched").await, 1);

        let undone = evening.click(&evening.olga, &card, "Undo").await;
        assert_eq!(undone.id(), card.id(), "the card itself says so");
        assert_says(&undone, "up for the vote again");
        assert!(undone.embeds().is_empty() && undone.buttons().is_empty());
        evening
            .until(&poll, |poll| {
                poll.embeds().len() == 2 && line_of(poll, "Film 1").contains("1 vote")
            })
            .await;
        let late = evening
            .ada
            .click_forged(&card, &card.buttons()[0].custom_id)
            .await;
        let late = evening.answer(late).await;
        assert_says(&late, "not in the history");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_newer_proposal_stays_when_a_night_is_undone() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let card = add(&evening, &evening.olga, "tt9000001", None).await;
        let asked = evening.propose(&evening.ben, "tt9000001").await;
        following(evening.ben.click_label(&asked, "Propose again").await).await;
        let undone = evening.click(&evening.olga, &card, "Undo").await;
        assert_says(&undone, "a newer proposal, which stays");
        let by_ben = "SELECT COUNT(*) FROM proposals WHERE state = 'active'";
        assert_eq!(evening.database.number(by_ben).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn days_are_those_of_the_servers_zone() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let set = evening.olga.slash(&evening.channel, "settings server");
        let set = set.string("time_zone", "Pacific/Auckland");
        evening.answer(set.send().await).await;
        // In Auckland the 22nd of September has begun already.
        for (date, noon) in [(Some("yesterday"), 1_789_992_000), (None, 1_790_078_400)] {
            let card = add(&evening, &evening.olga, "tt9000001", date).await;
            assert_shows(&card, &format!("Watched on <t:{noon}:D>"));
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn any_film_is_marked_for_any_day_that_is_over_once_a_day() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        let card = add(&evening, &evening.olga, "alien", Some("yesterday")).await;
        // The clock stands at 21 September 2026; noon in Greenwich of the day before.
        assert_shows(&card, "Watched on <t:1789905600:D>");
        assert_says(&card, "Written into the history");
        let link = "https://www.imdb.com/title/tt0078748/";
        add(&evening, &evening.olga, link, None).await;
        for (date, hint) in [
            (Some("2026-09-20"), "already"),
            (None, "already"),
            (Some("tomorrow"), "still to come"),
            (Some("soon"), "cannot read"),
            (Some("3/4"), "two ways"),
            (Some("31 june"), "no such film night"),
        ] {
            let refused = add(&evening, &evening.olga, "tt0078748", date).await;
            assert!(refused.is_ephemeral(), "{date:?}: {refused:?}");
            assert!(refused.content().contains(hint), "{date:?}: {refused:?}");
        }
        for (movie, hint) in [
            ("Our Holiday", "No film database knows"),
            ("tt0000404", "No film database knows"),
            ("https://evil.example/", "not one of IMDb"),
            ("proposal:7", "no longer up for the vote"),
        ] {
            let refused = add(&evening, &evening.olga, movie, None).await;
            assert_says_aside(&refused, hint);
        }
        let history = "SELECT COUNT(*) FROM watched";
        assert_eq!(evening.database.number(history).await, 2);
        let shown = list(&evening, 1).await;
        assert!(shown.is_ephemeral());
        assert_shows(&shown, "2 entries");
        evening
    })
    .await;
}

#[tokio::test]
async fn an_evening_before_the_proposal_leaves_it_up() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        add(&evening, &evening.olga, "tt9000001", Some("2019-05-01")).await;
        assert_eq!(in_state(&evening, "active").await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_of_several_films_is_asked_about_before_it_is_marked() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = add(&evening, &evening.olga, "The Thing", Some("2026-09-18")).await;
        assert!(choice.is_ephemeral());
        let menu = &choice.selects()[0].custom_id;
        let forged = evening.ben.select_forged(&choice, menu, &["tt0084787"]).await;
        let forged = evening.answer(forged).await;
        assert_says(&forged, "Only organizers");
        let card = following(evening.olga.select(&choice, menu, &["tt0084787"]).await).await;
        assert!(!card.is_ephemeral());
        assert_eq!(card.embed(0).title(), Some("The Thing (1982)"));
        assert!(
            words(&card).contains("<t:1789732800:D>"),
            "the day was kept: {card:?}"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn members_rate_by_the_cards_buttons_and_it_shows_the_average() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        let card = add(&evening, &evening.olga, "tt9000001", None).await;
        assert_shows(&card, "Nobody has rated it yet");
        let mine = told(evening.ada.click_label(&card, "4 ★").await).await;
        assert_says(&mine, "4 stars");
        let others = told(evening.ben.click_label(&card, "5 ★").await).await;
        assert_says(&others, "★ 4.5 from 2 ratings");
        let card = evening
            .until(&card, |card| words(card).contains("★ 4.5 from 2 ratings"))
            .await;
        // Once more the same changes nothing, another one changes it.
        told(evening.ben.click_label(&card, "5 ★").await).await;
        told(evening.ada.click_label(&card, "3 ★").await).await;
        evening
            .until(&card, |card| words(card).contains("★ 4.0 from 2 ratings"))
            .await;

        let gone = evening.click(&evening.ada, &mine, "Remove my rating").await;
        assert_says(&gone, "is gone");
        let by_command = rate(&evening, &evening.ada, "film 1", 1).await;
        assert_says_aside(&by_command, "★ 3.0 from 2 ratings");
        let shown = list(&evening, 1).await;
        assert_shows(&shown, "★ 3.0 from 2 ratings");

        let never = rate(&evening, &evening.ada, "tt9000002", 5).await;
        assert_says_aside(&never, "not in the history");
        for forged in ["m1.wr.1.4", "m1.wr.1.6", "m1.wx.1"] {
            let refused = evening.ada.click_forged(&card, forged).await;
            assert!(evening.answer(refused).await.is_ephemeral(), "{forged}");
        }
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM ratings").await, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn members_cannot_write_the_history() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let card = add(&evening, &evening.olga, "tt9000001", None).await;
        let undo = &card.button_labelled("Undo").expect("a button").custom_id;
        let refusals = [
            add(&evening, &evening.ben, "tt9000001", Some("yesterday")).await,
            remove(&evening, &evening.ben, "tt9000001").await,
            evening.answer(evening.ben.click_forged(&card, undo).await).await,
        ];
        for refused in refusals {
            assert_says_aside(&refused, "Only organizers");
        }
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM watched").await, 1);
        let audit = evening.command(&evening.olga, "audit").await;
        assert_shows(&audit, "marked **Film 1** as watched");
        evening
    })
    .await;
}

#[tokio::test]
async fn two_hundred_films_are_paged_and_sorted() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let empty = list(&evening, 1).await;
        assert_says(&empty, "Nothing yet");
        evening.propose(&evening.ada, "tt9000001").await;
        evening
            .database
            .run_sql(
                "INSERT INTO films (id, guild_id, title, title_key, created_at)
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
                 SELECT i, (SELECT guild_id FROM guilds), 'Night ' || i || ' ' || replace(hex(zeroblob(195)), '00', 'x '),
                        'night ' || i, 0 FROM n",
            )
            .await;
        evening
            .database
            .run_sql(
                "INSERT INTO watched (id, guild_id, film_id, watched_on, added_by, added_at)
                 SELECT id, guild_id, id, 20000 + id, 1, 0 FROM films WHERE guild_id IS NOT NULL",
            )
            .await;
        let first = list(&evening, 1).await;
        assert_shows(&first, "Night 200 ");
        assert_shows(&first, "Page 1 of 20 · 200 entries");
        let turned = evening.ben.click_label(&first, "▶").await;
        let second = evening.answer(turned).await;
        assert_eq!(second.id(), first.id(), "in place");
        assert_shows(&second, "Night 190 ");
        let beyond = list(&evening, 999).await;
        assert_shows(&beyond, "Page 20 of 20");
        assert_shows(&beyond, "Night 1 ");

        let offered = evening.ada.autocomplete(&evening.channel, "watched rate", "movie", "night 77");
        let offered = offered.await.expect("suggestions");
        let value = offered[0].value.as_str().expect("a text");
        rate(&evening, &evening.ada, value, 5).await;
        let best = evening.click(&evening.ben, &second, "Best first").await;
        let text = words(&best);
        assert!(text.contains("**Night 77 ") && text.contains("the best first"), "{text}");
        evening
    })
    .await;
}

#[tokio::test]
async fn proposing_a_watched_film_asks_first_and_keeps_the_pitch() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let card = add(&evening, &evening.olga, "tt9000001", None).await;
        told(evening.ada.click_label(&card, "5 ★").await).await;
        let ask = async || {
            let asked = evening.propose_with(&evening.ben, "tt9000001", "With the sound on.");
            asked.await
        };
        let asked = ask().await;
        assert_says_aside(&asked, "was watched here on");
        assert_says(&asked, "★ 5.0 from 1 rating");
        let left = evening.click(&evening.ben, &asked, "No").await;
        assert_eq!(left.content(), "Not proposed.");
        assert!(left.buttons().is_empty());
        assert_eq!(in_state(&evening, "active").await, 0);

        let asked = ask().await;
        let yes = &asked
            .button_labelled("Propose again")
            .expect("a button")
            .custom_id;
        let stranger = evening.ada.click_forged(&asked, yes).await;
        let stranger = evening.answer(stranger).await;
        assert_says(&stranger, "too old");
        // The forged click redrew the message, which no stranger can see; Ben asks once more.
        let asked = ask().await;
        let card = following(evening.ben.click_label(&asked, "Propose again").await).await;
        assert!(!card.is_ephemeral());
        assert_shows(&card, "With the sound on.");
        assert_eq!(in_state(&evening, "active").await, 1);
        // It is up now: from here on a vote for it is offered.
        let again = evening.propose(&evening.ada, "tt9000001").await;
        assert_says(&again, "already proposed");
        let shown = evening.ask(&evening.ben, "movie", "movie", "tt9000001").await;
        assert_shows(&shown, "was watched here on");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_without_identity_is_known_again_by_its_title() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.propose(&evening.ada, "Grandma's tape").await;
        let card = add(&evening, &evening.olga, "grandma's TAPE", None).await;
        assert_says(&card, "leaves the vote");
        let asked = evening.propose(&evening.ben, "Grandma's Tape").await;
        assert_says(&asked, "Propose it again?");
        let card = following(evening.ben.click_label(&asked, "Propose again").await).await;
        assert_eq!(card.embed(0).title(), Some("Grandma's Tape"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_pick_that_waits_for_its_night_is_asked_about_too() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 1").await;
        close_round(&evening).await;
        let asked = evening.propose(&evening.ben, "tt9000001").await;
        assert_says_aside(&asked, "was picked in round 1");
        let shown = evening.ask(&evening.ben, "movie", "movie", "tt9000001").await;
        assert_shows(&shown, "waits for its night");
        evening
    })
    .await;
}
