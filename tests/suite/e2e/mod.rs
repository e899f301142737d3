//! Stories: what members do, told through the real client and the local Discord, down to the database.

mod commands;
mod crash;
mod data_path;
mod evening;
mod faults;
mod film_databases;
mod proposing;
mod restart;
mod restarts;
mod storm;
mod voting;
