//! Which formula each element-wise function is.

use hire_compiler::ir::{ElementType, Opcode, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

use super::complex::{self, Parts};
use super::math::Math;
use super::{bessel, bits, circular, erf, gamma, hyperbolic, zeta};

/// A function of one real number.
type Real = fn(&mut Math<'_, '_>, ValueId) -> ValueId;
/// A function of two real numbers.
type RealPair = fn(&mut Math<'_, '_>, ValueId, ValueId) -> ValueId;
/// A function of a complex number.
type OfParts = fn(&mut Math<'_, '_>, Parts) -> Parts;

/// `chlo.F(x)`  =>  the formula of F
///
/// Not of unranked tensors: constants would have no shape.
pub(super) fn function(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let Some(result) = c.result().filter(|_| operation.has_only_declared_attrs()) else { return Ok(None) };
    let Some(ty) = c.tensor(result).filter(|ty| ty.dims.is_some()) else { return Ok(None) };
    let (opcode, element) = (operation.opcode, ty.element.clone());
    let formula = match (element.complex_part(), &operation.operands[..]) {
        (Some(_), [_]) => of_parts(opcode).map(Formula::Complex),
        (None, [_]) => real(opcode).map(Formula::Real),
        (None, [_, _]) => real_pair(opcode).map(Formula::Pair),
        _ => None,
    };
    let Some(formula) = formula else { return Ok(None) };
    let mut patch = c.patch();
    let operands: Vec<ValueId> = operation.operands.iter().map(|&operand| patch.tap(c.func, operand)).collect();
    let mut b = patch.builder();
    let mut m = Math::new(&mut b, operands[0], computed_in(&element));
    let value = match formula {
        Formula::Complex(f) => {
            let z = Parts { re: m.real(operands[0]), im: m.imag(operands[0]) };
            let Parts { re, im } = f(&mut m, z);
            m.complex(re, im)
        }
        // These keep the type and every bit.
        Formula::Real(f) if matches!(opcode, Opcode::Conj | Opcode::Square | Opcode::ChloTan) => f(&mut m, operands[0]),
        Formula::Real(f) => {
            let wide = computed_in(&element);
            let x = m.convert(operands[0], wide);
            let value = f(&mut m, x);
            m.convert(value, element)
        }
        Formula::Pair(f) => {
            let wide = computed_in(&element);
            let (x, y) = (m.convert(operands[0], wide.clone()), m.convert(operands[1], wide));
            let value = f(&mut m, x, y);
            m.convert(value, element)
        }
    };
    patch.replace(result, value);
    Ok(Some(patch))
}

enum Formula {
    Real(Real),
    Pair(RealPair),
    Complex(OfParts),
}

/// The type that a function of this element type is computed in; that of the parts for complex ones.
fn computed_in(element: &ElementType) -> ElementType {
    match element {
        ElementType::F64 | ElementType::ComplexF64 => ElementType::F64,
        _ => ElementType::F32,
    }
}

fn real(opcode: Opcode) -> Option<Real> {
    Some(match opcode {
        Opcode::Acos => circular::acos,
        Opcode::Acosh => hyperbolic::acosh,
        Opcode::Asin => circular::asin,
        Opcode::Asinh => hyperbolic::asinh,
        Opcode::Atan => circular::atan,
        Opcode::Atanh => hyperbolic::atanh,
        Opcode::BesselI1e => bessel::bessel_i1e,
        Opcode::Conj => |_, x| x,
        Opcode::Cosh => hyperbolic::cosh,
        Opcode::Digamma => gamma::digamma,
        Opcode::Erf => erf::erf,
        Opcode::ErfInv => erf::erf_inv,
        Opcode::Erfc => erf::erfc,
        Opcode::Lgamma => gamma::lgamma,
        Opcode::Sinh => hyperbolic::sinh,
        Opcode::Square => |m, x| m.mul(x, x),
        Opcode::ChloTan => |m, x| m.op(Opcode::Tan, [x]),
        _ => return None,
    })
}

fn real_pair(opcode: Opcode) -> Option<RealPair> {
    match opcode {
        Opcode::Polygamma => Some(zeta::polygamma),
        Opcode::Zeta => Some(zeta::zeta),
        _ => None,
    }
}

fn of_parts(opcode: Opcode) -> Option<OfParts> {
    Some(match opcode {
        Opcode::Acos => complex::acos,
        Opcode::Acosh => complex::acosh,
        Opcode::Asin => complex::asin,
        Opcode::AsinAcosKernel => complex::kernel,
        Opcode::Asinh => complex::asinh,
        Opcode::Atan => complex::atan,
        Opcode::Atanh => complex::atanh,
        Opcode::Conj => |m, z| Parts { re: z.re, im: m.neg(z.im) },
        Opcode::Cosh => complex::cosh,
        Opcode::Sinh => complex::sinh,
        Opcode::Square => complex::square,
        _ => return None,
    })
}

/// `chlo.is_inf x`  =>  `|x| = inf`, and its like
pub(super) fn predicate(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let (infinity, of_magnitude) = match operation.opcode {
        Opcode::IsInf => (f64::INFINITY, true),
        Opcode::IsPosInf => (f64::INFINITY, false),
        Opcode::IsNegInf => (f64::NEG_INFINITY, false),
        _ => return Ok(None),
    };
    let (Some(result), Some(operand)) = (c.result(), c.operand(0)) else { return Ok(None) };
    let Some(ty) = c.tensor(operand).filter(|ty| ty.dims.is_some()) else { return Ok(None) };
    if !operation.has_only_declared_attrs() {
        return Ok(None);
    }
    let mut patch = c.patch();
    let operand = patch.tap(c.func, operand);
    let mut b = patch.builder();
    let wide = computed_in(&ty.element);
    let mut m = Math::new(&mut b, operand, wide.clone());
    let x = m.convert(operand, wide);
    let x = if of_magnitude { m.abs(x) } else { x };
    let value = m.compare_to("EQ", x, infinity);
    patch.replace(result, value);
    Ok(Some(patch))
}

/// `chlo.next_after`, `chlo.mulhi`  =>  integer arithmetic
///
/// Not `next_after` of the 8-bit floats, some of which have no infinity to walk to.
pub(super) fn bits(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let (Some(result), [a, b]) = (c.result(), &operation.operands[..]) else { return Ok(None) };
    let Some(ty) = c.tensor(result).filter(|ty| ty.dims.is_some()) else { return Ok(None) };
    let integer = match operation.opcode {
        Opcode::NextAfter => bits::integer_of(&ty.element),
        Opcode::Mulhi => Some(ty.element.clone()),
        _ => None,
    };
    let Some(integer) = integer.filter(|_| operation.has_only_declared_attrs()) else { return Ok(None) };
    let mut patch = c.patch();
    let (a, b) = (patch.tap(c.func, *a), patch.tap(c.func, *b));
    let mut builder = patch.builder();
    let mut m = Math::new(&mut builder, a, ty.element.clone());
    let value = match operation.opcode {
        Opcode::Mulhi => bits::mulhi(&mut m, a, b),
        _ => bits::next_after(&mut m, a, b, integer),
    };
    patch.replace(result, value);
    Ok(Some(patch))
}
