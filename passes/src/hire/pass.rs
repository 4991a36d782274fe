//! The pass `hire-logits`.

use hire_compiler::diag::{Diagnostic, Diagnostics, Span};
use hire_compiler::graph::Effects;
use hire_compiler::ir::{DenseElements, ElementType, Func, FuncId, LocId, Location, Module, TensorType, ValueId};
use hire_compiler::rewrite::{Transplant, erase_dead, erase_functions, unreachable_functions};

use super::arguments;
use super::decompose::{rescorer_tensors, scorer_tensors, tpu};
use super::emit::Emit;
use super::ffn::FfnDefault;
use super::find::{LogitsSite, Outlet, Survey, WeightPath, find_logits_sites};
use super::lowrank;
use super::plan::{Guarantee, Plan, PlanError, Selection, SitePlan};
use super::predictor::{Predictor, Scorer};
use super::prepare::{LowRankFactor, PREPARE, PREPARED_PREFIX, Prepare, rescorer_values, score_errors, scorer_values};
use super::rewrite::statistics::COUNTED_ATTR;
use super::rewrite::{Prepared, Rewrite};
use crate::context::PassContext;
use crate::pipeline::PassError;
use crate::signature::{Signature, argument_name};

/// k' where neither the plan nor the command line gives one: this many, or eight times k.
pub const DEFAULT_K_PRIME: u64 = 512;

/// What to do with sites when there is no plan.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteDefault {
    /// The predictor.
    pub predictor: Predictor,
    /// k', or `None` for [`DEFAULT_K_PRIME`] within the vocabulary.
    pub k_prime: Option<u64>,
    /// Consecutive rows that are selected together.
    pub group: u64,
    /// Rows that each scorer of a cascade but the last leaves to the next, or empty for the usual
    /// share of k'.
    pub survivors: Vec<u64>,
    /// The share of what an exact selection selects that one in two stages must be expected to, or `None` for exact ones.
    pub select_recall: Option<f64>,
    /// What is promised.
    pub guarantee: Guarantee,
}

impl Default for SiteDefault {
    fn default() -> Self {
        Self {
            predictor: Scorer::Q8.into(),
            k_prime: None,
            group: 1,
            survivors: Vec::new(),
            select_recall: None,
            guarantee: Guarantee::Recall,
        }
    }
}

/// Whose forms rewritten sites are computed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forms {
    /// Plain ones, which this project's own back-ends recognise. XLA's CPU compilers run them well, too, but for what
    /// [`Forms::Xla`] changes.
    #[default]
    Plain,
    /// Those that XLA's CPU compilers run best.
    Xla,
    /// Those that libtpu runs best. `@prepare` makes other tensors for them.
    Tpu,
}

/// Options of the HiRE passes.
#[derive(Clone, Debug, Default)]
pub struct HireOptions {
    /// The plan; sites that it does not name stay dense.
    pub plan: Option<Plan>,
    /// What to do with every softmax layer when there is no plan.
    pub default: SiteDefault,
    /// What to do with every feed-forward layer when there is no plan.
    pub ffn: FfnDefault,
    /// Whether feed-forward layers with smooth gates are rewritten, at a loss of quality.
    pub sparsify_gates: bool,
    /// Whether only shapes matter: low-rank predictors then need no weights, and their factors are zero.
    pub shapes_only: bool,
    /// Whether exact sites tell their candidates and fallbacks, as further results named by [`CANDIDATES`](super::CANDIDATES)
    /// and [`FALLBACK`](super::FALLBACK), and feed-forward layers their active neurons and those found, by
    /// [`ACTIVE`](super::ACTIVE) and [`FOUND`](super::FOUND).
    pub statistics: bool,
    /// Whose forms the rewritten sites are computed in.
    pub forms: Forms,
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
    let Some(mut prepare) = open_prepare(module, context) else {
        let prepare = module.func_by_name(PREPARE).expect("it is what cannot be opened");
        let message = "the module has a function @prepare, as rewritten modules do; it is left as it is";
        context.remark(Diagnostic::warning(module.funcs[prepare].span, message));
        return Ok(());
    };
    let signature = signature(module, entry, context);
    let mut survey = find_logits_sites(module, &module.funcs[entry], &signature);
    survey.sites.retain(|site| module.funcs[entry].ops[site.dot].attr(COUNTED_ATTR).is_none());
    remark_rejections(module, entry, &survey, context);
    let plans = site_plans(&survey, context).map_err(|e| refused(Span::NONE, e.to_string()))?;
    let mut parameters = Vec::new();
    let spans: Vec<Span> = survey.sites.iter().map(|s| module.funcs[entry].ops[s.dot].span).collect();
    for (index, (site, plan)) in survey.sites.iter().zip(plans).enumerate() {
        let Some(plan) = plan.filter(|_| context.ledger.allow("hire-logits")) else { continue };
        if let (Guarantee::Exact, Some(reason)) = (plan.guarantee, inexact(&module.funcs[entry], site)) {
            let message = format!("site `{}` cannot be rewritten exactly: {reason}", site.name);
            return Err(refused(spans[index], message));
        }
        let factors = factors(module, entry, &signature, site, &plan, context)?;
        let mut rewrite =
            prepare_site(module, entry, &signature, site, (plan.clone(), context.hire.forms), &factors, &mut prepare);
        rewrite.statistics = context.hire.statistics;
        rewrite.apply(module)?;
        parameters.extend(weight_parameters(site));
        if site.predicted_bytes(&plan) >= site.dense_bytes() {
            let message = format!(
                "site `{}` reads {} bytes a step with {} and k' = {}, the dense product {}",
                site.name,
                site.predicted_bytes(&plan),
                plan.predictor,
                plan.k_prime,
                site.dense_bytes()
            );
            context.remark(Diagnostic::warning(spans[index], message));
        }
        context.rewritten.push(summary(site, plan));
    }
    finish(module, entry, prepare, &parameters);
    Ok(())
}

/// What the arguments of the entry function are for.
pub(crate) fn signature(module: &Module, entry: FuncId, context: &PassContext<'_>) -> Signature {
    let is_weight = context.weights.map(|w| move |name: &str| w.weight(name).is_some());
    let is_weight = is_weight.as_ref().map(|f| f as &dyn Fn(&str) -> bool);
    Signature::of(module, &module.funcs[entry], is_weight)
}

/// `@prepare`, to be added to; `None` when the module came with one.
pub(crate) fn open_prepare(module: &Module, context: &PassContext<'_>) -> Option<Prepare> {
    let Some(id) = module.func_by_name(PREPARE) else { return Some(Prepare::new()) };
    let func = &module.funcs[id];
    let name = |&arg: &ValueId| argument_name(&module.locs, func, arg);
    let names: Option<Vec<_>> = func.args().iter().map(name).collect();
    names.filter(|_| !context.rewritten.is_empty()).map(|names| Prepare::reopen(func.clone(), names))
}

/// Puts `@prepare` into the module, and takes out what the rewrites left without use; `parameters` are those
/// of the matrices that were replaced.
pub(crate) fn finish(module: &mut Module, entry: FuncId, prepare: Prepare, parameters: &[ValueId]) {
    let Some(func) = prepare.finish() else { return };
    let effects = Effects::of(module);
    erase_dead(&mut module.funcs[entry], &effects);
    arguments::remove_unused(&mut module.funcs[entry], parameters);
    match module.func_by_name(PREPARE) {
        Some(id) => module.funcs[id] = func,
        None => drop(module.add_func(func)),
    }
    // Beside @prepare, the program goes by the name of entry functions.
    if module.entry() != Some(entry) {
        module.funcs[entry].name = "main".into();
    }
    // Comparators of a replaced top-k, and its decomposition.
    let unreachable = unreachable_functions(module);
    erase_functions(module, unreachable);
}

/// Puts `@prepare` into the module after the rewrites are over.
pub(crate) fn finish_prepare(module: &mut Module, entry: FuncId, prepare: Prepare) {
    finish(module, entry, prepare, &[]);
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
    if survey.sites.is_empty() && survey.rejections.is_empty() && context.rewritten.is_empty() {
        let message = format!(
            "no dot_general of @{} has a free dimension of {} or more, so nothing can be a softmax layer",
            func.name,
            super::find::MIN_VOCABULARY
        );
        context.remark(Diagnostic::warning(func.span, message));
    }
}

pub(super) fn refused(span: Span, message: impl Into<String>) -> PassError {
    Diagnostics::from(Diagnostic::error(span, message)).into()
}

/// The plan of each site; `None` leaves it dense.
fn site_plans(survey: &Survey, context: &PassContext<'_>) -> Result<Vec<Option<SitePlan>>, PlanError> {
    let options = &context.hire;
    if let Some(plan) = &options.plan {
        let known = |name: &String| context.ffn_sites.contains(name) || survey.sites.iter().any(|s| s.name == *name);
        if let Some(name) = plan.sites.keys().find(|name| !known(name)) {
            let sites = context.ffn_sites.iter().cloned().chain(survey.sites.iter().map(|s| s.name.clone())).collect();
            return Err(PlanError::UnknownSite { name: name.clone(), sites });
        }
    }
    let choose = |site: &LogitsSite| {
        let chosen = match &options.plan {
            Some(plan) => plan.sites.get(&site.name).cloned().map(|plan| plan.resolved(site.vocabulary)),
            None => Some(default_plan(site, &options.default)),
        };
        if chosen.as_ref().is_some_and(|plan| plan.selection != Selection::PerRow) {
            return Err(PlanError::SelectionOfLogits { site: site.name.clone() });
        }
        if chosen.as_ref().is_some_and(|plan| plan.common > 0) {
            let reason = "it is a softmax layer, and only neurons of feed-forward layers are computed always";
            return Err(PlanError::NoCommon { site: site.name.clone(), reason });
        }
        let check = |plan: &SitePlan| {
            plan.check(&site.name, site.k(), site.vocabulary, site.d)?;
            check_form(&site.name, plan, options.forms)
        };
        chosen.map(|plan| check(&plan).map(|()| plan)).transpose()
    };
    survey.sites.iter().map(choose).collect()
}

/// Refuses a plan that has no form of the kind that is wanted.
pub(super) fn check_form(site: &str, plan: &SitePlan, forms: Forms) -> Result<(), PlanError> {
    match forms {
        Forms::Tpu => tpu::check(site, plan),
        Forms::Plain | Forms::Xla => Ok(()),
    }
}

/// The plan of a site by the defaults.
fn default_plan(site: &LogitsSite, default: &SiteDefault) -> SitePlan {
    let usual = DEFAULT_K_PRIME.max(8 * site.k()).min(site.vocabulary) / default.group.max(1) * default.group;
    let plan = SitePlan {
        group: default.group,
        survivors: default.survivors.clone(),
        guarantee: default.guarantee,
        ..SitePlan::new(default.predictor.clone(), default.k_prime.unwrap_or(usual))
    };
    plan.resolved(site.vocabulary).with_select_recall(default.select_recall, site.vocabulary)
}

/// Why a site cannot keep the guarantee exact; `None` when it can.
fn inexact(func: &Func, site: &LogitsSite) -> Option<&'static str> {
    let result = func.ops[site.dot].result().and_then(|r| func.value_type(r).as_tensor());
    match () {
        () if site.used_whole => Some("its logits are used whole, and only those selected are computed exactly"),
        () if !site.outlets.iter().all(Outlet::keeps_order) => {
            Some("what is done to its logits may change their order, so that bounds on products bound nothing")
        }
        () if result.is_none_or(|ty| ty.element != ElementType::F32) => {
            Some("its product is not f32, the arithmetic that the bounds are made for")
        }
        () => None,
    }
}

/// The factor of each scorer that is of low rank, in the order of the cascade.
pub(super) fn factors(
    module: &Module,
    entry: FuncId,
    signature: &Signature,
    site: &LogitsSite,
    plan: &SitePlan,
    context: &mut PassContext<'_>,
) -> Result<Vec<Option<LowRankFactor>>, PassError> {
    let scorers = plan.predictor.scorers();
    let rank = |scorer: &Scorer| match scorer {
        Scorer::LowRank { rank, .. } => Some(*rank),
        Scorer::Q8 | Scorer::Q4 | Scorer::Prefix { .. } => None,
    };
    let ranks: Vec<u64> = scorers.iter().filter_map(rank).collect();
    if ranks.is_empty() {
        return Ok(vec![None; scorers.len()]);
    }
    let span = module.funcs[entry].ops[site.dot].span;
    let (name, predictor) = (&site.name, &plan.predictor);
    if context.hire.shapes_only {
        let zeros = |rank| DenseElements::splat(TensorType::new(&[site.d, rank], ElementType::F32), vec![0; 4]);
        let factor = |rank| LowRankFactor { a: zeros(rank), p: zeros(rank) };
        return Ok(scorers.iter().map(|scorer| rank(scorer).map(factor)).collect());
    }
    let Some(weights) = context.weights else {
        let message = format!("predictor {predictor} of site `{name}` is computed from the weights; give them");
        return Err(refused(span, message));
    };
    let moment = context.calibration.and_then(|calibration| calibration.second_moment(name));
    if moment.is_none() {
        context.remark(Diagnostic::warning(
            span,
            format!(
                "predictor {predictor} of site `{name}` comes from a plain singular value decomposition, without calibration data; its recall is low"
            ),
        ));
    }
    let factors = lowrank::site_factors(module, entry, signature, site, &ranks, weights, moment);
    let mut factors = factors.map_err(|message| refused(span, message))?.into_iter();
    Ok(scorers.iter().map(|scorer| rank(scorer).and_then(|_| factors.next())).collect())
}

/// Adds to `@prepare` what the site reads, and describes the rewrite.
fn prepare_site<'s>(
    module: &mut Module,
    entry: FuncId,
    signature: &Signature,
    site: &'s LogitsSite,
    (plan, forms): (SitePlan, Forms),
    factors: &[Option<LowRankFactor>],
    prepare: &mut Prepare,
) -> Rewrite<'s> {
    let matrix = weight_rows(&module.funcs[entry], signature, site, prepare);
    let scorers = prepare_scorers(module, site, (&plan, forms), factors, matrix, prepare);
    let computed = matches!(site.weight, WeightPath::Computed { .. });
    let rows = computed.then(|| declare(module, &site.name, "rows", matrix, prepare));
    let errors = (plan.guarantee == Guarantee::Exact).then(|| {
        let errors = score_errors(&mut prepare.builder(), matrix, scorers[0][0].value, scorers[0][1].value);
        declare(module, &site.name, "q8.errors", errors, prepare)
    });
    Rewrite { func: entry, site, plan, scorers, errors, rows, statistics: false, forms, ordered: true }
}

/// Declares a result of `@prepare`, a new parameter of the entry function.
pub(super) fn declare(module: &mut Module, site: &str, part: &str, value: ValueId, prepare: &mut Prepare) -> Prepared {
    let name = format!("{PREPARED_PREFIX}{site}.{part}");
    let ty = prepare.result(&name, value);
    let loc = module.locs.intern(Location::Name { name: name.into(), child: LocId::UNKNOWN });
    Prepared { loc, ty, value }
}

/// The tensors of each scorer, from `rows` [V, d].
pub(super) fn prepare_scorers(
    module: &mut Module,
    site: &LogitsSite,
    (plan, forms): (&SitePlan, Forms),
    factors: &[Option<LowRankFactor>],
    rows: ValueId,
    prepare: &mut Prepare,
) -> Vec<Vec<Prepared>> {
    let mut scorers = Vec::new();
    for (index, (&scorer, factor)) in plan.predictor.scorers().iter().zip(factors).enumerate() {
        let (names, values) = match index {
            0 if forms == Forms::Tpu => {
                let mut b = prepare.builder();
                let host = scorer_values(&mut b, rows, scorer, factor.as_ref());
                (
                    tpu::scorer_tensors(scorer, site.vocabulary, site.d, plan.group),
                    tpu::scorer_values(&mut b, scorer, host, plan.group),
                )
            }
            0 => (
                scorer_tensors(scorer, site.vocabulary, site.d),
                scorer_values(&mut prepare.builder(), rows, scorer, factor.as_ref()),
            ),
            _ => (
                rescorer_tensors(scorer, site.vocabulary, site.d),
                rescorer_values(&mut prepare.builder(), rows, scorer, factor.as_ref()),
            ),
        };
        let part = |name: &str| format!("{}.{name}", scorer.identifier());
        let tensors = names.iter().zip(values);
        let tensors =
            tensors.map(|((name, _), value)| declare(module, &site.name, &part(name), value, prepare)).collect();
        scorers.push(tensors);
    }
    scorers
}

/// The rows of W inside `@prepare`, [V, d].
pub(super) fn weight_rows(func: &Func, signature: &Signature, site: &LogitsSite, prepare: &mut Prepare) -> ValueId {
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
pub(super) fn weight_parameters(site: &LogitsSite) -> Vec<ValueId> {
    match &site.weight {
        WeightPath::Rows { parameter, .. } => vec![*parameter],
        WeightPath::Computed { parameters, .. } => parameters.clone(),
    }
}

fn summary(site: &LogitsSite, plan: SitePlan) -> RewrittenSite {
    RewrittenSite {
        name: site.name.clone(),
        k: site.k(),
        vocabulary: site.vocabulary,
        d: site.d,
        rows: site.rows,
        dense_bytes: site.dense_bytes(),
        predicted_bytes: site.predicted_bytes(&plan),
        plan,
    }
}
