//! The common path: neurons that nearly every token needs are computed for every token, from a block of their own.
//!
//! `@prepare` puts their rows of W1 (and Wg) and W2 into matrices apart, the most active first, and the predictor knows
//! only the other neurons. A layer with c common neurons of F is
//!
//! ```text
//! z = [ x W1c , hire.gather_dot(x, W1r, p) ]      p = hire.select of the F - c others
//! a = activation(z)                               of c + (k' - c) neurons
//! y = a[:c] W2c + hire.scatter_dot(a[c:], W2r, p)
//! ```
//!
//! With all others selected it is the dense layer, but for the order of the second product's sum.

use hire_compiler::ir::{DenseElements, ElementType, Module, TensorType, ValueId};
use hire_compiler::rewrite::Patch;

use super::find::{FfnSite, Key};
use super::rewrite::FfnRewrite;
use crate::hire::decompose::{self, slice};
use crate::hire::emit::Emit;
use crate::hire::plan::SitePlan;
use crate::hire::rewrite::Prepared;
use hire_compiler::ir::{AttrMap, Builder};

/// The `count` neurons that are active most often, the lower of equals, in increasing order.
pub fn most_active(activity: &[f32], count: usize) -> Vec<u32> {
    let mut neurons: Vec<u32> = (0..activity.len() as u32).collect();
    neurons.sort_by(|&a, &b| activity[b as usize].total_cmp(&activity[a as usize]).then(a.cmp(&b)));
    neurons.truncate(count);
    neurons.sort_unstable();
    neurons
}

/// Which neurons are common, and which are left to select among; both in increasing order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parting {
    pub common: Vec<u32>,
    pub others: Vec<u32>,
}

impl Parting {
    /// The `count` most active neurons apart from the others.
    pub(super) fn of(activity: &[f32], count: u64) -> Parting {
        let common = most_active(activity, count as usize);
        let others = (0..activity.len() as u32).filter(|n| common.binary_search(n).is_err()).collect();
        Parting { common, others }
    }

    /// The layer and the plan without the common neurons.
    pub(super) fn remainder(&self, site: &FfnSite, plan: &SitePlan) -> (FfnSite, SitePlan) {
        let (mut site, others) = (site.clone(), self.others.len() as u64);
        site.ups.iter_mut().chain([&mut site.down]).for_each(|product| product.vocabulary = others);
        let selected = plan.k_prime - self.common.len() as u64;
        (site, SitePlan { k_prime: selected, common: 0, ..plan.clone() })
    }
}

/// Why a layer cannot have common neurons; `None` when it can.
pub(super) fn refusal(site: &FfnSite) -> Option<&'static str> {
    match () {
        () if site.gate_predicts => Some("the model predicts by itself which neurons are active"),
        () if !site.cone.whole.is_empty() => Some("its threshold is computed from all neurons"),
        () if site.key == Key::Groups => Some("the model keeps whole groups of neurons"),
        () => None,
    }
}

/// The common path of a rewrite.
pub(crate) struct CommonPath {
    pub(super) parting: Parting,
    /// The common rows of each product that makes pre-activations, [c, d].
    pub(super) ups: Vec<Prepared>,
    /// The common rows of the second product, [c, d].
    pub(super) down: Prepared,
}

impl CommonPath {
    /// c.
    pub(super) fn count(&self) -> u64 {
        self.parting.common.len() as u64
    }
}

/// Numbers of neurons as a constant, [n] i32.
pub(super) fn indices(b: &mut Builder<'_>, neurons: &[u32]) -> ValueId {
    let bytes: Vec<u8> = neurons.iter().flat_map(|&n| (n as i32).to_le_bytes()).collect();
    b.constant(DenseElements::new(TensorType::new(&[neurons.len() as u64], ElementType::I32), bytes))
}

impl FfnRewrite<'_> {
    /// The model's numbers of the neurons at `positions` [B, n] among those that are selected among; of all, without.
    pub(super) fn numbers(&self, patch: &mut Patch, positions: Option<ValueId>) -> Option<ValueId> {
        let Some(path) = &self.common else { return positions };
        let mut b = patch.builder();
        let others = indices(&mut b, &path.parting.others);
        Some(match positions {
            Some(positions) => b.take(others, positions),
            None => b.broadcast(others, &[1], &[self.site.rows(), path.parting.others.len() as u64]),
        })
    }

    /// Puts the common neurons before selected ones: their pre-activations [B, c] before each of `pre` [B, n], their
    /// numbers before `numbers`.
    pub(super) fn with_common(
        &self,
        module: &Module,
        patch: &mut Patch,
        pre: Vec<ValueId>,
        numbers: ValueId,
    ) -> (Vec<ValueId>, ValueId) {
        let Some(path) = &self.common else { return (pre, numbers) };
        let func = &module.funcs[self.func];
        let joined = pre.into_iter().zip(self.ups.iter().zip(&path.ups)).map(|(selected, (up, rows))| {
            let hidden = up.hidden_rows(func, patch);
            let rows = patch.add_parameter(rows.ty.clone(), AttrMap::new(), rows.loc);
            let form = up.form_of(module, patch, (hidden, rows));
            let mut b = patch.builder();
            let common = decompose::block_dot(&mut b, hidden, rows, &form);
            b.concatenate(&[common, selected], 1)
        });
        let pre: Vec<ValueId> = joined.collect();
        let mut b = patch.builder();
        let common = indices(&mut b, &path.parting.common);
        let common = b.broadcast(common, &[1], &[self.site.rows(), path.count()]);
        (pre, b.concatenate(&[common, numbers], 1))
    }

    /// Parts activations [B, c + n] into what the common rows of the second product make of the first c, [B, d], and
    /// the others.
    pub(super) fn common_sum(&self, module: &Module, patch: &mut Patch, values: ValueId) -> (Option<ValueId>, ValueId) {
        let Some(path) = &self.common else { return (None, values) };
        let rows = patch.add_parameter(path.down.ty.clone(), AttrMap::new(), path.down.loc);
        let (batch, c) = (self.site.rows(), path.count());
        let mut b = patch.builder();
        let all = b.sizes(values)[1];
        let common = slice(&mut b, values, &[0, 0], &[batch, c]);
        let others = slice(&mut b, values, &[0, c], &[batch, all]);
        let form = self.down.form_of(module, patch, (common, rows));
        let sum = decompose::block_sum(&mut patch.builder(), common, rows, &form);
        (Some(sum), others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_active_are_common_and_ties_go_to_the_lower() {
        let parting = Parting::of(&[0.5, 1.0, 0.5, 0.9, 0.5], 3);
        assert_eq!(parting, Parting { common: vec![0, 1, 3], others: vec![2, 4] });
        assert_eq!(most_active(&[0.5, 1.0], 9), [0, 1]);
    }
}
