//! Element-wise operations on lanes.
//!
//! Floats narrower than f32 are computed in f32 and rounded after every operation.

use hire_compiler::ir::{ElementType, OpId, Opcode, RegionId, ValueId};

use super::code::{Num, Val};
use super::{Emitter, Fault};

impl Emitter<'_> {
    /// What an element-wise operation computes of its operands.
    pub(super) fn elementwise(&mut self, op: OpId, operands: &[Val]) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let from_float = operands.first().is_some_and(|x| x.ty.is_float());
        let value = self.elementwise_in_bytes(op, operands)?;
        match self.tensor(operation.results[0]).element {
            ElementType::I4 => Ok(self.four_bits(value, from_float, "arith.shrsi", (-8, 7))),
            ElementType::UI4 => Ok(self.four_bits(value, from_float, "arith.shrui", (0, 15))),
            _ => Ok(value),
        }
    }

    /// A number of four bits, which takes a byte: integers wrap, what was a float saturates.
    fn four_bits(&mut self, x: Val, saturates: bool, back: &str, (least, most): (i64, i64)) -> Val {
        if saturates {
            let (least, most) = (self.code.int(x.ty, least), self.code.int(x.ty, most));
            let raised = self.extremum(Opcode::Maximum, x, least);
            return self.extremum(Opcode::Minimum, raised, most);
        }
        let four = self.code.int(x.ty, 4);
        let shifted = self.code.binary("arith.shli", x, four);
        self.code.binary(back, shifted, four)
    }

    fn elementwise_in_bytes(&mut self, op: OpId, operands: &[Val]) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let result = self.number(operation.results[0])?;
        match (operation.opcode, operands) {
            (Opcode::Convert, &[x]) => self.convert(x, result),
            (Opcode::BitcastConvert, &[x]) => self.bitcast(x, result),
            (Opcode::Compare, &[a, b]) => self.comparison(op, a, b),
            (Opcode::Select, &[condition, a, b]) => Ok(self.code.select(condition, a, b)),
            (Opcode::Clamp, &[low, x, high]) => {
                let raised = self.extremum(Opcode::Maximum, x, low);
                Ok(self.extremum(Opcode::Minimum, raised, high))
            }
            (opcode, _) if result.wide() != result && opcode != Opcode::IsFinite => {
                let wide: Result<Vec<Val>, Fault> = operands.iter().map(|&v| self.convert(v, Num::F32)).collect();
                let computed = self.computed_wide(opcode, &wide?)?;
                self.convert(computed, result)
            }
            (opcode, _) => self.computed_wide(opcode, operands),
        }
    }

    fn computed_wide(&mut self, opcode: Opcode, operands: &[Val]) -> Result<Val, Fault> {
        match *operands {
            [x] if x.ty.is_float() => self.float1(opcode, x),
            [a, b] if a.ty.is_float() => self.float2(opcode, a, b),
            [x] => self.int1(opcode, x),
            [a, b] => self.int2(opcode, a, b),
            _ => Err(Fault::unsupported(format!("`{}`", opcode.info().name))),
        }
    }

    fn float1(&mut self, opcode: Opcode, x: Val) -> Result<Val, Fault> {
        use Opcode::*;
        Ok(match opcode {
            Abs => self.code.unary("math.absf", x),
            Negate => self.code.unary("arith.negf", x),
            Ceil => self.code.unary("math.ceil", x),
            Floor => self.code.unary("math.floor", x),
            RoundNearestEven => self.code.unary("math.roundeven", x),
            RoundNearestAfz => self.code.unary("math.round", x),
            Sqrt => self.code.unary("math.sqrt", x),
            Rsqrt => {
                let (root, one) = (self.code.unary("math.sqrt", x), self.code.float(x.ty, 1.0));
                self.code.binary("arith.divf", one, root)
            }
            Sign => self.sign(x),
            IsFinite => {
                let x = self.convert(x, x.ty.wide())?;
                let (size, infinity) = (self.code.unary("math.absf", x), self.code.float(x.ty, f64::INFINITY));
                self.code.compare("olt", size, infinity)
            }
            _ => return self.function(opcode, x),
        })
    }

    /// -1, 0 or 1 with the sign of zero kept, and NaN for NaN.
    fn sign(&mut self, x: Val) -> Val {
        let (zero, one) = (self.code.float(x.ty, 0.0), self.code.float(x.ty, 1.0));
        let signed = self.code.binary("math.copysign", one, x);
        let nonzero = self.code.compare("one", x, zero);
        self.code.select(nonzero, signed, x)
    }

    fn float2(&mut self, opcode: Opcode, a: Val, b: Val) -> Result<Val, Fault> {
        use Opcode::*;
        Ok(match opcode {
            Add => self.code.binary("arith.addf", a, b),
            Subtract => self.code.binary("arith.subf", a, b),
            Multiply => self.code.binary("arith.mulf", a, b),
            Divide => self.code.binary("arith.divf", a, b),
            Maximum | Minimum => self.extremum(opcode, a, b),
            Remainder => self.code.libm("fmod", &[a, b]),
            Power => self.code.libm("pow", &[a, b]),
            _ => return Err(Fault::unsupported(format!("`{}` of floats", opcode.info().name))),
        })
    }

    /// `maximum` or `minimum`; NaN if either is.
    fn extremum(&mut self, opcode: Opcode, a: Val, b: Val) -> Val {
        let is_max = opcode == Opcode::Maximum;
        let op = match a.ty {
            Num::Int { signed: true, .. } => ["arith.minsi", "arith.maxsi"][usize::from(is_max)],
            Num::Int { signed: false, .. } => ["arith.minui", "arith.maxui"][usize::from(is_max)],
            Num::Pred => ["arith.andi", "arith.ori"][usize::from(is_max)],
            _ => ["arith.minimumf", "arith.maximumf"][usize::from(is_max)],
        };
        self.code.binary(op, a, b)
    }

    fn int1(&mut self, opcode: Opcode, x: Val) -> Result<Val, Fault> {
        use Opcode::*;
        Ok(match (opcode, x.ty) {
            (Not, Num::Pred) => {
                let ones = self.code.constant(Num::Pred, "true");
                self.code.binary("arith.xori", x, ones)
            }
            (Not, _) => {
                let ones = self.code.int(x.ty, -1);
                self.code.binary("arith.xori", x, ones)
            }
            (Negate, _) => {
                let zero = self.code.int(x.ty, 0);
                self.code.binary("arith.subi", zero, x)
            }
            (Abs, Num::Int { signed: true, .. }) => {
                let zero = self.code.int(x.ty, 0);
                let (minus, negative) = (self.code.binary("arith.subi", zero, x), self.code.compare("slt", x, zero));
                self.code.select(negative, minus, x)
            }
            (Abs, _) => x,
            (Sign, Num::Int { signed: true, .. }) => {
                let (one, minus) = (self.code.int(x.ty, 1), self.code.int(x.ty, -1));
                let low = self.code.binary("arith.maxsi", x, minus);
                self.code.binary("arith.minsi", low, one)
            }
            (Popcnt, Num::Int { .. }) => self.code.unary("math.ctpop", x),
            (CountLeadingZeros, Num::Int { .. }) => self.code.unary("math.ctlz", x),
            _ => return Err(Fault::unsupported(format!("`{}` of integers", opcode.info().name))),
        })
    }

    fn int2(&mut self, opcode: Opcode, a: Val, b: Val) -> Result<Val, Fault> {
        use Opcode::*;
        let signed = matches!(a.ty, Num::Int { signed: true, .. });
        Ok(match (opcode, a.ty) {
            (And, _) | (Multiply, Num::Pred) => self.code.binary("arith.andi", a, b),
            (Or, _) | (Add, Num::Pred) => self.code.binary("arith.ori", a, b),
            (Xor, _) => self.code.binary("arith.xori", a, b),
            (Maximum | Minimum, _) => self.extremum(opcode, a, b),
            (Add, _) => self.code.binary("arith.addi", a, b),
            (Subtract, Num::Int { .. }) => self.code.binary("arith.subi", a, b),
            (Multiply, _) => self.code.binary("arith.muli", a, b),
            (Divide | Remainder, Num::Int { bits, .. }) => self.division(opcode, a, b, bits, signed),
            (ShiftLeft | ShiftRightLogical | ShiftRightArithmetic, Num::Int { bits, .. }) => {
                self.shift(opcode, a, b, bits)
            }
            _ => return Err(Fault::unsupported(format!("`{}` of integers", opcode.info().name))),
        })
    }

    /// Division that is defined everywhere: by zero the quotient is all ones and the remainder the
    /// dividend, and the smallest integer by -1 is itself, with no remainder.
    fn division(&mut self, opcode: Opcode, a: Val, b: Val, bits: u32, signed: bool) -> Val {
        let (zero, one, ones) = (self.code.int(a.ty, 0), self.code.int(a.ty, 1), self.code.int(a.ty, -1));
        let by_zero = self.code.compare("eq", b, zero);
        let mut divisor = self.code.select(by_zero, one, b);
        if signed {
            let least = self.code.int(a.ty, i64::MIN >> (64 - bits));
            let (is_least, by_minus) = (self.code.compare("eq", a, least), self.code.compare("eq", b, ones));
            let overflows = self.code.binary("arith.andi", is_least, by_minus);
            divisor = self.code.select(overflows, one, divisor);
        }
        let is_quotient = opcode == Opcode::Divide;
        let op = match (is_quotient, signed) {
            (true, true) => "arith.divsi",
            (true, false) => "arith.divui",
            (false, true) => "arith.remsi",
            (false, false) => "arith.remui",
        };
        let divided = self.code.binary(op, a, divisor);
        self.code.select(by_zero, if is_quotient { ones } else { a }, divided)
    }

    /// Shifts by the type's width or more leave nothing but the sign.
    fn shift(&mut self, opcode: Opcode, a: Val, b: Val, bits: u32) -> Val {
        let (zero, most) = (self.code.int(a.ty, 0), self.code.int(a.ty, i64::from(bits) - 1));
        let inside = self.code.compare("ule", b, most);
        let by = self.code.select(inside, b, most);
        match opcode {
            Opcode::ShiftRightArithmetic => self.code.binary("arith.shrsi", a, by),
            _ => {
                let op = if opcode == Opcode::ShiftLeft { "arith.shli" } else { "arith.shrui" };
                let shifted = self.code.binary(op, a, by);
                self.code.select(inside, shifted, zero)
            }
        }
    }

    fn comparison(&mut self, op: OpId, a: Val, b: Val) -> Result<Val, Fault> {
        let operation = &self.func.ops[op];
        let direction = operation.enum_attr("comparison_direction").unwrap_or("EQ");
        if operation.enum_attr("compare_type") == Some("TOTALORDER") {
            return Err(Fault::unsupported("`stablehlo.compare` in total order"));
        }
        let (a, b) =
            if a.ty.is_float() { (self.convert(a, a.ty.wide())?, self.convert(b, b.ty.wide())?) } else { (a, b) };
        let name = direction.to_lowercase();
        let predicate = match (direction, a.ty) {
            ("NE", ty) if ty.is_float() => "une".to_owned(),
            (_, ty) if ty.is_float() => format!("o{name}"),
            ("EQ" | "NE", _) => name,
            (_, Num::Int { signed: true, .. }) => format!("s{name}"),
            _ => format!("u{name}"),
        };
        Ok(self.code.compare(&predicate, a, b))
    }

    fn bitcast(&mut self, x: Val, to: Num) -> Result<Val, Fault> {
        if x.ty.mlir() == to.mlir() {
            return Ok(Val { ty: to, ..x });
        }
        if x.ty == Num::Pred || to == Num::Pred {
            return Err(Fault::unsupported("`stablehlo.bitcast_convert` of i1"));
        }
        Ok(self.code.cast("arith.bitcast", x, to))
    }

    /// The value in another number type.
    pub(super) fn convert(&mut self, x: Val, to: Num) -> Result<Val, Fault> {
        let width = |ty: Num| match ty {
            Num::Pred => 1,
            Num::Int { bits, .. } => bits,
            Num::BF16 | Num::F16 => 16,
            Num::F32 => 32,
            Num::F64 => 64,
        };
        let signed = matches!(x.ty, Num::Int { signed: true, .. });
        Ok(match (x.ty, to) {
            (from, to) if from == to => x,
            (from, Num::Pred) => {
                let x = if from.is_float() { self.convert(x, from.wide())? } else { x };
                if from.is_float() {
                    let zero = self.code.float(x.ty, 0.0);
                    self.code.compare("une", x, zero)
                } else {
                    let zero = self.code.int(x.ty, 0);
                    self.code.compare("ne", x, zero)
                }
            }
            (from, to) if from.is_float() && to.is_float() => match width(from).cmp(&width(to)) {
                std::cmp::Ordering::Less => self.code.cast("arith.extf", x, to),
                std::cmp::Ordering::Greater if (from, width(to)) == (Num::F64, 16) => {
                    let single = self.rounded_to_odd(x);
                    self.code.cast("arith.truncf", single, to)
                }
                std::cmp::Ordering::Greater => self.code.cast("arith.truncf", x, to),
                std::cmp::Ordering::Equal => {
                    let wide = self.code.cast("arith.extf", x, Num::F32);
                    self.code.cast("arith.truncf", wide, to)
                }
            },
            (from, to) if from.is_float() => {
                let x = self.convert(x, from.wide())?;
                self.code.truncated(x, to)
            }
            (_, to) if to.is_float() => {
                let op = if signed { "arith.sitofp" } else { "arith.uitofp" };
                let wide = self.code.cast(op, x, to.wide());
                self.convert(wide, to)?
            }
            (from, to) => match width(from).cmp(&width(to)) {
                std::cmp::Ordering::Less => self.code.cast(if signed { "arith.extsi" } else { "arith.extui" }, x, to),
                std::cmp::Ordering::Greater => self.code.cast("arith.trunci", x, to),
                std::cmp::Ordering::Equal => Val { ty: to, ..x },
            },
        })
    }

    /// An f64 as the f32 whose last bit says that digits were lost, so that rounding that once more rounds right: CPUs have
    /// no instruction from f64 to 16 bits.
    fn rounded_to_odd(&mut self, x: Val) -> Val {
        const LOST: i64 = (1 << 29) - 1;
        let long = Num::Int { bits: 64, signed: false };
        let bits = self.code.cast("arith.bitcast", x, long);
        let (lost, kept) = (self.code.int(long, LOST), self.code.int(long, !LOST));
        let (zero, odd) = (self.code.int(long, 0), self.code.int(long, LOST + 1));
        let (low, high) = (self.code.binary("arith.andi", bits, lost), self.code.binary("arith.andi", bits, kept));
        let is_exact = self.code.compare("eq", low, zero);
        let with_odd = self.code.binary("arith.ori", high, odd);
        let bits = self.code.select(is_exact, high, with_odd);
        let double = self.code.cast("arith.bitcast", bits, Num::F64);
        self.code.cast("arith.truncf", double, Num::F32)
    }

    /// What a region of scalars computes of these values, lane by lane.
    pub(super) fn body(&mut self, region: RegionId, arguments: &[Val]) -> Result<Vec<Val>, Fault> {
        let func = self.func;
        let mut values: std::collections::HashMap<ValueId, Val> =
            func.regions[region].args.iter().copied().zip(arguments.iter().copied()).collect();
        for &op in &func.regions[region].ops {
            let operation = &func.ops[op];
            let operands: Option<Vec<Val>> = operation.operands.iter().map(|v| values.get(v).copied()).collect();
            let operands =
                operands.ok_or_else(|| Fault::unsupported("a computation that reads what is outside of it"))?;
            match operation.opcode {
                Opcode::Return => return Ok(operands),
                Opcode::Constant => {
                    let value =
                        self.element(operation.results[0], &super::value::At::Linear(super::index::Ix::ZERO))?;
                    values.insert(operation.results[0], value);
                }
                _ => {
                    let value = self.elementwise(op, &operands)?;
                    values.insert(operation.results[0], value);
                }
            }
        }
        Err(Fault::unsupported("a computation that returns nothing"))
    }
}
