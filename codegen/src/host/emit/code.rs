//! MLIR text under construction, and the few operations that everything else is made of.

use std::fmt::Write as _;

use hire_compiler::ir::ElementType;

use super::Fault;

/// A number of MLIR's types: what a kernel computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Val {
    /// The name, `%vN`.
    pub(super) id: u32,
    /// The element type; signedness as in StableHLO.
    pub(super) ty: Num,
    /// How many elements: 1 for a scalar, else a vector.
    pub(super) lanes: usize,
}

/// The element types that kernels compute with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the type of its name")]
pub(super) enum Num {
    Pred,
    Int { bits: u32, signed: bool },
    BF16,
    F16,
    F32,
    F64,
}

impl Num {
    /// The number type of a tensor's elements.
    pub(super) fn of(element: &ElementType) -> Result<Num, Fault> {
        use ElementType::*;
        Ok(match element {
            I1 => Num::Pred,
            BF16 => Num::BF16,
            F16 => Num::F16,
            F32 => Num::F32,
            F64 => Num::F64,
            // Four-bit elements take a byte each in memory, extended to it.
            I4 => Num::Int { bits: 8, signed: true },
            UI4 => Num::Int { bits: 8, signed: false },
            int if int.is_integer() && int.bits() >= 8 => {
                Num::Int { bits: int.bits(), signed: int.is_signed_integer() }
            }
            other => return Err(Fault::unsupported(format!("elements of type {other}"))),
        })
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Num::BF16 | Num::F16 | Num::F32 | Num::F64)
    }

    /// The MLIR type of a value.
    pub(super) fn mlir(self) -> String {
        match self {
            Num::Pred => "i1".to_owned(),
            Num::Int { bits, .. } => format!("i{bits}"),
            Num::BF16 => "bf16".to_owned(),
            Num::F16 => "f16".to_owned(),
            Num::F32 => "f32".to_owned(),
            Num::F64 => "f64".to_owned(),
        }
    }

    /// The MLIR type in memory.
    pub(super) fn stored(self) -> String {
        if self == Num::Pred { "i8".to_owned() } else { self.mlir() }
    }

    /// The type in which floats narrower than f32 are computed.
    pub(super) fn wide(self) -> Num {
        if matches!(self, Num::BF16 | Num::F16) { Num::F32 } else { self }
    }
}

/// The MLIR type of `lanes` elements.
pub(super) fn lanes_of(ty: &str, lanes: usize) -> String {
    if lanes == 1 { ty.to_owned() } else { format!("vector<{lanes}x{ty}>") }
}

impl Val {
    /// The MLIR type.
    pub(super) fn mlir(self) -> String {
        lanes_of(&self.ty.mlir(), self.lanes)
    }
}

/// MLIR text under construction.
#[derive(Default)]
pub(super) struct Code {
    /// The text so far.
    pub(super) text: String,
    next: u32,
    /// Functions of the C library that are called, with their types.
    pub(super) called: std::collections::BTreeSet<(String, String)>,
}

impl Code {
    /// A fresh name.
    pub(super) fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// A line.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// `%v = TEXT`; returns the name's number.
    pub(super) fn assign(&mut self, text: std::fmt::Arguments<'_>) -> u32 {
        let id = self.fresh();
        writeln!(self.text, "%v{id} = {text}").expect("writing to a string does not fail");
        id
    }

    /// A value made by `TEXT`.
    pub(super) fn value(&mut self, ty: Num, lanes: usize, text: std::fmt::Arguments<'_>) -> Val {
        Val { id: self.assign(text), ty, lanes }
    }

    /// An index constant.
    pub(super) fn index(&mut self, value: i64) -> u32 {
        self.assign(format_args!("arith.constant {value} : index"))
    }

    /// A scalar constant; for floats `text` may be a hexadecimal pattern.
    pub(super) fn constant(&mut self, ty: Num, text: &str) -> Val {
        match ty {
            // `true` and `false` state their type themselves.
            Num::Pred => self.value(ty, 1, format_args!("arith.constant {text}")),
            _ => self.value(ty, 1, format_args!("arith.constant {text} : {}", ty.mlir())),
        }
    }

    /// A float constant, exactly.
    pub(super) fn float(&mut self, ty: Num, value: f64) -> Val {
        let text = match ty {
            Num::F64 => format!("0x{:016X}", value.to_bits()),
            _ => format!("0x{:08X}", (value as f32).to_bits()),
        };
        self.constant(ty, &text)
    }

    /// An integer constant.
    pub(super) fn int(&mut self, ty: Num, value: i64) -> Val {
        self.constant(ty, &value.to_string())
    }

    /// The value with `lanes` lanes.
    pub(super) fn spread(&mut self, value: Val, lanes: usize) -> Val {
        if value.lanes == lanes {
            return value;
        }
        let (from, to) = (value.mlir(), lanes_of(&value.ty.mlir(), lanes));
        self.value(value.ty, lanes, format_args!("vector.broadcast %v{} : {from} to {to}", value.id))
    }

    /// `op a, b`, of the wider of the two.
    pub(super) fn binary(&mut self, op: &str, a: Val, b: Val) -> Val {
        let lanes = a.lanes.max(b.lanes);
        let (a, b) = (self.spread(a, lanes), self.spread(b, lanes));
        self.value(a.ty, lanes, format_args!("{op} %v{}, %v{} : {}", a.id, b.id, a.mlir()))
    }

    /// `op a`.
    pub(super) fn unary(&mut self, op: &str, a: Val) -> Val {
        self.value(a.ty, a.lanes, format_args!("{op} %v{} : {}", a.id, a.mlir()))
    }

    /// `op a : from to TO`.
    pub(super) fn cast(&mut self, op: &str, a: Val, to: Num) -> Val {
        let (from, ty) = (a.mlir(), lanes_of(&to.mlir(), a.lanes));
        self.value(to, a.lanes, format_args!("{op} %v{} : {from} to {ty}", a.id))
    }

    /// A float as an integer, rounded towards zero, at most the type's largest, at least its smallest; NaN is 0.
    pub(super) fn truncated(&mut self, x: Val, to: Num) -> Val {
        let op = if matches!(to, Num::Int { signed: true, .. }) { "llvm.fptosi.sat" } else { "llvm.fptoui.sat" };
        let ty = lanes_of(&to.mlir(), x.lanes);
        self.value(to, x.lanes, format_args!("llvm.call_intrinsic \"{op}\"(%v{}) : ({}) -> {ty}", x.id, x.mlir()))
    }

    /// `a * b + c`, rounded once.
    pub(super) fn fma(&mut self, a: Val, b: Val, c: Val) -> Val {
        let lanes = a.lanes.max(b.lanes).max(c.lanes);
        let (a, b, c) = (self.spread(a, lanes), self.spread(b, lanes), self.spread(c, lanes));
        self.value(c.ty, lanes, format_args!("math.fma %v{}, %v{}, %v{} : {}", a.id, b.id, c.id, c.mlir()))
    }

    /// A comparison by `arith.cmpf` or `arith.cmpi`.
    pub(super) fn compare(&mut self, predicate: &str, a: Val, b: Val) -> Val {
        let lanes = a.lanes.max(b.lanes);
        let (a, b) = (self.spread(a, lanes), self.spread(b, lanes));
        let op = if a.ty.is_float() { "arith.cmpf" } else { "arith.cmpi" };
        self.value(Num::Pred, lanes, format_args!("{op} {predicate}, %v{}, %v{} : {}", a.id, b.id, a.mlir()))
    }

    /// `condition ? a : b`.
    pub(super) fn select(&mut self, condition: Val, a: Val, b: Val) -> Val {
        let lanes = condition.lanes.max(a.lanes).max(b.lanes);
        let (a, b) = (self.spread(a, lanes), self.spread(b, lanes));
        let condition = self.spread(condition, lanes);
        let ty = a.mlir();
        let of = if lanes == 1 { String::new() } else { format!("{}, ", condition.mlir()) };
        self.value(a.ty, lanes, format_args!("arith.select %v{}, %v{}, %v{} : {of}{ty}", condition.id, a.id, b.id))
    }

    /// One lane of a vector.
    pub(super) fn lane(&mut self, value: Val, lane: usize) -> Val {
        if value.lanes == 1 {
            return value;
        }
        self.value(
            value.ty,
            1,
            format_args!("vector.extract %v{}[{lane}] : {} from {}", value.id, value.ty.mlir(), value.mlir()),
        )
    }

    /// A vector of scalars.
    pub(super) fn gathered(&mut self, scalars: &[Val]) -> Val {
        let (ty, lanes) = (scalars[0].ty, scalars.len());
        if lanes == 1 {
            return scalars[0];
        }
        let names: Vec<String> = scalars.iter().map(|s| format!("%v{}", s.id)).collect();
        let of = lanes_of(&ty.mlir(), lanes);
        self.value(ty, lanes, format_args!("vector.from_elements {} : {of}", names.join(", ")))
    }

    /// The `half` (0 or 1) of a vector's lanes.
    pub(super) fn half(&mut self, value: Val, half: usize) -> Val {
        let lanes = value.lanes / 2;
        if lanes == 1 {
            return self.lane(value, half);
        }
        let of = value.mlir();
        let wanted: Vec<String> = (half * lanes..(half + 1) * lanes).map(|lane| lane.to_string()).collect();
        self.value(
            value.ty,
            lanes,
            format_args!("vector.shuffle %v{id}, %v{id} [{}] : {of}, {of}", wanted.join(", "), id = value.id),
        )
    }

    /// A call of a function of the C library, lane by lane.
    pub(super) fn libm(&mut self, name: &str, operands: &[Val]) -> Val {
        let lanes = operands.iter().map(|v| v.lanes).max().unwrap_or(1);
        let ty = operands[0].ty;
        let name = if ty == Num::F64 { name.to_owned() } else { format!("{name}f") };
        let signature = format!("({}) -> {}", vec![ty.mlir(); operands.len()].join(", "), ty.mlir());
        self.called.insert((name.clone(), signature.clone()));
        let scalars: Vec<Val> = (0..lanes)
            .map(|lane| {
                let of: Vec<String> = operands.iter().map(|&v| format!("%v{}", self.lane(v, lane).id)).collect();
                self.value(ty, 1, format_args!("func.call @{name}({}) : {signature}", of.join(", ")))
            })
            .collect();
        self.gathered(&scalars)
    }
}
