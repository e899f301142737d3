//! The poll: the open round as everybody sees it.

use super::words::{self, CALM, GOLD};
use crate::discord::components::Control;
use crate::discord::limits::{self, EMBEDS_TOTAL, ROW_BUTTONS, fair_cap, units};
use crate::discord::screen::{Button, Embed, Row, Screen, Style};
use crate::domain::ids::GuildId;
use crate::domain::method::{BallotKind, Method};
use crate::domain::poll::{Details, Entry, LiveMessage, PollPage};
use crate::domain::reaction::Number;
use crate::domain::round::{Round, RoundState, Secrecy};
use crate::domain::ties::TieRule;

/// A round without a name of its own goes by this.
const HEADING: &str = "What shall we watch?";
/// The longest heading, in units.
const HEADING_MAX: usize = 200;
/// The longest title of a film with its year, in units: what is left of [`EMBEDS_TOTAL`] when ten such
/// titles and everything else but the pitches are there still leaves each pitch a line.
const TITLE_MAX: usize = 160;
/// The longest pitch, in units; members may write 200 characters.
const PITCH_MAX: usize = 400;
/// A pitch cut shorter than this says nothing and is left out.
const PITCH_MIN: usize = 12;
/// The mark of a quote and the line's end around a pitch, in units.
const PITCH_FRAME: usize = 3;

/// The longest seed, in units.
const SEED_MAX: usize = 64;

/// Before a film that has no number to react with.
const UNNUMBERED: &str = "•";

/// Whom a poll's page is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The channel: the live message.
    Channel,
    /// One member, privately: votes and paging redraw it in place.
    Private,
    /// A message that was live until another one took over; its buttons still count.
    Retired {
        /// Where the poll lives now.
        live: Option<LiveMessage>,
        /// The server of both.
        guild: GuildId,
    },
}

/// One page of a poll.
pub fn screen(page: &PollPage, audience: Audience) -> Screen {
    let mut content = heading(page, audience);
    if page.entries.is_empty() {
        content.push_str("\n\nNothing is proposed yet. Put the first film up with `/propose`.");
        return limits::fitted(Screen::text(content));
    }
    limits::fitted(Screen {
        content,
        embeds: embeds(page, audience),
        rows: rows(page, audience),
    })
}

fn heading(page: &PollPage, audience: Audience) -> String {
    let round = &page.head.round;
    let title = round
        .title
        .as_deref()
        .map(|title| words::markdown(title, HEADING_MAX))
        .filter(|title| !title.is_empty());
    let mut lines = vec![format!("## {}", title.as_deref().unwrap_or(HEADING))];
    if let Audience::Retired { live, guild } = audience {
        lines.push(moved(live, guild));
    }
    lines.push(round.rules.sentence().into_owned());
    if round.hides_counts() || round.rules.secrecy == Secrecy::Anonymous {
        lines.push(round.rules.secrecy.sentence().to_owned());
    }
    if round.rules.picks > 1 {
        lines.push(format!("{} films are picked.", round.rules.picks));
    }
    if round.runoff_of.is_some() {
        lines.push("A run-off between the films that were tied; the others wait.".to_owned());
    }
    lines.push(declared(round));
    let mut standing = Vec::new();
    match (round.state, round.closes_at) {
        (RoundState::Open, Some(at)) => standing.push(format!("Closes {}", words::relative(at))),
        (RoundState::Open, None) => {}
        (RoundState::Closed, _) => standing.push("This round is over".to_owned()),
        (RoundState::Cancelled, _) => standing.push("This round was cancelled".to_owned()),
    }
    standing.push(words::turnout(page.head.voters));
    standing.push(format!("page {} of {}", page.page, page.head.pages()));
    lines.push(words::capitalised(&standing.join(" · ")));
    if audience == Audience::Channel && page.head.input.takes_reactions() {
        lines.push(by_reaction(page));
    }
    if round.is_open() && !page.entries.is_empty() {
        lines.extend(by_ballot(round.rules.method));
    }
    if audience == Audience::Private {
        lines.push("-# Only you see this page. Votes here count like those in the channel.".to_owned());
    }
    lines.join("\n")
}

/// What is declared before the vote, in small print: the tie rule, with the seed of a draw, and the quorum.
fn declared(round: &Round) -> String {
    let seed = round.draw_seed.as_deref();
    let ties = match seed.filter(|_| round.rules.ties == TieRule::Draw) {
        Some(seed) => format!(
            "Ties are drawn from this seed: `{}`.",
            words::code(seed, SEED_MAX)
        ),
        None => round.rules.ties.sentence().to_owned(),
    };
    let quorum = match round.rules.quorum {
        None => String::new(),
        Some(1) => " Nothing is picked unless a member votes.".to_owned(),
        Some(quorum) => format!(" Nothing is picked unless {quorum} members vote."),
    };
    format!("-# {ties}{quorum}")
}

/// How to vote where a click alone cannot say it.
fn by_ballot(method: Method) -> Option<String> {
    let what = match method.ballot_kind() {
        BallotKind::Set => return None,
        BallotKind::Scores => "give stars",
        BallotKind::Ranking => "rank the films",
    };
    Some(format!("-# Click a number or `My ballot` to {what}."))
}

/// How to vote by reaction, and what to do about films without a number: ten of them have one, and those
/// on other pages have none here.
fn by_reaction(page: &PollPage) -> String {
    let how = "-# React with a film's number to vote for it; take the reaction back to withdraw.";
    let all_numbered = page.entries.iter().all(|entry| entry.number.is_some());
    if page.head.pages() == 1 && all_numbered {
        return how.to_owned();
    }
    let otherwise = if page.head.input.has_buttons() {
        "its button or `My ballot`"
    } else {
        "`My ballot`"
    };
    format!("{how} For a film without a number, use {otherwise}.")
}

/// Where the poll lives now. The bare address is shown by Discord as a chip with the channel's name.
fn moved(live: Option<LiveMessage>, guild: GuildId) -> String {
    match live {
        Some(live) => format!(
            "**This poll has moved:** {}\nThe buttons here still count; the figures stand still.",
            words::jump(guild, live)
        ),
        None => "**This poll is no longer brought up to date.** The buttons here still count; `/poll` \
                 shows it as it is now."
            .to_owned(),
    }
}

/// One embed per film. All pitches together get what the rest leaves, in fair shares.
fn embeds(page: &PollPage, audience: Audience) -> Vec<Embed> {
    let pitches: Vec<Option<String>> = page
        .entries
        .iter()
        .map(|entry| {
            let pitch = entry.standing.proposal.pitch.as_deref();
            pitch
                .map(|pitch| words::markdown(pitch, PITCH_MAX))
                .filter(|pitch| !pitch.is_empty())
        })
        .collect();
    let bare = Screen {
        embeds: page
            .entries
            .iter()
            .map(|entry| embed(page, entry, &heading_mark(page, entry, audience), None))
            .collect(),
        ..Screen::default()
    };
    let wants: Vec<usize> = pitches
        .iter()
        .map(|pitch| pitch.as_deref().map_or(0, |pitch| units(pitch) + PITCH_FRAME))
        .collect();
    let cap = fair_cap(&wants, EMBEDS_TOTAL.saturating_sub(limits::embeds_total(&bare)))
        .saturating_sub(PITCH_FRAME);
    page.entries
        .iter()
        .zip(pitches)
        .map(|(entry, pitch)| {
            let pitch = pitch
                .filter(|pitch| units(pitch) <= cap || cap >= PITCH_MIN)
                .map(|pitch| limits::cut(&pitch, cap));
            let mark = heading_mark(page, entry, audience);
            embed(page, entry, &mark, pitch.as_deref())
        })
        .collect()
}

/// What stands before a film's title: its rank or, where reactions count, the number to react with.
fn heading_mark(page: &PollPage, entry: &Entry, audience: Audience) -> String {
    if !page.head.input.takes_reactions() {
        return format!("{}.", entry.rank);
    }
    number_of(entry, audience)
        .map_or(UNNUMBERED, Number::emoji)
        .to_owned()
}

/// The number under the message that is drawn. A retired message has others than the live one, whose
/// numbers the page knows.
fn number_of(entry: &Entry, audience: Audience) -> Option<Number> {
    entry
        .number
        .filter(|_| !matches!(audience, Audience::Retired { .. }))
}

fn embed(page: &PollPage, entry: &Entry, mark: &str, pitch: Option<&str>) -> Embed {
    let method = page.head.round.rules.method;
    let film = &entry.standing.proposal.film;
    let data = film.cached.as_ref().map(|cached| &cached.data);
    let mut lines: Vec<String> = data.and_then(words::facts).into_iter().collect();
    lines.extend(pitch.map(|pitch| format!("> {pitch}")));
    lines.extend(entry.standing.votes.map(|votes| {
        format!(
            "{} {}",
            words::bar(votes, page.most_votes),
            words::standing(method, votes)
        )
    }));
    lines.push(format!("-# {}", people(entry)));
    Embed {
        title: Some(format!("{mark} {}", words::title_of(film, TITLE_MAX))),
        url: film.imdb_id.as_ref().map(crate::domain::ids::ImdbId::url),
        description: Some(lines.join("\n")),
        colour: Some(if entry.leads { GOLD } else { CALM }),
        thumbnail: data.and_then(|data| data.poster_url.clone()),
        footer: note(entry).map(str::to_owned),
        ..Embed::default()
    }
}

/// Who proposed it and who votes for it: `Proposed by A · votes: B, C +6 more`.
fn people(entry: &Entry) -> String {
    let standing = &entry.standing;
    let proposed = format!("Proposed by {}", words::mention(standing.proposal.proposed_by));
    if standing.first_voters.is_empty() {
        return proposed;
    }
    let named: Vec<String> = standing
        .first_voters
        .iter()
        .copied()
        .map(words::mention)
        .collect();
    let more = usize::try_from(standing.votes.unwrap_or_default())
        .unwrap_or(usize::MAX)
        .saturating_sub(named.len());
    let more = if more > 0 {
        format!(" +{more} more")
    } else {
        String::new()
    };
    format!("{proposed} · Votes: {}{more}", named.join(", "))
}

/// What there is to say about an entry's details.
fn note(entry: &Entry) -> Option<&'static str> {
    let identified = entry.standing.proposal.film.imdb_id.is_some();
    match entry.details {
        Details::Fresh => None,
        Details::Old => Some("Details from an older look-up"),
        Details::OnTheWay => Some("Details are on the way …"),
        Details::None if identified => Some("Details could not be had"),
        Details::None => Some("Proposed as typed, so there are no details"),
    }
}

fn rows(page: &PollPage, audience: Audience) -> Vec<Row> {
    let round = &page.head.round;
    if round.state != RoundState::Open {
        return Vec::new();
    }
    let with_buttons = page.head.input.has_buttons() || audience == Audience::Private;
    let films: Vec<Button> = page
        .entries
        .iter()
        .filter(|_| with_buttons)
        .map(|entry| {
            let proposal = entry.standing.proposal.id;
            let control = match audience {
                Audience::Private => Control::ToggleOnPage {
                    round: round.id,
                    proposal,
                    page: page.page,
                },
                Audience::Channel | Audience::Retired { .. } => Control::Toggle {
                    round: round.id,
                    proposal,
                },
            };
            let mark = button_mark(page, entry, audience);
            let label = match entry.standing.votes.filter(|_| round.rules.method.button_votes()) {
                Some(votes) => format!("{mark} · {votes}"),
                None => mark,
            };
            Button::new(label, Style::Secondary, control)
        })
        .collect();
    let mut rows: Vec<Row> = films
        .chunks(ROW_BUTTONS)
        .map(|five| Row::Buttons(five.to_vec()))
        .collect();
    rows.push(Row::Buttons(bottom(page, audience)));
    rows
}

/// What stands on a film's button before its votes: the same as before its title.
fn button_mark(page: &PollPage, entry: &Entry, audience: Audience) -> String {
    if !page.head.input.takes_reactions() {
        return entry.rank.to_string();
    }
    number_of(entry, audience).map_or_else(|| UNNUMBERED.to_owned(), |number| number.get().to_string())
}

/// The last row: the ballot, the pages, the standings, and from elsewhere the way to the live poll.
fn bottom(page: &PollPage, audience: Audience) -> Vec<Button> {
    let round = page.head.round.id;
    let mut buttons = vec![Button::new(
        "My ballot",
        Style::Primary,
        Control::MyBallot { round },
    )];
    let pages = page.head.pages();
    if pages > 1 {
        let turn =
            |label: &str, to: u32| Button::new(label, Style::Secondary, Control::Page { round, page: to });
        buttons.push(turn("◀", page.page.saturating_sub(1)).enabled_if(page.page > 1));
        buttons.push(turn("▶", page.page.saturating_add(1)).enabled_if(page.page < pages));
    }
    if !page.head.round.hides_counts() {
        let results = Control::Results { round };
        buttons.push(Button::new("Results so far", Style::Secondary, results));
    }
    let elsewhere = match audience {
        Audience::Channel => None,
        Audience::Private => page.head.live.map(|live| (page.head.round.guild, live)),
        Audience::Retired { live, guild } => live.map(|live| (guild, live)),
    };
    buttons.extend(elsewhere.map(|(guild, live)| Button::link("Live poll", words::jump(guild, live))));
    buttons
}

#[cfg(test)]
mod tests;
