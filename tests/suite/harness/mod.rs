//! What stories stand on.

pub mod database;
pub mod postgres;
pub mod providers;
