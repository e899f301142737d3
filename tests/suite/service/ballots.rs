//! Any story of clicks, ballots, reactions, withdrawals, retries and restarts ends in the tally of a model that
//! fits on a page.

use std::collections::BTreeSet;
use std::future::Future;
use std::task::{Context, Waker};

use futures::future::join_all;
use marquee::clock::Clock;
use marquee::domain::ids::{GuildId, MessageId, ProposalId, RoundId};
use marquee::domain::policy::Actor;
use marquee::domain::proposal::ProposalState;
use marquee::domain::reaction::{Number, ReactionAt, VoteInput};
use marquee::domain::settings::Change;
use marquee::service::Service;
use marquee::service::reactions::Reacted;
use proptest::collection::vec;
use proptest::prelude::*;
use tokio_util::task::TaskTracker;

use super::stories::tell;
use crate::harness::database::TestDatabase;
use crate::harness::providers::FakeFilms;
use crate::harness::service::service_with_cinemeta;
use crate::store::scene::{GUILD, NOW, Scene, member};

const FILMS: [&str; 3] = ["tt0000001", "tt0000002", "tt0000003"];
const MEMBERS: u64 = 4;

/// Stories told; each has up to [`LONGEST`] acts.
const STORIES: u32 = 40;
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
#[derive(Debug, Default)]
struct Model {
    votes: BTreeSet<Vote>,
    /// The reactions that stand under the poll.
    reactions: BTreeSet<Vote>,
    /// The votes that a reaction gave.
    given: BTreeSet<Vote>,
    withdrawn: BTreeSet<usize>,
}

impl Model {
    fn toggle(&mut self, vote: Vote) {
        if !self.withdrawn.contains(&vote.1) {
            self.set(vote, !self.votes.contains(&vote));
        }
    }

    fn react(&mut self, vote: Vote, on: bool) {
        let is_news = if on {
            self.reactions.insert(vote)
        } else {
            self.reactions.remove(&vote)
        };
        let counts = is_news && !self.withdrawn.contains(&vote.1);
        if counts && on && self.votes.insert(vote) {
            self.given.insert(vote);
        } else if counts && !on && self.given.contains(&vote) {
            self.set(vote, false);
        }
    }

    fn set(&mut self, vote: Vote, on: bool) {
        if !on {
            self.votes.remove(&vote);
            self.given.remove(&vote);
        } else if !self.withdrawn.contains(&vote.1) {
            self.votes.insert(vote);
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Clicks(votes) => votes.iter().for_each(|vote| self.toggle(*vote)),
            Act::Abandoned(vote) => self.toggle(*vote),
            Act::Add(vote) => self.set(*vote, true),
            Act::Ballot(who, shown, chosen) => {
                for film in shown {
                    self.set((*who, *film), chosen.contains(film));
                }
            }
            Act::React(vote, on) => self.react(*vote, *on),
            Act::Clear(who) => {
                for film in 0..FILMS.len() {
                    self.set((*who, film), false);
                }
            }
            Act::Withdraw(film) => drop(self.withdrawn.insert(*film)),
            Act::Propose(film) => {
                // A new proposal has a new number, without reactions.
                if self.withdrawn.remove(film) {
                    self.reactions.retain(|reaction| reaction.1 != *film);
                }
            }
            Act::Restart => {}
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
        1 => (0..FILMS.len()).prop_map(Act::Withdraw),
        1 => (0..FILMS.len()).prop_map(Act::Propose),
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
    withdrawn: BTreeSet<usize>,
    service: Service,
    tasks: TaskTracker,
}

impl<'a> Story<'a> {
    async fn begin(scene: &'a Scene, films: &'a FakeFilms, number: u64) -> Self {
        let guild = GuildId(GUILD.0 + number);
        let (tasks, mut proposals, mut round) = (TaskTracker::new(), Vec::new(), None);
        for film in FILMS {
            let (opened, proposal) = scene.propose(guild, member(0), film, NOW).await;
            proposals.push(proposal.id);
            round = Some(opened);
        }
        scene.change(guild, &Change::Input(VoteInput::Both)).await;
        let round = round.expect("a round");
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
            withdrawn: BTreeSet::new(),
            service: service(scene, films, &tasks),
            tasks,
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
                for ((_, film), outcome) in votes.iter().zip(join_all(clicks).await) {
                    assert_eq!(outcome.is_ok(), !self.withdrawn.contains(film), "{outcome:?}");
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
            }
            Act::Add((who, film)) => {
                for _ in 0..2 {
                    let actor = self.actor(*who);
                    let outcome = self
                        .service
                        .add_vote(actor, self.round, self.proposals[*film])
                        .await;
                    assert_eq!(
                        outcome.is_ok_and(|voted| voted.now),
                        !self.withdrawn.contains(film)
                    );
                }
            }
            Act::Ballot(who, shown, chosen) => {
                let (shown, chosen) = (self.ids(shown), self.ids(chosen));
                for _ in 0..2 {
                    let actor = self.actor(*who);
                    self.service
                        .set_ballot(actor, self.round, &shown, &chosen)
                        .await
                        .expect("a ballot");
                }
            }
            Act::React((who, film), on) => {
                for _ in 0..2 {
                    let told = self
                        .service
                        .react(self.guild, member(*who), self.numbers[*film], *on)
                        .await;
                    let taken = matches!(told, Ok(Reacted::Taken(_)));
                    assert_eq!(taken, !self.withdrawn.contains(film), "{told:?}");
                }
            }
            Act::Clear(who) => {
                let cleared = self.service.clear_ballot(self.actor(*who), self.round).await;
                assert!(cleared.expect("a ballot").lines.iter().all(|line| !line.chosen()));
            }
            Act::Withdraw(film) => {
                self.withdrawn.insert(*film);
                let mut tx = self.scene.store.begin_write().await.expect("a transaction");
                let (proposal, state) = (self.proposals[*film], ProposalState::Withdrawn);
                tx.retire_proposal(proposal, state, member(0), NOW)
                    .await
                    .expect("an answer");
                tx.commit().await.expect("a commit");
            }
            Act::Propose(film) if self.withdrawn.remove(film) => {
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

    /// Checks the poll's tally, and that every ballot shows just what is recorded.
    async fn check(&self, model: &Model, last: &Act) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.tally().await, model.tally(), "after {:?}", last);
        for who in 0..MEMBERS {
            let ballot = self.service.read_ballot(self.actor(who)).await.expect("a ballot");
            for line in ballot.lines {
                let film = self.proposals.iter().position(|id| *id == line.proposal);
                let vote = (who, film.expect("a film that was proposed"));
                prop_assert_eq!(line.chosen(), model.votes.contains(&vote), "after {:?}", last);
            }
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
        &vec(act(), 1..LONGEST),
        &async |scene: &Scene, films: &FakeFilms, number, acts| {
            let mut story = Story::begin(scene, films, number).await;
            let mut model = Model::default();
            for act in &acts {
                story.act(act).await;
                model.act(act);
                story.check(&model, act).await?;
            }
            Ok(())
        },
        async |_| {},
    );
}

#[tokio::test]
async fn votes_that_come_together_share_commits() {
    const VOTERS: u64 = 300;
    let films = FakeFilms::start();
    let scene = Scene::open(TestDatabase::sqlite()).await;
    let story = Story::begin(&scene, &films, 0).await;
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
        Story::begin(&scene, &films, 0).await,
        Story::begin(&scene, &films, 1).await,
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
