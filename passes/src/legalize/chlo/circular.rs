//! Inverse trigonometric functions, of real numbers.

use hire_compiler::ir::ValueId;

use super::math::Math;

/// `sqrt((1 - x) (1 + x))`: the other leg of the triangle; NaN outside of [-1, 1].
fn leg(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let one = m.c(1.0);
    let (below, above) = (m.sub(one, x), m.add(one, x));
    let product = m.mul(below, above);
    m.sqrt(product)
}

/// `acos x` as `atan2(leg, x)`.
pub(super) fn acos(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let leg = leg(m, x);
    m.atan2(leg, x)
}

/// `asin x` as `atan2(x, leg)`.
pub(super) fn asin(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let leg = leg(m, x);
    m.atan2(x, leg)
}

/// `atan x` as `atan2(x, 1)`.
pub(super) fn atan(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let one = m.c(1.0);
    m.atan2(x, one)
}
