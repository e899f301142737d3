//! What each secrecy lets be seen, in messages and in the log.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use discord_sim::{AnswerKind, Message};
use marquee::domain::ids::GuildId;
use marquee::telemetry;
use tracing_subscriber::fmt::MakeWriter;

use super::polls::propose_all;
use crate::harness::evening::{Evening, button_of, line_of, titles, words};
use crate::harness::providers::FakeFilms;
use crate::harness::telling::{assert_says, assert_shows};

const APPROVAL: i64 = 0;
const SINGLE: i64 = 1;

const PUBLIC: i64 = 0;
const ANONYMOUS: i64 = 1;
const HIDDEN: i64 = 2;

/// Has new rounds held under these rules.
async fn under(evening: &Evening, method: i64, secrecy: i64) {
    let settings = evening.olga.slash(&evening.channel, "settings voting");
    let settings = settings.integer("method", method).integer("secrecy", secrecy);
    evening.answer(settings.send().await).await;
}

/// What Ben's click on the film's button is told privately, if anything.
async fn told(evening: &Evening, poll: &Message, title: &str) -> Option<String> {
    let sent = evening.ben.click(poll, button_of(poll, title)).await;
    let sent = sent.expect("a click");
    if sent.first().await.expect("an answer").kind != AnswerKind::Message {
        return None;
    }
    let line = evening.answer(Ok(sent)).await;
    assert!(line.is_ephemeral(), "{line:?}");
    Some(line.content().to_owned())
}

#[tokio::test]
async fn hidden_counts_show_nowhere_before_the_close() {
    Evening::with(FakeFilms::with_films(3), |evening| async {
        under(&evening, APPROVAL, HIDDEN).await;
        propose_all(&evening, 3).await;
        let poll = evening.poll(&evening.ada).await;
        for expected in [
            "You vote for **Film 3",
            "You no longer vote for **Film 3",
            "You vote for **Film 3",
        ] {
            let line = told(&evening, &poll, "Film 3").await.expect("a line");
            assert!(line.contains(expected), "{line}");
            assert!(line.contains("hidden until the close"), "{line}");
        }
        let poll = evening
            .until(&poll, |poll| poll.content().contains("1 member has voted"))
            .await;
        assert_eq!(
            titles(&poll),
            ["1. Film 1 (1990)", "2. Film 2 (1990)", "3. Film 3 (1990)"],
            "in the order of their proposal"
        );
        assert_says(&poll, "No counts are shown before the close");
        let colours: Vec<_> = (0..3).map(|at| poll.embed(at).color()).collect();
        assert_eq!(colours[0], colours[2], "nothing is gold");
        for place in 0..3 {
            assert_eq!(poll.buttons()[place].label, (place + 1).to_string());
        }
        assert!(poll.button_labelled("Results so far").is_none());

        let results = button_of(&poll, "Film 1");
        let round = results.split('.').nth(2).expect("the round");
        let forged = evening.ben.click_forged(&poll, format!("m1.r.{round}")).await;
        let card = evening.ask(&evening.ada, "movie", "movie", "tt9000003").await;
        let withdrawn = [
            evening.ask(&evening.ada, "withdraw", "movie", "tt9000003").await,
            evening.ask(&evening.ada, "withdraw", "movie", "tt9000002").await,
        ];
        let tails = withdrawn.each_ref().map(|told| {
            let (_, tail) = told.content().split_once("**").expect("a title");
            tail.split_once("**").expect("its end").1
        });
        assert_eq!(tails[0], tails[1], "with votes and without is said the same");
        let results = evening.answer(forged).await;
        assert_shows(&results, "1 member has voted");
        for seen in [&poll, &results, &card, &withdrawn[0]] {
            let said = words(seen);
            for trace in ["1 vote", "no votes", "▰", "▱", "Votes:"] {
                assert!(!said.contains(trace), "{trace}: {said}");
            }
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_vote_on_a_private_page_is_confirmed_where_counts_are_hidden() {
    Evening::with(FakeFilms::with_films(12), |evening| async {
        under(&evening, SINGLE, HIDDEN).await;
        propose_all(&evening, 12).await;
        let poll = evening.poll(&evening.ada).await;
        let sent = evening.ben.click_label(&poll, "▶").await;
        let page = evening.answer(sent).await;
        for (film, said) in [
            ("Film 11", "You vote for **Film 11"),
            (
                "Film 12",
                "Your vote has moved to **Film 12 (1990)**, from **Film 11 (1990)**",
            ),
        ] {
            let sent = evening.ben.click(&page, button_of(&page, film)).await;
            let redrawn = evening.answer(sent).await;
            assert_eq!(redrawn.id(), page.id());
            assert_says(&redrawn, said);
        }
        evening
    })
    .await;
}

#[tokio::test]
async fn a_click_is_told_privately_only_what_the_poll_does_not_show() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        under(&evening, SINGLE, PUBLIC).await;
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        assert_eq!(told(&evening, &poll, "Film 1").await, None);
        let moved = told(&evening, &poll, "Film 2").await.expect("a line");
        assert!(
            moved.contains("moved to **Film 2 (1990)**, from **Film 1 (1990)**"),
            "{moved}"
        );
        let poll = evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("1 vote"))
            .await;
        assert_eq!(told(&evening, &poll, "Film 2").await, None, "taken back");
        evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("no votes"))
            .await;
        evening
    })
    .await;
}

#[tokio::test]
async fn an_anonymous_round_shows_counts_and_no_names_even_to_organizers() {
    Evening::with(FakeFilms::with_films(2), |evening| async {
        under(&evening, APPROVAL, ANONYMOUS).await;
        propose_all(&evening, 2).await;
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&evening.ben, &poll, "Film 2").await;
        let poll = evening
            .until(&poll, |poll| line_of(poll, "Film 2").contains("1 vote"))
            .await;
        assert_says(&poll, "not even organizers");
        let audit = evening.command(&evening.olga, "audit").await;
        let card = evening.ask(&evening.ada, "movie", "movie", "tt9000002").await;
        let sent = evening.olga.click_label(&poll, "Results so far").await;
        let results = evening.answer(sent).await;
        let ben = evening.ben.id().to_string();
        for seen in [&poll, &audit, &card, &results] {
            assert!(!words(seen).contains(&ben), "{}", words(seen));
        }
        let mine = evening.command(&evening.ben, "vote").await;
        assert_says(&mine, "- Film 2 (1990)");
        let named = "SELECT COUNT(*) FROM votes v JOIN proposals p ON v.member_id = p.proposed_by";
        assert_eq!(evening.database.number(named).await, 0);
        evening
    })
    .await;
}

/// Everything that is logged.
#[derive(Debug, Clone, Default)]
struct Book(Arc<Mutex<Vec<u8>>>);

impl Book {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Book {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Book {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_line_of_the_log_has_both_a_voter_and_a_film() {
    let book = Book::default();
    // With one listener alone, places in the code that another thread's story comes to first would be taken
    // for places where nobody listens.
    let another = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(telemetry::filter("trace"))
        .with_ansi(false)
        .with_writer(book.clone())
        .finish();
    // This thread is the bot's too.
    let listening = tracing::subscriber::set_default(subscriber);
    Evening::with(FakeFilms::with_films(3), |evening| async {
        under(&evening, APPROVAL, ANONYMOUS).await;
        propose_all(&evening, 3).await;
        // Whatever is said of those who propose: of Cleo it is votes alone.
        let cleo = evening.guild.add_member("Cleo");
        let poll = evening.poll(&evening.ada).await;
        evening.vote(&cleo, &poll, "Film 2").await;
        let card = evening.ask(&evening.ada, "movie", "movie", "tt9000003").await;
        let ballot = evening.answer(cleo.click_label(&card, "Vote for it").await).await;
        let ballot = evening.answer(cleo.click_label(&ballot, "My ballot").await).await;
        let menu = ballot.selects()[0].clone();
        let values: Vec<&str> = menu.options.iter().map(|film| film.value.as_str()).collect();
        evening
            .answer(cleo.select(&ballot, &menu.custom_id, &values).await)
            .await;
        evening.database.run_sql("UPDATE rounds SET method = 'irv'").await;
        let sent = cleo.click(&poll, button_of(&poll, "Film 1")).await;
        let ballot = evening.answer(sent).await;
        evening.answer(cleo.click_label(&ballot, "Undo last").await).await;
        evening.answer(cleo.click_label(&ballot, "Save").await).await;
        let gone = cleo.click_forged(&poll, format!("m1.t.{}.1", "zz")).await;
        evening.answer(gone).await;
        let votes = "SELECT COUNT(*) FROM votes";
        assert_eq!(evening.database.number(votes).await, 2);

        let guild = GuildId(evening.guild.id().get());
        let proposals = evening.store.list_active_proposals(guild, None, 10).await;
        let mut films = Vec::new();
        for proposal in proposals.expect("proposals") {
            films.push(proposal.film.shown_title().to_owned());
            films.extend([proposal.id.to_string(), proposal.film.id.to_string()]);
            films.extend(proposal.film.imdb_id.map(|id| id.to_string()));
        }
        films.extend(values.iter().map(|value| (*value).to_owned()));
        let log = book.text();
        let who = cleo.id().to_string();
        assert!(
            log.lines().any(|line| line.contains(&who)),
            "the voter is in the log at all"
        );
        assert!(log.contains("TRACE"), "all of it is written");
        for line in log.lines().filter(|line| line.contains(&who)) {
            let named: Vec<_> = films.iter().filter(|film| line.contains(*film)).collect();
            assert!(named.is_empty(), "{named:?} with the voter in {line}");
        }
        evening
    })
    .await;
    drop((listening, another));
}
