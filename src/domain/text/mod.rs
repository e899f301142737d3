//! Text from outside, made safe to show: cleaned of what cannot be seen, cut where a reader would
//! cut it, escaped so that Discord shows it as it is written, and folded for comparison.
//!
//! Every text of a member or of a film database passes [`clean_line`] or [`clean_paragraph`] once, on its
//! way in, and on its way out [`tidy_line`] and, where Discord reads Markdown, [`escape_markdown`].

mod clean;
mod key;
mod markdown;

pub use clean::{clean_line, clean_paragraph, cut_graphemes, tidy_line};
pub use key::title_key;
pub use markdown::escape_markdown;

/// The longest title that is kept, in characters. The longest titles of real films stay below it.
pub const TITLE_CHARS: usize = 200;
