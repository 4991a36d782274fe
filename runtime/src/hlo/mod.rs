//! Reads the optimized and scheduled programs that XLA's compilers hand out.
//!
//! Libtpu's is a `HloModuleProtoWithConfig` (`xla/xla.proto`, `xla/service/hlo.proto`). Of the hundreds of fields the few
//! are read that an estimate of time and bytes needs, by their numbers; the rest is skipped. Whatever the bytes, reading
//! them ends with a module or an error: lengths are checked against what is there, and only tuples nest, up to a limit.

mod shape;
pub mod wire;

use std::collections::HashMap;

pub use shape::{Array, Shape};
use wire::{Fields, WireError};

/// What is wrong with a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HloError {
    /// It is no protocol buffer.
    #[error("the scheduled program is damaged: {0}")]
    Wire(#[from] WireError),
    /// Tuples nest too deeply.
    #[error("the scheduled program is damaged: tuples nest too deeply")]
    Depth,
    /// Something is named that is not there.
    #[error("the scheduled program is damaged: it names {what} {id}, which it does not have")]
    Missing {
        /// What it is.
        what: &'static str,
        /// Its number.
        id: i64,
    },
    /// A called computation leads back to itself.
    #[error("the scheduled program is damaged: computation {0} calls itself")]
    Recursive(i64),
}

/// An instruction (`HloInstructionProto`).
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Its number, unique in the module.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The operation, such as `fusion` or `copy-start`.
    pub opcode: String,
    /// Its result.
    pub shape: Shape,
    /// The operands' numbers.
    pub operands: Vec<i64>,
    /// Numbers of the computations that it calls.
    pub called: Vec<i64>,
    /// Which parameter it is, for `parameter`.
    pub parameter_number: i64,
    /// Where its tuple's element is, for `get-tuple-element`.
    pub tuple_index: i64,
    /// `LT`, `EQ` and so on, for `compare`.
    pub comparison_direction: String,
    /// The value of an integer `constant` of one element.
    pub integer: Option<i64>,
    /// What it calls, for `custom-call`.
    pub custom_call_target: String,
    /// `kLoop`, `kOutput`, `kCustom`, for `fusion`.
    pub fusion_kind: String,
    /// `metadata.op_name`: where in the program it comes from.
    pub op_name: String,
    /// What the back-end says of it; libtpu's is JSON.
    pub backend_config: String,
}

/// A computation (`HloComputationProto`), its instructions in the order in which they run where the module has a schedule.
#[derive(Clone, Debug)]
pub struct Computation {
    /// Its number, unique in the module.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// The number of the instruction that gives its result.
    pub root: i64,
    by_id: HashMap<i64, usize>,
}

#[cfg(test)]
impl Instruction {
    /// An instruction for tests.
    pub(crate) fn test(id: i64, opcode: &str, shape: Shape, operands: &[i64]) -> Self {
        Instruction {
            id,
            name: format!("{opcode}.{id}"),
            opcode: opcode.to_owned(),
            shape,
            operands: operands.to_vec(),
            called: Vec::new(),
            parameter_number: 0,
            tuple_index: 0,
            comparison_direction: String::new(),
            integer: None,
            custom_call_target: String::new(),
            fusion_kind: String::new(),
            op_name: String::new(),
            backend_config: String::new(),
        }
    }
}

#[cfg(test)]
impl Computation {
    /// A computation for tests; its last instruction is its root.
    pub(crate) fn test(instructions: Vec<Instruction>) -> Self {
        let by_id = instructions.iter().enumerate().map(|(at, i)| (i.id, at)).collect();
        let root = instructions.last().map_or(0, |i| i.id);
        Computation { id: 1, name: "test".to_owned(), instructions, root, by_id }
    }
}

impl Computation {
    /// The instruction `id`.
    pub fn instruction(&self, id: i64) -> Result<&Instruction, HloError> {
        let missing = HloError::Missing { what: "instruction", id };
        self.by_id.get(&id).map(|&at| &self.instructions[at]).ok_or(missing)
    }

    /// The instruction that gives the result.
    pub fn root(&self) -> Result<&Instruction, HloError> {
        self.instruction(self.root)
    }
}

/// A module (`HloModuleProto`).
#[derive(Clone, Debug)]
pub struct HloModule {
    /// Its name.
    pub name: String,
    entry: i64,
    computations: HashMap<i64, Computation>,
}

impl HloModule {
    /// Reads a `HloModuleProtoWithConfig`.
    pub fn read_with_config(bytes: &[u8]) -> Result<Self, HloError> {
        let mut module = None;
        for field in Fields::of(bytes) {
            let field = field?;
            if field.number == 1 {
                module = Some(field.bytes()?);
            }
        }
        HloModule::read(module.ok_or(HloError::Missing { what: "module", id: 1 })?)
    }

    /// Reads a `HloModuleProto`.
    pub fn read(bytes: &[u8]) -> Result<Self, HloError> {
        let mut module = HloModule { name: String::new(), entry: 0, computations: HashMap::new() };
        let mut schedule = HashMap::new();
        for field in Fields::of(bytes) {
            let field = field?;
            match field.number {
                1 => module.name = field.text()?,
                3 => {
                    let computation = read_computation(field.bytes()?)?;
                    module.computations.insert(computation.id, computation);
                }
                6 => module.entry = field.integer()?,
                7 => schedule = read_schedule(field.bytes()?)?,
                _ => {}
            }
        }
        for (id, order) in schedule {
            if let Some(computation) = module.computations.get_mut(&id) {
                put_in_order(computation, &order);
            }
        }
        module.check()?;
        Ok(module)
    }

    /// The computation that runs.
    pub fn entry(&self) -> Result<&Computation, HloError> {
        self.computation(self.entry)
    }

    /// The computation `id`.
    pub fn computation(&self, id: i64) -> Result<&Computation, HloError> {
        self.computations.get(&id).ok_or(HloError::Missing { what: "computation", id })
    }

    /// All computations, in no order.
    pub fn computations(&self) -> impl Iterator<Item = &Computation> {
        self.computations.values()
    }

    /// Checks that what is named is there, and that no computation calls itself.
    fn check(&self) -> Result<(), HloError> {
        self.entry()?;
        for computation in self.computations.values() {
            for instruction in &computation.instructions {
                for &operand in &instruction.operands {
                    computation.instruction(operand)?;
                }
                for &called in &instruction.called {
                    self.computation(called)?;
                }
            }
        }
        self.check_calls()
    }

    /// Walks the calls depth first, without recursion.
    fn check_calls(&self) -> Result<(), HloError> {
        let mut finished: HashMap<i64, bool> = HashMap::new();
        for &start in self.computations.keys() {
            let mut stack = vec![(start, false)];
            while let Some((id, leaving)) = stack.pop() {
                if leaving {
                    finished.insert(id, true);
                    continue;
                }
                match finished.get(&id) {
                    Some(true) => continue,
                    Some(false) => return Err(HloError::Recursive(id)),
                    None => {}
                }
                finished.insert(id, false);
                stack.push((id, true));
                let mut called: Vec<i64> =
                    self.computation(id)?.instructions.iter().flat_map(|i| i.called.iter().copied()).collect();
                called.sort_unstable();
                called.dedup();
                for callee in called {
                    match finished.get(&callee) {
                        Some(true) => {}
                        Some(false) => return Err(HloError::Recursive(callee)),
                        None => stack.push((callee, false)),
                    }
                }
            }
        }
        Ok(())
    }
}

fn read_computation(bytes: &[u8]) -> Result<Computation, HloError> {
    let mut computation =
        Computation { id: 0, name: String::new(), instructions: Vec::new(), root: 0, by_id: HashMap::new() };
    for field in Fields::of(bytes) {
        let field = field?;
        match field.number {
            1 => computation.name = field.text()?,
            2 => computation.instructions.push(read_instruction(field.bytes()?)?),
            5 => computation.id = field.integer()?,
            6 => computation.root = field.integer()?,
            _ => {}
        }
    }
    index(&mut computation);
    Ok(computation)
}

fn index(computation: &mut Computation) {
    computation.by_id = computation.instructions.iter().enumerate().map(|(at, i)| (i.id, at)).collect();
}

fn read_instruction(bytes: &[u8]) -> Result<Instruction, HloError> {
    let mut instruction = Instruction {
        id: 0,
        name: String::new(),
        opcode: String::new(),
        shape: Shape::Tuple(Vec::new()),
        operands: Vec::new(),
        called: Vec::new(),
        parameter_number: 0,
        tuple_index: 0,
        comparison_direction: String::new(),
        integer: None,
        custom_call_target: String::new(),
        fusion_kind: String::new(),
        op_name: String::new(),
        backend_config: String::new(),
    };
    for field in Fields::of(bytes) {
        let field = field?;
        match field.number {
            1 => instruction.name = field.text()?,
            2 => instruction.opcode = field.text()?,
            3 => instruction.shape = Shape::read(field.bytes()?, 0)?,
            7 => instruction.op_name = op_name(field.bytes()?)?,
            8 => instruction.integer = integer(field.bytes()?)?,
            9 => instruction.parameter_number = field.integer()?,
            11 => instruction.fusion_kind = field.text()?,
            13 => instruction.tuple_index = field.integer()?,
            28 => instruction.custom_call_target = field.text()?,
            35 => instruction.id = field.integer()?,
            36 => field.integers(&mut instruction.operands)?,
            38 => field.integers(&mut instruction.called)?,
            43 => instruction.backend_config = field.text()?,
            63 => instruction.comparison_direction = field.text()?,
            _ => {}
        }
    }
    Ok(instruction)
}

/// `op_name` of an `OpMetadata`.
fn op_name(metadata: &[u8]) -> Result<String, HloError> {
    let mut name = String::new();
    for field in Fields::of(metadata) {
        let field = field?;
        if field.number == 2 {
            name = field.text()?;
        }
    }
    Ok(name)
}

/// The value of a `LiteralProto` with one element of a 32- or 64-bit integer type.
fn integer(literal: &[u8]) -> Result<Option<i64>, HloError> {
    let mut values = Vec::new();
    for field in Fields::of(literal) {
        let field = field?;
        // s32s, s64s, u32s, u64s.
        if (4..=7).contains(&field.number) {
            field.integers(&mut values)?;
        }
    }
    Ok(<[i64; 1]>::try_from(values).ok().map(|[value]| value))
}

/// `HloScheduleProto`: the instructions of each computation in the order in which they run.
fn read_schedule(bytes: &[u8]) -> Result<HashMap<i64, Vec<i64>>, HloError> {
    let mut schedule = HashMap::new();
    for sequence in Fields::of(bytes) {
        let sequence = sequence?;
        if sequence.number != 1 {
            continue;
        }
        let (mut id, mut order) = (0, Vec::new());
        for entry in Fields::of(sequence.bytes()?) {
            let entry = entry?;
            match entry.number {
                1 => id = entry.integer()?,
                2 => {
                    for ids in Fields::of(entry.bytes()?) {
                        let ids = ids?;
                        if ids.number == 1 {
                            ids.integers(&mut order)?;
                        }
                    }
                }
                _ => {}
            }
        }
        schedule.insert(id, order);
    }
    Ok(schedule)
}

/// Sorts instructions by the schedule; those that it does not name go last.
fn put_in_order(computation: &mut Computation, order: &[i64]) {
    let place: HashMap<i64, usize> = order.iter().enumerate().map(|(at, &id)| (id, at)).collect();
    computation.instructions.sort_by_key(|i| place.get(&i.id).copied().unwrap_or(usize::MAX));
    index(computation);
}
