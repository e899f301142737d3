//! "Propose this movie": proposes the film that a message links to.

use serenity::model::channel::Message;

use super::propose;
use crate::discord::desk::{Context, Done, handle};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::refusal;
use crate::domain::film_query::FilmQuery;

/// Words of a message that are looked at.
const MOST_WORDS: usize = 1000;

/// Propose the film that a message links to.
#[poise::command(
    context_menu_command = "Propose this movie",
    guild_only,
    install_context = "Guild"
)]
pub async fn propose_message(ctx: Context<'_>, message: Message) -> Done {
    let urls = message.embeds.iter().filter_map(|embed| embed.url.as_deref());
    match film_named(&message.content, urls) {
        Some(film) => propose::run(ctx, &film, None).await,
        None => {
            handle(ctx, Place::Private, async |_actor| {
                Reply::Aside(refusal::no_link_in_message())
            })
            .await;
        }
    }
    Ok(())
}

/// The first IMDb id or link in the text, then in the embeds' addresses; else the first link to a
/// film on another site that can be resolved.
fn film_named<'a>(text: &'a str, urls: impl Iterator<Item = &'a str>) -> Option<String> {
    let words = text
        .split(|c: char| c.is_whitespace() || "<>()[]|\"".contains(c))
        .take(MOST_WORDS);
    let mut other = None;
    for word in words.chain(urls).filter(|word| may_name_a_film(word)) {
        match FilmQuery::read(word) {
            FilmQuery::Imdb(id) => return Some(id.to_string()),
            FilmQuery::Tmdb(_) | FilmQuery::Letterboxd(_) if other.is_none() => {
                other = Some(word.to_owned());
            }
            _ => {}
        }
    }
    other
}

/// Spares words that are plainly neither id nor link.
fn may_name_a_film(word: &str) -> bool {
    word.contains("://")
        || word.contains('.')
        || word.get(..2).is_some_and(|tt| tt.eq_ignore_ascii_case("tt"))
}
