//! How sparse the activations of a feed-forward layer are.

use rayon::prelude::*;
use serde::Serialize;

/// The shares of neurons whose energy is told.
pub(crate) const SHARES: [f64; 5] = [0.01, 0.05, 0.10, 0.25, 0.50];

/// Means over positions, as shares in 0..=1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct ActivationSparsity {
    /// Neurons whose activation is exactly 0.
    pub zeros: f64,
    /// Of the sum of squares, what the largest 1, 5, 10, 25 and 50% of the neurons hold.
    pub energy: [f64; SHARES.len()],
}

impl ActivationSparsity {
    /// Of activations [n, neurons], row-major.
    pub(crate) fn of(activations: &[f32], neurons: usize) -> Self {
        let rows = activations.len() / neurons;
        let sums = activations.par_chunks_exact(neurons).map(row).reduce(Self::default, |a, b| Self {
            zeros: a.zeros + b.zeros,
            energy: std::array::from_fn(|i| a.energy[i] + b.energy[i]),
        });
        let mean = |sum: f64| sum / rows.max(1) as f64;
        Self { zeros: mean(sums.zeros), energy: sums.energy.map(mean) }
    }
}

/// Of one position. Without any energy, the largest hold all of it.
fn row(values: &[f32]) -> ActivationSparsity {
    let zeros = values.iter().filter(|&&x| x == 0.0).count() as f64 / values.len() as f64;
    let mut squares: Vec<f64> = values.iter().map(|&x| f64::from(x).powi(2)).collect();
    squares.sort_unstable_by(|a, b| b.total_cmp(a));
    let total: f64 = squares.iter().sum();
    let kept = |share: f64| {
        let count = (share * values.len() as f64).round() as usize;
        if total == 0.0 { 1.0 } else { squares[..count].iter().sum::<f64>() / total }
    };
    ActivationSparsity { zeros, energy: SHARES.map(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_energy_are_means_over_positions() {
        // 20 neurons: one of 3, one of -4, the rest 0; then all alike.
        let mut values = vec![0.0f32; 20];
        (values[3], values[11]) = (3.0, -4.0);
        values.extend([2.0; 20]);
        let sparsity = ActivationSparsity::of(&values, 20);
        let expected = [0.0, (16.0 / 25.0 + 0.05) / 2.0, (1.0 + 0.1) / 2.0, (1.0 + 0.25) / 2.0, (1.0 + 0.5) / 2.0];
        assert!((sparsity.zeros - 0.45).abs() < 1e-12);
        assert!(sparsity.energy.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{sparsity:?}");
    }
}
