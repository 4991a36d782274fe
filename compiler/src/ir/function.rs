//! Functions: the arenas of values, operations and regions.

use smol_str::SmolStr;

use super::attrs::AttrMap;
use super::entity::{Arena, LocId, OpId, RegionId, ValueId};
use super::operation::Operation;
use super::types::{FunctionType, Type};
use crate::diag::Span;

/// Where a value is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueDef {
    /// The `index`-th result of an operation.
    Result {
        /// The operation.
        op: OpId,
        /// Which result.
        index: u32,
    },
    /// The `index`-th argument of a region.
    Argument {
        /// The region.
        region: RegionId,
        /// Which argument.
        index: u32,
    },
}

/// A value: its type and its definition.
#[derive(Clone, Debug)]
pub struct Value {
    /// The type.
    pub ty: Type,
    /// The definition.
    pub def: ValueDef,
    /// An argument's own location ([`LocId::UNKNOWN`] for results, whose operation has it).
    pub loc: LocId,
}

/// A single-block region: arguments, then operations in order.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// The arguments.
    pub args: Vec<ValueId>,
    /// The operations, the terminator last.
    pub ops: Vec<OpId>,
}

/// Who may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Anybody: an entry point.
    #[default]
    Public,
    /// Only the module's own functions.
    Private,
    /// Only the enclosing module.
    Nested,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    /// The symbol, without `@`.
    pub name: SmolStr,
    /// Its visibility.
    pub visibility: Visibility,
    /// Whether the text says `public`, which goes without saying; kept so that it is printed the same way.
    pub states_public: bool,
    /// Argument and result types.
    pub ty: FunctionType,
    /// Attributes of each argument (`tf.aliasing_output`, `mhlo.sharding`, …).
    pub arg_attrs: Vec<AttrMap>,
    /// Attributes of each result (`jax.result_info`, …).
    pub result_attrs: Vec<AttrMap>,
    /// The function's own discardable attributes.
    pub attrs: AttrMap,
    /// The body, or `None` for a declaration.
    pub body: Option<RegionId>,
    /// Where the program says it came from.
    pub loc: LocId,
    /// Where its head stands in the source text.
    pub span: Span,
    /// All values ever defined in the function; some may be dead.
    pub values: Arena<ValueId, Value>,
    /// All operations ever made in the function; some may be in no region.
    pub ops: Arena<OpId, Operation>,
    /// All regions ever made in the function; the first is the body.
    pub regions: Arena<RegionId, Region>,
}

impl Func {
    /// A function with an empty body whose arguments have the types of `ty.inputs`.
    pub fn new(name: impl Into<SmolStr>, ty: FunctionType) -> Self {
        let mut func = Self::declaration(name, ty);
        let body = func.regions.push(Region::default());
        for input in func.ty.inputs.clone() {
            func.add_arg(body, input, LocId::UNKNOWN);
        }
        func.body = Some(body);
        func
    }

    /// A function without a body.
    pub fn declaration(name: impl Into<SmolStr>, ty: FunctionType) -> Self {
        Self {
            name: name.into(),
            visibility: Visibility::Public,
            states_public: false,
            arg_attrs: vec![AttrMap::new(); ty.inputs.len()],
            result_attrs: vec![AttrMap::new(); ty.results.len()],
            ty,
            attrs: AttrMap::new(),
            body: None,
            loc: LocId::UNKNOWN,
            span: Span::NONE,
            values: Arena::new(),
            ops: Arena::new(),
            regions: Arena::new(),
        }
    }

    /// The arguments of the body; none for a declaration.
    pub fn args(&self) -> &[ValueId] {
        self.body.map_or(&[], |body| &self.regions[body].args)
    }

    /// The type of a value.
    pub fn value_type(&self, value: ValueId) -> &Type {
        &self.values[value].ty
    }

    /// The operation that defines a value, unless it is an argument.
    pub fn defining_op(&self, value: ValueId) -> Option<OpId> {
        match self.values[value].def {
            ValueDef::Result { op, .. } => Some(op),
            ValueDef::Argument { .. } => None,
        }
    }

    /// The last operation of a region.
    pub fn terminator(&self, region: RegionId) -> Option<OpId> {
        self.regions[region].ops.last().copied()
    }

    /// Adds an argument to a region.
    pub fn add_arg(&mut self, region: RegionId, ty: Type, loc: LocId) -> ValueId {
        let index = self.regions[region].args.len() as u32;
        let value = self.values.push(Value { ty, def: ValueDef::Argument { region, index }, loc });
        self.regions[region].args.push(value);
        value
    }

    /// Makes an operation with fresh results of the given types, in no region yet.
    /// `op.results` is overwritten.
    pub fn make_op(&mut self, mut op: Operation, result_types: impl IntoIterator<Item = Type>) -> OpId {
        let id = self.ops.next_key();
        op.results = result_types
            .into_iter()
            .enumerate()
            .map(|(index, ty)| {
                let def = ValueDef::Result { op: id, index: index as u32 };
                self.values.push(Value { ty, def, loc: LocId::UNKNOWN })
            })
            .collect();
        self.ops.push(op)
    }

    /// Calls `visit` for every operation in the body and, after each operation, for those of its
    /// regions: program order, parents first. Iterative, so depth is bounded by memory only.
    pub fn walk(&self, mut visit: impl FnMut(RegionId, OpId)) {
        let mut stack: Vec<(RegionId, usize)> = self.body.map(|b| (b, 0)).into_iter().collect();
        while let Some((region, at)) = stack.pop() {
            let Some(&op) = self.regions[region].ops.get(at) else { continue };
            stack.push((region, at + 1));
            visit(region, op);
            stack.extend(self.ops[op].regions.iter().rev().map(|&r| (r, 0)));
        }
    }
}
