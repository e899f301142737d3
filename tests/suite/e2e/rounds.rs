//! The life of a round: what organizers do to it, what members see of it, and every "no".

use discord_sim::{Actor, Message, Slash};

use crate::harness::evening::{Evening, PATIENCE, button_of, tally, titles, votes_on, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_says_aside, assert_shows};

/// Methods and secrecies as the options offer them.
const SINGLE: i64 = 1;
const IRV: i64 = 4;
const ANONYMOUS: i64 = 1;

const RESULTS: &str = "SELECT COUNT(*) FROM round_results";
const ANNOUNCEMENTS: &str = "SELECT COUNT(*) FROM outbox WHERE kind = 'result' AND state <> 'dropped'";
const VOTES: &str = "SELECT COUNT(*) FROM votes";

fn round(evening: &Evening, who: &Actor, what: &str) -> Slash {
    who.slash(&evening.channel, &format!("round {what}"))
}

async fn ask(evening: &Evening, who: &Actor, what: &str) -> Message {
    evening.answer(round(evening, who, what).send().await).await
}

/// The message with these words that everybody in the channel sees, once it is there.
async fn told_to_all(evening: &Evening, said: &str) -> Message {
    let is_it = |message: &Message| !message.is_ephemeral() && message.content().contains(said);
    let there = evening
        .channel
        .wait_until(|messages| messages.iter().any(is_it), PATIENCE)
        .await;
    there.unwrap_or_else(|error| panic!("{error}\n{}", evening.sim.transcript()));
    let mut messages = evening.channel.messages().into_iter();
    messages.find(is_it).expect("it was there")
}

/// A private word that says no, with these words in it.
async fn refuses(evening: &Evening, slash: Slash, told: &str) {
    assert_says_aside(&evening.answer(slash.send().await).await, told);
}

/// The same, of a command without options.
async fn refused(evening: &Evening, who: &Actor, what: &str, told: &str) {
    refuses(evening, round(evening, who, what), told).await;
}

/// Two films, proposed by Ada, and their poll.
async fn poll_of_two(evening: &Evening) -> Message {
    evening.knows("tt0078748", "Alien", 1979);
    evening.knows("tt0113277", "Heat", 1995);
    evening.propose(&evening.ada, "tt0078748").await;
    evening.propose(&evening.ada, "tt0113277").await;
    evening.poll(&evening.ada).await
}

fn is_over(poll: &Message) -> bool {
    poll.content().contains("This round is over")
}

#[tokio::test]
async fn an_organizer_gives_the_open_round_its_rules_and_everybody_sees_them() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        let start = round(&evening, &evening.olga, "start")
            .string("closes", "in 3 days")
            .integer("method", SINGLE)
            .integer("picks", 2)
            .string("title", "Horror @everyone");
        let told = evening.answer(start.send().await).await;
        assert!(!told.is_ephemeral(), "{told:?}");
        let closes_at = evening.clock.unix_secs() + 3 * 24 * 3600;
        for said in [
            &format!("<t:{closes_at}:F>"),
            &format!("<t:{closes_at}:R>"),
            "2 films are picked",
            "Single choice",
        ] {
            assert_says(&told, said);
        }
        let poll = evening
            .until(&poll, |poll| poll.content().contains("Horror"))
            .await;
        assert_says(&poll, "the one film you want most");
        assert_says(&poll, &format!("<t:{closes_at}:R>"));

        let status = ask(&evening, &evening.ben, "status").await;
        assert_says_aside(&status, "2 films are up for the vote");
        // What is left out stays.
        let start = round(&evening, &evening.olga, "start").integer("picks", 1);
        let told = evening.answer(start.send().await).await;
        assert_says(&told, "Single choice");
        assert_says(&told, &format!("<t:{closes_at}:F>"));
        let audited = "SELECT COUNT(*) FROM audit WHERE act = 'round_changed'";
        assert_eq!(evening.database.number(audited).await, 2);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_round_can_be_opened_before_anything_is_proposed() {
    Evening::with(FakeFilms::start(), |evening| async {
        let start = round(&evening, &evening.olga, "start").integer("method", IRV);
        let told = evening.answer(start.send().await).await;
        assert_says(&told, "**Round 1** is open.");
        evening.knows("tt0078748", "Alien", 1979);
        evening.propose(&evening.ada, "tt0078748").await;
        assert_eq!(evening.database.number("SELECT COUNT(*) FROM rounds").await, 1);
        let ended = ask(&evening, &evening.olga, "end").await;
        assert_says(&ended, "Nobody voted");
        evening
    })
    .await;
}

#[tokio::test]
async fn members_may_look_and_do_nothing_else() {
    Evening::with(FakeFilms::start(), |evening| async {
        poll_of_two(&evening).await;
        for what in ["start", "end", "cancel", "reopen"] {
            refused(&evening, &evening.ada, what, "Only organizers").await;
        }
        let extend = round(&evening, &evening.ada, "extend").string("closes", "in 3 days");
        refuses(&evening, extend, "Only organizers").await;
        let status = ask(&evening, &evening.ada, "status").await;
        assert_says(&status, "Round 1");
        evening
    })
    .await;
}

#[tokio::test]
async fn where_no_round_is_open_there_is_nothing_to_end() {
    Evening::with(FakeFilms::start(), |evening| async {
        for what in ["end", "cancel", "status"] {
            refused(&evening, &evening.olga, what, "No round is open").await;
        }
        let extend = round(&evening, &evening.olga, "extend").string("closes", "in 3 days");
        refuses(&evening, extend, "No round is open").await;
        refused(&evening, &evening.olga, "reopen", "No round was closed yet").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_closing_time_that_is_none_is_refused_with_what_to_write() {
    Evening::with(FakeFilms::start(), |evening| async {
        poll_of_two(&evening).await;
        for (typed, told) in [
            ("when pigs fly", "`friday 20:00`"),
            ("2020-12-24 18:00", "a minute from now at the earliest"),
            ("in 3 years", "more than a year away"),
            ("30 feb", "no such day"),
            ("3/4", "two ways"),
        ] {
            for what in ["start", "extend"] {
                let slash = round(&evening, &evening.olga, what).string("closes", typed);
                refuses(&evening, slash, told).await;
            }
        }
        let scheduled = "SELECT COUNT(*) FROM rounds WHERE closes_at IS NOT NULL";
        assert_eq!(evening.database.number(scheduled).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_closing_time_is_moved_and_taken_away() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        let extend = |closes| round(&evening, &evening.olga, "extend").string("closes", closes);
        let told = evening.answer(extend("in 2 hours").send().await).await;
        let at = evening.clock.unix_secs() + 7200;
        assert_says(&told, &format!("<t:{at}:F>"));
        evening
            .until(&poll, |poll| poll.content().contains(&format!("<t:{at}:R>")))
            .await;
        let told = evening.answer(extend("never").send().await).await;
        assert_says(&told, "No closing time");
        evening
            .until(&poll, |poll| !poll.content().contains("Closes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn votes_are_dropped_only_when_the_organizer_says_so() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        evening.vote(&evening.ben, &poll, "Heat").await;
        let ranked = || round(&evening, &evening.olga, "start").integer("method", IRV);
        let asked = evening.answer(ranked().send().await).await;
        assert_says_aside(&asked, "2 members have voted");
        let kept = evening.click(&evening.olga, &asked, "Keep").await;
        assert_says(&kept, "Nothing was changed");
        assert_eq!(evening.database.number(VOTES).await, 2);
        // The question is settled: a click that is late, or a copy of it, changes nothing.
        let late = asked
            .button_labelled("Drop 2 ballots and change")
            .expect("the button");
        let late = evening.olga.click_forged(&asked, &late.custom_id).await;
        let late = evening.answer(late).await;
        assert_says(&late, "too old");
        assert_eq!(evening.database.number(VOTES).await, 2);

        let asked = evening.answer(ranked().send().await).await;
        // A third vote comes in before the click: it is dropped as well, and counted.
        let cleo = evening.guild.add_member("Cleo");
        evening.vote(&cleo, &poll, "Heat").await;
        let done = evening
            .click(&evening.olga, &asked, "Drop 2 ballots and change")
            .await;
        assert_says_aside(&done, "Changed.");
        assert!(done.buttons().is_empty(), "{done:?}");
        // Those who lost their ballots read it in the channel, whoever changed the rules.
        let told = told_to_all(&evening, "were dropped").await;
        assert_says(&told, "The ballots of 3 members were dropped");
        assert_eq!(evening.database.number(VOTES).await, 0);
        evening
            .until(&poll, |poll| poll.content().contains("Rank the films"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn what_the_clocks_made_of_a_closing_time_is_said_once_the_votes_are_dropped() {
    Evening::with(FakeFilms::start(), |evening| async {
        let set = evening.olga.slash(&evening.channel, "settings server");
        let set = set.string("time_zone", "Europe/Berlin");
        evening.answer(set.send().await).await;
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        let start = round(&evening, &evening.olga, "start")
            .integer("method", IRV)
            .string("closes", "2026-10-25 02:30");
        let asked = evening.answer(start.send().await).await;
        evening
            .click(&evening.olga, &asked, "Drop 1 ballot and change")
            .await;
        let told = told_to_all(&evening, "was dropped").await;
        assert_says(&told, "The clocks go back");
        evening
    })
    .await;
}

#[tokio::test]
async fn a_start_that_changes_nothing_tells_nobody_else() {
    Evening::with(FakeFilms::start(), |evening| async {
        poll_of_two(&evening).await;
        let before = evening.channel.messages().len();
        let again = round(&evening, &evening.olga, "start").integer("picks", 1);
        for start in [round(&evening, &evening.olga, "start"), again] {
            let told = evening.answer(start.send().await).await;
            assert_says_aside(&told, "Nothing was changed");
            assert_says(&told, "2 films are up for the vote");
        }
        assert_eq!(evening.channel.messages().len(), before);
        let audited = "SELECT COUNT(*) FROM audit WHERE act = 'round_changed'";
        assert_eq!(evening.database.number(audited).await, 0);
        evening
    })
    .await;
}

#[tokio::test]
async fn an_organizer_who_loses_the_role_drops_no_votes() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Alien").await;
        let role = evening.guild.add_role("Projectionists", 0, false);
        let rita = evening.guild.add_member("Rita");
        evening.guild.give_role(&rita, role);
        let set = evening.olga.slash(&evening.channel, "settings server");
        evening
            .answer(set.role("organizer_role", role).send().await)
            .await;
        let asked = round(&evening, &rita, "start")
            .integer("method", IRV)
            .send()
            .await;
        let asked = evening.answer(asked).await;
        evening.guild.take_role(&rita, role);
        let told = evening.click(&rita, &asked, "Drop 1 ballot and change").await;
        assert_says(&told, "Only organizers");
        assert_eq!(evening.database.number(VOTES).await, 1);
        refused(&evening, &rita, "end", "Only organizers").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_round_that_is_ended_is_counted_and_its_poll_says_so() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        let open = evening
            .vote_all(&poll, &[(&evening.ada, "Heat"), (&evening.ben, "Heat")])
            .await;
        let ended = ask(&evening, &evening.olga, "end").await;
        assert_says_aside(&ended, "**Heat (1995)** won.");
        let over = evening.until(&poll, is_over).await;
        assert_says(&over, "**Heat (1995)** won.");
        assert!(over.buttons().is_empty(), "{over:?}");
        let standings = words(&over);
        assert!(
            standings.contains("🏆") && standings.contains("2 votes"),
            "{standings}"
        );
        assert_eq!(evening.database.number(RESULTS).await, 1);
        assert_eq!(evening.database.number(ANNOUNCEMENTS).await, 1);

        // A click that was on its way: the vote is refused, and nothing else happens.
        let late = evening.ben.click_forged(&poll, button_of(&open, "Alien")).await;
        let late = evening.answer(late).await;
        assert_says_aside(&late, "That round is over");
        refused(&evening, &evening.ada, "end", "Only organizers").await;

        // The next round has what did not win.
        let next = evening.poll(&evening.ada).await;
        assert_eq!(titles(&next), ["1. Alien (1979)"]);
        assert_eq!(votes_on(&next), 0);
        evening.vote(&evening.ada, &next, "Alien").await;
        evening.until(&next, |next| votes_on(next) == 1).await;
        assert!(is_over(&evening.channel.message(poll.id()).expect("the poll")));
        evening
    })
    .await;
}

#[tokio::test]
async fn a_tie_that_runs_off_is_voted_on_again_and_then_decided() {
    Evening::with(FakeFilms::start(), |evening| async {
        let set = evening.olga.slash(&evening.channel, "settings voting");
        evening.answer(set.integer("ties", 2).send().await).await;
        evening.knows("tt0079944", "Stalker", 1979);
        let poll = poll_of_two(&evening).await;
        evening.propose(&evening.ben, "tt0079944").await;
        let poll = evening.until(&poll, |poll| titles(poll).len() == 3).await;
        evening
            .vote_all(&poll, &[(&evening.ada, "Heat"), (&evening.ben, "Stalker")])
            .await;
        let ended = ask(&evening, &evening.olga, "end").await;
        assert_says(&ended, "meet again in a run-off");
        let run_off = evening.poll(&evening.ada).await;
        assert_eq!(titles(&run_off), ["1. Heat (1995)", "2. Stalker (1979)"]);
        let status = ask(&evening, &evening.ada, "status").await;
        assert_says(&status, "A run-off");

        // What waits, and what is put up meanwhile, is not offered for the vote.
        evening.knows("tt0050083", "12 Angry Men", 1957);
        let card = evening.propose(&evening.ben, "tt0050083").await;
        let again = evening.propose(&evening.ben, "tt0078748").await;
        let movie = evening.ask(&evening.ben, "movie", "movie", "tt0078748").await;
        for told in [&card, &again, &movie] {
            assert_shows(told, "when the run-off is over");
            assert!(told.button_labelled("Vote for it").is_none(), "{told:?}");
        }
        let withdraw = evening.ben.slash(&evening.channel, "withdraw");
        let withdraw = withdraw.string("movie", "12 Angry Men");
        evening.answer(withdraw.send().await).await;

        // Tied once more: the film that was proposed first wins, and the one that waited is up again.
        evening
            .vote_all(&run_off, &[(&evening.ada, "Heat"), (&evening.ben, "Stalker")])
            .await;
        let ended = ask(&evening, &evening.olga, "end").await;
        assert_says(&ended, "**Heat (1995)** won.");
        let next = evening.poll(&evening.ada).await;
        assert_eq!(titles(&next), ["1. Alien (1979)", "2. Stalker (1979)"]);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_round_has_no_result_and_its_films_stay() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Heat").await;
        let told = ask(&evening, &evening.olga, "cancel").await;
        assert!(
            told.content().contains("was cancelled") && told.content().contains("Round 2"),
            "{told:?}"
        );
        let over = evening
            .until(&poll, |poll| poll.content().contains("was cancelled"))
            .await;
        assert!(over.buttons().is_empty(), "{over:?}");
        assert_eq!(evening.database.number(RESULTS).await, 0);
        let next = evening.poll(&evening.ada).await;
        assert_eq!((titles(&next).len(), votes_on(&next)), (2, 0));
        refused(&evening, &evening.olga, "reopen", "No round was closed yet").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn a_close_by_mistake_is_undone() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Heat").await;
        ask(&evening, &evening.olga, "end").await;
        evening.until(&poll, is_over).await;
        let told = ask(&evening, &evening.olga, "reopen").await;
        assert_says(&told, "is open again");
        let again = evening.until(&poll, |poll| titles(poll).len() == 2).await;
        assert_eq!(tally(&again)["Heat (1995)"], 1);
        assert_eq!(evening.database.number(RESULTS).await, 0);
        evening.vote(&evening.ben, &again, "Alien").await;
        evening.until(&poll, |poll| votes_on(poll) == 2).await;
        // It closes once more, and that one stands.
        ask(&evening, &evening.olga, "end").await;
        evening.until(&poll, is_over).await;
        assert_eq!(evening.database.number(RESULTS).await, 1);
        evening
    })
    .await;
}

#[tokio::test]
async fn a_close_stands_once_others_have_voted_on_or_a_day_has_passed() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_two(&evening).await;
        evening.vote(&evening.ada, &poll, "Heat").await;
        ask(&evening, &evening.olga, "end").await;
        let next = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &next, "Alien").await;
        refused(&evening, &evening.olga, "reopen", "The next round is under way").await;
        ask(&evening, &evening.olga, "end").await;
        evening.clock.advance_ms(24 * 3600 * 1000 + 1000);
        refused(&evening, &evening.olga, "reopen", "more than a day ago").await;
        evening
    })
    .await;
}

#[tokio::test]
async fn an_anonymous_close_cuts_the_ballots_from_their_owners_for_good() {
    Evening::with(FakeFilms::start(), |evening| async {
        poll_of_two(&evening).await;
        let start = round(&evening, &evening.olga, "start").integer("secrecy", ANONYMOUS);
        evening.answer(start.send().await).await;
        let poll = evening.poll(&evening.ada).await;
        evening.clock.advance_ms(60_000);
        evening
            .vote_all(&poll, &[(&evening.ada, "Heat"), (&evening.ben, "Heat")])
            .await;
        let ended = ask(&evening, &evening.olga, "end").await;
        assert_says(&ended, "**Heat (1995)** won.");
        let traces = "SELECT (SELECT COUNT(*) FROM rounds WHERE state = 'closed' AND ballot_key IS NOT NULL)
                           + (SELECT COUNT(*) FROM votes v JOIN rounds r ON r.id = v.round_id
                              WHERE v.cast_at <> r.opened_at)
                           + (SELECT COUNT(*) FROM ballot_drafts)";
        assert_eq!(evening.database.number(traces).await, 0);
        refused(&evening, &evening.olga, "reopen", "was anonymous").await;
        evening
    })
    .await;
}
