//! `sdy.manual_computation`: the body runs on every device of the mesh, each on its own parts.
//!
//! Outside of it a program is evaluated as a whole; shardings mean nothing there. A manual computation cuts its operands,
//! runs its body on a grid of as many virtual devices as the mesh has, and joins the results. Devices that hold copies
//! must agree on them bit for bit: otherwise what the program means would depend on which device is asked.

use smallvec::SmallVec;

use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine, tensors};
use super::parallel;
use super::regions::region;
use super::tensor::{Heap, Shape, Tensor};
use super::value::Value;
use super::walk::{self, Layout, row_major};
use crate::ir::{Mesh, OpId, Operation};
use crate::sharding::{self, Manual, Meshes, TensorSharding};

/// The mesh of a computation: each position's coordinates, and the device there.
struct Places<'a> {
    mesh: &'a Mesh,
    coordinates: Vec<Vec<u64>>,
    devices: Vec<u64>,
}

/// Runs the body on all devices.
pub(super) fn evaluate<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    op: OpId,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let operation: &Operation = &frame.func.ops[op];
    let manual = Manual::read(operation).map_err(|error| Fault::invalid(error.to_string()))?;
    let meshes = Meshes::of(machine.module);
    let places = places(&manual, &meshes)?;
    let operands = tensors(operands)?;
    if operands.len() != manual.in_shardings.len() || operation.results.len() != manual.out_shardings.len() {
        return Err(Fault::invalid("a manual computation has a sharding for each operand and result").into());
    }
    let mut args: Vec<Vec<Value>> = vec![Vec::with_capacity(operands.len()); places.devices.len()];
    for (operand, sharding) in operands.iter().zip(&manual.in_shardings) {
        let sharding = manual.only_manual(sharding);
        for (position, &device) in places.devices.iter().enumerate() {
            let part = cut(&machine.heap, operand, &sharding, &places, position)?;
            args[device as usize].push(Value::Tensor(part));
        }
    }
    let results = parallel::run_region(machine, frame, region(operation, 0)?, args)?;
    let joined = manual.out_shardings.iter().enumerate().map(|(index, sharding)| {
        let part = |&device: &u64| results[device as usize].get(index).and_then(Value::as_tensor);
        let parts: Option<Vec<&Tensor>> = places.devices.iter().map(part).collect();
        let parts = parts.ok_or_else(|| Fault::invalid("the body of a manual computation returns tensors"))?;
        join(&machine.heap, &parts, &manual.only_manual(sharding), &places, index).map(Value::Tensor)
    });
    Ok(joined.collect::<Result<_, _>>()?)
}

/// The mesh, which all shardings share.
fn places<'a>(manual: &'a Manual, meshes: &'a Meshes) -> Result<Places<'a>, Fault> {
    let mut shardings = manual.in_shardings.iter().chain(&manual.out_shardings);
    let first =
        shardings.next().ok_or_else(|| Fault::unsupported("a manual computation without operands and results"))?;
    let mesh = meshes.get(&first.mesh).ok_or_else(|| Fault::invalid("a manual computation names no mesh"))?;
    if shardings.any(|other| meshes.get(&other.mesh).is_none_or(|other| other.axes != mesh.axes)) {
        return Err(Fault::invalid("the shardings of a manual computation are of different meshes"));
    }
    let devices = sharding::devices(mesh).ok_or_else(|| Fault::unsupported("the mesh has too many devices"))?;
    if devices.iter().any(|&device| device >= devices.len() as u64) {
        return Err(Fault::invalid("the mesh numbers its devices beyond their count"));
    }
    let coordinates = (0..devices.len() as u64).map(|position| sharding::coordinates(mesh, position)).collect();
    Ok(Places { mesh, coordinates, devices })
}

/// The shape of one part, and where in the whole the part of a device begins.
fn window(
    whole: &[usize],
    sharding: &TensorSharding,
    places: &Places<'_>,
    position: usize,
) -> Result<(Shape, SmallVec<[usize; 4]>), Fault> {
    let bad = || Fault::invalid("a sharding does not fit its tensor");
    if sharding.dims.len() != whole.len() {
        return Err(bad());
    }
    let (mut shape, mut start) = (Shape::new(), SmallVec::new());
    for (dim, &size) in whole.iter().enumerate() {
        let parts = sharding.parts(places.mesh, dim).and_then(|parts| usize::try_from(parts).ok()).ok_or_else(bad)?;
        let part = sharding.part_of(places.mesh, dim, &places.coordinates[position]).ok_or_else(bad)? as usize;
        if parts == 0 || size % parts != 0 {
            return Err(Fault::invalid(format!("{size} entries do not split into {parts} parts")));
        }
        shape.push(size / parts);
        start.push(part * (size / parts));
    }
    Ok((shape, start))
}

fn cut(
    heap: &Heap,
    whole: &Tensor,
    sharding: &TensorSharding,
    places: &Places<'_>,
    position: usize,
) -> Result<Tensor, Fault> {
    let (shape, start) = window(whole.shape(), sharding, places, position)?;
    if shape.as_slice() == whole.shape() {
        return Ok(whole.clone());
    }
    let from = at(whole.shape(), &start);
    heap.build(whole.element(), &shape, |out| {
        walk::copy(&shape, whole.bytes(), &from, out, &Layout::whole(&shape), whole.element().byte_size());
        Ok(())
    })
}

/// Puts the parts of all positions together.
fn join(
    heap: &Heap,
    parts: &[&Tensor],
    sharding: &TensorSharding,
    places: &Places<'_>,
    index: usize,
) -> Result<Tensor, Fault> {
    let first = parts[0];
    let bad = || Fault::invalid("a result's sharding does not fit it");
    let count = |dim: usize| sharding.parts(places.mesh, dim).and_then(|parts| usize::try_from(parts).ok());
    let sizes = first.shape().iter().enumerate().map(|(dim, &size)| size.checked_mul(count(dim)?));
    let shape: Shape = sizes.collect::<Option<_>>().ok_or_else(bad)?;
    if parts.iter().any(|part| part.shape() != first.shape()) {
        return Err(Fault::invalid("devices returned parts of different shapes"));
    }
    let width = first.element().byte_size();
    // Which device has written each part, to compare copies with.
    let mut writers: Vec<(SmallVec<[usize; 4]>, usize)> = Vec::new();
    heap.build(first.element(), &shape, |out| {
        for (position, part) in parts.iter().enumerate() {
            let (_, start) = window(&shape, sharding, places, position)?;
            if let Some((_, writer)) = writers.iter().find(|(other, _)| *other == start) {
                if parts[*writer].bytes() != part.bytes() {
                    return Err(Fault::invalid(format!(
                        "result {index} should be the same on the devices at positions {writer} and {position}, but is not"
                    )));
                }
                continue;
            }
            walk::copy(first.shape(), part.bytes(), &Layout::whole(first.shape()), out, &at(&shape, &start), width);
            writers.push((start, position));
        }
        Ok(())
    })
}

/// The layout of a window into a tensor of `shape` that begins at `start`.
fn at(shape: &[usize], start: &[usize]) -> Layout {
    let strides = row_major(shape);
    let offset = start.iter().zip(&strides).map(|(&start, &stride)| start as isize * stride).sum();
    Layout { offset, strides }
}
