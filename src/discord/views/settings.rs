//! `/settings`: what was set.

use crate::discord::screen::Screen;
use crate::domain::reaction::VoteInput;

/// The answer to `/settings voting`.
pub fn voting(input: VoteInput) -> Screen {
    let how = match input {
        VoteInput::Buttons => "Members vote by the buttons under the poll. Reactions do not count.",
        VoteInput::Reactions => {
            "Members vote by reacting with a film's number. The buttons for films are gone from the poll; `My \
             ballot` stays."
        }
        VoteInput::Both => "Members vote by the buttons under the poll, or by reacting with a film's number.",
    };
    let needs = if input.takes_reactions() {
        " I need the permissions Add Reactions and Read Message History for it, and Manage Messages to take away \
         reactions that do not count."
    } else {
        ""
    };
    Screen::text(format!("{how}{needs}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::testing::assert_within_limits;

    #[test]
    fn every_way_to_vote_is_told() {
        for (input, told) in [
            (VoteInput::Buttons, "do not count"),
            (VoteInput::Reactions, "`My ballot` stays"),
            (VoteInput::Both, "or by reacting"),
        ] {
            let screen = voting(input);
            assert_within_limits(&screen);
            assert!(screen.content.contains(told), "{}", screen.content);
        }
    }
}
