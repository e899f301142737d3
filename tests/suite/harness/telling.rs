//! What a message says, and to whom: one that does not say it stands in the failure.

use discord_sim::Message;

use super::evening::words;

/// Fails unless this is in the message's text, its embeds left out.
#[track_caller]
pub fn assert_says(message: &Message, said: &str) {
    assert!(
        message.content().contains(said),
        "{said:?} is not in {:?} of {message:?}",
        message.content()
    );
}

/// The same, of a message that only the member who asked sees.
#[track_caller]
pub fn assert_says_aside(message: &Message, said: &str) {
    assert!(message.is_ephemeral(), "everybody sees {message:?}");
    assert_says(message, said);
}

/// Fails unless this is anywhere in the message: its text, or the words of its embeds.
#[track_caller]
pub fn assert_shows(message: &Message, shown: &str) {
    let words = words(message);
    assert!(words.contains(shown), "{shown:?} is not in {words:?}");
}
