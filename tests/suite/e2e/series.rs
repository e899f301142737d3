//! Series and their seasons: refused unless the server allows them, and proposals like any other then.

use marquee::domain::film::Source;

use crate::harness::evening::{Evening, Setting, titles, words};
use crate::harness::providers::{FakeFilms, Film};

const BREAKING_BAD: &str = "tt0903747";

/// Every form of naming the series or its second season.
const FORMS: [(&str, Option<u16>); 5] = [
    (BREAKING_BAD, None),
    ("https://www.imdb.com/title/tt0903747/", None),
    ("tt0903747 s2", Some(2)),
    ("https://www.imdb.com/title/tt0903747/ season 2", Some(2)),
    ("https://www.imdb.com/title/tt0903747/episodes/?season=2", Some(2)),
];

async fn evening(provider: Source) -> Evening {
    let evening = Evening::begin(Setting::new(FakeFilms::with_films(1)).asking(&[provider])).await;
    evening.films.add(Film {
        series: true,
        ..Film::new(BREAKING_BAD, "Breaking Bad", 2008)
    });
    // The server's row is there once somebody has proposed something.
    evening.propose(&evening.ada, "tt9000001").await;
    evening
}

async fn allow_series(evening: &Evening) {
    evening.database.run_sql("UPDATE guilds SET series = TRUE").await;
}

#[tokio::test]
async fn a_series_is_refused_and_the_refusal_says_who_can_allow_it() {
    for provider in [Source::Tmdb, Source::Omdb, Source::Cinemeta] {
        let evening = evening(provider).await;
        for (form, _) in FORMS {
            for command in ["propose", "movie"] {
                let told = evening.ask(&evening.ada, command, "movie", form).await;
                assert!(told.is_ephemeral(), "{form}: {told:?}");
                assert!(
                    told.content().contains("is a series"),
                    "{form}: {}",
                    told.content()
                );
                assert!(told.content().contains("/settings server"), "{}", told.content());
            }
        }
        assert_eq!(proposals(&evening).await, 1);
        evening.end().await;
    }
}

#[tokio::test]
async fn a_server_that_allows_series_proposes_them_and_their_seasons() {
    for provider in [Source::Tmdb, Source::Omdb, Source::Cinemeta] {
        let evening = evening(provider).await;
        allow_series(&evening).await;
        let card = evening.propose(&evening.ada, BREAKING_BAD).await;
        assert_eq!(card.embed(0).title(), Some("Breaking Bad (2008)"));
        let said = words(&card);
        assert!(said.contains("Series · 2008–2013 · 2 seasons"), "{said}");

        let card = evening.propose(&evening.ben, "tt0903747 s2").await;
        assert_eq!(card.embed(0).title(), Some("Breaking Bad, season 2 (2009)"));
        assert_eq!(
            card.embed(0).url(),
            Some("https://www.imdb.com/title/tt0903747/episodes/?season=2")
        );
        assert!(words(&card).contains("3 episodes"), "{}", words(&card));

        // Each is one proposal, however it is named.
        for (form, season) in FORMS {
            let offer = evening.propose(&evening.ada, form).await;
            let title = season.map_or("**Breaking Bad** is", |_| "**Breaking Bad, season 2** is");
            assert!(offer.content().contains(title), "{form}: {}", offer.content());
        }
        let unknown = evening.propose(&evening.ada, "tt0903747 s9").await;
        assert!(
            unknown.content().contains("No film database knows"),
            "{}",
            unknown.content()
        );

        let view = evening.view(&evening.ada).await;
        let shown = titles(&view.poll).join("\n");
        assert!(shown.contains("Breaking Bad, season 2 (2009)"), "{shown}");
        assert_eq!((view.cost.statements, view.cost.film_calls), (3, 0));
        evening.vote(&evening.ben, &view.poll, "season 2").await;
        evening.until_number("SELECT COUNT(*) FROM votes", 1).await;
        assert_eq!(proposals(&evening).await, 3);
        evening.end().await;
    }
}

#[tokio::test]
async fn a_series_that_was_allowed_once_keeps_its_card() {
    let evening = evening(Source::Cinemeta).await;
    allow_series(&evening).await;
    evening.propose(&evening.ada, BREAKING_BAD).await;
    evening.database.run_sql("UPDATE guilds SET series = FALSE").await;
    let card = evening.ask(&evening.ben, "movie", "movie", BREAKING_BAD).await;
    assert_eq!(card.embed(0).title(), Some("Breaking Bad (2008)"));
    evening.end().await;
}

async fn proposals(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM proposals").await
}
