//! Where each value of a dispatch program lies while it runs.
//!
//! All memory that a step needs besides its arguments and results is one block, the *arena*, whose
//! layout is planned here; nothing is allocated while a program runs. [`annotate`] writes the plan
//! into the module as attributes ([`PLACES`](super::PLACES)), so that it is printed and read with
//! it; [`check`] proves of any plan that no value is overwritten before its last use.
//!
//! - A `reshape` lies where its operand lies.
//! - An update whose tensor nobody reads afterwards lies where that tensor lies, and so a KV cache
//!   is updated in place: state arguments may be overwritten, other arguments and constants not.
//! - A carried value of a `while` has one place for the whole loop; what the region returns is
//!   moved there at its end. The results of an `if` are moved to their places by each branch.
//! - What the entry returns as state is moved to the state's argument if it does not lie there.

mod annotate;
mod check;
mod lifetimes;
mod moves;
mod storage;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::diag::Diagnostics;
use crate::ir::{AttrMap, Func, FuncId, Module, OpId, Opcode, Type, ValueId};

pub use annotate::annotate;
pub use check::check;
pub use moves::{Move, entry_moves, region_moves, return_moves};

/// Alignment of everything in the arena and among the constants, in bytes.
pub const ALIGNMENT: u64 = 64;

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In an argument of the entry.
    Argument(u32),
    /// In a result of the entry; only the last moves of a step name it.
    Result(u32),
    /// In the arena, at this offset in bytes.
    Arena(u64),
    /// Among the constants, at this offset in bytes.
    Constant(u64),
    /// Nowhere: it is no tensor.
    None,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Argument(index) => write!(f, "argument {index}"),
            Place::Result(index) => write!(f, "result {index}"),
            Place::Arena(offset) => write!(f, "arena {offset}"),
            Place::Constant(offset) => write!(f, "constant {offset}"),
            Place::None => f.write_str("none"),
        }
    }
}

/// A text that names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no place: expected `argument N`, `result N`, `arena OFFSET`, `constant OFFSET` or `none`")]
pub struct UnknownPlace(String);

impl FromStr for Place {
    type Err = UnknownPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownPlace(text.to_owned());
        let number = |text: &str| text.parse::<u64>().map_err(|_| unknown());
        match text.split_once(' ') {
            Some(("argument", index)) => Ok(Place::Argument(index.parse().map_err(|_| unknown())?)),
            Some(("result", index)) => Ok(Place::Result(index.parse().map_err(|_| unknown())?)),
            Some(("arena", offset)) => Ok(Place::Arena(number(offset)?)),
            Some(("constant", offset)) => Ok(Place::Constant(number(offset)?)),
            None if text == "none" => Ok(Place::None),
            _ => Err(unknown()),
        }
    }
}

/// The places that a plan gives, read from its module.
#[derive(Clone, Debug, Default)]
pub struct Places {
    of: std::collections::HashMap<ValueId, Place>,
    /// Bytes of the arena.
    pub arena_bytes: u64,
    /// Bytes of the constants.
    pub constant_bytes: u64,
    /// Where in the arena the scratch space of moves starts.
    scratch: u64,
}

impl Places {
    /// The plan of the entry `id`.
    ///
    /// # Errors
    /// When the module has none, or one that names no places; says where.
    pub fn of(module: &Module, id: FuncId) -> Result<Self, Diagnostics> {
        check::read(module, id)
    }

    /// Where a value lies.
    pub fn get(&self, value: ValueId) -> Place {
        self.of.get(&value).copied().unwrap_or(Place::None)
    }
}

/// Bytes that a tensor takes on a host: a whole byte for elements narrower than one. `None` for
/// what is no static tensor.
pub fn host_bytes(ty: &Type) -> Option<u64> {
    let tensor = ty.as_tensor()?;
    tensor.element_count()?.checked_mul(tensor.element.byte_size() as u64)
}

/// The operand of a call that the dispatch updates, if it is an update that reads that tensor
/// nowhere else.
fn updated_operand(module: &Module, func: &Func, op: OpId) -> Option<usize> {
    let operation = &func.ops[op];
    let callee = module.func_by_name(operation.symbol_attr("callee")?)?;
    let callee = &module.funcs[callee];
    let body = callee.body.filter(|_| operation.opcode == Opcode::Call)?;
    let ops = &callee.regions[body].ops;
    let &root = ops.iter().find(|&&op| callee.ops[op].opcode == Opcode::DynamicUpdateSlice)?;
    let written = callee.ops[root].operands[0];
    let index = callee.args().iter().position(|&arg| arg == written)?;
    let reads = ops.iter().flat_map(|&op| &callee.ops[op].operands).filter(|&&v| v == written).count();
    (reads == 1).then_some(index)
}

/// The state arguments of the entry: those that are donated to a result, with the result.
pub fn state_results(func: &Func) -> Vec<(u32, u32)> {
    let donated = |attrs: &AttrMap| u32::try_from(attrs.get("tf.aliasing_output")?.as_i64()?).ok();
    let arguments = func.arg_attrs.iter().enumerate();
    arguments.filter_map(|(index, attrs)| Some((index as u32, donated(attrs)?))).collect()
}
