//! "Results so far": the standings of the open round, private.

use super::words::{self, CALM};
use crate::discord::limits;
use crate::discord::screen::{Embed, Screen};
use crate::domain::method::Method;
use crate::domain::poll::{Entry, PollHead};
use crate::service::poll::STANDINGS;

/// How many films the standings list at most.
const SHOWN: usize = STANDINGS as usize;

/// The longest title of a film with its year, in units: 25 such lines fit one embed.
const TITLE_MAX: usize = 110;

/// The standings: the first [`SHOWN`] of `entries`, which are the poll's, best first, from the first
/// on; those that were not read are counted from the head.
pub fn screen(head: &PollHead, entries: &[Entry]) -> Screen {
    if head.round.hides_counts() {
        return hidden(head);
    }
    let mut lines: Vec<String> = entries
        .iter()
        .take(SHOWN)
        .map(|entry| line(entry, head.round.rules.method))
        .collect();
    if lines.is_empty() {
        lines.push("Nothing is proposed yet. Put the first film up with `/propose`.".to_owned());
    }
    let listed = entries.len().min(SHOWN);
    let rest = usize::try_from(head.proposals)
        .unwrap_or(usize::MAX)
        .saturating_sub(listed);
    if listed > 0 && rest > 0 {
        lines.push(format!("… and {rest} more, which `/poll` shows"));
    }
    let mut content = format!("## Results so far\n{}", head.round.rules.sentence());
    if let Some(at) = head.round.closes_at {
        content.push_str("\nCloses ");
        content.push_str(&words::relative(at));
    }
    let leaders = entries.iter().filter(|entry| entry.leads).count();
    let tie = if leaders > 1 {
        format!(" · {leaders} films lead together")
    } else {
        String::new()
    };
    limits::fitted(Screen {
        content,
        embeds: vec![Embed {
            description: Some(lines.join("\n")),
            colour: Some(CALM),
            footer: Some(format!("Turnout: {}{tie}", words::turnout(head.voters))),
            ..Embed::default()
        }],
        rows: Vec::new(),
    })
}

/// Where counts are hidden: the turnout alone, not even an order.
fn hidden(head: &PollHead) -> Screen {
    let turnout = words::turnout(head.voters);
    let closes = head
        .round
        .closes_at
        .map(|at| format!(", {}", words::relative(at)))
        .unwrap_or_default();
    Screen::text(format!(
        "## Results so far\nThey stay hidden until the close{closes}. Turnout: {turnout}."
    ))
}

/// `1. The Matrix (1999) · 8 votes`, in bold when it leads.
fn line(entry: &Entry, method: Method) -> String {
    let title = words::title_of(&entry.standing.proposal.film, TITLE_MAX);
    let Some(votes) = entry.standing.votes else {
        return format!("{}. {title}", entry.rank);
    };
    let votes = words::standing(method, votes);
    if entry.leads {
        format!("{}. **{title}** · {votes}", entry.rank)
    } else {
        format!("{}. {title} · {votes}", entry.rank)
    }
}

#[cfg(test)]
mod tests;
