//! Rewrites a feed-forward layer: predict, select, compute the selected neurons exactly.
//!
//! ```text
//! z = dot_general(x, W1)              s = hire.predict(x, scorer's tensors…)      all F, cheap
//! u = dot_general(x, Wg)              p = hire.select(s)                          k' neurons, increasing
//! a = activation(z, u)          =>    z = hire.gather_dot(x, W1, p)               k' exact pre-activations
//! y = dot_general(a, W2)              u = hire.gather_dot(x, Wg, p)
//!                                     a = activation(z, u)                        repeated on k' neurons
//!                                     y = hire.scatter_dot(a, W2, p)              the same k' rows of W2
//! ```
//!
//! The model's own top-k is taken among the survivors. A threshold from mean and deviation is computed
//! of `hire.fill(s, p, z)`: exact where selected, predicted elsewhere. A gate that the model itself computes from a
//! part of its input (Spark) stays, and selects. With all neurons selected each value is the dense one,
//! summed in the same order.

use hire_compiler::ir::{Attr, Func, FuncId, Module, ValueId};
use hire_compiler::rewrite::{Editor, Patch, PatchError};

use super::common::CommonPath;
use super::find::{Axis, FfnSite, Key};
use super::walk::{Narrow, Walk};
use crate::hire::decompose::{self, tpu};
use crate::hire::emit::Emit;
use crate::hire::find::Side;
use crate::hire::pass::Forms;
use crate::hire::plan::{Selection, SitePlan};
use crate::hire::rewrite::statistics::{ACTIVE, COUNTED_ATTR, FOUND, add_result, count_active};
use crate::hire::rewrite::{Predicted, Rewrite, Selected, composite};

/// What is known of a rewrite before it starts.
pub(crate) struct FfnRewrite<'a> {
    /// The entry function.
    pub func: FuncId,
    /// The layer; without its common neurons, where it has a path for these.
    pub site: &'a FfnSite,
    /// What to do with it; k' are those that are selected, without the common ones.
    pub plan: &'a SitePlan,
    /// The products that make pre-activations; the gate's has scorers.
    pub ups: Vec<Rewrite<'a>>,
    /// The product that takes activations.
    pub down: Rewrite<'a>,
    /// The neurons that are always computed.
    pub common: Option<CommonPath>,
    /// Whether its active neurons, and those of them that are selected, are counted.
    pub statistics: bool,
}

/// The neurons that are computed, common ones first, and their exact pre-activations, [B, c + k'].
struct Neurons {
    /// The model's numbers of them.
    numbers: ValueId,
    /// Where the selected ones stand among those selected among, [B, k'].
    positions: ValueId,
    pre: Vec<ValueId>,
    /// The gate's pre-activation of all neurons, exact where selected, in the shape of the dense product.
    whole: Option<ValueId>,
}

impl FfnRewrite<'_> {
    /// Rewrites the layer.
    ///
    /// # Errors
    /// When a patch is refused, which is a mistake of this pass.
    pub(crate) fn apply(&self, module: &mut Module) -> Result<(), PatchError> {
        let mut patch = Patch::before(self.site.down.dot);
        let neurons = if self.site.gate_predicts {
            self.by_own_gate(module, &mut patch)
        } else {
            self.by_prediction(module, &mut patch)
        };
        let func = &module.funcs[self.func];
        let mut walk = Walk::new(func, &self.site.cone, self.computed());
        for (up, &exact) in self.ups.iter().zip(&neurons.pre) {
            let value = up.as_logits(module, &mut patch, exact);
            let positions = Some(up.as_logits(module, &mut patch, neurons.numbers));
            walk.narrow.insert(product(func, up), Narrow { value, positions });
        }
        if let Some(whole) = neurons.whole {
            walk.whole.insert(product(func, &self.ups[self.site.gate]), whole);
        }
        walk.run(&mut patch);
        let activation = walk.narrow[&self.site.down.hidden];
        let selected = self.common.is_some().then_some(neurons.positions);
        let result = self.project(module, &mut patch, activation, selected);
        patch.replace(product(func, &self.down), result);
        let counts = self.statistics.then(|| {
            let dense = patch.tap(func, self.site.down.hidden);
            let dense = self.by_rows(&mut patch, dense, self.site.neurons());
            count_active(&mut patch.builder(), dense, neurons.numbers)
        });
        let applied = Editor::new(module, self.func).apply(&patch)?;
        if self.statistics {
            let func = &mut module.funcs[self.func];
            for up in &self.ups {
                func.ops[up.site.dot].attrs.set(COUNTED_ATTR, Attr::Unit);
            }
        }
        for (count, what) in counts.into_iter().flatten().zip([ACTIVE, FOUND]) {
            let value = applied.value(count).expect("a patch places all its values");
            add_result(&mut module.funcs[self.func], format!("hire.{}{what}", self.site.name), value);
        }
        Ok(())
    }

    /// How many neurons are computed for each vector.
    fn computed(&self) -> u64 {
        self.plan.k_prime + self.common.as_ref().map_or(0, CommonPath::count)
    }

    /// Predicts the gate, selects, and computes what is selected.
    fn by_prediction(&self, module: &Module, patch: &mut Patch) -> Neurons {
        let func = &module.funcs[self.func];
        let gate = &self.ups[self.site.gate];
        let predicted = gate.score(module, patch);
        let mut compared = |patch: &mut Patch, scores, positions| self.compared(module, patch, scores, positions);
        let (positions, rescored) = gate.select_by(module, patch, &predicted, &mut compared);
        let exact = |patch: &mut Patch, (index, up): (usize, &Rewrite<'_>)| {
            let operands = match index == self.site.gate {
                true => predicted.clone(),
                false => {
                    let hidden = up.hidden_rows(func, patch);
                    let table = up.table(func, patch);
                    Predicted {
                        hidden,
                        table,
                        scores: predicted.scores,
                        errors: None,
                        finer: Vec::new(),
                        selected: None,
                    }
                }
            };
            up.exact(module, patch, &operands, positions)
        };
        let pre: Vec<ValueId> = self.ups.iter().enumerate().map(|up| exact(patch, up)).collect();
        let needs_whole = self.site.cone.whole.contains(&product(func, gate));
        let whole = needs_whole.then(|| {
            let selected = Selected { positions, exact: pre[self.site.gate], bounds: None, rescored };
            gate.filled(module, patch, predicted.scores, &selected)
        });
        let numbers = self.numbers(patch, Some(positions)).expect("positions have numbers");
        let (pre, numbers) = self.with_common(module, patch, pre, numbers);
        Neurons { numbers, positions, pre, whole }
    }

    /// Selects by the gate that the model computes from a part of its input.
    fn by_own_gate(&self, module: &Module, patch: &mut Patch) -> Neurons {
        let func = &module.funcs[self.func];
        let gate = &self.ups[self.site.gate];
        let dense = patch.tap(func, product(func, gate));
        let scores = self.rows_of(patch, dense, gate.site.side);
        let compared = self.compared(module, patch, scores, None);
        let positions = gate.positions(module, patch, compared, self.plan.k_prime, self.plan.two_stage);
        let exact = |patch: &mut Patch, (index, up): (usize, &Rewrite<'_>)| {
            if index == self.site.gate {
                return patch.builder().take_along(scores, positions, 1);
            }
            let hidden = up.hidden_rows(func, patch);
            let table = up.table(func, patch);
            let operands = Predicted { hidden, table, scores, errors: None, finer: Vec::new(), selected: None };
            up.exact(module, patch, &operands, positions)
        };
        let pre = self.ups.iter().enumerate().map(|up| exact(patch, up)).collect();
        Neurons { numbers: positions, positions, pre, whole: Some(dense) }
    }

    /// A product's result as [B, F].
    fn rows_of(&self, patch: &mut Patch, dense: ValueId, side: Side) -> ValueId {
        let (rows, neurons) = (self.site.rows(), self.site.neurons());
        let mut b = patch.builder();
        match side {
            Side::Rhs => b.reshape(dense, &[rows, neurons]),
            Side::Lhs => {
                let by_neurons = b.reshape(dense, &[neurons, rows]);
                b.transpose(by_neurons, &[1, 0])
            }
        }
    }

    /// What selections compare: the gate's scores [B, n] after its bias, and what else the model ranks by.
    fn compared(&self, module: &Module, patch: &mut Patch, scores: ValueId, positions: Option<ValueId>) -> ValueId {
        let gate = &self.ups[self.site.gate];
        let biased = match (self.site.key, positions) {
            (Key::Groups, None) => {
                let of_groups = self.group_scores(module, patch, scores);
                return self.across_rows(patch, of_groups);
            }
            _ if self.site.prelude.is_empty() => scores,
            _ => {
                let numbers = self.numbers(patch, positions);
                gate.scores_after(module, patch, &self.site.prelude, scores, numbers)
            }
        };
        let key = match self.site.key {
            Key::Magnitude => patch.builder().elementwise(hire_compiler::ir::Opcode::Abs, &[biased]),
            Key::Value | Key::Groups => biased,
        };
        self.across_rows(patch, key)
    }

    /// For each neuron [B, F], the number of its group that the model's group top-k compares.
    fn group_scores(&self, module: &Module, patch: &mut Patch, scores: ValueId) -> ValueId {
        let func = &module.funcs[self.func];
        let gate = &self.ups[self.site.gate];
        let (until, ..) = self.site.cone.top_k().expect("a group top-k was found");
        let dense = product(func, gate);
        let element = func.value_type(dense).as_tensor().expect("a product is a tensor").element.clone();
        let scores = patch.builder().convert(scores, element);
        let mut walk = Walk::new(func, &self.site.cone, self.site.neurons());
        let rows = gate.as_logits(module, patch, scores);
        walk.whole.insert(dense, rows);
        for up in &self.ups {
            if up.site.dot != gate.site.dot {
                let other = product(func, up);
                let ty = func.value_type(other).as_tensor().expect("a product is a tensor").clone();
                let sizes = ty.sizes().expect("the matcher admits only static shapes");
                let ones = patch.builder().splat(&sizes, ty.element.clone(), 1.0);
                walk.whole.insert(other, ones);
            }
        }
        let ranked = walk.run_whole(patch, until);
        let group = self.site.cone.group();
        let (batch, neurons) = (self.site.rows(), self.site.neurons());
        let mut b = patch.builder();
        let ranked = b.reshape(ranked, &[batch, neurons / group]);
        let spread = b.broadcast(ranked, &[0, 1], &[batch, neurons / group, group]);
        b.reshape(spread, &[batch, neurons])
    }

    /// Combines the rows' keys where the plan has one selection for all.
    fn across_rows(&self, patch: &mut Patch, key: ValueId) -> ValueId {
        let mut b = patch.builder();
        let sizes = b.sizes(key);
        let element = b.element(key);
        let combined = match self.plan.selection {
            _ if sizes[0] == 1 => return key,
            Selection::PerRow => return key,
            Selection::Shared => {
                let zero = b.splat(&[], element, 0.0);
                b.reduce(key, zero, 0, hire_compiler::ir::Opcode::Add)
            }
            Selection::Union => {
                let own = (self.plan.k_prime / sizes[0]).max(1);
                let (best, _) = b.top_k(key, own);
                let last = decompose::slice(&mut b, best, &[0, own - 1], &[sizes[0], own]);
                let last = b.reshape(last, &[sizes[0]]);
                let least = b.broadcast(last, &[0], &sizes);
                let above = b.elementwise(hire_compiler::ir::Opcode::Subtract, &[key, least]);
                let lowest = b.splat(&[], element, f64::NEG_INFINITY);
                b.reduce(above, lowest, 0, hire_compiler::ir::Opcode::Maximum)
            }
        };
        b.broadcast(combined, &[1], &sizes)
    }

    /// What the second product takes of so many `neurons`, as [B, n].
    fn by_rows(&self, patch: &mut Patch, value: ValueId, neurons: u64) -> ValueId {
        let dim = match self.site.cone.axes[&self.site.down.hidden] {
            Axis::Flat { dim } => dim,
            _ => unreachable!("the finder wants the neurons in one dimension"),
        };
        let mut b = patch.builder();
        let rank = b.sizes(value).len();
        let order: Vec<i64> = (0..rank).filter(|&d| d != dim).chain([dim]).map(|d| d as i64).collect();
        let moved = if dim + 1 == rank { value } else { b.transpose(value, &order) };
        b.reshape(moved, &[self.site.rows(), neurons])
    }

    /// The second product, in the shape of the dense one. The rows of its matrix are at `selected`, or at the numbers
    /// of the neurons where none is common.
    fn project(&self, module: &Module, patch: &mut Patch, activation: Narrow, selected: Option<ValueId>) -> ValueId {
        let func = &module.funcs[self.func];
        let values = self.by_rows(patch, activation.value, self.computed());
        let positions = match selected {
            Some(positions) => positions,
            None => {
                let positions = activation.positions.expect("the finder wants the positions of activations");
                self.by_rows(patch, positions, self.computed())
            }
        };
        let (common, values) = self.common_sum(module, patch, values);
        let table = self.down.table(func, patch);
        let operands =
            Predicted { hidden: values, table, scores: values, errors: None, finer: Vec::new(), selected: None };
        let form = self.down.exact_form(module, patch, &operands);
        let decomposition = match self.down.forms {
            Forms::Tpu => tpu::scatter_dot("hire.scatter_dot", &form),
            Forms::Xla => decompose::accumulated_scatter_dot("hire.scatter_dot", &form),
            Forms::Plain => decompose::scatter_dot("hire.scatter_dot", &form),
        };
        let symbol = patch.add_func(module, decomposition.clone());
        let attrs: Vec<(&'static str, Attr)> = self.down.group_attr().into_iter().collect();
        let operands = [values, table, positions];
        let y = composite(&mut patch.builder(), "hire.scatter_dot", &operands, &attrs, &symbol, &decomposition)[0];
        let y = match common {
            Some(common) => patch.builder().elementwise(hire_compiler::ir::Opcode::Add, &[common, y]),
            None => y,
        };
        self.down.as_logits(module, patch, y)
    }
}

/// The result of a product.
fn product(func: &Func, of: &Rewrite<'_>) -> ValueId {
    func.ops[of.site.dot].result().expect("a product has one result")
}
