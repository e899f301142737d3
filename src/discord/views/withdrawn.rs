//! `/withdraw`: what was taken out.

use crate::discord::screen::Screen;
use crate::service::withdraw::Withdrawn;

/// The answer to `/withdraw`.
pub fn screen(_withdrawn: &Withdrawn) -> Screen {
    todo!()
}
