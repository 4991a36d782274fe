//! `hire.select`: the positions of the k' largest scores, in increasing order; or of the groups of
//! consecutive entries with the k'/g largest members.
//!
//! Increasing order makes ties come out right without a second key: whatever takes the first of
//! equal values downstream takes the lowest position. It is also the order a gather likes.

use hire_compiler::ir::{Attr, Builder, ElementType, Func, Opcode, TensorType, ValueId};

use super::function;
use crate::hire::emit::Emit;

/// The decomposition: scores [B, N] -> positions [B, k'] i32, in groups of `group`, which divides
/// N and k'.
pub(crate) fn select(name: &str, scores: &TensorType, k_prime: u64, group: u64) -> Func {
    function(name, std::slice::from_ref(scores), |b, args| {
        if group == 1 {
            let (_, positions) = b.top_k(args[0], k_prime);
            return b.sort_increasing(positions);
        }
        let best = best_of_groups(b, args[0], group);
        let (_, groups) = b.top_k(best, k_prime / group);
        let groups = b.sort_increasing(groups);
        members(b, groups, group)
    })
}

/// The largest member of each group: [B, N] -> [B, N / g].
pub(super) fn best_of_groups(b: &mut Builder<'_>, scores: ValueId, group: u64) -> ValueId {
    let (batch, count) = (b.sizes(scores)[0], b.sizes(scores)[1]);
    let grouped = b.reshape(scores, &[batch, count / group, group]);
    let element = b.element(scores);
    let lowest = b.splat(&[], element, f64::NEG_INFINITY);
    b.reduce(grouped, lowest, 2, Opcode::Maximum)
}

/// The positions of all members of groups: [B, n] -> [B, n g].
pub(super) fn members(b: &mut Builder<'_>, groups: ValueId, group: u64) -> ValueId {
    let (batch, count) = (b.sizes(groups)[0], b.sizes(groups)[1]);
    let sizes = [batch, count, group];
    let groups = b.broadcast(groups, &[0, 1], &sizes);
    let size = b.splat(&sizes, ElementType::I32, group as f64);
    let first = b.elementwise(Opcode::Multiply, &[groups, size]);
    let ty = TensorType::new(&sizes, ElementType::I32);
    let member = b.value(Opcode::Iota, [], [("iota_dimension", Attr::i64(2))], ty);
    let all = b.elementwise(Opcode::Add, &[first, member]);
    b.reshape(all, &[batch, count * group])
}
