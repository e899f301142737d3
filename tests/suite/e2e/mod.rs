//! Stories: what members do, told through the real client and the local Discord, down to the database.

mod commands;
mod evening;
mod faults;
mod proposing;
mod restarts;
mod voting;
