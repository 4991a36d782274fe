//! Chooses the next token.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::decoder::Candidates;
use crate::failure::{Failure, Outcome};

/// Greedy, or sampling at a temperature among the most likely tokens.
pub(super) struct Sampler {
    temperature: f64,
    top_k: usize,
    rng: StdRng,
}

impl Sampler {
    /// A sampler; temperature 0 is greedy.
    pub(super) fn new(temperature: f64, top_k: Option<usize>, seed: u64) -> Outcome<Self> {
        if !temperature.is_finite() || temperature < 0.0 {
            return Err(Failure::with_remedy(
                format!("temperature {temperature} is no temperature"),
                "give a number of 0 or more",
            ));
        }
        if top_k == Some(0) {
            return Err(Failure::with_remedy("--top-k 0 leaves no token to choose", "give 1 or more"));
        }
        Ok(Self { temperature, top_k: top_k.unwrap_or(usize::MAX), rng: StdRng::seed_from_u64(seed) })
    }

    /// The next token.
    pub(super) fn choose(&mut self, candidates: &Candidates) -> Outcome<u32> {
        let first = *candidates.tokens.first().ok_or_else(|| Failure::new("the model gave no token"))?;
        if self.temperature == 0.0 || self.top_k == 1 {
            return Ok(first);
        }
        if candidates.logits.is_empty() {
            return Err(Failure::with_remedy(
                "this program gives one token a step, which cannot be sampled from",
                "export with --head topk:K or logits, or use temperature 0",
            ));
        }
        let count = candidates.tokens.len().min(self.top_k);
        let largest = candidates.logits[0];
        let weights: Vec<f64> =
            candidates.logits[..count].iter().map(|l| ((l - largest) / self.temperature).exp()).collect();
        let mut left = self.rng.random::<f64>() * weights.iter().sum::<f64>();
        for (token, weight) in candidates.tokens.iter().zip(&weights) {
            left -= weight;
            if left <= 0.0 {
                return Ok(*token);
            }
        }
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates() -> Candidates {
        Candidates { tokens: vec![7, 3, 9], logits: vec![2.0, 2.0, -50.0] }
    }

    #[test]
    fn temperature_zero_takes_the_first() {
        let mut sampler = Sampler::new(0.0, None, 1).unwrap();
        assert_eq!(sampler.choose(&candidates()).unwrap(), 7);
    }

    #[test]
    fn sampling_follows_the_weights_and_the_seed() {
        let draw = |seed| {
            let mut sampler = Sampler::new(1.0, None, seed).unwrap();
            (0..1000).map(|_| sampler.choose(&candidates()).unwrap()).collect::<Vec<_>>()
        };
        let tokens = draw(5);
        let sevens = tokens.iter().filter(|&&t| t == 7).count();
        assert!((400..600).contains(&sevens), "{sevens} of 1000 at even odds");
        assert!(!tokens.contains(&9));
        assert_eq!(tokens, draw(5));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Sampler::new(f64::NAN, None, 0).is_err());
        assert!(Sampler::new(-1.0, None, 0).is_err());
        assert!(Sampler::new(1.0, Some(0), 0).is_err());
        let greedy_only = Candidates { tokens: vec![1], logits: vec![] };
        assert!(Sampler::new(1.0, None, 0).unwrap().choose(&greedy_only).is_err());
    }
}
