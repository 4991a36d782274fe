//! Bytes of main memory that an instruction moves.
//!
//! An instruction reads its operands and writes its result; of these only arrays in main memory count, those that the
//! layout puts in VMEM do not. Whoever takes a part of an array (a gather, a slice, an update in place) moves that part
//! only, also where that happens inside a fusion.

use std::collections::HashMap;

use crate::hlo::{Computation, HloError, HloModule, Instruction};

/// Fusions in fusions deeper than this count as reading their parameters whole.
const DEEPEST_FUSION: usize = 32;

/// Answers questions about one module, remembering what fusions read.
pub(super) struct Traffic<'m> {
    module: &'m HloModule,
    parts: HashMap<(i64, i64), Option<f64>>,
}

impl<'m> Traffic<'m> {
    pub(super) fn of(module: &'m HloModule) -> Self {
        Traffic { module, parts: HashMap::new() }
    }

    /// Bytes that `instruction` of `computation` moves to and from main memory.
    pub(super) fn bytes(&mut self, computation: &Computation, instruction: &Instruction) -> Result<f64, HloError> {
        let operand = |at: usize| -> Result<Option<&Instruction>, HloError> {
            instruction.operands.get(at).map(|&id| computation.instruction(id)).transpose()
        };
        let source_in_hbm = operand(0)?.is_some_and(|source| source.shape.hbm_bytes() > 0.0);
        let result = instruction.shape.hbm_bytes();
        match instruction.opcode.as_str() {
            "dynamic-update-slice" => {
                let update = operand(1)?.map_or(0.0, |update| update.shape.bytes());
                let source = operand(1)?.map_or(0.0, |update| update.shape.hbm_bytes());
                return Ok(source + if result > 0.0 { update } else { 0.0 });
            }
            "dynamic-slice" | "slice" | "gather" => {
                return Ok(if source_in_hbm { instruction.shape.bytes() } else { 0.0 } + result);
            }
            "copy-start" => return Ok(copied(instruction)),
            "async-start" => return Ok(started(instruction)),
            _ => {}
        }
        let mut total = self.written(instruction)?;
        for (at, &id) in instruction.operands.iter().enumerate() {
            let whole = computation.instruction(id)?.shape.hbm_bytes();
            let part = match instruction.opcode.as_str() {
                "fusion" if whole > 0.0 => self.part_of(instruction, at)?,
                _ => None,
            };
            total += part.map_or(whole, |part| part.min(whole));
        }
        Ok(total)
    }

    /// What a fusion reads of its operand `at`, where that is a part.
    fn part_of(&mut self, fusion: &Instruction, at: usize) -> Result<Option<f64>, HloError> {
        match fusion.called.first() {
            Some(&called) => self.part_read(called, at as i64, 0),
            None => Ok(None),
        }
    }

    /// Bytes that a computation takes of its parameter `number`; `None` for all of it.
    fn part_read(&mut self, id: i64, number: i64, depth: usize) -> Result<Option<f64>, HloError> {
        if let Some(&known) = self.parts.get(&(id, number)) {
            return Ok(known);
        }
        let part = if depth > DEEPEST_FUSION { None } else { self.find_part(id, number, depth)? };
        self.parts.insert((id, number), part);
        Ok(part)
    }

    fn find_part(&mut self, id: i64, number: i64, depth: usize) -> Result<Option<f64>, HloError> {
        let computation = self.module.computation(id)?;
        let is_it = |i: &&Instruction| i.opcode == "parameter" && i.parameter_number == number;
        let Some(parameter) = computation.instructions.iter().find(is_it) else { return Ok(None) };
        let users = users(computation);
        let (mut total, mut todo) = (0.0, vec![parameter.id]);
        while let Some(value) = todo.pop() {
            if value == computation.root {
                return Ok(None);
            }
            for &(user, at) in users.get(&value).into_iter().flatten() {
                match (user.opcode.as_str(), at) {
                    ("dynamic-slice" | "slice" | "gather", 0) => total += user.shape.bytes(),
                    ("dynamic-update-slice", 0) => {}
                    ("bitcast", _) => todo.push(user.id),
                    ("fusion", _) => {
                        let inner = user.called.first().copied();
                        let inner = inner.map(|inner| self.part_read(inner, at as i64, depth + 1)).transpose()?;
                        let Some(part) = inner.flatten() else { return Ok(None) };
                        total += part;
                    }
                    _ => return Ok(None),
                }
            }
        }
        Ok(Some(total))
    }

    /// Bytes that the result takes in main memory; of an update in place, the update.
    fn written(&self, instruction: &Instruction) -> Result<f64, HloError> {
        let whole = instruction.shape.hbm_bytes();
        let (true, "fusion", Some(&called)) = (whole > 0.0, instruction.opcode.as_str(), instruction.called.first())
        else {
            return Ok(whole);
        };
        let computation = self.module.computation(called)?;
        let mut root = computation.root()?;
        for _ in 0..DEEPEST_FUSION {
            match (root.opcode.as_str(), root.operands.first()) {
                ("bitcast", Some(&operand)) => root = computation.instruction(operand)?,
                _ => break,
            }
        }
        match (root.opcode.as_str(), root.operands.get(1)) {
            ("dynamic-update-slice", Some(&update)) => Ok(computation.instruction(update)?.shape.bytes().min(whole)),
            _ => Ok(whole),
        }
    }
}

/// Who uses each value of a computation, and as which operand.
pub(super) fn users(computation: &Computation) -> HashMap<i64, Vec<(&Instruction, usize)>> {
    let mut users: HashMap<i64, Vec<(&Instruction, usize)>> = HashMap::new();
    for instruction in &computation.instructions {
        for (at, &operand) in instruction.operands.iter().enumerate() {
            users.entry(operand).or_default().push((instruction, at));
        }
    }
    users
}

/// The result of a `copy-start` is (destination, source, context): what of the first two is in main memory.
fn copied(start: &Instruction) -> f64 {
    let arrays = start.shape.arrays();
    arrays.iter().take(2).filter(|array| array.memory_space == 0).map(|array| array.bytes()).sum()
}

/// The result of an `async-start` is ((sources), destination, context): the destination's bytes leave the source's memory
/// and enter their own.
fn started(start: &Instruction) -> f64 {
    let crate::hlo::Shape::Tuple(parts) = &start.shape else { return start.shape.hbm_bytes() };
    let [sources, destination, ..] = parts.as_slice() else { return start.shape.hbm_bytes() };
    let from_hbm = sources.hbm_bytes() > 0.0;
    destination.hbm_bytes() + if from_hbm { destination.bytes() } else { 0.0 }
}
