//! The stages a program passes through, and what is legal at each.
//!
//! | stage | what may be there |
//! |---|---|
//! | `Imported` | whatever the verifier accepts |
//! | `Clean` | no call of a private function that has a body, unless marked `no_inline` or with attributes of others; every private function is reached from a public one or a global |
//! | `Rewritten` | as `Clean`; the composites named `hire.*` have decompositions in the module |
//! | `Legalized(stablehlo)` | as `Clean`; no composite named `hire.*` and no operation of an unknown dialect |
//! | `Legalized(portable)` | the same, and no operation of CHLO |
//! | `Legalized(tpu)` | as `Legalized(stablehlo)` |
//! | `Legalized(kernels)` | the same, but for `chlo.top_k`, which the runtime has |
//! | `Dispatched` | a dispatch program with a plan of its memory that holds (`hire_compiler::back`) |
//!
//! [`Stage::check`] is the boundary check: a pass that promises a stage has it checked after it
//! ran.

use std::fmt;

use hire_compiler::back;
use hire_compiler::diag::{Diagnostic, Diagnostics};
use hire_compiler::ir::{Func, Module, OpId, Opcode, Visibility};
use hire_compiler::rewrite::unreachable_functions;

use crate::expansion::inlinable_callee;

/// What the legalized program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// StableHLO and CHLO, for PJRT plugins.
    StableHlo,
    /// StableHLO alone, for portable artifacts and any other consumer.
    Portable,
    /// What is cut into kernels that this project generates.
    Kernels,
    /// StableHLO and CHLO in the forms that libtpu runs best.
    Tpu,
}

impl Target {
    /// All targets.
    pub const ALL: &'static [Target] = &[Target::StableHlo, Target::Portable, Target::Kernels, Target::Tpu];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Target::StableHlo => "stablehlo",
            Target::Portable => "portable",
            Target::Kernels => "kernels",
            Target::Tpu => "tpu",
        }
    }

    /// The target whose legalization comes first, where this one's continues another's.
    pub fn starts_as(self) -> Option<Target> {
        match self {
            Target::StableHlo => None,
            Target::Portable | Target::Kernels | Target::Tpu => Some(Target::StableHlo),
        }
    }
}

/// How far a program has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// As read, verified.
    Imported,
    /// Inlined, folded and free of what cannot matter.
    Clean,
    /// Sites rewritten to `hire.*` composites.
    Rewritten,
    /// Only what the target takes.
    Legalized(Target),
    /// Cut into kernels, and their memory planned.
    Dispatched,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stage::Imported => f.write_str("imported"),
            Stage::Clean => f.write_str("clean"),
            Stage::Rewritten => f.write_str("rewritten"),
            Stage::Legalized(target) => write!(f, "legalized({})", target.name()),
            Stage::Dispatched => f.write_str("dispatched"),
        }
    }
}

impl Stage {
    /// How far along the stage is; targets share the last rank.
    pub fn rank(self) -> u8 {
        match self {
            Stage::Imported => 0,
            Stage::Clean => 1,
            Stage::Rewritten => 2,
            Stage::Legalized(_) => 3,
            Stage::Dispatched => 4,
        }
    }

    /// Refuses what the table does not allow at this stage; reports every offence.
    pub fn check(self, module: &Module) -> Result<(), Diagnostics> {
        if self == Stage::Dispatched {
            return back::check(module);
        }
        let mut found = Vec::new();
        if self.rank() >= Stage::Clean.rank() {
            for id in unreachable_functions(module) {
                let func = &module.funcs[id];
                found.push(self.offence(func, None, format!("@{} is private and never used", func.name)));
            }
            each_op(module, |func, op| found.extend(self.clean_op(module, func, op)));
        }
        if let Stage::Legalized(target) = self {
            each_op(module, |func, op| found.extend(self.legal_op(target, func, op)));
        }
        if found.is_empty() { Ok(()) } else { Err(Diagnostics(found)) }
    }

    /// What `Clean` forbids of an operation.
    fn clean_op(self, module: &Module, func: &Func, op: OpId) -> Option<Diagnostic> {
        let operation = &func.ops[op];
        let callee = inlinable_callee(operation)?;
        let callee = &module.funcs[module.func_by_name(callee)?];
        (callee.visibility != Visibility::Public && callee.body.is_some())
            .then(|| self.offence(func, Some(op), format!("the call of private @{} is not inlined", callee.name)))
    }

    /// What legalization forbids of an operation.
    fn legal_op(self, target: Target, func: &Func, op: OpId) -> Option<Diagnostic> {
        let operation = &func.ops[op];
        match operation.opcode {
            Opcode::Foreign => {
                Some(self.offence(func, Some(op), format!("`{}` is of an unknown dialect", operation.name())))
            }
            Opcode::Composite => {
                let name = operation.str_attr("name").filter(|name| name.starts_with("hire."))?;
                Some(self.offence(func, Some(op), format!("the composite `{name}` is not expanded")))
            }
            Opcode::TopK if target == Target::Kernels => None,
            opcode if !matches!(target, Target::StableHlo | Target::Tpu) && opcode.info().dialect() == "chlo" => {
                Some(self.offence(func, Some(op), format!("`{}` is not expanded", operation.name())))
            }
            _ => None,
        }
    }

    fn offence(self, func: &Func, op: Option<OpId>, what: String) -> Diagnostic {
        let span = op.map_or(func.span, |op| func.ops[op].span);
        Diagnostic::error(span, format!("{what}, which the stage `{self}` forbids")).at(format!("in @{}", func.name))
    }
}

fn each_op(module: &Module, mut visit: impl FnMut(&Func, OpId)) {
    for id in module.func_ids() {
        let func = &module.funcs[id];
        func.walk(|_, op| visit(func, op));
    }
}
