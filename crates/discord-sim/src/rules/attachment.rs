//! Files of messages and the embeds that show them. Pure.

use serde_json::{Value, json};

use crate::world::message::Attachment;

/// The largest file a bot may upload: 10 MiB.
pub(crate) const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;
/// Files a message may have.
pub(crate) const MAX_FILES: usize = 10;

/// Where embeds name pictures: the objects whose `url` counts, and the keys beside it.
const PICTURES: [(&str, &str); 5] = [
    ("image", "url"),
    ("thumbnail", "url"),
    ("video", "url"),
    ("author", "icon_url"),
    ("footer", "icon_url"),
];

/// The id in an entry of a payload's `attachments`, a number or its digits.
pub(crate) fn listed_id(entry: &Value) -> Option<u64> {
    let id = entry.get("id")?;
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

/// The name that Discord keeps: anything unusual becomes `_`.
pub(crate) fn clean_filename(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let cleaned: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if cleaned.chars().all(|c| c == '.') {
        "file".to_owned()
    } else {
        cleaned
    }
}

/// An embed as stored: what bots send is always of the type `rich`.
pub(crate) fn as_rich_embed(mut embed: Value) -> Value {
    if let Some(object) = embed.as_object_mut() {
        object.retain(|_, value| !value.is_null());
        object.insert("type".into(), json!("rich"));
    }
    embed
}

/// The embed with `attachment://name` replaced by where the file is served.
pub(crate) fn resolve_embed(embed: &Value, files: &[Attachment]) -> Value {
    let mut embed = embed.clone();
    for (object, key) in PICTURES {
        let Some(url) = embed.pointer(&format!("/{object}/{key}")).and_then(Value::as_str) else {
            continue;
        };
        let Some(name) = url.strip_prefix("attachment://") else {
            continue;
        };
        if let Some(file) = files.iter().find(|f| f.filename == clean_filename(name)) {
            embed[object][key] = json!(file.url);
        }
    }
    embed
}

/// The names of files that an embed shows and the message does not have.
pub(crate) fn dangling(embed: &Value, files: &[Attachment]) -> Vec<String> {
    let names = PICTURES.iter().filter_map(|(object, key)| {
        embed
            .pointer(&format!("/{object}/{key}"))?
            .as_str()?
            .strip_prefix("attachment://")
    });
    names
        .filter(|name| !files.iter().any(|f| f.filename == clean_filename(name)))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    #[test]
    fn an_embed_shows_the_uploaded_file_and_nothing_else() {
        let file = Attachment {
            id: Id(1),
            filename: "my_poster.png".into(),
            description: None,
            content_type: None,
            size_bytes: 1,
            url: "http://127.0.0.1/x".into(),
        };
        let embed = json!({
            "thumbnail": {"url": "attachment://my poster.png"}, "image": {"url": "attachment://other.png"},
        });
        let files = [file];
        assert_eq!(
            resolve_embed(&embed, &files)["thumbnail"]["url"],
            "http://127.0.0.1/x"
        );
        assert_eq!(dangling(&embed, &files), ["other.png"]);
    }

    #[test]
    fn a_filename_cannot_leave_its_folder() {
        assert_eq!(clean_filename("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(clean_filename(".."), "file");
    }
}
