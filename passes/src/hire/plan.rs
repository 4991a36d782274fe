//! The plan: which sites to rewrite, and how.
//!
//! A plan is JSON that a person can edit. `hire compile --plan` reads it; without one, every site
//! found is rewritten with the predictor and k' of the command line.
//!
//! ```json
//! {
//!   "version": 1,
//!   "sites": {
//!     "head/logits": { "predictor": "q8", "k_prime": 512, "guarantee": "recall" }
//!   }
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The version of the plan's schema.
pub const PLAN_VERSION: u32 = 1;

/// Input dimensions that share a scale in a `q4` predictor.
pub const Q4_GROUP: u64 = 32;

/// A cheap approximation of a matrix product `h W^T` with W of shape V x d.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Predictor {
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
}

impl Predictor {
    /// Bytes that one row of the vocabulary takes, for a hidden vector of `d` elements.
    pub fn bytes_per_row(self, d: u64) -> u64 {
        match self {
            Predictor::LowRank { rank, q8: true } => rank + 4,
            Predictor::LowRank { rank, q8: false } => 4 * rank,
            Predictor::Q8 => d + 4,
            Predictor::Q4 => d.next_multiple_of(Q4_GROUP) / 2 + 4 * d.div_ceil(Q4_GROUP),
        }
    }
}

impl fmt::Display for Predictor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Predictor::LowRank { rank, q8: false } => write!(f, "lr:{rank}"),
            Predictor::LowRank { rank, q8: true } => write!(f, "lr:{rank}:q8"),
            Predictor::Q8 => f.write_str("q8"),
            Predictor::Q4 => f.write_str("q4"),
        }
    }
}

/// A predictor's name that is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no predictor; use lr:RANK, lr:RANK:q8, q8 or q4")]
pub struct UnknownPredictor(String);

impl FromStr for Predictor {
    type Err = UnknownPredictor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownPredictor(text.to_owned());
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["q8"] => Ok(Predictor::Q8),
            ["q4"] => Ok(Predictor::Q4),
            ["lr", rank] | ["lr", rank, "q8"] => {
                let rank = rank.parse().ok().filter(|&r| r > 0).ok_or_else(unknown)?;
                Ok(Predictor::LowRank { rank, q8: parts.len() == 3 })
            }
            _ => Err(unknown()),
        }
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

/// What a rewritten site promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guarantee {
    /// The true top entries are among the selected ones with high probability, not certainty.
    #[default]
    Recall,
}

/// How one site is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePlan {
    /// The predictor.
    pub predictor: Predictor,
    /// How many rows the predictor selects.
    pub k_prime: u64,
    /// What is promised.
    #[serde(default)]
    pub guarantee: Guarantee,
}

/// Which sites to rewrite, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`PLAN_VERSION`].
    pub version: u32,
    /// By site name.
    pub sites: BTreeMap<String, SitePlan>,
}

/// Why a plan cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum PlanError {
    #[error("the plan is not valid JSON of the plan's schema: {0}")]
    Malformed(String),
    #[error("the plan has version {found}, this compiler reads version {PLAN_VERSION}")]
    Version { found: u32 },
    #[error(
        "the plan names a site `{name}` that the module does not have; its sites are: {}. Was the plan made for another model?",
        if sites.is_empty() { "none".to_owned() } else { sites.join(", ") }
    )]
    UnknownSite { name: String, sites: Vec<String> },
    #[error("site `{site}`: k' = {k_prime} is below k = {k}, the number of entries the model takes; raise --k-prime")]
    KPrimeBelowK { site: String, k_prime: u64, k: u64 },
    #[error("site `{site}`: k' = {k_prime} exceeds the vocabulary of {vocabulary}; lower --k-prime")]
    KPrimeAboveVocabulary { site: String, k_prime: u64, vocabulary: u64 },
    #[error("site `{site}`: rank {rank} of the predictor exceeds the {d} input dimensions; lower it")]
    RankAboveWidth { site: String, rank: u64, d: u64 },
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// When the text is no JSON of this schema and version.
    pub fn from_json(text: &str) -> Result<Plan, PlanError> {
        let plan: Plan = serde_json::from_str(text).map_err(|e| PlanError::Malformed(e.to_string()))?;
        if plan.version == PLAN_VERSION { Ok(plan) } else { Err(PlanError::Version { found: plan.version }) }
    }

    /// The plan as indented JSON with a newline at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a plan holds only strings and numbers");
        text.push('\n');
        text
    }
}

impl SitePlan {
    /// Checks that the plan fits a site that needs the top `k` of `vocabulary` rows of `d` elements.
    ///
    /// # Errors
    /// When k' is out of range or the rank is too large.
    pub fn check(&self, site: &str, k: u64, vocabulary: u64, d: u64) -> Result<(), PlanError> {
        let (site, k_prime) = (site.to_owned(), self.k_prime);
        if k_prime < k.max(1) {
            return Err(PlanError::KPrimeBelowK { site, k_prime, k: k.max(1) });
        }
        if k_prime > vocabulary {
            return Err(PlanError::KPrimeAboveVocabulary { site, k_prime, vocabulary });
        }
        match self.predictor {
            Predictor::LowRank { rank, .. } if rank > d => Err(PlanError::RankAboveWidth { site, rank, d }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictors_read_back_as_written() {
        for text in ["lr:128", "lr:64:q8", "q8", "q4"] {
            assert_eq!(text.parse::<Predictor>().unwrap().to_string(), text);
        }
        for text in ["lr", "lr:0", "lr:x", "q5", "q8:1", "lr:8:q4", ""] {
            assert!(text.parse::<Predictor>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_per_row_are_the_measured_tables() {
        assert_eq!(Predictor::Q8.bytes_per_row(640), 644);
        assert_eq!(Predictor::Q4.bytes_per_row(640), 400);
        assert_eq!(Predictor::LowRank { rank: 128, q8: false }.bytes_per_row(640), 512);
        assert_eq!(Predictor::LowRank { rank: 64, q8: true }.bytes_per_row(640), 68);
    }

    #[test]
    fn a_plan_of_another_version_or_with_unknown_fields_is_refused() {
        let plan = r#"{"version": 2, "sites": {}}"#;
        assert_eq!(Plan::from_json(plan), Err(PlanError::Version { found: 2 }));
        let plan = r#"{"version": 1, "sites": {"a": {"predictor": "q8", "k_prime": 4, "kprime": 3}}}"#;
        assert!(matches!(Plan::from_json(plan), Err(PlanError::Malformed(m)) if m.contains("kprime")));
    }
}
