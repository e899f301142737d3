//! `/about` as drawn, with providers in every state.

use super::*;
use crate::discord::views::testing::assert_within_limits;

fn provider(source: Source, state: ProviderState) -> ProviderHealth {
    ProviderHealth { source, state }
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
