//! The evening as it should go: propose, poll, vote.

use crate::harness::evening::{Evening, line_of, titles, words};
use crate::harness::providers::FakeFilms;

#[tokio::test]
async fn friends_propose_films_see_the_poll_and_vote() {
    Evening::with(FakeFilms::start(), |evening| async {
        evening.knows("tt0078748", "Alien", 1979);
        evening.knows("tt0133093", "The Matrix", 1999);

        let card = evening
            .propose_with(&evening.ada, "tt0078748", "In space, with the lights off.")
            .await;
        assert!(!card.is_ephemeral(), "everybody sees what is proposed");
        assert!(words(&card).contains("Alien"), "{card:?}");
        assert!(words(&card).contains("1 of 10"), "{card:?}");
        evening
            .propose(
                &evening.ben,
                "https://m.imdb.com/title/tt0133093/?ref_=ext_shr_lnk",
            )
            .await;

        let poll = evening.poll(&evening.ada).await;
        assert_eq!(titles(&poll), ["1. Alien (1979)", "2. The Matrix (1999)"]);
        assert!(poll.embed(0).thumbnail().is_some(), "posters are shown");
        assert!(line_of(&poll, "Alien").contains("In space, with the lights off."));

        evening.vote(&evening.ben, &poll, "The Matrix").await;
        let poll = evening
            .until(&poll, |poll| titles(poll)[0].contains("The Matrix"))
            .await;
        assert!(
            line_of(&poll, "The Matrix").contains("1 vote"),
            "the leader comes first"
        );

        evening.vote(&evening.ada, &poll, "The Matrix").await;
        let poll = evening
            .until(&poll, |poll| line_of(poll, "The Matrix").contains("2 votes"))
            .await;

        evening.vote(&evening.ada, &poll, "The Matrix").await;
        evening
            .until(&poll, |poll| line_of(poll, "The Matrix").contains("1 vote"))
            .await;
        evening
    })
    .await;
}
