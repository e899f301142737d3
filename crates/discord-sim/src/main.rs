//! Runs a local Discord alone, for any bot: prints where it is and which token it takes.

use std::net::SocketAddr;

use clap::Parser;
use discord_sim::{Sim, SimConfig, permissions};
use tracing_subscriber::EnvFilter;

/// A local Discord: REST, gateway, rules, and people in a browser.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; loopback only. Port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The bot token to accept; made up if not given.
    #[arg(long)]
    token: Option<String>,
    /// Discord's `OpenAPI` document, to validate every request against.
    #[arg(long, env = "DISCORD_OPENAPI")]
    openapi: Option<std::path::PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let config = SimConfig {
        listen: arguments.listen,
        token: arguments.token,
        openapi: arguments.openapi,
        ..SimConfig::default()
    };
    let sim = Sim::start(config).await?;
    let guild = sim.add_guild("Film Club");
    guild.add_channel("general");
    for name in ["Ada", "Ben", "Chloé"] {
        guild.add_member(name);
    }
    guild.add_member_with("Olga", permissions::MANAGE_GUILD);
    println!("A local Discord is at {}", sim.base_url());
    println!("Its page: {}/", sim.base_url());
    println!("For a bot:");
    println!("  DISCORD_TOKEN={}", sim.token());
    println!("  the API's base is {}/api/v10", sim.base_url());
    let mut events = sim.subscribe();
    loop {
        tokio::select! {
            stopped = tokio::signal::ctrl_c() => {
                stopped?;
                break;
            }
            event = events.recv() => {
                if let Ok(discord_sim::Event::Violated { text }) = event {
                    eprintln!("violation: {text}");
                }
            }
        }
    }
    sim.stop().await;
    Ok(())
}
