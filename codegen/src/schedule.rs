//! From a planned dispatch program to the schedule of an artifact.

use std::collections::HashMap;

use hire_artifact::schedule::{Call, Place, SCHEDULE_VERSION, Schedule, Step, TensorAt};
use hire_compiler::back::dispatch::{Kind, kind};
use hire_compiler::back::plan::{self, Move, Places};
use hire_compiler::back::{self, DISPATCH};
use hire_compiler::ir::{Attr, Func, FuncId, Module, OpId, Opcode, RegionId, Type, ValueId};

use crate::error::Error;
use crate::primitive::{primitive, stored_type};

/// What a schedule needs to know of kernels.
#[derive(Clone, Debug)]
pub struct KernelInfo {
    /// The symbol: that of the dispatch.
    pub symbol: String,
    /// Workgroups.
    pub grid: u64,
}

/// The machine that kernels were generated for.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The architecture, as Rust names it.
    pub arch: String,
    /// What kernels need of the CPU, as Rust names its features.
    pub features: Vec<String>,
}

/// The schedule of the entry `id`, and the bytes of its constants.
///
/// # Errors
/// When an operation is neither a kernel nor a primitive, or the plan does not hold.
pub fn schedule(
    module: &Module,
    id: FuncId,
    kernels: &[KernelInfo],
    machine: Machine,
) -> Result<(Schedule, Vec<u8>), Error> {
    back::check(module)?;
    let func = &module.funcs[id];
    let places = Places::of(module, id)?;
    let numbers = kernels.iter().enumerate().map(|(at, k)| (k.symbol.as_str(), (at as u32, k.grid))).collect();
    let mut walk = Walk { module, func, places, kernels: numbers, constants: Vec::new() };
    walk.constants = vec![0; walk.places.constant_bytes as usize];
    let body = func.body.ok_or_else(|| Error::Internal("the entry has no body".to_owned()))?;
    let mut steps = walk.region(body)?;
    steps.extend(plan::return_moves(func, &walk.places).into_iter().filter_map(copy));
    let schedule = Schedule {
        version: SCHEDULE_VERSION,
        arch: machine.arch,
        cpu_features: machine.features,
        arena_bytes: walk.places.arena_bytes,
        constant_bytes: walk.places.constant_bytes,
        kernels: kernels.iter().map(|k| k.symbol.clone()).collect(),
        steps,
    };
    Ok((schedule, walk.constants))
}

struct Walk<'m> {
    module: &'m Module,
    func: &'m Func,
    places: Places,
    /// Number and grid of each kernel, by symbol.
    kernels: HashMap<&'m str, (u32, u64)>,
    constants: Vec<u8>,
}

impl<'m> Walk<'m> {
    fn region(&mut self, region: RegionId) -> Result<Vec<Step>, Error> {
        let mut steps = Vec::new();
        for &op in &self.func.regions[region].ops {
            match kind(self.func, op) {
                Kind::Constant => self.constant(op),
                Kind::View | Kind::Terminator => {}
                Kind::Control => self.control(op, &mut steps)?,
                _ if self.func.ops[op].opcode == Opcode::Call => self.dispatch(op, &mut steps)?,
                _ => steps.extend(self.call(op)?),
            }
        }
        Ok(steps)
    }

    fn constant(&mut self, op: OpId) {
        let operation = &self.func.ops[op];
        let Some(elements) = operation.attr("value").and_then(Attr::as_elements) else { return };
        let plan::Place::Constant(offset) = self.places.get(operation.results[0]) else { return };
        let size = elements.ty.element.byte_size();
        let target = &mut self.constants[offset as usize..][..elements.len() as usize * size];
        for (at, slot) in target.chunks_exact_mut(size).enumerate() {
            slot.copy_from_slice(elements.element(at as u64));
        }
    }

    fn dispatch(&mut self, op: OpId, steps: &mut Vec<Step>) -> Result<(), Error> {
        let operation = &self.func.ops[op];
        let symbol = operation.symbol_attr("callee").unwrap_or("");
        let missing = || Error::Internal(format!("there is no kernel @{symbol}"));
        let (kernel, grid) = *self.kernels.get(symbol).ok_or_else(missing)?;
        if let Some(tensor) = self.updated(op) {
            // The kernel writes only the slice.
            let to = self.places.get(operation.results[0]);
            let bytes = plan::host_bytes(self.func.value_type(tensor)).unwrap_or(0);
            let from = self.places.get(tensor);
            if from != to && bytes > 0 {
                steps.extend(copy(Move { from, to, bytes }));
            }
        }
        let buffers = operation.operands.iter().chain(&operation.results).map(|&v| self.tensor(v));
        steps.push(Step::Dispatch { kernel, grid, buffers: buffers.collect::<Result<_, _>>()? });
        Ok(())
    }

    /// The tensor that a dispatch updates a slice of.
    fn updated(&self, op: OpId) -> Option<ValueId> {
        let operation = &self.func.ops[op];
        let callee = &self.module.funcs[self.module.func_by_name(operation.symbol_attr("callee")?)?];
        let is_update = callee.attrs.get(DISPATCH).and_then(Attr::as_str) == Some("update");
        let ops = &callee.regions[callee.body.filter(|_| is_update)?].ops;
        let &root = ops.iter().find(|&&op| callee.ops[op].opcode == Opcode::DynamicUpdateSlice)?;
        let at = callee.args().iter().position(|&arg| arg == callee.ops[root].operands[0])?;
        operation.operands.get(at).copied()
    }

    fn control(&mut self, op: OpId, steps: &mut Vec<Step>) -> Result<(), Error> {
        let operation = &self.func.ops[op];
        let mut regions = Vec::new();
        for &region in &operation.regions {
            let mut inner = self.region(region)?;
            inner.extend(plan::region_moves(self.func, op, region, &self.places).into_iter().filter_map(copy));
            regions.push(inner);
        }
        if operation.opcode == Opcode::While {
            steps.extend(plan::entry_moves(self.func, op, &self.places).into_iter().filter_map(copy));
            let end = self.func.terminator(operation.regions[0]);
            let predicate = end.map(|end| self.func.ops[end].operands[0]);
            let predicate = predicate.ok_or_else(|| Error::Internal("a loop has no condition".to_owned()))?;
            let predicate = self.tensor(predicate)?.place;
            let body = regions.pop().unwrap_or_default();
            let condition = regions.pop().unwrap_or_default();
            steps.push(Step::While { condition, predicate, body });
        } else {
            let index = self.tensor(operation.operands[0])?;
            let is_predicate = operation.opcode == Opcode::If;
            steps.push(Step::Case { index: index.place, is_predicate, branches: regions });
        }
        Ok(())
    }

    /// The call of a primitive. Tokens only order operations, which a schedule does anyway: they are
    /// left out, and so are operations on nothing else.
    fn call(&self, op: OpId) -> Result<Option<Step>, Error> {
        let operation = &self.func.ops[op];
        if matches!(operation.opcode, Opcode::AfterAll | Opcode::CreateToken) {
            return Ok(None);
        }
        let types: Vec<String> = operation.operands.iter().map(|&v| self.func.value_type(v).to_string()).collect();
        let detail = format!(" of ({})", types.join(", "));
        let primitive = primitive(self.module, self.func, op);
        let primitive = primitive.ok_or_else(|| Error::primitive(self.module, operation.name(), &detail))?;
        let is_tensor = |value: &&ValueId| *self.func.value_type(**value) != Type::Token;
        let tensors = |values: &[ValueId]| {
            values.iter().filter(is_tensor).map(|&v| self.tensor(v)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Some(Step::Call(Call {
            primitive: primitive.name,
            attributes: primitive.attributes,
            operands: tensors(&operation.operands)?,
            results: tensors(&operation.results)?,
        })))
    }

    fn tensor(&self, value: ValueId) -> Result<TensorAt, Error> {
        let ty = self.func.value_type(value);
        let lost = || Error::Internal(format!("a value of type {ty} lies nowhere"));
        let place = place(self.places.get(value)).ok_or_else(lost)?;
        let unknown = || Error::NoKernel { what: format!("a value of type {ty}") };
        let stored = stored_type(ty).ok_or_else(unknown)?;
        Ok(TensorAt { place, dtype: stored.dtype, shape: stored.shape })
    }
}

fn place(place: plan::Place) -> Option<Place> {
    match place {
        plan::Place::Argument(at) => Some(Place::Argument(at)),
        plan::Place::Result(at) => Some(Place::Result(at)),
        plan::Place::Arena(offset) => Some(Place::Arena(offset)),
        plan::Place::Constant(offset) => Some(Place::Constant(offset)),
        plan::Place::None => None,
    }
}

fn copy(step: Move) -> Option<Step> {
    Some(Step::Copy { from: place(step.from)?, to: place(step.to)?, bytes: step.bytes })
}
