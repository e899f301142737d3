//! The demo: what stands around the production bot when it is tried without Discord and without a
//! network. Owns the film database and the cast; the bot itself is composed by the application.

pub mod film_server;
pub mod films;
pub mod posters;
