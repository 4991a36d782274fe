//! Where the neurons stand in the tensors between the two products of a feed-forward layer.

use hire_compiler::ir::{Attr, Func, OpId, Opcode, ScatterDimensionNumbers, Traits, ValueId};

/// How a tensor is laid out along the F neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Dimension `dim` has an entry a neuron.
    Flat {
        /// The dimension.
        dim: usize,
    },
    /// Dimensions `dim` and `dim + 1` are [F / group, group].
    Split {
        /// The first of the two dimensions.
        dim: usize,
        /// Neurons a group.
        group: u64,
    },
    /// Dimension `dim` has an entry a group of neurons.
    Groups {
        /// The dimension.
        dim: usize,
        /// Neurons a group.
        group: u64,
    },
    /// No dimension stands for neurons: a threshold, say.
    Free,
    /// Positions that a top-k gave, or what is computed from them.
    Places,
}

impl Axis {
    /// The dimension of neurons, or of groups of them.
    pub fn dim(self) -> Option<usize> {
        match self {
            Axis::Flat { dim } | Axis::Split { dim, .. } | Axis::Groups { dim, .. } => Some(dim),
            Axis::Free | Axis::Places => None,
        }
    }

    /// The same layout with the dimension elsewhere.
    fn at(self, to: usize) -> Axis {
        match self {
            Axis::Flat { .. } => Axis::Flat { dim: to },
            Axis::Split { group, .. } => Axis::Split { dim: to, group },
            Axis::Groups { group, .. } => Axis::Groups { dim: to, group },
            other => other,
        }
    }
}

/// What an operation does with neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Works on each neuron alone (or moves it): can be repeated on a selection.
    Local(Axis),
    /// Combines all neurons to a number: must see all of them.
    Whole,
    /// Takes the k largest: can be taken among a selection that holds them.
    TopK {
        /// How many entries of the axis.
        k: u64,
        /// Neurons an entry.
        group: u64,
    },
}

/// The effect of `op`, whose operands lie as `axis_of` says (`None` for values that no
/// pre-activation reaches). There are so many `neurons`, in groups of `group` as far as is known.
///
/// # Errors
/// Why the operation cannot be repeated on a selection.
pub(super) fn effect(
    func: &Func,
    op: OpId,
    (neurons, group): (u64, u64),
    axis_of: &dyn Fn(ValueId) -> Option<Axis>,
) -> Result<Effect, String> {
    let operation = &func.ops[op];
    let name = operation.name();
    let axes: Vec<Option<Axis>> = operation.operands.iter().map(|&v| axis_of(v)).collect();
    let along: Vec<Axis> = axes.iter().flatten().copied().filter(|a| a.dim().is_some()).collect();
    let has_places = axes.contains(&Some(Axis::Places));
    if operation.opcode == Opcode::Scatter {
        return scatter(func, op, neurons, &axes);
    }
    if along.is_empty() {
        if operation.opcode == Opcode::BroadcastInDim && !has_places {
            return spread(func, op, neurons, group);
        }
        if has_places && operation.results.iter().any(|&r| has_neuron_dim(func, r, neurons)) {
            return Err(format!("its activation uses the positions of a top-k in `{name}`, other than for a scatter"));
        }
        let pure = operation.opcode.has(Traits::PURE) || operation.opcode == Opcode::Reduce;
        let free = if has_places { Axis::Places } else { Axis::Free };
        return if pure { Ok(Effect::Local(free)) } else { Err(format!("its activation goes through `{name}`")) };
    }
    if has_places || along.iter().any(|a| *a != along[0]) {
        return Err(format!("its activation meets itself in another layout in `{name}`"));
    }
    let axis = along[0];
    match operation.opcode {
        Opcode::Select | Opcode::Clamp => Ok(Effect::Local(axis)),
        opcode if opcode.has(Traits::ELEMENTWISE) => Ok(Effect::Local(axis)),
        Opcode::Composite if elementwise_composite(func, op).is_some() => Ok(Effect::Local(axis)),
        Opcode::Transpose | Opcode::Reshape | Opcode::BroadcastInDim => moved(func, op, axis).map(Effect::Local),
        Opcode::Reduce => reduced(func, op, axis),
        _ => top_k(func, op, axis)
            .ok_or_else(|| format!("its activation goes through `{name}`, which needs every neuron")),
    }
}

fn sizes(func: &Func, value: ValueId) -> Vec<u64> {
    let sizes = func.value_type(value).as_tensor().and_then(|t| t.sizes());
    sizes.map(|s| s.to_vec()).unwrap_or_default()
}

fn has_neuron_dim(func: &Func, value: ValueId, neurons: u64) -> bool {
    sizes(func, value).contains(&neurons)
}

/// The element-wise operation that a composite of one operand stands for, as portable artifacts
/// write those of CHLO.
pub(crate) fn elementwise_composite(func: &Func, op: OpId) -> Option<Opcode> {
    let operation = &func.ops[op];
    let opcode = Opcode::from_name(operation.str_attr("name")?)?;
    let same = operation.operands.len() == 1 && operation.results.len() == 1;
    (same && opcode.has(Traits::ELEMENTWISE)).then_some(opcode)
}

/// A number a row that is spread over the neurons.
fn spread(func: &Func, op: OpId, neurons: u64, group: u64) -> Result<Effect, String> {
    let operation = &func.ops[op];
    let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
    let (from, to) = (sizes(func, operation.operands[0]), sizes(func, operation.results[0]));
    let kept = |d: usize| dims.iter().position(|&t| t == d as i64).is_some_and(|at| from[at] == to[d]);
    let new = |size: u64| (0..to.len()).filter(|&d| to[d] == size && !kept(d)).collect::<Vec<usize>>();
    let of_groups = if group > 1 { new(neurons / group) } else { Vec::new() };
    match (new(neurons).as_slice(), of_groups.as_slice()) {
        ([], []) => Ok(Effect::Local(Axis::Free)),
        ([dim], _) => Ok(Effect::Local(Axis::Flat { dim: *dim })),
        ([], [dim]) if to.get(dim + 1) == Some(&group) && !kept(dim + 1) => {
            Ok(Effect::Local(Axis::Split { dim: *dim, group }))
        }
        ([], [dim]) => Ok(Effect::Local(Axis::Groups { dim: *dim, group })),
        _ => Err("its activation has two dimensions of the size of its neurons".to_owned()),
    }
}

/// Where transpositions, reshapes and broadcasts put the neurons.
fn moved(func: &Func, op: OpId, axis: Axis) -> Result<Axis, String> {
    let operation = &func.ops[op];
    let (from, to) = (sizes(func, operation.operands[0]), sizes(func, operation.results[0]));
    let refused = || format!("its activation is rearranged by `{}` so that neurons mix", operation.name());
    let dim = axis.dim().ok_or_else(refused)?;
    match operation.opcode {
        Opcode::Reshape => reshaped(&from, &to, axis, dim).ok_or_else(refused),
        Opcode::Transpose => {
            let order = operation.i64s_attr("permutation").unwrap_or_default();
            let place = |d: usize| order.iter().position(|&p| p == d as i64);
            let to = place(dim).ok_or_else(refused)?;
            let adjacent = !matches!(axis, Axis::Split { .. }) || place(dim + 1) == Some(to + 1);
            adjacent.then(|| axis.at(to)).ok_or_else(refused)
        }
        _ => {
            let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
            let to_dim = *dims.get(dim).ok_or_else(refused)? as usize;
            match axis {
                // A number a group that is spread over the members of the group.
                Axis::Groups { group, .. }
                    if to.get(to_dim + 1) == Some(&group) && !dims_keep(dims, &from, to_dim + 1) =>
                {
                    Ok(Axis::Split { dim: to_dim, group })
                }
                Axis::Split { .. } if dims.get(dim + 1) != Some(&(to_dim as i64 + 1)) => Err(refused()),
                _ if from[dim] == to[to_dim] => Ok(axis.at(to_dim)),
                _ => Err(refused()),
            }
        }
    }
}

/// Whether dimension `to` of a broadcast's result is one of the operand's, of more than one entry.
fn dims_keep(dims: &[i64], from: &[u64], to: usize) -> bool {
    dims.iter().position(|&t| t == to as i64).is_some_and(|at| from[at] != 1)
}

fn reshaped(from: &[u64], to: &[u64], axis: Axis, dim: usize) -> Option<Axis> {
    let outer: u64 = from[..dim].iter().product();
    let starts = |d: usize| to[..d].iter().product::<u64>() == outer;
    let whole = |count: u64| (0..to.len()).find(|&d| to[d] == count && starts(d));
    match axis {
        Axis::Flat { .. } => {
            let count = from[dim];
            let split = || {
                let fits = |&d: &usize| starts(d) && to[d] > 1 && to[d] * to[d + 1] == count;
                let dim = (0..to.len().saturating_sub(1)).find(fits)?;
                Some(Axis::Split { dim, group: to[dim + 1] })
            };
            whole(count).map(|dim| Axis::Flat { dim }).or_else(split)
        }
        Axis::Split { group, .. } => {
            let kept = (0..to.len().saturating_sub(1)).find(|&d| starts(d) && to[d] == from[dim] && to[d + 1] == group);
            kept.map(|dim| Axis::Split { dim, group })
                .or_else(|| whole(from[dim] * group).map(|dim| Axis::Flat { dim }))
        }
        Axis::Groups { group, .. } => whole(from[dim]).map(|dim| Axis::Groups { dim, group }),
        Axis::Free | Axis::Places => None,
    }
}

fn reduced(func: &Func, op: OpId, axis: Axis) -> Result<Effect, String> {
    let operation = &func.ops[op];
    let dims = operation.i64s_attr("dimensions").unwrap_or_default();
    let dim = axis.dim().unwrap_or_default() as i64;
    if operation.results.len() != 1 {
        return Err("its activation goes through a reduction of several operands".to_owned());
    }
    let shift = dims.iter().filter(|&&d| d < dim).count();
    match axis {
        Axis::Split { group, .. } if dims == [dim + 1] => {
            Ok(Effect::Local(Axis::Groups { dim: dim as usize - shift, group }))
        }
        Axis::Split { .. } if dims.contains(&dim) && dims.contains(&(dim + 1)) => Ok(Effect::Whole),
        Axis::Flat { .. } | Axis::Groups { .. } if dims.contains(&dim) => Ok(Effect::Whole),
        _ => Err("its activation is reduced over rows".to_owned()),
    }
}

/// A top-k along the neurons, or along groups of them.
fn top_k(func: &Func, op: OpId, axis: Axis) -> Option<Effect> {
    let operation = &func.ops[op];
    let group = match axis {
        Axis::Flat { .. } => 1,
        Axis::Groups { group, .. } => group,
        _ => return None,
    };
    let k = match operation.opcode {
        Opcode::TopK => operation.i64_attr("k")?,
        Opcode::Composite if operation.str_attr("name") == Some("chlo.top_k") => {
            let Some(Attr::Dict(attrs)) = operation.attr("composite_attributes") else { return None };
            attrs.get("largest").is_none_or(|l| l.as_bool() == Some(true)).then(|| attrs.get("k")?.as_i64())??
        }
        _ => return None,
    };
    let is_last = sizes(func, operation.operands[0]).len() == axis.dim()? + 1;
    Some(Effect::TopK { k: u64::try_from(k).ok().filter(|_| is_last)?, group })
}

/// A scatter of a top-k's values into zeros puts each neuron back in its place.
fn scatter(func: &Func, op: OpId, neurons: u64, axes: &[Option<Axis>]) -> Result<Effect, String> {
    let operation = &func.ops[op];
    let refused = |why: &str| Err(format!("its activation goes through a scatter {why}"));
    let Some(Attr::ScatterDimensionNumbers(numbers)) = operation.attr("scatter_dimension_numbers") else {
        return refused("without dimension numbers");
    };
    let numbers: &ScatterDimensionNumbers = numbers;
    let [None, Some(Axis::Places), Some(Axis::Free)] = axes else {
        return refused("that does not put the values of a top-k into zeros");
    };
    let to = sizes(func, operation.operands[0]);
    let dim = numbers.scatter_dims_to_operand_dims.iter().rev().find(|&&d| to.get(d as usize) == Some(&neurons));
    match dim {
        Some(&dim) if numbers.inserted_window_dims.contains(&dim) => {
            Ok(Effect::Local(Axis::Flat { dim: dim as usize }))
        }
        _ => refused("along another dimension"),
    }
}
