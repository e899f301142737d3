//! The announcement of a result: what was picked, with its poster, the standings, how it was decided, what next.

use super::{decided, departed, standings, title_of, turnout, verdict};
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Field, Row, Screen, Style};
use crate::discord::views::words::{self, CALM, GOLD};
use crate::domain::film::Film;
use crate::domain::ids::{ImdbId, RoleId};
use crate::domain::result::{ResultEntry, RoundResult, Verdict};
use crate::domain::round::Round;
use crate::service::announce::Announcement;

/// Films of the standings that are listed.
const STANDINGS: usize = 10;
/// Picks with a card of their own; an announcement of more stays readable without.
const CARDS: usize = 5;
/// Picks of which each has its large poster; more have small ones.
const LARGE: usize = 3;
/// The longest title of a card, in units.
const CARD_TITLE: usize = 200;

/// The announcement. It names the role that is to be pinged; whether that pings is up to who sends it.
pub fn announcement(announcement: &Announcement) -> Screen {
    let result = &announcement.result;
    let ping = announcement
        .ping
        .map_or_else(String::new, |role| format!("{}\n", role_mention(role)));
    let mut lines = vec![
        format!(
            "{ping}## {} is over",
            words::round_name(result.title.as_deref(), result.number)
        ),
        verdict(result),
        format!("{} · {}", announcement_mark(result), turnout(result)),
    ];
    lines.extend(departed(result));
    let mut embeds: Vec<Embed> = result
        .picked()
        .take(CARDS)
        .map(|entry| card(announcement, entry, result.picked().count()))
        .collect();
    embeds.push(summary(announcement));
    let counted = Control::HowCounted { round: result.round };
    let rows = if result.voters > 0 {
        vec![Row::Buttons(vec![Button::new(
            "How it was counted",
            Style::Secondary,
            counted,
        )])]
    } else {
        Vec::new()
    };
    limits::fitted(Screen {
        content: lines.join("\n"),
        embeds,
        rows,
    })
}

/// What stands in the text of this result's announcement and of no other one in its channel.
pub fn announcement_mark(result: &RoundResult) -> String {
    format!("-# Closed {}", words::instant(result.ended_at))
}

/// What stands in the place of an announcement whose round was opened again.
pub fn withdrawn(round: &Round) -> Screen {
    limits::fitted(Screen::text(format!(
        "## {}\n**This round was opened again by an organizer**, so the result that stood here does not count. \
         `/poll` shows the vote; the result is announced anew when the round closes.",
        words::round_name(round.title.as_deref(), round.number)
    )))
}

fn role_mention(role: RoleId) -> String {
    format!("<@&{role}>")
}

/// A picked film with its poster.
fn card(announcement: &Announcement, entry: &ResultEntry, picks: usize) -> Embed {
    let film: Option<&Film> = announcement.picks.iter().find(|film| match &entry.imdb_id {
        Some(id) => film.imdb_id.as_ref() == Some(id),
        None => film.imdb_id.is_none() && film.id == entry.film,
    });
    let data = film
        .and_then(|film| film.cached.as_ref())
        .map(|cached| &cached.data);
    let facts = data.and_then(words::facts);
    let by = format!("Proposed by {}", words::mention(entry.proposed_by));
    let poster = data.and_then(|data| data.poster_url.clone());
    let (image, thumbnail) = if picks <= LARGE {
        (poster, None)
    } else {
        (None, poster)
    };
    Embed {
        title: Some(words::film_title(&entry.title, entry.year, CARD_TITLE)),
        url: entry.imdb_id.as_ref().map(ImdbId::url),
        description: Some(facts.into_iter().chain([by]).collect::<Vec<_>>().join("\n")),
        colour: Some(GOLD),
        image,
        thumbnail,
        ..Embed::default()
    }
}

/// Standings, decision, and what comes next.
fn summary(announcement: &Announcement) -> Embed {
    let result = &announcement.result;
    let mut lines = if result.voters > 0 {
        standings(result, 0, STANDINGS)
    } else {
        Vec::new()
    };
    let more = result.entries.len().saturating_sub(STANDINGS);
    if !lines.is_empty() && more > 0 {
        lines.push(format!("-# and {more} more, which `/results` shows"));
    }
    let mut fields = Vec::new();
    if result.voters > 0 {
        fields = decided::fields(result);
    }
    fields.push(Field {
        name: "What next".to_owned(),
        value: next(announcement),
        inline: false,
    });
    Embed {
        title: (!lines.is_empty()).then(|| "Standings".to_owned()),
        description: (!lines.is_empty()).then(|| lines.join("\n")),
        colour: Some(CALM),
        fields,
        ..Embed::default()
    }
}

/// What follows: the run-off, the next round, or a first proposal.
fn next(announcement: &Announcement) -> String {
    let result = &announcement.result;
    let open = announcement.next.as_ref();
    if result.verdict == Verdict::RunOff {
        let tied: Vec<String> = result.runs_off().map(title_of).collect();
        let until = match open.and_then(|open| open.round.closes_at) {
            Some(at) => format!("until {} ({})", words::instant(at), words::relative(at)),
            None => "until an organizer ends it".to_owned(),
        };
        return format!(
            "Only {} are up for the vote in the run-off, {until}. `/poll` posts it.",
            super::listed(&tied)
        );
    }
    let left = open.map_or(0, |open| open.proposals);
    let stay = match (left, result.verdict) {
        (0, _) => return "Nothing is left to vote on. Put the next film up with `/propose`.".to_owned(),
        (1, _) => "One film is up for the next vote".to_owned(),
        (left, Verdict::Picked) => format!("The {left} films that did not win stay up for the next vote"),
        (left, _) => format!("All {left} films stay up for the next vote"),
    };
    match result.verdict {
        Verdict::NoQuorum => format!(
            "{stay}: `/poll` posts it. An organizer can ask for fewer voters with `/settings voting`."
        ),
        Verdict::NoVotes => format!("{stay}: `/poll` posts it, and a click on a film's button votes."),
        _ => format!("{stay}: `/poll` posts it."),
    }
}
