//! "Propose this movie": proposes the film that a message links to.

use serenity::model::channel::Message;

use super::propose;
use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::refusal;
use crate::domain::film_query::FilmQuery;

/// Propose the film that a message links to.
#[poise::command(
    context_menu_command = "Propose this movie",
    guild_only,
    install_context = "Guild"
)]
pub async fn propose_message(ctx: Context<'_>, message: Message) -> Done {
    let urls = message.embeds.iter().filter_map(|embed| embed.url.as_deref());
    match FilmQuery::find_link([message.content.as_str()].into_iter().chain(urls)) {
        Some(film) => propose::run(ctx, film, None).await,
        None => {
            handle(ctx, Place::Private, async |_actor| {
                Reply::Aside(refusal::no_link_in_message())
            })
            .await;
        }
    }
    Ok(())
}
