//! Marquee: a self-hosted Discord bot with which a group decides what to watch.
//!
//! The layers, from the outside in; each may use those to its right only:
//!
//! ```text
//! main → cli → { doctor → } app → { discord, jobs, ops, demo } → service → { store, catalogue } → domain
//! ```
//!
//! `sqlx` is named only in [`store`], `serenity` and `poise` only in [`discord`] and the composition
//! root, `reqwest` only in [`catalogue`]; a test reads the `use` paths and holds the code to it.

pub mod app;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod discord;
pub mod doctor;
pub mod domain;
pub mod jobs;
pub mod lifecycle;
pub mod metrics;
pub mod ops;
pub mod service;
pub mod store;
pub mod telemetry;
