//! Storms: a whole server clicks within seconds. Judged by counts, so that a busy machine changes
//! nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use discord_sim::{Actor, AnswerKind, Message, RequestRecord};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream;
use marquee::domain::ids::GuildId;
use marquee::domain::poll::PAGE_SIZE;
use tokio::task::JoinHandle;

use crate::harness::evening::{Evening, PATIENCE, button_of, tally};
use crate::harness::providers::FakeFilms;

/// How many members click.
const MEMBERS: usize = 2_000;

/// How many of them wait for an answer at a time: as soon as one has it, the next one clicks. So the storm is
/// as dense as the machine allows, and a busy one makes it longer, not wrong. How long it takes is measured
/// by `cargo bench --bench storm`.
const AT_ONCE: usize = 25;

/// Edits after the last answer: one that was under way, and the last state.
const LAST_EDITS: usize = 2;

/// Between one member's click and the next one's, where a poll is watched.
const STEP: Duration = Duration::from_millis(10);

/// The films that are voted on.
const FILMS: [(&str, &str, u16); 4] = [
    ("tt0078748", "Alien", 1979),
    ("tt0133093", "The Matrix", 1999),
    ("tt0076759", "Star Wars", 1977),
    ("tt0088763", "Back to the Future", 1985),
];

/// What one member does, told by their number.
#[derive(Debug, Clone, Copy)]
struct Plan {
    title: &'static str,
    /// Clicks at once, without waiting for an answer between them.
    clicks: usize,
    /// Whether Discord delivers the first click a second time.
    twice: bool,
}

impl Plan {
    const fn of(number: usize) -> Self {
        Self {
            title: FILMS[number % 7 % FILMS.len()].1,
            // An even number of clicks leaves no vote.
            clicks: match number % 10 {
                3 => 2,
                7 => 3,
                _ => 1,
            },
            twice: number % 9 == 4,
        }
    }
}

/// Clicks as planned and returns the kinds of the answers.
async fn click(evening: &Evening, member: &Actor, poll: &Message, plan: Plan) -> Vec<AnswerKind> {
    let button = button_of(poll, plan.title);
    let clicks = (0..plan.clicks).map(|at| {
        let button = &button;
        async move {
            let answer = member.click(poll, button).await.expect("a click");
            if plan.twice && at == 0 {
                evening.sim.deliver_twice(&answer);
            }
            answer.first().await.expect("an acknowledgement").kind
        }
    });
    join_all(clicks).await
}

/// What the database has, film by film.
async fn recorded(evening: &Evening) -> BTreeMap<String, u32> {
    let guild = GuildId(evening.guild.id().get());
    let head = evening.store.find_poll_head(guild).await.expect("an answer");
    let round = head.expect("a round").round;
    let page = evening.store.list_standings(&round, PAGE_SIZE, 0).await;
    let standings = page.expect("standings").standings;
    standings
        .into_iter()
        .map(|standing| {
            let film = standing.proposal.film;
            let year = film.shown_year().expect("a year");
            (
                format!("{} ({year})", film.shown_title()),
                standing.votes.expect("counts are shown"),
            )
        })
        .collect()
}

/// The sums of votes that the poll showed, one after the other, until it shows `last`.
#[expect(clippy::disallowed_methods, reason = "the story itself waits for the watcher")]
fn watch(evening: &Evening, poll: &Message, last: u32) -> JoinHandle<Vec<u32>> {
    let (mut events, poll) = (evening.sim.subscribe(), poll.clone());
    tokio::spawn(async move {
        let mut sums = vec![0];
        while sums.last() != Some(&last) {
            // A watcher that is too slow is told so, and looks again.
            let _event = events.recv().await;
            let sum = tally(&poll.refresh().expect("the poll stays")).values().sum();
            if sums.last() != Some(&sum) {
                sums.push(sum);
            }
        }
        sums
    })
}

/// Puts the films up and the poll out.
async fn poll_of_four(evening: &Evening) -> Message {
    for (id, title, year) in FILMS {
        evening.knows(id, title, year);
        evening.propose(&evening.ada, id).await;
    }
    evening.poll(&evening.ada).await
}

/// How many edits of messages went through.
fn edits(requests: &[RequestRecord]) -> usize {
    let edited = |request: &&RequestRecord| request.method == "PATCH" && request.status == 200;
    requests.iter().filter(edited).count()
}

fn crowd(evening: &Evening, members: usize) -> Vec<Actor> {
    (0..members)
        .map(|number| evening.guild.add_member(&format!("Member {number}")))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_clicks_is_acknowledged_counted_and_shown() {
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_four(&evening).await;
        let members = crowd(&evening, MEMBERS);
        let requests_before = evening.sim.requests().len();
        let commits_before = evening.store.transactions();
        let begun = tokio::time::Instant::now();

        let clicking = members
            .iter()
            .enumerate()
            .map(|(number, member)| click(&evening, member, &poll, Plan::of(number)));
        let answers: Vec<Vec<AnswerKind>> = stream::iter(clicking).buffer_unordered(AT_ONCE).collect().await;
        let answers: Vec<AnswerKind> = answers.into_iter().flatten().collect();
        let edits_by_then = edits(&evening.sim.requests().split_off(requests_before));

        // All acknowledged, and what each click meant is what is counted.
        let plans: Vec<Plan> = (0..MEMBERS).map(Plan::of).collect();
        let clicks: usize = plans.iter().map(|plan| plan.clicks).sum();
        assert_eq!(answers.len(), clicks);
        let mut expected: BTreeMap<String, u32> = FILMS
            .map(|(_, title, year)| (format!("{title} ({year})"), 0))
            .into();
        for plan in plans.iter().filter(|plan| plan.clicks % 2 == 1) {
            let (_, votes) = expected
                .iter_mut()
                .find(|(title, _)| title.starts_with(plan.title))
                .expect("a film");
            *votes += 1;
        }
        evening.until(&poll, |poll| tally(poll) == expected).await;
        let lasted = begun.elapsed();
        assert_eq!(recorded(&evening).await, expected);

        // Few edits, and hardly a refusal.
        let requests = evening.sim.requests().split_off(requests_before);
        let patches = requests
            .iter()
            .filter(|request| request.method == "PATCH")
            .count();
        let late = edits(&requests) - edits_by_then;
        assert!(late <= LAST_EDITS, "{late} edits after the last answer");
        let inline = answers.iter().filter(|kind| **kind == AnswerKind::Update).count();
        let most = (1.2 * lasted.as_secs_f64()).ceil() + 1.0;
        let drawn = u32::try_from(edits(&requests) + inline).expect("few");
        assert!(
            f64::from(drawn) <= most,
            "{patches} + {inline} edits in {lasted:?}"
        );
        let refused = requests.iter().filter(|request| request.status == 429).count();
        assert!(refused <= 3, "{refused} refusals for haste");
        assert_eq!(
            requests
                .iter()
                .find(|request| request.status >= 400 && request.status != 429),
            None
        );
        // An answer a click, and the edits.
        assert_eq!(requests.len(), clicks + patches);

        let commits = evening.store.transactions() - commits_before;
        assert!(commits < clicks as u64, "{clicks} clicks took {commits} commits");
        evening
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_in_a_storm_never_shows_older_numbers_after_newer_ones() {
    const VOTERS: u32 = 120;
    Evening::with(FakeFilms::start(), |evening| async {
        let poll = poll_of_four(&evening).await;
        let members = crowd(&evening, VOTERS as usize);
        let watch = watch(&evening, &poll, VOTERS);
        let storm = members.iter().enumerate().map(|(number, member)| {
            let (evening, poll) = (&evening, &poll);
            async move {
                tokio::time::sleep(STEP * u32::try_from(number).expect("few")).await;
                evening.vote(member, poll, FILMS[number % FILMS.len()].1).await;
            }
        });
        join_all(storm).await;
        let sums = tokio::time::timeout(PATIENCE, watch).await;
        let sums = sums.expect("the last vote is shown").expect("a watcher");
        assert!(sums.is_sorted(), "{sums:?}");
        evening
    })
    .await;
}
