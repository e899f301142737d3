//! `/withdraw`: what was taken out.

use super::words;
use crate::discord::limits;
use crate::discord::screen::Screen;
use crate::service::withdraw::Withdrawn;

/// The longest title of a film with its year, in units.
const TITLE_MAX: usize = 200;

/// The answer to `/withdraw`.
pub fn screen(withdrawn: &Withdrawn) -> Screen {
    let proposal = &withdrawn.proposal;
    let title = words::title_of(&proposal.film, TITLE_MAX);
    let what = if withdrawn.removed {
        let by = words::mention(proposal.proposed_by);
        format!("**{title}**, proposed by {by}, is out of the vote.")
    } else {
        format!("**{title}** is out of the vote, and the slot is free again.")
    };
    let votes = match withdrawn.votes {
        Some(0) => "",
        Some(1) => " Its vote stays in the record and counts no longer.",
        // Hidden counts: the sentence is the same whether there were votes.
        None => " Any votes for it stay in the record and count no longer.",
        Some(_) => " Its votes stay in the record and count no longer.",
    };
    limits::fitted(Screen::text(format!("{what}{votes}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::testing::{any_proposal, assert_within_limits, matrix, proposal};
    use proptest::prelude::*;

    #[test]
    fn ones_own_and_somebody_elses_are_told_apart() {
        let mut withdrawn = Withdrawn {
            proposal: proposal(1, matrix(), None),
            removed: false,
            votes: Some(8),
        };
        insta::assert_snapshot!(screen(&withdrawn).content, @"**The Matrix (1999)** is out of the vote, and the slot is free again. Its votes stay in the record and count no longer.");
        withdrawn.removed = true;
        withdrawn.votes = Some(0);
        insta::assert_snapshot!(screen(&withdrawn).content, @"**The Matrix (1999)**, proposed by <@80351110224678912>, is out of the vote.");
        withdrawn.votes = None;
        insta::assert_snapshot!(screen(&withdrawn).content, @"**The Matrix (1999)**, proposed by <@80351110224678912>, is out of the vote. Any votes for it stay in the record and count no longer.");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_proposal_fits(proposal in any_proposal(1), removed in any::<bool>(), votes in any::<Option<u32>>()) {
            assert_within_limits(&screen(&Withdrawn { proposal, removed, votes }));
        }
    }
}
