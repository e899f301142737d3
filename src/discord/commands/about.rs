//! `/about`: what runs here and how it is. Uses no database.

use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::about as view;

/// What this bot is, how it is, and whose film data it shows.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn about(ctx: Context<'_>) -> Done {
    let desk = ctx.framework.user_data;
    handle(ctx, Place::Private, async |_actor| {
        let providers = desk.service().catalogue().health();
        Reply::Shown(view::screen(&view::About {
            version: env!("CARGO_PKG_VERSION"),
            uptime: desk.uptime(),
            providers: &providers,
            imdb_titles: desk.service().titles().is_loaded(),
            privacy_url: desk.privacy_url(),
        }))
    })
    .await;
    Ok(())
}
