//! The rate at which libtpu streams weights, and its clock.

use crate::hlo::{HloError, HloModule};

use super::backend_config::estimated_cycles;

/// The version of libtpu (`libtpu` of the Python package index) that forms and figures were chosen for.
pub const LIBTPU_VERSION: &str = "0.0.52";

/// d and ff of the calibration.
const SIZES: (u64, u64) = (2048, 16384);

/// StableHLO of the calibration: a feed-forward layer's two plain bf16 products, batch 8, 2048 x 16384 and back, which
/// read 134 MB.
///
/// Libtpu prefetches one of the two matrices while the other is multiplied, and fuses both products: what a cycle of its
/// estimate then stands for is the rate at which weights arrive when everything works out.
pub fn calibration_program() -> String {
    let (d, ff) = SIZES;
    format!(
        "module @calibration {{\n  func.func public @main(%x: tensor<8x{d}xbf16>, %up: tensor<{d}x{ff}xbf16>, %down: \
         tensor<{ff}x{d}xbf16>) -> tensor<8x{d}xbf16> {{\n    %h = stablehlo.dot_general %x, %up, contracting_dims = [1] x \
         [0] : (tensor<8x{d}xbf16>, tensor<{d}x{ff}xbf16>) -> tensor<8x{ff}xbf16>\n    %y = stablehlo.dot_general %h, %down, \
         contracting_dims = [1] x [0] : (tensor<8x{ff}xbf16>, tensor<{ff}x{d}xbf16>) -> tensor<8x{d}xbf16>\n    return %y : \
         tensor<8x{d}xbf16>\n  }}\n}}\n"
    )
}

/// The streaming rate in bytes a cycle, from the scheduled program of [`calibration_program`]; `None` when libtpu states
/// no cycles in it.
///
/// # Errors
/// When the module is damaged.
pub fn streaming_rate(calibration: &HloModule) -> Result<Option<f64>, HloError> {
    let (d, ff) = SIZES;
    let stated: f64 =
        calibration.entry()?.instructions.iter().filter_map(|i| estimated_cycles(&i.backend_config)).sum();
    Ok((stated > 0.0).then(|| (2 * 2 * d * ff) as f64 / stated))
}

/// Cycles a second of the core of a topology (`v5e:1x1`): the published peak of bf16 over what its matrix units do in a
/// cycle. `None` for generations that this list does not know.
pub fn clock_hz(topology: &str) -> Option<f64> {
    let generation = topology.split(':').next().unwrap_or_default();
    match generation {
        // 197 TFLOP/s, four units of 128 x 128.
        "v5e" | "v5litepod" => Some(1.5e9),
        // 275 TFLOP/s, two cores of four units of 128 x 128.
        "v4" => Some(1.05e9),
        // 459 TFLOP/s, two cores of four units of 128 x 128.
        "v5p" => Some(1.75e9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_have_their_clocks() {
        assert_eq!(clock_hz("v5e:1x1"), Some(1.5e9));
        assert_eq!(clock_hz("v99:1"), None);
    }
}
