//! What a member is told whose reaction does not count: a direct message, since a reaction can be answered
//! in no other private way. Nothing in it can be clicked: buttons work in servers only.

use super::{refusal, words};
use crate::discord::limits;
use crate::discord::screen::Screen;
use crate::domain::ids::GuildId;
use crate::domain::poll::LiveMessage;
use crate::domain::reaction::Number;
use crate::domain::refusal::Refusal;

/// The reaction with this number does not count, for this reason; `removed` says whether it was taken away.
pub fn rejected(guild: GuildId, poll: LiveMessage, number: Number, why: &Refusal, removed: bool) -> Screen {
    let ending = if removed {
        " and was taken away"
    } else {
        "; please take it back"
    };
    limits::fitted(Screen::text(format!(
        "Your reaction {} does not count{ending}. {}\nThe poll: {}\n-# I write about this once in ten minutes at \
         most, and not at all if you take no direct messages from that server.",
        number.emoji(),
        reason(why),
        words::jump(guild, poll),
    )))
}

/// Why it does not count, and what to do.
fn reason(why: &Refusal) -> String {
    match why {
        Refusal::NeedsBallot { .. } => {
            "Films are ranked or given stars in this round, which a reaction cannot say. Use `/vote` there, or \
             `My ballot` under the poll."
                .to_owned()
        }
        Refusal::VoteLimit { limit: 1 } => {
            "You have one vote in this round, and it is given. Take your other reaction back first, or move your \
             vote with the poll's buttons or `/vote`."
                .to_owned()
        }
        Refusal::VoteLimit { limit } => format!(
            "You have {limit} votes in this round, and they are all given. Take one of your reactions back first, \
             or change your votes with `/vote`."
        ),
        why => refusal::screen(why).content,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discord::views::testing::{LIVE, ROUND, any_text, assert_within_limits};
    use crate::domain::ids::{ChannelId, MessageId};

    #[test]
    fn a_rejected_reaction_is_explained_with_the_poll_at_hand() {
        let poll = LiveMessage {
            channel: ChannelId(22),
            message: MessageId(33),
            page: 1,
        };
        let number = Number::new(2).expect("a number");
        let letters = [
            (Refusal::RoundOver, true),
            (Refusal::ProposalGone, true),
            (Refusal::NumberUnknown, false),
            (Refusal::VoteLimit { limit: 1 }, true),
            (Refusal::VoteLimit { limit: 3 }, true),
            (Refusal::NeedsBallot { round: ROUND }, true),
            (Refusal::ReactionIsOpen, true),
        ]
        .map(|(why, removed)| {
            let letter = rejected(GuildId(11), poll, number, &why, removed);
            assert_within_limits(&letter);
            assert!(letter.rows.is_empty(), "nothing to click");
            letter.content
        });
        insta::assert_snapshot!("rejected", letters.join("\n\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_reason_fits(title in any_text(400), limit in any::<u32>(), removed in any::<bool>()) {
            let number = Number::new(10).expect("a number");
            for why in [Refusal::SeriesNotAllowed { title }, Refusal::VoteLimit { limit }] {
                assert_within_limits(&rejected(GuildId(u64::MAX), LIVE, number, &why, removed));
            }
        }
    }
}
