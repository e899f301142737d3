//! The menus of the settings, four on a page, each with the present value marked.

use super::{departed, films_picked, input, quorum};
use crate::discord::components::{Control, SettingMenu, SettingsPage};
use crate::discord::screen::{Choice, Pick, PickOf, Row, Select};
use crate::domain::method::Method;
use crate::domain::reaction::VoteInput;
use crate::domain::round::{Rules, Secrecy};
use crate::domain::settings::{Country, DepartedVotes, GuildSettings, Language};
use crate::domain::ties::TieRule;

/// The zones that a menu offers; `/settings server time_zone` takes every other.
const ZONES: [&str; 24] = [
    "UTC",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Warsaw",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
];

/// The languages that a menu offers, with their names; the command takes every other.
const LANGUAGES: [(&str, &str); 20] = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("pt", "Português"),
    ("pt-BR", "Português (Brasil)"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("sv", "Svenska"),
    ("da", "Dansk"),
    ("nb", "Norsk"),
    ("fi", "Suomi"),
    ("cs", "Čeština"),
    ("hu", "Magyar"),
    ("tr", "Türkçe"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("ja", "日本語"),
    ("ko", "한국어"),
];

/// The countries that a menu offers; the command takes every other.
const COUNTRIES: [(&str, &str); 22] = [
    ("US", "United States"),
    ("GB", "United Kingdom"),
    ("CA", "Canada"),
    ("AU", "Australia"),
    ("NZ", "New Zealand"),
    ("IE", "Ireland"),
    ("DE", "Germany"),
    ("AT", "Austria"),
    ("CH", "Switzerland"),
    ("FR", "France"),
    ("ES", "Spain"),
    ("IT", "Italy"),
    ("PT", "Portugal"),
    ("NL", "Netherlands"),
    ("BE", "Belgium"),
    ("PL", "Poland"),
    ("SE", "Sweden"),
    ("DK", "Denmark"),
    ("NO", "Norway"),
    ("FI", "Finland"),
    ("BR", "Brazil"),
    ("JP", "Japan"),
];

/// The value of "none" in a menu.
pub const NONE: &str = "none";

/// The quorums and limits that menus offer.
const QUORUMS: [u32; 10] = [2, 3, 4, 5, 6, 8, 10, 15, 20, 50];
const LIMITS: [u32; 13] = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50, 100];

/// The menus of a page: those that [`SettingMenu::page`] puts there.
pub fn rows(settings: &GuildSettings, page: SettingsPage) -> Vec<Row> {
    match page {
        SettingsPage::Voting => voting(settings),
        SettingsPage::Numbers => counts(settings),
        SettingsPage::Server => server(settings),
        SettingsPage::Films => films(settings),
    }
}

fn voting(settings: &GuildSettings) -> Vec<Row> {
    let rules = settings.rules;
    vec![
        select(
            SettingMenu::Method,
            "How new rounds are counted",
            Method::ALL.map(|method| {
                let chosen = method == rules.method;
                choice(method.name(), method.as_str(), chosen).described(method.sentence())
            }),
        ),
        select(
            SettingMenu::Secrecy,
            "Who sees what",
            Secrecy::ALL.map(|secrecy| {
                let label = match secrecy {
                    Secrecy::Public => "Public votes",
                    Secrecy::Anonymous => "Anonymous votes",
                    Secrecy::Hidden => "Hidden until the close",
                };
                choice(label, secrecy.as_str(), secrecy == rules.secrecy).described(secrecy.sentence())
            }),
        ),
        select(
            SettingMenu::Ties,
            "What decides ties",
            TieRule::ALL.map(|ties| {
                let label = match ties {
                    TieRule::Chain => "Ties: the earlier proposal",
                    TieRule::Draw => "Ties: a draw",
                    TieRule::RunOff => "Ties: a run-off round",
                };
                choice(label, ties.as_str(), ties == rules.ties).described(ties.sentence())
            }),
        ),
        select(
            SettingMenu::Input,
            "How members vote",
            [VoteInput::Buttons, VoteInput::Reactions, VoteInput::Both].map(|by| {
                let label = match by {
                    VoteInput::Buttons => "Buttons",
                    VoteInput::Reactions => "Reactions",
                    VoteInput::Both => "Buttons and reactions",
                };
                choice(label, by.as_str(), by == settings.input).described(input(by))
            }),
        ),
    ]
}

fn counts(settings: &GuildSettings) -> Vec<Row> {
    let rules = settings.rules;
    vec![
        numbers(
            SettingMenu::Picks,
            "Films that a round picks",
            1..=Rules::MAX_PICKS,
            rules.picks,
            |picks| format!("Picks: {}", films_picked(picks)),
        ),
        numbers(
            SettingMenu::VotesEach,
            "Votes that each member has (limited votes)",
            1..=Rules::MAX_VOTES_EACH,
            rules.votes_each,
            |votes| format!("Limited votes: {votes} each"),
        ),
        {
            let none = choice("Quorum: none", NONE, rules.quorum.is_none());
            let offered = with_present(&QUORUMS, rules.quorum);
            let some = offered.into_iter().map(|least| {
                let label = format!("Quorum: {}", quorum(Some(least)));
                choice(&label, &least.to_string(), Some(least) == rules.quorum)
            });
            select(
                SettingMenu::Quorum,
                "Voters that make a result",
                [none].into_iter().chain(some),
            )
        },
        numbers(
            SettingMenu::ProposalLimit,
            "Proposals that each member may have",
            with_present(&LIMITS, Some(settings.proposal_limit)),
            settings.proposal_limit,
            |limit| format!("Proposals: {limit} each"),
        ),
    ]
}

fn server(settings: &GuildSettings) -> Vec<Row> {
    vec![
        pick(
            SettingMenu::Channel,
            "Results: where the poll stands",
            PickOf::Channels(settings.channel),
        ),
        pick(
            SettingMenu::OrganizerRole,
            "No organizer role",
            PickOf::Roles(settings.organizer_role),
        ),
        pick(
            SettingMenu::AnnounceRole,
            "Results ping nobody",
            PickOf::Roles(settings.announce_role),
        ),
        {
            let present = settings.time_zone.name();
            let other = (!ZONES.contains(&present)).then_some(present);
            let offered = ZONES.into_iter().chain(other);
            select(
                SettingMenu::TimeZone,
                "Time zone",
                offered.map(|zone| choice(zone, zone, zone == present)),
            )
        },
    ]
}

fn films(settings: &GuildSettings) -> Vec<Row> {
    vec![
        {
            let present = settings.language.as_ref().map(Language::as_str);
            named(
                SettingMenu::Language,
                "Language of film data",
                "Language: as it comes",
                &LANGUAGES,
                present,
            )
        },
        {
            let present = settings.country.as_ref().map(Country::as_str);
            named(
                SettingMenu::Country,
                "Country for where to watch",
                "Country: not set",
                &COUNTRIES,
                present,
            )
        },
        select(
            SettingMenu::Series,
            "Series",
            [
                (false, "Series: not to be proposed", "no"),
                (true, "Series: may be proposed", "yes"),
            ]
            .map(|(allowed, label, value)| choice(label, value, allowed == settings.series)),
        ),
        select(
            SettingMenu::Departed,
            "Votes of members who leave",
            [
                (DepartedVotes::Count, "Members who leave: votes count"),
                (DepartedVotes::Drop, "Members who leave: votes do not count"),
            ]
            .map(|(of, label)| choice(label, of.as_str(), of == settings.departed).described(departed(of))),
        ),
    ]
}

fn choice(label: &str, value: &str, chosen: bool) -> Choice {
    Choice {
        label: label.to_owned(),
        value: value.to_owned(),
        description: None,
        chosen,
    }
}

impl Choice {
    fn described(self, by: &str) -> Self {
        Self {
            description: Some(by.to_owned()),
            ..self
        }
    }
}

fn select(menu: SettingMenu, placeholder: &str, options: impl IntoIterator<Item = Choice>) -> Row {
    Row::Select(Select {
        control: Control::Set { menu },
        placeholder: placeholder.to_owned(),
        min: 1,
        max: 1,
        options: options.into_iter().collect(),
    })
}

fn numbers(
    menu: SettingMenu,
    placeholder: &str,
    offered: impl IntoIterator<Item = u32>,
    present: u32,
    label: impl Fn(u32) -> String,
) -> Row {
    let options = offered
        .into_iter()
        .map(|number| choice(&label(number), &number.to_string(), number == present));
    select(menu, placeholder, options)
}

/// The numbers offered, and the present one among them.
fn with_present(offered: &[u32], present: Option<u32>) -> Vec<u32> {
    let mut numbers: Vec<u32> = offered.iter().copied().chain(present).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// "None", what is offered, and the present value where it is none of those.
fn named(
    menu: SettingMenu,
    placeholder: &str,
    none: &str,
    offered: &[(&str, &str)],
    present: Option<&str>,
) -> Row {
    let first = choice(none, NONE, present.is_none());
    let known = offered
        .iter()
        .map(|(value, name)| choice(&format!("{name} ({value})"), value, present == Some(value)));
    let other = present
        .filter(|present| offered.iter().all(|(value, _)| value != present))
        .map(|present| choice(present, present, true));
    select(menu, placeholder, [first].into_iter().chain(known).chain(other))
}

fn pick(menu: SettingMenu, placeholder: &str, of: PickOf) -> Row {
    Row::Pick(Pick {
        control: Control::Set { menu },
        placeholder: placeholder.to_owned(),
        of,
    })
}
