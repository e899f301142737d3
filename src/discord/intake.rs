//! Takes gateway events in: each interaction once, tracked, and to the right handler.
//!
//! serenity runs every event in a detached task of its own, which a stop would not wait for; here
//! each handling is tracked. Commands go to poise, everything else to [`interactions`].

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use poise::{FrameworkContext, FrameworkOptions};
use serenity::client::{Context, FullEvent};
use serenity::framework::Framework;
use serenity::gateway::ShardManager;
use serenity::model::application::Interaction;
use serenity::model::channel::Reaction;
use serenity::model::id::UserId;

use super::catch_up::Missed;
use super::desk::Desk;
use super::reactions::{Reactions, number_of};
use super::recent::RecentIds;
use super::{catch_up, commands, errors, interactions};
use crate::domain::ids::{GuildId, MemberId, MessageId};
use crate::lifecycle::Tasks;

/// Interactions remembered, to recognise a second delivery: minutes of a storm.
const REMEMBERED: usize = 16_384;

/// The entrance for gateway events.
pub struct Intake {
    desk: Arc<Desk>,
    tasks: Tasks,
    bot: UserId,
    recent: RecentIds,
    reactions: Reactions,
    /// Whether a session of this process was ready before.
    connected_before: AtomicBool,
    options: FrameworkOptions<Arc<Desk>, Infallible>,
    /// Set when serenity initialises its framework, before any event.
    shards: OnceLock<Arc<ShardManager>>,
}

impl Intake {
    /// For events to the bot with this user id.
    pub fn new(desk: Arc<Desk>, tasks: Tasks, bot: UserId) -> Self {
        Self {
            desk,
            tasks,
            bot,
            recent: RecentIds::new(REMEMBERED),
            reactions: Reactions::new(bot),
            connected_before: AtomicBool::new(false),
            options: FrameworkOptions {
                commands: commands::all(),
                on_error: |error| Box::pin(errors::on_framework_error(error)),
                // poise notes every use of every command for cooldowns that none of them has.
                manual_cooldowns: true,
                // Nobody is above the rules, so nobody needs to be asked for.
                initialize_owners: false,
                allowed_mentions: Some(serenity::builder::CreateAllowedMentions::new()),
                ..FrameworkOptions::default()
            },
            shards: OnceLock::new(),
        }
    }

    async fn reaction(&self, reaction: Reaction, on: bool) {
        let handling = Box::pin(self.reactions.changed(&self.desk, &reaction, on));
        self.tasks.track("reaction", handling).await;
    }

    /// A moderator took all reactions away, or all with one emoji.
    fn reactions_cleared(&self, message: u64) {
        catch_up::begin(
            &self.desk,
            &self.tasks,
            Missed::ReactionsUnder(MessageId(message)),
        );
    }

    /// A member left or was banned, or came: their votes may count no longer, or again.
    async fn member(&self, guild: GuildId, user: UserId, here: bool) {
        let (service, member) = (self.desk.service(), MemberId(user.get()));
        let changed = if here {
            service.member_came(guild, member).await
        } else {
            service.member_left(guild, member).await
        };
        match changed {
            Ok(true) => self.desk.live().refresh(guild),
            Ok(false) => {}
            // Before the count it is looked for again.
            Err(error) => tracing::warn!(%guild, %error, "a departure or return was not taken into account"),
        }
    }

    async fn members(&self, guild: serenity::model::id::GuildId, user: UserId, here: bool) {
        let handling = Box::pin(self.member(GuildId(guild.get()), user, here));
        self.tasks.track("member", handling).await;
    }

    async fn interaction(&self, ctx: Context, interaction: Interaction) {
        if !self.recent.first_time(interaction.id().get()) {
            tracing::debug!(interaction = %interaction.id(), "delivered twice, handled once");
            return;
        }
        match interaction {
            Interaction::Component(click) => Box::pin(interactions::component(&self.desk, click)).await,
            Interaction::Modal(modal) => interactions::modal(&self.desk, &modal).await,
            Interaction::Command(_) | Interaction::Autocomplete(_) => {
                let Some(shard_manager) = self.shards.get() else {
                    tracing::error!("an event came before the framework was initialised");
                    return;
                };
                let framework = FrameworkContext {
                    serenity_context: &ctx,
                    bot_id: self.bot,
                    options: &self.options,
                    user_data: &self.desk,
                    shard_manager,
                };
                let event = FullEvent::InteractionCreate { interaction };
                Box::pin(poise::dispatch_event(framework, event)).await;
            }
            _ => {}
        }
    }
}

#[serenity::async_trait]
impl Framework for Intake {
    async fn init(&mut self, client: &serenity::Client) {
        // Called once, so it cannot be set already.
        let _set = self.shards.set(Arc::clone(&client.shard_manager));
    }

    async fn dispatch(&self, ctx: Context, event: FullEvent) {
        match event {
            FullEvent::InteractionCreate { interaction } => {
                let handling = Box::pin(self.interaction(ctx, interaction));
                self.tasks.track("interaction", handling).await;
            }
            FullEvent::Ready { data_about_bot } => {
                tracing::info!(
                    shard = ctx.shard_id.0,
                    guilds = data_about_bot.guilds.len(),
                    "connected to Discord"
                );
                let missed = if self.connected_before.swap(true, Ordering::Relaxed) {
                    Missed::Reactions
                } else {
                    Missed::Everything
                };
                catch_up::begin(&self.desk, &self.tasks, missed);
            }
            FullEvent::ReactionAdd { add_reaction } => self.reaction(add_reaction, true).await,
            FullEvent::ReactionRemove { removed_reaction } => self.reaction(removed_reaction, false).await,
            FullEvent::ReactionRemoveAll {
                removed_from_message_id: message,
                ..
            } => self.reactions_cleared(message.get()),
            FullEvent::ReactionRemoveEmoji { removed_reactions }
                if number_of(&removed_reactions.emoji).is_some() =>
            {
                self.reactions_cleared(removed_reactions.message_id.get());
            }
            FullEvent::GuildBanAddition {
                guild_id,
                banned_user,
            } => {
                self.members(guild_id, banned_user.id, false).await;
            }
            FullEvent::GuildMemberRemoval { guild_id, user, .. } => {
                self.members(guild_id, user.id, false).await;
            }
            FullEvent::GuildMemberAddition { new_member } => {
                self.members(new_member.guild_id, new_member.user.id, true).await;
            }
            FullEvent::Resume { .. } => tracing::info!(shard = ctx.shard_id.0, "connection resumed"),
            FullEvent::GuildCreate { guild, .. } => tracing::debug!(guild = %guild.id, "in this server"),
            _ => {}
        }
    }
}
