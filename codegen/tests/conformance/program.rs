//! One program: a module whose entry takes no arguments, and what it becomes.

use hire_artifact::schedule::{Schedule, Step};
use hire_artifact::{Interface, ResultRole, ResultValue};
use hire_codegen::host::{self, Cpu, Kernel};
use hire_codegen::primitive::stored_type;
use hire_compiler::ir::{FuncId, Module, Visibility};
use hire_compiler::{back, valid};
use hire_passes::{PassContext, pipeline};

use super::not_covered;

/// Everything up to the cut but the folding of constants, which would leave nothing to compute.
const PASSES: [&str; 8] =
    ["inline", "refine-shapes", "simplify", "cse", "dce", "legalize-stablehlo", "tidy", "legalize-kernels"];

/// A program.
pub(crate) struct Program {
    /// Its file and its entry.
    pub(crate) name: String,
    module: Module,
    entry: String,
    /// Whether it must contain checks.
    must_check: bool,
}

/// What a program is compiled to, but for the machine code of its kernels.
pub(crate) struct Lowered {
    pub(crate) kernels: Vec<Kernel>,
    pub(crate) schedule: Schedule,
    pub(crate) constants: Vec<u8>,
    pub(crate) interface: Interface,
}

impl Program {
    /// The program of the function `id`.
    pub(crate) fn new(name: String, module: &Module, id: FuncId) -> Self {
        Self { name, module: module.clone(), entry: module.funcs[id].name.to_string(), must_check: true }
    }

    /// A program that others compare the results of.
    pub(crate) fn without_checks(name: String, module: &Module, id: FuncId) -> Self {
        Self { must_check: false, ..Self::new(name, module, id) }
    }

    /// Lowers it as `hire compile --target cpu` does.
    pub(crate) fn lower(&self) -> Result<Lowered, String> {
        let mut module = self.module.clone();
        let passes = pipeline::by_name(PASSES).expect("the passes exist");
        let ran = pipeline::run(&mut module, &passes, &mut PassContext::new(), |_, _| {});
        ran.map_err(|error| error.to_string())?;
        module.retain_funcs(|func| func.name == self.entry || func.visibility == Visibility::Private);
        back::lower(&mut module);
        valid::verify(&module).map_err(|error| error.to_string())?;
        let entry = module.func_by_name(&self.entry).ok_or("the entry is gone")?;
        let kernels = host::kernels(&module).map_err(|error| error.to_string())?;
        let (mut schedule, constants) =
            host::schedule(&module, entry, &kernels, &Cpu::host()).map_err(|error| error.to_string())?;
        if self.must_check && checks(&schedule.steps) == 0 && !not_covered::lacks_checks(&self.name) {
            return Err("it checks nothing".to_owned());
        }
        if let Some(ulps) = not_covered::allowed_ulps(&self.name) {
            allow(&mut schedule.steps, ulps);
        }
        Ok(Lowered { kernels, schedule, constants, interface: interface(&module, entry)? })
    }
}

/// How many steps of a schedule are checks.
fn checks(steps: &[Step]) -> usize {
    let count = |step: &Step| match step {
        Step::Call(call) => usize::from(call.primitive.starts_with("expect_")),
        Step::While { condition, body, .. } => checks(condition) + checks(body),
        Step::Case { branches, .. } => branches.iter().map(|branch| checks(branch)).sum(),
        Step::Dispatch { .. } | Step::Copy { .. } => 0,
    };
    steps.iter().map(count).sum()
}

/// Lets results be further from what is expected than the checks say.
fn allow(steps: &mut [Step], ulps: u64) {
    for step in steps {
        if let Step::Call(call) = step
            && call.primitive == "expect_close"
        {
            call.attributes.insert("max_ulp_difference".to_owned(), ulps.into());
        }
    }
}

fn interface(module: &Module, entry: FuncId) -> Result<Interface, String> {
    let func = &module.funcs[entry];
    if !func.ty.inputs.is_empty() {
        return Err("it takes arguments".to_owned());
    }
    let results = func.ty.results.iter().enumerate().map(|(at, ty)| {
        let stored = stored_type(ty).ok_or_else(|| format!("a result of type {ty}"))?;
        Ok(ResultValue { name: format!("r{at}"), role: ResultRole::Output, dtype: stored.dtype, shape: stored.shape })
    });
    Ok(Interface { arguments: Vec::new(), results: results.collect::<Result<_, String>>()? })
}
