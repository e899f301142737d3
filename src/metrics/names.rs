//! The names of the metrics, and the policy that they follow.
//!
//! - Every name begins with `marquee_`, says what is counted in the plural or measured in the singular, and
//!   ends with its unit where it has one (`_seconds`). A counter's `_total` is added where it is written out.
//! - A label has a few values that the code knows: a provider, a class, a kind. Never the id of a server, a
//!   member, a message or a film, and no text that anybody wrote: labels are kept for ever.
//! - A name that was released is not changed. Each is described in `docs/metrics.md`, which a test compares
//!   with what the program serves.

/// A metric's name and what is said of it where it is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Without the prefix.
    pub name: &'static str,
    /// One sentence, without the full stop.
    pub help: &'static str,
}

/// The first part of every name.
pub const PREFIX: &str = "marquee";

/// Answers of film databases, by provider and class.
pub const PROVIDER_ANSWERS: Figure = Figure {
    name: "provider_answers",
    help: "Answers of film databases by class",
};
/// How long film databases took to answer.
pub const PROVIDER_CALL: Figure = Figure {
    name: "provider_call_duration_seconds",
    help: "How long film databases took to answer",
};
/// What a film database is doing: 1 for its present state.
pub const PROVIDER_STATE: Figure = Figure {
    name: "provider_state",
    help: "What a film database is doing: 1 for its present state",
};
/// How much longer a film database is left alone.
pub const PROVIDER_REST: Figure = Figure {
    name: "provider_rest_seconds",
    help: "How much longer a film database is left alone",
};
/// Requests to a film database since midnight in UTC.
pub const PROVIDER_REQUESTS_TODAY: Figure = Figure {
    name: "provider_requests_today",
    help: "Requests to a film database since midnight in UTC",
};
/// How many of them there may be; absent without a limit.
pub const PROVIDER_DAILY_LIMIT: Figure = Figure {
    name: "provider_daily_limit",
    help: "Requests to a film database that a UTC day allows",
};
/// Films looked up in the cache, by what was there.
pub const FILM_CACHE_READS: Figure = Figure {
    name: "film_cache_reads",
    help: "Films that somebody looked at, by what the cache had",
};
/// Films shown in polls, by what could be told of them.
pub const FILMS_SHOWN: Figure = Figure {
    name: "films_shown",
    help: "Films shown in polls, by what could be told of them",
};
/// Polls that were drawn for somebody who asked.
pub const POLLS_RENDERED: Figure = Figure {
    name: "polls_rendered",
    help: "Polls drawn for somebody who asked",
};
/// Votes that were given or taken back.
pub const VOTES_RECORDED: Figure = Figure {
    name: "votes_recorded",
    help: "Votes given and taken back",
};
/// Interactions that were handled, by kind and outcome.
pub const INTERACTIONS: Figure = Figure {
    name: "interactions",
    help: "Interactions handled by kind and outcome",
};
/// From an interaction's arrival to the end of its handling.
pub const INTERACTION: Figure = Figure {
    name: "interaction_duration_seconds",
    help: "From an interaction's arrival to the end of its handling",
};
/// Requests to Discord, by class of route and status.
pub const DISCORD_REQUESTS: Figure = Figure {
    name: "discord_requests",
    help: "Requests to Discord by class of route and status",
};
/// Whether every shard is connected.
pub const GATEWAY_CONNECTED: Figure = Figure {
    name: "gateway_connected",
    help: "Whether every shard is connected",
};
/// Statements sent to the database.
pub const STORE_STATEMENTS: Figure = Figure {
    name: "store_statements",
    help: "Statements sent to the database",
};
/// Transactions begun.
pub const STORE_TRANSACTIONS: Figure = Figure {
    name: "store_transactions",
    help: "Transactions begun",
};
/// The program's version.
pub const BUILD: Figure = Figure {
    name: "build",
    help: "The program that is running",
};
