//! What stories stand on.

pub mod providers;
