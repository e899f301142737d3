//! A message as the bot wrote it in a request: validated JSON and uploaded files, before it is stored.

use serde_json::Value;

use super::World;
use super::message::{Attachment, FLAG_SUPPRESS_EMBEDS, FLAG_SUPPRESS_NOTIFICATIONS, MessageData};
use crate::id::Id;
use crate::rules::{attachment, component};

/// A file that came with a request, as `files[index]`.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) index: u64,
    pub(crate) filename: String,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// A message's payload; the rules have passed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) payload: &'a Value,
    pub(crate) uploads: &'a [Upload],
}

impl Draft<'_> {
    /// The flags that a sender may set.
    pub(crate) fn flags(&self) -> u64 {
        self.payload["flags"].as_u64().unwrap_or(0)
    }

    /// Writes the draft over a message: what the payload does not name stays as it is.
    pub(crate) fn write_over(&self, world: &mut World, message: &mut MessageData) {
        let payload = self.payload;
        if let Some(content) = payload.get("content") {
            content
                .as_str()
                .unwrap_or_default()
                .trim()
                .clone_into(&mut message.content);
        }
        if let Some(embeds) = payload.get("embeds") {
            let given = embeds.as_array().cloned().unwrap_or_default();
            message.embeds = given.into_iter().map(attachment::as_rich_embed).collect();
        }
        if let Some(rows) = payload.get("components") {
            message.components = component::numbered(rows.as_array().map_or(&[][..], Vec::as_slice));
        }
        if let Some(tts) = payload.get("tts").and_then(Value::as_bool) {
            message.tts = tts;
        }
        let settable = FLAG_SUPPRESS_EMBEDS | FLAG_SUPPRESS_NOTIFICATIONS;
        if payload.get("flags").is_some_and(Value::is_u64) {
            message.flags = (message.flags & !settable) | (self.flags() & settable);
        }
        self.write_attachments(world, message);
    }

    /// A list of `attachments` keeps what it names and drops the rest; without one everything stays.
    fn write_attachments(&self, world: &mut World, message: &mut MessageData) {
        let listed = self.payload.get("attachments").and_then(Value::as_array);
        if let Some(listed) = listed {
            let is_listed = |id: Id| listed.iter().any(|a| attachment::listed_id(a) == Some(id.get()));
            message.attachments.retain(|file| is_listed(file.id));
        }
        for upload in self.uploads {
            let meta = listed.and_then(|l| l.iter().find(|a| attachment::listed_id(a) == Some(upload.index)));
            let text = |key: &str| meta.and_then(|m| m.get(key)).and_then(Value::as_str);
            let id = world.next_id();
            let filename = attachment::clean_filename(text("filename").unwrap_or(&upload.filename));
            world.files.insert(id, upload.bytes.as_slice().into());
            message.attachments.push(Attachment {
                id,
                url: format!(
                    "{}/attachments/{}/{id}/{filename}",
                    world.base_url, message.channel_id
                ),
                filename,
                description: text("description").map(str::to_owned),
                content_type: upload.content_type.clone(),
                size_bytes: upload.bytes.len(),
            });
        }
    }
}
