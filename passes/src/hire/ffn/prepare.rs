//! What `@prepare` makes for a feed-forward layer: scorers of the gate, and rows by neurons, whole groups together.

use hire_compiler::ir::{FuncId, Module, ValueId};

use super::common::{CommonPath, Parting, indices};
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
        ups.push(Rewrite { scorers, ordered: ordered(forms, site), ..product(place, up, (plan, forms), rows) });
    }
    let rows = rows_by_neuron(module, place, &site.down, "down.rows", plan.group, prepare);
    let down = product(place, &site.down, (plan, forms), rows);
    FfnRewrite { func: place.entry, site, plan, ups, down, common: None, statistics: false }
}

/// The same for a layer of which some neurons are always computed; `site` and `plan` are of the others.
pub(super) fn prepare_parted<'s>(
    module: &mut Module,
    place: Place<'_>,
    (site, plan): (&'s FfnSite, &'s SitePlan),
    forms: Forms,
    (factors, parting): (&[Option<LowRankFactor>], &Parting),
    prepare: &mut Prepare,
) -> FfnRewrite<'s> {
    let mut ups = Vec::new();
    let mut always = Vec::new();
    for (index, up) in site.ups.iter().enumerate() {
        let [common, others] = parted_rows(module, place, up, parting, prepare);
        let scorers = match index == site.gate {
            true => prepare_scorers(module, up, (plan, forms), factors, others, prepare),
            false => Vec::new(),
        };
        always.push(declare(module, &site.name, &format!("up{index}.common"), common, prepare));
        let others = grouped(plan.group, up, others, prepare);
        let rows = Some(declare(module, &site.name, &format!("up{index}.rows"), others, prepare));
        ups.push(Rewrite { scorers, ordered: ordered(forms, site), ..product(place, up, (plan, forms), rows) });
    }
    let [common, others] = parted_rows(module, place, &site.down, parting, prepare);
    let always_down = declare(module, &site.name, "down.common", common, prepare);
    let others = grouped(plan.group, &site.down, others, prepare);
    let rows = Some(declare(module, &site.name, "down.rows", others, prepare));
    let down = product(place, &site.down, (plan, forms), rows);
    let common = CommonPath { parting: parting.clone(), ups: always, down: always_down };
    FfnRewrite { func: place.entry, site, plan, ups, down, common: Some(common), statistics: false }
}

/// The rewrite of a product that no scorer predicts.
fn product<'s>(
    place: Place<'_>,
    site: &'s LogitsSite,
    (plan, forms): (&SitePlan, Forms),
    rows: Option<Prepared>,
) -> Rewrite<'s> {
    Rewrite {
        func: place.entry,
        site,
        plan: plan.clone(),
        scorers: Vec::new(),
        errors: None,
        rows,
        statistics: false,
        forms,
        ordered: true,
    }
}

/// The rows of a matrix of the common neurons, and of the others: [c, d] and [F - c, d].
fn parted_rows(
    module: &Module,
    place: Place<'_>,
    site: &LogitsSite,
    parting: &Parting,
    prepare: &mut Prepare,
) -> [ValueId; 2] {
    let rows = match &site.weight {
        WeightPath::Rows { parameter, .. } => parameter_rows(module, place, *parameter, prepare),
        WeightPath::Computed { .. } => weight_rows(&module.funcs[place.entry], place.signature, site, prepare),
    };
    let mut b = prepare.builder();
    [&parting.common, &parting.others].map(|neurons| {
        let neurons = indices(&mut b, neurons);
        b.gather_rows(rows, neurons, true)
    })
}

/// A parameter that holds rows by neurons, as `@prepare` gets it.
fn parameter_rows(module: &Module, place: Place<'_>, parameter: ValueId, prepare: &mut Prepare) -> ValueId {
    let func = &module.funcs[place.entry];
    let argument = place.signature.argument(parameter).expect("a weight path ends in arguments");
    prepare.input(&argument.name, func.value_type(parameter), func.values[parameter].loc)
}

/// Rows [F, d] by groups, [F / g, g, d], where these are larger than one.
fn grouped(group: u64, site: &LogitsSite, rows: ValueId, prepare: &mut Prepare) -> ValueId {
    let mut b = prepare.builder();
    if group == 1 { rows } else { b.reshape(rows, &[site.vocabulary / group, group, site.d]) }
}

/// Whether the selected neurons must be in increasing order: TPUs save a sort where their sum is all that is wanted.
fn ordered(forms: Forms, site: &FfnSite) -> bool {
    forms != Forms::Tpu || site.rows() > 1
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
        WeightPath::Rows { parameter, .. } => parameter_rows(module, place, *parameter, prepare),
        WeightPath::Computed { .. } => weight_rows(func, place.signature, site, prepare),
    };
    let rows = grouped(group, site, rows, prepare);
    Some(declare(module, &site.name, part, rows, prepare))
}
