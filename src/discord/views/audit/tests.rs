//! The audit as drawn, and for hostile texts.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{any_text, assert_within_limits};

fn audit(acts: Vec<Act>) -> Audit {
    let entries = (0..).zip(acts).map(|(number, act)| AuditEntry {
        at: 1_790_000_000 + number,
        by: (number > 0).then_some(MemberId(7)),
        act,
    });
    Audit {
        entries: entries.collect(),
        page: 2,
        pages: 3,
    }
}

#[test]
fn every_act_is_told() {
    let title = || "*Alien*".to_owned();
    let acts = vec![
        Act::RoundClosed { number: 3 },
        Act::Proposed { title: title() },
        Act::Withdrew { title: title() },
        Act::Removed {
            title: title(),
            proposed_by: 8,
        },
        Act::ServerLimit { limit: Some(3) },
        Act::MemberLimit {
            member: 8,
            limit: None,
        },
        Act::Setting {
            name: "quorum".into(),
            value: None,
        },
        Act::Setting {
            name: "method".into(),
            value: Some("irv".into()),
        },
        Act::RoundStarted { number: 3 },
        Act::RoundChanged {
            number: 3,
            what: "closes tomorrow".into(),
        },
        Act::RoundCancelled { number: 3 },
        Act::RoundReopened { number: 3 },
        Act::WatchedAdded { title: title() },
        Act::WatchedRemoved { title: title() },
        Act::Unknown,
    ];
    let screen = screen(&audit(acts));
    assert_within_limits(&screen);
    insta::assert_yaml_snapshot!("audit", screen.to_json());
}

#[test]
fn a_new_server_has_done_nothing() {
    let audit = Audit {
        entries: Vec::new(),
        page: 1,
        pages: 1,
    };
    let screen = screen(&audit);
    assert_within_limits(&screen);
    assert!(screen.rows.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_fits_a_full_page(text in any_text(400), number in any::<u32>()) {
        let act = |at: u32| match at % 3 {
            0 => Act::Removed { title: text.clone(), proposed_by: u64::MAX },
            1 => Act::Setting { name: text.clone(), value: Some(text.clone()) },
            _ => Act::RoundChanged { number, what: text.clone() },
        };
        assert_within_limits(&screen(&audit((0..crate::service::settings::AUDIT_PAGE).map(act).collect())));
    }
}
