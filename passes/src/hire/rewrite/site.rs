//! The rewrite of one site: a patch that predicts before the product, and one for each outlet.

use hire_compiler::ir::{Attr, AttrMap, Func, FuncId, LocId, Module, TensorType, Type, ValueId};
use hire_compiler::rewrite::{Editor, Patch, PatchError};

use super::cascade::{Predicted, Selected};
use super::composite::composite;
use super::narrow::{self, Logits};
use super::outlet;
use super::statistics::{self, Counts};
use crate::hire::decompose::{self, GatherDot, slice, swapped};
use crate::hire::emit::Emit;
use crate::hire::find::{LogitsSite, Outlet, Side, Step, WeightPath};
use crate::hire::pass::Forms;
use crate::hire::plan::{Selection, SitePlan};

/// A tensor that `@prepare` makes and the rewritten program reads: the name and type of a new
/// parameter.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// Its location, which carries its name.
    pub loc: LocId,
    /// Its type.
    pub ty: Type,
    /// The value of `@prepare` that it is.
    pub value: ValueId,
}

/// What is known of a rewrite before it starts.
pub(crate) struct Rewrite<'a> {
    /// The entry function.
    pub func: FuncId,
    /// The site.
    pub site: &'a LogitsSite,
    /// What to do with it.
    pub plan: SitePlan,
    /// The tensors of each scorer, coarse to fine.
    pub scorers: Vec<Vec<Prepared>>,
    /// What dense logits may exceed scores by, where the site is to be exact.
    pub errors: Option<Prepared>,
    /// The rows of W, where `@prepare` makes them.
    pub rows: Option<Prepared>,
    /// Whether an exact site's candidates and fallbacks become results of the entry function.
    pub statistics: bool,
    /// Whose forms it is computed in.
    pub forms: Forms,
    /// Whether positions must be increasing, because the first of equal values counts.
    pub ordered: bool,
}

impl Rewrite<'_> {
    /// Rewrites the site.
    ///
    /// # Errors
    /// When a patch is refused, which is a mistake of this pass.
    pub(crate) fn apply(&self, module: &mut Module) -> Result<(), PatchError> {
        let mut patch = Patch::before(self.site.dot);
        let predicted = self.predict(module, &mut patch);
        let applied = Editor::new(module, self.func).apply(&patch)?;
        let predicted = predicted.map(|value| applied.value(value).expect("a patch places all its values"));
        let mut statistics = Vec::new();
        for outlet in &self.site.outlets {
            let mut patch = Patch::before(outlet.op);
            let counts = self.replace_outlet(module, &mut patch, outlet, &predicted);
            let applied = Editor::new(module, self.func).apply(&patch)?;
            let counts = counts.map(|counts| counts.map(|value| applied.value(value).expect("placed as all values")));
            statistics.extend(counts);
        }
        statistics::add_results(&mut module.funcs[self.func], &self.site.name, &statistics);
        Ok(())
    }

    /// Scores, and where bare scores decide, positions and exact products; fills logits that are
    /// used whole.
    fn predict(&self, module: &Module, patch: &mut Patch) -> Predicted {
        let mut predicted = self.score(module, patch);
        if self.site.used_whole || self.site.outlets.iter().any(Outlet::keeps_order) {
            predicted.selected = Some(self.select(module, patch, &predicted, None));
        }
        if let (true, Some(selected)) = (self.site.used_whole, &predicted.selected) {
            let filled = self.filled(module, patch, predicted.scores, selected);
            let result = module.funcs[self.func].ops[self.site.dot].result().expect("a product has one result");
            patch.replace(result, filled);
        }
        predicted
    }

    /// The matrix [V, d] (or by groups, [V / g, g, d]) whose rows are gathered.
    pub(in crate::hire) fn table(&self, func: &Func, patch: &mut Patch) -> ValueId {
        match (&self.rows, &self.site.weight) {
            (None, WeightPath::Rows { parameter, .. }) => patch.tap(func, *parameter),
            (Some(rows), _) => patch.add_parameter(rows.ty.clone(), AttrMap::new(), rows.loc),
            (None, WeightPath::Computed { .. }) => unreachable!("computed rows are always prepared"),
        }
    }

    /// Scores of all rows, and what finer scorers and exact products need.
    pub(in crate::hire) fn score(&self, module: &Module, patch: &mut Patch) -> Predicted {
        let func = &module.funcs[self.func];
        let hidden = self.hidden_rows(func, patch);
        let table = self.table(func, patch);
        let mut tensors = self.scorers.iter().map(|tensors| {
            let tensors = tensors.iter();
            tensors.map(|p| patch.add_parameter(p.ty.clone(), AttrMap::new(), p.loc)).collect::<Vec<_>>()
        });
        let first = tensors.next().expect("a predictor has a first scorer");
        let finer = tensors.collect();
        let scores = self.score_all(module, patch, hidden, &first);
        let errors = self.errors.as_ref().map(|p| patch.add_parameter(p.ty.clone(), AttrMap::new(), p.loc));
        Predicted { hidden, table, scores, errors, finer, selected: None }
    }

    /// h with the contracted dimension last and all others flattened: [B, d].
    pub(in crate::hire) fn hidden_rows(&self, func: &Func, patch: &mut Patch) -> ValueId {
        let hidden = patch.tap(func, self.site.hidden);
        let mut b = patch.builder();
        let rank = b.sizes(hidden).len() as i64;
        let contracted = self.site.hidden_dim as i64;
        let moved = if contracted == rank - 1 {
            hidden
        } else {
            let order: Vec<i64> = (0..rank).filter(|&d| d != contracted).chain([contracted]).collect();
            b.transpose(hidden, &order)
        };
        b.reshape(moved, &[self.site.rows, self.site.d])
    }

    /// The arithmetic of the dense product.
    pub(in crate::hire) fn exact_form(&self, module: &Module, patch: &mut Patch, predicted: &Predicted) -> GatherDot {
        self.form_of(module, patch, (predicted.hidden, predicted.table))
    }

    /// The same for vectors and a matrix of other sizes.
    pub(in crate::hire) fn form_of(
        &self,
        module: &Module,
        patch: &mut Patch,
        (hidden, table): (ValueId, ValueId),
    ) -> GatherDot {
        let func = &module.funcs[self.func];
        let dot = &func.ops[self.site.dot];
        let converts = match &self.site.weight {
            WeightPath::Rows { converts, .. } => converts.as_slice(),
            WeightPath::Computed { .. } => &[],
        };
        let element = |op: &hire_compiler::ir::OpId| {
            let result = func.ops[*op].result().expect("a conversion has one result");
            func.value_type(result).as_tensor().expect("a conversion makes a tensor").element.clone()
        };
        let precision = match dot.attr("precision_config") {
            Some(Attr::Array(cases)) => match cases.as_slice() {
                [lhs, rhs] => lhs.as_enum().zip(rhs.as_enum()),
                _ => None,
            },
            _ => None,
        };
        let result = dot.result().expect("a product has one result");
        let b = patch.builder();
        GatherDot {
            hidden: b.tensor_type(hidden).clone(),
            table: b.tensor_type(table).clone(),
            converts: converts.iter().map(element).collect(),
            k_prime: self.plan.k_prime,
            group: self.plan.group,
            shared: self.plan.selection != Selection::PerRow,
            element: func.value_type(result).as_tensor().expect("a product is a tensor").element.clone(),
            precision: precision.map(|(lhs, rhs)| match self.site.side {
                Side::Rhs => (rhs, lhs),
                Side::Lhs => (lhs, rhs),
            }),
            algorithm: dot.attr("algorithm").map(|a| self.oriented(a)),
        }
    }

    /// The dense product's algorithm with the matrix on the left.
    fn oriented(&self, algorithm: &Attr) -> Attr {
        if self.site.side == Side::Rhs { swapped(algorithm) } else { algorithm.clone() }
    }

    /// What takes the place of the dense product: the scores, with finer scores and the exact products put in.
    pub(in crate::hire) fn filled(
        &self,
        module: &Module,
        patch: &mut Patch,
        scores: ValueId,
        selected: &Selected,
    ) -> ValueId {
        let mut filled = scores;
        for &(positions, better) in selected.rescored.iter().chain([&(selected.positions, selected.exact)]) {
            let (scores_type, better_type) = {
                let b = patch.builder();
                (b.tensor_type(filled).clone(), b.tensor_type(better).clone())
            };
            let decomposition = decompose::fill("hire.fill", &scores_type, &better_type);
            let symbol = patch.add_func(module, decomposition.clone());
            let operands = [filled, positions, better];
            filled = composite(&mut patch.builder(), "hire.fill", &operands, &[], &symbol, &decomposition)[0];
        }
        self.as_logits(module, patch, filled)
    }

    /// Replaces an outlet by the selection among exactly computed entries. Of an exact site gives what the certificate
    /// saw, where that is wanted.
    fn replace_outlet(
        &self,
        module: &Module,
        patch: &mut Patch,
        outlet: &Outlet,
        predicted: &Predicted,
    ) -> Option<Counts> {
        let func = &module.funcs[self.func];
        let selected = match predicted.selected.as_ref().filter(|_| outlet.keeps_order()) {
            Some(s) => Selected {
                positions: patch.tap(func, s.positions),
                exact: patch.tap(func, s.exact),
                bounds: s.bounds.map(|bounds| bounds.map(|value| patch.tap(func, value))),
                rescored: Vec::new(),
            },
            None => {
                let tapped = predicted.map(|value| patch.tap(func, value));
                self.select(module, patch, &tapped, Some(outlet))
            }
        };
        let logits = Logits {
            values: self.as_logits(module, patch, selected.exact),
            positions: Some(self.as_logits(module, patch, selected.positions)),
            dim: self.vocabulary_dim(func),
        };
        let logits = narrow::repeat(func, patch, &outlet.steps, logits);
        let mut results = outlet::select(func, patch, outlet, logits);
        let mut counts = None;
        if let Some(bounds) = selected.bounds {
            let zero = slice(&mut patch.builder(), selected.positions, &[0, 0], &[self.site.rows, 1]);
            let beyond = Logits {
                values: self.as_logits(module, patch, bounds.beyond),
                positions: Some(self.as_logits(module, patch, zero)),
                dim: self.vocabulary_dim(func),
            };
            let certificate = self.certificate(func, patch, outlet, results[0], beyond);
            counts = self.statistics.then(|| self.counts(module, patch, outlet, bounds.all, certificate));
            results = self.certified(func, patch, outlet, &results, certificate.holds);
        }
        for (&result, replacement) in func.ops[outlet.op].results.iter().zip(results) {
            patch.replace(result, replacement);
        }
        counts
    }

    /// Scores [B, V], or [B, n] at `positions` [B, n], after the steps of an epilogue.
    pub(in crate::hire) fn scores_after(
        &self,
        module: &Module,
        patch: &mut Patch,
        steps: &[Step],
        scores: ValueId,
        positions: Option<ValueId>,
    ) -> ValueId {
        let func = &module.funcs[self.func];
        let dot = func.ops[self.site.dot].result().expect("a product has one result");
        let element = func.value_type(dot).as_tensor().expect("a product is a tensor").element.clone();
        let scores = patch.builder().convert(scores, element);
        let count = patch.builder().sizes(scores)[1];
        let before = Logits {
            values: self.as_logits(module, patch, scores),
            positions: positions.map(|positions| self.as_logits(module, patch, positions)),
            dim: self.vocabulary_dim(func),
        };
        let after = narrow::repeat(func, patch, steps, before);
        let mut b = patch.builder();
        let rank = b.sizes(after.values).len();
        let order: Vec<i64> = (0..rank).filter(|&d| d != after.dim).chain([after.dim]).map(|d| d as i64).collect();
        let moved = if after.dim + 1 == rank { after.values } else { b.transpose(after.values, &order) };
        b.reshape(moved, &[self.site.rows, count])
    }

    /// A matrix [B, n] in the shape of the dense logits with n in place of V.
    pub(in crate::hire) fn as_logits(&self, module: &Module, patch: &mut Patch, matrix: ValueId) -> ValueId {
        let func = &module.funcs[self.func];
        let result = func.ops[self.site.dot].result().expect("a product has one result");
        let shape: &TensorType = func.value_type(result).as_tensor().expect("a product is a tensor");
        let mut b = patch.builder();
        let n = b.sizes(matrix)[1];
        let sizes = narrow::with_size(shape, self.vocabulary_dim(func), n);
        let sizes = sizes.sizes().expect("the matcher admits only static shapes");
        let ordered = if self.site.side == Side::Lhs { b.transpose(matrix, &[1, 0]) } else { matrix };
        b.reshape(ordered, &sizes)
    }

    /// The vocabulary dimension of the dense logits.
    pub(in crate::hire) fn vocabulary_dim(&self, func: &Func) -> usize {
        let result = func.ops[self.site.dot].result().expect("a product has one result");
        let rank = func.value_type(result).as_tensor().and_then(|t| t.rank()).unwrap_or(1);
        if self.site.side == Side::Lhs { 0 } else { rank - 1 }
    }
}
