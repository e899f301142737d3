//! Stories: what members do, told through the real client and the local Discord, down to the database.

mod crash;
mod evening;
mod restart;
mod storm;
