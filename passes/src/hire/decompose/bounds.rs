//! `hire.upper_bounds` and `hire.select_bounded`: what the certificate of an exact site rests on.

use hire_compiler::ir::{ElementType, Func, Opcode, TensorType};

use super::select::{best_of_groups, members};
use super::{function, function_with_results};
use crate::hire::emit::Emit;

/// What the computed norm of h may lack of the true one, and more.
const NORM_INFLATION: f64 = 1.0 + 1e-4;

/// The decomposition: (h [B, d], scores [B, V] f32, errors [V] f32) -> `s_j + e_j ||h||`, [B, V].
pub(crate) fn upper_bounds(name: &str, hidden: &TensorType, scores: &TensorType) -> Func {
    let sizes = scores.sizes().expect("scores are made with static shapes");
    let errors = TensorType::new(&sizes[1..], ElementType::F32);
    function(name, &[hidden.clone(), scores.clone(), errors], |b, args| {
        let h = b.convert(args[0], ElementType::F32);
        let squares = b.elementwise(Opcode::Multiply, &[h, h]);
        let zero = b.splat(&[], ElementType::F32, 0.0);
        let sums = b.reduce(squares, zero, 1, Opcode::Add);
        let norms = b.elementwise(Opcode::Sqrt, &[sums]);
        let inflation = b.splat(&sizes[..1], ElementType::F32, NORM_INFLATION);
        let norms = b.elementwise(Opcode::Multiply, &[norms, inflation]);
        let norms = b.broadcast(norms, &[0], &sizes);
        let errors = b.broadcast(args[2], &[1], &sizes);
        let margins = b.elementwise(Opcode::Multiply, &[errors, norms]);
        b.elementwise(Opcode::Add, &[args[1], margins])
    })
}

/// The decomposition: bounds [B, V] -> the positions [B, k'] of the largest, as `hire.select`, and
/// a bound [B, 1] on what was not selected: the smallest of the selected bounds.
///
/// That is taken by a reduction. A slice of a top-k has XLA's CPU compiler sort everything.
pub(crate) fn select_bounded(name: &str, bounds: &TensorType, k_prime: u64, group: u64) -> Func {
    let batch = bounds.sizes().expect("bounds are made with static shapes")[0];
    function_with_results(name, std::slice::from_ref(bounds), |b, args| {
        let best = if group == 1 { args[0] } else { best_of_groups(b, args[0], group) };
        let (values, places) = b.top_k(best, k_prime / group);
        let highest = b.splat(&[], ElementType::F32, f64::INFINITY);
        let beyond = b.reduce(values, highest, 1, Opcode::Minimum);
        let beyond = b.reshape(beyond, &[batch, 1]);
        let places = b.sort_increasing(places);
        let positions = if group == 1 { places } else { members(b, places, group) };
        vec![positions, beyond]
    })
}
