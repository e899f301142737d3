//! The store's contract: every function of the store, on both engines.
//!
//! A story is an `async fn` over a [`TestDatabase`]; `on_both_engines!` makes its two tests.

mod audit;
mod ballots;
mod concurrency;
mod coverage;
mod deliveries;
mod departed;
mod films;
mod kept;
mod migrations;
mod opening;
mod past_rounds;
mod polls;
mod proposals;
mod provider_health;
mod reactions;
mod renewals;
mod results;
mod rounds;
mod scale;
pub mod scene;
mod settings;
mod standings;
mod titles;
mod votes;
mod watched;

/// Makes a test on SQLite and one on PostgreSQL of each story named.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $story() {
                    super::$story($crate::harness::database::TestDatabase::sqlite()).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $story() {
                    if let Some(database) = $crate::harness::database::TestDatabase::postgres().await {
                        super::$story(database).await;
                    }
                }
            )+
        }
    };
}
pub(crate) use on_both_engines;
