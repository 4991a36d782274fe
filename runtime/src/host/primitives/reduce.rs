//! `reduce` with any computation, and `map`.

use super::indexing::{each_index, position};
use super::movement::dims;
use super::number::{Domain, Number};
use super::{Fault, Prepared, Shaped, Signature, invalid};

/// Inputs of one shape and a scalar for each.
pub(super) fn inputs_and_inits(signature: &Signature<'_>) -> Result<(Vec<Shaped>, Vec<Shaped>), Fault> {
    let count = signature.results.len();
    if count == 0 || signature.operands.len() != 2 * count {
        return Err(invalid("it takes inputs and as many initial values"));
    }
    let (inputs, inits) = signature.operands.split_at(count);
    let same = inputs.iter().all(|input| input.shape == inputs[0].shape);
    if !same || inits.iter().any(|init| init.len() != 1) {
        return Err(invalid("it takes inputs of one shape and a scalar for each"));
    }
    Ok((inputs.to_vec(), inits.to_vec()))
}

/// Reads and writes the elements of one tensor.
#[derive(Clone, Copy)]
pub(super) struct Elements {
    domain: Domain,
    width: usize,
}

impl Elements {
    pub(super) fn of(tensor: &Shaped) -> Self {
        Self { domain: Domain::of(tensor.dtype), width: tensor.width }
    }

    pub(super) fn all(tensors: &[Shaped]) -> Vec<Self> {
        tensors.iter().map(Self::of).collect()
    }

    pub(super) fn load(self, bytes: &[u8], at: usize) -> Number {
        self.domain.load(&bytes[at * self.width..][..self.width])
    }

    /// Stores the number, converted to the element type.
    pub(super) fn store(self, value: Number, bytes: &mut [u8], at: usize) {
        self.domain.store(self.domain.convert(value), &mut bytes[at * self.width..][..self.width]);
    }
}

/// Folds from the initial values, in row-major order of the inputs.
pub(super) fn reduce(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (inputs, inits) = inputs_and_inits(signature)?;
    let (input, count) = (inputs[0].clone(), inputs.len());
    let reduced: Vec<i64> = signature.attribute("dimensions", Vec::new())?;
    let reduced = dims(&reduced, reduced.len(), input.rank(), "`dimensions`")?;
    let kept: Vec<usize> = (0..input.rank()).filter(|d| !reduced.contains(d)).collect();
    let pick = |from: &[usize], dims: &[usize]| -> Vec<usize> { dims.iter().map(|&d| from[d]).collect() };
    let (outer, inner) = (pick(&input.shape, &kept), pick(&input.shape, &reduced));
    for result in 0..count {
        signature.expect_shape(result, &outer)?;
    }
    let (outer_strides, inner_strides) = (pick(&input.strides, &kept), pick(&input.strides, &reduced));
    let body = signature.body(0, 2 * count, count)?;
    let (from, starts) = (Elements::all(&inputs), Elements::all(&inits));
    let to = Elements::all(&signature.results);
    Ok(Prepared::new(move |operands, results| {
        let (mut values, mut args) = (body.values(), vec![Number::Int(0); 2 * count]);
        each_index(&outer, |at, place| {
            let start = position(place, &outer_strides);
            for i in 0..count {
                args[i] = starts[i].load(operands[count + i], 0);
            }
            each_index(&inner, |_, place| {
                let element = start + position(place, &inner_strides);
                for i in 0..count {
                    args[count + i] = from[i].load(operands[i], element);
                }
                body.run(&args, &mut values);
                (0..count).for_each(|i| args[i] = body.result(i, &values));
            });
            for i in 0..count {
                to[i].store(args[i], results[i], at);
            }
        });
        Ok(())
    }))
}

/// Applies a computation to the elements of all operands that have one index.
pub(super) fn map(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let result = signature.result(0)?.clone();
    if signature.operands.iter().any(|operand| operand.shape != result.shape) {
        return Err(invalid("its operands and results differ in shape"));
    }
    let count = signature.operands.len();
    let body = signature.body(0, count, 1)?;
    let (from, to) = (Elements::all(&signature.operands), Elements::of(&result));
    Ok(Prepared::new(move |operands, results| {
        let (mut values, mut args) = (body.values(), vec![Number::Int(0); count]);
        for at in 0..result.len() {
            for i in 0..count {
                args[i] = from[i].load(operands[i], at);
            }
            body.run(&args, &mut values);
            to.store(body.result(0, &values), results[0], at);
        }
        Ok(())
    }))
}
