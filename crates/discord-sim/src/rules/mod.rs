//! What Discord allows, as pure functions over JSON and bits: no state, no clock, no HTTP.

pub(crate) mod attachment;
pub(crate) mod bucket;
pub(crate) mod command;
pub(crate) mod component;
pub(crate) mod embed;
pub(crate) mod emoji;
pub(crate) mod form;
pub(crate) mod mention;
pub(crate) mod message;
pub(crate) mod option;
pub mod permission;
