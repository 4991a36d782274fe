//! Checks of programs that test themselves: they compute nothing, and fail the run where they do
//! not hold.
//!
//! | check | holds when |
//! |---|---|
//! | `expect_eq` | every element `==`: NaN never, zeros of either sign |
//! | `expect_almost_eq` | the distance is within `tolerance`; NaN matches NaN, an infinity only itself |
//! | `expect_close` | the distance in units in the last place is in a range |
//! | `shape_assertion` | its first operand is true |

use super::format::Format;
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Signature, invalid};

/// How two floats are compared.
#[derive(Clone, Copy)]
enum Rule {
    Equal,
    Within(f64),
    Ulps(u64, u64),
}

impl Rule {
    fn holds(self, format: Format, a: f64, e: f64) -> bool {
        let both_nan = a.is_nan() && e.is_nan();
        match self {
            Rule::Equal => a == e,
            Rule::Within(tolerance) => a == e || both_nan || (a - e).abs() <= tolerance,
            Rule::Ulps(least, most) => {
                let magnitude = |v: f64| format.encode(v.abs());
                let ulps = match (a, e) {
                    _ if both_nan || format.encode(a) == format.encode(e) => 0,
                    _ if !a.is_finite() || !e.is_finite() => return false,
                    _ if a.is_sign_negative() == e.is_sign_negative() => magnitude(a).abs_diff(magnitude(e)),
                    _ => magnitude(a) + magnitude(e),
                };
                (least..=most).contains(&ulps)
            }
        }
    }
}

pub(super) fn expect_eq(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    expect(signature, Rule::Equal)
}

pub(super) fn expect_almost_eq(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    expect(signature, Rule::Within(signature.attribute("tolerance", 1e-4)?))
}

pub(super) fn expect_close(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let least = signature.attribute("min_ulp_difference", 0)?;
    expect(signature, Rule::Ulps(least, signature.attribute("max_ulp_difference", 1)?))
}

/// Compares the first operand with the second, or with the bytes `value`. Results, where there are
/// any, are truth values.
fn expect(signature: &Signature<'_>, rule: Rule) -> Result<Prepared, Fault> {
    let actual = signature.operand(0)?.clone();
    let value: Option<Vec<u8>> = signature.attribute("value", None)?;
    let fits = match &value {
        Some(bytes) => bytes.len() == actual.len() * actual.width,
        None => signature.operand(1)? == &actual,
    };
    if !fits || signature.results.len() > 1 {
        return Err(invalid(format!("what is expected has another type than {}", actual.ty())));
    }
    let (elements, domain) = (Elements::of(&actual), Domain::of(actual.dtype));
    let holds = move |a: Number, e: Number| match (domain, a, e) {
        (Domain::Float(format), a, e) => rule.holds(format, a.float(), e.float()),
        (Domain::Complex(format), a, e) => {
            let (a, e) = (a.complex(), e.complex());
            rule.holds(format, a.re, e.re) && rule.holds(format, a.im, e.im)
        }
        (_, a, e) => a == e,
    };
    Ok(Prepared::new(move |operands, results| {
        let expected = value.as_deref().unwrap_or_else(|| operands[1]);
        let bad = |at: &usize| !holds(elements.load(operands[0], *at), elements.load(expected, *at));
        let count = (0..actual.len()).filter(bad).count();
        results.iter_mut().for_each(|result| result.fill(u8::from(count == 0)));
        match (0..actual.len()).find(bad) {
            Some(at) => Err(invalid(format!(
                "{count} of {} elements are not as expected; element {at} is {:?}, not {:?}",
                actual.len(),
                elements.load(operands[0], at),
                elements.load(expected, at)
            ))),
            None => Ok(()),
        }
    }))
}

/// Fails with the message, whose `{0}`, `{1}`, … are the further operands.
pub(super) fn shape_assertion(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let message: String = signature.attribute("error_message", "a shape assertion failed".to_owned())?;
    if signature.operands.is_empty() || signature.operands.iter().any(|operand| operand.len() != 1) {
        return Err(invalid("it takes a truth value and scalars"));
    }
    let elements = Elements::all(&signature.operands);
    Ok(Prepared::new(move |operands, _| {
        if elements[0].load(operands[0], 0).is_true() {
            return Ok(());
        }
        let inputs = elements.iter().zip(operands).skip(1).enumerate();
        let message = inputs.fold(message.clone(), |message, (i, (elements, bytes))| {
            message.replace(&format!("{{{i}}}"), &elements.load(bytes, 0).int().to_string())
        });
        Err(invalid(message))
    }))
}
