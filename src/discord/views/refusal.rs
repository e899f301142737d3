//! The wording of every refusal and fault: what happened, and what to do next. Always private.

mod night;
mod round;

use super::words;
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Row, Screen, Style};
use crate::domain::ids::{MemberId, ProposalId, RoundId};
use crate::domain::refusal::Refusal;

/// The longest title in a refusal, in units.
const TITLE_MAX: usize = 200;

/// What the member is told when the rules say no.
pub fn screen(refusal: &Refusal) -> Screen {
    match refusal {
        Refusal::AlreadyProposed {
            proposal,
            round,
            title,
            proposed_by,
            voted,
        } => already_proposed(*proposal, *round, title, *proposed_by, *voted),
        Refusal::NotYours { proposed_by } => Screen::text(format!(
            "That film was proposed by {}, and only they or an organizer can take it out. If you would rather \
             not watch it, simply do not vote for it.",
            words::mention(*proposed_by)
        )),
        Refusal::ServerFull { proposals } => Screen::text(format!(
            "{proposals} films are up for the vote here, and more can't be counted. Take one out with `/withdraw`, or \
             ask an organizer to."
        )),
        Refusal::ProposalLimit { limit } => Screen::text(limit_reached(*limit)),
        Refusal::VoteLimit { limit } => Screen::text(votes_spent(*limit)),
        Refusal::BallotLimit { limit, left } => Screen::text(too_many(*limit, *left)),
        Refusal::RulesChanged { round } => with_ballot(
            "The rules of this round have changed since that ballot was opened. Open it again:",
            *round,
        ),
        Refusal::NeedsBallot { round } => with_ballot(
            "Films are ranked or given stars in this round, which one click cannot say. Open your ballot:",
            *round,
        ),
        Refusal::UnknownFilm { imdb_id } => Screen::text(format!(
            "No film database knows `{imdb_id}`. Check the id on IMDb, or type the film's title and pick it from \
             the list."
        )),
        Refusal::SeriesNotAllowed { title } => limits::fitted(Screen::text(format!(
            "**{}** is a series, and films alone are proposed here. An organizer can allow series with \
             `/settings server series:True`.",
            words::film_title(title, None, TITLE_MAX)
        ))),
        Refusal::Round(why) => Screen::text(round::transition(*why)),
        Refusal::ClosingTime { why, zone } => round::closing_time(why, *zone),
        Refusal::SeenBefore { title, past, .. } => Screen::text(format!(
            "{} Use `/propose` to be asked whether to propose it again.",
            super::watched::seen(title, past)
        )),
        Refusal::AlreadyWatched { title, on } => Screen::text(night::already_watched(title, *on)),
        Refusal::WatchedDay { why, zone } => night::watched_day(why, *zone),
        Refusal::NoDoubleFeature {
            budget,
            timed,
            untimed,
        } => Screen::text(night::no_double_feature(*budget, *timed, *untimed)),
        other => Screen::text(sentence(other)),
    }
}

fn already_proposed(
    proposal: ProposalId,
    round: RoundId,
    title: &str,
    proposed_by: MemberId,
    voted: bool,
) -> Screen {
    let title = words::film_title(title, None, TITLE_MAX);
    let by = words::mention(proposed_by);
    if voted {
        let said = format!(
            "**{title}** is already proposed, by {by}, and you vote for it. See your ballot, or propose another film."
        );
        return with_ballot(&said, round);
    }
    limits::fitted(Screen {
        content: format!("**{title}** is already proposed, by {by}. Vote for it instead:"),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![Button::new(
            "Vote for it",
            Style::Success,
            Control::VoteFor { round, proposal },
        )])],
    })
}

/// A sentence with the way to one's ballot below it.
fn with_ballot(said: &str, round: RoundId) -> Screen {
    limits::fitted(Screen {
        content: said.to_owned(),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![Button::new(
            "My ballot",
            Style::Secondary,
            Control::MyBallot { round },
        )])],
    })
}

fn votes_spent(limit: u32) -> String {
    match limit {
        1 => "You have one vote in this round, and it is given. Take it back first, by clicking that film again or \
              with `/vote`."
            .to_owned(),
        limit => format!(
            "All your {limit} votes in this round are given. Take one back first, by clicking that film again or \
             with `/vote`."
        ),
    }
}

/// More was chosen in the ballot's menu than there are votes.
fn too_many(limit: u32, left: u32) -> String {
    match (limit, left) {
        (1, _) => "You have one vote in this round. Choose one film.".to_owned(),
        (limit, 0) => format!(
            "All your {limit} votes in this round are given, so nothing was changed. Take one back first, here or on \
             another page of your ballot."
        ),
        (limit, left) => format!(
            "Those were too many, so nothing was changed: {left} of your {limit} votes in this round {} left. Choose \
             fewer, or take one back first.",
            if left == 1 { "is" } else { "are" }
        ),
    }
}

fn limit_reached(limit: u32) -> String {
    match limit {
        0 => "You may not propose films on this server. An organizer can change that.".to_owned(),
        1 => "You have a film up for the vote, which is all that you may have at a time. Take it out with \
              `/withdraw` to propose another."
            .to_owned(),
        limit => format!(
            "You have {limit} films up for the vote, as many as you may. Take one out with `/withdraw` to propose \
             another."
        ),
    }
}

/// The refusals that need no data.
fn sentence(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotAFilmPage => {
            "That link is not a film's page: series, people and lists cannot be proposed. Open the film itself and \
             copy its link, or type its title."
        }
        Refusal::ForeignLink => {
            "That link is not one of IMDb, TMDB or Letterboxd. Paste the film's IMDb link, or type its title."
        }
        Refusal::UnresolvedLink => {
            "The film behind that link could not be found out. Type its title and pick it from the list, or paste \
             its IMDb link."
        }
        Refusal::EmptyTitle => "There is no title in that. Type a film's title, or paste its IMDb link.",
        Refusal::UnknownTitle => {
            "No film database knows a film of that title. Check the spelling, or paste the film's IMDb link."
        }
        Refusal::TitlesUnasked => {
            "No film database answers just now, so that title can't be looked up. Paste the film's IMDb link, or try \
             again in a minute."
        }
        Refusal::NotProposed => {
            "That film is not proposed here. `/poll` shows what is, and `/propose` puts it up."
        }
        Refusal::NothingProposed => "Nothing is proposed yet. Put the first film up with `/propose`.",
        Refusal::NotOrganizer => {
            "Only organizers can do that: members with Manage Server, or with the role that `/settings` names. Ask \
             one of them."
        }
        Refusal::NoOpenRound => {
            "No round is open. `/round start` opens one, and so does the first film put up with `/propose`."
        }
        Refusal::NothingToReopen => "No round was closed yet, so there is none to open again.",
        Refusal::NoResultYet => {
            "No round was closed here yet, so there is no result. `/poll` shows the vote as it stands."
        }
        Refusal::UnknownRound => {
            "There is no result of such a round here. Pick one from the list that `/results` shows while you type, or \
             type its number; a round that was opened again has none until it closes."
        }
        Refusal::StillCounting => "The last round is being counted. Try again in a moment.",
        Refusal::RoundOver => "That round is over, so the vote was not taken. `/poll` shows the current one.",
        Refusal::ProposalGone => "That film is no longer up for the vote. `/poll` shows those that are.",
        Refusal::ReactionIsOpen => {
            "Votes in this round are not public, and everybody would see your reaction. Vote with the poll's buttons or `/vote`: \
             nobody sees those."
        }
        Refusal::NumberUnknown => {
            "That number stands for no film. React with one of the numbers before the films' titles."
        }
        Refusal::ProposalWaits => {
            "That film waits: this round is a run-off between the films that were tied. It is up again in the next \
             round."
        }
        Refusal::EveryoneRole => {
            "That is the role of everybody here. Choose another one, or leave it out: members with Manage Server are \
             organizers in any case."
        }
        Refusal::UnknownZone => {
            "That is no time zone I know. Type a city's name, such as `Berlin` or `New York`, and pick it from the \
             list."
        }
        Refusal::UnknownLanguage => {
            "That is no language's code. Type two letters, such as `de` or `fr`, or `pt-BR`."
        }
        Refusal::UnknownCountry => "That is no country's code. Type its two letters, such as `DE` or `US`.",
        Refusal::NotWatched => {
            "That film is not in the history here. `/watched list` shows what is; an organizer adds a film with \
             `/watched add`."
        }
        Refusal::VotesHidden => {
            "The votes are hidden until the round closes, and a draw by votes would give them away. Use `/pick random` \
             without `weighted`."
        }
        Refusal::ForeignControl => {
            "That button or menu does not belong to a poll of this server. Use `/poll` for one that does."
        }
        Refusal::AlreadyProposed { .. }
        | Refusal::ProposalLimit { .. }
        | Refusal::ServerFull { .. }
        | Refusal::VoteLimit { .. }
        | Refusal::NeedsBallot { .. }
        | Refusal::BallotLimit { .. }
        | Refusal::RulesChanged { .. }
        | Refusal::UnknownFilm { .. }
        | Refusal::SeriesNotAllowed { .. }
        | Refusal::Round(_)
        | Refusal::ClosingTime { .. }
        | Refusal::SeenBefore { .. }
        | Refusal::AlreadyWatched { .. }
        | Refusal::WatchedDay { .. }
        | Refusal::NoDoubleFeature { .. }
        | Refusal::NotYours { .. } => "That is not possible. `/help` says what is.",
    }
}

/// The database is out of reach: nothing was changed, try again.
pub fn unavailable() -> Screen {
    Screen::text("The database is busy just now, and nothing was changed. Try again in a moment.")
}

/// No answer came in time: it was done, or not.
pub fn unconfirmed() -> Screen {
    Screen::text(
        "That took too long, and I can't tell whether it was done. Look before you try again: `/vote` shows your \
         ballot, `/poll` and `/round status` the vote.",
    )
}

/// A fault: nothing but a reference that the log has too.
pub fn internal(reference: &str) -> Screen {
    let reference = words::plain(reference, 40).replace('`', "");
    limits::fitted(Screen::text(format!(
        "Something went wrong on my side. Try again; if it stays, tell whoever runs this bot the reference \
         `{reference}`."
    )))
}

/// A choice among films that is no longer remembered (a restart, or too long ago).
pub fn choice_expired() -> Screen {
    Screen::text("That choice is too old to be remembered. Use `/propose` again.")
}

/// A change of a round that is no longer remembered (a restart, or too long ago).
pub fn change_expired() -> Screen {
    Screen::text(
        "That change is too old to be remembered, and nothing was changed. Use `/round start` again.",
    )
}

/// A command that works in a server only.
pub fn server_only() -> Screen {
    Screen::text("Films are voted on in servers. Use this command in a server's channel.")
}

/// "Propose this movie" on a message that has no film's link.
pub fn no_link_in_message() -> Screen {
    Screen::text("There is no IMDb link in that message. Use `/propose` with the film's title or link.")
}

/// The bot may not post in this channel; `missing` names Discord's permissions.
pub fn cannot_post(missing: &[&str]) -> Screen {
    let missing = if missing.is_empty() {
        "permission to post".to_owned()
    } else {
        missing.join(", ")
    };
    limits::fitted(Screen::text(format!(
        "I cannot post the poll in this channel: I lack {missing}. Ask somebody who manages the server to grant \
         it, or use another channel."
    )))
}

#[cfg(test)]
mod tests;
