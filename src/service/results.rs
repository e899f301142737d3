//! Results looked back at: the last one, a named one, and what a member may mean while they type.

use super::{Service, ServiceError};
use crate::domain::ids::{GuildId, RoundId};
use crate::domain::refusal::Refusal;
use crate::domain::result::RoundResult;
use crate::domain::round::{Round, RoundState};
use crate::domain::text::title_key;
use crate::store::PastRound;

/// Rounds among which a name is looked for, the latest first. Older ones are found by their number.
const LOOKED_THROUGH: u32 = 200;

/// Discord shows at most so many choices.
const MOST: usize = 25;

/// A round as somebody asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedRound {
    /// It is closed, with this result.
    Closed(Box<RoundResult>),
    /// It was cancelled.
    Cancelled(Box<Round>),
    /// It is the open one.
    Open(Box<Round>),
}

/// A round that the member may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundSuggestion {
    /// The round.
    pub round: RoundId,
    /// Which of the server's it is.
    pub number: u32,
    /// Its name.
    pub title: Option<String>,
    /// Where it stands.
    pub state: RoundState,
    /// When it ended, Unix seconds.
    pub ended_at: Option<i64>,
    /// The titles of the films that it picked, with their years.
    pub picked: Vec<(String, Option<u16>)>,
}

impl RoundSuggestion {
    const PREFIX: &str = "round:";

    /// The text that stands for the round in a command's option.
    pub fn value(&self) -> String {
        format!("{}{}", Self::PREFIX, self.round)
    }

    fn of(past: PastRound) -> Self {
        let PastRound { round, picked } = past;
        Self {
            round: round.id,
            number: round.number,
            title: round.title,
            state: round.state,
            ended_at: round.ended_at,
            picked: picked
                .iter()
                .map(|film| (film.shown_title().to_owned(), film.shown_year()))
                .collect(),
        }
    }

    /// What is looked through for what is typed.
    fn key(&self) -> String {
        let picked = self.picked.iter().map(|(title, _)| title.as_str());
        let words: Vec<&str> = self.title.as_deref().into_iter().chain(picked).collect();
        title_key(&words.join(" "))
    }
}

/// The round's number in what was typed: `7`, `#7`, `round 7`.
fn number(typed: &str) -> Option<u32> {
    let typed = typed.trim().to_lowercase();
    let digits = typed.strip_prefix("round").unwrap_or(&typed).trim_start();
    digits.strip_prefix('#').unwrap_or(digits).parse().ok()
}

impl Service {
    /// The server's last result, or what became of the round that `named` names: a suggestion's value, a number,
    /// a part of its name or of a film that it picked (1 to 3 statements).
    ///
    /// # Errors
    /// Refused with `NoResultYet`, or with `UnknownRound`.
    pub async fn read_results(
        &self,
        guild: GuildId,
        named: Option<&str>,
    ) -> Result<AskedRound, ServiceError> {
        let Some(named) = named else {
            let last = self.store.find_result(guild, None).await;
            let last = last.map_err(ServiceError::from_store)?;
            return Ok(AskedRound::Closed(Box::new(last.ok_or(Refusal::NoResultYet)?)));
        };
        let round = self.find_named_round(guild, named).await?;
        match round.state {
            RoundState::Open => Ok(AskedRound::Open(Box::new(round))),
            RoundState::Cancelled => Ok(AskedRound::Cancelled(Box::new(round))),
            RoundState::Closed => self.read_result(guild, round.id).await.map(AskedRound::Closed),
        }
    }

    /// The result of this round of the server (1 statement).
    ///
    /// # Errors
    /// Refused with `UnknownRound` where there is none: also after the round was opened again.
    pub async fn read_result(
        &self,
        guild: GuildId,
        round: RoundId,
    ) -> Result<Box<RoundResult>, ServiceError> {
        let result = self.store.find_result_in(guild, round).await;
        let result = result.map_err(ServiceError::from_store)?;
        Ok(Box::new(result.ok_or(Refusal::UnknownRound)?))
    }

    /// The server's rounds that fit what is typed, the latest first, at most 25 (2 statements, and 2 more for a
    /// number). No suggestion is an answer too.
    pub async fn suggest_rounds(&self, guild: GuildId, typed: &str) -> Vec<RoundSuggestion> {
        match self.rounds_like(guild, typed).await {
            Ok(mut rounds) => {
                rounds.truncate(MOST);
                rounds
            }
            Err(error) => {
                tracing::debug!(%error, "no rounds are suggested");
                Vec::new()
            }
        }
    }

    async fn find_named_round(&self, guild: GuildId, named: &str) -> Result<Round, ServiceError> {
        let id = named.strip_prefix(RoundSuggestion::PREFIX);
        let found = if let Some(id) = id.and_then(|id| id.parse().ok()) {
            let found = self.store.find_round(RoundId(id)).await;
            found.map_err(ServiceError::from_store)?
        } else if let Some(like) = self.rounds_like(guild, named).await?.first() {
            let found = self.store.find_round(like.round).await;
            found.map_err(ServiceError::from_store)?
        } else {
            None
        };
        let found = found.filter(|round| round.guild == guild);
        Ok(found.ok_or(Refusal::UnknownRound)?)
    }

    /// First the round of this number, if it is one, then those whose name or picks fit: digits may be a title.
    async fn rounds_like(&self, guild: GuildId, typed: &str) -> Result<Vec<RoundSuggestion>, ServiceError> {
        let numbered = match number(typed) {
            Some(number) => self.store.list_rounds(guild, Some(number), 1).await,
            None => Ok(Vec::new()),
        };
        let numbered = numbered.map_err(ServiceError::from_store)?;
        let mut rounds: Vec<_> = numbered.into_iter().map(RoundSuggestion::of).collect();
        let listed = self.store.list_rounds(guild, None, LOOKED_THROUGH).await;
        let listed = listed.map_err(ServiceError::from_store)?;
        let (first, key) = (rounds.first().map(|round| round.round), title_key(typed));
        let named = listed.into_iter().map(RoundSuggestion::of);
        rounds.extend(named.filter(|round| Some(round.round) != first && round.key().contains(&key)));
        Ok(rounds)
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_round_is_named_by_its_number_in_every_usual_way() {
        for typed in ["7", "#7", " round 7 ", "Round #7"] {
            assert_eq!(number(typed), Some(7), "{typed}");
        }
        for typed in ["", "round", "seven", "7 samurai", "-7"] {
            assert_eq!(number(typed), None, "{typed}");
        }
    }
}
