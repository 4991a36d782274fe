//! The machine: functions, regions, and the values they hold.

use std::collections::HashMap;
use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::call::{Call, tensor_types};
use super::check::{CheckFailure, Checks};
use super::error::{EvalError, Fault, Site};
use super::grid::Device;
use super::liveness::Liveness;
use super::tensor::{Heap, Tensor};
use super::value::Value;
use super::{Options, Outcome, control, custom_call, dispatch, regions};
use crate::ir::{Entity, Func, FuncId, Location, Module, OpId, Opcode, Operation, RegionId, Type, ValueId};

/// Calls and regions may nest this deep; the stack of the interpreter's thread is sized for it.
const MAX_DEPTH: usize = 2000;

/// Constants up to this many bytes are kept once made.
const CACHED_CONSTANT: usize = 1 << 16;

/// Runs the functions of a module on one (virtual) device.
pub(super) struct Machine<'m> {
    pub(super) module: &'m Module,
    pub(super) options: &'m Options,
    pub(super) heap: Heap,
    /// The device's place in a grid, when there is one.
    pub(super) device: Option<Device<'m>>,
    pub(super) checks: Checks,
    /// Numbers that `rng` has drawn.
    pub(super) drawn: u64,
    /// What `interpreter.print` wrote, one tensor a line.
    pub(super) printed: Vec<String>,
    /// What `outfeed` wrote.
    pub(super) outfed: Vec<Vec<Tensor>>,
    /// What each probe saw, in order.
    pub(super) probes: HashMap<SmolStr, Vec<Tensor>>,
    functions: HashMap<&'m str, FuncId>,
    lives: HashMap<FuncId, Rc<Liveness>>,
    constants: HashMap<(FuncId, OpId), Tensor>,
    calls: Vec<SmolStr>,
    depth: usize,
    steps: u64,
}

/// The values of a function that is being run.
pub(super) struct Frame<'m> {
    pub(super) func: &'m Func,
    id: FuncId,
    lives: Rc<Liveness>,
    values: Vec<Option<Value>>,
}

impl Frame<'_> {
    /// The function's handle.
    pub(super) fn id(&self) -> FuncId {
        self.id
    }

    /// The value, if it is defined and alive.
    pub(super) fn value(&self, value: ValueId) -> Option<&Value> {
        self.values.get(value.index())?.as_ref()
    }
}

impl<'m> Machine<'m> {
    pub(super) fn new(module: &'m Module, options: &'m Options, heap: Heap, device: Option<Device<'m>>) -> Self {
        let functions = module.func_ids().map(|id| (module.funcs[id].name.as_str(), id)).collect();
        Self {
            module,
            options,
            heap,
            device,
            checks: Checks::default(),
            drawn: 0,
            printed: Vec::new(),
            outfed: Vec::new(),
            probes: HashMap::new(),
            functions,
            lives: HashMap::new(),
            constants: HashMap::new(),
            calls: Vec::new(),
            depth: 0,
            steps: 0,
        }
    }

    /// Counts work against the step limit.
    pub(super) fn tick(&mut self, steps: u64) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        match self.options.step_limit {
            Some(limit) if self.steps > limit => Err(Fault::Steps(limit)),
            _ => Ok(()),
        }
    }

    /// The function of this name.
    pub(super) fn function(&self, name: &str) -> Result<FuncId, Fault> {
        self.functions.get(name).copied().ok_or_else(|| Fault::invalid(format!("there is no function @{name}")))
    }

    /// Runs a function.
    pub(super) fn call(&mut self, id: FuncId, args: Vec<Value>) -> Result<Vec<Value>, EvalError> {
        let (mut frame, body) = self.frame(id)?;
        self.calls.push(frame.func.name.clone());
        let results = self.run_region(&mut frame, body, args);
        self.calls.pop();
        results
    }

    /// An empty frame for a function, and its body.
    pub(super) fn frame(&mut self, id: FuncId) -> Result<(Frame<'m>, RegionId), Fault> {
        let func = &self.module.funcs[id];
        let body = func.body.ok_or_else(|| Fault::invalid(format!("@{} is declared, not defined", func.name)))?;
        let lives = self.lives.entry(id).or_insert_with(|| Rc::new(Liveness::of(func))).clone();
        Ok((Frame { func, id, lives, values: vec![None; func.values.len()] }, body))
    }

    /// What the machine has to show for a run that gave these results.
    pub(super) fn outcome(self, results: Vec<Value>) -> Outcome {
        Outcome {
            results,
            checks: self.checks.count,
            failures: self.checks.failures,
            printed: self.printed,
            outfed: self.outfed,
        }
    }

    /// Runs a region with the values of the enclosing function in reach.
    pub(super) fn run_region(
        &mut self,
        frame: &mut Frame<'m>,
        region: RegionId,
        args: Vec<Value>,
    ) -> Result<Vec<Value>, EvalError> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::Depth(MAX_DEPTH).into());
        }
        self.depth += 1;
        let results = self.run_operations(frame, region, args);
        self.depth -= 1;
        results
    }

    fn run_operations(
        &mut self,
        frame: &mut Frame<'m>,
        region: RegionId,
        args: Vec<Value>,
    ) -> Result<Vec<Value>, EvalError> {
        let body = &frame.func.regions[region];
        if body.args.len() != args.len() {
            return Err(Fault::Arguments(format!("expected {} arguments, not {}", body.args.len(), args.len())).into());
        }
        for (&arg, value) in body.args.iter().zip(args) {
            frame.values[arg.index()] = Some(value);
        }
        let Some((&last, ops)) = body.ops.split_last() else {
            return Ok(Vec::new());
        };
        for &op in ops {
            self.run_operation(frame, op)?;
        }
        let terminator = &frame.func.ops[last];
        if !terminator.opcode.has(crate::ir::Traits::TERMINATOR) {
            self.run_operation(frame, last)?;
            return Ok(Vec::new());
        }
        let results = operands(frame, last).map_err(|fault| self.locate(frame.func, last, fault.into()))?;
        for &value in body.args.iter().chain(frame.lives.clone().deaths(last)) {
            frame.values[value.index()] = None;
        }
        Ok(results)
    }

    fn run_operation(&mut self, frame: &mut Frame<'m>, op: OpId) -> Result<(), EvalError> {
        let outcome = self.tick(1).map_err(EvalError::from).and_then(|()| self.results(frame, op));
        let results = outcome.map_err(|error| self.locate(frame.func, op, error))?;
        let operation = &frame.func.ops[op];
        check_results(frame.func, operation, &results).map_err(|fault| self.locate(frame.func, op, fault.into()))?;
        for (&value, result) in operation.results.iter().zip(results) {
            frame.values[value.index()] = Some(result);
        }
        for &value in frame.lives.clone().deaths(op) {
            frame.values[value.index()] = None;
        }
        Ok(())
    }

    fn results(&mut self, frame: &mut Frame<'m>, op: OpId) -> Result<Vec<Value>, EvalError> {
        let operation = &frame.func.ops[op];
        if let Some(constant) = self.constant(frame, op)? {
            return Ok(vec![constant]);
        }
        let operands = operands(frame, op)?;
        if let Some(results) = control::evaluate(self, frame, op, &operands)? {
            return Ok(results);
        }
        if let Some(results) = regions::evaluate(self, frame, op, &operands)? {
            return Ok(results);
        }
        match operation.opcode {
            Opcode::CustomCall => custom_call::evaluate(self, frame.func, op, operands),
            Opcode::Foreign => Err(Fault::unsupported(format!(
                "`{}` is of a dialect that the interpreter does not know",
                operation.name()
            ))
            .into()),
            _ => Ok(pure(&self.heap, frame.func, operation, operands)?),
        }
    }

    /// The value of a constant operation; small ones and those that share the module's bytes are
    /// made once.
    fn constant(&mut self, frame: &Frame<'m>, op: OpId) -> Result<Option<Value>, EvalError> {
        let operation = &frame.func.ops[op];
        if !matches!(operation.opcode, Opcode::Constant | Opcode::ChloConstant | Opcode::SdyConstant) {
            return Ok(None);
        }
        if let Some(known) = self.constants.get(&(frame.id, op)) {
            return Ok(Some(Value::Tensor(known.clone())));
        }
        let elements = operation.attr("value").and_then(|attr| attr.as_elements());
        let elements = elements.ok_or_else(|| Fault::invalid("a constant lacks its value"))?;
        let tensor = Tensor::from_elements_in(&self.heap, elements)?;
        if !elements.splat || tensor.bytes().len() <= CACHED_CONSTANT {
            self.constants.insert((frame.id, op), tensor.clone());
        }
        Ok(Some(Value::Tensor(tensor)))
    }

    /// Adds where an error happened, unless a nested operation has.
    fn locate(&self, func: &Func, op: OpId, mut error: EvalError) -> EvalError {
        if error.site.is_none() {
            error.site = Some(Box::new(self.site(func, op)));
        }
        error
    }

    /// Where an operation stands.
    pub(super) fn site(&self, func: &Func, op: OpId) -> Site {
        let operation = &func.ops[op];
        Site {
            func: func.name.clone(),
            op: operation.name().into(),
            span: operation.span,
            location: describe_location(self.module, operation),
            callers: self.calls.iter().rev().skip(1).cloned().collect(),
        }
    }

    /// Notes that a check failed.
    pub(super) fn fail_check(&mut self, func: &Func, op: OpId, message: String) {
        let site = self.site(func, op);
        self.checks.failures.push(CheckFailure { site, message });
    }
}

/// The operands of an operation. A value that dies here is moved rather than shared, unless the
/// operation's regions may still refer to it.
fn operands(frame: &mut Frame<'_>, op: OpId) -> Result<Vec<Value>, Fault> {
    let operation = &frame.func.ops[op];
    let lives = frame.lives.clone();
    let dying = if operation.regions.is_empty() { lives.deaths(op) } else { &[] };
    let mut values = Vec::with_capacity(operation.operands.len());
    for (at, &value) in operation.operands.iter().enumerate() {
        let moved = dying.contains(&value) && !operation.operands[at + 1..].contains(&value);
        let slot = &mut frame.values[value.index()];
        let found = if moved { slot.take() } else { slot.clone() };
        values.push(found.ok_or_else(|| Fault::invalid(format!("operand {at} is used before it is defined")))?);
    }
    Ok(values)
}

/// An operation that depends on nothing but tensor operands and attributes.
fn pure(heap: &Heap, func: &Func, operation: &Operation, operands: Vec<Value>) -> Result<Vec<Value>, Fault> {
    let operands = operands.into_iter().map(Value::into_tensor).collect::<Result<Vec<_>, _>>()?;
    let results = tensor_types(operation.results.iter().map(|&v| func.value_type(v)))
        .ok_or_else(|| Fault::invalid(format!("{} gives tensors", operation.name())))?;
    let mut call = Call { opcode: operation.opcode, attrs: &operation.attrs, operands, results, heap };
    Ok(dispatch::evaluate(&mut call)?.into_iter().map(Value::Tensor).collect())
}

fn check_results(func: &Func, operation: &Operation, results: &[Value]) -> Result<(), Fault> {
    if results.len() != operation.results.len() {
        let (have, want) = (results.len(), operation.results.len());
        return Err(Fault::invalid(format!("{} gives {have} results where {want} are declared", operation.name())));
    }
    for (&value, result) in operation.results.iter().zip(results) {
        let declared: &Type = func.value_type(value);
        if !result.fits(declared) {
            return Err(Fault::invalid(format!("the result is {}, but {declared} is declared", result.describe())));
        }
    }
    Ok(())
}

/// File, line and column, or the name that the program gives, where it does.
fn describe_location(module: &Module, operation: &Operation) -> Option<String> {
    fn describe(module: &Module, loc: crate::ir::LocId, depth: usize) -> Option<String> {
        if depth > 16 {
            return None;
        }
        match module.locs.get(loc) {
            Location::Unknown => None,
            Location::File { file, start, .. } => Some(format!("{file}:{}:{}", start.0, start.1)),
            Location::Name { name, child } => match describe(module, *child, depth + 1) {
                Some(child) => Some(format!("{name} ({child})")),
                None => Some(name.to_string()),
            },
            Location::CallSite { callee, .. } => describe(module, *callee, depth + 1),
            Location::Fused { parts, .. } => parts.iter().find_map(|&part| describe(module, part, depth + 1)),
        }
    }
    describe(module, operation.loc, 0)
}

/// Tensors of values.
pub(super) fn tensors(values: &[Value]) -> Result<SmallVec<[&Tensor; 4]>, Fault> {
    values
        .iter()
        .map(|value| {
            value.as_tensor().ok_or_else(|| Fault::invalid(format!("expected a tensor, not {}", value.describe())))
        })
        .collect()
}
