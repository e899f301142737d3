//! What an evening costs, through the real bot on the local Discord: `cargo bench --bench evening`.
//!
//! Prints a table of the mark to beat (what the idea's ancestor took for the same, measured once) and
//! of this bot's figures. Machines differ, so times also stand as multiples of the time in which the
//! same bot answers a command that looks nothing up (`/about`); the ancestor's as multiples of a bot
//! that does nothing at all, which took 1 ms. Ends by itself within three minutes.

#[path = "../tests/suite/harness/mod.rs"]
#[expect(dead_code, reason = "the stories use all of it")]
mod harness;

use std::process::Stdio;
use std::time::{Duration, Instant};

use discord_sim::{Sim, SimConfig};
use futures::future::join_all;
use harness::evening::{Evening, Setting, button_of, titles};
use harness::providers::{Behaviour, FakeFilms};
use harness::stock::Stock;
use harness::viewing::View;
use marquee::domain::film::Source;
use tokio::process::Command;

/// The whole of it ends by then, whatever happens.
const LIMIT: Duration = Duration::from_mins(3);

/// How often what is fast is measured; the median counts.
const TIMES: usize = 25;

/// A line of the table.
struct Line {
    what: &'static str,
    ancestor: String,
    ours: String,
}

#[tokio::main]
async fn main() {
    // Cargo passes `--bench`, and `cargo test --benches` other flags, which mean nothing here.
    let table = tokio::time::timeout(LIMIT, measure());
    let lines = table.await.expect("the measurement ends in time");
    let widest = |of: fn(&Line) -> &str| lines.iter().map(|line| of(line).chars().count()).max();
    let first = widest(|line| line.what).unwrap_or_default();
    let second = widest(|line| &line.ancestor).unwrap_or_default();
    for Line { what, ancestor, ours } in &lines {
        println!("{what:first$}  {ancestor:>second$}  {ours}");
    }
}

async fn measure() -> Vec<Line> {
    let line = |what, ancestor: &str, ours| Line {
        what,
        ancestor: ancestor.to_owned(),
        ours,
    };
    let idle = nothing().await;
    let (cached, statements) = cached().await;
    let click = click().await;
    let cold = first_view(10, &Behaviour::Delay(Duration::from_millis(300))).await;
    let hanging = two_views(10, &Behaviour::Hang).await;
    let more_hanging = two_views(20, &Behaviour::Hang).await;
    let outage = outage().await;
    let dripping = two_views(1, &Behaviour::Drip).await;
    let broken = two_views(10, &Behaviour::status(500, "{}")).await;
    let (crowd, crowd_calls) = twenty_at_once().await;
    let (start, memory) = start().await;

    let fast = |took: Duration| format!("{} ({:.1}x)", ms(took), took.as_secs_f64() / idle.as_secs_f64());
    let both = |views: &[View; 2]| format!("{}, then {}", ms(views[0].complete), ms(views[1].complete));
    vec![
        line("", "ancestor", "this bot".to_owned()),
        line("a command that looks nothing up", "1 ms", ms(idle)),
        line("10 cached films", "27 ms (27x)", fast(cached)),
        line("… statements", "7", statements.to_string()),
        line("a vote's answer", "", fast(click)),
        line("10 cold films at 0.3 s each", "3.1 s", ms(cold.complete)),
        line("… calls", "", cold.cost.film_calls.to_string()),
        line("10 cold films, hanging", "30 s, always", both(&hanging)),
        line("20 cold films, hanging", "60 s, always", both(&more_hanging)),
        line(
            "10 cold films, all databases hanging, a probe due",
            "30 s, always",
            format!(
                "{}, {:.0} ms more than cached",
                ms(outage),
                more_ms(outage, cached)
            ),
        ),
        line("1 cold film, dripping", "23 s, always", both(&dripping)),
        line(
            "10 cold films, status 500: calls",
            "10, always",
            format!(
                "{}, then {}",
                broken[0].cost.film_calls, broken[1].cost.film_calls
            ),
        ),
        line(
            "10 cold films, 20 people at once: calls",
            "200",
            crowd_calls.to_string(),
        ),
        line("… the last of them has the poll", "", ms(crowd)),
        line(
            "from its start to being online",
            "14 ms (does nothing)",
            ms(start),
        ),
        line("memory once online", "11 MB (does nothing)", memory),
    ]
}

fn ms(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1_000.0)
}

/// How many milliseconds longer the first of these took.
fn more_ms(took: Duration, than: Duration) -> f64 {
    (took.as_secs_f64() - than.as_secs_f64()) * 1_000.0
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

/// An evening with so many films put up, of which no details are known.
async fn cold_films(count: u32, behaviour: &Behaviour) -> Evening {
    let evening = Evening::begin(Setting::new(FakeFilms::with_films(count))).await;
    evening.films.behave(behaviour);
    let stock = Stock::of(&evening.database).await;
    let (films, now) = (evening.films.ids(), evening.clock.unix_secs());
    stock.propose(&evening.guild, &films, now).await;
    evening
}

/// The same with everything cached.
async fn cached_films(count: u32) -> Evening {
    let evening = cold_films(count, &Behaviour::Fine).await;
    let stock = Stock::of(&evening.database).await;
    let (films, now) = (evening.films.ids(), evening.clock.unix_secs());
    stock.cache(&films, now).await;
    evening
}

/// `/about`, which uses no database and asks nobody.
async fn nothing() -> Duration {
    let evening = cached_films(10).await;
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let sent = evening.ada.slash(&evening.channel, "about").send().await;
        let first = sent.expect("it is sent").first().await;
        took.push(first.expect("it is answered").after);
    }
    evening.end().await;
    median(took)
}

/// A poll of ten cached films, and its statements.
async fn cached() -> (Duration, u64) {
    let evening = cached_films(10).await;
    let (mut took, mut statements) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let view = evening.view(&evening.ada).await;
        assert_eq!(view.cost.film_calls, 0);
        took.push(view.complete);
        statements = statements.max(view.cost.statements);
    }
    evening.end().await;
    (median(took), statements)
}

/// A click that votes, until it is committed and acknowledged.
async fn click() -> Duration {
    let evening = cached_films(10).await;
    let poll = evening.view(&evening.ada).await.poll;
    let mut took = Vec::new();
    for n in 0..TIMES {
        let title = titles(&poll)[n % 10].clone();
        let sent = evening.ben.click(&poll, button_of(&poll, &title)).await;
        let first = sent.expect("it is clicked").first().await;
        took.push(first.expect("it is answered").after);
    }
    evening.end().await;
    median(took)
}

async fn first_view(films: u32, behaviour: &Behaviour) -> View {
    let evening = cold_films(films, behaviour).await;
    let view = evening.view(&evening.ada).await;
    evening.end().await;
    view
}

/// A view, and the one after it.
async fn two_views(films: u32, behaviour: &Behaviour) -> [View; 2] {
    let evening = cold_films(films, behaviour).await;
    let views = [evening.view(&evening.ada).await, evening.view(&evening.ben).await];
    evening.end().await;
    views
}

/// A view in every minute of an outage of all film databases, after the one that found it out: each finds
/// the one probe of its minute due. The median.
async fn outage() -> Duration {
    let films = FakeFilms::with_films(10);
    let setting = Setting::new(films).asking(&[Source::Omdb, Source::Cinemeta]);
    let evening = Evening::begin(setting).await;
    evening.films.behave(&Behaviour::Hang);
    let stock = Stock::of(&evening.database).await;
    let (films, now) = (evening.films.ids(), evening.clock.unix_secs());
    stock.propose(&evening.guild, &films, now).await;
    evening.view(&evening.ada).await;
    let mut took = Vec::new();
    for _ in 0..TIMES {
        evening.clock.advance_ms(60_001);
        took.push(evening.view(&evening.ben).await.complete);
    }
    evening.end().await;
    median(took)
}

/// Twenty people ask for the poll at the same time: how long the last one waits, and how many calls of
/// film databases that makes.
async fn twenty_at_once() -> (Duration, usize) {
    let evening = cold_films(10, &Behaviour::Delay(Duration::from_millis(300))).await;
    let people: Vec<_> = (0..20)
        .map(|n| evening.guild.add_member(&format!("Person {n}")))
        .collect();
    let views = join_all(people.iter().map(|who| evening.look(who))).await;
    let last = views.iter().map(|view| view.complete).max();
    let calls = evening.films.calls().len();
    evening.end().await;
    (last.unwrap_or_default(), calls)
}

/// The program as a process: from its start to being online, on a new database; and its memory then.
async fn start() -> (Duration, String) {
    let sim = Sim::start(SimConfig::default()).await.expect("a local Discord");
    sim.add_guild("Film Club");
    let home = tempfile::tempdir().expect("a directory");
    let begun = Instant::now();
    let mut bot = Command::new(env!("CARGO_BIN_EXE_marquee"))
        .env_clear()
        .env("DISCORD_TOKEN", sim.token())
        .env("MARQUEE_DISCORD__API_URL", sim.base_url())
        .env("MARQUEE_OPS__LISTEN", "off")
        .current_dir(&home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the bot starts");
    sim.wait_for_bot().await.expect("the bot comes online");
    let took = begun.elapsed();
    let memory = bot
        .id()
        .and_then(resident)
        .unwrap_or_else(|| "not told by this system".to_owned());
    bot.kill().await.expect("the bot is stopped");
    sim.stop().await;
    (took, memory)
}

/// The resident memory of a process, where the system tells.
fn resident(id: u32) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(format!("{:.1} MB", kib / 1_024.0))
}
