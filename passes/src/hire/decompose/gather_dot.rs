//! `hire.gather_dot`: exact products for the selected rows.

use hire_compiler::ir::{
    Attr, Builder, DotAlgorithm, DotDimensionNumbers, ElementType, EnumKind, Func, Opcode, TensorType, ValueId,
};

use super::gather::rows_at;
use super::{UNROLLED_ROWS, by_row, contract, function, row};
use crate::hire::emit::Emit;

/// What the exact product must keep of the dense one.
#[derive(Clone, Debug)]
pub(crate) struct GatherDot {
    /// h, [B, d], as the dense product reads it.
    pub hidden: TensorType,
    /// The matrix whose rows are gathered, [V, d].
    pub table: TensorType,
    /// Element types that the gathered rows are converted to, in order.
    pub converts: Vec<ElementType>,
    /// k'.
    pub k_prime: u64,
    /// Rows that are gathered together (g); positions come in whole groups.
    pub group: u64,
    /// Whether all hidden vectors have the same positions, whose rows are then gathered once.
    pub shared: bool,
    /// The element type of the dense product's result.
    pub element: ElementType,
    /// The precision of (matrix, hidden), where the dense product states it.
    pub precision: Option<(&'static str, &'static str)>,
    /// The dense product's algorithm, where it states one.
    pub algorithm: Option<Attr>,
}

/// The decomposition: (h [B, d], W [V, d], positions [B, k']) -> products [B, k'].
pub(crate) fn gather_dot(name: &str, form: &GatherDot) -> Func {
    let batch = form.hidden.sizes().expect("the matcher admits only static shapes")[0];
    let positions = TensorType::new(&[batch, form.k_prime], ElementType::I32);
    let inputs = [form.hidden.clone(), form.table.clone(), positions];
    function(name, &inputs, |b, args| {
        if batch > UNROLLED_ROWS {
            let rows = gathered(b, args[1], args[2], form);
            let dims = DotDimensionNumbers {
                lhs_batching_dimensions: vec![0],
                rhs_batching_dimensions: vec![0],
                ..contract(2, 1)
            };
            return product(b, rows, args[0], dims, form);
        }
        let mut rows_of = Rows::of(args[1], args[2], form);
        by_row(b, batch, |b, index| {
            let rows = rows_of.at(b, index);
            let hidden = row(b, args[0], index);
            product(b, rows, hidden, contract(1, 0), form)
        })
    })
}

/// The rows that each hidden vector takes.
pub(super) struct Rows<'a> {
    table: ValueId,
    positions: ValueId,
    form: &'a GatherDot,
    first: Option<ValueId>,
}

impl<'a> Rows<'a> {
    /// Of `table` at `positions` [B, k'].
    pub(super) fn of(table: ValueId, positions: ValueId, form: &'a GatherDot) -> Self {
        Self { table, positions, form, first: None }
    }

    /// Those of hidden vector `index`, gathered anew unless all take the same.
    pub(super) fn at(&mut self, b: &mut Builder<'_>, index: u64) -> ValueId {
        if let Some(first) = self.first.filter(|_| self.form.shared) {
            return first;
        }
        let positions = row(b, self.positions, index);
        *self.first.insert(gathered(b, self.table, positions, self.form))
    }
}

/// The rows at `positions`, converted as the dense product's matrix is.
pub(super) fn gathered(b: &mut Builder<'_>, table: ValueId, positions: ValueId, form: &GatherDot) -> ValueId {
    let rows = rows_at(b, table, positions, form.group);
    form.converts.iter().fold(rows, |rows, element| b.convert(rows, element.clone()))
}

/// `rows . hidden` with the dense product's arithmetic.
pub(super) fn product(
    b: &mut Builder<'_>,
    rows: ValueId,
    hidden: ValueId,
    dims: DotDimensionNumbers,
    form: &GatherDot,
) -> ValueId {
    let result = b.dot(rows, hidden, dims, form.element.clone());
    set_arithmetic(b, result, form.precision, form.algorithm.clone());
    result
}

/// Gives a product the precision of (left, right) and the algorithm that it is to keep.
pub(super) fn set_arithmetic(
    b: &mut Builder<'_>,
    product: ValueId,
    precision: Option<(&'static str, &'static str)>,
    algorithm: Option<Attr>,
) {
    let op = b.func.defining_op(product).expect("a dot is an operation's result");
    debug_assert_eq!(b.func.ops[op].opcode, Opcode::DotGeneral);
    let case = |case| Attr::Enum { kind: EnumKind::Precision, case };
    if let Some((left, right)) = precision {
        b.func.ops[op].attrs.set("precision_config", Attr::Array(vec![case(left), case(right)]));
    }
    if let Some(algorithm) = algorithm {
        b.func.ops[op].attrs.set("algorithm", algorithm);
    }
}

/// The algorithm of a product with its operands exchanged.
pub(crate) fn swapped(algorithm: &Attr) -> Attr {
    let Attr::DotAlgorithm(a) = algorithm else { return algorithm.clone() };
    let swapped = DotAlgorithm {
        lhs_precision_type: a.rhs_precision_type.clone(),
        rhs_precision_type: a.lhs_precision_type.clone(),
        lhs_component_count: a.rhs_component_count,
        rhs_component_count: a.lhs_component_count,
        ..(**a).clone()
    };
    Attr::DotAlgorithm(Box::new(swapped))
}
