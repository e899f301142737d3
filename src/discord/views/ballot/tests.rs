//! The private ballot as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{GUILD, LIVE, ROUND, any_text, assert_within_limits, round};
use crate::domain::ids::ProposalId;

fn ballot(films: i64, chosen: impl Fn(i64) -> bool) -> Ballot {
    Ballot {
        round: round(),
        lines: (1..=films)
            .map(|key| BallotLine {
                proposal: ProposalId(key),
                title: format!("Film *{key}*"),
                year: Some(1999),
                value: chosen(key).then_some(1),
            })
            .collect(),
    }
}

fn select(screen: &Screen) -> &Select {
    let Row::Select(select) = &screen.rows[0] else {
        panic!("a menu comes first")
    };
    select
}

#[test]
fn a_ballot_shows_what_is_recorded() {
    let screen = screen(&ballot(3, |key| key == 2), 1, GUILD, Some(LIVE));
    insta::assert_yaml_snapshot!("ballot", screen.to_json());
}

#[test]
fn an_unused_ballot_has_nothing_to_clear() {
    let screen = screen(&ballot(1, |_| false), 1, GUILD, None);
    assert!(
        screen
            .content
            .contains("You have voted for none of the 1 film yet."),
        "{}",
        screen.content
    );
    let Row::Buttons(buttons) = &screen.rows[1] else {
        panic!("buttons")
    };
    assert_eq!(buttons.len(), 1);
    assert!(!buttons[0].enabled);
}

#[test]
fn more_films_than_a_menu_holds_are_paged() {
    let sixty = ballot(60, |key| key % 2 == 0);
    for (page, first, count) in [(0, 1, 25), (1, 1, 25), (2, 26, 25), (3, 51, 10), (9, 51, 10)] {
        let shown = lines(&sixty, page);
        assert_eq!((shown[0].proposal, shown.len()), (ProposalId(first), count));
        let screen = screen(&sixty, page, GUILD, Some(LIVE));
        assert_eq!(select(&screen).options.len(), count);
        assert_eq!(
            select(&screen).options[0].value,
            proposal_value(ProposalId(first))
        );
    }
    let second = screen(&sixty, 2, GUILD, None);
    insta::assert_snapshot!(second.content, @r"
    ## Your ballot
    You vote for 30 of 60 films:
    - Film \*2\* (1999)
    - Film \*4\* (1999)
    - Film \*6\* (1999)
    - Film \*8\* (1999)
    - Film \*10\* (1999)
    - Film \*12\* (1999)
    - Film \*14\* (1999)
    - Film \*16\* (1999)
    - Film \*18\* (1999)
    - Film \*20\* (1999)
    - Film \*22\* (1999)
    - Film \*24\* (1999)
    - Film \*26\* (1999)
    - Film \*28\* (1999)
    - Film \*30\* (1999)
    - and 15 more
    -# Only you see this. Every change counts at once, until the round closes.
    ");
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
    let empty = ballot(0, |_| false);
    assert_eq!(lines(&empty, 1), &[]);
    let screen = screen(&empty, 1, GUILD, Some(LIVE));
    assert!(screen.rows.is_empty());
    assert!(screen.content.contains("/propose"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_ballot_fits(
        films in proptest::collection::vec((any_text(400), any::<Option<u16>>(), any::<bool>()), 1..12),
        count in 1..200_usize,
        page in any::<u32>(),
    ) {
        let lines = (1..).zip(films.into_iter().cycle().take(count)).map(|(key, (title, year, chosen))| BallotLine {
            proposal: ProposalId(key), title, year, value: chosen.then_some(1),
        });
        let ballot = Ballot { round: round(), lines: lines.collect() };
        let screen = screen(&ballot, page % 12, GUILD, Some(LIVE));
        assert_within_limits(&screen);
        let shown = super::lines(&ballot, page % 12);
        let marked: Vec<bool> = select(&screen).options.iter().map(|option| option.chosen).collect();
        let chosen: Vec<bool> = shown.iter().map(BallotLine::chosen).collect();
        prop_assert_eq!(marked, chosen);
        prop_assert!(screen.content.ends_with("until the round closes."), "{}", screen.content);
    }
}
