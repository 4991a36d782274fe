//! Finds feed-forward layers whose activations are sparse, and says of every other candidate why it is none.
//!
//! A candidate is a product `a W2` whose activations come, without another product between, from products
//! `x W1` (and `x Wg`) with the same neurons, of which there are more than the layer has inputs or outputs.

mod axis;
mod cone;
mod probe;
mod product;

use std::collections::{HashMap, HashSet};

use hire_compiler::graph::Uses;
use hire_compiler::ir::{Func, Module, OpId, Opcode, ValueId};

pub(crate) use axis::elementwise_composite;
pub use axis::{Axis, Effect};
pub use cone::Cone;

use self::probe::{Probe, Shown};
use self::product::{Neurons, Shape};
use crate::hire::find::{LogitsSite, Rejection, Side, Step};
use crate::signature::Signature;

/// Layers of fewer neurons are not worth a predictor.
pub const MIN_NEURONS: u64 = 128;

/// Why most neurons of a layer do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sparsity {
    /// The activation is exactly zero below a threshold; how many are active is up to the data.
    Threshold,
    /// The model keeps the k largest.
    TopK {
        /// How many neurons.
        k: u64,
    },
    /// The model keeps those above mean and deviation: about k for normal pre-activations.
    Statistical {
        /// How many neurons.
        k: u64,
    },
    /// A smooth gate: small, not zero. Leaving neurons out costs quality.
    Gate,
}

/// What the neurons are chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The gate's predicted pre-activation after its bias.
    Value,
    /// Its magnitude.
    Magnitude,
    /// The number of each group that the model's own group top-k compares, computed from predictions.
    Groups,
}

/// A feed-forward layer that can be rewritten.
#[derive(Clone, Debug)]
pub struct FfnSite {
    /// Stable name: the name stack of the second product, or `ffn`, `ffn_1`, ….
    pub name: String,
    /// The products that make pre-activations; their rows are neurons.
    pub ups: Vec<LogitsSite>,
    /// Which of them decides what is active.
    pub gate: usize,
    /// Whether the gate reads only part of the input: the model's own predictor (Spark), which stays.
    pub gate_predicts: bool,
    /// The product that takes activations; its rows are neurons.
    pub down: LogitsSite,
    /// What happens between.
    pub cone: Cone,
    /// From the gate's product to its activation.
    pub prelude: Vec<Step>,
    /// Why most neurons do not matter.
    pub sparsity: Sparsity,
    /// What to choose them by.
    pub key: Key,
}

impl FfnSite {
    /// F.
    pub fn neurons(&self) -> u64 {
        self.down.vocabulary
    }

    /// Hidden vectors a step.
    pub fn rows(&self) -> u64 {
        self.down.rows
    }

    /// How many neurons the model keeps; 0 when it does not say.
    pub fn k(&self) -> u64 {
        match self.sparsity {
            Sparsity::TopK { k } | Sparsity::Statistical { k } => k,
            Sparsity::Threshold | Sparsity::Gate => 0,
        }
    }

    /// Bytes that the dense layer reads.
    pub fn dense_bytes(&self) -> u64 {
        self.ups.iter().chain([&self.down]).map(LogitsSite::dense_bytes).sum()
    }
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct FfnSurvey {
    /// The sites, in program order.
    pub sites: Vec<FfnSite>,
    /// The candidates that are none.
    pub rejections: Vec<Rejection>,
}

/// Finds the feed-forward layers of `func`. Calls must have been inlined.
pub fn find_ffn_sites(module: &Module, func: &Func, signature: &Signature) -> FfnSurvey {
    let search = Search::new(module, func, signature);
    let mut survey = FfnSurvey::default();
    let mut names = HashSet::new();
    func.walk(|_, op| {
        let Some(candidate) = search.candidate(op) else { return };
        let name = name(module, func, op, &mut names);
        match search.read(&candidate, &name) {
            Ok(site) => survey.sites.push(site),
            Err(reason) => survey.rejections.push(Rejection { dot: op, name, reason }),
        }
    });
    survey
}

/// A name that survives recompilation: the name stack of the layer's second product.
fn name(module: &Module, func: &Func, op: OpId, taken: &mut HashSet<String>) -> String {
    let stack = module.locs.name(func.ops[op].loc).unwrap_or_default();
    let is_place = |p: &&str| {
        let call = p.starts_with("jit(") || p.starts_with("while") || *p == "body" || *p == "closed_call";
        !p.is_empty() && !call && !p.contains("->") && *p != "dot_general"
    };
    let parts: Vec<&str> = stack.split('/').filter(is_place).collect();
    let base = if parts.is_empty() { "ffn".to_owned() } else { parts.join("/") };
    let name = (0..).map(|n| if n == 0 { base.clone() } else { format!("{base}_{n}") }).find(|n| !taken.contains(n));
    let name = name.expect("the counter outruns any set of names");
    taken.insert(name.clone());
    name
}

struct Search<'a> {
    module: &'a Module,
    func: &'a Func,
    signature: &'a Signature,
    users: Uses,
    /// The operations of the body, with their places.
    body: HashMap<OpId, usize>,
}

/// A product that takes activations, and those that make its pre-activations.
struct Candidate {
    down: OpId,
    shape: Shape,
    slice: HashSet<OpId>,
    ups: Vec<(OpId, Shape)>,
}

impl<'a> Search<'a> {
    fn new(module: &'a Module, func: &'a Func, signature: &'a Signature) -> Self {
        let ops = func.body.map(|b| func.regions[b].ops.as_slice()).unwrap_or_default();
        let body = ops.iter().enumerate().map(|(at, &op)| (op, at)).collect();
        Self { module, func, signature, users: Uses::of(func), body }
    }

    /// Reads `op` as the second product of a layer, by shapes only.
    fn candidate(&self, op: OpId) -> Option<Candidate> {
        let is_wide = |s: &Shape| s.contracted >= MIN_NEURONS && s.contracted > s.free;
        for shape in product::shapes(self.func, op).into_iter().filter(is_wide) {
            let (slice, products) = cone::slice(self.func, shape.vectors(self.func, op))?;
            let widens = |s: &Shape| s.free == shape.contracted && s.free > s.contracted && s.rows == shape.rows;
            let up = |dot: OpId| product::shapes(self.func, dot).into_iter().find(widens).map(|shape| (dot, shape));
            let ups: Vec<(OpId, Shape)> = products.into_iter().filter_map(up).collect();
            if !ups.is_empty() {
                return Some(Candidate { down: op, shape, slice, ups });
            }
        }
        None
    }

    fn read(&self, candidate: &Candidate, name: &str) -> Result<FfnSite, String> {
        let func = self.func;
        let place = |op: &OpId| self.body.get(op).copied().ok_or("it is inside a loop or branch that is not unrolled");
        place(&candidate.down)?;
        let mut slice: Vec<(usize, OpId)> =
            candidate.slice.iter().map(|op| Ok((place(op)?, *op))).collect::<Result<_, &str>>()?;
        slice.sort_unstable();
        let mut dots: Vec<(usize, OpId, Shape)> =
            candidate.ups.iter().map(|&(op, s)| Ok((place(&op)?, op, s))).collect::<Result<_, &str>>()?;
        dots.sort_unstable_by_key(|&(at, ..)| at);
        let neurons = candidate.shape.contracted;
        let read = |&(_, dot, shape): &(usize, OpId, Shape)| {
            product::read(func, self.signature, dot, shape, Neurons::Free, name)
        };
        let ups: Vec<LogitsSite> = dots.iter().map(read).collect::<Result<_, _>>()?;
        let down = product::read(func, self.signature, candidate.down, candidate.shape, Neurons::Contracted, name)?;
        let results: Vec<(ValueId, usize)> = ups.iter().map(|up| result(func, up)).collect();
        let slice = slice.into_iter().map(|(_, op)| op).collect();
        let cone = cone::read(func, &self.users, slice, &results, down.dot, neurons)?;
        if cone.axes.get(&down.hidden) != Some(&Axis::Flat { dim: down.hidden_dim }) {
            return Err("its activation does not keep the neurons in one dimension".to_owned());
        }
        if cone.ops.is_empty() {
            return Err("there is no activation between its products".to_owned());
        }
        let mut site = FfnSite {
            name: name.to_owned(),
            gate_predicts: false,
            gate: 0,
            prelude: Vec::new(),
            sparsity: Sparsity::Gate,
            key: Key::Value,
            ups,
            down,
            cone,
        };
        self.classify(&mut site, &results)?;
        Ok(site)
    }

    /// Finds the gate, and why most neurons do not matter.
    fn classify(&self, site: &mut FfnSite, results: &[(ValueId, usize)]) -> Result<(), String> {
        let values: Vec<ValueId> = results.iter().map(|&(v, _)| v).collect();
        let probe = Probe::new((self.module, self.func), &site.cone, &values, site.down.hidden, site.neurons());
        let shown = (0..results.len()).map(|gate| {
            let dims = (results[gate].1, site.down.hidden_dim);
            probe.show(gate, dims, site.cone.group())
        });
        let shown: Vec<Shown> = shown.collect::<Result<_, _>>()?;
        let sparse = shown.iter().position(|s| !matches!(s, Shown::Smooth | Shown::Other));
        let gate = sparse.or_else(|| shown.iter().position(|s| *s == Shown::Smooth));
        site.gate = gate.ok_or("which neurons are active does not follow from the size of their pre-activations")?;
        let count = |active: u64| match site.cone.top_k() {
            Some((_, k, group)) => Sparsity::TopK { k: k * group },
            None if !site.cone.whole.is_empty() => Sparsity::Statistical { k: active },
            // Far out, smooth gates are too small for a number of few bits.
            None if 4 * active > 3 * site.neurons() => Sparsity::Gate,
            None => Sparsity::Threshold,
        };
        (site.key, site.sparsity) = match shown[site.gate] {
            Shown::Largest { active } => (Key::Value, count(active)),
            Shown::LargestMagnitude { active } => (Key::Magnitude, count(active)),
            Shown::Groups { active } => (Key::Groups, count(active)),
            Shown::Smooth | Shown::Other => (Key::Value, Sparsity::Gate),
        };
        let gate = results[site.gate].0;
        if site.key == Key::Groups && site.cone.top_k().is_none() {
            return Err("its groups of neurons are not chosen by a top-k".to_owned());
        }
        let others = values.iter().filter(|&&v| v != gate).any(|v| site.cone.whole.contains(v));
        if others {
            return Err("it reduces over all neurons of a product that is not predicted".to_owned());
        }
        site.prelude = site.cone.prelude(self.func, &self.users, gate);
        let widest = site.ups.iter().map(|up| up.d).max().unwrap_or(0);
        site.gate_predicts = site.ups.len() > 1 && 2 * site.ups[site.gate].d <= widest && self.is_slice(site);
        Ok(())
    }

    /// Whether the gate's input is sliced off something.
    fn is_slice(&self, site: &FfnSite) -> bool {
        let mut value = site.ups[site.gate].hidden;
        while let Some(operation) = self.func.defining_op(value).map(|op| &self.func.ops[op]) {
            match operation.opcode {
                Opcode::Slice | Opcode::DynamicSlice => return true,
                Opcode::Convert | Opcode::Reshape => value = operation.operands[0],
                _ => return false,
            }
        }
        false
    }
}

/// The result of a product that makes pre-activations, with the dimension of its neurons.
fn result(func: &Func, up: &LogitsSite) -> (ValueId, usize) {
    let value = func.ops[up.dot].results[0];
    let rank = func.value_type(value).as_tensor().and_then(|t| t.rank()).unwrap_or(1);
    (value, if up.side == Side::Lhs { 0 } else { rank - 1 })
}
