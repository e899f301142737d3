//! `/settings`: how the server uses the bot. For organizers.

use crate::discord::catch_up::{self, Missed};
use crate::discord::desk::{Context, Done, handle_organizer};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::settings as view;
use crate::domain::reaction::VoteInput;

/// How members vote, as offered.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
enum Input {
    #[name = "buttons"]
    Buttons,
    #[name = "reactions"]
    Reactions,
    #[name = "both"]
    Both,
}

impl From<Input> for VoteInput {
    fn from(input: Input) -> Self {
        match input {
            Input::Buttons => Self::Buttons,
            Input::Reactions => Self::Reactions,
            Input::Both => Self::Both,
        }
    }
}

/// Change how this server uses the bot.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands("voting"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn settings(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// Change how members vote.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn voting(
    ctx: Context<'_>,
    #[description = "Vote by buttons under the poll, by reactions, or by both"] input: Input,
) -> Done {
    let desk = ctx.framework.user_data;
    let input = VoteInput::from(input);
    handle_organizer(ctx, Place::Private, async |organizer| {
        let actor = organizer.actor();
        let outcome = desk.service().set_vote_input(organizer, input).await;
        desk.reply(outcome, |()| {
            desk.live().refresh(actor.guild);
            if input.takes_reactions() {
                // Reactions that were made while none counted are there already.
                catch_up::begin(desk, desk.tasks(), Missed::ReactionsIn(actor.guild));
            }
            Reply::Shown(view::voting(input))
        })
    })
    .await;
    Ok(())
}
