//! Discord's limits of a message, and making any screen fit them.

use super::screen::Screen;

/// Characters of a `custom_id`.
pub const CUSTOM_ID: usize = 100;

/// Makes the screen fit Discord's limits.
pub fn fit(_screen: &mut Screen) {
    todo!()
}
