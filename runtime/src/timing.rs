//! Comparing speeds on a machine that others use too.
//!
//! Such a machine's speed drifts by tens of percent within minutes. So contenders take turns (A B A B …), and what is
//! reported is the median of each and the median of the ratios within a turn, in which the drift cancels.

use std::time::{Duration, Instant};

/// Times of one contender, one for each turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples(Vec<Duration>);

impl From<Vec<Duration>> for Samples {
    fn from(times: Vec<Duration>) -> Self {
        Samples(times)
    }
}

impl Samples {
    /// The times in the order they were taken.
    pub fn times(&self) -> &[Duration] {
        &self.0
    }

    /// The median; zero if there is no time. Of an even number, the mean of the middle two.
    pub fn median(&self) -> Duration {
        Duration::from_secs_f64(median(self.0.iter().map(Duration::as_secs_f64).collect()))
    }

    /// The `percent`-th percentile, from 0 to 100, by the nearest rank.
    pub fn percentile(&self, percent: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let rank = (percent / 100.0 * sorted.len().saturating_sub(1) as f64).round() as usize;
        sorted.get(rank).copied().unwrap_or_default()
    }

    /// The median over the turns of this contender's time over `other`'s: 2 means that this one takes twice as long.
    pub fn ratio_to(&self, other: &Samples) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(mine, theirs)| mine.as_secs_f64() / theirs.as_secs_f64()).collect())
    }
}

/// Runs the contenders in turns, `warm_up` turns unmeasured and then `turns` measured, and stops at the first failure.
pub fn alternate<E>(
    warm_up: usize,
    turns: usize,
    contenders: &mut [&mut dyn FnMut() -> Result<(), E>],
) -> Result<Vec<Samples>, E> {
    let mut samples = vec![Samples(Vec::with_capacity(turns)); contenders.len()];
    for turn in 0..warm_up + turns {
        for (contender, samples) in contenders.iter_mut().zip(&mut samples) {
            let start = Instant::now();
            contender()?;
            if turn >= warm_up {
                samples.0.push(start.elapsed());
            }
        }
    }
    Ok(samples)
}

/// The median; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => 0.0,
        (count, middle) if count % 2 == 1 => values[middle],
        (_, middle) => (values[middle - 1] + values[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(millis: &[u64]) -> Samples {
        Samples(millis.iter().map(|&ms| Duration::from_millis(ms)).collect())
    }

    #[test]
    fn medians_ignore_outliers_and_ratios_ignore_drift() {
        // The machine becomes three times slower on the way; each turn still shows a ratio of 2.
        let (slow, fast) = (samples(&[20, 22, 60, 66, 900]), samples(&[10, 11, 30, 33, 34]));
        assert_eq!(slow.median(), Duration::from_millis(60));
        assert_eq!(slow.ratio_to(&fast), 2.0);
        assert_eq!(samples(&[4, 1, 3, 2]).median(), Duration::from_micros(2500));
        assert_eq!(slow.percentile(90.0), Duration::from_millis(900));
        assert_eq!(samples(&[]).median(), Duration::ZERO);
        assert_eq!(samples(&[]).percentile(50.0), Duration::ZERO);
    }

    #[test]
    fn contenders_take_turns_and_a_failure_stops_the_run() {
        let log = std::cell::RefCell::new(String::new());
        let mut a = || -> Result<(), ()> {
            log.borrow_mut().push('a');
            Ok(())
        };
        let mut b = || -> Result<(), ()> {
            log.borrow_mut().push('b');
            if log.borrow().len() >= 8 { Err(()) } else { Ok(()) }
        };
        let samples = alternate(1, 2, &mut [&mut a, &mut b]).unwrap();
        assert_eq!(samples.iter().map(|samples| samples.times().len()).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(alternate(0, 5, &mut [&mut a, &mut b]), Err(()));
        assert_eq!(*log.borrow(), "abababab");
    }
}
