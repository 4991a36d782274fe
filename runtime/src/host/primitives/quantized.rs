//! Operations on quantized tensors.
//!
//! A stored integer `q` means `(q - zero_point) * scale`. Tensors are given by their storage types, and
//! the attribute `quantization` says what they mean. Operations that only move elements come without
//! it, on the stored integers; all others are computed on what the operands mean, in the expressed
//! type, and the result is quantized: the specification's `dequantize_op_quantize`.

use hire_artifact::ElementType;
use serde::Deserialize;

use super::format::Format;
use super::indexing::each_index;
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Shaped, Signature, invalid};

/// The name of the attribute.
pub(super) const ATTRIBUTE: &str = "quantization";

/// For each operand and each result what it means; null where it is not quantized.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Quantization {
    operands: Vec<Option<Quantized>>,
    results: Vec<Option<Quantized>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Quantized {
    expressed: ElementType,
    /// Smallest and largest integer that is stored.
    range: [i64; 2],
    scales: Vec<f64>,
    zero_points: Vec<i64>,
    /// For each dimension, by how much a block advances the scales, and the size of a block.
    steps: Vec<[usize; 2]>,
}

/// What a stored integer means, given scale and zero point.
#[derive(Clone, Copy, Debug)]
struct Parameters {
    format: Format,
    scale: f64,
    zero_point: f64,
    range: [f64; 2],
}

impl Parameters {
    fn dequantize(self, stored: Number) -> Number {
        Number::Float(self.format.round(stored.int() as f64 - self.zero_point) * self.scale)
    }

    fn quantize(self, meant: Number) -> Number {
        let scaled = self.format.round(meant.float() / self.scale);
        // The zero point is added first: a tie is broken by the number that is stored.
        let shifted = self.format.round(scaled + self.zero_point).clamp(self.range[0], self.range[1]);
        Number::Int(shifted.round_ties_even() as i128)
    }
}

/// A quantized scalar of a region.
#[derive(Clone, Debug)]
pub(super) struct ScalarQuantization {
    /// The type that it is computed in.
    pub(super) expressed: ElementType,
    parameters: Parameters,
}

impl ScalarQuantization {
    fn new(quantized: &Quantized) -> Result<Self, Fault> {
        let single = quantized.scales.len() == 1 && quantized.zero_points.len() == 1;
        if !single || quantized.range[0] > quantized.range[1] {
            return Err(invalid("a quantized scalar has not one scale and zero point"));
        }
        Ok(Self { expressed: quantized.expressed, parameters: quantized.parameters(0, quantized.format()?) })
    }

    /// What the stored integer means.
    pub(super) fn dequantize(&self, stored: Number) -> Number {
        Domain::of(self.expressed).settle(self.parameters.dequantize(stored))
    }

    /// The integer that is stored for a number.
    pub(super) fn quantize(&self, meant: Number) -> Number {
        self.parameters.quantize(meant)
    }
}

impl Quantization {
    /// What the operands and the result of an operation on scalars mean.
    pub(super) fn scalars(
        &self,
        operands: usize,
    ) -> Result<(Vec<Option<ScalarQuantization>>, Option<ScalarQuantization>), Fault> {
        if self.operands.len() != operands || self.results.len() != 1 {
            return Err(invalid(format!("`{ATTRIBUTE}` does not name every scalar")));
        }
        let scalar = |given: &Option<Quantized>| given.as_ref().map(ScalarQuantization::new).transpose();
        Ok((self.operands.iter().map(scalar).collect::<Result<_, _>>()?, scalar(&self.results[0])?))
    }
}

impl Quantized {
    fn format(&self) -> Result<Format, Fault> {
        match Domain::of(self.expressed) {
            Domain::Float(format) => Ok(format),
            _ => Err(invalid(format!("{} is no float type", self.expressed))),
        }
    }

    fn parameters(&self, at: usize, format: Format) -> Parameters {
        let range = self.range.map(|bound| bound as f64);
        Parameters { format, scale: format.round(self.scales[at]), zero_point: self.zero_points[at] as f64, range }
    }
}

/// A quantized tensor.
struct Tensor {
    stored: Elements,
    meant: Elements,
    shape: Shaped,
    format: Format,
    quantized: Quantized,
}

impl Tensor {
    fn new(stored: &Shaped, quantized: Quantized) -> Result<Self, Fault> {
        let shape = Shaped::new(quantized.expressed, stored.shape.clone());
        let format = quantized.format()?;
        let last: usize = quantized
            .steps
            .iter()
            .zip(&stored.shape)
            .map(|(&[step, block], &size)| (size.max(1) - 1) / block.max(1) * step)
            .sum();
        let fits = quantized.steps.len() == stored.rank()
            && quantized.steps.iter().all(|&[_, block]| block > 0)
            && last < quantized.scales.len()
            && quantized.zero_points.len() == quantized.scales.len()
            && quantized.range[0] <= quantized.range[1];
        if !fits {
            return Err(invalid(format!("`{ATTRIBUTE}` does not fit {}", stored.ty())));
        }
        Ok(Self { stored: Elements::of(stored), meant: Elements::of(&shape), shape, format, quantized })
    }

    fn parameters(&self, index: &[usize]) -> Parameters {
        let at = index.iter().zip(&self.quantized.steps).map(|(&i, &[step, block])| i / block * step).sum();
        self.quantized.parameters(at, self.format)
    }

    fn bytes(&self) -> Vec<u8> {
        vec![0; self.shape.len() * self.shape.width]
    }

    fn dequantize(&self, from: &[u8], to: &mut [u8]) {
        each_index(&self.shape.shape, |at, index| {
            let value = self.parameters(index).dequantize(self.stored.load(from, at));
            self.meant.store(value, to, at);
        });
    }

    fn quantize(&self, from: &[u8], to: &mut [u8]) {
        each_index(&self.shape.shape, |at, index| {
            let value = self.parameters(index).quantize(self.meant.load(from, at));
            self.stored.store(value, to, at);
        });
    }
}

pub(super) fn prepare(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let all: Option<Quantization> = signature.attribute(ATTRIBUTE, None)?;
    let all = all.ok_or_else(|| invalid(format!("`{ATTRIBUTE}` is missing")))?;
    let tensors = |types: &[Shaped], given: Vec<Option<Quantized>>| -> Result<Vec<Option<Tensor>>, Fault> {
        if types.len() != given.len() {
            return Err(invalid(format!("`{ATTRIBUTE}` does not name every tensor")));
        }
        types.iter().zip(given).map(|(ty, q)| q.map(|q| Tensor::new(ty, q)).transpose()).collect()
    };
    let operands = tensors(&signature.operands, all.operands)?;
    let results = tensors(&signature.results, all.results)?;
    let meant = |types: &[Shaped], tensors: &[Option<Tensor>]| -> Vec<Shaped> {
        types.iter().zip(tensors).map(|(ty, t)| t.as_ref().map_or(ty, |t| &t.shape).clone()).collect()
    };
    let mut attributes = signature.attributes.clone();
    attributes.remove(ATTRIBUTE);
    let inner = super::prepare(&Signature {
        name: signature.name,
        attributes: &attributes,
        operands: meant(&signature.operands, &operands),
        results: meant(&signature.results, &results),
    })?;
    let scratch = inner.scratch;
    let run = move |inputs: &[&[u8]], outputs: &mut [&mut [u8]], scratch: &mut [u128]| {
        let values = inputs.iter().zip(&operands).map(|(bytes, tensor)| {
            tensor.as_ref().map(|tensor| {
                let mut values = tensor.bytes();
                tensor.dequantize(bytes, &mut values);
                values
            })
        });
        let values: Vec<Option<Vec<u8>>> = values.collect();
        let views: Vec<&[u8]> =
            values.iter().zip(inputs).map(|(values, bytes)| values.as_deref().unwrap_or(bytes)).collect();
        let mut computed: Vec<Option<Vec<u8>>> =
            results.iter().map(|tensor| tensor.as_ref().map(Tensor::bytes)).collect();
        let mut targets: Vec<&mut [u8]> = computed
            .iter_mut()
            .zip(outputs.iter_mut())
            .map(|(computed, output)| computed.as_deref_mut().unwrap_or(output))
            .collect();
        (inner.run)(&views, &mut targets, scratch)?;
        for ((tensor, computed), output) in results.iter().zip(&computed).zip(outputs) {
            if let (Some(tensor), Some(computed)) = (tensor, computed) {
                tensor.quantize(computed, output);
            }
        }
        Ok(())
    };
    Ok(Prepared { scratch, run: Box::new(run) })
}
