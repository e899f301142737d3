//! Refusals: what the rules say no to, as data. Their wording is the presentation's alone.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::ids::{ImdbId, MemberId, ProposalId, RoundId};
use super::round::TransitionRefusal;
use super::schedule::ScheduleError;
use super::schedule::past::PastDayError;
use super::watched::FilmPast;

/// Why a request was not carried out. Every one of them is worded, privately, with what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The film is proposed already: voting for it is offered instead.
    AlreadyProposed {
        /// The active proposal.
        proposal: ProposalId,
        /// The round to vote in.
        round: RoundId,
        /// Its title as shown.
        title: String,
        /// Who was first.
        proposed_by: MemberId,
        /// Whether the asking member already votes for it.
        voted: bool,
    },
    /// The member has as many active proposals as they may.
    ProposalLimit {
        /// How many that is.
        limit: u32,
    },
    /// The server has as many active proposals as a count takes.
    ServerFull {
        /// How many there are.
        proposals: u32,
    },
    /// No film database knows this id.
    UnknownFilm {
        /// The id.
        imdb_id: ImdbId,
    },
    /// It is a series, or a season of one, and the server proposes films alone.
    SeriesNotAllowed {
        /// Its title as shown.
        title: String,
    },
    /// No film database knows a film of this title.
    UnknownTitle,
    /// No film that is known has the title, and no film database could be asked for it.
    TitlesUnasked,
    /// The text is a link to something that is no film's page.
    NotAFilmPage,
    /// The text is a link to a site that names no film here.
    ForeignLink,
    /// A TMDB or Letterboxd link that could not be resolved: the title is asked for.
    UnresolvedLink,
    /// Nothing is left of the text once it is cleaned.
    EmptyTitle,
    /// The film is not proposed here.
    NotProposed,
    /// Somebody else's proposal, and the member is no organizer.
    NotYours {
        /// Whose it is.
        proposed_by: MemberId,
    },
    /// Only organizers may do that.
    NotOrganizer,
    /// There is no open round: nothing is proposed yet.
    NothingProposed,
    /// There is no open round to be ended or changed.
    NoOpenRound,
    /// No round was closed yet, so none can be opened again.
    NothingToReopen,
    /// No round was closed yet, so there is no result.
    NoResultYet,
    /// The server has no such round, or it has no result.
    UnknownRound,
    /// The round does not go from where it stands to where it was asked to go.
    Round(TransitionRefusal),
    /// The text is no closing time.
    ClosingTime {
        /// Why not.
        why: ScheduleError,
        /// The server's time zone, in which it was read.
        zone: Tz,
    },
    /// The last round is closed and its count not finished: no other one opens until it is.
    StillCounting,
    /// The round that was voted in is over.
    RoundOver,
    /// The proposal was withdrawn, removed or picked in the meantime.
    ProposalGone,
    /// A reaction with a number that stands for no film of its poll.
    NumberUnknown,
    /// A reaction in a round that is not public: everybody would see it.
    ReactionIsOpen,
    /// The proposal waits for the run-off to end.
    ProposalWaits,
    /// The member has spent all their votes in this round.
    VoteLimit {
        /// How many that is.
        limit: u32,
    },
    /// Films are ranked or given stars in this round: that takes the ballot, not a click.
    NeedsBallot {
        /// The round.
        round: RoundId,
    },
    /// More films are chosen in the ballot's menu than the member has votes for.
    BallotLimit {
        /// How many votes each member has.
        limit: u32,
        /// How many of them the member had left before.
        left: u32,
    },
    /// The ballot was opened under other rules than the round has now.
    RulesChanged {
        /// The round.
        round: RoundId,
    },
    /// The role that every member has cannot be an organizer's, nor be pinged.
    EveryoneRole,
    /// No such time zone.
    UnknownZone,
    /// The text names no language.
    UnknownLanguage,
    /// The text names no country.
    UnknownCountry,
    /// The film was watched here, or waits for its night: whether it is to be proposed all the same is asked.
    SeenBefore {
        /// The film's title as shown.
        title: String,
        /// What to propose if the answer is yes: an IMDb id, or a title as typed.
        again: String,
        /// When it was watched, or picked.
        past: FilmPast,
    },
    /// The film is in the history for that day already.
    AlreadyWatched {
        /// The film's title as shown.
        title: String,
        /// The day.
        on: NaiveDate,
    },
    /// The film is not in the server's history (any more).
    NotWatched,
    /// The text is no day on which something was watched.
    WatchedDay {
        /// Why not.
        why: PastDayError,
        /// The server's time zone, in which it was read.
        zone: Tz,
    },
    /// A draw by votes would tell how they stand, which is hidden until the round closes.
    VotesHidden,
    /// No two of the films fit the evening.
    NoDoubleFeature {
        /// How long the evening is, in minutes.
        budget: u32,
        /// How many films have a known runtime.
        timed: u32,
        /// How many have none.
        untimed: u32,
    },
    /// A button or menu that is none of this server's, or that the bot never made.
    ForeignControl,
}
