//! The program killed in a storm: what was acknowledged is there afterwards, and nothing twice.

use std::process::Stdio;
use std::time::Duration;

use discord_sim::{Actor, AnswerKind, Channel, Guild, Message, Sim};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use marquee::domain::ids::{GuildId, MemberId};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::harness::evening::{PATIENCE, Setting, button_of, local_discord, votes_on};
use crate::harness::providers::{FakeFilms, Film};

/// How often it is killed.
const KILLS: usize = 10;

/// Who clicks before each kill.
const MEMBERS: usize = 60;

/// Answers that were sent before the kill may still be on their way for so long.
const ON_ITS_WAY: Duration = Duration::from_millis(300);

const TITLES: [(&str, &str); 3] = [
    ("tt0078748", "Alien"),
    ("tt0133093", "The Matrix"),
    ("tt0076759", "Star Wars"),
];

/// The local Discord, the database, and the program as a process.
struct Stage {
    setting: Setting,
    sim: Sim,
    guild: Guild,
    channel: Channel,
    directory: TempDir,
}

impl Stage {
    async fn set() -> Self {
        let films = FakeFilms::start();
        for (id, title) in TITLES {
            films.add(Film::new(id, title, 1979));
        }
        let sim = local_discord().await;
        let guild = sim.add_guild("Film Club");
        Self {
            setting: Setting::new(films),
            channel: guild.add_channel("film-night"),
            guild,
            sim,
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    /// Starts the program and waits until it is online.
    async fn start(&self) -> Child {
        let bot = Command::new(env!("CARGO_BIN_EXE_marquee"))
            .arg("run")
            .env_clear()
            .envs(self.setting.environment(&self.sim))
            .env("MARQUEE_LOG__FILTER", "error")
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        self.sim.wait_for_bot().await.expect("the bot comes online");
        bot
    }

    /// Kills it as the kernel does, and waits until Discord has noticed.
    async fn kill(&self, mut bot: Child) {
        bot.kill().await.expect("a kill");
        let noticed = async {
            while self.sim.is_bot_connected() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, noticed)
            .await
            .expect("a lost connection");
    }

    /// The poll, with three films in it.
    async fn poll(&self) -> Message {
        let ada = self.guild.add_member("Ada");
        for (id, _) in TITLES {
            let slash = ada.slash(&self.channel, "propose").string("movie", id);
            let answer = slash.send().await.expect("a command");
            answer.message_within(PATIENCE).await.expect("a card");
        }
        let answer = ada.slash(&self.channel, "poll").send().await.expect("a command");
        answer.message_within(PATIENCE).await.expect("a poll")
    }

    fn crowd(&self) -> Vec<Actor> {
        (0..MEMBERS)
            .map(|number| self.guild.add_member(&format!("Member {number}")))
            .collect()
    }

    /// Everybody clicks once; the bot is killed as soon as so many clicks are acknowledged. Who was
    /// told that their vote is in.
    async fn storm(&self, bot: Child, poll: &Message, crowd: Vec<Actor>, acknowledged: usize) -> Vec<Actor> {
        let clicks = crowd.into_iter().enumerate().map(|(number, member)| async move {
            let button = button_of(poll, TITLES[number % TITLES.len()].1);
            let answer = member.click(poll, button).await.expect("a click");
            let first = answer.first().await.ok()?;
            // "I am at it" is no promise yet.
            (first.kind != AnswerKind::DeferredMessage).then_some(member)
        });
        let mut clicks: FuturesUnordered<_> = clicks.collect();
        let mut told = Vec::new();
        while told.len() < acknowledged
            && let Some(answered) = clicks.next().await
        {
            told.extend(answered);
        }
        self.kill(bot).await;
        let late = async {
            while let Some(answered) = clicks.next().await {
                told.extend(answered);
            }
        };
        // Those who get no answer would wait for three seconds.
        let _unanswered = tokio::time::timeout(ON_ITS_WAY, late).await;
        told
    }

    /// Holds every ballot of these members to the one vote that they were told is in.
    async fn check(&self, told: &[Actor]) {
        let store = self.setting.database.store().await;
        let guild = GuildId(self.guild.id().get());
        let head = store
            .find_poll_head(guild)
            .await
            .expect("an answer")
            .expect("a round");
        for member in told {
            let ballot = store
                .find_member_ballot(head.round.id, MemberId(member.id().get()))
                .await;
            assert_eq!(ballot.expect("a ballot").len(), 1, "{}'s vote", member.name());
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_killed_in_storms_loses_no_acknowledged_vote_and_counts_none_twice() {
    let stage = Stage::set().await;
    let mut moments = StdRng::seed_from_u64(7);
    let mut bot = stage.start().await;
    let poll = stage.poll().await;
    let mut told = Vec::new();
    for _ in 0..KILLS {
        let acknowledged = moments.random_range(1..MEMBERS);
        told.extend(stage.storm(bot, &poll, stage.crowd(), acknowledged).await);
        stage.check(&told).await;
        bot = stage.start().await;
    }
    // The next start makes the message tell what the database has: every vote told of, and of those
    // that nobody was told of, each once or not at all.
    let recorded = stage.setting.database.number("SELECT COUNT(*) FROM votes").await;
    let recorded = u32::try_from(recorded).expect("few");
    assert!(
        (told.len()..=KILLS * MEMBERS).contains(&(recorded as usize)),
        "{recorded} votes"
    );
    let shown = |poll: &Message| votes_on(poll) == recorded;
    poll.wait_until(shown, PATIENCE)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    stage.kill(bot).await;
    stage.sim.stop().await;
}
