//! Instrumentation: makes the dense program tell which vectors reach its sites.
//!
//! The instrumented program is the dense one with other results: the state as before, and for each
//! site the hidden vectors `h` that meet its matrix. What the program computed from there on (the
//! logits themselves) is dropped, since `z = W h` can be computed later, for all samples at once.

use hire_compiler::graph::Effects;
use hire_compiler::ir::{Attr, AttrMap, Builder, ElementType, Func, FuncId, Module, Opcode, ValueId};
use hire_compiler::rewrite::{erase_dead, erase_functions, unreachable_functions};
use smol_str::SmolStr;

use crate::hire::emit::Emit;
use crate::hire::find::{LogitsSite, WeightPath, find_logits_sites};
use crate::hire::lowrank;
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

/// A logits site of the instrumented program.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The site's name.
    pub site: String,
    /// The result of `@main` that holds the hidden vectors, [rows, d] f32.
    pub result: usize,
    /// V, the rows of W.
    pub vocabulary: u64,
    /// d, the elements of a row.
    pub d: u64,
    /// How many hidden vectors a step has.
    pub rows: u64,
    /// How many of the largest entries the model takes; 0 when it uses all.
    pub k: u64,
    /// Bytes of a row of W as the dense product reads it.
    pub row_bytes: u64,
    /// Whether a bias, a mask or the like stands between the product and the selection, so that the
    /// largest products are not the entries that the model takes.
    pub reordered: bool,
    /// W.
    pub matrix: Matrix,
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

/// The instrumented form of a clean module. `is_weight` says whether the weights file has a tensor
/// of a name. The module must have an entry function with a body.
pub fn instrument(module: &Module, entry: FuncId, is_weight: &dyn Fn(&str) -> bool) -> Instrumented {
    let mut module = module.clone();
    let signature = Signature::of(&module, &module.funcs[entry], Some(is_weight));
    let survey = find_logits_sites(&module, &module.funcs[entry], &signature);
    let state = states(&signature);
    let describe = |(index, site)| probe(&module.funcs[entry], &signature, site, state.len() + index);
    let probes: Vec<Probe> = survey.sites.iter().enumerate().map(describe).collect();
    let rejections = survey.rejections.iter().map(|r| format!("`{}` is no site: {}", r.name, r.reason)).collect();
    replace_results(&mut module.funcs[entry], &state, &survey.sites);
    let effects = Effects::of(&module);
    erase_dead(&mut module.funcs[entry], &effects);
    let unreachable = unreachable_functions(&module);
    erase_functions(&mut module, unreachable);
    Instrumented { module, probes, rejections }
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
    }
}

/// Returns the state, then the hidden vectors of each site, instead of what the function returned.
fn replace_results(func: &mut Func, state: &[(usize, usize)], sites: &[LogitsSite]) {
    let body = func.body.expect("the entry function has a body");
    let terminator = func.terminator(body).expect("a function body ends in a return");
    let returned = func.ops[terminator].operands.clone();
    func.regions[body].ops.retain(|&op| op != terminator);
    let mut results: Vec<ValueId> = state.iter().map(|&(_, result)| returned[result]).collect();
    let mut b = Builder::new(func);
    results.extend(sites.iter().map(|site| hidden_rows(&mut b, site)));
    b.op(Opcode::FuncReturn, results.iter().copied(), [], []);
    func.ty.results = results.iter().map(|&v| func.value_type(v).clone()).collect();
    func.result_attrs = vec![AttrMap::new(); results.len()];
    for (at, &(argument, _)) in state.iter().enumerate() {
        func.arg_attrs[argument].set("tf.aliasing_output", Attr::i32(at as i32));
    }
}

/// The hidden vectors of a site as [rows, d] f32.
fn hidden_rows(b: &mut Builder<'_>, site: &LogitsSite) -> ValueId {
    let rank = b.sizes(site.hidden).len();
    let order: Vec<i64> =
        (0..rank).filter(|&d| d != site.hidden_dim).chain([site.hidden_dim]).map(|d| d as i64).collect();
    let moved = if site.hidden_dim + 1 == rank { site.hidden } else { b.transpose(site.hidden, &order) };
    let rows = b.reshape(moved, &[site.rows, site.d]);
    b.convert(rows, ElementType::F32)
}
