//! Clicking buttons and choosing from menus.

use serde_json::{Value, json};

use super::{Actor, refuse, seen, text};
use crate::answer::Answer;
use crate::error::Result;
use crate::view::Message;
use crate::world::World;
use crate::world::interaction::InteractionKind;
use crate::world::json as write;
use crate::world::message::MessageData;
use crate::world::sending::Sending;

impl Actor {
    /// Clicks the button with this `custom_id`, if it is there, enabled and visible.
    pub async fn click(&self, message: &Message, custom_id: impl AsRef<str>) -> Result<Answer> {
        let custom_id = custom_id.as_ref();
        self.use_component(message, |data| {
            let Some(button) = data.component(custom_id).filter(|c| c["type"] == 2) else {
                return refuse(format!("there is no button {custom_id:?}"));
            };
            if button["disabled"] == true {
                return refuse(format!("button {custom_id:?} is disabled"));
            }
            let label = format!("clicks [{}] ({custom_id})", text(button, "label"));
            Ok((
                label,
                json!({"component_type": 2, "custom_id": custom_id, "id": button["id"]}),
            ))
        })
        .await
    }

    /// Clicks the first button with this label.
    pub async fn click_label(&self, message: &Message, label: &str) -> Result<Answer> {
        let now = message.refresh().unwrap_or_else(|| message.clone());
        let Some(button) = now.button_labelled(label) else {
            return refuse(format!("there is no button labelled {label:?}"));
        };
        self.click(&now, &button.custom_id).await
    }

    /// Sends a click that no honest client would send: the button need not exist, and the message may
    /// be gone.
    pub async fn click_forged(&self, message: &Message, custom_id: impl AsRef<str>) -> Result<Answer> {
        let custom_id = custom_id.as_ref();
        let data = json!({"component_type": 2, "custom_id": custom_id, "id": 1});
        self.send_component(
            message.data.as_ref().clone(),
            format!("forges a click ({custom_id})"),
            data,
        )
        .await
    }

    /// Chooses from the menu with this `custom_id`, if that is possible.
    pub async fn select(
        &self,
        message: &Message,
        custom_id: impl AsRef<str>,
        values: &[&str],
    ) -> Result<Answer> {
        let custom_id = custom_id.as_ref();
        let core = std::sync::Arc::clone(&self.sim.core);
        self.use_component(message, |data| {
            let Some(menu) = data.component(custom_id).filter(|c| matches!(c["type"].as_u64(), Some(3 | 5..=8))) else {
                return refuse(format!("there is no menu {custom_id:?}"));
            };
            check_choice(menu, values)?;
            let label = format!("chooses {values:?} ({custom_id})");
            let mut sent =
                json!({"component_type": menu["type"], "custom_id": custom_id, "values": values, "id": menu["id"]});
            if menu["type"] != 3 {
                sent["resolved"] = core.look(|world| resolved(world, data, values));
            }
            Ok((label, sent))
        })
        .await
    }

    /// Sends a choice that no honest client would send.
    pub async fn select_forged(
        &self,
        message: &Message,
        custom_id: impl AsRef<str>,
        values: &[&str],
    ) -> Result<Answer> {
        let custom_id = custom_id.as_ref();
        let data = json!({"component_type": 3, "custom_id": custom_id, "values": values, "id": 1});
        self.send_component(
            message.data.as_ref().clone(),
            format!("forges a choice ({custom_id})"),
            data,
        )
        .await
    }

    async fn use_component(
        &self,
        message: &Message,
        check: impl FnOnce(&MessageData) -> Result<(String, Value)>,
    ) -> Result<Answer> {
        let now = self.sim.core.look(|world| seen(world, self.id, message))?;
        let (label, data) = check(&now)?;
        self.send_component(now, label, data).await
    }

    async fn send_component(&self, source: MessageData, label: String, data: Value) -> Result<Answer> {
        let sending = Sending {
            kind: InteractionKind::Component,
            label,
            command: None,
            user_id: self.id,
            channel_id: source.channel_id,
            data,
            source: Some(source),
        };
        let id = self.sim.core.act(|world| world.send_interaction(sending))?;
        Ok(self.answer(id).delivered().await)
    }
}

fn check_choice(menu: &Value, values: &[&str]) -> Result<()> {
    if menu["disabled"] == true {
        return refuse("the menu is disabled");
    }
    let (min, max) = (
        menu["min_values"].as_u64().unwrap_or(1),
        menu["max_values"].as_u64().unwrap_or(1),
    );
    if !(min..=max).contains(&(values.len() as u64)) {
        return refuse(format!("{} chosen, but {min} to {max} must be", values.len()));
    }
    let options = menu["options"].as_array().map_or(&[][..], Vec::as_slice);
    let unknown = values.iter().find(|v| !options.iter().any(|o| o["value"] == **v));
    match unknown {
        Some(value) if menu["type"] == 3 => refuse(format!("the menu does not offer {value:?}")),
        _ => Ok(()),
    }
}

/// The objects behind the ids chosen from a menu of users, roles or channels.
fn resolved(world: &World, message: &MessageData, values: &[&str]) -> Value {
    let mut resolved = json!({});
    for id in values.iter().filter_map(|v| v.parse().ok()) {
        let guild = world.guilds.get(&message.guild_id);
        if world.users.contains_key(&id) {
            resolved["users"][id.to_string()] = write::user_by_id(world, id);
        } else if let Some(role) = guild.and_then(|g| g.roles.get(&id)) {
            resolved["roles"][id.to_string()] = write::role(role);
        } else if let Some(channel) = world.channels.get(&id) {
            resolved["channels"][id.to_string()] = write::channel(channel);
        }
    }
    resolved
}
