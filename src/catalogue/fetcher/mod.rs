//! The one HTTP client of the catalogue, hardened (facts: providers, "One hardened HTTP client").
//!
//! Owns time-outs, the limit on bodies, and redirects, which it follows itself: each hop is checked
//! before a request is made. Knows nothing of films. No URL leaves it in an error or a log, since OMDb's
//! carry the key.

mod site;

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response, redirect};
use tokio::time::timeout;
use url::Url;

pub(super) use site::{Site, check_origin};

use super::budget::Budget;
use super::settings::CatalogueError;

/// The most decompressed bytes of a body that are read.
const BODY_BYTES: usize = 256 * 1024;

/// The most redirects that are followed.
const HOPS: usize = 3;

/// How often a request is sent again, over all its hops.
const RETRIES: u32 = 1;

/// Who asks.
const USER_AGENT: &str = concat!(
    "Marquee/",
    env!("CARGO_PKG_VERSION"),
    " (self-hosted Discord bot for film nights)"
);

/// The client.
#[derive(Debug, Clone)]
pub(super) struct Fetcher {
    client: Client,
    patience: Duration,
    budget: Option<Arc<Budget>>,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
    /// The body, decompressed; of an answer that is not 200, what could be had of it.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FetchFault {
    /// No connection, or it broke before an answer.
    Unreachable,
    /// Not all of it within the time.
    TimedOut,
    /// A redirect that is not followed.
    Redirect(&'static str),
    /// More than [`BODY_BYTES`].
    TooLarge,
    /// The body ended too early, or does not decompress.
    Broken,
    /// Today's requests are spent: nothing was sent.
    Spent,
}

impl Fetcher {
    /// A client that gives up on a request, body and redirects included, after `patience`.
    pub(super) fn new(patience: Duration) -> Result<Self, CatalogueError> {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .timeout(patience)
            .build()
            .map_err(|error| CatalogueError::Client(error.without_url()))?;
        Ok(Self {
            client,
            patience,
            budget: None,
        })
    }

    /// The same client, every request of which is counted in this budget and kept within it.
    pub(super) fn within(&self, budget: Arc<Budget>) -> Self {
        Self {
            budget: Some(budget),
            ..self.clone()
        }
    }

    /// Gets `url`, which is on `site`.
    pub(super) async fn get(&self, site: &Site, url: Url) -> Result<Answer, FetchFault> {
        timeout(self.patience, self.follow(site, url))
            .await
            .unwrap_or(Err(FetchFault::TimedOut))
    }

    async fn follow(&self, site: &Site, mut url: Url) -> Result<Answer, FetchFault> {
        let mut retries = RETRIES;
        for _ in 0..=HOPS {
            let response = self.request_with_retry(site, &url, &mut retries).await?;
            match redirect_target(&response, &url) {
                None => return read(response).await,
                Some(Ok(target)) if site.may_redirect_to(&target) => url = target,
                Some(Ok(_)) => return Err(FetchFault::Redirect("a redirect to elsewhere")),
                Some(Err(())) => return Err(FetchFault::Redirect("a redirect to no URL")),
            }
        }
        Err(FetchFault::Redirect("redirects without end"))
    }

    /// Sends the request, and again if the connection failed before anything was answered and one of the
    /// retries is left.
    async fn request_with_retry(
        &self,
        site: &Site,
        url: &Url,
        retries: &mut u32,
    ) -> Result<Response, FetchFault> {
        loop {
            if self.budget.as_ref().is_some_and(|budget| !budget.spend()) {
                return Err(FetchFault::Spent);
            }
            match self.request(site, url).await {
                Err(error) if *retries > 0 && failed_before_an_answer(&error) => {
                    *retries -= 1;
                    tracing::trace!(error = %told(error), "the connection failed; once more");
                }
                settled => return settled.map_err(fault_of),
            }
        }
    }

    async fn request(&self, site: &Site, url: &Url) -> Result<Response, reqwest::Error> {
        let mut request = self.client.get(url.clone()).header(ACCEPT, "application/json");
        if let Some(bearer) = site.bearer_for(url) {
            request = request.header(AUTHORIZATION, bearer);
        }
        request.send().await
    }
}

/// Where a response sends us on to: `None` when it is no redirect.
fn redirect_target(response: &Response, url: &Url) -> Option<Result<Url, ()>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| url.join(location).ok());
    Some(target.ok_or(()))
}

/// Reads a response to its end, or to the limit.
async fn read(mut response: Response) -> Result<Answer, FetchFault> {
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let announced = response.content_length().unwrap_or_default();
    if status == 200 && announced > BODY_BYTES as u64 {
        return Err(FetchFault::TooLarge);
    }
    let mut body = Vec::new();
    let read = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_BYTES => break Err(FetchFault::TooLarge),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break Ok(()),
            // A time-out in the body says that it is a decoding error too.
            Err(error) if error.is_timeout() => break Err(FetchFault::TimedOut),
            Err(error) => {
                tracing::trace!(error = %told(error), "the body broke off");
                break Err(FetchFault::Broken);
            }
        }
    };
    // The status of an answer that is not 200 says enough, however its body ends.
    if status == 200 {
        read?;
    }
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

/// Whether it is certain that the other side answered nothing, so that asking again does no harm.
fn failed_before_an_answer(error: &reqwest::Error) -> bool {
    if error.is_timeout() {
        return false;
    }
    error.is_connect() || io_kind(error).is_some_and(is_a_broken_connection)
}

const fn is_a_broken_connection(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe
    )
}

/// The kind of the I/O error behind an error, if there is one.
fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        cause = error.source();
    }
    None
}

fn fault_of(error: reqwest::Error) -> FetchFault {
    let timed_out = error.is_timeout();
    tracing::trace!(error = %told(error), "no answer");
    if timed_out {
        FetchFault::TimedOut
    } else {
        FetchFault::Unreachable
    }
}

/// An error with its causes, without the URL.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(": ");
        told.push_str(&error.to_string());
        cause = error.source();
    }
    told
}
