//! The names of the metrics, and the policy that they follow.
//!
//! - Every name begins with `marquee_`, says what is counted in the plural or measured in the singular, and
//!   ends with its unit where it has one (`_seconds`). A counter's `_total` is added where it is written out.
//! - A label has a few values that the code knows: a provider, a class, a kind. Never the id of a server, a
//!   member, a message or a film, and no text that anybody wrote: labels are kept for ever.
//! - A name that was released is not changed. Each is described in `docs/metrics.md`, which a test compares
//!   with what the program serves.

/// The first part of every name.
pub const PREFIX: &str = "marquee";

/// Answers of film databases, by provider and class.
pub const PROVIDER_ANSWERS: &str = "provider_answers";
/// How long film databases took to answer.
pub const PROVIDER_CALL: &str = "provider_call_duration_seconds";
/// What a film database is doing: 1 for its present state.
pub const PROVIDER_STATE: &str = "provider_state";
/// How much longer a film database is left alone.
pub const PROVIDER_REST: &str = "provider_rest_seconds";
/// Requests to a film database since midnight in UTC.
pub const PROVIDER_REQUESTS_TODAY: &str = "provider_requests_today";
/// How many of them there may be; absent without a limit.
pub const PROVIDER_DAILY_LIMIT: &str = "provider_daily_limit";
/// Films looked up in the cache, by what was there.
pub const FILM_CACHE_READS: &str = "film_cache_reads";
/// Films shown in polls, by what could be told of them.
pub const FILMS_SHOWN: &str = "films_shown";
/// Polls that were drawn for somebody who asked.
pub const POLLS_RENDERED: &str = "polls_rendered";
/// Votes that were given or taken back.
pub const VOTES_RECORDED: &str = "votes_recorded";
/// Interactions that were handled, by kind and outcome.
pub const INTERACTIONS: &str = "interactions";
/// From an interaction's arrival to the end of its handling.
pub const INTERACTION: &str = "interaction_duration_seconds";
/// Requests to Discord, by class of route and status.
pub const DISCORD_REQUESTS: &str = "discord_requests";
/// Whether every shard is connected.
pub const GATEWAY_CONNECTED: &str = "gateway_connected";
/// Statements sent to the database.
pub const STORE_STATEMENTS: &str = "store_statements";
/// Transactions begun.
pub const STORE_TRANSACTIONS: &str = "store_transactions";
/// The program's version.
pub const BUILD: &str = "build";
