//! The counting, by its vectors and its properties.

mod kit;
mod limits;
mod properties;
mod ties;
mod vectors;
