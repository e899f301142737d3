//! Who asks: the domain's [`Actor`] from what Discord vouches for in an interaction.

use serenity::model::guild::Member;
use serenity::model::id;
use serenity::model::permissions::Permissions;

use crate::domain::ids::{GuildId, MemberId, RoleId};
use crate::domain::policy::Actor;

/// Discord's permissions that make a member an organizer.
const ORGANIZES: Permissions = Permissions::MANAGE_GUILD.union(Permissions::ADMINISTRATOR);

/// The member who asks; `None` outside of servers.
pub fn actor(guild: Option<id::GuildId>, member: Option<&Member>) -> Option<Actor> {
    let member = member?;
    Some(Actor {
        guild: GuildId(guild?.get()),
        member: MemberId(member.user.id.get()),
        manages_server: organizes(member.permissions),
    })
}

/// The roles that the member has.
pub fn roles(member: Option<&Member>) -> Vec<RoleId> {
    let roles = member.map(|member| member.roles.as_slice()).unwrap_or_default();
    roles.iter().map(|role| RoleId(role.get())).collect()
}

/// Whether these permissions make an organizer; none known make none.
fn organizes(permissions: Option<Permissions>) -> bool {
    permissions.is_some_and(|permissions| permissions.intersects(ORGANIZES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_permission_makes_an_organizer() {
        assert!(organizes(Some(Permissions::MANAGE_GUILD)));
        assert!(organizes(Some(
            Permissions::ADMINISTRATOR | Permissions::SEND_MESSAGES
        )));
    }

    #[test]
    fn no_other_does_and_unknown_ones_do_not() {
        assert!(!organizes(None));
        assert!(!organizes(Some(Permissions::all() - ORGANIZES)));
        assert!(actor(Some(id::GuildId::new(1)), None).is_none());
    }
}
