//! Operations that move elements: copies with strides, slices, concatenations, and `iota`.

use super::indexing::{Shaped, copy_element, each_index, position};
use super::number::{Domain, Number};
use super::{Fault, Prepared, Signature, invalid};

/// A result each of whose elements lies in the operand at an offset plus steps along dimensions.
fn strided(signature: &Signature<'_>, offset: isize, steps: Vec<isize>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?.clone(), signature.result(0)?.clone());
    same_type(&operand, &result)?;
    let ends = steps.iter().zip(&result.shape).map(|(&step, &size)| step * (size as isize - 1));
    let (low, high) = ends.fold((offset, offset), |(low, high), end| (low + end.min(0), high + end.max(0)));
    if result.len() > 0 && (low < 0 || high >= operand.len() as isize) {
        return Err(invalid(format!("{} reaches outside of {}", result.ty(), operand.ty())));
    }
    Ok(Prepared::new(move |operands, results| {
        each_index(&result.shape, |at, index| {
            let from = offset + index.iter().zip(&steps).map(|(&i, &step)| i as isize * step).sum::<isize>();
            copy_element(operands[0], from as usize, results[0], at, result.width);
        });
        Ok(())
    }))
}

fn same_type(from: &Shaped, to: &Shaped) -> Result<(), Fault> {
    let same = from.dtype == to.dtype;
    same.then_some(()).ok_or_else(|| invalid(format!("it does not turn {} into {}", from.ty(), to.ty())))
}

/// Dimension numbers that are below `rank`, as many as `count`.
pub(super) fn dims(values: &[i64], count: usize, rank: usize, what: &str) -> Result<Vec<usize>, Fault> {
    let dims: Option<Vec<usize>> = values.iter().map(|&d| usize::try_from(d).ok().filter(|&d| d < rank)).collect();
    dims.filter(|dims| dims.len() == count)
        .ok_or_else(|| invalid(format!("{what} must be {count} dimensions of rank {rank}")))
}

pub(super) fn copy(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let pairs = signature.operands.iter().zip(&signature.results);
    // Shape operands of dynamic operations come after what is copied.
    for (operand, result) in pairs {
        same_type(operand, result)?;
        if operand.len() != result.len() {
            return Err(invalid(format!("{} and {} differ in size", operand.ty(), result.ty())));
        }
    }
    if signature.results.len() > signature.operands.len() {
        return Err(invalid("there are more results than operands"));
    }
    Ok(Prepared::new(|operands, results| {
        results.iter_mut().zip(operands).for_each(|(result, operand)| result.copy_from_slice(operand));
        Ok(())
    }))
}

pub(super) fn transpose(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let operand = signature.operand(0)?;
    let permutation: Vec<i64> = signature.attribute("permutation", Vec::new())?;
    let permutation = dims(&permutation, operand.rank(), operand.rank(), "`permutation`")?;
    let shape: Vec<usize> = permutation.iter().map(|&d| operand.shape[d]).collect();
    signature.expect_shape(0, &shape)?;
    strided(signature, 0, permutation.iter().map(|&d| operand.strides[d] as isize).collect())
}

pub(super) fn broadcast_in_dim(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?, signature.result(0)?);
    let to: Vec<i64> = signature.attribute("broadcast_dimensions", Vec::new())?;
    let to = dims(&to, operand.rank(), result.rank(), "`broadcast_dimensions`")?;
    let mut steps = vec![0; result.rank()];
    for (d, &to) in to.iter().enumerate() {
        match operand.shape[d] {
            1 => {}
            size if size == result.shape[to] => steps[to] = operand.strides[d] as isize,
            _ => return Err(invalid(format!("{} does not broadcast to {}", operand.ty(), result.ty()))),
        }
    }
    strided(signature, 0, steps)
}

pub(super) fn broadcast(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?, signature.result(0)?);
    if !result.shape.ends_with(&operand.shape) {
        return Err(invalid(format!("{} does not broadcast to {}", operand.ty(), result.ty())));
    }
    let mut steps = vec![0; result.rank() - operand.rank()];
    steps.extend(operand.strides.iter().map(|&stride| stride as isize));
    strided(signature, 0, steps)
}

pub(super) fn reverse(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let operand = signature.operand(0)?;
    signature.expect_shape(0, &operand.shape)?;
    let reversed: Vec<i64> = signature.attribute("dimensions", Vec::new())?;
    let reversed = dims(&reversed, reversed.len(), operand.rank(), "`dimensions`")?;
    let mut steps: Vec<isize> = operand.strides.iter().map(|&stride| stride as isize).collect();
    let mut offset = 0;
    for d in reversed {
        offset += steps[d] * (operand.shape[d] as isize - 1);
        steps[d] = -steps[d];
    }
    strided(signature, offset, steps)
}

pub(super) fn slice(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let operand = signature.operand(0)?;
    let list = |name: &str| -> Result<Vec<usize>, Fault> {
        let values: Vec<usize> = signature.attribute(name, Vec::new())?;
        let fits = values.len() == operand.rank();
        fits.then_some(values).ok_or_else(|| invalid(format!("`{name}` needs {} integers", operand.rank())))
    };
    let (start, limit, stride) = (list("start_indices")?, list("limit_indices")?, list("strides")?);
    let mut shape = Vec::new();
    for d in 0..operand.rank() {
        if stride[d] == 0 || start[d] > limit[d] || limit[d] > operand.shape[d] {
            return Err(invalid(format!("its bounds are outside of {}", operand.ty())));
        }
        shape.push((limit[d] - start[d]).div_ceil(stride[d]));
    }
    signature.expect_shape(0, &shape)?;
    let steps = operand.strides.iter().zip(&stride).map(|(&a, &b)| (a * b) as isize).collect();
    strided(signature, position(&start, &operand.strides) as isize, steps)
}

/// The integers of a tensor.
pub(super) fn integers(bytes: &[u8], ty: &Shaped) -> Vec<i64> {
    let domain = Domain::of(ty.dtype);
    bytes.chunks_exact(ty.width).map(|element| domain.load(element).int() as i64).collect()
}

/// Slices with bounds that are operands: start, limit, strides.
pub(super) fn real_dynamic_slice(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?.clone(), signature.result(0)?.clone());
    same_type(&operand, &result)?;
    let (starts, strides) = (signature.operand(1)?.clone(), signature.operand(3)?.clone());
    if [&starts, &strides].iter().any(|list| list.len() != operand.rank()) || result.rank() != operand.rank() {
        return Err(invalid("it needs one bound for each dimension"));
    }
    Ok(Prepared::new(move |operands, results| {
        let (start, stride) = (integers(operands[1], &starts), integers(operands[3], &strides));
        for d in 0..operand.rank() {
            let last = start[d].saturating_add(stride[d].saturating_mul(result.shape[d].saturating_sub(1) as i64));
            let inside = start[d] >= 0 && stride[d] >= 1 && last < operand.shape[d] as i64;
            if result.len() > 0 && !inside {
                return Err(invalid(format!("its bounds are outside of {}", operand.ty())));
            }
        }
        each_index(&result.shape, |at, index| {
            let from = |d: usize| (start[d] as usize + index[d] * stride[d] as usize) * operand.strides[d];
            copy_element(operands[0], (0..index.len()).map(from).sum(), results[0], at, result.width);
        });
        Ok(())
    }))
}

/// Scalars that say where a slice starts, moved so that the slice fits.
fn clamped_start(operands: &[&[u8]], indices: &[Shaped], whole: &[usize], part: &[usize]) -> Vec<usize> {
    let at = |d: usize| integers(operands[d], &indices[d])[0].clamp(0, (whole[d] - part[d]) as i64) as usize;
    (0..whole.len()).map(at).collect()
}

/// One scalar integer for each dimension, and a part that fits into the whole.
fn check_slice(indices: &[Shaped], whole: &Shaped, part: &Shaped) -> Result<(), Fault> {
    let scalars = indices.len() == whole.rank() && indices.iter().all(|index| index.len() == 1);
    let fits = whole.rank() == part.rank() && part.shape.iter().zip(&whole.shape).all(|(part, whole)| part <= whole);
    let fits = scalars && fits && whole.dtype == part.dtype;
    fits.then_some(()).ok_or_else(|| invalid(format!("{} is no slice of {}", part.ty(), whole.ty())))
}

pub(super) fn dynamic_slice(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?.clone(), signature.result(0)?.clone());
    let indices = signature.operands[1..].to_vec();
    check_slice(&indices, &operand, &result)?;
    Ok(Prepared::new(move |operands, results| {
        let start = clamped_start(&operands[1..], &indices, &operand.shape, &result.shape);
        let offset = position(&start, &operand.strides);
        each_index(&result.shape, |at, index| {
            copy_element(operands[0], offset + position(index, &operand.strides), results[0], at, result.width);
        });
        Ok(())
    }))
}

pub(super) fn dynamic_update_slice(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, update) = (signature.operand(0)?.clone(), signature.operand(1)?.clone());
    let indices = signature.operands[2..].to_vec();
    check_slice(&indices, &operand, &update)?;
    same_type(&operand, signature.result(0)?)?;
    signature.expect_shape(0, &operand.shape)?;
    Ok(Prepared::new(move |operands, results| {
        results[0].copy_from_slice(operands[0]);
        let start = clamped_start(&operands[2..], &indices, &operand.shape, &update.shape);
        let offset = position(&start, &operand.strides);
        each_index(&update.shape, |at, index| {
            copy_element(operands[1], at, results[0], offset + position(index, &operand.strides), update.width);
        });
        Ok(())
    }))
}

pub(super) fn concatenate(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (first, result) = (signature.operand(0)?, signature.result(0)?);
    let dim: usize = signature.attribute("dimension", 0)?;
    if dim >= first.rank() {
        return Err(invalid(format!("`dimension` = {dim} is no dimension of {}", first.ty())));
    }
    let mut shape = first.shape.clone();
    shape[dim] = 0;
    for operand in &signature.operands {
        same_type(operand, result)?;
        let mut rest = operand.shape.clone();
        shape[dim] += *rest.get(dim).ok_or_else(|| invalid("its operands differ in rank"))?;
        rest[dim] = shape[dim];
        if rest != shape {
            return Err(invalid("its operands differ in other dimensions"));
        }
    }
    signature.expect_shape(0, &shape)?;
    // Bytes that each operand gives to a run of the result.
    let runs: Vec<usize> = signature.operands.iter().map(|t| t.shape[dim] * t.strides[dim] * t.width).collect();
    let whole: usize = runs.iter().sum();
    let empty = result.len() == 0;
    Ok(Prepared::new(move |operands, results| {
        if empty {
            return Ok(());
        }
        for (outer, out) in results[0].chunks_exact_mut(whole).enumerate() {
            let mut at = 0;
            for (operand, &run) in operands.iter().zip(&runs) {
                out[at..at + run].copy_from_slice(&operand[outer * run..(outer + 1) * run]);
                at += run;
            }
        }
        Ok(())
    }))
}

pub(super) fn iota(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let result = signature.result(0)?.clone();
    let dim: usize = signature.attribute("iota_dimension", 0)?;
    if dim >= result.rank() {
        return Err(invalid(format!("`iota_dimension` = {dim} is no dimension of {}", result.ty())));
    }
    let domain = Domain::of(result.dtype);
    Ok(Prepared::new(move |_, results| {
        each_index(&result.shape, |at, index| {
            let value = domain.convert(Number::Int(index[dim] as i128));
            domain.store(value, &mut results[0][at * result.width..][..result.width]);
        });
        Ok(())
    }))
}

pub(super) fn get_dimension_size(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let dim: usize = signature.attribute("dimension", 0)?;
    let size = signature.operand(0)?.shape.get(dim).copied();
    let size = size.ok_or_else(|| invalid(format!("`dimension` = {dim} is none of its operand's")))?;
    let domain = Domain::of(signature.result(0)?.dtype);
    signature.expect_shape(0, &[])?;
    Ok(Prepared::new(move |_, results| {
        domain.store(Number::Int(size as i128), results[0]);
        Ok(())
    }))
}

/// The bits of elements under another type. Narrower elements are the parts of wider ones, low
/// bits first, along the last dimension.
pub(super) fn bitcast_convert(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?, signature.result(0)?);
    let bits = |tensor: &Shaped| if tensor.dtype == hire_artifact::ElementType::I1 { 1 } else { tensor.dtype.bits() };
    let (from, to) = (bits(operand), bits(result));
    if operand.len() * from as usize != result.len() * to as usize {
        return Err(invalid(format!("it does not turn {} into {}", operand.ty(), result.ty())));
    }
    let (from_width, to_width, domain) = (operand.width, result.width, Domain::of(result.dtype));
    Ok(Prepared::new(move |operands, results| {
        let step = from.min(to);
        let mask = if step == 128 { u128::MAX } else { (1 << step) - 1 };
        let word = |bytes: &[u8]| {
            let mut word = [0; 16];
            word[..bytes.len()].copy_from_slice(bytes);
            u128::from_le_bytes(word)
        };
        let (from_parts, to_parts) = ((from / step) as usize, (to / step) as usize);
        for (at, out) in results[0].chunks_exact_mut(to_width).enumerate() {
            let mut joined = 0;
            for part in 0..to_parts {
                let number = at * to_parts + part;
                let source = word(&operands[0][number / from_parts * from_width..][..from_width]);
                let piece = (source >> ((number % from_parts) as u32 * step)) & mask;
                joined |= piece << (part as u32 * step);
            }
            out.copy_from_slice(&joined.to_le_bytes()[..to_width]);
            if to < 8 {
                // The unused bits of a byte repeat the sign of a signed integer.
                domain.store(domain.load(out), out);
            }
        }
        Ok(())
    }))
}
