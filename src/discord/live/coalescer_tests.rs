//! The coalescer against a canvas that remembers what it drew and when, on a paused clock.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::domain::ids::ChannelId;

const GUILD: GuildId = GuildId(1);
const LIVE: LiveMessage = LiveMessage {
    channel: ChannelId(2),
    message: MessageId(3),
    page: 1,
};

/// Reads a counter, takes a while, and remembers what it showed.
#[derive(Default)]
struct Slate {
    votes: AtomicU32,
    takes_ms: u64,
    shown: Mutex<Vec<(Instant, u32)>>,
    spared: Mutex<Vec<Option<MessageId>>>,
    answers: Mutex<Vec<Redrawn>>,
}

impl Canvas for Slate {
    async fn redraw(
        &self,
        _guild: GuildId,
        _known: Option<LiveMessage>,
        spared: Option<MessageId>,
    ) -> Redrawn {
        let votes = self.votes.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(self.takes_ms)).await;
        self.spared.lock().unwrap().push(spared);
        let answer = self.answers.lock().unwrap().pop().unwrap_or(Redrawn::Shown(LIVE));
        if matches!(answer, Redrawn::Shown(_)) {
            self.shown.lock().unwrap().push((Instant::now(), votes));
        }
        answer
    }
}

impl Slate {
    fn shown(&self) -> Vec<(Instant, u32)> {
        self.shown.lock().unwrap().clone()
    }
}

fn polls(slate: Slate) -> (Coalescer<Slate>, Arc<Slate>) {
    let slate = Arc::new(slate);
    (Coalescer::new(Arc::clone(&slate), Tasks::new()), slate)
}

fn vote(polls: &Coalescer<Slate>, slate: &Slate) {
    slate.votes.fetch_add(1, Ordering::SeqCst);
    polls.refresh(GUILD);
}

async fn pass(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

#[tokio::test(start_paused = true)]
async fn a_lone_change_is_shown_at_once() {
    let (polls, slate) = polls(Slate::default());
    let begun = Instant::now();
    vote(&polls, &slate);
    pass(10).await;
    let shown = slate.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].1, 1);
    assert!(shown[0].0.duration_since(begun) < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn a_storm_costs_an_edit_a_second_and_ends_in_the_exact_number() {
    let (polls, slate) = polls(Slate {
        takes_ms: 80,
        ..Slate::default()
    });
    for _ in 0..500 {
        vote(&polls, &slate);
        pass(10).await;
    }
    pass(2000).await;
    let shown = slate.shown();
    assert!((4..=7).contains(&shown.len()), "{}", shown.len());
    assert_eq!(shown.last().map(|(_, votes)| *votes), Some(500));
    for pair in shown.windows(2) {
        assert!(pair[1].0.duration_since(pair[0].0) >= GAP);
        assert!(pair[1].1 > pair[0].1, "older numbers after newer ones");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_during_a_redraw_is_shown_by_the_next() {
    let (polls, slate) = polls(Slate {
        takes_ms: 400,
        ..Slate::default()
    });
    vote(&polls, &slate);
    pass(200).await;
    vote(&polls, &slate);
    pass(3000).await;
    let numbers: Vec<u32> = slate.shown().iter().map(|(_, votes)| *votes).collect();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_click_draws_inline_unless_the_message_was_just_drawn() {
    let (polls, slate) = polls(Slate::default());
    let inline = polls.try_inline(GUILD).expect("nobody draws");
    assert!(polls.try_inline(GUILD).is_none(), "one at a time");
    inline.drawn(LIVE);
    assert!(polls.try_inline(GUILD).is_none(), "just drawn");
    assert_eq!(polls.live(GUILD), Some(LIVE));
    pass(1001).await;
    polls.try_inline(GUILD).expect("a second has passed").unused();
    assert!(slate.shown().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_inline_drawing_spares_the_edit_that_waited_for_it() {
    let (polls, slate) = polls(Slate::default());
    polls.try_inline(GUILD).expect("free").drawn(LIVE);
    vote(&polls, &slate);
    pass(999).await;
    assert!(slate.shown().is_empty());
    pass(500).await;
    assert_eq!(slate.shown().len(), 1, "the vote after it is shown");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_waited_is_not_lost_when_an_inline_drawing_comes_to_nothing() {
    let (polls, slate) = polls(Slate::default());
    let inline = polls.try_inline(GUILD).expect("free");
    vote(&polls, &slate);
    pass(50).await;
    assert!(slate.shown().is_empty(), "one draws at a time");
    inline.unused();
    pass(50).await;
    assert_eq!(slate.shown().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_redraw_that_failed_is_not_forgotten_when_an_inline_drawing_comes_to_nothing() {
    let (polls, slate) = polls(Slate {
        answers: Mutex::new(vec![Redrawn::Failed]),
        ..Slate::default()
    });
    vote(&polls, &slate);
    pass(50).await;
    polls.try_inline(GUILD).expect("nobody draws").unused();
    pass(3000).await;
    assert_eq!(slate.shown().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_tried_again_and_a_wait_is_obeyed() {
    let (polls, slate) = polls(Slate {
        answers: Mutex::new(vec![Redrawn::Later(Duration::from_secs(7)), Redrawn::Failed]),
        ..Slate::default()
    });
    let begun = Instant::now();
    vote(&polls, &slate);
    pass(20_000).await;
    let shown = slate.shown();
    assert_eq!(shown.len(), 1);
    assert!(shown[0].0.duration_since(begun) >= Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn endless_failure_ends_and_the_next_change_starts_anew() {
    let (polls, slate) = polls(Slate {
        answers: Mutex::new(vec![Redrawn::Failed; 6]),
        ..Slate::default()
    });
    vote(&polls, &slate);
    pass(300_000).await;
    assert_eq!(polls.tasks.running(), 0);
    assert!(slate.shown().is_empty());
    vote(&polls, &slate);
    pass(10).await;
    assert_eq!(slate.shown().last().map(|(_, votes)| *votes), Some(2));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_not_edited_again() {
    let (polls, slate) = polls(Slate {
        answers: Mutex::new(vec![Redrawn::Spared, Redrawn::Gone(LIVE)]),
        ..Slate::default()
    });
    vote(&polls, &slate);
    pass(2000).await;
    vote(&polls, &slate);
    pass(2000).await;
    assert_eq!(*slate.spared.lock().unwrap(), [None, Some(LIVE.message)]);
    assert_eq!(polls.live(GUILD), None);
}

#[tokio::test(start_paused = true)]
async fn a_forbidden_message_is_tried_again_after_a_minute() {
    let (polls, slate) = polls(Slate {
        answers: Mutex::new(vec![Redrawn::Forbidden(LIVE)]),
        ..Slate::default()
    });
    vote(&polls, &slate);
    pass(61_000).await;
    vote(&polls, &slate);
    pass(2000).await;
    assert_eq!(*slate.spared.lock().unwrap(), [None, None]);
}

#[tokio::test(start_paused = true)]
async fn a_new_live_message_that_missed_a_vote_is_redrawn() {
    let (polls, slate) = polls(Slate::default());
    let seen = polls.changes(GUILD);
    let other = LiveMessage {
        message: MessageId(9),
        ..LIVE
    };
    let before = polls
        .take_over(GUILD, other, seen, async { Ok::<(), Infallible>(()) })
        .await;
    assert_eq!(before, Ok(None));
    pass(2000).await;
    assert!(slate.shown().is_empty(), "nothing changed meanwhile");

    let seen = polls.changes(GUILD);
    slate.votes.fetch_add(1, Ordering::SeqCst);
    polls.refresh(GUILD);
    let before = polls
        .take_over(GUILD, LIVE, seen, async { Ok::<(), Infallible>(()) })
        .await;
    assert_eq!(before, Ok(Some(other)));
    pass(2000).await;
    assert_eq!(slate.shown().last().map(|(_, votes)| *votes), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_vote_that_only_the_message_before_showed_is_drawn_into_the_new_one() {
    let (polls, slate) = polls(Slate::default());
    let seen = polls.changes(GUILD);
    vote(&polls, &slate);
    pass(2000).await;
    assert_eq!(slate.shown().len(), 1);
    let taken = polls
        .take_over(GUILD, LIVE, seen, async { Ok::<(), Infallible>(()) })
        .await;
    taken.expect("recorded");
    pass(2000).await;
    assert_eq!(slate.shown().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_stop_sends_the_last_state_without_waiting() {
    let (polls, slate) = polls(Slate::default());
    vote(&polls, &slate);
    pass(10).await;
    vote(&polls, &slate);
    let begun = Instant::now();
    assert_eq!(polls.tasks.stop(Duration::from_secs(4)).await, 0);
    assert!(begun.elapsed() < Duration::from_millis(500));
    assert_eq!(slate.shown().last().map(|(_, votes)| *votes), Some(2));
}
