//! The log: where lines go, how they look, which are written.
//!
//! Lines go to standard error; standard output belongs to the commands' answers. Holds back, whatever
//! the filter says, the few modules that would write down Discord's token.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::filter::Directive;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Modules that write whole gateway frames, the one with the token among them, when asked for traces.
const HELD_BACK: &[&str] = &["tungstenite=warn", "tokio_tungstenite=warn"];

/// Starts logging for the process. Where something has started it already, that stays.
pub fn start(log: &Log) {
    let builder = fmt().with_env_filter(filter(&log.filter)).with_writer(stderr);
    // The only failure is a subscriber that is there already, as in a test binary.
    let _ = match log.format {
        LogFormat::Auto => builder.with_ansi(stderr().is_terminal()).try_init(),
        LogFormat::Plain => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// What is written down of the log under this filter.
pub fn filter(text: &str) -> EnvFilter {
    let held_back = HELD_BACK
        .iter()
        .filter_map(|directive| directive.parse::<Directive>().ok());
    // The configuration has checked the text; a part that is wrong all the same is left out.
    held_back.fold(EnvFilter::builder().parse_lossy(text), EnvFilter::add_directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateway_frames_are_never_logged() {
        let written = filter("trace,tungstenite=trace").to_string();
        for held_back in HELD_BACK {
            assert!(
                written.split(',').any(|directive| directive == *held_back),
                "{written}"
            );
        }
        assert!(!written.contains("tungstenite=trace"), "{written}");
    }
}
