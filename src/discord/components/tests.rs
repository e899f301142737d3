//! Controls there and back, and texts that were tampered with.

use proptest::prelude::*;

use super::*;
use crate::domain::draft::Shift;
use crate::domain::ids::{KeyMint, ViewingId};
use crate::domain::watched::{HistoryOrder, Stars};

fn any_control() -> impl Strategy<Value = Control> {
    let round = any::<i64>().prop_map(RoundId);
    let proposal = any::<i64>().prop_map(ProposalId);
    (round, proposal, any::<u32>(), any::<i64>(), 0..27_u8).prop_map(
        |(round, proposal, page, token, which)| match which {
            0 => Control::Toggle { round, proposal },
            1 => Control::ToggleOnPage {
                round,
                proposal,
                page,
            },
            2 => Control::VoteFor { round, proposal },
            3 => Control::MyBallot { round },
            4 => Control::Page { round, page },
            5 => Control::Results { round },
            6 => Control::BallotSelect { round, page },
            7 => Control::BallotPage { round, page },
            8 => Control::BallotClear { round },
            9 => Control::ChooseFilm { token },
            10 => Control::ProposeTyped { token },
            11 => Control::SettingsPage {
                page: SettingsPage::ALL[page as usize % SettingsPage::ALL.len()],
            },
            12 => Control::Set {
                menu: SettingMenu::ALL[page as usize % SettingMenu::ALL.len()],
            },
            13 => Control::AuditPage { page },
            14 => Control::DropVotes { token },
            15 => Control::KeepVotes { token },
            16 => Control::Draft {
                round,
                page,
                ask: any_ask(proposal, token),
            },
            17 => Control::ResultPage { round, page },
            18 => Control::HowCounted { round },
            19 => Control::Night(NightControl::Rate {
                viewing: ViewingId(token),
                stars: Stars::ALL[page as usize % Stars::ALL.len()],
            }),
            20 => Control::Night(NightControl::TakeRatingBack {
                viewing: ViewingId(token),
            }),
            21 => Control::Night(NightControl::Undo {
                viewing: ViewingId(token),
            }),
            22 => Control::Night(NightControl::History {
                page,
                order: if token > 0 {
                    HistoryOrder::Best
                } else {
                    HistoryOrder::Newest
                },
            }),
            23 => Control::Night(NightControl::Choose {
                day: page.cast_signed(),
            }),
            24 => Control::Night(NightControl::ProposeAgain { token }),
            25 => Control::Night(NightControl::LeaveIt { token }),
            _ => Control::ShowFilm,
        },
    )
}

/// One of all that a ballot with stars or ranks can be asked, by a number.
fn any_ask(proposal: ProposalId, which: i64) -> DraftAsk {
    let stars = u8::try_from(which.rem_euclid(6)).expect("few");
    let to = Shift::ALL[usize::from(stars) % Shift::ALL.len()];
    match which.rem_euclid(8) {
        0 => DraftAsk::Film,
        1 => DraftAsk::Stars { proposal, stars },
        2 => DraftAsk::Next,
        3 => DraftAsk::Ranked,
        4 => DraftAsk::Move { proposal, to },
        5 => DraftAsk::Undo,
        6 => DraftAsk::Save,
        _ => DraftAsk::Discard,
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(control in any_control()) {
        let text = control.encode();
        prop_assert!(text.len() <= LONGEST, "{text}");
        prop_assert_eq!(Control::decode(&text), Some(control));
    }

    #[test]
    fn no_two_controls_share_a_text(one in any_control(), other in any_control()) {
        prop_assert_eq!(one == other, one.encode() == other.encode());
    }

    #[test]
    fn only_what_was_encoded_is_decoded(text in "m1\\.[a-z]{0,2}(\\.[0-9a-zA-Z+-]{0,14}){0,4}") {
        if let Some(control) = Control::decode(&text) {
            prop_assert_eq!(control.encode(), text);
        }
    }

    #[test]
    fn any_text_is_borne(text in ".{0,120}") {
        if let Some(control) = Control::decode(&text) {
            prop_assert_eq!(control.encode(), text);
        }
    }

    #[test]
    fn a_text_that_was_tampered_with_names_something_else_or_nothing(
        control in any_control(), at in any::<prop::sample::Index>(), with in any::<char>(),
    ) {
        let text = control.encode();
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = with;
        let tampered: String = chars.into_iter().collect();
        if let Some(other) = Control::decode(&tampered) {
            prop_assert_eq!(tampered == text, other == control);
        }
    }

    #[test]
    fn option_values_come_back(proposal in any::<i64>().prop_map(ProposalId)) {
        prop_assert_eq!(read_proposal_value(&proposal_value(proposal)), Some(proposal));
    }
}

#[test]
fn texts_stay_what_they_are_in_messages_already_posted() {
    let round = RoundId(KeyMint::key(1_790_000_000_000, 7));
    let proposal = ProposalId(36);
    for (control, text) in [
        (Control::Toggle { round, proposal }, "m1.t.1l1guggld0irr.10"),
        (
            Control::ToggleOnPage {
                round,
                proposal,
                page: 3,
            },
            "m1.p.1l1guggld0irr.10.3",
        ),
        (Control::Page { round, page: 36 }, "m1.g.1l1guggld0irr.10"),
        (Control::ShowFilm, "m1.w"),
    ] {
        assert_eq!(control.encode(), text);
    }
}

#[test]
fn near_misses_are_nothing() {
    for text in [
        "",
        "m1",
        "m1.",
        "m1.t",
        "m1.t.1",
        "m1.t.1.2.3",
        "m1.t.01.2",
        "m1.t.+1.2",
        "m1.t.A.2",
        "m1.t.-1.2",
        "m1.t..2",
        "m1.t.1.2 ",
        "M1.t.1.2",
        "m2.t.1.2",
        "m1.q.1",
        "m1.w.",
        "m1.g.1.zzzzzzzzz",
        "m1.b.3w5e11264sgsg",
        "m1.t.١.2",
        "m1.bd.1.1",
        "m1.bd.1.1.q",
        "m1.bd.1.1.s.1.6",
        "m1.bd.1.1.s.1.05",
        "m1.bd.1.1.m.1.x",
        "m1.bd.1.1.w.w",
    ] {
        assert_eq!(Control::decode(text), None, "{text:?}");
    }
    assert_eq!(Control::decode(&format!("m1.b.{}1", "0".repeat(200))), None);
    assert_eq!(read_proposal_value("01"), None);
    assert_eq!(read_proposal_value(""), None);
}
