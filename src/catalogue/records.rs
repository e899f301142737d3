//! What is to outlive a restart: the catalogue hands it out and takes it back. Where it is kept is not the
//! catalogue's affair.

use std::sync::Arc;

use super::Catalogue;
use super::providers::Provider;
use crate::domain::provider_health::{Condition, ProviderNews, ProviderRecord};

impl Catalogue {
    /// Takes up what was kept: rests for a used-up quota, and how often each provider was asked today.
    /// A key that was refused is tried again, and so is a provider that failed: the restart may have mended
    /// that.
    pub fn resume(&self, kept: &[ProviderRecord]) {
        for provider in self.providers() {
            let Some(record) = kept.iter().find(|record| record.source == provider.source) else {
                continue;
            };
            provider.budget.keep(record.day, 0, record.requests);
            if let (Condition::QuotaUsedUp, Some(rest)) = (record.seen.condition, record.seen.rest) {
                provider.health.resume(rest);
            }
        }
    }

    /// Returns once a provider's condition has changed since this was last waited for: worth keeping soon.
    pub async fn condition_changed(&self) {
        self.0.changed.notified().await;
    }

    /// What is not kept yet. Each is handed out again until it is [kept](Catalogue::keep_change).
    pub fn unkept(&self) -> Vec<ProviderNews> {
        let news = |provider: &Arc<Provider>| {
            let (day, requests) = provider.budget.unkept();
            let news = ProviderNews {
                source: provider.source,
                seen: provider.health.unkept(),
                day,
                requests,
            };
            (news.seen.is_some() || requests > 0).then_some(news)
        };
        self.providers().filter_map(news).collect()
    }

    /// The change in this news is kept now.
    pub fn keep_change(&self, news: &ProviderNews) {
        if let (Some(provider), Some(seen)) = (self.provider(news), news.seen) {
            provider.health.keep(seen);
        }
    }

    /// The requests in this news are kept now; with those of all other processes the day has `total`.
    pub fn keep_requests(&self, news: &ProviderNews, total: u64) {
        if let Some(provider) = self.provider(news) {
            provider.budget.keep(news.day, news.requests, total);
        }
    }

    fn provider(&self, news: &ProviderNews) -> Option<&Arc<Provider>> {
        self.providers().find(|provider| provider.source == news.source)
    }
}
