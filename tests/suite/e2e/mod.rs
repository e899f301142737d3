//! Stories: what members do, told through the real client and the local Discord, down to the database.

mod autocomplete;
mod ballots;
mod choosing;
mod commands;
mod continuity;
mod crash;
mod data_path;
mod departing;
mod evening;
mod faults;
mod film_databases;
mod night;
mod organizing;
mod outage;
mod picking;
mod polls;
mod proposing;
mod reactions;
mod refusing;
mod rejecting;
mod renewing;
mod restart;
mod storm;
mod voting;
