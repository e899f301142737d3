//! A provider's health as its answers and the clock move it.

use super::*;

/// 2026-11-23 11:00:00 UTC.
const NOW_MS: i64 = 1_795_431_600_000;

const DOWN: Result<bool, Fault> = Err(Fault::Transient("down"));

fn provider() -> (Clock, Arc<Health>) {
    let clock = Clock::manual(NOW_MS);
    let health = Health::new(Source::Cinemeta, clock.clone(), Metrics::new(), Arc::default());
    (clock, health)
}

fn ask(health: &Arc<Health>, answer: Result<bool, Fault>) -> bool {
    health.admit().map(|permit| permit.settle(answer)).is_some()
}

fn rest(health: &Arc<Health>) {
    for _ in 0..FAILURES_IN_A_ROW {
        assert!(ask(health, DOWN));
    }
}

#[test]
fn five_failures_in_a_row_rest_a_provider_for_a_minute() {
    let (clock, health) = provider();
    for _ in 0..4 {
        ask(&health, DOWN);
    }
    assert!(ask(&health, Ok(false)), "an answer begins the row anew");
    rest(&health);
    assert!(!ask(&health, Ok(true)));
    assert_eq!(health.state(), ProviderState::Resting(Duration::from_mins(1)));
    clock.advance_ms(59_999);
    assert_eq!(health.retry_in(), Some(Duration::from_millis(1)));
    assert!(health.admit().is_none());
    clock.advance_ms(1);
    assert!(ask(&health, Ok(true)));
    assert_eq!(health.state(), ProviderState::Up);
}

#[test]
fn after_the_rest_one_probe_is_made_and_no_more() {
    let (clock, health) = provider();
    rest(&health);
    clock.advance_ms(REST_MS);
    let probe = health.admit().expect("a probe");
    assert!(health.admit().is_none());
    assert_eq!(health.retry_in(), Some(PROBE_HINT));
    probe.settle(DOWN);
    assert!(health.admit().is_none(), "a failed probe rests it again");
    clock.advance_ms(REST_MS);
    assert!(health.admit().is_some());
}

#[test]
fn a_probe_that_is_dropped_leaves_the_way_to_the_next() {
    let (clock, health) = provider();
    rest(&health);
    clock.advance_ms(REST_MS);
    drop(health.admit().expect("a probe"));
    assert!(health.admit().is_some());
}

#[test]
fn a_share_overrun_counts_once_and_a_late_answer_closes_the_breaker() {
    let (_, health) = provider();
    let mut late: Vec<_> = (0..5).filter_map(|_| health.admit()).collect();
    for permit in &mut late {
        permit.note_late();
    }
    assert_eq!(health.counts().transient, 5);
    assert!(!health.admits());
    late.pop().expect("a permit").settle(DOWN);
    assert_eq!(health.counts().transient, 5);
    late.pop().expect("a permit").settle(Ok(true));
    assert!(health.admits());
}

#[test]
fn failures_of_calls_made_before_the_rest_do_not_lengthen_it() {
    let (clock, health) = provider();
    let early = health.admit().expect("leave");
    rest(&health);
    clock.advance_ms(30_000);
    early.settle(DOWN);
    assert_eq!(health.retry_in(), Some(Duration::from_secs(30)));
}

#[test]
fn a_used_up_quota_rests_until_the_named_time_within_bounds() {
    for (named, rest_secs) in [
        (NamedTime::InSecs(120), 120),
        (NamedTime::InSecs(0), 1),
        (NamedTime::InSecs(u64::MAX), 86_400),
        (NamedTime::At(NOW_MS / 1_000 + 300), 300),
        (NamedTime::At(0), 1),
        (NamedTime::Unnamed, 13 * 3_600),
    ] {
        let (clock, health) = provider();
        assert!(ask(&health, Err(Fault::Quota(named))));
        let rest = Duration::from_secs(rest_secs);
        assert_eq!(health.state(), ProviderState::QuotaUsedUp(rest), "{named:?}");
        assert!(health.admit().is_none());
        clock.advance_ms(i64::try_from(rest.as_millis()).expect("a rest"));
        assert!(health.admit().is_some(), "{named:?}");
    }
}

#[test]
fn changes_are_to_be_kept_until_they_are_and_probes_are_none() {
    let (clock, health) = provider();
    ask(&health, DOWN);
    ask(&health, Ok(true));
    assert_eq!(health.unkept(), None, "one failure changes nothing");
    rest(&health);
    let change = health.unkept().expect("a change");
    let now = NOW_MS / 1_000;
    let resting = Rest {
        from: now,
        until: now + 60,
    };
    assert_eq!(
        (change.condition, change.rest),
        (Condition::Failing, Some(resting))
    );
    health.keep(change);
    clock.advance_ms(REST_MS);
    ask(&health, DOWN);
    assert_eq!(health.unkept(), None, "a failed probe is no news");
    clock.advance_ms(REST_MS);
    ask(&health, Ok(false));
    assert_eq!(health.unkept().map(|seen| seen.condition), Some(Condition::Up));
}

#[test]
fn a_rest_goes_on_after_a_restart_unless_it_is_over_or_from_the_future() {
    let now = NOW_MS / 1_000;
    let hour = Duration::from_hours(1);
    for (from, until, state) in [
        (now - 60, now + 3_600, ProviderState::QuotaUsedUp(hour)),
        (now - 60, now, ProviderState::Up),
        (now + 60, now + 3_600, ProviderState::Up),
        (
            now - 60,
            i64::MAX,
            ProviderState::QuotaUsedUp(Duration::from_hours(24)),
        ),
    ] {
        let (_, health) = provider();
        health.resume(Rest { from, until });
        assert_eq!(health.state(), state, "{from} to {until}");
        assert_eq!(health.unkept(), None);
    }
}

#[test]
fn only_a_provider_that_answered_last_is_worth_waiting_for() {
    let (clock, health) = provider();
    assert!(health.is_well(), "never asked");
    ask(&health, DOWN);
    assert!(!health.is_well() && health.admits());
    ask(&health, Ok(false));
    assert!(health.is_well());
    rest(&health);
    clock.advance_ms(REST_MS);
    assert!(!health.is_well() && health.admits(), "a probe is due");
}

#[test]
fn a_refused_key_is_final() {
    let (clock, health) = provider();
    ask(&health, Err(Fault::BadKey));
    clock.advance_ms(30 * DAY_MS);
    assert_eq!(health.state(), ProviderState::BadKey);
    assert_eq!(health.retry_in(), None);
    assert!(health.admit().is_none());
}

#[test]
fn a_clock_that_is_set_back_ends_a_rest() {
    let (clock, health) = provider();
    ask(&health, Err(Fault::Quota(NamedTime::InSecs(3_600))));
    clock.advance_ms(-DAY_MS);
    assert!(health.admit().is_some());
}
