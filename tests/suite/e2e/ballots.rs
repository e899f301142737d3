//! The private ballot: it sets exactly what is chosen, for the one whose it is.

use discord_sim::{Message, permissions};

use super::polls::{propose_all, turn};
use crate::harness::evening::{Evening, PATIENCE, line_of};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::assert_says;

#[tokio::test]
async fn a_ballot_sets_exactly_what_is_chosen_and_can_be_cleared() {
    Evening::with(FakeFilms::with_films(4), |evening| async {
        propose_all(&evening, 4).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 1").await;
        let sent = evening.ada.click_label(&poll, "My ballot").await;
        let ballot = evening.answer(sent).await;
        assert!(ballot.is_ephemeral());
        assert_eq!(chosen(&ballot), ["Film 1 (1990)"], "it opens as it stands");

        let ballot = choose(&evening, &ballot, &["Film 2", "Film 4"]).await;
        assert_eq!(chosen(&ballot), ["Film 2 (1990)", "Film 4 (1990)"]);
        assert_says(&ballot, "2 of 4");
        let poll = evening
            .until(&poll, |poll| {
                line_of(poll, "Film 4").contains("1 vote") && line_of(poll, "Film 1").contains("no votes")
            })
            .await;
        assert!(line_of(&poll, "Film 2").contains("1 vote"));

        let sent = evening.ada.click_label(&ballot, "Clear my ballot").await;
        let ballot = evening.answer(sent).await;
        assert!(chosen(&ballot).is_empty());
        assert!(
            ballot
                .button_labelled("Clear my ballot")
                .is_some_and(|b| b.disabled)
        );
        evening
            .until(&poll, |poll| line_of(poll, "Film 4").contains("no votes"))
            .await;
        assert_eq!(votes(&evening).await, 0);
        let ballot = choose(&evening, &ballot, &["Film 3"]).await;
        let ballot = choose(&evening, &ballot, &[]).await;
        assert!(chosen(&ballot).is_empty(), "none is a choice too");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_ballot_of_more_films_than_a_menu_holds_has_pages_that_keep_to_themselves() {
    Evening::with(FakeFilms::with_films(28), |evening| async {
        propose_all(&evening, 28).await;
        let ballot = evening.command(&evening.ada, "vote").await;
        assert_eq!(ballot.selects()[0].options.len(), 25);
        let ballot = choose(&evening, &ballot, &["Film 1", "Film 25"]).await;
        let later = turn(&evening, &ballot, "Later films ▶").await;
        assert_eq!(later.selects()[0].options.len(), 3);
        let later = choose(&evening, &later, &["Film 28"]).await;
        assert_says(&later, "3 of 28");
        let later = choose(&evening, &later, &[]).await;
        assert_says(&later, "2 of 28");
        let earlier = turn(&evening, &later, "◀ Earlier films").await;
        assert_eq!(chosen(&earlier), ["Film 1 (1990)", "Film 25 (1990)"]);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_ballot_is_only_its_members() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 1").await;
        let sent = evening.ben.click_label(&poll, "My ballot").await;
        let ballot = evening.answer(sent).await;
        assert!(chosen(&ballot).is_empty(), "Ben has not voted: {ballot:?}");
        assert!(
            evening
                .channel
                .messages_as(&evening.ada)
                .iter()
                .all(|message| message.id() != ballot.id()),
            "Ada does not see it"
        );
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_was_deleted_comes_back_with_its_votes() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 2").await;
        let mona = evening
            .guild
            .add_member_with("Mona", permissions::MANAGE_MESSAGES);
        mona.delete_message(&poll).expect("a moderator may");
        // The bot finds out by being told that there is no such message.
        evening.sim.faults().tolerate("PATCH /channels", 404);
        let ballot = evening.command(&evening.ben, "vote").await;
        choose(&evening, &ballot, &["Film 2"]).await;
        let is_poll = |message: &&Message| message.button_labelled("Results so far").is_some();
        let messages = evening
            .channel
            .wait_until(
                |messages| messages.iter().any(|message| is_poll(&message)),
                PATIENCE,
            )
            .await
            .expect("a poll");
        let poll = messages.iter().find(is_poll).expect("the poll");
        evening
            .until(poll, |poll| line_of(poll, "Film 2").contains("2 votes"))
            .await;
        evening.vote(&evening.ben, poll, "Film 1").await;
        evening
            .until(poll, |poll| line_of(poll, "Film 1").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

/// Chooses these films, and no others, in a ballot's menu; the ballot then.
async fn choose(evening: &Evening, ballot: &Message, films: &[&str]) -> Message {
    let menu = &ballot.selects()[0];
    let value = |title: &&str| {
        let label = format!("{title} (1990)");
        let option = menu.options.iter().find(|option| option.label == label);
        option
            .unwrap_or_else(|| panic!("{label} is not offered"))
            .value
            .clone()
    };
    let values: Vec<String> = films.iter().map(value).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let viewers = [&evening.ada, &evening.ben];
    let owner = viewers
        .into_iter()
        .find(|member| {
            let seen = evening.channel.messages_as(member);
            seen.iter().any(|message| message.id() == ballot.id())
        })
        .expect("somebody has this ballot");
    let sent = owner.select(ballot, &menu.custom_id, &values).await;
    evening.answer(sent).await
}

/// What a ballot's menu has marked.
fn chosen(ballot: &Message) -> Vec<String> {
    let options = &ballot.selects()[0].options;
    let marked = options.iter().filter(|option| option.default);
    marked.map(|option| option.label.clone()).collect()
}

/// How many votes the database has.
async fn votes(evening: &Evening) -> i64 {
    evening.database.number("SELECT COUNT(*) FROM votes").await
}
