//! The operations of the other dialects: `func`, `builtin`, `sdy` (shardings), and those of
//! StableHLO's own tests, `check` and `interpreter`.

/// Hands the dialects' declarations on to the next macro.
macro_rules! other_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// Calls a function of the module.
    Call "func.call" (operands: Any [variadic]) -> (results: Any [variadic]) {
        attributes: [
            callee: Symbol,
            arg_attrs: Array => [optional],
            res_attrs: Array => [optional],
            no_inline: Unit => [optional],
        ],
        traits: [],
        assembly: "custom<Call>($callee)",
    }
    /// Ends a function, giving its results.
    FuncReturn "func.return" (operands: Any [variadic]) -> () {
        traits: [PURE, TERMINATOR],
        assembly: "attr-dict [ $operands : type($operands) ]",
    }
    /// Values of one type taken as another, until both sides agree.
    UnrealizedConversionCast "builtin.unrealized_conversion_cast" (inputs: Any [variadic])
        -> (outputs: Any [variadic]) {
        traits: [PURE],
        assembly: "[ $inputs : type($inputs) ] to type($outputs) attr-dict",
    }
    /// Gathers shards along the axes of each dimension.
    SdyAllGather "sdy.all_gather" (tensor: Any) -> (result: Any) {
        attributes: [gathering_axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<list_of_axis_ref_lists…>>($gathering_axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// Sums shards over axes.
    SdyAllReduce "sdy.all_reduce" (tensor: Any) -> (result: Any) {
        attributes: [reduction_axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<axis_ref_list…>>($reduction_axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// Keeps of each shard the part that the axes of each dimension name.
    SdyAllSlice "sdy.all_slice" (tensor: Any) -> (result: Any) {
        attributes: [slicing_axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<list_of_axis_ref_lists…>>($slicing_axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// Moves axes from one dimension to another.
    SdyAllToAll "sdy.all_to_all" (tensor: Any) -> (result: Any) {
        attributes: [params: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<all_to_all_param_list…>>($params) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// Exchanges shards between devices.
    SdyCollectivePermute "sdy.collective_permute" (tensor: Any) -> (result: Any) {
        attributes: [out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "$tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// A tensor known when compiling, not shared between its users.
    SdyConstant "sdy.constant" () -> (output: Any) {
        attributes: [value: Elements],
        traits: [PURE],
        assembly: "custom<Constant>($value)",
    }
    /// The values that flow through one place of a region operation, and their sharding.
    DataFlowEdge "sdy.data_flow_edge" (input: Any) -> (result: Any) {
        attributes: [sharding: Any => [optional]],
        traits: [PURE, SAME_TYPE],
        assembly: "$input [ sharding = stripped<sdy.sharding…>($sharding) ] attr-dict : type($result)",
    }
    /// The values that flow through one argument or result of a function.
    FuncDataFlowEdge "sdy.func_data_flow_edge" (operand: Any) -> (result: Any) {
        traits: [PURE, SAME_TYPE],
        assembly: "$operand attr-dict : type($result)",
    }
    /// A region in terms of each device's own shard, with explicit collectives.
    ManualComputation "sdy.manual_computation" (tensors: Any [variadic]) -> (results: Any [variadic]) {
        attributes: [in_shardings: Any, out_shardings: Any, manual_axes: Any],
        regions: [body],
        traits: [ISOLATED],
        assembly: "custom<ManualComputation>($in_shardings, $out_shardings, $manual_axes)",
    }
    /// A region with a name, such as a function that was inlined.
    NamedComputation "sdy.named_computation" (operands: Any [variadic]) -> (results: Any [variadic]) {
        attributes: [name: String, in_shardings: Any => [optional], out_shardings: Any => [optional]],
        regions: [body],
        traits: [ISOLATED],
        assembly: "custom<NamedComputation>($name, $in_shardings, $out_shardings)",
    }
    /// The operand, through which shardings spread in one direction or not at all.
    PropagationBarrier "sdy.propagation_barrier" (input: Any) -> (result: Any) {
        attributes: [allowed_direction: I32Cases(&["NONE", "FORWARD", "BACKWARD", "BOTH"])],
        traits: [PURE, SAME_TYPE],
        assembly: "$input allowed_direction = $allowed_direction attr-dict : type($input)",
    }
    /// Sums shards over axes and keeps of the sum the part of each device.
    SdyReduceScatter "sdy.reduce_scatter" (tensor: Any) -> (result: Any) {
        attributes: [reduce_scatter_axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<list_of_axis_ref_lists…>>($reduce_scatter_axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// Turns replicated axes into unreduced ones.
    ReplicatedToUnreduced "sdy.replicated_to_unreduced" (tensor: Any) -> (result: Any) {
        attributes: [axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<axis_ref_list…>>($axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// The operand in another sharding.
    Reshard "sdy.reshard" (input: Any) -> (result: Any) {
        attributes: [sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "$input stripped<sdy.sharding…>($sharding) attr-dict : type($result)",
    }
    /// Ends a region of a sharding operation, giving its results.
    SdyReturn "sdy.return" (results: Any [variadic]) -> () {
        traits: [PURE, TERMINATOR],
        assembly: "attr-dict [ $results : type($results) ]",
    }
    /// Turns sharded axes into unreduced ones.
    ShardedToUnreduced "sdy.sharded_to_unreduced" (tensor: Any) -> (result: Any) {
        attributes: [axes: Any, out_sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "stripped<sdy<list_of_axis_ref_lists…>>($axes) $tensor out_sharding = stripped<sdy.sharding…>($out_sharding) attr-dict : type($result)",
    }
    /// The operand, whose sharding is to be this.
    ShardingConstraint "sdy.sharding_constraint" (input: Any) -> (result: Any) {
        attributes: [sharding: Any],
        traits: [PURE, SAME_TYPE],
        assembly: "$input stripped<sdy.sharding…>($sharding) attr-dict : type($result)",
    }
    /// Puts a tensor into the group of those that get the same sharding.
    ShardingGroup "sdy.sharding_group" (input: Any) -> () {
        attributes: [group_id: I64],
        traits: [SIDE_EFFECT],
        assembly: "$input group_id = $group_id attr-dict : type($input)",
    }
    /// Fails unless the tensors are equal up to an absolute tolerance.
    ExpectAlmostEq "check.expect_almost_eq" (lhs: FpOrComplex, rhs: FpOrComplex) -> () {
        attributes: [tolerance: F64 => [default F64(0.0001f64.to_bits())]],
        traits: [SIDE_EFFECT, SAME_TYPE],
        assembly: "$lhs , $rhs [ , tolerance = $tolerance ] attr-dict : type($lhs)",
    }
    /// Fails unless the tensor equals a constant up to an absolute tolerance.
    ExpectAlmostEqConst "check.expect_almost_eq_const" (lhs: FpOrComplex) -> () {
        attributes: [value: Elements, tolerance: F64 => [default F64(0.0001f64.to_bits())]],
        traits: [SIDE_EFFECT],
        assembly: "custom<Check>($value)",
    }
    /// Fails unless the units in the last place between the tensors are in a range.
    ExpectClose "check.expect_close" (actual: FpOrComplex, expected: FpOrComplex) -> () {
        attributes: [max_ulp_difference: UI64 => [default Int(1)], min_ulp_difference: UI64 => [default Int(0)]],
        traits: [SIDE_EFFECT, SAME_SHAPE],
        assembly: "$actual , $expected [ , max_ulp_difference = $max_ulp_difference ] [ , min_ulp_difference = $min_ulp_difference ] attr-dict : type($actual) , type($expected)",
    }
    /// Fails unless the tensors are equal.
    ExpectEq "check.expect_eq" (lhs: Tensor, rhs: Tensor) -> () {
        traits: [SIDE_EFFECT, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : type($lhs)",
    }
    /// Fails unless the tensor equals a constant.
    ExpectEqConst "check.expect_eq_const" (lhs: Tensor) -> () {
        attributes: [value: Elements],
        traits: [SIDE_EFFECT],
        assembly: "custom<Check>($value)",
    }
    /// Fails unless the tensor equals what a probe wrote to a file.
    ExpectSerializedEq "check.expect_serialized_eq" (expected: Tensor) -> () {
        attributes: [probe_id: String, iter: UI32],
        traits: [SIDE_EFFECT],
        assembly: "$expected , probe_id = $probe_id , iter = $iter attr-dict : type($expected)",
    }
    /// Writes a tensor to the standard output.
    Print "interpreter.print" (operand: Tensor) -> () {
        traits: [SIDE_EFFECT],
        assembly: "$operand attr-dict : type($operand)",
    }
    /// Writes a tensor to a file.
    Probe "interpreter.probe" (operand: Tensor) -> (result: Tensor) {
        attributes: [probe_id: String],
        traits: [SIDE_EFFECT, SAME_TYPE],
        assembly: "$operand , probe_id = $probe_id attr-dict : type($result)",
    }
    /// Runs a grid of processes: a row of `programs` is a replica, a column a partition.
    RunParallel "interpreter.run_parallel" (inputs: TensorOrToken [variadic]) -> (results: TensorOrToken [variadic]) {
        attributes: [infeed: Symbols => [optional], programs: Array],
        traits: [SIDE_EFFECT],
    }
    } };
}
pub(super) use other_ops;
