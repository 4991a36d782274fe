//! Shapes, and walks over all indices of a shape in row-major order.

use hire_artifact::{ElementType, TensorType};

/// Element type and dimensions of a tensor, with what addressing its elements takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shaped {
    pub(super) dtype: ElementType,
    pub(super) shape: Vec<usize>,
    /// Elements between neighbours along each dimension.
    pub(super) strides: Vec<usize>,
    /// Bytes of an element.
    pub(super) width: usize,
}

impl Shaped {
    /// `None` where the tensor does not fit in memory.
    pub(super) fn of(ty: &TensorType) -> Option<Self> {
        ty.host_bytes()?;
        let shape: Vec<usize> = ty.shape.iter().map(|&size| usize::try_from(size).ok()).collect::<Option<_>>()?;
        Some(Self::new(ty.dtype, shape))
    }

    pub(super) fn new(dtype: ElementType, shape: Vec<usize>) -> Self {
        Self { dtype, strides: row_major(&shape), width: dtype.host_bytes(), shape }
    }

    pub(super) fn rank(&self) -> usize {
        self.shape.len()
    }

    pub(super) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub(super) fn ty(&self) -> TensorType {
        TensorType::new(self.dtype, self.shape.iter().map(|&size| size as u64).collect::<Vec<_>>())
    }
}

/// Elements between neighbours along each dimension. A dimension of size 0 counts as 1.
pub(super) fn row_major(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d].max(1);
    }
    strides
}

/// The position of an index.
pub(super) fn position(index: &[usize], strides: &[usize]) -> usize {
    index.iter().zip(strides).map(|(&i, &stride)| i * stride).sum()
}

/// Visits every index in row-major order, with its number.
///
/// # Errors
/// The first that `visit` returns.
pub(super) fn try_each_index<E>(
    shape: &[usize],
    mut visit: impl FnMut(usize, &[usize]) -> Result<(), E>,
) -> Result<(), E> {
    let count: usize = shape.iter().product();
    let mut index = vec![0; shape.len()];
    for at in 0..count {
        visit(at, &index)?;
        for d in (0..shape.len()).rev() {
            index[d] += 1;
            if index[d] < shape[d] {
                break;
            }
            index[d] = 0;
        }
    }
    Ok(())
}

/// As [`try_each_index`], with a visitor that cannot fail.
pub(super) fn each_index(shape: &[usize], mut visit: impl FnMut(usize, &[usize])) {
    let Ok(()) = try_each_index(shape, |at, index| {
        visit(at, index);
        Ok::<(), std::convert::Infallible>(())
    });
}

/// Copies an element.
pub(super) fn copy_element(from: &[u8], at: usize, to: &mut [u8], to_at: usize, width: usize) {
    to[to_at * width..(to_at + 1) * width].copy_from_slice(&from[at * width..(at + 1) * width]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_come_in_row_major_order() {
        let mut seen = Vec::new();
        each_index(&[2, 3], |at, index| seen.push((at, position(index, &row_major(&[2, 3])))));
        assert_eq!(seen, (0..6).map(|i| (i, i)).collect::<Vec<_>>());
        each_index(&[], |at, index| assert_eq!((at, index.len()), (0, 0)));
        each_index(&[3, 0], |_, _| unreachable!("an empty shape has no indices"));
    }
}
