//! `/about`: what runs here, how the film databases are, whose data it is.

use std::time::Duration;

use crate::catalogue::ProviderHealth;
use crate::discord::screen::Screen;

/// What `/about` tells.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The program's version.
    pub version: &'a str,
    /// How long it has been running.
    pub uptime: Duration,
    /// The film databases that are configured, in the order in which they are asked.
    pub providers: &'a [ProviderHealth],
    /// Where the privacy text is, when the operator gave an address.
    pub privacy_url: Option<&'a str>,
}

/// The answer to `/about`.
pub fn screen(_about: &About<'_>) -> Screen {
    todo!()
}
