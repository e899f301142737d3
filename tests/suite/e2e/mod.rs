//! Stories: what members do, told through the real client and the local Discord, down to the database.

mod data_path;
mod evening;
mod film_databases;
mod commands;
mod faults;
mod proposing;
mod restarts;
mod voting;
