//! Walking over index spaces, and moving elements between strided layouts.

use smallvec::SmallVec;

/// Distances between neighbours along each dimension, in elements; negative ones walk backwards.
pub(super) type Strides = SmallVec<[isize; 4]>;

/// The strides of a row-major tensor.
pub(super) fn row_major(shape: &[usize]) -> Strides {
    let mut strides: Strides = SmallVec::from_elem(0, shape.len());
    let mut step = 1usize;
    for (stride, &size) in strides.iter_mut().zip(shape).rev() {
        *stride = step as isize;
        step = step.wrapping_mul(size);
    }
    strides
}

/// The indices of a shape in row-major order.
pub(super) struct Indices {
    shape: SmallVec<[usize; 4]>,
    index: SmallVec<[usize; 4]>,
    left: bool,
    started: bool,
}

impl Indices {
    pub(super) fn new(shape: &[usize]) -> Self {
        let index = SmallVec::from_elem(0, shape.len());
        Self { shape: shape.into(), index, left: !shape.contains(&0), started: false }
    }

    /// The next index, as long as there is one.
    pub(super) fn next(&mut self) -> Option<&[usize]> {
        if !self.left {
            return None;
        }
        if !self.started {
            self.started = true;
            return Some(&self.index);
        }
        for (at, &size) in self.index.iter_mut().zip(&self.shape).rev() {
            *at += 1;
            if *at < size {
                return Some(&self.index);
            }
            *at = 0;
        }
        self.left = false;
        None
    }
}

/// The position of an index in a strided layout.
pub(super) fn position(index: &[usize], strides: &[isize]) -> isize {
    index.iter().zip(strides).map(|(&i, &stride)| i as isize * stride).sum()
}

/// A place in a buffer and the steps from there.
pub(super) struct Layout {
    pub(super) offset: isize,
    pub(super) strides: Strides,
}

impl Layout {
    /// The layout of a whole row-major tensor.
    pub(super) fn whole(shape: &[usize]) -> Self {
        Self { offset: 0, strides: row_major(shape) }
    }
}

/// Copies `shape` elements of `width` bytes from one layout to another.
///
/// The caller has made sure that both layouts stay inside their buffers.
pub(super) fn copy(shape: &[usize], src: &[u8], from: &Layout, dst: &mut [u8], to: &Layout, width: usize) {
    if shape.contains(&0) {
        return;
    }
    let dims = merge(shape, &from.strides, &to.strides);
    let ((count, src_step, dst_step), outer) =
        dims.split_last().map_or(((1, 1, 1), &[][..]), |(last, outer)| (*last, outer));
    let mut index: SmallVec<[usize; 4]> = SmallVec::from_elem(0, outer.len());
    let (mut src_at, mut dst_at) = (from.offset, to.offset);
    loop {
        row(count, (src, src_at, src_step), (dst, dst_at, dst_step), width);
        let mut carry = outer.len();
        loop {
            if carry == 0 {
                return;
            }
            carry -= 1;
            let (size, src_stride, dst_stride) = outer[carry];
            index[carry] += 1;
            src_at += src_stride;
            dst_at += dst_stride;
            if index[carry] < size {
                break;
            }
            index[carry] = 0;
            src_at -= src_stride * size as isize;
            dst_at -= dst_stride * size as isize;
        }
    }
}

/// Dimensions with both strides, those of size one dropped and those that continue each other
/// joined.
fn merge(shape: &[usize], from: &[isize], to: &[isize]) -> SmallVec<[(usize, isize, isize); 4]> {
    let mut dims: SmallVec<[(usize, isize, isize); 4]> = SmallVec::new();
    for ((&size, &src), &dst) in shape.iter().zip(from).zip(to) {
        if size == 1 {
            continue;
        }
        match dims.last_mut() {
            Some(outer) if outer.1 == src * size as isize && outer.2 == dst * size as isize => {
                *outer = (outer.0 * size, src, dst);
            }
            _ => dims.push((size, src, dst)),
        }
    }
    dims
}

fn row(count: usize, from: (&[u8], isize, isize), to: (&mut [u8], isize, isize), width: usize) {
    let ((src, src_at, src_step), (dst, dst_at, dst_step)) = (from, to);
    if src_step == 1 && dst_step == 1 {
        let (src_at, dst_at) = (src_at as usize * width, dst_at as usize * width);
        dst[dst_at..dst_at + count * width].copy_from_slice(&src[src_at..src_at + count * width]);
        return;
    }
    match width {
        1 => elements::<1>(count, (src, src_at, src_step), (dst, dst_at, dst_step)),
        2 => elements::<2>(count, (src, src_at, src_step), (dst, dst_at, dst_step)),
        4 => elements::<4>(count, (src, src_at, src_step), (dst, dst_at, dst_step)),
        8 => elements::<8>(count, (src, src_at, src_step), (dst, dst_at, dst_step)),
        16 => elements::<16>(count, (src, src_at, src_step), (dst, dst_at, dst_step)),
        _ => {
            for i in 0..count as isize {
                let (a, b) = ((src_at + i * src_step) as usize * width, (dst_at + i * dst_step) as usize * width);
                dst[b..b + width].copy_from_slice(&src[a..a + width]);
            }
        }
    }
}

fn elements<const N: usize>(count: usize, from: (&[u8], isize, isize), to: (&mut [u8], isize, isize)) {
    let ((src, mut src_at, src_step), (dst, mut dst_at, dst_step)) = (from, to);
    let (src, dst) = (src.as_chunks::<N>().0, dst.as_chunks_mut::<N>().0);
    for _ in 0..count {
        dst[dst_at as usize] = src[src_at as usize];
        src_at += src_step;
        dst_at += dst_step;
    }
}

/// Fills `dst` with copies of one element.
pub(super) fn fill(dst: &mut [u8], element: &[u8]) {
    if element.iter().all(|&b| b == 0) {
        dst.fill(0);
    } else {
        dst.chunks_exact_mut(element.len()).for_each(|chunk| chunk.copy_from_slice(element));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_row_major() {
        let mut indices = Indices::new(&[2, 2]);
        let mut seen = Vec::new();
        while let Some(index) = indices.next() {
            seen.push(index.to_vec());
        }
        assert_eq!(seen, [[0, 0], [0, 1], [1, 0], [1, 1]]);
        assert!(Indices::new(&[3, 0]).next().is_none());
        let mut scalar = Indices::new(&[]);
        assert!(scalar.next().is_some() && scalar.next().is_none());
    }

    #[test]
    fn copies_transpose_and_reverse() {
        let src: Vec<u8> = (0..6).collect();
        let mut dst = vec![0; 6];
        let transposed = Layout { offset: 0, strides: SmallVec::from_slice(&[1, 3]) };
        copy(&[3, 2], &src, &transposed, &mut dst, &Layout::whole(&[3, 2]), 1);
        assert_eq!(dst, [0, 3, 1, 4, 2, 5]);
        let reversed = Layout { offset: 5, strides: SmallVec::from_slice(&[-3, -1]) };
        copy(&[2, 3], &src, &reversed, &mut dst, &Layout::whole(&[2, 3]), 1);
        assert_eq!(dst, [5, 4, 3, 2, 1, 0]);
    }
}
