//! Element-wise operations.
//!
//! An operation on given element types becomes one [`Function`]: a plain function of the domain
//! its elements are computed in ([`super::number`]). Whole tensors go through it in chunks that
//! are decoded, computed and encoded (`vector`); the scalar programs of reductions, sorts and
//! scatters call it element by element (`scalar`). Both round or wrap the result to the result's
//! element type, so every operation rounds once.

mod convert;
mod fast;
mod int;
mod real;
mod vector;

use smallvec::SmallVec;

use super::error::Fault;
use super::float::{self, FloatType};
use super::number::{Complex, IntType, Kind, PRED, Scalar};
use crate::ir::{AttrMap, Opcode};

pub(super) use convert::convert;
pub(super) use real::{maximum, minimum};
pub(super) use vector::apply;

/// The direction of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

/// What an element-wise operation computes of one element of each operand.
#[derive(Clone, Copy)]
pub(super) enum Function {
    Int1(int::Int1, IntType),
    Int2(int::Int2, IntType),
    Float1(real::Float1),
    Float2(real::Float2, FloatType),
    Complex1(fn(Complex) -> Complex),
    Complex2(fn(Complex, Complex, FloatType) -> Complex, FloatType),
    FloatTest(fn(f64) -> bool),
    ComplexPart(fn(Complex) -> f64),
    MakeComplex,
    /// Comparison; floats in IEEE 754 `totalOrder` when the flag is set.
    Compare(Direction, bool),
    Convert(Kind, Kind),
    Select,
    /// `minimum(maximum(operand, min), max)`.
    Clamp(Kind),
    ReducePrecision(FloatType, u32, u32),
}

/// An element-wise operation on given element types.
#[derive(Clone)]
pub(super) struct Elementwise {
    pub(super) opcode: Opcode,
    pub(super) function: Function,
    pub(super) operands: SmallVec<[Kind; 3]>,
    pub(super) result: Kind,
}

impl Elementwise {
    /// The element-wise meaning of an operation on operands of these kinds, `None` when the
    /// operation is not element-wise.
    ///
    /// # Errors
    /// When an element-wise operation does not take these kinds.
    pub(super) fn of(opcode: Opcode, attrs: &AttrMap, operands: &[Kind], result: Kind) -> Result<Option<Self>, Fault> {
        let Some(arity) = arity(opcode) else { return Ok(None) };
        if operands.len() != arity {
            let name = opcode.info().name;
            return Err(Fault::invalid(format!("{name} takes {arity} operands, not {}", operands.len())));
        }
        let function = structural(opcode, attrs, operands, result)?.or_else(|| arithmetic(opcode, operands));
        match function {
            Some(function) if accepts(function, operands, result) => {
                Ok(Some(Self { opcode, function, operands: operands.into(), result }))
            }
            _ => Err(Fault::unsupported(format!(
                "{} does not take operands of {} and give {}",
                opcode.info().name,
                operands.iter().map(|k| k.describe()).collect::<Vec<_>>().join(", "),
                result.describe()
            ))),
        }
    }

    /// The result for one element of each operand.
    pub(super) fn scalar(&self, args: &[Scalar]) -> Scalar {
        let (a, b) = (args[0], args.get(1).copied().unwrap_or(args[0]));
        let value = match self.function {
            Function::Int1(f, ty) => Scalar::Int(f(a.int(), ty)),
            Function::Int2(f, ty) => Scalar::Int(f(a.int(), b.int(), ty)),
            Function::Float1(f) => Scalar::Float(f(a.float())),
            Function::Float2(f, ty) => Scalar::Float(f(a.float(), b.float(), ty)),
            Function::Complex1(f) => Scalar::Complex(f(a.complex())),
            Function::Complex2(f, part) => Scalar::Complex(f(a.complex(), b.complex(), part)),
            Function::FloatTest(f) => Scalar::Int(f(a.float()).into()),
            Function::ComplexPart(f) => Scalar::Float(f(a.complex())),
            Function::MakeComplex => Scalar::Complex(Complex::new(a.float(), b.float())),
            Function::Compare(direction, total) => Scalar::Int(compare(direction, total, a, b).into()),
            Function::Convert(_, to) => convert(a, to),
            Function::Select => return if a.is_true() { b } else { args[2] },
            Function::Clamp(kind) => clamp(kind, b, a, args[2]),
            Function::ReducePrecision(ty, exponent, mantissa) => {
                Scalar::Float(float::reduce_precision(ty, a.float(), exponent, mantissa))
            }
        };
        self.result.settle(value)
    }
}

impl Kind {
    /// What the kind is, for messages.
    pub(super) fn describe(self) -> String {
        match self {
            Kind::Pred => "i1".to_owned(),
            Kind::Int(int) => format!("{}{}", if int.signed { "i" } else { "ui" }, int.bits),
            Kind::Float(float) => float.element().to_string(),
            Kind::Complex(part) => format!("complex<{}>", part.element()),
        }
    }
}

/// Whether the operation is element-wise.
pub(super) fn is_elementwise(opcode: Opcode) -> bool {
    arity(opcode).is_some()
}

/// How many operands an element-wise operation takes.
fn arity(opcode: Opcode) -> Option<usize> {
    use Opcode::*;
    Some(match opcode {
        Select | Clamp => 3,
        Compare | Complex | NextAfter | Polygamma | Zeta => 2,
        Add | And | Atan2 | Divide | Maximum | Minimum | Mulhi | Multiply | Or | Power | Remainder => 2,
        ShiftLeft | ShiftRightArithmetic | ShiftRightLogical | Subtract | Xor => 2,
        Abs | Cbrt | Ceil | Convert | Cosine | CountLeadingZeros | Exponential | ExponentialMinusOne | Floor => 1,
        Imag | IsFinite | Log | LogPlusOne | Logistic | Negate | Not | Popcnt | Real | ReducePrecision => 1,
        RoundNearestAfz | RoundNearestEven | Rsqrt | Sign | Sine | Sqrt | Tan | Tanh => 1,
        Acos | Acosh | Asin | Asinh | Atan | Atanh | BesselI1e | Conj | Cosh | Digamma | Erf | ErfInv | Erfc => 1,
        AsinAcosKernel | IsInf | IsNegInf | IsPosInf | Lgamma | Sinh | Square | ChloTan => 1,
        _ => return None,
    })
}

/// The functions that depend on attributes or go from one domain to another.
fn structural(opcode: Opcode, attrs: &AttrMap, operands: &[Kind], result: Kind) -> Result<Option<Function>, Fault> {
    Ok(Some(match opcode {
        Opcode::Compare => {
            let total = attrs.get("compare_type").and_then(|a| a.as_enum()) == Some("TOTALORDER");
            Function::Compare(direction(attrs)?, total)
        }
        Opcode::Complex => Function::MakeComplex,
        Opcode::Convert => Function::Convert(operands[0], result),
        Opcode::Select => Function::Select,
        Opcode::Clamp => Function::Clamp(result),
        Opcode::IsFinite => Function::FloatTest(f64::is_finite),
        Opcode::IsInf => Function::FloatTest(f64::is_infinite),
        Opcode::IsPosInf => Function::FloatTest(|x| x == f64::INFINITY),
        Opcode::IsNegInf => Function::FloatTest(|x| x == f64::NEG_INFINITY),
        Opcode::ReducePrecision => {
            let Kind::Float(ty) = operands[0] else { return Ok(None) };
            let bits = |name: &str, least: i64| {
                let bits = attrs.get(name).and_then(|a| a.as_i64()).filter(|bits| (least..64).contains(bits));
                bits.map(|bits| bits as u32).ok_or_else(|| Fault::invalid(format!("`{name}` must be at least {least}")))
            };
            Function::ReducePrecision(ty, bits("exponent_bits", 1)?, bits("mantissa_bits", 0)?)
        }
        Opcode::Abs if matches!(operands[0], Kind::Complex(_)) => Function::ComplexPart(Complex::abs),
        Opcode::Real if matches!(operands[0], Kind::Complex(_)) => Function::ComplexPart(|z| z.re),
        Opcode::Imag if matches!(operands[0], Kind::Complex(_)) => Function::ComplexPart(|z| z.im),
        _ => return Ok(None),
    }))
}

/// The functions within one domain.
fn arithmetic(opcode: Opcode, operands: &[Kind]) -> Option<Function> {
    let binary = operands.len() == 2;
    match operands[0] {
        Kind::Pred if binary => int::pred_binary(opcode).map(|f| Function::Int2(f, PRED)),
        Kind::Pred => int::pred_unary(opcode).map(|f| Function::Int1(f, PRED)),
        Kind::Int(ty) if binary => int::binary(opcode).map(|f| Function::Int2(f, ty)),
        Kind::Int(ty) => int::unary(opcode).map(|f| Function::Int1(f, ty)),
        Kind::Float(ty) if binary => real::binary(opcode).map(|f| Function::Float2(f, ty)),
        Kind::Float(_) => real::unary(opcode).map(Function::Float1),
        Kind::Complex(part) if binary => complex_binary(opcode).map(|f| Function::Complex2(f, part)),
        Kind::Complex(part) => complex_unary(opcode, part).map(Function::Complex1),
    }
}

/// Whether operands and result are of the domains that the function works on.
fn accepts(function: Function, operands: &[Kind], result: Kind) -> bool {
    let all = |kind: Kind| operands.iter().all(|&k| k == kind);
    match function {
        Function::Int1(..) | Function::Int2(..) | Function::Float1(_) | Function::Float2(..) => {
            all(operands[0]) && result == operands[0]
        }
        Function::Complex1(_) | Function::Complex2(..) => all(operands[0]) && result == operands[0],
        Function::FloatTest(_) => matches!(operands[0], Kind::Float(_)) && result == Kind::Pred,
        Function::ComplexPart(_) => {
            matches!((operands[0], result), (Kind::Complex(part), Kind::Float(to)) if part == to)
        }
        Function::MakeComplex => {
            all(operands[0])
                && matches!((operands[0], result), (Kind::Float(from), Kind::Complex(part)) if part == from)
        }
        Function::Compare(..) => all(operands[0]) && result == Kind::Pred,
        Function::Convert(..) => true,
        Function::Select => operands[0] == Kind::Pred && operands[1..].iter().all(|&k| k == result),
        Function::Clamp(kind) => all(kind),
        Function::ReducePrecision(..) => result == operands[0],
    }
}

fn direction(attrs: &AttrMap) -> Result<Direction, Fault> {
    Ok(match attrs.get("comparison_direction").and_then(|a| a.as_enum()) {
        Some("EQ") => Direction::Eq,
        Some("NE") => Direction::Ne,
        Some("GE") => Direction::Ge,
        Some("GT") => Direction::Gt,
        Some("LE") => Direction::Le,
        Some("LT") => Direction::Lt,
        _ => return Err(Fault::invalid("`comparison_direction` is missing")),
    })
}

fn compare(direction: Direction, total: bool, a: Scalar, b: Scalar) -> bool {
    use std::cmp::Ordering;
    let order = match (a, b) {
        (Scalar::Int(a), Scalar::Int(b)) => Some(a.cmp(&b)),
        (Scalar::Float(a), Scalar::Float(b)) if total => Some(a.total_cmp(&b)),
        (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(&b),
        // The specification orders complex numbers by their real parts, then by their imaginary ones.
        (Scalar::Complex(a), Scalar::Complex(b)) if a.re == b.re => a.im.partial_cmp(&b.im),
        (Scalar::Complex(a), Scalar::Complex(b)) => a.re.partial_cmp(&b.re),
        _ => None,
    };
    match direction {
        Direction::Eq => order == Some(Ordering::Equal),
        Direction::Ne => order != Some(Ordering::Equal),
        Direction::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Direction::Gt => order == Some(Ordering::Greater),
        Direction::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Direction::Lt => order == Some(Ordering::Less),
    }
}

fn clamp(kind: Kind, value: Scalar, low: Scalar, high: Scalar) -> Scalar {
    match kind {
        Kind::Pred | Kind::Int(_) => Scalar::Int(value.int().max(low.int()).min(high.int())),
        Kind::Float(_) => Scalar::Float(minimum(maximum(value.float(), low.float()), high.float())),
        Kind::Complex(_) => Scalar::Complex(lesser(greater(value.complex(), low.complex()), high.complex())),
    }
}

/// The greater in lexicographic order of real and imaginary part.
fn greater(a: Complex, b: Complex) -> Complex {
    if if a.re == b.re { a.im > b.im } else { a.re > b.re } { a } else { b }
}

/// The lesser in lexicographic order of real and imaginary part.
fn lesser(a: Complex, b: Complex) -> Complex {
    if if a.re == b.re { a.im < b.im } else { a.re < b.re } { a } else { b }
}

fn complex_unary(opcode: Opcode, part: FloatType) -> Option<fn(Complex) -> Complex> {
    Some(match opcode {
        Opcode::Acos => Complex::acos,
        Opcode::Acosh => Complex::acosh,
        Opcode::Asin => Complex::asin,
        Opcode::AsinAcosKernel => Complex::asin_acos_kernel,
        Opcode::Asinh => Complex::asinh,
        Opcode::Atan => Complex::atan,
        Opcode::Atanh => Complex::atanh,
        Opcode::Cbrt => Complex::cbrt,
        Opcode::Conj => |z| Complex::new(z.re, -z.im),
        Opcode::Cosh => Complex::cosh,
        Opcode::Cosine => Complex::cos,
        Opcode::Exponential => Complex::exp,
        Opcode::ExponentialMinusOne => Complex::exp_m1,
        Opcode::Log => Complex::ln,
        Opcode::LogPlusOne => Complex::ln_1p,
        Opcode::Logistic => Complex::logistic,
        Opcode::Negate => Complex::negate,
        Opcode::Rsqrt => Complex::rsqrt,
        Opcode::Sign if part == FloatType::F32 => |z| complex_sign(z, FloatType::F32),
        Opcode::Sign => |z| complex_sign(z, FloatType::F64),
        Opcode::Sine => Complex::sin,
        Opcode::Sinh => Complex::sinh,
        Opcode::Sqrt => Complex::sqrt,
        Opcode::Square => Complex::square,
        Opcode::Tan | Opcode::ChloTan => Complex::tan,
        Opcode::Tanh => Complex::tanh,
        _ => return None,
    })
}

fn complex_binary(opcode: Opcode) -> Option<fn(Complex, Complex, FloatType) -> Complex> {
    Some(match opcode {
        Opcode::Add => |a, b, _| Complex::new(a.re + b.re, a.im + b.im),
        Opcode::Atan2 => |a, b, _| a.atan2(b),
        Opcode::Divide => |a, b, _| a.divide(b),
        Opcode::Maximum => |a, b, _| greater(a, b),
        Opcode::Minimum => |a, b, _| lesser(a, b),
        Opcode::Multiply => |a, b, part| a.multiply(b, |v| part.round(v)),
        Opcode::Power => |a, b, _| a.pow(b),
        Opcode::Subtract => |a, b, _| Complex::new(a.re - b.re, a.im - b.im),
        _ => return None,
    })
}

/// The number over its modulus; zero stays, and a `NaN` part makes both `NaN`.
fn complex_sign(z: Complex, part: FloatType) -> Complex {
    if z.re.is_nan() || z.im.is_nan() {
        return Complex::new(f64::NAN, f64::NAN);
    }
    if z.re == 0.0 && z.im == 0.0 {
        return Complex::new(0.0, 0.0);
    }
    z.divide(Complex::new(part.round(z.abs()), 0.0))
}
