//! Picks as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{
    ROUND, any_details, any_proposal, assert_within_limits, bare, matrix, proposal,
};
use crate::domain::method::Method;
use crate::domain::poll::Details;

fn picked(odds: Odds) -> RandomPick {
    RandomPick {
        proposal: proposal(11, matrix(), Some("Because *nobody* here has seen it.")),
        details: Details::Fresh,
        round: ROUND,
        odds,
    }
}

const fn even(films: u32, no_votes: bool) -> Odds {
    Odds::Even { films, no_votes }
}

#[test]
fn a_film_by_chance_states_its_odds() {
    insta::assert_yaml_snapshot!("random", random(&picked(even(7, false))).to_json());
    let by_votes = |method| Odds::ByVotes {
        own: 5,
        all: 12,
        method,
    };
    let told: Vec<String> = [
        even(1, false),
        even(1, true),
        even(7, true),
        by_votes(Method::Approval),
        by_votes(Method::Star),
    ]
    .into_iter()
    .map(|odds| random(&picked(odds)).content)
    .collect();
    insta::assert_yaml_snapshot!("odds", told);
}

#[test]
fn a_double_feature_looks_like_this() {
    let pair = DoubleFeature {
        films: [
            (proposal(11, matrix(), None), 136),
            (proposal(12, bare(2, "Alien", Some("tt0078748")), None), 117),
        ],
        round: ROUND,
        budget: 270,
        untimed: 3,
    };
    insta::assert_yaml_snapshot!("double_feature", double_feature(&pair).to_json());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_pick_fits(one in any_proposal(1), other in any_proposal(2), details in any_details(), own in any::<u32>(), all in any::<u64>(), untimed in any::<u32>()) {
        let odds = Odds::ByVotes { own, all, method: Method::Approval };
        assert_within_limits(&random(&RandomPick { proposal: one.clone(), details, round: ROUND, odds }));
        let films = [(one, u16::MAX), (other, u16::MAX)];
        assert_within_limits(&double_feature(&DoubleFeature { films, round: ROUND, budget: u32::MAX, untimed }));
    }
}
