//! Where tensors lie, as far as their annotations say and as far as that spreads.
//!
//! Annotated are arguments and results of functions, results of operations (`sdy.sharding`), constraints and manual
//! computations. From there axes spread along the dimensions that operations keep, forwards and backwards, until
//! nothing changes: a dimension that has axes keeps them, and a tensor uses each axis once. This is less than what
//! Shardy's propagation knows (no priorities, no parts of axes), and need not be more: what is built from it is right
//! wherever tensors lie, only slower where the guess is wrong.

use std::collections::HashMap;

use hire_compiler::ir::{Attr, Func, MeshReference, OpId, Opcode, Traits, ValueId};
use hire_compiler::sharding::{DimSharding, Manual, Meshes, TensorSharding, read_per_value, read_tensor};
use smol_str::SmolStr;

use super::outlet::static_type;

/// The most rounds; each spreads axes through the whole function in both directions.
const ROUNDS: usize = 8;

/// How a tensor lies on a mesh, by whole axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The symbol of the mesh.
    pub mesh: SmolStr,
    /// The axes of each dimension, the major one first.
    pub dims: Vec<Vec<SmolStr>>,
    /// Dimensions that must stay as they are.
    closed: Vec<bool>,
}

impl Placement {
    /// The placement that a sharding states; `None` for one by parts of axes or on a mesh without a name.
    pub fn of(sharding: &TensorSharding) -> Option<Self> {
        let MeshReference::Symbol(mesh) = &sharding.mesh else { return None };
        if sharding.axes().any(|axis| axis.sub_axis_info.is_some()) {
            return None;
        }
        let names = |dim: &DimSharding| dim.axes.iter().map(|axis| axis.name.clone()).collect();
        Some(Self {
            mesh: mesh.clone(),
            dims: sharding.dims.iter().map(names).collect(),
            closed: sharding.dims.iter().map(|dim| !dim.is_open).collect(),
        })
    }

    fn open(mesh: &SmolStr, rank: usize) -> Self {
        Self { mesh: mesh.clone(), dims: vec![Vec::new(); rank], closed: vec![false; rank] }
    }

    /// Takes axes over for a dimension that has none; whether anything changed.
    fn take(&mut self, dim: usize, axes: &[SmolStr]) -> bool {
        let free = !axes.is_empty()
            && self.dims.get(dim).is_some_and(Vec::is_empty)
            && !self.closed[dim]
            && axes.iter().all(|axis| self.dims.iter().all(|dim| !dim.contains(axis)));
        if free {
            self.dims[dim] = axes.to_vec();
        }
        free
    }
}

/// The placements of a function's values, outside of nested regions.
pub type Placements = HashMap<ValueId, Placement>;

/// Works out the placements of `func`'s values.
pub fn propagate(func: &Func, meshes: &Meshes) -> Placements {
    let mut placements = stated(func, meshes);
    let Some(body) = func.body.filter(|_| !placements.is_empty()) else { return placements };
    let ops = &func.regions[body].ops;
    let links: Vec<Vec<Link>> = ops.iter().map(|&op| links(func, op)).collect();
    for _ in 0..ROUNDS {
        let mut changed = false;
        for link in links.iter().flatten() {
            changed |= spread(func, &mut placements, link.from, link.to);
        }
        for link in links.iter().rev().flatten() {
            changed |= spread(func, &mut placements, link.to, link.from);
        }
        if !changed {
            break;
        }
    }
    placements
}

/// A dimension of a value.
type At = (ValueId, usize);

/// A dimension of an operand that is a dimension of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    from: At,
    to: At,
}

fn spread(func: &Func, placements: &mut Placements, from: At, to: At) -> bool {
    let Some(source) = placements.get(&from.0) else { return false };
    let Some(axes) = source.dims.get(from.1).filter(|axes| !axes.is_empty()).cloned() else { return false };
    let mesh = source.mesh.clone();
    let rank = static_type(func, to.0).and_then(|ty| ty.rank()).unwrap_or(0);
    let target = placements.entry(to.0).or_insert_with(|| Placement::open(&mesh, rank));
    target.mesh == mesh && target.take(to.1, &axes)
}

/// What annotations say.
fn stated(func: &Func, meshes: &Meshes) -> Placements {
    let mut placements = Placements::new();
    let mut state = |value: ValueId, sharding: &TensorSharding| {
        let placement = meshes.get(&sharding.mesh).and_then(|_| Placement::of(sharding));
        placements.extend(placement.map(|placement| (value, placement)));
    };
    let tensor = |attr: Option<&Attr>| match attr {
        Some(Attr::Opaque(text)) => read_tensor(text).ok(),
        _ => None,
    };
    let Some(body) = func.body else { return placements };
    if let Some(last) = func.terminator(body) {
        for (&value, attrs) in func.ops[last].operands.iter().zip(&func.result_attrs) {
            if let Some(sharding) = tensor(attrs.get("sdy.sharding")) {
                state(value, &sharding);
            }
        }
    }
    for (&value, attrs) in func.args().iter().zip(&func.arg_attrs) {
        if let Some(sharding) = tensor(attrs.get("sdy.sharding")) {
            state(value, &sharding);
        }
    }
    for &op in &func.regions[body].ops {
        let operation = &func.ops[op];
        let shardings = match operation.opcode {
            Opcode::ManualComputation => Manual::read(operation).map(|manual| manual.out_shardings).unwrap_or_default(),
            Opcode::ShardingConstraint | Opcode::Reshard => tensor(operation.attr("sharding")).into_iter().collect(),
            _ => match operation.attr("sdy.sharding") {
                Some(Attr::Opaque(text)) => read_per_value(text).unwrap_or_default(),
                _ => Vec::new(),
            },
        };
        for (&result, sharding) in operation.results.iter().zip(&shardings) {
            state(result, sharding);
        }
    }
    placements
}

/// The dimensions that an operation keeps.
fn links(func: &Func, op: OpId) -> Vec<Link> {
    let operation = &func.ops[op];
    let Some(&result) = operation.results.first() else { return Vec::new() };
    let sizes = |value: ValueId| static_type(func, value).and_then(|ty| ty.sizes()).map(|sizes| sizes.to_vec());
    let Some(to) = sizes(result) else { return Vec::new() };
    let mut links = Vec::new();
    for (at, &operand) in operation.operands.iter().enumerate() {
        let Some(from) = sizes(operand) else { continue };
        let kept: Vec<(usize, usize)> = match operation.opcode {
            Opcode::DotGeneral => product_dims(func, op, at, from.len()),
            Opcode::Transpose => {
                let order = operation.i64s_attr("permutation").unwrap_or_default();
                order.iter().enumerate().map(|(to, &from)| (from as usize, to)).collect()
            }
            Opcode::BroadcastInDim => {
                let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
                dims.iter().enumerate().map(|(from, &to)| (from, to as usize)).collect()
            }
            Opcode::Reshape => reshaped(&from, &to),
            Opcode::Reduce if at < operation.operands.len() / 2 => {
                let gone = operation.i64s_attr("dimensions").unwrap_or_default();
                let kept = (0..from.len()).filter(|&dim| !gone.contains(&(dim as i64)));
                kept.enumerate().map(|(to, from)| (from, to)).collect()
            }
            Opcode::Gather if at == 0 => gathered(func, op),
            Opcode::Slice
            | Opcode::DynamicSlice
            | Opcode::DynamicUpdateSlice
            | Opcode::Pad
            | Opcode::Concatenate
            | Opcode::TopK
            | Opcode::Sort
            | Opcode::OptimizationBarrier
            | Opcode::ShardingConstraint
            | Opcode::PropagationBarrier => same_sizes(&from, &to),
            opcode if opcode.has(Traits::ELEMENTWISE) || opcode == Opcode::Select => same_sizes(&from, &to),
            _ => Vec::new(),
        };
        let sound = kept.into_iter().filter(|&(f, t)| {
            let reshaped = operation.opcode == Opcode::Reshape;
            matches!((from.get(f), to.get(t)), (Some(a), Some(b)) if a == b || reshaped)
        });
        links.extend(sound.map(|(f, t)| Link { from: (operand, f), to: (result, t) }));
    }
    links
}

/// Dimensions of one rank whose sizes agree.
fn same_sizes(from: &[u64], to: &[u64]) -> Vec<(usize, usize)> {
    let same = from.len() == to.len();
    (0..from.len()).filter(|&dim| same && from[dim] == to[dim]).map(|dim| (dim, dim)).collect()
}

/// The dimensions of a product's operand in its result.
fn product_dims(func: &Func, op: OpId, operand: usize, rank: usize) -> Vec<(usize, usize)> {
    let Some(Attr::DotDimensionNumbers(dims)) = func.ops[op].attr("dot_dimension_numbers") else { return Vec::new() };
    let (batch, contracted) = match operand {
        0 => (&dims.lhs_batching_dimensions, &dims.lhs_contracting_dimensions),
        _ => (&dims.rhs_batching_dimensions, &dims.rhs_contracting_dimensions),
    };
    let lhs_rank = static_type(func, func.ops[op].operands[0]).and_then(|ty| ty.rank()).unwrap_or(0);
    let free = (0..rank).filter(|&dim| !batch.contains(&(dim as i64)) && !contracted.contains(&(dim as i64)));
    let start = match operand {
        0 => batch.len(),
        _ => lhs_rank.saturating_sub(dims.lhs_contracting_dimensions.len()),
    };
    let batches = batch.iter().enumerate().map(|(to, &from)| (from as usize, to));
    batches.chain(free.enumerate().map(|(at, from)| (from, start + at))).collect()
}

/// Dimensions that a reshape keeps, and the major parts of those that it splits or joins.
fn reshaped(from: &[u64], to: &[u64]) -> Vec<(usize, usize)> {
    let outer = |sizes: &[u64], dim: usize| sizes[..dim].iter().product::<u64>();
    let mut kept = Vec::new();
    for f in 0..from.len() {
        let starts_there = |&t: &usize| outer(to, t) == outer(from, f) && to[t] > 1;
        kept.extend((0..to.len()).filter(|_| from[f] > 1).find(starts_there).map(|t| (f, t)));
    }
    kept
}

/// The dimensions of a gather's operand that its slices take whole.
fn gathered(func: &Func, op: OpId) -> Vec<(usize, usize)> {
    let operation = &func.ops[op];
    let Some(Attr::GatherDimensionNumbers(dims)) = operation.attr("dimension_numbers") else { return Vec::new() };
    let rank = operation.i64s_attr("slice_sizes").map_or(0, <[i64]>::len);
    let absent = |dim: &usize| {
        let dim = *dim as i64;
        dims.collapsed_slice_dims.contains(&dim) || dims.operand_batching_dims.contains(&dim)
    };
    let slices = (0..rank).filter(|dim| !absent(dim));
    slices.zip(&dims.offset_dims).map(|(from, &to)| (from, to as usize)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hire_compiler::front::text;

    /// The axes of what a function returns, dimension by dimension.
    fn returned(body: &str) -> String {
        let text = format!("sdy.mesh @m = <[\"x\"=2, \"y\"=2]>\nfunc.func @main{body}");
        let module = text::parse(&text).unwrap_or_else(|e| panic!("{e}"));
        let func = &module.funcs[module.entry().unwrap()];
        let placements = propagate(func, &Meshes::of(&module));
        let last = func.terminator(func.body.unwrap()).unwrap();
        let names = |value: &ValueId| placements.get(value).map(|p| format!("{:?}", p.dims)).unwrap_or_default();
        func.ops[last].operands.iter().map(names).collect::<Vec<_>>().join("; ").replace('"', "")
    }

    #[test]
    fn products_keep_batch_and_free_dimensions() {
        let text = r#"(%h: tensor<4x3x8xf32> {sdy.sharding = #sdy.sharding<@m, [{"y"}, {}, {}]>}, %w: tensor<4x16x8xf32> {sdy.sharding = #sdy.sharding<@m, [{?}, {"x"}, {}]>}) -> tensor<4x3x16xf32> {
  %0 = stablehlo.dot_general %h, %w, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<4x3x8xf32>, tensor<4x16x8xf32>) -> tensor<4x3x16xf32>
  %1 = stablehlo.tanh %0 : tensor<4x3x16xf32>
  return %1 : tensor<4x3x16xf32>
}"#;
        assert_eq!(returned(text), "[[y], [], [x]]");
    }

    #[test]
    fn reshapes_reductions_and_transpositions_carry_axes_along() {
        let text = r#"(%a: tensor<4x6x8xf32> {sdy.sharding = #sdy.sharding<@m, [{}, {"x"}, {"y"}]>}) -> (tensor<4x2x3x8xf32>, tensor<6x8xf32>, tensor<8x6xf32>) {
  %0 = stablehlo.reshape %a : (tensor<4x6x8xf32>) -> tensor<4x2x3x8xf32>
  %c = stablehlo.constant dense<0.0> : tensor<f32>
  %1 = stablehlo.reduce(%a init: %c) applies stablehlo.add across dimensions = [0] : (tensor<4x6x8xf32>, tensor<f32>) -> tensor<6x8xf32>
  %2 = stablehlo.transpose %1, dims = [1, 0] : (tensor<6x8xf32>) -> tensor<8x6xf32>
  return %0, %1, %2 : tensor<4x2x3x8xf32>, tensor<6x8xf32>, tensor<8x6xf32>
}"#;
        assert_eq!(returned(text), "[[], [x], [], [y]]; [[x], [y]]; [[y], [x]]");
    }

    /// A lookup along the sharded dimension gives what no device has alone; along the other it stays cut.
    #[test]
    fn gathers_keep_the_dimensions_that_slices_take_whole() {
        let text = r#"(%e: tensor<16x8xf32> {sdy.sharding = #sdy.sharding<@m, [{"x"}, {"y"}]>}, %i: tensor<3xi32>) -> tensor<3x8xf32> {
  %0 = "stablehlo.gather"(%e, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<16x8xf32>, tensor<3xi32>) -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}"#;
        assert_eq!(returned(text), "[[], [y]]");
    }

    #[test]
    fn results_spread_backwards_and_closed_dimensions_stay() {
        let text = r#"(%a: tensor<8xf32>, %b: tensor<8xf32> {sdy.sharding = #sdy.sharding<@m, [{}]>}) -> (tensor<8xf32>, tensor<8xf32> {sdy.sharding = #sdy.sharding<@m, [{"x"}]>}) {
  %0 = stablehlo.negate %a : tensor<8xf32>
  %1 = stablehlo.add %0, %b : tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}"#;
        assert_eq!(returned(text), "[[x]]; [[x]]");
    }
}
