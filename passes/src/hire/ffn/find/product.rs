//! The products of a feed-forward layer, read as products of hidden vectors with rows of a matrix.

use hire_compiler::ir::{Func, OpId, Opcode, ValueId};

use crate::hire::find::{LogitsSite, Side, trace_weight};
use crate::signature::Signature;

/// The shape of a product of vectors with a float matrix, batching and multiple contractions excluded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Which operand is the matrix.
    pub side: Side,
    /// Elements that are contracted.
    pub contracted: u64,
    /// The matrix's other dimension.
    pub free: u64,
    /// Vectors.
    pub rows: u64,
    vector_dim: usize,
    matrix_dim: usize,
}

impl Shape {
    fn operands(self) -> (usize, usize) {
        match self.side {
            Side::Rhs => (0, 1),
            Side::Lhs => (1, 0),
        }
    }

    /// The operand that holds the vectors.
    pub(super) fn vectors(self, func: &Func, dot: OpId) -> ValueId {
        func.ops[dot].operands[self.operands().0]
    }
}

/// The readings of a `dot_general`: its right or its left operand is the matrix.
pub(super) fn shapes(func: &Func, dot: OpId) -> Vec<Shape> {
    let operation = &func.ops[dot];
    let Some(dims) = operation.dot_dimension_numbers().filter(|_| operation.opcode == Opcode::DotGeneral) else {
        return Vec::new();
    };
    let ([l], [r]) = (dims.lhs_contracting_dimensions.as_slice(), dims.rhs_contracting_dimensions.as_slice()) else {
        return Vec::new();
    };
    if !dims.lhs_batching_dimensions.is_empty() {
        return Vec::new();
    }
    let read = |side: Side| {
        let (vector_dim, matrix_dim) = match side {
            Side::Rhs => (*l as usize, *r as usize),
            Side::Lhs => (*r as usize, *l as usize),
        };
        let (vectors, matrix) = if side == Side::Rhs { (0, 1) } else { (1, 0) };
        let ty = |at: usize| func.value_type(operation.operands[at]).as_tensor();
        let matrix = ty(matrix).filter(|t| t.element.is_float())?.sizes().filter(|s| s.len() == 2)?;
        let vectors = ty(vectors)?.sizes()?;
        let contracted = matrix[matrix_dim];
        let rows = vectors.iter().product::<u64>().checked_div(contracted)?;
        Some(Shape { side, contracted, free: matrix[1 - matrix_dim], rows, vector_dim, matrix_dim })
    };
    [Side::Rhs, Side::Lhs].into_iter().filter_map(read).collect()
}

/// Which dimension of the matrix stands for neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Neurons {
    /// The free one: the product makes pre-activations.
    Free,
    /// The contracted one: the product takes activations.
    Contracted,
}

/// The product as a site whose rows are neurons.
///
/// # Errors
/// Why its matrix is not one of the model's.
pub(super) fn read(
    func: &Func,
    signature: &Signature,
    dot: OpId,
    shape: Shape,
    neurons: Neurons,
    name: &str,
) -> Result<LogitsSite, String> {
    let (vectors, matrix) = shape.operands();
    let operation = &func.ops[dot];
    let rows_dim = match neurons {
        Neurons::Free => 1 - shape.matrix_dim,
        Neurons::Contracted => shape.matrix_dim,
    };
    let weight = trace_weight(func, signature, operation.operands[matrix], rows_dim)?;
    let element = weight.stored_element(func, operation.operands[matrix]);
    let (vocabulary, d) = match neurons {
        Neurons::Free => (shape.free, shape.contracted),
        Neurons::Contracted => (shape.contracted, shape.free),
    };
    Ok(LogitsSite {
        name: name.to_owned(),
        dot,
        side: shape.side,
        hidden: operation.operands[vectors],
        hidden_dim: shape.vector_dim,
        weight,
        weight_vocabulary_dim: rows_dim,
        vocabulary,
        d,
        rows: shape.rows,
        outlets: Vec::new(),
        used_whole: false,
        row_bytes: element.packed_bytes(d),
    })
}
