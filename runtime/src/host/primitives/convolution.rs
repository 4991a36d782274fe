//! `convolution` and `dynamic_conv`, with padding, dilation of both operands, reversal, and groups of
//! features or of batches.

use serde::Deserialize;

use super::dot::Sum;
use super::indexing::each_index;
use super::movement::{dims, integers};
use super::number::Number;
use super::reduce::Elements;
use super::window::{Window, padding, positive};
use super::{Fault, Prepared, Signature, invalid};

#[derive(Clone, Debug, Deserialize)]
struct Numbers {
    input_batch_dimension: i64,
    input_feature_dimension: i64,
    input_spatial_dimensions: Vec<i64>,
    kernel_input_feature_dimension: i64,
    kernel_output_feature_dimension: i64,
    kernel_spatial_dimensions: Vec<i64>,
    output_batch_dimension: i64,
    output_feature_dimension: i64,
    output_spatial_dimensions: Vec<i64>,
}

pub(super) fn convolution(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let convolution = Convolution::new(signature)?;
    let padding = padding(signature.attribute("padding", Vec::new())?, convolution.window.size.len())?;
    let window = Window { padding, ..convolution.window.clone() };
    convolution.check(&window)?;
    Ok(Prepared::new(move |operands, results| {
        convolution.run(&window, operands, results[0]);
        Ok(())
    }))
}

/// As `convolution`, with the padding an operand.
pub(super) fn dynamic_conv(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let convolution = Convolution::new(signature)?;
    let pairs = signature.operand(2)?.clone();
    Ok(Prepared::new(move |operands, results| {
        let padding = padding(integers(operands[2], &pairs), convolution.window.size.len())?;
        let window = Window { padding, ..convolution.window.clone() };
        convolution.check(&window)?;
        convolution.run(&window, operands, results[0]);
        Ok(())
    }))
}

/// Dimensions are in the order batch, feature, space; of the kernel input, output, space.
struct Convolution {
    input: [Shape; 3],
    window: Window,
    reversal: Vec<bool>,
    features: Groups,
    batches: Groups,
    elements: [Elements; 3],
    sum: Sum,
}

/// Sizes and strides of one tensor's dimensions.
struct Shape {
    sizes: Vec<usize>,
    strides: Vec<usize>,
}

/// How many groups there are, and how many output features each has.
struct Groups {
    count: usize,
    outputs: usize,
}

impl Convolution {
    fn new(signature: &Signature<'_>) -> Result<Self, Fault> {
        let numbers: Option<Numbers> = signature.attribute("dimension_numbers", None)?;
        let n = numbers.ok_or_else(|| invalid("`dimension_numbers` are missing"))?;
        let tensors = [signature.operand(0)?, signature.operand(1)?, signature.result(0)?];
        let rank = tensors[0].rank();
        let order = |at: usize, first: i64, second: i64, space: &[i64]| -> Result<Shape, Fault> {
            let all: Vec<i64> = [first, second].iter().chain(space).copied().collect();
            let order = dims(&all, rank, tensors[at].rank(), "`dimension_numbers`")?;
            let pick = |from: &[usize]| order.iter().map(|&d| from[d]).collect();
            Ok(Shape { sizes: pick(&tensors[at].shape), strides: pick(&tensors[at].strides) })
        };
        let input = [
            order(0, n.input_batch_dimension, n.input_feature_dimension, &n.input_spatial_dimensions)?,
            order(
                1,
                n.kernel_input_feature_dimension,
                n.kernel_output_feature_dimension,
                &n.kernel_spatial_dimensions,
            )?,
            order(2, n.output_batch_dimension, n.output_feature_dimension, &n.output_spatial_dimensions)?,
        ];
        let space = rank.saturating_sub(2);
        let window = Window {
            size: input[1].sizes[2..].to_vec(),
            stride: positive(signature, "window_strides", space)?,
            base_dilation: positive(signature, "lhs_dilation", space)?,
            dilation: positive(signature, "rhs_dilation", space)?,
            padding: vec![[0, 0]; space],
        };
        let reversal = signature.attribute("window_reversal", vec![false; space])?;
        let groups = |name: &str| -> Result<Groups, Fault> {
            let count: usize = signature.attribute(name, 1)?;
            if count == 0 || !input[1].sizes[1].is_multiple_of(count) {
                return Err(invalid(format!("`{name}` does not divide the output features")));
            }
            Ok(Groups { count, outputs: input[1].sizes[1] / count })
        };
        Ok(Self {
            features: groups("feature_group_count")?,
            batches: groups("batch_group_count")?,
            elements: tensors.map(Elements::of),
            sum: Sum::of(tensors[2].dtype),
            input,
            window,
            reversal,
        })
    }

    fn check(&self, window: &Window) -> Result<(), Fault> {
        let [input, kernel, output] = &self.input;
        let fits = self.reversal.len() == window.size.len()
            && window.places(&input.sizes[2..]).as_deref() == Some(&output.sizes[2..])
            && output.sizes[0] * self.batches.count == input.sizes[0]
            && output.sizes[1] == kernel.sizes[1]
            && kernel.sizes[0] * self.features.count == input.sizes[1]
            && self.features.count.min(self.batches.count) == 1;
        fits.then_some(()).ok_or_else(|| invalid("its operands, result and attributes do not fit each other"))
    }

    fn run(&self, window: &Window, operands: &[&[u8]], result: &mut [u8]) {
        let [input, kernel, output] = &self.input;
        let zero = self.elements[0].load(&[0; 16], 0);
        each_index(&output.sizes, |_, place| {
            let (batch, feature) = (place[0], place[1]);
            let first = feature / self.features.outputs.max(1) * kernel.sizes[0];
            let from_batch = feature / self.batches.outputs.max(1) * output.sizes[0] + batch;
            let mut sum = self.sum.zero();
            each_index(&window.size, |_, inner| {
                let base = (0..inner.len()).map(|d| {
                    let at = if self.reversal[d] { window.size[d] - 1 - inner[d] } else { inner[d] };
                    let index = window.base_index(d, place[2 + d], at, input.sizes[2 + d])?;
                    Some(index * input.strides[2 + d])
                });
                let base = base.sum::<Option<usize>>();
                let base = base.map(|base| base + from_batch * input.strides[0] + first * input.strides[1]);
                let weight: usize = inner.iter().zip(&kernel.strides[2..]).map(|(&i, &stride)| i * stride).sum();
                for channel in 0..kernel.sizes[0] {
                    let load = |base: usize| self.elements[0].load(operands[0], base + channel * input.strides[1]);
                    let value: Number = base.map_or(zero, load);
                    let weight = weight + channel * kernel.strides[0] + feature * kernel.strides[1];
                    sum = self.sum.add_product(sum, value, self.elements[1].load(operands[1], weight));
                }
            });
            let at = place.iter().zip(&output.strides).map(|(&i, &stride)| i * stride).sum();
            self.elements[2].store(sum, result, at);
        });
    }
}
