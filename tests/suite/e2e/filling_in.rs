//! The private ballot of every method: choosing one or a few, giving stars, ranking; what happens to it meanwhile.

use discord_sim::{Actor, Message};

use super::polls::propose_all;
use crate::harness::evening::{Evening, button_of, line_of};
use crate::harness::providers::FakeFilms;
use crate::harness::stock::Stock;
use crate::harness::telling::{assert_says, assert_says_aside};

const SINGLE: i64 = 1;
const LIMITED: i64 = 2;
const STAR: i64 = 3;
const IRV: i64 = 4;

/// Has new rounds counted by this method.
async fn counted_by(evening: &Evening, method: i64) {
    let settings = evening.olga.slash(&evening.channel, "settings voting");
    evening
        .answer(settings.integer("method", method).send().await)
        .await;
}

/// Chooses these films in the ballot's menu, the first or a further one; the ballot then.
async fn choose(evening: &Evening, who: &Actor, ballot: &Message, menu: usize, films: &[&str]) -> Message {
    let menu = &ballot.selects()[menu];
    let value = |title: &&str| {
        let mut options = menu.options.iter();
        let found = options.find(|option| option.label.split(" (").next() == Some(title));
        found
            .unwrap_or_else(|| panic!("{title} is not offered"))
            .value
            .clone()
    };
    let values: Vec<String> = films.iter().map(value).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let sent = who.select(ballot, &menu.custom_id, &values).await;
    evening.answer(sent).await
}

async fn press(evening: &Evening, who: &Actor, ballot: &Message, label: &str) -> Message {
    evening.answer(who.click_label(ballot, label).await).await
}

/// The lines of a ranking or of given stars, as the ballot shows them.
fn marked(ballot: &Message) -> Vec<&str> {
    let marks = |line: &&str| {
        line.starts_with(|first: char| first.is_ascii_digit() && !line.contains("ranked"))
            || line.starts_with(['★', '☆'])
    };
    ballot.content().lines().filter(marks).collect()
}

fn is_saved(ballot: &Message) -> bool {
    assert_ne!(
        ballot.content().contains("Saved."),
        ballot.content().contains("Not saved yet"),
        "{}",
        ballot.content()
    );
    ballot.content().contains("Saved.")
}

async fn votes(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM votes").await
}

async fn drafts(evening: &Evening) -> i64 {
    evening
        .database
        .number("SELECT COUNT(*) FROM ballot_drafts")
        .await
}

#[tokio::test]
async fn a_ballot_stands_for_its_next_choice_once_its_first_is_withdrawn() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 3).await;
        let poll = evening.poll(&evening.ada).await;
        let ada = &evening.ada;
        let ballot = press(&evening, ada, &poll, "My ballot").await;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 3"]).await;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 1"]).await;
        press(&evening, ada, &ballot, "Save").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 3").contains("1 first choice"))
            .await;
        evening.ask(ada, "withdraw", "movie", "tt9000003").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("1 first choice"))
            .await;
        let ended = evening.command(&evening.olga, "round end").await;
        assert_says(&ended, "**Film 1 (1990)** won.");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_films_button_opens_the_ranking_which_counts_once_it_is_saved() {
    Evening::with(FakeFilms::with_films(4), |evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 4).await;
        let poll = evening.poll(&evening.ada).await;
        assert_says(&poll, "to rank the films");
        let sent = evening.ada.click(&poll, button_of(&poll, "Film 2")).await;
        let ballot = evening.answer(sent).await;
        assert!(ballot.is_ephemeral());
        assert_eq!(ballot.selects()[0].placeholder, "Your first choice");
        assert_eq!(votes(&evening).await, 0, "a click alone ranks nothing");

        let ada = &evening.ada;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 3"]).await;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 1"]).await;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 4"]).await;
        assert_eq!(
            marked(&ballot),
            ["1. Film 3 (1990)", "2. Film 1 (1990)", "3. Film 4 (1990)"]
        );
        assert!(!is_saved(&ballot));
        assert_eq!(votes(&evening).await, 0);

        let ballot = press(&evening, ada, &ballot, "Undo last").await;
        assert_eq!(marked(&ballot), ["1. Film 3 (1990)", "2. Film 1 (1990)"]);
        let ballot = choose(&evening, ada, &ballot, 1, &["Film 1"]).await;
        let ballot = press(&evening, ada, &ballot, "▲ Up").await;
        assert_eq!(marked(&ballot), ["1. Film 1 (1990)", "2. Film 3 (1990)"]);
        let ballot = press(&evening, ada, &ballot, "Save").await;
        assert!(is_saved(&ballot));
        assert_eq!((votes(&evening).await, drafts(&evening).await), (2, 0));
        let poll = evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("1 first choice"))
            .await;
        assert!(line_of(&poll, "Film 3").contains("no first choices"));
        assert_eq!(
            poll.buttons()[0].label,
            "1",
            "a number alone, since a click is no vote"
        );

        let again = press(&evening, ada, &poll, "My ballot").await;
        assert_eq!(
            marked(&again),
            ["1. Film 1 (1990)", "2. Film 3 (1990)"],
            "it opens as saved"
        );
        assert!(is_saved(&again));
        let changed = choose(&evening, ada, &again, 0, &["Film 2"]).await;
        assert!(!is_saved(&changed));
        let back = press(&evening, ada, &changed, "Discard changes").await;
        assert!(is_saved(&back));
        let cleared = press(&evening, ada, &back, "Clear my ballot").await;
        assert!(marked(&cleared).is_empty());
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("no first choices"))
            .await;
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn sixty_films_are_ranked_over_pages_and_nothing_is_lost() {
    Evening::with(FakeFilms::with_films(60), |evening| async {
        let stock = Stock::of(&evening.database).await;
        stock
            .propose(&evening.guild, &evening.films.ids(), 1_790_000_000)
            .await;
        let irv = "UPDATE rounds SET method = 'irv'";
        evening.database.run_sql(irv).await;
        let ada = &evening.ada;
        let first = evening.command(ada, "vote").await;
        assert_eq!(first.selects()[0].options.len(), 25);
        let later = press(&evening, ada, &first, "Later films ▶").await;
        let last = press(&evening, ada, &later, "Later films ▶").await;
        assert_eq!(last.selects()[0].options.len(), 10);
        let ballot = choose(&evening, ada, &last, 0, &["tt9000060"]).await;
        assert!(ballot.selects()[0].placeholder.contains("51 to 59 of 59"));
        let ballot = press(&evening, ada, &ballot, "◀ Earlier films").await;
        let ballot = choose(&evening, ada, &ballot, 0, &["tt9000030"]).await;
        let mut ballot = press(&evening, ada, &ballot, "◀ Earlier films").await;
        for film in 1..=20 {
            let film = format!("tt{}", 9_000_000 + film);
            ballot = choose(&evening, ada, &ballot, 0, &[&film]).await;
        }
        assert_eq!(
            marked(&ballot)[..2],
            ["1. tt9000060", "2. tt9000030"],
            "{}",
            ballot.content()
        );
        assert_says(&ballot, "22 of 60 ranked");
        press(&evening, ada, &ballot, "Save").await;
        let ranks = "SELECT COUNT(DISTINCT value) FROM votes WHERE value BETWEEN 1 AND 22";
        assert_eq!(evening.database.number(ranks).await, 22);
        assert_eq!(votes(&evening).await, 22);
        evening
    })
    .await;
}

#[tokio::test]
async fn stars_are_given_one_film_after_the_other() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        counted_by(&evening, STAR).await;
        propose_all(&evening, 3).await;
        let poll = evening.poll(&evening.ada).await;
        let ada = &evening.ada;
        let sent = ada.click(&poll, button_of(&poll, "Film 1")).await;
        let ballot = evening.answer(sent).await;
        assert_says(&ballot, "How many stars for **Film 1 (1990)**?");
        let ballot = press(&evening, ada, &ballot, "★★★★").await;
        assert!(
            ballot.content().contains("How many stars for **Film 2 (1990)**?"),
            "the next film comes by itself: {}",
            ballot.content()
        );
        let ballot = press(&evening, ada, &ballot, "★★★★★").await;
        assert_eq!(marked(&ballot), ["★★★★★ Film 2 (1990)", "★★★★☆ Film 1 (1990)"]);
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 1"]).await;
        let ballot = press(&evening, ada, &ballot, "No stars").await;
        assert_eq!(marked(&ballot), ["★★★★★ Film 2 (1990)"]);
        assert_eq!(votes(&evening).await, 0);
        let saved = press(&evening, ada, &ballot, "Save").await;
        assert!(is_saved(&saved));
        evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("5 stars"))
            .await;
        // A card's button leads to the ballot too.
        let card = evening.ask(&evening.ben, "movie", "movie", "tt9000002").await;
        let opened = press(&evening, &evening.ben, &card, "Vote for it").await;
        assert_says_aside(&opened, "**Film 2");
        assert!(marked(&opened).is_empty(), "Ben has given none");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_single_vote_moves_from_page_to_page() {
    Evening::with(FakeFilms::with_films(28), |evening| async {
        counted_by(&evening, SINGLE).await;
        propose_all(&evening, 28).await;
        let ada = &evening.ada;
        let ballot = evening.command(ada, "vote").await;
        assert_eq!(ballot.selects()[0].max_values, 1);
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 3"]).await;
        assert_says(&ballot, "You vote for **Film 3 (1990)**.");
        let later = press(&evening, ada, &ballot, "Later films ▶").await;
        let later = choose(&evening, ada, &later, 0, &["Film 27"]).await;
        assert_says(&later, "You vote for **Film 27 (1990)**.");
        assert_eq!(votes(&evening).await, 1);
        let none = choose(&evening, ada, &later, 0, &[]).await;
        assert_says(&none, "have not given it yet");
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn limited_votes_are_counted_over_all_pages() {
    Evening::with(FakeFilms::with_films(28), |evening| async {
        counted_by(&evening, LIMITED).await;
        propose_all(&evening, 28).await;
        let ada = &evening.ada;
        let ballot = evening.command(ada, "vote").await;
        let ballot = choose(&evening, ada, &ballot, 0, &["Film 1", "Film 2"]).await;
        assert_says(&ballot, "1 of 3 votes left");
        let later = press(&evening, ada, &ballot, "Later films ▶").await;
        assert_eq!(later.selects()[0].max_values, 1);
        // Another click elsewhere spends the last one while this page is open.
        let poll = evening.poll(ada).await;
        evening.vote(ada, &poll, "Film 5").await;
        let refused = choose(&evening, ada, &later, 0, &["Film 27"]).await;
        assert_eq!(refused.id(), later.id(), "the ballot says it in its place");
        assert_says(&refused, "All your 3 votes");
        assert_says(&refused, "0 of 3 votes left");
        assert!(
            refused.selects()[0].options.iter().all(|film| !film.default),
            "as it is recorded"
        );
        assert_eq!(votes(&evening).await, 3);
        let earlier = press(&evening, ada, &refused, "◀ Earlier films").await;
        let earlier = choose(&evening, ada, &earlier, 0, &["Film 2"]).await;
        let later = press(&evening, ada, &earlier, "Later films ▶").await;
        let later = choose(&evening, ada, &later, 0, &["Film 26", "Film 27"]).await;
        assert_says(&later, "0 of 3 votes left");
        assert_eq!(votes(&evening).await, 3);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_film_that_is_withdrawn_meanwhile_is_left_out_and_that_is_said() {
    Evening::with(FakeFilms::with_films(4), |evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 4).await;
        let ben = &evening.ben;
        let ballot = evening.command(ben, "vote").await;
        let ballot = choose(&evening, ben, &ballot, 0, &["Film 1"]).await;
        let ballot = choose(&evening, ben, &ballot, 0, &["Film 3"]).await;
        for film in ["tt9000001", "tt9000002"] {
            evening.ask(&evening.ada, "withdraw", "movie", film).await;
        }
        let told = choose(&evening, ben, &ballot, 0, &["Film 2"]).await;
        assert_says(&told, "no longer up for the vote");
        let saved = press(&evening, ben, &ballot, "Save").await;
        assert!(
            saved
                .content()
                .contains("A film of yours is no longer up for the vote"),
            "{}",
            saved.content()
        );
        assert_eq!(marked(&saved), ["1. Film 3 (1990)"]);
        assert!(is_saved(&saved));
        let first = "SELECT COUNT(*) FROM votes WHERE value = 1";
        assert_eq!(
            (votes(&evening).await, evening.database.number(first).await),
            (1, 1)
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn a_draft_outlives_a_restart() {
    Evening::with(FakeFilms::with_films(3), |mut evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 3).await;
        let ballot = evening.command(&evening.ada, "vote").await;
        let ballot = choose(&evening, &evening.ada, &ballot, 0, &["Film 2"]).await;
        evening.restart().await;
        // The message from before the restart goes on where it was, and so does a new one.
        let ballot = choose(&evening, &evening.ada, &ballot, 0, &["Film 3"]).await;
        assert_eq!(marked(&ballot), ["1. Film 2 (1990)", "2. Film 3 (1990)"]);
        let again = evening.command(&evening.ada, "vote").await;
        assert_eq!(marked(&again), marked(&ballot));
        assert!(!is_saved(&again));
        let others = evening.command(&evening.ben, "vote").await;
        assert!(marked(&others).is_empty(), "a draft is its member's own");
        press(&evening, &evening.ada, &again, "Save").await;
        assert_eq!(votes(&evening).await, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_ballot_of_a_round_that_is_over_or_has_other_rules_is_not_taken() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 3).await;
        let ada = &evening.ada;
        let ranking = evening.command(ada, "vote").await;
        let ranking = choose(&evening, ada, &ranking, 0, &["Film 2"]).await;
        let approval = "UPDATE rounds SET method = 'approval'";
        evening.database.run_sql(approval).await;
        for label in ["Save", "Undo last"] {
            let told = press(&evening, ada, &ranking, label).await;
            assert!(
                told.content().contains("rules of this round have changed"),
                "{label}: {told:?}"
            );
        }
        let set = evening.command(ada, "vote").await;
        evening
            .database
            .run_sql("UPDATE rounds SET method = 'schulze'")
            .await;
        let told = choose(&evening, ada, &set, 0, &["Film 1"]).await;
        assert_says(&told, "rules of this round have changed");
        let opened = press(&evening, ada, &told, "My ballot").await;
        assert!(
            marked(&opened).is_empty(),
            "the draft was made under other rules: {opened:?}"
        );

        let ranking = choose(&evening, ada, &opened, 0, &["Film 3"]).await;
        evening
            .database
            .run_sql("UPDATE rounds SET state = 'closed', ended_at = 1")
            .await;
        for label in ["Save", "Undo last", "Clear my ballot"] {
            let told = press(&evening, ada, &ranking, label).await;
            assert!(told.is_ephemeral());
            assert!(told.content().contains("That round is over"), "{label}: {told:?}");
        }
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_forged_step_is_refused() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        counted_by(&evening, IRV).await;
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let button = button_of(&poll, "Film 1");
        let (round, film) = button
            .strip_prefix("m1.t.")
            .and_then(|keys| keys.split_once('.'))
            .expect("keys");
        for forged in [
            format!("m1.bd.{round}.1.w"),
            format!("m1.bd.{round}.1.s.{film}.5"),
            format!("m1.bd.{round}.1.s.{film}.6"),
            format!("m1.bd.{round}.1.m.{film}.x"),
            format!("m1.bd.{round}.1"),
        ] {
            // From a public message: the ballot's controls stand on private ones only.
            let told = evening
                .answer(evening.ben.click_forged(&poll, &forged).await)
                .await;
            assert!(told.is_ephemeral(), "{forged}: {told:?}");
            assert!(told.content().contains("does not belong"), "{forged}: {told:?}");
        }
        let ballot = evening.command(&evening.ben, "vote").await;
        for value in ["", "1", "zz", "@everyone"] {
            let control = format!("m1.bd.{round}.1.n");
            let sent = evening.ben.select_forged(&ballot, control, &[value]).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{value}: {told:?}");
            assert_eq!(drafts(&evening).await, 0, "{value}");
        }
        let stars = format!("m1.bd.{round}.1.s.{film}.5");
        let told = evening
            .answer(evening.ben.click_forged(&ballot, &stars).await)
            .await;
        assert_says(&told, "rules of this round have changed");
        assert_eq!(drafts(&evening).await, 0);
        evening
    })
    .await;
}
