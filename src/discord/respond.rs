//! The one way to answer an interaction: in one call when the answer is ready soon, else an
//! acknowledgement first and the answer as its edit.
//!
//! Owns the three-second rule and the change of mind from public to private. Knows no command. An
//! answer that cannot be sent is logged and dropped: what was done stays done, and the next view
//! shows it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serenity::builder::{CreateInteractionResponse, CreateInteractionResponseMessage};
use serenity::model::id::InteractionId;
use tokio::time::Instant;

use super::rest::{CallError, Patience, Posted, Rest};
use super::screen::Screen;
use super::views::refusal;
use crate::metrics::Metrics;

/// An answer that is not ready by then is announced by an acknowledgement.
pub const ACK_WITHIN: Duration = Duration::from_millis(700);

/// A first answer is not attempted later than this after the interaction came: Discord takes it for
/// 3 s, and it was on its way already.
const FIRST_WITHIN: Duration = Duration::from_millis(2700);

/// How long what an interaction asks for may take. Everything behind is bounded by itself; this is
/// what keeps a mistake there from leaving a member waiting.
const WORK_WITHIN: Duration = Duration::from_secs(20);

/// How long an edit or a follow-up is tried.
const LATER_WITHIN: Duration = Duration::from_secs(15);

/// Where an answer belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A new message that everybody sees.
    Public,
    /// A new message for the one who asked.
    Private,
    /// The message whose button or menu was used.
    InPlace,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// What was asked for, in the place it belongs to.
    Shown(Screen),
    /// A word to the one who asked, wherever the answer would have stood: a refusal, a choice.
    Aside(Screen),
}

/// How an answer went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// What was asked for is shown; by this message, where it is a new one and Discord told.
    Shown(Option<Posted>),
    /// A word aside was said.
    Aside,
    /// It could not be sent.
    Lost,
}

impl Delivery {
    /// The word for it in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown(_) => "shown",
            Self::Aside => "aside",
            Self::Lost => "lost",
        }
    }
}

/// The means to answer one interaction.
#[derive(Debug, Clone)]
pub struct Responder {
    rest: Arc<Rest>,
    id: InteractionId,
    token: String,
    begun: Instant,
}

impl Responder {
    /// For the interaction with this id and token, which came just now.
    pub fn new(rest: Arc<Rest>, id: InteractionId, token: String) -> Self {
        Self {
            rest,
            id,
            token,
            begun: Instant::now(),
        }
    }

    /// The interaction's token, for edits within 15 minutes.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The bot's figures.
    pub fn metrics(&self) -> &Metrics {
        self.rest.metrics()
    }

    /// How long ago the interaction came.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Answers with what `work` brings: at once if that is soon, else by an acknowledgement and an
    /// edit. `work` goes on to its end even if Discord cannot be told.
    pub async fn answer_within(&self, place: Place, work: impl Future<Output = Reply>) -> Delivery {
        let mut work = pin!(work);
        match tokio::time::timeout_at(self.begun + ACK_WITHIN, work.as_mut()).await {
            Ok(reply) => self.answer(place, reply).await,
            Err(_elapsed) => {
                self.acknowledge(place).await;
                let reply = tokio::time::timeout(WORK_WITHIN, work).await;
                let reply = reply.unwrap_or_else(|_elapsed| {
                    tracing::error!(interaction = %self.id, "an answer took too long and was given up");
                    Reply::Aside(refusal::unconfirmed())
                });
                self.answer_later(place, reply).await
            }
        }
    }

    /// The first answer, which is all of it.
    pub async fn answer(&self, place: Place, reply: Reply) -> Delivery {
        let (first, delivered) = match (place, reply) {
            (Place::InPlace, Reply::Shown(screen)) => (
                CreateInteractionResponse::UpdateMessage(screen.into_response_message()),
                Delivery::Shown(None),
            ),
            (Place::Public, Reply::Shown(screen)) => (
                CreateInteractionResponse::Message(screen.into_response_message()),
                Delivery::Shown(None),
            ),
            (Place::Private, Reply::Shown(screen)) => (private(screen), Delivery::Shown(None)),
            (_, Reply::Aside(screen)) => (private(screen), Delivery::Aside),
        };
        let wants_message = place == Place::Public && delivered != Delivery::Aside;
        match (self.first(&first, wants_message).await, delivered) {
            (Ok(posted), Delivery::Shown(_)) => Delivery::Shown(posted),
            (Ok(_), delivered) => delivered,
            (Err(error), _) => self.lost("first answer", &error),
        }
    }

    /// The message that the first answer made, asked of Discord.
    pub async fn first_answer_posted(&self) -> Option<Posted> {
        let patience = Patience::until(Instant::now() + LATER_WITHIN);
        match self.rest.find_original(&self.token, patience).await {
            Ok(posted) => Some(posted),
            Err(error) => {
                self.lost("question", &error);
                None
            }
        }
    }

    /// Says that the click was taken, and changes nothing that is seen.
    pub async fn take_click(&self) -> Delivery {
        match self.first(&CreateInteractionResponse::Acknowledge, false).await {
            Ok(_) => Delivery::Shown(None),
            Err(error) => self.lost("acknowledgement", &error),
        }
    }

    /// A private word, whether or not there was an answer before it.
    pub async fn say_aside(&self, screen: Screen) -> Delivery {
        match self.first(&private(screen.clone()), false).await {
            Ok(_) => Delivery::Aside,
            Err(error) if error.is_answered_already() => self.follow_up(screen, true).await,
            Err(error) => self.lost("first answer", &error),
        }
    }

    /// A further message, after the first answer.
    pub async fn follow_up(&self, screen: Screen, private: bool) -> Delivery {
        let message = screen.into_followup().ephemeral(private);
        let until = Instant::now() + LATER_WITHIN;
        match self.rest.follow_up(&self.token, &message, until).await {
            Ok(()) if private => Delivery::Aside,
            Ok(()) => Delivery::Shown(None),
            Err(error) => self.lost("follow-up", &error),
        }
    }

    async fn acknowledge(&self, place: Place) {
        let shown = CreateInteractionResponseMessage::new();
        let first = match place {
            Place::Public => CreateInteractionResponse::Defer(shown),
            Place::Private => CreateInteractionResponse::Defer(shown.ephemeral(true)),
            Place::InPlace => CreateInteractionResponse::Acknowledge,
        };
        if let Err(error) = self.first(&first, false).await {
            // It may have arrived all the same: the edit is attempted.
            self.lost("acknowledgement", &error);
        }
    }

    /// The answer after an acknowledgement.
    async fn answer_later(&self, place: Place, reply: Reply) -> Delivery {
        let patience = Patience::until(Instant::now() + LATER_WITHIN);
        match (place, reply) {
            (Place::Public, Reply::Aside(screen)) => {
                // The acknowledgement was public and stays so: it goes, and a private message comes.
                if let Err(error) = self.rest.delete_original(&self.token, patience).await {
                    self.lost("removal", &error);
                }
                self.follow_up(screen, true).await
            }
            (Place::InPlace, Reply::Aside(screen)) => self.follow_up(screen, true).await,
            (_, reply) => {
                let (screen, delivered) = match reply {
                    Reply::Shown(screen) => (screen, Delivery::Shown(None)),
                    Reply::Aside(screen) => (screen, Delivery::Aside),
                };
                let edit = screen.into_edit_response();
                match self.rest.edit_original(&self.token, &edit, patience).await {
                    Ok(posted) if place == Place::Public => Delivery::Shown(posted),
                    Ok(_) => delivered,
                    Err(error) => self.lost("edit", &error),
                }
            }
        }
    }

    async fn first(
        &self,
        answer: &CreateInteractionResponse,
        wants_message: bool,
    ) -> Result<Option<Posted>, CallError> {
        let until = self.begun + FIRST_WITHIN;
        self.rest
            .first_answer(self.id, &self.token, answer, wants_message, until)
            .await
    }

    fn lost(&self, what: &'static str, error: &CallError) -> Delivery {
        tracing::warn!(
            interaction = %self.id,
            what,
            %error,
            ms = self.begun.elapsed().as_millis(),
            "an answer could not be sent"
        );
        Delivery::Lost
    }
}

fn private(screen: Screen) -> CreateInteractionResponse {
    CreateInteractionResponse::Message(screen.into_response_message().ephemeral(true))
}
