//! The declared chain: what separates films that a method leaves tied.
//!
//! 1. More first choices, or approvals: the ballots that mark no other film above it.
//! 2. The earlier proposal; or a draw from the seed that was published before the vote; or nothing, and a
//!    run-off round of the tied films is needed. (Wherever a run-off can't decide, as in the order of
//!    films that are not picked, the earlier proposal does.)
//!
//! The draw: for each film the SHA-256 of the seed, a line feed (0x0A) and the film's id, in UTF-8. The
//! lowest digest, compared byte by byte, is drawn first. With a shell:
//! `printf 'seed\nid' | sha256sum`.

use std::cmp::Reverse;

use sha2::{Digest, Sha256};

use super::super::ties::TieRule;
use super::field::{Field, Film};
use super::step::TieBreak;

/// Tied films of which some are to be picked, and how far the first step of the chain gets with them.
pub(super) struct Contest {
    /// The films that the method left tied, by the chain.
    pub tied: Vec<Film>,
    /// How many of them are to be picked: at least one, and fewer than there are.
    pub picks: usize,
    /// Those that are picked for having more first choices.
    pub sure: Vec<Film>,
    /// Those that even so are tied for the picks that are left. Empty if none are left.
    pub open: Vec<Film>,
}

impl Field {
    /// Puts tied films in order: by first choices, then by proposal or draw.
    pub(super) fn sort_by_chain(&self, films: &mut [Film]) {
        films.sort_by_key(|&film| (Reverse(self.first_choices[film]), self.priority[film]));
    }

    /// The last step of the chain. Where it says "run-off", the earlier proposal stands in.
    pub(super) fn last_tie_break(&self) -> TieBreak {
        match self.ties {
            TieRule::Draw => TieBreak::Draw,
            TieRule::Chain | TieRule::RunOff => TieBreak::EarlierProposal,
        }
    }

    /// The contest of tied films for fewer picks.
    pub(super) fn contest(&self, mut tied: Vec<Film>, picks: usize) -> Contest {
        self.sort_by_chain(&mut tied);
        let first = |film: Film| self.first_choices[film];
        let (last_in, first_out) = (first(tied[picks - 1]), first(tied[picks]));
        let (sure, open) = if last_in > first_out {
            (tied[..picks].to_vec(), Vec::new())
        } else {
            let above = tied.iter().copied().filter(|&film| first(film) > last_in);
            let level = tied.iter().copied().filter(|&film| first(film) == last_in);
            (above.collect(), level.collect())
        };
        Contest {
            tied,
            picks,
            sure,
            open,
        }
    }
}

/// For each film its place in the draw, 0 being the first drawn.
pub(super) fn drawn(seed: &str, ids: &[String]) -> Vec<usize> {
    let mut order: Vec<(String, usize)> = (0..ids.len())
        .map(|film| (draw_digest(seed, &ids[film]), film))
        .collect();
    order.sort_unstable();
    let mut places = vec![0; ids.len()];
    for (place, (_, film)) in order.into_iter().enumerate() {
        places[film] = place;
    }
    places
}

/// What a film draws: the SHA-256 of seed, line feed and id, in hexadecimal. The lowest is drawn first.
pub fn draw_digest(seed: &str, id: &str) -> String {
    let digest = Sha256::new()
        .chain_update(seed)
        .chain_update("\n")
        .chain_update(id)
        .finalize();
    digest.iter().fold(String::with_capacity(64), |hex, byte| {
        hex + &format!("{byte:02x}")
    })
}
