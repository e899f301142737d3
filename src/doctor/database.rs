//! The database: is it there, has it the whole schema, does it take writes.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use super::Finding;
use crate::app::open_store;
use crate::config::Config;
use crate::domain::provider_health::ProviderRecord;
use crate::store::{Store, StoreError};

const ABOUT: &str = "database";
const SCHEMA: &str = "schema";

/// How long all of it may take.
const WITHIN: Duration = Duration::from_secs(8);

/// What is found of the database, and what it keeps of the film databases.
pub(super) async fn examine(config: &Config) -> (Vec<Finding>, Vec<ProviderRecord>) {
    if let Some(missing) = missing_file(config.database.url.expose_secret()) {
        let told = format!("there is no {missing} yet");
        let advice = "`marquee run` makes it; if there should be one, look at database.url (DATABASE_URL)";
        return (vec![Finding::warn(ABOUT, told, advice)], Vec::new());
    }
    let found = timeout(WITHIN, look(config)).await;
    found.unwrap_or_else(|_elapsed| {
        let told = format!("does not answer within {} s", WITHIN.as_secs());
        (vec![Finding::fail(ABOUT, told, REACH)], Vec::new())
    })
}

const REACH: &str = "see that its server runs and that database.url (DATABASE_URL) is right";

async fn look(config: &Config) -> (Vec<Finding>, Vec<ProviderRecord>) {
    let store = match open_store(&config.database).await {
        Ok(store) => store,
        Err(error) => {
            return (
                vec![Finding::fail(ABOUT, format!("{error:#}"), REACH)],
                Vec::new(),
            );
        }
    };
    let (schema, whole) = schema(&store).await;
    let mut findings = vec![writable(&store).await, schema];
    let mut kept = Vec::new();
    if whole {
        match store.list_provider_health().await {
            Ok(records) => kept = records,
            Err(error) => findings.push(unreadable(&error)),
        }
    }
    store.close().await;
    (findings, kept)
}

fn unreadable(error: &StoreError) -> Finding {
    Finding::fail(ABOUT, error.to_string(), "look at the log of the database")
}

async fn writable(store: &Store) -> Finding {
    match store.check_writable().await {
        Ok(()) => Finding::ok(ABOUT, "answers and takes writes"),
        Err(error) => Finding::fail(
            ABOUT,
            format!("takes no writes: {error}"),
            "give Marquee's user the right to write to it, and see that the disk is not full",
        ),
    }
}

/// Whether the schema is whole.
async fn schema(store: &Store) -> (Finding, bool) {
    let states = match store.migration_status().await {
        Ok(states) => states,
        Err(error) => return (unreadable(&error), false),
    };
    let missing = states.iter().filter(|state| !state.applied).count();
    let newest = states.last().map_or(0, |state| state.version);
    if let Some(newer) = states.iter().find(|state| state.name.is_none()) {
        let told = format!(
            "has migration {}, which this program does not know",
            newer.version
        );
        let advice = "run the newer Marquee that made it";
        return (Finding::fail(SCHEMA, told, advice), false);
    }
    if missing > 0 {
        let told = format!("{missing} of {} migrations are missing", states.len());
        let advice = "`marquee run` or `marquee migrate up` applies them";
        return (Finding::warn(SCHEMA, told, advice), false);
    }
    (
        Finding::ok(SCHEMA, format!("whole, migration {newest} is the last")),
        true,
    )
}

/// The file of a SQLite URL, when it is not there: opening it would make it.
fn missing_file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    (!Path::new(path).exists()).then_some(path)
}
