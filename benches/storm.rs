//! A storm of votes, through the real bot on the local Discord: `cargo bench --bench storm`.
//!
//! Two thousand members click within five seconds. Prints how soon they were acknowledged, how soon
//! after the last click the message told the exact tally, and what it cost. Fails when a click is lost.

#[path = "../tests/suite/harness/mod.rs"]
#[expect(dead_code, reason = "the stories use all of it")]
mod harness;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use discord_sim::{AnswerKind, FirstAnswer};
use futures::future::join_all;
use harness::evening::{Evening, Setting, button_of, tally, titles};
use harness::providers::FakeFilms;
use harness::stock::Stock;

/// Who clicks, once each.
const MEMBERS: u32 = 2_000;

/// How long the storm lasts.
const STORM: Duration = Duration::from_secs(5);

/// The whole of it ends by then, whatever happens.
const LIMIT: Duration = Duration::from_mins(2);

#[tokio::main]
async fn main() {
    tokio::time::timeout(LIMIT, measure())
        .await
        .expect("the measurement ends in time");
}

async fn measure() {
    let evening = Evening::begin(Setting::new(FakeFilms::with_films(10))).await;
    let stock = Stock::of(&evening.database).await;
    let (films, now) = (evening.films.ids(), evening.clock.unix_secs());
    stock.propose(&evening.guild, &films, now).await;
    stock.cache(&films, now).await;
    let poll = evening.poll(&evening.ada).await;
    let shown = titles(&poll);
    let members: Vec<_> = (0..MEMBERS)
        .map(|n| evening.guild.add_member(&format!("Member {n}")))
        .collect();
    let (requests, commits) = (evening.sim.requests().len(), evening.store.transactions());

    let begun = Instant::now();
    let clicks = members.iter().zip(0..MEMBERS).map(|(member, n)| {
        let (poll, title) = (&poll, &shown[n as usize % shown.len()]);
        async move {
            tokio::time::sleep(STORM * n / MEMBERS).await;
            let answer = member.click(poll, button_of(poll, title)).await;
            let answer = answer.expect("a click");
            let clicked = Instant::now();
            (answer.first().await.expect("an acknowledgement"), clicked)
        }
    });
    let answers: Vec<(FirstAnswer, Instant)> = join_all(clicks).await;
    let each = MEMBERS / u32::try_from(shown.len()).expect("ten");
    let exact = |poll: &_| {
        let tally: BTreeMap<String, u32> = tally(poll);
        tally.values().all(|votes| *votes == each)
    };
    evening.until(&poll, exact).await;
    let last = answers.iter().map(|(_, clicked)| *clicked).max().expect("clicks");
    let (exact_after, took) = (last.elapsed(), begun.elapsed());

    let mut after: Vec<Duration> = answers.iter().map(|(first, _)| first.after).collect();
    after.sort_unstable();
    let requests = evening.sim.requests().split_off(requests);
    let of = |what: fn(&discord_sim::RequestRecord) -> bool| requests.iter().filter(|r| what(r)).count();
    let inline = answers
        .iter()
        .filter(|(first, _)| first.kind == AnswerKind::Update)
        .count();
    let edits = of(|request| request.method == "PATCH") + inline;
    let at = |share: usize| after[(after.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
    let per_sec = f64::from(u32::try_from(edits).expect("few")) / took.as_secs_f64();
    println!("clicks acknowledged      {} of {MEMBERS}", answers.len());
    println!("… half of them within    {:.1} ms", at(50));
    println!("… 99 % of them within    {:.1} ms", at(99));
    println!("… the last within        {:.1} ms", at(100));
    println!(
        "message exact            {:.2} s after the last click",
        exact_after.as_secs_f64()
    );
    println!("edits                    {edits}, {per_sec:.2} a second");
    println!("answers of 429           {}", of(|request| request.status == 429));
    println!("requests a click         {:.3}", ratio(requests.len()));
    let commits = evening.store.transactions() - commits;
    println!("commits                  {commits}");
    evening.end().await;
}

fn ratio(requests: usize) -> f64 {
    f64::from(u32::try_from(requests).expect("few")) / f64::from(MEMBERS)
}
