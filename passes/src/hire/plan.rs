//! The plan: which sites to rewrite, and how.
//!
//! A plan is JSON that a person can edit. `hire compile --plan` reads it; without one, every site
//! found is rewritten with the predictor and k' of the command line.
//!
//! ```json
//! {
//!   "version": 1,
//!   "sites": {
//!     "head/logits": { "predictor": "lr:128:q8>q8", "k_prime": 512, "group": 8, "survivors": [8192],
//!                      "two_stage": { "buckets": 4096, "per_bucket": 1 } }
//!   }
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::decompose::MOST_ENTRIES;
use super::predictor::{Predictor, Scorer};
use super::recall::{self, TwoStage};

/// The version of the plan's schema.
pub const PLAN_VERSION: u32 = 1;

/// What a rewritten site promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guarantee {
    /// The true top entries are among the selected ones with high probability, not certainty.
    #[default]
    Recall,
    /// The results are those of the dense program: every step carries a certificate that no row
    /// was missed, and falls back to the dense product where it fails.
    Exact,
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Guarantee::Recall => "recall",
            Guarantee::Exact => "exact",
        })
    }
}

impl FromStr for Guarantee {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "recall" => Ok(Guarantee::Recall),
            "exact" => Ok(Guarantee::Exact),
            _ => Err(format!("`{text}` is no guarantee; use recall or exact")),
        }
    }
}

/// How one site is rewritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePlan {
    /// The predictor.
    pub predictor: Predictor,
    /// How many rows are computed exactly (k').
    pub k_prime: u64,
    /// Consecutive rows that are selected together, by the best of them (g).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub group: u64,
    /// How many rows each scorer of a cascade but the last leaves to the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub survivors: Vec<u64>,
    /// How the first selection is approximated, over groups; exact where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_stage: Option<TwoStage>,
    /// How many of the k' are the same for every token: the neurons that calibration found active most often;
    /// feed-forward layers only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub common: u64,
    /// Whether the hidden vectors of a step select together; feed-forward layers only.
    #[serde(default, skip_serializing_if = "is_per_row")]
    pub selection: Selection,
    /// What is promised.
    #[serde(default)]
    pub guarantee: Guarantee,
}

/// How the hidden vectors of a step of several select.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Each its own k' entries.
    #[default]
    PerRow,
    /// The k' entries with the largest sums of scores.
    Shared,
    /// k' entries that hold the k'/b largest of each of the b vectors.
    Union,
}

fn is_per_row(selection: &Selection) -> bool {
    *selection == Selection::PerRow
}

fn one() -> u64 {
    1
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn is_one(group: &u64) -> bool {
    *group == 1
}

/// Rows that a scorer of a cascade leaves to the next where the plan does not say: this many times k'.
const SURVIVORS_PER_SELECTED: u64 = 16;

/// What was measured of a site's plan, on positions that calibrated nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Share of the entries that the model takes (the largest, where it takes all) that are among the k' selected.
    pub recall: f64,
    /// How many positions that was measured on.
    pub positions: u64,
    /// Bytes that a step reads for the site.
    pub bytes: u64,
    /// The two stages that it was measured with, where the plan has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_stage: Option<TwoStage>,
}

/// Which sites to rewrite, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`PLAN_VERSION`].
    pub version: u32,
    /// The file of second moments that low-rank predictors are made with, relative to the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<String>,
    /// What was measured of the sites' plans, by site name. A person who changes a site's plan should remove it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measured: BTreeMap<String, Measured>,
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
    #[error("site `{site}`: groups of {group} rows do not divide the vocabulary of {vocabulary}; choose a divisor")]
    Group { site: String, group: u64, vocabulary: u64 },
    #[error("site `{site}`: k' = {k_prime} is no whole number of groups of {group}; choose a multiple")]
    KPrimeNotWholeGroups { site: String, k_prime: u64, group: u64 },
    #[error(
        "site `{site}`: survivors {survivors:?} do not fit: {finer} falling counts from at most {vocabulary} down to k' = {k_prime} are needed, each a multiple of the group of {group}"
    )]
    Survivors { site: String, survivors: Vec<u64>, finer: usize, k_prime: u64, group: u64, vocabulary: u64 },
    #[error(
        "site `{site}`: two_stage with {} buckets of which each keeps {} does not fit: buckets must divide the {entries} entries (groups, where they are grouped), keep no more than they hold, and keep {wanted} or more together",
        stages.buckets,
        stages.per_bucket
    )]
    TwoStage { site: String, stages: TwoStage, entries: u64, wanted: u64 },
    #[error("site `{site}`: the guarantee exact needs an exact selection; leave out two_stage or --select-recall")]
    ExactTwoStage { site: String },
    #[error(
        "site `{site}`: groups of {group} neurons do not consist of the model's own groups of {own}; choose a multiple"
    )]
    ModelGroup { site: String, group: u64, own: u64 },
    #[error(
        "site `{site}`: the guarantee exact needs predictor q8: a certificate bounds every row by its error, and {}; {predictor} cannot certify",
        scorer.looseness()
    )]
    ExactPredictor { site: String, predictor: String, scorer: Scorer },
    #[error("site `{site}` is a softmax layer, whose hidden vectors select each for itself; leave out selection")]
    SelectionOfLogits { site: String },
    #[error(
        "site `{site}`: {common} common neurons do not fit: a multiple of the group of {group} that leaves some of k' = {k_prime} to select is needed"
    )]
    Common { site: String, common: u64, k_prime: u64, group: u64 },
    #[error("site `{site}` cannot have common neurons: {reason}")]
    NoCommon { site: String, reason: &'static str },
    #[error("site `{site}` is a feed-forward layer; only softmax layers can be exact")]
    ExactFeedForward { site: String },
    #[error("site `{site}`: rank {rank} of the predictor exceeds the {d} input dimensions; lower it")]
    RankAboveWidth { site: String, rank: u64, d: u64 },
    #[error(
        "site `{site}`: {scorer} has no form for TPUs as the predictor of all rows: its scales, one for 32 inputs, would be applied to 32 short products a row on the vector unit; use q8, lr or prefix, or {scorer} as the finer predictor of a cascade"
    )]
    NoTpuForm { site: String, scorer: Scorer },
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
    /// The plan that selects single rows by one scorer or a cascade, with the usual survivors.
    pub fn new(predictor: Predictor, k_prime: u64) -> Self {
        Self {
            predictor,
            k_prime,
            group: 1,
            survivors: Vec::new(),
            two_stage: None,
            common: 0,
            selection: Selection::PerRow,
            guarantee: Guarantee::Recall,
        }
    }

    /// The same plan, filled in for a matrix of `vocabulary` rows: whole groups, survivors of every
    /// scorer but the last.
    pub fn resolved(mut self, vocabulary: u64) -> Self {
        if self.survivors.is_empty() {
            let usual =
                SURVIVORS_PER_SELECTED.saturating_mul(self.k_prime).min(vocabulary) / self.group.max(1) * self.group;
            self.survivors = vec![usual; self.predictor.finer().len()];
        }
        self
    }

    /// The same [resolved](SitePlan::resolved) plan with the cheapest selection in two stages that is expected to find
    /// this share of what an exact one selects of `vocabulary` rows; the same where an exact one is cheaper.
    pub fn with_select_recall(mut self, recall: Option<f64>, vocabulary: u64) -> Self {
        if let (Some(recall), true) = (recall, self.group > 0) {
            let (entries, wanted) = (vocabulary / self.group, self.selections()[0] / self.group);
            self.two_stage = recall::cheapest(entries, wanted, recall).filter(|_| entries <= MOST_ENTRIES);
        }
        self
    }

    /// The share of what an exact selection would select of `vocabulary` rows that the plan's selection is expected to.
    pub fn select_recall(&self, vocabulary: u64) -> f64 {
        let group = self.group.max(1);
        let recall = |stages: TwoStage| stages.expected_recall(vocabulary / group, self.selections()[0] / group);
        self.two_stage.map_or(1.0, recall)
    }

    /// Checks that a [resolved](SitePlan::resolved) plan fits a site that needs the top `k` of
    /// `vocabulary` rows of `d` elements.
    ///
    /// # Errors
    /// When k', the group, the survivors or a rank is out of range.
    pub fn check(&self, site: &str, k: u64, vocabulary: u64, d: u64) -> Result<(), PlanError> {
        let (site, k_prime, group) = (site.to_owned(), self.k_prime, self.group);
        if k_prime < k.max(1) {
            return Err(PlanError::KPrimeBelowK { site, k_prime, k: k.max(1) });
        }
        if k_prime > vocabulary {
            return Err(PlanError::KPrimeAboveVocabulary { site, k_prime, vocabulary });
        }
        if group == 0 || !vocabulary.is_multiple_of(group) {
            return Err(PlanError::Group { site, group, vocabulary });
        }
        if !k_prime.is_multiple_of(group) {
            return Err(PlanError::KPrimeNotWholeGroups { site, k_prime, group });
        }
        if self.common > 0 && (!self.common.is_multiple_of(group) || self.common >= k_prime) {
            return Err(PlanError::Common { site, common: self.common, k_prime, group });
        }
        let finer = self.predictor.finer().len();
        let bounds = || self.survivors.iter().chain([&k_prime]);
        let falls = bounds().zip(bounds().skip(1)).all(|(before, after)| before >= after);
        let fits = self.survivors.iter().all(|&n| n <= vocabulary && n.is_multiple_of(group));
        if self.survivors.len() != finer || !falls || !fits {
            let survivors = self.survivors.clone();
            return Err(PlanError::Survivors { site, survivors, finer, k_prime, group, vocabulary });
        }
        if self.guarantee == Guarantee::Exact && self.predictor.scorers() != [Scorer::Q8] {
            let (predictor, scorer) = (self.predictor.to_string(), self.predictor.first());
            return Err(PlanError::ExactPredictor { site, predictor, scorer });
        }
        if let Some(stages) = self.two_stage {
            let (entries, wanted) = (vocabulary / group, self.selections()[0] / group);
            let divides = stages.buckets > 0 && entries.is_multiple_of(stages.buckets) && entries <= MOST_ENTRIES;
            if !divides || stages.survivors() < wanted || stages.survivors() > entries {
                return Err(PlanError::TwoStage { site, stages, entries, wanted });
            }
            if self.guarantee == Guarantee::Exact {
                return Err(PlanError::ExactTwoStage { site });
            }
        }
        let too_high = |scorer: &Scorer| match scorer {
            Scorer::LowRank { rank: width, .. } | Scorer::Prefix { dims: width } => (*width > d).then_some(*width),
            Scorer::Q8 | Scorer::Q4 => None,
        };
        match self.predictor.scorers().iter().find_map(too_high) {
            Some(rank) => Err(PlanError::RankAboveWidth { site, rank, d }),
            None => Ok(()),
        }
    }

    /// How many rows each selection keeps: the survivors, then k'.
    pub fn selections(&self) -> Vec<u64> {
        self.survivors.iter().copied().chain([self.k_prime]).collect()
    }

    /// Bytes that a step reads of a matrix of `vocabulary` rows of `d` elements for `rows` hidden
    /// vectors: the first scorer once, for all but the common rows; these once; survivors and selected rows (of
    /// `row_bytes`) for each vector.
    pub fn bytes(&self, vocabulary: u64, d: u64, rows: u64, row_bytes: u64) -> u64 {
        let shared: u64 = self.predictor.scorers().iter().map(|s| s.shared_bytes(d)).sum();
        let whole = vocabulary.saturating_sub(self.common) * self.predictor.first().bytes_per_row(d);
        let finer = self.predictor.finer().iter().zip(&self.survivors);
        let survivors: u64 = finer.map(|(scorer, n)| n * scorer.bytes_per_row(d)).sum();
        let bounds = if self.guarantee == Guarantee::Exact { 4 * vocabulary } else { 0 };
        let selected = self.k_prime.saturating_sub(self.common);
        shared + whole + bounds + self.common * row_bytes + rows * (survivors + selected * row_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_that_do_not_fit_say_what_would() {
        let plan = |text: &str, group, survivors: &[u64]| SitePlan {
            group,
            survivors: survivors.to_vec(),
            ..SitePlan::new(text.parse().unwrap(), 64)
        };
        let check = |plan: SitePlan| plan.resolved(1024).check("s", 1, 1024, 32);
        assert_eq!(check(plan("lr:8>q8", 8, &[])), Ok(()));
        assert_eq!(plan("lr:8>q8", 8, &[]).resolved(1024).selections(), [1024, 64]);
        assert_eq!(plan("lr:8>q8", 8, &[]).resolved(4096).selections(), [1024, 64]);
        assert_eq!(check(plan("lr:8>q8", 8, &[256])), Ok(()));
        assert!(matches!(check(plan("q8", 7, &[])), Err(PlanError::Group { .. })));
        assert!(matches!(check(plan("q8", 0, &[])), Err(PlanError::Group { .. })));
        assert!(matches!(check(plan("q8", 128, &[])), Err(PlanError::KPrimeNotWholeGroups { .. })));
        assert!(matches!(check(plan("lr:8>q8", 1, &[32])), Err(PlanError::Survivors { .. })));
        assert!(matches!(check(plan("lr:8>q8", 8, &[100])), Err(PlanError::Survivors { .. })));
        assert!(matches!(check(plan("q8", 1, &[100])), Err(PlanError::Survivors { .. })));
        assert!(matches!(check(plan("lr:8>lr:33>q8", 1, &[])), Err(PlanError::RankAboveWidth { .. })));
        let staged = |buckets, per_bucket, group| {
            check(SitePlan { two_stage: Some(TwoStage { buckets, per_bucket }), ..plan("q8", group, &[]) })
        };
        assert_eq!((staged(256, 1, 1), staged(64, 1, 1), staged(16, 1, 8)), (Ok(()), Ok(()), Ok(())));
        for (buckets, per_bucket, group) in [(0, 1, 1), (100, 1, 1), (32, 1, 1), (4, 1, 8), (512, 3, 1), (256, 0, 1)] {
            assert!(matches!(staged(buckets, per_bucket, group), Err(PlanError::TwoStage { .. })), "{buckets}");
        }
    }

    #[test]
    fn the_cheapest_stages_meet_the_recall_asked_for() {
        let plan = SitePlan { group: 8, ..SitePlan::new("lr:8>q8".parse().unwrap(), 64) };
        let plan = plan.resolved(65_536).with_select_recall(Some(0.98), 65_536);
        assert_eq!(plan.check("s", 1, 65_536, 32), Ok(()));
        let recall = plan.select_recall(65_536);
        assert_eq!(recall, plan.two_stage.unwrap().expected_recall(65_536 / 8, 1024 / 8));
        assert!((0.98..1.0).contains(&recall), "{recall}");
        assert_eq!(SitePlan::new("q8".parse().unwrap(), 64).select_recall(65_536), 1.0);
    }

    #[test]
    fn bytes_are_those_of_all_rows_of_survivors_and_of_exact_rows() {
        let plan = SitePlan { survivors: vec![100], ..SitePlan::new("lr:8:q8>q8".parse().unwrap(), 10) };
        assert_eq!(plan.bytes(1000, 32, 2, 128), 4 * 32 * 8 + 1000 * 12 + 2 * (100 * 36 + 10 * 128));
    }

    #[test]
    fn a_plan_of_another_version_or_with_unknown_fields_is_refused() {
        let plan = r#"{"version": 2, "sites": {}}"#;
        assert_eq!(Plan::from_json(plan), Err(PlanError::Version { found: 2 }));
        let plan = r#"{"version": 1, "sites": {"a": {"predictor": "q8", "k_prime": 4, "kprime": 3}}}"#;
        assert!(matches!(Plan::from_json(plan), Err(PlanError::Malformed(m)) if m.contains("kprime")));
    }
}
