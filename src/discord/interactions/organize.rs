//! The settings' menus and the audit's pages: for organizers, checked at every click.

use super::Click;
use crate::discord::commands::settings::apply;
use crate::discord::components::{SettingMenu, SettingsPage};
use crate::discord::respond::{Delivery, Reply};
use crate::discord::views::{audit as audit_view, refusal, settings as view};
use crate::domain::ids::{ChannelId, RoleId};
use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::refusal::Refusal;
use crate::domain::round::Secrecy;
use crate::domain::settings::{Change, Country, DepartedVotes, Language};
use crate::domain::ties::TieRule;

/// Turns to a page of the settings.
pub async fn settings(click: &Click, page: SettingsPage) -> Delivery {
    let desk = &click.desk;
    let work = async |organizer| {
        let settings = desk.service().read_settings(organizer).await;
        desk.reply(settings, |settings| {
            Reply::Shown(view::screen(&settings, page, &[]))
        })
    };
    click.organize(work).await
}

/// Gives a setting the value chosen in its menu.
pub async fn set(click: &Click, menu: SettingMenu) -> Delivery {
    let chosen = click.values.first().map(String::as_str);
    let work = async |organizer| match change(menu, chosen) {
        Some(change) => apply(&click.desk, organizer, vec![change], menu.page()).await,
        // Only a forged choice names a value that no menu offers.
        None => Reply::Aside(refusal::screen(&Refusal::ForeignControl)),
    };
    click.organize(work).await
}

/// Turns to a page of the audit.
pub async fn audit(click: &Click, page: u32) -> Delivery {
    let desk = &click.desk;
    let work = async |organizer| {
        let audit = desk.service().read_audit(organizer, page).await;
        desk.reply(audit, |audit| Reply::Shown(audit_view::screen(&audit)))
    };
    click.organize(work).await
}

/// The change that a menu's value asks for; `None` for a value that the menu does not offer. Nothing chosen
/// in a menu of channels or roles takes the setting back.
fn change(menu: SettingMenu, value: Option<&str>) -> Option<Change> {
    let number = || value?.parse::<u32>().ok();
    let id = || match value {
        None => Some(None),
        Some(value) => value.parse::<u64>().ok().map(Some),
    };
    let named = value.filter(|value| *value != view::NONE);
    Some(match menu {
        SettingMenu::Method => Change::Method(Method::from_db(value?)?),
        SettingMenu::Secrecy => Change::Secrecy(Secrecy::from_db(value?)?),
        SettingMenu::Ties => Change::Ties(TieRule::from_db(value?)?),
        SettingMenu::Input => Change::Input(VoteInput::from_db(value?)?),
        SettingMenu::Departed => Change::Departed(DepartedVotes::from_db(value?)?),
        SettingMenu::Picks => Change::Picks(number()?),
        SettingMenu::VotesEach => Change::VotesEach(number()?),
        SettingMenu::ProposalLimit => Change::ProposalLimit(number()?),
        SettingMenu::Quorum if value == Some(view::NONE) => Change::Quorum(None),
        SettingMenu::Quorum => Change::Quorum(Some(number()?)),
        SettingMenu::Channel => Change::Channel(id()?.map(ChannelId)),
        SettingMenu::OrganizerRole => Change::OrganizerRole(id()?.map(RoleId)),
        SettingMenu::AnnounceRole => Change::AnnounceRole(id()?.map(RoleId)),
        SettingMenu::TimeZone => Change::TimeZone(value?.parse().ok()?),
        SettingMenu::Language => Change::Language(match named {
            Some(value) => Some(Language::read(value)?),
            None => None,
        }),
        SettingMenu::Country => Change::Country(match named {
            Some(value) => Some(Country::read(value)?),
            None => None,
        }),
        SettingMenu::Series => Change::Series(match value? {
            "yes" => true,
            "no" => false,
            _ => return None,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_no_menu_offers_changes_nothing() {
        let forged = [
            (SettingMenu::Method, Some("coin")),
            (SettingMenu::Method, None),
            (SettingMenu::Picks, Some("-1")),
            (SettingMenu::Quorum, Some("many")),
            (SettingMenu::Channel, Some("general")),
            (SettingMenu::TimeZone, Some("Middle-earth/Shire")),
            (SettingMenu::Country, Some("Germany")),
            (SettingMenu::Series, Some("perhaps")),
        ];
        for (menu, value) in forged {
            assert_eq!(change(menu, value), None, "{menu:?} {value:?}");
        }
    }

    #[test]
    fn none_takes_a_setting_back() {
        assert_eq!(change(SettingMenu::Channel, None), Some(Change::Channel(None)));
        assert_eq!(
            change(SettingMenu::Quorum, Some("none")),
            Some(Change::Quorum(None))
        );
        assert_eq!(
            change(SettingMenu::Language, Some("none")),
            Some(Change::Language(None))
        );
    }
}
