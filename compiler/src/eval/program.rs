//! Regions of scalars as short programs.
//!
//! The bodies of reductions, sorts, scatters and maps are computed once per element, nearly always
//! by a few element-wise operations on rank-0 tensors. Such a region is translated once into a
//! list of instructions on numbered registers; any other region is run by the machine.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::elementwise::Elementwise;
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::number::{Kind, Scalar};
use super::tensor::Tensor;
use super::value::Value;
use crate::ir::{ElementType, Func, OpId, Opcode, RegionId, TensorType, Type, ValueId};

/// One element-wise operation on registers.
struct Instruction {
    operation: Elementwise,
    args: SmallVec<[usize; 3]>,
    out: usize,
}

/// A region as instructions: arguments come first among the registers, then constants and results.
struct Program {
    instructions: Vec<Instruction>,
    /// Initial contents of all registers.
    registers: Vec<Scalar>,
    outputs: SmallVec<[usize; 2]>,
}

impl Program {
    /// Translates a region, if all it does is element-wise on rank-0 tensors.
    fn translate(frame: &Frame<'_>, region: RegionId) -> Option<Self> {
        let func = frame.func;
        let body = &func.regions[region];
        let mut translation =
            Translation { frame, registers: Vec::new(), of_value: HashMap::new(), instructions: Vec::new() };
        for &arg in &body.args {
            scalar_kind(func, arg)?;
            translation.define(arg, Scalar::Int(0));
        }
        let (&last, ops) = body.ops.split_last()?;
        for &op in ops {
            translation.operation(op)?;
        }
        let terminator = &func.ops[last];
        if !terminator.opcode.has(crate::ir::Traits::TERMINATOR) {
            return None;
        }
        let outputs = terminator.operands.iter().map(|&v| translation.register(v)).collect::<Option<_>>()?;
        Some(Self { instructions: translation.instructions, registers: translation.registers, outputs })
    }

    fn run(&mut self, args: &[Scalar], results: &mut SmallVec<[Scalar; 2]>) {
        self.registers[..args.len()].copy_from_slice(args);
        for instruction in &self.instructions {
            let mut operands = [Scalar::Int(0); 3];
            for (operand, &register) in operands.iter_mut().zip(&instruction.args) {
                *operand = self.registers[register];
            }
            self.registers[instruction.out] = instruction.operation.scalar(&operands[..instruction.args.len()]);
        }
        results.clear();
        results.extend(self.outputs.iter().map(|&register| self.registers[register]));
    }

    /// The operation, when the region is a single one of its two arguments in order.
    fn single_operation(&self) -> Option<&Elementwise> {
        match (self.instructions.as_slice(), self.outputs.as_slice()) {
            ([only], [output]) if *output == only.out && only.args.as_slice() == [0, 1] => Some(&only.operation),
            _ => None,
        }
    }
}

struct Translation<'a, 'm> {
    frame: &'a Frame<'m>,
    registers: Vec<Scalar>,
    of_value: HashMap<ValueId, usize>,
    instructions: Vec<Instruction>,
}

impl Translation<'_, '_> {
    fn define(&mut self, value: ValueId, initial: Scalar) -> usize {
        self.registers.push(initial);
        self.of_value.insert(value, self.registers.len() - 1);
        self.registers.len() - 1
    }

    /// The register of a value; one from outside the region becomes a constant.
    fn register(&mut self, value: ValueId) -> Option<usize> {
        if let Some(&register) = self.of_value.get(&value) {
            return Some(register);
        }
        let outside = self.frame.value(value)?.as_tensor()?;
        let scalar = rank0_scalar(outside)?;
        Some(self.define(value, scalar))
    }

    fn operation(&mut self, op: OpId) -> Option<()> {
        let func = self.frame.func;
        let operation = &func.ops[op];
        if operation.opcode == Opcode::Constant {
            let tensor = Tensor::from_elements(operation.attr("value")?.as_elements()?).ok()?;
            self.define(operation.result()?, rank0_scalar(&tensor)?);
            return Some(());
        }
        let result = operation.result()?;
        let kind = scalar_kind(func, result)?;
        let kinds =
            operation.operands.iter().map(|&v| scalar_kind(func, v)).collect::<Option<SmallVec<[Kind; 3]>>>()?;
        let args = operation.operands.iter().map(|&v| self.register(v)).collect::<Option<SmallVec<[usize; 3]>>>()?;
        if matches!(operation.opcode, Opcode::Reshape | Opcode::BroadcastInDim) {
            self.of_value.insert(result, args[0]);
            return Some(());
        }
        let operation = Elementwise::of(operation.opcode, &operation.attrs, &kinds, kind).ok()??;
        let out = self.define(result, Scalar::Int(0));
        self.instructions.push(Instruction { operation, args, out });
        Some(())
    }
}

fn scalar_element(func: &Func, value: ValueId) -> Option<&ElementType> {
    match func.value_type(value) {
        Type::Tensor(TensorType { dims: Some(dims), element, .. }) if dims.is_empty() => Some(element),
        _ => None,
    }
}

/// The kind of a rank-0 tensor that is not quantized.
fn scalar_kind(func: &Func, value: ValueId) -> Option<Kind> {
    Kind::of(scalar_element(func, value)?).ok()
}

fn rank0_scalar(tensor: &Tensor) -> Option<Scalar> {
    let kind = Kind::of(tensor.element()).ok()?;
    tensor.shape().is_empty().then(|| kind.read(tensor.bytes(), 0))
}

/// A region that is called with scalars.
pub(super) struct Body<'a, 'm> {
    machine: &'a mut Machine<'m>,
    frame: &'a mut Frame<'m>,
    region: RegionId,
    program: Option<Program>,
    /// The kinds of the region's arguments, which callers convert their elements to.
    pub(super) args: SmallVec<[Kind; 4]>,
}

impl<'a, 'm> Body<'a, 'm> {
    /// Prepares a region whose arguments are rank-0 tensors.
    ///
    /// # Errors
    /// When they are not, or their number is not `arity`.
    pub(super) fn new(
        machine: &'a mut Machine<'m>,
        frame: &'a mut Frame<'m>,
        region: RegionId,
        arity: usize,
    ) -> Result<Self, EvalError> {
        let args = &frame.func.regions[region].args;
        let stored = |&arg| scalar_element(frame.func, arg).and_then(|element| Kind::stored(element).ok());
        let kinds: Option<SmallVec<[Kind; 4]>> = args.iter().map(stored).collect();
        let args = kinds
            .filter(|kinds| kinds.len() == arity)
            .ok_or_else(|| Fault::invalid(format!("the region must take {arity} scalars")))?;
        let program = Program::translate(frame, region);
        Ok(Self { machine, frame, region, program, args })
    }

    /// The results of the region for these arguments.
    pub(super) fn call(&mut self, args: &[Scalar], results: &mut SmallVec<[Scalar; 2]>) -> Result<(), EvalError> {
        self.machine.tick(1)?;
        if let Some(program) = &mut self.program {
            program.run(args, results);
            return Ok(());
        }
        let values = self.arguments(args)?;
        let outputs = self.machine.run_region(self.frame, self.region, values)?;
        results.clear();
        for output in outputs {
            let tensor = output.into_tensor()?;
            results.push(Kind::stored(tensor.element())?.read(tensor.bytes(), 0));
        }
        Ok(())
    }

    /// The result of the region, when it gives one.
    pub(super) fn call_one(&mut self, args: &[Scalar]) -> Result<Scalar, EvalError> {
        let mut results = SmallVec::new();
        self.call(args, &mut results)?;
        match results.as_slice() {
            [one] => Ok(*one),
            _ => Err(Fault::invalid("the region must give one result").into()),
        }
    }

    /// The operation, when the region is a single element-wise one of its two arguments.
    pub(super) fn single_operation(&self) -> Option<&Elementwise> {
        self.program.as_ref()?.single_operation()
    }

    /// Counts work that is done without calling the region.
    pub(super) fn tick(&mut self, steps: usize) -> Result<(), EvalError> {
        Ok(self.machine.tick(steps as u64)?)
    }

    fn arguments(&self, args: &[Scalar]) -> Result<Vec<Value>, EvalError> {
        let region = &self.frame.func.regions[self.region];
        let mut values = Vec::with_capacity(args.len());
        for ((&arg, &kind), &scalar) in region.args.iter().zip(&self.args).zip(args) {
            let Type::Tensor(ty) = self.frame.func.value_type(arg) else {
                return Err(Fault::invalid("the region must take tensors").into());
            };
            let tensor = self.machine.heap.build(&ty.element, &[], |out| {
                kind.write(scalar, out, 0);
                Ok::<_, Fault>(())
            })?;
            values.push(Value::Tensor(tensor));
        }
        Ok(values)
    }
}
