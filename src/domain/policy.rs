//! Who may do what, decided from what an interaction brings along and what the server set.

use super::ids::{GuildId, MemberId, RoleId};
use super::refusal::Refusal;

/// The one who asks, as Discord vouches for them in the interaction itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The server they ask in.
    pub guild: GuildId,
    /// Who they are.
    pub member: MemberId,
    /// Whether they have Manage Server, which makes them an organizer whatever the server set.
    pub manages_server: bool,
}

/// Proof that somebody is an organizer of their server. What only organizers may do asks for it, so that
/// no command can forget the check: there is no other way to one than [`Organizer::prove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Organizer(Actor);

impl Organizer {
    /// An organizer has Manage Server, or the server's organizer role among `roles`.
    ///
    /// # Errors
    /// [`Refusal::NotOrganizer`] for everybody else.
    pub fn prove(actor: Actor, roles: &[RoleId], organizer_role: Option<RoleId>) -> Result<Self, Refusal> {
        let by_role = organizer_role.is_some_and(|role| roles.contains(&role));
        if actor.manages_server || by_role {
            Ok(Self(actor))
        } else {
            Err(Refusal::NotOrganizer)
        }
    }

    /// Who they are.
    pub const fn actor(self) -> Actor {
        self.0
    }
}

/// The number of active proposals a member may have where the server set no other (product: `/limit`).
pub const DEFAULT_PROPOSAL_LIMIT: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(manages_server: bool) -> Actor {
        Actor {
            guild: GuildId(1),
            member: MemberId(2),
            manages_server,
        }
    }

    #[test]
    fn manage_server_or_the_role_makes_an_organizer_and_nothing_else() {
        let (role, other) = (RoleId(5), RoleId(6));
        assert!(Organizer::prove(actor(true), &[], None).is_ok());
        assert!(Organizer::prove(actor(false), &[other, role], Some(role)).is_ok());
        for (roles, set) in [(&[][..], None), (&[role][..], None), (&[other][..], Some(role))] {
            assert_eq!(
                Organizer::prove(actor(false), roles, set),
                Err(Refusal::NotOrganizer)
            );
        }
    }
}
