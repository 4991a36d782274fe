//! The names of values: `%arg0`, `%7`, `%7#1`, `%cst_2`.
//!
//! Numbering is MLIR's. The values of a region are numbered before those of the regions inside it,
//! and sibling regions start from the same number, so a name is unique among the values that are
//! visible together, not in the whole function. In the pretty form constants are called `%c`
//! (integers) or `%cst`, the arguments of a `while`'s regions `%iterArg`, and the results of an
//! operation that declares several by the names of the table (`%values, %indices`), with a counter
//! where the name is taken.

use std::collections::HashSet;
use std::fmt;

use smallvec::SmallVec;

use crate::ir::ops::Presence;
use crate::ir::{ElementType, Entity, Func, OpId, Opcode, Operation, RegionId, Type, ValueDef, ValueId};

/// The name of a value, without the number of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Base {
    /// The value is in no region.
    None,
    Number(u32),
    Argument(u32),
    /// A word, and a number where the word was taken.
    Word(&'static str, Option<u32>),
}

/// The names of all values of a function that are in its body.
#[derive(Clone, Debug)]
pub struct Names {
    /// By value; of results that are not the first of their operation, the first one's.
    bases: Vec<Base>,
}

/// A name, displayed as in the text.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    base: Base,
    /// Which result, of an operation that has several.
    result: Option<u32>,
    value: ValueId,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.base {
            Base::None => write!(f, "%<value {} of no region>", self.value.index())?,
            Base::Number(number) => write!(f, "%{number}")?,
            Base::Argument(number) => write!(f, "%arg{number}")?,
            Base::Word(word, None) => write!(f, "%{word}")?,
            Base::Word(word, Some(number)) => write!(f, "%{word}_{number}")?,
        }
        self.result.map_or(Ok(()), |result| write!(f, "#{result}"))
    }
}

impl Names {
    /// The names in the pretty form.
    pub fn of(func: &Func) -> Names {
        Names::number(func, true)
    }

    /// The names in the generic form: numbers only.
    pub fn generic(func: &Func) -> Names {
        Names::number(func, false)
    }

    /// The name of a value where it is used.
    pub fn get(&self, func: &Func, value: ValueId) -> Name {
        let base = self.bases.get(value.index()).copied().unwrap_or(Base::None);
        let result = match func.values.get(value).map(|v| v.def) {
            Some(ValueDef::Result { op, index }) if func.ops[op].results.len() > 1 => Some(index),
            _ => None,
        };
        let result = match base {
            Base::Word(..) => None,
            _ => result,
        };
        Name { base, result, value }
    }

    /// The names under which an operation's results are defined: one each, or one for all, which
    /// is to be followed by their number.
    pub(super) fn results(&self, func: &Func, op: OpId) -> SmallVec<[Name; 1]> {
        let results = &func.ops[op].results;
        let name = |&value: &ValueId| Name { result: None, ..self.get(func, value) };
        match results.first().map(name) {
            Some(Name { base: Base::Word(..), .. }) => results.iter().map(name).collect(),
            first => first.into_iter().collect(),
        }
    }

    fn number(func: &Func, pretty: bool) -> Names {
        let mut numbering = Numbering {
            func,
            pretty,
            bases: vec![Base::None; func.values.len()],
            taken: HashSet::new(),
            taken_in_order: Vec::new(),
            counters: Counters::default(),
        };
        let mut open: Vec<Open> = func.body.map(Open::at_top).into_iter().collect();
        while let Some(next) = open.pop() {
            numbering.enter(&next);
            numbering.region(next.region, next.is_loop);
            open.extend(numbering.regions_inside(next.region));
        }
        Names { bases: numbering.bases }
    }
}

/// The next number of each kind.
#[derive(Clone, Copy, Default)]
struct Counters {
    value: u32,
    argument: u32,
    conflict: u32,
}

/// A region that is still to be numbered, and the state when it was met.
struct Open {
    region: RegionId,
    is_loop: bool,
    counters: Counters,
    taken: usize,
}

impl Open {
    fn at_top(region: RegionId) -> Self {
        Open { region, is_loop: false, counters: Counters::default(), taken: 0 }
    }
}

struct Numbering<'f> {
    func: &'f Func,
    pretty: bool,
    bases: Vec<Base>,
    /// Names made of words that are visible.
    taken: HashSet<(&'static str, Option<u32>)>,
    taken_in_order: Vec<(&'static str, Option<u32>)>,
    counters: Counters,
}

impl Numbering<'_> {
    /// Goes back to the state when the region was met.
    fn enter(&mut self, open: &Open) {
        for name in self.taken_in_order.drain(open.taken..) {
            self.taken.remove(&name);
        }
        self.counters = open.counters;
    }

    fn region(&mut self, region: RegionId, is_loop: bool) {
        let func = self.func;
        for &arg in &func.regions[region].args {
            self.bases[arg.index()] = if is_loop { self.named("iterArg") } else { self.argument() };
        }
        for &op in &func.regions[region].ops {
            let op = &func.ops[op];
            let Some(&first) = op.results.first() else { continue };
            let base = match (op.opcode, func.value_type(first)) {
                (Opcode::Constant, Type::Tensor(ty)) if self.pretty => {
                    let integer = ty.element.is_integer() || ty.element == ElementType::I1;
                    self.named(if integer { "c" } else { "cst" })
                }
                _ if self.pretty && results_have_names(op) => {
                    for (result, spec) in op.results.iter().zip(op.opcode.info().results) {
                        self.bases[result.index()] = self.named(spec.name);
                    }
                    continue;
                }
                _ => self.value(),
            };
            op.results.iter().for_each(|result| self.bases[result.index()] = base);
        }
    }

    fn regions_inside(&self, region: RegionId) -> Vec<Open> {
        let func = self.func;
        let inside = func.regions[region].ops.iter().map(|&op| &func.ops[op]);
        let open =
            |(region, is_loop)| Open { region, is_loop, counters: self.counters, taken: self.taken_in_order.len() };
        inside
            .flat_map(|op| op.regions.iter().map(|&r| (r, self.pretty && op.opcode == Opcode::While)))
            .map(open)
            .collect()
    }

    fn value(&mut self) -> Base {
        self.counters.value += 1;
        Base::Number(self.counters.value - 1)
    }

    fn argument(&mut self) -> Base {
        self.counters.argument += 1;
        Base::Argument(self.counters.argument - 1)
    }

    fn named(&mut self, word: &'static str) -> Base {
        let mut suffix = None;
        while !self.taken.insert((word, suffix)) {
            suffix = Some(self.counters.conflict);
            self.counters.conflict += 1;
        }
        self.taken_in_order.push((word, suffix));
        Base::Word(word, suffix)
    }
}

/// Whether an operation declares several results and has just those.
fn results_have_names(op: &Operation) -> bool {
    let declared = op.opcode.info().results;
    let each_once = declared.iter().all(|spec| spec.presence == Presence::Required);
    declared.len() > 1 && each_once && declared.len() == op.results.len()
}
