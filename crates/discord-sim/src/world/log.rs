//! What happened: requests, violations and the transcript's lines. Records only; judges nothing.

use std::collections::VecDeque;
use std::time::Duration;

use serde::Serialize;

use crate::clock::as_ms;
use crate::id::Id;
use crate::violation::{Rule, Violation};

/// Lines of transcript kept; the oldest go first.
const LINES: usize = 20_000;
/// Violations kept; a bot that breaks more has made its point.
const VIOLATIONS: usize = 1_000;

/// One REST request of the bot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// `GET`, `POST`, …
    pub method: String,
    /// The route's template as in Discord's document, such as `/channels/{channel_id}/messages`.
    pub route: String,
    /// The path as asked for, without `/api/v10`; tokens are cut short.
    pub path: String,
    /// The status that was answered.
    pub status: u16,
    /// Milliseconds since the simulator started, at the request's arrival.
    pub at_ms: f64,
    /// How long the answer took, in milliseconds, delays by faults included.
    pub took_ms: f64,
    /// The body's length in bytes.
    pub body_bytes: usize,
    /// Whether a fault made this answer.
    pub injected: bool,
    /// The interaction it belonged to.
    pub interaction_id: Option<Id>,
    /// What was wrong, for answers from 400 on.
    pub error: Option<String>,
}

/// The record of everything.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) requests: Vec<RequestRecord>,
    pub(crate) violations: Vec<Violation>,
    lines: VecDeque<(Duration, String)>,
    dropped_lines: usize,
}

impl Log {
    pub(crate) fn line(&mut self, at: Duration, text: String) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
            self.dropped_lines += 1;
        }
        self.lines.push_back((at, text));
    }

    pub(crate) fn violate(&mut self, at: Duration, rule: Rule, detail: String, interaction_id: Option<Id>) {
        self.line(at, format!("!! {rule:?}: {detail}"));
        if self.violations.len() < VIOLATIONS {
            self.violations.push(Violation {
                at_ms: as_ms(at),
                rule,
                detail,
                interaction_id,
            });
        }
    }

    /// The last `lines` of the transcript.
    pub(crate) fn transcript(&self, lines: usize) -> String {
        let skipped = self.lines.len().saturating_sub(lines);
        let gone = self.dropped_lines + skipped;
        let note = (gone > 0).then(|| format!("({gone} earlier lines)"));
        let kept = self
            .lines
            .iter()
            .skip(skipped)
            .map(|(at, line)| format!("[{:>9.1} ms] {line}", as_ms(*at)));
        let lines: Vec<String> = note.into_iter().chain(kept).collect();
        format!("--- transcript ---\n{}\n", lines.join("\n"))
    }
}
