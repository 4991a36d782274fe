//! `hire.select`: the positions of the k' largest scores, in increasing order.
//!
//! Increasing order makes ties come out right without a second key: whatever takes the first of
//! equal values downstream takes the lowest position. It is also the order a gather likes.

use hire_compiler::ir::{Func, TensorType};

use super::function;
use crate::hire::emit::Emit;

/// The decomposition: scores [B, V] -> positions [B, k'] i32.
pub(crate) fn select(name: &str, scores: &TensorType, k_prime: u64) -> Func {
    function(name, std::slice::from_ref(scores), |b, args| {
        let (_, positions) = b.top_k(args[0], k_prime);
        b.sort_increasing(positions)
    })
}
