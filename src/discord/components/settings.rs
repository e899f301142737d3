//! Controls of the settings' screen.

/// A page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingsPage {
    /// How new rounds are voted on and counted.
    Voting,
    /// Numbers: picks, votes, quorum, proposals.
    Numbers,
    /// Channel and roles.
    Server,
    /// Film data: language, country, series.
    Films,
}

impl SettingsPage {
    /// The pages, in their order.
    pub const ALL: [Self; 4] = [Self::Voting, Self::Numbers, Self::Server, Self::Films];

    /// The page in a `custom_id`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Voting => "v",
            Self::Numbers => "n",
            Self::Server => "s",
            Self::Films => "f",
        }
    }

    /// The page that the code names.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.code() == code)
    }
}

/// A setting with a menu of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SettingMenu {
    /// How new rounds are counted.
    Method,
    /// Who sees what.
    Secrecy,
    /// What decides ties.
    Ties,
    /// How members vote.
    Input,
    /// How many films are picked.
    Picks,
    /// How many votes members have.
    VotesEach,
    /// The fewest voters.
    Quorum,
    /// How many proposals a member may have.
    ProposalLimit,
    /// Where results are announced.
    Channel,
    /// Who organizes.
    OrganizerRole,
    /// Who is pinged.
    AnnounceRole,
    /// The zone of closing times.
    TimeZone,
    /// The language of film data.
    Language,
    /// Where films are watched.
    Country,
    /// Whether series may be proposed.
    Series,
    /// What becomes of the votes of those who leave.
    Departed,
}

impl SettingMenu {
    /// Every menu, in the order of the pages.
    pub const ALL: [Self; 16] = [
        Self::Method,
        Self::Secrecy,
        Self::Ties,
        Self::Input,
        Self::Picks,
        Self::VotesEach,
        Self::Quorum,
        Self::ProposalLimit,
        Self::Channel,
        Self::OrganizerRole,
        Self::AnnounceRole,
        Self::TimeZone,
        Self::Language,
        Self::Country,
        Self::Series,
        Self::Departed,
    ];

    /// The page that the menu stands on: four on each.
    pub const fn page(self) -> SettingsPage {
        match self {
            Self::Method | Self::Secrecy | Self::Ties | Self::Input => SettingsPage::Voting,
            Self::Picks | Self::VotesEach | Self::Quorum | Self::ProposalLimit => SettingsPage::Numbers,
            Self::Channel | Self::OrganizerRole | Self::AnnounceRole | Self::TimeZone => SettingsPage::Server,
            Self::Language | Self::Country | Self::Series | Self::Departed => SettingsPage::Films,
        }
    }

    /// The menu in a `custom_id`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Secrecy => "secrecy",
            Self::Ties => "ties",
            Self::Input => "input",
            Self::Picks => "picks",
            Self::VotesEach => "votes",
            Self::Quorum => "quorum",
            Self::ProposalLimit => "limit",
            Self::Channel => "channel",
            Self::OrganizerRole => "organizer",
            Self::AnnounceRole => "announce",
            Self::TimeZone => "zone",
            Self::Language => "language",
            Self::Country => "country",
            Self::Series => "series",
            Self::Departed => "departed",
        }
    }

    /// The menu that the code names.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|menu| menu.code() == code)
    }
}
