//! `batch_norm_inference`, `batch_norm_training` and `batch_norm_grad`, computed in `f64` and
//! rounded once.

use super::call::Call;
use super::error::Fault;
use super::number::{Kind, Scalar};
use super::tensor::Tensor;
use crate::ir::{Attr, FloatFormat};

/// The operand by features: element `i` belongs to feature `(i / inner) % features`.
struct Features<'a> {
    call: &'a Call<'a>,
    kind: Kind,
    epsilon: f64,
    features: usize,
    inner: usize,
    values: Vec<f64>,
}

impl<'a> Features<'a> {
    fn of(call: &'a Call<'a>) -> Result<Self, Fault> {
        let operand = call.operand(0)?;
        let dim = call.dim("feature_index", operand.shape().len())?;
        let kind = Kind::of(operand.element())?;
        let epsilon = match call.attrs.get("epsilon") {
            Some(Attr::Float(epsilon)) => FloatFormat::of(&epsilon.ty).map(|format| format.decode(epsilon.bits)),
            _ => None,
        };
        call.heap.check(operand.len().saturating_mul(2 * size_of::<f64>()))?;
        Ok(Self {
            call,
            kind,
            epsilon: epsilon.ok_or_else(|| call.missing("epsilon"))?,
            features: operand.shape()[dim],
            inner: operand.shape()[dim + 1..].iter().product(),
            values: floats(operand, kind),
        })
    }

    fn feature(&self, at: usize) -> usize {
        at / self.inner % self.features
    }

    /// A per-feature operand.
    fn parameter(&self, index: usize) -> Result<Vec<f64>, Fault> {
        let tensor = self.call.operand(index)?;
        if tensor.len() != self.features || tensor.element() != self.call.operand(0)?.element() {
            return Err(Fault::invalid(format!(
                "{} has not one element for each of {} features",
                tensor.ty(),
                self.features
            )));
        }
        Ok(floats(tensor, self.kind))
    }

    /// Sums over each feature.
    fn sums(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.features];
        (0..self.values.len()).for_each(|at| sums[self.feature(at)] += value(at));
        sums
    }

    fn per_feature(&self) -> f64 {
        (self.values.len() / self.features.max(1)) as f64
    }

    fn tensor(&self, shape: &[usize], value: impl Fn(usize) -> f64) -> Result<Tensor, Fault> {
        self.call.heap.build(self.call.operand(0)?.element(), shape, |out| {
            (0..shape.iter().product()).for_each(|at| self.kind.write(Scalar::Float(value(at)), out, at));
            Ok(())
        })
    }

    fn normalize(&self, mean: &[f64], variance: &[f64], scale: &[f64], offset: &[f64]) -> Result<Tensor, Fault> {
        self.tensor(self.call.operand(0)?.shape(), |at| {
            let f = self.feature(at);
            (self.values[at] - mean[f]) / (variance[f] + self.epsilon).sqrt() * scale[f] + offset[f]
        })
    }
}

fn floats(tensor: &Tensor, kind: Kind) -> Vec<f64> {
    (0..tensor.len()).map(|i| kind.read(tensor.bytes(), i).float()).collect()
}

pub(super) fn inference(call: &Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let features = Features::of(call)?;
    let [scale, offset, mean, variance] = [1, 2, 3, 4].map(|i| features.parameter(i));
    Ok(vec![features.normalize(&mean?, &variance?, &scale?, &offset?)?])
}

pub(super) fn training(call: &Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let features = Features::of(call)?;
    let count = features.per_feature();
    let mean: Vec<f64> = features.sums(|at| features.values[at]).iter().map(|sum| sum / count).collect();
    let squares = features.sums(|at| (features.values[at] - mean[features.feature(at)]).powi(2));
    let variance: Vec<f64> = squares.iter().map(|sum| sum / count).collect();
    let shape = [features.features];
    Ok(vec![
        features.normalize(&mean, &variance, &features.parameter(1)?, &features.parameter(2)?)?,
        features.tensor(&shape, |f| mean[f])?,
        features.tensor(&shape, |f| variance[f])?,
    ])
}

pub(super) fn grad(call: &Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let features = Features::of(call)?;
    let (scale, mean, variance) = (features.parameter(1)?, features.parameter(2)?, features.parameter(3)?);
    let output = call.operand(4)?;
    if output.shape() != call.operand(0)?.shape() || output.element() != call.operand(0)?.element() {
        return Err(Fault::invalid(format!("{} is no gradient of the operand's", output.ty())));
    }
    let gradient = floats(output, features.kind);
    let count = features.per_feature();
    let centered = |at: usize| features.values[at] - mean[features.feature(at)];
    let deviation = |f: usize| (variance[f] + features.epsilon).sqrt();
    let sums = features.sums(|at| gradient[at]);
    let products = features.sums(|at| gradient[at] * centered(at));
    let shape = [features.features];
    Ok(vec![
        features.tensor(output.shape(), |at| {
            let f = features.feature(at);
            let spread = centered(at) * products[f] / (variance[f] + features.epsilon);
            scale[f] / (deviation(f) * count) * (count * gradient[at] - sums[f] - spread)
        })?,
        features.tensor(&shape, |f| products[f] / deviation(f))?,
        features.tensor(&shape, |f| sums[f])?,
    ])
}
