//! Predict, select, score the survivors again, select among them, compute exactly.

use hire_compiler::ir::{Attr, Module, ValueId};
use hire_compiler::rewrite::Patch;

use super::composite::composite;
use super::site::Rewrite;
use crate::hire::decompose::{self, Survivors, tpu};
use crate::hire::emit::Emit;
use crate::hire::find::Outlet;
use crate::hire::pass::Forms;
use crate::hire::predictor::Scorer;
use crate::hire::recall::TwoStage;

/// What the first patch leaves for the others: values of the entry function.
#[derive(Clone, Debug)]
pub(in crate::hire) struct Predicted {
    /// h, [B, d].
    pub hidden: ValueId,
    /// W, [V, d].
    pub table: ValueId,
    /// Scores [B, V].
    pub scores: ValueId,
    /// How far dense logits may exceed scores, over `||h||`, [V]; for exact sites.
    pub errors: Option<ValueId>,
    /// The tensors of each finer scorer.
    pub finer: Vec<Vec<ValueId>>,
    /// The selection by bare scores.
    pub selected: Option<Selected>,
}

impl Predicted {
    /// The same values, seen by another function.
    pub(super) fn map(&self, mut see: impl FnMut(ValueId) -> ValueId) -> Predicted {
        Predicted {
            hidden: see(self.hidden),
            table: see(self.table),
            scores: see(self.scores),
            errors: self.errors.map(&mut see),
            finer: self.finer.iter().map(|tensors| tensors.iter().map(|&t| see(t)).collect()).collect(),
            selected: self.selected.as_ref().map(|selected| Selected {
                positions: see(selected.positions),
                exact: see(selected.exact),
                bounds: selected.bounds.map(|bounds| bounds.map(&mut see)),
                rescored: Vec::new(),
            }),
        }
    }
}

/// Selected positions [B, k'] and their exact products [B, k'].
#[derive(Clone, Debug)]
pub(in crate::hire) struct Selected {
    pub positions: ValueId,
    pub exact: ValueId,
    /// Of exact sites.
    pub bounds: Option<Bounds>,
    /// Positions and scores [B, n] of the survivors of each finer scorer.
    pub rescored: Vec<(ValueId, ValueId)>,
}

/// What exact products are known not to exceed.
#[derive(Clone, Copy, Debug)]
pub(in crate::hire) struct Bounds {
    /// Upper bounds on all products, [B, V].
    pub all: ValueId,
    /// An upper bound on those that were not selected, [B, 1].
    pub beyond: ValueId,
}

impl Bounds {
    /// The same values, seen by another function.
    pub(super) fn map(self, mut see: impl FnMut(ValueId) -> ValueId) -> Bounds {
        Bounds { all: see(self.all), beyond: see(self.beyond) }
    }
}

impl Rewrite<'_> {
    /// Scores [B, V] by the first scorer.
    pub(super) fn score_all(
        &self,
        module: &Module,
        patch: &mut Patch,
        hidden: ValueId,
        tensors: &[ValueId],
    ) -> ValueId {
        let scorer = self.plan.predictor.first();
        let hidden_type = patch.builder().tensor_type(hidden).clone();
        let name = format!("hire.predict.{}", scorer.identifier());
        let (vocabulary, d) = (self.site.vocabulary, self.site.d);
        let decomposition = match self.forms {
            Forms::Tpu => tpu::predict(&name, scorer, &hidden_type, vocabulary, d, self.plan.group),
            Forms::Plain | Forms::Xla => decompose::predict(&name, scorer, &hidden_type, vocabulary, d),
        };
        let operands: Vec<ValueId> = std::iter::once(hidden).chain(tensors.iter().copied()).collect();
        let symbol = patch.add_func(module, decomposition.clone());
        let attrs = self.scorer_attrs(scorer);
        composite(&mut patch.builder(), "hire.predict", &operands, &attrs, &symbol, &decomposition)[0]
    }

    /// Scores [B, n] of survivors by a finer scorer.
    fn rescore(
        &self,
        module: &Module,
        patch: &mut Patch,
        scorer: Scorer,
        (hidden, positions): (ValueId, ValueId),
        tensors: &[ValueId],
    ) -> ValueId {
        let (hidden_type, count) = {
            let b = patch.builder();
            (b.tensor_type(hidden).clone(), b.sizes(positions)[1])
        };
        let survivors = Survivors { vocabulary: self.site.vocabulary, count, group: self.plan.group };
        let name = format!("hire.rescore.{}", scorer.identifier());
        let decomposition = decompose::rescore(&name, scorer, &hidden_type, survivors);
        let operands: Vec<ValueId> = [hidden, positions].into_iter().chain(tensors.iter().copied()).collect();
        let symbol = patch.add_func(module, decomposition.clone());
        let mut attrs = self.scorer_attrs(scorer);
        attrs.extend(self.group_attr());
        composite(&mut patch.builder(), "hire.rescore", &operands, &attrs, &symbol, &decomposition)[0]
    }

    fn scorer_attrs(&self, scorer: Scorer) -> Vec<(&'static str, Attr)> {
        vec![("predictor", Attr::string(scorer.to_string())), ("site", Attr::string(&*self.site.name))]
    }

    /// The size of groups, where it is not 1.
    pub(in crate::hire) fn group_attr(&self) -> Option<(&'static str, Attr)> {
        (self.plan.group > 1).then(|| ("group", Attr::i64(self.plan.group as i64)))
    }

    /// Selects by the scores, as they are or after an outlet's epilogue; scores survivors again;
    /// computes what remains exactly.
    pub(super) fn select(
        &self,
        module: &Module,
        patch: &mut Patch,
        predicted: &Predicted,
        outlet: Option<&Outlet>,
    ) -> Selected {
        let mut compared = |patch: &mut Patch, scores, positions| match outlet {
            Some(outlet) => self.scores_after(module, patch, &outlet.steps, scores, positions),
            None => scores,
        };
        if let Some((positions, bounds)) = self.bounded(module, patch, predicted) {
            let exact = self.exact(module, patch, predicted, positions);
            return Selected { positions, exact, bounds: Some(bounds), rescored: Vec::new() };
        }
        let (positions, rescored) = self.select_by(module, patch, predicted, &mut compared);
        let exact = self.exact(module, patch, predicted, positions);
        Selected { positions, exact, bounds: None, rescored }
    }

    /// Selects by what `compared` makes of scores [B, n], at positions where not all are scored; scores
    /// survivors again. Gives positions [B, k'], and positions and scores of the survivors of each finer scorer.
    pub(in crate::hire) fn select_by(
        &self,
        module: &Module,
        patch: &mut Patch,
        predicted: &Predicted,
        compared: &mut dyn FnMut(&mut Patch, ValueId, Option<ValueId>) -> ValueId,
    ) -> (ValueId, Vec<(ValueId, ValueId)>) {
        let counts = self.plan.selections();
        let scores = compared(patch, predicted.scores, None);
        let mut positions = self.positions(module, patch, scores, counts[0], self.plan.two_stage);
        let mut rescored = Vec::new();
        for ((&scorer, tensors), &count) in self.plan.predictor.finer().iter().zip(&predicted.finer).zip(&counts[1..]) {
            let finer = self.rescore(module, patch, scorer, (predicted.hidden, positions), tensors);
            rescored.push((positions, finer));
            let scores = compared(patch, finer, Some(positions));
            let places = self.positions(module, patch, scores, count, None);
            positions = patch.builder().take_along(positions, places, 1);
        }
        (positions, rescored)
    }

    /// Positions by upper bounds, and these, where an exact site leaves any out.
    fn bounded(&self, module: &Module, patch: &mut Patch, predicted: &Predicted) -> Option<(ValueId, Bounds)> {
        let k_prime = self.plan.k_prime;
        let errors = predicted.errors.filter(|_| k_prime < self.site.vocabulary)?;
        let (hidden_type, scores_type) = {
            let b = patch.builder();
            (b.tensor_type(predicted.hidden).clone(), b.tensor_type(predicted.scores).clone())
        };
        let decomposition = decompose::upper_bounds("hire.upper_bounds", &hidden_type, &scores_type);
        let symbol = patch.add_func(module, decomposition.clone());
        let operands = [predicted.hidden, predicted.scores, errors];
        let bounds = composite(&mut patch.builder(), "hire.upper_bounds", &operands, &[], &symbol, &decomposition)[0];
        let decomposition = decompose::select_bounded("hire.select_bounded", &scores_type, k_prime, self.plan.group);
        let symbol = patch.add_func(module, decomposition.clone());
        let attrs: Vec<_> = [("k_prime", Attr::i64(k_prime as i64))].into_iter().chain(self.group_attr()).collect();
        let selected =
            composite(&mut patch.builder(), "hire.select_bounded", &[bounds], &attrs, &symbol, &decomposition);
        Some((selected[0], Bounds { all: bounds, beyond: selected[1] }))
    }

    /// The places of the `count` best of `scores` [B, N], in whole groups; in `stages`, where they leave any out.
    pub(in crate::hire) fn positions(
        &self,
        module: &Module,
        patch: &mut Patch,
        scores: ValueId,
        count: u64,
        stages: Option<TwoStage>,
    ) -> ValueId {
        let (scores_type, entries) = {
            let b = patch.builder();
            (b.tensor_type(scores).clone(), b.sizes(scores)[1])
        };
        let group = self.plan.group;
        let stages = stages.filter(|stages| stages.survivors() < entries / group);
        let decomposition = match stages {
            Some(stages) => decompose::select_two_stage("hire.select", &scores_type, count, group, stages),
            None if self.forms == Forms::Tpu => tpu::select("hire.select", &scores_type, count, group, self.ordered),
            None => decompose::select("hire.select", &scores_type, count, group),
        };
        let symbol = patch.add_func(module, decomposition.clone());
        let mut attrs: Vec<_> = [("k_prime", Attr::i64(count as i64))].into_iter().chain(self.group_attr()).collect();
        if let Some(TwoStage { buckets, per_bucket }) = stages {
            attrs.extend([("buckets", Attr::i64(buckets as i64)), ("per_bucket", Attr::i64(per_bucket as i64))]);
        }
        composite(&mut patch.builder(), "hire.select", &[scores], &attrs, &symbol, &decomposition)[0]
    }

    /// The exact products at `positions`.
    pub(in crate::hire) fn exact(
        &self,
        module: &Module,
        patch: &mut Patch,
        predicted: &Predicted,
        positions: ValueId,
    ) -> ValueId {
        let form = self.exact_form(module, patch, predicted);
        let decomposition = match self.forms {
            Forms::Tpu => tpu::gather_dot("hire.gather_dot", &form),
            Forms::Plain | Forms::Xla => decompose::gather_dot("hire.gather_dot", &form),
        };
        let symbol = patch.add_func(module, decomposition.clone());
        let operands = [predicted.hidden, predicted.table, positions];
        let attrs: Vec<_> = self.group_attr().into_iter().collect();
        composite(&mut patch.builder(), "hire.gather_dot", &operands, &attrs, &symbol, &decomposition)[0]
    }
}
