//! The check operations of StableHLO's tests, and what they report.
//!
//! | check | holds when |
//! |---|---|
//! | `expect_eq` | every element `==`: `NaN` never, zeros of either sign |
//! | `expect_almost_eq` | `abs(a - b) <= tolerance`; `NaN` matches `NaN`, an infinity only itself |
//! | `expect_close` | the distance in units in the last place is in a range, for each part |

use std::fmt::Write;

use super::error::{Fault, Site};
use super::float::FloatType;
use super::number::{Kind, Scalar};
use super::tensor::Tensor;
use super::walk::Indices;
use crate::diag::{Diagnostic, Span};
use crate::ir::{Attr, FloatFormat, Opcode, Operation};

/// A check that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFailure {
    /// The check.
    pub site: Site,
    /// How many elements failed, and the worst of them.
    pub message: String,
}

impl From<CheckFailure> for Diagnostic {
    fn from(failure: CheckFailure) -> Self {
        let mut diagnostic = Diagnostic::error(failure.site.span, format!("{} does not hold", failure.site.op))
            .note(Span::NONE, failure.message)
            .note(Span::NONE, format!("while running @{}", failure.site.func));
        diagnostic.location = failure.site.location;
        diagnostic
    }
}

/// What the checks of a run found.
#[derive(Debug, Default)]
pub(super) struct Checks {
    pub(super) count: usize,
    pub(super) failures: Vec<CheckFailure>,
}

/// How a check compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    /// Every element equal.
    Equal,
    /// An absolute tolerance.
    AlmostEqual(f64),
    /// A range of distances in units in the last place.
    Close(u64, u64),
}

impl Rule {
    /// The rule of a custom call's target, `None` when it is no check.
    pub(super) fn of_target(target: &str) -> Option<Self> {
        Some(match target {
            "check.expect_eq" => Rule::Equal,
            "check.expect_almost_eq" => Rule::AlmostEqual(1e-3),
            "check.expect_close" => Rule::Close(0, 3),
            "check.eq" => Rule::AlmostEqual(1e-4),
            _ => return None,
        })
    }

    /// The rule of an operation of the `check` dialect, `None` when it is no check.
    pub(super) fn of_operation(operation: &Operation) -> Option<Self> {
        let ulps = |name: &str, default: u64| match operation.attr(name) {
            Some(Attr::Int(int)) => u64::try_from(int.value).unwrap_or(default),
            _ => default,
        };
        Some(match operation.opcode {
            Opcode::ExpectEq | Opcode::ExpectEqConst => Rule::Equal,
            Opcode::ExpectAlmostEq | Opcode::ExpectAlmostEqConst => {
                let tolerance = match operation.attr("tolerance") {
                    Some(Attr::Float(float)) => FloatFormat::of(&float.ty).map(|format| format.decode(float.bits)),
                    _ => None,
                };
                Rule::AlmostEqual(tolerance.unwrap_or(1e-4))
            }
            Opcode::ExpectClose => Rule::Close(ulps("min_ulp_difference", 0), ulps("max_ulp_difference", 1)),
            _ => return None,
        })
    }

    /// Compares two tensors of one type; says what is wrong, if anything is.
    pub(super) fn compare(self, actual: &Tensor, expected: &Tensor) -> Result<Option<String>, Fault> {
        if actual.shape() != expected.shape() || actual.element() != expected.element() {
            return Ok(Some(format!("{} cannot equal {}", actual.ty(), expected.ty())));
        }
        let kind = Kind::stored(actual.element())?;
        let mut bad = 0usize;
        let mut worst: Option<Worst> = None;
        let mut indices = Indices::new(actual.shape());
        let mut at = 0;
        while let Some(index) = indices.next() {
            let (a, e) = (kind.read(actual.bytes(), at), kind.read(expected.bytes(), at));
            at += 1;
            let Some(badness) = self.badness(kind, a, e) else { continue };
            bad += 1;
            if worst.as_ref().is_none_or(|worst| badness > worst.badness) {
                worst = Some(Worst { index: index.to_vec(), actual: a, expected: e, badness });
            }
        }
        Ok(worst.map(|worst| self.report(kind, bad, at, &worst)))
    }

    /// How far an element is from passing; `None` when it passes.
    fn badness(self, kind: Kind, actual: Scalar, expected: Scalar) -> Option<f64> {
        let parts: &[(f64, f64)] = match (actual, expected) {
            (Scalar::Int(a), Scalar::Int(e)) => return (a != e).then_some((a - e).unsigned_abs() as f64),
            (Scalar::Complex(a), Scalar::Complex(e)) => &[(a.re, e.re), (a.im, e.im)],
            (a, e) => &[(a.float(), e.float())],
        };
        let part = match kind {
            Kind::Float(part) | Kind::Complex(part) => part,
            Kind::Pred | Kind::Int(_) => return None,
        };
        let distances = parts.iter().filter_map(|&(a, e)| match self {
            Rule::Equal => (a != e).then(|| finite_or_infinity((a - e).abs())),
            Rule::AlmostEqual(tolerance) => almost_equal(a, e, tolerance),
            Rule::Close(least, most) => {
                let ulps = ulp_distance(part, a, e);
                let passes = ulps.is_some_and(|ulps| (least..=most).contains(&ulps));
                (!passes).then(|| ulps.map_or(f64::INFINITY, |ulps| ulps as f64))
            }
        });
        distances.fold(None, |worst: Option<f64>, distance| Some(worst.map_or(distance, |worst| worst.max(distance))))
    }

    fn report(self, kind: Kind, bad: usize, all: usize, worst: &Worst) -> String {
        let (actual, expected) = (show(kind, worst.actual), show(kind, worst.expected));
        let mut text =
            format!("{bad} of {all} elements fail; the worst, at {:?}, is {actual}, not {expected}", worst.index);
        let _ = match self {
            Rule::Equal => Ok(()),
            Rule::AlmostEqual(tolerance) => write!(text, ": off by {:e} where {tolerance:e} is allowed", worst.badness),
            Rule::Close(0, most) => write!(text, ": {} ulp apart where {most} are allowed", worst.badness),
            Rule::Close(least, most) => write!(text, ": {} ulp apart, not {least} to {most}", worst.badness),
        };
        text
    }
}

struct Worst {
    index: Vec<usize>,
    actual: Scalar,
    expected: Scalar,
    badness: f64,
}

fn finite_or_infinity(value: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { value }
}

fn almost_equal(a: f64, e: f64, tolerance: f64) -> Option<f64> {
    if a == e || (a.is_nan() && e.is_nan()) {
        return None;
    }
    let distance = finite_or_infinity((a - e).abs());
    (distance > tolerance || !a.is_finite() || !e.is_finite()).then_some(distance)
}

/// The distance of two numbers in units in the last place: the difference of their bit patterns'
/// magnitudes, or the sum where signs differ. `None`, infinite, where exactly one is not finite or
/// they are different infinities.
fn ulp_distance(ty: FloatType, a: f64, e: f64) -> Option<u64> {
    let (a_bits, e_bits) = (ty.encode(a), ty.encode(e));
    if a_bits == e_bits || (a.is_nan() && e.is_nan()) {
        return Some(0);
    }
    if !a.is_finite() || !e.is_finite() {
        return None;
    }
    let (a_magnitude, e_magnitude) = (ty.encode(a.abs()), ty.encode(e.abs()));
    if a.is_sign_negative() == e.is_sign_negative() {
        Some(a_magnitude.abs_diff(e_magnitude))
    } else {
        Some(a_magnitude + e_magnitude)
    }
}

/// An element with as many digits as its type needs.
pub(super) fn show(kind: Kind, value: Scalar) -> String {
    let float = |ty: FloatType, value: f64| {
        if ty == FloatType::F64 { format!("{value:?}") } else { format!("{:?}", value as f32) }
    };
    match (kind, value) {
        (Kind::Pred, value) => value.is_true().to_string(),
        (Kind::Float(ty), value) => float(ty, value.float()),
        (Kind::Complex(ty), value) => format!("({}, {})", float(ty, value.complex().re), float(ty, value.complex().im)),
        (Kind::Int(_), value) => value.int().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_units_in_the_last_place() {
        let f32s = |a: f32, e: f32| ulp_distance(FloatType::F32, a.into(), e.into());
        assert_eq!(f32s(1.0, 1.0f32.next_up()), Some(1));
        assert_eq!(f32s(0.0, -0.0), Some(0));
        assert_eq!(f32s(f32::from_bits(2), -f32::from_bits(3)), Some(5));
        assert_eq!(f32s(f32::NAN, -f32::NAN), Some(0));
        assert_eq!(f32s(f32::INFINITY, f32::MAX), None);
        assert_eq!(f32s(f32::INFINITY, f32::INFINITY), Some(0));
        assert_eq!(ulp_distance(FloatType::F16, 5.0, 5.0117), Some(3));
    }

    #[test]
    fn the_worst_element_is_reported() {
        let actual = Tensor::f32s(&[2, 2], &[1.0, 2.0, 3.5, 4.0]).expect("a tensor");
        let expected = Tensor::f32s(&[2, 2], &[1.0, 2.25, 3.0, 4.0]).expect("a tensor");
        assert_eq!(Rule::Equal.compare(&actual, &actual), Ok(None));
        let report = Rule::AlmostEqual(0.1).compare(&actual, &expected).expect("comparable");
        insta::assert_snapshot!(report.expect("a failure"), @"2 of 4 elements fail; the worst, at [1, 0], is 3.5, not 3.0: off by 5e-1 where 1e-1 is allowed");
    }

    #[test]
    fn nan_is_close_but_never_equal() {
        let nan = Tensor::f32s(&[1], &[f32::NAN]).expect("a tensor");
        assert!(Rule::Equal.compare(&nan, &nan).expect("comparable").is_some());
        assert!(Rule::AlmostEqual(0.0).compare(&nan, &nan).expect("comparable").is_none());
        assert!(Rule::Close(0, 0).compare(&nan, &nan).expect("comparable").is_none());
    }
}
