//! How a round moves from one state to the next: each transition a total function, each "no" with its reason.
//!
//! Pure: what a transition needs to know (the time, the next round, the votes there are) is handed in.

use super::{Round, RoundState, Rules, Secrecy};

/// How long after its end a round may be opened again, in seconds (product: "within a day").
pub const REOPEN_WITHIN_SECS: i64 = 24 * 60 * 60;

/// What became of the server after a round ended, for a reopening to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextRound {
    /// No round was opened since, but for such as were cancelled.
    None,
    /// One was, and nobody has voted in it.
    WithoutVotes,
    /// One was, and it has votes, or it was closed too.
    UnderWay,
}

/// What is to happen to a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It is counted and ends.
    Close {
        /// Now, Unix seconds.
        now: i64,
    },
    /// It ends without a result.
    Cancel {
        /// Now, Unix seconds.
        now: i64,
    },
    /// It closes at another time, or with `None` only when an organizer ends it.
    Reschedule {
        /// When it closes, Unix seconds.
        closes_at: Option<i64>,
    },
    /// It is held under other rules.
    Change {
        /// The rules from now on.
        rules: Rules,
        /// How many members have voted.
        voters: u32,
        /// Whether an organizer confirmed that votes which mean nothing under the new rules are dropped.
        drop_votes: bool,
    },
    /// A close made by mistake is undone.
    Reopen {
        /// Now, Unix seconds.
        now: i64,
        /// What came after it.
        next: NextRound,
    },
}

/// Why a transition is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitionRefusal {
    /// The round has ended.
    NotOpen,
    /// The round is open, or was cancelled: there is no close to undo.
    NotClosed,
    /// It closed more than [`REOPEN_WITHIN_SECS`] ago.
    TooLate,
    /// Its ballots were cut from their owners at the close: nobody could change theirs again.
    BallotsCut,
    /// The next round is under way.
    NextUnderWay,
    /// Votes would be dropped, and nobody confirmed that.
    DropsVotes {
        /// How many members have voted.
        voters: u32,
    },
}

impl Round {
    /// The round after the transition. A reopened round has no closing time: the one it had is past.
    ///
    /// # Errors
    /// The rule that speaks against it; the round stays as it is.
    pub fn after(&self, transition: Transition) -> Result<Self, TransitionRefusal> {
        let open = self.is_open();
        match transition {
            Transition::Close { .. } | Transition::Cancel { .. } | Transition::Reschedule { .. } if !open => {
                Err(TransitionRefusal::NotOpen)
            }
            Transition::Close { now } => Ok(self.ended(RoundState::Closed, now)),
            Transition::Cancel { now } => Ok(self.ended(RoundState::Cancelled, now)),
            Transition::Reschedule { closes_at } => Ok(Self {
                closes_at,
                ..self.clone()
            }),
            Transition::Change {
                rules,
                voters,
                drop_votes,
            } => self.changed(rules, voters, drop_votes),
            Transition::Reopen { now, next } => self.reopened(now, next),
        }
    }

    fn ended(&self, state: RoundState, now: i64) -> Self {
        Self {
            state,
            ended_at: Some(now),
            ballot_key: None,
            ..self.clone()
        }
    }

    fn changed(&self, rules: Rules, voters: u32, drop_votes: bool) -> Result<Self, TransitionRefusal> {
        if !self.is_open() {
            return Err(TransitionRefusal::NotOpen);
        }
        if voters > 0 && !drop_votes && !self.rules.keep_ballots(rules) {
            return Err(TransitionRefusal::DropsVotes { voters });
        }
        Ok(Self {
            rules,
            ..self.clone()
        })
    }

    fn reopened(&self, now: i64, next: NextRound) -> Result<Self, TransitionRefusal> {
        let (RoundState::Closed, Some(ended_at)) = (self.state, self.ended_at) else {
            return Err(TransitionRefusal::NotClosed);
        };
        if self.rules.secrecy == Secrecy::Anonymous {
            return Err(TransitionRefusal::BallotsCut);
        }
        if now.saturating_sub(ended_at) > REOPEN_WITHIN_SECS {
            return Err(TransitionRefusal::TooLate);
        }
        if next == NextRound::UnderWay {
            return Err(TransitionRefusal::NextUnderWay);
        }
        Ok(Self {
            state: RoundState::Open,
            ended_at: None,
            closes_at: None,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{GuildId, RoundId};
    use crate::domain::round::Method;

    const NOW: i64 = 1_790_000_000;

    fn open() -> Round {
        Round {
            closes_at: Some(NOW + 100),
            ..Round::opened(RoundId(1), GuildId(1), NOW - 100)
        }
    }

    fn closed() -> Round {
        open().after(Transition::Close { now: NOW }).expect("closed")
    }

    fn transitions() -> Vec<Transition> {
        let rules = Rules {
            picks: 2,
            ..Rules::default()
        };
        let change = |voters, drop_votes| Transition::Change {
            rules,
            voters,
            drop_votes,
        };
        vec![
            Transition::Close { now: NOW },
            Transition::Cancel { now: NOW },
            Transition::Reschedule { closes_at: None },
            change(0, false),
            change(9, true),
        ]
    }

    #[test]
    fn an_ended_round_refuses_everything_but_its_reopening() {
        let cancelled = open().after(Transition::Cancel { now: NOW }).expect("cancelled");
        for ended in [closed(), cancelled] {
            for transition in transitions() {
                assert_eq!(
                    ended.after(transition),
                    Err(TransitionRefusal::NotOpen),
                    "{transition:?}"
                );
            }
        }
    }

    #[test]
    fn an_open_round_takes_each_of_them() {
        for transition in transitions() {
            assert!(open().after(transition).is_ok(), "{transition:?}");
        }
    }

    #[test]
    fn only_a_fresh_close_without_a_sequel_is_undone() {
        let reopen = |round: &Round, now, next| round.after(Transition::Reopen { now, next });
        let again = reopen(&closed(), NOW + REOPEN_WITHIN_SECS, NextRound::WithoutVotes).expect("reopened");
        assert_eq!(
            (again.state, again.ended_at, again.closes_at),
            (RoundState::Open, None, None)
        );
        let refused = [
            (
                closed(),
                NOW + REOPEN_WITHIN_SECS + 1,
                NextRound::None,
                TransitionRefusal::TooLate,
            ),
            (
                closed(),
                NOW,
                NextRound::UnderWay,
                TransitionRefusal::NextUnderWay,
            ),
            (open(), NOW, NextRound::None, TransitionRefusal::NotClosed),
        ];
        for (round, now, next, why) in refused {
            assert_eq!(reopen(&round, now, next), Err(why));
        }
    }

    #[test]
    fn an_anonymous_close_is_final() {
        let mut round = open();
        round.rules.secrecy = Secrecy::Anonymous;
        let closed = round.after(Transition::Close { now: NOW }).expect("closed");
        assert_eq!(closed.ballot_key, None);
        let next = NextRound::None;
        assert_eq!(
            closed.after(Transition::Reopen { now: NOW, next }),
            Err(TransitionRefusal::BallotsCut)
        );
    }

    #[test]
    fn votes_are_dropped_only_when_that_is_confirmed() {
        let rules = Rules {
            method: Method::Schulze,
            ..Rules::default()
        };
        let change = |voters, drop_votes| {
            open().after(Transition::Change {
                rules,
                voters,
                drop_votes,
            })
        };
        assert_eq!(change(3, false), Err(TransitionRefusal::DropsVotes { voters: 3 }));
        assert_eq!(change(3, true).expect("changed").rules, rules);
        assert_eq!(change(0, false).expect("changed").rules, rules);
    }
}
