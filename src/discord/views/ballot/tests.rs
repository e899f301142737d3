//! The private ballot of each method as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::screen::Select;
use crate::discord::views::testing::{GUILD, LIVE, ROUND, any_text, assert_within_limits, round};
use crate::domain::ids::ProposalId;
use crate::domain::method::Method;
use crate::domain::round::Secrecy;

fn ballot(method: Method, films: i64, value: impl Fn(i64) -> Option<u32>) -> Ballot {
    let mut round = round();
    round.rules.method = method;
    let lines: Vec<_> = (1..=films)
        .map(|key| BallotLine {
            proposal: ProposalId(key),
            title: format!("Film *{key}*"),
            year: Some(1999),
            value: value(key),
        })
        .collect();
    Ballot {
        round,
        recorded: lines.iter().any(BallotLine::chosen),
        lines,
        unsaved: false,
        left_out: 0,
    }
}

fn approval(films: i64, chosen: impl Fn(i64) -> bool) -> Ballot {
    ballot(Method::Approval, films, |key| chosen(key).then_some(1))
}

/// A ranking of these films, of so many, that is not saved yet.
fn ranking(films: i64, ranked: &[i64]) -> Ballot {
    let place = |key| ranked.iter().zip(1..).find(|(film, _)| **film == key);
    Ballot {
        unsaved: true,
        recorded: false,
        ..ballot(Method::Irv, films, |key| place(key).map(|(_, rank)| rank))
    }
}

fn at(page: u32) -> Look<'static> {
    Look {
        page,
        ..Look::default()
    }
}

fn on(film: i64) -> Look<'static> {
    Look {
        film: Some(ProposalId(film)),
        ..Look::default()
    }
}

fn drawn(ballot: &Ballot, look: Look<'_>) -> Screen {
    let screen = screen(ballot, look, GUILD, Some(LIVE));
    assert_within_limits(&screen);
    screen
}

fn selects(screen: &Screen) -> Vec<&Select> {
    let menus = screen.rows.iter().filter_map(|row| match row {
        Row::Select(select) => Some(select),
        Row::Buttons(_) | Row::Pick(_) => None,
    });
    menus.collect()
}

fn select(screen: &Screen) -> &Select {
    selects(screen).first().expect("a menu comes first")
}

/// The labels of the buttons that can be pressed.
fn enabled(screen: &Screen) -> Vec<&str> {
    let buttons = screen.rows.iter().flat_map(|row| match row {
        Row::Buttons(buttons) => &buttons[..],
        Row::Select(_) | Row::Pick(_) => &[],
    });
    buttons
        .filter(|button| button.enabled)
        .map(|button| button.label.as_str())
        .collect()
}

#[test]
fn a_ballot_shows_what_is_recorded() {
    let screen = drawn(&approval(3, |key| key == 2), at(1));
    insta::assert_yaml_snapshot!("ballot", screen.to_json());
}

#[test]
fn an_unused_ballot_has_nothing_to_clear() {
    let screen = screen(&approval(1, |_| false), at(1), GUILD, None);
    assert!(
        screen
            .content
            .contains("You have voted for none of the 1 film yet."),
        "{}",
        screen.content
    );
    assert!(enabled(&screen).is_empty());
}

#[test]
fn more_films_than_a_menu_holds_are_paged() {
    let sixty = approval(60, |key| key % 2 == 0);
    for (page, first, count) in [(0, 1, 25), (1, 1, 25), (2, 26, 25), (3, 51, 10), (9, 51, 10)] {
        let screen = drawn(&sixty, at(page));
        assert_eq!(select(&screen).options.len(), count);
        assert_eq!(
            select(&screen).options[0].value,
            proposal_value(ProposalId(first))
        );
    }
    let second = screen(&sixty, at(2), GUILD, None);
    insta::assert_snapshot!(second.content);
    insta::assert_yaml_snapshot!("ballot_pages", second.to_json()["components"][1]);
    assert_eq!(
        select(&second).placeholder,
        "Films 26 to 50 of 60: choose all you would watch"
    );
    assert_eq!(
        select(&second).control,
        Control::BallotSelect {
            round: ROUND,
            page: 2
        }
    );
}

#[test]
fn a_ballot_without_films_says_how_to_begin() {
    for method in Method::ALL {
        let screen = drawn(&ballot(method, 0, |_| None), at(1));
        assert!(screen.rows.is_empty());
        assert!(screen.content.contains("/propose"));
    }
}

#[test]
fn a_single_choice_offers_one_film() {
    let none = drawn(&ballot(Method::Single, 30, |_| None), at(1));
    assert_eq!((select(&none).min, select(&none).max), (0, 1));
    let one = drawn(&ballot(Method::Single, 30, |key| (key == 2).then_some(1)), at(2));
    assert_eq!(
        (select(&one).max, &*select(&one).placeholder),
        (1, "Films 26 to 30 of 30: choose the one you want most")
    );
    insta::assert_snapshot!(format!("{}\n\n{}", none.content, one.content));
}

#[test]
fn limited_votes_are_counted_down_over_all_pages() {
    let with = |chosen: &'static [i64]| {
        let value = move |key| chosen.contains(&key).then_some(1);
        ballot(Method::Limited, 30, value)
    };
    for (chosen, page, max, left) in [
        (&[][..], 1, 3, "3 of 3 votes left."),
        (&[30], 1, 2, "2 of 3 votes left."),
        (&[1, 2, 30], 1, 2, "0 of 3 votes left."),
        (&[1, 2, 3], 2, 1, "0 of 3 votes left."),
    ] {
        let screen = drawn(&with(chosen), at(page));
        assert_eq!(select(&screen).max, max, "{chosen:?}");
        assert!(screen.content.contains(left), "{}", screen.content);
    }
    let spent = drawn(&with(&[1, 2, 3]), at(2));
    assert!(select(&spent).placeholder.contains("no vote is left"));
    let note = Look {
        note: Some("Those were too many."),
        ..at(1)
    };
    insta::assert_snapshot!(drawn(&with(&[1, 30]), note).content);
}

#[test]
fn stars_are_given_film_by_film() {
    let mut ballot = ballot(Method::Star, 3, |key| {
        (key != 2).then_some(if key == 1 { 3 } else { 5 })
    });
    let saved = drawn(&ballot, at(1));
    assert_eq!(enabled(&saved), ["Clear my ballot", "Live poll"]);
    insta::assert_snapshot!(saved.content);

    ballot.unsaved = true;
    ballot.left_out = 1;
    let screen = drawn(&ballot, on(2));
    insta::assert_yaml_snapshot!("ballot_stars", screen.to_json());
    assert_eq!(
        enabled(&screen),
        [
            "★",
            "★★",
            "★★★",
            "★★★★",
            "★★★★★",
            "Save",
            "No stars",
            "Discard changes",
            "Clear my ballot",
            "Live poll"
        ]
    );
}

#[test]
fn the_next_film_is_one_without_stars_further_down() {
    let ballot = ballot(Method::Star, 5, |key| (key == 3).then_some(1));
    let next = |after| next_film(&ballot, ProposalId(after)).map(|line| line.proposal.0);
    assert_eq!(
        [1, 2, 3, 4, 5, 9].map(next),
        [Some(2), Some(4), Some(4), Some(5), None, None]
    );
}

#[test]
fn the_menu_of_films_follows_the_one_that_is_given_stars() {
    let screen = drawn(&ballot(Method::Star, 60, |_| None), on(40));
    assert_eq!(select(&screen).options.len(), 25);
    let marked: Vec<_> = select(&screen)
        .options
        .iter()
        .filter(|film| film.chosen)
        .collect();
    assert_eq!(marked[0].label, "Film *40* (1999)");
    assert_eq!(screen.rows.len(), 4);
}

#[test]
fn films_are_ranked_one_after_the_other() {
    let first = drawn(&ranking(3, &[]), at(1));
    assert_eq!(select(&first).placeholder, "Your first choice");
    assert_eq!(selects(&first).len(), 1);
    let second = drawn(&ranking(3, &[3]), at(1));
    assert_eq!(select(&second).placeholder, "Your second choice");
    assert_eq!(
        select(&second).options.len(),
        2,
        "what is ranked is not offered again"
    );
    let screen = drawn(&ranking(4, &[3, 1]), on(1));
    insta::assert_yaml_snapshot!("ballot_ranking", screen.to_json());
    let all = drawn(&ranking(2, &[2, 1]), at(1));
    assert_eq!(selects(&all).len(), 1, "only those that are ranked");
    assert!(all.content.contains("All 2 films are ranked."), "{}", all.content);
}

#[test]
fn what_counts_and_what_does_not_is_said() {
    let mut ballot = ranking(3, &[3]);
    let texts = [(true, true), (true, false), (false, true)].map(|(unsaved, recorded)| {
        ballot.unsaved = unsaved;
        ballot.recorded = recorded;
        let screen = drawn(&ballot, at(1));
        format!("{}\n{:?}\n", screen.content, enabled(&screen))
    });
    let emptied = Ballot {
        recorded: true,
        ..ranking(3, &[])
    };
    let unused = Ballot {
        unsaved: false,
        ..ranking(3, &[])
    };
    let others = [emptied, unused].map(|ballot| {
        let screen = drawn(&ballot, at(1));
        format!("{}\n{:?}\n", screen.content, enabled(&screen))
    });
    insta::assert_snapshot!([texts.concat(), others.concat()].concat());
}

#[test]
fn a_long_ranking_shows_its_beginning_and_its_end() {
    let places: Vec<i64> = (1..=40).rev().collect();
    let screen = drawn(&ranking(60, &places), on(1));
    insta::assert_snapshot!(screen.content);
    assert!(!enabled(&screen).contains(&"▼ Down"), "it is the last");
    let moved = drawn(&ranking(60, &places), on(40));
    assert!(enabled(&moved).contains(&"▼ Down") && !enabled(&moved).contains(&"▲ Up"));
    let screen = drawn(&ranking(120, &places), on(39));
    assert_eq!(screen.rows.len(), 5, "nothing is lost with pages and moves");
}

#[test]
fn every_film_of_a_long_ranking_can_be_moved() {
    let places: Vec<i64> = (1..=40).rev().collect();
    for films in [40, 50, 90] {
        let long = ranking(films, &places);
        let offered: Vec<_> = (1..=2)
            .flat_map(|page| {
                let screen = drawn(&long, at(page));
                let menus = selects(&screen);
                assert_eq!(menus.len(), usize::from(films > 40) + 1, "{films}");
                menus[menus.len() - 1].options.clone()
            })
            .collect();
        let wanted: Vec<_> = places
            .iter()
            .map(|film| proposal_value(ProposalId(*film)))
            .collect();
        let values: Vec<_> = offered.iter().map(|film| film.value.clone()).collect();
        assert_eq!(values, wanted, "{films}");
        assert_eq!(offered[39].description.as_deref(), Some("40th choice"));
    }
    let screen = drawn(&ranking(40, &places), on(3));
    insta::assert_yaml_snapshot!("long_ranking", screen.to_json());
    let back = drawn(&ranking(40, &places), on(40));
    assert!(enabled(&back).contains(&"Later films ▶") && !enabled(&back).contains(&"◀ Earlier films"));
}

#[test]
fn the_ballot_says_what_others_see() {
    for (secrecy, said) in [
        (Secrecy::Public, "Everybody sees who voted for what."),
        (Secrecy::Anonymous, "not even organizers."),
        (Secrecy::Hidden, "only how many have voted."),
    ] {
        for method in Method::ALL {
            let mut ballot = ballot(method, 2, |_| None);
            ballot.round.rules.secrecy = secrecy;
            let content = drawn(&ballot, at(1)).content;
            assert!(content.ends_with(said), "{content}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_ballot_fits(
        films in proptest::collection::vec((any_text(400), any::<Option<u16>>(), 0..6_u32), 1..12),
        count in 1..200_usize,
        method in 0..Method::ALL.len(),
        page in 0..12_u32,
        film in proptest::option::of(1..200_i64),
        left_out in 0..3_u32,
        unsaved in any::<bool>(),
        secrecy in 0..3_usize,
    ) {
        let mut round = round();
        round.rules.method = Method::ALL[method];
        round.rules.secrecy = Secrecy::ALL[secrecy];
        let ranked = round.rules.method.ballot_kind() == BallotKind::Ranking;
        let films = (1..).zip(films.into_iter().cycle().take(count));
        let lines: Vec<_> = films.map(|(key, (title, year, value))| BallotLine {
            proposal: ProposalId(key),
            title,
            year,
            value: match value {
                0 => None,
                _ if ranked => u32::try_from(key).ok(),
                value => Some(value),
            },
        }).collect();
        let ballot = Ballot { round, lines, unsaved, recorded: unsaved, left_out };
        let note = "n".repeat(180);
        let look = Look { page, film: film.map(ProposalId), note: Some(&note) };
        let screen = drawn(&ballot, look);
        let sentence = ballot.round.rules.secrecy.sentence();
        prop_assert!(screen.content.ends_with(sentence), "{}", screen.content);
        prop_assert!(enabled(&screen).ends_with(&["Live poll"]));
        if unsaved && ballot.round.rules.method.ballot_kind() != BallotKind::Set {
            prop_assert!(enabled(&screen).contains(&"Save"), "{:?}", enabled(&screen));
        }
        if ballot.round.rules.method == Method::Approval {
            let shown = Page::of(ballot.lines.iter().collect(), page).films;
            let marked: Vec<bool> = select(&screen).options.iter().map(|option| option.chosen).collect();
            let chosen: Vec<bool> = shown.iter().map(|line| line.chosen()).collect();
            prop_assert_eq!(marked, chosen);
        }
    }
}
