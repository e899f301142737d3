//! Any story of clicks, ballots, reactions, withdrawals, retries and restarts ends in the tally of a model that
//! fits on a page.

use std::collections::BTreeSet;
use std::future::Future;
use std::task::{Context, Waker};

use futures::future::join_all;
use marquee::clock::Clock;
use marquee::domain::ids::{GuildId, MessageId, ProposalId, RoundId};
use marquee::domain::method::Method;
use marquee::domain::policy::Actor;
use marquee::domain::proposal::ProposalState;
use marquee::domain::reaction::{Number, ReactionAt, VoteInput};
use marquee::domain::round::Rules;
use marquee::domain::settings::Change;
use marquee::service::Service;
use marquee::service::reactions::Reacted;
use marquee::store::NewRound;
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::task::TaskTracker;

use super::stories::tell;
use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::harness::rounds::plain_round;
use crate::harness::service::service_with_cinemeta;
use crate::store::scene::{GUILD, NOW, Scene, member};

const FILMS: [&str; 3] = ["tt0000001", "tt0000002", "tt0000003"];
const MEMBERS: u64 = 4;
/// Ways to vote by choosing films, and the votes of each member where they are limited.
const METHODS: [Method; 3] = [Method::Approval, Method::Single, Method::Limited];
const EACH: usize = 2;

/// Stories told; each has up to [`LONGEST`] acts.
const STORIES: u32 = 60;
const LONGEST: usize = 25;

/// A member by number, and a film by its place in [`FILMS`].
type Vote = (u64, usize);

#[derive(Debug, Clone)]
enum Act {
    /// Clicks on buttons, all at the same time.
    Clicks(Vec<Vote>),
    /// A click whose member is gone before there is an answer.
    Abandoned(Vote),
    /// `Vote for it` on a film's card, and once more.
    Add(Vote),
    /// A private ballot with these films chosen of these shown, sent twice as after a lost answer.
    Ballot(u64, BTreeSet<usize>, BTreeSet<usize>),
    /// A reaction appears or goes away, and is told of twice.
    React(Vote, bool),
    /// A ballot emptied.
    Clear(u64),
    /// The film is taken out.
    Withdraw(usize),
    /// It is proposed again.
    Propose(usize),
    /// The service ends and another begins.
    Restart,
}

/// What should be.
#[derive(Debug)]
struct Model {
    method: Method,
    votes: BTreeSet<Vote>,
    /// The reactions that stand under the poll.
    reactions: BTreeSet<Vote>,
    /// The votes that a reaction gave.
    given: BTreeSet<Vote>,
    withdrawn: BTreeSet<usize>,
}

impl Model {
    fn limit(&self) -> usize {
        match self.method {
            Method::Single => 1,
            Method::Limited => EACH,
            _ => usize::MAX,
        }
    }

    /// How many films that are up the member votes for.
    fn spent(&self, who: u64) -> usize {
        let counts = |vote: &&Vote| vote.0 == who && !self.withdrawn.contains(&vote.1);
        self.votes.iter().filter(counts).count()
    }

    fn remove(&mut self, vote: Vote) {
        self.votes.remove(&vote);
        self.given.remove(&vote);
    }

    /// Where votes are limited, those for films that left go before another one is given.
    fn make_room(&mut self, who: u64) {
        if self.limit() < usize::MAX {
            for film in self.withdrawn.clone() {
                self.remove((who, film));
            }
        }
    }

    /// A vote by a click; whether the rules take it.
    fn add(&mut self, vote: Vote) -> bool {
        let (who, film) = vote;
        if self.withdrawn.contains(&film) || self.votes.contains(&vote) {
            return !self.withdrawn.contains(&film);
        }
        if self.method == Method::Single {
            self.clear(who);
        }
        self.make_room(who);
        let room = self.spent(who) < self.limit();
        if room {
            self.votes.insert(vote);
        }
        room
    }

    fn toggle(&mut self, vote: Vote) -> bool {
        if !self.withdrawn.contains(&vote.1) && self.votes.contains(&vote) {
            self.remove(vote);
            return true;
        }
        self.add(vote)
    }

    fn choose(&mut self, who: u64, shown: &BTreeSet<usize>, chosen: &BTreeSet<usize>) -> bool {
        let both: Vec<usize> = shown.intersection(chosen).copied().collect();
        if self.method == Method::Single
            && let [only] = both[..]
        {
            if !self.withdrawn.contains(&only) && !self.votes.contains(&(who, only)) {
                self.clear(who);
                self.votes.insert((who, only));
            }
            return true;
        }
        let before = (self.votes.clone(), self.given.clone(), self.spent(who));
        let mut given = false;
        for film in shown {
            if !chosen.contains(film) {
                self.remove((who, *film));
            } else if !self.withdrawn.contains(film) {
                given |= self.votes.insert((who, *film));
            }
        }
        if given {
            self.make_room(who);
        }
        let spent = self.spent(who);
        let taken = spent <= self.limit() || spent <= before.2;
        if !taken {
            (self.votes, self.given) = (before.0, before.1);
        }
        taken
    }

    fn react(&mut self, vote: Vote, on: bool) -> bool {
        let is_news = if on {
            self.reactions.insert(vote)
        } else {
            self.reactions.remove(&vote)
        };
        if self.withdrawn.contains(&vote.1) {
            return false;
        }
        if is_news && on && !self.votes.contains(&vote) {
            self.make_room(vote.0);
            if self.spent(vote.0) >= self.limit() {
                return false;
            }
            self.votes.insert(vote);
            self.given.insert(vote);
        } else if is_news && !on && self.given.contains(&vote) {
            self.remove(vote);
        }
        true
    }

    fn clear(&mut self, who: u64) {
        for film in 0..FILMS.len() {
            self.remove((who, film));
        }
    }

    /// The votes for each film; `None` for those that are not up for the vote.
    fn tally(&self) -> Vec<Option<usize>> {
        let votes = |film| self.votes.iter().filter(|vote| vote.1 == film).count();
        (0..FILMS.len())
            .map(|film| (!self.withdrawn.contains(&film)).then(|| votes(film)))
            .collect()
    }
}

fn vote() -> impl Strategy<Value = Vote> {
    (0..MEMBERS, 0..FILMS.len())
}

fn films() -> impl Strategy<Value = BTreeSet<usize>> {
    proptest::collection::btree_set(0..FILMS.len(), 0..=FILMS.len())
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => vec(vote(), 1..8).prop_map(Act::Clicks),
        2 => vote().prop_map(Act::Abandoned),
        2 => vote().prop_map(Act::Add),
        3 => (0..MEMBERS, films(), films()).prop_map(|(who, shown, chosen)| Act::Ballot(who, shown, chosen)),
        4 => (vote(), any::<bool>()).prop_map(|(vote, on)| Act::React(vote, on)),
        1 => (0..MEMBERS).prop_map(Act::Clear),
        2 => (0..FILMS.len()).prop_map(Act::Withdraw),
        2 => (0..FILMS.len()).prop_map(Act::Propose),
        1 => Just(Act::Restart),
    ]
}

/// One story: a server of its own in the common database.
struct Story<'a> {
    scene: &'a Scene,
    films: &'a FakeFilms,
    guild: GuildId,
    round: RoundId,
    proposals: Vec<ProposalId>,
    /// The number that stands for each.
    numbers: Vec<ReactionAt>,
    service: Service,
    tasks: TaskTracker,
    model: Model,
}

impl<'a> Story<'a> {
    async fn begin(scene: &'a Scene, films: &'a FakeFilms, number: u64, method: Method) -> Self {
        let guild = GuildId(GUILD.0 + number);
        let (tasks, mut proposals, round) = (TaskTracker::new(), Vec::new(), RoundId(scene.key()));
        let new = NewRound {
            rules: Rules {
                method,
                votes_each: u32::try_from(EACH).expect("few"),
                ..Rules::default()
            },
            ..plain_round(guild, member(0), NOW, round)
        };
        let mut tx = scene.store.begin_write().await.expect("a transaction");
        tx.lock_guild(guild, NOW).await.expect("the server's row");
        tx.ensure_open_round(&new).await.expect("a round");
        tx.commit().await.expect("a commit");
        for film in FILMS {
            let (opened, proposal) = scene.propose(guild, member(0), film, NOW).await;
            assert_eq!(opened, round);
            proposals.push(proposal.id);
        }
        scene.change(guild, &Change::Input(VoteInput::Both)).await;
        let mut numbers = Vec::new();
        for proposal in &proposals {
            numbers.push(number_of(scene, round, *proposal).await);
        }
        Self {
            scene,
            films,
            guild,
            round,
            proposals,
            numbers,
            service: service(scene, films, &tasks),
            tasks,
            model: Model {
                method,
                votes: BTreeSet::new(),
                reactions: BTreeSet::new(),
                given: BTreeSet::new(),
                withdrawn: BTreeSet::new(),
            },
        }
    }

    const fn actor(&self, number: u64) -> Actor {
        Actor {
            guild: self.guild,
            member: member(number),
            manages_server: false,
        }
    }

    fn ids(&self, films: &BTreeSet<usize>) -> Vec<ProposalId> {
        films.iter().map(|film| self.proposals[*film]).collect()
    }

    /// Waits until every vote that was sent is in, asked for or not.
    async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    async fn act(&mut self, act: &Act) {
        match act {
            Act::Clicks(votes) => {
                let clicks = votes.iter().map(|(who, film)| {
                    self.service
                        .toggle_vote(self.actor(*who), self.round, self.proposals[*film])
                });
                for (vote, outcome) in votes.iter().zip(join_all(clicks).await) {
                    assert_eq!(outcome.is_ok(), self.model.toggle(*vote), "{outcome:?}");
                }
            }
            Act::Abandoned((who, film)) => {
                let actor = self.actor(*who);
                let click = self.service.toggle_vote(actor, self.round, self.proposals[*film]);
                let sent = Box::pin(click)
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()));
                assert!(sent.is_pending(), "answered before it was written");
                self.settle().await;
                self.model.toggle((*who, *film));
            }
            Act::Add((who, film)) => {
                for _ in 0..2 {
                    let actor = self.actor(*who);
                    let outcome = self
                        .service
                        .add_vote(actor, self.round, self.proposals[*film])
                        .await;
                    let taken = outcome.is_ok_and(|voted| voted.now);
                    assert_eq!(taken, self.model.add((*who, *film)));
                }
            }
            Act::Ballot(who, shown, chosen) => {
                let (ids, of_them) = (self.ids(shown), self.ids(chosen));
                for _ in 0..2 {
                    let actor = self.actor(*who);
                    let set = self.service.set_ballot(actor, self.round, &ids, &of_them).await;
                    assert_eq!(set.is_ok(), self.model.choose(*who, shown, chosen), "{set:?}");
                }
            }
            Act::React((who, film), on) => {
                for _ in 0..2 {
                    let told = self
                        .service
                        .react(self.guild, member(*who), self.numbers[*film], *on)
                        .await;
                    let taken = matches!(told, Ok(Reacted::Taken(_)));
                    assert_eq!(taken, self.model.react((*who, *film), *on), "{told:?}");
                }
            }
            Act::Clear(who) => {
                let cleared = self.service.clear_ballot(self.actor(*who), self.round).await;
                assert!(cleared.expect("a ballot").lines.iter().all(|line| !line.chosen()));
                self.model.clear(*who);
            }
            Act::Withdraw(film) => {
                self.model.withdrawn.insert(*film);
                let mut tx = self.scene.store.begin_write().await.expect("a transaction");
                let (proposal, state) = (self.proposals[*film], ProposalState::Withdrawn);
                tx.retire_proposal(proposal, state, member(0), NOW)
                    .await
                    .expect("an answer");
                tx.commit().await.expect("a commit");
            }
            Act::Propose(film) if self.model.withdrawn.remove(film) => {
                // A new proposal has a new number, without reactions.
                self.model.reactions.retain(|reaction| reaction.1 != *film);
                let (_, proposal) = self.scene.propose(self.guild, member(0), FILMS[*film], NOW).await;
                self.proposals[*film] = proposal.id;
                self.numbers[*film] = number_of(self.scene, self.round, proposal.id).await;
            }
            Act::Propose(_) => {}
            Act::Restart => {
                self.settle().await;
                self.service = service(self.scene, self.films, &self.tasks);
            }
        }
    }

    /// The votes for each film as the poll shows them.
    async fn tally(&self) -> Vec<Option<usize>> {
        let poll = self.service.read_poll(self.guild, 1).await.expect("a poll").page;
        let votes = |id: &ProposalId| {
            let standing = poll.entries.iter().map(|entry| &entry.standing);
            let mut found = standing.filter(|standing| standing.proposal.id == *id);
            found
                .next()
                .map(|standing| usize::try_from(standing.votes.expect("counts are shown")).expect("few"))
        };
        self.proposals.iter().map(votes).collect()
    }

    /// Checks the poll's tally, that every ballot shows just what is recorded, and that none holds more than the
    /// limit, whatever films return.
    async fn check(&self, last: &Act) -> Result<(), TestCaseError> {
        let model = &self.model;
        prop_assert_eq!(self.tally().await, model.tally(), "after {:?}", last);
        for who in 0..MEMBERS {
            let ballot = self.service.read_ballot(self.actor(who)).await.expect("a ballot");
            for line in ballot.lines {
                let film = self.proposals.iter().position(|id| *id == line.proposal);
                let vote = (who, film.expect("a film that was proposed"));
                prop_assert_eq!(line.chosen(), model.votes.contains(&vote), "after {:?}", last);
            }
            let held = self.scene.store.find_member_ballot(self.round, member(who)).await;
            let held = held.expect("a ballot").len();
            prop_assert!(held <= model.limit(), "{} votes after {:?}", held, last);
            let known = model.votes.iter().filter(|vote| vote.0 == who).count();
            prop_assert_eq!(held, known, "after {:?}", last);
        }
        Ok(())
    }
}

/// A number under a message of its own that stands for the proposal.
async fn number_of(scene: &Scene, round: RoundId, proposal: ProposalId) -> ReactionAt {
    let message = MessageId::from_db(scene.key());
    let mut tx = scene.store.begin_write().await.expect("a transaction");
    tx.insert_number(message, round, proposal)
        .await
        .expect("an answer");
    tx.commit().await.expect("a commit");
    ReactionAt {
        message,
        number: Number::new(1).expect("a number"),
    }
}

pub(super) fn service(scene: &Scene, films: &FakeFilms, tasks: &TaskTracker) -> Service {
    service_with_cinemeta(&scene.store, films, &Clock::manual(NOW * 1000), tasks)
}

#[test]
fn every_story_ends_in_the_models_tally() {
    tell(
        STORIES,
        &(0..METHODS.len(), vec(act(), 1..LONGEST)),
        &async |scene: &Scene, films: &FakeFilms, number, (method, acts)| {
            let mut story = Story::begin(scene, films, number, METHODS[method]).await;
            for act in &acts {
                story.act(act).await;
                story.check(act).await?;
            }
            Ok(())
        },
        async |_| {},
    );
}

#[tokio::test]
async fn a_film_that_comes_back_brings_no_votes_beyond_the_limit() {
    let films = FakeFilms::start();
    let scene = Scene::open(TestDatabase::sqlite()).await;
    let last = BTreeSet::from([2]);
    let both = || Act::Clicks(vec![(1, 0), (1, 1)]);
    let stories = [
        (Method::Limited, both(), Act::Clicks(vec![(1, 2)])),
        (Method::Limited, both(), Act::Ballot(1, last.clone(), last)),
        (Method::Limited, both(), Act::React((1, 2), true)),
        (Method::Single, Act::React((1, 0), true), Act::React((1, 1), true)),
        (Method::Single, Act::React((1, 0), true), Act::Add((1, 1))),
    ];
    for (number, (method, before, after)) in (0..).zip(stories) {
        let mut story = Story::begin(&scene, &films, number, method).await;
        for act in [before, Act::Withdraw(0), after, Act::Propose(0)] {
            story.act(&act).await;
            story.check(&act).await.expect("a ballot as it should be");
        }
        assert_eq!(story.model.spent(1), story.model.limit());
    }
}

#[tokio::test]
async fn votes_that_come_together_share_commits() {
    const VOTERS: u64 = 300;
    let films = FakeFilms::start();
    let scene = Scene::open(TestDatabase::sqlite()).await;
    let story = Story::begin(&scene, &films, 0, Method::Approval).await;
    let before = scene.store.transactions();
    let clicks = (0..VOTERS).map(|who| {
        story
            .service
            .toggle_vote(story.actor(who), story.round, story.proposals[0])
    });
    for outcome in join_all(clicks).await {
        assert!(outcome.is_ok_and(|voted| voted.now));
    }
    let commits = scene.store.transactions() - before;
    assert!(commits <= 3, "{VOTERS} votes took {commits} commits");
    assert_eq!(story.tally().await[0], Some(300));
}

#[tokio::test]
async fn a_vote_that_fails_takes_no_other_along() {
    let films = FakeFilms::start();
    let scene = Scene::open(TestDatabase::sqlite()).await;
    let (story, other) = (
        Story::begin(&scene, &films, 0, Method::Approval).await,
        Story::begin(&scene, &films, 1, Method::Approval).await,
    );
    scene
        .database
        .run_sql("UPDATE rounds SET method = 'of a later version' WHERE guild_id % 2 = 1")
        .await;
    let (broken, whole) = if story.guild.0 % 2 == 1 {
        (&story, &other)
    } else {
        (&other, &story)
    };
    let clicks = (0..20).map(|who| {
        let at = if who % 5 == 0 { broken } else { whole };
        whole
            .service
            .toggle_vote(at.actor(who), at.round, at.proposals[0])
    });
    let outcomes = join_all(clicks).await;
    for (who, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_err(), who % 5 == 0, "{who}: {outcome:?}");
    }
    assert_eq!(whole.tally().await[0], Some(16));
}
