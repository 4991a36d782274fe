//! The reference interpreter.
//!
//! It computes what a program means, one operation after another, and is the oracle of every pass
//! and back-end; it is written to be clear first. [`evaluate`] runs a function, [`run_checks`] a
//! module that tests itself, [`apply`] one pure operation (for constant folding), and
//! [`evaluate_grid`] a program on many virtual devices.
//!
//! # Numbers
//!
//! Integers are exact modulo `2^bits`. Floats are computed in `f64` and rounded once to the element
//! type after every operation, which is the IEEE result for `+ - * /` and `sqrt` and within one
//! unit in the last place for the other functions. Sums of `dot_general` and `convolution` run over the
//! contracted dimensions in order and accumulate in the result's type, but never below `f32`.
//! `reduce` folds from the initial value in row-major order. Nothing depends on the number of
//! threads.
//!
//! # Limits
//!
//! [`Options`] bound memory and steps; whatever the module says, the interpreter returns an error
//! rather than exceed them, and never panics on a module that the verifier accepted. Collectives
//! among virtual devices that can never complete are reported as a deadlock. A `while` that does
//! not end runs forever unless `step_limit` is set. Values have the shape they turn out to have:
//! dynamic and bounded types only declare it.
//!
//! # Adding an operation
//!
//! An element-wise one needs a function in [`elementwise`]; one without regions a line in
//! [`dispatch`] and a function in the file of its family; one with regions goes to [`regions`] or
//! [`control`].

mod batch_norm;
mod broadcast;
mod call;
mod check;
mod collective;
mod complex;
mod control;
mod convolution;
mod custom_call;
mod dispatch;
mod dot;
mod dynamic_call;
mod elementwise;
mod error;
mod fft;
mod float;
mod grid;
mod groups;
mod linalg;
mod liveness;
mod machine;
mod manual;
mod matmul;
mod messages;
mod number;
mod parallel;
mod program;
mod quantized;
mod ragged;
mod reduce;
mod regions;
mod rng;
mod scan;
mod scatter;
mod shape;
mod sort;
mod special;
mod tensor;
mod value;
mod walk;
mod window;

use std::thread;

use smol_str::SmolStr;

use crate::ir::{AttrMap, FuncId, Module, Opcode, TensorType, Visibility};
pub use check::CheckFailure;
pub use error::{EvalError, Fault, Site};
pub use quantized::moves_elements;
pub use tensor::{Shape, Tensor};
pub use value::Value;

/// Stack of a thread that runs a program: room for the deepest nesting that the machine allows.
const STACK_SIZE: usize = 512 << 20;

/// What a run may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes that all tensors together may take.
    pub memory_limit: u64,
    /// Operations and calls of scalar regions that may be run; `None` for no limit.
    pub step_limit: Option<u64>,
    /// Key of the generator behind `rng`.
    pub seed: u64,
}

impl Default for Options {
    /// 16 GiB, no step limit, seed 0.
    fn default() -> Self {
        Self { memory_limit: 16 << 30, step_limit: None, seed: 0 }
    }
}

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The results of the function.
    pub results: Vec<Value>,
    /// How many checks ran.
    pub checks: usize,
    /// The checks that did not hold.
    pub failures: Vec<CheckFailure>,
    /// What `interpreter.print` wrote, one tensor a line.
    pub printed: Vec<String>,
    /// What `outfeed` wrote.
    pub outfed: Vec<Vec<Tensor>>,
}

/// What a module that tests itself showed.
#[derive(Clone, Debug)]
pub struct Report {
    /// How many checks ran.
    pub checks: usize,
    /// The checks that did not hold.
    pub failures: Vec<CheckFailure>,
    /// Why the run ended early, if it did.
    pub error: Option<EvalError>,
    /// What `interpreter.print` wrote, one tensor a line.
    pub printed: Vec<String>,
}

impl Report {
    /// Whether the run came to its end and every check held.
    pub fn holds(&self) -> bool {
        self.failures.is_empty() && self.error.is_none()
    }
}

/// Runs the function `entry` on tensors, within the default [`Options`].
///
/// # Errors
/// When the arguments do not fit, or an operation fails; the error says where.
pub fn evaluate(module: &Module, entry: &str, args: &[Tensor]) -> Result<Vec<Value>, EvalError> {
    let args = args.iter().cloned().map(Value::Tensor).collect();
    Ok(evaluate_with(module, entry, args, &Options::default())?.results)
}

/// Runs the function `entry`.
///
/// # Errors
/// When the arguments do not fit, a limit is reached, or an operation fails. Failed checks are no
/// errors.
pub fn evaluate_with(module: &Module, entry: &str, args: Vec<Value>, options: &Options) -> Result<Outcome, EvalError> {
    on_large_stack(|| {
        let mut machine = machine::Machine::new(module, options, tensor::Heap::new(options.memory_limit), None);
        let results = run_entry(&mut machine, entry, args)?;
        Ok(machine.outcome(results))
    })
}

fn run_entry(machine: &mut machine::Machine<'_>, entry: &str, args: Vec<Value>) -> Result<Vec<Value>, EvalError> {
    let id = machine.module.func_by_name(entry);
    let id = id.ok_or_else(|| Fault::Arguments(format!("the module has no function @{entry}")))?;
    let inputs = &machine.module.funcs[id].ty.inputs;
    if inputs.len() != args.len() {
        return Err(Fault::Arguments(format!("@{entry} takes {} arguments, not {}", inputs.len(), args.len())).into());
    }
    if let Some(at) = (0..args.len()).find(|&at| !args[at].fits(&inputs[at])) {
        let (have, want) = (args[at].describe(), &inputs[at]);
        return Err(Fault::Arguments(format!("argument {at} of @{entry} must be {want}, not {have}")).into());
    }
    machine.call(id, args)
}

/// Runs one function on each device of a grid: rows of `programs` are replicas, columns
/// partitions. Arguments and results are by device, replicas outermost.
///
/// # Errors
/// As [`evaluate_with`], and when the devices wait for each other forever.
pub fn evaluate_grid(
    module: &Module,
    programs: &[Vec<String>],
    args: Vec<Vec<Value>>,
    options: &Options,
) -> Result<Vec<Vec<Value>>, EvalError> {
    let programs: Vec<Vec<SmolStr>> = programs.iter().map(|row| row.iter().map(SmolStr::from).collect()).collect();
    let mut machine = machine::Machine::new(module, options, tensor::Heap::new(options.memory_limit), None);
    parallel::run_grid(&mut machine, &programs, Vec::new(), args)
}

/// Runs the entry of a module that takes no arguments, and reports its checks.
///
/// A module without an entry is a collection of tests: every public function that takes no
/// arguments runs, in order, until one ends in an error.
pub fn run_checks(module: &Module, options: &Options) -> Report {
    let is_test = |id: &FuncId| {
        let func = &module.funcs[*id];
        func.visibility == Visibility::Public && func.body.is_some() && func.ty.inputs.is_empty()
    };
    let tests: Vec<FuncId> = match module.entry() {
        Some(entry) => vec![entry],
        None => module.func_ids().filter(is_test).collect(),
    };
    on_large_stack(|| {
        let mut machine = machine::Machine::new(module, options, tensor::Heap::new(options.memory_limit), None);
        let nothing = Fault::Arguments("the module has no function that could be run without arguments".to_owned());
        let mut outcome = if tests.is_empty() { Err(nothing.into()) } else { Ok(Vec::new()) };
        for &test in &tests {
            outcome = outcome.and_then(|_| run_entry(&mut machine, &module.funcs[test].name, Vec::new()));
        }
        Report {
            checks: machine.checks.count,
            failures: std::mem::take(&mut machine.checks.failures),
            error: outcome.err(),
            printed: std::mem::take(&mut machine.printed),
        }
    })
}

/// Computes one operation that has no regions and depends on nothing but tensors and attributes.
///
/// `results` are its declared result types.
///
/// # Errors
/// When the operation is not of that kind, its parts contradict each other, or the results would
/// take more than the default memory limit.
pub fn apply(
    opcode: Opcode,
    attrs: &AttrMap,
    operands: &[Tensor],
    results: &[TensorType],
) -> Result<Vec<Tensor>, EvalError> {
    let heap = tensor::Heap::new(Options::default().memory_limit);
    let mut call =
        call::Call { opcode, attrs, operands: operands.to_vec(), results: results.iter().collect(), heap: &heap };
    let computed = dispatch::evaluate(&mut call)?;
    for (tensor, declared) in computed.iter().zip(results) {
        if !Value::Tensor(tensor.clone()).fits(&declared.clone().into()) {
            return Err(Fault::invalid(format!("the result is {}, but {declared} is declared", tensor.ty())).into());
        }
    }
    if computed.len() != results.len() {
        return Err(Fault::invalid(format!("{} gives {} results", opcode.info().name, computed.len())).into());
    }
    Ok(computed)
}

/// Runs `work` on a thread of its own whose stack is deep enough for any nesting that the machine
/// allows; on the caller's where no thread can be had.
fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work);
        let thread = thread.expect("the system gives a thread to a program that asks for one");
        match thread.join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
