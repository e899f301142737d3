//! The standings as drawn, and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::views::testing::{any_proposal, assert_within_limits, bare, matrix, page, proposal};
use crate::domain::poll::{Details, PollPage};
use crate::domain::round::Secrecy;

fn three() -> PollPage {
    let mut page = page(vec![
        (proposal(1, matrix(), None), 8, Details::Fresh),
        (proposal(2, bare(2, "Alien", None), None), 1, Details::None),
        (proposal(3, bare(3, "M*A*S*H", None), None), 0, Details::None),
    ]);
    page.head.voters = 9;
    page
}

#[test]
fn standings_look_like_this() {
    let page = three();
    insta::assert_yaml_snapshot!("results", screen(&page.head, &page.entries).to_json());
}

#[test]
fn films_beyond_those_listed_are_counted() {
    let mut page = three();
    page.head.proposals = 40;
    let screen = screen(&page.head, &page.entries);
    let text = screen.embeds[0].description.as_deref().expect("a text");
    assert!(text.ends_with("… and 37 more, which `/poll` shows"), "{text}");
}

#[test]
fn a_tie_at_the_top_is_called_one() {
    let page = page(vec![
        (proposal(1, matrix(), None), 2, Details::Fresh),
        (proposal(2, matrix(), None), 2, Details::Fresh),
    ]);
    let screen = screen(&page.head, &page.entries);
    assert_eq!(
        screen.embeds[0].footer.as_deref(),
        Some("Turnout: 2 members have voted · 2 films lead together")
    );
}

#[test]
fn no_films_make_no_empty_list() {
    let page = page(vec![]);
    let screen = screen(&page.head, &[]);
    assert_within_limits(&screen);
    assert!(
        screen.embeds[0]
            .description
            .as_deref()
            .is_some_and(|text| text.contains("/propose"))
    );
}

#[test]
fn hidden_results_are_the_turnout_and_nothing_else() {
    let mut page = page(vec![(proposal(1, matrix(), None), 8, Details::Fresh)]);
    page.head.round.rules.secrecy = Secrecy::Hidden;
    insta::assert_snapshot!(screen(&page.head, &page.entries).content, @r"
    ## Results so far
    They stay hidden until the close. Turnout: 8 members have voted.
    ");
    assert!(screen(&page.head, &page.entries).embeds.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_standings_fit(films in proptest::collection::vec((any_proposal(1), 0..5000_u32), 1..6), count in 0..40_usize) {
        let standings = films.into_iter().cycle().take(count).map(|(proposal, votes)| (proposal, votes, Details::None));
        let page = page(standings.collect());
        let screen = screen(&page.head, &page.entries);
        assert_within_limits(&screen);
        let text = screen.embeds[0].description.as_deref().expect("a text");
        let listed = text.lines().filter(|line| line.contains(" vote")).count();
        prop_assert!(listed >= page.entries.len().min(SHOWN), "{}", text);
    }
}
