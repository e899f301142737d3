//! Suggestions while a member types: at most 25, within 300 ms, none on any failure.

use std::future::Future;
use std::time::Duration;

use serenity::builder::{AutocompleteChoice, CreateAutocompleteResponse};

use super::actor::{actor, roles};
use super::desk::Context;
use super::views::suggestion;
use crate::domain::schedule::suggest_zones;
use crate::service::watched::WatchSuggestion;

/// Suggestions that come later than this are of no use: the member has typed on. The use case keeps to
/// less; this is for what it cannot foresee.
const WITHIN: Duration = Duration::from_millis(260);

/// Suggestions at most (facts: discord, Interactions).
const MOST: usize = 25;

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
            .map(|film| (suggestion::film(film), film.imdb_id.to_string())),
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
            .map(|proposal| (suggestion::proposal(proposal), proposal.value())),
    )
}

/// The server's rounds for `/results`: their value is the round's key.
pub async fn rounds(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let Some(actor) = actor(ctx.interaction.guild_id, ctx.interaction.member.as_deref()) else {
        return CreateAutocompleteResponse::new();
    };
    let service = ctx.framework.user_data.service();
    let rounds = within(service.suggest_rounds(actor.guild, head(typed))).await;
    choices(
        rounds
            .iter()
            .map(|round| (suggestion::round(round), round.value())),
    )
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
    choices(
        films
            .iter()
            .map(|film| (suggestion::night(film), film.value.clone())),
    )
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

    proptest! {
        #[test]
        fn any_typed_text_is_cut_between_characters(typed in "\\PC{0,400}") {
            prop_assert!(typed.starts_with(head(&typed)));
            prop_assert!(head(&typed).chars().count() <= LONGEST_TYPED);
        }
    }
}
