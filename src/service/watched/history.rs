//! Looking back: the history page by page, and what a film is to it.

use crate::domain::ids::{GuildId, ImdbId};
use crate::domain::refusal::Refusal;
use crate::domain::text::title_key;
use crate::domain::watched::{FilmPast, HistoryOrder, Viewing};
use crate::service::{Service, ServiceError};
use crate::store::HistoryPage;

/// How many viewings make a page.
pub const HISTORY_PAGE: u32 = 10;

/// One page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Its viewings, in their order.
    pub viewings: Vec<Viewing>,
    /// The order.
    pub order: HistoryOrder,
    /// Which page, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// How many viewings there are on all of them.
    pub total: u32,
}

/// What is about to be proposed.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) enum Proposable<'a> {
    /// An identified film.
    Film(&'a ImdbId),
    /// A title as it was typed, cleaned.
    Typed(&'a str),
}

impl Service {
    /// One page of the server's history (2 statements, up to 4 beyond the last page); `page` is clamped to those there
    /// are.
    pub async fn read_history(
        &self,
        guild: GuildId,
        page: u32,
        order: HistoryOrder,
    ) -> Result<History, ServiceError> {
        let mut page = page.max(1);
        let mut found = self.history_page(guild, page, order).await?;
        while found.viewings.is_empty() && page > 1 {
            // Beyond the last page nobody counts; the first one tells how many there are.
            let first = self.history_page(guild, 1, order).await?;
            let last = first.total.div_ceil(HISTORY_PAGE).max(1);
            page = last.min(page - 1);
            found = if page == 1 {
                first
            } else {
                self.history_page(guild, page, order).await?
            };
        }
        Ok(History {
            pages: found.total.div_ceil(HISTORY_PAGE).max(1),
            total: found.total,
            viewings: found.viewings,
            order,
            page,
        })
    }

    async fn history_page(
        &self,
        guild: GuildId,
        page: u32,
        order: HistoryOrder,
    ) -> Result<HistoryPage, ServiceError> {
        let offset = (page - 1).saturating_mul(HISTORY_PAGE);
        let found = self.store.list_viewings(guild, order, HISTORY_PAGE, offset).await;
        found.map_err(ServiceError::from_store)
    }

    /// What a film is to the server's past (1 statement); nothing, where it is nothing.
    pub(in crate::service) async fn film_past(
        &self,
        guild: GuildId,
        imdb_id: &ImdbId,
    ) -> Result<FilmPast, ServiceError> {
        let past = self.store.find_film_past(guild, Some(imdb_id), None).await;
        Ok(past
            .map_err(ServiceError::from_store)?
            .map(|(_, past)| past)
            .unwrap_or_default())
    }

    /// Refuses, so that it is asked about first, to propose a film that was watched here or waits for its night.
    pub(in crate::service) async fn ask_if_seen(
        &self,
        guild: GuildId,
        film: Proposable<'_>,
    ) -> Result<(), ServiceError> {
        let (imdb_id, key) = match film {
            Proposable::Film(imdb_id) => (Some(imdb_id), None),
            Proposable::Typed(title) => (None, Some(title_key(title))),
        };
        let found = self.store.find_film_past(guild, imdb_id, key.as_deref()).await;
        match found.map_err(ServiceError::from_store)? {
            Some((known, past)) if !past.is_empty() => Err(Refusal::SeenBefore {
                again: match film {
                    Proposable::Film(imdb_id) => imdb_id.to_string(),
                    Proposable::Typed(title) => title.to_owned(),
                },
                title: known.shown_title().to_owned(),
                past,
            }
            .into()),
            _ => Ok(()),
        }
    }
}
