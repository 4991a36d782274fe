//! The machine's read bandwidth: what a memory-bound step can be measured against.
//!
//! A buffer far larger than the last-level cache is summed, each thread its own contiguous part, with the widest loads
//! the CPU has and enough accumulators that the additions never wait for one another. Every page is written before the
//! first pass, since the page faults of a first touch halve a reading, and huge pages are advised, since without them
//! the reading would be one of the TLB. A machine's figure moves with what its neighbours do: measure it in the same run
//! as what is compared with it, a [`ReadBandwidth::pass`] as one more contender of [`crate::timing::alternate`].

use std::hint::black_box;
use std::time::Duration;

use memmap2::MmapMut;

use crate::error::Error;
use crate::timing::alternate;

/// The least size of the buffer in bytes.
const LEAST_BYTES: usize = 1 << 30;
/// The least size of the buffer in multiples of the last-level cache.
const LEAST_CACHES: usize = 4;
/// Bytes that one turn of the summing loops reads.
const BLOCK: usize = 512;

/// A buffer to read and the fastest way to read it.
pub struct ReadBandwidth {
    map: MmapMut,
    sum: fn(&[u8]) -> u64,
}

impl ReadBandwidth {
    /// A buffer of at least 1 GiB and four last-level caches.
    pub fn new() -> Result<Self, Error> {
        let bytes = LEAST_BYTES.max(LEAST_CACHES * last_level_cache_bytes());
        ReadBandwidth::with_bytes(bytes)
    }

    /// A buffer of `bytes` bytes, rounded down to whole blocks.
    fn with_bytes(bytes: usize) -> Result<Self, Error> {
        let bytes = bytes / BLOCK * BLOCK;
        let mut map = MmapMut::map_anon(bytes).map_err(|source| Error::Bandwidth { bytes, source })?;
        // Advice only: without huge pages the figure is lower, not wrong.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        map.fill(1);
        Ok(ReadBandwidth { map, sum: fastest_sum() })
    }

    /// Bytes that one pass reads.
    pub fn bytes(&self) -> usize {
        self.map.len()
    }

    /// Reads the whole buffer once with `threads` threads.
    pub fn pass(&self, threads: usize) {
        let blocks = self.map.len() / BLOCK;
        let part = blocks.div_ceil(threads.max(1)).max(1) * BLOCK;
        let mut parts = self.map.chunks(part);
        let own = parts.next();
        std::thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || black_box((self.sum)(part)));
            }
            if let Some(part) = own {
                black_box((self.sum)(part));
            }
        });
    }

    /// The median bandwidth of `turns` passes with `threads` threads, in bytes per second.
    pub fn measure(&self, threads: usize, turns: usize) -> f64 {
        let mut pass = || -> Result<(), std::convert::Infallible> {
            self.pass(threads);
            Ok(())
        };
        match alternate(1, turns.max(1), &mut [&mut pass]) {
            Ok(samples) => self.per_second(samples[0].median()),
        }
    }

    /// Bytes per second of a pass that took `time`.
    pub fn per_second(&self, time: Duration) -> f64 {
        self.bytes() as f64 / time.as_secs_f64()
    }
}

/// Size of the largest cache of the first core, or 0 where the system does not say.
fn last_level_cache_bytes() -> usize {
    let sizes = (0..8).map_while(|index| {
        std::fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size")).ok()
    });
    sizes.filter_map(|text| parse_size(text.trim())).max().unwrap_or(0)
}

/// A size such as `32768K`.
fn parse_size(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(unit)
}

fn fastest_sum() -> fn(&[u8]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has AVX-512F.
            return |bytes| unsafe { x86::sum_avx512(bytes) };
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2.
            return |bytes| unsafe { x86::sum_avx2(bytes) };
        }
    }
    sum_portable
}

/// The sum of the 64-bit words of whole blocks, modulo 2^64.
fn sum_portable(bytes: &[u8]) -> u64 {
    let mut lanes = [0u64; 8];
    for chunk in bytes.chunks_exact(64) {
        for (lane, word) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            let word = u64::from_ne_bytes(word.try_into().expect("chunks of 8 bytes"));
            *lane = lane.wrapping_add(word);
        }
    }
    lanes.iter().fold(0, |sum, &lane| sum.wrapping_add(lane))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi64, _mm256_loadu_si256, _mm256_setzero_si256, _mm512_add_epi64,
        _mm512_loadu_si512, _mm512_reduce_add_epi64, _mm512_setzero_si512,
    };

    use super::BLOCK;

    /// # Safety
    /// The CPU has AVX-512F.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn sum_avx512(bytes: &[u8]) -> u64 {
        const LANES: usize = BLOCK / size_of::<__m512i>();
        let mut sums = [_mm512_setzero_si512(); LANES];
        for block in bytes.chunks_exact(BLOCK) {
            for (lane, sum) in sums.iter_mut().enumerate() {
                // SAFETY: lane by lane the loads cover exactly the block.
                let value = unsafe { _mm512_loadu_si512(block.as_ptr().cast::<__m512i>().add(lane)) };
                *sum = _mm512_add_epi64(*sum, value);
            }
        }
        sums.into_iter().fold(0, |total, sum| total.wrapping_add(_mm512_reduce_add_epi64(sum) as u64))
    }

    /// # Safety
    /// The CPU has AVX2.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn sum_avx2(bytes: &[u8]) -> u64 {
        const LANES: usize = 8;
        const PART: usize = LANES * size_of::<__m256i>();
        let mut sums = [_mm256_setzero_si256(); LANES];
        for part in bytes.chunks_exact(PART) {
            for (lane, sum) in sums.iter_mut().enumerate() {
                // SAFETY: lane by lane the loads cover exactly the part.
                let value = unsafe { _mm256_loadu_si256(part.as_ptr().cast::<__m256i>().add(lane)) };
                *sum = _mm256_add_epi64(*sum, value);
            }
        }
        let total = sums.into_iter().fold(_mm256_setzero_si256(), |total, sum| _mm256_add_epi64(total, sum));
        // SAFETY: both types are 32 plain bytes.
        let words: [u64; 4] = unsafe { std::mem::transmute(total) };
        words.iter().fold(0, |sum, &word| sum.wrapping_add(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sum_reads_every_word() {
        let bytes: Vec<u8> = (0..BLOCK * 5).map(|i| (i * 7 % 251) as u8).collect();
        let words = bytes.chunks_exact(8).map(|word| u64::from_ne_bytes(word.try_into().unwrap()));
        let expected = words.fold(0u64, |sum, word| sum.wrapping_add(word));
        assert_eq!(sum_portable(&bytes), expected);
        assert_eq!(fastest_sum()(&bytes), expected);
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2.
            assert_eq!(unsafe { x86::sum_avx2(&bytes) }, expected);
        }
    }

    #[test]
    fn a_reading_is_positive_for_any_number_of_threads() {
        let buffer = ReadBandwidth::with_bytes(1 << 20).unwrap();
        assert_eq!(buffer.bytes(), 1 << 20);
        for threads in [0, 1, 2, 3, 5000] {
            assert!(buffer.measure(threads, 1) > 0.0);
        }
    }

    #[test]
    fn cache_sizes_have_units() {
        assert_eq!(parse_size("32768K"), Some(32 << 20));
        assert_eq!(parse_size("1M"), Some(1 << 20));
        assert_eq!(parse_size("512"), Some(512));
        assert_eq!(parse_size("many"), None);
    }
}
