//! `marquee config`: shows where each setting comes from, and the example file.

use std::io::Write;

use clap::Subcommand;

use crate::config::{EXAMPLE, Loaded, Sources, load};

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Prints every setting with where it was set, and fails if `marquee run` could not start with them
    Check,
    /// Prints the example configuration: every setting, its default and what it means
    Default,
}

pub(super) fn main(command: &Config, sources: &Sources) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match command {
        Config::Default => write!(out, "{EXAMPLE}")?,
        Config::Check => {
            let Loaded { settings, config } = load(sources);
            for setting in settings {
                let value = setting.value.as_deref().unwrap_or("-");
                writeln!(out, "{:<30} {value:<40} {}", setting.path, setting.origin)?;
            }
            out.flush()?;
            let config = config?;
            config.token()?;
            let asked: Vec<_> = config
                .metadata
                .providers
                .iter()
                .map(|source| source.label())
                .collect();
            writeln!(
                out,
                "\nThe configuration is valid. Film data comes from: {}.",
                if asked.is_empty() {
                    "nowhere".to_owned()
                } else {
                    asked.join(", then ")
                }
            )?;
        }
    }
    Ok(())
}
