//! One evening: the production bot on the local Discord, with a private database and film databases
//! that do as they are told.
//!
//! The bot's task is raced against the story, so a bot that ends or panics fails the story at once.
//! When the evening ends, everything the bot did wrong (a broken limit, an unanswered interaction, a
//! refused request) fails it too.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Once;
use std::time::{Duration, Instant};

use discord_sim::{Actor, Answer, Channel, Choice, Guild, Message, Ping, Sim, SimConfig, permissions};
use marquee::app::App;
use marquee::clock::Clock;
use marquee::config::Config;
use marquee::service::Service;
use marquee::store::Store;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use super::setting::Setting;

use super::database::TestDatabase;
use super::providers::{FakeFilms, Film};

/// How long a condition may take to come true before the story fails; generous, since nothing waits
/// for it in vain.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A running evening.
pub struct Evening {
    /// The local Discord.
    pub sim: Sim,
    /// The film databases.
    pub films: FakeFilms,
    /// The server.
    pub guild: Guild,
    /// Its channel.
    pub channel: Channel,
    /// A member.
    pub ada: Actor,
    /// Another one.
    pub ben: Actor,
    /// Somebody with Manage Server.
    pub olga: Actor,
    /// The clock that the bot goes by.
    pub clock: Clock,
    /// The bot's own store, for what it counts.
    pub store: Store,
    /// The bot's database, to look past the bot.
    pub database: TestDatabase,
    config: Config,
    bot: Bot,
}

struct Bot {
    service: Service,
    ops_address: Option<SocketAddr>,
    task: JoinHandle<anyhow::Result<()>>,
    stop: CancellationToken,
}

impl Evening {
    /// Begins an evening with these films in the film databases and tells its story.
    pub async fn with<S, F>(films: FakeFilms, story: S)
    where
        S: FnOnce(Evening) -> F,
        F: Future<Output = Evening>,
    {
        Self::set(Setting::new(films), story).await;
    }

    /// Begins an evening in this setting, tells its story, and ends it.
    pub async fn set<S, F>(setting: Setting, story: S)
    where
        S: FnOnce(Evening) -> F,
        F: Future<Output = Evening>,
    {
        let evening = Self::begin(setting).await;
        story(evening).await.end().await;
    }

    /// Begins an evening; [`Evening::end`] must end it.
    pub async fn begin(setting: Setting) -> Self {
        show_log_on_demand();
        let sim = local_discord_with(if setting.member_events { MEMBERS_INTENT } else { 0 }).await;
        let guild = sim.add_guild("Film Club");
        // What the invite link asks for beyond what everybody may do.
        guild.permit_bot(permissions::MANAGE_MESSAGES);
        let channel = guild.add_channel("film-night");
        let (ada, ben) = (guild.add_member("Ada"), guild.add_member("Ben"));
        let olga = guild.add_member_with("Olga", permissions::MANAGE_GUILD);
        let config = setting.config(&sim);
        let (store, bot) = Bot::start(&config, &setting.clock).await;
        sim.wait_for_bot().await.expect("the bot comes online");
        started_up(&store).await;
        let Setting {
            database,
            films,
            clock,
            ..
        } = setting;
        Self {
            sim,
            films,
            guild,
            channel,
            ada,
            ben,
            olga,
            clock,
            store,
            database,
            config,
            bot,
        }
    }

    /// Stops the bot and starts it anew, as an operator would.
    pub async fn restart(&mut self) {
        self.stop_bot().await;
        self.start_bot().await;
    }

    /// The use cases of the running bot.
    pub const fn service(&self) -> &Service {
        &self.bot.service
    }

    /// Where the running bot's endpoints for its operator are, in a setting that has them.
    pub fn ops_address(&self) -> SocketAddr {
        self.bot.ops_address.expect("ops endpoints")
    }

    /// Starts the bot, which was stopped.
    pub async fn start_bot(&mut self) {
        let (store, bot) = Bot::start(&self.config, &self.clock).await;
        self.store = store;
        self.bot = bot;
        self.sim.wait_for_bot().await.expect("the bot comes online again");
        started_up(&self.store).await;
    }

    /// Stops the bot in good order; [`Evening::start_bot`] must start it again.
    pub async fn stop_bot(&mut self) {
        self.bot.stop().await;
    }

    /// Starts a second process of the bot, on the same database and by the same clock.
    pub async fn start_another(&self) -> AnotherBot {
        let (store, bot) = Bot::start(&self.config, &self.clock).await;
        started_up(&store).await;
        AnotherBot(bot)
    }

    /// Waits until the bot ends by itself; why it does.
    pub async fn bot_gives_up(mut self) -> String {
        let ended = tokio::time::timeout(PATIENCE, &mut self.bot.task).await;
        let ended = ended
            .expect("the bot ends in time")
            .expect("the bot does not panic");
        self.sim.stop().await;
        ended.expect_err("the bot gives up").to_string()
    }

    /// Ends the evening: the bot stops in good order, and did nothing wrong.
    pub async fn end(self) {
        self.end_having_pinged(&[]).await;
    }

    /// Ends an evening on which these were pinged and nobody else.
    pub async fn end_having_pinged(mut self, pinged: &[(discord_sim::Id, Ping)]) {
        if let Err(wrong) = self.sim.finish().await {
            panic!("{wrong}");
        }
        assert_eq!(self.sim.pings(), pinged, "nobody else is pinged");
        self.stop_bot().await;
        self.sim.stop().await;
    }

    /// Adds a film to the film databases; its id.
    pub fn knows(&self, imdb_id: &str, title: &str, year: u16) -> String {
        self.films.add(Film::new(imdb_id, title, year));
        imdb_id.to_owned()
    }

    /// `/propose`, a second after whatever was before, and the message that came of it.
    pub async fn propose(&self, who: &Actor, movie: &str) -> Message {
        self.clock.advance_ms(1_000);
        self.answer(
            who.slash(&self.channel, "propose")
                .string("movie", movie)
                .send()
                .await,
        )
        .await
    }

    /// `/propose` with a pitch.
    pub async fn propose_with(&self, who: &Actor, movie: &str, pitch: &str) -> Message {
        self.clock.advance_ms(1_000);
        let slash = who
            .slash(&self.channel, "propose")
            .string("movie", movie)
            .string("pitch", pitch);
        self.answer(slash.send().await).await
    }

    /// A command with one text option, and the message that came of it.
    pub async fn ask(&self, who: &Actor, command: &str, option: &str, value: &str) -> Message {
        self.answer(
            who.slash(&self.channel, command)
                .string(option, value)
                .send()
                .await,
        )
        .await
    }

    /// A command without options, and the message that came of it.
    pub async fn command(&self, who: &Actor, command: &str) -> Message {
        self.answer(who.slash(&self.channel, command).send().await).await
    }

    /// `/propose` by a member of another server: who that is, and the message that came of it there.
    pub async fn propose_elsewhere(&self, movie: &str) -> (Actor, Message) {
        let elsewhere = self.sim.add_guild("Another Club");
        let channel = elsewhere.add_channel("films");
        let cleo = elsewhere.add_member("Cleo");
        let slash = cleo.slash(&channel, "propose").string("movie", movie);
        let card = self.answer(slash.send().await).await;
        (cleo, card)
    }

    /// `/poll`, and the poll.
    pub async fn poll(&self, who: &Actor) -> Message {
        self.command(who, "poll").await
    }

    /// What `/propose` suggests for this text, once it is as wanted: suggestions have 300 ms, in which a busy
    /// machine may have no time for them, and are asked for again then.
    pub async fn suggestions(
        &self,
        who: &Actor,
        typed: &str,
        wanted: impl Fn(&[Choice]) -> bool,
    ) -> Vec<Choice> {
        let begun = Instant::now();
        loop {
            let offered = who.autocomplete(&self.channel, "propose", "movie", typed).await;
            let offered = offered.unwrap_or_else(|error| panic!("{typed:?}: {error}"));
            if wanted(&offered) {
                return offered;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "for {typed:?} never more than {offered:?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks the button with this label, and the message that came of it.
    pub async fn click(&self, who: &Actor, message: &Message, label: &str) -> Message {
        self.answer(who.click_label(message, label).await).await
    }

    /// Clicks the film's button on a poll and waits until the member is told that it counts: at once, or
    /// on a slow machine after a while. The poll shows it at once or within the second: see [`Evening::until`].
    pub async fn vote(&self, who: &Actor, poll: &Message, title: &str) {
        let sent = who.click(poll, button_of(poll, title)).await;
        let answer = sent.unwrap_or_else(|error| panic!("{error}"));
        answer
            .settled(PATIENCE)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// Clicks these films for these members, and waits until the poll shows all of it.
    pub async fn vote_all(&self, poll: &Message, votes: &[(&Actor, &str)]) -> Message {
        let before = votes_on(poll);
        for (who, title) in votes {
            self.vote(who, poll, title).await;
        }
        let all = before + u32::try_from(votes.len()).expect("few");
        self.until(poll, |poll| votes_on(poll) == all).await
    }

    /// The message once it fulfils this condition.
    pub async fn until(&self, message: &Message, condition: impl Fn(&Message) -> bool) -> Message {
        message
            .wait_until(condition, PATIENCE)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Waits until a query past the bot yields this number.
    pub async fn until_number(&self, sql: &'static str, wanted: i64) {
        let asking = async {
            while self.database.number(sql).await != wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let came_true = tokio::time::timeout(PATIENCE, asking).await;
        came_true.unwrap_or_else(|_| panic!("never {wanted}: {sql}\n{}", self.sim.transcript()));
    }

    /// Waits for the message that answers.
    pub async fn answer(&self, sent: discord_sim::Result<Answer>) -> Message {
        let answer = sent.unwrap_or_else(|error| panic!("{error}\n{}", self.sim.transcript()));
        answer
            .message_within(PATIENCE)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// What the bot costs while something is done: SQL statements, calls of film databases, requests to
    /// Discord.
    pub async fn cost<T>(&self, work: impl Future<Output = T>) -> (T, Cost) {
        let before = self.spent();
        let done = work.await;
        let after = self.spent();
        let cost = Cost {
            statements: after.statements - before.statements,
            film_calls: after.film_calls - before.film_calls,
            requests: after.requests - before.requests,
        };
        (done, cost)
    }

    fn spent(&self) -> Cost {
        Cost {
            statements: self.store.statements(),
            film_calls: self.films.calls().len(),
            requests: self.sim.requests().len(),
        }
    }
}

/// A second process of the bot; [`AnotherBot::stop`] must stop it.
pub struct AnotherBot(Bot);

impl AnotherBot {
    /// Stops it in good order.
    pub async fn stop(mut self) {
        self.0.stop().await;
    }
}

impl Bot {
    async fn stop(&mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, &mut self.task).await;
        ended
            .expect("the bot stops in time")
            .expect("the bot does not panic")
            .expect("the bot ends well");
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the story itself watches the task that is the bot"
    )]
    async fn start(config: &Config, clock: &Clock) -> (Store, Self) {
        let app = App::start(config, clock.clone()).await.expect("the bot starts");
        let (store, service, ops_address) = (app.store().clone(), app.service().clone(), app.ops_address());
        let stop = CancellationToken::new();
        let task = tokio::spawn(app.run(stop.clone()));
        let bot = Self {
            service,
            ops_address,
            task,
            stop,
        };
        (store, bot)
    }
}

/// What a start looks at before it answers anybody: whether titles are loaded. All else it does behind.
const START_STATEMENTS: u64 = 1;

/// Waits until a bot that came online has looked at that, once at each start: it is no part of what a story counts.
async fn started_up(store: &Store) {
    let looked = async {
        while store.statements() < START_STATEMENTS {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let looked = tokio::time::timeout(PATIENCE, looked).await;
    assert!(looked.is_ok(), "a start looks at {START_STATEMENTS} thing");
}

/// A local Discord whose people wait as patiently as the stories do.
pub async fn local_discord() -> Sim {
    local_discord_with(0).await
}

/// Discord's number for the privileged intent for members.
const MEMBERS_INTENT: u64 = 1 << 1;

async fn local_discord_with(privileged_intents: u64) -> Sim {
    let config = SimConfig {
        patience: PATIENCE,
        privileged_intents,
        ..SimConfig::default()
    };
    Sim::start(config).await.expect("a local Discord")
}

/// What something cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// SQL statements.
    pub statements: u64,
    /// Calls of film databases.
    pub film_calls: usize,
    /// Requests to Discord.
    pub requests: usize,
}

/// The `custom_id` of the button that votes for the film with this title on this poll.
pub fn button_of(poll: &Message, title: &str) -> String {
    let place = titles(poll)
        .iter()
        .position(|shown| shown.contains(title))
        .unwrap_or_else(|| panic!("{title} is not among {:?}", titles(poll)));
    poll.buttons()[place].custom_id.clone()
}

/// The titles of a poll's embeds, as sent.
pub fn titles(poll: &Message) -> Vec<String> {
    (0..poll.embeds().len())
        .map(|at| poll.embed(at).title().unwrap_or_default().to_owned())
        .collect()
}

/// The votes of each film on a poll, by its title with its year, as its buttons tell them.
pub fn tally(poll: &Message) -> BTreeMap<String, u32> {
    let shown = titles(poll).into_iter().zip(poll.buttons());
    shown
        .map(|(title, button)| {
            let title = title
                .split_once(". ")
                .unwrap_or_else(|| panic!("no rank in {title:?}: {poll:?}"))
                .1
                .to_owned();
            let votes = button.label.split_once(" · ").expect("a number of votes").1;
            (title, votes.parse().expect("a number"))
        })
        .collect()
}

/// The votes of all films on a poll.
pub fn votes_on(poll: &Message) -> u32 {
    tally(poll).values().sum()
}

/// Everything that a message says, for looking a word up.
pub fn words(message: &Message) -> String {
    let mut words = message.content().to_owned();
    for at in 0..message.embeds().len() {
        let embed = message.embed(at);
        for part in [embed.title(), embed.description(), embed.footer()]
            .into_iter()
            .flatten()
        {
            words.push('\n');
            words.push_str(part);
        }
        for (name, value) in embed.fields() {
            words.extend(["\n", name, ": ", value]);
        }
    }
    words
}

/// The figures of the film's line in a poll, such as `2 votes`.
pub fn line_of(poll: &Message, title: &str) -> String {
    let place = titles(poll)
        .iter()
        .position(|shown| shown.contains(title))
        .expect("the film is there");
    poll.embed(place).description().unwrap_or_default().to_owned()
}

/// With `RUST_LOG` set, the bot's log goes to the output of the test.
fn show_log_on_demand() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os("RUST_LOG").is_some() {
            tracing_subscriber::fmt()
                .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
                .with_test_writer()
                .init();
        }
    });
}
