//! Element-wise operations on whole tensors, of types that kernels do not compute with.

use serde_json::Map;

use super::number::{Domain, Number};
use super::scalar::Scalar;
use super::{Fault, Prepared, Signature, invalid};

/// Whether the operation is element-wise.
pub(super) fn is_known(name: &str) -> bool {
    // The name is looked up before the types, which fit none.
    !matches!(Scalar::new(name, &Map::new(), &[], hire_artifact::ElementType::I1), Ok(None))
}

/// `None` where the operation is not element-wise.
pub(super) fn prepare(signature: &Signature<'_>) -> Result<Option<Prepared>, Fault> {
    let types: Vec<_> = signature.operands.iter().map(|operand| operand.dtype).collect();
    let result = signature.result(0)?;
    let Some(scalar) = Scalar::new(signature.name, signature.attributes, &types, result.dtype)? else {
        return Ok(None);
    };
    // The predicate of a select and the bounds of a clamp may be scalars.
    let broadcasts = matches!(signature.name, "select" | "clamp");
    let mut inputs = Vec::new();
    for operand in &signature.operands {
        let step = usize::from(operand.shape == result.shape);
        if step == 0 && !(broadcasts && operand.len() == 1) {
            return Err(invalid(format!("{} and {} differ in shape", operand.ty(), result.ty())));
        }
        inputs.push((Domain::of(operand.dtype), operand.width, step));
    }
    let (domain, width) = (Domain::of(result.dtype), result.width);
    Ok(Some(Prepared::new(move |operands, results| {
        let mut args = [Number::Int(0); 3];
        for (at, out) in results[0].chunks_exact_mut(width).enumerate() {
            for ((arg, bytes), &(domain, width, step)) in args.iter_mut().zip(operands).zip(&inputs) {
                *arg = domain.load(&bytes[at * step * width..][..width]);
            }
            domain.store(scalar.apply(&args[..inputs.len()]), out);
        }
        Ok(())
    })))
}
