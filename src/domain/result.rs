//! What came of a round: recorded once at its close, and shown, announced and exported from that record.
//!
//! Owns how a closed round's proposals and votes become an election, and what the count means for the round.
//! How votes are counted is [`super::tally`]'s. The record outlives the proposals and titles that it names.

mod ballots;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ids::{FilmId, ImdbId, MemberId, ProposalId, RoundId};
use super::record::Record;
use super::round::{Round, Rules};
use super::tally::{Candidate, Election, Outcome, count};
use super::ties::TieRule;
pub use ballots::{BallotMark, VotesCast};

/// A film that stood for the vote when the round ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// Its proposal.
    pub proposal: ProposalId,
    /// The film.
    pub film: FilmId,
    /// Its IMDb id, unless it was proposed as typed.
    pub imdb_id: Option<ImdbId>,
    /// Its title as shown.
    pub title: String,
    /// Its year as shown.
    pub year: Option<u16>,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// When, Unix seconds.
    pub proposed_at: i64,
}

impl Contender {
    /// Its name in the count and in exports: the IMDb id, or for a film without one the proposal's key.
    pub fn name(&self) -> String {
        self.imdb_id
            .as_ref()
            .map_or_else(|| format!("p{}", self.proposal), ToString::to_string)
    }
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Films were picked.
    Picked,
    /// Films are tied, and a run-off round decides between them; others may be picked already.
    RunOff,
    /// Nobody voted, so nothing is picked.
    NoVotes,
    /// Fewer members voted than the rules ask for, so nothing is picked.
    NoQuorum,
    /// Nothing was proposed.
    NoProposals,
}

/// A film in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultEntry {
    /// Its name in [`RoundResult::outcome`] and in exports.
    pub id: String,
    /// Its proposal.
    pub proposal: ProposalId,
    /// The film.
    pub film: FilmId,
    /// Its IMDb id, unless it was proposed as typed.
    pub imdb_id: Option<ImdbId>,
    /// Its title as it was shown then; cleaned, and to be escaped where it is shown.
    pub title: String,
    /// Its year as it was shown then.
    pub year: Option<u16>,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// When, Unix seconds.
    pub proposed_at: i64,
    /// What stood for it in the poll at the end: how many members chose it, the sum of its stars, or how many
    /// rank it first, as the round's method goes.
    pub votes: u64,
    /// Whether the round picked it.
    pub picked: bool,
}

/// The result of a round, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundResult {
    /// The round.
    pub round: RoundId,
    /// Which of the server's rounds it is, from 1.
    pub number: u32,
    /// Its name, when an organizer gave it one; as typed, cleaned.
    pub title: Option<String>,
    /// The rules that were declared.
    pub rules: Rules,
    /// The seed that was published, where the rules have ties drawn.
    pub draw_seed: Option<String>,
    /// The round whose tie this one broke.
    pub runoff_of: Option<RoundId>,
    /// When it opened, Unix seconds.
    pub opened_at: i64,
    /// When it ended, Unix seconds.
    pub ended_at: i64,
    /// The organizer who ended it; `None`: its time had come.
    pub ended_by: Option<MemberId>,
    /// Whether it had a closing time, however it ended.
    pub had_closing_time: bool,
    /// How many members voted for a film that stood at the end.
    pub voters: u32,
    /// How many voters' votes do not count because they left, where the server has it so.
    #[serde(default)]
    pub withheld: u32,
    /// Whether it could not be found out of every voter whether they left.
    #[serde(default)]
    pub departed_unknown: bool,
    /// How it ended.
    pub verdict: Verdict,
    /// Every film that stood, in the order of the result, best first.
    pub entries: Vec<ResultEntry>,
    /// The count. Where the verdict is [`Verdict::NoQuorum`] it tells what the votes would have brought.
    pub outcome: Outcome,
}

/// A round that ended, ready to be counted.
#[derive(Debug, Clone)]
pub struct EndedRound {
    /// The round, with the instant of its end.
    pub round: Round,
    /// The organizer who ended it; `None`: its time had come.
    pub ended_by: Option<MemberId>,
    /// Whether it could not be found out of every voter whether they left.
    pub departed_unknown: bool,
}

impl RoundResult {
    /// Counts a round that ended: its contenders, earliest first, and its votes. With the result comes the
    /// election that was counted, for the record.
    pub fn count(ended: EndedRound, contenders: Vec<Contender>, mut cast: VotesCast) -> (Self, Election) {
        let EndedRound {
            round,
            ended_by,
            departed_unknown,
        } = ended;
        let mut rules = round.rules;
        if round.runoff_of.is_some() && rules.ties == TieRule::RunOff {
            // A run-off that ties again has to end.
            rules.ties = TieRule::Chain;
        }
        let draw_seed = round.draw_seed.filter(|_| rules.ties == TieRule::Draw);
        let figures = cast.figures();
        let election = Election {
            method: rules.method,
            picks: rules.picks,
            ties: rules.ties,
            draw_seed: draw_seed.clone(),
            candidates: (1..)
                .zip(&contenders)
                .map(|(place, contender)| Candidate {
                    id: contender.name(),
                    // The place, not the time: two of one second come in the order that the poll showed.
                    proposed_at: place,
                })
                .collect(),
            ballots: cast.into_ballots(),
        };
        let voters: u64 = election.ballots.iter().map(|ballot| ballot.weight).sum();
        let voters = u32::try_from(voters).unwrap_or(u32::MAX);
        let outcome = count(&election);
        let verdict = verdict(rules, voters, contenders.is_empty(), &outcome);
        let picks = matches!(verdict, Verdict::Picked | Verdict::RunOff);
        let mut entries: Vec<ResultEntry> = contenders
            .into_iter()
            .zip(figures)
            .map(|(contender, votes)| {
                let id = contender.name();
                ResultEntry {
                    picked: picks && outcome.winners.contains(&id),
                    id,
                    proposal: contender.proposal,
                    film: contender.film,
                    imdb_id: contender.imdb_id,
                    title: contender.title,
                    year: contender.year,
                    proposed_by: contender.proposed_by,
                    proposed_at: contender.proposed_at,
                    votes,
                }
            })
            .collect();
        let places: HashMap<&str, usize> = (0..)
            .zip(&outcome.order)
            .map(|(place, id)| (id.as_str(), place))
            .collect();
        entries.sort_by_key(|entry| places.get(entry.id.as_str()).copied().unwrap_or(usize::MAX));
        let result = Self {
            round: round.id,
            number: round.number,
            title: round.title,
            rules,
            draw_seed,
            runoff_of: round.runoff_of,
            opened_at: round.opened_at,
            ended_at: round.ended_at.unwrap_or(round.opened_at),
            ended_by,
            had_closing_time: round.closes_at.is_some(),
            voters,
            withheld: 0,
            departed_unknown,
            verdict,
            entries,
            outcome,
        };
        (result, election)
    }

    /// The record of the election that this is the result of, with titles for its readers.
    pub fn record(&self, election: &Election) -> Record {
        let mut record = Record::of(election);
        record.title.clone_from(&self.title);
        let titles: HashMap<&str, &str> = (self.entries.iter())
            .map(|entry| (entry.id.as_str(), entry.title.as_str()))
            .collect();
        for proposal in &mut record.proposals {
            proposal.title = titles.get(proposal.id.as_str()).map(|&title| title.to_owned());
        }
        record
    }

    /// The films that the round picked, best first; none unless the verdict says so.
    pub fn picked(&self) -> impl Iterator<Item = &ResultEntry> {
        let picks = matches!(self.verdict, Verdict::Picked | Verdict::RunOff);
        let winners = self.outcome.winners.iter().filter(move |_| picks);
        winners.filter_map(|id| self.entry(id))
    }

    /// The films between which a run-off decides; none unless the verdict says so.
    pub fn runs_off(&self) -> impl Iterator<Item = &ResultEntry> {
        let tied = self
            .outcome
            .tied
            .iter()
            .filter(|_| self.verdict == Verdict::RunOff);
        tied.filter_map(|id| self.entry(id))
    }

    /// The film that goes by this name in the outcome.
    pub fn entry(&self, id: &str) -> Option<&ResultEntry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

fn verdict(rules: Rules, voters: u32, nothing_proposed: bool, outcome: &Outcome) -> Verdict {
    if nothing_proposed {
        Verdict::NoProposals
    } else if voters == 0 {
        Verdict::NoVotes
    } else if rules.quorum.is_some_and(|quorum| voters < quorum) {
        Verdict::NoQuorum
    } else if outcome.open_picks > 0 {
        Verdict::RunOff
    } else {
        Verdict::Picked
    }
}

/// The rules of the run-off after this result: as they were, for the picks that are still open. A run-off that
/// ties again has to end, so the earlier proposal decides there.
pub fn run_off_rules(result: &RoundResult) -> Rules {
    let tied = u32::try_from(result.outcome.tied.len()).unwrap_or(u32::MAX);
    Rules {
        picks: result.outcome.open_picks.max(1),
        // As many votes as there are films would tie them again.
        votes_each: result.rules.votes_each.min(tied.saturating_sub(1)).max(1),
        ties: TieRule::Chain,
        ..result.rules
    }
}

/// How long a run-off lasts after a round that had a closing time, in seconds: a day.
pub const RUN_OFF_SECS: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests;
