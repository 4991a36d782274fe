//! The operations that the runtime computes itself: whatever of StableHLO is no kernel.
//!
//! A primitive has a name, attributes, operands and results. [`load`] prepares it once, with all
//! checks of types and attributes; [`Primitive::run`] then works on bytes. Tensors are dense and
//! row-major, elements narrower than a byte take one byte each. Names and attributes are
//! StableHLO's. Regions are attributes too: `regions`, a list of computations on scalars (the module
//! `body` says how they are written).
//!
//! Most primitives work on numbers of every element type, one element at a time: they are there so
//! that every program runs. `top_k` is made to be fast and needs no memory but its planned scratch.
//!
//! To add one: a function in the file of its family and a row in [`TABLE`].

mod batch_norm;
mod body;
mod check;
mod complex;
mod convolution;
mod dot;
mod elementwise;
mod fft;
mod format;
mod gather;
mod indexing;
mod linalg;
mod movement;
mod number;
mod pad;
mod quantized;
mod random;
mod reduce;
mod scalar;
mod scatter;
mod sort;
mod top_k;
mod window;

use hire_artifact::TensorType;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use indexing::Shaped;

/// Why a primitive cannot be had, or failed.
#[derive(Debug, thiserror::Error)]
#[error("the primitive `{primitive}`: {what}")]
pub struct PrimitiveError {
    /// Its name.
    pub primitive: String,
    /// What is wrong.
    pub what: String,
}

/// What is wrong with a primitive, before it is known which.
#[derive(Debug)]
pub(crate) struct Fault(String);

fn invalid(what: impl Into<String>) -> Fault {
    Fault(what.into())
}

/// The computation of a primitive: operands, results, scratch.
type Run = Box<dyn Fn(&[&[u8]], &mut [&mut [u8]], &mut [u128]) -> Result<(), Fault> + Send + Sync>;

/// A computation with its needs.
struct Prepared {
    /// Words of scratch memory.
    scratch: usize,
    run: Run,
}

impl Prepared {
    fn new(run: impl Fn(&[&[u8]], &mut [&mut [u8]]) -> Result<(), Fault> + Send + Sync + 'static) -> Self {
        Self { scratch: 0, run: Box::new(move |operands, results, _| run(operands, results)) }
    }
}

/// What a primitive is made from.
struct Signature<'a> {
    name: &'a str,
    attributes: &'a Map<String, Value>,
    operands: Vec<Shaped>,
    results: Vec<Shaped>,
}

impl Signature<'_> {
    /// An attribute; `default` where it is absent.
    fn attribute<T: DeserializeOwned>(&self, name: &str, default: T) -> Result<T, Fault> {
        match self.attributes.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => T::deserialize(value).map_err(|error| invalid(format!("`{name}`: {error}"))),
        }
    }

    /// The region of this number, of `arity` parameters.
    fn body(&self, index: usize, arity: usize, results: usize) -> Result<body::Body, Fault> {
        let regions: Vec<body::Region> = self.attribute("regions", Vec::new())?;
        let region = regions.get(index).ok_or_else(|| invalid(format!("region {index} is missing")))?;
        body::Body::new(region, arity, results)
    }

    fn operand(&self, index: usize) -> Result<&Shaped, Fault> {
        self.operands.get(index).ok_or_else(|| invalid(format!("operand {index} is missing")))
    }

    fn result(&self, index: usize) -> Result<&Shaped, Fault> {
        self.results.get(index).ok_or_else(|| invalid(format!("result {index} is missing")))
    }

    /// Refuses a result that is not declared with this shape.
    fn expect_shape(&self, index: usize, shape: &[usize]) -> Result<(), Fault> {
        let result = self.result(index)?;
        if result.shape == shape {
            return Ok(());
        }
        Err(invalid(format!("result {index} has the shape {shape:?}, not that of {}", result.ty())))
    }
}

/// A primitive on tensors of given types.
pub struct Primitive {
    name: String,
    prepared: Prepared,
    operands: Vec<usize>,
    results: Vec<usize>,
}

impl Primitive {
    /// Words of scratch memory that [`Self::run`] needs.
    pub fn scratch_words(&self) -> usize {
        self.prepared.scratch
    }

    /// Computes the results. Operands and results are the bytes of tensors of the types that it was
    /// loaded for; no result overlaps another tensor; `scratch` has [`Self::scratch_words`] words.
    ///
    /// # Errors
    /// When sizes differ, or the operation fails.
    pub fn run(
        &self,
        operands: &[&[u8]],
        results: &mut [&mut [u8]],
        scratch: &mut [u128],
    ) -> Result<(), PrimitiveError> {
        let fits = operands.iter().map(|bytes| bytes.len()).eq(self.operands.iter().copied())
            && results.iter().map(|bytes| bytes.len()).eq(self.results.iter().copied())
            && scratch.len() >= self.prepared.scratch;
        let mut run = || match fits {
            true => (self.prepared.run)(operands, results, scratch),
            false => Err(invalid("it was given tensors of other sizes than it was loaded for")),
        };
        run().map_err(|Fault(what)| PrimitiveError { primitive: self.name.clone(), what })
    }
}

type Load = fn(&Signature<'_>) -> Result<Prepared, Fault>;

/// All primitives that are not element-wise: name and how they are prepared.
const TABLE: &[(&str, Load)] = &[
    ("approx_top_k", sort::approx_top_k),
    ("batch_norm_grad", batch_norm::grad),
    ("batch_norm_inference", batch_norm::inference),
    ("batch_norm_training", batch_norm::training),
    ("bitcast_convert", movement::bitcast_convert),
    ("broadcast", movement::broadcast),
    ("broadcast_in_dim", movement::broadcast_in_dim),
    ("cholesky", linalg::cholesky),
    ("concatenate", movement::concatenate),
    ("convolution", convolution::convolution),
    ("copy", movement::copy),
    ("dot", dot::dot),
    ("dot_general", dot::dot_general),
    ("dynamic_broadcast_in_dim", movement::broadcast_in_dim),
    ("dynamic_conv", convolution::dynamic_conv),
    ("dynamic_gather", gather::gather),
    ("dynamic_iota", movement::iota),
    ("dynamic_pad", pad::dynamic_pad),
    ("dynamic_reduce_window", window::dynamic_reduce_window),
    ("dynamic_reshape", movement::copy),
    ("dynamic_slice", movement::dynamic_slice),
    ("dynamic_update_slice", movement::dynamic_update_slice),
    ("einsum", dot::einsum),
    ("expect_almost_eq", check::expect_almost_eq),
    ("expect_almost_eq_const", check::expect_almost_eq),
    ("expect_close", check::expect_close),
    ("expect_eq", check::expect_eq),
    ("expect_eq_const", check::expect_eq),
    ("fft", fft::fft),
    ("gather", gather::gather),
    ("get_dimension_size", movement::get_dimension_size),
    ("iota", movement::iota),
    ("map", reduce::map),
    ("optimization_barrier", movement::copy),
    ("pad", pad::pad),
    ("real_dynamic_slice", movement::real_dynamic_slice),
    ("reduce", reduce::reduce),
    ("reduce_window", window::reduce_window),
    ("reshape", movement::copy),
    ("reverse", movement::reverse),
    ("rng", random::rng),
    ("rng_bit_generator", random::rng_bit_generator),
    ("scatter", scatter::scatter),
    ("select_and_scatter", window::select_and_scatter),
    ("shape_assertion", check::shape_assertion),
    ("slice", movement::slice),
    ("sort", sort::sort),
    ("top_k", top_k::top_k),
    ("torch_index_select", gather::torch_index_select),
    ("transpose", movement::transpose),
    ("triangular_solve", linalg::triangular_solve),
    ("unary_einsum", dot::einsum),
    ("uniform_dequantize", movement::copy),
    ("uniform_quantize", movement::copy),
];

/// Whether there is a primitive of this name.
pub fn is_known(name: &str) -> bool {
    TABLE.iter().any(|row| row.0 == name) || elementwise::is_known(name)
}

/// Prepares a primitive for tensors of these types.
///
/// # Errors
/// When there is none of this name, or types and attributes do not fit it.
pub fn load(
    name: &str,
    attributes: &Map<String, Value>,
    operands: &[TensorType],
    results: &[TensorType],
) -> Result<Primitive, PrimitiveError> {
    let prepare = || {
        let shaped = |types: &[TensorType]| -> Result<Vec<Shaped>, Fault> {
            let shaped = |ty| Shaped::of(ty).ok_or_else(|| invalid(format!("{ty} does not fit in memory")));
            types.iter().map(shaped).collect()
        };
        let signature = Signature { name, attributes, operands: shaped(operands)?, results: shaped(results)? };
        let prepared = prepare(&signature)?;
        let sizes = |tensors: &[Shaped]| tensors.iter().map(|t| t.len() * t.width).collect();
        Ok(Primitive {
            name: name.to_owned(),
            prepared,
            operands: sizes(&signature.operands),
            results: sizes(&signature.results),
        })
    };
    prepare().map_err(|Fault(what)| PrimitiveError { primitive: name.to_owned(), what })
}

fn prepare(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    if signature.attributes.contains_key(quantized::ATTRIBUTE) {
        return quantized::prepare(signature);
    }
    if let Some((_, load)) = TABLE.iter().find(|row| row.0 == signature.name) {
        return load(signature);
    }
    elementwise::prepare(signature)?.ok_or_else(|| invalid("this runtime does not have it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_are_unique() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(is_known("add") && is_known("sort") && !is_known("all_reduce"));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let f32s = TensorType::new(hire_artifact::ElementType::F32, [2u64]);
        let load = |name: &str, operands: &[TensorType], results: &[TensorType]| {
            load(name, &Map::new(), operands, results).err().map(|e| e.to_string())
        };
        let one = std::slice::from_ref(&f32s);
        assert_eq!(load("all_reduce", &[], one).unwrap(), "the primitive `all_reduce`: this runtime does not have it");
        assert_eq!(load("add", one, one).unwrap(), "the primitive `add`: it takes 2 operands, not 1");
        // Of nothing, nothing is copied.
        for (name, load_row) in TABLE {
            let copies = std::ptr::fn_addr_eq(*load_row, movement::copy as Load);
            assert!(copies || load(name, &[], &[]).is_some(), "{name} takes no operands");
        }
    }
}
