//! What a redraw promises is kept: a message that says that details are on the way has them waited for,
//! though whoever posted it waited in vain, or before a restart.

use tokio::sync::mpsc;

use super::LivePolls;
use crate::domain::ids::{GuildId, ImdbId};

/// Films whose details a server's message promises.
pub(super) type Promise = (GuildId, Vec<ImdbId>);

/// Promises that may wait to be heard; one that finds no room is made again by the next redraw.
const ROOM: usize = 1_024;

/// Where redraws tell their promises.
#[derive(Debug)]
pub(super) struct Promises(mpsc::Sender<Promise>);

impl Promises {
    /// A place to tell them, and the one to hear them at.
    pub(super) fn channel() -> (Self, mpsc::Receiver<Promise>) {
        let (told, heard) = mpsc::channel(ROOM);
        (Self(told), heard)
    }

    /// Tells a promise; an empty one is none. Never waits.
    pub(super) fn tell(&self, guild: GuildId, films: Vec<ImdbId>) {
        if !films.is_empty() && self.0.try_send((guild, films)).is_err() {
            tracing::debug!(%guild, "nobody hears what a redraw promises");
        }
    }
}

impl LivePolls {
    /// Has what is promised waited for, in the background.
    pub(super) fn keep(&self, mut heard: mpsc::Receiver<Promise>) {
        let this = self.clone();
        self.tasks.spawn("promised film data", async move {
            let stopping = this.tasks.stopping().clone();
            loop {
                let promise = tokio::select! {
                    promise = heard.recv() => promise,
                    () = stopping.cancelled() => None,
                };
                let Some((guild, films)) = promise else { return };
                this.await_late(guild, films);
            }
        });
    }
}
