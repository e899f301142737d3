//! A local Discord: good enough that an unmodified bot logs in, registers its commands and works, and
//! strict enough that it notices what Discord would refuse.
//!
//! ```text
//! Actor (a person) ──┐                    ┌── rest: /api/v10, the bot's requests
//!                    ├─→ world (state) ←──┤
//! tests, the page ───┘        │           └── gateway: the bot's events
//!                             └─→ rules (pure: limits, permissions, buckets, mentions)
//! ```
//!
//! It is a state with rules, not a set of canned answers. What it does not know it refuses, and
//! remembers: see [`Sim::violations`] and [`Sim::finish`]. It knows nothing of any bot or library.
//!
//! ```no_run
//! # async fn example() -> discord_sim::Result<()> {
//! use discord_sim::{Sim, SimConfig};
//!
//! let sim = Sim::start(SimConfig::default()).await?;
//! let guild = sim.add_guild("Film Club");
//! let channel = guild.add_channel("general");
//! let ada = guild.add_member("Ada");
//! // Start the bot with sim.base_url() and sim.token(), then:
//! sim.wait_for_bot().await?;
//! let poll = ada.slash(&channel, "poll").send().await?.message().await?;
//! ada.click_label(&poll, "1").await?.first().await?;
//! sim.finish().await
//! # }
//! ```

pub mod actor;
mod answer;
mod clock;
mod config;
mod core;
mod error;
mod event;
mod faults;
mod gateway;
mod id;
mod openapi;
mod place;
mod rest;
mod rules;
mod server;
mod sim;
pub mod ui;
mod verdict;
mod view;
mod violation;
mod world;

pub use actor::{Actor, Slash};
pub use answer::{Answer, Choice};
pub use config::SimConfig;
pub use error::{Result, SimError};
pub use event::Event;
pub use faults::Faults;
pub use id::{Id, NotAnId};
pub use place::{Channel, Guild};
pub use rules::permission::bits as permissions;
pub use sim::Sim;
pub use view::{Button, Embed, Message, Select, SelectOption};
pub use violation::{Rule, Violation};
pub use world::interaction::{AnswerKind, FirstAnswer, InteractionKind};
pub use world::log::RequestRecord;
pub use world::message::{Attachment, Emoji, Ping, Reaction};
