//! Emits StableHLO with static shapes: one function an operation, result types worked out.
//!
//! The rewrites build many small graphs; these functions keep them readable. All shapes are static
//! and all operands are tensors the caller just built or matched.

use hire_compiler::ir::{
    Attr, Builder, DenseElements, Dim, DotDimensionNumbers, ElementType, EnumKind, GatherDimensionNumbers, Opcode,
    TensorType, Type, ValueId,
};

/// Emission of static-shape StableHLO.
pub(crate) trait Emit {
    /// The sizes of a static tensor.
    fn sizes(&self, value: ValueId) -> Vec<u64>;
    /// The element type of a tensor.
    fn element(&self, value: ValueId) -> ElementType;
    /// A constant with all elements equal to `value`, rounded to the element type (f32, f64, bf16,
    /// f16 or an integer type).
    fn splat(&mut self, sizes: &[u64], element: ElementType, value: f64) -> ValueId;
    /// A constant.
    fn constant(&mut self, elements: DenseElements) -> ValueId;
    /// Element-wise operation whose result has the first operand's type.
    fn elementwise(&mut self, opcode: Opcode, operands: &[ValueId]) -> ValueId;
    /// Element-wise comparison.
    fn compare(&mut self, direction: &'static str, lhs: ValueId, rhs: ValueId) -> ValueId;
    /// `select(pred, on_true, on_false)`.
    fn select(&mut self, pred: ValueId, on_true: ValueId, on_false: ValueId) -> ValueId;
    /// Conversion; the value itself when it has the type already.
    fn convert(&mut self, value: ValueId, element: ElementType) -> ValueId;
    /// Reshape; the value itself when it has the shape already.
    fn reshape(&mut self, value: ValueId, sizes: &[u64]) -> ValueId;
    /// Transposition.
    fn transpose(&mut self, value: ValueId, permutation: &[i64]) -> ValueId;
    /// `broadcast_in_dim`.
    fn broadcast(&mut self, value: ValueId, dims: &[i64], sizes: &[u64]) -> ValueId;
    /// Tensors one after the other along a dimension.
    fn concatenate(&mut self, parts: &[ValueId], dimension: usize) -> ValueId;
    /// `dot_general` without precision configuration.
    fn dot(&mut self, lhs: ValueId, rhs: ValueId, dims: DotDimensionNumbers, element: ElementType) -> ValueId;
    /// Reduction of one dimension by a binary operation.
    fn reduce(&mut self, operand: ValueId, init: ValueId, dimension: usize, opcode: Opcode) -> ValueId;
    /// Rows of `table` [V, d] at `indices` [B, k]: [B, k, d]. Indices must be in bounds.
    fn gather_rows(&mut self, table: ValueId, indices: ValueId, sorted: bool) -> ValueId;
    /// Elements of `operand` [.., V, ..] at `indices` [.., k, ..] along `dimension`, all other
    /// dimensions taken at the same place: the shape of `indices`.
    fn take_along(&mut self, operand: ValueId, indices: ValueId, dimension: usize) -> ValueId;
    /// Elements of a vector [V] at `indices` of any shape: the shape of `indices`.
    fn take(&mut self, vector: ValueId, indices: ValueId) -> ValueId;
    /// The k largest along the last dimension, by the one total order, and their positions (i32).
    fn top_k(&mut self, operand: ValueId, k: u64) -> (ValueId, ValueId);
    /// Sorts along the last dimension, increasing.
    fn sort_increasing(&mut self, operand: ValueId) -> ValueId;
}

impl Emit for Builder<'_> {
    fn sizes(&self, value: ValueId) -> Vec<u64> {
        let sizes = self.tensor_type(value).sizes();
        sizes.expect("the matcher admits only static shapes").to_vec()
    }

    fn element(&self, value: ValueId) -> ElementType {
        self.tensor_type(value).element.clone()
    }

    fn splat(&mut self, sizes: &[u64], element: ElementType, value: f64) -> ValueId {
        let bytes = scalar_bytes(&element, value);
        self.constant(DenseElements::splat(TensorType::new(sizes, element), bytes))
    }

    fn constant(&mut self, elements: DenseElements) -> ValueId {
        let ty = elements.ty.clone();
        self.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty)
    }

    fn elementwise(&mut self, opcode: Opcode, operands: &[ValueId]) -> ValueId {
        let ty = self.tensor_type(operands[0]).clone();
        self.value(opcode, operands.iter().copied(), [], ty)
    }

    fn compare(&mut self, direction: &'static str, lhs: ValueId, rhs: ValueId) -> ValueId {
        let ty = self.tensor_type(lhs).with_element(ElementType::I1);
        let direction = Attr::Enum { kind: EnumKind::ComparisonDirection, case: direction };
        self.value(Opcode::Compare, [lhs, rhs], [("comparison_direction", direction)], ty)
    }

    fn select(&mut self, pred: ValueId, on_true: ValueId, on_false: ValueId) -> ValueId {
        let ty = self.tensor_type(on_true).clone();
        self.value(Opcode::Select, [pred, on_true, on_false], [], ty)
    }

    fn convert(&mut self, value: ValueId, element: ElementType) -> ValueId {
        if self.element(value) == element {
            return value;
        }
        let ty = self.tensor_type(value).with_element(element);
        self.value(Opcode::Convert, [value], [], ty)
    }

    fn reshape(&mut self, value: ValueId, sizes: &[u64]) -> ValueId {
        if self.sizes(value) == sizes {
            return value;
        }
        let ty = TensorType::new(sizes, self.element(value));
        self.value(Opcode::Reshape, [value], [], ty)
    }

    fn transpose(&mut self, value: ValueId, permutation: &[i64]) -> ValueId {
        let from = self.sizes(value);
        let sizes: Vec<u64> = permutation.iter().map(|&p| from[p as usize]).collect();
        let ty = TensorType::new(&sizes, self.element(value));
        self.value(Opcode::Transpose, [value], [("permutation", Attr::i64s(permutation.iter().copied()))], ty)
    }

    fn broadcast(&mut self, value: ValueId, dims: &[i64], sizes: &[u64]) -> ValueId {
        let ty = TensorType::new(sizes, self.element(value));
        self.value(Opcode::BroadcastInDim, [value], [("broadcast_dimensions", Attr::i64s(dims.iter().copied()))], ty)
    }

    fn concatenate(&mut self, parts: &[ValueId], dimension: usize) -> ValueId {
        let mut sizes = self.sizes(parts[0]);
        sizes[dimension] = parts.iter().map(|&part| self.sizes(part)[dimension]).sum();
        let ty = TensorType::new(&sizes, self.element(parts[0]));
        self.value(Opcode::Concatenate, parts.iter().copied(), [("dimension", Attr::i64(dimension as i64))], ty)
    }

    fn dot(&mut self, lhs: ValueId, rhs: ValueId, dims: DotDimensionNumbers, element: ElementType) -> ValueId {
        let (l, r) = (self.sizes(lhs), self.sizes(rhs));
        let free = |sizes: &[u64], batch: &[i64], contracted: &[i64]| -> Vec<u64> {
            let used = |d: &i64| batch.contains(d) || contracted.contains(d);
            (0..sizes.len() as i64).filter(|d| !used(d)).map(|d| sizes[d as usize]).collect()
        };
        let mut sizes: Vec<u64> = dims.lhs_batching_dimensions.iter().map(|&d| l[d as usize]).collect();
        sizes.extend(free(&l, &dims.lhs_batching_dimensions, &dims.lhs_contracting_dimensions));
        sizes.extend(free(&r, &dims.rhs_batching_dimensions, &dims.rhs_contracting_dimensions));
        let attrs = [("dot_dimension_numbers", Attr::DotDimensionNumbers(Box::new(dims)))];
        self.value(Opcode::DotGeneral, [lhs, rhs], attrs, TensorType::new(&sizes, element))
    }

    fn reduce(&mut self, operand: ValueId, init: ValueId, dimension: usize, opcode: Opcode) -> ValueId {
        let element = self.element(operand);
        let mut sizes = self.sizes(operand);
        sizes.remove(dimension);
        let scalar = Type::tensor(&[], element.clone());
        let body = self.region([scalar.clone(), scalar.clone()], |b, args| {
            let combined = b.value(opcode, args.iter().copied(), [], scalar);
            b.op(Opcode::Return, [combined], [], []);
        });
        let attrs = [("dimensions", Attr::i64s([dimension as i64]))];
        let op = self.op_with_regions(Opcode::Reduce, [operand, init], attrs, [body], [Type::tensor(&sizes, element)]);
        self.func.ops[op].results[0]
    }

    fn gather_rows(&mut self, table: ValueId, indices: ValueId, sorted: bool) -> ValueId {
        let (width, picked) = (self.sizes(table)[1], self.sizes(indices));
        let dims = GatherDimensionNumbers {
            offset_dims: vec![picked.len() as i64],
            collapsed_slice_dims: vec![0],
            start_index_map: vec![0],
            index_vector_dim: picked.len() as i64,
            ..GatherDimensionNumbers::default()
        };
        let attrs = [
            ("dimension_numbers", Attr::GatherDimensionNumbers(Box::new(dims))),
            ("slice_sizes", Attr::i64s([1, width as i64])),
            ("indices_are_sorted", Attr::Bool(sorted)),
        ];
        let sizes: Vec<u64> = picked.into_iter().chain([width]).collect();
        let ty = TensorType::new(&sizes, self.element(table));
        self.value(Opcode::Gather, [table, indices], attrs, ty)
    }

    fn take_along(&mut self, operand: ValueId, indices: ValueId, dimension: usize) -> ValueId {
        let sizes = self.sizes(indices);
        let others: Vec<i64> = (0..sizes.len() as i64).filter(|&d| d != dimension as i64).collect();
        let dims = GatherDimensionNumbers {
            collapsed_slice_dims: vec![dimension as i64],
            operand_batching_dims: others.clone(),
            start_indices_batching_dims: others,
            start_index_map: vec![dimension as i64],
            index_vector_dim: sizes.len() as i64,
            ..GatherDimensionNumbers::default()
        };
        let attrs = [
            ("dimension_numbers", Attr::GatherDimensionNumbers(Box::new(dims))),
            ("slice_sizes", Attr::i64s(vec![1; sizes.len()])),
        ];
        let ty = TensorType::new(&sizes, self.element(operand));
        self.value(Opcode::Gather, [operand, indices], attrs, ty)
    }

    fn take(&mut self, vector: ValueId, indices: ValueId) -> ValueId {
        let sizes = self.sizes(indices);
        let dims = GatherDimensionNumbers {
            collapsed_slice_dims: vec![0],
            start_index_map: vec![0],
            index_vector_dim: sizes.len() as i64,
            ..GatherDimensionNumbers::default()
        };
        let attrs =
            [("dimension_numbers", Attr::GatherDimensionNumbers(Box::new(dims))), ("slice_sizes", Attr::i64s([1]))];
        let ty = TensorType::new(&sizes, self.element(vector));
        self.value(Opcode::Gather, [vector, indices], attrs, ty)
    }

    fn top_k(&mut self, operand: ValueId, k: u64) -> (ValueId, ValueId) {
        let mut dims = self.tensor_type(operand).clone();
        let last = dims.dims.as_mut().and_then(|d| d.last_mut()).expect("top_k is taken of a ranked tensor");
        *last = Dim::Size(k);
        let types = [Type::Tensor(dims.clone()), Type::Tensor(dims.with_element(ElementType::I32))];
        let op = self.op(Opcode::TopK, [operand], [("k", Attr::i64(k as i64))], types);
        (self.func.ops[op].results[0], self.func.ops[op].results[1])
    }

    fn sort_increasing(&mut self, operand: ValueId) -> ValueId {
        let ty = self.tensor_type(operand).clone();
        let scalar = Type::tensor(&[], ty.element.clone());
        let comparator = self.region([scalar.clone(), scalar], |b, args| {
            let less = b.compare("LT", args[0], args[1]);
            b.op(Opcode::Return, [less], [], []);
        });
        let last = ty.rank().unwrap_or(1) as i64 - 1;
        let attrs = [("dimension", Attr::i64(last)), ("is_stable", Attr::Bool(true))];
        let op = self.op_with_regions(Opcode::Sort, [operand], attrs, [comparator], [Type::Tensor(ty)]);
        self.func.ops[op].results[0]
    }
}

/// The little-endian bytes of a number in an element type.
pub(crate) fn scalar_bytes(element: &ElementType, value: f64) -> Vec<u8> {
    use half::{bf16, f16};
    match element {
        ElementType::F64 => value.to_le_bytes().to_vec(),
        ElementType::F32 => (value as f32).to_le_bytes().to_vec(),
        ElementType::BF16 => bf16::from_f64(value).to_le_bytes().to_vec(),
        ElementType::F16 => f16::from_f64(value).to_le_bytes().to_vec(),
        integer => (value as i64).to_le_bytes()[..integer.byte_size()].to_vec(),
    }
}
