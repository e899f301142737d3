//! The only place that knows serenity and poise: commands, components, views, the live message.
