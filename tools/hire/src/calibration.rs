//! Calibration files: second moments of the vectors that reach sites.
//!
//! A safetensors file with two tensors for each site: `SITE/second_moment`, [d, d] f32, the mean of `h h^T` over the
//! calibration positions, and `SITE/count`, a 64-bit integer, how many positions that is. For a feed-forward layer a third,
//! `SITE/activity`, [F] f32: the share of these positions at which each neuron is active.

use std::collections::BTreeMap;
use std::path::Path;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};
use hire_artifact::{ElementType, Tensor, TensorType, write_weights};
use hire_passes::context::{Calibration, SecondMoment};

use crate::failure::{Failure, Outcome};
use crate::output;

/// What the tensor of a site's second moment is called after the site.
const MOMENT: &str = "/second_moment";

/// What the tensor with the number of positions is called after the site.
const COUNT: &str = "/count";

/// What the tensor with the activity of a layer's neurons is called after the site.
const ACTIVITY: &str = "/activity";

/// Vectors that are multiplied at a time.
const CHUNK: usize = 4096;

/// The second moment of a site's vectors, and how often a layer's neurons are active.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// [d, d], row-major.
    pub values: Vec<f32>,
    /// How many vectors it is the mean of.
    pub count: u64,
    /// [F], the share of positions at which each neuron is active; empty for softmax layers.
    pub activity: Vec<f32>,
}

impl Moment {
    /// Of vectors [n, d], row-major.
    pub(crate) fn of(vectors: &[f32], d: usize) -> Self {
        let count = vectors.len() / d;
        let mut sum = Mat::<f64>::zeros(d, d);
        for chunk in vectors.chunks(CHUNK * d) {
            let chunk = MatRef::from_row_major_slice(chunk, chunk.len() / d, d);
            let chunk = Mat::from_fn(chunk.nrows(), d, |i, j| f64::from(chunk[(i, j)]));
            matmul(&mut sum, Accum::Add, chunk.transpose(), &chunk, 1.0, Par::rayon(0));
        }
        let mean = |at: usize| (sum[(at / d, at % d)] / count.max(1) as f64) as f32;
        Self { values: (0..d * d).map(mean).collect(), count: count as u64, activity: Vec::new() }
    }
}

/// The second moments of a model's sites.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moments(pub BTreeMap<String, Moment>);

impl Calibration for Moments {
    fn second_moment(&self, site: &str) -> Option<SecondMoment<'_>> {
        self.0.get(site).map(|moment| SecondMoment { values: &moment.values, count: moment.count })
    }

    fn activity(&self, site: &str) -> Option<&[f32]> {
        self.0.get(site).map(|moment| moment.activity.as_slice()).filter(|activity| !activity.is_empty())
    }
}

impl Moments {
    /// Reads a calibration file.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let file = hire_artifact::Weights::open(path)?;
        let moments: Outcome<BTreeMap<String, Moment>> = file
            .iter()
            .filter_map(|(name, tensor)| Some((name.strip_suffix(MOMENT)?, tensor)))
            .map(|(site, tensor)| {
                let beside = |name: &str| file.get(&format!("{site}{name}"));
                let activity = beside(ACTIVITY).map(|t| activity(path, site, t)).transpose()?.unwrap_or_default();
                Ok((site.to_owned(), Moment { activity, ..moment(path, site, tensor, beside(COUNT))? }))
            })
            .collect();
        let moments = moments?;
        if moments.is_empty() {
            return Err(refuse(path, format!("no tensor is named SITE{MOMENT}")));
        }
        Ok(Self(moments))
    }

    /// Writes a calibration file.
    pub(crate) fn write(&self, path: &Path) -> Outcome {
        let mut tensors = Vec::new();
        for (site, moment) in &self.0 {
            let d = moment.values.len().isqrt() as u64;
            let bytes: Vec<u8> = moment.values.iter().flat_map(|x| x.to_le_bytes()).collect();
            let matrix = Tensor::new(TensorType::new(ElementType::F32, [d, d]), bytes);
            let count = Tensor::new(TensorType::new(ElementType::I64, []), moment.count.to_le_bytes().to_vec());
            tensors.push((format!("{site}{MOMENT}"), matrix.expect("d * d values make a matrix")));
            tensors.push((format!("{site}{COUNT}"), count.expect("eight bytes make a number")));
            if !moment.activity.is_empty() {
                let bytes: Vec<u8> = moment.activity.iter().flat_map(|x| x.to_le_bytes()).collect();
                let ty = TensorType::new(ElementType::F32, [moment.activity.len() as u64]);
                tensors.push((format!("{site}{ACTIVITY}"), Tensor::new(ty, bytes).expect("F values make a vector")));
            }
        }
        output::write(Some(path), |out| {
            write_weights(out, tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)))
        })
    }
}

fn moment(path: &Path, site: &str, tensor: &Tensor, count: Option<&Tensor>) -> Outcome<Moment> {
    let ty = tensor.ty();
    let square = matches!(ty.shape.as_slice(), [a, b] if a == b && *a > 0);
    if ty.dtype != ElementType::F32 || !square {
        return Err(refuse(path, format!("`{site}{MOMENT}` is {ty}, a square matrix of f32 is needed")));
    }
    let values = floats(tensor);
    if let Some(at) = values.iter().position(|x| !x.is_finite()) {
        return Err(refuse(path, format!("`{site}{MOMENT}` has a value that is not finite, at {at}")));
    }
    let count = count.filter(|t| t.ty().dtype == ElementType::I64).and_then(|t| t.bytes().get(..8));
    let count = count.and_then(|b| b.try_into().ok()).map_or(0, i64::from_le_bytes);
    Ok(Moment { values, count: u64::try_from(count).unwrap_or(0), activity: Vec::new() })
}

fn activity(path: &Path, site: &str, tensor: &Tensor) -> Outcome<Vec<f32>> {
    let ty = tensor.ty();
    let values = floats(tensor);
    if ty.dtype != ElementType::F32 || ty.shape.len() != 1 || !values.iter().all(|x| (0.0..=1.0).contains(x)) {
        return Err(refuse(path, format!("`{site}{ACTIVITY}` is {ty}, a vector of f32 from 0 to 1 is needed")));
    }
    Ok(values)
}

fn floats(tensor: &Tensor) -> Vec<f32> {
    tensor.bytes().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn refuse(path: &Path, message: String) -> Failure {
    Failure::with_remedy(
        format!("the calibration {}: {message}", path.display()),
        "name a calibration file that `hire plan` wrote",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_the_mean_of_outer_products_and_is_read_back() {
        let moment = Moment::of(&[1.0, 2.0, 3.0, -4.0], 2);
        assert_eq!(moment, Moment { values: vec![5.0, -5.0, -5.0, 10.0], count: 2, activity: Vec::new() });
        let moment = Moment { activity: vec![0.5, 0.0, 1.0], ..moment };
        let moments = Moments(BTreeMap::from([("head/logits".to_owned(), moment)]));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("c.safetensors");
        moments.write(&path).unwrap();
        assert_eq!(Moments::read(&path).unwrap(), moments);
    }

    #[test]
    fn more_vectors_than_a_chunk_are_all_counted() {
        let vectors: Vec<f32> = (0..CHUNK + 3).map(|i| (i % 2) as f32).collect();
        let moment = Moment::of(&vectors, 1);
        let ones = (vectors.len() / 2) as f64;
        assert_eq!(moment.values, [(ones / vectors.len() as f64) as f32]);
    }
}
