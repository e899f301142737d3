//! `marquee demo`: the bot on a local Discord, to be tried in a browser.
//!
//! The stage is [`crate::demo`]'s; what plays on it is the same [`App`] that `marquee run` starts.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{block_on, until_told_to_stop};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Sources, load};
use crate::demo::{DemoStage, prepare};
use crate::telemetry;

/// What is logged when nobody asked for more: the page tells what happens.
const QUIET: &str = "warn";

#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The port of the page on this machine [default: 4280, or any other if that is taken]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

pub(super) fn main(arguments: &Demo, sources: &Sources) -> anyhow::Result<()> {
    telemetry::start(&configured(sources).log);
    block_on(async {
        let stop = until_told_to_stop()?;
        let stage = prepare(arguments.port).await?;
        let played = play(&stage, stop).await;
        stage.strike().await;
        played
    })
}

/// The defaults, with what the sources say of the log: a demo needs no configuration and heeds no other.
fn configured(sources: &Sources) -> Config {
    let mut config = Config::defaults();
    let loaded = load(sources);
    let filter_is_set = loaded
        .settings
        .iter()
        .any(|setting| setting.path == "log.filter" && setting.origin != "default");
    if let Ok(asked) = loaded.config {
        config.log = asked.log;
    }
    if !filter_is_set {
        QUIET.clone_into(&mut config.log.filter);
    }
    config
}

async fn play(stage: &DemoStage, stop: CancellationToken) -> anyhow::Result<()> {
    let config = on_stage(stage)?;
    let app = tokio::select! {
        app = App::start(&config, Clock::machine()) => app?,
        () = stop.cancelled() => return Ok(()),
    };
    let online = app.online();
    let run = app.run(stop);
    tokio::pin!(run);
    tokio::select! {
        ended = &mut run => return ended,
        () = online => stage.print_welcome(),
    }
    run.await
}

/// The defaults, pointed at the stage.
fn on_stage(stage: &DemoStage) -> anyhow::Result<Config> {
    let mut config = Config::defaults();
    config.discord.token = Some(stage.token.clone().into());
    config.discord.api_url = Url::parse(&stage.api_url)?;
    config.database.url = format!("sqlite://{}", stage.database_path.display()).into();
    config.metadata.cinemeta_base_url = Url::parse(&stage.cinemeta_base_url)?;
    config.metadata.wikidata_base_url = None;
    config.metadata.poster_hosts = vec![stage.cinemeta_base_url.clone()];
    config.ops.listen = None;
    Ok(config)
}
