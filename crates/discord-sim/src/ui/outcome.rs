//! What the page is told about an act: done, refused as a client would, or left unanswered by the bot.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::answer::Answer;
use crate::error::{Result, SimError};
use crate::world::interaction::AnswerKind;

/// An act that was refused, in words.
pub(super) fn refusal(status: StatusCode, why: impl AsRef<str>) -> Response {
    (status, Json(json!({ "error": why.as_ref() }))).into_response()
}

/// Nothing to tell but that it is done.
pub(super) fn done() -> Response {
    Json(json!({})).into_response()
}

/// What a client that will not do something says; errors of the bot are not refusals.
pub(super) fn refused(error: &SimError) -> Response {
    let why = match error {
        SimError::Refused(why) => why.clone(),
        other => failure(other).to_owned(),
    };
    refusal(StatusCode::UNPROCESSABLE_ENTITY, why)
}

/// Why the bot did not answer, in a few words: the transcript is for the terminal.
pub(super) fn failure(error: &SimError) -> &'static str {
    match error {
        SimError::BotOffline(_) => "the bot is offline",
        SimError::NoResponse { .. } | SimError::TimedOut { .. } => "no answer in time",
        SimError::OtherAnswer { .. } => "the bot answered with something else",
        _ => "it could not be sent",
    }
}

/// Waits for the bot's first answer, which is at most Discord's deadline, and tells what it was.
pub(super) async fn of(sent: Result<Answer>) -> Response {
    let answer = match sent {
        Ok(answer) => answer,
        Err(error @ SimError::BotOffline(_)) => {
            return Json(json!({ "failed": failure(&error) })).into_response();
        }
        Err(error) => return refused(&error),
    };
    let first = match answer.first().await {
        Ok(first) => first,
        Err(error) => return Json(json!({ "failed": failure(&error) })).into_response(),
    };
    let modal = if first.kind == AnswerKind::Modal {
        answer.modal().await.ok()
    } else {
        None
    };
    Json(json!({ "answered": first.kind, "interaction": answer.interaction_id(), "modal": modal }))
        .into_response()
}
