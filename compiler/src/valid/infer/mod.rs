//! Result types from operands, attributes and regions.
//!
//! A family's function checks the constraints on what an operation takes, and gives the types that
//! follow for its results, or says that they do not follow and must be stated. The verifier compares
//! stated types with inferred ones: they must be compatible, not equal, since a program may know more or
//! less than inference does. Constraints between operands and results that must be stated are
//! checked by [`against_results`].

mod chlo;
mod collectives;
mod control_flow;
mod convolution;
mod custom_call;
mod dot;
mod dynamic;
mod elementwise;
mod gather;
mod linear_algebra;
mod quantized;
mod random;
mod reduce;
mod scatter;
mod shape_ops;
mod slicing;
mod sort;
mod testing;
mod tokens;
mod window;

use smallvec::{SmallVec, smallvec};

use super::compat::{compatible, compatible_elements};
use super::declared;
use super::site::{Checked, OpCx, Site};
use crate::diag::{Diagnostics, Span};
use crate::ir::{AttrMap, Func, Opcode, RegionId, TensorType, Traits, Type, ValueId};

/// A result type that follows, and the constraint that it follows by.
pub(super) struct Inferred {
    ty: Type,
    tag: &'static str,
    /// Whether another element type may be stated.
    free_element: bool,
}

/// What is known of the results of an operation.
pub(super) enum Outcome {
    /// Their types follow.
    Types(SmallVec<[Inferred; 1]>),
    /// Their types must be stated.
    Stated,
}

impl Outcome {
    /// One result of this type.
    fn one(ty: impl Into<Type>, tag: &'static str) -> Checked<Outcome> {
        Ok(Outcome::Types(smallvec![Inferred { ty: ty.into(), tag, free_element: false }]))
    }

    /// One result of this shape, whose element type is stated.
    fn shape(ty: TensorType, tag: &'static str) -> Checked<Outcome> {
        Ok(Outcome::Types(smallvec![Inferred { ty: ty.into(), tag, free_element: true }]))
    }

    /// Results of these types.
    fn all(types: impl IntoIterator<Item = Type>, tag: &'static str) -> Checked<Outcome> {
        Ok(Outcome::Types(types.into_iter().map(|ty| Inferred { ty, tag, free_element: false }).collect()))
    }

    /// No results.
    fn none() -> Checked<Outcome> {
        Ok(Outcome::Types(SmallVec::new()))
    }
}

/// The result types that follow for an operation that is about to be made.
///
/// # Errors
/// When a constraint on the operands, attributes or regions does not hold, or when the result
/// types do not follow from them (`convert`, `reshape`, `broadcast_in_dim`, `iota`, …).
pub fn result_types(
    func: &Func,
    opcode: Opcode,
    operands: &[ValueId],
    attrs: &AttrMap,
    regions: &[RegionId],
) -> Result<Vec<Type>, Diagnostics> {
    let site = Site {
        func,
        opcode,
        name: opcode.info().name,
        operands,
        results: None,
        attrs,
        regions,
        span: Span::NONE,
        context: None,
    };
    let mut cx = OpCx::new(site);
    let outcome = declared::check(&mut cx).and_then(|()| declared::check_traits(&mut cx)).and_then(|()| infer(&mut cx));
    let outcome = match outcome {
        Ok(Outcome::Types(types)) if types.iter().any(|t| t.free_element && !takes_operand_element(opcode)) => {
            Ok(Outcome::Stated)
        }
        other => other,
    };
    match outcome {
        Ok(Outcome::Types(types)) => Ok(types.into_iter().map(|t| t.ty).collect()),
        Ok(Outcome::Stated) => {
            cx.fail("result_type", "the result type does not follow from the operands and attributes; state it");
            Err(Diagnostics(cx.errors))
        }
        Err(_) => Err(Diagnostics(cx.errors)),
    }
}

/// Whether a result whose element type may be chosen has that of the first operand by default.
fn takes_operand_element(opcode: Opcode) -> bool {
    use Opcode::*;
    matches!(opcode, Add | Convolution | Dot | DotGeneral | DynamicConv | RaggedDot | Transpose)
}

/// Checks the stated result types of an operation against those that follow.
pub(super) fn check_results(cx: &mut OpCx<'_>) -> Checked {
    let Outcome::Types(inferred) = infer(cx)? else { return against_results(cx) };
    let stated = cx.result_types();
    if stated.len() != inferred.len() {
        let message = format!("has {} result(s), but {} follow from its operands", stated.len(), inferred.len());
        let tag = inferred.first().map_or("result_count", |i| i.tag);
        return Err(cx.fail(tag, message));
    }
    for (index, (follows, stated)) in inferred.iter().zip(stated).enumerate() {
        if agrees(follows, stated) {
            continue;
        }
        let what = if follows.free_element { "a shape compatible with" } else { "compatible with" };
        let message =
            format!("result {index} must be {what} `{}`, the type that follows, but is `{stated}`", follows.ty);
        return Err(cx.fail_about(follows.tag, &[0], message));
    }
    against_results(cx)
}

/// Whether a stated type agrees with an inferred one.
fn agrees(inferred: &Inferred, stated: &Type) -> bool {
    match (&inferred.ty, stated) {
        (Type::Tensor(a), Type::Tensor(b)) if inferred.free_element => {
            compatible(&a.clone().into(), &b.with_element(a.element.clone()).into())
        }
        (Type::Tensor(a), Type::Tensor(b)) => {
            compatible_elements(&a.element, &b.element) && compatible(&inferred.ty, stated)
        }
        (a, b) => compatible(a, b),
    }
}

/// The result types of an operation, its constraints on operands, attributes and regions checked.
fn infer(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    use Opcode::*;
    match cx.opcode {
        Abs | Real | Imag => elementwise::real_part(cx),
        Add => elementwise::add(cx),
        AfterAll | CreateToken | Outfeed => tokens::token(cx),
        AllGather => collectives::all_gather(cx),
        AllReduce => collectives::all_reduce(cx),
        AllToAll => collectives::all_to_all(cx),
        AsyncStart => collectives::async_start(cx),
        AsyncDone => collectives::async_done(cx),
        BatchNormGrad => linear_algebra::batch_norm_grad(cx),
        BatchNormInference => linear_algebra::batch_norm_inference(cx),
        BatchNormTraining => linear_algebra::batch_norm_training(cx),
        Broadcast => shape_ops::broadcast(cx),
        Case | If => control_flow::conditional(cx),
        Cbrt | Cosine | Exponential | ExponentialMinusOne | Log | LogPlusOne | Logistic | Rsqrt | Sine | Sqrt | Tan
        | Tanh => elementwise::with_accuracy(cx),
        Cholesky => linear_algebra::cholesky(cx),
        Clamp => elementwise::clamp(cx),
        CollectiveBroadcast => collectives::collective_broadcast(cx),
        CollectivePermute => collectives::collective_permute(cx),
        CollectiveReduce => collectives::collective_reduce(cx),
        CrossReplicaSum => collectives::cross_replica_sum(cx),
        Compare => elementwise::compare(cx),
        Complex => elementwise::complex(cx),
        Composite => custom_call::composite(cx),
        Concatenate => shape_ops::concatenate(cx),
        Constant | ChloConstant | SdyConstant => shape_ops::constant(cx),
        Convert => elementwise::convert(cx),
        Convolution => convolution::convolution(cx),
        DynamicConv => convolution::dynamic_conv(cx),
        CustomCall => custom_call::custom_call(cx),
        Dot => dot::dot(cx),
        DotGeneral => dot::dot_general(cx),
        RaggedDot => dot::ragged_dot(cx),
        DynamicGather => gather::dynamic_gather(cx),
        DynamicSlice => slicing::dynamic_slice(cx),
        DynamicUpdateSlice => slicing::dynamic_update_slice(cx),
        Fft => linear_algebra::fft(cx),
        Gather => gather::gather(cx),
        GetDimensionSize => dynamic::get_dimension_size(cx),
        GetTupleElement => tokens::get_tuple_element(cx),
        IsFinite | IsInf | IsNegInf | IsPosInf => elementwise::predicate(cx),
        Map => reduce::map(cx),
        OptimizationBarrier => control_flow::optimization_barrier(cx),
        Pad => slicing::pad(cx),
        PartitionId | ReplicaId => tokens::process_id(cx),
        Reduce => reduce::reduce(cx),
        ReducePrecision => elementwise::reduce_precision(cx),
        ReduceWindow => window::reduce_window(cx),
        Reverse => shape_ops::reverse(cx),
        Rng => random::rng(cx),
        Scatter => scatter::scatter(cx),
        Select => elementwise::select(cx),
        SelectAndScatter => window::select_and_scatter(cx),
        Send => tokens::send(cx),
        SetDimensionSize => dynamic::set_dimension_size(cx),
        Slice => slicing::slice(cx),
        Sort => sort::sort(cx),
        TopK => sort::top_k(cx),
        Transpose => shape_ops::transpose(cx),
        TriangularSolve => linear_algebra::triangular_solve(cx),
        Tuple => tokens::tuple(cx),
        UniformDequantize => quantized::uniform_dequantize(cx),
        UniformQuantize => quantized::uniform_quantize(cx),
        While => control_flow::while_loop(cx),
        BroadcastCompare => chlo::broadcast_compare(cx),
        BroadcastComplex => chlo::broadcast_complex(cx),
        BroadcastSelect => chlo::broadcast_select(cx),
        BroadcastAdd
        | BroadcastAnd
        | BroadcastAtan2
        | BroadcastDivide
        | BroadcastMaximum
        | BroadcastMinimum
        | BroadcastMultiply
        | BroadcastNextAfter
        | BroadcastOr
        | BroadcastPolygamma
        | BroadcastPower
        | BroadcastRemainder
        | BroadcastShiftLeft
        | BroadcastShiftRightArithmetic
        | BroadcastShiftRightLogical
        | BroadcastSubtract
        | BroadcastXor
        | BroadcastZeta => chlo::broadcast_binary(cx),
        ConstantLike => chlo::constant_like(cx),
        Scan => chlo::scan(cx),
        op if op.info().results.is_empty() => Outcome::none(),
        op if op.has(Traits::SAME_TYPE) => elementwise::same_type(cx),
        _ => Ok(Outcome::Stated),
    }
}

/// Constraints that involve result types which must be stated.
fn against_results(cx: &mut OpCx<'_>) -> Checked {
    use Opcode::*;
    match cx.opcode {
        Add => quantized::add_results(cx),
        AllGather => collectives::all_gather_results(cx),
        ReduceScatter => collectives::reduce_scatter(cx),
        BitcastConvert => elementwise::bitcast_convert(cx),
        BroadcastInDim => shape_ops::broadcast_in_dim(cx),
        Convolution | DynamicConv => quantized::convolution_results(cx),
        DotGeneral => quantized::dot_general_results(cx),
        DynamicBroadcastInDim => dynamic::dynamic_broadcast_in_dim(cx),
        DynamicIota => dynamic::dynamic_iota(cx),
        DynamicPad => dynamic::dynamic_pad(cx),
        DynamicReshape => dynamic::dynamic_reshape(cx),
        RealDynamicSlice => dynamic::real_dynamic_slice(cx),
        Infeed => tokens::infeed(cx),
        Iota => shape_ops::iota(cx),
        Recv => tokens::recv(cx),
        Reshape => shape_ops::reshape(cx),
        Reverse => Ok(()),
        RngBitGenerator => random::rng_bit_generator(cx),
        Transpose => quantized::transpose_results(cx),
        UniformQuantize => quantized::uniform_quantize_results(cx),
        ConstantLike => chlo::constant_like_results(cx),
        RunParallel => testing::run_parallel(cx),
        ExpectAlmostEqConst | ExpectEqConst => testing::expect_const(cx),
        _ => Ok(()),
    }
}
