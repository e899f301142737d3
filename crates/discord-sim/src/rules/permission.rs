//! Permission bits and how they add up. Pure.

use crate::id::Id;

/// See the permissions table of Discord's documentation; only those that rules here ask for are named.
pub mod bits {
    /// Passes every check.
    pub const ADMINISTRATOR: u64 = 1 << 3;
    /// Manage channels.
    pub const MANAGE_CHANNELS: u64 = 1 << 4;
    /// Manage the server.
    pub const MANAGE_GUILD: u64 = 1 << 5;
    /// Add a reaction that is not there yet.
    pub const ADD_REACTIONS: u64 = 1 << 6;
    /// See the channel.
    pub const VIEW_CHANNEL: u64 = 1 << 10;
    /// Send messages.
    pub const SEND_MESSAGES: u64 = 1 << 11;
    /// Delete messages and reactions of others.
    pub const MANAGE_MESSAGES: u64 = 1 << 13;
    /// Have embeds in messages.
    pub const EMBED_LINKS: u64 = 1 << 14;
    /// Upload files.
    pub const ATTACH_FILES: u64 = 1 << 15;
    /// Read messages sent earlier.
    pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    /// Ping everyone, and roles that nobody else may ping.
    pub const MENTION_EVERYONE: u64 = 1 << 17;
    /// Use emojis of other servers.
    pub const USE_EXTERNAL_EMOJIS: u64 = 1 << 18;
    /// Manage roles.
    pub const MANAGE_ROLES: u64 = 1 << 28;
    /// Use application commands.
    pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    /// Manage scheduled events.
    pub const MANAGE_EVENTS: u64 = 1 << 33;

    /// What `@everyone` may do in a new server.
    pub const NEW_SERVER: u64 = ADD_REACTIONS
        | VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | ATTACH_FILES
        | READ_MESSAGE_HISTORY
        | MENTION_EVERYONE
        | USE_EXTERNAL_EMOJIS
        | USE_APPLICATION_COMMANDS;
    /// Everything.
    pub const ALL: u64 = (1 << 53) - 1;
}

/// A channel's exception for a role or a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overwrite {
    /// The role or the user.
    pub(crate) target: Id,
    /// Whether the target is a user.
    pub(crate) is_member: bool,
    /// Bits granted.
    pub(crate) allow: u64,
    /// Bits taken away.
    pub(crate) deny: u64,
}

/// What a member with these roles may do in a channel with these overwrites. `everyone` is the id of
/// the guild, which is also that of its `@everyone` role.
pub(crate) fn in_channel(everyone: Id, user: Id, roles: &[Id], base: u64, overwrites: &[Overwrite]) -> u64 {
    if base & bits::ADMINISTRATOR != 0 {
        return bits::ALL;
    }
    let mut permissions = base;
    let mut apply = |chosen: &dyn Fn(&Overwrite) -> bool| {
        let (allow, deny) = overwrites
            .iter()
            .filter(|o| chosen(o))
            .fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny));
        permissions = (permissions & !deny) | allow;
    };
    apply(&|o| !o.is_member && o.target == everyone);
    apply(&|o| !o.is_member && o.target != everyone && roles.contains(&o.target));
    apply(&|o| o.is_member && o.target == user);
    if permissions & bits::VIEW_CHANNEL == 0 {
        return 0;
    }
    permissions
}

#[cfg(test)]
mod tests {
    use super::bits::{ADMINISTRATOR, ALL, NEW_SERVER, SEND_MESSAGES, VIEW_CHANNEL};
    use super::*;

    const GUILD: Id = Id(1);
    const ADA: Id = Id(2);
    const ROLE: Id = Id(3);

    fn overwrite(target: Id, is_member: bool, allow: u64, deny: u64) -> Overwrite {
        Overwrite {
            target,
            is_member,
            allow,
            deny,
        }
    }

    #[test]
    fn a_members_own_overwrite_beats_the_roles_and_everyones() {
        let overwrites = [
            overwrite(ADA, true, SEND_MESSAGES, 0),
            overwrite(ROLE, false, 0, SEND_MESSAGES),
            overwrite(GUILD, false, 0, SEND_MESSAGES),
        ];
        let ada = in_channel(GUILD, ADA, &[ROLE], NEW_SERVER, &overwrites);
        let other = in_channel(GUILD, Id(9), &[ROLE], NEW_SERVER, &overwrites);
        assert_ne!(ada & SEND_MESSAGES, 0);
        assert_eq!(other & SEND_MESSAGES, 0);
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_in_it() {
        let hidden = [overwrite(GUILD, false, 0, VIEW_CHANNEL)];
        assert_eq!(in_channel(GUILD, ADA, &[], NEW_SERVER, &hidden), 0);
        assert_eq!(in_channel(GUILD, ADA, &[], ADMINISTRATOR, &hidden), ALL);
    }
}
