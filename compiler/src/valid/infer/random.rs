//! Random numbers.

use super::Outcome;
use crate::ir::Dim;
use crate::valid::compat::{Shape, compatible_shapes};
use crate::valid::site::{Checked, OpCx, list};

/// rng_c1, rng_c2, rng_c3.
pub(super) fn rng(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (a, b) = (cx.tensor(0)?, cx.tensor(1)?);
    cx.require_about(a.element == b.element, "rng_c1", &[0, 1], || {
        format!("a and b must have the same element type, got `{}` and `{}`", a.element, b.element)
    })?;
    let normal = cx.attr("rng_distribution").and_then(|d| d.as_enum()) == Some("NORMAL");
    cx.require_about(!normal || a.element.is_float(), "rng_c2", &[0], || {
        format!("mean and deviation of a normal distribution must be floats, got `{}`", a.element)
    })?;
    let (_, lengths) = cx.ranked(2)?;
    let rank = lengths.first().and_then(|d| d.size()).unwrap_or(0);
    /// No tensor has more dimensions than this.
    const MOST: u64 = 1 << 16;
    cx.require_about(rank <= MOST, "rng_c3", &[2], || format!("a tensor of rank {rank} is too much"))?;
    let dims = match cx.constant_operand(2, rank as usize) {
        Some(sizes) => {
            let dims: Option<Vec<Dim>> = sizes.iter().map(|&n| u64::try_from(n).ok().map(Dim::Size)).collect();
            dims.ok_or_else(|| {
                cx.fail_about("rng_c3", &[2], format!("shape must not be negative, got {}", list(&sizes)))
            })?
        }
        None => vec![Dim::Dynamic; rank as usize],
    };
    Outcome::one(Shape::from_dims(dims).plain(b.element.clone()), "rng_c3")
}

/// rng_bit_generator_c1: the state keeps its shape.
pub(super) fn rng_bit_generator(cx: &mut OpCx<'_>) -> Checked {
    let (before, after) = (cx.tensor(0)?, cx.result(0)?);
    cx.require_about(compatible_shapes(before, after), "rng_bit_generator_c1", &[0], || {
        format!("output_state must have the shape of initial_state, got `{after}` and `{before}`")
    })
}
