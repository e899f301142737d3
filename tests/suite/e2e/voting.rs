//! Polls and votes: pages, the live message and those before it, every way to vote, and clicks that
//! nobody should be able to make.

use discord_sim::{Message, permissions};

use crate::harness::evening::{Evening, button_of, line_of, titles, words};
use crate::harness::providers::FakeFilms;

#[tokio::test]
async fn a_poll_of_nothing_says_how_to_begin() {
    Evening::with(FakeFilms::start(), |evening| async {
        for command in ["poll", "vote"] {
            let told = evening.command(&evening.ada, command).await;
            assert!(told.is_ephemeral(), "{command}: {told:?}");
            assert!(told.content().contains("/propose"), "{command}: {told:?}");
        }
        assert!(evening.channel.messages().is_empty());
        evening
    })
    .await;
}

#[tokio::test]
async fn twenty_three_films_have_three_pages_that_everybody_turns_alone() {
    Evening::with(FakeFilms::with_films(23), |evening| async {
        propose_all(&evening, 23).await;
        let poll = evening.poll(&evening.ada).await;
        assert_eq!(poll.embeds().len(), 10);
        assert!(poll.content().contains("page 1 of 3"), "{}", poll.content());
        assert!(poll.button_labelled("◀").is_some_and(|back| back.disabled));

        let second = turn(&evening, &poll, "▶").await;
        assert!(second.is_ephemeral(), "nobody turns the page for others");
        assert_eq!(titles(&second)[0], "11. Film 11 (1990)");
        let third = turn(&evening, &second, "▶").await;
        assert_eq!(third.id(), second.id(), "a private page turns in place");
        assert_eq!(titles(&third).len(), 3);
        assert!(third.button_labelled("▶").is_some_and(|next| next.disabled));
        let second = turn(&evening, &third, "◀").await;
        assert_eq!(titles(&second)[9], "20. Film 20 (1990)");
        let live = evening.channel.message(poll.id()).expect("the poll");
        assert!(live.content().contains("page 1 of 3") && !live.is_edited());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_vote_on_a_private_page_redraws_it_and_the_poll() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        let poll = evening.poll(&evening.ada).await;
        let private = turn(&evening, &poll, "▶").await;
        let sent = evening.ada.click(&private, button_of(&private, "Film 12")).await;
        let redrawn = evening.answer(sent).await;
        assert_eq!(redrawn.id(), private.id());
        assert!(redrawn.is_ephemeral());
        assert!(
            titles(&redrawn).iter().all(|title| !title.contains("Film 12")),
            "it leads now and stands on the first page: {:?}",
            titles(&redrawn)
        );
        let poll = evening
            .until(&poll, |poll| titles(poll)[0] == "1. Film 12 (1990)")
            .await;
        assert!(line_of(&poll, "Film 12").contains("1 vote"));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_begins_at_the_page_that_is_asked_for_or_the_nearest() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        for (asked, shown) in [(2, "page 2 of 2"), (1000, "page 2 of 2"), (1, "page 1 of 2")] {
            let sent = evening
                .ben
                .slash(&evening.channel, "poll")
                .integer("page", asked)
                .send()
                .await;
            let poll = evening.answer(sent).await;
            assert!(poll.content().contains(shown), "{asked}: {}", poll.content());
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_posted_again_retires_the_one_before_whose_buttons_still_count() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let old = evening.poll(&evening.ada).await;
        let other = evening.guild.add_channel("lobby");
        let sent = evening.ben.slash(&other, "poll").send().await;
        let new = evening.answer(sent).await;

        let retired = evening
            .until(&old, |old| old.content().contains("has moved"))
            .await;
        let address = format!(
            "https://discord.com/channels/{}/{}/{}",
            evening.guild.id(),
            other.id(),
            new.id()
        );
        assert!(retired.content().contains(&address), "{}", retired.content());

        evening.vote(&evening.ada, &retired, "Film 2").await;
        evening.until(&new, |new| titles(new)[0].contains("Film 2")).await;
        evening
            .until(&retired, |old| {
                old.content().contains("has moved") && line_of(old, "Film 2").contains("1 vote")
            })
            .await;
        evening.vote(&evening.ada, &retired, "Film 2").await;
        evening
            .until(&new, |new| line_of(new, "Film 2").contains("no votes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_was_deleted_is_posted_anew_with_its_votes() {
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
        let poll = evening.poll(&evening.ada).await;
        assert!(line_of(&poll, "Film 2").contains("2 votes"), "{poll:?}");
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_second_click_takes_the_vote_back() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let (first, second) = tokio::join!(
            evening.ada.click(&poll, button_of(&poll, "Film 1")),
            evening.ada.click(&poll, button_of(&poll, "Film 1")),
        );
        for sent in [first, second] {
            sent.expect("a click").first().await.expect("an answer");
        }
        assert_eq!(votes(&evening).await, 0);
        evening.vote(&evening.ada, &poll, "Film 1").await;
        assert_eq!(votes(&evening).await, 1, "what is acknowledged is counted");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_click_that_is_delivered_twice_counts_once() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let sent = evening
            .ada
            .click(&poll, button_of(&poll, "Film 1"))
            .await
            .expect("a click");
        sent.first().await.expect("an answer");
        evening.sim.deliver_twice(&sent);
        // What comes after it is handled after it.
        evening.vote(&evening.ben, &poll, "Film 1").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 1").contains("2 votes"))
            .await;
        assert_eq!(votes(&evening).await, 2);
        assert_eq!(sent.calls().len(), 1, "it is answered once: {:?}", sent.calls());
        evening
    })
    .await;
}

#[tokio::test]
async fn a_forged_control_is_refused_and_counts_nothing() {
    Evening::with(FakeFilms::with_films(1), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let round = button_of(&poll, "Film 1");
        let round = round.split('.').nth(2).expect("the round's key");
        for forged in [
            "vote".to_owned(),
            "m1".to_owned(),
            "m0.t.1.1".to_owned(),
            "m1.t.1.1".to_owned(),
            format!("m1.t.{round}.1"),
            format!("m1.v.{round}.zzzzzzzzzzzzz"),
            format!("m1.t.{round}.{round}"),
            format!("m1.p.{round}.1.1"),
            "m1.f.1".to_owned(),
            "m1.c.1".to_owned(),
            "'; DROP TABLE votes; --".to_owned(),
            "@everyone".to_owned(),
        ] {
            let sent = evening.ben.click_forged(&poll, &forged).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{forged}: {told:?}");
            assert!(told.content().contains("does not belong"), "{forged}: {told:?}");
        }
        for value in ["", "1", "zz", "@everyone"] {
            let sent = evening
                .ben
                .select_forged(&poll, format!("m1.s.{round}.1"), &[value])
                .await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{value}: {told:?}");
        }
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_button_of_another_server_is_refused() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        let elsewhere = evening.sim.add_guild("Another Club");
        let channel = elsewhere.add_channel("films");
        let cleo = elsewhere.add_member("Cleo");
        let sent = cleo
            .slash(&channel, "propose")
            .string("movie", "tt9000002")
            .send()
            .await;
        let card = evening.answer(sent).await;

        let theirs = button_of(&poll, "Film 1");
        let (round, proposal) = theirs
            .strip_prefix("m1.t.")
            .and_then(|keys| keys.split_once('.'))
            .expect("keys");
        for forged in [
            theirs.clone(),
            format!("m1.v.{round}.{proposal}"),
            format!("m1.c.{round}"),
            format!("m1.p.{round}.{proposal}.1"),
        ] {
            let sent = cleo.click_forged(&card, &forged).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{forged}: {told:?}");
            assert!(told.content().contains("does not belong"), "{forged}: {told:?}");
        }
        for looking in [
            format!("m1.b.{round}"),
            format!("m1.r.{round}"),
            format!("m1.g.{round}.1"),
        ] {
            let sent = cleo.click_forged(&card, &looking).await;
            let told = evening.answer(sent).await;
            assert!(told.is_ephemeral(), "{looking}: {told:?}");
            assert!(
                !words(&told).contains("Film 1"),
                "{looking} shows another server's films"
            );
        }
        assert_eq!(votes(&evening).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_click_on_a_film_that_was_withdrawn_says_so() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        let button = button_of(&poll, "Film 1");
        evening.vote(&evening.ben, &poll, "Film 1").await;
        let taken = evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        assert!(
            taken.content().contains("vote stays in the record"),
            "{}",
            taken.content()
        );
        let shown = evening.until(&poll, |poll| poll.embeds().len() == 1).await;
        assert_eq!(titles(&shown), ["1. Film 2 (1990)"]);
        let sent = evening.ben.click_forged(&poll, &button).await;
        let told = evening.answer(sent).await;
        assert!(told.is_ephemeral());
        assert!(told.content().contains("no longer up for the vote"), "{told:?}");
        evening
    })
    .await;
}

#[tokio::test]
async fn the_last_film_withdrawn_leaves_an_empty_poll() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        propose_all(&evening, 1).await;
        let poll = evening.poll(&evening.ada).await;
        evening.ask(&evening.ada, "withdraw", "movie", "tt9000001").await;
        let empty = evening.until(&poll, |poll| poll.embeds().is_empty()).await;
        assert!(empty.content().contains("/propose"), "{}", empty.content());
        assert!(empty.buttons().is_empty());
        evening.propose(&evening.ben, "tt9000002").await;
        let poll = evening.until(&poll, |poll| poll.embeds().len() == 1).await;
        evening.vote(&evening.ben, &poll, "Film 2").await;
        evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("1 vote"))
            .await;
        evening
    })
    .await;
}

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
        assert!(ballot.content().contains("2 of 4"), "{}", ballot.content());
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
        assert!(later.content().contains("3 of 28"), "{}", later.content());
        let later = choose(&evening, &later, &[]).await;
        assert!(later.content().contains("2 of 28"), "{}", later.content());
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
async fn the_results_so_far_are_shown_to_the_one_who_asks() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        propose_all(&evening, 12).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ada, &poll, "Film 3").await;
        evening.vote(&evening.ben, &poll, "Film 3").await;
        evening.vote(&evening.ben, &poll, "Film 5").await;
        let sent = evening.olga.click_label(&poll, "Results so far").await;
        let results = evening.answer(sent).await;
        assert!(results.is_ephemeral());
        let said = words(&results);
        assert!(said.contains("1. **Film 3 (1990)** · 2 votes"), "{said}");
        assert!(said.contains("2. Film 5 (1990) · 1 vote"), "{said}");
        assert!(said.contains("12. Film 12 (1990) · no votes yet"), "{said}");
        assert!(said.contains("2 members have voted"), "{said}");
        evening
    })
    .await;
}

/// Proposes the first `count` films, ten a member.
async fn propose_all(evening: &Evening, count: usize) {
    let members = [&evening.ada, &evening.ben, &evening.olga];
    for n in 0..count {
        let card = evening
            .propose(members[n / 10], &format!("tt{}", 9_000_001 + n))
            .await;
        assert!(!card.is_ephemeral(), "{card:?}");
    }
}

/// Turns to another page; what Ada, who turned, then sees.
async fn turn(evening: &Evening, message: &Message, label: &str) -> Message {
    let sent = evening.ada.click_label(message, label).await;
    evening.answer(sent).await
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
