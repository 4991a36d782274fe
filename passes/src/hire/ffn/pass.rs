//! The pass `hire-ffn`.

use hire_compiler::diag::{Diagnostic, Span};
use hire_compiler::ir::{FuncId, Module};

use super::common::{self, Parting};
use super::find::{FfnSite, FfnSurvey, Sparsity, find_ffn_sites};
use super::prepare::{Place, prepare_layer, prepare_parted};
use super::unroll::unroll;
use crate::cleanup;
use crate::context::PassContext;
use crate::hire::pass::{check_form, factors, finish, open_prepare, refused, signature, weight_parameters};
use crate::hire::plan::{Guarantee, PlanError, Selection, SitePlan};
use crate::hire::predictor::{Predictor, Scorer};
use crate::hire::{HireOptions, RewrittenSite};
use crate::pipeline::PassError;

/// What to do with feed-forward layers when there is no plan.
#[derive(Clone, Debug, PartialEq)]
pub struct FfnDefault {
    /// The predictor.
    pub predictor: Predictor,
    /// k', or `None`: one and a half times what the model keeps, where it says; a quarter of the neurons where
    /// the activation has a threshold, half of them where it is a smooth gate.
    pub k_prime: Option<u64>,
    /// Consecutive neurons that are selected together, or `None`: 8, or fewer where 8 does not divide the neurons.
    pub group: Option<u64>,
    /// How the rows of a batch select.
    pub selection: Selection,
    /// The share of what an exact selection selects that one in two stages must be expected to, or `None` for exact ones.
    pub select_recall: Option<f64>,
}

impl Default for FfnDefault {
    fn default() -> Self {
        Self {
            predictor: Scorer::Q8.into(),
            k_prime: None,
            group: None,
            selection: Selection::PerRow,
            select_recall: None,
        }
    }
}

/// The paper's choice for TPUs.
const USUAL_GROUP: u64 = 8;

/// Rewrites the feed-forward layers of the entry function.
///
/// # Errors
/// When the plan does not fit the module, or a low-rank predictor lacks the weights.
pub fn hire_ffn(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    if module.entry().is_none_or(|id| module.funcs[id].body.is_none()) {
        return Ok(());
    }
    // The pass for softmax layers tells of modules that were rewritten before.
    let Some(mut prepare) = open_prepare(module, context) else { return Ok(()) };
    unroll_layers(module, context)?;
    let entry = module.entry().expect("it had one before");
    let signature = signature(module, entry, context);
    let survey = find_ffn_sites(module, &module.funcs[entry], &signature);
    context.ffn_sites = survey.sites.iter().map(|s| s.name.clone()).collect();
    let plans = site_plans(&survey, context).map_err(|e| refused(Span::NONE, e.to_string()))?;
    let parted: Vec<Option<Parted>> =
        survey.sites.iter().zip(&plans).map(|(site, plan)| Parted::of(site, plan.as_ref()?, context)).collect();
    keep_rejections(module, entry, &survey, context);
    let (mut parameters, mut rewrites) = (Vec::new(), Vec::new());
    let place = Place { entry, signature: &signature };
    for ((site, plan), parted) in survey.sites.iter().zip(&plans).zip(&parted) {
        let Some(plan) = plan.as_ref().filter(|_| context.ledger.allow("hire-ffn")) else { continue };
        let span = module.funcs[entry].ops[site.down.dot].span;
        let factors = match site.gate_predicts {
            true => Vec::new(),
            false => factors(module, entry, &signature, &site.ups[site.gate], plan, context)?,
        };
        let forms = context.hire.forms;
        let mut rewrite = match parted {
            None => prepare_layer(module, place, site, (plan, forms), &factors, &mut prepare),
            Some(p) => prepare_parted(module, place, (&p.site, &p.plan), forms, (&factors, &p.parting), &mut prepare),
        };
        // All neurons of a smooth gate are active.
        rewrite.statistics = context.hire.statistics && site.sparsity != Sparsity::Gate;
        rewrites.push(rewrite);
        let changed = site.ups.iter().chain([&site.down]).flat_map(weight_parameters);
        parameters.extend(changed);
        let summary = summary(site, plan);
        remark(&summary, site, span, context);
        context.rewritten.push(summary);
    }
    // The last first: a layer may read what the one before it gives, which its rewrite replaces.
    for rewrite in rewrites.iter().rev() {
        rewrite.apply(module)?;
    }
    if !context.rewritten.is_empty() {
        finish(module, entry, prepare, &parameters);
    }
    Ok(())
}

/// A layer with common neurons: these, and what is left without them.
struct Parted {
    parting: Parting,
    site: FfnSite,
    plan: SitePlan,
}

impl Parted {
    /// By a plan that was checked; `None` where it has no common neurons.
    fn of(site: &FfnSite, plan: &SitePlan, context: &PassContext<'_>) -> Option<Parted> {
        let activity = activity(site, context).filter(|_| plan.common > 0)?;
        let parting = Parting::of(activity, plan.common);
        let (site, plan) = parting.remainder(site, plan);
        Some(Parted { parting, site, plan })
    }
}

/// How often each neuron of a layer was active, where that was measured.
fn activity<'c>(site: &FfnSite, context: &PassContext<'c>) -> Option<&'c [f32]> {
    let activity = context.calibration?.activity(&site.name)?;
    (activity.len() as u64 == site.neurons()).then_some(activity)
}

/// Unrolls loops over layers, if that brings sites to light.
pub(crate) fn unroll_layers(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let wanted = |module: &Module| {
        let Some(entry) = module.entry() else { return 0 };
        let survey = find_ffn_sites(module, &module.funcs[entry], &signature(module, entry, context));
        let planned = context.hire.plan.as_ref();
        let is_named = |site: &&FfnSite| planned.is_none_or(|plan| plan.sites.contains_key(&site.name));
        survey.sites.iter().filter(|site| is_wanted(site, &context.hire)).filter(is_named).count()
    };
    let Some(entry) = module.entry() else { return Ok(()) };
    let mut unrolled = module.clone();
    if unroll(&mut unrolled, entry)? == 0 {
        return Ok(());
    }
    cleanup::tidy(&mut unrolled, &mut PassContext::new())?;
    let before = wanted(module);
    if wanted(&unrolled) > before && context.ledger.allow("unroll-layers") {
        *module = unrolled;
    }
    Ok(())
}

/// Says what a person should know of a rewritten layer.
fn remark(summary: &RewrittenSite, site: &FfnSite, span: Span, context: &mut PassContext<'_>) {
    let (name, plan) = (&summary.name, &summary.plan);
    if summary.predicted_bytes >= summary.dense_bytes {
        let message = format!(
            "site `{name}` reads {} bytes a step with {} and k' = {}, the dense layer {}",
            summary.predicted_bytes, plan.predictor, plan.k_prime, summary.dense_bytes
        );
        context.remark(Diagnostic::warning(span, message));
    }
    let left = site.neurons() - plan.k_prime;
    let message = match site.sparsity {
        Sparsity::Gate if left > 0 => format!(
            "site `{name}` has a smooth gate: the {left} neurons of {} that are not selected are left out, not zero",
            site.neurons()
        ),
        Sparsity::Threshold if left > 0 => format!(
            "site `{name}` does not say how many neurons are active: more than k' = {} lose some of them",
            plan.k_prime
        ),
        _ => return,
    };
    context.remark(Diagnostic::warning(span, message));
}

fn keep_rejections(module: &Module, entry: FuncId, survey: &FfnSurvey, context: &mut PassContext<'_>) {
    let func = &module.funcs[entry];
    for rejection in &survey.rejections {
        let message = format!("`{}` is not rewritten: {}", rejection.name, rejection.reason);
        context.rejected.push(Diagnostic::warning(func.ops[rejection.dot].span, message));
    }
    let smooth = |site: &&FfnSite| site.sparsity == Sparsity::Gate && !is_wanted(site, &context.hire);
    let messages: Vec<Diagnostic> = survey.sites.iter().filter(smooth).map(|site| {
        let message = format!(
            "`{}` is not rewritten: its gate is smooth, no neuron is exactly zero; --sparsify-gates leaves the smallest out, at a loss of quality",
            site.name
        );
        Diagnostic::warning(func.ops[site.down.dot].span, message)
    }).collect();
    context.rejected.extend(messages);
}

/// Whether a layer is rewritten without a word in the plan.
fn is_wanted(site: &FfnSite, options: &HireOptions) -> bool {
    let planned = options.plan.as_ref().is_some_and(|plan| plan.sites.contains_key(&site.name));
    planned || options.sparsify_gates || site.sparsity != Sparsity::Gate
}

/// The plan of each site; `None` leaves it dense.
fn site_plans(survey: &FfnSurvey, context: &PassContext<'_>) -> Result<Vec<Option<SitePlan>>, PlanError> {
    let options = &context.hire;
    let choose = |site: &FfnSite| {
        let chosen = match &options.plan {
            Some(plan) => plan.sites.get(&site.name).cloned().map(|plan| plan.resolved(site.neurons())),
            None => Some(default_plan(site, &options.ffn)),
        };
        let chosen = chosen.filter(|_| is_wanted(site, options));
        let d = site.ups[site.gate].d;
        chosen.map(|plan| check(site, &plan, d, context).map(|()| plan)).transpose()
    };
    survey.sites.iter().map(choose).collect()
}

fn check(site: &FfnSite, plan: &SitePlan, d: u64, context: &PassContext<'_>) -> Result<(), PlanError> {
    if plan.guarantee == Guarantee::Exact {
        return Err(PlanError::ExactFeedForward { site: site.name.clone() });
    }
    plan.check(&site.name, site.k(), site.neurons(), d)?;
    if !site.gate_predicts {
        check_form(&site.name, plan, context.hire.forms)?;
    }
    if plan.common > 0 {
        let unmeasured =
            || activity(site, context).is_none().then_some("no calibration says how often its neurons are active");
        if let Some(reason) = common::refusal(site).or_else(unmeasured) {
            return Err(PlanError::NoCommon { site: site.name.clone(), reason });
        }
        let remainder = SitePlan { k_prime: plan.k_prime - plan.common, common: 0, ..plan.clone() };
        remainder.check(&site.name, 0, site.neurons() - plan.common, d)?;
    }
    let own = site.cone.group();
    if !plan.group.is_multiple_of(own) {
        return Err(PlanError::ModelGroup { site: site.name.clone(), group: plan.group, own });
    }
    Ok(())
}

/// The plan of a layer by the defaults.
fn default_plan(site: &FfnSite, default: &FfnDefault) -> SitePlan {
    let (neurons, own) = (site.neurons(), site.cone.group());
    let usual = || (0..=USUAL_GROUP).rev().find(|&g| g > 0 && neurons % g == 0 && g % own == 0).unwrap_or(own);
    let group = default.group.unwrap_or_else(usual).max(1);
    let wanted = match site.sparsity {
        Sparsity::TopK { k } | Sparsity::Statistical { k } => k + k.div_ceil(2),
        Sparsity::Threshold => neurons.div_ceil(4),
        Sparsity::Gate => neurons.div_ceil(2),
    };
    let k_prime = default.k_prime.unwrap_or_else(|| wanted.next_multiple_of(group).min(neurons));
    let plan = SitePlan { group, selection: default.selection, ..SitePlan::new(default.predictor.clone(), k_prime) };
    plan.resolved(neurons).with_select_recall(default.select_recall, neurons)
}

fn summary(site: &FfnSite, plan: &SitePlan) -> RewrittenSite {
    let gate = &site.ups[site.gate];
    let gathered = |products: &mut dyn Iterator<Item = u64>| products.sum::<u64>();
    let rows = if plan.selection == Selection::PerRow { site.rows() } else { 1 };
    let predicted_bytes = if site.gate_predicts {
        let others = site.ups.iter().enumerate().filter(|(index, _)| *index != site.gate).map(|(_, up)| up.row_bytes);
        gate.dense_bytes() + rows * plan.k_prime * gathered(&mut others.chain([site.down.row_bytes]))
    } else {
        let bytes = gathered(&mut site.ups.iter().chain([&site.down]).map(|p| p.row_bytes));
        plan.bytes(site.neurons(), gate.d, rows, bytes)
    };
    RewrittenSite {
        name: site.name.clone(),
        plan: plan.clone(),
        k: site.k(),
        vocabulary: site.neurons(),
        d: gate.d,
        rows: site.rows(),
        dense_bytes: site.dense_bytes(),
        predicted_bytes,
    }
}
