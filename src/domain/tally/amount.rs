//! A number of votes as a step of the count shows it.
//!
//! The count itself is exact whatever the size of its fractions. What it tells is exact as long as a
//! reader could still make use of it, and a decimal beyond that.

use std::fmt;

use num_bigint::BigUint;
use num_integer::Integer;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number of votes, 0 or more. In JSON: `12`, `"16/3"`, or `"~5.333333"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Whole votes.
    Whole(u64),
    /// Exactly `numerator / denominator`, in lowest terms, the denominator 2 or more.
    Fraction {
        /// Above the line.
        numerator: u64,
        /// Below the line.
        denominator: u64,
    },
    /// A fraction with longer terms than that: whole votes and millionths, rounded down.
    About {
        /// Whole votes.
        whole: u64,
        /// Millionths, below 1,000,000.
        millionths: u32,
    },
}

impl Amount {
    /// `numerator / denominator`; a denominator of 0 makes 0.
    ///
    /// A denominator beyond 64 bits is not reduced, which would cost more than the count itself.
    pub(super) fn of(numerator: &BigUint, denominator: &BigUint) -> Self {
        if *denominator == BigUint::ZERO {
            return Self::Whole(0);
        }
        let (whole, rest) = numerator.div_rem(denominator);
        let whole = u64::try_from(whole).unwrap_or(u64::MAX);
        if rest == BigUint::ZERO {
            return Self::Whole(whole);
        }
        Self::short(numerator, denominator).unwrap_or_else(|| Self::About {
            whole,
            millionths: u32::try_from(rest * 1_000_000_u32 / denominator).unwrap_or_default(),
        })
    }

    /// The fraction in lowest terms, if its terms are short.
    fn short(numerator: &BigUint, denominator: &BigUint) -> Option<Self> {
        let below = u64::try_from(denominator).ok()?;
        let shared = u64::try_from(numerator.gcd(denominator)).ok()?;
        Some(Self::Fraction {
            numerator: u64::try_from(numerator / shared).ok()?,
            denominator: below / shared,
        })
    }

    /// Whole votes and hundredths, rounded to the nearest hundredth (half up).
    fn hundredths(self) -> (u64, u64) {
        let (whole, above, below) = match self {
            Self::Whole(whole) => (whole, 0, 1),
            Self::Fraction {
                numerator,
                denominator,
            } => {
                let below = denominator.max(1);
                (numerator / below, numerator % below, below)
            }
            Self::About { whole, millionths } => (whole, u64::from(millionths), 1_000_000),
        };
        let (above, below) = (u128::from(above), u128::from(below));
        let rounded = u64::try_from((above * 200 + below) / (2 * below)).unwrap_or_default();
        (whole.saturating_add(rounded / 100), rounded % 100)
    }
}

impl From<u64> for Amount {
    fn from(votes: u64) -> Self {
        Self::Whole(votes)
    }
}

/// For people: whole votes as they are, others with two decimals.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Whole(votes) = self {
            return write!(f, "{votes}");
        }
        let (whole, hundredths) = self.hundredths();
        write!(f, "{whole}.{hundredths:02}")
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(votes) => to.serialize_u64(*votes),
            Self::Fraction {
                numerator,
                denominator,
            } => to.collect_str(&format_args!("{numerator}/{denominator}")),
            Self::About { whole, millionths } => to.collect_str(&format_args!("~{whole}.{millionths:06}")),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl de::Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of votes: 12, \"16/3\" or \"~5.333333\"")
    }

    fn visit_u64<E: de::Error>(self, votes: u64) -> Result<Amount, E> {
        Ok(Amount::Whole(votes))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

fn parse(text: &str) -> Option<Amount> {
    if let Some(decimal) = text.strip_prefix('~') {
        let (whole, millionths) = decimal.split_once('.').filter(|(_, places)| places.len() == 6)?;
        return Some(Amount::About {
            whole: whole.parse().ok()?,
            millionths: millionths.parse().ok()?,
        });
    }
    let (numerator, denominator) = text.split_once('/')?;
    Some(Amount::Fraction {
        numerator: numerator.parse().ok()?,
        denominator: denominator.parse().ok().filter(|below| *below > 1)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: u64, denominator: u64) -> Amount {
        Amount::of(&numerator.into(), &denominator.into())
    }

    #[test]
    fn votes_are_shown_whole_or_with_two_decimals() {
        for (votes, shown) in [
            (of(12, 1), "12"),
            (of(12, 4), "3"),
            (of(16, 3), "5.33"),
            (of(17, 3), "5.67"),
            (of(1, 200), "0.01"),
            (of(1999, 1000), "2.00"),
            (of(u64::MAX, 2), "9223372036854775807.50"),
            (of(0, 7), "0"),
        ] {
            assert_eq!(votes.to_string(), shown);
        }
    }

    #[test]
    fn votes_come_back_from_json_as_they_were() {
        let long = BigUint::from(10u32).pow(40) + 1u32;
        let about = Amount::of(&(&long * 16u32 + 1u32), &(&long * 3u32));
        assert_eq!(serde_json::to_string(&about).unwrap(), r#""~5.333333""#);
        for votes in [of(12, 1), of(16, 3), about] {
            let json = serde_json::to_string(&votes).unwrap();
            assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), votes, "{json}");
        }
        for nonsense in ["-1", "\"1\"", "\"1/0\"", "\"~1\"", "\"x\"", "1.5"] {
            assert!(serde_json::from_str::<Amount>(nonsense).is_err(), "{nonsense}");
        }
    }
}
