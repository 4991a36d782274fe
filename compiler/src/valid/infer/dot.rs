//! Products: `dot`, `dot_general` and `chlo.ragged_dot`.

use super::Outcome;
use crate::ir::{Attr, Dim, DotAlgorithm, DotDimensionNumbers, ElementType, RaggedDotDimensionNumbers};
use crate::valid::compat::{Shape, compatible_dims};
use crate::valid::site::{Checked, OpCx, first_repeated, list, shape_text};

/// At most two precisions: dot_general_c11, convolution_c24.
pub(super) fn precision_config(cx: &mut OpCx<'_>, tag: &'static str) -> Checked {
    let Some(Attr::Array(config)) = cx.attr("precision_config") else { return Ok(()) };
    cx.require(config.len() <= 2, tag, || {
        format!("precision_config must have an entry for each of the two operands, but has {}", config.len())
    })
}

/// Vectors and matrices only. Not in the specification.
pub(super) fn dot(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    precision_config(cx, "precision_config")?;
    let ((lhs, lhs_dims), (rhs, rhs_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    let ranks = (1..=2).contains(&lhs_dims.len()) && (1..=2).contains(&rhs_dims.len());
    cx.require_about(ranks, "dot_shapes", &[0, 1], || {
        format!("operands must be vectors or matrices, got `{lhs}` and `{rhs}`")
    })?;
    let (contracted, rows) = (lhs_dims[lhs_dims.len() - 1], &lhs_dims[..lhs_dims.len() - 1]);
    cx.require_about(compatible_dims(contracted, rhs_dims[0]), "dot_shapes", &[0, 1], || {
        format!("the last dimension of lhs and the first of rhs must have the same size, got `{lhs}` and `{rhs}`")
    })?;
    let dims = rows.iter().chain(&rhs_dims[1..]).copied();
    Outcome::shape(Shape::from_dims(dims).plain(lhs.element.clone()), "dot_shapes")
}

/// dot_general_c1 to dot_general_c12; dot_general_c13 to c20 in [`super::quantized`].
pub(super) fn dot_general(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    precision_config(cx, "dot_general_c11")?;
    let Some(Attr::DotDimensionNumbers(numbers)) = cx.attr("dot_dimension_numbers") else { return Ok(Outcome::Stated) };
    let (lhs_free, rhs_free) = check_numbers(cx, numbers)?;
    algorithm(cx)?;
    let ((lhs, lhs_dims), (_, rhs_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    let batch = numbers.lhs_batching_dimensions.iter().map(|&d| lhs_dims[d as usize]);
    let dims = batch.chain(lhs_free.iter().map(|&d| lhs_dims[d])).chain(rhs_free.iter().map(|&d| rhs_dims[d]));
    Outcome::shape(Shape::from_dims(dims).plain(lhs.element.clone()), "dot_general_c12")
}

/// Constraints (C1) to (C10) of dimension numbers; gives the dimensions of either side that are neither
/// batched nor contracted.
fn check_numbers(cx: &mut OpCx<'_>, n: &DotDimensionNumbers) -> Checked<(Vec<usize>, Vec<usize>)> {
    let (lhs_batch, rhs_batch) = (&n.lhs_batching_dimensions, &n.rhs_batching_dimensions);
    let (lhs_contract, rhs_contract) = (&n.lhs_contracting_dimensions, &n.rhs_contracting_dimensions);
    let batching = cx.require(lhs_batch.len() == rhs_batch.len(), cx.c(1), || {
        format!("lhs and rhs must have as many batching dimensions, got {} and {}", list(lhs_batch), list(rhs_batch))
    });
    let contracting = cx.require(lhs_contract.len() == rhs_contract.len(), cx.c(2), || {
        format!(
            "lhs and rhs must have as many contracting dimensions, got {} and {}",
            list(lhs_contract),
            list(rhs_contract)
        )
    });
    batching.and(contracting)?;
    distinct(cx, lhs_batch, lhs_contract, cx.c(3), "lhs_batching_dimensions and lhs_contracting_dimensions")?;
    distinct(cx, rhs_batch, rhs_contract, cx.c(4), "rhs_batching_dimensions and rhs_contracting_dimensions")?;
    let ((_, lhs), (_, rhs)) = (cx.ranked(0)?, cx.ranked(1)?);
    let lists = [
        (lhs_batch, lhs.len(), 5, "lhs_batching_dimensions", "lhs"),
        (lhs_contract, lhs.len(), 6, "lhs_contracting_dimensions", "lhs"),
        (rhs_batch, rhs.len(), 7, "rhs_batching_dimensions", "rhs"),
        (rhs_contract, rhs.len(), 8, "rhs_contracting_dimensions", "rhs"),
    ];
    for (dims, rank, constraint, name, of) in lists {
        cx.dims_in_range(dims, rank, cx.c(constraint), name, of)?;
    }
    for (constraint, what, lhs_list, rhs_list) in
        [(9, "batching", lhs_batch, rhs_batch), (10, "contracting", lhs_contract, rhs_contract)]
    {
        for (&l, &r) in lhs_list.iter().zip(rhs_list) {
            let (left, right) = (lhs[l as usize], rhs[r as usize]);
            cx.require_about(compatible_dims(left, right), cx.c(constraint), &[0, 1], || {
                format!("{what} dimensions must have the same size, but lhs dimension {l} has size {left} and rhs dimension {r} has size {right}")
            })?;
        }
    }
    let free = |rank: usize, batch: &[i64], contract: &[i64]| {
        (0..rank).filter(|&d| !batch.contains(&(d as i64)) && !contract.contains(&(d as i64))).collect::<Vec<_>>()
    };
    Ok((free(lhs.len(), lhs_batch, lhs_contract), free(rhs.len(), rhs_batch, rhs_contract)))
}

/// Records an error when a dimension occurs twice in two lists together.
pub(super) fn distinct(cx: &mut OpCx<'_>, a: &[i64], b: &[i64], tag: &'static str, names: &str) -> Checked {
    match first_repeated(a.iter().chain(b).copied()) {
        Some(twice) => {
            Err(cx.fail(tag, format!("{names} must not repeat, but hold {twice} twice: {} and {}", list(a), list(b))))
        }
        None => Ok(()),
    }
}

/// dot_general_c21 to dot_general_c24, and that the algorithm is one that hardware may have.
fn algorithm(cx: &mut OpCx<'_>) -> Checked {
    let Some(Attr::DotAlgorithm(algorithm)) = cx.attr("algorithm") else { return Ok(()) };
    let default = match cx.attr("precision_config") {
        Some(Attr::Array(config)) => config.iter().all(|p| p.as_enum() == Some("DEFAULT")),
        _ => true,
    };
    cx.require(default, "dot_general_c21", || {
        "precision_config must be DEFAULT where an algorithm is given".to_owned()
    })?;
    let counts = [
        ("dot_general_c22", "lhs_component_count", algorithm.lhs_component_count),
        ("dot_general_c23", "rhs_component_count", algorithm.rhs_component_count),
        ("dot_general_c24", "num_primitive_operations", algorithm.num_primitive_operations),
    ];
    for (tag, name, count) in counts {
        cx.require(count >= 1, tag, || format!("{name} must be positive, got {count}"))?;
    }
    cx.require(is_known(algorithm), "dot_general_i8", || {
        format!(
            "no hardware is known to support this algorithm: {} x {} accumulated in {}, {} and {} components, {} primitive operations{}",
            algorithm.lhs_precision_type,
            algorithm.rhs_precision_type,
            algorithm.accumulation_type,
            algorithm.lhs_component_count,
            algorithm.rhs_component_count,
            algorithm.num_primitive_operations,
            if algorithm.allow_imprecise_accumulation { ", imprecise accumulation" } else { "" },
        )
    })
}

/// Whether some hardware is known to have an algorithm (the specification's list).
fn is_known(a: &DotAlgorithm) -> bool {
    use ElementType::*;
    if a.lhs_component_count != 1 || a.rhs_component_count != 1 {
        return false;
    }
    let f8 =
        |t: &ElementType| matches!(t, F8E3M4 | F8E4M3 | F8E4M3FN | F8E5M2 | F8E4M3FNUZ | F8E4M3B11FNUZ | F8E5M2FNUZ);
    if f8(&a.lhs_precision_type)
        && f8(&a.rhs_precision_type)
        && a.accumulation_type == F32
        && a.num_primitive_operations == 1
    {
        return true;
    }
    let known = match (&a.lhs_precision_type, &a.accumulation_type) {
        (F16, F16 | F32) | (BF16, BF16) | (F32, F32) | (F64, F64) => a.num_primitive_operations == 1,
        (BF16, F32) => matches!(a.num_primitive_operations, 1 | 3 | 6 | 9),
        (TF32, F32) => matches!(a.num_primitive_operations, 1 | 3),
        _ => false,
    };
    known && a.lhs_precision_type == a.rhs_precision_type && !a.allow_imprecise_accumulation
}

/// Which dimension of the lhs is ragged, by its role.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    NonContracting,
    Contracting,
    Batch,
}

/// `chlo.ragged_dot`: the constraints of `dot_general`, and those of the groups.
pub(super) fn ragged_dot(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    precision_config(cx, "ragged_dot_precision")?;
    let Some(Attr::RaggedDotDimensionNumbers(ragged)) = cx.attr("ragged_dot_dimension_numbers") else {
        return Ok(Outcome::Stated);
    };
    let numbers = DotDimensionNumbers {
        lhs_batching_dimensions: ragged.lhs_batching_dimensions.clone(),
        rhs_batching_dimensions: ragged.rhs_batching_dimensions.clone(),
        lhs_contracting_dimensions: ragged.lhs_contracting_dimensions.clone(),
        rhs_contracting_dimensions: ragged.rhs_contracting_dimensions.clone(),
    };
    let (lhs_free, rhs_free) = check_numbers(cx, &numbers)?;
    let (mode, groups) = ragged_groups(cx, ragged)?;
    let ((lhs, lhs_dims), (_, rhs_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    let batch = numbers.lhs_batching_dimensions.iter().map(|&d| lhs_dims[d as usize]);
    let rhs_kept = rhs_free.iter().filter(|&&d| !ragged.rhs_group_dimensions.contains(&(d as i64)));
    let dims = (mode == Mode::Contracting).then_some(groups).into_iter().chain(batch);
    let dims = dims.chain(lhs_free.iter().map(|&d| lhs_dims[d])).chain(rhs_kept.map(|&d| rhs_dims[d]));
    Outcome::shape(Shape::from_dims(dims).plain(lhs.element.clone()), "ragged_dot_result")
}

/// The constraints of ragged and group dimensions and of group sizes; gives the number of groups.
fn ragged_groups(cx: &mut OpCx<'_>, n: &RaggedDotDimensionNumbers) -> Checked<(Mode, Dim)> {
    let ((_, lhs), (_, rhs), (_, sizes)) = (cx.ranked(0)?, cx.ranked(1)?, cx.ranked(2)?);
    let tag = "ragged_dot_lhs_ragged_dimensions";
    let [ragged] = n.lhs_ragged_dimensions[..] else {
        return Err(
            cx.fail(tag, format!("lhs must have exactly one ragged dimension, got {}", list(&n.lhs_ragged_dimensions)))
        );
    };
    cx.dim_in_range(ragged, lhs.len(), tag, "lhs_ragged_dimensions", "lhs")?;
    let before = |dims: &[i64]| dims.iter().copied().take_while(|&d| d != ragged).collect::<Vec<_>>();
    let (mode, prefix) = if n.lhs_batching_dimensions.contains(&ragged) {
        (Mode::Batch, before(&n.lhs_batching_dimensions))
    } else if n.lhs_contracting_dimensions.contains(&ragged) {
        (Mode::Contracting, [n.lhs_batching_dimensions.clone(), before(&n.lhs_contracting_dimensions)].concat())
    } else {
        let free = |d: &i64| !n.lhs_batching_dimensions.contains(d) && !n.lhs_contracting_dimensions.contains(d);
        (Mode::NonContracting, [n.lhs_batching_dimensions.clone(), (0..ragged).filter(free).collect()].concat())
    };
    let Some((&groups, given)) = sizes.split_last() else {
        return Err(cx.fail_about("ragged_dot_group_sizes", &[2], "group_sizes must not be a scalar"));
    };
    let expected: Vec<Dim> = prefix.iter().map(|&d| lhs[d as usize]).collect();
    cx.require_about(given.is_empty() || given == expected, "ragged_dot_group_sizes", &[2], || {
        format!(
            "group_sizes must have shape [g], or {} and then [g], but has shape {}",
            shape_text(&expected),
            shape_text(sizes)
        )
    })?;
    group_dimensions(cx, n, mode, groups, rhs)?;
    Ok((mode, groups))
}

/// The group dimension of the rhs: one of as many entries as groups, or none.
fn group_dimensions(cx: &mut OpCx<'_>, n: &RaggedDotDimensionNumbers, mode: Mode, groups: Dim, rhs: &[Dim]) -> Checked {
    let tag = "ragged_dot_rhs_group_dimensions";
    let group_dims = &n.rhs_group_dimensions;
    let indices = cx.dims_in_range(group_dims, rhs.len(), tag, "rhs_group_dimensions", "rhs")?;
    distinct(cx, group_dims, &n.rhs_batching_dimensions, tag, "rhs_group_dimensions and rhs_batching_dimensions")?;
    distinct(
        cx,
        group_dims,
        &n.rhs_contracting_dimensions,
        tag,
        "rhs_group_dimensions and rhs_contracting_dimensions",
    )?;
    match (mode, indices.as_slice()) {
        (Mode::NonContracting, &[dim]) => cx.require_about(compatible_dims(groups, rhs[dim]), tag, &[1, 2], || {
            format!(
                "the group dimension {dim} of rhs must have a slice for each of the {groups} groups, but has size {}",
                rhs[dim]
            )
        }),
        (Mode::NonContracting, _) => Err(cx.fail(
            tag,
            format!(
                "rhs must have exactly one group dimension where a free dimension of lhs is ragged, got {}",
                list(group_dims)
            ),
        )),
        (_, []) => Ok(()),
        _ => Err(cx.fail(
            tag,
            format!(
                "rhs must have no group dimension where a batching or contracting dimension is ragged, got {}",
                list(group_dims)
            ),
        )),
    }
}
