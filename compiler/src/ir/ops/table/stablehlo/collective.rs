//! StableHLO, up to version 1.20: communication between devices, with the host, and the tokens that order it.

/// Hands these declarations on to the next macro.
macro_rules! collective_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// A token that exists only when all `inputs` do.
    AfterAll "stablehlo.after_all" (inputs: Token [variadic]) -> (result: Token) {
        traits: [PURE],
        assembly: "$inputs attr-dict : custom<VariadicSameOperandsAndResultType>(operands, results)",
    }
    /// Concatenates the operands of a process group along `all_gather_dim`.
    AllGather "stablehlo.all_gather" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            all_gather_dim: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Reduces the operands of a process group element by element.
    AllReduce "stablehlo.all_reduce" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
    }
    /// Splits each operand along `split_dimension`, exchanges the parts within a process group and
    /// concatenates what arrives along `concat_dimension`.
    AllToAll "stablehlo.all_to_all" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            split_dimension: I64,
            concat_dimension: I64,
            split_count: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Waits for the operation that gave the future, and gives its results.
    AsyncDone "stablehlo.async_done" (operand: Future) -> (results: Tensor [variadic]) {
        traits: [COLLECTIVE],
    }
    /// Starts the one collective in `body`, gives a future of its results.
    AsyncStart "stablehlo.async_start" (operands: Tensor [variadic]) -> (result: Future) {
        regions: [body],
        traits: [COLLECTIVE],
    }
    /// Sends the operand of a process group's first process, or of the one that `root` names, to all of the group.
    CollectiveBroadcast "stablehlo.collective_broadcast" (operand: Tensor, root: Tensor [optional]) -> (result: Tensor) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            has_dynamic_root: Unit => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Sends the operand from each source process to its target; processes that nobody sends to get zeros.
    CollectivePermute "stablehlo.collective_permute" (operand: Tensor) -> (result: Tensor) {
        attributes: [source_target_pairs: I64Elements, channel_handle: ChannelHandle => [optional]],
        traits: [COLLECTIVE],
    }
    /// Reduces the operands of a process group into the group's first process, or the one that `root` names.
    CollectiveReduce "stablehlo.collective_reduce" (operand: Tensor, root: Tensor [optional]) -> (result: Tensor) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
            has_dynamic_root: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
    }
    /// A token that depends on nothing.
    CreateToken "stablehlo.create_token" () -> (output: Token) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// Sums the operands of a process group.
    CrossReplicaSum "stablehlo.cross-replica-sum" (operand: Tensor) -> (result: Tensor) {
        attributes: [replica_groups: I64Elements],
        traits: [COLLECTIVE],
    }
    /// Reads tensors that the host sends; the last result is a token.
    Infeed "stablehlo.infeed" (token: Token) -> (results: StaticTensorOrToken [variadic]) {
        attributes: [infeed_config: String => [default EmptyString], layout: Array => [optional]],
        traits: [SIDE_EFFECT],
    }
    /// Sends tensors to the host.
    Outfeed "stablehlo.outfeed" (inputs: TensorOrPerAxis [variadic], token: Token) -> (result: Token) {
        attributes: [outfeed_config: String => [default EmptyString]],
        traits: [SIDE_EFFECT],
    }
    /// The number of this process's partition.
    PartitionId "stablehlo.partition_id" () -> (result: UI32) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// Reads tensors from a channel; the last result is a token.
    Recv "stablehlo.recv" (token: Token) -> (results: StaticTensorOrToken [variadic]) {
        attributes: [
            channel_handle: ChannelHandle,
            is_host_transfer: Bool => [default B(false)],
            source_target_pairs: I64Elements => [optional],
        ],
        traits: [SIDE_EFFECT],
    }
    /// Reduces the operands of a process group and gives each process its part along `scatter_dimension`.
    ReduceScatter "stablehlo.reduce_scatter" (operand: Tensor) -> (result: Tensor) {
        attributes: [
            scatter_dimension: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
    }
    /// The number of this process's replica.
    ReplicaId "stablehlo.replica_id" () -> (result: UI32) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// Writes tensors to a channel.
    Send "stablehlo.send" (inputs: TensorOrPerAxis [variadic], token: Token) -> (result: Token) {
        attributes: [
            channel_handle: ChannelHandle,
            is_host_transfer: Bool => [default B(false)],
            source_target_pairs: I64Elements => [optional],
        ],
        traits: [SIDE_EFFECT],
    }
    } };
}
pub(in super::super) use collective_ops;
