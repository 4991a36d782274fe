//! Candidates and fallbacks of exact sites, and the active neurons that feed-forward layers select, as programs compiled
//! with `--statistics` count them.

use std::collections::BTreeMap;
use std::io::Write;

use hire_artifact::ResultValue;
use hire_passes::hire::prepare::PREPARED_PREFIX;
use hire_passes::hire::{ACTIVE, CANDIDATES, FALLBACK, FOUND};
use hire_runtime::HostTensor;
use serde::Serialize;

use crate::failure::{Failure, Outcome};

/// What an output counts, by the site's name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Counted {
    Candidates(String),
    Fallback(String),
    Active(String),
    Found(String),
}

impl Counted {
    /// What an output of this name counts.
    fn of(name: &str) -> Option<Self> {
        let name = name.strip_prefix(PREPARED_PREFIX)?;
        let site = |end: &str| name.strip_suffix(end).map(str::to_owned);
        let candidates = site(CANDIDATES).map(Counted::Candidates);
        let fallback = || site(FALLBACK).map(Counted::Fallback);
        let active = || site(ACTIVE).map(Counted::Active);
        candidates.or_else(fallback).or_else(active).or_else(|| site(FOUND).map(Counted::Found))
    }
}

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    /// For each output of the program, what it counts; `None` for what the model gives.
    outputs: Vec<Option<Counted>>,
    sites: BTreeMap<String, SiteCounts>,
    layers: BTreeMap<String, LayerCounts>,
}

/// Over all steps and rows.
#[derive(Debug, Default)]
struct LayerCounts {
    active: u64,
    found: u64,
}

#[derive(Debug, Default)]
struct SiteCounts {
    /// The most candidates of a row, by steps.
    candidates: Vec<u64>,
    fallbacks: u64,
}

/// What was counted at a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct SiteStatistics {
    /// Its name.
    pub site: String,
    /// Steps.
    pub steps: usize,
    /// Entries a step whose upper bound reaches the least entry that the model takes; of a batch, in the row with the
    /// most.
    pub candidates: Percentiles,
    /// Steps that computed the dense product.
    pub fallbacks: u64,
    /// Their share.
    pub fallback_share: f64,
}

/// Of numbers in increasing order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Percentiles {
    /// Half are at most this.
    pub median: u64,
    /// 99% are at most this.
    pub p99: u64,
    /// The largest.
    pub max: u64,
}

impl Statistics {
    /// Finds the outputs that count.
    pub(crate) fn of<'a>(outputs: impl Iterator<Item = &'a ResultValue>) -> Self {
        Self { outputs: outputs.map(|result| Counted::of(&result.name)).collect(), ..Self::default() }
    }

    /// Whether the program counts at all.
    pub(crate) fn are_counted(&self) -> bool {
        self.outputs.iter().any(Option::is_some)
    }

    /// Forgets what was counted.
    pub(crate) fn clear(&mut self) {
        self.sites.clear();
        self.layers.clear();
    }

    /// Adds what a step counted; gives what the model gave.
    pub(crate) fn take(&mut self, outputs: Vec<HostTensor>) -> Outcome<Vec<HostTensor>> {
        let mut given = Vec::new();
        for (output, counted) in outputs.into_iter().zip(&self.outputs) {
            let Some(counted) = counted else {
                given.push(output);
                continue;
            };
            let counts = output.to_vec::<i32>().map_err(Failure::new)?;
            let counts = counts.into_iter().map(|n| u64::try_from(n).unwrap_or(0));
            let most = || counts.clone().max().unwrap_or(0);
            let layer = |layers: &mut BTreeMap<String, LayerCounts>, site: &String, add: fn(&mut LayerCounts, u64)| {
                add(layers.entry(site.clone()).or_default(), counts.clone().sum());
            };
            match counted {
                Counted::Candidates(site) => self.sites.entry(site.clone()).or_default().candidates.push(most()),
                Counted::Fallback(site) => self.sites.entry(site.clone()).or_default().fallbacks += most(),
                Counted::Active(site) => layer(&mut self.layers, site, |layer, n| layer.active += n),
                Counted::Found(site) => layer(&mut self.layers, site, |layer, n| layer.found += n),
            }
        }
        Ok(given)
    }

    /// Which share of a layer's active neurons was selected; `None` where that was not counted.
    pub(crate) fn recall(&self, layer: &str) -> Option<f64> {
        let counts = self.layers.get(layer)?;
        Some(counts.found as f64 / counts.active.max(1) as f64)
    }

    /// What was counted of exact sites.
    pub(crate) fn summary(&self) -> Vec<SiteStatistics> {
        let site = |(name, counts): (&String, &SiteCounts)| {
            let steps = counts.candidates.len();
            SiteStatistics {
                site: name.clone(),
                steps,
                candidates: Percentiles::of(&counts.candidates),
                fallbacks: counts.fallbacks,
                fallback_share: counts.fallbacks as f64 / steps.max(1) as f64,
            }
        };
        self.sites.iter().map(site).collect()
    }
}

impl Percentiles {
    /// Of numbers in any order; zeros when there are none.
    fn of(numbers: &[u64]) -> Self {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).max(1) - 1).copied().unwrap_or(0);
        Self { median: at(50), p99: at(99), max: at(100) }
    }
}

/// A line for each site.
pub(crate) fn write(out: &mut dyn Write, statistics: &[SiteStatistics]) -> std::io::Result<()> {
    for site in statistics {
        let Percentiles { median, p99, max } = site.candidates;
        writeln!(
            out,
            "{}: exact, candidates median {median}, p99 {p99}, max {max}; {} fallbacks in {} steps ({:.2}%)",
            site.site,
            site.fallbacks,
            site.steps,
            100.0 * site.fallback_share
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hire_artifact::{ElementType, ResultRole};

    use super::*;

    #[test]
    fn percentiles_are_the_least_number_that_so_many_do_not_exceed() {
        let percentiles = |numbers: &[u64]| {
            let Percentiles { median, p99, max } = Percentiles::of(numbers);
            [median, p99, max]
        };
        assert_eq!(percentiles(&[]), [0, 0, 0]);
        assert_eq!(percentiles(&[7]), [7, 7, 7]);
        assert_eq!(percentiles(&[4, 1, 3, 2]), [2, 4, 4]);
        assert_eq!(percentiles(&(1..=200).rev().collect::<Vec<_>>()), [100, 198, 200]);
    }

    #[test]
    fn counts_are_taken_out_of_what_the_model_gives() {
        let result = |name: &str, shape: &[u64]| ResultValue {
            name: name.to_owned(),
            role: ResultRole::Output,
            dtype: ElementType::I32,
            shape: shape.to_vec(),
        };
        let results = [
            result("token", &[2]),
            result("hire.head.candidates", &[2]),
            result("hire.head.fallback", &[]),
            result("hire.l/ffn.active", &[2]),
            result("hire.l/ffn.found", &[2]),
        ];
        let mut statistics = Statistics::of(results.iter());
        assert!(statistics.are_counted() && !Statistics::of(results[..1].iter()).are_counted());
        let tensor = |shape: &[u64], values: &[i32]| HostTensor::from_slice(shape, values).unwrap();
        for (candidates, fallback) in [([3, 9], 0), ([2, 1], 0), ([700, 4], 1)] {
            let step = vec![
                tensor(&[2], &[5, 6]),
                tensor(&[2], &candidates),
                tensor(&[], &[fallback]),
                tensor(&[2], &[8, 12]),
                tensor(&[2], &[7, 8]),
            ];
            let given = statistics.take(step).unwrap();
            assert_eq!(given.iter().map(|t| t.to_vec::<i32>().unwrap()).collect::<Vec<_>>(), [[5, 6]]);
        }
        let [head] = statistics.summary().try_into().unwrap();
        assert_eq!((head.site.as_str(), head.steps, head.fallbacks), ("head", 3, 1));
        assert_eq!(head.candidates, Percentiles { median: 9, p99: 700, max: 700 });
        let mut text = Vec::new();
        write(&mut text, &[head]).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "head: exact, candidates median 9, p99 700, max 700; 1 fallbacks in 3 steps (33.33%)\n"
        );
        assert_eq!((statistics.recall("l/ffn"), statistics.recall("head")), (Some(0.75), None));
        statistics.clear();
        assert_eq!(statistics.summary(), []);
        assert_eq!(statistics.recall("l/ffn"), None);
    }
}
