//! `/pick`: a film by chance, and two that fill an evening.

use super::film::{data, note, plot, titled};
use super::words;
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Row, Screen, Style};
use crate::domain::ids::RoundId;
use crate::domain::proposal::Proposal;
use crate::service::pick::{DoubleFeature, Odds, RandomPick};

/// The longest plot, in units.
const PLOT_MAX: usize = 400;
/// The longest pitch, in units; members may write 200 characters.
const PITCH_MAX: usize = 400;
/// The longest title of a film on a button, in units.
const LABEL_TITLE_MAX: usize = 50;

/// What every pick says of itself.
const NO_DECISION: &str = "-# A suggestion: it decides nothing, and the vote goes on.";

/// The answer to `/pick random`, for the channel.
pub fn random(picked: &RandomPick) -> Screen {
    let odds = match picked.odds {
        Odds::Even { films: 1, .. } => "It is the only film that is up for the vote.".to_owned(),
        Odds::Even {
            films,
            no_votes: false,
        } => format!("Drawn from all films up for the vote: its chance was 1 of {films}."),
        Odds::Even {
            films,
            no_votes: true,
        } => format!("Nobody has voted yet, so each film had the same chance: 1 of {films}."),
        Odds::ByVotes { own, all, method } => {
            let all = words::standing(method, all);
            format!("Drawn by the votes: its chance was {own} of {all}.")
        }
    };
    let mut embed = film(&picked.proposal);
    embed.footer = note(&picked.proposal.film, picked.details).map(str::to_owned);
    limits::fitted(Screen {
        content: format!("**Chance says:** {odds}\n{NO_DECISION}"),
        embeds: vec![embed],
        rows: vec![Row::Buttons(vec![vote(
            "Vote for it".to_owned(),
            picked.round,
            &picked.proposal,
        )])],
    })
}

/// The answer to `/pick double-feature`, for the channel.
pub fn double_feature(picked: &DoubleFeature) -> Screen {
    let [(one, one_min), (other, other_min)] = &picked.films;
    let total = u32::from(*one_min) + u32::from(*other_min);
    let untimed = match picked.untimed {
        0 => String::new(),
        1 => "\n-# 1 film was left out: nobody knows yet how long it runs.".to_owned(),
        more => format!("\n-# {more} films were left out: nobody knows yet how long they run."),
    };
    let label = |film: &Proposal| {
        let title = words::plain_film_title(film.film.shown_title(), None, LABEL_TITLE_MAX);
        format!("Vote for {title}")
    };
    limits::fitted(Screen {
        content: format!(
            "**A double feature:** {} of the evening's {}.\n{NO_DECISION}{untimed}",
            words::minutes(total),
            words::minutes(picked.budget)
        ),
        embeds: vec![film(one), film(other)],
        rows: vec![Row::Buttons(vec![
            vote(label(one), picked.round, one),
            vote(label(other), picked.round, other),
        ])],
    })
}

/// A film with what is known of it and why it was proposed.
fn film(proposal: &Proposal) -> Embed {
    let data = data(&proposal.film);
    let pitch = proposal
        .pitch
        .as_deref()
        .map(|pitch| words::markdown(pitch, PITCH_MAX))
        .filter(|pitch| !pitch.is_empty())
        .map(|pitch| format!("> {pitch}"));
    let by = format!("Proposed by {}", words::mention(proposal.proposed_by));
    let parts: Vec<String> = data
        .and_then(words::facts)
        .into_iter()
        .chain(pitch)
        .chain(plot(&proposal.film, PLOT_MAX))
        .chain([by])
        .collect();
    Embed {
        description: Some(parts.join("\n")),
        thumbnail: data.and_then(|data| data.poster_url.clone()),
        ..titled(&proposal.film)
    }
}

fn vote(label: String, round: RoundId, of: &Proposal) -> Button {
    let vote = Control::VoteFor {
        round,
        proposal: of.id,
    };
    Button::new(label, Style::Success, vote)
}

#[cfg(test)]
mod tests;
