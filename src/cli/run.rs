//! `marquee run`: the bot, until it is told to stop.

use super::{block_on, configured, until_told_to_stop};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Sources;
use crate::telemetry;

pub(super) fn main(sources: &Sources) -> anyhow::Result<()> {
    let config = configured(sources)?;
    // Before anything is opened or made: without a token there is nothing to run.
    config.token()?;
    telemetry::start(&config.log);
    block_on(async {
        let stop = until_told_to_stop()?;
        tokio::select! {
            app = App::start(&config, Clock::machine()) => app?.run(stop.clone()).await,
            () = stop.cancelled() => Ok(()),
        }
    })
}
