//! `scatter`: elements of the inputs are updated one after another, in the order of the updates.

use super::gather::{Addressing, Numbers};
use super::indexing::each_index;
use super::number::{Domain, Number};
use super::{Fault, Prepared, Signature, invalid};

pub(super) fn scatter(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let count = signature.results.len();
    if count == 0 || signature.operands.len() != 2 * count + 1 {
        return Err(invalid("it takes inputs, indices and as many updates"));
    }
    let (inputs, updates) = (signature.operands[..count].to_vec(), signature.operands[count + 1..].to_vec());
    let same = |tensors: &[super::Shaped]| tensors.iter().all(|tensor| tensor.shape == tensors[0].shape);
    if inputs != signature.results || !same(&inputs) || !same(&updates) {
        return Err(invalid("its inputs, updates and results differ in shape"));
    }
    let numbers: Option<Numbers> = signature.attribute("scatter_dimension_numbers", None)?;
    let numbers = numbers.ok_or_else(|| invalid("`scatter_dimension_numbers` are missing"))?;
    let addressing = Addressing::new(&numbers, &inputs[0], signature.operand(count)?, &updates[0])?;
    let body = signature.body(0, 2 * count, count)?;
    let domains: Vec<(Domain, usize)> =
        inputs.iter().chain(&updates).map(|tensor| (Domain::of(tensor.dtype), tensor.width)).collect();
    let (input, shape) = (inputs[0].clone(), updates[0].shape.clone());
    Ok(Prepared::new(move |operands, results| {
        results.iter_mut().zip(operands).for_each(|(result, operand)| result.copy_from_slice(operand));
        let starts = addressing.integers(operands[count]);
        let (mut place, mut values) = (vec![0; input.rank()], body.values());
        let mut args = vec![Number::Int(0); 2 * count];
        each_index(&shape, |at, index| {
            addressing.start(index, &starts, &mut place);
            addressing.add_window(index, &mut place);
            if place.iter().zip(&input.shape).any(|(&i, &size)| i < 0 || i >= size as i64) {
                return;
            }
            let to: usize = place.iter().zip(&input.strides).map(|(&i, &stride)| i as usize * stride).sum();
            for i in 0..count {
                let (domain, width) = domains[i];
                args[i] = domain.load(&results[i][to * width..][..width]);
                let (domain, width) = domains[count + i];
                args[count + i] = domain.load(&operands[count + 1 + i][at * width..][..width]);
            }
            body.run(&args, &mut values);
            for (i, result) in results.iter_mut().enumerate() {
                let (domain, width) = domains[i];
                let value = domain.convert(body.result(i, &values));
                domain.store(value, &mut result[to * width..][..width]);
            }
        });
        Ok(())
    }))
}
