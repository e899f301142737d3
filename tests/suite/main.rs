//! The suite: every test that is not beside its code, in one binary.

mod architecture;
mod catalogue;
mod cli;
mod config;
mod docs;
mod doctor;
mod e2e;
mod harness;
mod hygiene;
mod ops;
mod process;
mod recount;
mod refresh_cache;
mod service;
mod store;
