//! What the recorded vectors tell of a site: the recall of each candidate predictor on positions that calibrated nothing,
//! and how alike the selections of neighbouring tokens are.

use hire_passes::context::SecondMoment;
use hire_passes::hire::predictor::{Predictor, Scorer};
use hire_passes::instrument::Probe;
use rayon::prelude::*;

use super::matrix::SiteMatrix;
use super::overlap::{Overlap, OverlapCount};
use super::ranks::{cascade_ranks, ranks, top};
use super::record::Recording;
use super::scores::Scores;
use super::sparsity::ActivationSparsity;
use super::split::{Role, role, rows, split};
use crate::calibration::Moment;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;

/// Positions that are scored at a time.
pub(crate) const POSITIONS: usize = 64;

/// How many of the largest logits are looked for, where the model itself does not say.
const WANTED: usize = 32;

/// Entries that a scorer of a cascade may leave to the next.
const SURVIVORS: [usize; 7] = [256, 512, 1024, 2048, 4096, 8192, 16384];

/// What was measured of a site.
pub(crate) struct SiteMeasure {
    /// The site.
    pub probe: Probe,
    /// The second moment of the calibration positions.
    pub moment: Moment,
    /// Held-out positions.
    pub evaluated: usize,
    /// How many of the largest dense logits were looked for at each.
    pub wanted: usize,
    /// Rows of W that are zero; their logits are 0 whatever the vector.
    pub zero_rows: usize,
    /// Difference of the two largest dense logits, at each held-out position, in increasing order.
    pub margins: Vec<f32>,
    /// How alike the largest logits of neighbouring positions are.
    pub overlap: Overlap,
    /// Candidates whose rank exceeds the width of the site.
    pub skipped: Vec<Predictor>,
    /// How sparse the activations of a feed-forward layer are.
    pub sparsity: Option<ActivationSparsity>,
    /// By candidate, and for cascades by number of survivors, for feed-forward layers by group and common neurons.
    pub curves: Vec<Curve>,
}

impl SiteMeasure {
    /// How many of the held-out positions score.
    pub(crate) fn scoring(&self) -> usize {
        (0..self.evaluated).filter(|&at| role(at, self.evaluated) == Role::Scores).count()
    }

    /// A site of which nothing is known yet but its second moment.
    pub(crate) fn new(probe: Probe, moment: Moment, evaluated: usize) -> Self {
        Self {
            probe,
            moment,
            evaluated,
            wanted: 0,
            zero_rows: 0,
            margins: Vec::new(),
            overlap: Overlap::default(),
            skipped: Vec::new(),
            sparsity: None,
            curves: Vec::new(),
        }
    }
}

/// The ranks that a predictor gives to the largest dense logits, or to the active neurons.
pub(crate) struct Curve {
    /// The predictor.
    pub predictor: Predictor,
    /// How many entries its first scorer leaves, where it is a cascade.
    pub survivors: Option<usize>,
    /// Consecutive rows that are selected together.
    pub group: u64,
    /// How many neurons are always selected.
    pub common: u64,
    /// At the positions that choose.
    choosing: RankSets,
    /// Of what the model takes, at the positions that score.
    scoring: Vec<u32>,
}

/// Ranks in increasing order.
#[derive(Default)]
struct RankSets {
    /// Of the largest logit of each position.
    first: Vec<u32>,
    /// Of the `k` largest that the model takes, or of the largest where it takes one or all.
    taken: Vec<u32>,
    /// Of all that were looked for.
    all: Vec<u32>,
}

/// A share of entries that are among the k' selected.
fn share(ranks: &[u32], k_prime: u64) -> f64 {
    ranks.partition_point(|&rank| u64::from(rank) < k_prime) as f64 / ranks.len().max(1) as f64
}

impl Curve {
    /// Without any position yet.
    pub(crate) fn new(predictor: &Predictor, survivors: Option<usize>) -> Self {
        let (choosing, scoring) = Default::default();
        Self { predictor: predictor.clone(), survivors, group: 1, common: 0, choosing, scoring }
    }

    /// The same where groups of neurons are selected, and some neurons always.
    pub(crate) fn in_groups(self, group: u64, common: u64) -> Self {
        Self { group, common, ..self }
    }

    /// Adds the ranks of a position.
    pub(crate) fn add(&mut self, role: Role, first: &[u32], taken: &[u32], all: &[u32]) {
        match role {
            Role::Scores => self.scoring.extend(taken),
            Role::Chooses => {
                self.choosing.first.extend(first);
                self.choosing.taken.extend(taken);
                self.choosing.all.extend(all);
            }
        }
    }

    /// Brings the ranks in order, after the last position.
    pub(crate) fn sort(&mut self) {
        let RankSets { first, taken, all } = &mut self.choosing;
        [first, taken, all, &mut self.scoring].into_iter().for_each(|ranks| ranks.sort_unstable());
    }

    /// Share of positions whose largest logit is among the k' selected.
    pub(crate) fn top1(&self, k_prime: u64) -> f64 {
        share(&self.choosing.first, k_prime)
    }

    /// Share of the logits that the model takes that are among the k' selected.
    pub(crate) fn recall(&self, k_prime: u64) -> f64 {
        share(&self.choosing.taken, k_prime)
    }

    /// The same at the positions that score.
    pub(crate) fn scored(&self, k_prime: u64) -> f64 {
        share(&self.scoring, k_prime)
    }

    /// Mean share of the largest logits that are among the k' selected.
    pub(crate) fn share(&self, k_prime: u64) -> f64 {
        share(&self.choosing.all, k_prime)
    }
}

/// Refuses candidates that are not measured here.
pub(crate) fn check_candidates(candidates: &[Predictor]) -> Outcome {
    match candidates.iter().find(|c| c.scorers().len() > 2) {
        Some(longer) => Err(Failure::with_remedy(
            format!("`{longer}` is a cascade of {} scorers; two are measured at most", longer.scorers().len()),
            "give cascades of two scorers, such as lr:128:q8>q8",
        )),
        None => Ok(()),
    }
}

/// Measures a site.
pub(crate) fn measure(
    probe: &Probe,
    recording: &Recording,
    matrix: &SiteMatrix,
    candidates: &[Predictor],
    progress: &Progress,
) -> Outcome<SiteMeasure> {
    let d = probe.d as usize;
    let (calibration, evaluation) = split(recording.hidden.len() / d);
    let moment = Moment::of(&rows(&recording.hidden, d, &calibration), d);
    let (candidates, skipped): (Vec<&Predictor>, Vec<&Predictor>) = candidates.iter().partition(|c| fits(c, probe.d));
    let mut scorers: Vec<Scorer> = candidates.iter().flat_map(|c| c.scorers()).copied().collect();
    scorers.sort_unstable_by_key(ToString::to_string);
    scorers.dedup();
    progress.step(format!("{}: preparing {} scorers", probe.site, scorers.len()));
    let scores = Scores::new(matrix, &scorers, SecondMoment { values: &moment.values, count: moment.count })?;
    let hidden = rows(&recording.hidden, d, &evaluation);
    let neighbours = neighbours(recording, &evaluation);
    let mut tally = Tally::new(probe, &candidates, neighbours);
    progress.step(format!("{}: measuring", probe.site));
    progress.count(hidden.len().div_ceil(POSITIONS * d) as u64);
    let mut buffers = Buffers::new(&scorers, matrix.vocabulary);
    for part in hidden.chunks(POSITIONS * d) {
        buffers.fill(&scores, part, part.len() / d);
        tally.add(&buffers, part.len() / d);
        progress.advance();
    }
    let mut measure = tally.finish(probe.clone(), moment, hidden.len() / d);
    measure.zero_rows = scores.zero_rows;
    measure.skipped = skipped.into_iter().cloned().collect();
    Ok(measure)
}

/// Whether every scorer of a candidate makes sense for vectors of `d` elements.
pub(crate) fn fits(candidate: &Predictor, d: u64) -> bool {
    candidate.scorers().iter().all(|s| super::scores::rank(s).is_none_or(|rank| rank as u64 <= d))
}

/// For each held-out position, whether the one before it in the same window is held out too.
pub(crate) fn neighbours(recording: &Recording, evaluation: &[std::ops::Range<usize>]) -> Vec<bool> {
    let begins = |at: usize| recording.starts.binary_search(&at).is_ok();
    evaluation.iter().flat_map(|r| r.clone().map(move |at| at > r.start && !begins(at))).collect()
}

/// Scores of a block of positions.
struct Buffers {
    vocabulary: usize,
    dense: Vec<f32>,
    by_scorer: Vec<(Scorer, Vec<f32>)>,
}

impl Buffers {
    fn new(scorers: &[Scorer], vocabulary: usize) -> Self {
        let empty = || vec![0.0; POSITIONS * vocabulary];
        Self { vocabulary, dense: empty(), by_scorer: scorers.iter().map(|&s| (s, empty())).collect() }
    }

    fn fill(&mut self, scores: &Scores<'_>, hidden: &[f32], positions: usize) {
        scores.of(None, hidden, &mut self.dense[..positions * self.vocabulary]);
        for (scorer, values) in &mut self.by_scorer {
            scores.of(Some(*scorer), hidden, &mut values[..positions * self.vocabulary]);
        }
    }

    /// Scores of a position.
    fn row(&self, scorer: Scorer, position: usize) -> &[f32] {
        let values = self.by_scorer.iter().find(|(s, _)| *s == scorer).map(|(_, values)| values);
        let values = values.expect("every candidate's scorers have a buffer");
        &values[position * self.vocabulary..(position + 1) * self.vocabulary]
    }
}

/// Ranks and overlaps, summed up over blocks of positions.
struct Tally {
    wanted: usize,
    taken: usize,
    candidates: Vec<Predictor>,
    curves: Vec<Curve>,
    margins: Vec<f32>,
    overlap: OverlapCount,
    neighbours: Vec<bool>,
}

/// What one position adds.
struct Seen {
    margin: f32,
    largest: Vec<u32>,
    /// By curve.
    ranks: Vec<Vec<u32>>,
}

impl Tally {
    fn new(probe: &Probe, candidates: &[&Predictor], neighbours: Vec<bool>) -> Self {
        let vocabulary = probe.vocabulary as usize;
        let curves = |candidate: &&Predictor| -> Vec<Curve> {
            match candidate.finer() {
                [] => vec![Curve::new(candidate, None)],
                _ => survivors(vocabulary).map(|n| Curve::new(candidate, Some(n))).collect(),
            }
        };
        Self {
            wanted: WANTED.max(probe.k as usize).min(vocabulary),
            taken: (probe.k as usize).max(1),
            candidates: candidates.iter().map(|&c| c.clone()).collect(),
            curves: candidates.iter().flat_map(curves).collect(),
            margins: Vec::new(),
            overlap: OverlapCount::new(vocabulary),
            neighbours,
        }
    }

    fn add(&mut self, buffers: &Buffers, positions: usize) {
        let seen: Vec<Seen> = (0..positions).into_par_iter().map(|position| self.look(buffers, position)).collect();
        for seen in seen {
            let index = self.margins.len();
            let (follows, role) = (self.neighbours[index], role(index, self.neighbours.len()));
            self.overlap.add(&seen.largest, follows);
            self.margins.push(seen.margin);
            for (curve, ranks) in self.curves.iter_mut().zip(seen.ranks) {
                curve.add(role, &ranks[..1], &ranks[..self.taken], &ranks);
            }
        }
    }

    fn look(&self, buffers: &Buffers, position: usize) -> Seen {
        let dense = &buffers.dense[position * buffers.vocabulary..(position + 1) * buffers.vocabulary];
        let largest = top(dense, self.wanted.max(self.overlap.largest()));
        let wanted = &largest[..self.wanted];
        let mut all = Vec::new();
        for candidate in &self.candidates {
            let first = buffers.row(candidate.first(), position);
            match candidate.finer() {
                [] => all.push(ranks(first, wanted)),
                [fine, ..] => {
                    let survivors: Vec<usize> = survivors(buffers.vocabulary).collect();
                    all.extend(cascade_ranks(first, buffers.row(*fine, position), wanted, &survivors));
                }
            }
        }
        let margin = if largest.len() > 1 { dense[largest[0] as usize] - dense[largest[1] as usize] } else { 0.0 };
        Seen { margin, largest, ranks: all }
    }

    fn finish(mut self, probe: Probe, moment: Moment, evaluated: usize) -> SiteMeasure {
        self.margins.sort_unstable_by(f32::total_cmp);
        self.curves.iter_mut().for_each(Curve::sort);
        SiteMeasure {
            wanted: self.wanted,
            margins: self.margins,
            overlap: self.overlap.finish(),
            curves: self.curves,
            ..SiteMeasure::new(probe, moment, evaluated)
        }
    }
}

/// The numbers of survivors that are tried: those below the vocabulary.
fn survivors(vocabulary: usize) -> impl Iterator<Item = usize> {
    SURVIVORS.into_iter().filter(move |&n| n < vocabulary)
}
