//! Suggestions while a member types: at most 25, within 300 ms, none on any failure.

use std::future::Future;
use std::time::Duration;

use chrono::DateTime;
use serenity::builder::{AutocompleteChoice, CreateAutocompleteResponse};
use unicode_segmentation::UnicodeSegmentation as _;

use super::actor::{actor, roles};
use super::desk::Context;
use crate::domain::film::Rating;
use crate::domain::round::RoundState;
use crate::domain::schedule::suggest_zones;
use crate::service::results::RoundSuggestion;
use crate::service::suggest::{FilmSuggestion, ProposalSuggestion};
use crate::service::watched::{WatchSuggestion, WatchWhat};

/// Suggestions that come later than this are of no use: the member has typed on. The use case keeps to
/// less; this is for what it cannot foresee.
const WITHIN: Duration = Duration::from_millis(260);

/// Suggestions at most (facts: discord, Interactions).
const MOST: usize = 25;

/// Characters of a suggestion's name, and of its value.
const LONGEST: usize = 100;

/// Typed text beyond this is not looked at.
const LONGEST_TYPED: usize = 200;

/// Films for `/propose` and `/movie`: their value is the IMDb id.
pub async fn films(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    let films = within(service.suggest_films(actor, head(typed))).await;
    choices(
        films
            .iter()
            .map(|film| (film_name(film), film.imdb_id.to_string())),
    )
}

/// The proposals that the member may withdraw: their value is the proposal's key.
pub async fn withdrawable(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    let roles = roles(ctx.interaction.member.as_deref());
    let proposals = within(service.suggest_withdrawable(actor, &roles, head(typed))).await;
    choices(
        proposals
            .iter()
            .map(|proposal| (proposal_name(proposal), proposal.value())),
    )
}

/// The server's rounds for `/results`: their value is the round's key.
pub async fn rounds(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    let rounds = within(service.suggest_rounds(actor.guild, head(typed))).await;
    choices(rounds.iter().map(|round| (round_name(round), round.value())))
}

/// Films for `/watched add`: what waits for its night first.
pub async fn nights(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    watch_choices(&within(service.suggest_nights(actor, head(typed))).await)
}

/// Evenings of the history for `/watched remove`: their value is the viewing's key.
pub async fn viewings(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    suggest_viewings(ctx, typed, false).await
}

/// Films of the history for `/watched rate`, each once.
pub async fn watched_films(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    suggest_viewings(ctx, typed, true).await
}

async fn suggest_viewings(ctx: Context<'_>, typed: &str, once: bool) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    watch_choices(&within(service.suggest_viewings(actor, head(typed), once)).await)
}

fn watch_choices(films: &[WatchSuggestion]) -> CreateAutocompleteResponse {
    choices(films.iter().map(|film| (watch_name(film), film.value.clone())))
}

/// `The Matrix (1999) · picked in round 3`.
fn watch_name(film: &WatchSuggestion) -> String {
    let what = match film.what {
        WatchWhat::Picked { round } => format!(" · picked in round {round}"),
        WatchWhat::Proposed => " · up for the vote".to_owned(),
        WatchWhat::Watched { on } => format!(" · {}", on.format("%-d %b %Y")),
        WatchWhat::Film => String::new(),
    };
    cut(&film.title, &format!("{}{what}", year(film.year)))
}

/// Time zones for `/settings server`: their value is the zone's name.
#[expect(clippy::unused_async, reason = "poise wants it async")]
pub async fn zones(_ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let zones = suggest_zones(head(typed), MOST);
    choices(
        zones
            .into_iter()
            .map(|zone| (zone.name().to_owned(), zone.name().to_owned())),
    )
}

/// What is suggested in time, else nothing.
async fn within<T>(suggestions: impl Future<Output = Vec<T>>) -> Vec<T> {
    tokio::time::timeout(WITHIN, suggestions)
        .await
        .unwrap_or_else(|_elapsed| {
            tracing::debug!("suggestions came too late");
            Vec::new()
        })
}

fn choices(named: impl Iterator<Item = (String, String)>) -> CreateAutocompleteResponse {
    CreateAutocompleteResponse::new().set_choices(
        named
            .take(MOST)
            .map(|(name, value)| AutocompleteChoice::new(name, value))
            .collect(),
    )
}

/// `The Matrix (1999) ★ 8.7`; a long title is cut so that the rest stays.
fn film_name(film: &FilmSuggestion) -> String {
    let rating = film.rating.map_or_else(String::new, |Rating { tenths, .. }| {
        format!(" ★ {}.{}", tenths / 10, tenths % 10)
    });
    cut(&film.title, &format!("{}{rating}", year(film.year)))
}

fn proposal_name(proposal: &ProposalSuggestion) -> String {
    cut(&proposal.title, &year(proposal.year))
}

/// `#3 Halloween · 12 Nov 2026 · Alien (1979)`; what does not fit is cut at the end.
fn round_name(round: &RoundSuggestion) -> String {
    let title = round.title.as_deref().map(|title| format!(" {title}"));
    let ended = round.ended_at.and_then(|at| DateTime::from_timestamp(at, 0));
    let ended = ended.map(|at| at.format("%-d %b %Y").to_string());
    let picked: Vec<String> = round
        .picked
        .iter()
        .map(|(title, shown)| format!("{title}{}", year(*shown)))
        .collect();
    let outcome = match round.state {
        RoundState::Open => "open now".to_owned(),
        RoundState::Cancelled => "cancelled".to_owned(),
        RoundState::Closed if picked.is_empty() => "nothing picked".to_owned(),
        RoundState::Closed => picked.join(", "),
    };
    let name = [title.unwrap_or_default()]
        .into_iter()
        .chain(ended)
        .chain([outcome]);
    let name: Vec<String> = name.filter(|part| !part.is_empty()).collect();
    cut(&format!("#{}{}", round.number, separated(&name)), "")
}

/// The parts behind a number: a name follows it, anything else is set off.
fn separated(parts: &[String]) -> String {
    let mut text = String::new();
    for part in parts {
        if !part.starts_with(' ') {
            text.push_str(" · ");
        }
        text.push_str(part);
    }
    text
}

fn year(year: Option<u16>) -> String {
    year.map_or_else(String::new, |year| format!(" ({year})"))
}

/// `title` and `tail`, together at most [`LONGEST`] characters as Discord counts them (UTF-16 units,
/// which are never fewer than characters); the title is cut between graphemes.
fn cut(title: &str, tail: &str) -> String {
    let units = |text: &str| text.encode_utf16().count();
    if units(title) + units(tail) <= LONGEST {
        return format!("{title}{tail}");
    }
    let room = LONGEST.saturating_sub(units(tail) + 1);
    let mut used = 0;
    let kept: String = title
        .graphemes(true)
        .take_while(|grapheme| {
            used += units(grapheme);
            used <= room
        })
        .collect();
    format!("{}…{tail}", kept.trim_end())
}

/// The beginning of what was typed.
fn head(typed: &str) -> &str {
    typed
        .char_indices()
        .nth(LONGEST_TYPED)
        .map_or(typed, |(at, _)| &typed[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::film::RatingSource;

    fn film(title: &str) -> FilmSuggestion {
        FilmSuggestion {
            imdb_id: "tt0133093".parse().expect("an id"),
            title: title.into(),
            year: Some(1999),
            rating: Some(Rating {
                tenths: 87,
                source: RatingSource::Imdb,
            }),
        }
    }

    #[test]
    fn a_film_is_named_with_year_and_rating() {
        assert_eq!(film_name(&film("The Matrix")), "The Matrix (1999) ★ 8.7");
    }

    #[test]
    fn a_long_title_loses_its_end_and_keeps_its_year() {
        let name = film_name(&film(&"Long ".repeat(80)));
        assert!(name.ends_with("… (1999) ★ 8.7"), "{name}");
        assert!(name.encode_utf16().count() <= LONGEST);
    }

    proptest! {
        #[test]
        fn a_name_fits_whatever_the_title(title in "(\\PC|👩‍👩‍👧|é){0,300}") {
            prop_assert!(film_name(&film(&title)).encode_utf16().count() <= LONGEST);
        }

        #[test]
        fn any_typed_text_is_cut_between_characters(typed in "\\PC{0,400}") {
            prop_assert!(typed.starts_with(head(&typed)));
            prop_assert!(head(&typed).chars().count() <= LONGEST_TYPED);
        }
    }
}
