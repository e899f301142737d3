//! Proposing: every way to name a film, the choice among several, duplicates, limits, and hostile text.

use std::time::Duration;

use discord_sim::AnswerKind;
use marquee::domain::film::Source;

use crate::harness::evening::{Evening, PATIENCE, Setting, line_of, titles, words};
use crate::harness::providers::{Behaviour, FakeFilms, Film};

/// Text that pings, formats, links and hides, if it is let.
const HOSTILE: &str = "@everyone **bold** [click](https://evil.example) <@&1> ||x|| `c` # big\u{202e}";

#[tokio::test]
async fn every_form_of_a_link_proposes_the_film() {
    let setting = Setting {
        providers: vec![Source::Tmdb, Source::Cinemeta],
        ..Setting::new(FakeFilms::start())
    };
    Evening::set(setting, |evening| async {
        let forms = [
            ("tt0078748", "tt0078748"),
            ("tt0078749", " TT0078749 "),
            ("tt0078750", "https://www.imdb.com/title/tt0078750/"),
            (
                "tt0078751",
                "https://m.imdb.com/title/tt0078751/?ref_=ext_shr_lnk",
            ),
            ("tt0078752", "<https://www.imdb.com/de/title/tt0078752/>"),
            ("tt0078753", "imdb.com/title/tt0078753"),
            (
                "tt0078754",
                "Look: https://www.imdb.com/title/tt0078754/reviews, please!",
            ),
            ("tt0078755", "https://letterboxd.com/imdb/tt0078755"),
            ("tt0078756", "https://www.themoviedb.org/movie/78756-a-film"),
            ("tt0078757", "https://letterboxd.com/tmdb/78757"),
        ];
        for (at, (id, form)) in forms.iter().enumerate() {
            let title = format!("Film {id}");
            evening.knows(id, &title, 1979);
            let card = evening.propose(&evening.ada, form).await;
            assert!(!card.is_ephemeral(), "{form}: {card:?}");
            assert_eq!(card.embed(0).title(), Some(&*format!("{title} (1979)")), "{form}");
            assert_eq!(
                card.embed(0).url(),
                Some(&*format!("https://www.imdb.com/title/{id}/")),
                "{form}"
            );
            assert!(words(&card).contains(&format!("{} of 10", at + 1)), "{form}");
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn autocomplete_offers_title_year_and_rating_and_the_pick_proposes() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0090605", "Aliens", 1986);
        let offered = evening
            .ada
            .autocomplete(&evening.channel, "propose", "movie", "ali")
            .await
            .expect("suggestions");
        let names: Vec<&str> = offered.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(
            names,
            ["Alien (1979)", "Aliens (1986)"],
            "the search knows no ratings"
        );

        let pick = offered[1].value.as_str().expect("a text");
        let card = evening.propose(&evening.ada, pick).await;
        assert_eq!(card.embed(0).title(), Some("Aliens (1986)"));

        // What the database knows by now has its rating too.
        let offered = evening
            .ben
            .autocomplete(&evening.channel, "propose", "movie", "aliens")
            .await
            .expect("suggestions");
        assert_eq!(offered[0].name, "Aliens (1986) ★ 8.1");
        assert_eq!(offered.len(), 1, "no film is offered twice");
        evening
    })
    .await;
}

#[tokio::test]
async fn autocomplete_answers_in_time_when_the_film_databases_do_not() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        evening.films.behave(&Behaviour::Hang);
        let offered = evening
            .ben
            .autocomplete(&evening.channel, "propose", "movie", "alien")
            .await
            .expect("suggestions");
        assert_eq!(
            offered.len(),
            1,
            "what the database knows is offered all the same"
        );
        for odd in ["", " ", "@everyone", "https://evil.example/", "\u{202e}", "💥💥"] {
            evening
                .ben
                .autocomplete(&evening.channel, "propose", "movie", odd)
                .await
                .unwrap_or_else(|error| panic!("{odd:?}: {error}"));
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_that_one_film_has_proposes_it() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0090605", "Aliens", 1986);
        let card = evening.propose(&evening.ada, "  alien ").await;
        assert_eq!(card.embed(0).title(), Some("Alien (1979)"));
        assert_eq!(card.embed(0).url(), Some("https://www.imdb.com/title/tt0078748/"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_of_several_films_is_asked_about_and_the_choice_proposes() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening
            .propose_with(&evening.ada, "The Thing", "In the snow.")
            .await;
        assert!(choice.is_ephemeral(), "only Ada is asked");
        let menu = &choice.selects()[0];
        let labels: Vec<&str> = menu.options.iter().map(|option| option.label.as_str()).collect();
        assert_eq!(labels, ["The Thing (1951)", "The Thing (1982)"]);

        let chosen = evening
            .ada
            .select(&choice, &menu.custom_id, &["tt0084787"])
            .await
            .expect("a choice");
        let cards = chosen.wait_followups(1, PATIENCE).await.expect("a card");
        assert!(!cards[0].is_ephemeral(), "everybody sees what is proposed");
        assert_eq!(cards[0].embed(0).title(), Some("The Thing (1982)"));
        assert!(
            words(&cards[0]).contains("In the snow."),
            "the pitch is not lost on the way"
        );
        let settled = evening.until(&choice, |choice| choice.selects().is_empty()).await;
        assert!(
            settled.buttons().is_empty(),
            "the choice is made once: {settled:?}"
        );

        let again = evening
            .ada
            .select_forged(&choice, &menu.custom_id, &["tt0044121"])
            .await;
        let again = evening.answer(again).await;
        assert!(again.content().contains("too old"), "{}", again.content());
        let poll = evening.poll(&evening.ben).await;
        assert_eq!(titles(&poll), ["1. The Thing (1982)"]);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_year_in_the_title_tells_films_apart() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let card = evening.propose(&evening.ada, "The Thing (1982)").await;
        assert_eq!(card.embed(0).url(), Some("https://www.imdb.com/title/tt0084787/"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_title_can_be_proposed_as_typed_when_no_film_of_the_list_is_meant() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0090605", "Aliens", 1986);
        let choice = evening.propose_with(&evening.ada, "Alien", "Our own cut.").await;
        assert!(choice.is_ephemeral());
        let typed = choice
            .button_labelled("Propose “Alien” as typed")
            .expect("a way out");
        let sent = evening
            .ada
            .click(&choice, &typed.custom_id)
            .await
            .expect("a click");
        let cards = sent.wait_followups(1, PATIENCE).await.expect("a card");
        assert_eq!(cards[0].embed(0).title(), Some("Alien"));
        assert_eq!(cards[0].embed(0).url(), None, "nobody knows its page");
        assert!(words(&cards[0]).contains("Our own cut."));
        evening
    })
    .await;
}

#[tokio::test]
async fn the_choice_of_another_member_cannot_be_used() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        let choice = evening.propose(&evening.ada, "The Thing").await;
        let menu = &choice.selects()[0].custom_id;
        let forged = evening.ben.select_forged(&choice, menu, &["tt0084787"]).await;
        let answer = evening.answer(forged).await;
        assert!(answer.content().contains("Use `/propose` again"), "{answer:?}");
        assert_eq!(proposals(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_that_nobody_knows_is_proposed_by_its_title() {
    Evening::with(FakeFilms::start(), |evening| async {
        let card = evening.propose(&evening.ada, "Our Holiday in 1994").await;
        assert!(!card.is_ephemeral());
        assert_eq!(card.embed(0).title(), Some("Our Holiday in 1994"));
        let poll = evening.poll(&evening.ben).await;
        assert_eq!(titles(&poll), ["1. Our Holiday in 1994"]);
        evening.vote(&evening.ben, &poll, "Our Holiday").await;
        evening
            .until(&poll, |poll| line_of(poll, "Our Holiday").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn what_is_proposed_already_is_offered_for_a_vote_that_counts_once() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        let poll = evening.poll(&evening.ada).await;
        for form in [
            "tt0078748",
            "https://m.imdb.com/title/tt0078748/",
            "https://letterboxd.com/imdb/tt0078748",
            "alien",
            "Alien (1979)",
        ] {
            let offer = evening.propose(&evening.ben, form).await;
            assert!(offer.is_ephemeral(), "{form}");
            assert!(
                offer.content().contains("**Alien** is already proposed"),
                "{form}: {}",
                offer.content()
            );
            let labels: Vec<String> = offer.buttons().into_iter().map(|b| b.label).collect();
            assert_eq!(labels, ["Vote for it"], "{form}");
        }

        let offer = evening.propose(&evening.ben, "tt0078748").await;
        for _ in 0..2 {
            let sent = evening.ben.click_label(&offer, "Vote for it").await;
            let voted = evening.answer(sent).await;
            assert!(voted.is_ephemeral());
            assert!(voted.content().contains("You vote for **Alien (1979)**"));
        }
        evening
            .until(&poll, |poll| line_of(poll, "Alien").contains("1 vote"))
            .await;

        let told = evening.propose(&evening.ben, "tt0078748").await;
        assert!(told.content().contains("you vote for it"), "{}", told.content());
        assert!(told.button_labelled("Vote for it").is_none());
        assert_eq!(proposals(&evening).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_typed_title_is_not_proposed_twice_however_it_is_written() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.propose(&evening.ada, "Our Holiday").await;
        for form in ["our holiday", "  OUR   HOLIDAY!", "**Our Holiday**"] {
            let offer = evening.propose(&evening.ben, form).await;
            assert!(offer.is_ephemeral(), "{form}");
            assert!(
                offer.button_labelled("Vote for it").is_some(),
                "{form}: {offer:?}"
            );
        }
        assert_eq!(proposals(&evening).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn two_members_who_propose_a_film_at_once_propose_it_once() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        let (one, other) = tokio::join!(
            evening.propose(&evening.ada, "tt0078748"),
            evening.propose(&evening.ben, "https://www.imdb.com/title/tt0078748"),
        );
        let private = [&one, &other].into_iter().filter(|m| m.is_ephemeral()).count();
        assert_eq!(private, 1, "one is told to vote: {one:?} {other:?}");
        assert_eq!(proposals(&evening).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn the_limit_of_ten_says_what_to_do_and_a_withdrawal_makes_room() {
    Evening::with(FakeFilms::with_films(11), |evening| async {
        for n in 1..=10 {
            let card = evening
                .propose(&evening.ada, &format!("tt{}", 9_000_000 + n))
                .await;
            assert!(words(&card).contains(&format!("{n} of 10")), "{card:?}");
        }
        let refused = evening.propose(&evening.ada, "tt9000011").await;
        assert!(refused.is_ephemeral());
        assert!(refused.content().contains("10 films"), "{}", refused.content());
        assert!(refused.content().contains("/withdraw"), "{}", refused.content());
        assert_eq!(
            evening.films.calls_for(&"tt9000011".parse().expect("an id")),
            0,
            "what is refused anyway is not looked up"
        );

        evening.ask(&evening.ada, "withdraw", "movie", "tt9000003").await;
        let card = evening.propose(&evening.ada, "tt9000011").await;
        assert!(words(&card).contains("10 of 10"), "{card:?}");
        let other = evening.propose(&evening.ben, "tt9000003").await;
        assert!(
            words(&other).contains("1 of 10"),
            "everybody has slots of their own: {other:?}"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn what_is_no_film_is_refused_privately_with_what_to_do() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.films.add(Film {
            series: true,
            ..Film::new("tt0903747", "Breaking Bad", 2008)
        });
        for (form, told) in [
            ("tt0000404", "No film database knows `tt0000404`"),
            ("tt0903747", "No film database knows `tt0903747`"),
            ("https://www.imdb.com/name/nm0000151/", "not a film's page"),
            ("https://www.imdb.com/title/tt12/", "not a film's page"),
            ("https://www.themoviedb.org/tv/1396", "not a film's page"),
            ("https://evil.example/title/tt0078748/", "not one of IMDb"),
            (
                "https://www.imdb.com.evil.example/title/tt0078748",
                "not one of IMDb",
            ),
            ("https://letterboxd.com/film/alien/", "could not be found out"),
            (
                "https://www.themoviedb.org/movie/404404",
                "could not be found out",
            ),
            ("\u{202e}\u{200b}  ", "no title in that"),
        ] {
            let refused = evening.propose(&evening.ada, form).await;
            assert!(refused.is_ephemeral(), "{form}: {refused:?}");
            assert!(refused.content().contains(told), "{form}: {}", refused.content());
        }
        assert_eq!(proposals(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_refusal_stays_private_when_the_film_databases_were_slow() {
    Evening::with(FakeFilms::start(), |evening| async {
        let slow = Duration::from_millis(1_000);
        evening.films.behave(&Behaviour::Delay(slow));
        let sent = evening
            .ada
            .slash(&evening.channel, "propose")
            .string("movie", "tt0000404")
            .send()
            .await
            .expect("a command");
        let first = sent.first().await.expect("an answer");
        assert_eq!(first.kind, AnswerKind::DeferredMessage);
        let told = sent.wait_followups(1, PATIENCE).await.expect("a refusal");
        assert!(told[0].is_ephemeral(), "{:?}", told[0]);
        assert!(told[0].content().contains("No film database knows"));
        assert!(
            evening.channel.messages().is_empty(),
            "nothing is left for everybody: {:?}",
            evening.channel.messages()
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn hostile_titles_and_pitches_stay_text() {
    Evening::with(FakeFilms::start(), |evening| async {
        let title: String = HOSTILE.chars().cycle().take(400).collect();
        let pitch: String =
            "@everyone **<@&1>** `x` ||y|| [a](https://b.example) \u{202e}\u{1f468}\u{200d}\u{1f469}"
                .chars()
                .cycle()
                .take(200)
                .collect();
        let card = evening.propose_with(&evening.ada, &title, &pitch).await;
        // A link among the words is what the member pasted: the rest alone is a title.
        assert!(card.is_ephemeral(), "a link to elsewhere is refused: {card:?}");

        let title: String = "@everyone **bold** <@&1> ||x|| `c` # big\u{202e} "
            .chars()
            .cycle()
            .take(400)
            .collect();
        let card = evening.propose_with(&evening.ada, &title, &pitch).await;
        assert!(!card.is_ephemeral(), "{card:?}");
        let poll = evening.poll(&evening.ben).await;
        for message in [&card, &poll] {
            let said = words(message);
            for raw in [" **", "||x||", "<@&1>", "](http", "\u{202e}", "# big"] {
                assert!(!unescaped(&said, raw), "{raw:?} is markup in {said}");
            }
            assert!(message.pings().is_empty());
            let shown = message
                .embed(0)
                .title()
                .unwrap_or_default()
                .encode_utf16()
                .count();
            assert!(shown <= 256, "{shown}");
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_database_can_no_more_ping_or_format_than_a_member() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.films.add(Film {
            plot: format!("{} @here", HOSTILE.repeat(60)),
            poster: "javascript:alert(1)".to_owned(),
            ..Film::new("tt0078748", &HOSTILE.repeat(8), 1979)
        });
        let card = evening.propose(&evening.ada, "tt0078748").await;
        let film = evening.ask(&evening.ben, "movie", "movie", "tt0078748").await;
        let poll = evening.poll(&evening.ben).await;
        for message in [&card, &film, &poll] {
            let said = words(message);
            for raw in ["||x||", "<@&1>", "](http", "\u{202e}", "# big"] {
                assert!(!unescaped(&said, raw), "{raw:?} is markup in {said}");
            }
            assert_eq!(message.embed(0).thumbnail().or(message.embed(0).image()), None);
            assert!(message.pings().is_empty());
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_pitch_of_two_hundred_characters_stands_in_the_poll() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        let pitch = "Why not? "
            .repeat(23)
            .trim_end()
            .chars()
            .take(200)
            .collect::<String>();
        evening.propose_with(&evening.ada, "tt9000001", &pitch).await;
        let poll = evening.poll(&evening.ben).await;
        assert!(line_of(&poll, "Film 1").contains(&pitch), "{poll:?}");
        let too_long = evening
            .ada
            .slash(&evening.channel, "propose")
            .string("movie", "tt9000001")
            .string("pitch", &"x".repeat(201))
            .send()
            .await;
        assert!(too_long.is_err(), "the client does not let more be typed");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_proposal_shows_in_the_poll_that_stands_already() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let poll = evening.poll(&evening.ada).await;
        evening.propose(&evening.ben, "tt9000002").await;
        let poll = evening.until(&poll, |poll| poll.embeds().len() == 2).await;
        assert_eq!(titles(&poll)[1], "2. Film 2 (1990)");
        evening
    })
    .await;
}

#[tokio::test]
async fn the_same_film_is_proposed_on_two_servers_and_looked_up_once() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        evening.propose(&evening.ada, "tt9000001").await;
        let elsewhere = evening.sim.add_guild("Another Club");
        let channel = elsewhere.add_channel("films");
        let cleo = elsewhere.add_member("Cleo");
        let sent = cleo
            .slash(&channel, "propose")
            .string("movie", "tt9000001")
            .send()
            .await;
        let card = evening.answer(sent).await;
        assert!(!card.is_ephemeral(), "{card:?}");
        assert_eq!(evening.films.calls_for(&"tt9000001".parse().expect("an id")), 1);
        evening
    })
    .await;
}

/// Whether `raw` stands in the text with none of its characters escaped.
fn unescaped(text: &str, raw: &str) -> bool {
    text.match_indices(raw).any(|(at, _)| !text[..at].ends_with('\\'))
}

/// How many proposals the database has.
async fn proposals(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM proposals").await
}
