//! What the options of several commands offer, and what it means.

use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::round::Secrecy;
use crate::domain::settings::DepartedVotes;
use crate::domain::ties::TieRule;
use crate::domain::watched::HistoryOrder;

/// Ways to count.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum MethodChoice {
    #[name = "approval: vote for all you would watch"]
    Approval,
    #[name = "single: one vote each"]
    Single,
    #[name = "limited: a few votes each"]
    Limited,
    #[name = "star: give 0 to 5 stars"]
    Star,
    #[name = "irv: rank them, instant run-off"]
    Irv,
    #[name = "schulze: rank them, every pair compared"]
    Schulze,
    #[name = "stv: rank them, for several picks"]
    Stv,
}

impl From<MethodChoice> for Method {
    fn from(choice: MethodChoice) -> Self {
        match choice {
            MethodChoice::Approval => Self::Approval,
            MethodChoice::Single => Self::Single,
            MethodChoice::Limited => Self::Limited,
            MethodChoice::Star => Self::Star,
            MethodChoice::Irv => Self::Irv,
            MethodChoice::Schulze => Self::Schulze,
            MethodChoice::Stv => Self::Stv,
        }
    }
}

/// Who sees what.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum SecrecyChoice {
    #[name = "public: names are shown"]
    Public,
    #[name = "anonymous: counts only"]
    Anonymous,
    #[name = "hidden: no counts until the close"]
    Hidden,
}

impl From<SecrecyChoice> for Secrecy {
    fn from(choice: SecrecyChoice) -> Self {
        match choice {
            SecrecyChoice::Public => Self::Public,
            SecrecyChoice::Anonymous => Self::Anonymous,
            SecrecyChoice::Hidden => Self::Hidden,
        }
    }
}

/// What decides ties.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum Ties {
    #[name = "earlier: the film proposed first"]
    Earlier,
    #[name = "draw: by a seed published before the vote"]
    Draw,
    #[name = "runoff: another round of the tied films"]
    RunOff,
}

impl From<Ties> for TieRule {
    fn from(choice: Ties) -> Self {
        match choice {
            Ties::Earlier => Self::Chain,
            Ties::Draw => Self::Draw,
            Ties::RunOff => Self::RunOff,
        }
    }
}

/// How members vote.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum Input {
    #[name = "buttons"]
    Buttons,
    #[name = "reactions"]
    Reactions,
    #[name = "both"]
    Both,
}

impl From<Input> for VoteInput {
    fn from(choice: Input) -> Self {
        match choice {
            Input::Buttons => Self::Buttons,
            Input::Reactions => Self::Reactions,
            Input::Both => Self::Both,
        }
    }
}

/// What becomes of the votes of those who leave.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum Departed {
    #[name = "count: they count"]
    Count,
    #[name = "drop: they do not count, unless they come back"]
    Drop,
}

impl From<Departed> for DepartedVotes {
    fn from(choice: Departed) -> Self {
        match choice {
            Departed::Count => Self::Count,
            Departed::Drop => Self::Drop,
        }
    }
}

/// How the history is sorted.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum OrderChoice {
    #[name = "newest: the latest evening first"]
    Newest,
    #[name = "best: the best rated first"]
    Best,
}

impl From<OrderChoice> for HistoryOrder {
    fn from(choice: OrderChoice) -> Self {
        match choice {
            OrderChoice::Newest => Self::Newest,
            OrderChoice::Best => Self::Best,
        }
    }
}
