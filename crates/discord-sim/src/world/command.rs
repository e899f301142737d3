//! The application's registered commands, and finding the one a person means.

use serde_json::{Value, json};

use crate::id::Id;

/// A registered command, as Discord returns it.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) id: Id,
    /// The guild it is for; `None` for every guild.
    pub(crate) guild_id: Option<Id>,
    /// The whole definition with `id`, `application_id` and `version`.
    pub(crate) definition: Value,
}

impl Command {
    /// Takes a validated definition and adds what Discord adds.
    pub(crate) fn new(
        id: Id,
        version: Id,
        application_id: Id,
        guild_id: Option<Id>,
        mut definition: Value,
    ) -> Self {
        let defaults = json!({
            "type": 1, "description": "", "options": [], "nsfw": false,
            "default_member_permissions": null, "dm_permission": true, "contexts": null,
            "integration_types": [0], "name_localizations": null, "description_localizations": null,
        });
        if let (Some(given), Some(defaults)) = (definition.as_object_mut(), defaults.as_object()) {
            for (key, value) in defaults {
                given.entry(key).or_insert_with(|| value.clone());
            }
            given.insert("id".into(), json!(id));
            given.insert("version".into(), json!(version));
            given.insert("application_id".into(), json!(application_id));
            if let Some(guild_id) = guild_id {
                given.insert("guild_id".into(), json!(guild_id));
            }
            // The bit set is text in answers, and may be text or a number in requests.
            if let Some(bits) = given.get("default_member_permissions").and_then(Value::as_u64) {
                given.insert("default_member_permissions".into(), json!(bits.to_string()));
            }
        }
        Self {
            id,
            guild_id,
            definition,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.definition["name"].as_str().unwrap_or_default()
    }

    /// 1 slash command, 2 user's menu, 3 message's menu.
    pub(crate) fn kind(&self) -> u64 {
        self.definition["type"].as_u64().unwrap_or(1)
    }

    /// The permissions a member needs by default; 0 for administrators only is `Some(0)`.
    pub(crate) fn needed_permissions(&self) -> Option<u64> {
        self.definition["default_member_permissions"]
            .as_str()?
            .parse()
            .ok()
    }
}
