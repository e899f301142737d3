//! Films, proposals and pages for examples.

use crate::domain::film::{Cached, Film, FilmData, Rating, RatingSource, Source};
use crate::domain::ids::{ChannelId, FilmId, GuildId, MemberId, MessageId, ProposalId, RoundId};
use crate::domain::poll::{Details, Entry, LiveMessage, PollHead, PollPage, Standing, VOTERS_SHOWN};
use crate::domain::proposal::Proposal;
use crate::domain::reaction::VoteInput;
use crate::domain::round::Round;

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
                series: None,
                abroad: None,
            },
            cached_at: 1_790_000_000,
        }),
        language: None,
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
        language: None,
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
    Round::opened(ROUND, GUILD, 1_790_000_000)
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
            input: VoteInput::Buttons,
        },
        page: 1,
        entries: (1..)
            .zip(standings)
            .map(|(rank, (proposal, votes, details))| Entry {
                rank,
                leads: votes > 0 && votes == most_votes,
                standing: Standing {
                    proposal,
                    votes: Some(votes),
                    first_voters: (1..=u64::from(votes.min(VOTERS_SHOWN)))
                        .map(|number| MemberId(80_351_110_224_678_900 + number))
                        .collect(),
                },
                details,
                number: None,
            })
            .collect(),
        most_votes,
    }
}
