//! `convolution` and `dynamic_conv`.
//!
//! The input is padded and dilated once, with zeros; then every window is a regular pattern of
//! offsets, and the convolution is a batch of matrix products (one for each feature or batch
//! group) over kernel space and input features.

use smallvec::SmallVec;

use super::call::{Call, check_dims, sizes, tensor_ints};
use super::error::Fault;
use super::matmul::{Factor, multiply, offsets};
use super::tensor::{Shape, Tensor};
use super::walk::{self, Layout, Strides, row_major};
use super::window::Window;
use crate::ir::{Attr, ConvDimensionNumbers};

pub(super) fn convolution(call: &Call<'_>) -> Result<Tensor, Fault> {
    let rank = call.operand(0)?.shape().len().saturating_sub(2);
    let padding = call.pairs_or_zero("padding", rank)?;
    convolve(call, &padding)
}

pub(super) fn dynamic_conv(call: &Call<'_>) -> Result<Tensor, Fault> {
    let padding = tensor_ints(call.operand(2)?)?;
    convolve(call, &padding.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>())
}

/// Dimension numbers as indices, checked against the ranks.
struct Dims {
    input_batch: usize,
    input_feature: usize,
    input_spatial: Shape,
    kernel_input: usize,
    kernel_output: usize,
    kernel_spatial: Shape,
    output_batch: usize,
    output_feature: usize,
    output_spatial: Shape,
}

impl Dims {
    fn of(numbers: &ConvDimensionNumbers, rank: usize) -> Result<Self, Fault> {
        let triple = |first: i64, second: i64, spatial: &[i64]| {
            let all: Vec<i64> = [first, second].iter().chain(spatial).copied().collect();
            let all = sizes(&all).ok_or_else(|| Fault::invalid("dimension numbers are negative"))?;
            check_dims(&all, rank, "dimension_numbers")?;
            if all.len() == rank { Ok(all) } else { Err(Fault::invalid("dimension numbers must name every dimension")) }
        };
        let n = numbers;
        let input = triple(n.input_batch_dimension, n.input_feature_dimension, &n.input_spatial_dimensions)?;
        let kernel =
            triple(n.kernel_input_feature_dimension, n.kernel_output_feature_dimension, &n.kernel_spatial_dimensions)?;
        let output = triple(n.output_batch_dimension, n.output_feature_dimension, &n.output_spatial_dimensions)?;
        Ok(Self {
            input_batch: input[0],
            input_feature: input[1],
            input_spatial: input[2..].into(),
            kernel_input: kernel[0],
            kernel_output: kernel[1],
            kernel_spatial: kernel[2..].into(),
            output_batch: output[0],
            output_feature: output[1],
            output_spatial: output[2..].into(),
        })
    }
}

fn convolve(call: &Call<'_>, padding: &[(i64, i64)]) -> Result<Tensor, Fault> {
    let (lhs, rhs) = (call.operand(0)?, call.operand(1)?);
    let rank = lhs.shape().len();
    let Some(Attr::ConvDimensionNumbers(numbers)) = call.attrs.get("dimension_numbers") else {
        return Err(call.missing("dimension_numbers"));
    };
    if rank < 2 || rhs.shape().len() != rank || padding.len() != rank - 2 {
        return Err(Fault::invalid(format!(
            "{} and {} with {} paddings do not convolve",
            lhs.ty(),
            rhs.ty(),
            padding.len()
        )));
    }
    let dims = Dims::of(numbers, rank)?;
    let space = rank - 2;
    let positive = |name: &str| {
        let values = sizes(&call.ints_or(name, space, 1)?).filter(|values| !values.contains(&0));
        values.ok_or_else(|| Fault::invalid(format!("`{name}` must be positive")))
    };
    let window = Window {
        size: dims.kernel_spatial.iter().map(|&d| rhs.shape()[d]).collect(),
        stride: positive("window_strides")?,
        base_dilation: positive("lhs_dilation")?,
        dilation: positive("rhs_dilation")?,
        padding: padding.to_vec(),
    };
    let reversed: SmallVec<[bool; 4]> = call.ints_or("window_reversal", space, 0)?.iter().map(|&v| v != 0).collect();
    let groups = Groups::of(call, lhs, rhs, &dims)?;
    let input_space: Shape = dims.input_spatial.iter().map(|&d| lhs.shape()[d]).collect();
    let places = window.places(&input_space)?;

    let padded = spread(call, lhs, &dims, &window)?;
    let (left, right) = factors(&padded, rhs, &dims, &window, &reversed, &groups, &places);
    // Products come as [group][batch, space][output feature].
    let (batch, features) = (groups.batch_size, groups.features_per_group);
    let mut shape: Shape = SmallVec::from_slice(&[groups.count, batch]);
    shape.extend_from_slice(&places);
    shape.push(features);
    let product = if left.inner.is_empty() || super::tensor::element_count(&shape)? == 0 {
        call.heap.build(call.element()?, &shape, |_| Ok::<_, Fault>(()))?
    } else {
        multiply(call.heap, &left, &right, call.element()?, &shape, false)?
    };
    arrange(call, &product, &dims, &groups, &places)
}

/// How features or batches fall into groups that are convolved separately.
struct Groups {
    count: usize,
    /// Whether the groups are of the batch rather than of the features.
    of_batch: bool,
    /// Batch size and input features of one group.
    batch_size: usize,
    input_features: usize,
    features_per_group: usize,
}

impl Groups {
    fn of(call: &Call<'_>, lhs: &Tensor, rhs: &Tensor, dims: &Dims) -> Result<Self, Fault> {
        let positive = |name: &str| {
            let count = call.attrs.get(name).map_or(Some(1), |attr| attr.as_i64());
            count.and_then(|c| usize::try_from(c).ok()).filter(|&c| c > 0).ok_or_else(|| call.missing(name))
        };
        let (feature_groups, batch_groups) = (positive("feature_group_count")?, positive("batch_group_count")?);
        let (batch, features) = (lhs.shape()[dims.input_batch], lhs.shape()[dims.input_feature]);
        let outputs = rhs.shape()[dims.kernel_output];
        let count = feature_groups.max(batch_groups);
        let whole = batch.is_multiple_of(batch_groups)
            && features.is_multiple_of(feature_groups)
            && outputs.is_multiple_of(count);
        let meet = rhs.shape()[dims.kernel_input] == features / feature_groups;
        if feature_groups.min(batch_groups) != 1 || !whole || !meet {
            return Err(Fault::invalid(format!(
                "{} and {} do not convolve in {feature_groups} feature and {batch_groups} batch groups",
                lhs.ty(),
                rhs.ty()
            )));
        }
        Ok(Self {
            count,
            of_batch: batch_groups > 1,
            batch_size: batch / batch_groups,
            input_features: features / feature_groups,
            features_per_group: outputs / count,
        })
    }
}

/// The input with its padding and dilation made explicit.
fn spread(call: &Call<'_>, lhs: &Tensor, dims: &Dims, window: &Window) -> Result<Tensor, Fault> {
    let plain = window.padding.iter().all(|&p| p == (0, 0)) && window.base_dilation.iter().all(|&d| d == 1);
    if plain {
        return Ok(lhs.clone());
    }
    let rank = lhs.shape().len();
    let (mut low, mut high, mut interior) = (vec![0; rank], vec![0; rank], vec![0; rank]);
    for (i, &d) in dims.input_spatial.iter().enumerate() {
        (low[d], high[d]) = window.padding[i];
        interior[d] = window.base_dilation[i] as i64 - 1;
    }
    let zero = vec![0u8; lhs.element().byte_size()];
    super::shape::pad_tensor(call.heap, lhs, &zero, &low, &high, &interior)
}

/// The padded input as `[group][batch, places][kernel space, features]` and the kernel to match.
fn factors<'a>(
    padded: &'a Tensor,
    rhs: &'a Tensor,
    dims: &Dims,
    window: &Window,
    reversed: &[bool],
    groups: &Groups,
    places: &[usize],
) -> (Factor<'a>, Factor<'a>) {
    let (input, kernel) = (row_major(padded.shape()), row_major(rhs.shape()));
    let space: Shape = (0..places.len()).collect();
    let scaled = |by: &[usize]| -> Strides {
        dims.input_spatial.iter().zip(by).map(|(&d, &by)| input[d] * by as isize).collect()
    };
    let combine = |outer: &[usize], inner: &[usize]| -> Vec<usize> {
        outer.iter().flat_map(|&a| inner.iter().map(move |&b| a + b)).collect()
    };
    let run = |count: usize, stride: isize| -> Vec<usize> { (0..count).map(|i| i * stride as usize).collect() };
    let group_step = if groups.of_batch {
        groups.batch_size as isize * input[dims.input_batch]
    } else {
        groups.input_features as isize * input[dims.input_feature]
    };
    let place_offsets = offsets(&space, places, &scaled(&window.stride));
    let mut window_offsets = vec![0];
    for (i, &step) in scaled(&window.dilation).iter().enumerate() {
        let mut steps = run(window.size[i], step);
        if reversed[i] {
            steps.reverse();
        }
        window_offsets = combine(&window_offsets, &steps);
    }
    let left = Factor {
        tensor: padded,
        batch: run(groups.count, group_step),
        outer: combine(&run(groups.batch_size, input[dims.input_batch]), &place_offsets),
        inner: combine(&window_offsets, &run(groups.input_features, input[dims.input_feature])),
        precision: None,
    };
    let kernel_offsets = offsets(&dims.kernel_spatial, rhs.shape(), &kernel);
    let right = Factor {
        tensor: rhs,
        batch: run(groups.count, groups.features_per_group as isize * kernel[dims.kernel_output]),
        outer: run(groups.features_per_group, kernel[dims.kernel_output]),
        inner: combine(&kernel_offsets, &run(groups.input_features, kernel[dims.kernel_input])),
        precision: None,
    };
    (left, right)
}

/// Moves `[group][batch, places][features]` to where the output's dimensions are.
fn arrange(call: &Call<'_>, product: &Tensor, dims: &Dims, groups: &Groups, places: &[usize]) -> Result<Tensor, Fault> {
    let mut shape: Shape = SmallVec::from_elem(0, places.len() + 2);
    shape[dims.output_batch] = groups.batch_size;
    shape[dims.output_feature] = groups.count * groups.features_per_group;
    dims.output_spatial.iter().zip(places).for_each(|(&d, &size)| shape[d] = size);
    let strides = row_major(&shape);
    let mut to: Strides = SmallVec::new();
    to.push(groups.features_per_group as isize * strides[dims.output_feature]);
    to.push(strides[dims.output_batch]);
    to.extend(dims.output_spatial.iter().map(|&d| strides[d]));
    to.push(strides[dims.output_feature]);
    let width = product.element().byte_size();
    call.heap.build(product.element(), &shape, |out| {
        let to = Layout { offset: 0, strides: to };
        walk::copy(product.shape(), product.bytes(), &Layout::whole(product.shape()), out, &to, width);
        Ok(())
    })
}
