//! The distributed selection itself: select on the shard, gather, select among what was gathered.

use hire_compiler::ir::{
    Attr, AttrMap, Builder, DenseElements, ElementType, Func, Module, Opcode, RegionId, TensorType, Type, ValueId,
};
use hire_compiler::rewrite::Transplant;

use super::outlet::{Order, Outlet};
use super::stream::{Stream, move_last, pack, slice, unpack};
use crate::hire::emit::Emit;

/// A collective that gathers from the devices of a group, in the order of the dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    /// Devices in a group.
    pub(super) size: u64,
    /// The attributes of the `all_gather`, but for its dimension.
    pub(super) attrs: AttrMap,
}

/// An operand of an outlet, of one shard.
#[derive(Clone, Copy, Debug)]
pub(super) enum Input {
    /// The shard's entries.
    Data(ValueId),
    /// Positions along the dimension, in an integer type.
    Positions,
}

/// A distributed selection: what the program selects, and how.
pub(super) struct Exchange<'a> {
    /// The module that the outlet is in.
    pub(super) module: &'a Module,
    /// The function that the outlet is in.
    pub(super) func: &'a Func,
    /// The selection.
    pub(super) outlet: &'a Outlet,
    /// Who gathers from whom, the inner level first.
    pub(super) levels: &'a [Level],
    /// Entries of a shard.
    pub(super) shard: u64,
    /// How many of them are sent.
    pub(super) kept: u64,
}

impl Exchange<'_> {
    /// Emits the selection of one device, whose operands are `inputs` and initial values `inits`, and gives the streams
    /// of selected entries, along the outlet's dimension: `k` of them, the outlet's results for each of its operands (of
    /// a top-k values and positions).
    pub(super) fn emit(&self, b: &mut Builder<'_>, inputs: &[Input], inits: &[ValueId]) -> Vec<ValueId> {
        let mut streams = self.select_locally(b, inputs, inits);
        let (mut unit, mut count) = (self.shard, self.kept);
        for level in self.levels {
            let gathered = self.gather(b, level, &streams, count, unit);
            count = self.outlet.k.min(level.size * count);
            unit *= level.size;
            streams = self.merge(b, gathered, inits, count);
        }
        streams.into_iter().map(|stream| stream.value).collect()
    }

    fn select_locally(&self, b: &mut Builder<'_>, inputs: &[Input], inits: &[ValueId]) -> Vec<Stream> {
        let dim = self.outlet.dim;
        let sizes = inputs.iter().find_map(|input| match *input {
            Input::Data(value) => Some(b.sizes(value)),
            Input::Positions => None,
        });
        let sizes = sizes.expect("what is compared is data");
        let mut streams = Vec::new();
        for (at, &input) in inputs.iter().enumerate() {
            streams.push(match input {
                Input::Data(value) => Stream { value, positional: false },
                Input::Positions => {
                    let ty = self.func.value_type(self.outlet.inputs[at]).as_tensor().expect("inputs are tensors");
                    let ty = TensorType::new(&sizes, ty.element.clone());
                    let value = b.value(Opcode::Iota, [], [("iota_dimension", Attr::i64(dim as i64))], ty);
                    Stream { value, positional: true }
                }
            });
        }
        match &self.outlet.order {
            Order::Total => {
                let (values, places) = b.top_k(streams[0].value, self.kept);
                vec![Stream { value: values, positional: false }, Stream { value: places, positional: true }]
            }
            Order::Approximate { .. } => self.approximately(b, &streams, inits),
            Order::Reduce | Order::Sort { .. } => self.merge(b, streams, inits, self.kept),
        }
    }

    /// The same `ApproxTopK`, of the shard. Its recall is to be that of the whole dimension.
    fn approximately(&self, b: &mut Builder<'_>, streams: &[Stream], inits: &[ValueId]) -> Vec<Stream> {
        let source = &self.func.ops[self.outlet.op];
        let mut attrs = source.attrs.clone();
        for name in ["mhlo.backend_config", "backend_config"] {
            if let Some(Attr::Dict(config)) = attrs.get(name) {
                let mut config = config.clone();
                config.set("top_k", Attr::i64(self.kept as i64));
                config.set("reduction_input_size_override", Attr::i64(self.outlet.size(self.func) as i64));
                attrs.set(name, Attr::Dict(config));
            }
        }
        let types: Vec<Type> = streams
            .iter()
            .map(|stream| {
                let mut sizes = b.sizes(stream.value);
                sizes[self.outlet.dim] = self.kept;
                Type::tensor(&sizes, b.element(stream.value))
            })
            .collect();
        let operands: Vec<ValueId> = streams.iter().map(|s| s.value).chain(inits.iter().copied()).collect();
        let op = b.op(Opcode::CustomCall, operands, [], types);
        b.func.ops[op].attrs = attrs;
        let results = b.func.ops[op].results.to_vec();
        results.into_iter().zip(streams).map(|(value, s)| Stream { value, positional: s.positional }).collect()
    }

    /// The `count` first of the streams' entries, in the outlet's order.
    fn merge(&self, b: &mut Builder<'_>, streams: Vec<Stream>, inits: &[ValueId], count: u64) -> Vec<Stream> {
        let dim = self.outlet.dim;
        match &self.outlet.order {
            Order::Total => {
                let (values, places) = b.top_k(streams[0].value, count);
                let others = streams[1..].iter().map(|s| Stream { value: b.take_along(s.value, places, dim), ..*s });
                let others: Vec<Stream> = others.collect();
                [vec![Stream { value: values, ..streams[0] }], others].concat()
            }
            Order::Reduce => self.reduce(b, &streams, inits),
            Order::Sort { comparator } => {
                let region = copy_region(self.func, comparator.0, b);
                sort(b, &streams, region, dim, count)
            }
            Order::Approximate { comparator } => {
                let id = self.module.func_by_name(comparator).expect("the outlet's comparator was run");
                let func = &self.module.funcs[id];
                let region = copy_region(func, func.body.expect("a comparator that was run has a body"), b);
                sort(b, &streams, region, dim, count)
            }
        }
    }

    /// The same reduction; its result is one entry along the dimension.
    fn reduce(&self, b: &mut Builder<'_>, streams: &[Stream], inits: &[ValueId]) -> Vec<Stream> {
        let region = copy_region(self.func, self.func.ops[self.outlet.op].regions[0], b);
        let dim = self.outlet.dim;
        let mut sizes = b.sizes(streams[0].value);
        sizes.remove(dim);
        let types: Vec<Type> = streams.iter().map(|s| Type::tensor(&sizes, b.element(s.value))).collect();
        let operands: Vec<ValueId> = streams.iter().map(|s| s.value).chain(inits.iter().copied()).collect();
        let attrs = [("dimensions", Attr::i64s([dim as i64]))];
        let op = b.op_with_regions(Opcode::Reduce, operands, attrs, [region], types);
        sizes.insert(dim, 1);
        let results = b.func.ops[op].results.to_vec();
        let one = |(value, s): (ValueId, &Stream)| Stream { value: b.reshape(value, &sizes), positional: s.positional };
        results.into_iter().zip(streams).map(one).collect()
    }

    /// One collective for all streams of `count` entries; positions count from the start of the group, whose members hold
    /// `unit` entries each.
    fn gather(&self, b: &mut Builder<'_>, level: &Level, streams: &[Stream], count: u64, unit: u64) -> Vec<Stream> {
        let dim = self.outlet.dim;
        let last: Vec<Stream> =
            streams.iter().map(|s| Stream { value: move_last(b, s.value, dim, false), ..*s }).collect();
        let elements: Vec<ElementType> = last.iter().map(|s| b.element(s.value)).collect();
        let packed = pack(b, &last);
        let mut sizes = b.sizes(packed);
        let at = sizes.len() - 1;
        let width = sizes[at];
        sizes[at] *= level.size;
        let gathered = b.value(Opcode::AllGather, [packed], [], TensorType::new(&sizes, ElementType::UI32));
        let op = b.func.defining_op(gathered).expect("just made by an operation");
        let mut attrs = level.attrs.clone();
        attrs.set("all_gather_dim", Attr::i64(at as i64));
        b.func.ops[op].attrs = attrs;
        sizes[at] = level.size;
        sizes.push(width);
        let apart = b.reshape(gathered, &sizes);
        let parts = unpack(b, apart, &elements, count);
        sizes.truncate(at + 1);
        sizes[at] *= count;
        let mut joined = Vec::new();
        for (mut value, stream) in parts.into_iter().zip(streams) {
            if stream.positional {
                value = add_offsets(b, value, at, unit);
            }
            let value = b.reshape(value, &sizes);
            joined.push(Stream { value: move_last(b, value, dim, true), ..*stream });
        }
        joined
    }
}

/// Adds `unit` times their place along `dim` to positions.
fn add_offsets(b: &mut Builder<'_>, positions: ValueId, dim: usize, unit: u64) -> ValueId {
    let (sizes, element) = (b.sizes(positions), b.element(positions));
    let count = sizes[dim];
    let starts: Vec<u8> =
        (0..count).flat_map(|part| (part * unit).to_le_bytes()[..element.byte_size()].to_vec()).collect();
    let starts = b.constant(DenseElements::new(TensorType::new(&[count], element), starts));
    let starts = b.broadcast(starts, &[dim as i64], &sizes);
    b.elementwise(Opcode::Add, &[positions, starts])
}

/// The first `count` of the streams, sorted by a comparator.
fn sort(b: &mut Builder<'_>, streams: &[Stream], comparator: RegionId, dim: usize, count: u64) -> Vec<Stream> {
    let types: Vec<Type> = streams.iter().map(|s| Type::Tensor(b.tensor_type(s.value).clone())).collect();
    let attrs = [("dimension", Attr::i64(dim as i64)), ("is_stable", Attr::Bool(true))];
    let operands: Vec<ValueId> = streams.iter().map(|s| s.value).collect();
    let op = b.op_with_regions(Opcode::Sort, operands, attrs, [comparator], types);
    let sorted = b.func.ops[op].results.to_vec();
    let first = |(value, s): (ValueId, &Stream)| Stream { value: slice(b, value, dim, 0, count), ..*s };
    sorted.into_iter().zip(streams).map(first).collect()
}

/// A copy of a region that refers to nothing outside of it, ending as regions of StableHLO end.
fn copy_region(source: &Func, region: RegionId, b: &mut Builder<'_>) -> RegionId {
    let args = &source.regions[region].args;
    let types: Vec<Type> = args.iter().map(|&arg| source.value_type(arg).clone()).collect();
    b.region(types, |b, new| {
        let mut copies = Transplant::new();
        for (&arg, &to) in args.iter().zip(new) {
            copies.bind(arg, to);
        }
        let copied = copies.copy(source, &source.regions[region].ops, b.func, |_, value| value);
        // A function's body ends in `func.return`.
        if let Some(&last) = copied.last() {
            b.func.ops[last].opcode = Opcode::Return;
        }
        let region = b.region;
        b.func.regions[region].ops.extend(copied);
    })
}
