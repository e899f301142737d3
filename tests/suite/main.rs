//! The suite: every test that is not beside its code, in one binary.

mod architecture;
mod cli;
mod config;
mod harness;
mod store;
mod catalogue;
