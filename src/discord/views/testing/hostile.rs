//! Values as hostile as members and film databases can make them.

use proptest::prelude::*;

use super::examples::{LIVE, page};
use crate::catalogue::SearchHit;
use crate::domain::abroad::WatchHere;
use crate::domain::film::{Cached, Film, FilmData, Rating, RatingSource, Series, Source};
use crate::domain::ids::{FilmId, MemberId, ProposalId};
use crate::domain::poll::{Details, PollPage};
use crate::domain::proposal::Proposal;

/// Text as hostile as members and film databases can make it, though never empty.
pub fn any_text(max: usize) -> impl Strategy<Value = String> {
    let nasty = prop_oneof![
        Just("@everyone ".to_owned()),
        Just("<@80351110224678912>".to_owned()),
        Just("**bold** __x__ ~~s~~ ||spoiler|| `code` ```block```".to_owned()),
        Just("[click](https://evil.example)".to_owned()),
        Just("\u{202e}gnp.exe".to_owned()),
        Just("\n\n# Heading\n> quote\n-# small".to_owned()),
        Just("👩‍👩‍👧‍👦".to_owned()),
        Just("\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}".to_owned()),
        Just("e\u{301}\u{302}\u{303}\u{304}\u{305}".to_owned()),
        Just("مرحبا שלום".to_owned()),
        Just("\\".to_owned()),
        Just(" ".to_owned()),
        Just("<t:0:R>".to_owned()),
        Just("***".to_owned()),
        proptest::collection::vec(any::<char>(), 1..12).prop_map(String::from_iter),
        Just("W".repeat(60)),
    ];
    proptest::collection::vec(nasty, 1..max / 16 + 3).prop_map(move |parts| {
        let text: String = parts.concat();
        text.chars().take(max).collect()
    })
}

/// Any film, with data or without, identified or not.
pub fn any_film() -> impl Strategy<Value = Film> {
    let data = (
        any_text(400),
        proptest::option::of(any::<u16>()),
        proptest::option::of(any::<u16>()),
        proptest::collection::vec(any_text(80), 0..8),
        proptest::collection::vec(any_text(80), 0..8),
        proptest::option::of(any_text(3000)),
        proptest::option::of(any::<u8>()),
        prop_oneof![
            Just(None),
            any_text(60).prop_map(Some),
            Just(Some("https://image.tmdb.org/t/p/w500/a.jpg".to_owned()))
        ],
        any_series(),
    )
        .prop_map(
            |(title, year, runtime_min, genres, directors, plot, tenths, url, series)| Cached {
                data: FilmData {
                    v: FilmData::VERSION,
                    source: Source::Tmdb,
                    title,
                    year,
                    runtime_min,
                    genres,
                    directors,
                    plot,
                    rating: tenths.map(|tenths| Rating {
                        tenths,
                        source: RatingSource::Tmdb,
                    }),
                    poster_url: url.clone(),
                    trailer_url: url,
                    series,
                    abroad: None,
                },
                cached_at: 0,
            },
        );
    (
        any_text(400),
        proptest::option::of(1000..u16::MAX),
        proptest::option::of(1_u64..9_999_999_999),
        proptest::option::of(data),
    )
        .prop_map(|(title, year, imdb, cached)| Film {
            id: FilmId(1),
            imdb_id: imdb.map(|number| format!("tt{number:0>7}").parse().expect("an id")),
            title,
            year,
            cached,
            language: None,
        })
}

/// Any place to watch a film.
pub fn any_watch() -> impl Strategy<Value = Option<WatchHere>> {
    let services = proptest::collection::vec(any_text(80), 0..10);
    let here = (any_text(20), services).prop_map(|(country, services)| WatchHere { country, services });
    proptest::option::of(here)
}

/// Any facts of a series.
fn any_series() -> impl Strategy<Value = Option<Series>> {
    let some = || any::<Option<u16>>();
    let series = (some(), some(), some(), some()).prop_map(|(ended, seasons, season, episodes)| Series {
        ended,
        seasons,
        season,
        episodes,
    });
    proptest::option::of(series)
}

/// Any state of details.
pub fn any_details() -> impl Strategy<Value = Details> {
    prop_oneof![
        Just(Details::Fresh),
        Just(Details::Old),
        Just(Details::OnTheWay),
        Just(Details::None)
    ]
}

/// Any proposal, with this key.
pub fn any_proposal(number: i64) -> impl Strategy<Value = Proposal> {
    (any_film(), any::<u64>(), proptest::option::of(any_text(200))).prop_map(move |(film, by, pitch)| {
        Proposal {
            id: ProposalId(number),
            film,
            proposed_by: MemberId(by),
            proposed_at: 0,
            pitch,
        }
    })
}

/// Any film that a search found.
pub fn any_hit() -> impl Strategy<Value = SearchHit> {
    let year = proptest::option::of(any::<u16>());
    let tenths = proptest::option::of(any::<u8>());
    (any_text(400), year, tenths).prop_map(|(title, year, tenths)| SearchHit {
        imdb_id: "tt0133093".parse().expect("an id"),
        title,
        year,
        rating: tenths.map(|tenths| Rating {
            tenths,
            source: RatingSource::Imdb,
        }),
    })
}

/// Any page of a poll of a server that may have 5,000 voters and 200 proposals.
pub fn any_page() -> impl Strategy<Value = PollPage> {
    let entries = proptest::collection::vec((any_proposal(0), 0..=5000_u32, any_details()), 0..=10);
    (
        entries,
        proptest::option::of(any_text(400)),
        1..=20_u32,
        0..=5000_u32,
        any::<Option<i64>>(),
        any::<bool>(),
    )
        .prop_map(|(mut standings, title, number, voters, closes_at, live)| {
            standings.sort_by_key(|(_, votes, _)| std::cmp::Reverse(*votes));
            for (key, (proposal, _, _)) in (1..).zip(&mut standings) {
                proposal.id = ProposalId(key);
            }
            let mut page = page(standings);
            page.page = number;
            page.head.proposals = if page.entries.is_empty() { 0 } else { 200 };
            page.head.voters = voters;
            page.head.round.title = title;
            page.head.round.closes_at = closes_at;
            page.head.live = live.then_some(LIVE);
            for entry in &mut page.entries {
                entry.rank += (number - 1) * 10;
            }
            page
        })
}
