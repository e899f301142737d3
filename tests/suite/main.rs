//! The suite: every test that is not beside its code, in one binary.

mod harness;
mod store;
