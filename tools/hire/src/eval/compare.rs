//! Comparing the outputs of two programs, step after step.

use super::Head;
use crate::failure::{Failure, Outcome};
use crate::plan::ranks::top;

/// How many of the largest logits are compared, where all are given.
pub(super) const LARGEST: usize = 32;

/// Sums over steps.
#[derive(Default)]
pub(crate) struct Comparison {
    /// Steps.
    pub steps: u64,
    /// Steps at which both have the same most likely token.
    pub equal: u64,
    /// Steps at which everything they gave is the same.
    pub identical: u64,
    /// How many of the largest logits were compared at each step; 1 where only the token is known.
    pub largest: usize,
    /// How many of the dense program's largest the other had too.
    pub shared: u64,
    /// How many logits there are, where all are known.
    pub vocabulary: Option<usize>,
    /// Where all logits are known.
    pub logits: LogitSums,
}

/// Sums over steps of which all logits are known.
#[derive(Default)]
pub(crate) struct LogitSums {
    /// Steps.
    pub steps: u64,
    /// Kullback-Leibler divergence of ours from the dense distribution, in nats.
    pub divergence: f64,
    /// Loss on the text's next token, ours and dense, in nats, at the steps that have one.
    pub losses: Vec<(f64, f64)>,
}

impl Comparison {
    /// Adds a step. `next` is the token that follows in the text.
    pub(crate) fn add(&mut self, ours: &Head, dense: &Head, next: Option<u32>) -> Outcome {
        let (found, expected, identical) = match (ours, dense) {
            (Head::Token(a), Head::Token(b)) => (vec![*a], vec![*b], a == b),
            (Head::Largest(a), Head::Largest(b)) => (a.clone(), b.clone(), a == b),
            (Head::Logits(a), Head::Logits(b)) if a.len() == b.len() => {
                self.logits.add(a, b, next)?;
                self.vocabulary = Some(b.len());
                (top(a, LARGEST), top(b, LARGEST), a == b)
            }
            _ => return Err(Failure::new("the two artifacts do not give the same kind of output")),
        };
        self.steps += 1;
        self.equal += u64::from(found.first() == expected.first());
        self.identical += u64::from(identical);
        self.largest = expected.len();
        self.shared += expected.iter().filter(|token| found.contains(token)).count() as u64;
        Ok(())
    }
}

impl LogitSums {
    fn add(&mut self, ours: &[f32], dense: &[f32], next: Option<u32>) -> Outcome {
        let (our_norm, dense_norm) = (log_sum_exp(ours), log_sum_exp(dense));
        if !our_norm.is_finite() || !dense_norm.is_finite() {
            return Err(Failure::new("a step gave logits that are not finite"));
        }
        self.steps += 1;
        let pairs = ours.iter().zip(dense);
        self.divergence += pairs
            .map(|(&a, &b)| {
                let log_dense = f64::from(b) - dense_norm;
                log_dense.exp() * (log_dense - (f64::from(a) - our_norm))
            })
            .sum::<f64>();
        if let Some(token) = next {
            let loss = |logits: &[f32], norm: f64| logits.get(token as usize).map(|&z| norm - f64::from(z));
            let losses = loss(ours, our_norm).zip(loss(dense, dense_norm));
            let exceeds = || Failure::new(format!("the text has the token {token}, the model {} logits", dense.len()));
            self.losses.push(losses.ok_or_else(exceeds)?);
        }
        Ok(())
    }
}

/// `ln(sum(exp(x)))`, without overflow.
pub(crate) fn log_sum_exp(logits: &[f32]) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    f64::from(largest) + logits.iter().map(|&x| f64::from(x - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divergence_and_loss_are_those_of_the_formula() {
        // Probabilities 1/2, 1/4, 1/4 and 1/4, 1/4, 1/2.
        let (dense, ours) = ([2f32.ln(), 0.0, 0.0], [0.0, 0.0, 2f32.ln()]);
        let mut comparison = Comparison::default();
        comparison.add(&Head::Logits(ours.to_vec()), &Head::Logits(dense.to_vec()), Some(0)).unwrap();
        comparison.add(&Head::Logits(dense.to_vec()), &Head::Logits(dense.to_vec()), None).unwrap();
        let ln2 = std::f64::consts::LN_2;
        assert!((comparison.logits.divergence - 0.25 * ln2).abs() < 1e-6, "1/2 ln 2 - 1/4 ln 2");
        let (a, b) = comparison.logits.losses[0];
        assert!((a - 2.0 * ln2).abs() < 1e-6 && (b - ln2).abs() < 1e-6);
        assert_eq!((comparison.steps, comparison.equal, comparison.identical), (2, 1, 1));
        assert_eq!((comparison.largest, comparison.shared), (3, 6));
    }

    #[test]
    fn large_logits_do_not_overflow_and_infinite_ones_are_refused() {
        assert!((log_sum_exp(&[1000.0, 1000.0]) - 1000.0 - std::f64::consts::LN_2).abs() < 1e-6);
        let head = |x: f32| Head::Logits(vec![x, 0.0]);
        assert!(Comparison::default().add(&head(f32::NAN), &head(1.0), None).is_err());
        assert!(Comparison::default().add(&head(1.0), &Head::Token(1), None).is_err());
        assert!(Comparison::default().add(&head(1.0), &head(1.0), Some(2)).is_err());
    }

    #[test]
    fn what_is_missing_among_the_largest_is_counted() {
        let mut comparison = Comparison::default();
        comparison.add(&Head::Largest(vec![4, 2, 9]), &Head::Largest(vec![4, 9, 3]), Some(1)).unwrap();
        assert_eq!((comparison.equal, comparison.identical, comparison.shared, comparison.largest), (1, 0, 2, 3));
    }
}
