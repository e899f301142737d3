//! What the tests of all views share: Discord's rules on a message's JSON, and hostile values.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;

use crate::catalogue::SearchHit;
use crate::discord::limits;
use crate::discord::screen::Screen;
use crate::domain::film::{Cached, Film, FilmData, Rating, RatingSource, Source};
use crate::domain::ids::{ChannelId, FilmId, GuildId, MemberId, MessageId, ProposalId, RoundId};
use crate::domain::poll::{Details, Entry, LiveMessage, PollHead, PollPage, Standing, VOTERS_SHOWN};
use crate::domain::proposal::Proposal;
use crate::domain::round::{Method, Round, RoundState};

/// The server of all examples.
pub const GUILD: GuildId = GuildId(110_373_943_822_540_800);
/// The round of all examples.
pub const ROUND: RoundId = RoundId(7_507_804_160_000_001);
/// The live message of all examples.
pub const LIVE: LiveMessage = LiveMessage {
    channel: ChannelId(110_373_943_822_540_801),
    message: MessageId(1_130_373_943_822_540_802),
    page: 1,
};

/// Holds a screen to Discord's rules, on the JSON that is sent, independently of [`limits::fit`].
#[track_caller]
pub fn assert_within_limits(screen: &Screen) {
    let json = screen.to_json();
    assert_eq!(json["allowed_mentions"]["parse"], serde_json::json!([]));
    let content = text(&json["content"]);
    assert_units(content, 0, 2000, "content");
    let embeds = json["embeds"].as_array().expect("embeds are always stated");
    assert!(embeds.len() <= 10, "{} embeds", embeds.len());
    assert!(
        !content.trim().is_empty() || !embeds.is_empty(),
        "an empty message"
    );
    let total: usize = embeds.iter().map(assert_embed).sum();
    assert!(total <= 6000, "{total} characters over all embeds");
    let rows = json["components"]
        .as_array()
        .expect("components are always stated");
    assert!(rows.len() <= 5, "{} rows", rows.len());
    let mut ids = HashSet::new();
    for row in rows {
        assert_row(row, &mut ids);
    }
}

fn assert_embed(embed: &Value) -> usize {
    let mut total = 0;
    for (key, max) in [("title", 256), ("description", 4096)] {
        if let Some(value) = embed.get(key).filter(|value| !value.is_null()) {
            total += assert_units(text(value), 1, max, key);
        }
    }
    if embed["author"].is_object() {
        total += assert_units(text(&embed["author"]["name"]), 1, 256, "author");
    }
    if embed["footer"].is_object() {
        total += assert_units(text(&embed["footer"]["text"]), 1, 2048, "footer");
    }
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(fields.len() <= 25);
    for field in fields {
        total += assert_units(text(&field["name"]), 1, 256, "field name");
        total += assert_units(text(&field["value"]), 1, 1024, "field value");
    }
    let pictures = [&embed["image"]["url"], &embed["thumbnail"]["url"]];
    for url in pictures.into_iter().chain([&embed["url"]]) {
        if let Some(url) = url.as_str() {
            assert!(url.starts_with("http") && url.len() <= 2048, "{url}");
        }
    }
    assert!(
        total > 0 || pictures.iter().any(|url| url.is_string()),
        "an empty embed"
    );
    total
}

fn assert_row(row: &Value, ids: &mut HashSet<String>) {
    let parts = row["components"].as_array().expect("a row has components");
    assert!((1..=5).contains(&parts.len()));
    for part in parts {
        if let Some(id) = part["custom_id"].as_str() {
            assert_units(id, 1, 100, "custom_id");
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
        if part["type"] == 2 {
            assert_units(text(&part["label"]), 1, 80, "button label");
            if part["style"] == 5 {
                assert_units(text(&part["url"]), 1, 512, "button url");
            }
        } else {
            assert_eq!(parts.len(), 1, "a menu has its row for itself");
            assert_select(part);
        }
    }
}

fn assert_select(select: &Value) {
    let options = select["options"].as_array().expect("a menu has options");
    assert!((1..=25).contains(&options.len()));
    assert_units(text(&select["placeholder"]), 1, 150, "placeholder");
    let (min, max) = (select["min_values"].as_u64(), select["max_values"].as_u64());
    assert!(min <= max && max <= Some(options.len() as u64) && max >= Some(1));
    let values: HashSet<&str> = options.iter().map(|option| text(&option["value"])).collect();
    assert_eq!(values.len(), options.len(), "an option's value twice");
    let chosen = options.iter().filter(|option| option["default"] == true).count();
    assert!(Some(chosen as u64) <= max);
    for option in options {
        assert_units(text(&option["label"]), 1, 100, "option label");
        assert_units(text(&option["value"]), 1, 100, "option value");
        if let Some(description) = option["description"].as_str() {
            assert_units(description, 1, 100, "option description");
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[track_caller]
fn assert_units(text: &str, min: usize, max: usize, what: &str) -> usize {
    let count = text.encode_utf16().count();
    assert!((min..=max).contains(&count), "{what}: {count} characters: {text}");
    assert!(min == 0 || !text.trim().is_empty(), "{what} is blank");
    count
}

/// The film of most examples.
pub fn matrix() -> Film {
    Film {
        id: FilmId(1),
        imdb_id: Some("tt0133093".parse().expect("an id")),
        title: "The Matrix".into(),
        year: Some(1999),
        cached: Some(Cached {
            data: FilmData {
                v: FilmData::VERSION,
                source: Source::Cinemeta,
                title: "The Matrix".into(),
                year: Some(1999),
                runtime_min: Some(136),
                genres: vec!["Action".into(), "Sci-Fi".into()],
                directors: vec!["Lana Wachowski".into(), "Lilly Wachowski".into()],
                plot: Some("A hacker learns what the world is made of.".into()),
                rating: Some(Rating {
                    tenths: 87,
                    source: RatingSource::Imdb,
                }),
                poster_url: Some("https://images.metahub.space/poster/medium/tt0133093/img".into()),
                trailer_url: Some("https://www.youtube.com/watch?v=vKQi3bBA1y8".into()),
            },
            cached_at: 1_790_000_000,
        }),
    }
}

/// A film of which nothing is known but its title.
pub fn bare(number: i64, title: &str, imdb_id: Option<&str>) -> Film {
    Film {
        id: FilmId(number),
        imdb_id: imdb_id.map(|id| id.parse().expect("an id")),
        title: title.into(),
        year: None,
        cached: None,
    }
}

/// A proposal of this film.
pub fn proposal(number: i64, film: Film, pitch: Option<&str>) -> Proposal {
    Proposal {
        id: ProposalId(number),
        film,
        proposed_by: MemberId(80_351_110_224_678_912),
        proposed_at: 1_790_000_000,
        pitch: pitch.map(str::to_owned),
    }
}

/// The example round.
pub fn round() -> Round {
    Round {
        id: ROUND,
        guild: GUILD,
        state: RoundState::Open,
        method: Method::Approval,
        title: None,
        closes_at: None,
    }
}

/// A page with these proposals, which have so many votes, best first.
pub fn page(standings: Vec<(Proposal, u32, Details)>) -> PollPage {
    let most_votes = standings.iter().map(|(_, votes, _)| *votes).max().unwrap_or(0);
    let count = u32::try_from(standings.len()).expect("few");
    PollPage {
        head: PollHead {
            round: round(),
            live: Some(LIVE),
            proposals: count,
            voters: most_votes,
        },
        page: 1,
        entries: (1..)
            .zip(standings)
            .map(|(rank, (proposal, votes, details))| Entry {
                rank,
                leads: votes > 0 && votes == most_votes,
                standing: Standing {
                    proposal,
                    votes,
                    first_voters: (1..=u64::from(votes.min(VOTERS_SHOWN)))
                        .map(|number| MemberId(80_351_110_224_678_900 + number))
                        .collect(),
                },
                details,
            })
            .collect(),
        most_votes,
    }
}

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
        "\\PC{1,12}",
        Just("W".repeat(60)),
    ];
    proptest::collection::vec(nasty, 1..24).prop_map(move |parts| {
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
    )
        .prop_map(
            |(title, year, runtime_min, genres, directors, plot, tenths, url)| Cached {
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
        })
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

/// Any film that a search found, with this number as its identity.
pub fn any_hit(number: u32) -> impl Strategy<Value = SearchHit> {
    (
        any_text(400),
        proptest::option::of(any::<u16>()),
        proptest::option::of(any::<u8>()),
    )
        .prop_map(move |(title, year, tenths)| SearchHit {
            imdb_id: format!("tt{:0>7}", number + 1).parse().expect("an id"),
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

/// How many units all embeds of a screen use, for tests of budgets.
pub fn total(screen: &Screen) -> usize {
    limits::embeds_total(screen)
}
