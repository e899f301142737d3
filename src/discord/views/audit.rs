//! `/audit`: who did what, page by page.

use super::words::{self, CALM};
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Row, Screen, Style};
use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::MemberId;
use crate::service::settings::Audit;

/// The longest title or value in a line, in units: a page of lines fits an embed.
const TEXT_MAX: usize = 100;

/// One page of the audit.
pub fn screen(audit: &Audit) -> Screen {
    let lines: Vec<String> = audit.entries.iter().map(line).collect();
    let text = if lines.is_empty() {
        "Nothing was done here yet.".to_owned()
    } else {
        lines.join("\n")
    };
    let turn = |label: &str, page: u32| Button::new(label, Style::Secondary, Control::AuditPage { page });
    let rows = if audit.pages > 1 {
        vec![Row::Buttons(vec![
            turn("◀ Later", audit.page.saturating_sub(1)).enabled_if(audit.page > 1),
            turn("Earlier ▶", audit.page.saturating_add(1)).enabled_if(audit.page < audit.pages),
        ])]
    } else {
        Vec::new()
    };
    limits::fitted(Screen {
        content: "## Audit".to_owned(),
        embeds: vec![Embed {
            description: Some(text),
            colour: Some(CALM),
            footer: Some(format!(
                "Page {} of {} · who voted what is never written down here",
                audit.page, audit.pages
            )),
            ..Embed::default()
        }],
        rows,
    })
}

fn line(entry: &AuditEntry) -> String {
    let by = entry.by.map_or_else(|| "The bot".to_owned(), words::mention);
    format!("<t:{}:f> {by} {}", entry.at, told(&entry.act))
}

fn told(act: &Act) -> String {
    let film = |title: &str| format!("**{}**", words::film_title(title, None, TEXT_MAX));
    match act {
        Act::Proposed { title } => format!("proposed {}", film(title)),
        Act::Withdrew { title } => format!("withdrew {}", film(title)),
        Act::Removed { title, proposed_by } => {
            format!("removed {}, proposed by {}", film(title), mention(*proposed_by))
        }
        Act::ServerLimit { limit } => format!("set the server's limit of proposals to {}", limit_of(*limit)),
        Act::MemberLimit { member, limit } => {
            format!("set the limit of {} to {}", mention(*member), limit_of(*limit))
        }
        Act::Setting { name, value } => match value {
            Some(value) => format!("set `{}` to `{}`", code(name), code(value)),
            None => format!("took `{}` back", code(name)),
        },
        Act::RoundStarted { number } => format!("opened round {number}"),
        Act::RoundChanged { number, what } => {
            format!("changed round {number}: {}", words::markdown(what, TEXT_MAX))
        }
        Act::RoundClosed { number } => format!("closed round {number}"),
        Act::RoundCancelled { number } => format!("cancelled round {number}"),
        Act::RoundReopened { number } => format!("opened round {number} again"),
        Act::WatchedAdded { title } => format!("marked {} as watched", film(title)),
        Act::WatchedRemoved { title } => format!("took {} out of the history", film(title)),
        Act::Unknown => "did something that this version does not know".to_owned(),
    }
}

fn mention(id: u64) -> String {
    words::mention(MemberId(id))
}

fn limit_of(limit: Option<u32>) -> String {
    limit.map_or_else(|| "the default".to_owned(), |limit| limit.to_string())
}

/// Text between backticks, which it cannot leave.
fn code(text: &str) -> String {
    words::plain(text, TEXT_MAX).replace('`', "'")
}

#[cfg(test)]
mod tests;
