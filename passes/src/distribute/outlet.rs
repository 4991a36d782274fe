//! What selects: its operands, its kind, and how many entries it keeps.

use hire_compiler::graph::Uses;
use hire_compiler::ir::{Attr, Func, Module, OpId, Opcode, RegionId, TensorType, ValueId};

use crate::hire::find::OutletKind;
use crate::hire::find::outlet::outlet_kind;

/// How an outlet orders entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The one total order, largest first: `chlo.top_k` in its several spellings.
    Total,
    /// A reduction that keeps one entry.
    Reduce,
    /// A stable sort by the comparator in this region, of this function.
    Sort {
        /// Where the comparator is.
        comparator: Comparator,
    },
    /// `custom_call @ApproxTopK`, whose comparator is a function.
    Approximate {
        /// The comparator's name.
        comparator: smol_str::SmolStr,
    },
}

/// A region of the function at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comparator(pub(super) RegionId);

/// A place where many entries along a dimension become few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outlet {
    /// The operation.
    pub(super) op: OpId,
    /// The dimension it selects along.
    pub(super) dim: usize,
    /// How many it keeps.
    pub(super) k: u64,
    /// How it orders them.
    pub(super) order: Order,
    /// The operands along the dimension: what is compared, and what stands beside it.
    pub(super) inputs: Vec<ValueId>,
    /// Initial values, where the operation has them.
    pub(super) inits: Vec<ValueId>,
}

impl Outlet {
    /// Reads `op` as an outlet; `None` for all others.
    pub(super) fn read(module: &Module, func: &Func, uses: &Uses, op: OpId) -> Option<Self> {
        let operation = &func.ops[op];
        let dim = selected_dim(func, op)?;
        let ty = static_type(func, *operation.operands.first()?)?;
        if operation.opcode == Opcode::Sort {
            return Self::read_sort(func, uses, op, dim);
        }
        let kind = outlet_kind(module, func, op, 0, dim)?;
        let operands = operation.operands.as_slice();
        let (order, inputs, inits) = match (kind, operation.opcode) {
            (OutletKind::ArgMax, _) => {
                let (inputs, inits) = operands.split_at(operands.len() / 2);
                (Order::Reduce, inputs, inits)
            }
            (OutletKind::TopK { .. }, Opcode::CustomCall) if operands.len() == 4 => {
                let Some(Attr::Array(called)) = operation.attr("called_computations") else { return None };
                let comparator = called.first()?.as_symbol()?.into();
                (Order::Approximate { comparator }, &operands[..2], &operands[2..])
            }
            (OutletKind::TopK { .. }, _) => (Order::Total, &operands[..1], &operands[1..1]),
        };
        let k = match kind {
            OutletKind::ArgMax => 1,
            OutletKind::TopK { k } => k,
        };
        let known = inputs.iter().all(|&input| static_type(func, input).is_some_and(|t| t.dims == ty.dims));
        let self_contained = operation.regions.iter().all(|&region| captures_nothing(func, region));
        (known && self_contained && k > 0).then(|| Self {
            op,
            dim,
            k,
            order,
            inputs: inputs.to_vec(),
            inits: inits.to_vec(),
        })
    }

    /// A stable sort of whose results only the first k are used, by slices.
    fn read_sort(func: &Func, uses: &Uses, op: OpId, dim: usize) -> Option<Self> {
        let operation = &func.ops[op];
        let comparator = *operation.regions.first()?;
        let stable = operation.attr("is_stable").and_then(Attr::as_bool) == Some(true);
        let size = static_type(func, operation.operands[0])?.sizes()?[dim];
        let heads = operation.results.iter().flat_map(|&result| uses.get(result)).map(|user| head(func, user.op, dim));
        let k = heads.collect::<Option<Vec<u64>>>()?.into_iter().max()?;
        let plain = stable && captures_nothing(func, comparator) && operation.has_only_declared_attrs();
        let inputs: Vec<ValueId> = operation.operands.to_vec();
        let known = inputs.iter().all(|&input| static_type(func, input).is_some());
        (plain && known && k > 0 && k < size).then(|| Self {
            op,
            dim,
            k,
            order: Order::Sort { comparator: Comparator(comparator) },
            inputs,
            inits: Vec::new(),
        })
    }

    /// Entries along the dimension.
    pub(super) fn size(&self, func: &Func) -> u64 {
        let sizes = static_type(func, self.inputs[0]).and_then(TensorType::sizes);
        sizes.and_then(|sizes| sizes.get(self.dim).copied()).expect("an outlet that was read has static inputs")
    }
}

/// A tensor's type, when all its sizes are known.
pub(super) fn static_type(func: &Func, value: ValueId) -> Option<&TensorType> {
    func.value_type(value).as_tensor().filter(|ty| ty.sizes().is_some() && ty.encoding.is_none())
}

/// The dimension along which an operation could select.
fn selected_dim(func: &Func, op: OpId) -> Option<usize> {
    let operation = &func.ops[op];
    let rank = static_type(func, *operation.operands.first()?)?.rank()?;
    match operation.opcode {
        Opcode::Reduce => match operation.i64s_attr("dimensions")? {
            [dim] => usize::try_from(*dim).ok(),
            _ => None,
        },
        Opcode::Sort => {
            let dim = operation.i64_attr("dimension").unwrap_or(-1);
            usize::try_from(if dim < 0 { dim + rank as i64 } else { dim }).ok()
        }
        Opcode::TopK | Opcode::Composite | Opcode::CustomCall => rank.checked_sub(1),
        _ => None,
    }
}

/// How many of the first entries along `dim` a slice takes, all of the other dimensions.
fn head(func: &Func, op: OpId, dim: usize) -> Option<u64> {
    let operation = &func.ops[op];
    if operation.opcode != Opcode::Slice {
        return None;
    }
    let sizes = static_type(func, operation.operands[0])?.sizes()?;
    let starts = operation.i64s_attr("start_indices")?;
    let limits = operation.i64s_attr("limit_indices")?;
    let strides = operation.i64s_attr("strides")?;
    let whole = |d: usize| d == dim || limits[d] as u64 == sizes[d];
    let plain = (0..sizes.len()).all(|d| starts[d] == 0 && strides[d] == 1 && whole(d));
    plain.then(|| limits[dim] as u64)
}

/// Whether a region refers to nothing outside of it.
fn captures_nothing(func: &Func, region: RegionId) -> bool {
    let mut defined: std::collections::HashSet<ValueId> = func.regions[region].args.iter().copied().collect();
    let mut rest = vec![region];
    let mut used = Vec::new();
    while let Some(region) = rest.pop() {
        defined.extend(&func.regions[region].args);
        for &op in &func.regions[region].ops {
            defined.extend(&func.ops[op].results);
            used.extend(&func.ops[op].operands);
            rest.extend(&func.ops[op].regions);
        }
    }
    used.iter().all(|value| defined.contains(value))
}
