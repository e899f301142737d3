//! `/settings`: how the server uses the bot. For organizers.

use std::sync::Arc;

use serenity::model::channel::PartialChannel;
use serenity::model::guild::Role;

use crate::discord::autocomplete;
use crate::discord::catch_up::{self, Missed};
use crate::discord::commands::choices::{Departed, Input, MethodChoice, SecrecyChoice, Ties};
use crate::discord::components::SettingsPage;
use crate::discord::desk::{Context, Desk, Done, handle_organizer};
use crate::discord::respond::{Place, Reply};
use crate::discord::views::{refusal, settings as view};
use crate::domain::ids::{ChannelId, GuildId, RoleId};
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::schedule::read_zone;
use crate::domain::settings::{Change, Country, Language};

/// See and change how this server uses the bot.
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands("show", "voting", "server"),
    subcommand_required
)]
#[expect(
    clippy::unused_async,
    reason = "Discord offers its parts only, and poise wants it async"
)]
pub async fn settings(_ctx: Context<'_>) -> Done {
    Ok(())
}

/// See every setting, with menus to change them.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
async fn show(ctx: Context<'_>) -> Done {
    change(ctx, SettingsPage::Voting, Ok(Vec::new())).await
}

/// Change how new rounds are voted on and counted.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
async fn voting(
    ctx: Context<'_>,
    #[description = "How votes are counted"] method: Option<MethodChoice>,
    #[description = "How many films a round picks"]
    #[min = 1]
    #[max = 10]
    picks: Option<u32>,
    #[description = "How many votes each member has, where they are limited"]
    #[min = 1]
    #[max = 25]
    votes: Option<u32>,
    #[description = "Who sees what of the votes"] secrecy: Option<SecrecyChoice>,
    #[description = "Vote by buttons under the poll, by reactions, or by both"] input: Option<Input>,
    #[description = "What decides between films that are tied"] ties: Option<Ties>,
    #[description = "The fewest voters that make a result; 0: any number"]
    #[min = 0]
    #[max = 1_000_000]
    quorum: Option<u32>,
    #[description = "What becomes of the votes of members who leave"] departed: Option<Departed>,
) -> Done {
    let changes = [
        method.map(|method| Change::Method(method.into())),
        picks.map(Change::Picks),
        votes.map(Change::VotesEach),
        secrecy.map(|secrecy| Change::Secrecy(secrecy.into())),
        input.map(|input| Change::Input(input.into())),
        ties.map(|ties| Change::Ties(ties.into())),
        quorum.map(|quorum| Change::Quorum(Some(quorum))),
        departed.map(|departed| Change::Departed(departed.into())),
    ];
    change(
        ctx,
        SettingsPage::Voting,
        Ok(changes.into_iter().flatten().collect()),
    )
    .await
}

/// Change channel, roles, time zone, language, and how many films members may propose.
#[poise::command(slash_command, guild_only, install_context = "Guild")]
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
async fn server(
    ctx: Context<'_>,
    #[description = "Where results are announced"]
    #[channel_types("Text", "News")]
    channel: Option<PartialChannel>,
    #[description = "The role whose members organize, besides those with Manage Server"]
    organizer_role: Option<Role>,
    #[description = "The time zone in which closing times are meant"]
    #[autocomplete = "autocomplete::zones"]
    #[max_length = 60]
    time_zone: Option<String>,
    #[description = "The role that results ping"] announce_role: Option<Role>,
    #[description = "The language of titles and plots, such as de or pt-BR"]
    #[max_length = 10]
    language: Option<String>,
    #[description = "The country for which it is said where to watch, such as DE"]
    #[max_length = 10]
    country: Option<String>,
    #[description = "Whether series may be proposed"] series: Option<bool>,
    #[description = "How many films each member may have up for the vote"]
    #[min = 0]
    #[max = 100]
    proposal_limit: Option<u32>,
) -> Done {
    let role = |role: Role| RoleId(role.id.get());
    let changes = [
        channel.map(|channel| Ok(Change::Channel(Some(ChannelId(channel.id.get()))))),
        organizer_role.map(|of| Ok(Change::OrganizerRole(Some(role(of))))),
        announce_role.map(|of| Ok(Change::AnnounceRole(Some(role(of))))),
        time_zone.map(|text| {
            let zone = read_zone(&text).ok_or(Refusal::UnknownZone)?;
            Ok(Change::TimeZone(zone))
        }),
        language.map(|text| {
            let language = Language::read(&text).ok_or(Refusal::UnknownLanguage)?;
            Ok(Change::Language(Some(language)))
        }),
        country.map(|text| {
            let country = Country::read(&text).ok_or(Refusal::UnknownCountry)?;
            Ok(Change::Country(Some(country)))
        }),
        series.map(|allowed| Ok(Change::Series(allowed))),
        proposal_limit.map(|limit| Ok(Change::ProposalLimit(limit))),
    ];
    let changes: Result<Vec<Change>, Refusal> = changes.into_iter().flatten().collect();
    change(ctx, SettingsPage::Server, changes).await
}

/// Answers a settings command: with the changes made, or what was wrong with them.
async fn change(ctx: Context<'_>, page: SettingsPage, changes: Result<Vec<Change>, Refusal>) -> Done {
    let desk = ctx.framework.user_data;
    handle_organizer(ctx, Place::Private, async |organizer| match changes {
        Ok(changes) => apply(desk, organizer, changes, page).await,
        Err(refused) => Reply::Aside(refusal::screen(&refused)),
    })
    .await;
    Ok(())
}

/// Makes these changes, and brings what they touch up to date. Without any, shows the settings.
pub async fn apply(
    desk: &Arc<Desk>,
    organizer: Organizer,
    changes: Vec<Change>,
    page: SettingsPage,
) -> Reply {
    let guild = organizer.actor().guild;
    let settings = if changes.is_empty() {
        desk.service().read_settings(organizer).await
    } else {
        desk.service().change_settings(organizer, &changes).await
    };
    desk.reply(settings, |settings| {
        if !changes.is_empty() {
            desk.live().refresh(guild);
        }
        let input = changes.iter().any(|change| matches!(change, Change::Input(_)));
        if input && settings.input.takes_reactions() {
            // Reactions that were made while none counted are there already.
            catch_up::begin(desk, desk.tasks(), Missed::ReactionsIn(guild));
        }
        if changes.iter().any(|change| matches!(change, Change::Departed(_))) {
            follow_departed(desk, guild);
        }
        Reply::Shown(view::screen(&settings, page, &changes))
    })
}

/// Has the open round follow what was set for members who leave, in the background: it may take a while to
/// find out who did.
fn follow_departed(desk: &Arc<Desk>, guild: GuildId) {
    let this = Arc::clone(desk);
    desk.tasks().spawn("members who left", async move {
        match this.service().apply_departed_votes(guild).await {
            Ok(true) => this.live().refresh(guild),
            Ok(false) => {}
            // The look before the count makes it good.
            Err(error) => tracing::warn!(%guild, %error, "members who left were not looked for"),
        }
    });
}
