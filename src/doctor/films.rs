//! The film databases: how each answers now, and what is kept of it.

use std::time::Duration;

use chrono::DateTime;
use tokio_util::task::TaskTracker;

use super::{Finding, Verdict, origin_of};
use crate::app::catalogue_settings;
use crate::catalogue::{Catalogue, Probe};
use crate::clock::Clock;
use crate::config::{Config, Setting};
use crate::domain::film::Source;
use crate::domain::ids::ImdbId;
use crate::domain::provider_health::{Condition, ProviderRecord, utc_day};

/// A film that every database of films knows: The Shawshank Redemption.
const WELL_KNOWN: &str = "tt0111161";

/// How long each may take.
const WITHIN: Duration = Duration::from_secs(5);

const ABOUT: &str = "film databases";

pub(super) async fn examine(config: &Config, settings: &[Setting], clock: &Clock) -> Vec<Finding> {
    if config.metadata.providers.is_empty() {
        let advice = "take metadata.providers out, or name one: Cinemeta needs no key";
        return vec![Finding::warn(
            ABOUT,
            "none is asked: films are shown by title alone",
            advice,
        )];
    }
    let made = Catalogue::new(
        catalogue_settings(&config.metadata),
        clock.clone(),
        TaskTracker::new(),
    );
    let catalogue = match made {
        Ok(catalogue) => catalogue,
        Err(error) => {
            let advice = "look at the settings under [metadata]";
            return vec![Finding::fail(ABOUT, error.to_string(), advice)];
        }
    };
    let Ok(film) = WELL_KNOWN.parse::<ImdbId>() else {
        return Vec::new();
    };
    let probes = catalogue.probe(&film, WITHIN).await;
    let mut findings: Vec<Finding> = probes.iter().map(|probe| told(probe, settings)).collect();
    if findings.iter().all(|finding| finding.verdict != Verdict::Ok) {
        findings.push(Finding::fail(
            ABOUT,
            "none of them has data now: films are shown from the cache, or by title alone",
            "mend one of them; Cinemeta needs no key",
        ));
    }
    findings
}

fn told(probe: &Probe, settings: &[Setting]) -> Finding {
    let about = probe.source.label();
    let ms = probe.took.as_millis();
    let setting = |name: &str| {
        let path = format!("metadata.{}.{name}", probe.source.as_str());
        let origin = origin_of(settings, &path);
        format!("{path} ({origin})")
    };
    let class = probe.class;
    match class {
        "found" => Finding::ok(about, format!("{class}: answered in {ms} ms")),
        "not_found" => Finding::warn(
            about,
            format!("{class}: answered in {ms} ms, but does not know {WELL_KNOWN}"),
            format!("see that {} is a film database", setting("base_url")),
        ),
        "quota" => Finding::warn(
            about,
            format!("{class}: takes no more requests for now"),
            "wait, it is asked again by itself; a paid key allows more",
        ),
        "bad_key" => {
            let key = match probe.source {
                Source::Tmdb => "access_token",
                Source::Omdb | Source::Cinemeta | Source::Wikidata => "api_key",
            };
            Finding::fail(
                about,
                format!("{class}: refuses the key"),
                format!("copy it again into {} and restart", setting(key)),
            )
        }
        _ => Finding::warn(
            about,
            format!("{class}: {} after {ms} ms", probe.reason),
            format!(
                "wait if it is an outage; else look at the network and at {}",
                setting("base_url")
            ),
        ),
    }
}

/// What the database keeps of those that are asked.
pub(super) fn kept(config: &Config, kept: &[ProviderRecord], clock: &Clock) -> Vec<Finding> {
    let asked = kept
        .iter()
        .filter(|record| config.metadata.providers.contains(&record.source));
    asked.map(|record| remembered(record, config, clock)).collect()
}

fn remembered(record: &ProviderRecord, config: &Config, clock: &Clock) -> Finding {
    let about = format!("{}, kept", record.source.label());
    let now = clock.unix_secs();
    let since = date(record.seen.at);
    let requests = if record.day == utc_day(now) {
        record.requests
    } else {
        0
    };
    let limit = match record.source {
        Source::Omdb => config.metadata.omdb_daily_limit,
        Source::Tmdb | Source::Cinemeta | Source::Wikidata => None,
    };
    let limit = limit.map_or_else(String::new, |limit| format!(" of {limit}"));
    let today = format!("{requests}{limit} requests today");
    match (record.seen.condition, record.seen.rest) {
        (Condition::QuotaUsedUp, Some(rest)) if (rest.from..rest.until).contains(&now) => Finding::warn(
            about,
            format!("quota used up, left alone until {}; {today}", date(rest.until)),
            "wait, or use a key with a larger quota",
        ),
        (Condition::Failing, _) => Finding::warn(
            about,
            format!("failing since {since}; {today}"),
            "wait if it is an outage; it is asked again once a minute",
        ),
        (Condition::BadKey, _) => Finding::warn(
            about,
            format!("refused the key on {since}; {today}"),
            "set another and restart; after that this is forgotten",
        ),
        (Condition::Up | Condition::QuotaUsedUp, _) => Finding::ok(about, today),
    }
}

/// An instant as people read it.
pub(super) fn date(unix_secs: i64) -> String {
    DateTime::from_timestamp(unix_secs, 0).map_or_else(
        || format!("{unix_secs} s"),
        |date| date.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}
