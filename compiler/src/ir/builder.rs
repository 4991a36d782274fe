//! Appends operations to a region.

use smallvec::SmallVec;

use super::attrs::{Attr, AttrMap};
use super::entity::{LocId, OpId, RegionId, ValueId};
use super::function::{Func, Region};
use super::operation::Operation;
use super::ops::Opcode;
use super::types::{TensorType, Type};
use crate::diag::{Diagnostic, Span};

/// Appends operations to one region of a function.
///
/// The builder checks nothing that the verifier checks; it only keeps the arenas consistent.
pub struct Builder<'f> {
    /// The function that is built.
    pub func: &'f mut Func,
    /// The region that grows.
    pub region: RegionId,
    /// The location given to new operations.
    pub loc: LocId,
}

impl<'f> Builder<'f> {
    /// A builder at the end of the function's body.
    ///
    /// # Panics
    /// When the function is a declaration.
    pub fn new(func: &'f mut Func) -> Self {
        let region = func.body.expect("a function that is built has a body");
        Self { func, region, loc: LocId::UNKNOWN }
    }

    /// Appends an operation and returns it.
    pub fn op(
        &mut self,
        opcode: Opcode,
        operands: impl IntoIterator<Item = ValueId>,
        attrs: impl IntoIterator<Item = (&'static str, Attr)>,
        result_types: impl IntoIterator<Item = Type>,
    ) -> OpId {
        self.op_with_regions(opcode, operands, attrs, [], result_types)
    }

    /// Appends an operation that has regions and returns it.
    pub fn op_with_regions(
        &mut self,
        opcode: Opcode,
        operands: impl IntoIterator<Item = ValueId>,
        attrs: impl IntoIterator<Item = (&'static str, Attr)>,
        regions: impl IntoIterator<Item = RegionId>,
        result_types: impl IntoIterator<Item = Type>,
    ) -> OpId {
        let op = Operation {
            opcode,
            foreign_name: None,
            operands: operands.into_iter().collect(),
            results: SmallVec::new(),
            attrs: attrs.into_iter().collect::<AttrMap>(),
            regions: regions.into_iter().collect(),
            loc: self.loc,
            span: Span::NONE,
        };
        let id = self.func.make_op(op, result_types);
        self.func.regions[self.region].ops.push(id);
        id
    }

    /// Appends an operation with one result and returns the result.
    pub fn value(
        &mut self,
        opcode: Opcode,
        operands: impl IntoIterator<Item = ValueId>,
        attrs: impl IntoIterator<Item = (&'static str, Attr)>,
        result_type: impl Into<Type>,
    ) -> ValueId {
        let op = self.op(opcode, operands, attrs, [result_type.into()]);
        self.func.ops[op].results[0]
    }

    /// Appends an operation with one result whose type follows from the operands and attributes, and
    /// returns the result.
    ///
    /// # Errors
    /// The first constraint that does not hold; or that the type does not follow (`convert`, `reshape`,
    /// `broadcast_in_dim`, …) and must be given to [`Self::value`]; or that there is not one result.
    pub fn infer(
        &mut self,
        opcode: Opcode,
        operands: impl IntoIterator<Item = ValueId>,
        attrs: impl IntoIterator<Item = (&'static str, Attr)>,
    ) -> Result<ValueId, Diagnostic> {
        let op = self.infer_op(opcode, operands, attrs, [])?;
        self.func.ops[op].result().ok_or_else(|| {
            Diagnostic::error(Span::NONE, format!("`{}` has not one result", opcode.info().name)).tag("result_count")
        })
    }

    /// Appends an operation whose result types follow from the operands, attributes and regions.
    ///
    /// # Errors
    /// As [`Self::infer`], but for any number of results.
    pub fn infer_op(
        &mut self,
        opcode: Opcode,
        operands: impl IntoIterator<Item = ValueId>,
        attrs: impl IntoIterator<Item = (&'static str, Attr)>,
        regions: impl IntoIterator<Item = RegionId>,
    ) -> Result<OpId, Diagnostic> {
        let operands: SmallVec<[ValueId; 3]> = operands.into_iter().collect();
        let regions: SmallVec<[RegionId; 1]> = regions.into_iter().collect();
        let attrs: Vec<(&'static str, Attr)> = attrs.into_iter().collect();
        let map: AttrMap = attrs.iter().cloned().collect();
        let inferred = crate::valid::result_types(self.func, opcode, &operands, &map, &regions);
        match inferred {
            Ok(types) => Ok(self.op_with_regions(opcode, operands, attrs, regions, types)),
            Err(errors) => Err(errors.0.into_iter().next().unwrap_or_else(|| {
                Diagnostic::error(Span::NONE, format!("`{}`: the result types do not follow", opcode.info().name))
            })),
        }
    }

    /// Builds a new region with arguments of the given types; `fill` appends its operations.
    pub fn region(
        &mut self,
        arg_types: impl IntoIterator<Item = Type>,
        fill: impl FnOnce(&mut Builder<'_>, &[ValueId]),
    ) -> RegionId {
        let region = self.func.regions.push(Region::default());
        let args: Vec<ValueId> =
            arg_types.into_iter().map(|ty| self.func.add_arg(region, ty, LocId::UNKNOWN)).collect();
        fill(&mut Builder { func: self.func, region, loc: self.loc }, &args);
        region
    }

    /// The tensor type of a value.
    ///
    /// # Panics
    /// When the value is no tensor; callers build from tensors they matched.
    pub fn tensor_type(&self, value: ValueId) -> &TensorType {
        self.func.value_type(value).as_tensor().expect("callers pass values they know to be tensors")
    }
}
