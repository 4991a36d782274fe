//! Which operations of a region become one dispatch.
//!
//! Operations are visited from the last to the first, so that the users of each have been placed
//! when its turn comes. An operation founds a dispatch of its own, as its root, unless it may join
//! those of its users:
//!
//! - Something outside the dispatches reads it (control flow, a primitive, a view, the end of the
//!   region): it founds one, for it must be in memory.
//! - An element-wise operation joins if all its users are in one dispatch and it is not computed
//!   more often there than it has elements. A scalar of cheap arithmetic may be.
//! - An operation that only moves elements (and a splat constant, an iota) joins every dispatch
//!   that uses it: reading its operand through an index map costs what reading its result would.
//! - A product or reduction joins the dispatch that uses it if that has no anchor yet and takes
//!   its elements in their order, each once: what follows is its epilogue.
//! - Of a product's operands only the streamed one (the weights) takes in what produces it; the
//!   other is read again for every row, and is better ready. The tensor that an update writes
//!   into is always in memory.
//!
//! As an operation joins only if every dispatch that uses it takes it, no path leaves a dispatch
//! and comes back: all that a dispatch reads is there when its root's turn comes.

use std::collections::HashMap;

use super::kind::{Kind, kind, streamed_operand};
use crate::graph::Uses;
use crate::ir::{Entity, Func, OpId, Opcode, RegionId, ValueId};

/// The most elements of a splat that is stored with the program rather than written when it is needed.
const LARGEST_STORED_SPLAT: u64 = 4096;
/// The most operations in one dispatch.
const MOST_OPERATIONS: usize = 256;

/// A dispatch in the making.
#[derive(Debug)]
pub(super) struct Cluster {
    /// The operation whose elements are the iteration space.
    pub(super) root: OpId,
    /// The product, reduction or update.
    pub(super) anchor: Option<OpId>,
    /// All operations with how often each is computed, the root first, users before what they use.
    members: Vec<(OpId, Member)>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    /// Elements computed over the whole dispatch.
    evaluations: u64,
    /// Whether the elements are taken in the root's order, each once.
    flat: bool,
}

impl Cluster {
    /// The operations in program order.
    pub(super) fn members(&self) -> Vec<OpId> {
        self.members.iter().rev().map(|&(op, _)| op).collect()
    }

    fn member(&self, op: OpId) -> Option<Member> {
        self.members.iter().find(|&&(member, _)| member == op).map(|&(_, member)| member)
    }
}

/// The dispatches of one region.
pub(super) struct Clusters<'f> {
    func: &'f Func,
    uses: &'f Uses,
    clusters: Vec<Cluster>,
    of: HashMap<OpId, Vec<usize>>,
}

impl<'f> Clusters<'f> {
    /// Cuts `region`.
    pub(super) fn of(func: &'f Func, uses: &'f Uses, region: RegionId) -> Self {
        let mut cut = Self { func, uses, clusters: Vec::new(), of: HashMap::new() };
        for &op in func.regions[region].ops.iter().rev() {
            cut.place(op);
        }
        cut
    }

    /// The dispatch whose root `op` is.
    pub(super) fn rooted_at(&self, op: OpId) -> Option<&Cluster> {
        self.clusters.iter().find(|cluster| cluster.root == op)
    }

    fn place(&mut self, op: OpId) {
        let kind = kind(self.func, op);
        let is_splat = kind == Kind::Constant && is_splat(self.func, op);
        if is_splat {
            return self.place_splat(op);
        }
        if !kind.is_dispatched() && kind != Kind::View {
            return;
        }
        match self.targets(op).and_then(|targets| self.joined(op, kind, &targets)) {
            Some(members) => members.into_iter().for_each(|(at, member)| self.join(op, kind, at, member)),
            None if kind == Kind::View => {}
            None => self.found(op),
        }
    }

    /// A splat is a number in the code of every dispatch that takes it as such; for the others it is
    /// a constant in memory, or written there by a dispatch where it is large.
    fn place_splat(&mut self, op: OpId) {
        let users = self.uses.get(self.func.ops[op].results[0]);
        let mut targets: Vec<usize> = users.iter().filter_map(|u| self.of.get(&u.op)).flatten().copied().collect();
        targets.sort_unstable();
        targets.dedup();
        for at in targets {
            if let Some(member) = self.joins(op, Kind::Constant, &self.clusters[at]) {
                self.join(op, Kind::Constant, at, member);
            }
        }
        if self.is_needed_in_memory(op) && elements(self.func, self.func.ops[op].results[0]) > LARGEST_STORED_SPLAT {
            self.found(op);
        }
    }

    /// Whether something reads the operation's result that has not taken the operation in.
    pub(super) fn is_needed_in_memory(&self, op: OpId) -> bool {
        let mut users = self.func.ops[op].results.iter().flat_map(|&result| self.uses.get(result));
        users.any(|used| match self.of.get(&used.op) {
            Some(clusters) => clusters.iter().any(|&at| self.clusters[at].member(op).is_none()),
            None => true,
        })
    }

    fn join(&mut self, op: OpId, kind: Kind, at: usize, member: Member) {
        if kind.is_anchor() {
            self.clusters[at].anchor = Some(op);
        }
        self.clusters[at].members.push((op, member));
        self.of.entry(op).or_default().push(at);
    }

    fn found(&mut self, op: OpId) {
        let kind = kind(self.func, op);
        let root = Member { evaluations: elements(self.func, self.func.ops[op].results[0]), flat: true };
        let anchor = kind.is_anchor().then_some(op);
        self.of.entry(op).or_default().push(self.clusters.len());
        self.clusters.push(Cluster { root: op, anchor, members: vec![(op, root)] });
    }

    /// The dispatches that use `op`; `None` if something else needs it.
    fn targets(&self, op: OpId) -> Option<Vec<usize>> {
        let mut targets = Vec::new();
        for used in self.func.ops[op].results.iter().flat_map(|&result| self.uses.get(result)) {
            targets.extend(self.of.get(&used.op)?);
        }
        targets.sort_unstable();
        targets.dedup();
        Some(targets)
    }

    /// What `op` would be in each dispatch that uses it, if it may join all of them.
    fn joined(&self, op: OpId, kind: Kind, targets: &[usize]) -> Option<Vec<(usize, Member)>> {
        let shared = matches!(kind, Kind::Index | Kind::View);
        if targets.is_empty() || (targets.len() > 1 && !shared) {
            return None;
        }
        let joined = targets.iter().map(|&at| Some((at, self.joins(op, kind, &self.clusters[at])?)));
        joined.collect()
    }

    fn joins(&self, op: OpId, kind: Kind, cluster: &Cluster) -> Option<Member> {
        let func = self.func;
        let operation = &func.ops[op];
        if cluster.members.len() >= MOST_OPERATIONS || operation.results.len() != 1 {
            return None;
        }
        let result = operation.results[0];
        let mut member = Member { evaluations: 0, flat: true };
        for used in self.uses.get(result) {
            let Some(user) = cluster.member(used.op) else { continue };
            if !self.may_feed(op, kind, used.op, used.index as usize) {
                return None;
            }
            let evaluations = self.evaluations_of_operand(used.op, used.index as usize, user);
            member.evaluations = member.evaluations.saturating_add(evaluations);
            member.flat &= user.flat && keeps_order(func, used.op);
        }
        let count = elements(func, result);
        let once = member.evaluations <= count;
        let fits = match kind {
            Kind::Constant | Kind::Index | Kind::View => true,
            Kind::Elementwise => once || (count == 1 && is_cheap(operation.opcode)),
            Kind::Reduce | Kind::Dot => {
                let root = elements(func, func.ops[cluster.root].results[0]);
                cluster.anchor.is_none() && member.flat && once && root == count && self.uses.get(result).len() == 1
            }
            _ => false,
        };
        fits.then_some(member)
    }

    /// Whether an operation may be computed where operand `index` of `user` is read.
    fn may_feed(&self, op: OpId, kind: Kind, user: OpId, index: usize) -> bool {
        let operation = &self.func.ops[user];
        match super::kind::kind(self.func, user) {
            Kind::Dot => kind.is_map() && index == streamed_operand(self.func, operation),
            // Operands, then initial values.
            Kind::Reduce if index >= operation.operands.len() / 2 => kind == Kind::Constant,
            Kind::Reduce => kind.is_map() || kind == Kind::Constant,
            Kind::Update => index > 0 && !kind.is_anchor(),
            Kind::Index if is_position(operation.opcode, index) => self.is_cheap_position(op, kind),
            Kind::Index => !kind.is_anchor() || keeps_order(self.func, user),
            _ => true,
        }
    }

    /// Whether a position (a start of a slice, an index of a gather) is cheap enough to be computed
    /// wherever it is needed.
    fn is_cheap_position(&self, op: OpId, kind: Kind) -> bool {
        let operation = &self.func.ops[op];
        matches!(kind, Kind::Constant | Kind::Index | Kind::View)
            || (kind == Kind::Elementwise && is_cheap(operation.opcode))
    }

    /// How many elements of operand `index` of `user` are read.
    fn evaluations_of_operand(&self, user: OpId, index: usize, member: Member) -> u64 {
        let operation = &self.func.ops[user];
        match super::kind::kind(self.func, user) {
            Kind::Reduce | Kind::Dot => elements(self.func, operation.operands[index]),
            Kind::Update => elements(self.func, operation.operands[index]),
            Kind::Index if is_position(operation.opcode, index) => 1,
            Kind::Index if operation.opcode == Opcode::Concatenate => {
                let whole = elements(self.func, operation.results[0]).max(1);
                let piece = elements(self.func, operation.operands[index]);
                u64::try_from(u128::from(member.evaluations) * u128::from(piece) / u128::from(whole))
                    .unwrap_or(u64::MAX)
            }
            _ => member.evaluations,
        }
    }
}

/// Whether operand `index` says where elements are, rather than being the elements.
fn is_position(opcode: Opcode, index: usize) -> bool {
    matches!(opcode, Opcode::DynamicSlice | Opcode::Gather) && index > 0
}

/// Whether an operation takes its operands' elements in the order of its own.
fn keeps_order(func: &Func, op: OpId) -> bool {
    let operation = &func.ops[op];
    match kind(func, op) {
        Kind::Elementwise => {
            let rank = |v: ValueId| func.value_type(v).as_tensor().and_then(|t| t.rank());
            operation.operands.iter().all(|&v| rank(v) == operation.result().and_then(rank))
        }
        Kind::View => true,
        Kind::Index if operation.opcode == Opcode::BroadcastInDim => {
            let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or(&[]);
            let same = elements(func, operation.operands[0]) == elements(func, operation.results[0]);
            same && dims.windows(2).all(|pair| pair[0] < pair[1])
        }
        _ => false,
    }
}

fn is_cheap(opcode: Opcode) -> bool {
    use Opcode::*;
    matches!(
        opcode,
        Add | And
            | Clamp
            | Compare
            | Convert
            | Maximum
            | Minimum
            | Multiply
            | Negate
            | Not
            | Or
            | Select
            | Subtract
            | Xor
    )
}

fn is_splat(func: &Func, op: OpId) -> bool {
    let value = func.ops[op].attr("value").and_then(|value| value.as_elements());
    value.is_some_and(|value| value.splat || value.len() == 1)
}

fn elements(func: &Func, value: ValueId) -> u64 {
    debug_assert!(value.index() < func.values.len());
    func.value_type(value).as_tensor().and_then(|t| t.element_count()).unwrap_or(0)
}
