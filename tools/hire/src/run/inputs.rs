//! Inputs of a run: from `.npy` files, or random from a seed.

use hire_artifact::ElementType;
use hire_runtime::{HostTensor, TensorType, npy};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cli::RunArgs;
use crate::failure::{Failure, Outcome};

/// The tensors for inputs of these names and types, in their order.
pub(super) fn gather(args: &RunArgs, wanted: &[(String, TensorType)]) -> Outcome<Vec<HostTensor>> {
    let described = || wanted.iter().map(|(n, t)| format!("{n} ({t})")).collect::<Vec<_>>().join(", ");
    for (at, (name, _)) in args.input.iter().enumerate() {
        if !wanted.iter().any(|(n, _)| n == name) {
            return Err(Failure::with_remedy(
                format!("there is no input `{name}`"),
                format!("the inputs are: {}", described()),
            ));
        }
        if args.input[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Failure::new(format!("input `{name}` is given twice")));
        }
    }
    let mut rng = args.seed.map(StdRng::seed_from_u64);
    wanted
        .iter()
        .map(|(name, ty)| match (args.input.iter().find(|(n, _)| n == name), rng.as_mut()) {
            (Some((_, path)), _) => {
                let tensor = npy::read(path, Some(ty.dtype)).map_err(Failure::new)?;
                if tensor.ty() == ty {
                    return Ok(tensor);
                }
                Err(Failure::with_remedy(
                    format!("{}: input `{name}` is {}, the program takes {ty}", path.display(), tensor.ty()),
                    "give an array of that type and shape",
                ))
            }
            (None, Some(rng)) => random(ty, rng),
            (None, None) => Err(Failure::with_remedy(
                format!("input `{name}` ({ty}) is not given"),
                format!("give --input {name}=FILE.npy, or --seed S for random inputs"),
            )),
        })
        .collect()
}

/// Numbers in [-1, 1) for floats, small non-negative ones for integers.
fn random(ty: &TensorType, rng: &mut StdRng) -> Outcome<HostTensor> {
    let count = ty.num_elements().ok_or_else(|| Failure::new(format!("{ty} is too large")))?;
    let tensor = match ty.dtype {
        ElementType::F32 => {
            let values: Vec<f32> = (0..count).map(|_| rng.random_range(-1.0..1.0)).collect();
            HostTensor::from_slice(&ty.shape, &values)
        }
        ElementType::F64 => {
            let values: Vec<f64> = (0..count).map(|_| rng.random_range(-1.0..1.0)).collect();
            HostTensor::from_slice(&ty.shape, &values)
        }
        ElementType::I32 => {
            let values: Vec<i32> = (0..count).map(|_| rng.random_range(0..100)).collect();
            HostTensor::from_slice(&ty.shape, &values)
        }
        ElementType::I64 => {
            let values: Vec<i64> = (0..count).map(|_| rng.random_range(0..100)).collect();
            HostTensor::from_slice(&ty.shape, &values)
        }
        ElementType::Bf16 => {
            let bytes = (0..count).flat_map(|_| {
                let bits = rng.random_range(-1.0f32..1.0).to_bits();
                ((bits >> 16) as u16).to_le_bytes()
            });
            HostTensor::new(ty.clone(), bytes.collect::<Vec<u8>>())
        }
        _ => {
            return Err(Failure::with_remedy(
                format!("no random input of type {ty} can be made"),
                "give it as a .npy file by --input",
            ));
        }
    };
    tensor.map_err(Failure::new)
}
