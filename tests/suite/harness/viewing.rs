//! One `/poll`, watched from outside: what it shows, when it came, and what it cost.

use std::time::Duration;

use discord_sim::{Actor, AnswerKind, Message};

use super::evening::{Cost, Evening, PATIENCE};

/// A poll that was asked for.
#[derive(Debug)]
pub struct View {
    /// The message, once it has its content.
    pub poll: Message,
    /// Whether it was announced by an acknowledgement first.
    pub deferred: bool,
    /// How long it took until the poll was complete.
    pub complete: Duration,
    /// The requests to Discord that answered it.
    pub answers: usize,
    /// What it cost in all, until it is recorded as the live message.
    pub cost: Cost,
}

impl Evening {
    /// `/poll`, until it is the live message.
    pub async fn view(&self, who: &Actor) -> View {
        let (mut view, cost) = self
            .cost(async {
                let view = self.look(who).await;
                self.until_live(&view.poll).await;
                view
            })
            .await;
        view.cost = cost;
        view
    }

    /// `/poll`, until it has its content; its cost is not counted.
    pub async fn look(&self, who: &Actor) -> View {
        let sent = who.slash(&self.channel, "poll").send().await;
        let answer = sent.unwrap_or_else(|error| panic!("{error}\n{}", self.sim.transcript()));
        let first = answer.first().await.unwrap_or_else(|error| panic!("{error}"));
        let shown = answer.message_within(PATIENCE).await;
        let poll = shown.unwrap_or_else(|error| panic!("{error}"));
        let calls = answer.calls();
        let (Some(begun), Some(ended)) = (calls.first(), calls.last()) else {
            panic!("answered without a request\n{}", self.sim.transcript());
        };
        let between_ms = (ended.at_ms - begun.at_ms).max(0.0);
        View {
            poll,
            deferred: first.kind == AnswerKind::DeferredMessage,
            complete: first.after + Duration::from_secs_f64(between_ms / 1_000.0),
            answers: calls.len(),
            cost: Cost::default(),
        }
    }

    /// Waits until the film databases were called so many times in all.
    pub async fn until_calls(&self, wanted: usize) {
        let counting = async {
            while self.films.calls().len() < wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let made = tokio::time::timeout(PATIENCE, counting).await;
        made.unwrap_or_else(|_| panic!("never {wanted} calls: {:?}", self.films.calls()));
    }

    /// Waits until this poll is recorded as its server's live message.
    pub async fn until_live(&self, poll: &Message) {
        let id = i64::try_from(poll.id().get()).expect("ids of our time fit");
        self.until_number("SELECT COALESCE(MAX(message_id), 0) FROM polls", id)
            .await;
    }
}

/// How many embeds of a poll have a poster.
pub fn posters(poll: &Message) -> usize {
    (0..poll.embeds().len())
        .filter(|at| poll.embed(*at).thumbnail().is_some())
        .count()
}

/// How many embeds of a poll say this at their foot.
pub fn notes(poll: &Message, note: &str) -> usize {
    (0..poll.embeds().len())
        .filter(|at| poll.embed(*at).footer().is_some_and(|foot| foot.contains(note)))
        .count()
}
