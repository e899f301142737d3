//! Proposing: every way to name a film, and films that are proposed already.

use marquee::domain::film::Source;

use crate::harness::evening::{Evening, Setting, line_of, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::assert_says;

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
async fn links_to_other_sites_are_resolved_without_any_key() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0307479", "Solaris", 2002);
        evening.knows("tt0078748", "Alien", 1979);
        for (form, id) in [
            ("https://letterboxd.com/film/solaris/", "tt0307479"),
            ("https://www.themoviedb.org/movie/78748-alien", "tt0078748"),
        ] {
            let card = evening.propose(&evening.ada, form).await;
            assert!(!card.is_ephemeral(), "{form}: {card:?}");
            assert_eq!(
                card.embed(0).url(),
                Some(&*format!("https://www.imdb.com/title/{id}/"))
            );
        }
        let offer = evening
            .propose(&evening.ben, "https://letterboxd.com/someone/film/solaris/")
            .await;
        assert!(offer.content().contains("**Solaris** is already proposed"));
        assert_eq!(evening.films.calls_of(Source::Wikidata).len(), 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_bare_year_tells_films_apart_unless_it_is_part_of_a_title() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0044121", "The Thing", 1951);
        evening.knows("tt0084787", "The Thing", 1982);
        evening.knows("tt0083658", "Blade Runner", 1982);
        evening.knows("tt1856101", "Blade Runner 2049", 2017);
        for (typed, id) in [
            ("The Thing 1982", "tt0084787"),
            ("Blade Runner 2049", "tt1856101"),
            ("blade runner 1982", "tt0083658"),
        ] {
            let card = evening.propose(&evening.ada, typed).await;
            let page = format!("https://www.imdb.com/title/{id}/");
            assert_eq!(card.embed(0).url(), Some(&*page), "{typed}");
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
        assert_says(&told, "you vote for it");
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
        let (_, card) = evening.propose_elsewhere("tt9000001").await;
        assert!(!card.is_ephemeral(), "{card:?}");
        assert_eq!(evening.films.calls_for(&"tt9000001".parse().expect("an id")), 1);
        evening
    })
    .await;
}

/// How many proposals the database has.
async fn proposals(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM proposals").await
}
