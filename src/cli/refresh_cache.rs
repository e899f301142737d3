//! `marquee refresh-cache`: renews film data, with a progress bar on a terminal and plain lines elsewhere.
//!
//! Progress goes to standard error, the summary to standard output. Status 0: every film was asked for and
//! answered; 3: some were not, and another run takes them up; 1: it failed, and standard error says why.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{block_on, configured, until_told_to_stop};
use crate::app::{open_store, use_cases};
use crate::clock::Clock;
use crate::config::{Config, Sources};
use crate::lifecycle::Tasks;
use crate::metrics::Metrics;
use crate::service::Service;
use crate::service::renew::{Progress, RefreshEnd, RefreshPlan, Refreshed, ToRefresh};
use crate::store::Store;
use crate::telemetry;

/// The status when a part of the films is left.
const PARTIAL: u8 = 3;

/// How often a plain line tells how far it is.
const LINE_EVERY: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 when every film was asked for and answered, 3 when some could not be had \
                        or were left (run it again: what was renewed is not asked for twice), 1 when it failed."
)]
pub(super) struct RefreshCache {
    /// Every film in the database, not only those of active proposals and of picks of the last 30 days
    #[arg(long)]
    all: bool,
    /// Renews data of this age and older, such as 12h [default: the setting `metadata.cache_ttl`]
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    older_than: Option<Duration>,
    /// Asks for this many films at most, those without data first, then the oldest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Says what would be done: asks nobody and writes nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn main(arguments: &RefreshCache, sources: &Sources) -> anyhow::Result<ExitCode> {
    let config = configured(sources)?;
    // A log between the bar's updates would tear it; what went wrong is in the summary.
    let bar = std::io::stderr().is_terminal();
    if !bar {
        telemetry::start(&config.log);
    }
    block_on(async {
        let store = open_store(&config.database).await?;
        let done = refresh(arguments, &config, &store, bar).await;
        store.close().await;
        done
    })
}

async fn refresh(
    arguments: &RefreshCache,
    config: &Config,
    store: &Store,
    bar: bool,
) -> anyhow::Result<ExitCode> {
    let states = store.migration_status().await?;
    ensure!(
        states.iter().all(|state| state.applied),
        "the database's schema is not up to date: run `marquee migrate up`, or start the bot, first"
    );
    ensure!(
        states.iter().all(|state| state.name.is_some()),
        "the database was made by a newer version of Marquee: use that"
    );
    let service = use_cases(
        config,
        store.clone(),
        Clock::machine(),
        &Tasks::new(),
        Metrics::new(),
    )?;
    let plan = RefreshPlan {
        all: arguments.all,
        older_than: arguments.older_than,
        limit: arguments.limit,
    };
    let age = arguments.older_than.unwrap_or(config.metadata.cache_ttl);
    let planned = service.count_films_to_refresh(plan).await?;
    if arguments.dry_run || planned.asked == 0 {
        tell(&plan_in_words(&planned, age, arguments.dry_run))?;
        return Ok(ExitCode::SUCCESS);
    }
    let providers = service.catalogue().health();
    if !providers.iter().any(|provider| provider.source.has_films()) {
        bail!("no film database is configured: see `metadata.providers`");
    }

    let stop = until_told_to_stop()?;
    let mut meter = Meter::new(planned.asked, bar);
    // A quota that the bot used up is used up for this too, and the other way round.
    service.resume_provider_health().await;
    let refreshed = service.refresh_films(plan, &stop, |news| meter.note(news)).await;
    meter.finish();
    let kept = service.save_provider_health().await;
    let refreshed = refreshed?;
    kept?;
    tell(&summary(&service, &planned, &refreshed))?;
    let whole = refreshed.end == RefreshEnd::Done && refreshed.tally.failed == 0;
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PARTIAL)
    })
}

fn tell(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

fn plan_in_words(planned: &ToRefresh, age: Duration, dry_run: bool) -> String {
    let age = humantime::format_duration(age);
    if planned.asked == 0 {
        return format!("Nothing to do: no film is without data or has data older than {age}.");
    }
    let ToRefresh { missing, old, asked } = planned;
    let mut words =
        format!("{missing} without data, {old} with data older than {age}: {asked} would be asked for.");
    if dry_run {
        words.push_str(" Nothing was asked or written.");
    }
    words
}

/// What came of a run: the films, the providers' answers by class, and why it ended early if it did.
fn summary(service: &Service, planned: &ToRefresh, refreshed: &Refreshed) -> String {
    let tally = refreshed.tally;
    let mut lines = vec![format!(
        "{}: {} changed, {} unchanged, {} not found, {} failed.",
        films(tally.asked()),
        tally.changed,
        tally.unchanged,
        tally.not_found,
        tally.failed
    )];
    for (source, counts) in service.catalogue().answer_counts() {
        let classes = [
            (counts.found, "found"),
            (counts.not_found, "not found"),
            (counts.transient, "transient"),
            (counts.quota, "quota"),
            (counts.bad_key, "bad key"),
            (counts.unreadable, "unreadable"),
        ];
        let told: Vec<String> = classes
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, class)| format!("{count} {class}"))
            .collect();
        if !told.is_empty() {
            lines.push(format!("{} answered: {}.", source.label(), told.join(", ")));
        }
    }
    let left = planned.asked.saturating_sub(tally.asked());
    let why = match refreshed.end {
        RefreshEnd::Done => return lines.join("\n"),
        RefreshEnd::Stopped => "Stopped".to_owned(),
        RefreshEnd::QuotaUsedUp(source, rest) => {
            let rest = humantime::format_duration(Duration::from_secs(rest.as_secs()));
            format!(
                "Ended early: the quota of {} is used up for {rest}",
                source.label()
            )
        }
        RefreshEnd::NobodyAnswers => "Ended early: no film database answers".to_owned(),
        RefreshEnd::NobodyToAsk => {
            "Ended early: no film database accepts its key; see `marquee config check`".to_owned()
        }
    };
    lines.push(format!("{why}. Left for the next run: {}.", films(left)));
    lines.join("\n")
}

fn films(count: u64) -> String {
    match count {
        1 => "1 film".to_owned(),
        count => format!("{count} films"),
    }
}

/// How far it is: a bar, or now and then a line.
struct Meter {
    total: u64,
    asked: u64,
    began: Instant,
    told: Instant,
    bar: Option<ProgressBar>,
}

impl Meter {
    fn new(total: u64, bar: bool) -> Self {
        let now = Instant::now();
        let meter = Self {
            total,
            asked: 0,
            began: now,
            told: now,
            bar: bar.then(|| ProgressBar::new(total).with_style(style())),
        };
        if let Some(bar) = &meter.bar {
            bar.enable_steady_tick(Duration::from_millis(200));
        } else {
            eprintln!("Asking for {}.", films(total));
        }
        meter
    }

    fn note(&mut self, news: Progress) {
        match (news, &self.bar) {
            (Progress::Asked(asked), Some(bar)) => {
                self.asked = asked;
                bar.set_message("");
                bar.set_position(asked);
            }
            (Progress::Resting(rest), Some(bar)) => {
                bar.set_message(format!("no answer; next attempt in {} s", rest.as_secs().max(1)));
            }
            (Progress::Asked(asked), None) => {
                self.asked = asked;
                if self.told.elapsed() >= LINE_EVERY {
                    self.told = Instant::now();
                    eprintln!("{}", line(asked, self.total, self.began.elapsed()));
                }
            }
            (Progress::Resting(rest), None) => {
                eprintln!(
                    "No film database answers; the next attempt is in {} s.",
                    rest.as_secs().max(1)
                );
            }
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        } else {
            eprintln!("{}", line(self.asked, self.total, self.began.elapsed()));
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {pos} of {len} films, {per_sec}, {eta} left {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A plain line: how far, how fast, how long still.
fn line(asked: u64, total: u64, passed: Duration) -> String {
    let secs = passed.as_secs().max(1);
    let a_minute = asked.saturating_mul(60) / secs;
    let left_secs = total.saturating_sub(asked).saturating_mul(secs) / asked.max(1);
    let left = humantime::format_duration(Duration::from_secs(left_secs));
    match asked {
        0 => format!("0 of {total} films."),
        asked if asked >= total => format!("{asked} of {total} films, {a_minute} a minute."),
        asked => format!("{asked} of {total} films, {a_minute} a minute, about {left} left."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_far_how_fast_and_how_long_still() {
        for (asked, passed_secs, told) in [
            (0, 30, "0 of 1000 films."),
            (100, 0, "100 of 1000 films, 6000 a minute, about 9s left."),
            (250, 30, "250 of 1000 films, 500 a minute, about 1m 30s left."),
            (1000, 120, "1000 of 1000 films, 500 a minute."),
        ] {
            assert_eq!(line(asked, 1000, Duration::from_secs(passed_secs)), told);
        }
    }

    #[test]
    fn the_bars_template_is_well_formed() {
        ProgressStyle::with_template("{bar:30} {pos} of {len} films, {per_sec}, {eta} left {msg}").unwrap();
    }
}
