//! Statements to instructions.

use std::collections::HashMap;

use crate::modifiers::Modifiers;
use crate::program::{Address, Cmp, Fun, Instr, Op, Operand, Reg, Round, ShuffleMode, Space, Special, Ty};

/// An operand as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    Name(String),
    Not(String),
    Number(u64),
    Group(Vec<Raw>),
    Memory(Box<Raw>, i64),
}

/// What names mean in a kernel.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) registers: HashMap<String, Reg>,
    pub(crate) symbols: HashMap<String, u64>,
    pub(crate) labels: HashMap<String, usize>,
    pub(crate) tables: HashMap<String, Vec<String>>,
}

impl Names {
    fn operand(&self, raw: &Raw) -> Result<Operand, String> {
        match raw {
            Raw::Number(number) => Ok(Operand::Value(*number)),
            Raw::Not(name) => Ok(Operand::Not(self.register(name)?)),
            Raw::Name(name) => match (self.registers.get(name), self.symbols.get(name)) {
                (Some(&reg), _) => Ok(Operand::Reg(reg)),
                (_, Some(&address)) => Ok(Operand::Value(address)),
                _ => special(name).ok_or_else(|| format!("`{name}` is not declared")),
            },
            Raw::Group(_) | Raw::Memory(..) => Err("an operand is no single value".to_owned()),
        }
    }

    fn register(&self, name: &str) -> Result<Reg, String> {
        self.registers.get(name).copied().ok_or_else(|| format!("`{name}` is no register"))
    }

    fn to(&self, raw: &Raw) -> Result<Reg, String> {
        match raw {
            Raw::Name(name) => self.register(name),
            _ => Err("the result is no register".to_owned()),
        }
    }

    /// A register, or `_`.
    fn maybe(&self, raw: &Raw) -> Result<Option<Reg>, String> {
        if *raw == Raw::Name("_".to_owned()) { Ok(None) } else { self.to(raw).map(Some) }
    }

    fn several(&self, raw: &Raw) -> Result<Vec<Option<Reg>>, String> {
        match raw {
            Raw::Group(parts) => parts.iter().map(|part| self.maybe(part)).collect(),
            one => Ok(vec![self.maybe(one)?]),
        }
    }

    fn group(&self, raw: &Raw) -> Result<Vec<Operand>, String> {
        match raw {
            Raw::Group(parts) => parts.iter().map(|part| self.operand(part)).collect(),
            one => Ok(vec![self.operand(one)?]),
        }
    }

    fn address(&self, raw: &Raw) -> Result<Address, String> {
        match raw {
            Raw::Memory(base, offset) => Ok(Address { base: self.operand(base)?, offset: *offset }),
            _ => Err("an address is missing".to_owned()),
        }
    }

    fn label(&self, raw: &Raw) -> Result<usize, String> {
        let Raw::Name(name) = raw else { return Err("a label is missing".to_owned()) };
        self.labels.get(name).copied().ok_or_else(|| format!("there is no label `{name}`"))
    }
}

fn special(name: &str) -> Option<Operand> {
    let special = match name.strip_prefix('%')? {
        "laneid" => Special::Laneid,
        other => {
            let (register, axis) = other.split_once('.')?;
            let axis = ["x", "y", "z"].iter().position(|&a| a == axis)?;
            match register {
                "tid" => Special::Tid(axis),
                "ntid" => Special::Ntid(axis),
                "ctaid" => Special::Ctaid(axis),
                "nctaid" => Special::Nctaid(axis),
                _ => return None,
            }
        }
    };
    Some(Operand::Special(special))
}

/// Decodes one statement.
pub(crate) fn instruction(
    names: &Names,
    opcode: &str,
    guard: Option<(String, bool)>,
    operands: &[Raw],
    line: u32,
) -> Result<Instr, String> {
    let guard = guard.map(|(name, value)| names.register(&name).map(|reg| (reg, value))).transpose()?;
    let (first, mut modifiers) = Modifiers::split(opcode);
    let op = operation(names, first, &mut modifiers, operands)?;
    modifiers.done()?;
    Ok(Instr { op, guard, line })
}

fn operation(names: &Names, first: &str, m: &mut Modifiers<'_>, operands: &[Raw]) -> Result<Op, String> {
    match (first, operands) {
        ("ld", [to, from]) => {
            let space = space(m);
            let (nc, ty) = memory_modifiers(m, names.several(to)?.len())?;
            Ok(Op::Load { space, nc, ty, to: names.several(to)?, from: names.address(from)? })
        }
        ("st", [to, from]) => {
            let space = space(m);
            let (_, ty) = memory_modifiers(m, names.group(from)?.len())?;
            Ok(Op::Store { space, ty, from: names.group(from)?, to: names.address(to)? })
        }
        ("mov", [to, from]) => mov(names, m.ty()?, to, from),
        ("cvta", [to, from]) => {
            m.take("to");
            space(m);
            compute(names, Fun::Mov, m.ty()?, to, std::slice::from_ref(from))
        }
        ("cvt", [to, from @ ..]) => convert(names, m, to, from),
        ("setp", [to, a, b, with @ ..]) => comparison(names, m, to, (a, b), with),
        ("bra", [target]) => {
            m.take("uni");
            Ok(Op::Jump { target: names.label(target)? })
        }
        ("brx", [index, Raw::Name(table)]) => {
            m.take("idx");
            m.take("uni");
            let targets = names.tables.get(table).ok_or_else(|| format!("there is no table `{table}`"))?;
            let targets = targets.iter().map(|t| names.label(&Raw::Name(t.clone()))).collect::<Result<_, _>>()?;
            Ok(Op::JumpTable { index: names.operand(index)?, targets })
        }
        ("ret" | "exit", []) => Ok(Op::Exit),
        ("trap", []) => Ok(Op::Trap),
        ("membar" | "fence", []) => {
            for scope in ["gl", "cta", "sys", "gpu", "sc", "acq_rel"] {
                m.take(scope);
            }
            Ok(Op::Fence)
        }
        ("bar" | "barrier", [at]) => barrier(names, m, at),
        ("shfl", [to, value, by, clamp, mask]) => shuffle(names, m, to, [value, by, clamp, mask]),
        (_, [to, from @ ..]) => arithmetic(names, first, m, to, from),
        _ => Err("the instruction is unknown".to_owned()),
    }
}

fn space(m: &mut Modifiers<'_>) -> Space {
    let spaces = [
        ("param", Space::Param),
        ("global", Space::Global),
        ("const", Space::Global),
        ("shared", Space::Shared),
        ("local", Space::Local),
    ];
    m.one_of(&spaces).unwrap_or(Space::Generic)
}

/// Whether a load is non-coherent, and the type of one element.
fn memory_modifiers(m: &mut Modifiers<'_>, count: usize) -> Result<(bool, Ty), String> {
    let nc = m.take("nc");
    m.take("cta");
    let width = m.one_of(&[("v2", 2), ("v4", 4), ("v8", 8)]).unwrap_or(1);
    if width != count {
        return Err(format!("{count} registers for {width} elements"));
    }
    Ok((nc, m.ty()?))
}

fn mov(names: &Names, ty: Ty, to: &Raw, from: &Raw) -> Result<Op, String> {
    let part = |count: usize| ty.bits().checked_div(count as u32).filter(|&bits| bits >= 8);
    let part = |count| part(count).ok_or_else(|| "the parts are too small".to_owned());
    match (to, from) {
        (_, Raw::Group(parts)) => {
            Ok(Op::Pack { bits: part(parts.len())?, to: names.to(to)?, from: names.group(from)? })
        }
        (Raw::Group(parts), _) => {
            Ok(Op::Unpack { bits: part(parts.len())?, to: names.several(to)?, from: names.operand(from)? })
        }
        _ => compute(names, Fun::Mov, ty, to, std::slice::from_ref(from)),
    }
}

fn compute(names: &Names, fun: Fun, ty: Ty, to: &Raw, from: &[Raw]) -> Result<Op, String> {
    let from = from.iter().map(|raw| names.operand(raw)).collect::<Result<_, _>>()?;
    Ok(Op::Compute { fun, ty, ftz: false, sat: false, to: names.to(to)?, from })
}

fn convert(names: &Names, m: &mut Modifiers<'_>, to: &Raw, from: &[Raw]) -> Result<Op, String> {
    let &[to_ty, from_ty] = m.types() else { return Err("a conversion has two types".to_owned()) };
    let packs = to_ty.half().is_some();
    if from.len() != if packs { 2 } else { 1 } {
        return Err("a conversion has another number of operands".to_owned());
    }
    let rounds = [
        ("rn", Round::Nearest),
        ("rni", Round::IntNearest),
        ("rzi", Round::IntZero),
        ("rmi", Round::IntDown),
        ("rpi", Round::IntUp),
    ];
    let round = m.one_of(&rounds).unwrap_or(Round::Nearest);
    let (ftz, sat) = (m.take("ftz"), m.take("sat"));
    let from = from.iter().map(|raw| names.operand(raw)).collect::<Result<_, _>>()?;
    Ok(Op::Convert { to_ty, from_ty, round, ftz, sat, to: names.to(to)?, from })
}

fn comparison(
    names: &Names,
    m: &mut Modifiers<'_>,
    to: &Raw,
    (a, b): (&Raw, &Raw),
    with: &[Raw],
) -> Result<Op, String> {
    use Cmp::*;
    let ordered = [
        ("eq", Eq),
        ("ne", Ne),
        ("lt", Lt),
        ("le", Le),
        ("gt", Gt),
        ("ge", Ge),
        ("num", Num),
        ("nan", Nan),
        ("lo", Lt),
        ("ls", Le),
        ("hi", Gt),
        ("hs", Ge),
    ];
    let unordered = [("equ", Eq), ("neu", Ne), ("ltu", Lt), ("leu", Le), ("gtu", Gt), ("geu", Ge)];
    let (cmp, unordered) = match m.one_of(&ordered) {
        Some(cmp) => (cmp, false),
        None => (m.one_of(&unordered).ok_or("the comparison is unknown")?, true),
    };
    let combine = m.one_of(&[("and", Fun::And), ("or", Fun::Or), ("xor", Fun::Xor)]);
    let with = match (combine, with) {
        (None, []) => None,
        (Some(fun), [with]) => Some((fun, names.operand(with)?)),
        _ => return Err("a comparison has another number of operands".to_owned()),
    };
    let to = match names.several(to)?[..] {
        [one] => (one, None),
        [one, two] => (one, two),
        _ => return Err("a comparison has too many results".to_owned()),
    };
    let ftz = m.take("ftz");
    Ok(Op::Compare { cmp, unordered, ty: m.ty()?, ftz, to, a: names.operand(a)?, b: names.operand(b)?, with })
}

fn barrier(names: &Names, m: &mut Modifiers<'_>, at: &Raw) -> Result<Op, String> {
    m.take("cta");
    if m.take("warp") {
        m.take("sync");
        return Ok(Op::WarpBarrier { mask: names.operand(at)? });
    }
    m.take("aligned");
    if !m.take("sync") {
        return Err("only barriers at which threads wait are known".to_owned());
    }
    Ok(Op::Barrier { id: names.operand(at)? })
}

fn shuffle(names: &Names, m: &mut Modifiers<'_>, to: &Raw, from: [&Raw; 4]) -> Result<Op, String> {
    use ShuffleMode::*;
    let mode = m.one_of(&[("bfly", Bfly), ("down", Down), ("up", Up), ("idx", Idx)]).ok_or("the mode is unknown")?;
    if !m.take("sync") || m.ty()? != Ty::Bits(32) {
        return Err("only `shfl.sync` of b32 is known".to_owned());
    }
    let (to, valid) = match names.several(to)?[..] {
        [Some(to)] => (to, None),
        [Some(to), valid] => (to, valid),
        _ => return Err("the result is no register".to_owned()),
    };
    let [value, by, clamp, mask] = from.map(|raw| names.operand(raw));
    Ok(Op::Shuffle { mode, to, valid, value: value?, by: by?, clamp: clamp?, mask: mask? })
}

/// Functions by name, with how many operands they take.
fn function(first: &str, m: &mut Modifiers<'_>, is_float: bool) -> Option<(Fun, usize)> {
    let wide = m.take("wide");
    let (high, _) = (m.take("hi"), m.take("lo"));
    let (left, right) = (m.take("l"), m.take("r"));
    Some(match (first, is_float) {
        ("add", _) => (Fun::Add, 2),
        ("sub", _) => (Fun::Sub, 2),
        ("mul", _) if wide => (Fun::MulWide, 2),
        ("mul", _) if high => (Fun::MulHi, 2),
        ("mul", _) => (Fun::Mul, 2),
        ("mad", false) if wide => (Fun::MadWide, 3),
        ("mad", false) if !high => (Fun::Mad, 3),
        ("fma", true) => (Fun::Fma, 3),
        ("div", _) => (Fun::Div, 2),
        ("rem", false) => (Fun::Rem, 2),
        ("min", _) => (if m.take("NaN") { Fun::MinNan } else { Fun::Min }, 2),
        ("max", _) => (if m.take("NaN") { Fun::MaxNan } else { Fun::Max }, 2),
        ("neg", _) => (Fun::Neg, 1),
        ("abs", _) => (Fun::Abs, 1),
        ("copysign", true) => (Fun::Copysign, 2),
        ("sqrt", true) => (Fun::Sqrt, 1),
        ("rsqrt", true) => (Fun::Rsqrt, 1),
        ("rcp", true) => (Fun::Rcp, 1),
        ("ex2", true) => (Fun::Ex2, 1),
        ("lg2", true) => (Fun::Lg2, 1),
        ("tanh", true) => (Fun::Tanh, 1),
        ("sin", true) => (Fun::Sin, 1),
        ("cos", true) => (Fun::Cos, 1),
        ("selp", _) => (Fun::Selp, 3),
        ("and", false) => (Fun::And, 2),
        ("or", false) => (Fun::Or, 2),
        ("xor", false) => (Fun::Xor, 2),
        ("not", false) => (Fun::Not, 1),
        ("shl", false) => (Fun::Shl, 2),
        ("shr", false) => (Fun::Shr, 2),
        ("popc", false) => (Fun::Popc, 1),
        ("clz", false) => (Fun::Clz, 1),
        ("brev", false) => (Fun::Brev, 1),
        ("bfe", false) => (Fun::Bfe, 3),
        ("bfi", false) => (Fun::Bfi, 4),
        ("prmt", false) => (Fun::Prmt, 3),
        ("lop3", false) => (Fun::Lop3, 4),
        ("shf", false) if m.take("wrap") && left != right => (if left { Fun::ShfLeft } else { Fun::ShfRight }, 3),
        _ => return None,
    })
}

fn arithmetic(names: &Names, first: &str, m: &mut Modifiers<'_>, to: &Raw, from: &[Raw]) -> Result<Op, String> {
    let ty = m.ty()?;
    let (fun, count) = function(first, m, ty.is_float()).ok_or("the instruction is unknown")?;
    if from.len() != count {
        return Err(format!("{} operands in place of {count}", from.len()));
    }
    for spelled in ["rn", "approx", "full"] {
        m.take(spelled);
    }
    let (ftz, sat) = (m.take("ftz"), m.take("sat"));
    let from = from.iter().map(|raw| names.operand(raw)).collect::<Result<_, _>>()?;
    Ok(Op::Compute { fun, ty, ftz, sat, to: names.to(to)?, from })
}
