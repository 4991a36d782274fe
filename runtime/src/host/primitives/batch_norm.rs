//! `batch_norm_inference`, `batch_norm_training` and `batch_norm_grad`, in `f64` and rounded once.

use super::number::Number;
use super::reduce::Elements;
use super::{Fault, Prepared, Signature, invalid};

/// What runs along the feature dimension of an operand.
#[derive(Clone)]
struct Features {
    elements: Elements,
    count: usize,
    features: usize,
    inner: usize,
    epsilon: f64,
}

impl Features {
    /// Operands 1 to `parameters` have one element for each feature.
    fn of(signature: &Signature<'_>, parameters: usize) -> Result<Self, Fault> {
        let operand = signature.operand(0)?;
        let dim: usize = signature.attribute("feature_index", 0)?;
        let features = *operand.shape.get(dim).ok_or_else(|| invalid("`feature_index` is no dimension"))?;
        for at in 1..=parameters {
            let parameter = signature.operand(at)?;
            if parameter.shape != [features] || parameter.dtype != operand.dtype {
                return Err(invalid(format!("{} has not one element for each feature", parameter.ty())));
            }
        }
        Ok(Self {
            elements: Elements::of(operand),
            count: operand.len(),
            features,
            inner: operand.shape[dim + 1..].iter().product(),
            epsilon: signature.attribute("epsilon", 0.0)?,
        })
    }

    fn feature(&self, at: usize) -> usize {
        at / self.inner % self.features
    }

    fn load(&self, bytes: &[u8], count: usize) -> Vec<f64> {
        (0..count).map(|at| self.elements.load(bytes, at).float()).collect()
    }

    fn store(&self, out: &mut [u8], count: usize, value: impl Fn(usize) -> f64) {
        (0..count).for_each(|at| self.elements.store(Number::Float(value(at)), out, at));
    }

    /// Sums over each feature.
    fn sums(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.features];
        (0..self.count).for_each(|at| sums[self.feature(at)] += value(at));
        sums
    }

    fn per_feature(&self) -> f64 {
        (self.count / self.features.max(1)) as f64
    }

    fn normalize(&self, out: &mut [u8], values: &[f64], [scale, offset, mean, variance]: [&[f64]; 4]) {
        self.store(out, self.count, |at| {
            let f = self.feature(at);
            (values[at] - mean[f]) / (variance[f] + self.epsilon).sqrt() * scale[f] + offset[f]
        });
    }
}

pub(super) fn inference(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let features = Features::of(signature, 4)?;
    signature.expect_shape(0, &signature.operand(0)?.shape)?;
    Ok(Prepared::new(move |operands, results| {
        let values = features.load(operands[0], features.count);
        let [a, b, c, d] = [1, 2, 3, 4].map(|at| features.load(operands[at], features.features));
        features.normalize(results[0], &values, [&a, &b, &c, &d]);
        Ok(())
    }))
}

/// Normalized values, and the mean and variance of each feature.
pub(super) fn training(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let features = Features::of(signature, 2)?;
    expect(signature, &features)?;
    Ok(Prepared::new(move |operands, results| {
        let count = features.per_feature();
        let values = features.load(operands[0], features.count);
        let [scale, offset] = [1, 2].map(|at| features.load(operands[at], features.features));
        let mean: Vec<f64> = features.sums(|at| values[at]).iter().map(|sum| sum / count).collect();
        let squares = features.sums(|at| (values[at] - mean[features.feature(at)]).powi(2));
        let variance: Vec<f64> = squares.iter().map(|sum| sum / count).collect();
        features.normalize(results[0], &values, [&scale, &offset, &mean, &variance]);
        features.store(results[1], features.features, |f| mean[f]);
        features.store(results[2], features.features, |f| variance[f]);
        Ok(())
    }))
}

/// A result like the operand, then two of one element for each feature.
fn expect(signature: &Signature<'_>, features: &Features) -> Result<(), Fault> {
    signature.expect_shape(0, &signature.operand(0)?.shape)?;
    [1, 2].into_iter().try_for_each(|at| signature.expect_shape(at, &[features.features]))
}

/// Gradients of the operand, the scale and the offset.
pub(super) fn grad(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let features = Features::of(signature, 3)?;
    expect(signature, &features)?;
    if signature.operand(4)? != signature.operand(0)? {
        return Err(invalid("the gradient of its result has another type than the operand"));
    }
    Ok(Prepared::new(move |operands, results| {
        let count = features.per_feature();
        let [values, gradient] = [0, 4].map(|at| features.load(operands[at], features.count));
        let [scale, mean, variance] = [1, 2, 3].map(|at| features.load(operands[at], features.features));
        let centered = |at: usize| values[at] - mean[features.feature(at)];
        let deviation = |f: usize| (variance[f] + features.epsilon).sqrt();
        let sums = features.sums(|at| gradient[at]);
        let products = features.sums(|at| gradient[at] * centered(at));
        features.store(results[0], features.count, |at| {
            let f = features.feature(at);
            let spread = centered(at) * products[f] / (variance[f] + features.epsilon);
            scale[f] / (deviation(f) * count) * (count * gradient[at] - sums[f] - spread)
        });
        features.store(results[1], features.features, |f| products[f] / deviation(f));
        features.store(results[2], features.features, |f| sums[f]);
        Ok(())
    }))
}
