//! `/about`: what runs here, how the film databases are, whose data it is.

use std::time::Duration;

use super::words::{self, CALM};
use crate::catalogue::{ProviderHealth, ProviderState};
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Field, Row, Screen};
use crate::domain::film::Source;

/// What `/about` tells.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The program's version.
    pub version: &'a str,
    /// How long it has been running.
    pub uptime: Duration,
    /// The databases that are configured, in the order in which they are asked.
    pub providers: &'a [ProviderHealth],
    /// Whether a local index of IMDb's titles is loaded.
    pub imdb_titles: bool,
    /// Where the privacy text is, when the operator gave an address.
    pub privacy_url: Option<&'a str>,
}

/// The answer to `/about`.
pub fn screen(about: &About<'_>) -> Screen {
    let health: Vec<String> = about.providers.iter().map(health).collect();
    let health = if health.is_empty() {
        "None is configured: films are shown with their titles alone.".to_owned()
    } else {
        health.join("\n")
    };
    let mut fields = vec![field("Film databases", health)];
    let mut credits: Vec<&str> = about
        .providers
        .iter()
        .map(|provider| attribution(provider.source))
        .collect();
    credits.extend(about.imdb_titles.then_some(IMDB_CREDIT));
    if !credits.is_empty() {
        fields.push(field("Where the data comes from", credits.join("\n")));
    }
    fields.push(field(
        "Privacy",
        "Kept, with your Discord id, are the films that you propose, your votes and your ratings. In an anonymous \
         round nothing leads from a ballot to you once the round is closed. Messages are not read."
            .to_owned(),
    ));
    let embed = Embed {
        title: Some("Marquee".to_owned()),
        description: Some(format!(
            "A bot with which a group decides what to watch.\nVersion {} · running for {}",
            words::plain(about.version, 60),
            words::duration(about.uptime)
        )),
        colour: Some(CALM),
        fields,
        ..Embed::default()
    };
    let privacy = about.privacy_url.map(|url| Button::link("Privacy", url));
    limits::fitted(Screen {
        content: String::new(),
        embeds: vec![embed],
        rows: vec![Row::Buttons(privacy.into_iter().collect())],
    })
}

fn field(name: &str, value: String) -> Field {
    Field {
        name: name.to_owned(),
        value,
        inline: false,
    }
}

fn health(provider: &ProviderHealth) -> String {
    let (mark, state) = match provider.state {
        ProviderState::Up => ("🟢", "answers".to_owned()),
        ProviderState::Resting(left) => (
            "🟠",
            format!("failed too often, is asked again in {}", words::duration(left)),
        ),
        ProviderState::QuotaUsedUp(left) => (
            "🟠",
            format!("quota used up, is asked again in {}", words::duration(left)),
        ),
        ProviderState::BadKey => (
            "🔴",
            "refuses the key; whoever runs this bot must set another".to_owned(),
        ),
    };
    let usage = provider.usage.daily_limit.map_or_else(String::new, |limit| {
        format!(" · {} of {limit} requests today", provider.usage.requests_today)
    });
    format!("{mark} **{}** {state}{usage}", provider.source.label())
}

/// The credit that IMDb wants beside what comes of its datasets.
const IMDB_CREDIT: &str = "Information courtesy of IMDb (https://www.imdb.com). Used with permission.";

/// The credit that each film database asks for, or deserves.
const fn attribution(source: Source) -> &'static str {
    match source {
        Source::Tmdb => {
            "This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB.\nWhere to watch a film: data from JustWatch, by way of TMDB."
        }
        Source::Omdb => "Film data from the [OMDb API](https://www.omdbapi.com/), CC BY-NC 4.0.",
        Source::Cinemeta => "Film data from Cinemeta, by [Stremio](https://www.stremio.com/).",
        Source::Wikidata => "Links are looked up in [Wikidata](https://www.wikidata.org/), CC0.",
    }
}

#[cfg(test)]
mod tests;
