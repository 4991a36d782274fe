//! The value of a tensor at a position.

use hire_compiler::ir::{Attr, OpId, Opcode, ValueId};

use super::code::{Num, Val, lanes_of};
use super::index::{Ix, Term, delinearized, linear};
use super::{Emitter, Fault, memref};

/// A position in a tensor, as an index of each dimension or as a row-major one; where both are known they say the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum At {
    /// Row-major.
    Linear(Ix),
    /// By dimension.
    Dims(Vec<Ix>),
}

impl Emitter<'_> {
    /// The indices of a position in `value`.
    fn dims(&mut self, value: ValueId, at: &At) -> Result<Vec<Ix>, Fault> {
        match at {
            At::Dims(dims) => Ok(dims.clone()),
            At::Linear(position) => {
                let shape = self.shape(value);
                delinearized(*position, &shape, self.lanes, &mut self.code)
            }
        }
    }

    fn linear(&mut self, value: ValueId, at: &At) -> Ix {
        match at {
            At::Linear(position) => *position,
            At::Dims(dims) => {
                let shape = self.shape(value);
                linear(dims, &shape, &mut self.code)
            }
        }
    }

    /// The elements of `value` at a position: a scalar where all lanes have the same.
    pub(super) fn element(&mut self, value: ValueId, at: &At) -> Result<Val, Fault> {
        if let Some(&given) = self.given.get(&value) {
            return Ok(given);
        }
        let key = (value, at.clone());
        if let Some(&known) = self.known.get(&key) {
            return Ok(known);
        }
        let computed = match self.func.defining_op(value) {
            Some(op) => self.computed(op, value, at)?,
            None => self.load(value, at)?,
        };
        self.known.insert(key, computed);
        Ok(computed)
    }

    fn computed(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        use Opcode::*;
        let operation = &self.func.ops[op];
        let operand = operation.operands.first().copied();
        match operation.opcode {
            Constant => self.splat(op),
            Reshape => {
                let position = self.linear(value, at);
                self.element(operation.operands[0], &At::Linear(position))
            }
            Iota => self.iota(op, value, at),
            BroadcastInDim | Broadcast => self.broadcast(op, value, at),
            Slice | Transpose | Reverse => self.moved(op, value, at),
            DynamicSlice => self.dynamic_slice(op, value, at),
            Concatenate => self.concatenate(op, value, at),
            Pad => self.pad(op, value, at),
            Gather => self.gather(op, value, at),
            _ if operand.is_some() => {
                let scalar_shape = self.shape(value);
                let operands: Result<Vec<Val>, Fault> = operation
                    .operands
                    .iter()
                    // `select` and `clamp` take scalars beside tensors.
                    .map(|&v| if self.shape(v) == scalar_shape { self.element(v, at) } else { self.scalar(v) })
                    .collect();
                self.elementwise(op, &operands?)
            }
            _ => Err(Fault::unsupported(format!("`{}`", operation.name()))),
        }
    }

    /// The element of a tensor that has one.
    pub(super) fn scalar(&mut self, value: ValueId) -> Result<Val, Fault> {
        self.element(value, &At::Linear(Ix::ZERO))
    }

    fn splat(&mut self, op: OpId) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let elements = operation.attr("value").and_then(Attr::as_elements);
        let elements = elements.filter(|e| e.splat || e.len() == 1);
        let elements =
            elements.ok_or_else(|| Fault::unsupported("a constant that is no splat inside of a dispatch"))?;
        let ty = Num::of(&elements.ty.element)?;
        let mut bytes = [0u8; 8];
        let data = elements.element(0);
        bytes[..data.len()].copy_from_slice(data);
        let bits = u64::from_le_bytes(bytes);
        let text = match ty {
            Num::Pred => (bits != 0).to_string(),
            Num::Int { bits: width, .. } => {
                let unused = 64 - width;
                (((bits << unused) as i64) >> unused).to_string()
            }
            Num::BF16 | Num::F16 => format!("0x{bits:04X}"),
            Num::F32 => format!("0x{bits:08X}"),
            Num::F64 => format!("0x{bits:016X}"),
        };
        Ok(self.code.constant(ty, &text))
    }

    fn iota(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let dimension = self.func.ops[op].i64_attr("iota_dimension").unwrap_or(0) as usize;
        let index = self.dims(value, at)?[dimension];
        let ty = self.number(value)?;
        let wide = Num::Int { bits: 64, signed: true };
        let base = index.base.materialize(&mut self.code);
        let base = self.code.value(wide, 1, format_args!("arith.index_cast %v{base} : index to i64"));
        let number = if index.stride == 0 {
            base
        } else {
            let steps: Vec<String> = (0..self.lanes as i64).map(|lane| (lane * index.stride).to_string()).collect();
            let of = lanes_of("i64", self.lanes);
            let steps =
                self.code.value(wide, self.lanes, format_args!("arith.constant dense<[{}]> : {of}", steps.join(", ")));
            self.code.binary("arith.addi", base, steps)
        };
        self.convert(number, ty)
    }

    fn broadcast(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let operand = operation.operands[0];
        let sizes = self.shape(operand);
        if sizes.iter().product::<i64>() == 1 {
            return self.scalar(operand);
        }
        if sizes == self.shape(value) {
            return self.element(operand, at);
        }
        let dims = self.dims(value, at)?;
        let offset = dims.len() - sizes.len();
        let to = match operation.opcode {
            Opcode::Broadcast => (0..sizes.len()).map(|d| d + offset).collect(),
            _ => self.dimension_list(op, "broadcast_dimensions"),
        };
        let inner = sizes.iter().zip(&to).map(|(&size, &d)| if size == 1 { Ix::ZERO } else { dims[d] }).collect();
        self.element(operand, &At::Dims(inner))
    }

    fn dimension_list(&self, op: OpId, name: &str) -> Vec<usize> {
        self.func.ops[op].i64s_attr(name).unwrap_or(&[]).iter().map(|&d| d as usize).collect()
    }

    /// `slice`, `transpose` and `reverse`: another index in each dimension.
    fn moved(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let operand = operation.operands[0];
        let (dims, sizes) = (self.dims(value, at)?, self.shape(operand));
        let mut inner = dims.clone();
        match operation.opcode {
            Opcode::Slice => {
                let starts = operation.i64s_attr("start_indices").unwrap_or(&[]);
                let steps = operation.i64s_attr("strides").unwrap_or(&[]);
                for (index, (&start, &step)) in inner.iter_mut().zip(starts.iter().zip(steps)) {
                    let scaled = index.times(step, &mut self.code);
                    *index = scaled.plus(Ix::uniform(Term::known(start)), &mut self.code);
                }
            }
            Opcode::Transpose => {
                for (&from, &index) in self.dimension_list(op, "permutation").iter().zip(&dims) {
                    inner[from] = index;
                }
            }
            _ => {
                for d in self.dimension_list(op, "dimensions") {
                    let last = Ix::uniform(Term::known(sizes[d] - 1));
                    inner[d] = dims[d].times(-1, &mut self.code).plus(last, &mut self.code);
                }
            }
        }
        self.element(operand, &At::Dims(inner))
    }

    /// An index read from memory, brought into `0 ..= most`.
    pub(super) fn clamped(&mut self, value: Val, most: i64) -> Result<Term, Fault> {
        if value.lanes != 1 {
            return Err(Fault::Lanes);
        }
        let wide = self.convert(value, Num::Int { bits: 64, signed: true })?;
        let (zero, most) = (self.code.int(wide.ty, 0), self.code.int(wide.ty, most));
        let signed = !matches!(value.ty, Num::Int { signed: false, .. });
        let low = if signed { self.code.binary("arith.maxsi", wide, zero) } else { wide };
        let inside = self.code.binary(if signed { "arith.minsi" } else { "arith.minui" }, low, most);
        let index = self.code.assign(format_args!("arith.index_cast %v{} : i64 to index", inside.id));
        Ok(Term::value(index, 1))
    }

    fn dynamic_slice(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let operand = operation.operands[0];
        let (dims, sizes, slice) = (self.dims(value, at)?, self.shape(operand), self.shape(value));
        let mut inner = Vec::new();
        for (d, &index) in dims.iter().enumerate() {
            let start = self.scalar(operation.operands[1 + d])?;
            let start = self.clamped(start, sizes[d] - slice[d])?;
            inner.push(index.plus(Ix::uniform(start), &mut self.code));
        }
        self.element(operand, &At::Dims(inner))
    }

    /// The piece that the position lies in, chosen by branches on the index.
    fn concatenate(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let dimension = operation.i64_attr("dimension").unwrap_or(0) as usize;
        let dims = self.dims(value, at)?;
        let mut pieces = Vec::new();
        let mut start = 0;
        for &operand in &operation.operands {
            let size = self.shape(operand)[dimension];
            if size > 0 {
                pieces.push((operand, start, size));
            }
            start += size;
        }
        let (index, lanes) = (dims[dimension], self.lanes as i64);
        let aligned = pieces.iter().all(|&(_, start, _)| start % lanes == 0) && index.base.is_multiple_of(lanes);
        if index.stride != 0 && !(index.stride == 1 && aligned) {
            return Err(Fault::Lanes);
        }
        self.piece(&pieces, dimension, &dims)
    }

    fn piece(&mut self, pieces: &[(ValueId, i64, i64)], dimension: usize, dims: &[Ix]) -> Result<Val, Fault> {
        let (operand, start, size) = pieces[0];
        let mut inner = dims.to_vec();
        inner[dimension] = dims[dimension].plus(Ix::uniform(Term::known(-start)), &mut self.code);
        if pieces.len() == 1 {
            return self.element(operand, &At::Dims(inner));
        }
        let index = dims[dimension].base.materialize(&mut self.code);
        let end = self.code.index(start + size);
        let here = self.code.assign(format_args!("arith.cmpi ult, %v{index}, %v{end} : index"));
        let (ty, lanes) = (self.number(operand)?, self.lanes);
        let of = lanes_of(&ty.mlir(), lanes);
        let result = self.code.assign(format_args!("scf.if %v{here} -> ({of}) {{"));
        self.branch(lanes, &of, |e| e.element(operand, &At::Dims(inner)))?;
        self.code.line("} else {");
        self.branch(lanes, &of, |e| e.piece(&pieces[1..], dimension, dims))?;
        self.code.line("}");
        Ok(Val { id: result, ty, lanes })
    }

    fn branch(
        &mut self,
        lanes: usize,
        of: &str,
        inner: impl FnOnce(&mut Self) -> Result<Val, Fault>,
    ) -> Result<(), Fault> {
        self.scope(|e| {
            let value = inner(e)?;
            let value = e.code.spread(value, lanes);
            e.code.line(&format!("scf.yield %v{} : {of}", value.id));
            Ok(())
        })
    }

    /// Inside of the operand its element, outside the padding; one element at a time, unless nothing
    /// is padded along the lanes.
    fn pad(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let (operand, padding) = (operation.operands[0], operation.operands[1]);
        let sizes = self.shape(operand);
        let dims = self.dims(value, at)?;
        let list = |name: &str| operation.i64s_attr(name).unwrap_or(&[]).to_vec();
        let (low, high, interior) = (list("edge_padding_low"), list("edge_padding_high"), list("interior_padding"));
        let mut inside: Option<Val> = None;
        let mut inner = Vec::new();
        for d in 0..dims.len() {
            if (low[d], high[d], interior[d]) == (0, 0, 0) {
                inner.push(dims[d]);
                continue;
            }
            if dims[d].stride != 0 {
                return Err(Fault::Lanes);
            }
            let (index, fits) = self.unpadded(dims[d].base, low[d], interior[d], sizes[d]);
            inside = Some(match inside {
                Some(before) => self.code.binary("arith.andi", before, fits),
                None => fits,
            });
            inner.push(Ix::uniform(index));
        }
        let Some(inside) = inside else { return self.element(operand, &At::Dims(inner)) };
        let (ty, lanes) = (self.number(operand)?, self.lanes);
        let of = lanes_of(&ty.mlir(), lanes);
        let result = self.code.assign(format_args!("scf.if %v{} -> ({of}) {{", inside.id));
        self.branch(lanes, &of, |e| e.element(operand, &At::Dims(inner)))?;
        self.code.line("} else {");
        self.branch(lanes, &of, |e| e.scalar(padding))?;
        self.code.line("}");
        Ok(Val { id: result, ty, lanes })
    }

    /// The operand's index for one of the padded tensor, and whether there is one.
    fn unpadded(&mut self, index: Term, low: i64, interior: i64, size: i64) -> (Term, Val) {
        let shifted = index.plus(Term::known(-low), &mut self.code).materialize(&mut self.code);
        let step = self.code.index(interior + 1);
        let quotient = self.code.assign(format_args!("arith.divsi %v{shifted}, %v{step} : index"));
        let (zero, size) = (self.code.index(0), self.code.index(size));
        let mut compare = |predicate: &str, a: u32, b: u32| {
            self.code.value(Num::Pred, 1, format_args!("arith.cmpi {predicate}, %v{a}, %v{b} : index"))
        };
        let (positive, below) = (compare("sge", shifted, zero), compare("slt", quotient, size));
        let back = self.code.assign(format_args!("arith.muli %v{quotient}, %v{step} : index"));
        let exact = self.code.value(Num::Pred, 1, format_args!("arith.cmpi eq, %v{back}, %v{shifted} : index"));
        let both = self.code.binary("arith.andi", positive, below);
        (Term::value(quotient, 1), self.code.binary("arith.andi", both, exact))
    }

    /// The slice that the indices name, which are read once for all lanes.
    fn gather(&mut self, op: OpId, value: ValueId, at: &At) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let Some(Attr::GatherDimensionNumbers(numbers)) = operation.attr("dimension_numbers") else {
            return Err(Fault::unsupported("a gather without dimension numbers"));
        };
        let (operand, indices) = (operation.operands[0], operation.operands[1]);
        let slice = operation.i64s_attr("slice_sizes").unwrap_or(&[]).to_vec();
        let (sizes, dims) = (self.shape(operand), self.dims(value, at)?);
        let index_rank = self.shape(indices).len();
        let vector_dim = numbers.index_vector_dim as usize;
        let is_offset = |d: usize| numbers.offset_dims.contains(&(d as i64));
        let batch: Vec<Ix> = (0..dims.len()).filter(|&d| !is_offset(d)).map(|d| dims[d]).collect();
        let mut offsets = (0..dims.len()).filter(|&d| is_offset(d)).map(|d| dims[d]);
        let mut inner = Vec::new();
        for d in 0..sizes.len() {
            let collapsed = numbers.collapsed_slice_dims.contains(&(d as i64));
            let offset = if collapsed { Ix::ZERO } else { offsets.next().unwrap_or(Ix::ZERO) };
            let Some(component) = numbers.start_index_map.iter().position(|&mapped| mapped == d as i64) else {
                inner.push(offset);
                continue;
            };
            let mut place = batch.clone();
            if vector_dim < index_rank {
                place.insert(vector_dim, Ix::uniform(Term::known(component as i64)));
            }
            let start = self.element(indices, &At::Dims(place))?;
            let start = self.clamped(start, sizes[d] - slice[d])?;
            inner.push(offset.plus(Ix::uniform(start), &mut self.code));
        }
        self.element(operand, &At::Dims(inner))
    }

    /// Elements of an argument.
    fn load(&mut self, value: ValueId, at: &At) -> Result<Val, Fault> {
        let missing = || Fault::unsupported("a value that is no argument");
        let buffer = *self.arguments.get(&value).ok_or_else(missing)?;
        let position = self.linear(value, at);
        let (ty, of) = (self.number(value)?, memref(self.tensor(value)));
        let base = position.base.materialize(&mut self.code);
        if let Some((streamed, ahead)) = self.prefetch
            && streamed == buffer
            && position.stride == 1
        {
            let ahead = self.code.index(ahead);
            let ahead = self.code.assign(format_args!("arith.addi %v{base}, %v{ahead} : index"));
            self.code.line(&format!("memref.prefetch %b{buffer}[%v{ahead}], read, locality<3>, data : {of}"));
        }
        let stored = ty.stored();
        let raw = match position.stride {
            0 => Val { id: self.code.assign(format_args!("memref.load %b{buffer}[%v{base}] : {of}")), ty, lanes: 1 },
            1 if self.lanes > 1 => {
                let vector = lanes_of(&stored, self.lanes);
                let aligned = self.aligned(position.base, ty);
                let id = self.code.assign(format_args!("vector.load %b{buffer}[%v{base}]{aligned} : {of}, {vector}"));
                Val { id, ty, lanes: self.lanes }
            }
            stride => return self.load_lanes(value, position.base, stride),
        };
        Ok(if ty == Num::Pred { self.predicate(raw) } else { raw })
    }

    /// Elements that do not lie side by side, one by one.
    fn load_lanes(&mut self, value: ValueId, base: Term, stride: i64) -> Result<Val, Fault> {
        let scalars: Result<Vec<Val>, Fault> = (0..self.lanes as i64)
            .map(|lane| {
                let position = base.plus(Term::known(lane * stride), &mut self.code);
                self.load(value, &At::Linear(Ix::uniform(position)))
            })
            .collect();
        Ok(self.code.gathered(&scalars?))
    }

    /// Bytes as truth values.
    fn predicate(&mut self, bytes: Val) -> Val {
        let byte = Num::Int { bits: 8, signed: false };
        let zero = self.code.int(byte, 0);
        self.code.compare("ne", Val { ty: byte, ..bytes }, zero)
    }

    /// Writes elements to buffer `buffer`, the place of `value`, at a position.
    pub(super) fn store(&mut self, buffer: usize, value: ValueId, position: Ix, elements: Val) -> Result<(), Fault> {
        let of = memref(self.tensor(value));
        let mut elements = elements;
        if elements.ty == Num::Pred {
            elements = self.code.cast("arith.extui", elements, Num::Int { bits: 8, signed: false });
        }
        let base = position.base.materialize(&mut self.code);
        match position.stride {
            0 => {
                let scalar = self.code.lane(elements, 0);
                self.code.line(&format!("memref.store %v{}, %b{buffer}[%v{base}] : {of}", scalar.id));
            }
            1 if self.lanes > 1 => {
                let vector = self.code.spread(elements, self.lanes);
                let aligned = self.aligned(position.base, vector.ty);
                self.code.line(&format!(
                    "vector.store %v{}, %b{buffer}[%v{base}]{aligned} : {of}, {}",
                    vector.id,
                    vector.mlir()
                ));
            }
            stride => {
                for lane in 0..self.lanes {
                    let at = position.base.plus(Term::known(lane as i64 * stride), &mut self.code);
                    let at = at.materialize(&mut self.code);
                    let scalar = self.code.lane(elements, lane);
                    self.code.line(&format!("memref.store %v{}, %b{buffer}[%v{at}] : {of}", scalar.id));
                }
            }
        }
        Ok(())
    }
}
