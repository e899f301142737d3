//! The demo: what stands around the production bot when it is tried without Discord and without a
//! network. Owns the cast, the film database and the folder of the evening's data; the bot itself is
//! composed by the application, from what [`DemoStage`] tells.

pub mod film_server;
pub mod films;
pub mod posters;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use discord_sim::{Channel, Guild, Sim, SimConfig, permissions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use film_server::DemoFilms;

/// The page's port if it is free, so that a page left open finds the next demo; else any free one.
const PREFERRED_PORT: u16 = 4280;
/// The members; the last one is the organizer.
const MEMBERS: [&str; 4] = ["Ada", "Ben", "Chidi", "Dora"];
/// The member who may manage the server.
const ORGANIZER: &str = "Olga";
/// The steps that the page suggests.
const HINTS: [&str; 3] = [
    "Type `/propose` and pick a film",
    "Show the vote with `/poll`",
    "Vote, become **Ben** at the top right, vote again",
];
/// How long the film database may take to finish its answers at the end.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// Everything around the bot, running. Dropping it removes the data.
#[derive(Debug)]
pub struct DemoStage {
    /// The local Discord.
    pub sim: Sim,
    /// The server in it.
    pub guild: Guild,
    /// The channel in which the evening happens.
    pub channel: Channel,
    /// The bot token that the local Discord accepts.
    pub token: String,
    /// What the bot takes as `discord.api_url`.
    pub api_url: String,
    /// What the bot takes as `metadata.cinemeta.base_url`.
    pub cinemeta_base_url: String,
    /// Where the bot keeps its SQLite database; the file does not exist yet.
    pub database_path: PathBuf,
    /// The page to open in a browser.
    pub page_url: String,
    /// The names of the people one can be.
    pub people: Vec<String>,
    folder: TempDir,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Sets the stage: a local Discord with a server, a channel and five people, a film database, and an
/// empty folder for the data. With a port (0 is any that is free), the page is there and nowhere else.
///
/// # Errors
/// No loopback port or no temporary folder is to be had.
pub async fn prepare(port: Option<u16>) -> anyhow::Result<DemoStage> {
    let sim = start_sim(port).await?;
    let guild = sim.add_guild("Friday Film Club");
    let channel = guild.add_channel("film-night");
    let mut people: Vec<String> = MEMBERS.iter().map(|name| guild.add_member(name).name()).collect();
    people.push(guild.add_member_with(ORGANIZER, permissions::MANAGE_GUILD).name());

    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let films = DemoFilms::start(&tasks, stop.clone()).await?;
    let folder = tempfile::Builder::new()
        .prefix("marquee-demo-")
        .tempdir()
        .context("the demo found no place for its temporary database")?;
    Ok(DemoStage {
        token: sim.token().to_owned(),
        api_url: sim.base_url().to_owned(),
        cinemeta_base_url: films.base_url,
        database_path: folder.path().join("marquee.sqlite3"),
        page_url: format!("{}/", sim.base_url()),
        people,
        sim,
        guild,
        channel,
        folder,
        tasks,
        stop,
    })
}

/// Starts the local Discord on the port that is asked for; else on the preferred one, or on any if that one
/// is taken.
async fn start_sim(port: Option<u16>) -> anyhow::Result<Sim> {
    let config = |port| SimConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        bot_name: "Marquee".to_owned(),
        hints: HINTS.map(str::to_owned).to_vec(),
        ..SimConfig::default()
    };
    if let Some(port) = port {
        return Sim::start(config(port))
            .await
            .with_context(|| format!("the demo can't have port {port}"));
    }
    match Sim::start(config(PREFERRED_PORT)).await {
        Ok(sim) => Ok(sim),
        Err(_taken) => Sim::start(config(0))
            .await
            .context("the demo's local Discord could not start"),
    }
}

impl DemoStage {
    /// What the terminal says once the bot is online.
    pub fn welcome(&self) -> String {
        let (others, last) = self.people.split_at(self.people.len().saturating_sub(1));
        format!(
            "\n  The demo is running. Open this page in a browser:\n\n      {page}\n\n  \
             Type /propose and pick a film, show the vote with /poll, click a number,\n  \
             then become somebody else at the top right: {others} or {last}.\n  \
             Ctrl+C ends the demo; nothing of it is kept.\n",
            page = self.page_url,
            others = others.join(", "),
            last = last.join(""),
        )
    }

    /// Prints [`DemoStage::welcome`].
    pub fn print_welcome(&self) {
        println!("{}", self.welcome());
    }

    /// Ends the film database and the local Discord, and removes the data. Call it after the bot is down.
    pub async fn strike(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(STOP_WITHIN, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("the demo's film database is still answering somebody; leaving it");
        }
        self.sim.stop().await;
        if let Err(error) = self.folder.close() {
            tracing::warn!(%error, "the demo's temporary folder could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_stage_has_its_cast_its_addresses_and_an_empty_folder() {
        let stage = prepare(None).await.expect("the stage is set");
        assert_eq!(stage.people, ["Ada", "Ben", "Chidi", "Dora", "Olga"]);
        assert_eq!(stage.guild.members().len(), stage.people.len() + 1);
        assert!(
            stage.api_url.starts_with("http://127.0.0.1:"),
            "{}",
            stage.api_url
        );
        assert_ne!(stage.api_url, stage.cinemeta_base_url);
        assert!(!stage.database_path.exists());
        assert!(stage.welcome().contains(&stage.page_url));
        let folder = stage.folder.path().to_owned();
        assert!(folder.is_dir());
        stage.strike().await;
        assert!(!folder.exists());
    }

    #[tokio::test]
    async fn two_demos_can_run_at_once() {
        let one = prepare(None).await.expect("the first stage is set");
        let other = prepare(None).await.expect("the second stage is set");
        assert_ne!(one.page_url, other.page_url);
        assert_ne!(one.database_path, other.database_path);
    }
}
