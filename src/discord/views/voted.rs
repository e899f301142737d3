//! What a click did, said privately where the click has no poll in front of it.

use super::words;
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Row, Screen, Style};
use crate::domain::ids::RoundId;
use crate::service::ballot::Voted;

/// The longest title of a film with its year, in units.
const TITLE_MAX: usize = 200;

/// The answer to [`VoteFor`](Control::VoteFor).
pub fn screen(voted: &Voted, round: RoundId) -> Screen {
    limits::fitted(Screen {
        content: line(voted),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![Button::new(
            "My ballot",
            Style::Secondary,
            Control::MyBallot { round },
        )])],
    })
}

/// A private page of the poll with the answer above it.
pub fn above(page: Screen, voted: &Voted) -> Screen {
    limits::fitted(Screen {
        content: format!("{}\n{}", line(voted), page.content),
        ..page
    })
}

/// How the vote stands now.
fn line(voted: &Voted) -> String {
    let title = words::title_of(&voted.film, TITLE_MAX);
    let hidden = if voted.hidden {
        " Counts stay hidden until the close."
    } else {
        ""
    };
    match (voted.now, &voted.moved_from) {
        (true, Some(from)) => {
            let from = words::title_of(from, TITLE_MAX);
            format!("Your vote has moved to **{title}**, from **{from}**.{hidden}")
        }
        (true, None) => format!("You vote for **{title}**.{hidden}"),
        (false, _) => format!("You no longer vote for **{title}**.{hidden}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::poll::{self, Audience};
    use crate::discord::views::testing::{ROUND, any_film, any_page, assert_within_limits, bare, matrix};
    use proptest::prelude::*;

    #[test]
    fn the_answer_says_how_the_vote_stands_now() {
        let mut voted = Voted {
            film: matrix(),
            now: true,
            hidden: false,
            repeated: false,
            moved_from: None,
        };
        assert_eq!(
            screen(&voted, ROUND).content,
            "You vote for **The Matrix (1999)**."
        );
        voted.now = false;
        assert_eq!(
            screen(&voted, ROUND).content,
            "You no longer vote for **The Matrix (1999)**."
        );
        insta::assert_yaml_snapshot!("voted", screen(&voted, ROUND).to_json());
        voted.hidden = true;
        insta::assert_snapshot!(line(&voted), @"You no longer vote for **The Matrix (1999)**. Counts stay hidden until the close.");
        voted.now = true;
        voted.moved_from = Some(Box::new(bare(2, "Heat", None)));
        insta::assert_snapshot!(line(&voted), @"Your vote has moved to **The Matrix (1999)**, from **Heat**. Counts stay hidden until the close.");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_film_fits(
            film in any_film(),
            from in proptest::option::of(any_film()),
            now in any::<bool>(),
            page in any_page(),
        ) {
            let voted = Voted { film, now, hidden: true, repeated: false, moved_from: from.map(Box::new) };
            assert_within_limits(&screen(&voted, ROUND));
            let page = poll::screen(&page, Audience::Private);
            let shown = above(page.clone(), &voted);
            assert_within_limits(&shown);
            prop_assert!(shown.content.ends_with(&page.content), "{}", shown.content);
        }
    }
}
