//! `/about` as drawn, with providers in every state.

use proptest::prelude::*;

use super::*;
use crate::catalogue::Usage;
use crate::discord::views::testing::{any_text, assert_within_limits};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_version_and_address_fit(version in "[0-9a-z.+-]{1,80}", url in any_text(60), secs in any::<u64>()) {
        let state = ProviderState::Resting(Duration::from_secs(secs));
        let providers = [Source::Tmdb, Source::Omdb, Source::Cinemeta, Source::Wikidata]
            .map(|source| provider(source, state));
        let about = About {
            version: &version,
            uptime: Duration::from_secs(secs),
            providers: &providers,
            imdb_titles: true,
            privacy_url: Some(&url),
        };
        assert_within_limits(&screen(&about));
    }
}

fn provider(source: Source, state: ProviderState) -> ProviderHealth {
    let usage = Usage {
        requests_today: 312,
        daily_limit: (source == Source::Omdb).then_some(1_000),
    };
    ProviderHealth { source, state, usage }
}

#[test]
fn about_tells_the_health_and_the_credits_of_each_film_database() {
    let providers = [
        provider(Source::Tmdb, ProviderState::Resting(Duration::from_mins(1))),
        provider(Source::Omdb, ProviderState::QuotaUsedUp(Duration::from_hours(5))),
        provider(Source::Cinemeta, ProviderState::Up),
        provider(Source::Wikidata, ProviderState::Up),
    ];
    let screen = screen(&About {
        version: "0.1.0",
        uptime: Duration::from_hours(76),
        providers: &providers,
        imdb_titles: true,
        privacy_url: Some("https://example.org/privacy"),
    });
    assert_within_limits(&screen);
    insta::assert_yaml_snapshot!("about", screen.to_json());
}

#[test]
fn tmdb_is_credited_only_where_it_is_used() {
    let credited = |providers: &[ProviderHealth]| {
        let screen = screen(&About {
            version: "0.1.0",
            uptime: Duration::ZERO,
            providers,
            imdb_titles: false,
            privacy_url: None,
        });
        assert_within_limits(&screen);
        screen.embeds[0].fields.iter().any(|field| {
            field
                .value
                .contains("not endorsed, certified, or otherwise approved by TMDB.")
        })
    };
    assert!(credited(&[provider(Source::Tmdb, ProviderState::BadKey)]));
    assert!(!credited(&[provider(Source::Cinemeta, ProviderState::Up)]));
    assert!(!credited(&[]));
}
