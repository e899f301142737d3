//! `/help`: what a newcomer needs, private.

use serenity::builder::{AutocompleteChoice, CreateAutocompleteResponse};

use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::help as view;

/// How to propose, vote and see what won.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
pub async fn help(
    ctx: Context<'_>,
    #[description = "The command to explain; all of them if left out"]
    #[autocomplete = "commands"]
    #[max_length = 32]
    command: Option<String>,
) -> Done {
    handle(ctx, Place::Private, async |_actor| {
        Reply::Shown(command.as_deref().map_or_else(view::overview, view::command))
    })
    .await;
    Ok(())
}

/// The commands whose name contains what is typed.
#[expect(clippy::unused_async, reason = "poise awaits its autocomplete functions")]
async fn commands(_ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let typed = typed.trim_start_matches('/').to_lowercase();
    let fitting = view::COMMANDS.iter().filter(|name| name.contains(&typed));
    CreateAutocompleteResponse::new().set_choices(
        fitting
            .map(|name| AutocompleteChoice::new(format!("/{name}"), *name))
            .collect(),
    )
}
