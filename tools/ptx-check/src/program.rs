//! Kernels as they are run: instructions with numbered registers.

/// The type that an instruction computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Pred,
    /// Bits without a meaning: 8, 16, 32, 64.
    Bits(u32),
    Uint(u32),
    Sint(u32),
    F16,
    Bf16,
    F32,
    F64,
    F16x2,
    Bf16x2,
    F32x2,
}

impl Ty {
    /// The type of a suffix such as `u32`.
    pub(crate) fn of(suffix: &str) -> Option<Ty> {
        Some(match suffix {
            "pred" => Ty::Pred,
            "f16" => Ty::F16,
            "bf16" => Ty::Bf16,
            "f32" => Ty::F32,
            "f64" => Ty::F64,
            "f16x2" => Ty::F16x2,
            "bf16x2" => Ty::Bf16x2,
            "f32x2" => Ty::F32x2,
            _ => {
                let (kind, bits) = suffix.split_at_checked(1)?;
                let bits = bits.parse().ok().filter(|bits| [8, 16, 32, 64].contains(bits))?;
                match kind {
                    "b" => Ty::Bits(bits),
                    "u" => Ty::Uint(bits),
                    "s" => Ty::Sint(bits),
                    _ => return None,
                }
            }
        })
    }

    /// Bits of a value.
    pub(crate) fn bits(self) -> u32 {
        match self {
            Ty::Pred => 1,
            Ty::Bits(bits) | Ty::Uint(bits) | Ty::Sint(bits) => bits,
            Ty::F16 | Ty::Bf16 => 16,
            Ty::F32 | Ty::F16x2 | Ty::Bf16x2 => 32,
            Ty::F64 | Ty::F32x2 => 64,
        }
    }

    /// Whether it is one float, or two.
    pub(crate) fn is_float(self) -> bool {
        !matches!(self, Ty::Pred | Ty::Bits(_) | Ty::Uint(_) | Ty::Sint(_))
    }

    /// The two halves of a packed type.
    pub(crate) fn half(self) -> Option<Ty> {
        match self {
            Ty::F16x2 => Some(Ty::F16),
            Ty::Bf16x2 => Some(Ty::Bf16),
            Ty::F32x2 => Some(Ty::F32),
            _ => None,
        }
    }
}

/// A register of a thread.
pub(crate) type Reg = u32;

/// What an instruction reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Reg(Reg),
    /// A predicate, negated.
    Not(Reg),
    Value(u64),
    Special(Special),
}

/// Registers that say where a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    Tid(usize),
    Ntid(usize),
    Ctaid(usize),
    Nctaid(usize),
    Laneid,
}

/// Where memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Param,
    Global,
    Shared,
    Local,
    Generic,
}

/// An address: an operand and what is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) base: Operand,
    pub(crate) offset: i64,
}

/// Functions of up to four values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fun {
    Mov,
    Add,
    Sub,
    Mul,
    MulHi,
    MulWide,
    Mad,
    MadWide,
    Fma,
    Div,
    Rem,
    Min,
    Max,
    MinNan,
    MaxNan,
    Neg,
    Abs,
    And,
    Or,
    Xor,
    Not,
    Shl,
    Shr,
    Popc,
    Clz,
    Brev,
    Bfe,
    Bfi,
    Prmt,
    ShfLeft,
    ShfRight,
    Lop3,
    Selp,
    Copysign,
    Sqrt,
    Rsqrt,
    Rcp,
    Ex2,
    Lg2,
    Tanh,
    Sin,
    Cos,
}

/// Comparisons of `setp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// Neither is NaN.
    Num,
    /// Either is NaN.
    Nan,
}

/// How a conversion rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// To nearest even, where it rounds at all.
    Nearest,
    /// To integers: nearest even, towards zero, down, up.
    IntNearest,
    IntZero,
    IntDown,
    IntUp,
}

/// Which lane `shfl` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShuffleMode {
    Bfly,
    Down,
    Up,
    Idx,
}

/// What an instruction does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    Load {
        space: Space,
        nc: bool,
        ty: Ty,
        to: Vec<Option<Reg>>,
        from: Address,
    },
    Store {
        space: Space,
        ty: Ty,
        from: Vec<Operand>,
        to: Address,
    },
    Compute {
        fun: Fun,
        ty: Ty,
        ftz: bool,
        sat: bool,
        to: Reg,
        from: Vec<Operand>,
    },
    Convert {
        to_ty: Ty,
        from_ty: Ty,
        round: Round,
        ftz: bool,
        sat: bool,
        to: Reg,
        from: Vec<Operand>,
    },
    Compare {
        cmp: Cmp,
        unordered: bool,
        ty: Ty,
        ftz: bool,
        to: (Option<Reg>, Option<Reg>),
        a: Operand,
        b: Operand,
        with: Option<(Fun, Operand)>,
    },
    Pack {
        bits: u32,
        to: Reg,
        from: Vec<Operand>,
    },
    Unpack {
        bits: u32,
        to: Vec<Option<Reg>>,
        from: Operand,
    },
    Jump {
        target: usize,
    },
    JumpTable {
        index: Operand,
        targets: Vec<usize>,
    },
    Barrier {
        id: Operand,
    },
    WarpBarrier {
        mask: Operand,
    },
    Shuffle {
        mode: ShuffleMode,
        to: Reg,
        valid: Option<Reg>,
        value: Operand,
        by: Operand,
        clamp: Operand,
        mask: Operand,
    },
    Fence,
    Exit,
    Trap,
}

/// An instruction.
#[derive(Clone, Debug)]
pub(crate) struct Instr {
    pub(crate) op: Op,
    /// It is executed when this predicate has this value.
    pub(crate) guard: Option<(Reg, bool)>,
    pub(crate) line: u32,
}

/// A parameter of a kernel.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
}

/// A kernel.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    pub(crate) params: Vec<Param>,
    pub(crate) registers: Vec<String>,
    pub(crate) code: Vec<Instr>,
    pub(crate) local_bytes: u64,
    /// Bytes of shared memory of a block.
    pub shared_bytes: u64,
    /// Threads of a block as the kernel states them, if it does.
    pub block: Option<[u32; 3]>,
    /// The instructions as written, without operands: `ld.global.nc.v4.b32`.
    pub opcodes: Vec<String>,
}

impl Entry {
    /// How many parameters the kernel takes.
    pub fn parameters(&self) -> usize {
        self.params.len()
    }
}

/// A PTX module.
#[derive(Clone, Debug)]
pub struct Module {
    /// `.version`.
    pub version: String,
    /// `.target`, such as `sm_90`.
    pub target: String,
    /// Its kernels.
    pub entries: Vec<Entry>,
    pub(crate) constants: Vec<u8>,
}

impl Module {
    /// The kernel of this name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}
