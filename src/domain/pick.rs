//! Leaving the choice to chance, or to the clock: a random film, and the double feature that fills an evening.
//!
//! Pure: randomness comes in as a source of 64 bits. Decides nothing about a round.

use std::collections::BTreeMap;

/// The shortest evening that a double feature is sought for, in minutes.
pub const BUDGET_MIN: u32 = 60;
/// The longest, in minutes.
pub const BUDGET_MAX: u32 = 1440;
/// The usual one, in minutes (product: `/pick`).
pub const BUDGET: u32 = 270;

/// A number from 0 to `bound - 1`, each as likely as the other; 0 for a bound of 0.
///
/// The remainder of 64 bits would favour small numbers: draws above the last whole multiple of the bound are
/// drawn again.
fn below(bound: u64, random: &mut impl FnMut() -> u64) -> u64 {
    if bound == 0 {
        return 0;
    }
    let uneven = (u64::MAX % bound + 1) % bound;
    loop {
        let drawn = random();
        if drawn <= u64::MAX - uneven {
            return drawn % bound;
        }
    }
}

/// One of so many, each as likely as the other; `None` of none.
pub fn one_of(count: usize, mut random: impl FnMut() -> u64) -> Option<usize> {
    let bound = u64::try_from(count).ok().filter(|bound| *bound > 0)?;
    usize::try_from(below(bound, &mut random)).ok()
}

/// One by weight: each as often as its share of the sum. `None` when no weight is above 0.
pub fn one_by_weight(weights: &[u32], mut random: impl FnMut() -> u64) -> Option<usize> {
    let sum: u64 = weights.iter().copied().map(u64::from).sum();
    if sum == 0 {
        return None;
    }
    let mut left = below(sum, &mut random);
    weights.iter().position(|weight| {
        let weight = u64::from(*weight);
        let here = left < weight;
        left = left.saturating_sub(weight);
        here
    })
}

/// A film that may be half of a double feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// How long it runs, in minutes.
    pub minutes: u16,
    /// What stands for it in the vote; 0 where that is hidden.
    pub votes: u32,
}

/// The two whose runtimes together come closest to `budget` minutes without exceeding it, by their places in
/// `films`, the earlier first; `None` when no two fit.
///
/// Of pairs that run as long, the one with more votes together; then the one with the earliest film, then the one
/// with the earlier second film. `films` are in the order of their proposal.
pub fn double_feature(films: &[Feature], budget: u32) -> Option<(usize, usize)> {
    let by_length = best_two_by_length(films);
    let mut best: Option<(Worth, (usize, usize))> = None;
    let mut consider = |one: usize, other: usize| {
        let pair = (one.min(other), one.max(other));
        let total = u32::from(films[one].minutes) + u32::from(films[other].minutes);
        let votes = u64::from(films[one].votes) + u64::from(films[other].votes);
        if total > budget {
            return;
        }
        let worth = Worth { total, votes };
        let better = best.is_none_or(|(most, earliest)| worth > most || (worth == most && pair < earliest));
        if better {
            best = Some((worth, pair));
        }
    };
    for (minutes, of_this_length) in &by_length {
        if let [one, other] = of_this_length[..] {
            consider(one, other);
        }
        for longer in by_length.range(minutes + 1..).map(|(_, longer)| longer) {
            if let (Some(one), Some(other)) = (of_this_length.first(), longer.first()) {
                consider(*one, *other);
            }
        }
    }
    best.map(|(_, pair)| pair)
}

/// What a pair is worth, the more telling part first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Worth {
    total: u32,
    votes: u64,
}

/// The places of the two best films of each length, more votes first, then the earlier one. No other film can be in
/// the best pair: one of these would take its place in it.
fn best_two_by_length(films: &[Feature]) -> BTreeMap<u32, Vec<usize>> {
    let mut by_length: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, film) in films.iter().enumerate() {
        let best = by_length.entry(film.minutes.into()).or_default();
        let rank = best.partition_point(|held| films[*held].votes >= film.votes);
        best.insert(rank, place);
        best.truncate(2);
    }
    by_length
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A source of bits that is the same each time (`SplitMix64`).
    fn seeded(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut bits = state;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            bits ^ (bits >> 31)
        }
    }

    /// How often each place comes in so many draws.
    fn counted(places: usize, draws: u32, mut draw: impl FnMut() -> usize) -> Vec<u32> {
        let mut counts = vec![0; places];
        for _ in 0..draws {
            counts[draw()] += 1;
        }
        counts
    }

    #[test]
    fn every_film_is_as_likely_as_the_other() {
        let mut random = seeded(7);
        let counts = counted(7, 70_000, || one_of(7, &mut random).expect("one"));
        // Four standard deviations of a fair draw are about 370.
        assert!(
            counts.iter().all(|count| count.abs_diff(10_000) < 370),
            "{counts:?}"
        );
    }

    #[test]
    fn a_film_comes_as_often_as_its_share_of_the_votes() {
        let mut random = seeded(11);
        let counts = counted(4, 60_000, || {
            one_by_weight(&[3, 0, 2, 1], &mut random).expect("one")
        });
        for (count, expected) in counts.iter().zip([30_000_u32, 0, 20_000, 10_000]) {
            let allowed = if expected == 0 { 1 } else { 500 };
            assert!(count.abs_diff(expected) < allowed, "{counts:?}");
        }
    }

    #[test]
    fn draws_that_would_favour_the_first_are_drawn_again() {
        // 2^64 is 1 more than a multiple of 3 and of 5: its last number belongs to no whole multiple.
        for bound in [3, 5] {
            let mut drawn = [u64::MAX, 1].into_iter();
            assert_eq!(one_of(bound, || drawn.next().expect("two draws")), Some(1));
            assert_eq!(drawn.next(), None, "the first was not used");
        }
        let mut drawn = [u64::MAX].into_iter();
        assert_eq!(one_of(4, || drawn.next().expect("one draw")), Some(3));
    }

    #[test]
    fn of_nothing_nothing_is_picked() {
        assert_eq!(one_of(0, seeded(1)), None);
        assert_eq!(one_by_weight(&[], seeded(1)), None);
        assert_eq!(one_by_weight(&[0, 0], seeded(1)), None);
        assert_eq!(double_feature(&[], BUDGET), None);
    }

    fn features(films: &[(u16, u32)]) -> Vec<Feature> {
        films
            .iter()
            .map(|(minutes, votes)| Feature {
                minutes: *minutes,
                votes: *votes,
            })
            .collect()
    }

    #[test]
    fn the_pair_that_fills_the_evening_is_found_and_never_more() {
        let films = features(&[(90, 0), (120, 0), (150, 0), (200, 0)]);
        assert_eq!(double_feature(&films, 270), Some((1, 2)));
        assert_eq!(double_feature(&films, 269), Some((0, 2)));
        assert_eq!(double_feature(&films, 210), Some((0, 1)));
        assert_eq!(double_feature(&films, 209), None);
    }

    #[test]
    fn of_pairs_as_long_the_one_with_more_votes_then_the_earlier_one() {
        let films = features(&[(100, 1), (100, 1), (100, 5), (90, 0), (110, 6)]);
        assert_eq!(
            double_feature(&films, 200),
            Some((0, 2)),
            "6 votes, and the first film"
        );
        let films = features(&[(100, 0), (100, 0), (100, 0)]);
        assert_eq!(double_feature(&films, 200), Some((0, 1)));
    }

    /// Every pair, by the words of the rule.
    fn by_brute_force(films: &[Feature], budget: u32) -> Option<(usize, usize)> {
        let mut pairs: Vec<_> = (0..films.len())
            .flat_map(|one| (one + 1..films.len()).map(move |other| (one, other)))
            .map(|(one, other)| {
                let total = u32::from(films[one].minutes) + u32::from(films[other].minutes);
                let votes = u64::from(films[one].votes) + u64::from(films[other].votes);
                (total, votes, (one, other))
            })
            .filter(|(total, _, _)| *total <= budget)
            .collect();
        pairs.sort_by_key(|(total, votes, pair)| (std::cmp::Reverse((*total, *votes)), *pair));
        pairs.first().map(|(_, _, pair)| *pair)
    }

    proptest! {
        #[test]
        fn no_pair_is_better_than_the_one_found(
            films in proptest::collection::vec((80..100_u16, 0..4_u32), 0..24),
            budget in 150..210_u32,
        ) {
            let films = features(&films);
            prop_assert_eq!(double_feature(&films, budget), by_brute_force(&films, budget));
        }

        #[test]
        fn any_runtimes_are_borne(
            films in proptest::collection::vec((any::<u16>(), any::<u32>()), 0..12),
            budget in any::<u32>(),
        ) {
            let films = features(&films);
            prop_assert_eq!(double_feature(&films, budget), by_brute_force(&films, budget));
        }

        #[test]
        fn what_is_picked_is_there(weights in proptest::collection::vec(any::<u32>(), 0..20), seed in any::<u64>()) {
            let picked = one_by_weight(&weights, seeded(seed));
            prop_assert_eq!(picked.is_some(), weights.iter().any(|weight| *weight > 0));
            if let Some(place) = picked {
                prop_assert!(weights[place] > 0);
            }
            prop_assert_eq!(one_of(weights.len(), seeded(seed)).is_some(), !weights.is_empty());
        }
    }
}
