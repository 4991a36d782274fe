//! Logits products: `h W^T` over a large vocabulary, of which only the largest entries matter.

use std::collections::{HashMap, HashSet};

use hire_compiler::ir::{Func, Module, OpId, Opcode, Traits, ValueId};

use super::epilogue::{self, Step};
use super::outlet::{self, Outlet};
use super::weight::{self, WeightPath};
use crate::hire::plan::SitePlan;
use crate::signature::Signature;

/// Smaller matrices are not worth a predictor.
pub const MIN_VOCABULARY: u64 = 1024;

/// The longest chain of steps that is followed from a product.
const LONGEST_EPILOGUE: usize = 64;

/// Which operand of the product is the weight matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `dot_general(W, h)`: the vocabulary is the result's first dimension.
    Lhs,
    /// `dot_general(h, W)`: the vocabulary is the result's last dimension.
    Rhs,
}

/// A logits product that can be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogitsSite {
    /// Stable name: the product's name stack, or `logits`, `logits_1`, ….
    pub name: String,
    /// The `dot_general`.
    pub dot: OpId,
    /// Which operand is W.
    pub side: Side,
    /// The hidden vectors.
    pub hidden: ValueId,
    /// The dimension of `hidden` that is contracted.
    pub hidden_dim: usize,
    /// Where W comes from.
    pub weight: WeightPath,
    /// The dimension of the weight operand that is the vocabulary (0 or 1).
    pub weight_vocabulary_dim: usize,
    /// V, the rows of W.
    pub vocabulary: u64,
    /// d, the elements of a row.
    pub d: u64,
    /// How many hidden vectors a step has.
    pub rows: u64,
    /// The selections that logits end in.
    pub outlets: Vec<Outlet>,
    /// Whether the logits are also used whole (returned, or put through a softmax): the entries
    /// that are not selected then keep their predicted values.
    pub used_whole: bool,
    /// Bytes of a row of W as the dense product reads it.
    pub row_bytes: u64,
}

impl LogitsSite {
    /// How many of the largest entries the model takes; 0 when it uses all.
    pub fn k(&self) -> u64 {
        self.outlets.iter().map(Outlet::k).max().unwrap_or(0)
    }

    /// Which operand of the product is W.
    pub fn weight_operand(&self) -> usize {
        match self.side {
            Side::Lhs => 0,
            Side::Rhs => 1,
        }
    }

    /// Bytes that a step reads when the site is rewritten by a resolved plan.
    pub fn predicted_bytes(&self, plan: &SitePlan) -> u64 {
        plan.bytes(self.vocabulary, self.d, self.rows, self.row_bytes)
    }

    /// Bytes that the dense product reads.
    pub fn dense_bytes(&self) -> u64 {
        self.vocabulary * self.row_bytes
    }
}

/// Why a candidate product is not rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The candidate.
    pub dot: OpId,
    /// Its name.
    pub name: String,
    /// Why not, to follow "not rewritten:".
    pub reason: String,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The sites, in program order.
    pub sites: Vec<LogitsSite>,
    /// The products over a large dimension that are no sites.
    pub rejections: Vec<Rejection>,
}

/// Finds the logits products of `func`. Calls must have been inlined.
pub fn find_logits_sites(module: &Module, func: &Func, signature: &Signature) -> Survey {
    let mut survey = Survey::default();
    let mut names = HashSet::new();
    let users = users(func);
    let body: HashSet<OpId> = func.body.map(|b| func.regions[b].ops.iter().copied().collect()).unwrap_or_default();
    func.walk(|_, op| {
        if func.ops[op].opcode != Opcode::DotGeneral || !is_candidate(func, op) {
            return;
        }
        let name = site_name(module, func, op, &mut names);
        let found = if body.contains(&op) {
            read_site(module, func, signature, &users, op, &name)
        } else {
            Err("it is inside a loop or branch".to_owned())
        };
        match found.and_then(|site| meets_no_other(&survey.sites, site)) {
            Ok(site) => survey.sites.push(site),
            Err(reason) => survey.rejections.push(Rejection { dot: op, name, reason }),
        }
    });
    survey
}

/// Refuses a site one of whose outlets another site has already: the sum of two products, say.
fn meets_no_other(sites: &[LogitsSite], site: LogitsSite) -> Result<LogitsSite, String> {
    let takes = |other: &&LogitsSite| other.outlets.iter().any(|o| site.outlets.iter().any(|own| own.op == o.op));
    match sites.iter().find(takes) {
        Some(other) => Err(format!("its logits meet those of site `{}` before the selection", other.name)),
        None => Ok(site),
    }
}

/// Users of each value, with the operand's position.
type Users = HashMap<ValueId, Vec<(OpId, usize)>>;

fn users(func: &Func) -> Users {
    let mut users = Users::new();
    func.walk(|_, op| {
        for (position, &operand) in func.ops[op].operands.iter().enumerate() {
            users.entry(operand).or_default().push((op, position));
        }
    });
    users
}

/// Whether an operand of the product has a free dimension of vocabulary size.
fn is_candidate(func: &Func, dot: OpId) -> bool {
    sides(func, dot).is_some_and(|(l, r)| l.max(r) >= MIN_VOCABULARY)
}

/// The product of the free dimensions of either operand.
fn sides(func: &Func, dot: OpId) -> Option<(u64, u64)> {
    let operation = &func.ops[dot];
    let dims = operation.dot_dimension_numbers()?;
    let free = |operand: ValueId, batch: &[i64], contracting: &[i64]| -> Option<u64> {
        let sizes = func.value_type(operand).as_tensor()?.sizes()?;
        let is_free = |d: &usize| !batch.contains(&(*d as i64)) && !contracting.contains(&(*d as i64));
        Some((0..sizes.len()).filter(is_free).map(|d| sizes[d]).product())
    };
    let l = free(operation.operands[0], &dims.lhs_batching_dimensions, &dims.lhs_contracting_dimensions)?;
    let r = free(operation.operands[1], &dims.rhs_batching_dimensions, &dims.rhs_contracting_dimensions)?;
    Some((l, r))
}

/// A name that survives recompilation: the name stack without the function, einsum equations and the
/// operation.
fn site_name(module: &Module, func: &Func, op: OpId, taken: &mut HashSet<String>) -> String {
    let stack = module.locs.name(func.ops[op].loc).unwrap_or_default();
    let is_place = |p: &&str| !p.is_empty() && !p.starts_with("jit(") && !p.contains("->") && *p != "dot_general";
    let parts: Vec<&str> = stack.split('/').filter(is_place).collect();
    let base = if parts.is_empty() { "logits".to_owned() } else { parts.join("/") };
    let name = (0..).map(|n| if n == 0 { base.clone() } else { format!("{base}_{n}") }).find(|n| !taken.contains(n));
    let name = name.expect("the counter outruns any set of names");
    taken.insert(name.clone());
    name
}

/// Reads a candidate as a site.
fn read_site(
    module: &Module,
    func: &Func,
    signature: &Signature,
    users: &Users,
    dot: OpId,
    name: &str,
) -> Result<LogitsSite, String> {
    let operation = &func.ops[dot];
    let dims = operation.dot_dimension_numbers().ok_or("its dimension numbers are missing")?;
    if !dims.lhs_batching_dimensions.is_empty() {
        return Err("it has batching dimensions, so each hidden vector meets another matrix".to_owned());
    }
    let ([lhs_dim], [rhs_dim]) =
        (dims.lhs_contracting_dimensions.as_slice(), dims.rhs_contracting_dimensions.as_slice())
    else {
        return Err("it contracts more than one dimension".to_owned());
    };
    let (left, right) = sides(func, dot).ok_or("its shapes are dynamic")?;
    let side = if right >= left { Side::Rhs } else { Side::Lhs };
    let (hidden_at, weight_at, hidden_dim, contracted) = match side {
        Side::Rhs => (0, 1, *lhs_dim as usize, *rhs_dim as usize),
        Side::Lhs => (1, 0, *rhs_dim as usize, *lhs_dim as usize),
    };
    let (hidden, operand) = (operation.operands[hidden_at], operation.operands[weight_at]);
    let weight_type = func.value_type(operand).as_tensor().ok_or("its matrix is no tensor")?;
    let sizes = weight_type.sizes().ok_or("its shapes are dynamic")?;
    if sizes.len() != 2 || !weight_type.element.is_float() {
        return Err(format!("its matrix has type {weight_type}, not a float matrix of two dimensions"));
    }
    let weight_vocabulary_dim = 1 - contracted;
    let vocabulary = sizes[weight_vocabulary_dim];
    let weight = weight::trace(func, signature, operand, weight_vocabulary_dim)?;
    let stored = match &weight {
        WeightPath::Rows { parameter, .. } => func.value_type(*parameter).as_tensor().unwrap_or(weight_type),
        WeightPath::Computed { .. } => weight_type,
    };
    let d = sizes[contracted];
    let row_bytes = stored.element.packed_bytes(d);
    let result = operation.result().ok_or("it has no result")?;
    let rank = func.value_type(result).as_tensor().and_then(|t| t.rank()).ok_or("its result is unranked")?;
    let vocabulary_dim = if side == Side::Lhs { 0 } else { rank - 1 };
    let (outlets, used_whole) = outlets(module, func, users, result, vocabulary_dim)?;
    if outlets.iter().any(|o| !o.keeps_order() && permutes_rows(func, o, result, vocabulary_dim)) {
        return Err("its logits are permuted and then biased or masked before the selection".to_owned());
    }
    Ok(LogitsSite {
        name: name.to_owned(),
        dot,
        side,
        hidden,
        hidden_dim,
        weight,
        weight_vocabulary_dim,
        vocabulary,
        d,
        rows: left.min(right),
        outlets,
        used_whole,
        row_bytes,
    })
}

/// Follows logits from the product to the outlets; says whether anything else uses them.
///
/// Operations are visited in program order, so that all ways to a value are known before its users.
/// Where two ways meet, as in `x * sigmoid(x)`, the operation uses the logits whole.
fn outlets(
    module: &Module,
    func: &Func,
    users: &Users,
    result: ValueId,
    dim: usize,
) -> Result<(Vec<Outlet>, bool), String> {
    let mut outlets = Vec::new();
    let mut whole = Vec::new();
    let mut ways = HashMap::from([(result, (dim, Vec::<Step>::new()))]);
    let body = func.body.ok_or("it has no function body around it")?;
    for &op in &func.regions[body].ops {
        let mut on_way = func.ops[op].operands.iter().enumerate().filter(|(_, value)| ways.contains_key(value));
        let Some((operand, value)) = on_way.next() else { continue };
        let alone = on_way.next().is_none();
        let (dim, steps) = &ways[value];
        let next = epilogue::step(func, op, operand, *dim).filter(|_| alone && steps.len() < LONGEST_EPILOGUE);
        let kind = outlet::outlet_kind(module, func, op, operand, *dim).filter(|_| alone);
        if let Some(kind) = kind {
            outlets.push(Outlet { steps: steps.clone(), op, operand, kind });
        } else if let Some((step, result)) = next.zip(func.ops[op].result()) {
            let steps = steps.iter().copied().chain([step]).collect();
            ways.insert(result, (step.vocabulary_dim, steps));
        } else {
            whole.push(op);
        }
    }
    let in_body: HashSet<OpId> = func.regions[body].ops.iter().copied().collect();
    let nested = ways.keys().filter_map(|value| users.get(value)).flatten().map(|&(op, _)| op);
    whole.extend(nested.filter(|op| !in_body.contains(op)));
    whole.sort_unstable();
    whole_use_is_output(func, users, &whole)?;
    if outlets.is_empty() && whole.is_empty() {
        return Err("nothing uses its result".to_owned());
    }
    Ok((outlets, !whole.is_empty()))
}

/// Whether the steps before an outlet change the order of the rows of logits, dimensions of size 1 aside.
fn permutes_rows(func: &Func, outlet: &Outlet, result: ValueId, mut dim: usize) -> bool {
    let mut value = result;
    for step in &outlet.steps {
        let operation = &func.ops[step.op];
        let sizes = func.value_type(value).as_tensor().and_then(|t| t.sizes()).unwrap_or_default();
        let is_row = |d: usize| d != dim && sizes.get(d) != Some(&1);
        let rows: Vec<i64> = match operation.opcode {
            Opcode::Transpose => {
                let order = operation.i64s_attr("permutation").unwrap_or_default();
                order.iter().copied().filter(|&d| is_row(d as usize)).collect()
            }
            Opcode::BroadcastInDim => {
                let targets = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
                targets.iter().copied().enumerate().filter(|&(d, _)| is_row(d)).map(|(_, target)| target).collect()
            }
            _ => Vec::new(),
        };
        if !rows.is_sorted() {
            return true;
        }
        dim = step.vocabulary_dim;
        value = operation.result().unwrap_or(value);
    }
    false
}

/// Checks that what uses logits whole leads to the module's results by arithmetic only. A product
/// whose result enters another product is a hidden layer, not logits.
fn whole_use_is_output(func: &Func, users: &Users, start: &[OpId]) -> Result<(), String> {
    let mut seen: HashSet<OpId> = start.iter().copied().collect();
    let mut pending: Vec<OpId> = start.to_vec();
    while let Some(op) = pending.pop() {
        let operation = &func.ops[op];
        let opcode = operation.opcode;
        let harmless = opcode.has(Traits::PURE) && !matches!(opcode, Opcode::DotGeneral | Opcode::Convolution);
        let selects = matches!(opcode, Opcode::Reduce | Opcode::Sort | Opcode::Composite | Opcode::FuncReturn);
        if !harmless && !selects && !is_top_k_call(func, op) {
            return Err(format!("its result feeds `{}`, so it is not a softmax layer", operation.name()));
        }
        for &result in &operation.results {
            for &(user, _) in users.get(&result).map(Vec::as_slice).unwrap_or_default() {
                if seen.insert(user) {
                    pending.push(user);
                }
            }
        }
    }
    Ok(())
}

fn is_top_k_call(func: &Func, op: OpId) -> bool {
    let target = func.ops[op].str_attr("call_target_name");
    func.ops[op].opcode == Opcode::CustomCall && matches!(target, Some("ApproxTopK" | "mhlo.topk"))
}
