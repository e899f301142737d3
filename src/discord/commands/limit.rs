//! `/limit`: how many films a member may have up for the vote. For organizers.

use serenity::model::user::User;

use crate::discord::desk::{Context, Done, handle_organizer};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::limit as view;
use crate::domain::ids::MemberId;

/// See and set how many films members may propose.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    subcommands("show", "set", "reset"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn limit(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// See the server's limit and those of single members, or one member's.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn show(
    ctx: Context<'_>,
    #[description = "Whose limit; everybody's if left out"] member: Option<User>,
) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Private, async |organizer| {
        if let Some(user) = member {
            let limit = desk.service().read_member_limit(organizer, id(&user)).await;
            desk.reply(limit, |limit| Reply::Shown(view::member(&limit)))
        } else {
            let limits = desk.service().read_limits(organizer).await;
            desk.reply(limits, |limits| Reply::Shown(view::server(&limits)))
        }
    })
    .await;
    Ok(())
}

/// Set how many films members may have up for the vote, or one member may.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn set(
    ctx: Context<'_>,
    #[description = "How many films; 0: none at all"]
    #[min = 0]
    #[max = 100]
    limit: u32,
    #[description = "Who may have that many; everybody if left out"] member: Option<User>,
) -> Done {
    change(ctx, Some(limit), member).await
}

/// Go back to the default: the server's for a member, 10 for the server.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn reset(
    ctx: Context<'_>,
    #[description = "Whose limit; the server's if left out"] member: Option<User>,
) -> Done {
    change(ctx, None, member).await
}

async fn change(ctx: Context<'_>, limit: Option<u32>, member: Option<User>) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Private, async |organizer| {
        if let Some(user) = member {
            let set = desk.service().set_member_limit(organizer, id(&user), limit).await;
            desk.reply(set, |limit| Reply::Shown(view::member(&limit)))
        } else {
            let set = desk.service().set_server_limit(organizer, limit).await;
            desk.reply(set, |limits| Reply::Shown(view::server(&limits)))
        }
    })
    .await;
    Ok(())
}

fn id(user: &User) -> MemberId {
    MemberId(user.id.get())
}
