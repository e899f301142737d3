//! `marquee run`: the bot, until it is told to stop.

use super::configured;
use crate::config::Sources;

pub(super) fn main(sources: &Sources) -> anyhow::Result<()> {
    let config = configured(sources)?;
    config.token()?;
    Ok(())
}
