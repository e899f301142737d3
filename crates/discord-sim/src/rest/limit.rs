//! Rate limits of routes: which bucket a request is counted in, and the headers that tell of it.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::error::ApiError;
use super::route::{Op, Route};
use crate::core::{Core, lock};
use crate::rules::bucket::{GLOBAL, Limit, Verdict};
use crate::violation::Rule;

/// The limit of a route's bucket, and the bucket's name; requests about interactions have none.
fn bucket(route: &Route) -> Option<(&'static str, Limit)> {
    let per = |requests, millis| Limit {
        requests,
        window: Duration::from_millis(millis),
    };
    Some(match route.op {
        op if op.by_interaction_token() => return None,
        Op::CreateMessage => ("create-message", per(5, 5_000)),
        Op::EditMessage => ("edit-message", per(5, 5_000)),
        Op::DeleteMessage => ("delete-message", per(5, 1_000)),
        Op::AddReaction
        | Op::RemoveOwnReaction
        | Op::RemoveReaction
        | Op::ClearReactions
        | Op::ClearEmoji => ("reactions", per(1, 250)),
        _ => (route.template, per(50, 1_000)),
    })
}

/// Counts the request and writes the headers; refuses it when a bucket is used up.
pub(super) fn check(core: &Core, route: &Route, headers: &mut HeaderMap) -> Result<(), ApiError> {
    let Some((name, limit)) = bucket(route) else {
        return Ok(());
    };
    let now = core.clock.elapsed();
    let key = format!("{name}:{}", route.major());
    let (global, own) = {
        let mut buckets = lock(&core.buckets);
        let global = buckets.take("global", GLOBAL, now);
        // A request that the global limit refuses is not counted twice.
        (
            global,
            if global.allowed {
                Some(buckets.take(&key, limit, now))
            } else {
                None
            },
        )
    };
    let (verdict, is_global) = own.map_or((global, true), |own| (own, false));
    if !core.rate_limits {
        return Ok(());
    }
    tell(headers, &verdict, name, is_global, core);
    if verdict.allowed {
        return Ok(());
    }
    let error = ApiError::new(429, 0, "You are being rate limited.");
    Err(ApiError {
        retry: Some((verdict.reset_after.as_secs_f64(), is_global)),
        // One refusal may surprise a bot; asking again before the time told is its fault.
        rule: verdict.warned.then_some(Rule::IgnoredRateLimit),
        ..error
    })
}

fn tell(headers: &mut HeaderMap, verdict: &Verdict, name: &str, is_global: bool, core: &Core) {
    let reset_after = verdict.reset_after.as_secs_f64();
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 fit a double exactly"
    )]
    let now_secs = core.clock.unix_ms() as f64 / 1_000.0;
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    if is_global {
        set("x-ratelimit-global", "true".into());
    } else {
        set("x-ratelimit-limit", verdict.limit.to_string());
        set("x-ratelimit-remaining", verdict.remaining.to_string());
        set("x-ratelimit-reset", format!("{:.3}", now_secs + reset_after));
        set("x-ratelimit-reset-after", format!("{reset_after:.3}"));
        let hash = name
            .bytes()
            .fold(0x51_7c_c1_b7_u32, |hash, b| hash.rotate_left(5) ^ u32::from(b));
        set("x-ratelimit-bucket", format!("{hash:08x}"));
    }
    if !verdict.allowed {
        set("retry-after", format!("{:.0}", reset_after.ceil()));
        set(
            "x-ratelimit-scope",
            if is_global { "global" } else { "user" }.into(),
        );
    }
}
