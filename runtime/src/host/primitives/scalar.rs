//! Element-wise operations on single elements.
//!
//! Integers are exact modulo `2^bits`, floats are computed in `f64` and rounded once. Kernels
//! compute the common types; this computes all types, for operations that no kernel has and for
//! the computations of regions ([`super::body`]).

use std::cmp::Ordering;

use hire_artifact::ElementType;
use serde_json::{Map, Value};

use super::complex;
use super::format::Format;
use super::number::{Domain, Int, Number};
use super::{Fault, invalid};

type Int1 = fn(i128, Int) -> i128;
type Int2 = fn(i128, i128, Int) -> i128;

/// What is computed of one element of each operand.
#[derive(Clone, Copy)]
pub(super) enum Function {
    Int1(Int1, Int),
    Int2(Int2, Int),
    Float1(fn(f64) -> f64),
    Float2(fn(f64, f64) -> f64),
    Complex1(complex::Unary),
    Complex2(complex::Binary, Format),
    ComplexPart(fn(complex::Complex64) -> f64),
    MakeComplex,
    IsFinite,
    Compare(Comparison),
    Convert,
    Select,
    Clamp,
    ReducePrecision(Format, u32, u32),
    Bits,
}

/// A comparison: when it holds, by the order of its operands, and whether floats are in
/// IEEE 754's `totalOrder`.
#[derive(Clone, Copy)]
pub(super) struct Comparison {
    holds: fn(Option<Ordering>) -> bool,
    total: bool,
}

impl Comparison {
    /// Whether it holds for operands in this order.
    pub(super) fn holds(self, order: Ordering) -> bool {
        (self.holds)(Some(order))
    }

    /// Whether floats are in IEEE 754's `totalOrder`.
    pub(super) fn is_total(self) -> bool {
        self.total
    }

    pub(super) fn of(self, a: Number, b: Number) -> bool {
        (self.holds)(match (a, b) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
            (Number::Float(a), Number::Float(b)) if self.total => Some(a.total_cmp(&b)),
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
            (a, b) => (a.complex() == b.complex()).then_some(Ordering::Equal),
        })
    }
}

/// An element-wise operation on given element types.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) function: Function,
    result: Domain,
    from: ElementType,
    to: ElementType,
}

impl Scalar {
    /// The operation of this StableHLO name; `None` where it is not element-wise.
    ///
    /// # Errors
    /// When it does not take these types.
    pub(super) fn new(
        name: &str,
        attributes: &Map<String, Value>,
        operands: &[ElementType],
        to: ElementType,
    ) -> Result<Option<Self>, Fault> {
        let Some(arity) = arity(name) else { return Ok(None) };
        let (Some(&from), result) = (operands.first(), Domain::of(to)) else {
            return Err(invalid("it has no operands"));
        };
        if operands.len() != arity {
            return Err(invalid(format!("it takes {arity} operands, not {}", operands.len())));
        }
        let function = function(name, attributes, Domain::of(from), operands, to)?;
        let function = function.ok_or_else(|| invalid(format!("it is not defined on {from}")))?;
        Ok(Some(Self { function, result, from, to }))
    }

    /// The result for one element of each operand.
    pub(super) fn apply(&self, args: &[Number]) -> Number {
        let (a, b) = (args[0], args.get(1).copied().unwrap_or(args[0]));
        let value = match self.function {
            Function::Int1(f, int) => Number::Int(f(a.int(), int)),
            Function::Int2(f, int) => Number::Int(f(a.int(), b.int(), int)),
            Function::Float1(f) => Number::Float(f(a.float())),
            Function::Float2(f) => Number::Float(f(a.float(), b.float())),
            Function::Complex1(f) => Number::Complex(f(a.complex())),
            Function::Complex2(f, part) => Number::Complex(f(a.complex(), b.complex(), part)),
            Function::ComplexPart(f) => Number::Float(f(a.complex())),
            Function::MakeComplex => Number::Complex(complex::Complex64::new(a.float(), b.float())),
            Function::IsFinite => Number::Int(a.float().is_finite().into()),
            Function::Compare(comparison) => Number::Int(comparison.of(a, b).into()),
            Function::Convert => return self.result.convert(a),
            Function::Select => return if a.is_true() { b } else { args[2] },
            Function::Clamp => clamp(b, a, args[2]),
            Function::ReducePrecision(format, exponent, mantissa) => {
                Number::Float(format.reduce_precision(a.float(), exponent, mantissa))
            }
            Function::Bits => {
                let mut bytes = [0; 16];
                Domain::of(self.from).store(a, &mut bytes[..self.from.host_bytes()]);
                return self.result.load(&bytes[..self.to.host_bytes()]);
            }
        };
        self.result.settle(value)
    }
}

fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "select" | "clamp" => 3,
        "add"
        | "and"
        | "atan2"
        | "compare"
        | "complex"
        | "divide"
        | "maximum"
        | "minimum"
        | "multiply"
        | "or"
        | "power"
        | "remainder"
        | "shift_left"
        | "shift_right_arithmetic"
        | "shift_right_logical"
        | "subtract"
        | "xor" => 2,
        "abs"
        | "bitcast_convert"
        | "cbrt"
        | "ceil"
        | "convert"
        | "cosine"
        | "count_leading_zeros"
        | "exponential"
        | "exponential_minus_one"
        | "floor"
        | "imag"
        | "is_finite"
        | "log"
        | "log_plus_one"
        | "logistic"
        | "negate"
        | "not"
        | "popcnt"
        | "real"
        | "reduce_precision"
        | "round_nearest_afz"
        | "round_nearest_even"
        | "rsqrt"
        | "sign"
        | "sine"
        | "sqrt"
        | "tan"
        | "tanh" => 1,
        _ => return None,
    })
}

fn function(
    name: &str,
    attributes: &Map<String, Value>,
    domain: Domain,
    operands: &[ElementType],
    to: ElementType,
) -> Result<Option<Function>, Fault> {
    let same = operands.iter().all(|&operand| operand == operands[0]);
    let text = |name: &str| attributes.get(name).and_then(Value::as_str);
    let structural = match (name, domain) {
        ("compare", _) if same && to == ElementType::I1 => {
            let direction = text("comparison_direction").and_then(direction);
            let holds = direction.ok_or_else(|| invalid("`comparison_direction` is missing"))?;
            Function::Compare(Comparison { holds, total: text("compare_type") == Some("TOTALORDER") })
        }
        ("convert", _) => Function::Convert,
        ("bitcast_convert", _) if operands[0].bits() == to.bits() => Function::Bits,
        ("select", _) if operands[0] == ElementType::I1 && operands[1..] == [to, to] => Function::Select,
        ("clamp", _) if same && to == operands[0] => Function::Clamp,
        ("complex", Domain::Float(part)) if same && Domain::of(to) == Domain::Complex(part) => Function::MakeComplex,
        ("is_finite", Domain::Float(_)) if to == ElementType::I1 => Function::IsFinite,
        ("reduce_precision", Domain::Float(format)) if to == operands[0] => {
            let bits = |name: &str, least: u64| {
                let bits = attributes.get(name).and_then(Value::as_u64).filter(|bits| (least..64).contains(bits));
                bits.map(|bits| bits as u32).ok_or_else(|| invalid(format!("`{name}` must be at least {least}")))
            };
            Function::ReducePrecision(format, bits("exponent_bits", 1)?, bits("mantissa_bits", 0)?)
        }
        ("abs" | "real" | "imag", Domain::Complex(part)) if Domain::of(to) == Domain::Float(part) => {
            Function::ComplexPart(match name {
                "abs" => |z| z.re.hypot(z.im),
                "real" => |z| z.re,
                _ => |z| z.im,
            })
        }
        _ if same && to == operands[0] => return Ok(arithmetic(name, operands.len() == 2, domain)),
        _ => return Ok(None),
    };
    Ok(Some(structural))
}

fn arithmetic(name: &str, binary: bool, domain: Domain) -> Option<Function> {
    const BIT: Int = Int { bits: 1, signed: false };
    match domain {
        Domain::Pred if binary => pred2(name).map(|f| Function::Int2(f, BIT)),
        Domain::Pred => (name == "not").then_some(Function::Int1(|x, _| x ^ 1, BIT)),
        Domain::Int(int) if binary => int2(name).map(|f| Function::Int2(f, int)),
        Domain::Int(int) => int1(name).map(|f| Function::Int1(f, int)),
        Domain::Float(_) if binary => float2(name).map(Function::Float2),
        Domain::Float(_) => float1(name).map(Function::Float1),
        Domain::Complex(part) if binary => complex::binary(name).map(|f| Function::Complex2(f, part)),
        Domain::Complex(_) => complex::unary(name).map(Function::Complex1),
    }
}

fn direction(name: &str) -> Option<fn(Option<Ordering>) -> bool> {
    Some(match name {
        "EQ" => |order| order == Some(Ordering::Equal),
        "NE" => |order| order != Some(Ordering::Equal),
        "GE" => |order| matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        "GT" => |order| order == Some(Ordering::Greater),
        "LE" => |order| matches!(order, Some(Ordering::Less | Ordering::Equal)),
        "LT" => |order| order == Some(Ordering::Less),
        _ => return None,
    })
}

fn int1(name: &str) -> Option<Int1> {
    Some(match name {
        "abs" => |x, _| x.abs(),
        "count_leading_zeros" => |x, int| i128::from(int.unsigned(x).leading_zeros() + int.bits) - 128,
        "negate" => |x, _| -x,
        "not" => |x, _| !x,
        "popcnt" => |x, int| i128::from(int.unsigned(x).count_ones()),
        "sign" => |x, _| x.signum(),
        _ => return None,
    })
}

fn int2(name: &str) -> Option<Int2> {
    Some(match name {
        "add" => |a, b, _| a + b,
        "and" => |a, b, _| a & b,
        // Division by zero gives all ones, as XLA's does.
        "divide" => |a, b, _| if b == 0 { -1 } else { a / b },
        "maximum" => |a, b, _| a.max(b),
        "minimum" => |a, b, _| a.min(b),
        "multiply" => |a, b, _| a.wrapping_mul(b),
        "or" => |a, b, _| a | b,
        "power" => power,
        "remainder" => |a, b, _| if b == 0 { a } else { a % b },
        "shift_left" => |a, b, int| shift(b, int).map_or(0, |by| a << by),
        "shift_right_arithmetic" => {
            |a, b, int| Int { signed: true, ..int }.wrap(a) >> shift(b, int).unwrap_or(int.bits - 1)
        }
        "shift_right_logical" => |a, b, int| shift(b, int).map_or(0, |by| (int.unsigned(a) >> by) as i128),
        "subtract" => |a, b, _| a - b,
        "xor" => |a, b, _| a ^ b,
        _ => return None,
    })
}

/// The distance of a shift, where it leaves any bits.
fn shift(by: i128, int: Int) -> Option<u32> {
    u32::try_from(int.unsigned(by)).ok().filter(|&by| by < int.bits)
}

/// By squaring; negative exponents give zero, unless the base is 1 or -1.
fn power(base: i128, exponent: i128, int: Int) -> i128 {
    if exponent < 0 && base.abs() != 1 {
        return 0;
    }
    let (mut result, mut square, mut left) = (1i128, base, exponent.unsigned_abs());
    while left != 0 {
        if left & 1 == 1 {
            result = int.wrap(result.wrapping_mul(square));
        }
        square = int.wrap(square.wrapping_mul(square));
        left >>= 1;
    }
    result
}

/// On truth values sums are `or` and products `and`.
fn pred2(name: &str) -> Option<Int2> {
    Some(match name {
        "add" | "or" | "maximum" => |a, b, _| a | b,
        "and" | "multiply" | "minimum" => |a, b, _| a & b,
        "xor" => |a, b, _| a ^ b,
        _ => return None,
    })
}

fn float1(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "cbrt" => f64::cbrt,
        "ceil" => f64::ceil,
        "cosine" => f64::cos,
        "exponential" => f64::exp,
        "exponential_minus_one" => f64::exp_m1,
        "floor" => f64::floor,
        "imag" => |_| 0.0,
        "log" => f64::ln,
        "log_plus_one" => f64::ln_1p,
        "logistic" => |x| 1.0 / (1.0 + (-x).exp()),
        "negate" => |x| -x,
        "real" => |x| x,
        "round_nearest_afz" => f64::round,
        "round_nearest_even" => f64::round_ties_even,
        "rsqrt" => |x| 1.0 / x.sqrt(),
        "sign" => |x| if x == 0.0 || x.is_nan() { x } else { 1.0f64.copysign(x) },
        "sine" => f64::sin,
        "sqrt" => f64::sqrt,
        "tan" => f64::tan,
        "tanh" => f64::tanh,
        _ => return None,
    })
}

fn float2(name: &str) -> Option<fn(f64, f64) -> f64> {
    Some(match name {
        "add" => |a, b| a + b,
        "atan2" => f64::atan2,
        "divide" => |a, b| a / b,
        "maximum" => maximum,
        "minimum" => minimum,
        "multiply" => |a, b| a * b,
        "power" => f64::powf,
        "remainder" => |a, b| a % b,
        "subtract" => |a, b| a - b,
        _ => return None,
    })
}

/// NaN wins, then the positive of two zeros.
fn maximum(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b || (a == b && b.is_sign_negative()) { a } else { b }
}

/// NaN wins, then the negative of two zeros.
fn minimum(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b || (a == b && a.is_sign_negative()) { a } else { b }
}

fn clamp(value: Number, low: Number, high: Number) -> Number {
    match value {
        Number::Int(value) => Number::Int(value.max(low.int()).min(high.int())),
        Number::Float(value) => Number::Float(minimum(maximum(value, low.float()), high.float())),
        Number::Complex(value) => {
            Number::Complex(complex::lesser(complex::greater(value, low.complex()), high.complex()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, dtype: ElementType, a: i128, b: i128) -> i128 {
        let op = Scalar::new(name, &Map::new(), &[dtype, dtype], dtype).unwrap().unwrap();
        op.apply(&[Number::Int(a), Number::Int(b)]).int()
    }

    #[test]
    fn integers_wrap_and_survive_the_edges() {
        assert_eq!(call("divide", ElementType::I8, -128, -1), -128);
        assert_eq!(call("divide", ElementType::Ui8, 5, 0), 255);
        assert_eq!(call("shift_right_arithmetic", ElementType::I8, -8, 100), -1);
        assert_eq!(call("shift_left", ElementType::I4, 1, 4), 0);
        assert_eq!(call("power", ElementType::Ui8, 3, 5), 243);
        assert_eq!(call("add", ElementType::I1, 1, 1), 1);
    }

    #[test]
    fn types_that_do_not_fit_are_errors() {
        assert!(Scalar::new("sine", &Map::new(), &[ElementType::I8], ElementType::I8).is_err());
        assert!(Scalar::new("add", &Map::new(), &[ElementType::F32], ElementType::F32).is_err());
        assert!(Scalar::new("fft", &Map::new(), &[ElementType::F32], ElementType::F32).unwrap().is_none());
    }
}
