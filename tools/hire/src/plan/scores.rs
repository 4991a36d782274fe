//! The scores that predictors give, for many hidden vectors at once.
//!
//! A predictor's copy of W is turned back into f32 in blocks of rows, and each block is multiplied with all hidden vectors.
//! That is what the compiled step computes, but for the order of rounding.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use hire_passes::context::SecondMoment;
use hire_passes::hire::lowrank;
use hire_passes::hire::predictor::{Q4_GROUP, Scorer};
use rayon::prelude::*;

use super::matrix::SiteMatrix;
use crate::failure::{Failure, Outcome};

/// Rows of W that are multiplied at a time.
const BLOCK: usize = 4096;

/// Everything that scores are computed from.
pub(crate) struct Scores<'a> {
    matrix: &'a SiteMatrix,
    q8: Option<Quantized>,
    q4: Option<Quantized>,
    low_rank: Option<LowRank>,
    /// Rows of W that are zero.
    pub zero_rows: usize,
}

/// Rows as small integers, with a scale for each `group` of their elements.
struct Quantized {
    values: Vec<i8>,
    scales: Vec<f32>,
    group: usize,
}

/// `W ~ (W P) A^T`; a lower rank takes the leading columns of either.
struct LowRank {
    /// A, [d, rank].
    a: Mat<f32>,
    /// W P, [V, rank], row-major.
    projected: Vec<f32>,
    rank: usize,
}

impl<'a> Scores<'a> {
    /// Prepares what `scorers` need.
    pub(crate) fn new(matrix: &'a SiteMatrix, scorers: &[Scorer], moment: SecondMoment<'_>) -> Outcome<Self> {
        let (zero_rows, gram) = survey(matrix)?;
        let quantized = |wanted: Scorer, levels: f32, group: usize| {
            scorers.contains(&wanted).then(|| Quantized::of(matrix, levels, group))
        };
        let q8 = quantized(Scorer::Q8, 127.0, matrix.d);
        let q4 = quantized(Scorer::Q4, 7.0, Q4_GROUP as usize);
        let low_rank = scorers.iter().filter_map(rank).max();
        let low_rank = low_rank.map(|rank| LowRank::of(matrix, &gram, moment, rank)).transpose()?;
        Ok(Self { matrix, q8, q4, low_rank, zero_rows })
    }

    /// The scores of all rows for hidden vectors [n, d]; the exact products without a scorer. `out` is [n, V].
    pub(crate) fn of(&self, scorer: Option<Scorer>, hidden: &[f32], out: &mut [f32]) {
        let d = self.matrix.d;
        let hidden = MatRef::from_row_major_slice(hidden, hidden.len() / d, d);
        match scorer {
            Some(Scorer::LowRank { rank, .. }) => {
                let factor = self.low_rank.as_ref().expect("prepared for the scorers that are asked for");
                let mut projected = Mat::<f32>::zeros(hidden.nrows(), rank as usize);
                let a = factor.a.subcols(0, rank as usize);
                matmul(&mut projected, Accum::Replace, hidden, a, 1.0, Par::rayon(0));
                self.product(scorer, rank as usize, projected.as_ref(), out);
            }
            Some(Scorer::Prefix { dims }) => {
                let dims = dims as usize;
                self.product(scorer, dims, hidden.subcols(0, dims), out);
            }
            _ => self.product(scorer, d, hidden, out),
        }
    }

    /// Multiplies vectors [n, width] with the rows of a copy of W.
    fn product(&self, scorer: Option<Scorer>, width: usize, vectors: MatRef<'_, f32>, out: &mut [f32]) {
        let vocabulary = self.matrix.vocabulary;
        let mut block = vec![0.0; BLOCK * width];
        for start in (0..vocabulary).step_by(BLOCK) {
            let rows = BLOCK.min(vocabulary - start);
            let block = &mut block[..rows * width];
            self.fill(scorer, start, width, block);
            let block = MatRef::from_row_major_slice(block, rows, width);
            let end = (vectors.nrows() - 1) * vocabulary + start + rows;
            let target = &mut out[start..end];
            let target = MatMut::from_column_major_slice_with_stride_mut(target, rows, vectors.nrows(), vocabulary);
            matmul(target, Accum::Replace, block, vectors.transpose(), 1.0, Par::rayon(0));
        }
    }

    /// The rows of a copy of W from `start` on, as f32.
    fn fill(&self, scorer: Option<Scorer>, start: usize, width: usize, block: &mut [f32]) {
        let prepared = "prepared for the scorers that are asked for";
        block.par_chunks_mut(256 * width).enumerate().for_each(|(index, part)| {
            let start = start + 256 * index;
            match scorer {
                None => self.matrix.read(start, part),
                Some(Scorer::Q8) => self.q8.as_ref().expect(prepared).read(start, width, part),
                Some(Scorer::Q4) => self.q4.as_ref().expect(prepared).read(start, width, part),
                Some(Scorer::Prefix { .. }) => {
                    let mut rows = vec![0.0; part.len() / width * self.matrix.d];
                    self.matrix.read(start, &mut rows);
                    for (row, leading) in rows.chunks_exact(self.matrix.d).zip(part.chunks_exact_mut(width)) {
                        leading.copy_from_slice(&row[..width]);
                    }
                }
                Some(Scorer::LowRank { q8, .. }) => {
                    self.low_rank.as_ref().expect(prepared).read(start, width, part);
                    if q8 {
                        part.chunks_exact_mut(width).for_each(|row| round(row, 127.0));
                    }
                }
            }
        });
    }
}

/// The rank of a low-rank scorer.
pub(crate) fn rank(scorer: &Scorer) -> Option<usize> {
    match scorer {
        Scorer::LowRank { rank, .. } => Some(*rank as usize),
        _ => None,
    }
}

/// Checks all rows; the number of zero rows, and `W^T W`, row-major.
fn survey(matrix: &SiteMatrix) -> Outcome<(usize, Vec<f64>)> {
    let (d, vocabulary) = (matrix.d, matrix.vocabulary);
    let mut block = vec![0.0f32; BLOCK * d];
    let mut gram = vec![0.0f64; d * d];
    let mut part = Mat::<f32>::zeros(d, d);
    let mut zero_rows = 0;
    for start in (0..vocabulary).step_by(BLOCK) {
        let rows = BLOCK.min(vocabulary - start);
        let block = &mut block[..rows * d];
        matrix.read(start, block);
        if let Some(row) = block.chunks_exact(d).position(|row| row.iter().any(|x| !x.is_finite())) {
            return Err(matrix.not_finite(start + row));
        }
        zero_rows += block.chunks_exact(d).filter(|row| row.iter().all(|&x| x == 0.0)).count();
        let w = MatRef::from_row_major_slice(block, rows, d);
        matmul(&mut part, Accum::Replace, w.transpose(), w, 1.0, Par::rayon(0));
        gram.iter_mut().enumerate().for_each(|(at, sum)| *sum += f64::from(part[(at / d, at % d)]));
    }
    Ok((zero_rows, gram))
}

/// Rounds a row to `levels` steps on either side of 0, the largest magnitude to the last.
fn round(row: &mut [f32], levels: f32) {
    let scale = row.iter().fold(0.0f32, |m, x| m.max(x.abs())) / levels;
    if scale > 0.0 {
        row.iter_mut().for_each(|x| *x = (*x / scale).round_ties_even() * scale);
    }
}

impl Quantized {
    fn of(matrix: &SiteMatrix, levels: f32, group: usize) -> Self {
        let (d, groups) = (matrix.d, matrix.d.div_ceil(group));
        let mut values = vec![0i8; matrix.vocabulary * d];
        let mut scales = vec![0.0f32; matrix.vocabulary * groups];
        let parts = values.par_chunks_mut(BLOCK * d).zip(scales.par_chunks_mut(BLOCK * groups)).enumerate();
        parts.for_each(|(index, (values, scales))| {
            let mut rows = vec![0.0f32; values.len()];
            matrix.read(index * BLOCK, &mut rows);
            for ((row, values), scales) in
                rows.chunks_exact(d).zip(values.chunks_exact_mut(d)).zip(scales.chunks_exact_mut(groups))
            {
                for ((x, q), scale) in row.chunks(group).zip(values.chunks_mut(group)).zip(scales) {
                    *scale = x.iter().fold(0.0f32, |m, x| m.max(x.abs())) / levels;
                    let divisor = if *scale == 0.0 { 1.0 } else { *scale };
                    q.iter_mut().zip(x).for_each(|(q, x)| *q = (x / divisor).round_ties_even() as i8);
                }
            }
        });
        Self { values, scales, group }
    }

    fn read(&self, start: usize, d: usize, out: &mut [f32]) {
        let groups = d.div_ceil(self.group);
        let values = self.values[start * d..].chunks_exact(d);
        let scales = self.scales[start * groups..].chunks_exact(groups);
        for ((out, values), scales) in out.chunks_exact_mut(d).zip(values).zip(scales) {
            for ((out, values), scale) in out.chunks_mut(self.group).zip(values.chunks(self.group)).zip(scales) {
                out.iter_mut().zip(values).for_each(|(x, &q)| *x = f32::from(q) * scale);
            }
        }
    }
}

impl LowRank {
    fn of(matrix: &SiteMatrix, gram: &[f64], moment: SecondMoment<'_>, rank: usize) -> Outcome<Self> {
        let d = matrix.d;
        let factor = lowrank::gram_factor(gram, d, rank as u64, Some(moment)).map_err(Failure::new)?;
        let column = |elements: &[u8], i: usize, j: usize| {
            let at = 4 * (i * rank + j);
            f32::from_le_bytes([elements[at], elements[at + 1], elements[at + 2], elements[at + 3]])
        };
        let a = Mat::from_fn(d, rank, |i, j| column(&factor.a.data, i, j));
        let p = Mat::from_fn(d, rank, |i, j| column(&factor.p.data, i, j));
        let mut projected = vec![0.0f32; matrix.vocabulary * rank];
        let mut rows = vec![0.0f32; BLOCK * d];
        for (index, target) in projected.chunks_mut(BLOCK * rank).enumerate() {
            let count = target.len() / rank;
            matrix.read(index * BLOCK, &mut rows[..count * d]);
            let rows = MatRef::from_row_major_slice(&rows[..count * d], count, d);
            let target = MatMut::from_row_major_slice_mut(target, count, rank);
            matmul(target, Accum::Replace, rows, &p, 1.0, Par::rayon(0));
        }
        Ok(Self { a, projected, rank })
    }

    fn read(&self, start: usize, width: usize, out: &mut [f32]) {
        let rows = self.projected[start * self.rank..].chunks_exact(self.rank);
        out.chunks_exact_mut(width).zip(rows).for_each(|(out, row)| out.copy_from_slice(&row[..width]));
    }
}
