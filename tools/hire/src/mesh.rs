//! Programs on several devices: the mesh that a module names, what is asked for, and what each device holds.

use std::collections::BTreeMap;

use clap::Args;
use hire_artifact::devices::{Cut, Devices, Form};
use hire_artifact::{Interface, Tensor, TensorType as BufferType};
use hire_compiler::ir::{Attr, AttrMap, MeshReference, Module};
use hire_compiler::sharding::{Meshes, TensorSharding, device_ids, read_tensor};
use hire_passes::distribute::{LOCAL_ATTR, is_local_program};
use hire_passes::signature::argument_name;
use hire_runtime::HostTensor;
use hire_runtime::pjrt::cut_out;

use crate::failure::{Failure, Outcome};

/// On how many devices to run.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct MeshArgs {
    /// On how many devices the program runs; an error where it is written for another number.
    #[arg(long, value_name = "N")]
    pub devices: Option<u64>,
    /// The mesh that the program is written for, such as x=4 or x=2,y=2; an error where it is another one.
    #[arg(long, value_name = "AXES", value_parser = axes)]
    pub mesh: Option<Axes>,
}

/// The axes of a mesh with their sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Axes(Vec<(String, u64)>);

/// Reads `x=2,y=2`.
fn axes(text: &str) -> Result<Axes, String> {
    let axis = |axis: &str| {
        let (name, size) = axis.split_once('=')?;
        let size = size.parse().ok().filter(|&size: &u64| size > 0)?;
        (!name.is_empty()).then(|| (name.to_owned(), size))
    };
    let axes = text.split(',').map(axis).collect::<Option<Vec<_>>>();
    axes.map(Axes).ok_or_else(|| "expected axes with their sizes, such as x=4 or x=2,y=2".to_owned())
}

impl MeshArgs {
    /// Checks what was asked for against the devices that a program is written for.
    pub(crate) fn check(&self, devices: Option<&Devices>) -> Outcome {
        let (count, mesh) = devices.map_or((1, None), |devices| (devices.count(), Some(devices)));
        let written = mesh.map_or("one device".to_owned(), |d| format!("{count} devices (mesh {})", d.mesh_text()));
        let remedy = "export the model for that mesh (`python -m zoo export … --mesh x=N`), or leave the option out";
        match (&self.devices, &self.mesh) {
            (Some(asked), _) if *asked != count => Err(Failure::with_remedy(
                format!("the program is written for {written}, --devices asks for {asked}"),
                remedy,
            )),
            (_, Some(asked)) if mesh.is_none_or(|devices| devices.mesh != asked.0) => {
                let text = asked.0.iter().map(|(n, s)| format!("{n}={s}")).collect::<Vec<_>>().join(",");
                Err(Failure::with_remedy(
                    format!("the program is written for {written}, --mesh asks for {text}"),
                    remedy,
                ))
            }
            _ => Ok(()),
        }
    }
}

/// The form in which a module can run on the devices of its mesh; `None` for one that names no mesh.
pub(crate) fn form(module: &Module) -> Option<Form> {
    Meshes::of(module).single()?;
    Some(if is_local_program(module).is_ok() { Form::Replicas } else { Form::Partitions })
}

/// The devices of a program's entry, by its attributes. Arguments without one hold copies, but for those that passes
/// added to the program of one device: each device has its own.
pub(crate) fn devices(program: &Module, form: Form) -> Outcome<Devices> {
    let meshes = Meshes::of(program);
    let entry = program.entry().ok_or_else(|| Failure::new("the module has no entry function"))?;
    let func = &program.funcs[entry];
    let (_, mesh) = meshes.single().ok_or_else(|| Failure::new("the module has no mesh of several devices"))?;
    let axes: Vec<String> = mesh.axes.iter().map(|(name, _)| name.to_string()).collect();
    let cut = |attrs: &AttrMap, rank: usize, own: bool| -> Outcome<Cut> {
        match sharding(attrs, form) {
            Some(sharding) => named_cut(&sharding, &meshes),
            None if own && form == Form::Replicas && rank == 0 => {
                Err(Failure::new("a prepared number of each device cannot be kept; choose another predictor"))
            }
            None if own && form == Form::Replicas => {
                Ok((0..rank).map(|dim| if dim == 0 { axes.clone() } else { Vec::new() }).collect())
            }
            None => Ok(vec![Vec::new(); rank]),
        }
    };
    let rank = |ty: &hire_compiler::ir::Type| ty.as_tensor().and_then(|ty| ty.rank()).unwrap_or(0);
    let arguments = func.arg_attrs.iter().zip(&func.ty.inputs).map(|(attrs, ty)| cut(attrs, rank(ty), true));
    let results = func.result_attrs.iter().zip(&func.ty.results).map(|(attrs, ty)| cut(attrs, rank(ty), false));
    Ok(Devices {
        form,
        mesh: mesh.axes.iter().map(|(name, size)| (name.to_string(), *size as u64)).collect(),
        order: device_ids(mesh),
        arguments: arguments.collect::<Outcome<_>>()?,
        results: results.collect::<Outcome<_>>()?,
    })
}

/// How the named arguments of a program of one device are cut.
pub(crate) fn weight_cuts(module: &Module) -> BTreeMap<String, Cut> {
    let meshes = Meshes::of(module);
    let Some(entry) = module.entry() else { return BTreeMap::new() };
    let func = &module.funcs[entry];
    let named = func.args().iter().zip(&func.arg_attrs).filter_map(|(&arg, attrs)| {
        let name = argument_name(&module.locs, func, arg)?;
        Some((name.to_string(), named_cut(&sharding(attrs, Form::Replicas)?, &meshes).ok()?))
    });
    named.collect()
}

/// What an argument's or result's attributes say.
fn sharding(attrs: &AttrMap, form: Form) -> Option<TensorSharding> {
    match form {
        Form::Replicas => read_tensor(&format!("sdy.sharding{}", attrs.get(LOCAL_ATTR)?.as_str()?)).ok(),
        Form::Partitions => match attrs.get("sdy.sharding")? {
            Attr::Opaque(text) => read_tensor(text).ok(),
            _ => None,
        },
    }
}

fn named_cut(sharding: &TensorSharding, meshes: &Meshes) -> Outcome<Cut> {
    let refuse = |why: &str| Failure::with_remedy(format!("an argument or result is {why}"), "shard it by whole axes");
    if sharding.axes().any(|axis| axis.sub_axis_info.is_some()) {
        return Err(refuse("cut by a part of an axis"));
    }
    if !sharding.unreduced.is_empty() {
        return Err(refuse("a partial sum"));
    }
    if matches!(sharding.mesh, MeshReference::Mesh(_)) || meshes.get(&sharding.mesh).is_none() {
        return Err(refuse("sharded over a mesh without a name"));
    }
    Ok(sharding.dims.iter().map(|dim| dim.axes.iter().map(|axis| axis.name.to_string()).collect()).collect())
}

/// Turns the parts of one device, which an interface was read from, into the whole tensors that they are parts of.
pub(crate) fn make_whole(interface: &mut Interface, devices: &Devices) {
    let size = |axis: &String| devices.mesh.iter().find(|(name, _)| name == axis).map_or(1, |(_, size)| *size);
    let widen = |shape: &mut Vec<u64>, cut: &Cut| {
        for (size_of, axes) in shape.iter_mut().zip(cut) {
            *size_of *= axes.iter().map(size).product::<u64>();
        }
    };
    for (argument, cut) in interface.arguments.iter_mut().zip(&devices.arguments) {
        widen(&mut argument.shape, cut);
    }
    for (result, cut) in interface.results.iter_mut().zip(&devices.results) {
        widen(&mut result.shape, cut);
    }
}

/// The part of a tensor that the device at `position` of the mesh holds.
pub(crate) fn part(devices: &Devices, cut: &Cut, tensor: &Tensor, position: u64) -> Outcome<Tensor> {
    let part = cut_out(devices, cut, &HostTensor::from(tensor), position).map_err(Failure::new)?;
    Ok(Tensor::from(&part))
}

/// The tensors of all positions of the mesh one after the other along their first dimension.
pub(crate) fn stack(parts: &[Tensor]) -> Outcome<Tensor> {
    let ty = parts.first().map(Tensor::ty).ok_or_else(|| Failure::new("there is no device to prepare for"))?;
    let mut shape = ty.shape.clone();
    match shape.first_mut() {
        Some(first) => *first *= parts.len() as u64,
        None => return Err(Failure::new("a prepared number of each device cannot be kept")),
    }
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.bytes().iter().copied()).collect();
    Tensor::new(BufferType::new(ty.dtype, shape), bytes)
        .ok_or_else(|| Failure::new("prepared tensors have not the bytes of their type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meshes_are_axes_with_sizes() {
        assert_eq!(axes("x=2,y=3").unwrap().0, [("x".to_owned(), 2), ("y".to_owned(), 3)]);
        for wrong in ["", "x", "x=0", "=2", "x=2,", "x=-1"] {
            assert!(axes(wrong).is_err(), "{wrong}");
        }
    }
}
