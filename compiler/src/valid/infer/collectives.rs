//! Collectives: operations of several processes together.
//!
//! Whether `replica_groups` covers all processes (`all_gather_c3` and the like) depends on how many run the
//! program, which the program does not say; it is not checked.

use super::Outcome;
use super::reduce::{Initial, accumulators, check_reducer};
use crate::ir::{Attr, DenseElements, Dim, Opcode, Type};
use crate::valid::compat::{Shape, compatible_dims};
use crate::valid::site::{Checked, OpCx, first_repeated, types_text};

/// What a collective demands of its `replica_groups`, with the numbers of the constraints.
struct Groups {
    unique: usize,
    range: usize,
    /// Whether groups may be of different sizes, with -1 in place of a missing process.
    padded: bool,
}

/// Groups name every process from 0 on at most once, and none is left out.
fn check_groups<'a>(cx: &mut OpCx<'a>, demands: &Groups) -> Checked<Option<&'a DenseElements>> {
    let Some(Attr::Elements(groups)) = cx.attr("replica_groups") else { return Ok(None) };
    let shape = groups.ty.sizes().unwrap_or_default();
    let rank = cx.input_tag_of("replica_groups");
    cx.require(shape.len() == 2, rank, || format!("replica_groups must be of rank 2, but is `{}`", groups.ty))?;
    if cx.flag("use_global_device_ids") {
        cx.require(!groups.is_empty(), rank, || {
            "replica_groups must not be empty where use_global_device_ids is set".to_owned()
        })?;
    }
    let (unique, range) = (cx.c(demands.unique), cx.c(demands.range));
    if groups.splat && groups.len() > 1 {
        let id = groups.integers_of_splat();
        let missing = demands.padded && id == -1;
        return match missing {
            true => Ok(Some(groups)),
            false if id == -1 => Err(cx.fail(range, "process -1 in replica_groups is no process")),
            false => Err(cx.fail(unique, format!("replica_groups must not repeat, but hold process {id} twice"))),
        };
    }
    let ids = groups.to_i64s().unwrap_or_default();
    let present: Vec<i64> = ids.into_iter().filter(|&id| !(demands.padded && id == -1)).collect();
    cx.require(!present.contains(&-1), range, || "process -1 in replica_groups is no process".to_owned())?;
    if let Some(twice) = first_repeated(present.iter().copied()) {
        return Err(cx.fail(unique, format!("replica_groups must not repeat, but hold process {twice} twice")));
    }
    let mut sorted = present;
    sorted.sort_unstable();
    if let Some(gap) = sorted.iter().enumerate().position(|(i, &id)| id != i as i64) {
        return Err(cx.fail(
            range,
            format!("replica_groups must name the processes 0 to {}, but {gap} is missing", sorted.len() - 1),
        ));
    }
    Ok(Some(groups))
}

impl OpCx<'_> {
    /// The tag of an attribute as an input of the operation.
    fn input_tag_of(&self, attribute: &str) -> &'static str {
        let info = self.opcode.info();
        let index = info.attributes.iter().position(|a| a.name == attribute).unwrap_or(0);
        crate::valid::tags::input(self.opcode, info.operands.len() + index + 1)
    }

    /// A positive channel where global device ids are used.
    fn check_channel(&mut self, least: i64, tag: &'static str) -> Checked {
        let handle = match self.attr("channel_handle") {
            Some(Attr::ChannelHandle(channel)) => channel.handle,
            _ => 0,
        };
        let global = self.flag("use_global_device_ids");
        self.require(!global || handle >= least, tag, || {
            format!(
                "the channel_id in channel_handle must be positive where use_global_device_ids is set, got {handle}"
            )
        })
    }
}

impl DenseElements {
    /// The value of a splat of integers; 0 for others.
    fn integers_of_splat(&self) -> i64 {
        let bytes = self.data.get(..8).and_then(|b| b.try_into().ok()).map(i64::from_le_bytes);
        bytes.unwrap_or(0)
    }
}

/// all_gather_c1 to all_gather_c5: what does not need the results.
pub(super) fn all_gather(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    for index in 0..cx.operands.len() {
        let (_, dims) = cx.ranked(index)?;
        let dim =
            cx.dim_in_range(cx.int("all_gather_dim"), dims.len(), "all_gather_c1", "all_gather_dim", "the operand")?;
        cx.require_about(dims[dim] != Dim::Size(0), "all_gather_c1", &[index], || {
            format!("dimension {dim} of the operand, the all_gather_dim along which it is gathered, must not be empty")
        })?;
    }
    check_groups(cx, &Groups { unique: 2, range: 4, padded: false })?;
    cx.check_channel(0, "all_gather_c5")?;
    Ok(Outcome::Stated)
}

/// all_gather_c6, with the results.
pub(super) fn all_gather_results(cx: &mut OpCx<'_>) -> Checked {
    let (operands, results) = (cx.operands.len(), cx.result_types().len());
    cx.require(results == operands, "all_gather_c6", || {
        format!("must have a result for each of the {operands} operands, but has {results}")
    })?;
    for index in 0..results {
        let ((operand, from), (result, to)) = (cx.ranked(index)?, cx.ranked_result(index)?);
        cx.require_about(operand.element == result.element, "all_gather_c6", &[index], || {
            format!(
                "operand and result must have the same element type, got `{}` and `{}`",
                operand.element, result.element
            )
        })?;
        let along = cx.int("all_gather_dim") as usize;
        check_scaled(cx, index, (from, to), along, "all_gather_c6", false)?;
    }
    Ok(())
}

/// Two shapes are the same but for one dimension, where one size is a multiple of the other: of the
/// operand's when gathering, of the result's when scattering.
fn check_scaled(
    cx: &mut OpCx<'_>,
    index: usize,
    shapes: (&[Dim], &[Dim]),
    along: usize,
    tag: &'static str,
    scatters: bool,
) -> Checked {
    let (from, to) = shapes;
    cx.require_about(from.len() == to.len(), tag, &[index], || {
        format!("operand and result must have the same rank, got {} and {}", from.len(), to.len())
    })?;
    for dim in (0..from.len()).filter(|&d| d != along) {
        cx.require_about(compatible_dims(from[dim], to[dim]), tag, &[index], || {
            format!("operand and result must have the same shape except in dimension {along}, the all_gather_dim, but dimension {dim} has sizes {} and {}", from[dim], to[dim])
        })?;
    }
    let (large, small, names) = if scatters {
        (from[along], to[along], ("operand", "result"))
    } else {
        (to[along], from[along], ("result", "operand"))
    };
    let fits = large.size().zip(small.size()).is_none_or(|(large, small)| small != 0 && large.is_multiple_of(small));
    cx.require_about(fits, tag, &[index], || {
        format!(
            "the size {large} of dimension {along} of the {} must be a multiple of the size {small} of the {}",
            names.0, names.1
        )
    })
}

/// all_reduce_c1 to all_reduce_c7.
pub(super) fn all_reduce(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    check_groups(cx, &Groups { unique: 1, range: 3, padded: true })?;
    cx.check_channel(1, "all_reduce_c4")?;
    for index in 0..cx.operands.len() {
        check_reducer(cx, 0, index..index + 1, Initial::ElementsOf(index..index + 1), &[], "all_reduce_c5")?;
    }
    let element = accumulators(cx, 0).first().map(|t| t.element.clone());
    let mut types = Vec::new();
    for index in 0..cx.operands.len() {
        let operand = cx.tensor(index)?;
        types.push(Type::Tensor(operand.with_element(element.clone().unwrap_or_else(|| operand.element.clone()))));
    }
    Outcome::all(types, "all_reduce_c6")
}

/// all_to_all_c1 to all_to_all_c9.
pub(super) fn all_to_all(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let count = cx.int("split_count");
    cx.require(count > 0, "all_to_all_c4", || format!("split_count must be positive, got {count}"))?;
    if let Some(groups) = check_groups(cx, &Groups { unique: 5, range: 7, padded: false })? {
        let sizes = groups.ty.sizes().unwrap_or_default();
        let size = sizes.get(1).copied().unwrap_or(0);
        let empty = sizes.first() == Some(&0);
        cx.require(empty || size == count as u64, "all_to_all_c8", || {
            format!("each of the replica_groups must have split_count processes, which is {count}, but has {size}")
        })?;
    }
    let count = count as u64;
    let mut types = Vec::new();
    for index in 0..cx.operands.len() {
        let (operand, own) = cx.ranked(index)?;
        let split =
            cx.dim_in_range(cx.int("split_dimension"), own.len(), "all_to_all_c1", "split_dimension", "the operand")?;
        let concat =
            cx.dim_in_range(cx.int("concat_dimension"), own.len(), "all_to_all_c3", "concat_dimension", "the operand")?;
        cx.require_about(own[split].size().is_none_or(|n| n.is_multiple_of(count)), "all_to_all_c2", &[index], || {
            format!(
                "the size {} of dimension {split}, which is split, must be a multiple of split_count, which is {count}",
                own[split]
            )
        })?;
        let mut shape = Shape::of(operand).unwrap_or_default();
        let divide = |n: u64| n / count;
        let multiply = |n: u64| n.saturating_mul(count).min(i64::MAX as u64);
        let apply = |dim: Dim, f: &dyn Fn(u64) -> u64| dim.size().map_or(Dim::Dynamic, |n| Dim::Size(f(n)));
        shape.dims[split] = apply(shape.dims[split], &divide);
        shape.dims[concat] = apply(shape.dims[concat], &multiply);
        if !shape.bounds.is_empty() {
            shape.bounds[split] = shape.bounds[split].map(divide);
            shape.bounds[concat] = shape.bounds[concat].map(multiply);
        }
        types.push(Type::Tensor(shape.with(operand.element.clone(), operand)));
    }
    Outcome::all(types, "all_to_all_c9")
}

/// collective_broadcast_c1, collective_broadcast_c2, collective_broadcast_c3.
pub(super) fn collective_broadcast(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    check_named(cx, "collective_broadcast_c1", "collective_broadcast_c2")?;
    check_root(cx)?;
    Outcome::one(cx.tensor(0)?.clone(), "collective_broadcast_c3")
}

/// Groups that may leave processes out: their members are not negative, and unique.
fn check_named(cx: &mut OpCx<'_>, unique: &'static str, range: &'static str) -> Checked {
    let Some(Attr::Elements(groups)) = cx.attr("replica_groups") else { return Ok(()) };
    let rank = cx.input_tag_of("replica_groups");
    cx.require(groups.ty.rank() == Some(2), rank, || {
        format!("replica_groups must be of rank 2, but is `{}`", groups.ty)
    })?;
    let ids = if groups.splat { vec![groups.integers_of_splat()] } else { groups.to_i64s().unwrap_or_default() };
    if let Some(negative) = ids.iter().find(|&&id| id < 0) {
        return Err(cx.fail(range, format!("process {negative} in replica_groups is no process")));
    }
    let twice = if groups.splat && groups.len() > 1 { ids.first().copied() } else { first_repeated(ids) };
    match twice {
        Some(twice) => Err(cx.fail(unique, format!("replica_groups must not repeat, but hold process {twice} twice"))),
        None => Ok(()),
    }
}

/// A root operand is there exactly when `has_dynamic_root` says so.
fn check_root(cx: &mut OpCx<'_>) -> Checked {
    let (given, said) = (cx.operands.len() > 1, cx.flag("has_dynamic_root"));
    cx.require(given == said, "collective_root", || match said {
        true => "has_dynamic_root is set, but there is no root operand".to_owned(),
        false => "a root operand is given, but has_dynamic_root is not set".to_owned(),
    })
}

/// The operand's type, in the accumulator's element type.
pub(super) fn collective_reduce(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    check_named(cx, "collective_reduce_c1", "collective_reduce_c2")?;
    check_root(cx)?;
    check_reducer(cx, 0, 0..1, Initial::ElementsOf(0..1), &[], "collective_reduce_c4")?;
    let operand = cx.tensor(0)?;
    let element = accumulators(cx, 0).first().map_or(operand.element.clone(), |t| t.element.clone());
    Outcome::one(operand.with_element(element), "collective_reduce_c5")
}

/// collective_permute_c1 to collective_permute_c5.
pub(super) fn collective_permute(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    if let Some(Attr::Elements(pairs)) = cx.attr("source_target_pairs") {
        check_pairs(cx, pairs)?;
    }
    Outcome::one(cx.tensor(0)?.clone(), "collective_permute_c5")
}

/// collective_permute_c1 to collective_permute_c4.
fn check_pairs(cx: &mut OpCx<'_>, pairs: &DenseElements) -> Checked {
    let shape = pairs.ty.sizes().unwrap_or_default();
    cx.require(shape.len() == 2, "collective_permute_i2", || {
        format!("source_target_pairs must be of rank 2, but is `{}`", pairs.ty)
    })?;
    cx.require(shape[1] == 2, "collective_permute_c1", || {
        format!("source_target_pairs must have two columns, but is `{}`", pairs.ty)
    })?;
    let flat = match pairs.splat && shape[0] > 1 {
        // Two rows of a splat repeat already.
        true => vec![pairs.integers_of_splat(); 4],
        false => pairs.to_i64s().unwrap_or_default(),
    };
    if let Some(negative) = flat.iter().find(|&&id| id < 0) {
        return Err(
            cx.fail("collective_permute_c4", format!("process {negative} in source_target_pairs is no process"))
        );
    }
    for (column, tag, what) in [(0, "collective_permute_c2", "source"), (1, "collective_permute_c3", "target")] {
        if let Some(twice) = first_repeated(flat.iter().skip(column).step_by(2).copied()) {
            return Err(cx.fail(tag, format!("process {twice} is the {what} of two of the source_target_pairs")));
        }
    }
    Ok(())
}

/// The operand's type. Not in the specification.
pub(super) fn cross_replica_sum(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    Outcome::one(cx.tensor(0)?.clone(), "cross_replica_sum_result")
}

/// reduce_scatter_c1 to reduce_scatter_c9.
pub(super) fn reduce_scatter(cx: &mut OpCx<'_>) -> Checked {
    check_groups(cx, &Groups { unique: 3, range: 5, padded: false })?;
    check_reducer(cx, 0, 0..1, Initial::ElementsOf(0..1), &[], "reduce_scatter_c7")?;
    let ((_, from), (result, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    let along = cx.dim_in_range(
        cx.int("scatter_dimension"),
        from.len(),
        "reduce_scatter_c2",
        "scatter_dimension",
        "the operand",
    )?;
    cx.check_channel(1, "reduce_scatter_c6")?;
    for (dims, name) in [(from, "operand"), (to, "result")] {
        cx.require(dims.get(along) != Some(&Dim::Size(0)), "reduce_scatter_c8", || {
            format!(
                "dimension {along} of the {name}, the scatter_dimension along which it is scattered, must not be empty"
            )
        })?;
    }
    check_scaled(cx, 0, (from, to), along, "reduce_scatter_c8", true)?;
    let element = accumulators(cx, 0).first().map(|t| t.element.clone());
    cx.require(element.as_ref() == Some(&result.element), "reduce_scatter_c9", || {
        let element = element.as_ref().map_or_else(String::new, |e| e.to_string());
        format!(
            "the result must have the element type `{element}` that the computation returns, but has `{}`",
            result.element
        )
    })
}

/// The body holds one collective on the operands, and the future is of its results.
pub(super) fn async_start(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operands, args) = (cx.operand_types(), cx.region_args(0));
    cx.require(operands == args, "async_start_body", || {
        format!("the body must take the operands' types {}, but takes {}", types_text(&operands), types_text(&args))
    })?;
    let ops = &cx.func.regions[cx.regions[0]].ops;
    let collective = |op: Opcode| {
        matches!(
            op,
            Opcode::AllGather
                | Opcode::AllReduce
                | Opcode::AllToAll
                | Opcode::CollectiveBroadcast
                | Opcode::CollectivePermute
                | Opcode::ReduceScatter
                | Opcode::Slice
                | Opcode::DynamicSlice
                | Opcode::DynamicUpdateSlice
        )
    };
    let fits = matches!(ops.as_slice(), [one, _] if collective(cx.func.ops[*one].opcode));
    cx.require(fits, "async_start_body", || "the body must hold one collective and return its results".to_owned())?;
    let results = cx.region_results(0).into_iter().cloned().collect();
    Outcome::one(Type::Future(results), "async_start_result")
}

/// The results that the future promises.
pub(super) fn async_done(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    match cx.operand_type(0) {
        Type::Future(parts) => Outcome::all(parts.iter().cloned(), "async_done_result"),
        _ => Ok(Outcome::Stated),
    }
}
