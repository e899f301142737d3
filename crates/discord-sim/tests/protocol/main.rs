//! The protocol as a bot sees it, spoken by hand: no library stands between the tests and the rules.

mod bot;
mod faults;
mod gateway;
mod interactions;
mod limits;
mod login;
mod openapi;
mod people;
mod visibility;
