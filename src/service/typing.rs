//! Who is typing: the next letter of the same member ends the wait for the one before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::ids::MemberId;

/// A letter that follows another one within this time is typed in a hurry.
const HURRY: Duration = Duration::from_millis(600);

/// From so many members on, those who have stopped typing are forgotten.
const REMEMBERED: usize = 1_024;

/// Who is typing, and when they typed last. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typing(Arc<Mutex<HashMap<MemberId, Latest>>>);

#[derive(Debug)]
struct Latest {
    at: Instant,
    over: CancellationToken,
}

/// One letter that a member has typed.
#[derive(Debug)]
pub(super) struct Letter {
    over: CancellationToken,
    /// Whether it followed another one so quickly that more may be coming.
    pub(super) in_a_hurry: bool,
}

impl Typing {
    /// This member has typed a letter now: nobody need wait for the one before.
    pub(super) fn letter(&self, member: MemberId) -> Letter {
        let now = Instant::now();
        let over = CancellationToken::new();
        let latest = Latest {
            at: now,
            over: over.clone(),
        };
        let mut members = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if members.len() >= REMEMBERED {
            members.retain(|_, latest| now - latest.at < HURRY);
        }
        let before = members.insert(member, latest);
        let in_a_hurry = before.as_ref().is_some_and(|before| now - before.at < HURRY);
        if let Some(before) = before {
            before.over.cancel();
        }
        Letter { over, in_a_hurry }
    }
}

impl Letter {
    /// Ends when the member has typed the next one.
    pub(super) async fn is_over(&self) {
        self.over.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_next_letter_of_the_same_member_ends_the_one_before() {
        let typing = Typing::default();
        let (ada, ben) = (MemberId(1), MemberId(2));
        let first = typing.letter(ada);
        let other = typing.letter(ben);
        assert!(!first.in_a_hurry && !other.in_a_hurry);
        let second = typing.letter(ada);
        assert!(second.in_a_hurry);
        assert!(first.over.is_cancelled() && !second.over.is_cancelled() && !other.over.is_cancelled());
        tokio::time::advance(HURRY).await;
        assert!(!typing.letter(ada).in_a_hurry, "a pause was made");
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_stopped_typing_are_forgotten() {
        let typing = Typing::default();
        for member in 0..5_000 {
            if member % 1_000 == 0 {
                tokio::time::advance(HURRY).await;
            }
            typing.letter(MemberId(member));
        }
        let members = typing.0.lock().expect("a list").len();
        assert!(members <= REMEMBERED, "{members}");
    }
}
