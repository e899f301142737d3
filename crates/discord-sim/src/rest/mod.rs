//! The HTTP API: one pipeline for every request. Route, faults, authorization, rate limit, body,
//! Discord's document, the world, the record, in this order. What a route does is in its own file.

mod answers;
mod body;
mod callback;
mod commands;
mod direct;
mod error;
mod identity;
mod limit;
mod messages;
mod reactions;
mod record;
mod route;

use std::collections::HashMap;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use self::body::Body;
use self::error::ApiError;
use self::record::{Passage, Verdict};
use self::route::{Op, Route};
use crate::core::Core;
use crate::faults::Fault;
use crate::id::Id;
use crate::sim::Sim;
use crate::violation::Rule;
use crate::world::World;
use crate::world::draft::Draft;

/// The largest body that is read.
pub(crate) const MAX_BODY_BYTES: usize = 110 * 1024 * 1024;

/// What a route gets to know.
pub(crate) struct Call {
    route: Route,
    query: HashMap<String, String>,
    body: Body,
}

impl Call {
    /// The id that stands for `{name}` in the path.
    fn id(&self, name: &str) -> Result<Id, ApiError> {
        let text = self.route.param(name);
        let wrong = format!("Value \"{text}\" is not snowflake.");
        text.parse()
            .map_err(|_| ApiError::field(name, "NUMBER_TYPE_COERCE", &wrong))
    }

    fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    fn json(&self) -> &Value {
        self.body.json.as_ref().unwrap_or(&Value::Null)
    }

    /// A message's draft from a part of the body, with all files.
    fn draft<'c>(&'c self, payload: &'c Value) -> Draft<'c> {
        Draft {
            payload,
            uploads: &self.body.uploads,
        }
    }
}

/// What a route answers.
#[derive(Debug)]
pub(crate) struct Reply {
    status: u16,
    body: Option<Value>,
}

impl Reply {
    fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body: Some(body),
        }
    }

    fn created(body: Value) -> Self {
        Self {
            status: 201,
            body: Some(body),
        }
    }

    fn nothing() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }
}

type Outcome = Result<Reply, ApiError>;

/// Handles any request under `/api`.
pub(crate) async fn handle(State(sim): State<Sim>, request: Request) -> Response {
    let core = &*sim.core;
    let (parts, http_body) = request.into_parts();
    let mut passage = Passage::begin(core, &parts);
    let mut answer_is_lost = false;
    for fault in core.faults.strike(&passage.name()) {
        match fault {
            Fault::Delay(by) => tokio::time::sleep(by).await,
            Fault::DropAfter => answer_is_lost = true,
            Fault::DropBefore => {
                passage.injected = true;
                let verdict = Verdict {
                    status: 0,
                    error: Some("the request is lost"),
                    rule: None,
                };
                core.act(|world| passage.record(core, world, &verdict));
                return broken_connection();
            }
            Fault::Fail { status, body } => {
                passage.injected = true;
                let verdict = Verdict {
                    status,
                    error: Some("a fault"),
                    rule: None,
                };
                core.act(|world| passage.record(core, world, &verdict));
                return respond(status, Some(&body), HeaderMap::new());
            }
        }
    }
    passage.injected = answer_is_lost;
    let mut headers = HeaderMap::new();
    let outcome = process(core, &mut passage, &parts, http_body, &mut headers).await;
    core.act(|world| record(core, world, &mut passage, &outcome));
    if answer_is_lost {
        return broken_connection();
    }
    match outcome {
        Ok(reply) => respond(reply.status, reply.body.as_ref(), headers),
        Err(error) => respond(error.status, Some(&error.body()), headers),
    }
}

/// Records how a request ended, unless that was done.
fn record(core: &Core, world: &mut World, passage: &mut Passage, outcome: &Outcome) {
    match outcome {
        Ok(reply) => {
            passage.record(
                core,
                world,
                &Verdict {
                    status: reply.status,
                    error: None,
                    rule: None,
                },
            );
        }
        Err(error) => {
            let verdict = Verdict {
                status: error.status,
                error: Some(&error.summary()),
                rule: error.rule,
            };
            passage.record(core, world, &verdict);
        }
    }
}

async fn process(
    core: &Core,
    passage: &mut Passage,
    parts: &Parts,
    http_body: HttpBody,
    headers: &mut HeaderMap,
) -> Outcome {
    let Some(route) = passage.route.clone() else {
        return Err(unknown_route(core, passage));
    };
    let bytes = axum::body::to_bytes(http_body, MAX_BODY_BYTES)
        .await
        .map_err(|_| ApiError::new(413, 40005, "Request entity too large"))?;
    passage.body_bytes = bytes.len();
    if !route.op.by_interaction_token() {
        authorize(core, &parts.headers)?;
    }
    limit::check(core, &route, headers)?;
    let body = body::read(parts, bytes).await?;
    if let Some(document) = &core.openapi {
        for complaint in document.complaints(&passage.method, route.template, body.json.as_ref()) {
            core.act(|world| {
                let interaction = passage.interaction(world);
                world.violate(
                    Rule::OpenApi,
                    format!("{}: {complaint}", passage.name()),
                    interaction,
                );
            });
        }
    }
    let query = Query::try_from_uri(&parts.uri)
        .map(|Query(query)| query)
        .unwrap_or_default();
    let call = Call { route, query, body };
    core.act(|world| {
        let outcome = dispatch(world, &call);
        record(core, world, passage, &outcome);
        outcome
    })
}

fn dispatch(world: &mut World, call: &Call) -> Outcome {
    match call.route.op {
        Op::Gateway | Op::GatewayBot | Op::Me | Op::Application => Ok(identity::about(world, call.route.op)),
        Op::GetChannel
        | Op::GetGuild
        | Op::GetGuildChannels
        | Op::GetGuildRoles
        | Op::GetMember
        | Op::ListMembers
        | Op::GetUser => identity::get(world, call),
        Op::OpenDirectChannel => direct::open(world, call),
        Op::ListCommands
        | Op::ReplaceCommands
        | Op::CreateCommand
        | Op::GetCommand
        | Op::EditCommand
        | Op::DeleteCommand => commands::handle(world, call),
        Op::Callback => callback::handle(world, call),
        Op::CreateFollowup | Op::GetAnswer | Op::EditAnswer | Op::DeleteAnswer => {
            answers::handle(world, call)
        }
        Op::ListMessages | Op::CreateMessage | Op::GetMessage | Op::EditMessage | Op::DeleteMessage => {
            messages::handle(world, call)
        }
        Op::AddReaction
        | Op::RemoveOwnReaction
        | Op::RemoveReaction
        | Op::ListReactions
        | Op::ClearReactions
        | Op::ClearEmoji => reactions::handle(world, call),
    }
}

fn unknown_route(core: &Core, passage: &Passage) -> ApiError {
    let known = core
        .openapi
        .as_ref()
        .map(|d| d.knows_path(&passage.method, &passage.path));
    let remark = match known {
        Some(true) => " (Discord has it, this simulator does not)",
        Some(false) => " (Discord does not have it either)",
        None => "",
    };
    let error = ApiError::not_found().because(Rule::UnknownRoute);
    ApiError {
        message: format!("{}{remark}", error.message),
        ..error
    }
}

fn authorize(core: &Core, headers: &HeaderMap) -> Result<(), ApiError> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    match given.strip_prefix("Bot ") {
        Some(token) if token == core.token => Ok(()),
        _ => Err(ApiError::unauthorized()),
    }
}

fn respond(status: u16, body: Option<&Value>, headers: HeaderMap) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => status.into_response(),
    };
    response.headers_mut().extend(headers);
    response
}

/// A response whose body fails before its head is written: the client sees the connection break.
fn broken_connection() -> Response {
    let lost = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("lost on purpose")) });
    Response::new(HttpBody::from_stream(lost))
}
