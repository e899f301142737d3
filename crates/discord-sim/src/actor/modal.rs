//! Filling in and submitting the forms that the bot opens.

use serde_json::{Value, json};

use super::{Actor, refuse, text};
use crate::answer::Answer;
use crate::error::Result;
use crate::world::interaction::InteractionKind;
use crate::world::sending::Sending;

impl Actor {
    /// Submits the form with which the bot answered, with these texts by `custom_id`; a field that is
    /// not named keeps what the bot prefilled.
    pub async fn submit_modal(&self, answer: &Answer, fields: &[(&str, &str)]) -> Result<Answer> {
        let modal = answer.modal().await?;
        let custom_id = text(&modal, "custom_id");
        let mut unknown: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let mut rows = Vec::new();
        for row in modal["components"].as_array().map_or(&[][..], Vec::as_slice) {
            let labelled = row["type"] == 18;
            let input = if labelled {
                &row["component"]
            } else {
                &row["components"][0]
            };
            if input["type"] != 4 {
                continue;
            }
            let name = text(input, "custom_id");
            unknown.retain(|n| *n != name);
            let given = fields.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
            let value = given.unwrap_or_else(|| text(input, "value"));
            check_field(input, name, value)?;
            let sent = json!({"type": 4, "id": input["id"], "custom_id": name, "value": value});
            rows.push(if labelled {
                json!({"type": 18, "id": row["id"], "component": sent})
            } else {
                json!({"type": 1, "id": row["id"], "components": [sent]})
            });
        }
        if let Some(name) = unknown.first() {
            return refuse(format!("the form has no field {name:?}"));
        }
        let data = json!({"custom_id": custom_id, "components": rows});
        let id = self.sim.core.act(|world| {
            let Some(opened) = world
                .interactions
                .get(&answer.id)
                .filter(|i| i.user_id == self.id)
            else {
                return refuse("the form was opened for somebody else");
            };
            let channel_id = opened.channel_id;
            let source = opened
                .source_id
                .and_then(|id| world.message(channel_id, id))
                .cloned();
            world.send_interaction(Sending {
                kind: InteractionKind::Modal,
                label: format!("submits the form {custom_id:?}"),
                command: None,
                user_id: self.id,
                channel_id,
                data,
                source,
            })
        })?;
        Ok(self.answer(id).delivered().await)
    }
}

fn check_field(input: &Value, name: &str, value: &str) -> Result<()> {
    let length = value.chars().count() as u64;
    let required = input["required"].as_bool().unwrap_or(true);
    if length == 0 && !required {
        return Ok(());
    }
    let min = input["min_length"].as_u64().unwrap_or(0).max(u64::from(required));
    let max = input["max_length"].as_u64().unwrap_or(4_000);
    if (min..=max).contains(&length) {
        Ok(())
    } else {
        refuse(format!(
            "field {name:?} has {length} characters, but {min} to {max} are allowed"
        ))
    }
}
