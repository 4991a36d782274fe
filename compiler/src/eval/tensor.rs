//! Tensors that a running program holds, and the heap that bounds them.
//!
//! A tensor's bytes have the encoding of [`DenseElements`] and are shared: cloning one copies
//! nothing, and constants and arguments are borrowed from where they came from. A tensor that
//! nobody else holds may be changed in place, which is what makes a loop that updates one slice
//! at a time linear.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use smallvec::SmallVec;

use super::error::Fault;
use crate::ir::{DenseElements, ElementType, TensorType};

/// The sizes of a tensor's dimensions, outermost first.
pub type Shape = SmallVec<[usize; 4]>;

/// How many elements a shape has.
///
/// # Errors
/// When the product does not fit.
pub(crate) fn element_count(shape: &[usize]) -> Result<usize, Fault> {
    if shape.contains(&0) {
        return Ok(0);
    }
    shape
        .iter()
        .try_fold(1usize, |n, &size| n.checked_mul(size))
        .ok_or_else(|| Fault::invalid(format!("a shape of {shape:?} has more elements than memory has addresses")))
}

/// Counts the bytes that tensors take and refuses those that go over the limit.
#[derive(Clone, Debug)]
pub(crate) struct Heap {
    used: Arc<AtomicU64>,
    limit: u64,
}

impl Heap {
    pub(crate) fn new(limit: u64) -> Self {
        Self { used: Arc::new(AtomicU64::new(0)), limit }
    }

    fn charge(&self, bytes: usize) -> Result<Charge, Fault> {
        let wanted = bytes as u64;
        let take = |used: u64| used.checked_add(wanted).filter(|&total| total <= self.limit);
        match self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => Ok(Charge { used: self.used.clone(), bytes: wanted }),
            Err(used) => Err(Fault::Memory { wanted, used, limit: self.limit }),
        }
    }

    /// Fails unless `bytes` more would fit, for work space that is no tensor.
    pub(crate) fn check(&self, bytes: usize) -> Result<(), Fault> {
        self.charge(bytes).map(drop)
    }

    /// A tensor whose bytes, zero at first, `fill` writes.
    pub(crate) fn build<E: From<Fault>>(
        &self,
        element: &ElementType,
        shape: &[usize],
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Tensor, E> {
        let width = element.byte_size();
        let bytes = element_count(shape)?
            .checked_mul(width)
            .ok_or_else(|| Fault::invalid(format!("a tensor of shape {shape:?} has no addressable size")))?;
        let charge = self.charge(bytes)?;
        let mut data = vec![0u8; bytes];
        fill(&mut data)?;
        let block = Block { data, _charge: Some(charge) };
        Ok(Tensor { shape: shape.into(), element: element.clone(), data: Data::Owned(Arc::new(block)) })
    }
}

/// A share of the heap's limit, given back when dropped.
#[derive(Debug)]
struct Charge {
    used: Arc<AtomicU64>,
    bytes: u64,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Block {
    data: Vec<u8>,
    _charge: Option<Charge>,
}

/// A block as the owner of a [`Bytes`].
struct SharedBlock(Arc<Block>);

impl AsRef<[u8]> for SharedBlock {
    fn as_ref(&self) -> &[u8] {
        &self.0.data
    }
}

#[derive(Clone, Debug)]
enum Data {
    Owned(Arc<Block>),
    Foreign(Bytes),
}

/// A tensor: shape, element type and row-major bytes.
#[derive(Clone)]
pub struct Tensor {
    shape: Shape,
    element: ElementType,
    data: Data,
}

impl Tensor {
    /// A tensor of a static type whose bytes are given.
    ///
    /// # Errors
    /// When the type is not static, or the bytes are not those of its elements.
    pub fn new(ty: &TensorType, bytes: impl Into<Bytes>) -> Result<Self, Fault> {
        let shape = static_shape(ty)?;
        Self::from_parts(shape, ty.element.clone(), bytes.into())
    }

    fn from_parts(shape: Shape, element: ElementType, bytes: Bytes) -> Result<Self, Fault> {
        let expected = element_count(&shape)?.checked_mul(element.byte_size());
        if expected != Some(bytes.len()) {
            let ty = TensorType::new(&wide(&shape), element);
            return Err(Fault::invalid(format!("{ty} does not take {} bytes", bytes.len())));
        }
        Ok(Self { shape, element, data: Data::Foreign(bytes) })
    }

    /// The tensor that a constant stands for; shares its bytes unless it is a splat.
    ///
    /// # Errors
    /// When the constant's type and bytes disagree.
    pub fn from_elements(elements: &DenseElements) -> Result<Self, Fault> {
        Self::from_elements_in(&Heap::new(u64::MAX), elements)
    }

    /// The same, with a splat's bytes charged to `heap`.
    pub(crate) fn from_elements_in(heap: &Heap, elements: &DenseElements) -> Result<Self, Fault> {
        let shape = static_shape(&elements.ty)?;
        let (element, width) = (&elements.ty.element, elements.ty.element.byte_size());
        if !elements.splat {
            return Self::from_parts(shape, element.clone(), elements.data.clone());
        }
        if elements.data.len() != width {
            return Err(Fault::invalid(format!("a splat of {} takes {width} bytes", elements.ty)));
        }
        heap.build(element, &shape, |bytes| {
            bytes.chunks_exact_mut(width).for_each(|chunk| chunk.copy_from_slice(&elements.data));
            Ok(())
        })
    }

    /// The tensor as a constant; shares its bytes.
    pub fn to_elements(&self) -> DenseElements {
        DenseElements::new(self.ty(), self.to_bytes())
    }

    /// The bytes as a shared buffer.
    pub fn to_bytes(&self) -> Bytes {
        match &self.data {
            Data::Owned(block) => Bytes::from_owner(SharedBlock(block.clone())),
            Data::Foreign(bytes) => bytes.clone(),
        }
    }

    /// The type, without encoding.
    pub fn ty(&self) -> TensorType {
        TensorType::new(&wide(&self.shape), self.element.clone())
    }

    /// The sizes of the dimensions, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The element type.
    pub fn element(&self) -> &ElementType {
        &self.element
    }

    /// The bytes, row-major, in the encoding of [`DenseElements`].
    pub fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Owned(block) => &block.data,
            Data::Foreign(bytes) => bytes,
        }
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.bytes().len() / self.element.byte_size().max(1)
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes to change: in place when nobody else holds them, else of a copy.
    pub(crate) fn bytes_mut(&mut self, heap: &Heap) -> Result<&mut [u8], Fault> {
        let unique = match &mut self.data {
            Data::Owned(block) => Arc::get_mut(block).is_some(),
            Data::Foreign(_) => false,
        };
        if !unique {
            let copy = heap.build(&self.element, &self.shape, |bytes| {
                bytes.copy_from_slice(self.bytes());
                Ok::<_, Fault>(())
            })?;
            self.data = copy.data;
        }
        match &mut self.data {
            Data::Owned(block) => Ok(&mut Arc::get_mut(block).expect("the block was just found or made unique").data),
            Data::Foreign(_) => Err(Fault::invalid("a copied tensor owns its bytes")),
        }
    }

    /// The same bytes under another shape with as many elements.
    pub(crate) fn with_shape(self, shape: &[usize]) -> Result<Self, Fault> {
        if element_count(shape)? != self.len() {
            return Err(Fault::invalid(format!("{} elements do not fill a shape of {shape:?}", self.len())));
        }
        Ok(Self { shape: shape.into(), ..self })
    }

    /// The same bytes read as elements of another type that takes as many bytes.
    pub(crate) fn with_element(self, element: ElementType) -> Result<Self, Fault> {
        if element.byte_size() != self.element.byte_size() {
            return Err(Fault::invalid(format!("{} cannot be read as {element}", self.element)));
        }
        Ok(Self { element, ..self })
    }

    /// A tensor of `f32` values.
    ///
    /// # Errors
    /// When there are not as many values as the sizes say.
    pub fn f32s(sizes: &[u64], values: &[f32]) -> Result<Self, Fault> {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(&TensorType::new(sizes, ElementType::F32), data)
    }

    /// A tensor of `i32` values.
    ///
    /// # Errors
    /// When there are not as many values as the sizes say.
    pub fn i32s(sizes: &[u64], values: &[i32]) -> Result<Self, Fault> {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(&TensorType::new(sizes, ElementType::I32), data)
    }

    /// The elements as `f32`, when that is the element type.
    pub fn to_f32s(&self) -> Option<Vec<f32>> {
        let read = |chunk: &[u8]| f32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        (self.element == ElementType::F32).then(|| self.bytes().chunks_exact(4).map(read).collect())
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.ty(), &self.bytes()[..self.bytes().len().min(32)])
    }
}

impl PartialEq for Tensor {
    /// Same type and same bytes: `NaN`s equal themselves, zeros of different sign differ.
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.element == other.element && self.bytes() == other.bytes()
    }
}

/// The shape of a type all of whose sizes are known.
pub(crate) fn static_shape(ty: &TensorType) -> Result<Shape, Fault> {
    let dims = ty.dims.as_ref().ok_or_else(|| Fault::invalid(format!("{ty} has no rank")))?;
    dims.iter()
        .map(|dim| dim.size().and_then(|size| usize::try_from(size).ok()))
        .collect::<Option<Shape>>()
        .ok_or_else(|| Fault::invalid(format!("{ty} has sizes that are only known when running")))
}

fn wide(shape: &[usize]) -> SmallVec<[u64; 4]> {
    shape.iter().map(|&size| size as u64).collect()
}
