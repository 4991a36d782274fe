//! Predictors: cheap approximations of a matrix product, and cascades of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Input dimensions that share a scale in a `q4` scorer.
pub const Q4_GROUP: u64 = 32;

/// A cheap approximation of a matrix product `h W^T` with W of shape V x d.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scorer {
    /// `s = (h A) B`: A is d x r, B is r x V, from the singular value decomposition of W^T.
    LowRank {
        /// The rank r.
        rank: u64,
        /// Whether B is stored as int8 with a scale per row of the vocabulary.
        q8: bool,
    },
    /// int8 with one scale a row: `s_j = scale_j (q_j . h)`.
    Q8,
    /// int4 with one scale for each [`Q4_GROUP`] input dimensions of a row.
    Q4,
    /// The leading r elements only, as Spark does: `s_j = w_j[..r] . h[..r]`, in f32.
    Prefix {
        /// r.
        dims: u64,
    },
}

impl Scorer {
    /// Bytes that one row of the vocabulary takes, for a hidden vector of `d` elements.
    pub fn bytes_per_row(self, d: u64) -> u64 {
        match self {
            Scorer::LowRank { rank, q8: true } => rank + 4,
            Scorer::LowRank { rank, q8: false } => 4 * rank,
            Scorer::Q8 => d + 4,
            Scorer::Q4 => d.next_multiple_of(Q4_GROUP) / 2 + 4 * d.div_ceil(Q4_GROUP),
            Scorer::Prefix { dims } => 4 * dims,
        }
    }

    /// Why bounds on the errors of this scorer, as the one of all rows, leave too many candidates; docs/quality.md has what
    /// was measured.
    pub(crate) fn looseness(self) -> &'static str {
        match self {
            Scorer::Q8 => "finer scores of its survivors add nothing to q8 alone",
            Scorer::Q4 => "int4 is so coarse that a large part of all rows stays possible",
            Scorer::LowRank { .. } | Scorer::Prefix { .. } => {
                "what a low rank or a prefix leaves out of a row is nearly as large as the row, so that all rows stay possible"
            }
        }
    }

    /// Bytes that all rows share.
    pub fn shared_bytes(self, d: u64) -> u64 {
        match self {
            Scorer::LowRank { rank, .. } => 4 * d * rank,
            Scorer::Q8 | Scorer::Q4 | Scorer::Prefix { .. } => 0,
        }
    }

    /// The name as it stands in names of tensors and functions: `lr_128_q8`.
    pub fn identifier(self) -> String {
        self.to_string().replace(':', "_")
    }
}

impl fmt::Display for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scorer::LowRank { rank, q8: false } => write!(f, "lr:{rank}"),
            Scorer::LowRank { rank, q8: true } => write!(f, "lr:{rank}:q8"),
            Scorer::Q8 => f.write_str("q8"),
            Scorer::Q4 => f.write_str("q4"),
            Scorer::Prefix { dims } => write!(f, "prefix:{dims}"),
        }
    }
}

/// A scorer of all rows, and finer ones that each score only the survivors of the one before:
/// `lr:128:q8>q8`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Predictor {
    scorers: Vec<Scorer>,
}

impl Predictor {
    /// The scorer of all rows.
    pub fn first(&self) -> Scorer {
        self.scorers[0]
    }

    /// The scorers of survivors, coarse to fine.
    pub fn finer(&self) -> &[Scorer] {
        &self.scorers[1..]
    }

    /// All scorers, coarse to fine.
    pub fn scorers(&self) -> &[Scorer] {
        &self.scorers
    }
}

impl From<Scorer> for Predictor {
    fn from(scorer: Scorer) -> Self {
        Self { scorers: vec![scorer] }
    }
}

impl fmt::Display for Predictor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scorer) in self.scorers.iter().enumerate() {
            let separator = if index == 0 { "" } else { ">" };
            write!(f, "{separator}{scorer}")?;
        }
        Ok(())
    }
}

/// A predictor's name that is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no predictor; use lr:RANK, lr:RANK:q8, q8, q4 or prefix:DIMS, or a cascade such as lr:128:q8>q8")]
pub struct UnknownPredictor(String);

impl FromStr for Predictor {
    type Err = UnknownPredictor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scorers: Option<Vec<Scorer>> = text.split('>').map(scorer).collect();
        let scorers = scorers.ok_or_else(|| UnknownPredictor(text.to_owned()))?;
        // A scorer that comes twice has nothing to add.
        let repeated = scorers.iter().enumerate().any(|(i, s)| scorers[..i].contains(s));
        if repeated { Err(UnknownPredictor(text.to_owned())) } else { Ok(Self { scorers }) }
    }
}

fn scorer(text: &str) -> Option<Scorer> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["q8"] => Some(Scorer::Q8),
        ["q4"] => Some(Scorer::Q4),
        ["prefix", dims] => Some(Scorer::Prefix { dims: dims.parse().ok().filter(|&r| r > 0)? }),
        ["lr", rank] | ["lr", rank, "q8"] => {
            let rank = rank.parse().ok().filter(|&r| r > 0)?;
            Some(Scorer::LowRank { rank, q8: parts.len() == 3 })
        }
        _ => None,
    }
}

impl Serialize for Predictor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Predictor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictors_read_back_as_written() {
        for text in ["lr:128", "lr:64:q8", "q8", "q4", "prefix:16", "lr:128:q8>q8", "prefix:32>q4>q8"] {
            assert_eq!(text.parse::<Predictor>().unwrap().to_string(), text);
        }
        for text in ["lr", "lr:0", "lr:x", "q5", "q8:1", "lr:8:q4", "", ">q8", "q8>", "q8>q8"] {
            assert!(text.parse::<Predictor>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_per_row_are_the_measured_tables() {
        assert_eq!(Scorer::Q8.bytes_per_row(640), 644);
        assert_eq!(Scorer::Q4.bytes_per_row(640), 400);
        assert_eq!(Scorer::LowRank { rank: 128, q8: false }.bytes_per_row(640), 512);
        assert_eq!(Scorer::LowRank { rank: 64, q8: true }.bytes_per_row(640), 68);
    }
}
