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
    let title = words::title_of(&voted.film, TITLE_MAX);
    let content = match (voted.now, voted.moved) {
        (true, true) => format!("Your vote has moved to **{title}**."),
        (true, false) => format!("You vote for **{title}**."),
        (false, _) => format!("You no longer vote for **{title}**."),
    };
    limits::fitted(Screen {
        content,
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![Button::new(
            "My ballot",
            Style::Secondary,
            Control::MyBallot { round },
        )])],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::testing::{ROUND, any_film, assert_within_limits, matrix};
    use proptest::prelude::*;

    #[test]
    fn the_answer_says_how_the_vote_stands_now() {
        let mut voted = Voted {
            film: matrix(),
            now: true,
            moved: false,
            hidden: false,
            repeated: false,
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
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_film_fits(film in any_film(), now in any::<bool>(), moved in any::<bool>()) {
            assert_within_limits(&screen(&Voted { film, now, moved, hidden: false, repeated: false }, ROUND));
        }
    }
}
