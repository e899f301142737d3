//! Any story of clicks, choices, steps on a draft, saves, withdrawals and restarts, under every method, ends in
//! the ballots of a model that fits on a page.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use marquee::clock::Clock;
use marquee::domain::draft::Shift;
use marquee::domain::ids::{GuildId, ProposalId, RoundId};
use marquee::domain::method::{BallotKind, Method};
use marquee::domain::policy::Actor;
use marquee::domain::proposal::ProposalState;
use marquee::domain::round::{Rules, Secrecy};
use marquee::service::Service;
use marquee::service::drafts::Mark;
use marquee::store::NewRound;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use tokio_util::task::TaskTracker;

use super::stories::tell;
use crate::harness::providers::FakeFilms;
use crate::harness::rounds::plain_round;
use crate::harness::service::service_with_cinemeta;
use crate::store::scene::{GUILD, NOW, Scene, member};

const FILMS: [&str; 4] = ["tt0000001", "tt0000002", "tt0000003", "tt0000004"];
const MEMBERS: u64 = 3;
/// Votes of each member where they are limited.
const EACH: usize = 2;

/// Stories told; each has up to [`LONGEST`] acts.
const STORIES: u32 = 100;
const LONGEST: usize = 40;

/// A step on a draft, by the film's place in [`FILMS`].
#[derive(Debug, Clone, Copy)]
enum Pen {
    Stars(usize, u8),
    Next(usize),
    Undo,
    Move(usize, Shift),
}

#[derive(Debug, Clone)]
enum Act {
    /// A click on a film's button.
    Click(u64, usize),
    /// A page of the menu with these films, of which these are chosen.
    Choose(u64, BTreeSet<usize>, BTreeSet<usize>),
    /// Steps of several members at the same time.
    Mark(BTreeMap<u64, Pen>),
    Save(u64),
    Discard(u64),
    Clear(u64),
    Withdraw(usize),
    Propose(usize),
    Restart,
}

/// What a ballot says: films with their stars or ranks, in order.
type Sheet = Vec<(usize, u32)>;

/// What should be.
#[derive(Debug)]
struct Model {
    method: Method,
    /// What is recorded: the value of each member's vote for each film.
    votes: BTreeMap<(u64, usize), u32>,
    drafts: BTreeMap<u64, Sheet>,
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

    /// The sheet without films that are gone, and ranks without gaps.
    fn tidy(&self, mut sheet: Sheet) -> Sheet {
        sheet.retain(|(film, _)| !self.withdrawn.contains(film));
        if self.method.ballot_kind() == BallotKind::Ranking {
            for (place, (_, rank)) in (1..).zip(&mut sheet) {
                *rank = place;
            }
        } else {
            sheet.sort_unstable();
        }
        sheet
    }

    fn recorded(&self, who: u64) -> Sheet {
        let mine = self.votes.iter().filter(|((voter, _), _)| *voter == who);
        let mut sheet: Sheet = mine.map(|((_, film), value)| (*film, *value)).collect();
        sheet.sort_by_key(|(_, value)| *value);
        self.tidy(sheet)
    }

    fn shown(&self, who: u64) -> Sheet {
        let draft = self.drafts.get(&who);
        draft.map_or_else(|| self.recorded(who), |draft| self.tidy(draft.clone()))
    }

    /// Where votes are limited, those for films that left go when another one is given.
    fn make_room(&mut self, who: u64) {
        if self.limit() < usize::MAX {
            let withdrawn = self.withdrawn.clone();
            self.forget(who, |film| withdrawn.contains(&film));
        }
    }

    fn forget(&mut self, who: u64, gone: impl Fn(usize) -> bool) {
        self.votes
            .retain(|(voter, film), _| *voter != who || !gone(*film));
    }

    /// What a click does; whether the rules take it.
    fn click(&mut self, who: u64, film: usize) -> bool {
        if self.method.ballot_kind() != BallotKind::Set || self.withdrawn.contains(&film) {
            return false;
        }
        if self.votes.remove(&(who, film)).is_some() {
            return true;
        }
        if self.method == Method::Single {
            self.forget(who, |_| true);
        }
        self.make_room(who);
        if self.recorded(who).len() >= self.limit() {
            return false;
        }
        self.votes.insert((who, film), 1);
        true
    }

    fn choose(&mut self, who: u64, shown: &BTreeSet<usize>, chosen: &BTreeSet<usize>) -> bool {
        if self.method.ballot_kind() != BallotKind::Set {
            return false;
        }
        let chosen: Vec<usize> = shown.intersection(chosen).copied().collect();
        if self.method == Method::Single
            && let [only] = chosen[..]
        {
            if !self.withdrawn.contains(&only) && !self.votes.contains_key(&(who, only)) {
                self.forget(who, |_| true);
                self.votes.insert((who, only), 1);
            }
            return true;
        }
        let (before, kept) = (self.recorded(who).len(), self.votes.clone());
        self.forget(who, |film| shown.contains(&film) && !chosen.contains(&film));
        let mut given = false;
        for film in chosen {
            if !self.withdrawn.contains(&film) {
                given |= self.votes.insert((who, film), 1).is_none();
            }
        }
        if given {
            self.make_room(who);
        }
        let spent = self.recorded(who).len();
        if spent > self.limit() && spent > before {
            self.votes = kept;
            return false;
        }
        true
    }

    fn mark(&mut self, who: u64, pen: Pen) -> bool {
        let film = match pen {
            Pen::Stars(film, _) | Pen::Next(film) | Pen::Move(film, _) => Some(film),
            Pen::Undo => None,
        };
        let kind = match pen {
            Pen::Stars(..) => BallotKind::Scores,
            Pen::Next(_) | Pen::Undo | Pen::Move(..) => BallotKind::Ranking,
        };
        if self.method.ballot_kind() != kind || film.is_some_and(|film| self.withdrawn.contains(&film)) {
            return false;
        }
        let mut sheet = self.shown(who);
        let place = sheet.iter().position(|(on, _)| Some(*on) == film);
        match (pen, place) {
            (Pen::Stars(film, stars), place) => {
                place.map(|place| sheet.remove(place));
                if stars > 0 {
                    sheet.push((film, u32::from(stars)));
                }
            }
            (Pen::Next(film), None) => sheet.push((film, 0)),
            (Pen::Undo, _) => drop(sheet.pop()),
            (Pen::Move(_, Shift::Up), Some(place)) if place > 0 => sheet.swap(place, place - 1),
            (Pen::Move(_, Shift::Down), Some(place)) if place + 1 < sheet.len() => {
                sheet.swap(place, place + 1);
            }
            (Pen::Move(_, Shift::First), Some(place)) => {
                let film = sheet.remove(place);
                sheet.insert(0, film);
            }
            (Pen::Move(_, Shift::Out), Some(place)) => drop(sheet.remove(place)),
            (Pen::Next(_) | Pen::Move(..), _) => {}
        }
        let sheet = self.tidy(sheet);
        if sheet == self.recorded(who) {
            self.drafts.remove(&who);
        } else {
            self.drafts.insert(who, sheet);
        }
        true
    }

    fn save(&mut self, who: u64) -> bool {
        if self.method.ballot_kind() == BallotKind::Set {
            return false;
        }
        let sheet = self.shown(who);
        self.drafts.remove(&who);
        if sheet != self.recorded(who) {
            let (kind, withdrawn) = (self.method.ballot_kind(), self.withdrawn.clone());
            self.forget(who, |film| {
                kind == BallotKind::Ranking || !withdrawn.contains(&film)
            });
            let votes = sheet.into_iter().map(|(film, value)| ((who, film), value));
            self.votes.extend(votes);
        }
        true
    }

    /// What the poll shows of each film that is up: ranked, the ballots on which no film that is up stands higher.
    fn tally(&self) -> BTreeMap<usize, u32> {
        let mut tally: BTreeMap<usize, u32> = (0..FILMS.len()).map(|film| (film, 0)).collect();
        tally.retain(|film, _| !self.withdrawn.contains(film));
        for (film, value) in (0..MEMBERS).flat_map(|who| self.recorded(who)) {
            *tally.entry(film).or_default() += match self.method.ballot_kind() {
                BallotKind::Set | BallotKind::Scores => value,
                BallotKind::Ranking => u32::from(value == 1),
            };
        }
        tally
    }
}

fn film() -> std::ops::Range<usize> {
    0..FILMS.len()
}

fn pen() -> impl Strategy<Value = Pen> {
    prop_oneof![
        4 => (film(), 0..=5_u8).prop_map(|(film, stars)| Pen::Stars(film, stars)),
        4 => film().prop_map(Pen::Next),
        1 => Just(Pen::Undo),
        2 => (film(), 0..4_usize).prop_map(|(film, to)| Pen::Move(film, Shift::ALL[to])),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..MEMBERS;
    let films = || btree_set(film(), 0..=FILMS.len());
    prop_oneof![
        3 => (who.clone(), film()).prop_map(|(who, film)| Act::Click(who, film)),
        3 => (who.clone(), films(), films()).prop_map(|(who, shown, chosen)| Act::Choose(who, shown, chosen)),
        9 => btree_map(who.clone(), pen(), 1..=3).prop_map(Act::Mark),
        5 => who.clone().prop_map(Act::Save),
        1 => who.clone().prop_map(Act::Discard),
        1 => who.prop_map(Act::Clear),
        2 => film().prop_map(Act::Withdraw),
        1 => film().prop_map(Act::Propose),
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
    service: Service,
    model: Model,
}

impl<'a> Story<'a> {
    async fn begin(
        scene: &'a Scene,
        films: &'a FakeFilms,
        number: u64,
        method: Method,
        secrecy: Secrecy,
    ) -> Self {
        let guild = GuildId(GUILD.0 + number);
        let rules = Rules {
            method,
            secrecy,
            votes_each: u32::try_from(EACH).expect("few"),
            ..Rules::default()
        };
        let id = RoundId(scene.key());
        let new = NewRound {
            rules,
            ..plain_round(guild, member(0), NOW, id)
        };
        let mut tx = scene.store.begin_write().await.expect("a transaction");
        tx.lock_guild(guild, NOW).await.expect("the server's row");
        tx.ensure_open_round(&new).await.expect("a round");
        tx.commit().await.expect("a commit");
        let mut proposals = Vec::new();
        for film in FILMS {
            let (round, proposal) = scene.propose(guild, member(0), film, NOW).await;
            assert_eq!(round, id);
            proposals.push(proposal.id);
        }
        Self {
            scene,
            films,
            guild,
            round: id,
            proposals,
            service: service(scene, films),
            model: Model {
                method,
                votes: BTreeMap::new(),
                drafts: BTreeMap::new(),
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

    fn mark_of(&self, pen: Pen) -> Mark {
        match pen {
            Pen::Stars(film, stars) => Mark::Stars(self.proposals[film], stars),
            Pen::Next(film) => Mark::Next(self.proposals[film]),
            Pen::Undo => Mark::Undo,
            Pen::Move(film, to) => Mark::Move(self.proposals[film], to),
        }
    }

    async fn act(&mut self, act: &Act) -> Result<(), TestCaseError> {
        let round = self.round;
        match act {
            Act::Click(who, film) => {
                let clicked = self
                    .service
                    .toggle_vote(self.actor(*who), round, self.proposals[*film])
                    .await;
                prop_assert_eq!(clicked.is_ok(), self.model.click(*who, *film), "{:?}", clicked);
            }
            Act::Choose(who, shown, chosen) => {
                let (ids, of_them) = (self.ids(shown), self.ids(chosen));
                let set = self
                    .service
                    .set_ballot(self.actor(*who), round, &ids, &of_them)
                    .await;
                prop_assert_eq!(set.is_ok(), self.model.choose(*who, shown, chosen), "{:?}", set);
            }
            Act::Mark(pens) => {
                let marks = pens.iter().map(|(who, pen)| {
                    self.service
                        .mark_ballot(self.actor(*who), round, self.mark_of(*pen))
                });
                let marked = join_all(marks).await;
                for ((who, pen), outcome) in pens.iter().zip(marked) {
                    prop_assert_eq!(outcome.is_ok(), self.model.mark(*who, *pen), "{:?}", outcome);
                }
            }
            Act::Save(who) => {
                let saved = self.service.save_ballot(self.actor(*who), round).await;
                prop_assert_eq!(saved.is_ok(), self.model.save(*who), "{:?}", saved);
            }
            Act::Discard(who) => {
                let discarded = self.service.discard_draft(self.actor(*who), round).await;
                prop_assert!(discarded.is_ok(), "{:?}", discarded);
                self.model.drafts.remove(who);
            }
            Act::Clear(who) => {
                let cleared = self.service.clear_ballot(self.actor(*who), round).await;
                prop_assert!(cleared.is_ok(), "{:?}", cleared);
                self.model.drafts.remove(who);
                self.model.forget(*who, |_| true);
            }
            Act::Withdraw(film) => {
                self.model.withdrawn.insert(*film);
                let mut tx = self.scene.store.begin_write().await.expect("a transaction");
                tx.retire_proposal(self.proposals[*film], ProposalState::Withdrawn, member(0), NOW)
                    .await
                    .expect("an answer");
                tx.commit().await.expect("a commit");
            }
            Act::Propose(film) => {
                if self.model.withdrawn.remove(film) {
                    let (_, proposal) = self.scene.propose(self.guild, member(0), FILMS[*film], NOW).await;
                    self.proposals[*film] = proposal.id;
                }
            }
            Act::Restart => self.service = service(self.scene, self.films),
        }
        self.check().await
    }

    /// Checks the poll, and that every member's ballot shows just what it should.
    async fn check(&self) -> Result<(), TestCaseError> {
        let place = |id: ProposalId| self.proposals.iter().position(|one| *one == id);
        let poll = self.service.read_poll(self.guild, 1).await.expect("a poll").page;
        let tally: BTreeMap<usize, u32> = poll
            .entries
            .iter()
            .map(|entry| {
                let film = place(entry.standing.proposal.id).expect("one that is up");
                (film, entry.standing.votes.expect("counts are shown"))
            })
            .collect();
        prop_assert_eq!(tally, self.model.tally());
        for who in 0..MEMBERS {
            let ballot = self.service.read_ballot(self.actor(who)).await.expect("a ballot");
            let marked = ballot.marked();
            let sheet: Sheet = marked
                .iter()
                .map(|line| {
                    (
                        place(line.proposal).expect("one that is up"),
                        line.value.expect("a value"),
                    )
                })
                .collect();
            prop_assert_eq!(self.model.tidy(sheet.clone()), self.model.shown(who));
            if self.model.method.ballot_kind() == BallotKind::Ranking {
                prop_assert_eq!(sheet, self.model.shown(who), "in this order");
            }
            let recorded = self.model.recorded(who);
            prop_assert_eq!(ballot.unsaved, self.model.shown(who) != recorded);
            prop_assert_eq!(ballot.recorded, !recorded.is_empty());
            let voter = self.scene.round(self.round).await.voter(member(who));
            let held = self
                .scene
                .store
                .find_member_ballot(self.round, voter.expect("a voter"));
            let held = held.await.expect("a ballot").len();
            prop_assert!(held <= self.model.limit(), "more than the limit may count");
            let known = self.model.votes.keys().filter(|(of, _)| *of == who).count();
            prop_assert_eq!(held, known);
        }
        Ok(())
    }
}

fn service(scene: &Scene, films: &FakeFilms) -> Service {
    let clock = Clock::manual((NOW + 60) * 1000);
    service_with_cinemeta(&scene.store, films, &clock, &TaskTracker::new())
}

#[test]
fn every_story_of_every_method_ends_in_the_models_ballots() {
    let rules = (0..Method::ALL.len(), any::<bool>());
    tell(
        STORIES,
        &(rules, vec(act(), 1..LONGEST)),
        &async |scene: &Scene, films: &FakeFilms, number, ((method, secret), acts)| {
            let secrecy = if secret {
                Secrecy::Anonymous
            } else {
                Secrecy::Public
            };
            let mut story = Story::begin(scene, films, number, Method::ALL[method], secrecy).await;
            for act in &acts {
                story.act(act).await?;
            }
            Ok(())
        },
        nothing_tells_whose_an_anonymous_ballot_is,
    );
}

/// Nothing that an anonymous round left in the database says whose it is, or when it was written.
async fn nothing_tells_whose_an_anonymous_ballot_is(scene: &Scene) {
    for traces in [
        "SELECT COUNT(*) FROM votes v JOIN rounds r ON r.id = v.round_id WHERE r.secrecy = 'anonymous'
         AND (v.member_id BETWEEN 900000000000000000 AND 900000000000000010 OR v.cast_at <> r.opened_at)",
        "SELECT COUNT(*) FROM ballot_drafts d JOIN rounds r ON r.id = d.round_id WHERE r.secrecy = 'anonymous'
         AND (d.voter_id BETWEEN 900000000000000000 AND 900000000000000010 OR d.updated_at <> r.opened_at)",
    ] {
        assert_eq!(scene.database.number(traces).await, 0, "{traces}");
    }
    let votes =
        "SELECT COUNT(*) FROM votes v JOIN rounds r ON r.id = v.round_id WHERE r.secrecy = 'anonymous'";
    assert!(
        scene.database.number(votes).await > 0,
        "there was something to look at"
    );
}
