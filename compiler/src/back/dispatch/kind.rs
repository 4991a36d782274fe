//! What an operation is to the cut.

use std::collections::HashSet;

use crate::ir::{Attr, ElementType, Func, OpId, Opcode, Operation, Type, ValueId};

/// What an operation is to the cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A tensor whose values are known.
    Constant,
    /// The same bytes under another type.
    View,
    /// Each element of the result is an element of an operand: only indices are computed.
    Index,
    /// Each element of the result is computed from the same elements of the operands.
    Elementwise,
    /// A reduction along dimensions.
    Reduce,
    /// A product of tensors.
    Dot,
    /// A slice of a tensor is replaced; in place where the tensor is not needed any more.
    Update,
    /// `while`, `if` and `case`.
    Control,
    /// The end of a region.
    Terminator,
    /// Everything else: computed by the runtime.
    Primitive,
}

impl Kind {
    /// Whether such operations are part of dispatches.
    pub fn is_dispatched(self) -> bool {
        matches!(self, Kind::Index | Kind::Elementwise | Kind::Reduce | Kind::Dot | Kind::Update)
    }

    /// Whether such operations may be fused into their users.
    pub fn is_map(self) -> bool {
        matches!(self, Kind::Index | Kind::Elementwise | Kind::View)
    }

    /// Whether a dispatch has at most one of these, which decides its family.
    pub fn is_anchor(self) -> bool {
        matches!(self, Kind::Reduce | Kind::Dot | Kind::Update)
    }
}

/// What an operation is to the cut. Operations on types that kernels do not compute with are
/// primitives.
pub fn kind(func: &Func, op: OpId) -> Kind {
    use Opcode::*;
    let operation = &func.ops[op];
    let by_opcode = match operation.opcode {
        Constant => return Kind::Constant,
        Return | FuncReturn => return Kind::Terminator,
        While | If | Case => return Kind::Control,
        Reshape => return if is_static(func, operation) { Kind::View } else { Kind::Primitive },
        BroadcastInDim | Broadcast | Iota | Slice | Transpose | Reverse | Concatenate | Pad | DynamicSlice => {
            Kind::Index
        }
        Gather if takes_rows(operation) => Kind::Index,
        Compare if operation.enum_attr("compare_type") == Some("TOTALORDER") => return Kind::Primitive,
        Power if !is_of(func, operation, ElementType::is_float) => return Kind::Primitive,
        CountLeadingZeros | Popcnt | ShiftLeft | ShiftRightArithmetic | ShiftRightLogical
            if is_of(func, operation, is_nibble) =>
        {
            return Kind::Primitive;
        }
        Abs | Add | And | Cbrt | Ceil | Clamp | Compare | Convert | Cosine | CountLeadingZeros | Divide
        | Exponential | ExponentialMinusOne | Floor | IsFinite | Log | LogPlusOne | Logistic | Maximum | Minimum
        | Multiply | Negate | Not | Or | Popcnt | Remainder | RoundNearestAfz | RoundNearestEven | Rsqrt | Select
        | ShiftLeft | ShiftRightArithmetic | ShiftRightLogical | Sign | Sine | Sqrt | Subtract | Tan | Power | Tanh
        | Xor => Kind::Elementwise,
        BitcastConvert if keeps_width(func, operation) => Kind::Elementwise,
        Reduce if has_scalar_body(func, operation) => Kind::Reduce,
        DotGeneral | Dot if is_of(func, operation, |element| *element != ElementType::I1 && !is_nibble(element)) => {
            Kind::Dot
        }
        DynamicUpdateSlice => Kind::Update,
        _ => return Kind::Primitive,
    };
    if is_computable(func, operation) { by_opcode } else { Kind::Primitive }
}

/// The name of the family of a dispatch whose anchor, or root, is of this kind.
pub fn family(kind: Kind) -> &'static str {
    match kind {
        Kind::Reduce => "reduce",
        Kind::Dot => "dot",
        Kind::Update => "update",
        _ => "map",
    }
}

/// Which operand of a product is streamed: the larger one, which holds the weights. Ties go to the
/// right.
pub fn streamed_operand(func: &Func, product: &Operation) -> usize {
    let count = |v: ValueId| func.value_type(v).as_tensor().and_then(|t| t.element_count()).unwrap_or(0);
    usize::from(count(product.operands[0]) <= count(product.operands[1]))
}

/// Gathers are index arithmetic, but for those with batching dimensions, which are left to the runtime.
fn takes_rows(operation: &Operation) -> bool {
    match operation.attr("dimension_numbers") {
        Some(Attr::GatherDimensionNumbers(numbers)) => numbers.operand_batching_dims.is_empty(),
        _ => false,
    }
}

/// Whether the elements of the only result are such.
fn is_of(func: &Func, operation: &Operation, wanted: impl Fn(&ElementType) -> bool) -> bool {
    let tensor = operation.result().and_then(|result| func.value_type(result).as_tensor());
    tensor.is_some_and(|ty| wanted(&ty.element))
}

/// Whether elements have four bits, which kernels keep in a byte, extended.
fn is_nibble(element: &ElementType) -> bool {
    matches!(element, ElementType::I4 | ElementType::UI4)
}

/// Whether the bits of one element become those of one other. Truth values have no bits of their own.
fn keeps_width(func: &Func, operation: &Operation) -> bool {
    let has_bits = |element: &ElementType| *element != ElementType::I1 && !is_nibble(element);
    let tensor = |v: ValueId| func.value_type(v).as_tensor().filter(|t| has_bits(&t.element));
    let bits = |v: ValueId| tensor(v).map(|t| t.element.bits());
    operation.result().is_some_and(|result| bits(result).is_some() && bits(operation.operands[0]) == bits(result))
}

/// Whether the computation of a reduction is element-wise on its own scalars.
fn has_scalar_body(func: &Func, operation: &Operation) -> bool {
    let Some(&body) = operation.regions.first() else { return false };
    let ops = &func.regions[body].ops;
    let own: HashSet<ValueId> =
        func.regions[body].args.iter().chain(ops.iter().flat_map(|&op| &func.ops[op].results)).copied().collect();
    ops.iter().all(|&op| {
        let inner = &func.ops[op];
        let computed = inner.operands.iter().all(|operand| own.contains(operand));
        computed
            && match kind(func, op) {
                Kind::Elementwise | Kind::Terminator => true,
                Kind::Constant => inner.result().is_some_and(|r| is_scalar(func, r)),
                _ => false,
            }
    })
}

fn is_scalar(func: &Func, value: ValueId) -> bool {
    func.value_type(value).as_tensor().and_then(|t| t.rank()) == Some(0)
}

/// Whether all operands and results are static tensors of a type that kernels compute with.
fn is_computable(func: &Func, operation: &Operation) -> bool {
    let computes = |value: &ValueId| match func.value_type(*value) {
        Type::Tensor(ty) => ty.element_count().is_some() && ty.encoding.is_none() && is_computed_with(&ty.element),
        _ => false,
    };
    operation.operands.iter().chain(&operation.results).all(computes)
}

fn is_static(func: &Func, operation: &Operation) -> bool {
    let is_static = |value: &ValueId| func.value_type(*value).as_tensor().is_some_and(|t| t.element_count().is_some());
    operation.operands.iter().chain(&operation.results).all(is_static)
}

/// Whether kernels compute with elements of this type.
fn is_computed_with(element: &ElementType) -> bool {
    use ElementType::*;
    matches!(element, I1 | I4 | I8 | I16 | I32 | I64 | UI4 | UI8 | UI16 | UI32 | UI64 | BF16 | F16 | F32 | F64)
}
