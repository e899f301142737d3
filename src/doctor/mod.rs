//! Looks whether everything that the bot stands on is there, and says what to do where it is not.
//!
//! Changes nothing: no member notices, no schema is moved, no provider's health is touched. Shows no secret.
//! Every check is bounded, and they are made side by side.

mod database;
mod discord;
mod films;

use std::fmt;

use crate::clock::Clock;
use crate::config::{Config, Loaded, Setting};
use crate::domain::provider_health::ProviderRecord;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// The bot works, but something is amiss.
    Warn,
    /// The bot does not work like this.
    Fail,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it ended.
    pub verdict: Verdict,
    /// What was looked at, in a word or two.
    pub about: String,
    /// What was found.
    pub told: String,
    /// What to do now, where there is something to do.
    pub advice: Option<String>,
}

impl fmt::Display for Finding {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(f, "{verdict:<4}  {:<14}  {}", self.about, self.told)?;
        match &self.advice {
            Some(advice) => write!(f, " → {advice}"),
            None => Ok(()),
        }
    }
}

impl Finding {
    fn ok(about: impl Into<String>, told: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Ok,
            about: about.into(),
            told: told.into(),
            advice: None,
        }
    }

    fn warn(about: impl Into<String>, told: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Warn,
            advice: Some(advice.into()),
            ..Self::ok(about, told)
        }
    }

    fn fail(about: impl Into<String>, told: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Fail,
            ..Self::warn(about, told, advice)
        }
    }
}

/// Makes every check; those that need the network only when not `offline`.
pub async fn examine(loaded: &Loaded, offline: bool, clock: &Clock) -> Vec<Finding> {
    let config = match &loaded.config {
        Ok(config) => config,
        Err(error) => {
            let advice = "mend it; `marquee config check` shows every setting with where it was set";
            let found = |problem: &crate::config::Problem| {
                Finding::fail("configuration", problem.to_string(), advice)
            };
            return error.problems.iter().map(found).collect();
        }
    };
    let mut findings = vec![configuration(&loaded.settings)];
    let (database, discord, films) = tokio::join!(
        database::examine(config),
        when(!offline, discord::examine(config, &loaded.settings)),
        when(!offline, films::examine(config, &loaded.settings, clock)),
    );
    let (database, kept) = database;
    findings.push(time(clock, &kept));
    findings.extend(database);
    if offline {
        findings.extend(token_alone(config));
    }
    findings.extend(discord.unwrap_or_default());
    findings.extend(films.unwrap_or_default());
    findings.extend(films::kept(config, &kept, clock));
    findings
}

async fn when<T>(wanted: bool, work: impl Future<Output = T>) -> Option<T> {
    if wanted { Some(work.await) } else { None }
}

/// Where the settings come from, those that are not the defaults.
fn configuration(settings: &[Setting]) -> Finding {
    let mut set: Vec<String> = settings
        .iter()
        .filter(|setting| setting.value.is_some() && setting.origin != "default")
        .map(|setting| format!("{} ({})", setting.path, setting.origin))
        .collect();
    if set.is_empty() {
        set.push("nothing".to_owned());
    }
    Finding::ok("configuration", format!("valid; set: {}", set.join(", ")))
}

/// Where a setting's value comes from, as people say it.
fn origin_of<'a>(settings: &'a [Setting], path: &str) -> &'a str {
    settings
        .iter()
        .find(|setting| setting.path == path)
        .map_or("not set", |setting| setting.origin.as_str())
}

/// Without asking Discord, it can only be said whether there is a token.
fn token_alone(config: &Config) -> Option<Finding> {
    let error = config.token().err()?;
    Some(Finding::fail("discord token", "there is none", error.to_string()))
}

/// No clock that is right says less: 2026-01-01 UTC.
const NOT_BEFORE: i64 = 1_767_225_600;

/// Seconds that a record may be ahead of the clock.
const SLACK_SECS: i64 = 300;

/// Whether the clock can be right.
fn time(clock: &Clock, kept: &[ProviderRecord]) -> Finding {
    let now = clock.unix_secs();
    let advice = "set it, best by NTP: rounds close and data expires by it";
    let told = films::date(now);
    let newest = kept.iter().map(|record| record.seen.at).max();
    if now < NOT_BEFORE {
        Finding::fail("clock", format!("says {told}, which is long past"), advice)
    } else if let Some(newest) = newest.filter(|newest| *newest > now + SLACK_SECS) {
        let newest = films::date(newest);
        let wrong = format!("says {told}, but something was noted at {newest}");
        Finding::warn("clock", wrong, advice)
    } else {
        Finding::ok("clock", told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_with_what_to_do() {
        let finding = Finding::warn("clock", "is slow", "set it");
        assert_eq!(finding.to_string(), "warn  clock           is slow → set it");
        assert_eq!(
            Finding::ok("database", "is there").to_string(),
            "ok    database        is there"
        );
    }

    #[test]
    fn a_clock_of_another_century_is_found_out() {
        let at = |unix_secs: i64| time(&Clock::manual(unix_secs * 1_000), &[]).verdict;
        assert_eq!(at(0), Verdict::Fail);
        assert_eq!(at(NOT_BEFORE), Verdict::Ok);
    }
}
