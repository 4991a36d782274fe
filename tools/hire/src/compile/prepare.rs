//! Runs `@prepare` on the weights: on the target's device, or by the interpreter where the target
//! has none.

use std::collections::BTreeMap;

use hire_artifact::devices::{Cut, Devices};
use hire_artifact::{ElementType, Target, Tensor, TensorType as BufferType};
use hire_compiler::eval;
use hire_compiler::ir::{Attr, Func, Module, TensorType, ValueId};
use hire_compiler::print;
use hire_passes::hire::prepare::NAME_ATTR;
use hire_passes::signature::{Signature as PreparedSignature, argument_name};
use hire_runtime::{HostTensor, Signature, device, pjrt};

use super::manifest::{self, buffer_type};
use crate::failure::{Failure, Outcome};
use crate::mesh;
use crate::native;
use crate::weights_file::{WeightsFile, tensor_type};

/// The prepared tensors by name.
pub(crate) fn run(
    prepare: &Module,
    weight: &dyn Fn(&str) -> Option<Tensor>,
    target: &Target,
) -> Outcome<Vec<(String, Tensor)>> {
    let entry = prepare.entry().expect("the preparing module has one public function");
    let func = &prepare.funcs[entry];
    let inputs: Vec<Tensor> =
        func.args().iter().map(|&arg| input(prepare, func, arg, weight)).collect::<Outcome<_>>()?;
    let inputs: Vec<&Tensor> = inputs.iter().collect();
    let outputs = match target {
        Target::StableHlo => interpret(prepare, func, &inputs)?,
        Target::Pjrt(_) => execute(prepare, func, &inputs, target)?,
        Target::Cpu | Target::Nvptx(_) => on_cpu(prepare, func, &inputs)?,
        // The TPU need not be here: this machine prepares, on the CPU plugin where it has one.
        Target::Tpu(_) if pjrt::find("cpu").is_ok() => {
            execute(prepare, func, &inputs, &Target::Pjrt("cpu".to_owned()))?
        }
        Target::Tpu(_) => interpret(prepare, func, &inputs)?,
    };
    let names = func.result_attrs.iter().map(|attrs| attrs.get(NAME_ATTR).and_then(Attr::as_str).unwrap_or_default());
    Ok(names.map(str::to_owned).zip(outputs).collect())
}

/// The prepared tensors of each device from its own parts of the weights, one device after the other. No device sees
/// more than its parts.
pub(crate) fn on_each_device(
    prepare: &Module,
    cuts: &BTreeMap<String, Cut>,
    weights: &WeightsFile,
    devices: &Devices,
    target: &Target,
) -> Outcome<Vec<(String, Tensor)>> {
    let mut prepared: Vec<(String, Vec<Tensor>)> = Vec::new();
    for position in 0..devices.count() {
        let part = |name: &str| {
            let (tensor, cut) = (weights.get(name)?, cuts.get(name)?);
            mesh::part(devices, cut, tensor, position).ok()
        };
        for (at, (name, tensor)) in run(prepare, &part, target)?.into_iter().enumerate() {
            match prepared.get_mut(at) {
                Some((_, parts)) => parts.push(tensor),
                None => prepared.push((name, vec![tensor])),
            }
        }
    }
    prepared.into_iter().map(|(name, parts)| Ok((name, mesh::stack(&parts)?))).collect()
}

/// The weight that an argument of `@prepare` names.
fn input(module: &Module, func: &Func, argument: ValueId, weight: &dyn Fn(&str) -> Option<Tensor>) -> Outcome<Tensor> {
    let name = argument_name(&module.locs, func, argument).unwrap_or_default();
    let missing = || Failure::new(format!("the weights lack `{name}`, which a predictor is made of"));
    let weight = weight(&name).ok_or_else(missing)?;
    check_finite(&name, &weight)?;
    Ok(weight)
}

fn on_cpu(prepare: &Module, func: &Func, inputs: &[&Tensor]) -> Outcome<Vec<Tensor>> {
    let interface = manifest::interface(prepare, &PreparedSignature::of(prepare, func, None))?;
    let program = native::program(native::compile(prepare)?, &interface)?;
    let arguments: Vec<HostTensor> = inputs.iter().map(|t| HostTensor::from(*t)).collect();
    let results = program.execute(&arguments).map_err(Failure::new)?;
    Ok(results.iter().map(Tensor::from).collect())
}

fn execute(prepare: &Module, func: &Func, inputs: &[&Tensor], target: &Target) -> Outcome<Vec<Tensor>> {
    let types = |types: &[hire_compiler::ir::Type]| -> Outcome<Vec<BufferType>> {
        types
            .iter()
            .map(|ty| {
                buffer_type("a prepared tensor", ty.as_tensor()).map(|(dtype, shape)| BufferType::new(dtype, shape))
            })
            .collect()
    };
    let signature = Signature { arguments: types(&func.ty.inputs)?, results: types(&func.ty.results)? };
    let text = print::print_module(prepare, &print::Options::default());
    let device = device::open(target).map_err(Failure::new)?;
    let program = device.compile(text.as_bytes(), &signature).map_err(Failure::new)?;
    let arguments: Vec<HostTensor> = inputs.iter().map(|t| HostTensor::from(*t)).collect();
    let results = program.execute(&arguments).map_err(Failure::new)?;
    Ok(results.iter().map(Tensor::from).collect())
}

fn interpret(prepare: &Module, func: &Func, inputs: &[&Tensor]) -> Outcome<Vec<Tensor>> {
    let arguments = inputs.iter().map(|tensor| {
        let ty =
            tensor_type(tensor).ok_or_else(|| Failure::new("a weight has a type the interpreter does not know"))?;
        eval::Tensor::new(&ty, tensor.bytes().clone()).map_err(Failure::new)
    });
    let arguments: Vec<eval::Tensor> = arguments.collect::<Outcome<_>>()?;
    let results = eval::evaluate(prepare, &func.name, &arguments).map_err(Failure::new)?;
    let tensor = |value: &eval::Value| -> Outcome<Tensor> {
        let tensor = value.as_tensor().ok_or_else(|| Failure::new("a prepared value is no tensor"))?;
        let ty: TensorType = tensor.ty();
        let (dtype, shape) = buffer_type("a prepared tensor", Some(&ty))?;
        Tensor::new(BufferType::new(dtype, shape), tensor.to_bytes())
            .ok_or_else(|| Failure::new("a prepared value has not the bytes of its type"))
    };
    results.iter().map(tensor).collect()
}

/// Refuses a weight with NaN or infinite entries: no scale could be made for its row.
fn check_finite(name: &str, tensor: &Tensor) -> Outcome {
    let bytes: &[u8] = tensor.bytes();
    let bad = match tensor.ty().dtype {
        ElementType::F32 => {
            bytes.chunks_exact(4).position(|b| !f32::from_le_bytes([b[0], b[1], b[2], b[3]]).is_finite())
        }
        ElementType::Bf16 => bytes.chunks_exact(2).position(|b| !half::bf16::from_le_bytes([b[0], b[1]]).is_finite()),
        ElementType::F16 => bytes.chunks_exact(2).position(|b| !half::f16::from_le_bytes([b[0], b[1]]).is_finite()),
        _ => None,
    };
    match bad {
        None => Ok(()),
        Some(at) => Err(Failure::with_remedy(
            format!("weight `{name}` is NaN or infinite at element {at}, so no predictor can be made of it"),
            "repair the weights, or compile with --dense",
        )),
    }
}
