//! The other commands: withdrawing, a film's card, the ballot, help, and the message command.

use discord_sim::Message;
use serde_json::{Value, json};

use crate::harness::evening::{Evening, PATIENCE, line_of, titles, words};
use crate::harness::providers::{Behaviour, FakeFilms};
use crate::harness::telling::{assert_says, assert_says_aside, assert_shows};

#[tokio::test]
async fn the_commands_are_registered_with_words_for_everything() {
    Evening::with(FakeFilms::start(), |evening| async {
        let commands = evening.sim.commands();
        let mut names: Vec<&str> = commands
            .iter()
            .filter_map(|command| command["name"].as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "Propose this movie",
                "about",
                "audit",
                "help",
                "limit",
                "movie",
                "pick",
                "poll",
                "propose",
                "results",
                "round",
                "settings",
                "vote",
                "watched",
                "withdraw"
            ]
        );
        let described = |part: &Value| {
            part["description"]
                .as_str()
                .is_some_and(|text| text.chars().count() >= 10)
        };
        for command in commands.iter().filter(|command| command["type"] == 1) {
            assert!(described(command), "{command}");
            for option in command["options"].as_array().into_iter().flatten() {
                assert!(described(option), "{option}");
            }
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_is_withdrawn_by_its_proposer_however_it_is_named() {
    Evening::with(FakeFilms::with_films(4), |evening| async {
        for (id, named) in [
            ("tt9000001", "tt9000001"),
            ("tt9000002", "https://m.imdb.com/title/tt9000002/"),
            ("tt9000003", "film 3"),
            ("tt9000004", "Film 4 (1990)"),
        ] {
            evening.propose(&evening.ada, id).await;
            let taken = evening.ask(&evening.ada, "withdraw", "movie", named).await;
            assert!(!taken.is_ephemeral(), "{named}: {taken:?}");
            assert!(
                taken.content().contains("the slot is free again"),
                "{named}: {}",
                taken.content()
            );
        }
        let told = evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        assert_says_aside(&told, "not proposed here");
        evening
    })
    .await;
}

#[tokio::test]
async fn the_suggestions_of_withdraw_are_ones_own_and_can_be_picked() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        evening.propose(&evening.ben, "tt9000002").await;
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "withdraw", "movie", "")
            .await
            .expect("suggestions");
        let names: Vec<&str> = offered.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(names, ["Film 1 (1990)"]);
        let pick = offered[0].value.as_str().expect("a text");
        let taken = evening.ask(&evening.ada, "withdraw", "movie", pick).await;
        assert_says(&taken, "Film 1");
        assert!(!taken.is_ephemeral());
        let offered = evening
            .olga
            .autocomplete(&evening.channel, "withdraw", "movie", "film")
            .await
            .expect("suggestions");
        assert_eq!(offered.len(), 1, "an organizer is offered everybody's");
        evening
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_film_is_taken_out_by_an_organizer_alone() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let refused = evening.ask(&evening.ben, "withdraw", "movie", "tt9000001").await;
        assert_says_aside(&refused, "organizer");
        let removed = evening.ask(&evening.olga, "withdraw", "movie", "tt9000001").await;
        assert!(!removed.is_ephemeral());
        let by = format!("proposed by <@{}>", evening.ada.id());
        assert!(removed.content().contains(&by), "{removed:?}");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_that_was_withdrawn_can_be_proposed_again_by_anybody() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        evening.until(&poll, |poll| poll.embeds().is_empty()).await;
        let card = evening.propose(&evening.olga, "tt9000001").await;
        assert!(!card.is_ephemeral(), "{card:?}");
        // A vote names the film and the round: who wanted to watch it still does.
        evening
            .until(&poll, |poll| {
                titles(poll) == ["1. Film 1 (1990)"] && line_of(poll, "Film 1").contains("1 vote")
            })
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_card_tells_whether_its_film_is_proposed() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        let card = evening.ask(&evening.ben, "movie", "movie", "alien").await;
        assert!(!card.is_ephemeral());
        let said = words(&card);
        for part in [
            "Alien (1979)",
            "★ 8.1 IMDb · 2 h 22 min · Drama, Crime",
            "Directed by Ada Director",
            "What happens in Alien.",
            "Not proposed here",
            "Cinemeta",
        ] {
            assert!(said.contains(part), "{part:?} is missing in {said}");
        }
        assert!(card.embed(0).image().is_some());
        assert!(card.button_labelled("Vote for it").is_none());
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM proposals").await, 0);

        evening.propose(&evening.ada, "tt0078748").await;
        let card = evening
            .ask(
                &evening.ben,
                "movie",
                "movie",
                "https://letterboxd.com/imdb/tt0078748",
            )
            .await;
        let proposed = format!("**Proposed here** by <@{}>", evening.ada.id());
        assert!(words(&card).contains(&proposed), "{card:?}");
        let sent = evening.ben.click_label(&card, "Vote for it").await;
        let voted = evening.answer(sent).await;
        assert_says_aside(&voted, "You vote for");
        assert_eq!(
            evening.films.calls_for(&"tt0078748".parse().expect("an id")),
            1,
            "a film is looked up once a day"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn a_card_of_several_films_asks_which_and_shows_the_one_chosen() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening.ask(&evening.ada, "movie", "movie", "the thing").await;
        assert!(choice.is_ephemeral());
        let menu = &choice.selects()[0].custom_id;
        let sent = evening.ada.select(&choice, menu, &["tt0084787"]).await;
        let card = evening.answer(sent).await;
        assert!(card.is_ephemeral(), "it was asked about privately");
        assert_eq!(card.embed(0).title(), Some("The Thing (1982)"));
        assert!(card.selects().is_empty());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_card_of_no_film_is_refused_privately() {
    Evening::with(FakeFilms::start(), |evening| async {
        for (named, told) in [
            ("tt0000404", "No film database knows `tt0000404`"),
            ("Our Holiday", "No film database knows a film of that title"),
            ("https://www.imdb.com/chart/top", "not a film's page"),
            ("https://evil.example/", "not one of IMDb"),
        ] {
            let refused = evening.ask(&evening.ada, "movie", "movie", named).await;
            assert!(refused.is_ephemeral(), "{named}");
            assert!(refused.content().contains(told), "{named}: {}", refused.content());
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn about_asks_nobody_and_tells_how_the_film_databases_are() {
    Evening::with(FakeFilms::start(), |evening| async {
        let (about, cost) = evening.cost(evening.command(&evening.ada, "about")).await;
        assert!(about.is_ephemeral());
        let said = words(&about);
        for part in [
            env!("CARGO_PKG_VERSION"),
            "**Cinemeta** answers",
            "Privacy",
            "Stremio",
        ] {
            assert!(said.contains(part), "{part:?} is missing in {said}");
        }
        assert_eq!((cost.statements, cost.film_calls, cost.requests), (0, 0, 1));
        evening
    })
    .await;
}

#[tokio::test]
async fn help_explains_everything_and_each_command() {
    Evening::with(FakeFilms::start(), |evening| async {
        let overview = evening.command(&evening.ada, "help").await;
        assert!(overview.is_ephemeral());
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "help", "command", "/")
            .await
            .expect("suggestions");
        let commands = evening.sim.commands();
        let slash = commands.iter().filter(|command| command["type"] == 1);
        assert_eq!(offered.len(), slash.count(), "{offered:?}");
        for command in &offered {
            assert!(words(&overview).contains(&command.name), "{command:?}");
            let name = command.value.as_str().expect("a text");
            let help = evening.ask(&evening.ada, "help", "command", name).await;
            assert!(help.is_ephemeral());
            if name != "help" {
                assert_eq!(help.embed(0).title(), Some(&*command.name));
                assert_ne!(words(&help), words(&overview), "{name} has words of its own");
            }
        }
        let unknown = evening.ask(&evening.ada, "help", "command", "@everyone").await;
        assert_eq!(words(&unknown), words(&overview));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_that_somebody_linked_is_proposed_from_the_message() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0090605", "Aliens", 1986);
        let said = say(
            &evening,
            "@everyone watch https://www.youtube.com/watch?v=x or <https://www.imdb.com/title/tt0078748/>!",
        );
        let card = from_message(&evening, &said).await;
        assert!(!card.is_ephemeral());
        assert_eq!(card.embed(0).title(), Some("Alien (1979)"));
        assert!(
            card.content().contains(&format!("<@{}>", evening.ada.id())),
            "whoever used the command proposes: {}",
            card.content()
        );
        let again = from_message(&evening, &said).await;
        assert!(again.is_ephemeral());
        assert!(again.button_labelled("Vote for it").is_some());

        let bare = say(&evening, "what about tt0090605?");
        let card = from_message(&evening, &bare).await;
        assert_eq!(card.embed(0).title(), Some("Aliens (1986)"));

        // The bot's own card links to its film as well.
        let again = from_message(&evening, &card).await;
        assert_says_aside(&again, "**Aliens** is already proposed");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_message_without_a_film_is_refused_privately() {
    Evening::with(FakeFilms::start(), |evening| async {
        for text in [
            "Alien",
            "@everyone",
            "https://www.imdb.com/name/nm0000151/",
            "https://www.imdb.com.evil.example/title/tt0078748/",
            "http://",
            "tt",
        ] {
            let said = say(&evening, text);
            let refused = from_message(&evening, &said).await;
            assert!(refused.is_ephemeral(), "{text}");
            assert!(refused.content().contains("/propose"), "{text}: {refused:?}");
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_card_whose_film_database_is_down_says_so_and_stands() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.films.behave(&Behaviour::status(500, "oops"));
        let card = evening.ask(&evening.ada, "movie", "movie", "tt0078748").await;
        assert!(!card.is_ephemeral(), "{card:?}");
        assert_eq!(card.embed(0).title(), Some("tt0078748"));
        assert_eq!(card.embed(0).url(), Some("https://www.imdb.com/title/tt0078748/"));
        evening.films.behave(&Behaviour::Fine);
        let card = card
            .wait_until(|card| card.embed(0).title() == Some("Alien (1979)"), PATIENCE * 3)
            .await;
        assert!(card.is_ok(), "the details come late: {card:?}");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_command_that_the_bot_no_longer_has_is_answered_with_help() {
    Evening::with(FakeFilms::start(), |evening| async {
        let address = format!(
            "{}/api/v10/applications/{}/commands",
            evening.sim.base_url(),
            evening.sim.application_id()
        );
        let client = reqwest::Client::builder().build().expect("a client");
        let registered = client
            .post(address)
            .header("Authorization", format!("Bot {}", evening.sim.token()))
            .json(&json!({"name": "nominate", "description": "As it was called before", "type": 1}))
            .send()
            .await
            .expect("an answer");
        assert!(registered.status().is_success(), "{registered:?}");
        let help = evening.command(&evening.ada, "nominate").await;
        assert!(help.is_ephemeral());
        assert_shows(&help, "/propose");
        evening
    })
    .await;
}

/// Ben writes this.
fn say(evening: &Evening, text: &str) -> Message {
    evening.ben.say(&evening.channel, text).expect("a message")
}

/// Ada uses the message's command; what came of it.
async fn from_message(evening: &Evening, message: &Message) -> Message {
    evening.clock.advance_ms(1_000);
    let sent = evening.ada.message_command(message, "Propose this movie").await;
    evening.answer(sent).await
}
