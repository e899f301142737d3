//! The only place that knows serenity and poise: commands, components, views, the live message.
//!
//! [`client`] connects and runs; [`intake`] takes events in; [`commands`], [`interactions`],
//! [`reactions`] and [`autocomplete`] translate them to use cases; [`views`] draw; [`respond`] and [`live`] send, both
//! through [`rest`]. Nothing here decides what the rules are: the service does.

pub mod actor;
mod announce;
pub mod autocomplete;
pub mod catch_up;
pub mod check;
pub mod client;
pub mod commands;
pub mod components;
pub mod desk;
pub mod errors;
pub mod intake;
pub mod interactions;
pub mod limits;
pub mod live;
pub mod membership;
pub mod pace;
pub mod pending;
pub mod reactions;
pub mod recent;
pub mod rejections;
pub mod respond;
pub mod rest;
pub mod screen;
pub mod unread;
pub mod views;
