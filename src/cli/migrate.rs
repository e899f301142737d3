//! `marquee migrate`: moves the database's schema up and down, and tells where it stands.

use std::io::Write;

use clap::Subcommand;

use super::{block_on, configured};
use crate::app::open_store;
use crate::config::Sources;
use crate::store::{MigrationState, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// Applies every migration that is missing; `marquee run` does that by itself
    Up,
    /// Undoes the last migration, or all after `--to`; proposals and votes are kept for the next `up`
    Down {
        /// The migration that is to be the last one applied; 0 undoes all
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
        to: Option<i64>,
    },
    /// Lists the migrations and whether this database has them
    Status,
}

pub(super) fn main(command: &Migrate, sources: &Sources) -> anyhow::Result<()> {
    let config = configured(sources)?;
    let states = block_on(async {
        let store = open_store(&config.database).await?;
        let states = migrate(command, &store).await;
        store.close().await;
        states
    })?;
    let mut out = std::io::stdout().lock();
    for state in &states {
        writeln!(out, "{}", line(state))?;
    }
    Ok(())
}

async fn migrate(command: &Migrate, store: &Store) -> anyhow::Result<Vec<MigrationState>> {
    match command {
        Migrate::Up => store.migrate_up().await?,
        Migrate::Down { to } => store.migrate_down(*to).await?,
        Migrate::Status => {}
    }
    Ok(store.migration_status().await?)
}

fn line(state: &MigrationState) -> String {
    let applied = if state.applied { "applied" } else { "missing" };
    let name = state.name.as_deref().unwrap_or("(made by a newer version)");
    format!("{:04}  {applied}  {name}", state.version)
}
