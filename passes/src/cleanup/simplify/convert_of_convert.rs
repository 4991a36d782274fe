//! Conversions through a wider type.

use hire_compiler::ir::{ElementType, FloatFormat, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

/// `convert(convert(x: A) : B) : C`  =>  `convert(x) : C`, or `x` where C is A, when B has every
/// value of A: then the inner conversion is exact, and only the outer one rounds.
///
/// Not when B is narrower in any respect (`f32` to `bf16` and back rounds; `i32` to `f32` does
/// above 2^24; `f16` to `bf16` does), nor for complex and quantized numbers.
pub(super) fn convert_of_convert(c: &Context<'_>) -> RuleResult {
    let Some(outer) = c.is(Opcode::Convert) else { return Ok(None) };
    let Some(inner) = c.definition(outer.operands[0], Opcode::Convert) else { return Ok(None) };
    let x = inner.operands[0];
    let (Some(from), Some(through)) = (c.tensor(x), c.tensor(outer.operands[0])) else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    if !has_every_value_of(&through.element, &from.element) {
        return Ok(None);
    }
    let ty = c.func.value_type(result).clone();
    let mut patch = c.patch();
    let tap = patch.tap(c.func, x);
    let new = match *c.func.value_type(x) == ty {
        true => tap,
        false => patch.builder().value(Opcode::Convert, [tap], [], ty),
    };
    patch.replace(result, new);
    Ok(Some(patch))
}

/// Whether `wide` has every value of `narrow`, and a conversion to it is exact.
fn has_every_value_of(wide: &ElementType, narrow: &ElementType) -> bool {
    let (Some(wide_bits), Some(narrow_bits)) = (integer_bits(wide), integer_bits(narrow)) else {
        return match (FloatFormat::of(wide), FloatFormat::of(narrow)) {
            (Some(_), Some(_)) => wider_float(wide, narrow),
            (Some(_), None) => integer_bits(narrow).is_some_and(|(bits, _)| bits <= exact_integer_bits(wide)),
            _ => false,
        };
    };
    match (wide_bits, narrow_bits) {
        ((w, true), (n, true)) | ((w, false), (n, false)) => w >= n,
        ((w, true), (n, false)) => w > n,
        ((_, false), (n, true)) => n == 0,
    }
}

/// Bits of an integer type and whether it is signed; `i1` counts as an unsigned type of one bit.
fn integer_bits(element: &ElementType) -> Option<(u32, bool)> {
    match element {
        ElementType::I1 => Some((1, false)),
        _ if element.is_integer() => Some((element.bits(), element.is_signed_integer())),
        _ => None,
    }
}

/// Integers of up to this many bits are exact in a float type of the IEEE kind.
fn exact_integer_bits(element: &ElementType) -> u32 {
    match element {
        ElementType::F64 => 53,
        ElementType::F32 => 24,
        ElementType::F16 => 11,
        ElementType::BF16 => 8,
        _ => 0,
    }
}

/// Whether a float type has all of another's numbers, infinities and NaN.
fn wider_float(wide: &ElementType, narrow: &ElementType) -> bool {
    use ElementType::*;
    match wide {
        _ if wide == narrow => true,
        F64 => true,
        F32 => !matches!(narrow, F64),
        BF16 => matches!(narrow, F8E4M3FN | F8E5M2 | F8E4M3 | F8E3M4 | F6E2M3FN | F6E3M2FN | F4E2M1FN),
        F16 => matches!(narrow, F8E4M3FN | F8E5M2 | F8E4M3 | F8E3M4 | F6E2M3FN | F6E3M2FN | F4E2M1FN),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ElementType::*;

    #[test]
    fn only_wider_types_have_every_value() {
        for (wide, narrow) in [(F32, BF16), (F32, F16), (F64, I32), (F32, I16), (I32, UI16), (I64, I1), (BF16, I8)] {
            assert!(has_every_value_of(&wide, &narrow), "{wide} of {narrow}");
        }
        for (wide, narrow) in [(BF16, F16), (F16, BF16), (F32, I32), (I32, UI32), (UI64, I8), (I32, F32), (F32, F64)] {
            assert!(!has_every_value_of(&wide, &narrow), "{wide} of {narrow}");
        }
    }

    /// Every number of every type of at most 16 bits survives a type that claims to have it.
    #[test]
    fn the_claim_holds_number_by_number() {
        for wide in ElementType::NAMED.iter().filter(|e| e.is_float()) {
            for narrow in ElementType::NAMED.iter().filter(|e| e.is_float() && e.bits() <= 16) {
                if !has_every_value_of(wide, narrow) {
                    continue;
                }
                let (w, n) = (FloatFormat::of(wide).unwrap(), FloatFormat::of(narrow).unwrap());
                for bits in 0..1u64 << narrow.bits() {
                    let (value, through) = (n.decode(bits), w.decode(w.encode(n.decode(bits))));
                    let same = value.to_bits() == through.to_bits() || value.is_nan() && through.is_nan();
                    assert!(same, "{value} of {narrow} in {wide}");
                }
            }
        }
    }
}
