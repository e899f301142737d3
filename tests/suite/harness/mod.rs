//! What stories stand on.

pub mod database;
pub mod evening;
pub mod postgres;
pub mod providers;
pub mod rounds;
pub mod service;
pub mod setting;
pub mod stock;
pub mod telling;
pub mod titles;
pub mod viewing;
