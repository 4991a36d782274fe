//! The pass `hire-logits`.

use hire_compiler::diag::{Diagnostic, Diagnostics, Span};
use hire_compiler::graph::Effects;
use hire_compiler::ir::{Func, FuncId, LocId, Location, Module, ValueId};
use hire_compiler::rewrite::{Transplant, erase_dead, erase_functions, unreachable_functions};

use super::arguments;
use super::decompose::predictor_tensors;
use super::emit::Emit;
use super::find::{LogitsSite, Survey, WeightPath, find_logits_sites};
use super::lowrank;
use super::plan::{Guarantee, Plan, PlanError, Predictor, SitePlan};
use super::prepare::{LowRankFactor, PREPARE, PREPARED_PREFIX, Prepare, predictor_values};
use super::rewrite::{Prepared, Rewrite};
use crate::context::PassContext;
use crate::pipeline::PassError;
use crate::signature::Signature;

/// k' where neither the plan nor the command line gives one: this many, or eight times k.
pub const DEFAULT_K_PRIME: u64 = 512;

/// What to do with sites when there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteDefault {
    /// The predictor.
    pub predictor: Predictor,
    /// k', or `None` for [`DEFAULT_K_PRIME`] within the vocabulary.
    pub k_prime: Option<u64>,
}

impl Default for SiteDefault {
    fn default() -> Self {
        Self { predictor: Predictor::Q8, k_prime: None }
    }
}

/// Options of the HiRE passes.
#[derive(Clone, Debug, Default)]
pub struct HireOptions {
    /// The plan; sites that it does not name stay dense.
    pub plan: Option<Plan>,
    /// What to do with every site when there is no plan.
    pub default: SiteDefault,
}

/// A site as it was rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewrittenSite {
    /// Its name.
    pub name: String,
    /// What was done.
    pub plan: SitePlan,
    /// How many entries the model takes; 0 when it uses all.
    pub k: u64,
    /// Rows of the matrix.
    pub vocabulary: u64,
    /// Elements of a row.
    pub d: u64,
    /// Hidden vectors a step.
    pub rows: u64,
    /// Bytes that the dense product reads.
    pub dense_bytes: u64,
    /// Bytes that the predictor and the gathered rows take.
    pub predicted_bytes: u64,
}

/// Rewrites the logits products of the entry function.
///
/// # Errors
/// When the plan does not fit the module, or a low-rank predictor lacks the weights.
pub fn hire_logits(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let Some(entry) = module.entry().filter(|&id| module.funcs[id].body.is_some()) else {
        context.remark(Diagnostic::warning(
            Span::NONE,
            "the module has no entry function, so there is nothing to rewrite",
        ));
        return Ok(());
    };
    if let Some(prepare) = module.func_by_name(PREPARE) {
        let message = "the module has a function @prepare, as rewritten modules do; it is left as it is";
        context.remark(Diagnostic::warning(module.funcs[prepare].span, message));
        return Ok(());
    }
    let weights = context.weights;
    let is_weight = weights.map(|w| move |name: &str| w.weight(name).is_some());
    let is_weight = is_weight.as_ref().map(|f| f as &dyn Fn(&str) -> bool);
    let signature = Signature::of(module, &module.funcs[entry], is_weight);
    let survey = find_logits_sites(module, &module.funcs[entry], &signature);
    remark_rejections(module, entry, &survey, context);
    let plans = site_plans(&survey, &context.hire).map_err(|e| refused(Span::NONE, e.to_string()))?;
    let mut prepare = Prepare::new();
    let mut parameters = Vec::new();
    let spans: Vec<Span> = survey.sites.iter().map(|s| module.funcs[entry].ops[s.dot].span).collect();
    for (index, (site, plan)) in survey.sites.iter().zip(plans).enumerate() {
        let Some(plan) = plan.filter(|_| context.ledger.allow("hire-logits")) else { continue };
        let factor = factor(module, entry, &signature, site, plan, context)?;
        let rewrite = prepare_site(module, entry, &signature, site, plan, factor.as_ref(), &mut prepare);
        rewrite.apply(module)?;
        parameters.extend(weight_parameters(site));
        if site.predicted_bytes(plan) >= site.dense_bytes() {
            let message = format!(
                "site `{}` reads {} bytes a step with {} and k' = {}, the dense product {}",
                site.name,
                site.predicted_bytes(plan),
                plan.predictor,
                plan.k_prime,
                site.dense_bytes()
            );
            context.remark(Diagnostic::warning(spans[index], message));
        }
        context.rewritten.push(summary(site, plan));
    }
    if let Some(func) = prepare.finish() {
        let effects = Effects::of(module);
        erase_dead(&mut module.funcs[entry], &effects);
        arguments::remove_unused(&mut module.funcs[entry], &parameters);
        module.add_func(func);
        // Comparators of a replaced top-k, and its decomposition.
        let unreachable = unreachable_functions(module);
        erase_functions(module, unreachable);
    }
    Ok(())
}

/// Keeps why candidates are no sites, and where there is no site at all, says so.
fn remark_rejections(module: &Module, entry: FuncId, survey: &Survey, context: &mut PassContext<'_>) {
    let func = &module.funcs[entry];
    for rejection in &survey.rejections {
        let message = format!("`{}` is not rewritten: {}", rejection.name, rejection.reason);
        let diagnostic = Diagnostic::warning(func.ops[rejection.dot].span, message);
        if survey.sites.is_empty() {
            context.remark(diagnostic.clone());
        }
        context.rejected.push(diagnostic);
    }
    if survey.sites.is_empty() && survey.rejections.is_empty() {
        let message = format!(
            "no dot_general of @{} has a free dimension of {} or more, so nothing can be a softmax layer",
            func.name,
            super::find::MIN_VOCABULARY
        );
        context.remark(Diagnostic::warning(func.span, message));
    }
}

fn refused(span: Span, message: impl Into<String>) -> PassError {
    Diagnostics::from(Diagnostic::error(span, message)).into()
}

/// The plan of each site; `None` leaves it dense.
fn site_plans(survey: &Survey, options: &HireOptions) -> Result<Vec<Option<SitePlan>>, PlanError> {
    if let Some(plan) = &options.plan {
        let known = |name: &String| survey.sites.iter().any(|s| s.name == *name);
        if let Some(name) = plan.sites.keys().find(|name| !known(name)) {
            let sites = survey.sites.iter().map(|s| s.name.clone()).collect();
            return Err(PlanError::UnknownSite { name: name.clone(), sites });
        }
    }
    let choose = |site: &LogitsSite| {
        let chosen = match &options.plan {
            Some(plan) => plan.sites.get(&site.name).copied(),
            None => Some(default_plan(site, options.default)),
        };
        chosen.map(|plan| plan.check(&site.name, site.k(), site.vocabulary, site.d).map(|()| plan)).transpose()
    };
    survey.sites.iter().map(choose).collect()
}

/// The plan of a site by the defaults.
fn default_plan(site: &LogitsSite, default: SiteDefault) -> SitePlan {
    let usual = DEFAULT_K_PRIME.max(8 * site.k()).min(site.vocabulary);
    SitePlan { predictor: default.predictor, k_prime: default.k_prime.unwrap_or(usual), guarantee: Guarantee::Recall }
}

/// The factor of a low-rank predictor.
fn factor(
    module: &Module,
    entry: FuncId,
    signature: &Signature,
    site: &LogitsSite,
    plan: SitePlan,
    context: &mut PassContext<'_>,
) -> Result<Option<LowRankFactor>, PassError> {
    let Predictor::LowRank { rank, .. } = plan.predictor else { return Ok(None) };
    let span = module.funcs[entry].ops[site.dot].span;
    let Some(weights) = context.weights else {
        let message =
            format!("predictor {} of site `{}` is computed from the weights; give them", plan.predictor, site.name);
        return Err(refused(span, message));
    };
    context.remark(Diagnostic::warning(
        span,
        format!(
            "predictor {} of site `{}` comes from a plain singular value decomposition, without calibration data; its recall is low",
            plan.predictor, site.name
        ),
    ));
    let factor = lowrank::site_factor(module, entry, signature, site, rank, weights);
    factor.map(Some).map_err(|message| refused(span, message))
}

/// Adds to `@prepare` what the site reads, and describes the rewrite.
fn prepare_site<'s>(
    module: &mut Module,
    entry: FuncId,
    signature: &Signature,
    site: &'s LogitsSite,
    plan: SitePlan,
    factor: Option<&LowRankFactor>,
    prepare: &mut Prepare,
) -> Rewrite<'s> {
    let func = &module.funcs[entry];
    let rows = weight_rows(func, signature, site, prepare);
    let values = predictor_values(&mut prepare.builder(), rows, plan.predictor, factor);
    let mut declare = |part: &str, value: ValueId| {
        let name = format!("{PREPARED_PREFIX}{}.{part}", site.name);
        let ty = prepare.result(&name, value);
        let loc = module.locs.intern(Location::Name { name: name.into(), child: LocId::UNKNOWN });
        Prepared { loc, ty }
    };
    let names = predictor_tensors(plan.predictor, site.vocabulary, site.d);
    let kind = plan.predictor.to_string();
    let kind = kind.split(':').next().unwrap_or_default().to_owned();
    let predictor = names.iter().zip(values).map(|((part, _), v)| declare(&format!("{kind}.{part}"), v)).collect();
    let rows = matches!(site.weight, WeightPath::Computed { .. }).then(|| declare("rows", rows));
    Rewrite { func: entry, site, plan, predictor, rows }
}

/// The rows of W inside `@prepare`, [V, d].
fn weight_rows(func: &Func, signature: &Signature, site: &LogitsSite, prepare: &mut Prepare) -> ValueId {
    let (ops, parameters) = match &site.weight {
        WeightPath::Rows { parameter, converts } => (converts.as_slice(), vec![*parameter]),
        WeightPath::Computed { ops, parameters } => (ops.as_slice(), parameters.clone()),
    };
    let mut copies = Transplant::new();
    for &parameter in &parameters {
        let argument = signature.argument(parameter).expect("a weight path ends in arguments");
        let loc = func.values[parameter].loc;
        let input = prepare.input(&argument.name, func.value_type(parameter), loc);
        copies.bind(parameter, input);
    }
    let mut b = prepare.builder();
    let copied = copies.copy(func, ops, b.func, |_, value| value);
    let region = b.region;
    b.func.regions[region].ops.extend(copied);
    let operand = match (&site.weight, ops.last()) {
        (WeightPath::Rows { parameter, .. }, None) => *parameter,
        _ => func.ops[site.dot].operands[site.weight_operand()],
    };
    let rows = copies.value(operand).expect("the weight side was copied");
    if site.weight_vocabulary_dim == 0 { rows } else { b.transpose(rows, &[1, 0]) }
}

/// The parameters that a site's matrix comes from.
fn weight_parameters(site: &LogitsSite) -> Vec<ValueId> {
    match &site.weight {
        WeightPath::Rows { parameter, .. } => vec![*parameter],
        WeightPath::Computed { parameters, .. } => parameters.clone(),
    }
}

fn summary(site: &LogitsSite, plan: SitePlan) -> RewrittenSite {
    RewrittenSite {
        name: site.name.clone(),
        plan,
        k: site.k(),
        vocabulary: site.vocabulary,
        d: site.d,
        rows: site.rows,
        dense_bytes: site.dense_bytes(),
        predicted_bytes: site.predicted_bytes(plan),
    }
}
