//! Instrumentation: makes the dense program tell which vectors reach its sites.
//!
//! The instrumented program is the dense one with other results: the state as before, and for each
//! site the hidden vectors `h` that meet its matrix; for a feed-forward layer also its activations. What the program
//! computed from there on (the logits themselves) is dropped, since `z = W h` can be computed later, for all samples at
//! once.

use hire_compiler::graph::Effects;
use hire_compiler::ir::{Attr, AttrMap, Builder, ElementType, Func, Module, Opcode, ValueId};
use hire_compiler::rewrite::{erase_dead, erase_functions, unreachable_functions};
use smol_str::SmolStr;

use crate::context::{PassContext, Weights};
use crate::hire::emit::Emit;
use crate::hire::ffn::find::{FfnSite, Key, Sparsity, find_ffn_sites};
use crate::hire::ffn::unroll_layers;
use crate::hire::find::{LogitsSite, WeightPath, find_logits_sites};
use crate::hire::lowrank;
use crate::pipeline::PassError;
use crate::signature::{Role, Signature};

/// Where the rows of a site's matrix are.
#[derive(Clone, Debug)]
pub enum Matrix {
    /// In a parameter, stored [V, d].
    Parameter(SmolStr),
    /// In the result of the function `rows` of a module, as f32, which takes these parameters.
    Computed {
        /// The module.
        program: Box<Module>,
        /// The parameters that `rows` takes, in its order.
        parameters: Vec<SmolStr>,
        /// Whether the result is [V, d], not [d, V].
        rows_first: bool,
    },
}

/// What only feed-forward layers have.
#[derive(Clone, Debug)]
pub struct Activations {
    /// The result of `@main` that holds the activations that enter the second product, [rows, F] f32.
    pub result: usize,
    /// Why most neurons do not matter.
    pub sparsity: Sparsity,
    /// Whether neurons are chosen by the magnitude of the gate's pre-activation.
    pub by_magnitude: bool,
    /// Consecutive neurons that the model itself keeps or drops together.
    pub group: u64,
    /// Whether the model has a predictor of its own.
    pub own_predictor: bool,
}

/// A site of the instrumented program.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The site's name.
    pub site: String,
    /// The result of `@main` that holds the hidden vectors, [rows, d] f32.
    pub result: usize,
    /// V, the rows of W; for a feed-forward layer its neurons.
    pub vocabulary: u64,
    /// d, the elements of a row.
    pub d: u64,
    /// How many hidden vectors a step has.
    pub rows: u64,
    /// How many of the largest entries the model takes; 0 when it uses all.
    pub k: u64,
    /// Bytes of a row of W as the dense product reads it; of all matrices of a feed-forward layer.
    pub row_bytes: u64,
    /// Whether a bias, a mask or the like stands between the product and the selection, so that the
    /// largest products are not the entries that the model takes.
    pub reordered: bool,
    /// W; for a feed-forward layer the gate's.
    pub matrix: Matrix,
    /// For a feed-forward layer.
    pub ffn: Option<Activations>,
}

/// A program that tells what reaches its sites.
#[derive(Clone, Debug)]
pub struct Instrumented {
    /// The program.
    pub module: Module,
    /// Its sites; their results follow the state's.
    pub probes: Vec<Probe>,
    /// Why candidates are no sites.
    pub rejections: Vec<String>,
}

/// The instrumented form of a clean module, whose entry function must have a body.
///
/// # Errors
/// When a loop over layers cannot be unrolled, which is a mistake of that pass.
pub fn instrument(module: &Module, weights: &dyn Weights) -> Result<Instrumented, PassError> {
    let mut module = module.clone();
    unroll_layers(&mut module, &mut PassContext::new().with_weights(weights))?;
    let entry = module.entry().expect("the caller has looked for it");
    let is_weight = |name: &str| weights.weight(name).is_some();
    let signature = Signature::of(&module, &module.funcs[entry], Some(&is_weight));
    let layers = find_ffn_sites(&module, &module.funcs[entry], &signature);
    let survey = find_logits_sites(&module, &module.funcs[entry], &signature);
    let state = states(&signature);
    let func = &module.funcs[entry];
    let mut probes = Vec::new();
    let mut recorded = Vec::new();
    for site in &layers.sites {
        let first = state.len() + recorded.len();
        probes.push(layer_probe(func, &signature, site, first));
        let activations = Recorded { width: site.neurons(), ..Recorded::hidden(&site.down) };
        recorded.extend([Recorded::hidden(&site.ups[site.gate]), activations]);
    }
    for site in &survey.sites {
        probes.push(probe(func, &signature, site, state.len() + recorded.len()));
        recorded.push(Recorded::hidden(site));
    }
    let rejections = layers.rejections.iter().chain(&survey.rejections);
    let rejections = rejections.map(|r| format!("`{}` is no site: {}", r.name, r.reason)).collect();
    replace_results(&mut module.funcs[entry], &state, &recorded);
    let effects = Effects::of(&module);
    erase_dead(&mut module.funcs[entry], &effects);
    let unreachable = unreachable_functions(&module);
    erase_functions(&mut module, unreachable);
    Ok(Instrumented { module, probes, rejections })
}

/// The vectors that meet a matrix.
struct Recorded {
    value: ValueId,
    /// The dimension of the vectors' elements.
    dim: usize,
    rows: u64,
    width: u64,
}

impl Recorded {
    fn hidden(product: &LogitsSite) -> Self {
        let width = product.d;
        Self { value: product.hidden, dim: product.hidden_dim, rows: product.rows, width }
    }
}

/// The arguments that are state, with the results that they are aliased to.
fn states(signature: &Signature) -> Vec<(usize, usize)> {
    let aliased = |(index, role)| match role {
        Role::State { result } => Some((index, result)),
        Role::Parameter | Role::Input => None,
    };
    signature.arguments.iter().map(|a| a.role).enumerate().filter_map(aliased).collect()
}

fn probe(func: &Func, signature: &Signature, site: &LogitsSite, result: usize) -> Probe {
    let name = |value: ValueId| signature.argument(value).expect("a weight path ends in arguments").name.clone();
    let matrix = match &site.weight {
        WeightPath::Rows { parameter, .. } => Matrix::Parameter(name(*parameter)),
        WeightPath::Computed { ops, parameters } => Matrix::Computed {
            program: Box::new(lowrank::weight_program(
                func,
                ops,
                parameters,
                func.ops[site.dot].operands[site.weight_operand()],
            )),
            parameters: parameters.iter().map(|&p| name(p)).collect(),
            rows_first: site.weight_vocabulary_dim == 0,
        },
    };
    Probe {
        site: site.name.clone(),
        result,
        vocabulary: site.vocabulary,
        d: site.d,
        rows: site.rows,
        k: site.k(),
        row_bytes: site.row_bytes,
        reordered: site.outlets.iter().any(|outlet| !outlet.keeps_order()),
        matrix,
        ffn: None,
    }
}

/// A feed-forward layer, whose vectors are at `result` and whose activations follow.
fn layer_probe(func: &Func, signature: &Signature, site: &FfnSite, result: usize) -> Probe {
    let gate = probe(func, signature, &site.ups[site.gate], result);
    let activations = Activations {
        result: result + 1,
        sparsity: site.sparsity,
        by_magnitude: site.key == Key::Magnitude,
        group: site.cone.group(),
        own_predictor: site.gate_predicts,
    };
    Probe {
        site: site.name.clone(),
        k: site.k(),
        row_bytes: site.ups.iter().chain([&site.down]).map(|product| product.row_bytes).sum(),
        reordered: site.prelude.iter().any(|step| !step.keeps_order) || site.key == Key::Groups,
        ffn: Some(activations),
        ..gate
    }
}

/// Returns the state, then what is recorded, instead of what the function returned.
fn replace_results(func: &mut Func, state: &[(usize, usize)], recorded: &[Recorded]) {
    let body = func.body.expect("the entry function has a body");
    let terminator = func.terminator(body).expect("a function body ends in a return");
    let returned = func.ops[terminator].operands.clone();
    func.regions[body].ops.retain(|&op| op != terminator);
    let mut results: Vec<ValueId> = state.iter().map(|&(_, result)| returned[result]).collect();
    let mut b = Builder::new(func);
    results.extend(recorded.iter().map(|recorded| rows(&mut b, recorded)));
    b.op(Opcode::FuncReturn, results.iter().copied(), [], []);
    func.ty.results = results.iter().map(|&v| func.value_type(v).clone()).collect();
    func.result_attrs = vec![AttrMap::new(); results.len()];
    for (at, &(argument, _)) in state.iter().enumerate() {
        func.arg_attrs[argument].set("tf.aliasing_output", Attr::i32(at as i32));
    }
}

/// Vectors as [rows, width] f32.
fn rows(b: &mut Builder<'_>, recorded: &Recorded) -> ValueId {
    let (value, dim) = (recorded.value, recorded.dim);
    let rank = b.sizes(value).len();
    let order: Vec<i64> = (0..rank).filter(|&d| d != dim).chain([dim]).map(|d| d as i64).collect();
    let moved = if dim + 1 == rank { value } else { b.transpose(value, &order) };
    let rows = b.reshape(moved, &[recorded.rows, recorded.width]);
    b.convert(rows, ElementType::F32)
}
