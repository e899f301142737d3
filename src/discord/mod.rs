//! The only place that knows serenity and poise: commands, components, views, the live message.

pub mod components;
pub mod limits;
pub mod screen;
pub mod views;
