//! What stories stand on.

pub mod database;
pub mod evening;
pub mod postgres;
pub mod providers;
pub mod rounds;
pub mod setting;
pub mod stock;
pub mod titles;
pub mod viewing;
