//! Automatic programs: a selection along a sharded dimension becomes an `sdy.manual_computation`.
//!
//! `outlet(z)`  =>  `manual_computation(z) { the exchange of each device's shard }`
//!
//! All axes of the mesh are manual; other dimensions of z stay cut as they are. A dimension that does not divide evenly
//! is padded with what no selection takes before an entry of its own.

use hire_compiler::graph::Uses;
use hire_compiler::ir::{
    Attr, AttrMap, Builder, ChannelHandle, DenseElements, ElementType, Func, Mesh, MeshReference, Opcode, TensorType,
    Type, ValueId,
};
use hire_compiler::rewrite::Patch;
use hire_compiler::sharding::{self, DimSharding, TensorSharding};
use smol_str::SmolStr;

use super::exchange::{Exchange, Input, Level};
use super::gathered::is_positions;
use super::outlet::{Order, Outlet, static_type};
use super::propagate::Placement;
use crate::hire::emit::{Emit, scalar_bytes};

/// How the operands of an outlet lie.
#[derive(Clone, Debug)]
pub(super) struct Layout<'a> {
    pub(super) mesh: &'a Mesh,
    /// Of the operands, all alike.
    pub(super) sharding: TensorSharding,
    /// Devices along the outlet's dimension.
    pub(super) shards: u64,
    /// Entries of a shard, padding included.
    pub(super) shard: u64,
}

impl<'a> Layout<'a> {
    /// The layout by a placement; `None` when the dimension is not sharded.
    pub(super) fn of(func: &Func, outlet: &Outlet, placement: &Placement, mesh: &'a Mesh) -> Option<Self> {
        let sizes = static_type(func, outlet.inputs[0])?.sizes()?;
        let mut dims: Vec<DimSharding> =
            placement.dims.iter().map(|axes| DimSharding::over(axes.iter().cloned())).collect();
        for (dim, sharding) in dims.iter_mut().enumerate() {
            let parts = sharding::product(mesh, &sharding.axes)?;
            if parts == 0 || (dim != outlet.dim && !sizes[dim].is_multiple_of(parts)) {
                *sharding = DimSharding::default();
            }
        }
        let reference = MeshReference::Symbol(placement.mesh.clone());
        let sharding = TensorSharding { dims, ..TensorSharding::replicated(reference, 0) };
        let shards = sharding.parts(mesh, outlet.dim).filter(|&parts| parts > 1)?;
        sharding::devices(mesh)?;
        Some(Self { mesh, sharding, shards, shard: sizes[outlet.dim].div_ceil(shards) })
    }

    /// Entries that are padding.
    pub(super) fn padding(&self, func: &Func, outlet: &Outlet) -> u64 {
        self.shard * self.shards - outlet.size(func)
    }

    /// The gathers: one over all axes, or one for each, the inner first, where that moves fewer entries.
    pub(super) fn levels(&self, outlet: &Outlet, kept: u64) -> Vec<Level> {
        let axes: Vec<SmolStr> = self.sharding.dims[outlet.dim].axes.iter().map(|axis| axis.name.clone()).collect();
        let size = |axis: &SmolStr| sharding::axis_size(self.mesh, &axis_ref(axis)).unwrap_or(1);
        let (mut apart, mut count) = (0, kept);
        for axis in axes.iter().rev() {
            apart += (size(axis) - 1) * count;
            count = outlet.k.min(size(axis) * count);
        }
        let together = (self.shards - 1) * kept;
        let groups: Vec<Vec<SmolStr>> = match apart < together {
            true => axes.iter().rev().map(|axis| vec![axis.clone()]).collect(),
            false => vec![axes],
        };
        groups.iter().filter_map(|axes| self.level(axes)).filter(|level| level.size > 1).collect()
    }

    /// A gather over axes: the devices that differ in them only, in the order of these axes.
    fn level(&self, axes: &[SmolStr]) -> Option<Level> {
        let devices = sharding::devices(self.mesh)?;
        let along = DimSharding::over(axes.iter().cloned());
        let over = TensorSharding { dims: vec![along], ..self.sharding.clone() };
        let others = self.mesh.axes.iter().map(|(name, _)| name).filter(|name| !axes.contains(name));
        let apart = TensorSharding { dims: vec![DimSharding::over(others.cloned())], ..self.sharding.clone() };
        let (size, count) = (over.parts(self.mesh, 0)?, apart.parts(self.mesh, 0)?);
        let mut groups = vec![0i64; devices.len()];
        for (position, &device) in devices.iter().enumerate() {
            let coordinates = sharding::coordinates(self.mesh, position as u64);
            let group = apart.part_of(self.mesh, 0, &coordinates)?;
            let rank = over.part_of(self.mesh, 0, &coordinates)?;
            groups[(group * size + rank) as usize] = device as i64;
        }
        let channel = ChannelHandle { handle: 1, channel_type: 1 };
        let attrs: AttrMap = [
            ("channel_handle", Attr::ChannelHandle(channel)),
            ("replica_groups", Attr::Elements(DenseElements::i64s(&[count, size], &groups))),
            ("use_global_device_ids", Attr::Unit),
        ]
        .into_iter()
        .collect();
        Some(Level { size, attrs })
    }
}

fn axis_ref(name: &SmolStr) -> hire_compiler::ir::AxisRef {
    hire_compiler::ir::AxisRef { name: name.clone(), sub_axis_info: None }
}

/// Replaces the outlet.
pub(super) fn wrap(exchange: &Exchange<'_>, layout: &Layout<'_>, uses: &Uses) -> Option<Patch> {
    let (func, outlet) = (exchange.func, exchange.outlet);
    let mut patch = Patch::before(outlet.op);
    let padding = layout.padding(func, outlet);
    let mut operands = Vec::new();
    let mut is_data = Vec::new();
    for (at, &input) in outlet.inputs.iter().enumerate() {
        let positions = at > 0 && is_positions(func, input, outlet.dim);
        is_data.push(!positions);
        if !positions {
            let whole = patch.tap(func, input);
            let fill = outlet.inits.get(at).map(|&init| patch.tap(func, init));
            operands.push(pad(&mut patch.builder(), whole, outlet.dim, padding, fill));
        }
    }
    let inits: Vec<ValueId> = outlet.inits.iter().map(|&init| patch.tap(func, init)).collect();
    let mut b = patch.builder();
    let mesh = layout.sharding.mesh.clone();
    let mut in_shardings = vec![layout.sharding.clone(); operands.len()];
    let mut local_types: Vec<Type> = Vec::new();
    for &operand in &operands {
        local_types.push(Type::Tensor(layout.sharding.local_type(layout.mesh, b.tensor_type(operand))?));
    }
    for &init in &inits {
        local_types.push(Type::Tensor(b.tensor_type(init).clone()));
        in_shardings.push(TensorSharding::replicated(mesh.clone(), 0));
    }
    operands.extend(&inits);
    let data = is_data.iter().filter(|&&data| data).count();
    let body = b.region(local_types, |b, args| {
        let mut shards = args[..data].iter();
        let inputs: Vec<Input> = is_data
            .iter()
            .map(|&is_data| match is_data.then(|| shards.next()).flatten() {
                Some(&shard) => Input::Data(shard),
                None => Input::Positions,
            })
            .collect();
        let mut selected = exchange.emit(b, &inputs, &args[data..]);
        if outlet.order == Order::Reduce {
            selected = selected.into_iter().map(|value| drop_dim(b, value, outlet.dim)).collect();
        }
        b.op(Opcode::SdyReturn, selected, [], []);
    });
    let mut out = layout.sharding.clone();
    match outlet.order {
        Order::Reduce => drop(out.dims.remove(outlet.dim)),
        _ => out.dims[outlet.dim] = DimSharding::default(),
    }
    let types = result_types(func, outlet)?;
    let attrs = [
        ("in_shardings", sharding::per_value_attr(&in_shardings)),
        ("out_shardings", sharding::per_value_attr(&vec![out; types.len()])),
        ("manual_axes", sharding::manual_axes_attr(layout.mesh.axes.iter().map(|(name, _)| name))),
    ];
    let op = b.op_with_regions(Opcode::ManualComputation, operands, attrs, [body], types);
    let results = b.func.ops[op].results.to_vec();
    replace(func, uses, outlet, &mut patch, &results)?;
    Some(patch)
}

/// The types of the selected entries, whole.
fn result_types(func: &Func, outlet: &Outlet) -> Option<Vec<Type>> {
    let operation = &func.ops[outlet.op];
    let ty = |&result: &ValueId| {
        let ty = static_type(func, result)?;
        let mut sizes = ty.sizes()?;
        if matches!(outlet.order, Order::Sort { .. }) {
            sizes[outlet.dim] = outlet.k;
        }
        // Positions of a top-k are i32, whatever the result says.
        Some(Type::tensor(&sizes, ty.element.clone()))
    };
    operation.results.iter().map(ty).collect()
}

/// Lets the selected entries take the place of the outlet's results, or of the slices that take their head.
pub(super) fn replace(
    func: &Func,
    uses: &Uses,
    outlet: &Outlet,
    patch: &mut Patch,
    selected: &[ValueId],
) -> Option<()> {
    let operation = &func.ops[outlet.op];
    if !matches!(outlet.order, Order::Sort { .. }) {
        for (&old, &new) in operation.results.iter().zip(selected) {
            let element = static_type(func, old)?.element.clone();
            let new = patch.builder().convert(new, element);
            patch.replace(old, new);
        }
        return Some(());
    }
    for (&sorted, &new) in operation.results.iter().zip(selected) {
        for user in uses.get(sorted) {
            let head = func.ops[user.op].result()?;
            let count = static_type(func, head)?.sizes()?[outlet.dim];
            let first = super::stream::slice(&mut patch.builder(), new, outlet.dim, 0, count);
            patch.replace(head, first);
        }
    }
    Some(())
}

/// Without a dimension of size 1.
pub(super) fn drop_dim(b: &mut Builder<'_>, value: ValueId, dim: usize) -> ValueId {
    let mut sizes = b.sizes(value);
    sizes.remove(dim);
    b.reshape(value, &sizes)
}

/// Appends `count` entries along `dim`: `fill`, or what the total order puts last.
fn pad(b: &mut Builder<'_>, value: ValueId, dim: usize, count: u64, fill: Option<ValueId>) -> ValueId {
    if count == 0 {
        return value;
    }
    let element = b.element(value);
    let fill = fill.unwrap_or_else(|| {
        let ty = TensorType::scalar(element.clone());
        b.constant(DenseElements::new(ty, last_in_order(&element)))
    });
    let mut sizes = b.sizes(value);
    let rank = sizes.len();
    let mut high = vec![0; rank];
    high[dim] = count as i64;
    sizes[dim] += count;
    let attrs = [
        ("edge_padding_low", Attr::i64s(vec![0; rank])),
        ("edge_padding_high", Attr::i64s(high)),
        ("interior_padding", Attr::i64s(vec![0; rank])),
    ];
    b.value(Opcode::Pad, [value, fill], attrs, TensorType::new(&sizes, element))
}

/// The bytes of the element that the total order puts last: of floats a NaN with the sign and all bits set, of integers
/// the smallest.
fn last_in_order(element: &ElementType) -> Vec<u8> {
    if element.is_float() {
        return vec![0xff; element.byte_size()];
    }
    if element.is_unsigned_integer() {
        return vec![0; element.byte_size()];
    }
    let smallest = -(2f64.powi(element.bits() as i32 - 1));
    scalar_bytes(element, smallest)
}
