//! What `@prepare` makes for a feed-forward layer: scorers of the gate, and rows by neurons, whole groups together.

use hire_compiler::ir::{FuncId, Module, ValueId};

use super::find::FfnSite;
use super::rewrite::FfnRewrite;
use crate::hire::emit::Emit;
use crate::hire::find::{LogitsSite, WeightPath};
use crate::hire::pass::{Forms, declare, prepare_scorers, weight_rows};
use crate::hire::plan::SitePlan;
use crate::hire::prepare::{LowRankFactor, Prepare};
use crate::hire::rewrite::{Prepared, Rewrite};
use crate::signature::Signature;

/// Where a layer is, and what its arguments are.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub entry: FuncId,
    pub signature: &'a Signature,
}

/// Adds to `@prepare` what the layer reads, and describes the rewrite.
pub(super) fn prepare_layer<'s>(
    module: &mut Module,
    place: Place<'_>,
    site: &'s FfnSite,
    (plan, forms): (&'s SitePlan, Forms),
    factors: &[Option<LowRankFactor>],
    prepare: &mut Prepare,
) -> FfnRewrite<'s> {
    let mut ups = Vec::new();
    for (index, up) in site.ups.iter().enumerate() {
        let is_gate = index == site.gate;
        let scorers = if is_gate && !site.gate_predicts {
            let rows = weight_rows(&module.funcs[place.entry], place.signature, up, prepare);
            prepare_scorers(module, up, (plan, forms), factors, rows, prepare)
        } else {
            Vec::new()
        };
        let rows = match is_gate && site.gate_predicts {
            true => None,
            false => rows_by_neuron(module, place, up, &format!("up{index}.rows"), plan.group, prepare),
        };
        let plan = plan.clone();
        ups.push(Rewrite {
            func: place.entry,
            site: up,
            plan,
            scorers,
            errors: None,
            rows,
            statistics: false,
            forms,
            ordered: ordered(forms, site),
        });
    }
    let rows = rows_by_neuron(module, place, &site.down, "down.rows", plan.group, prepare);
    let down = Rewrite {
        func: place.entry,
        site: &site.down,
        plan: plan.clone(),
        scorers: Vec::new(),
        errors: None,
        rows,
        statistics: false,
        forms,
        ordered: true,
    };
    FfnRewrite { func: place.entry, site, plan, ups, down }
}

/// Whether the selected neurons must be in increasing order: TPUs save a sort where their sum is all that is wanted.
fn ordered(forms: Forms, site: &FfnSite) -> bool {
    forms == Forms::Host || site.rows() > 1
}

/// A matrix by neurons, [F, d], or by groups of them, [F / g, g, d]; `None` when it is stored so.
fn rows_by_neuron(
    module: &mut Module,
    place: Place<'_>,
    site: &LogitsSite,
    part: &str,
    group: u64,
    prepare: &mut Prepare,
) -> Option<Prepared> {
    let func = &module.funcs[place.entry];
    let rows: ValueId = match &site.weight {
        WeightPath::Rows { .. } if group == 1 => return None,
        WeightPath::Rows { parameter, .. } => {
            let argument = place.signature.argument(*parameter).expect("a weight path ends in arguments");
            prepare.input(&argument.name, func.value_type(*parameter), func.values[*parameter].loc)
        }
        WeightPath::Computed { .. } => weight_rows(func, place.signature, site, prepare),
    };
    let mut b = prepare.builder();
    let rows = if group == 1 { rows } else { b.reshape(rows, &[site.vocabulary / group, group, site.d]) };
    Some(declare(module, &site.name, part, rows, prepare))
}
