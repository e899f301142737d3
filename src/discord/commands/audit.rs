//! `/audit`: who did what. For organizers.

use crate::discord::desk::{Context, Done, handle_organizer};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::audit as view;

/// See who proposed, removed, changed settings, opened or closed rounds; never who voted what.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn audit(
    ctx: Context<'_>,
    #[description = "Which page, the latest first; the first if left out"]
    #[min = 1]
    #[max = 100_000]
    page: Option<u32>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Private, async |organizer| {
        let audit = desk.service().read_audit(organizer, page.unwrap_or(1)).await;
        desk.reply(audit, |audit| Reply::Shown(view::screen(&audit)))
    })
    .await;
    Ok(())
}
