//! What comes after the night as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{any_film, any_hit, any_text, assert_within_limits, bare, matrix};
use crate::domain::film::Film;
use crate::domain::ids::ViewingId;
use crate::domain::poll::Details;
use crate::domain::watched::{PickedHere, Ratings, day_of};

const RATED: Ratings = Ratings { count: 5, stars: 21 };

fn viewing(film: Film, ratings: Ratings) -> Viewing {
    Viewing {
        id: ViewingId(77),
        film,
        on: "2026-11-20".parse().expect("a day"),
        ratings,
    }
}

fn just_marked(night: NightOf) -> Marked {
    Marked {
        viewing: viewing(matrix(), Ratings::default()),
        details: Details::Fresh,
        night,
    }
}

fn page(viewings: Vec<Viewing>, page: u32, pages: u32, order: HistoryOrder) -> History {
    History {
        total: pages * 10,
        viewings,
        order,
        page,
        pages,
    }
}

#[test]
fn a_watched_film_asks_how_it_was() {
    let marked = marked(&just_marked(NightOf::Picked { round: 3 }));
    insta::assert_yaml_snapshot!("marked", marked.to_json());
    let rated = card(&viewing(matrix(), RATED));
    insta::assert_yaml_snapshot!("card_rated", rated.to_json());
}

#[test]
fn it_is_said_what_the_night_was_to_the_proposal() {
    for (night, told) in [
        (NightOf::Active, "leaves the vote; its votes stay in the record"),
        (NightOf::Nothing, "Written into the history"),
        (NightOf::Picked { round: 3 }, "pick of round 3"),
    ] {
        let content = marked(&just_marked(night)).content;
        assert!(content.contains(told), "{content}");
    }
}

#[test]
fn a_mistake_that_was_undone_says_what_became_of_the_proposal() {
    let texts: Vec<String> = [
        Restored::Nothing,
        Restored::Active,
        Restored::Picked,
        Restored::Superseded,
    ]
    .into_iter()
    .map(|restored| {
        let viewing = viewing(matrix(), RATED);
        unmarked(&Unmarked { viewing, restored }).content
    })
    .collect();
    insta::assert_yaml_snapshot!("unmarked", texts);
}

#[test]
fn a_rating_is_told_privately_with_a_way_back() {
    let rated = Rated {
        viewing: viewing(matrix(), RATED),
        stars: Stars::new(4).expect("stars"),
    };
    insta::assert_yaml_snapshot!("rated", super::rated(&rated).to_json());
    insta::assert_snapshot!(rating_gone(&rated.viewing).content, @"Your rating of **The Matrix (1999)** is gone. `/watched rate` gives a new one.");
}

#[test]
fn the_history_looks_like_this() {
    let home = viewing(bare(2, "Grandma's *tape*", None), Ratings::default());
    let one = viewing(
        bare(3, "Alien", Some("tt0078748")),
        Ratings { count: 1, stars: 5 },
    );
    let viewings = vec![viewing(matrix(), RATED), home, one];
    let screen = history(&page(viewings, 2, 3, HistoryOrder::Newest));
    insta::assert_yaml_snapshot!("history", screen.to_json());
}

#[test]
fn an_empty_history_says_how_it_begins() {
    let empty = history(&page(Vec::new(), 1, 1, HistoryOrder::Best));
    insta::assert_snapshot!(empty.content, @r"
    ## Watched here
    Nothing yet. After the night, an organizer marks the film with `/watched add`.
    ");
}

#[test]
fn a_film_that_was_seen_is_asked_about() {
    let asked = ask_again(
        "The Matrix",
        &FilmPast {
            times: 1,
            last_on: Some("2026-11-20".parse().expect("a day")),
            ratings: RATED,
            picked: None,
        },
        7,
    );
    insta::assert_yaml_snapshot!("ask_again", asked.to_json());
}

#[test]
fn the_past_is_told_in_a_sentence() {
    let on = "2026-11-20".parse().expect("a day");
    let picked = Some(PickedHere { round: 3, at: 0 });
    let past = |times, ratings, picked| FilmPast {
        times,
        last_on: (times > 0).then_some(on),
        ratings,
        picked,
    };
    let told: Vec<String> = [
        past(1, Ratings::default(), None),
        past(2, RATED, None),
        past(5, RATED, None),
        past(0, Ratings::default(), picked),
        past(1, RATED, picked),
    ]
    .iter()
    .map(|past| seen("Alien", past))
    .collect();
    insta::assert_yaml_snapshot!("seen", told);
}

fn any_ratings() -> impl Strategy<Value = Ratings> {
    (any::<u32>(), any::<u32>()).prop_map(|(count, stars)| Ratings { count, stars })
}

fn any_viewing() -> impl Strategy<Value = Viewing> {
    (any_film(), any::<i64>(), -40_000..90_000_i32, any_ratings()).prop_map(|(film, id, day, ratings)| {
        Viewing {
            id: ViewingId(id),
            film,
            on: day_of(day).expect("a day"),
            ratings,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_viewing_fits(viewing in any_viewing(), round in any::<u32>(), stars in 1..=5_u32) {
        let marked = Marked { viewing: viewing.clone(), details: Details::None, night: NightOf::Picked { round } };
        assert_within_limits(&super::marked(&marked));
        assert_within_limits(&card(&viewing));
        assert_within_limits(&rating_gone(&viewing));
        let stars = Stars::new(stars).expect("stars");
        assert_within_limits(&rated(&Rated { viewing: viewing.clone(), stars }));
        assert_within_limits(&unmarked(&Unmarked { viewing, restored: Restored::Superseded }));
    }

    #[test]
    fn any_page_of_the_history_fits_with_all_its_lines(
        viewings in proptest::collection::vec(any_viewing(), 1..=10),
        number in 1..100_u32,
        more in any::<u32>(),
        best in any::<bool>(),
    ) {
        let order = if best { HistoryOrder::Best } else { HistoryOrder::Newest };
        let lines = viewings.len();
        let history = History { viewings, order, page: number, pages: number.saturating_add(more), total: u32::MAX };
        let screen = super::history(&history);
        assert_within_limits(&screen);
        let text = screen.embeds[0].description.as_deref().expect("a text");
        prop_assert_eq!(text.lines().count(), lines, "{}", text);
    }

    #[test]
    fn any_question_fits(title in any_text(400), hits in proptest::collection::vec(any_hit(), 1..3), times in any::<u32>(), ratings in any_ratings(), token in any::<i64>()) {
        let past = FilmPast { times, last_on: day_of(0), ratings, picked: Some(PickedHere { round: u32::MAX, at: 0 }) };
        assert_within_limits(&ask_again(&title, &past, token));
        assert_within_limits(&choose(&hits[..1], day_of(0).expect("a day")));
    }
}
