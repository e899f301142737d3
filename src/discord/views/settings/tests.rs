//! The settings as drawn, and within Discord's limits whatever is set.

use super::*;
use crate::discord::components::SettingMenu;
use crate::discord::views::testing::assert_within_limits;
use crate::domain::settings::{Country, Language};
use crate::domain::ties::TieRule;

#[test]
fn a_server_that_set_nothing_sees_the_defaults() {
    let screen = screen(&GuildSettings::default(), SettingsPage::Voting, &[]);
    assert_within_limits(&screen);
    insta::assert_yaml_snapshot!("settings", screen.to_json());
}

#[test]
fn every_menu_stands_on_its_page_and_marks_one_value_at_most() {
    let settings = GuildSettings {
        time_zone: "Asia/Kathmandu".parse().expect("a zone"),
        language: Language::read("is"),
        country: Country::read("IS"),
        channel: Some(ChannelId(5)),
        organizer_role: Some(RoleId(6)),
        proposal_limit: 7,
        ..GuildSettings::default()
    };
    let settings = settings.with(&Change::Quorum(Some(7)));
    let mut menus = 0;
    for page in SettingsPage::ALL {
        let screen = screen(&settings, page, &[]);
        assert_within_limits(&screen);
        for row in &screen.rows {
            let Row::Select(select) = row else { continue };
            menus += 1;
            let marked = select.options.iter().filter(|option| option.chosen).count();
            assert_eq!(marked, 1, "{:?}", select.control);
        }
        menus += screen
            .rows
            .iter()
            .filter(|row| matches!(row, Row::Pick(_)))
            .count();
    }
    assert_eq!(menus, SettingMenu::ALL.len());
}

#[test]
fn what_changed_is_said_with_what_it_takes() {
    let changes = [
        Change::Method(Method::Limited),
        Change::Ties(TieRule::RunOff),
        Change::Input(VoteInput::Both),
        Change::OrganizerRole(Some(RoleId(6))),
    ];
    let settings = changes.iter().fold(GuildSettings::default(), GuildSettings::with);
    let screen = screen(&settings, SettingsPage::Voting, &changes);
    assert_within_limits(&screen);
    insta::assert_snapshot!(screen.content, @"
    ## Settings
    Changed: `method`, `ties`, `input`, `organizer_role`.
    -# That holds for rounds to come. `/round start` gives the open one other rules.
    -# For reactions I need the permissions Add Reactions and Read Message History, and Manage Messages to take away those that do not count.
    -# Discord shows `/settings` itself to that role once you allow it under Server Settings, Integrations.
    ");
    assert!(screen.embeds[0].fields[0].value.contains("**Votes each** 3"));
}
