//! Rating what was watched.

use crate::domain::ids::ViewingId;
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::watched::{Stars, Viewing};
use crate::service::{Service, ServiceError};

/// A film was rated.
#[derive(Debug, Clone)]
pub struct Rated {
    /// The evening, with the film and what all gave it by now.
    pub viewing: Viewing,
    /// What the member gave it.
    pub stars: Stars,
}

impl Service {
    /// Rates the watched film that `movie` names; a rating that is there is changed.
    ///
    /// # Errors
    /// Refused with `NotWatched`.
    pub async fn rate_film(&self, actor: Actor, movie: &str, stars: Stars) -> Result<Rated, ServiceError> {
        let viewing = self.named_viewing(actor.guild, movie).await?;
        self.rate(actor, viewing, stars).await
    }

    /// Rates the film of a viewing; a rating that is there is changed.
    ///
    /// # Errors
    /// Refused with `NotWatched`.
    pub async fn rate_viewing(
        &self,
        actor: Actor,
        viewing: ViewingId,
        stars: Stars,
    ) -> Result<Rated, ServiceError> {
        let viewing = self.viewing(actor.guild, viewing).await?;
        self.rate(actor, viewing, stars).await
    }

    async fn rate(&self, actor: Actor, viewing: Viewing, stars: Stars) -> Result<Rated, ServiceError> {
        let now = self.clock.unix_secs();
        let written = async {
            let mut tx = self.store.begin_write().await?;
            let rated = tx
                .upsert_rating(actor.guild, viewing.film.id, actor.member, stars, now)
                .await?;
            tx.commit().await?;
            Ok(rated)
        };
        if !written.await.map_err(ServiceError::from_store)? {
            return Err(Refusal::NotWatched.into());
        }
        let viewing = self.viewing(actor.guild, viewing.id).await?;
        Ok(Rated { viewing, stars })
    }

    /// Takes the member's rating of a viewing's film back, if there is one.
    ///
    /// # Errors
    /// Refused with `NotWatched`.
    pub async fn take_rating_back(&self, actor: Actor, viewing: ViewingId) -> Result<Viewing, ServiceError> {
        let viewing = self.viewing(actor.guild, viewing).await?;
        let written = async {
            let mut tx = self.store.begin_write().await?;
            tx.delete_rating(actor.guild, viewing.film.id, actor.member)
                .await?;
            tx.commit().await
        };
        written.await.map_err(ServiceError::from_store)?;
        Ok(viewing)
    }
}
