//! What every builder sends.

use serde::Serialize;

use super::*;
use crate::domain::ids::RoundId;

fn json(builder: impl Serialize) -> Value {
    serde_json::to_value(builder).expect("a builder is JSON")
}

fn every_builder(screen: &Screen) -> [Value; 5] {
    [
        json(screen.clone().into_response_message()),
        json(screen.clone().into_edit_response()),
        json(screen.clone().into_edit_message()),
        json(screen.clone().into_followup()),
        json(screen.clone().into_message()),
    ]
}

fn full() -> Screen {
    let control = Control::MyBallot { round: RoundId(1) };
    Screen {
        content: "@everyone".into(),
        embeds: vec![Embed {
            title: Some("title".into()),
            url: Some("https://example.org/".into()),
            description: Some("description".into()),
            colour: Some(0x0012_3456),
            thumbnail: Some("https://example.org/small".into()),
            image: Some("https://example.org/large".into()),
            author: Some("author".into()),
            footer: Some("footer".into()),
            fields: vec![Field {
                name: "name".into(),
                value: "value".into(),
                inline: true,
            }],
        }],
        rows: vec![
            Row::Buttons(vec![
                Button::new("press", Style::Danger, control).enabled_if(false),
                Button::link("open", "https://example.org/"),
            ]),
            Row::Select(Select {
                control: Control::ShowFilm,
                placeholder: "choose".into(),
                min: 0,
                max: 1,
                options: vec![Choice {
                    label: "label".into(),
                    value: "value".into(),
                    description: Some("more".into()),
                    chosen: true,
                }],
            }),
        ],
    }
}

#[test]
fn no_message_pings_anybody() {
    for json in every_builder(&full()) {
        assert_eq!(
            json["allowed_mentions"],
            serde_json::json!({"parse": [], "users": [], "roles": []})
        );
    }
}

#[test]
fn an_announcement_pings_the_role_that_was_set_and_nobody_else() {
    for (ping, roles) in [(None, vec![]), (Some(RoleId(7)), vec!["7"])] {
        assert_eq!(
            json(full().into_announcement(ping))["allowed_mentions"],
            serde_json::json!({"parse": [], "users": [], "roles": roles})
        );
    }
}

#[test]
fn an_update_clears_what_is_gone() {
    for json in every_builder(&Screen::text("only text")) {
        assert_eq!(json["content"], "only text");
        assert_eq!(json["embeds"], serde_json::json!([]));
        assert_eq!(json["components"], serde_json::json!([]));
    }
    for json in every_builder(&Screen::default()) {
        assert_eq!(json["content"], "", "text that is gone is cleared too");
    }
}

#[test]
fn every_part_reaches_the_wire_whatever_the_builder() {
    let first = full().to_json();
    insta::assert_yaml_snapshot!("every_part", first);
    for json in every_builder(&full()) {
        for part in ["content", "embeds", "components"] {
            assert_eq!(json[part], first[part], "{part}");
        }
    }
}
