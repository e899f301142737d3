//! What is not proposed, and what is said then; and text that is meant to do harm.

use std::time::Duration;

use discord_sim::AnswerKind;

use crate::harness::evening::{Evening, PATIENCE, words};
use crate::harness::providers::{Behaviour, FakeFilms, Film};
use crate::harness::telling::{assert_says, assert_says_aside, assert_shows};

/// Text that pings, formats, links and hides, if it is let.
const HOSTILE: &str = "@everyone **bold** [click](https://evil.example) <@&1> ||x|| `c` # big\u{202e}";

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
        assert_says_aside(&refused, "10 films");
        assert_says(&refused, "/withdraw");
        assert_eq!(
            evening.films.calls_for(&"tt9000011".parse().expect("an id")),
            0,
            "what is refused anyway is not looked up"
        );

        evening.ask(&evening.ada, "withdraw", "movie", "tt9000003").await;
        let card = evening.propose(&evening.ada, "tt9000011").await;
        assert_shows(&card, "10 of 10");
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
async fn twelve_proposals_at_once_stay_within_the_limit() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        let ids: Vec<String> = (1..=12).map(|n| format!("tt{}", 9_000_000 + n)).collect();
        let all = ids.iter().map(|id| async {
            let slash = evening.ada.slash(&evening.channel, "propose");
            let sent = slash.string("movie", id).send().await.expect("a command");
            sent.settled(PATIENCE).await.expect("an answer");
        });
        futures::future::join_all(all).await;
        assert_eq!(proposals(&evening).await, 10);
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
            ("tt0903747", "**Breaking Bad** is a series"),
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
        let slow = Duration::from_secs(1);
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

/// Whether `raw` stands in the text with none of its characters escaped.
fn unescaped(text: &str, raw: &str) -> bool {
    text.match_indices(raw).any(|(at, _)| !text[..at].ends_with('\\'))
}

/// How many proposals the database has.
async fn proposals(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM proposals").await
}
