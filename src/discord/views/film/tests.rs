//! Film cards and choices as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{
    ROUND, any_details, any_film, any_hit, any_proposal, any_text, any_watch, assert_within_limits, bare,
    matrix, proposal,
};
use crate::domain::abroad::WatchHere;
use crate::domain::film::{Rating, RatingSource, Series};
use crate::domain::ids::{ImdbId, MemberId, ProposalId};
use crate::domain::method::Method;
use crate::domain::watched::FilmPast;
use crate::service::film_card::ProposedHere;

/// Films by their ids.
const MATRIX: &str = "tt0133093";
const ALIEN: &str = "tt0078748";

fn just_proposed(film: Film, details: Details) -> Proposed {
    Proposed {
        proposal: proposal(11, film, Some("Because *nobody* here has seen it.")),
        round: ROUND,
        waits: false,
        details,
        slots_used: 3,
        slots: 10,
        watch: None,
    }
}

fn watch_here() -> WatchHere {
    WatchHere {
        country: "DE".into(),
        services: vec!["Netflix".into(), "Mubi *classics*".into()],
    }
}

/// Breaking Bad, or its second season.
fn series(season: Option<u16>) -> Film {
    let mut film = matrix();
    let id: ImdbId = "tt0903747".parse().expect("an id");
    film.imdb_id = season.map_or(Some(id.clone()), |season| id.with_season(season));
    let data = &mut film.cached.as_mut().expect("data").data;
    data.title = season.map_or("Breaking Bad".into(), |season| {
        format!("Breaking Bad, season {season}")
    });
    data.year = Some(2008);
    data.directors = vec!["Vince Gilligan".into()];
    data.series = Some(Series {
        ended: Some(2013),
        seasons: Some(5),
        season,
        episodes: season.map(|_| 13),
    });
    film
}

#[test]
fn a_series_says_that_it_is_one_and_a_season_how_long_it_is() {
    let description = |season| {
        let mut proposed_series = just_proposed(series(season), Details::Fresh);
        proposed_series.watch = Some(watch_here());
        proposed(&proposed_series).embeds[0]
            .description
            .clone()
            .unwrap_or_default()
    };
    insta::assert_snapshot!(
        "series",
        format!("{}\n\n{}", description(None), description(Some(2)))
    );
    let url = proposed(&just_proposed(series(Some(2)), Details::Fresh)).embeds[0]
        .url
        .clone();
    assert_eq!(
        url.as_deref(),
        Some("https://www.imdb.com/title/tt0903747/episodes/?season=2")
    );
}

fn hit(imdb_id: &str, title: &str, year: Option<u16>, tenths: Option<u8>) -> SearchHit {
    SearchHit {
        imdb_id: imdb_id.parse().expect("an id"),
        title: title.into(),
        year,
        rating: tenths.map(|tenths| Rating {
            tenths,
            source: RatingSource::Imdb,
        }),
    }
}

#[test]
fn a_proposed_film_shows_its_card_its_slots_and_a_vote_button() {
    insta::assert_yaml_snapshot!(
        "proposed",
        proposed(&just_proposed(matrix(), Details::Fresh)).to_json()
    );
}

#[test]
fn a_proposed_film_without_details_says_so() {
    let alien = bare(2, "Alien", Some("tt0078748"));
    let footer = |film: &Film, details| {
        proposed(&just_proposed(film.clone(), details)).embeds[0]
            .footer
            .clone()
    };
    assert_eq!(
        footer(&alien, Details::OnTheWay).as_deref(),
        Some("3 of 10 proposals used · Details are on the way; the poll will have them")
    );
    assert_eq!(
        footer(&alien, Details::None).as_deref(),
        Some("3 of 10 proposals used · Details could not be had; try again later")
    );
    assert_eq!(
        footer(&bare(2, "Grandma's tape", None), Details::None).as_deref(),
        Some("3 of 10 proposals used · Proposed as typed, so there are no details")
    );
}

/// The Matrix, with eight votes in the open round, or waiting for its end.
fn proposed_card(waits: bool) -> FilmCard {
    let here = ProposedHere {
        proposal: ProposalId(11),
        round: ROUND,
        by: MemberId(80_351_110_224_678_912),
        votes: Some(if waits { 0 } else { 8 }),
        method: Method::Approval,
        waits,
    };
    FilmCard {
        imdb_id: MATRIX.parse().expect("an id"),
        film: matrix(),
        details: Details::Fresh,
        proposed: Some(here),
        watch: Some(watch_here()),
        past: FilmPast::default(),
    }
}

#[test]
fn a_film_that_waits_for_a_run_off_has_no_vote_button_and_says_why() {
    let waiting = Proposed {
        waits: true,
        ..just_proposed(matrix(), Details::Fresh)
    };
    let screens = [proposed(&waiting), card(&proposed_card(true))];
    for screen in &screens {
        let said = screen.embeds[0].description.clone().unwrap_or_default();
        assert!(said.contains(words::WAITS), "{said}");
        assert!(!said.contains("votes"), "{said}");
    }
    let labels = screens
        .iter()
        .flat_map(|screen| &screen.rows)
        .flat_map(|row| match row {
            Row::Buttons(buttons) => buttons.iter().map(|button| button.label.as_str()).collect(),
            _ => Vec::new(),
        });
    assert_eq!(labels.collect::<Vec<_>>(), ["Trailer", "Trailer", "IMDb"]);
}

#[test]
fn a_film_card_has_everything_that_is_known() {
    let full = proposed_card(false);
    insta::assert_yaml_snapshot!("card", card(&full).to_json());
}

#[test]
fn a_film_that_is_not_proposed_says_how_to_propose_it() {
    let unknown = FilmCard {
        imdb_id: ALIEN.parse().expect("an id"),
        film: bare(2, "Alien", Some("tt0078748")),
        details: Details::None,
        proposed: None,
        watch: None,
        past: FilmPast::default(),
    };
    insta::assert_yaml_snapshot!("card_bare", card(&unknown).to_json());
}

#[test]
fn a_card_promises_nothing_of_a_poll_that_the_film_may_not_be_in() {
    let footer = |details| {
        let alien = FilmCard {
            imdb_id: ALIEN.parse().expect("an id"),
            film: bare(2, "Alien", Some("tt0078748")),
            details,
            proposed: None,
            watch: None,
            past: FilmPast::default(),
        };
        card(&alien).embeds[0].footer.clone()
    };
    assert_eq!(
        footer(Details::OnTheWay).as_deref(),
        Some("Details are on the way …")
    );
}

#[test]
fn several_films_make_a_menu_and_the_typed_title_a_button() {
    let hits = [
        hit("tt9214832", "Emma.", Some(2020), Some(67)),
        hit("tt0116191", "Emma", Some(1996), None),
        hit("tt0000001", "Emma *", None, None),
    ];
    insta::assert_yaml_snapshot!("choose", choose(&hits, 77, "emma").to_json());
    insta::assert_yaml_snapshot!("choose_to_show", choose_to_show(&hits).to_json());
}

#[test]
fn labels_are_not_escaped_since_discord_shows_them_as_they_are() {
    let screen = choose_to_show(&[hit("tt0066026", "M*A*S*H", Some(1970), None)]);
    let Row::Select(select) = &screen.rows[0] else {
        panic!("a menu")
    };
    assert_eq!(select.options[0].label, "M*A*S*H (1970)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_proposal_fits(proposal in any_proposal(1), details in any_details(), slots_used in any::<u32>(), slots in any::<u32>(), watch in any_watch(), waits in any::<bool>()) {
        let screen = proposed(&Proposed { proposal, round: ROUND, waits, details, slots_used, slots, watch });
        assert_within_limits(&screen);
        let footer = screen.embeds[0].footer.clone().unwrap_or_default();
        let slots = format!("{slots_used} of {slots}");
        prop_assert!(footer.starts_with(&slots));
    }

    #[test]
    fn any_card_fits(film in any_film(), details in any_details(), votes in any::<Option<u32>>(), watch in any_watch()) {
        let proposed = votes.map(|votes| ProposedHere { proposal: ProposalId(1), round: ROUND, by: MemberId(u64::MAX), votes: Some(votes), method: Method::Star, waits: votes == 0 });
        assert_within_limits(&card(&FilmCard { imdb_id: MATRIX.parse().expect("an id"), film, details, proposed, watch, past: FilmPast::default() }));
    }

    #[test]
    fn any_choice_fits(
        hits in proptest::collection::vec(any_hit(), 1..6),
        count in 1..60_u32,
        token in any::<i64>(),
        typed in any_text(400),
    ) {
        let hits: Vec<SearchHit> = (1..=count)
            .zip(hits.into_iter().cycle())
            .map(|(number, hit)| SearchHit {
                imdb_id: format!("tt{number:0>7}").parse().expect("an id"),
                ..hit
            })
            .collect();
        let screen = choose(&hits, token, &typed);
        assert_within_limits(&screen);
        prop_assert_eq!(screen.rows.len(), 2);
        assert_within_limits(&choose_to_show(&hits));
    }
}
