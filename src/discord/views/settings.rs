//! `/settings`: every setting with its value, and menus to change them.

mod menus;

pub use menus::NONE;

use super::words::CALM;
use crate::discord::components::{Control, SettingsPage};
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Field, Row, Screen, Style};
use crate::domain::ids::{ChannelId, RoleId};
use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::settings::{Change, DepartedVotes, GuildSettings};

/// All settings, with the menus of one page of them. What was just changed is said above.
pub fn screen(settings: &GuildSettings, page: SettingsPage, changed: &[Change]) -> Screen {
    let mut rows = menus::rows(settings, page);
    rows.push(Row::Buttons(
        SettingsPage::ALL.into_iter().map(|to| tab(to, page)).collect(),
    ));
    limits::fitted(Screen {
        content: heading(settings, changed),
        embeds: vec![Embed {
            colour: Some(CALM),
            fields: vec![
                field("New rounds", &new_rounds(settings)),
                field("Voting", &voting(settings)),
                field("Server", &server(settings)),
                field("Films", &films(settings)),
            ],
            footer: Some("Only organizers can change these. /round start changes the open round.".to_owned()),
            ..Embed::default()
        }],
        rows,
    })
}

fn tab(to: SettingsPage, page: SettingsPage) -> Button {
    let label = match to {
        SettingsPage::Voting => "Voting",
        SettingsPage::Numbers => "Numbers",
        SettingsPage::Server => "Server",
        SettingsPage::Films => "Films",
    };
    let style = if to == page {
        Style::Primary
    } else {
        Style::Secondary
    };
    Button::new(label, style, Control::SettingsPage { page: to }).enabled_if(to != page)
}

fn field(name: &str, value: &str) -> Field {
    Field {
        name: name.to_owned(),
        value: value.to_owned(),
        inline: false,
    }
}

/// What changed, and what that takes.
fn heading(settings: &GuildSettings, changed: &[Change]) -> String {
    let mut lines = vec!["## Settings".to_owned()];
    if !changed.is_empty() {
        let names: Vec<String> = changed
            .iter()
            .map(|change| format!("`{}`", change.name()))
            .collect();
        lines.push(format!("Changed: {}.", names.join(", ")));
    }
    let about_new_rounds = |change: &Change| {
        matches!(
            change,
            Change::Method(_)
                | Change::Picks(_)
                | Change::VotesEach(_)
                | Change::Secrecy(_)
                | Change::Ties(_)
                | Change::Quorum(_)
        )
    };
    if changed.iter().any(about_new_rounds) {
        lines.push(
            "-# That holds for rounds to come. `/round start` gives the open one other rules.".to_owned(),
        );
    }
    let reactions = settings.input.takes_reactions();
    if reactions && changed.iter().any(|change| matches!(change, Change::Input(_))) {
        lines.push(
            "-# For reactions I need the permissions Add Reactions and Read Message History, and Manage Messages to \
             take away those that do not count."
                .to_owned(),
        );
    }
    if changed
        .iter()
        .any(|change| matches!(change, Change::OrganizerRole(Some(_))))
    {
        lines.push(
            "-# Discord shows `/settings` itself to that role once you allow it under Server Settings, Integrations."
                .to_owned(),
        );
    }
    lines.join("\n")
}

fn new_rounds(settings: &GuildSettings) -> String {
    let rules = settings.rules;
    let mut lines = vec![
        format!("**Method** {}: {}", rules.method.name(), rules.method.sentence()),
        format!("**Picks** {}", films_picked(rules.picks)),
    ];
    if rules.method == Method::Limited {
        lines.push(format!("**Votes each** {}", rules.votes_each));
    }
    lines.push(format!("**Secrecy** {}", rules.secrecy.sentence()));
    lines.push(format!("**Ties** {}", rules.ties.sentence()));
    lines.push(format!("**Quorum** {}", quorum(rules.quorum)));
    lines.join("\n")
}

fn voting(settings: &GuildSettings) -> String {
    format!(
        "**Input** {}\n**Members who leave** {}",
        input(settings.input),
        departed(settings.departed)
    )
}

fn server(settings: &GuildSettings) -> String {
    format!(
        "**Results** {}\n**Organizers** {}\n**Pinged by results** {}\n**Time zone** {}\n**Proposals each** {}",
        settings
            .channel
            .map_or_else(|| "announced where the poll stands".to_owned(), channel),
        settings.organizer_role.map_or_else(
            || "members with Manage Server".to_owned(),
            |of| format!("members with Manage Server, and {}", role(of))
        ),
        settings.announce_role.map_or_else(|| "nobody".to_owned(), role),
        settings.time_zone.name(),
        settings.proposal_limit,
    )
}

fn films(settings: &GuildSettings) -> String {
    let or = |value: Option<String>, none: &str| value.unwrap_or_else(|| none.to_owned());
    let series = if settings.series {
        "may be proposed"
    } else {
        "may not be proposed"
    };
    format!(
        "**Language** {}\n**Country** {}\n**Series** {series}",
        or(
            settings.language.as_ref().map(ToString::to_string),
            "as the film databases have it"
        ),
        or(
            settings.country.as_ref().map(ToString::to_string),
            "not set, so it is not said where to watch"
        ),
    )
}

/// `1 film`, `3 films`.
fn films_picked(picks: u32) -> String {
    match picks {
        1 => "1 film".to_owned(),
        picks => format!("{picks} films"),
    }
}

/// `none`, `at least 5 voters`.
fn quorum(quorum: Option<u32>) -> String {
    match quorum {
        None => "none".to_owned(),
        Some(1) => "at least 1 voter".to_owned(),
        Some(quorum) => format!("at least {quorum} voters"),
    }
}

const fn input(input: VoteInput) -> &'static str {
    match input {
        VoteInput::Buttons => "Members vote by the buttons under the poll. Reactions do not count.",
        VoteInput::Reactions => "Members vote by reacting with a film's number; `My ballot` stays.",
        VoteInput::Both => "Members vote by the buttons under the poll, or by reacting with a film's number.",
    }
}

const fn departed(departed: DepartedVotes) -> &'static str {
    match departed {
        DepartedVotes::Count => "Their votes count in the open round.",
        DepartedVotes::Drop => "Their votes do not count in the open round, unless they come back.",
    }
}

fn channel(id: ChannelId) -> String {
    format!("announced in <#{id}>")
}

fn role(id: RoleId) -> String {
    format!("<@&{id}>")
}

#[cfg(test)]
mod tests;
