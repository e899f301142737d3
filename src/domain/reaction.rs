//! Reactions as votes: how a server votes, and the numbers under its poll.

use super::ids::MessageId;

/// How members of a server vote; the private ballot is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VoteInput {
    /// By buttons under the poll.
    #[default]
    Buttons,
    /// By reactions under the poll.
    Reactions,
    /// By either.
    Both,
}

impl VoteInput {
    /// The setting as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buttons => "buttons",
            Self::Reactions => "reactions",
            Self::Both => "both",
        }
    }

    /// The setting that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Buttons, Self::Reactions, Self::Both]
            .into_iter()
            .find(|input| input.as_str() == text)
    }

    /// Whether reactions count.
    pub const fn takes_reactions(self) -> bool {
        !matches!(self, Self::Buttons)
    }

    /// Whether films have buttons.
    pub const fn has_buttons(self) -> bool {
        !matches!(self, Self::Reactions)
    }
}

/// The emojis of the numbers 1 to 10, with the selector that makes a digit an emoji.
const EMOJIS: [&str; 10] = [
    "1\u{fe0f}\u{20e3}",
    "2\u{fe0f}\u{20e3}",
    "3\u{fe0f}\u{20e3}",
    "4\u{fe0f}\u{20e3}",
    "5\u{fe0f}\u{20e3}",
    "6\u{fe0f}\u{20e3}",
    "7\u{fe0f}\u{20e3}",
    "8\u{fe0f}\u{20e3}",
    "9\u{fe0f}\u{20e3}",
    "\u{1f51f}",
];

/// A number under a poll's message, 1 to 10: it stands for one film for as long as the message does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(u8);

impl Number {
    /// The number, if it is 1 to 10.
    pub fn new(number: u32) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        (1..=10).contains(&number).then_some(Self(number))
    }

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=10).map(Self)
    }

    /// Its value, 1 to 10.
    pub fn get(self) -> u32 {
        self.0.into()
    }

    /// Its emoji.
    pub fn emoji(self) -> &'static str {
        EMOJIS[usize::from(self.0 - 1)]
    }

    /// The number of an emoji, with or without the selector that makes a digit an emoji.
    pub fn from_emoji(emoji: &str) -> Option<Self> {
        let bare = |text: &str| text.replace('\u{fe0f}', "");
        let given = bare(emoji);
        Self::all().find(|number| bare(number.emoji()) == given)
    }
}

/// A number under a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReactionAt {
    /// The message.
    pub message: MessageId,
    /// The number.
    pub number: Number,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_found_by_its_emoji() {
        assert_eq!(Number::all().count(), EMOJIS.len());
        for number in Number::all() {
            assert_eq!(Number::from_emoji(number.emoji()), Some(number));
            assert_eq!(Number::new(number.get()), Some(number));
        }
        assert_eq!(Number::from_emoji("7\u{20e3}").map(Number::get), Some(7));
    }

    #[test]
    fn nothing_else_is_a_number() {
        for emoji in ["", "7", "0\u{fe0f}\u{20e3}", "\u{1f44d}", "11"] {
            assert_eq!(Number::from_emoji(emoji), None, "{emoji}");
        }
        assert_eq!([0, 11, 256].map(Number::new), [None; 3]);
    }

    #[test]
    fn an_input_is_written_as_it_is_read() {
        for input in [VoteInput::Buttons, VoteInput::Reactions, VoteInput::Both] {
            assert_eq!(VoteInput::from_db(input.as_str()), Some(input));
            assert!(input.takes_reactions() || input.has_buttons());
        }
        assert_eq!(VoteInput::from_db("telepathy"), None);
    }
}
