//! Discord's limits of a message, and making any screen fit them.
//!
//! The numbers are Discord's documented ones; several of them its machine-readable document does
//! not state. Whether Discord counts characters or UTF-16 units differs from field to field, so
//! everything here counts UTF-16 units, which are never fewer. Views plan with these numbers, so that what matters
//! survives; [`fit`] is the net below them, for data that no plan foresaw: with it no message is
//! refused for its size or its shape.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::screen::{Button, Embed, Field, Press, Row, Screen, Select};

/// A message's `content`.
pub const CONTENT: usize = 2000;
/// Embeds in a message.
pub const EMBEDS: usize = 10;
/// Text of all embeds of a message together: titles, descriptions, fields, footers, authors.
pub const EMBEDS_TOTAL: usize = 6000;
/// An embed's title.
pub const TITLE: usize = 256;
/// An embed's description.
pub const DESCRIPTION: usize = 4096;
/// Fields in an embed.
pub const FIELDS: usize = 25;
/// A field's name.
pub const FIELD_NAME: usize = 256;
/// A field's value.
pub const FIELD_VALUE: usize = 1024;
/// An embed's footer.
pub const FOOTER: usize = 2048;
/// An embed's author.
pub const AUTHOR: usize = 256;
/// The address of an embed or its pictures.
pub const URL: usize = 2048;
/// Rows of components in a message.
pub const ROWS: usize = 5;
/// Buttons in a row.
pub const ROW_BUTTONS: usize = 5;
/// Options in a menu.
pub const OPTIONS: usize = 25;
/// A button's label.
pub const BUTTON_LABEL: usize = 80;
/// The address that a button opens.
pub const BUTTON_URL: usize = 512;
/// An option's label, and its description, and its value.
pub const OPTION_TEXT: usize = 100;
/// A menu's placeholder.
pub const PLACEHOLDER: usize = 150;
/// A `custom_id`.
pub const CUSTOM_ID: usize = 100;

/// What stands where text was cut off, and where there is none though Discord wants some.
const ELLIPSIS: &str = "…";

/// How long Discord may find this text, in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text within `max` units: itself, or as many whole graphemes as fit before an ellipsis. A
/// backslash that lost what it escaped is dropped.
pub fn cut(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let Some(room) = max.checked_sub(units(ELLIPSIS)) else {
        return String::new();
    };
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += units(grapheme);
        if used > room {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    kept.truncate(kept.len() - backslashes % 2);
    kept.push_str(ELLIPSIS);
    kept
}

/// The size up to which each of these may grow so that all together stay within `budget`: the small
/// ones stay whole, and the large ones get equal shares of what is left.
pub fn fair_cap(wants: &[usize], budget: usize) -> usize {
    let mut sorted = wants.to_vec();
    sorted.sort_unstable();
    let mut left = budget;
    for (done, want) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - done);
        if *want > share {
            return share;
        }
        left -= want;
    }
    usize::MAX
}

/// How much of [`EMBEDS_TOTAL`] the screen's embeds use, in units.
pub fn embeds_total(screen: &Screen) -> usize {
    screen.embeds.iter().map(embed_units).sum()
}

/// The screen, made to [`fit`].
pub fn fitted(mut screen: Screen) -> Screen {
    fit(&mut screen);
    screen
}

/// Makes the screen fit: cuts what is too long, fairly among the embeds, and drops what Discord would
/// refuse the whole message for (an unusable address, an empty embed, a second control of one id).
pub fn fit(screen: &mut Screen) {
    screen.content = cut(&screen.content, CONTENT);
    screen.embeds.truncate(EMBEDS);
    screen.embeds.iter_mut().for_each(fit_embed);
    share_total(screen);
    screen.embeds.retain(|embed| !is_empty(embed));
    fit_rows(&mut screen.rows);
    if screen.content.trim().is_empty() && screen.embeds.is_empty() {
        ELLIPSIS.clone_into(&mut screen.content);
    }
}

fn fit_embed(embed: &mut Embed) {
    fit_text(&mut embed.title, TITLE);
    fit_text(&mut embed.description, DESCRIPTION);
    fit_text(&mut embed.author, AUTHOR);
    fit_text(&mut embed.footer, FOOTER);
    for address in [&mut embed.url, &mut embed.thumbnail, &mut embed.image] {
        *address = address.as_deref().and_then(|url| usable(url, URL));
    }
    embed.fields.truncate(FIELDS);
    for field in &mut embed.fields {
        field.name = cut(&field.name, FIELD_NAME);
        field.value = cut(&field.value, FIELD_VALUE);
    }
    embed
        .fields
        .retain(|field| !field.name.trim().is_empty() && !field.value.trim().is_empty());
}

fn fit_text(text: &mut Option<String>, max: usize) {
    *text = text
        .take()
        .map(|text| cut(&text, max))
        .filter(|text| !text.trim().is_empty());
}

/// Brings all embeds together within [`EMBEDS_TOTAL`]: descriptions give way first, then fields,
/// then footers. Titles and authors of ten embeds fit in any case.
fn share_total(screen: &mut Screen) {
    share(screen, |embed| &mut embed.description);
    let mut excess = embeds_total(screen).saturating_sub(EMBEDS_TOTAL);
    while excess > 0 {
        let fullest = screen.embeds.iter_mut().max_by_key(|embed| embed.fields.len());
        let Some(field) = fullest.and_then(|embed| embed.fields.pop()) else {
            break;
        };
        excess = excess.saturating_sub(field_units(&field));
    }
    share(screen, |embed| &mut embed.footer);
}

/// Shares what the rest leaves of [`EMBEDS_TOTAL`] fairly among one text of each embed.
fn share(screen: &mut Screen, part: fn(&mut Embed) -> &mut Option<String>) {
    let total = embeds_total(screen);
    if total <= EMBEDS_TOTAL {
        return;
    }
    let wants: Vec<usize> = screen
        .embeds
        .iter_mut()
        .map(|embed| optional_units(part(embed).as_deref()))
        .collect();
    let rest = total - wants.iter().sum::<usize>();
    let cap = fair_cap(&wants, EMBEDS_TOTAL.saturating_sub(rest));
    for embed in &mut screen.embeds {
        fit_text(part(embed), cap);
    }
}

fn embed_units(embed: &Embed) -> usize {
    let texts = [&embed.title, &embed.description, &embed.author, &embed.footer];
    let fields = embed.fields.iter();
    texts
        .map(|text| optional_units(text.as_deref()))
        .iter()
        .sum::<usize>()
        + fields.map(field_units).sum::<usize>()
}

fn field_units(field: &Field) -> usize {
    units(&field.name) + units(&field.value)
}

fn optional_units(text: Option<&str>) -> usize {
    text.map_or(0, units)
}

fn is_empty(embed: &Embed) -> bool {
    embed_units(embed) == 0 && embed.image.is_none() && embed.thumbnail.is_none()
}

/// The address as Discord takes it, in ASCII; `None` for one that it would refuse the message for.
fn usable(url: &str, max: usize) -> Option<String> {
    let parsed = Url::parse(url)
        .ok()
        .filter(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
        .filter(|_| !url.contains(char::is_whitespace))?;
    Some(String::from(parsed)).filter(|url| units(url) <= max)
}

fn fit_rows(rows: &mut Vec<Row>) {
    let mut seen = HashSet::new();
    rows.retain_mut(|row| match row {
        Row::Buttons(buttons) => {
            buttons.retain_mut(|button| match &mut button.press {
                Press::Control(control) => seen.insert(*control),
                Press::Link(url) => {
                    let usable = usable(url, BUTTON_URL);
                    usable.is_some_and(|usable| {
                        *url = usable;
                        true
                    })
                }
            });
            buttons.truncate(ROW_BUTTONS);
            buttons.iter_mut().for_each(fit_button);
            !buttons.is_empty()
        }
        Row::Select(select) => {
            fit_select(select);
            !select.options.is_empty() && seen.insert(select.control)
        }
        Row::Pick(pick) => {
            pick.placeholder = label(&pick.placeholder, PLACEHOLDER);
            seen.insert(pick.control)
        }
    });
    rows.truncate(ROWS);
}

fn fit_button(button: &mut Button) {
    button.label = label(&button.label, BUTTON_LABEL);
}

fn fit_select(select: &mut Select) {
    let mut values = HashSet::new();
    select.options.retain(|option| {
        (1..=OPTION_TEXT).contains(&units(&option.value)) && values.insert(option.value.clone())
    });
    select.options.truncate(OPTIONS);
    select.placeholder = label(&select.placeholder, PLACEHOLDER);
    select.max = select
        .max
        .clamp(1, u8::try_from(select.options.len()).unwrap_or(u8::MAX).max(1));
    select.min = select.min.min(select.max);
    let mut chosen = 0;
    for option in &mut select.options {
        option.label = label(&option.label, OPTION_TEXT);
        fit_text(&mut option.description, OPTION_TEXT);
        option.chosen &= chosen < select.max;
        chosen += u8::from(option.chosen);
    }
}

/// The text within `max` units, and never empty.
fn label(text: &str, max: usize) -> String {
    let text = cut(text, max);
    if text.trim().is_empty() {
        ELLIPSIS.to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
