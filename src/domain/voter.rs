//! Whose ballot a ballot is: the member's id, or in an anonymous round a name that leads back to nobody once
//! the round's key is gone.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::ids::{MemberId, RoundId};

/// The owner of a ballot, as votes name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VoterId(i64);

impl VoterId {
    /// The value as the database holds it.
    pub const fn to_db(self) -> i64 {
        self.0
    }

    /// The voter from the database's value.
    pub const fn from_db(value: i64) -> Self {
        Self(value)
    }
}

impl From<MemberId> for VoterId {
    /// The voter of a round that is not anonymous.
    fn from(member: MemberId) -> Self {
        Self(member.to_db())
    }
}

/// The secret of an anonymous round. With it a member's ballot is found; without it, no ballot tells whose
/// it is. It is thrown away when the round ends.
#[derive(Clone, PartialEq, Eq)]
pub struct BallotKey(String);

impl BallotKey {
    /// The key of two random numbers.
    pub fn new(random: [u64; 2]) -> Self {
        Self(format!("{:016x}{:016x}", random[0], random[1]))
    }

    /// The key as the database holds it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key from the database's value.
    pub const fn from_db(value: String) -> Self {
        Self(value)
    }

    /// The member's name in this round: the first 64 bits of HMAC-SHA256 over the round and the member.
    pub fn voter(&self, round: RoundId, member: MemberId) -> VoterId {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else {
            // HMAC takes keys of any length.
            return VoterId(0);
        };
        mac.update(&round.0.to_be_bytes());
        mac.update(&member.to_db().to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let first = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        VoterId(first.cast_signed())
    }
}

impl fmt::Debug for BallotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BallotKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_keeps_their_name_within_a_round_and_has_another_in_the_next() {
        let key = BallotKey::new([1, 2]);
        let ada = key.voter(RoundId(1), MemberId(7));
        assert_eq!(
            ada,
            BallotKey::from_db(key.as_str().to_owned()).voter(RoundId(1), MemberId(7))
        );
        assert_ne!(ada, key.voter(RoundId(1), MemberId(8)));
        assert_ne!(ada, key.voter(RoundId(2), MemberId(7)));
        assert_ne!(ada, BallotKey::new([1, 3]).voter(RoundId(1), MemberId(7)));
        assert_ne!(ada, VoterId::from(MemberId(7)));
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", BallotKey::new([1, 2])), "BallotKey(…)");
    }
}
